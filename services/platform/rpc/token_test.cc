// SPDX-License-Identifier: Apache-2.0
#include "platform/rpc/token.h"

#include <gtest/gtest.h>

#include "platform/core/testing_clock.h"

namespace zonelink::rpc {
namespace {

using std::chrono::seconds;

class TokenTest : public testing::Test {
 protected:
  TokenTest()
      : key_(crypto::Ed25519Key::FromSeed(std::string(32, 'u'))),
        other_(crypto::Ed25519Key::FromSeed(std::string(32, 'o'))),
        services_("a deployment's secret of more than 32 bytes"),
        verifier_(
            services_.key(),
            [this]() -> Result<std::vector<PublicKey>> {
              ++fetches_;
              if (directory_down_) return Unavailable("DATABASE_UNAVAILABLE", "down");
              return std::vector<PublicKey>{{key_.KeyId(), key_.PublicRaw()}};
            },
            clock_) {
    caller_.user_id = "u-1";
    caller_.session_id = "s-1";
    caller_.username = "ent-shanghai";
    caller_.name = "引号\" 反斜杠\\ 换行\n";
    caller_.organization_name = "上海示例";
    caller_.organization_zone = "shanghai";
    caller_.roles = {"filer", "enterprise_admin"};
  }

  std::string Token() const { return SignToken(key_, caller_, clock_.now, seconds(600)); }
  std::string ReasonOf(const std::string& token) {
    const auto verified = verifier_.Verify(token);
    return verified ? "" : verified.error().reason;
  }
  // A token with the given header and claims, signed by `key`.
  static std::string Made(const crypto::Ed25519Key& key, const std::string& header,
                          const std::string& claims) {
    std::string token = crypto::Base64UrlEncode(header) + "." + crypto::Base64UrlEncode(claims);
    return token + "." + crypto::Base64UrlEncode(key.Sign(token));
  }

  HandClock clock_;
  crypto::Ed25519Key key_;
  crypto::Ed25519Key other_;
  ServiceTokens services_;
  int fetches_ = 0;
  bool directory_down_ = false;
  TokenVerifier verifier_;
  Caller caller_;
};

TEST_F(TokenTest, CarriesTheCallerWhole) {
  const auto verified = verifier_.Verify(Token());
  ASSERT_TRUE(verified);
  EXPECT_EQ((*verified)->caller.user_id, caller_.user_id);
  EXPECT_EQ((*verified)->caller.name, caller_.name);
  EXPECT_EQ((*verified)->caller.organization_name, caller_.organization_name);
  EXPECT_EQ((*verified)->caller.organization_zone, "shanghai");
  EXPECT_EQ((*verified)->caller.roles, caller_.roles);
  EXPECT_EQ((*verified)->expires, clock_.now + seconds(600));
}

TEST_F(TokenTest, EveryFlippedCharacterIsRefused) {
  const std::string good = Token();
  for (size_t i = 0; i < good.size(); ++i) {
    std::string bad = good;
    bad[i] = bad[i] == 'A' ? 'B' : 'A';
    if (bad == good) continue;
    EXPECT_NE(ReasonOf(bad), "") << "character " << i;
    clock_.now += seconds(2);  // an unknown key id asks the directory at most once a second
    if (clock_.now > Time{seconds(1'790'000'500)}) clock_.now = Time{seconds(1'790'000'000)};
  }
}

TEST_F(TokenTest, TheAlgorithmIsPinned) {
  const std::string claims =
      R"({"iss":"zonelink","iat":1790000000,"exp":1790000600,"sub":"u-1","sid":"s-1"})";
  EXPECT_EQ(ReasonOf(Made(key_, R"({"alg":"none","kid":")" + key_.KeyId() + "\"}", claims)),
            "TOKEN_INVALID");
  EXPECT_EQ(ReasonOf(Made(key_, R"({"alg":"HS256","kid":")" + key_.KeyId() + "\"}", claims)),
            "TOKEN_INVALID");
  EXPECT_EQ(ReasonOf(Made(key_, R"({"alg":"EdDSA","kid":")" + key_.KeyId() + "\"}", claims)), "");
}

TEST_F(TokenTest, AnotherIssuersTokenIsRefused) {
  const std::string header = R"({"alg":"EdDSA","kid":")" + key_.KeyId() + "\"}";
  EXPECT_EQ(
      ReasonOf(
          Made(key_, header,
               R"({"iss":"zonelink-service","iat":1790000000,"exp":1790000600,"svc":"worklist"})")),
      "TOKEN_INVALID");
  EXPECT_EQ(
      ReasonOf(Made(key_, header, R"({"iss":"else","iat":1790000000,"exp":1790000600,"sub":"u"})")),
      "TOKEN_INVALID");
  EXPECT_EQ(
      ReasonOf(Made(
          key_, header,
          R"({"iss":"zonelink","iat":1790000000,"exp":1790000600,"sub":"u","svc":"worklist"})")),
      "TOKEN_INVALID");
}

TEST_F(TokenTest, TokensFromTheFutureAreRefused) {
  const std::string token = SignToken(key_, caller_, clock_.now + seconds(60), seconds(600));
  EXPECT_EQ(ReasonOf(token), "TOKEN_INVALID");
}

TEST_F(TokenTest, AnUnknownKeyAsksTheDirectoryOnceASecond) {
  EXPECT_EQ(ReasonOf(Token()), "");
  EXPECT_EQ(fetches_, 1);
  const std::string stranger = SignToken(other_, caller_, clock_.now, seconds(600));
  for (int i = 0; i < 5; ++i) EXPECT_EQ(ReasonOf(stranger), "TOKEN_INVALID");
  EXPECT_EQ(fetches_, 1);
  clock_.now += seconds(2);
  EXPECT_EQ(ReasonOf(stranger), "TOKEN_INVALID");
  EXPECT_EQ(fetches_, 2);
}

TEST_F(TokenTest, ADirectoryThatIsDownIsSaidSo) {
  directory_down_ = true;
  EXPECT_EQ(ReasonOf(Token()), "DIRECTORY_UNAVAILABLE");
  EXPECT_EQ(ReasonOf(Token()), "DIRECTORY_UNAVAILABLE") << "and not asked again within a second";
  EXPECT_EQ(fetches_, 1);
  directory_down_ = false;
  clock_.now += seconds(1);
  EXPECT_EQ(ReasonOf(Token()), "");
}

TEST_F(TokenTest, ServicesAreVerifiedWithoutTheDirectory) {
  const auto verified = verifier_.Verify(services_.For("worklist", clock_.now));
  ASSERT_TRUE(verified);
  EXPECT_EQ((*verified)->caller.service, "worklist");
  EXPECT_FALSE((*verified)->caller.SignedIn());
  EXPECT_EQ(fetches_, 0);
}

TEST_F(TokenTest, GarbageIsRefused) {
  for (const char* token :
       {"", ".", "..", "a.b.c", "e30.e30.", "not a token at all", "e30.e30.e30.e30"}) {
    EXPECT_EQ(ReasonOf(token), "TOKEN_INVALID") << token;
  }
  EXPECT_EQ(ReasonOf(std::string(5000, 'a')), "TOKEN_INVALID");
}

}  // namespace
}  // namespace zonelink::rpc
