// SPDX-License-Identifier: Apache-2.0
// Agents: what they do and see in a principal's case, and that it ends with the mandate.
#include <fmt/format.h>
#include <google/protobuf/empty.pb.h>

#include "platform/clocks/clock_store.h"
#include "recognition/domain/decision_deadline.h"
#include "recognition/mandate_store.h"
#include "recognition/test_cases.h"
#include "recognition/vault_store.h"
#include "zonelink/events/v1/directory_events.pb.h"
#include "zonelink/events/v1/documents_events.pb.h"

namespace zonelink::recognition {
namespace {

using testing::HasSubstr;
using testing::Not;

using Texts = std::vector<std::string>;

const Texts kActs = {"file", "supplement", "withdraw"};

class AgentsTest : public CaseTest {
 protected:
  struct Mandate {
    Texts acts = kActs;
    Texts items = {};  // empty: all
    std::string until = "2027-12-31";
  };
  // Its id.
  std::string Give(const Mandate& given) {
    events::v1::MandateChanged mandate;
    mandate.set_mandate_id(fmt::format("m-{}-{}", ++mandates_, agent_.caller.organization_id));
    for (const std::string& act : given.acts) mandate.add_acts(act);
    for (const std::string& item : given.items) mandate.add_item_ids(item);
    mandate.set_valid_until(given.until);
    mandate.set_state("ACTIVE");
    Hear(mandate);
    return mandate.mandate_id();
  }
  void Revoke(const std::string& id) {
    events::v1::MandateChanged mandate;
    mandate.set_mandate_id(id);
    mandate.set_valid_until("2026-01-01");
    mandate.set_state("REVOKED");
    Hear(mandate);
  }

  // What the agent files for zhejiang; `shape` changes it.
  std::string FileByAgent(const ShapeFiling& shape = {}) {
    item_ = t_.NewItem([](pb::Item& item) { item.add_deferrable_documents("invoice"); });
    t_.Agree(item_, "zhejiang", pb::MODE_REVIEW);
    pb::SubmitFilingRequest request = t_.Submission(filer_, item_, {"zhejiang"});
    if (shape) shape(request);
    return Must(t_.Submit(agent_, request)).filing_id();
  }
  std::string WithdrawAs(const Call& by, const std::string& id) {
    pb::WithdrawFilingRequest request;
    request.set_filing_id(id);
    return ReasonOf(t_.service.WithdrawFiling(by, request));
  }
  std::string HandInAs(const Call& by, const std::string& id, const std::string& kind) {
    pb::SupplementFilingRequest request;
    request.set_filing_id(id);
    pb::Document* document = request.add_documents();
    document->set_title(kind);
    document->set_sha256(std::string(64, 'b'));
    document->set_media_type("application/pdf");
    document->set_size_bytes(7);
    document->set_kind(kind);
    return ReasonOf(t_.service.SupplementFiling(by, request));
  }
  std::string TimelineAs(const Call& by, const std::string& id) {
    pb::GetFilingTimelineRequest request;
    request.set_filing_id(id);
    return ReasonOf(t_.service.GetFilingTimeline(by, request));
  }
  int Listed(const Call& by) {
    return Must(t_.service.ListFilings(by, pb::ListFilingsRequest())).items_size();
  }
  // Of the filing's newest event.
  std::string LastParties(const std::string& id) {
    return t_.scratch.AdminText(
        fmt::format("SELECT array_to_string(parties, ' ') FROM recognition.events WHERE subject = "
                    "'filings/{}' ORDER BY version DESC LIMIT 1",
                    id));
  }
  std::string Party() const { return "org:" + agent_.caller.organization_id; }
  // An officer of zhejiang who belongs to the agent too: sees the case by the zone.
  Call Both() {
    Call both = t_.Officer("zhejiang", "zone_admin");
    both.caller.organization_id = agent_.caller.organization_id;
    return both;
  }
  // As if a policy showed what it must not.
  void ShowEverything(bool show) {
    for (const char* table : {"filings", "filing_parties", "decisions", "deferred_papers", "items",
                              "filing_extras", "suspensions", "documents", "clocks"}) {
      const std::string verb = show ? "CREATE" : "DROP";
      const std::string what = show ? " FOR SELECT TO zl_recognition USING (true)" : "";
      t_.scratch.Admin(fmt::format("{} POLICY planted ON recognition.{}{}", verb, table, what));
    }
  }

  const Call agent_ = t_.Filer("agent-of-" + filer_.caller.organization_id);
  std::string item_;  // of the newest filing

 private:
  void Hear(events::v1::MandateChanged mandate) {
    mandate.set_principal_organization_id(filer_.caller.organization_id);
    mandate.set_principal_uscc(filer_.caller.organization_uscc);
    mandate.set_agent_organization_id(agent_.caller.organization_id);
    mandate.set_valid_from("2026-01-01");
    events::v1::Event event;
    event.set_type("zonelink.directory.mandate.granted");
    event.set_body(mandate.SerializeAsString());
    Must(
        t_.database.System("mandate", [&](db::Tx& tx) { return mandate_store::Apply(tx, event); }));
  }

  int mandates_ = 0;
};

TEST_F(AgentsTest, EachActNeedsAMandateForIt) {
  Give({.acts = {"file"}});
  const std::string id = FileByAgent();
  Must(Ask(id, verifier_, {"packing-list"}));
  Give({.acts = {"supplement", "withdraw"}, .items = {"another-item"}});
  EXPECT_EQ(WithdrawAs(agent_, id), "FOREIGN_APPLICANT");
  EXPECT_EQ(HandInAs(agent_, id, "packing-list"), "FOREIGN_APPLICANT");
  EXPECT_EQ(State(id), "SUPPLEMENTING");
  Give({.acts = {"supplement"}, .items = {"another-item", item_}});
  EXPECT_EQ(WithdrawAs(agent_, id), "FOREIGN_APPLICANT");
  EXPECT_EQ(HandInAs(agent_, id, "packing-list"), "");
  Give({.acts = {"withdraw"}});
  EXPECT_EQ(WithdrawAs(agent_, id), "");
  EXPECT_EQ(State(id), "WITHDRAWN");
}

TEST_F(AgentsTest, WhatIsDeferredIsHandedInUnderAMandateForIt) {
  const std::string filing = Give({.acts = {"file"}});
  const std::string id = FileByAgent([](pb::SubmitFilingRequest& request) {
    request.mutable_documents()->Clear();
    pb::Document* list = request.add_documents();
    list->set_title("list");
    list->set_sha256(std::string(64, 'a'));
    list->set_media_type("application/pdf");
    list->set_size_bytes(7);
    list->set_kind("packing-list");
    auto* later = request.add_deferred_documents();
    later->set_kind("invoice");
    later->set_promised_on("2026-03-06");
  });
  EXPECT_EQ(HandInAs(agent_, id, "invoice"), "FOREIGN_APPLICANT");
  const std::string more = Give({.acts = {"supplement"}});
  EXPECT_EQ(HandInAs(agent_, id, "invoice"), "");
  // The row itself may be changed under a mandate, by the applicant, and by nobody else.
  const std::string change =
      fmt::format("UPDATE deferred_papers SET handed_in_at = now() WHERE filing_id = '{}'", id);
  ShowEverything(true);
  EXPECT_EQ(t_.Writes(agent_, change), 1);
  Revoke(filing);
  Revoke(more);
  EXPECT_EQ(t_.Writes(agent_, change), 0);
  EXPECT_EQ(t_.Writes(filer_, change), 1);
  ShowEverything(false);
}

// However it ends, and whoever else may go on.
TEST_F(AgentsTest, TheCaseIsUnknownToItAfterTheMandate) {
  for (const bool revoked : {true, false}) {
    SCOPED_TRACE(revoked ? "revoked" : "expired");
    t_.SetClock("2026-03-02T01:00:00Z");
    const std::string mandate = Give({.until = "2026-03-04"});
    const std::string id = FileByAgent();
    Must(Accept(id, verifier_));
    EXPECT_THAT(LastParties(id), HasSubstr(Party()));
    t_.SetClock("2026-03-04T15:59:00Z");  // the last minute of the last day
    EXPECT_EQ(ReasonOf(Get(id, agent_)), "");
    EXPECT_EQ(TimelineAs(agent_, id), "");
    EXPECT_EQ(Listed(agent_), revoked ? 1 : 2) << "with that of the mandate before";
    Must(Remind(id, agent_));
    Must(AskRecusal(id, agent_, second_));
    if (revoked) Revoke(mandate);
    if (!revoked) t_.SetClock("2026-03-04T16:00:00Z");
    EXPECT_EQ(ReasonOf(Get(id, agent_)), "FILING_NOT_FOUND");
    EXPECT_EQ(TimelineAs(agent_, id), "FILING_NOT_FOUND");
    EXPECT_EQ(Listed(agent_), 0);
    EXPECT_EQ(WithdrawAs(agent_, id), "FILING_NOT_FOUND");
    EXPECT_EQ(HandInAs(agent_, id, "packing-list"), "FILING_NOT_FOUND");
    EXPECT_EQ(StateOf(Remind(id, agent_)), "FILING_NOT_FOUND");
    EXPECT_EQ(StateOf(AskRecusal(id, agent_, reviewer_)), "FILING_NOT_FOUND");
    for (const char* table : {"filings", "filing_parties", "decisions", "documents",
                              "filing_extras", "clocks", "review_lines", "review_people"}) {
      const bool platform = table[0] == 'c' || table[0] == 'r';
      const std::string of = fmt::format("{} = '{}'", platform ? "case_id" : "filing_id", id);
      EXPECT_EQ(t_.Sees(agent_, table, of), 0) << table;
      EXPECT_GT(t_.Sees(filer_, table, of), 0) << table;
      EXPECT_GT(t_.Sees(verifier_, table, of), 0) << table;
      EXPECT_GT(t_.Sees(Both(), table, of), 0) << table;
    }
    const std::string history = fmt::format("subject = 'filings/{}'", id);
    EXPECT_EQ(t_.Sees(agent_, "events", history), 0);
    EXPECT_GT(t_.Sees(filer_, "events", history), 0);
    EXPECT_GT(t_.Sees(Both(), "events", history), 0);
    // Another mandate, and it sees what it filed again.
    const std::string again = Give({.acts = {"read"}, .items = {item_}, .until = "2026-03-31"});
    EXPECT_EQ(ReasonOf(Get(id, agent_)), "");
    EXPECT_EQ(TimelineAs(agent_, id), "");
    EXPECT_EQ(WithdrawAs(agent_, id), "FOREIGN_APPLICANT");
    Revoke(again);
    EXPECT_EQ(WithdrawAs(filer_, id), "");
    EXPECT_EQ(t_.scratch.AdminText(fmt::format(
                  "SELECT count(*) FROM recognition.clocks WHERE case_id = '{}' AND stopped_at IS "
                  "NULL",
                  id)),
              "0");
  }
}

TEST_F(AgentsTest, ItsOwnCasesStayItsOwn) {
  const std::string mandate = Give({});
  const std::string principals = FileByAgent();
  pb::SubmitFilingRequest request = t_.Submission(agent_, item_, {"zhejiang"});
  const std::string own = Must(t_.Submit(agent_, request)).filing_id();
  EXPECT_EQ(Listed(agent_), 2);
  Revoke(mandate);
  EXPECT_EQ(Listed(agent_), 1);
  EXPECT_EQ(ReasonOf(Get(own, agent_)), "");
  EXPECT_EQ(TimelineAs(agent_, own), "");
  Must(Ask(own, verifier_, {"packing-list"}));
  EXPECT_EQ(HandInAs(agent_, own, "packing-list"), "");
  EXPECT_EQ(WithdrawAs(agent_, own), "");
  EXPECT_EQ(ReasonOf(Get(principals, agent_)), "FILING_NOT_FOUND");
}

// What the rules refuse and what the policies do, each without the other.
TEST_F(AgentsTest, RulesAndPoliciesEachKeepItOut) {
  const std::string mandate = Give({});
  const std::string id = FileByAgent();
  Must(Accept(id, verifier_));
  Revoke(mandate);
  ShowEverything(true);
  t_.scratch.Admin(
      "CREATE POLICY planted_change ON recognition.filings FOR UPDATE TO zl_recognition USING "
      "(true)");
  EXPECT_EQ(WithdrawAs(agent_, id), "FOREIGN_APPLICANT");
  EXPECT_EQ(HandInAs(agent_, id, "packing-list"), "FOREIGN_APPLICANT");
  EXPECT_EQ(StateOf(Remind(id, agent_)), "FOREIGN_APPLICANT");
  EXPECT_EQ(StateOf(AskRecusal(id, agent_, second_)), "FOREIGN_APPLICANT");
  t_.scratch.Admin("DROP POLICY planted_change ON recognition.filings");
  const std::string of = fmt::format(" WHERE filing_id = '{}'", id);
  EXPECT_EQ(t_.Writes(agent_, "UPDATE filings SET state = 'WITHDRAWN'" + of), 0);
  EXPECT_EQ(t_.Writes(agent_, "UPDATE decisions SET reminders = 9" + of), 0);
  const std::string asked = fmt::format(
      "INSERT INTO recognition.suspensions (filing_id, zone, from_at, ground, missing, reason, "
      "opened_by) VALUES ('{}', 'zhejiang', now(), 'SUPPLEMENT', '{{a}}', 'r', 'u')",
      id);
  t_.scratch.Admin(asked);
  EXPECT_EQ(t_.Writes(agent_, "UPDATE suspensions SET until_at = from_at" + of), 0);
  const std::string withdraw =
      "UPDATE decisions SET state = 'WITHDRAWN', closed_at = now(), touched = true" + of;
  EXPECT_EQ(t_.Writes(agent_, withdraw), 0);
  // Let through by the policy, it meets the trigger.
  t_.scratch.Admin(
      "CREATE POLICY planted_change ON recognition.decisions FOR UPDATE TO zl_recognition USING "
      "(true)");
  EXPECT_EQ(t_.Writes(agent_, withdraw), -1);
  Give({});
  EXPECT_EQ(t_.Writes(agent_, "UPDATE suspensions SET until_at = from_at" + of), 1);
  EXPECT_EQ(t_.Writes(agent_, withdraw), 1);
  t_.scratch.Admin("DROP POLICY planted_change ON recognition.decisions");
  ShowEverything(false);
}

// A change that a policy hides half of is no change.
TEST_F(AgentsTest, AClockThatTheCallerMayNotChangeEndsTheCommand) {
  const std::string id = Accepted();
  const google::protobuf::Empty request;
  const auto calendars = t_.calendars.Now();
  const auto stop = [&](const Call& by) {
    const auto stopped = t_.database.Command<google::protobuf::Empty>(
        by, request, [&](db::Tx& tx) -> Result<google::protobuf::Empty> {
          for (clocks::Clock& clock : clocks::clock_store::Of(tx, id)) {
            if (clock.name != "zhejiang/decision") continue;
            clock.clock.stopped_at = tx.now();
            const auto saved =
                clocks::clock_store::Save(tx, std::move(clock), {Deadlines(), *calendars});
            if (!saved) return saved.error();
          }
          return request;
        });
    return stopped ? Code{} : stopped.error().code;
  };
  EXPECT_EQ(stop(home_), Code::kInternal) << "sees the clock";
  EXPECT_EQ(stop(verifier_), Code{});
}

// Officers, the clock, other zones: whoever acts tells an agent of it while it acts itself.
TEST_F(AgentsTest, EventsNameItWhileItActs) {
  const std::string mandate = Give({});
  const std::string id = FileByAgent();
  EXPECT_THAT(LastParties(id), HasSubstr(Party()));
  t_.Advance(EndOf("2026-03-09"));
  ASSERT_EQ(State(id), "ACCEPTED") << "by silence";
  EXPECT_THAT(LastParties(id), HasSubstr(Party()));
  Must(QueryHome(id, verifier_));
  EXPECT_THAT(LastParties(id), HasSubstr(Party()));
  // An officer who belongs to an organisation, which has an agent too.
  Call belongs = t_.Employ(t_.Officer("shanghai", "verifier", "-with-organisation"));
  belongs.caller.organization_id = "org-of-an-officer";
  t_.GiveMandate(t_.Filer("org-somebody"), t_.Filer("org-of-an-officer"));
  Must(AnswerQuery(id, belongs));
  EXPECT_THAT(LastParties(id), HasSubstr(Party()));
  Revoke(mandate);
  Must(QueryHome(id, verifier_));
  EXPECT_THAT(LastParties(id), Not(HasSubstr(Party())));
  Must(AnswerQuery(id, belongs));
  EXPECT_THAT(LastParties(id), Not(HasSubstr(Party())));
  const std::string before = std::to_string(Events(id).size());
  t_.Advance(EndOf("2026-03-20"));
  EXPECT_NE(std::to_string(Events(id).size()), before) << "a rung";
  EXPECT_THAT(LastParties(id), Not(HasSubstr(Party())));
  Must(Withdraw(id));
  EXPECT_THAT(LastParties(id), Not(HasSubstr(Party())));
  EXPECT_THAT(LastParties(id), HasSubstr("org:" + filer_.caller.organization_id));
}

// The bytes of what an officer takes from the principal's vault follow the event's parties.
TEST_F(AgentsTest, WhatAnOfficerTakesFromTheVaultIsToldToAnAgentThatActs) {
  for (const bool acts : {true, false}) {
    const std::string mandate = Give({});
    const std::string id = FileByAgent();
    const std::string sha256(64, acts ? 'd' : 'e');
    events::v1::DocumentStored stored;
    stored.set_document_id(filer_.caller.organization_id + sha256);
    stored.set_organization_id(filer_.caller.organization_id);
    stored.set_sha256(sha256);
    stored.set_title("invoice");
    stored.set_kind("invoice");
    stored.set_media_type("application/pdf");
    stored.set_size_bytes(1000);
    events::v1::Event event;
    event.set_type("zonelink.documents.document.stored");
    event.set_body(stored.SerializeAsString());
    Must(t_.database.System("vault", [&](db::Tx& tx) { return vault_store::Apply(tx, event); }));
    if (!acts) Revoke(mandate);
    auto take = On<pb::TakeVaultDocumentRequest>(id);
    take.set_sha256(sha256);
    Must(t_.service.TakeVaultDocument(verifier_, take));
    EXPECT_EQ(LastParties(id).find(Party()) != std::string::npos, acts);
    Must(Withdraw(id));
    if (acts) Revoke(mandate);
  }
}

// Mandates are told to those whose case rests on one.
TEST_F(AgentsTest, OfficersSeeTheMandatesOfTheirCases) {
  const std::string mandate = Give({});
  const std::string own = fmt::format("mandate_id = '{}'", mandate);
  EXPECT_EQ(t_.Sees(verifier_, "mandates", own), 0);
  FileByAgent();
  EXPECT_EQ(t_.Sees(verifier_, "mandates", own), 1);
  EXPECT_EQ(t_.Sees(home_, "mandates", own), 1);
  EXPECT_EQ(t_.Sees(t_.Officer("hunan", "verifier"), "mandates", own), 0);
  EXPECT_EQ(t_.Sees(t_.Filer("org-other"), "mandates", own), 0);
  EXPECT_EQ(t_.Sees(agent_, "mandates", own), 1);
  EXPECT_EQ(t_.Sees(filer_, "mandates", own), 1);
}

}  // namespace
}  // namespace zonelink::recognition
