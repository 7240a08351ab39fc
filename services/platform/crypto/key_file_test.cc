// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>
#include <openssl/ec.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cstdio>
#include <filesystem>

#include "platform/crypto/crypto.h"

namespace zonelink::crypto {
namespace {

using Key = std::unique_ptr<EVP_PKEY, decltype(&EVP_PKEY_free)>;

Key Ed25519(const std::string& seed) {
  return {EVP_PKEY_new_raw_private_key(EVP_PKEY_ED25519, nullptr,
                                       reinterpret_cast<const unsigned char*>(seed.data()),
                                       seed.size()),
          EVP_PKEY_free};
}

class KeyFile : public testing::Test {
 protected:
  void SetUp() override {
    std::string pattern = testing::TempDir() + "zonelink-key-XXXXXX";
    ASSERT_NE(mkdtemp(pattern.data()), nullptr);
    folder_ = pattern;
    path_ = folder_ + "/key.pem";
  }
  void TearDown() override { std::filesystem::remove_all(folder_); }

  // In PKCS#8, encrypted if `password` is given.
  void Write(const Key& key, const char* password = nullptr) {
    FILE* file = std::fopen(path_.c_str(), "w");
    ASSERT_NE(file, nullptr);
    std::string text(password == nullptr ? "" : password);
    const EVP_CIPHER* cipher = password == nullptr ? nullptr : EVP_aes_256_cbc();
    EXPECT_EQ(PEM_write_PKCS8PrivateKey(file, key.get(), cipher, text.data(),
                                        static_cast<int>(text.size()), nullptr, nullptr),
              1);
    std::fclose(file);
    ASSERT_EQ(chmod(path_.c_str(), 0600), 0);
  }

  std::string folder_;
  std::string path_;
};

const std::string kSeed(32, '\x07');

TEST_F(KeyFile, IsRead) {
  Write(Ed25519(kSeed));
  const auto key = Ed25519Key::FromPemFile(path_);
  ASSERT_TRUE(key) << key.error().message;
  EXPECT_EQ(key->PublicRaw(), Ed25519Key::FromSeed(kSeed).PublicRaw());
  EXPECT_TRUE(key->Verify("message", Ed25519Key::FromSeed(kSeed).Sign("message")));
}

TEST_F(KeyFile, OfAnotherAlgorithmIsRefused) {
  Write(Key(EVP_EC_gen("P-256"), EVP_PKEY_free));
  EXPECT_EQ(Ed25519Key::FromPemFile(path_).error().reason, "SECRET_UNREADABLE");
}

TEST_F(KeyFile, WithAPasswordIsRefusedWithoutAsking) {
  Write(Ed25519(kSeed), "password");
  EXPECT_EQ(Ed25519Key::FromPemFile(path_).error().reason, "SECRET_UNREADABLE");
}

TEST_F(KeyFile, ThatOthersMayReadIsRefused) {
  Write(Ed25519(kSeed));
  ASSERT_EQ(chmod(path_.c_str(), 0644), 0);
  EXPECT_EQ(Ed25519Key::FromPemFile(path_).error().reason, "SECRET_UNREADABLE");
}

TEST_F(KeyFile, ThatHoldsSomethingElseIsRefused) {
  FILE* file = std::fopen(path_.c_str(), "w");
  ASSERT_NE(file, nullptr);
  std::fputs("-----BEGIN PRIVATE KEY-----\nnonsense\n-----END PRIVATE KEY-----\n", file);
  std::fclose(file);
  ASSERT_EQ(chmod(path_.c_str(), 0600), 0);
  EXPECT_EQ(Ed25519Key::FromPemFile(path_).error().reason, "SECRET_UNREADABLE");
  EXPECT_EQ(Ed25519Key::FromPemFile(folder_ + "/absent").error().reason, "SECRET_UNREADABLE");
}

}  // namespace
}  // namespace zonelink::crypto
