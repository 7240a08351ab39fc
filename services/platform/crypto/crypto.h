// SPDX-License-Identifier: Apache-2.0
// The few primitives Zonelink needs, on OpenSSL and libargon2. Nothing here logs or keeps secrets
// longer than the object that holds them.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "platform/core/result.h"
#include "platform/core/time.h"

namespace zonelink::crypto {

std::string Sha256(std::string_view bytes);  // 32 raw bytes
// Of the concatenation, without allocating memory: for trees of hashes.
std::array<char, 32> Sha256Of(std::string_view a, std::string_view b = {}, std::string_view c = {});
// Of bytes that come in pieces.
class Sha256Stream {
 public:
  Sha256Stream();
  void Add(std::string_view bytes);
  std::string Finish();  // 32 raw bytes; once

 private:
  struct Deleter {
    void operator()(void* context) const;
  };
  std::unique_ptr<void, Deleter> context_;
};
std::string HmacSha256(std::string_view key, std::string_view bytes);
// HKDF-SHA256 with an empty salt; `purpose` separates uses of one secret.
std::string DeriveKey(std::string_view secret, std::string_view purpose, size_t bytes = 32);
bool ConstantTimeEqual(std::string_view a, std::string_view b);

std::string RandomBytes(size_t count);
// UUID version 7 (RFC 9562): ordered by `now`, 74 random bits.
std::string NewUuid(Time now);
// `length` characters of Crockford's base32 alphabet, 5 random bits each.
std::string RandomBase32(size_t length);

std::string HexEncode(std::string_view bytes);
std::string Base64UrlEncode(std::string_view bytes);  // without padding
std::optional<std::string> Base64UrlDecode(std::string_view text);
std::string Base64Encode(std::string_view bytes);  // RFC 4648 section 4, padded
// Nothing unless `text` is exactly what Base64Encode makes of the result.
std::optional<std::string> Base64Decode(std::string_view text);

// An Ed25519 key pair or public key (RFC 8032).
class Ed25519Key {
 public:
  static Result<Ed25519Key> FromPemFile(const std::string& path);  // private key, PKCS#8
  static Ed25519Key FromSeed(std::string_view seed32);
  static Result<Ed25519Key> FromPublic(std::string_view raw32);

  std::string Sign(std::string_view message) const;  // 64 bytes; needs the private part
  bool Verify(std::string_view message, std::string_view signature) const;
  std::string PublicRaw() const;  // 32 bytes
  std::string KeyId() const;      // first 16 characters of base64url(SHA-256(public))

 private:
  struct Deleter {
    void operator()(void* key) const;
  };
  explicit Ed25519Key(void* key) : key_(key) {}
  std::unique_ptr<void, Deleter> key_;
};

// Argon2id, 19 MiB, 2 passes, 1 lane (OWASP's minimum); PHC string with its own salt. At most
// `slots` hashes are computed at the same time; further callers wait their turn.
class PasswordHasher {
 public:
  explicit PasswordHasher(unsigned slots);
  ~PasswordHasher();
  std::string Hash(std::string_view password);
  bool Matches(std::string_view password, const std::string& phc);
  // Costs as much as Matches and is false: an unknown name must not answer faster.
  bool MatchesNothing(std::string_view password);

 private:
  struct Gate;
  std::unique_ptr<Gate> gate_;
  std::string dummy_;
};

// Signed opaque text, for page tokens: base64url(payload ‖ HMAC). Open returns nothing when forged.
std::string Seal(std::string_view key, std::string_view payload);
std::optional<std::string> Open(std::string_view key, std::string_view sealed);

}  // namespace zonelink::crypto
