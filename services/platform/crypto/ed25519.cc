// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>
#include <openssl/evp.h>
#include <openssl/pem.h>

#include "platform/core/check.h"
#include "platform/core/private_file.h"
#include "platform/crypto/crypto.h"

namespace zonelink::crypto {
namespace {

constexpr size_t kKeyBytes = 32;
constexpr size_t kSignatureBytes = 64;

struct OpenSslDeleter {
  void operator()(BIO* bio) const { BIO_free(bio); }
  void operator()(EVP_MD_CTX* context) const { EVP_MD_CTX_free(context); }
};
using Context = std::unique_ptr<EVP_MD_CTX, OpenSslDeleter>;

EVP_PKEY* Native(void* key) { return static_cast<EVP_PKEY*>(key); }

const uint8_t* Readable(std::string_view bytes) {
  return reinterpret_cast<const uint8_t*>(bytes.data());
}

// Instead of OpenSSL's own, which asks at the terminal.
int NoPassword(char*, int, int, void*) { return -1; }

}  // namespace

void Ed25519Key::Deleter::operator()(void* key) const { EVP_PKEY_free(Native(key)); }

Result<Ed25519Key> Ed25519Key::FromPemFile(const std::string& path) {
  auto pem = ReadPrivateFile(path);
  if (!pem) return std::move(pem).error();
  const std::unique_ptr<BIO, OpenSslDeleter> bio(
      BIO_new_mem_buf(pem->data(), static_cast<int>(pem->size())));
  Ed25519Key key(PEM_read_bio_PrivateKey(bio.get(), nullptr, NoPassword, nullptr));
  OPENSSL_cleanse(pem->data(), pem->size());
  if (!key.key_ || EVP_PKEY_get_base_id(Native(key.key_.get())) != EVP_PKEY_ED25519) {
    return FailedPrecondition("SECRET_UNREADABLE",
                              fmt::format("{}: not an Ed25519 private key in PEM", path),
                              {{"path", path}});
  }
  return key;
}

Ed25519Key Ed25519Key::FromSeed(std::string_view seed32) {
  ZL_CHECK(seed32.size() == kKeyBytes, "an Ed25519 seed has 32 bytes");
  Ed25519Key key(
      EVP_PKEY_new_raw_private_key(EVP_PKEY_ED25519, nullptr, Readable(seed32), seed32.size()));
  ZL_CHECK(key.key_ != nullptr, "Ed25519 refused a seed");
  return key;
}

Result<Ed25519Key> Ed25519Key::FromPublic(std::string_view raw32) {
  if (raw32.size() != kKeyBytes) {
    return InvalidArgument("PUBLIC_KEY_INVALID", "an Ed25519 public key has 32 bytes");
  }
  Ed25519Key key(
      EVP_PKEY_new_raw_public_key(EVP_PKEY_ED25519, nullptr, Readable(raw32), raw32.size()));
  if (!key.key_) return InvalidArgument("PUBLIC_KEY_INVALID", "not an Ed25519 public key");
  return key;
}

std::string Ed25519Key::Sign(std::string_view message) const {
  const Context context(EVP_MD_CTX_new());
  const int begun =
      EVP_DigestSignInit(context.get(), nullptr, nullptr, nullptr, Native(key_.get()));
  ZL_CHECK(begun == 1, "Ed25519 signing did not start");
  std::string signature(kSignatureBytes, '\0');
  size_t size = signature.size();
  const int ok = EVP_DigestSign(context.get(), reinterpret_cast<uint8_t*>(signature.data()), &size,
                                Readable(message), message.size());
  ZL_CHECK(ok == 1 && size == kSignatureBytes, "Ed25519 signing needs the private part");
  return signature;
}

bool Ed25519Key::Verify(std::string_view message, std::string_view signature) const {
  if (signature.size() != kSignatureBytes) return false;
  const Context context(EVP_MD_CTX_new());
  const int begun =
      EVP_DigestVerifyInit(context.get(), nullptr, nullptr, nullptr, Native(key_.get()));
  ZL_CHECK(begun == 1, "Ed25519 verification did not start");
  return EVP_DigestVerify(context.get(), Readable(signature), signature.size(), Readable(message),
                          message.size()) == 1;
}

std::string Ed25519Key::PublicRaw() const {
  std::string raw(kKeyBytes, '\0');
  size_t size = raw.size();
  const int ok = EVP_PKEY_get_raw_public_key(Native(key_.get()),
                                             reinterpret_cast<uint8_t*>(raw.data()), &size);
  ZL_CHECK(ok == 1 && size == kKeyBytes, "Ed25519 key without its public part");
  return raw;
}

std::string Ed25519Key::KeyId() const { return Base64UrlEncode(Sha256(PublicRaw())).substr(0, 16); }

}  // namespace zonelink::crypto
