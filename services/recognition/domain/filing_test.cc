// SPDX-License-Identifier: Apache-2.0
#include "recognition/domain/filing.h"

#include <gtest/gtest.h>

#include <functional>

namespace zonelink::recognition {
namespace {

using namespace std::string_literals;

const Time kNow = *ParseTime("2026-03-02T09:00:00+08:00");
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
                   .required_documents = {"invoice", "packing-list"}},
          .routes = {{AgreementId("a-1"), "shanghai", "jiangsu", Mode::kAutomatic},
                     {AgreementId("a-2"), "shanghai", "zhejiang", Mode::kReview}}};
}

Result<Filing> SubmitIt(const Submission& submission, const Coverage& coverage) {
  return Submit(submission, kFiler, coverage,
                {FilingId("f-1"), "0123456789", {"AAAAAAAAAAAA", "BBBBBBBBBBBB"}}, kNow);
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
  };
  for (const Row& row : rows) {
    Submission submission = Good();
    Coverage coverage = Agreed();
    row.change(submission, coverage);
    EXPECT_EQ(ReasonOf(SubmitIt(submission, coverage)), row.reason);
  }
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
}

TEST(Submit, CredentialIsGoodOnItsLastDay) {
  Submission last_day = Good();
  last_day.credential.issued_on = *ParseDate("2026-03-01");
  last_day.credential.valid_until = *ParseDate("2026-03-02");
  EXPECT_TRUE(SubmitIt(last_day, Agreed()));
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

TEST(Supplement, AnswersTheZoneThatAsked) {
  Coverage coverage = Agreed();
  coverage.routes[0].mode = Mode::kReview;
  auto filing = SubmitIt(Good(), coverage);
  ASSERT_TRUE(filing);
  EXPECT_EQ(ReasonOf(Supplement(*filing, kFiler, "", kNow)), "SUPPLEMENT_NOT_ASKED");
  for (Decision& decision : filing->decisions) {
    const Actor officer{.user_id = "u", .name = "U", .zone = decision.zone};
    decision = *RequestSupplement(decision, officer, {{"invoice"}, "unreadable"}, kNow);
  }
  EXPECT_EQ(ReasonOf(Supplement(*filing, kFiler, "", kNow)), "SUPPLEMENT_ZONE_NEEDED");
  EXPECT_EQ(ReasonOf(Supplement(*filing, kFiler, "hunan", kNow)), "SUPPLEMENT_NOT_ASKED");
  EXPECT_EQ(ReasonOf(Supplement(*filing, kOther, "zhejiang", kNow)), "FOREIGN_APPLICANT");
  const auto first = Supplement(*filing, kFiler, "zhejiang", kNow);
  ASSERT_TRUE(first);
  EXPECT_EQ(first->decisions[1].state, DecisionState::kPending);
  EXPECT_EQ(first->decisions[0].state, DecisionState::kSupplementing);
  const auto second = Supplement(*first, kFiler, "", kNow);
  ASSERT_TRUE(second);
  EXPECT_EQ(second->decisions[0].state, DecisionState::kPending);
}

}  // namespace
}  // namespace zonelink::recognition
