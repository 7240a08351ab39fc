// SPDX-License-Identifier: Apache-2.0
#include "platform/crypto/aead.h"

#include <openssl/evp.h>

#include <memory>

#include "platform/core/check.h"

namespace zonelink::crypto {
namespace {

constexpr size_t kWrapBlock = 8;

struct Deleter {
  void operator()(EVP_CIPHER_CTX* context) const { EVP_CIPHER_CTX_free(context); }
};
using Context = std::unique_ptr<EVP_CIPHER_CTX, Deleter>;

const unsigned char* Bytes(std::string_view text) {
  return reinterpret_cast<const unsigned char*>(text.data());
}

unsigned char* Bytes(std::string& text) { return reinterpret_cast<unsigned char*>(text.data()); }

Context NewContext() {
  Context context(EVP_CIPHER_CTX_new());
  ZL_CHECK(context != nullptr, "OpenSSL has no memory");
  return context;
}

// With key, nonce and associated data taken in.
Context Gcm(std::string_view key, std::string_view nonce, std::string_view associated,
            int sealing) {
  ZL_CHECK(key.size() == kAesKeyBytes && nonce.size() == kGcmNonceBytes, "key or nonce of GCM");
  Context context = NewContext();
  int size = 0;
  const bool ready = EVP_CipherInit_ex(context.get(), EVP_aes_256_gcm(), nullptr, Bytes(key),
                                       Bytes(nonce), sealing) == 1 &&
                     EVP_CipherUpdate(context.get(), nullptr, &size, Bytes(associated),
                                      static_cast<int>(associated.size())) == 1;
  ZL_CHECK(ready, "AES-256-GCM of OpenSSL");
  return context;
}

// Wraps or unwraps; nothing where the wrapped is not what the key wrapped.
std::optional<std::string> Wrap(std::string_view key, std::string_view from, int wrapping) {
  ZL_CHECK(key.size() == kAesKeyBytes, "key of AES key wrap");
  Context context = NewContext();
  EVP_CIPHER_CTX_set_flags(context.get(), EVP_CIPHER_CTX_FLAG_WRAP_ALLOW);
  ZL_CHECK(EVP_CipherInit_ex(context.get(), EVP_aes_256_wrap(), nullptr, Bytes(key), nullptr,
                             wrapping) == 1,
           "AES key wrap of OpenSSL");
  std::string to(from.size() + kWrapBlock, '\0');
  int size = 0;
  if (EVP_CipherUpdate(context.get(), Bytes(to), &size, Bytes(from),
                       static_cast<int>(from.size())) != 1 ||
      size <= 0) {
    return std::nullopt;
  }
  to.resize(static_cast<size_t>(size));
  return to;
}

}  // namespace

std::string AesGcmSeal(std::string_view key, std::string_view nonce, std::string_view associated,
                       std::string_view plain) {
  const Context context = Gcm(key, nonce, associated, 1);
  std::string sealed(plain.size() + kGcmTagBytes, '\0');
  int size = 0;
  int rest = 0;
  const bool done =
      EVP_CipherUpdate(context.get(), Bytes(sealed), &size, Bytes(plain),
                       static_cast<int>(plain.size())) == 1 &&
      EVP_CipherFinal_ex(context.get(), Bytes(sealed) + size, &rest) == 1 &&
      EVP_CIPHER_CTX_ctrl(context.get(), EVP_CTRL_GCM_GET_TAG, static_cast<int>(kGcmTagBytes),
                          Bytes(sealed) + plain.size()) == 1;
  ZL_CHECK(done && size + rest == static_cast<int>(plain.size()), "AES-256-GCM of OpenSSL");
  return sealed;
}

std::optional<std::string> AesGcmOpen(std::string_view key, std::string_view nonce,
                                      std::string_view associated, std::string_view sealed) {
  if (sealed.size() < kGcmTagBytes || nonce.size() != kGcmNonceBytes) return std::nullopt;
  const Context context = Gcm(key, nonce, associated, 0);
  std::string tag(sealed.substr(sealed.size() - kGcmTagBytes));
  sealed.remove_suffix(kGcmTagBytes);
  std::string plain(sealed.size(), '\0');
  int size = 0;
  int rest = 0;
  const bool ran = EVP_CIPHER_CTX_ctrl(context.get(), EVP_CTRL_GCM_SET_TAG,
                                       static_cast<int>(kGcmTagBytes), Bytes(tag)) == 1 &&
                   EVP_CipherUpdate(context.get(), Bytes(plain), &size, Bytes(sealed),
                                    static_cast<int>(sealed.size())) == 1;
  ZL_CHECK(ran, "AES-256-GCM of OpenSSL");
  if (EVP_CipherFinal_ex(context.get(), Bytes(plain) + size, &rest) != 1) return std::nullopt;
  return plain;
}

std::string AesKeyWrap(std::string_view key, std::string_view secret) {
  ZL_CHECK(secret.size() >= 2 * kWrapBlock && secret.size() % kWrapBlock == 0, "secret to wrap");
  auto wrapped = Wrap(key, secret, 1);
  ZL_CHECK(wrapped && wrapped->size() == secret.size() + kWrapBlock, "AES key wrap of OpenSSL");
  return *std::move(wrapped);
}

std::optional<std::string> AesKeyUnwrap(std::string_view key, std::string_view wrapped) {
  if (wrapped.size() < 3 * kWrapBlock || wrapped.size() % kWrapBlock != 0) return std::nullopt;
  return Wrap(key, wrapped, 0);
}

}  // namespace zonelink::crypto
