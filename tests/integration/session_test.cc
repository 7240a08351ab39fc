// SPDX-License-Identifier: Apache-2.0
// Sessions: rotating refresh tokens, lock-out, and a revocation that every service knows within 5
// seconds.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include "tests/support/fixture.h"

namespace zonelink::test {
namespace {

using namespace std::chrono_literals;
using Clock = std::chrono::steady_clock;

// One read of every service.
const std::vector<std::string> kReads = {"/v1/me", "/v1/filings", "/v1/inbox"};

class Session : public IntegrationTest {
 protected:
  void SetUp() override {
    IntegrationTest::SetUp();
    organization_ = world().NewOrganization("shanghai");
    person_ = world().Member(organization_, {"filer"});
  }

  Answer Login() { return world().Login(person_.username); }
  static Answer Refresh(const std::string& token) {
    return world().Nobody().Post("/v1/sessions:refresh",
                                 fmt::format(R"({{"refreshToken":"{}"}})", token));
  }
  static Answer Read(const std::string& token, const std::string& path) {
    return Api(deployment().base_url(), token).Get(path);
  }

  // Every service accepts the token.
  static void ExpectAccepted(const std::string& token) {
    for (const auto& path : kReads) EXPECT_TRUE(HasStatus(Read(token, path), 200)) << path;
  }
  // Every service refuses the token within 5 seconds from now, and goes on refusing.
  static void ExpectRevoked(const std::string& token, Clock::time_point since) {
    for (const auto& path : kReads) {
      WaitUntil(10s, [&] { return Read(token, path).status == 401; });
      EXPECT_LE(Clock::now() - since, 5s) << path;
      EXPECT_TRUE(Refused(Read(token, path), 401, "SESSION_REVOKED")) << path;
    }
  }

  Organization organization_;
  Person person_;
};

TEST_F(Session, TokensRotate) {
  const auto first = Login();
  ASSERT_TRUE(first.ok()) << first;
  ExpectAccepted(first.text("accessToken"));
  const auto second = Refresh(first.text("refreshToken"));
  ASSERT_TRUE(second.ok()) << second;
  EXPECT_EQ(second.text("sessionId"), first.text("sessionId"));
  EXPECT_NE(second.text("refreshToken"), first.text("refreshToken"));
  ExpectAccepted(second.text("accessToken"));
  EXPECT_TRUE(Refresh(second.text("refreshToken")).ok());
}

TEST_F(Session, ASecondUseOfARefreshTokenEndsTheSession) {
  const auto first = Login();
  const auto second = Refresh(first.text("refreshToken"));
  ASSERT_TRUE(second.ok()) << second;
  const auto since = Clock::now();
  EXPECT_TRUE(Refused(Refresh(first.text("refreshToken")), 401, "REFRESH_REFUSED"));
  EXPECT_TRUE(Refused(Refresh(second.text("refreshToken")), 401, "REFRESH_REFUSED"));
  ExpectRevoked(second.text("accessToken"), since);
}

TEST_F(Session, AnUnknownRefreshTokenLooksTheSame) {
  const auto unknown = Refresh(std::string(43, 'x'));
  EXPECT_TRUE(Refused(unknown, 401, "REFRESH_REFUSED"));
}

TEST_F(Session, ARevokedSessionIsRefusedEverywhere) {
  const auto kept = Login();
  const auto ended = Login();
  ExpectAccepted(ended.text("accessToken"));
  EventStream stream(deployment().base_url(), ended.text("accessToken"));
  ASSERT_EQ(stream.AwaitStatus(), 200);
  const auto since = Clock::now();
  ASSERT_TRUE(
      HasStatus(Api(deployment().base_url(), kept.text("accessToken"))
                    .Post(fmt::format("/v1/sessions/{}:revoke", ended.text("sessionId")), "{}"),
                200));
  ExpectRevoked(ended.text("accessToken"), since);
  EXPECT_TRUE(stream.AwaitEnd(10s)) << "a live stream ends with its session";
  EXPECT_TRUE(Refused(Refresh(ended.text("refreshToken")), 401, "REFRESH_REFUSED"));
  ExpectAccepted(kept.text("accessToken"));
  const auto open = Read(kept.text("accessToken"), "/v1/sessions");
  EXPECT_EQ(open.body.find(ended.text("sessionId")), std::string::npos);
}

TEST_F(Session, AClosedAccountIsRefusedEverywhere) {
  const auto session = Login();
  const auto since = Clock::now();
  ASSERT_TRUE(HasStatus(
      world()
          .As("sysadmin")
          .Post(fmt::format("/v1/users/{}:disable", person_.user_id), R"({"reason":"离职"})"),
      200));
  ExpectRevoked(session.text("accessToken"), since);
  EXPECT_TRUE(Refused(Login(), 401, "LOGIN_FAILED"));
}

TEST_F(Session, ANewRoleEndsTheSessions) {
  const auto session = Login();
  const auto since = Clock::now();
  ASSERT_TRUE(HasStatus(world()
                            .As("secadmin")
                            .Post(fmt::format("/v1/users/{}/roleGrants", person_.user_id),
                                  R"({"role":"enterprise_admin"})"),
                        201));
  ExpectRevoked(session.text("accessToken"), since);
  const auto roles = Read(Login().text("accessToken"), "/v1/me").at("roles").texts();
  EXPECT_EQ(roles, (std::vector<std::string>{"enterprise_admin", "filer"}));
}

TEST_F(Session, ANewPasswordEndsTheOtherSessions) {
  const auto other = Login();
  const auto mine = Login();
  const auto since = Clock::now();
  Api api(deployment().base_url(), mine.text("accessToken"));
  ASSERT_TRUE(HasStatus(
      api.Post(
          "/v1/me:changePassword",
          fmt::format(R"({{"oldPassword":"{}","newPassword":"an-other-long-one-7"}})", kPassword)),
      200));
  ExpectRevoked(other.text("accessToken"), since);
  ExpectAccepted(mine.text("accessToken"));
  EXPECT_TRUE(Refused(Login(), 401, "LOGIN_FAILED"));
  EXPECT_TRUE(world().Login(person_.username, "an-other-long-one-7").ok());
}

TEST_F(Session, FiveFailuresLockTheName) {
  for (int i = 0; i < 5; ++i) {
    EXPECT_TRUE(Refused(world().Login(person_.username, "wrong-password"), 401, "LOGIN_FAILED"));
  }
  const auto locked = Login();
  EXPECT_TRUE(Refused(locked, 429, "LOGIN_LOCKED"));
  EXPECT_FALSE(locked.http.Header("retry-after").empty());
}

TEST_F(Session, AnUnknownNameLooksLikeAWrongPassword) {
  const std::string nobody = NewUsername("nobody");
  const auto comparable = [](const Answer& answer) {
    return fmt::format("{} {} {} {}", answer.status, answer.reason(), answer.text("title"),
                       answer.text("detail"));
  };
  for (int i = 0; i < 6; ++i) {
    EXPECT_EQ(comparable(world().Login(nobody, "wrong-password")),
              comparable(world().Login(person_.username, "wrong-password")));
  }
}

TEST_F(Session, TokensExpire) {
  TearDownTestSuite();
  Deploy({.clock = StartOfClock(), .auth = {{"access_token_seconds", "3"}}});
  organization_ = world().NewOrganization("shanghai");
  person_ = world().Member(organization_, {"filer"});
  const auto session = Login();
  const std::string token = session.text("accessToken");
  ExpectAccepted(token);
  EventStream stream(deployment().base_url(), token);
  ASSERT_EQ(stream.AwaitStatus(), 200);
  EXPECT_TRUE(stream.AwaitEnd(10s)) << "a live stream ends with its token";
  for (const auto& path : kReads) {
    EXPECT_TRUE(WaitUntil(10s, [&] { return Read(token, path).reason() == "TOKEN_EXPIRED"; }))
        << path;
  }
  EXPECT_TRUE(Refresh(session.text("refreshToken")).ok());
}

}  // namespace
}  // namespace zonelink::test
