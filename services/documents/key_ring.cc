// SPDX-License-Identifier: Apache-2.0
#include "documents/key_ring.h"

#include <fmt/format.h>

#include "platform/config/config.h"
#include "platform/crypto/aead.h"
#include "platform/crypto/crypto.h"

namespace zonelink::documents {
namespace {

constexpr size_t kIdLength = 16;

int HexDigit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  return -1;
}

Result<std::string> ReadKey(const std::string& path) {
  const Result<std::string> text = config::ReadSecret(path);
  if (!text) return text.error();
  std::string key;
  for (size_t i = 0; i + 1 < text->size(); i += 2) {
    const int high = HexDigit((*text)[i]);
    const int low = HexDigit((*text)[i + 1]);
    if (high < 0 || low < 0) break;
    key += static_cast<char>(high * 16 + low);
  }
  if (key.size() == crypto::kAesKeyBytes && text->size() == 2 * key.size()) return key;
  return InvalidArgument("CONFIG_INVALID",
                         fmt::format("{} must hold 64 hexadecimal digits in lower case", path));
}

// Names a key without telling anything of it.
std::string IdOf(const std::string& key) {
  return crypto::HexEncode(crypto::DeriveKey(key, "id of a documents key", kIdLength / 2));
}

}  // namespace

Result<KeyRing> KeyRing::Read(const config::v1::Documents& config) {
  if (config.key_file().empty())
    return InvalidArgument("CONFIG_INVALID", "documents.key_file is missing");
  KeyRing ring;
  const Result<std::string> current = ReadKey(config.key_file());
  if (!current) return current.error();
  ring.current_id_ = IdOf(*current);
  ring.keys_[ring.current_id_] = *current;
  for (const auto& [name, path] : config.previous_key_files()) {
    const Result<std::string> previous = ReadKey(path);
    if (!previous) return previous.error();
    ring.keys_[IdOf(*previous)] = *previous;
  }
  return ring;
}

WrappedKey KeyRing::Wrap(std::string_view data_key) const {
  return {.key_id = current_id_, .bytes = crypto::AesKeyWrap(keys_.at(current_id_), data_key)};
}

Result<std::string> KeyRing::Unwrap(const WrappedKey& wrapped) const {
  const auto key = keys_.find(wrapped.key_id);
  if (key == keys_.end()) {
    return Unavailable("KEY_MISSING",
                       fmt::format("no configured documents key has the id {}", wrapped.key_id));
  }
  auto data_key = crypto::AesKeyUnwrap(key->second, wrapped.bytes);
  if (!data_key || data_key->size() != crypto::kAesKeyBytes)
    return FailedPrecondition("DOCUMENT_DAMAGED", "the document's key is not what was wrapped");
  return *std::move(data_key);
}

}  // namespace zonelink::documents
