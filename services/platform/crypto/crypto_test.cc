// SPDX-License-Identifier: Apache-2.0
#include "platform/crypto/crypto.h"

#include <gtest/gtest.h>

#include <mutex>
#include <set>
#include <thread>

namespace zonelink::crypto {
namespace {

using namespace std::string_literals;

std::string FromHex(std::string_view hex) {
  const auto value = [](char c) { return c <= '9' ? c - '0' : c - 'a' + 10; };
  std::string bytes;
  for (size_t i = 0; i + 1 < hex.size(); i += 2) {
    bytes += static_cast<char>(value(hex[i]) * 16 + value(hex[i + 1]));
  }
  return bytes;
}

TEST(Sha256, AgreesWithFips180) {
  EXPECT_EQ(HexEncode(Sha256("")),
            "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  EXPECT_EQ(HexEncode(Sha256("abc")),
            "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
}

TEST(Sha256Of, HashesTheConcatenation) {
  const auto of = [](auto... parts) {
    const auto digest = Sha256Of(parts...);
    return std::string(digest.begin(), digest.end());
  };
  EXPECT_EQ(of(""), Sha256(""));
  EXPECT_EQ(of("abc"), Sha256("abc"));
  EXPECT_EQ(of("a", "bc"), Sha256("abc"));
  EXPECT_EQ(of("ab", "", "c"), Sha256("abc"));
  const std::string long_text(1000, 'x');
  EXPECT_EQ(of(long_text, long_text), Sha256(long_text + long_text));
}

TEST(Sha256Stream, HashesWhatItWasGiven) {
  EXPECT_EQ(Sha256Stream().Finish(), Sha256(""));
  Sha256Stream stream;
  stream.Add("a");
  stream.Add("");
  stream.Add(std::string(100'000, 'b'));
  EXPECT_EQ(stream.Finish(), Sha256("a" + std::string(100'000, 'b')));
}

// RFC 4231, cases 1 to 4, 6 and 7.
TEST(HmacSha256, AgreesWithRfc4231) {
  EXPECT_EQ(HexEncode(HmacSha256(std::string(20, '\x0b'), "Hi There")),
            "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7");
  EXPECT_EQ(HexEncode(HmacSha256("Jefe", "what do ya want for nothing?")),
            "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
  EXPECT_EQ(HexEncode(HmacSha256(std::string(20, '\xaa'), std::string(50, '\xdd'))),
            "773ea91e36800e46854db8ebd09181a72959098b3ef8c122d9635514ced565fe");
  std::string counting;
  for (char c = 1; c <= 25; ++c) counting += c;
  EXPECT_EQ(HexEncode(HmacSha256(counting, std::string(50, '\xcd'))),
            "82558a389a443c0ea4cc819899f2083a85f0faa3e578f8077a2e3ff46729665b");
  const std::string longer_than_a_block(131, '\xaa');
  EXPECT_EQ(HexEncode(HmacSha256(longer_than_a_block,
                                 "Test Using Larger Than Block-Size Key - Hash Key First")),
            "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54");
  EXPECT_EQ(
      HexEncode(HmacSha256(longer_than_a_block,
                           "This is a test using a larger than block-size key and a larger than "
                           "block-size data. The key needs to be hashed before being used by the "
                           "HMAC algorithm.")),
      "9b09ffa71b942fcb27635fbcd5b0e944bfdc63644f0713938a7f51535c3a35e2");
}

TEST(HmacSha256, TakesAnEmptyKey) {
  EXPECT_EQ(HexEncode(HmacSha256({}, {})),
            "b613679a0814d9ec772f95d778c35fc5ff1697c493715653c6c712144292c5ad");
}

// RFC 5869, case 3: no salt, no info.
TEST(DeriveKey, AgreesWithRfc5869) {
  EXPECT_EQ(HexEncode(DeriveKey(std::string(22, '\x0b'), "", 42)),
            "8da4e775a563c18f715f802a063c5a31b8a11f5c5ee1879ec3454e5f3c738d2d9d201395faa4b61a96c8");
}

// The definition of RFC 5869 from HMAC, for what has no published case.
TEST(DeriveKey, IsExtractThenExpand) {
  const std::string secret = "a shared secret of some length";
  const std::string extracted = HmacSha256(std::string(32, '\0'), secret);
  const std::string first = HmacSha256(extracted, "page-token\x01");
  const std::string second = HmacSha256(extracted, first + "page-token\x02");
  EXPECT_EQ(DeriveKey(secret, "page-token"), first);
  EXPECT_EQ(DeriveKey(secret, "page-token", 50), (first + second).substr(0, 50));
  EXPECT_NE(DeriveKey(secret, "page-token"), DeriveKey(secret, "service-token"));
}

TEST(ConstantTimeEqual, ComparesContentsAndLength) {
  EXPECT_TRUE(ConstantTimeEqual("", {}));
  EXPECT_TRUE(ConstantTimeEqual("a\0b"s, "a\0b"s));
  EXPECT_FALSE(ConstantTimeEqual("a\0b"s, "a\0c"s));
  EXPECT_FALSE(ConstantTimeEqual("ab", "abc"));
}

TEST(Random, DoesNotRepeat) {
  EXPECT_EQ(RandomBytes(0), "");
  EXPECT_EQ(RandomBytes(32).size(), 32u);
  EXPECT_NE(RandomBytes(32), RandomBytes(32));
}

// Across the ends of each thread's stock, and with amounts that do not divide it.
TEST(Random, IsHandedOutOnce) {
  std::mutex mutex;
  std::set<std::string> seen;
  const auto draw = [&] {
    for (const size_t count : {12, 16, 31, 32, 33, 600}) {
      for (int i = 0; i < 100; ++i) {
        const std::string bytes = RandomBytes(count);
        ASSERT_EQ(bytes.size(), count);
        const std::lock_guard lock(mutex);
        EXPECT_TRUE(seen.insert(bytes.substr(0, 12)).second);
        EXPECT_TRUE(seen.insert(bytes.substr(count - 12) + "end").second);
      }
    }
  };
  std::thread other(draw);
  draw();
  other.join();
}

TEST(RandomBase32, UsesAllOfCrockfordsAlphabetAndNothingElse) {
  const std::string text = RandomBase32(20000);
  EXPECT_EQ(text.size(), 20000u);
  EXPECT_EQ(std::set<char>(text.begin(), text.end()).size(), 32u);
  EXPECT_EQ(text.find_first_not_of("0123456789ABCDEFGHJKMNPQRSTVWXYZ"), std::string::npos);
}

TEST(NewUuid, HasVersionVariantAndTime) {
  const Time at = *ParseTime("2022-02-22T19:22:22Z");  // RFC 9562's example: 017f22e2-79b0
  for (int i = 0; i < 100; ++i) {
    const std::string uuid = NewUuid(at);
    ASSERT_EQ(uuid.size(), 36u);
    EXPECT_EQ(uuid.substr(0, 15), "017f22e2-79b0-7");
    EXPECT_NE(std::string("89ab").find(uuid[19]), std::string::npos) << uuid;
    for (const size_t dash : {8, 13, 18, 23}) EXPECT_EQ(uuid[dash], '-');
  }
}

TEST(NewUuid, IsOrderedByTimeAndUnique) {
  const Time at = *ParseTime("2026-03-02T08:00:00Z");
  EXPECT_LT(NewUuid(at), NewUuid(at + std::chrono::milliseconds{1}));
  std::set<std::string> seen;
  for (int i = 0; i < 2000; ++i) seen.insert(NewUuid(at));
  EXPECT_EQ(seen.size(), 2000u);
}

// The test vectors of RFC 4648, without padding.
TEST(Base64Url, AgreesWithRfc4648) {
  const std::pair<std::string_view, std::string_view> vectors[] = {
      {"", ""},           {"f", "Zg"},          {"fo", "Zm8"},         {"foo", "Zm9v"},
      {"foob", "Zm9vYg"}, {"fooba", "Zm9vYmE"}, {"foobar", "Zm9vYmFy"}};
  for (const auto& [bytes, text] : vectors) {
    EXPECT_EQ(Base64UrlEncode(bytes), text);
    EXPECT_EQ(Base64UrlDecode(text), bytes);
  }
  EXPECT_EQ(Base64UrlEncode("\xfb\xff\xbf"), "-_-_");
  EXPECT_EQ(Base64UrlDecode("-_-_"), "\xfb\xff\xbf");
}

TEST(Base64Url, HasOneTextForOneValue) {
  for (const std::string_view text : {"Zg==", "Zh", "Zm9", "Z", "Zm9vY", "+/+/", "Zm 9v", "Zm9v\n",
                                      "Zg=", "=", "Zm9v====", "中文"}) {
    EXPECT_FALSE(Base64UrlDecode(text)) << text;
  }
}

TEST(Base64Url, RoundTripsAllBytes) {
  std::string bytes;
  for (int c = 0; c < 256; ++c) {
    bytes += static_cast<char>(c);
    EXPECT_EQ(Base64UrlDecode(Base64UrlEncode(bytes)), bytes);
  }
  EXPECT_EQ(HexEncode("\x00\x0f\xf0\xff"s), "000ff0ff");
}

// RFC 4648, section 10.
TEST(Base64, AgreesWithRfc4648) {
  const std::pair<std::string, std::string> cases[] = {{"", ""},
                                                       {"f", "Zg=="},
                                                       {"fo", "Zm8="},
                                                       {"foo", "Zm9v"},
                                                       {"foob", "Zm9vYg=="},
                                                       {"fooba", "Zm9vYmE="},
                                                       {"foobar", "Zm9vYmFy"},
                                                       {"\xfb\xff", "+/8="}};
  for (const auto& [bytes, text] : cases) {
    EXPECT_EQ(Base64Encode(bytes), text);
    EXPECT_EQ(Base64Decode(text), bytes);
  }
}

TEST(Base64, RefusesEveryOtherSpelling) {
  for (const std::string text :
       {"Z",     "Zg",    "Zg=",          "Zg===", "Zg====", "=",      "==",
        "====",  "Zm9v=", "Zm9v====",     "Zm8",   "Zm8==",  "Z===",   "Zh==",
        "Zm9=",  "Zg=a",  "Zg==Zg==",     "-_8=",  "+_8=",   "Zm9v\n", "Zm9v Zm9",
        " Zm9v", "Zm 9",  "Zm9v\r\n\r\n", "Zm9*"}) {
    EXPECT_FALSE(Base64Decode(text)) << text;
  }
  EXPECT_FALSE(Base64Decode("Zm9\0"s));
}

TEST(Base64, HasOneTextForEachValue) {
  std::string bytes;
  for (int size = 0; size < 8; ++size) {
    const std::string text = Base64Encode(bytes);
    EXPECT_EQ(text.size(), (bytes.size() + 2) / 3 * 4);
    EXPECT_EQ(Base64Decode(text), bytes);
    for (size_t at = 0; at < text.size(); ++at) {
      for (int c = 0; c < 256; ++c) {
        std::string other = text;
        other[at] = static_cast<char>(c);
        const auto decoded = Base64Decode(other);
        EXPECT_TRUE(!decoded || Base64Encode(*decoded) == other);
      }
    }
    bytes += static_cast<char>(size * 37 + 250);
  }
}

TEST(Seal, OpensWithItsKeyOnly) {
  const std::string sealed = Seal("key", "F-7\0x"s);
  EXPECT_EQ(Open("key", sealed), "F-7\0x"s);
  EXPECT_FALSE(Open("other", sealed));
  EXPECT_EQ(Open("key", Seal("key", "")), "");
}

TEST(Seal, EveryChangeIsForgery) {
  const std::string sealed = Seal("key", "page after 42");
  for (size_t at = 0; at < sealed.size(); ++at) {
    std::string forged = sealed;
    forged[at] = forged[at] == 'A' ? 'B' : 'A';
    EXPECT_FALSE(Open("key", forged)) << at;
    EXPECT_FALSE(Open("key", sealed.substr(0, at))) << at;
  }
  EXPECT_FALSE(Open("key", sealed + "A"));
  EXPECT_FALSE(Open("key", "not base64!"));
}

struct SignatureVector {
  std::string_view seed;
  std::string_view public_key;
  std::string_view message;
  std::string_view signature;
};

// RFC 8032 §7.1, tests 1, 2, 3 and SHA(abc).
constexpr SignatureVector kRfc8032[] = {
    {"9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60",
     "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a", "",
     "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e06522490155"
     "5fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b"},
    {"4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb",
     "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c", "72",
     "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da"
     "085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00"},
    {"c5aa8df43f9f837bedb7442f31dcb7b166d38535076f094b85ce3a2e0b4458f7",
     "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025", "af82",
     "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac"
     "18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28dc027beceea1ec40a"},
    {"833fe62409237b9d62ec77587520911e9a759cec1d19755b7da901b96dca3d42",
     "ec172b93ad5e563bf4932c70e1245034c35467ef2efd4d64ebf819683467e2bf",
     "ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a"
     "2192992a274fc1a836ba3c23a3feebbd454d4423643ce80e2a9ac94fa54ca49f",
     "dc2a4459e7369633a52b1bf277839a00201009a3efbf3ecb69bea2186c26b589"
     "09351fc9ac90b3ecfdfbc7c66431e0303dca179c138ac17ad9bef1177331a704"},
};

TEST(Ed25519, AgreesWithRfc8032) {
  for (const auto& vector : kRfc8032) {
    const auto key = Ed25519Key::FromSeed(FromHex(vector.seed));
    const std::string message = FromHex(vector.message);
    EXPECT_EQ(HexEncode(key.PublicRaw()), vector.public_key);
    EXPECT_EQ(HexEncode(key.Sign(message)), vector.signature);
    const auto public_key = Ed25519Key::FromPublic(FromHex(vector.public_key));
    ASSERT_TRUE(public_key);
    EXPECT_TRUE(public_key->Verify(message, FromHex(vector.signature)));
    EXPECT_EQ(public_key->KeyId(), key.KeyId());
  }
}

TEST(Ed25519, RefusesEveryChangedSignature) {
  const auto key = Ed25519Key::FromSeed(FromHex(kRfc8032[1].seed));
  const std::string signature = key.Sign("message");
  EXPECT_TRUE(key.Verify("message", signature));
  EXPECT_FALSE(key.Verify("massage", signature));
  for (size_t at = 0; at < signature.size(); ++at) {
    std::string forged = signature;
    forged[at] = static_cast<char>(forged[at] ^ 1);
    EXPECT_FALSE(key.Verify("message", forged)) << at;
  }
  EXPECT_FALSE(key.Verify("message", ""));
  EXPECT_FALSE(key.Verify("message", signature + "\0"s));
  EXPECT_FALSE(Ed25519Key::FromSeed(FromHex(kRfc8032[0].seed)).Verify("message", signature));
}

TEST(Ed25519, NamesKeysByTheirPublicPart) {
  const auto key = Ed25519Key::FromSeed(FromHex(kRfc8032[0].seed));
  EXPECT_EQ(key.KeyId(), Base64UrlEncode(Sha256(key.PublicRaw())).substr(0, 16));
  EXPECT_EQ(key.KeyId().size(), 16u);
}

TEST(Ed25519, RefusesAPublicKeyOfAnotherLength) {
  EXPECT_EQ(Ed25519Key::FromPublic("short").error().reason, "PUBLIC_KEY_INVALID");
  EXPECT_EQ(Ed25519Key::FromPublic(std::string(33, 'x')).error().reason, "PUBLIC_KEY_INVALID");
}

TEST(Ed25519DeathTest, APublicKeyDoesNotSign) {
  GTEST_FLAG_SET(death_test_style, "threadsafe");
  const auto key = Ed25519Key::FromPublic(FromHex(kRfc8032[0].public_key));
  ASSERT_TRUE(key);
  EXPECT_DEATH(key->Sign("message"), "private part");
}

}  // namespace
}  // namespace zonelink::crypto
