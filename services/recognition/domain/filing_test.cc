// SPDX-License-Identifier: Apache-2.0
#include "recognition/domain/filing.h"

#include <gtest/gtest.h>

#include <functional>
#include <optional>

#include "recognition/domain/decision_intake.h"
#include "recognition/domain/vault.h"

namespace zonelink::recognition {
namespace {

using namespace std::string_literals;

const Time kNow = *ParseTime("2026-03-02T09:00:00+08:00");
const clocks::CalendarSet kShipped(0, {});
const Actor kFiler{.user_id = "u-filer",
                   .name = "Filer",
                   .organization_id = "org-1",
                   .uscc = "91310000MA1K35LX7T"};
const Actor kOther{.user_id = "u-other",
                   .name = "Other",
                   .organization_id = "org-2",
                   .uscc = "91440101MA59M5XU3E"};

Submission Good() {
  return {.item_id = "electronic-origin-certificate",
          .home_zone = "shanghai",
          .target_zones = {"zhejiang", "jiangsu"},
          .applicant = {"org-1", kFiler.uscc, "Filer Ltd"},
          .credential = {"CO-1", "shanghai-customs", *ParseDate("2026-03-02"),
                         *ParseDate("2027-03-01")},
          .attributes = {{"hsCode", "854231"s}}};
}

Coverage Agreed() {
  return {.item = {.item_id = "electronic-origin-certificate",
                   .version = 3,
                   .default_mode = Mode::kReview,
                   .verifiers_needed = 2,
                   .budget_working_days = 20,
                   .attributes = {{"hsCode", AttributeType::kString}},
                   .required_documents = {"invoice", "packing-list"},
                   .deferrable_documents = {"invoice", "packing-list"}},
          .routes = {{AgreementId("a-1"), "shanghai", "jiangsu", Mode::kAutomatic},
                     {AgreementId("a-2"), "shanghai", "zhejiang", Mode::kReview}}};
}

Result<Filing> SubmitIt(const Submission& submission, const Coverage& coverage) {
  return Submit(submission, kFiler, coverage,
                {FilingId("f-1"), "0123456789", {"AAAAAAAAAAAA", "BBBBBBBBBBBB"}},
                {kNow, kShipped});
}

DeferredPaper Later(const char* kind, const char* day) {
  return {.kind = kind, .promised_on = *ParseDate(day)};
}

template <class T>
std::string ReasonOf(const Result<T>& result) {
  return result ? "" : result.error().reason;
}

TEST(Submit, EachZoneFollowsItsAgreement) {
  const auto filing = SubmitIt(Good(), Agreed());
  ASSERT_TRUE(filing);
  EXPECT_EQ(filing->receipt_number, "ZL2026-0123456789");
  EXPECT_EQ(filing->state, FilingState::kInReview);
  EXPECT_EQ(filing->item_version, 3);
  ASSERT_EQ(filing->decisions.size(), 2u);
  const Decision& at_once = filing->decisions[0];
  EXPECT_EQ(at_once.zone, "jiangsu");
  EXPECT_EQ(at_once.state, DecisionState::kGranted);
  EXPECT_EQ(at_once.recognition_number, "R2026-AAAAAAAAAAAA");
  EXPECT_EQ(at_once.closed_at, kNow);
  EXPECT_EQ(at_once.decided_by, "");
  EXPECT_FALSE(at_once.clock);
  const Decision& reviewed = filing->decisions[1];
  EXPECT_EQ(reviewed.zone, "zhejiang");
  EXPECT_EQ(reviewed.state, DecisionState::kPending);
  EXPECT_EQ(reviewed.verifiers_needed, 2);
  EXPECT_EQ(reviewed.agreement_id, AgreementId("a-2"));
  const auto clock = ReadClock(reviewed, NationalCalendar(), kNow);
  EXPECT_TRUE(clock->running);
  EXPECT_EQ(clock->used_days, 0);
  EXPECT_EQ(clock->due_on, NationalCalendar().Nth(ShanghaiDate(kNow), 20));
}

TEST(Submit, ClosedWhenNobodyHasToDecide) {
  Submission one = Good();
  one.target_zones = {"jiangsu"};
  const auto filing = SubmitIt(one, Agreed());
  ASSERT_TRUE(filing);
  EXPECT_EQ(filing->state, FilingState::kClosed);
}

TEST(Submit, RefusesWhatIsNotInOrder) {
  struct Row {
    const char* reason;
    std::function<void(Submission&, Coverage&)> change;
  };
  const std::vector<Row> rows = {
      {"FOREIGN_APPLICANT", [](Submission& s, Coverage&) { s.applicant.uscc = kOther.uscc; }},
      {"TARGET_ZONES",
       [](Submission& s, Coverage&) {
         s.target_zones = {"jiangsu", "jiangsu"};
       }},
      {"TARGET_ZONES",
       [](Submission& s, Coverage&) {
         s.target_zones = {"jiangsu", "shanghai"};
       }},
      {"ZONE_NOT_FOUND", [](Submission&, Coverage& c) { c.unknown_zones = {"atlantis"}; }},
      {"ATTRIBUTES_INVALID", [](Submission& s, Coverage&) { s.attributes.clear(); }},
      {"CREDENTIAL_DATES",
       [](Submission& s, Coverage&) { s.credential.issued_on = *ParseDate("2026-03-03"); }},
      {"CREDENTIAL_DATES",
       [](Submission& s, Coverage&) { s.credential.valid_until = s.credential.issued_on; }},
      {"CREDENTIAL_EXPIRED",
       [](Submission& s, Coverage&) {
         s.credential.issued_on = *ParseDate("2025-03-01");
         s.credential.valid_until = *ParseDate("2026-03-01");
       }},
      {"NO_CASE_NEEDED", [](Submission&, Coverage& c) { c.item.default_mode = Mode::kNationwide; }},
      {"NOT_COVERED", [](Submission&, Coverage& c) { c.routes.pop_back(); }},
      {"NOT_COVERED", [](Submission&, Coverage& c) { c.routes[0].mode = Mode::kNone; }},
      {"PROMISE_MISSING", [](Submission&, Coverage& c) { c.routes[0].mode = Mode::kNotify; }},
      {"PAPER_NOT_DEFERRABLE",
       [](Submission& s, Coverage&) { s.papers = {Later("licence", "2026-03-10")}; }},
      {"PAPER_NOT_DEFERRABLE",
       [](Submission& s, Coverage&) {
         s.papers = {Later("invoice", "2026-03-10"), Later("invoice", "2026-03-11")};
       }},
      {"PAPER_NOT_DEFERRABLE",
       [](Submission& s, Coverage&) {
         s.papers = {Later("invoice", "2026-03-10")};
         s.documents = {{.kind = "invoice"}};
       }},
      {"PAPER_NOT_DEFERRABLE",  // nobody would wait for it
       [](Submission& s, Coverage& c) {
         for (Route& route : c.routes) route.mode = Mode::kAutomatic;
         s.papers = {Later("invoice", "2026-03-10")};
       }},
      {"PAPER_PROMISE",
       [](Submission& s, Coverage&) { s.papers = {Later("invoice", "2026-03-02")}; }},
      {"PAPER_PROMISE",  // the promised finish is the 30th
       [](Submission& s, Coverage&) { s.papers = {Later("invoice", "2026-03-31")}; }},
  };
  for (const Row& row : rows) {
    Submission submission = Good();
    Coverage coverage = Agreed();
    row.change(submission, coverage);
    EXPECT_EQ(ReasonOf(SubmitIt(submission, coverage)), row.reason);
  }
}

// The finish that is promised counts by what the zone's calendar says, of several the first.
TEST(Submit, PapersArePromisedByTheZonesCalendars) {
  std::vector<CalendarException> rest_days;
  for (const char* day : {"2026-03-09", "2026-03-10", "2026-03-11"}) {
    rest_days.push_back({*ParseDate(day), DayKind::kRest, "节假日"});
  }
  const clocks::CalendarSet calendars(1, {{"zhejiang", {{2026, rest_days}}}});
  const auto submit = [&](const char* promised_on, const Coverage& coverage) {
    Submission submission = Good();
    submission.papers = {Later("invoice", promised_on)};
    return ReasonOf(Submit(submission, kFiler, coverage,
                           {FilingId("f-1"), "0123456789", {"AAAAAAAAAAAA", "BBBBBBBBBBBB"}},
                           {kNow, calendars}));
  };
  EXPECT_EQ(submit("2026-04-02", Agreed()), "");  // three days later than by the nation's
  EXPECT_EQ(submit("2026-04-03", Agreed()), "PAPER_PROMISE");
  Coverage both = Agreed();
  both.routes[0].mode = Mode::kReview;  // jiangsu follows the nation's
  EXPECT_EQ(submit("2026-03-30", both), "");
  EXPECT_EQ(submit("2026-03-31", both), "PAPER_PROMISE");
}

TEST(Submit, WhatTheItemSaysIsPinned) {
  Coverage coverage = Agreed();
  coverage.item.query_days = 7;
  coverage.item.tacit_allowed = true;
  Submission submission = Good();
  submission.scope = {.activities = {"retail"}, .quantity = "100"};
  submission.refile_of = "f-0";
  const auto filing = SubmitIt(submission, coverage);
  ASSERT_TRUE(filing);
  EXPECT_EQ(filing->refile_of, "f-0");
  EXPECT_EQ(filing->scope.quantity, "100");
  const Decision& reviewed = filing->decisions[1];
  EXPECT_EQ(reviewed.terms.query, 7);
  EXPECT_TRUE(reviewed.terms.tacit_allowed);
  EXPECT_EQ(reviewed.origin_scope.activities, std::vector<std::string>{"retail"});
  EXPECT_EQ(reviewed.home_zone, "shanghai");
  EXPECT_EQ(reviewed.applicant, "org-1");
  EXPECT_EQ(WaitingStep(reviewed), "accept");
  EXPECT_TRUE(reviewed.clock_acts.empty());
  EXPECT_FALSE(filing->decisions[0].line);
}

TEST(Submit, AuthoritiesTogetherHaveTheirOwnBudget) {
  Coverage joint = Agreed();
  joint.item.joint_budget_days = 45;
  joint.item.joint_extension_days = 15;
  Submission submission = Good();
  submission.papers = {Later("invoice", "2026-04-20")};
  const auto filing = SubmitIt(submission, joint);
  ASSERT_TRUE(filing);
  EXPECT_EQ(filing->decisions[1].clock->budget, 45);
  EXPECT_EQ(filing->decisions[1].terms.extension, 15);
}

TEST(Submit, DeferredPapersHaveAClockInEachZoneThatReviews) {
  Submission submission = Good();
  submission.papers = {Later("invoice", "2026-03-10"), Later("packing-list", "2026-03-30")};
  const auto filing = SubmitIt(submission, Agreed());
  ASSERT_TRUE(filing);
  EXPECT_EQ(filing->papers.size(), 2u);
  EXPECT_TRUE(filing->decisions[0].clock_acts.empty());
  const auto& acts = filing->decisions[1].clock_acts;
  ASSERT_EQ(acts.size(), 2u);
  EXPECT_EQ(acts[0].name, "paper/invoice");
  EXPECT_EQ(acts[0].kind, "PAPER");
  EXPECT_EQ(acts[0].clock.started_at + std::chrono::minutes(acts[0].clock.budget),
            EndOfDay(*ParseDate("2026-03-10")));
  EXPECT_EQ(acts[1].name, "paper/packing-list");
}

TEST(Submit, PromiseOpensNotify) {
  Submission promised = Good();
  promised.promise = true;
  Coverage coverage = Agreed();
  coverage.routes[0].mode = Mode::kNotify;
  const auto filing = SubmitIt(promised, coverage);
  ASSERT_TRUE(filing);
  EXPECT_EQ(filing->decisions[0].state, DecisionState::kGranted);
  EXPECT_EQ(filing->decisions[0].mode, Mode::kNotify);
  EXPECT_TRUE(filing->promised);
  EXPECT_EQ(filing->decisions[0].promise, PromiseState::kToCheck);
  ASSERT_EQ(filing->decisions[0].clock_acts.size(), 1u);
  EXPECT_EQ(filing->decisions[0].clock_acts[0].kind, "PROMISE");
  EXPECT_EQ(filing->decisions[0].clock_acts[0].clock.budget, coverage.item.promise_check_days);
  EXPECT_EQ(filing->decisions[1].promise, PromiseState::kNone);
}

TEST(Submit, CredentialIsGoodOnItsLastDay) {
  Submission last_day = Good();
  last_day.credential.issued_on = *ParseDate("2026-03-01");
  last_day.credential.valid_until = *ParseDate("2026-03-02");
  EXPECT_TRUE(SubmitIt(last_day, Agreed()));
  Submission over = Good();
  over.scope.valid_until = *ParseDate("2026-03-01");
  EXPECT_EQ(ReasonOf(SubmitIt(over, Agreed())), "CREDENTIAL_EXPIRED") << "what it covers is over";
}

TEST(Foresee, SaysWhatSubmissionWouldMeet) {
  Coverage coverage = Agreed();
  coverage.routes.push_back({AgreementId("a-3"), "shanghai", "fujian", Mode::kNotify});
  coverage.routes.push_back({AgreementId("a-4"), "shanghai", "hubei", Mode::kNone});
  const auto prospects =
      Foresee(coverage, "shanghai", {"zhejiang", "jiangsu", "hunan", "hubei", "fujian"});
  ASSERT_TRUE(prospects);
  using Outcome = Prospect::Outcome;
  const std::vector<std::pair<std::string, Outcome>> expected = {
      {"fujian", Outcome::kPromiseNeeded},
      {"hubei", Outcome::kNotCovered},
      {"hunan", Outcome::kNotCovered},
      {"jiangsu", Outcome::kAutomatic},
      {"zhejiang", Outcome::kDecisionNeeded}};
  ASSERT_EQ(prospects->size(), expected.size());
  for (size_t i = 0; i < expected.size(); ++i) {
    EXPECT_EQ((*prospects)[i].zone, expected[i].first);
    EXPECT_EQ((*prospects)[i].outcome, expected[i].second);
  }
  EXPECT_EQ(MissingDocuments(coverage.item, {{.kind = "invoice"}}),
            std::vector<std::string>{"packing-list"});
}

TEST(Withdraw, TakesBackWhatIsOpen) {
  const auto mixed = SubmitIt(Good(), Agreed());
  ASSERT_TRUE(mixed);
  const auto closed = Withdraw(*mixed, kFiler, "sold", kNow);
  ASSERT_TRUE(closed);
  EXPECT_EQ(closed->state, FilingState::kClosed);  // jiangsu had granted
  EXPECT_EQ(closed->decisions[0].state, DecisionState::kGranted);
  EXPECT_FALSE(closed->decisions[0].step);
  EXPECT_EQ(closed->decisions[1].state, DecisionState::kWithdrawn);
  EXPECT_EQ(closed->version, 2);
  EXPECT_EQ(ReasonOf(Withdraw(*closed, kFiler, "", kNow)), "FILING_NOT_OPEN");
  EXPECT_EQ(ReasonOf(Withdraw(*mixed, kOther, "", kNow)), "FOREIGN_APPLICANT");

  Submission one = Good();
  one.target_zones = {"zhejiang"};
  const auto undecided = SubmitIt(one, Agreed());
  ASSERT_TRUE(undecided);
  const auto withdrawn = Withdraw(*undecided, kFiler, "", kNow);
  ASSERT_TRUE(withdrawn);
  EXPECT_EQ(withdrawn->state, FilingState::kWithdrawn);
}

Actor VerifierOf(const std::string& zone) {
  return {.user_id = "u-" + zone, .name = "U", .zone = zone, .roles = {"verifier"}};
}

Filing Asked(std::vector<DeferredPaper> papers = {}) {
  Coverage coverage = Agreed();
  coverage.routes[0].mode = Mode::kReview;
  Submission submission = Good();
  submission.papers = std::move(papers);
  Filing filing = *SubmitIt(submission, coverage);
  for (Decision& decision : filing.decisions) {
    const SupplementNotice notice{.missing = {"licence"}, .reason = "unreadable"};
    decision = *RequestSupplement(decision, VerifierOf(decision.zone), notice, {}, false, kNow);
  }
  return filing;
}

TEST(Supplement, AnswersTheZoneThatAsked) {
  const auto supplement = [](const Filing& filing, const Actor& by, std::string_view zone) {
    return Supplement(filing, by, zone, {{.kind = "licence"}}, kNow);
  };
  const auto untouched = SubmitIt(Good(), Agreed());
  EXPECT_EQ(ReasonOf(supplement(*untouched, kFiler, "")), "SUPPLEMENT_NOT_ASKED");
  const Filing filing = Asked();
  EXPECT_EQ(ReasonOf(supplement(filing, kFiler, "")), "SUPPLEMENT_ZONE_NEEDED");
  EXPECT_EQ(ReasonOf(supplement(filing, kFiler, "hunan")), "SUPPLEMENT_NOT_ASKED");
  EXPECT_EQ(ReasonOf(supplement(filing, kOther, "zhejiang")), "FOREIGN_APPLICANT");
  const auto first = supplement(filing, kFiler, "zhejiang");
  ASSERT_TRUE(first);
  EXPECT_EQ(first->version, 2);
  EXPECT_EQ(first->decisions[1].state, DecisionState::kPending);
  EXPECT_EQ(first->decisions[0].state, DecisionState::kSupplementing);
  const auto second = supplement(*first, kFiler, "");
  ASSERT_TRUE(second);
  EXPECT_EQ(second->decisions[0].state, DecisionState::kPending);
  EXPECT_EQ(ReasonOf(supplement(*second, kFiler, "")), "SUPPLEMENT_NOT_ASKED");
}

TEST(Supplement, DeferredPapersCountForEveryZone) {
  const Filing asked = Asked({Later("invoice", "2026-03-10")});
  const std::vector<Document> invoice = {{.kind = "invoice"}};
  EXPECT_EQ(ReasonOf(Supplement(asked, kFiler, "", invoice, kNow)), "SUPPLEMENT_ZONE_NEEDED");
  const auto answered = Supplement(asked, kFiler, "zhejiang", invoice, kNow);
  ASSERT_TRUE(answered);
  for (const Decision& decision : answered->decisions) EXPECT_FALSE(PapersOutstanding(decision));
  EXPECT_EQ(answered->decisions[0].state, DecisionState::kSupplementing);
  EXPECT_EQ(answered->decisions[1].state, DecisionState::kPending);

  Submission submission = Good();
  submission.papers = {Later("invoice", "2026-03-10")};
  const auto silent = SubmitIt(submission, Agreed());  // nobody asks; jiangsu has granted
  const auto handed_in = Supplement(*silent, kFiler, "", invoice, kNow);
  ASSERT_TRUE(handed_in);
  EXPECT_FALSE(PapersOutstanding(handed_in->decisions[1]));
  EXPECT_EQ(handed_in->decisions[1].state, DecisionState::kPending);
  EXPECT_EQ(handed_in->version, 2);
  EXPECT_EQ(ReasonOf(Supplement(*handed_in, kFiler, "", invoice, kNow)), "SUPPLEMENT_NOT_ASKED");
}

// Somebody else files for the applicant; that they may was looked up before.
Result<Filing> FiledByAnAgent() {
  Submission submission = Good();
  submission.agency = Agency{.agent_organization_id = "org-2", .mandate_id = "m-1"};
  return Submit(submission, kOther, Agreed(),
                {FilingId("f-1"), "0123456789", {"AAAAAAAAAAAA", "BBBBBBBBBBBB"}},
                {kNow, kShipped});
}

TEST(Agency, TheAgentFilesAndActsInTheApplicantsName) {
  const auto filing = FiledByAnAgent();
  ASSERT_TRUE(filing);
  EXPECT_EQ(filing->applicant.organization_id, "org-1");
  EXPECT_EQ(filing->submitted_by, "u-other");
  ASSERT_TRUE(filing->agency);
  EXPECT_EQ(filing->agency->mandate_id, "m-1");
  EXPECT_EQ(filing->extra_parties, std::vector<std::string>{"org:org-2"});
  const Actor third{.user_id = "u-third", .organization_id = "org-3"};
  EXPECT_TRUE(Withdraw(*filing, kOther, "sold", kNow));
  EXPECT_TRUE(Withdraw(*filing, kFiler, "sold", kNow));
  EXPECT_EQ(ReasonOf(Withdraw(*filing, third, "", kNow)), "FOREIGN_APPLICANT");
  EXPECT_EQ(ReasonOf(Supplement(*filing, kOther, "", {}, kNow)), "SUPPLEMENT_NOT_ASKED");
  EXPECT_EQ(ReasonOf(Supplement(*filing, third, "", {}, kNow)), "FOREIGN_APPLICANT");
}

TEST(TakeOver, PapersOfAnOwnFormerFilingThatIsOver) {
  Submission submission = Good();
  submission.documents = {{.title = "Invoice 1", .sha256 = "a1", .kind = "invoice"},
                          {.title = "Letter", .sha256 = "b1"},
                          {.title = "List", .sha256 = "c1", .kind = "packing-list"}};
  const auto open = SubmitIt(submission, Agreed());
  ASSERT_TRUE(open);
  Submission again = Good();
  again.documents = {{.title = "Invoice 2", .sha256 = "a2", .kind = "invoice"},
                     {.title = "The letter", .sha256 = "b1"}};
  const Date today = ShanghaiDate(kNow);
  EXPECT_EQ(ReasonOf(TakeOver(*open, again, today)), "REFILE_NOT_CLOSED");
  const auto over = Withdraw(*open, kFiler, "wrong", kNow);
  ASSERT_TRUE(over);
  const auto papers = TakeOver(*over, again, today);
  ASSERT_TRUE(papers);
  std::vector<std::string> titles;
  for (const Document& paper : *papers) titles.push_back(paper.title);
  EXPECT_EQ(titles, (std::vector<std::string>{"Invoice 2", "The letter", "List"}));
  again.applicant.organization_id = "org-2";
  EXPECT_EQ(ReasonOf(TakeOver(*over, again, today)), "FOREIGN_APPLICANT");
}

// What has run out is missing again: it may be taken from the vault, or asked for.
TEST(TakeOver, LeavesPapersThatAreNoLongerValid) {
  struct Row {
    std::optional<Date> valid_until;
    bool taken;
  };
  const std::vector<Row> rows = {
      {std::nullopt, true}, {ParseDate("2026-03-10"), true}, {ParseDate("2026-03-09"), false}};
  for (const Row& row : rows) {
    Submission submission = Good();
    submission.documents = {
        {.title = "Report", .sha256 = "a1", .kind = "report", .valid_until = row.valid_until}};
    const auto former = SubmitIt(submission, Agreed()).and_then([](Filing filing) {
      return Withdraw(std::move(filing), kFiler, "wrong", kNow);
    });
    ASSERT_TRUE(former);
    Submission again = Good();
    again.documents.clear();
    const auto papers = TakeOver(*former, again, *ParseDate("2026-03-10"));
    ASSERT_TRUE(papers);
    EXPECT_EQ(papers->size(), row.taken ? 1U : 0U);
    again.documents = *papers;
    EXPECT_EQ(KindsToTake(again, {.required_documents = {"report"}}).empty(), row.taken);
  }
}

TEST(Filing, StatesAreReadBack) {
  for (const FilingState state :
       {FilingState::kInReview, FilingState::kClosed, FilingState::kWithdrawn}) {
    EXPECT_EQ(FilingStateNamed(Name(state)), state);
  }
}

TEST(Filing, TheSameCaseIsTheSameItemAndCredential) {
  const Credential one = Good().credential;
  Credential other = one;
  other.number = "CO-2";
  EXPECT_EQ(DuplicateKey("item", one), DuplicateKey("item", one));
  EXPECT_NE(DuplicateKey("item", one), DuplicateKey("item", other));
  EXPECT_NE(DuplicateKey("item", one), DuplicateKey("items", one));
  other = one;
  other.issuer = "customs";
  EXPECT_NE(DuplicateKey("item", one), DuplicateKey("item", other));
}

}  // namespace
}  // namespace zonelink::recognition
