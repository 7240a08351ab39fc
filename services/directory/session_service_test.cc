// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <thread>

#include "directory/test_directory.h"

namespace zonelink::directory {
namespace {

using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::seconds;
using testing::Contains;
using testing::ElementsAre;
using testing::Not;

class Sessions : public testing::Test {
 protected:
  void SetUp() override {
    name = directory.NewName();
    user_id = directory.NewUser(name, "", "", {"auditor"});
  }
  void TearDown() override { directory.clock.moved = std::chrono::microseconds{0}; }

  void Fail(const std::string& username) {
    EXPECT_EQ(ReasonOf(directory.Login(username, "not this one")), "LOGIN_FAILED");
  }
  Result<pb::Session> Refresh(const std::string& token) {
    pb::RefreshSessionRequest request;
    request.set_refresh_token(token);
    return directory.service.RefreshSession(directory.Nobody(), request);
  }
  Result<pb::SessionInfo> Revoke(const Call& call, const std::string& session_id) {
    pb::RevokeSessionRequest request;
    request.set_session_id(session_id);
    return directory.service.RevokeSession(call, request);
  }
  Result<pb::Me> ChangePassword(const Call& call, const std::string& from, const std::string& to) {
    pb::ChangePasswordRequest request;
    request.set_old_password(from);
    request.set_new_password(to);
    return directory.service.ChangePassword(call, request);
  }
  std::vector<std::string> Listed(const Call& call) {
    std::vector<std::string> ids;
    const auto reply = directory.service.ListSessions(call, {});
    for (const auto& info : reply->items()) {
      ids.push_back(info.session_id());
    }
    return ids;
  }

  TestDirectory& directory = Directory();
  std::string name;
  std::string user_id;
};

TEST_F(Sessions, LoginGivesATokenThatSaysWhoItIs) {
  const std::string organization = directory.NewOrganization("shanghai");
  const std::string filer = directory.NewName();
  const std::string filer_id = directory.NewUser(filer, "", organization, {"filer"});
  const auto session = directory.Login(filer);
  ASSERT_TRUE(session);
  const auto call = directory.WithToken(session->access_token());
  ASSERT_TRUE(call);
  EXPECT_EQ(call->caller.user_id, filer_id);
  EXPECT_EQ(call->caller.session_id, session->session_id());
  EXPECT_EQ(call->caller.username, filer);
  EXPECT_EQ(call->caller.organization_id, organization);
  EXPECT_EQ(call->caller.organization_uscc.size(), 18u);
  EXPECT_EQ(call->caller.organization_zone, "shanghai");
  EXPECT_THAT(call->caller.roles, ElementsAre("filer"));

  const auto me = directory.service.GetMe(*call, {});
  ASSERT_TRUE(me);
  EXPECT_EQ(me->user_id(), filer_id);
  EXPECT_EQ(me->name(), "测试用户");
  EXPECT_FALSE(me->has_zone());
  EXPECT_EQ(me->organization().uscc(), call->caller.organization_uscc);
  EXPECT_THAT(me->roles(), ElementsAre("filer"));
}

TEST_F(Sessions, WrongUnknownAndClosedLookAlike) {
  EXPECT_EQ(ReasonOf(directory.Login(name, "not this one")), "LOGIN_FAILED");
  EXPECT_EQ(ReasonOf(directory.Login(directory.NewName(), "not this one")), "LOGIN_FAILED");
  pb::DisableUserRequest request;
  request.set_user_id(user_id);
  request.set_reason("departs");
  ASSERT_TRUE(directory.service.DisableUser(directory.As("sysadmin"), request));
  EXPECT_EQ(ReasonOf(directory.Login(name)), "LOGIN_FAILED");
}

TEST_F(Sessions, FiveFailuresLockTheNameForFifteenMinutes) {
  for (int i = 0; i < 5; ++i) {
    EXPECT_EQ(ReasonOf(directory.Login(name, "not this one")), "LOGIN_FAILED") << i;
  }
  const auto locked = directory.Login(name);
  ASSERT_EQ(ReasonOf(locked), "LOGIN_LOCKED");
  EXPECT_EQ(locked.error().code, Code::kResourceExhausted);
  directory.clock.moved = minutes{14};
  EXPECT_EQ(ReasonOf(directory.Login(name)), "LOGIN_LOCKED");
  directory.clock.moved = minutes{16};
  EXPECT_EQ(ReasonOf(directory.Login(name, "not this one")), "LOGIN_FAILED");
  EXPECT_TRUE(directory.Login(name));
}

TEST_F(Sessions, UnknownNamesLockTheSameAndSuccessForgets) {
  const std::string unknown = directory.NewName();
  for (int i = 0; i < 5; ++i) Fail(unknown);
  EXPECT_EQ(ReasonOf(directory.Login(unknown, "not this one")), "LOGIN_LOCKED");
  for (int round = 0; round < 2; ++round) {
    for (int i = 0; i < 4; ++i) Fail(name);
    EXPECT_TRUE(directory.Login(name)) << round;
  }
}

TEST_F(Sessions, ParallelGuessesDoNotSlipPastTheLock) {
  std::atomic<int> failed{0};
  std::vector<std::thread> threads;
  for (int i = 0; i < 12; ++i) {
    threads.emplace_back([&] {
      if (ReasonOf(directory.Login(name, "not this one")) == "LOGIN_FAILED") ++failed;
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(failed, 5);
  EXPECT_EQ(ReasonOf(directory.Login(name)), "LOGIN_LOCKED");
}

TEST_F(Sessions, RefreshRotatesAndReuseEndsTheSession) {
  const auto first = directory.Login(name);
  ASSERT_TRUE(first);
  const auto second = Refresh(first->refresh_token());
  ASSERT_TRUE(second);
  EXPECT_EQ(second->session_id(), first->session_id());
  EXPECT_NE(second->refresh_token(), first->refresh_token());
  ASSERT_TRUE(directory.WithToken(second->access_token()));
  EXPECT_THAT(directory.Revocations(), Not(Contains(first->session_id())));

  EXPECT_EQ(ReasonOf(Refresh(first->refresh_token())), "REFRESH_REFUSED");
  EXPECT_EQ(ReasonOf(Refresh(second->refresh_token())), "REFRESH_REFUSED");
  EXPECT_THAT(directory.Revocations(), Contains(first->session_id()));
  EXPECT_EQ(
      directory.scratch.AdminText("SELECT ground FROM directory.session WHERE session_id = '" +
                                  first->session_id() + "'"),
      "REFRESH_REUSED");
}

TEST_F(Sessions, OneOfTwoParallelRefreshesIsAReuse) {
  const auto session = directory.Login(name);
  std::atomic<int> good{0};
  std::vector<std::thread> threads;
  for (int i = 0; i < 4; ++i) {
    threads.emplace_back([&] { good += Refresh(session->refresh_token()).has_value(); });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(good, 1);
  EXPECT_THAT(directory.Revocations(), Contains(session->session_id()));
}

TEST_F(Sessions, RefreshTokensExpireAndForgedOnesAreRefused) {
  const auto session = directory.Login(name);
  EXPECT_EQ(ReasonOf(Refresh("no-such-token")), "REFRESH_REFUSED");
  directory.clock.moved = hours{12} + seconds{1};
  EXPECT_EQ(ReasonOf(Refresh(session->refresh_token())), "REFRESH_REFUSED");
  EXPECT_THAT(Listed(directory.As("sysadmin")), Not(Contains(session->session_id())));
}

TEST_F(Sessions, TokensLiveTenMinutes) {
  const auto session = directory.Login(name);
  directory.clock.moved = minutes{9};
  EXPECT_TRUE(directory.WithToken(session->access_token()));
  directory.clock.moved = minutes{11};
  EXPECT_EQ(ReasonOf(directory.WithToken(session->access_token())), "TOKEN_EXPIRED");
}

TEST_F(Sessions, ListAndRevokeOnesOwn) {
  const auto first = directory.Login(name);
  const auto second = directory.Login(name);
  const Call call = *directory.WithToken(second->access_token());
  EXPECT_THAT(Listed(call), ElementsAre(second->session_id(), first->session_id()));
  EXPECT_TRUE(directory.service.ListSessions(call, {})->items(0).current());

  const auto ended = Revoke(call, first->session_id());
  ASSERT_TRUE(ended);
  EXPECT_FALSE(ended->current());
  EXPECT_EQ(ReasonOf(Revoke(call, first->session_id())), "SESSION_NOT_FOUND");
  EXPECT_EQ(ReasonOf(Refresh(first->refresh_token())), "REFRESH_REFUSED");
  EXPECT_THAT(directory.Revocations(), Contains(first->session_id()));
  EXPECT_THAT(Listed(call), ElementsAre(second->session_id()));

  ASSERT_TRUE(Revoke(call, second->session_id()));
  EXPECT_EQ(
      directory.scratch.AdminText("SELECT ground FROM directory.session WHERE session_id = '" +
                                  second->session_id() + "'"),
      "LOGOUT");
}

TEST_F(Sessions, NobodyRevokesAnothersSession) {
  const auto session = directory.Login(name);
  for (const char* other : {"sysadmin", "secadmin", "auditadmin"}) {
    EXPECT_EQ(ReasonOf(Revoke(directory.As(other), session->session_id())), "SESSION_NOT_FOUND");
  }
  EXPECT_TRUE(Refresh(session->refresh_token()));
}

TEST_F(Sessions, RevocationsAreForgottenWhenNoTokenCanBeAlive) {
  const auto session = directory.Login(name);
  ASSERT_TRUE(Revoke(*directory.WithToken(session->access_token()), session->session_id()));
  directory.clock.moved = seconds{655};
  EXPECT_THAT(directory.Revocations(), Contains(session->session_id()));
  directory.clock.moved = seconds{665};
  EXPECT_THAT(directory.Revocations(), Not(Contains(session->session_id())));
}

TEST_F(Sessions, ChangePasswordEndsTheOtherSessions) {
  const auto other = directory.Login(name);
  const auto current = directory.Login(name);
  const Call call = *directory.WithToken(current->access_token());
  const std::string fresh = "ein anderes Wort 7";
  EXPECT_EQ(ReasonOf(ChangePassword(call, "not this one", fresh)), "PASSWORD_WRONG");
  EXPECT_EQ(ReasonOf(ChangePassword(call, kTestPassword, "password123")), "PASSWORD_WEAK");
  EXPECT_EQ(ReasonOf(ChangePassword(call, kTestPassword, name + "-x")), "PASSWORD_WEAK");
  const auto changed = ChangePassword(call, kTestPassword, fresh);
  ASSERT_TRUE(changed);
  EXPECT_EQ(changed->user_id(), user_id);
  EXPECT_EQ(ReasonOf(Refresh(other->refresh_token())), "REFRESH_REFUSED");
  EXPECT_TRUE(Refresh(current->refresh_token()));
  EXPECT_EQ(ReasonOf(directory.Login(name)), "LOGIN_FAILED");
  EXPECT_TRUE(directory.Login(name, fresh));
}

TEST_F(Sessions, WrongOldPasswordsLockToo) {
  const Call call = directory.As(name);
  for (int i = 0; i < 5; ++i) {
    EXPECT_EQ(ReasonOf(ChangePassword(call, "not this one", "ein anderes Wort 7")),
              "PASSWORD_WRONG");
  }
  EXPECT_EQ(ReasonOf(ChangePassword(call, kTestPassword, "ein anderes Wort 7")), "LOGIN_LOCKED");
}

TEST_F(Sessions, KeysArePublished) {
  const auto keys = directory.service.ListKeys(directory.Nobody(), {});
  ASSERT_EQ(keys->keys_size(), 2);
  EXPECT_EQ(keys->keys(0).kty(), "OKP");
  EXPECT_EQ(keys->keys(0).alg(), "EdDSA");
  EXPECT_EQ(keys->keys(0).x().size(), 43u);
  EXPECT_NE(keys->keys(0).kid(), keys->keys(1).kid());
}

}  // namespace
}  // namespace zonelink::directory
