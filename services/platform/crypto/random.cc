// SPDX-License-Identifier: Apache-2.0
#include <openssl/crypto.h>
#include <openssl/rand.h>

#include <algorithm>
#include <array>

#include "platform/core/check.h"
#include "platform/crypto/crypto.h"

namespace zonelink::crypto {

namespace {

void Fill(char* bytes, size_t count) {
  const int ok = RAND_bytes(reinterpret_cast<unsigned char*>(bytes), static_cast<int>(count));
  ZL_CHECK(ok == 1, "no random bytes");
}

// One thread's stock for ids and salts: a call of OpenSSL costs as much for 16 bytes as for 512.
// What is handed out is wiped here. zonelinkd never forks without exec: no two processes share it.
class Stock {
 public:
  static constexpr size_t kMostAtOnce = 32;

  void Take(char* bytes, size_t count) {
    if (count > bytes_.size() - used_) {
      Fill(bytes_.data(), bytes_.size());
      used_ = 0;
    }
    std::copy_n(bytes_.data() + used_, count, bytes);
    OPENSSL_cleanse(bytes_.data() + used_, count);
    used_ += count;
  }

 private:
  std::array<char, 512> bytes_;
  size_t used_ = bytes_.size();
};

}  // namespace

std::string RandomBytes(size_t count) {
  thread_local Stock stock;
  std::string bytes(count, '\0');
  if (count <= Stock::kMostAtOnce) {
    stock.Take(bytes.data(), count);
  } else {
    Fill(bytes.data(), count);
  }
  return bytes;
}

std::string NewUuid(Time now) {
  const auto millis = static_cast<uint64_t>(
      std::chrono::floor<std::chrono::milliseconds>(now.time_since_epoch()).count());
  std::string bytes = RandomBytes(16);
  for (size_t i = 0; i < 6; ++i) bytes[i] = static_cast<char>(millis >> (40 - 8 * i) & 255);
  bytes[6] = static_cast<char>((bytes[6] & 0x0f) | 0x70);
  bytes[8] = static_cast<char>((bytes[8] & 0x3f) | 0x80);
  std::string text = HexEncode(bytes);
  for (const size_t dash : {8, 13, 18, 23}) text.insert(dash, 1, '-');
  return text;
}

std::string RandomBase32(size_t length) {
  constexpr std::string_view kCrockford = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
  std::string text = RandomBytes(length);
  for (char& c : text) c = kCrockford[static_cast<uint8_t>(c) & 31];
  return text;
}

}  // namespace zonelink::crypto
