// SPDX-License-Identifier: Apache-2.0
#include "directory/domain/mandate.h"

#include <gtest/gtest.h>

namespace zonelink::directory {
namespace {

const Time kNow = *ParseTime("2026-03-02T15:59:00Z");  // 23:59 of 2 March in Shanghai
const Organization kPrincipal{.organization_id = "org-p", .uscc = "P", .name_zh = "委托人"};
const Organization kAgent{.organization_id = "org-a", .uscc = "A", .name_zh = "代理人"};

Caller Of(const std::string& organization) {
  return {.user_id = "user of " + organization, .organization_id = organization};
}

template <class T>
std::string Reason(const Result<T>& result) {
  return result ? "" : result.error().reason;
}

MandateTerms Terms(const char* from = "2026-03-02", const char* until = "2026-12-31") {
  MandateTerms terms = *ToTerms({}, {"file"});
  terms.valid_from = *ParseDate(from);
  terms.valid_until = *ParseDate(until);
  return terms;
}

TEST(Mandate, TermsHaveOneForm) {
  const auto terms = ToTerms({"b", "a", "b"}, {"read", "file", "read"});
  ASSERT_TRUE(terms);
  EXPECT_EQ(terms->item_ids, (std::vector<std::string>{"a", "b"}));
  EXPECT_EQ(terms->acts, (std::vector<Act>{Act::kFile, Act::kRead}));
  for (const char* name : {"file", "supplement", "withdraw", "read"}) {
    ASSERT_TRUE(ToTerms({}, {name})) << name;
    EXPECT_EQ(Name(ToTerms({}, {name})->acts[0]), name);
  }
  for (const char* name : {"", "FILE", "decide", "delegate"}) {
    EXPECT_EQ(Reason(ToTerms({}, {"file", name})), "MANDATE_ACT_UNKNOWN") << name;
  }
}

TEST(Mandate, GivenAsAsked) {
  const auto mandate = GiveMandate(Terms(), Of("org-p"), kPrincipal, kAgent, kNow);
  ASSERT_TRUE(mandate);
  EXPECT_EQ(mandate->state, MandateState::kActive);
  EXPECT_EQ(mandate->principal.organization_id, "org-p");
  EXPECT_EQ(mandate->agent.organization_id, "org-a");
  EXPECT_EQ(mandate->granted_by, "user of org-p");
  EXPECT_EQ(mandate->granted_at, kNow);
}

TEST(Mandate, Periods) {
  struct Case {
    const char* from;
    const char* until;
    const char* reason;
  };
  const Case cases[] = {
      {"2026-03-02", "2026-03-02", ""},
      {"2026-03-01", "2026-12-31", "MANDATE_PERIOD"},  // yesterday in Shanghai
      {"2026-03-03", "2026-03-02", "MANDATE_PERIOD"},
      {"2026-03-02", "2029-03-01", ""},
      {"2026-03-02", "2029-03-02", "MANDATE_PERIOD"},
      {"2030-01-01", "2032-12-31", ""},
      {"2030-01-01", "2033-01-01", "MANDATE_PERIOD"},
      {"2028-02-29", "2031-02-27", ""},
      {"2028-02-29", "2031-02-28", "MANDATE_PERIOD"},
      {"2026-03-02", "2026-02-01", "MANDATE_PERIOD"},
  };
  for (const Case& c : cases) {
    EXPECT_EQ(Reason(GiveMandate(Terms(c.from, c.until), Of("org-p"), kPrincipal, kAgent, kNow)),
              c.reason)
        << c.from << " to " << c.until;
  }
}

TEST(Mandate, NotToOneself) {
  EXPECT_EQ(Reason(GiveMandate(Terms(), Of("org-p"), kPrincipal, kPrincipal, kNow)),
            "MANDATE_TO_ONESELF");
}

// Every state × who ends it.
TEST(Mandate, EndedByEitherSide) {
  const Mandate given = *GiveMandate(Terms(), Of("org-p"), kPrincipal, kAgent, kNow);
  for (const MandateState state : {MandateState::kActive, MandateState::kRevoked}) {
    Mandate mandate = given;
    mandate.state = state;
    for (const char* organization : {"org-p", "org-a", "org-x", ""}) {
      const bool party =
          std::string(organization) == "org-p" || organization == kAgent.organization_id;
      const auto ended = EndMandate(mandate, Of(organization), "done", kNow);
      EXPECT_EQ(Reason(ended), !party                           ? "MANDATE_NOT_FOUND"
                               : state == MandateState::kActive ? ""
                                                                : "MANDATE_REVOKED")
          << Name(state) << " by " << organization;
      if (!ended) continue;
      EXPECT_EQ(ended->state, MandateState::kRevoked);
      EXPECT_EQ(ended->revoked_by, Of(organization).user_id);
      EXPECT_EQ(ended->revoked_by_organization_id, organization);
      EXPECT_EQ(ended->revoked_at, kNow);
      EXPECT_EQ(ended->revoke_reason, "done");
    }
  }
}

TEST(Mandate, NamesRoundTrip) {
  for (const MandateState state : {MandateState::kActive, MandateState::kRevoked}) {
    EXPECT_EQ(ParseMandateState(Name(state)), state);
  }
  EXPECT_EQ(ParseMandateState("GONE"), std::nullopt);
}

}  // namespace
}  // namespace zonelink::directory
