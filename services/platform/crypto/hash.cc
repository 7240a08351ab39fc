// SPDX-License-Identifier: Apache-2.0
#include <openssl/core_names.h>
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/kdf.h>
#include <openssl/params.h>

#include <memory>

#include "platform/core/check.h"
#include "platform/crypto/crypto.h"

namespace zonelink::crypto {
namespace {

constexpr size_t kSha256Bytes = 32;

uint8_t* Writable(std::string& bytes) { return reinterpret_cast<uint8_t*>(bytes.data()); }

const uint8_t* Readable(std::string_view bytes) {
  return reinterpret_cast<const uint8_t*>(bytes.data());
}

struct KdfDeleter {
  void operator()(EVP_KDF* kdf) const { EVP_KDF_free(kdf); }
  void operator()(EVP_KDF_CTX* context) const { EVP_KDF_CTX_free(context); }
};

struct DigestDeleter {
  void operator()(EVP_MD* digest) const { EVP_MD_free(digest); }
  void operator()(EVP_MD_CTX* context) const { EVP_MD_CTX_free(context); }
};

// One thread's SHA-256: looking the algorithm up costs more than hashing two nodes of a tree.
struct ThreadSha256 {
  std::unique_ptr<EVP_MD, DigestDeleter> digest{EVP_MD_fetch(nullptr, "SHA256", nullptr)};
  std::unique_ptr<EVP_MD_CTX, DigestDeleter> context{EVP_MD_CTX_new()};
};

}  // namespace

std::array<char, 32> Sha256Of(std::string_view a, std::string_view b, std::string_view c) {
  thread_local const ThreadSha256 sha256;
  EVP_MD_CTX* context = sha256.context.get();
  std::array<char, 32> digest;
  const bool ok =
      EVP_DigestInit_ex(context, sha256.digest.get(), nullptr) == 1 &&
      EVP_DigestUpdate(context, a.data(), a.size()) == 1 &&
      EVP_DigestUpdate(context, b.data(), b.size()) == 1 &&
      EVP_DigestUpdate(context, c.data(), c.size()) == 1 &&
      EVP_DigestFinal_ex(context, reinterpret_cast<uint8_t*>(digest.data()), nullptr) == 1;
  ZL_CHECK(ok, "SHA-256 failed");
  return digest;
}

std::string Sha256(std::string_view bytes) {
  const std::array<char, kSha256Bytes> digest = Sha256Of(bytes);
  return {digest.data(), digest.size()};
}

void Sha256Stream::Deleter::operator()(void* context) const {
  EVP_MD_CTX_free(static_cast<EVP_MD_CTX*>(context));
}

Sha256Stream::Sha256Stream() : context_(EVP_MD_CTX_new()) {
  ZL_CHECK(EVP_DigestInit_ex(static_cast<EVP_MD_CTX*>(context_.get()), EVP_sha256(), nullptr) == 1,
           "SHA-256 failed");
}

void Sha256Stream::Add(std::string_view bytes) {
  ZL_CHECK(
      EVP_DigestUpdate(static_cast<EVP_MD_CTX*>(context_.get()), bytes.data(), bytes.size()) == 1,
      "SHA-256 failed");
}

std::string Sha256Stream::Finish() {
  std::string digest(kSha256Bytes, '\0');
  ZL_CHECK(
      EVP_DigestFinal_ex(static_cast<EVP_MD_CTX*>(context_.get()), Writable(digest), nullptr) == 1,
      "SHA-256 failed");
  return digest;
}

std::string HmacSha256(std::string_view key, std::string_view bytes) {
  std::string mac(kSha256Bytes, '\0');
  unsigned size = 0;
  // OpenSSL takes a null key for "the key of before", which an empty string_view may be.
  const char* key_bytes = key.empty() ? "" : key.data();
  const auto* done = HMAC(EVP_sha256(), key_bytes, static_cast<int>(key.size()), Readable(bytes),
                          bytes.size(), Writable(mac), &size);
  ZL_CHECK(done != nullptr && size == kSha256Bytes, "HMAC failed");
  return mac;
}

std::string DeriveKey(std::string_view secret, std::string_view purpose, size_t bytes) {
  ZL_CHECK(!secret.empty(), "a key needs a secret");
  ZL_CHECK(bytes >= 1 && bytes <= 255 * kSha256Bytes, "HKDF gives 1 to 8160 bytes");
  const std::unique_ptr<EVP_KDF, KdfDeleter> kdf(EVP_KDF_fetch(nullptr, "HKDF", nullptr));
  const std::unique_ptr<EVP_KDF_CTX, KdfDeleter> context(EVP_KDF_CTX_new(kdf.get()));
  char digest[] = "SHA256";
  // The parameters are only read; OpenSSL's constructors lack the const.
  const OSSL_PARAM params[] = {
      OSSL_PARAM_construct_utf8_string(OSSL_KDF_PARAM_DIGEST, digest, 0),
      OSSL_PARAM_construct_octet_string(OSSL_KDF_PARAM_KEY, const_cast<char*>(secret.data()),
                                        secret.size()),
      OSSL_PARAM_construct_octet_string(OSSL_KDF_PARAM_INFO, const_cast<char*>(purpose.data()),
                                        purpose.size()),
      OSSL_PARAM_construct_end()};
  std::string key(bytes, '\0');
  const int ok = EVP_KDF_derive(context.get(), Writable(key), key.size(), params);
  ZL_CHECK(ok == 1, "HKDF failed");
  return key;
}

bool ConstantTimeEqual(std::string_view a, std::string_view b) {
  return a.size() == b.size() && CRYPTO_memcmp(a.data(), b.data(), a.size()) == 0;
}

std::string Seal(std::string_view key, std::string_view payload) {
  std::string bytes(payload);
  bytes += HmacSha256(key, payload);
  return Base64UrlEncode(bytes);
}

std::optional<std::string> Open(std::string_view key, std::string_view sealed) {
  auto bytes = Base64UrlDecode(sealed);
  if (!bytes || bytes->size() < kSha256Bytes) return std::nullopt;
  const std::string mac = bytes->substr(bytes->size() - kSha256Bytes);
  bytes->resize(bytes->size() - kSha256Bytes);
  if (!ConstantTimeEqual(mac, HmacSha256(key, *bytes))) return std::nullopt;
  return bytes;
}

}  // namespace zonelink::crypto
