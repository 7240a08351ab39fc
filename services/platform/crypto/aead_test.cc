// SPDX-License-Identifier: Apache-2.0
#include "platform/crypto/aead.h"

#include <gtest/gtest.h>

#include "platform/crypto/crypto.h"

namespace zonelink::crypto {
namespace {

std::string FromHex(std::string_view hex) {
  const auto value = [](char c) { return c <= '9' ? c - '0' : (c | 0x20) - 'a' + 10; };
  std::string bytes;
  for (size_t i = 0; i + 1 < hex.size(); i += 2) {
    bytes += static_cast<char>(value(hex[i]) * 16 + value(hex[i + 1]));
  }
  return bytes;
}

struct GcmVector {
  std::string_view key;
  std::string_view nonce;
  std::string_view associated;
  std::string_view plain;
  std::string_view sealed;
};

// The GCM specification's test cases 13 to 16 (those of AES-256 with a nonce of 96 bits).
constexpr GcmVector kGcm[] = {
    {"0000000000000000000000000000000000000000000000000000000000000000", "000000000000000000000000",
     "", "", "530f8afbc74536b9a963b4f1c4cb738b"},
    {"0000000000000000000000000000000000000000000000000000000000000000", "000000000000000000000000",
     "", "00000000000000000000000000000000",
     "cea7403d4d606b6e074ec5d3baf39d18d0d1c8a799996bf0265b98b5d48ab919"},
    {"feffe9928665731c6d6a8f9467308308feffe9928665731c6d6a8f9467308308", "cafebabefacedbaddecaf888",
     "",
     "d9313225f88406e5a55909c5aff5269a86a7a9531534f7da2e4c303d8a318a721c3c0c95956809532fcf0e2449a6b"
     "5"
     "25b16aedf5aa0de657ba637b391aafd255",
     "522dc1f099567d07f47f37a32a84427d643a8cdcbfe5c0c97598a2bd2555d1aa8cb08e48590dbb3da7b08b1056828"
     "838"
     "c5f61e6393ba7a0abcc9f662898015adb094dac5d93471bdec1a502270e3cc6c"},
    {"feffe9928665731c6d6a8f9467308308feffe9928665731c6d6a8f9467308308", "cafebabefacedbaddecaf888",
     "feedfacedeadbeeffeedfacedeadbeefabaddad2",
     "d9313225f88406e5a55909c5aff5269a86a7a9531534f7da2e4c303d8a318a721c3c0c95956809532fcf0e2449a6b"
     "5"
     "25b16aedf5aa0de657ba637b39",
     "522dc1f099567d07f47f37a32a84427d643a8cdcbfe5c0c97598a2bd2555d1aa8cb08e48590dbb3da7b08b1056828"
     "838"
     "c5f61e6393ba7a0abcc9f66276fc6ece0f4e1768cddf8853bb2d551b"}};

TEST(AesGcm, AgreesWithTheSpecificationsCases) {
  for (const GcmVector& vector : kGcm) {
    const std::string key = FromHex(vector.key);
    const std::string nonce = FromHex(vector.nonce);
    const std::string associated = FromHex(vector.associated);
    const std::string plain = FromHex(vector.plain);
    const std::string sealed = AesGcmSeal(key, nonce, associated, plain);
    EXPECT_EQ(HexEncode(sealed), vector.sealed);
    EXPECT_EQ(AesGcmOpen(key, nonce, associated, sealed), plain);
  }
}

TEST(AesGcm, OpensNothingThatWasChanged) {
  const std::string key = FromHex(kGcm[3].key);
  const std::string nonce = FromHex(kGcm[3].nonce);
  const std::string sealed = AesGcmSeal(key, nonce, "chunk 1", "the certificate");
  for (size_t at = 0; at < sealed.size(); ++at) {
    std::string changed = sealed;
    changed[at] = static_cast<char>(changed[at] ^ 1);
    EXPECT_FALSE(AesGcmOpen(key, nonce, "chunk 1", changed)) << at;
    EXPECT_FALSE(AesGcmOpen(key, nonce, "chunk 1", sealed.substr(0, at))) << at;
  }
  EXPECT_FALSE(AesGcmOpen(key, nonce, "chunk 2", sealed));
  EXPECT_FALSE(AesGcmOpen(key, std::string(kGcmNonceBytes, '\1'), "chunk 1", sealed));
  EXPECT_FALSE(AesGcmOpen(key, "short", "chunk 1", sealed));
  EXPECT_FALSE(AesGcmOpen(std::string(kAesKeyBytes, '\1'), nonce, "chunk 1", sealed));
  EXPECT_EQ(AesGcmOpen(key, nonce, "chunk 1", sealed), "the certificate");
}

// RFC 3394, sections 4.3, 4.5 and 4.6: under a key of 256 bits.
TEST(AesKeyWrap, AgreesWithRfc3394) {
  const std::string key =
      FromHex("000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f");
  const std::pair<std::string_view, std::string_view> cases[] = {
      {"00112233445566778899aabbccddeeff", "64e8c3f9ce0f5ba263e9777905818a2a93c8191e7d6e8ae7"},
      {"00112233445566778899aabbccddeeff0001020304050607",
       "a8f9bc1612c68b3ff6e6f4fbe30e71e4769c8b80a32cb8958cd5d17d6b254da1"},
      {"00112233445566778899aabbccddeeff000102030405060708090a0b0c0d0e0f",
       "28c9f404c4b810f4cbccb35cfb87f8263f5786e2d80ed326cbc7f0e71a99f43bfb988b9b7a02dd21"}};
  for (const auto& [secret, wrapped] : cases) {
    EXPECT_EQ(HexEncode(AesKeyWrap(key, FromHex(secret))), wrapped);
    EXPECT_EQ(AesKeyUnwrap(key, FromHex(wrapped)), FromHex(secret));
  }
}

TEST(AesKeyWrap, UnwrapsNothingElse) {
  const std::string key(kAesKeyBytes, 'k');
  const std::string wrapped = AesKeyWrap(key, std::string(kAesKeyBytes, 's'));
  for (size_t at = 0; at < wrapped.size(); ++at) {
    std::string changed = wrapped;
    changed[at] = static_cast<char>(changed[at] ^ 1);
    EXPECT_FALSE(AesKeyUnwrap(key, changed)) << at;
    EXPECT_FALSE(AesKeyUnwrap(key, wrapped.substr(0, at))) << at;
  }
  EXPECT_FALSE(AesKeyUnwrap(std::string(kAesKeyBytes, 'o'), wrapped));
  EXPECT_EQ(AesKeyUnwrap(key, wrapped), std::string(kAesKeyBytes, 's'));
}

}  // namespace
}  // namespace zonelink::crypto
