// SPDX-License-Identifier: Apache-2.0
#include <argon2.h>

#include <condition_variable>
#include <mutex>
#include <new>

#include "platform/core/check.h"
#include "platform/crypto/crypto.h"

namespace zonelink::crypto {
namespace {

constexpr uint32_t kMemoryKib = 19 * 1024;
constexpr uint32_t kPasses = 2;
constexpr uint32_t kLanes = 1;
constexpr uint32_t kSaltBytes = 16;
constexpr uint32_t kHashBytes = 32;

}  // namespace

// Counts free slots: each hash takes 19 MiB and a core.
struct PasswordHasher::Gate {
  std::mutex mutex;
  std::condition_variable freed;
  unsigned free = 0;

  class Pass {
   public:
    explicit Pass(Gate& gate) : gate_(gate) {
      std::unique_lock lock(gate_.mutex);
      gate_.freed.wait(lock, [&] { return gate_.free > 0; });
      --gate_.free;
    }
    ~Pass() {
      {
        const std::lock_guard lock(gate_.mutex);
        ++gate_.free;
      }
      gate_.freed.notify_one();
    }
    Pass(const Pass&) = delete;
    Pass& operator=(const Pass&) = delete;

   private:
    Gate& gate_;
  };
};

PasswordHasher::PasswordHasher(unsigned slots) : gate_(std::make_unique<Gate>()) {
  ZL_CHECK(slots >= 1, "a password hasher needs a slot");
  gate_->free = slots;
  dummy_ = Hash(RandomBytes(32));
}

PasswordHasher::~PasswordHasher() = default;

std::string PasswordHasher::Hash(std::string_view password) {
  const std::string salt = RandomBytes(kSaltBytes);
  std::string phc(argon2_encodedlen(kPasses, kMemoryKib, kLanes, kSaltBytes, kHashBytes, Argon2_id),
                  '\0');
  const Gate::Pass pass(*gate_);
  const int code =
      argon2id_hash_encoded(kPasses, kMemoryKib, kLanes, password.data(), password.size(),
                            salt.data(), salt.size(), kHashBytes, phc.data(), phc.size());
  if (code == ARGON2_MEMORY_ALLOCATION_ERROR) throw std::bad_alloc();
  ZL_CHECK(code == ARGON2_OK, argon2_error_message(code));
  phc.resize(phc.find('\0'));
  return phc;
}

bool PasswordHasher::Matches(std::string_view password, const std::string& phc) {
  const Gate::Pass pass(*gate_);
  const int code = argon2id_verify(phc.c_str(), password.data(), password.size());
  if (code == ARGON2_MEMORY_ALLOCATION_ERROR) throw std::bad_alloc();
  return code == ARGON2_OK;
}

bool PasswordHasher::MatchesNothing(std::string_view password) {
  // Not simply false afterwards: the compiler may not drop the work.
  return Matches(password, dummy_) && false;
}

}  // namespace zonelink::crypto
