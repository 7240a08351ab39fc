// SPDX-License-Identifier: Apache-2.0
#include "directory/domain/delegation.h"

#include <gtest/gtest.h>

namespace zonelink::directory {
namespace {

using std::chrono::days;
using std::chrono::hours;
using std::chrono::microseconds;

const Time kNow = *ParseTime("2026-03-02T02:00:00Z");  // 10:00 in Shanghai

Account Officer() {
  return {.user_id = "officer",
          .name = "张审批",
          .zone = "zhejiang",
          .department = "customs",
          .roles = {Role::kVerifier, Role::kReviewer}};
}
Account Deputy() {
  return {.user_id = "deputy", .name = "李代办", .zone = "zhejiang", .department = "customs"};
}
DelegationWish Wish(std::vector<Role> roles = {Role::kVerifier}) {
  return {.roles = std::move(roles), .from = {}, .until = kNow + days{7}, .reason = "leave"};
}
Delegation Standing(const std::string& user, const std::string& deputy, Time from, Time until) {
  return {.user_id = user,
          .zone = "zhejiang",
          .deputy_user_id = deputy,
          .roles = {Role::kVerifier},
          .from = from,
          .until = until};
}

template <class T>
std::string Reason(const Result<T>& result) {
  return result ? "" : result.error().reason;
}
std::string Reason(const DelegationWish& wish, std::vector<Delegation> standing = {}) {
  return Reason(Delegate(wish, Officer(), Deputy(), standing, kNow));
}

TEST(Delegation, MadeAsAsked) {
  const auto made = Delegate(Wish({Role::kReviewer, Role::kVerifier, Role::kReviewer}), Officer(),
                             Deputy(), {}, kNow);
  ASSERT_TRUE(made);
  EXPECT_EQ(made->user_id, "officer");
  EXPECT_EQ(made->name, "张审批");
  EXPECT_EQ(made->zone, "zhejiang");
  EXPECT_EQ(made->deputy_user_id, "deputy");
  EXPECT_EQ(made->deputy_name, "李代办");
  EXPECT_EQ(made->roles, (std::vector<Role>{Role::kVerifier, Role::kReviewer}));
  EXPECT_EQ(made->from, kNow);
  EXPECT_EQ(made->until, kNow + days{7});
  EXPECT_EQ(made->state, DelegationState::kActive);
}

TEST(Delegation, WhoCanBeDeputy) {
  struct Case {
    const char* what;
    Account deputy;
    const char* reason;
  };
  std::vector<Case> cases = {{"colleague", Deputy(), ""},
                             {"oneself", Officer(), "DELEGATION_TO_ONESELF"}};
  const auto add = [&](const char* what, const char* reason, auto change) {
    cases.push_back({what, Deputy(), reason});
    change(cases.back().deputy);
  };
  add("other zone", "DEPUTY_NOT_FOUND", [](Account& a) { a.zone = "jiangsu"; });
  add("no zone", "DEPUTY_NOT_FOUND", [](Account& a) { a.zone = ""; });
  add("closed", "DEPUTY_NOT_FOUND", [](Account& a) { a.disabled = true; });
  add("other department", "DEPUTY_DEPARTMENT", [](Account& a) { a.department = "tax"; });
  add("no department", "DEPUTY_DEPARTMENT", [](Account& a) { a.department = ""; });
  for (const Role role : AllRoles()) {
    add("role held", DutyOf(role) == Duty::kBusiness ? "" : "ROLES_INCOMPATIBLE",
        [&](Account& a) { a.roles = {role}; });
  }
  for (const Case& c : cases) {
    EXPECT_EQ(Reason(Delegate(Wish(), Officer(), c.deputy, {}, kNow)), c.reason) << c.what;
  }
  Account without_department = Officer();
  without_department.department = "";
  EXPECT_EQ(Reason(Delegate(Wish(), without_department, Deputy(), {}, kNow)), "");
}

// Every role: held or not.
TEST(Delegation, OnlyOfficersRolesThatAreHeld) {
  for (const Role role : AllRoles()) {
    const bool officers = role == Role::kVerifier || role == Role::kReviewer ||
                          role == Role::kInspector || role == Role::kReleaser;
    EXPECT_EQ(MayBeDelegated(role), officers) << Name(role);
    Account officer = Officer();
    officer.roles = {role};
    EXPECT_EQ(Reason(Delegate(Wish({role}), officer, Deputy(), {}, kNow)),
              officers ? "" : "DELEGATION_ROLE")
        << Name(role);
    officer.roles = {};
    EXPECT_EQ(Reason(Delegate(Wish({role}), officer, Deputy(), {}, kNow)),
              officers ? "ROLE_NOT_HELD" : "DELEGATION_ROLE")
        << Name(role);
  }
  EXPECT_EQ(Reason(Wish({Role::kVerifier, Role::kInspector})), "ROLE_NOT_HELD");
}

TEST(Delegation, Periods) {
  struct Case {
    std::optional<Time> from;
    Time until;
    const char* reason;
  };
  const Time midnight = *ParseTime("2026-03-01T16:00:00Z");  // 2 March begins in Shanghai
  const Case cases[] = {
      {{}, kNow + microseconds{1}, ""},
      {{}, kNow, "DELEGATION_PERIOD"},
      {{}, kNow - hours{1}, "DELEGATION_PERIOD"},
      {{}, kNow + days{90}, ""},
      {{}, kNow + days{90} + microseconds{1}, "DELEGATION_PERIOD"},
      {midnight, kNow + days{1}, ""},
      {midnight, kNow - hours{1}, "DELEGATION_PERIOD"},
      {midnight - microseconds{1}, kNow + days{1}, "DELEGATION_PERIOD"},
      {kNow + days{30}, kNow + days{120}, ""},
      {kNow + days{30}, kNow + days{121}, "DELEGATION_PERIOD"},
      {kNow + days{30}, kNow + days{30}, "DELEGATION_PERIOD"},
      {kNow + days{30}, kNow + days{29}, "DELEGATION_PERIOD"},
  };
  for (const Case& c : cases) {
    DelegationWish wish = Wish();
    wish.from = c.from;
    wish.until = c.until;
    EXPECT_EQ(Reason(wish), c.reason)
        << FormatTime(c.from.value_or(kNow)) << " to " << FormatTime(c.until);
  }
  DelegationWish wish = Wish();
  wish.from = midnight;
  EXPECT_EQ(Delegate(wish, Officer(), Deputy(), {}, kNow)->from, kNow) << "never back-dated";
  wish.from = kNow + days{1};
  EXPECT_EQ(Delegate(wish, Officer(), Deputy(), {}, kNow)->from, kNow + days{1});
}

// What stands × when: the wish is for seven days from now.
TEST(Delegation, DepthOne) {
  struct Case {
    const char* user;
    const char* deputy;
    const char* reason;
  };
  const Case cases[] = {
      {"boss", "officer", "DELEGATION_CHAIN"},    // the officer stands in for somebody
      {"deputy", "third", "DELEGATION_CHAIN"},    // the deputy has a deputy
      {"deputy", "officer", "DELEGATION_CHAIN"},  // one another's
      {"officer", "deputy", "DELEGATION_EXISTS"},
      {"officer", "third", ""},  // two deputies
      {"third", "deputy", ""},   // the deputy of two
  };
  for (const Case& c : cases) {
    EXPECT_EQ(Reason(Wish(), {Standing(c.user, c.deputy, kNow - days{1}, kNow + days{1})}),
              c.reason)
        << c.user << " to " << c.deputy;
    EXPECT_EQ(Reason(Wish(), {Standing(c.user, c.deputy, kNow - days{2}, kNow)}), "") << "over";
    EXPECT_EQ(Reason(Wish(), {Standing(c.user, c.deputy, kNow + days{7}, kNow + days{9})}), "")
        << "later";
  }
  EXPECT_EQ(Reason(Wish({Role::kReviewer}), {Standing("officer", "deputy", kNow, kNow + days{1})}),
            "")
      << "another role";
}

// Every state × who ends it.
TEST(Delegation, WhoEndsIt) {
  const Delegation made = *Delegate(Wish(), Officer(), Deputy(), {}, kNow);
  struct Who {
    Caller by;
    bool may;
  };
  const Who people[] = {
      {{.user_id = "officer", .zone = "zhejiang"}, true},
      {{.user_id = "deputy", .zone = "zhejiang"}, true},
      {{.user_id = "admin", .zone = "zhejiang", .roles = {"zone_admin"}}, true},
      {{.user_id = "admin", .zone = "jiangsu", .roles = {"zone_admin"}}, false},
      {{.user_id = "colleague", .zone = "zhejiang", .roles = {"verifier", "reviewer"}}, false},
      {{.user_id = "system", .roles = {"system_admin"}}, false},
  };
  for (const DelegationState state : {DelegationState::kActive, DelegationState::kRevoked}) {
    Delegation delegation = made;
    delegation.state = state;
    for (const Who& who : people) {
      const auto ended = EndDelegation(delegation, who.by, "back", kNow);
      EXPECT_EQ(Reason(ended), !who.may                             ? "DELEGATION_NOT_FOUND"
                               : state == DelegationState::kRevoked ? "DELEGATION_REVOKED"
                                                                    : "")
          << who.by.user_id << " " << Name(state);
      if (!ended) continue;
      EXPECT_EQ(ended->state, DelegationState::kRevoked);
      EXPECT_EQ(ended->revoked_by, who.by.user_id);
      EXPECT_EQ(ended->revoke_reason, "back");
    }
  }
}

TEST(Delegation, NamesRoundTrip) {
  for (const DelegationState state : {DelegationState::kActive, DelegationState::kRevoked}) {
    EXPECT_EQ(ParseDelegationState(Name(state)), state);
  }
  EXPECT_EQ(ParseDelegationState("GONE"), std::nullopt);
}

}  // namespace
}  // namespace zonelink::directory
