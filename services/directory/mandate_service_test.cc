// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "directory/event_rows_test.h"
#include "directory/test_directory.h"

namespace zonelink::directory {
namespace {

using std::chrono::days;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::UnorderedElementsAre;

class Mandates : public testing::Test {
 protected:
  struct Party {
    std::string id;
    std::string uscc;
    Call admin;
    Call filer;
  };
  Party NewParty(const std::string& zone) {
    const std::string id = directory.NewOrganization(zone);
    Party party{.id = id,
                .uscc = "",
                .admin = directory.Somebody("", id, {"enterprise_admin"}),
                .filer = directory.Somebody("", id, {"filer"})};
    party.uscc = party.admin.caller.organization_uscc;
    return party;
  }
  v1::CreateMandateRequest Request(const Party& agent) {
    v1::CreateMandateRequest request;
    request.set_agent_uscc(agent.uscc);
    request.add_acts("file");
    request.set_valid_from(FormatDate(today));
    request.set_valid_until(FormatDate(today + days{365}));
    return request;
  }
  v1::Mandate Give(const Party& by, const Party& agent) {
    const auto given = directory.mandates.CreateMandate(by.admin, Request(agent));
    EXPECT_TRUE(given) << ReasonOf(given);
    return *given;
  }
  std::string GetReason(const Call& call, const std::string& mandate_id) {
    v1::GetMandateRequest request;
    request.set_mandate_id(mandate_id);
    return ReasonOf(directory.mandates.GetMandate(call, request));
  }
  Result<v1::Mandate> Revoke(const Call& call, const std::string& mandate_id) {
    v1::RevokeMandateRequest request;
    request.set_mandate_id(mandate_id);
    request.set_reason("合作结束");
    return directory.mandates.RevokeMandate(call, request);
  }
  std::vector<std::string> SeenBy(const Call& call, v1::ListMandatesRequest request = {}) {
    std::vector<std::string> ids;
    do {
      const auto page = directory.mandates.ListMandates(call, request);
      EXPECT_TRUE(page);
      for (const auto& mandate : page->items()) ids.push_back(mandate.mandate_id());
      request.set_page_token(page->next_page_token());
    } while (!request.page_token().empty());
    return ids;
  }

  TestDirectory& directory = Directory();
  const Date today = ShanghaiDate(SystemClock().Now());
  const Party principal = NewParty("zhejiang");
  const Party agent = NewParty("jiangsu");
};

TEST_F(Mandates, AreGivenAsAsked) {
  auto request = Request(agent);
  request.add_item_ids("item-b");
  request.add_item_ids("item-a");
  request.add_acts("read");
  request.set_note("报关代理");
  const auto given = directory.mandates.CreateMandate(principal.admin, request);
  ASSERT_TRUE(given);
  EXPECT_EQ(given->principal().organization_id(), principal.id);
  EXPECT_EQ(given->principal().uscc(), principal.uscc);
  EXPECT_EQ(given->principal().name(), principal.admin.caller.organization_name);
  EXPECT_EQ(given->agent().organization_id(), agent.id);
  EXPECT_EQ(given->agent().name(), agent.admin.caller.organization_name);
  EXPECT_THAT(given->item_ids(), ElementsAre("item-a", "item-b"));
  EXPECT_THAT(given->acts(), ElementsAre("file", "read"));
  EXPECT_EQ(given->state(), v1::MANDATE_STATE_ACTIVE);
  EXPECT_EQ(given->granted_by(), principal.admin.caller.user_id);
  v1::GetMandateRequest get;
  get.set_mandate_id(given->mandate_id());
  for (const Call& call : {principal.admin, principal.filer, agent.admin, agent.filer}) {
    const auto seen = directory.mandates.GetMandate(call, get);
    ASSERT_TRUE(seen);
    EXPECT_EQ(seen->SerializeAsString(), given->SerializeAsString());
  }
  const std::string subject = "mandates/" + given->mandate_id();
  EXPECT_EQ(EventsOf(subject), "mandate.granted");
  EXPECT_EQ(PartiesOf(subject), fmt::format("org:{} org:{} service", principal.id, agent.id));
}

TEST_F(Mandates, Refusals) {
  const auto reason = [&](const Party& by, auto change) {
    auto request = Request(agent);
    change(request);
    return ReasonOf(directory.mandates.CreateMandate(by.admin, request));
  };
  EXPECT_EQ(reason(principal, [](auto& r) { r.set_agent_uscc("91310000MA1FL00X0X"); }),
            "ORGANIZATION_NOT_FOUND");
  EXPECT_EQ(reason(agent, [](auto&) {}), "MANDATE_TO_ONESELF");
  EXPECT_EQ(reason(principal, [](auto& r) { r.add_acts("decide"); }), "MANDATE_ACT_UNKNOWN");
  EXPECT_EQ(reason(principal, [&](auto& r) { r.set_valid_from(FormatDate(today - days{1})); }),
            "MANDATE_PERIOD");
  EXPECT_EQ(reason(principal, [&](auto& r) { r.set_valid_until(FormatDate(today + days{1097})); }),
            "MANDATE_PERIOD");
}

TEST_F(Mandates, TheSameIsGivenOnce) {
  auto request = Request(agent);
  for (int i = 0; i < 100; ++i) {
    request.add_item_ids(fmt::format("an-item-with-a-long-name-{:040}", i));
  }
  const auto first = directory.mandates.CreateMandate(principal.admin, request);
  ASSERT_TRUE(first) << ReasonOf(first);
  std::reverse(request.mutable_item_ids()->begin(), request.mutable_item_ids()->end());
  EXPECT_EQ(ReasonOf(directory.mandates.CreateMandate(principal.admin, request)), "MANDATE_EXISTS");
  auto other = request;
  other.mutable_item_ids()->RemoveLast();
  EXPECT_TRUE(directory.mandates.CreateMandate(principal.admin, other));
  ASSERT_TRUE(Revoke(principal.admin, first->mandate_id()));
  EXPECT_TRUE(directory.mandates.CreateMandate(principal.admin, request));
}

TEST_F(Mandates, OneKeyMakesOneMandate) {
  Call call = principal.admin;
  call.rpc = "zonelink.directory.v1.MandateService/CreateMandate";
  call.idempotency_key = "key of " + principal.id;
  const auto first = directory.mandates.CreateMandate(call, Request(agent));
  const auto second = directory.mandates.CreateMandate(call, Request(agent));
  ASSERT_TRUE(first && second);
  EXPECT_EQ(first->mandate_id(), second->mandate_id());
}

TEST_F(Mandates, StrangersSeeNothing) {
  const std::string id = Give(principal, agent).mandate_id();
  const Party stranger = NewParty("zhejiang");
  for (const Call& call :
       {stranger.admin, stranger.filer, directory.Somebody("zhejiang", "", {"zone_admin"}),
        directory.Somebody("jiangsu", "", {"verifier"}),
        directory.Somebody("", "", {"secretariat"}), directory.As("sysadmin")}) {
    EXPECT_EQ(GetReason(call, id), "MANDATE_NOT_FOUND");
    EXPECT_THAT(SeenBy(call), IsEmpty());
    EXPECT_EQ(ReasonOf(Revoke(call, id)), "MANDATE_NOT_FOUND");
  }
  const Call auditor = directory.Somebody("", "", {"auditor"});
  EXPECT_EQ(GetReason(auditor, id), "");
  EXPECT_THAT(SeenBy(auditor), testing::Contains(id));
  EXPECT_EQ(GetReason(principal.admin, "no-such-mandate"), "MANDATE_NOT_FOUND");
}

TEST_F(Mandates, EitherSideEndsThem) {
  for (const Party* by : {&principal, &agent}) {
    const std::string id = Give(principal, agent).mandate_id();
    const auto ended = Revoke(by->admin, id);
    ASSERT_TRUE(ended);
    EXPECT_EQ(ended->state(), v1::MANDATE_STATE_REVOKED);
    EXPECT_EQ(ended->revoked_by_organization_id(), by->id);
    EXPECT_EQ(ended->revoke_reason(), "合作结束");
    EXPECT_TRUE(ended->has_revoked_at());
    EXPECT_EQ(EventsOf("mandates/" + id), "mandate.granted mandate.revoked");
    EXPECT_EQ(ReasonOf(Revoke(principal.admin, id)), "MANDATE_REVOKED");
  }
}

// An agent's mandate to a third is for the agent's own cases.
TEST_F(Mandates, AreNotPassedOn) {
  const std::string received = Give(principal, agent).mandate_id();
  const Party third = NewParty("hainan");
  const v1::Mandate own = Give(agent, third);
  EXPECT_EQ(own.principal().organization_id(), agent.id);
  EXPECT_THAT(SeenBy(third.filer), ElementsAre(own.mandate_id()));
  EXPECT_EQ(GetReason(third.admin, received), "MANDATE_NOT_FOUND");
}

TEST_F(Mandates, Lists) {
  const Party third = NewParty("hainan");
  const std::string given = Give(agent, third).mandate_id();
  const std::string received = Give(principal, agent).mandate_id();
  const std::string ended = Give(third, agent).mandate_id();
  ASSERT_TRUE(Revoke(agent.admin, ended));
  v1::ListMandatesRequest request;
  request.set_page_size(1);
  EXPECT_THAT(SeenBy(agent.filer, request), ElementsAre(ended, received, given));
  request.set_side("agent");
  EXPECT_THAT(SeenBy(agent.filer, request), ElementsAre(ended, received));
  request.set_state(v1::MANDATE_STATE_ACTIVE);
  EXPECT_THAT(SeenBy(agent.filer, request), ElementsAre(received));
  request.set_side("principal");
  EXPECT_THAT(SeenBy(agent.filer, request), ElementsAre(given));
  v1::ListMandatesRequest of_third;
  of_third.set_uscc(third.uscc);
  EXPECT_THAT(SeenBy(agent.admin, of_third), UnorderedElementsAre(given, ended));
  of_third.set_state(v1::MANDATE_STATE_REVOKED);
  EXPECT_THAT(SeenBy(agent.admin, of_third), ElementsAre(ended));
  of_third.set_page_token("forged");
  EXPECT_EQ(ReasonOf(directory.mandates.ListMandates(agent.admin, of_third)), "PAGE_TOKEN_INVALID");
}

// Policies refuse what a service with a hole in its rules would let through.
TEST_F(Mandates, PoliciesStandBehindTheRules) {
  static constexpr db::Sql kForge{"test.forge_mandate", R"sql(
    INSERT INTO mandate (mandate_id, principal_organization_id, principal_uscc, principal_name,
                         principal_zone, agent_organization_id, agent_uscc, agent_name, item_ids,
                         acts, valid_from, valid_until, note, state, granted_by, granted_at)
    VALUES (gen_random_uuid(), $1, '', '', '', $2, '', '', '{}', '{file}', '2030-01-01',
            '2030-01-01', '', 'ACTIVE', $3, now())
  )sql"};
  static constexpr db::Sql kRevive{"test.revive_mandate", R"sql(
    UPDATE mandate SET state = 'ACTIVE', revoked_at = NULL WHERE mandate_id = $1
  )sql"};
  const auto forge = [&](const Call& call, const std::string& principal_id,
                         const std::string& agent_id, const std::string& user) {
    return directory.database
        .Command<v1::Mandate>(call, v1::Mandate(),
                              [&](db::Tx& tx) -> Result<v1::Mandate> {
                                tx.Exec(kForge, principal_id, agent_id, user);
                                return v1::Mandate();
                              })
        .has_value();
  };
  const std::string& me = principal.admin.caller.user_id;
  EXPECT_FALSE(forge(principal.admin, agent.id, principal.id, me));
  EXPECT_FALSE(forge(principal.admin, principal.id, agent.id, "another"));
  EXPECT_FALSE(forge(principal.admin, principal.id, principal.id, me));
  EXPECT_FALSE(forge(principal.filer, principal.id, agent.id, principal.filer.caller.user_id));
  EXPECT_TRUE(forge(principal.admin, principal.id, agent.id, me));
  const std::string ended = Give(principal, agent).mandate_id();
  ASSERT_TRUE(Revoke(principal.admin, ended));
  EXPECT_FALSE(directory.database.Command<v1::Mandate>(principal.admin, v1::Mandate(),
                                                       [&](db::Tx& tx) -> Result<v1::Mandate> {
                                                         tx.Exec(kRevive, ended);
                                                         return v1::Mandate();
                                                       }));
}

}  // namespace
}  // namespace zonelink::directory
