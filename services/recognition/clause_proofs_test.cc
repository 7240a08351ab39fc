// SPDX-License-Identifier: Apache-2.0
// Single statements of the requirements that the tests of whole clauses pass over. Named after the
// clauses.
#include "platform/rpc/rules.h"
#include "recognition/test_cases.h"
#include "recognition/vault_store.h"
#include "zonelink/events/v1/documents_events.pb.h"

namespace zonelink::recognition {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::Pair;

constexpr const char* kFrom = "2026-03-01T16:00:00Z";
constexpr const char* kUntil = "2026-03-06T16:00:00Z";

void AllowTacit(pb::Item& item) { item.set_tacit_allowed(true); }

class ClauseProofsTest : public CaseTest {
 protected:
  std::string ReviewedItem() {
    const std::string item = t_.NewItem();
    t_.Agree(item, "zhejiang", pb::MODE_REVIEW);
    return item;
  }
  // What the protos say of a request's fields; empty: they are in order.
  static std::string FieldsOf(const google::protobuf::Message& request) {
    const Status status = rpc::CheckFields(request);
    return status ? "" : status.error().reason;
  }
  // Whom the protos let call a method of DecisionService.
  static const Access& AccessOf(const char* method) {
    const auto* file = pb::ListRefusalReasonsRequest::descriptor()->file();
    const auto* service = file->FindServiceByName("DecisionService");
    return service->FindMethodByName(method)->options().GetExtension(access);
  }
  // Why the filing is not received; empty: it is.
  std::string Refused(const std::string& item, const ShapeFiling& filing) {
    pb::SubmitFilingRequest request = t_.Submission(filer_, item, {"zhejiang"});
    filing(request);
    return ReasonOf(t_.Submit(filer_, request));
  }
  pb::CreateItemRequest ExcludedItem() {
    pb::GetItemRequest get;
    get.set_item_id(t_.NewItem([](pb::Item& item) { item.set_excluded_class(true); }));
    pb::CreateItemRequest request;
    *request.mutable_item() = Must(t_.service.GetItem(t_.Nobody(), get));
    request.mutable_item()->clear_promise_text_zh();
    request.mutable_item()->clear_promise_text_en();
    return request;
  }
};

TEST_F(ClauseProofsTest, R01_WhatIsNotInFormIsNotReceived) {
  const std::string item = ReviewedItem();
  EXPECT_EQ(Refused(item, [](auto& r) { r.mutable_credential()->set_valid_until("2026-03-01"); }),
            "CREDENTIAL_DATES")
      << "issued the day after";
  EXPECT_EQ(Refused(item,
                    [](auto& r) {
                      r.mutable_credential()->set_issued_on("2025-03-01");
                      r.mutable_credential()->set_valid_until("2026-03-01");
                    }),
            "CREDENTIAL_EXPIRED");
  EXPECT_EQ(Refused(item, [](auto& r) { r.mutable_credential()->set_issued_on("2026-03-03"); }),
            "CREDENTIAL_DATES");
  EXPECT_EQ(Refused(item, [](auto& r) { r.clear_attributes(); }), "ATTRIBUTES_INVALID");
  EXPECT_EQ(Refused(item, [](auto& r) { r.mutable_applicant()->set_uscc("uscc of org-other"); }),
            "FOREIGN_APPLICANT");
  EXPECT_EQ(Refused(item, [](auto&) {}), "");
}

TEST_F(ClauseProofsTest, R02_ThePrecheckHasFiveAnswers) {
  const std::string item = t_.NewItem();
  t_.Agree(item, "jiangsu", pb::MODE_AUTOMATIC);
  t_.Agree(item, "zhejiang", pb::MODE_REVIEW);
  pb::CreateNegativeListEntryRequest listed;
  listed.set_list("jiangsu");
  listed.mutable_entry()->set_entry_id("E-" + item);
  listed.mutable_entry()->set_item_id(item);
  listed.mutable_entry()->set_name_zh("示例条目");
  listed.mutable_entry()->set_name_en("Sample entry");
  listed.mutable_entry()->set_predicate("strict $.hsCode == \"854231\"");
  listed.mutable_entry()->set_article("节约能源法 §17");
  listed.mutable_entry()->set_source_status(pb::SOURCE_STATUS_STATUTE);
  listed.mutable_entry()->set_effective_from("2026-01-01");
  Must(t_.catalogue.CreateNegativeListEntry(t_.Officer("jiangsu", "zone_admin"), listed));
  pb::PrecheckFilingRequest request;
  request.set_item_id(item);
  request.set_home_zone("shanghai");
  for (const char* zone : {"hunan", "jiangsu", "zhejiang"}) request.add_target_zones(zone);
  const auto answers = [&](const std::string& code) {
    (*request.mutable_attributes()->mutable_fields())["hsCode"].set_string_value(code);
    return Must(t_.service.PrecheckFiling(filer_, request));
  };
  const auto hit = answers("854231");
  EXPECT_EQ(hit.zones(0).outcome(), pb::PRECHECK_OUTCOME_NOT_COVERED);
  ASSERT_EQ(hit.zones(1).outcome(), pb::PRECHECK_OUTCOME_ON_NEGATIVE_LIST);
  EXPECT_EQ(hit.zones(1).findings(0).entry_id(), "E-" + item);
  EXPECT_EQ(hit.zones(1).findings(0).entry_version(), 1);
  EXPECT_EQ(hit.zones(1).findings(0).article(), "节约能源法 §17");
  EXPECT_EQ(hit.zones(2).outcome(), pb::PRECHECK_OUTCOME_DECISION_NEEDED);
  EXPECT_EQ(hit.zones(2).budget_days(), 20);
  EXPECT_THAT(hit.missing_documents(), ElementsAre("invoice", "packing-list"));
  EXPECT_EQ(answers("010121").zones(1).outcome(), pb::PRECHECK_OUTCOME_AUTOMATIC);
  request.set_item_id(t_.NewItem(1, pb::MODE_NATIONWIDE));
  EXPECT_EQ(answers("854231").zones(1).outcome(), pb::PRECHECK_OUTCOME_NO_CASE_NEEDED);
}

TEST_F(ClauseProofsTest, R04_TheNoticeTellsAllThatIsMissing) {
  const std::string id = File();
  Must(Ask(id, verifier_, {"packing-list", "certificate"}));
  EXPECT_THAT(Must(Get(id, filer_)).decisions(0).supplement().missing(),
              ElementsAre("packing-list", "certificate"));
  EXPECT_THAT(LastEvent(id).missing(), ElementsAre("packing-list", "certificate"));
  auto empty = On<pb::RequestSupplementRequest>(id);
  empty.set_reason("papers are missing");
  EXPECT_EQ(FieldsOf(empty), "REQUEST_INVALID") << "it names none";
}

TEST_F(ClauseProofsTest, R04_AnAcceptanceStandsOnceSilenceWouldHaveAccepted) {
  const std::string id = Accepted();
  const std::string in_time = Accepted();
  t_.Advance("2026-03-09T15:50:00Z");
  EXPECT_EQ(StateOf(TakeBack(in_time, verifier_)), "PENDING");
  t_.Advance(EndOf("2026-03-09"));
  EXPECT_EQ(StateOf(TakeBack(id, verifier_)), "NOTHING_TO_TAKE_BACK");
  EXPECT_EQ(State(in_time), "ACCEPTED") << "by silence";
}

TEST_F(ClauseProofsTest, R05_AnAnswerEndsTheWindowsReminderToo) {
  const std::string id = File();
  Must(Ask(id, verifier_, {"packing-list"}));
  t_.Advance("2026-03-03T01:00:00Z");
  Must(HandIn(id, {"packing-list"}));
  Must(Accept(id, verifier_));
  t_.Advance(EndOf("2026-03-20"));
  EXPECT_THAT(Rungs(id), ElementsAre("REMINDER rung_passed")) << "of the authority's time alone";
}

TEST_F(ClauseProofsTest, R05_RefilingFollowsAnOwnFilingThatIsOver) {
  const std::string item = ReviewedItem();
  const std::string open = File();
  EXPECT_EQ(Refused(item, [&](auto& r) { r.set_refile_of(open); }), "REFILE_NOT_CLOSED");
  Must(Withdraw(open));
  EXPECT_EQ(Refused(item, [&](auto& r) { r.set_refile_of(open); }), "");
  // An agent sees what it filed for somebody, and takes none of it over into a case of its own.
  const Call agent = t_.Filer("org-agent-refiling");
  t_.GiveMandate(filer_, agent);
  const std::string former =
      Must(t_.Submit(agent, t_.Submission(filer_, item, {"zhejiang"}))).filing_id();
  pb::WithdrawFilingRequest withdraw;
  withdraw.set_filing_id(former);
  Must(t_.service.WithdrawFiling(agent, withdraw));
  pb::SubmitFilingRequest taken = t_.Submission(agent, item, {"zhejiang"});
  EXPECT_EQ(ReasonOf(t_.Submit(agent, taken)), "");
  taken = t_.Submission(agent, item, {"zhejiang"});
  taken.set_refile_of(former);
  EXPECT_EQ(ReasonOf(t_.Submit(agent, taken)), "FOREIGN_APPLICANT");
}

TEST_F(ClauseProofsTest, R07_TheHeadExtendsAndExcludedTimeIsTold) {
  auto extend = On<pb::ExtendDecisionRequest>("F-1");
  EXPECT_EQ(FieldsOf(extend), "REQUEST_INVALID") << "without reasons";
  extend.set_reason("a second laboratory");
  EXPECT_EQ(FieldsOf(extend), "");
  const auto& rule = AccessOf("ExtendDecision");
  for (const Call& by : {verifier_, reviewer_, filer_}) {
    EXPECT_FALSE(rpc::CheckAccess(rule, by.caller)) << by.caller.name;
  }
  EXPECT_TRUE(rpc::CheckAccess(rule, head_.caller));
  auto suspend = On<pb::SuspendDecisionRequest>("F-1");
  suspend.set_ground(pb::SUSPENSION_GROUND_TESTING);
  suspend.set_reason("a test of the sample");
  EXPECT_EQ(FieldsOf(suspend), "REQUEST_INVALID") << "without an estimate";
  suspend.set_estimate_days(8);
  EXPECT_EQ(FieldsOf(suspend), "");
  suspend.clear_reason();
  EXPECT_EQ(FieldsOf(suspend), "REQUEST_INVALID") << "without a reason";
}

TEST_F(ClauseProofsTest, R08_AChangedCalendarMovesDueDatesAgain) {
  TestRecognition own;  // calendars concern every case
  const Call filer = own.Filer("org-calendar");
  own.SetClock("2026-12-14T01:00:00Z");
  const std::string item = own.NewItem();
  own.Agree(item, "zhejiang", pb::MODE_REVIEW);
  own.SetClock("2026-12-21T01:00:00Z");
  pb::GetFilingRequest get;
  get.set_filing_id(Must(own.Submit(filer, own.Submission(filer, item, {"zhejiang"}))).filing_id());
  const auto due_on = [&] {
    own.Advance("2026-12-21T01:00:00Z");
    return Must(own.service.GetFiling(filer, get)).decisions(0).clock().due_on();
  };
  own.PublishCalendar("national", 2027, 1, {"2027-01-01", "2027-01-04"});
  EXPECT_EQ(due_on(), "2027-01-20");
  own.PublishCalendar("national", 2027, 2, {"2027-01-01"});
  EXPECT_EQ(due_on(), "2027-01-19");
  own.PublishCalendar("national", 2027, 1, {"2027-01-01", "2027-01-04"});
  EXPECT_EQ(due_on(), "2027-01-19") << "what is older changes nothing";
}

TEST_F(ClauseProofsTest, R10_ARefusalPointsToThePaperAndOnlyAReasonOverrides) {
  const std::string id = File();
  EXPECT_THAT(Ask(id, verifier_, {"invoice"}).error().metadata,
              Contains(Pair("sha256", std::string(64, 'a'))));
  Call supervisor = head_;
  supervisor.caller.roles = {"zone_admin", "verifier"};
  EXPECT_EQ(StateOf(Ask(id, supervisor, {"invoice"})), "DOCUMENT_IN_FILE") << "without a reason";
  events::v1::DocumentStored stored;
  stored.set_document_id(filer_.caller.organization_id + "-paper");
  stored.set_organization_id(filer_.caller.organization_id);
  stored.set_sha256(std::string(64, 'c'));
  stored.set_title("packing-list.pdf");
  stored.set_kind("packing-list");
  stored.set_media_type("application/pdf");
  stored.set_size_bytes(1000);
  events::v1::Event event;
  event.set_type("zonelink.documents.document.stored");
  event.set_body(stored.SerializeAsString());
  Must(t_.database.System("documents", [&](db::Tx& tx) { return vault_store::Apply(tx, event); }));
  EXPECT_EQ(StateOf(Ask(id, supervisor, {"packing-list"})), "DOCUMENT_IN_VAULT")
      << "without a reason";
  EXPECT_EQ(State(id), "PENDING");
}

TEST_F(ClauseProofsTest, R11_ATacitGrantSaysOnWhatItRests) {
  const std::string id = File(AllowTacit);
  t_.Advance(EndOf("2026-03-30"));
  EXPECT_EQ(State(id), "TACIT_GRANTED");
  EXPECT_EQ(Read(id).legal_basis(), "item: silence grants (practice-unverified)");
}

TEST_F(ClauseProofsTest, R11_TheLastWorkingDayIsTheZonesOwn) {
  t_.OpenZone("guangxi");
  t_.PublishCalendar("guangxi", 2026, 1, {"2026-03-30"});  // kept there and nowhere else
  t_.Advance("2026-03-02T01:00:00Z");
  const std::string id = FileFor({"guangxi", "zhejiang"}, pb::MODE_REVIEW, AllowTacit);
  EXPECT_EQ(Read(id, "guangxi").clock().due_on(), "2026-03-31");
  t_.Advance(EndOf("2026-03-30"));
  EXPECT_EQ(NameOf(Read(id, "zhejiang")), "TACIT_GRANTED");
  EXPECT_EQ(NameOf(Read(id, "guangxi")), "ACCEPTED");
  t_.Advance(EndOf("2026-03-31"));
  EXPECT_EQ(NameOf(Read(id, "guangxi")), "TACIT_GRANTED");
}

TEST_F(ClauseProofsTest, R12_ExcludedClassesAreNeverGrantedOnAPromise) {
  pb::CreateItemRequest request = ExcludedItem();
  const std::string excluded = request.item().item_id();
  for (const pb::Mode mode : {pb::MODE_AUTOMATIC, pb::MODE_NOTIFY}) {
    request.mutable_item()->set_item_id("item-excluded-at-once");
    request.mutable_item()->set_default_mode(mode);
    EXPECT_EQ(ReasonOf(t_.service.CreateItem(t_.Secretariat(), request)), "ITEM_EXCLUDED_CLASS");
    pb::CreateAgreementRequest draft;
    draft.set_item_id(excluded);
    draft.add_home_zones("shanghai");
    draft.add_target_zones("zhejiang");
    draft.set_mode(mode);
    draft.set_valid_from("2026-01-01");
    draft.set_valid_until("2026-12-31");
    EXPECT_EQ(ReasonOf(t_.service.CreateAgreement(t_.Secretariat(), draft)), "AGREEMENT_MODE");
  }
}

TEST_F(ClauseProofsTest, R13_OnlyRequiredMaterialsAreListedAsDeferrable) {
  pb::CreateItemRequest request = ExcludedItem();
  request.mutable_item()->set_item_id("item-deferring");
  request.mutable_item()->add_deferrable_documents("map");
  EXPECT_EQ(ReasonOf(t_.service.CreateItem(t_.Secretariat(), request)), "ITEM_DEFERRABLE");
}

TEST_F(ClauseProofsTest, R14_TheScopeIsNarrowerInEachPart) {
  const std::string id = Verified({}, [](pb::SubmitFilingRequest& request) {
    for (const char* one : {"Ningbo", "Zhoushan"}) request.mutable_scope()->add_addresses(one);
    request.mutable_scope()->set_quantity("1200");
    request.mutable_scope()->set_valid_from("2026-03-02");
    request.mutable_scope()->set_valid_until("2026-12-31");
  });
  const std::vector<std::function<void(pb::Scope&)>> wider = {
      [](pb::Scope& scope) { scope.add_addresses("Hangzhou"); },
      [](pb::Scope& scope) { scope.set_quantity("1200.01"); },
      [](pb::Scope& scope) { scope.set_valid_until("2027-01-01"); },
      [](pb::Scope& scope) { scope.set_valid_from("2026-03-01"); }};
  for (size_t i = 0; i < wider.size(); ++i) {
    pb::Scope scope;
    if (i != 0) scope.add_addresses("Ningbo");  // narrower but for one part
    wider[i](scope);
    EXPECT_EQ(StateOf(GrantPartial(id, reviewer_, scope)), "SCOPE_NOT_NARROWER") << i;
  }
  pb::Scope scope;
  scope.add_addresses("Ningbo");
  const pb::Decision granted = Must(GrantPartial(id, reviewer_, scope));
  ASSERT_EQ(granted.scope_differences_size(), 1);
  EXPECT_EQ(granted.scope_differences(0).part(), "addresses");
  EXPECT_EQ(granted.scope_differences(0).origin(), "Ningbo; Zhoushan");
  EXPECT_EQ(granted.scope_differences(0).recognised(), "Ningbo");
}

TEST_F(ClauseProofsTest, R15_AConditionIsRemindedOfBeforeItIsMissed) {
  const std::string id = Verified();
  Must(GrantConditional(id, reviewer_, {"2026-03-12"}));
  Must(Deliver(id, verifier_));
  t_.Advance("2026-03-12T15:00:00Z");
  EXPECT_THAT(Rungs(id), ElementsAre("REMINDER rung_passed"));
  EXPECT_EQ(State(id), "DELIVERED");
}

TEST_F(ClauseProofsTest, R17_ASuperiorDecidesOnARecusal) {
  const Call asked = t_.Employ(t_.Officer("zhejiang", "zone_admin", "asked-to-stay-away"));
  const std::string id = Accepted();
  Must(AskRecusal(id, filer_, asked));
  EXPECT_EQ(StateOf(DecideRecusal(id, asked, asked, false)), "RECUSAL_PENDING");
  EXPECT_TRUE(DecideRecusal(id, head_, asked, false));
  const auto& rule = AccessOf("DecideRecusal");
  for (const Call& by : {verifier_, reviewer_, filer_}) {
    EXPECT_FALSE(rpc::CheckAccess(rule, by.caller)) << by.caller.name;
  }
  EXPECT_TRUE(rpc::CheckAccess(rule, head_.caller));
}

TEST_F(ClauseProofsTest, R17_WhatADeputyDoesCountsAsThePrincipalsOwn) {
  Call principal = t_.Officer("zhejiang", "verifier", "principal");
  principal.caller.roles = {"verifier", "reviewer"};
  t_.Employ(principal);
  const Call deputy = t_.Employ(t_.Officer("zhejiang", "inspector", "deputy-of-principal"));
  for (const char* role : {"verifier", "reviewer"}) {
    t_.NameDeputy(principal, deputy, role, kFrom, kUntil);
  }
  const std::string by_deputy = Accepted();
  Must(Verify(by_deputy, deputy));
  EXPECT_EQ(StateOf(Grant(by_deputy, principal)), "VERIFIER_MAY_NOT_DECIDE");
  const std::string by_principal = Accepted();
  Must(Verify(by_principal, principal));
  EXPECT_FALSE(Grant(by_principal, deputy));
  EXPECT_EQ(StateOf(Grant(by_principal, reviewer_)), "GRANTED");
}

TEST_F(ClauseProofsTest, R18_NobodyElseWithdraws) {
  const std::string id = File();
  pb::WithdrawFilingRequest request;
  request.set_filing_id(id);
  for (const Call& by : {verifier_, head_, home_}) {
    EXPECT_EQ(ReasonOf(t_.service.WithdrawFiling(by, request)), "FOREIGN_APPLICANT");
  }
  EXPECT_EQ(ReasonOf(t_.service.WithdrawFiling(t_.Filer("org-other"), request)),
            "FILING_NOT_FOUND");
  EXPECT_EQ(State(id), "PENDING");
  EXPECT_EQ(FieldsOf(request), "") << "nor need the applicant say why";
}

TEST_F(ClauseProofsTest, R20_OnlyZonesThatWereAskedAreHeard) {
  const std::string id = Verified();
  EXPECT_EQ(StateOf(GiveOpinion(id, home_, "AGREE")), "ZONE_NOT_ASKED");
  Must(AskOpinions(id, reviewer_, {"hunan"}));
  EXPECT_EQ(StateOf(GiveOpinion(id, home_, "AGREE")), "ZONE_NOT_ASKED");
  EXPECT_EQ(Read(id).opinions_size(), 0);
}

TEST_F(ClauseProofsTest, R21_AnotherItemOrHolderIsAnotherCase) {
  const std::string item = ReviewedItem();
  const auto file = [&](const Call& by, const std::string& of) {
    pb::SubmitFilingRequest request = t_.Submission(by, of, {"zhejiang"});
    request.mutable_credential()->set_number("CO-R21-" + item);
    return ReasonOf(t_.Submit(by, request));
  };
  EXPECT_EQ(file(filer_, item), "");
  EXPECT_EQ(file(filer_, item), "FILING_DUPLICATE");
  EXPECT_EQ(file(filer_, ReviewedItem()), "");
  EXPECT_EQ(file(t_.Filer("org-another-holder"), item), "");
}

// An agent does not see what its principal files by itself.
TEST_F(ClauseProofsTest, R21_AnAgentIsToldTheNumberOfWhatItFiledAlone) {
  const std::string item = ReviewedItem();
  const Call agent = t_.Filer("org-agent-duplicates");
  t_.GiveMandate(filer_, agent);
  const auto file = [&](const Call& by, const std::string& number) {
    pb::SubmitFilingRequest request = t_.Submission(filer_, item, {"zhejiang"});
    request.mutable_credential()->set_number(number);
    return t_.Submit(by, request);
  };
  const pb::Filing first = Must(file(agent, "CO-R21-agent"));
  const auto again = file(agent, "CO-R21-agent");
  ASSERT_EQ(ReasonOf(again), "FILING_DUPLICATE");
  EXPECT_THAT(again.error().metadata, Contains(Pair("receiptNumber", first.receipt_number())));
  Must(file(filer_, "CO-R21-principal"));
  EXPECT_EQ(ReasonOf(file(agent, "CO-R21-principal")), "FILING_DUPLICATE_HIDDEN");
}

// The gateway makes 422 of it.
TEST_F(ClauseProofsTest, R21_OtherContentUnderAKeyIsAnInvalidRequest) {
  Call keyed = filer_;
  keyed.idempotency_key = "r21-content";
  const std::string item = ReviewedItem();
  Must(t_.Submit(keyed, t_.Submission(filer_, item, {"zhejiang"})));
  const auto other = t_.Submit(keyed, t_.Submission(filer_, item, {"zhejiang"}));
  ASSERT_EQ(ReasonOf(other), "IDEMPOTENCY_KEY_REUSED");
  EXPECT_EQ(other.error().code, Code::kInvalidArgument);
}

}  // namespace
}  // namespace zonelink::recognition
