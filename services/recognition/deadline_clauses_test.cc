// SPDX-License-Identifier: Apache-2.0
// Every rung of every clock, end to end on a clock that is moved by hand. Named after the clauses
// of the requirements.
#include "recognition/deadlines.h"
#include "recognition/domain/decision_deadline.h"
#include "recognition/test_cases.h"

namespace zonelink::recognition {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

// From Monday, 2026-03-02: the working days at whose end the authority's rungs come.
constexpr const char* kFifthDay = "2026-03-09";
constexpr const char* kTenthDay = "2026-03-16";
constexpr const char* kSixteenthDay = "2026-03-24";
constexpr const char* kTwentiethDay = "2026-03-30";
constexpr const char* kTwentyFourthDay = "2026-04-03";

void AllowTacit(pb::Item& item) { item.set_tacit_allowed(true); }

class DeadlineClausesTest : public CaseTest {
 protected:
  // Minutes earlier nothing happens; at the end of the day the rung comes, and only once.
  void ExpectAtEndOf(const std::string& date, const std::string& id, const std::string& rung) {
    const auto before = Rungs(id);
    t_.Advance(date + "T15:50:00Z");
    EXPECT_EQ(Rungs(id), before) << date;
    t_.Advance(EndOf(date));
    auto expected = before;
    expected.push_back(rung);
    EXPECT_EQ(Rungs(id), expected) << date;
    t_.Advance(EndOf(date));
    EXPECT_EQ(Rungs(id), expected) << "a second time";
  }
  // The process is stopped and another one goes on.
  void AdvanceAfterRestart(const std::string& to) {
    t_.SetClock(to);
    clocks::Calendars calendars(t_.database);
    clocks::Timer timer(t_.database, calendars, Deadlines(), DeadlineHooks(calendars));
    Must(timer.FireDue(std::chrono::steady_clock::now() + std::chrono::seconds(30)));
  }
};

TEST_F(DeadlineClausesTest, R07_EveryRungOfTheAuthoritysClockComesOnce) {
  const std::string id = File();
  ExpectAtEndOf(kFifthDay, id, "DEEMED_ACCEPTED deemed_accepted");
  ExpectAtEndOf(kTenthDay, id, "REMINDER rung_passed");
  ExpectAtEndOf(kSixteenthDay, id, "ESCALATION rung_passed");
  ExpectAtEndOf(kTwentiethDay, id, "DUE rung_passed");
  ExpectAtEndOf(kTwentyFourthDay, id, "OVERDUE rung_passed");
  t_.Advance("2026-09-01T01:00:00Z");
  EXPECT_EQ(Rungs(id).size(), 5U);
  EXPECT_EQ(State(id), "ACCEPTED") << "an item without tacit grants only tells";
  EXPECT_EQ(Recognitions(id), "0");
}

TEST_F(DeadlineClausesTest, R07_RungsComeOnceAcrossARestart) {
  const std::string id = File();
  t_.Advance(EndOf(kFifthDay));
  AdvanceAfterRestart(EndOf(kFifthDay));
  AdvanceAfterRestart(EndOf(kTwentiethDay));
  t_.Advance(EndOf(kTwentiethDay));
  AdvanceAfterRestart(EndOf(kTwentyFourthDay));
  EXPECT_THAT(Rungs(id),
              ElementsAre("DEEMED_ACCEPTED deemed_accepted", "REMINDER rung_passed",
                          "ESCALATION rung_passed", "DUE rung_passed", "OVERDUE rung_passed"));
}

TEST_F(DeadlineClausesTest, R07_AllThatWasMissedIsMadeUpInOrderForItsOwnInstant) {
  const std::string id = File(AllowTacit);
  t_.Advance("2026-07-01T01:00:00Z");
  EXPECT_THAT(Rungs(id), ElementsAre("DEEMED_ACCEPTED deemed_accepted", "REMINDER rung_passed",
                                     "ESCALATION rung_passed", "DUE granted_tacitly",
                                     "REMINDER rung_passed", "DELIVERY_OVERDUE rung_passed"));
  EXPECT_EQ(TextOf(Read(id).decided_at()), EndOf(kTwentiethDay));
}

TEST_F(DeadlineClausesTest, R07_RungsComeOnceAfterAReturnAndAReassignment) {
  t_.Employ(second_);
  const std::string id = Verified();
  t_.Advance(EndOf(kTenthDay));
  Must(Return(id, reviewer_, "verify"));
  Must(Reassign(id, head_, second_));
  t_.Advance(EndOf(kTwentyFourthDay));
  EXPECT_THAT(Rungs(id), ElementsAre("REMINDER rung_passed", "ESCALATION rung_passed",
                                     "DUE rung_passed", "OVERDUE rung_passed"));
}

TEST_F(DeadlineClausesTest, R07_AnExtensionMovesWhatHasNotFired) {
  const std::string id = Accepted(AllowTacit);
  t_.Advance(EndOf(kTenthDay));
  const pb::Decision extended = Must(Extend(id, head_));
  EXPECT_EQ(extended.clock().budget_days(), 30);
  EXPECT_EQ(extended.clock().due_on(), "2026-04-14");
  EXPECT_EQ(extended.extension_reason(), extended.reason());
  EXPECT_EQ(StateOf(Extend(id, head_)), "ALREADY_EXTENDED");
  t_.Advance(EndOf(kTwentiethDay));
  EXPECT_THAT(Rungs(id), ElementsAre("REMINDER rung_passed")) << "20 of 30 days";
  ExpectAtEndOf("2026-04-03", id, "ESCALATION rung_passed");
  ExpectAtEndOf("2026-04-14", id, "DUE granted_tacitly");
}

TEST_F(DeadlineClausesTest, R07_SeveralAuthoritiesTogetherHave45And15Days) {
  const std::string id = Accepted([](pb::Item& item) { item.set_joint_budget_days(45); });
  EXPECT_EQ(Read(id).clock().budget_days(), 45);
  EXPECT_EQ(Must(Extend(id, head_)).clock().budget_days(), 60);
}

TEST_F(DeadlineClausesTest, R07_ExcludedTimeDoesNotCountAndNoRungComesMeanwhile) {
  const std::string id = Accepted(AllowTacit);
  const pb::Decision stands = Must(Suspend(id, verifier_, pb::SUSPENSION_GROUND_EXPERT_REVIEW));
  EXPECT_EQ(NameOf(stands), "SUSPENDED");
  EXPECT_FALSE(stands.clock().running());
  ASSERT_EQ(stands.excluded_times_size(), 1);
  EXPECT_EQ(stands.excluded_times(0).estimate_days(), 8);
  EXPECT_NE(stands.excluded_times(0).reason(), "");
  t_.Advance("2026-09-01T01:00:00Z");
  EXPECT_THAT(Rungs(id), IsEmpty());
  const pb::Decision again = Must(Resume(id, reviewer_));
  EXPECT_EQ(NameOf(again), "ACCEPTED");
  EXPECT_EQ(again.clock().used_days(), 0);
  EXPECT_TRUE(again.excluded_times(0).has_until());
  EXPECT_EQ(StateOf(Suspend(id, verifier_, pb::SUSPENSION_GROUND_SUPPLEMENT)),
            "GROUND_NOT_OPEN_TO_OFFICERS");
}

TEST_F(DeadlineClausesTest, R07_AHearingStopsTheClockWhereItIs) {
  const std::string id = Verified();
  t_.Advance(EndOf("2026-03-04"));  // two days
  EXPECT_EQ(NameOf(Must(Suspend(id, reviewer_, pb::SUSPENSION_GROUND_HEARING))), "HEARING");
  t_.Advance("2026-05-11T01:00:00Z");
  EXPECT_EQ(StateOf(Grant(id, reviewer_)), "DECISION_NOT_VERIFIED");
  const pb::Decision again = Must(Resume(id, verifier_));
  EXPECT_EQ(NameOf(again), "VERIFIED");
  EXPECT_EQ(again.clock().used_days(), 2);
}

TEST_F(DeadlineClausesTest, R04_NoticeWithinFiveDaysElseDeemedAcceptedFromReceipt) {
  const std::string id = File();
  const std::string noticed = File();
  t_.Advance("2026-03-09T15:59:00Z");
  Must(Ask(noticed, verifier_, {"packing-list"}));
  t_.Advance(EndOf(kFifthDay));
  const pb::Decision accepted = Read(id);
  EXPECT_EQ(NameOf(accepted), "ACCEPTED");
  EXPECT_TRUE(accepted.by_clock() || LastEvent(id).by_clock());
  EXPECT_EQ(accepted.legal_basis(), "行政许可法 §32 (4)");
  EXPECT_EQ(accepted.clock().used_days(), 5) << "the authority's time runs from the receipt";
  EXPECT_EQ(StateOf(Ask(id, verifier_, {"packing-list"})), "DECISION_NOT_PENDING");
  EXPECT_EQ(NameOf(Must(Verify(id, verifier_))), "VERIFIED");
  EXPECT_EQ(State(noticed), "SUPPLEMENTING");
}

TEST_F(DeadlineClausesTest, R05_SupplementWindowMissedReturnsTheFiling) {
  const std::string id = File(AllowTacit);
  Must(Ask(id, verifier_, {"packing-list"}));
  ExpectAtEndOf("2026-03-18", id, "REMINDER rung_passed");
  ExpectAtEndOf("2026-03-23", id, "SUPPLEMENT_MISSED supplement_missed");
  const pb::Filing returned = Must(Get(id, filer_));
  EXPECT_EQ(NameOf(returned.decisions(0)), "RETURNED");
  EXPECT_EQ(returned.state(), pb::FILING_STATE_CLOSED);
  EXPECT_EQ(returned.documents_size(), 1) << "its papers are kept";
  EXPECT_EQ(TextOf(returned.decisions(0).decided_at()), EndOf("2026-03-23"));
  EXPECT_EQ(ReasonOf(HandIn(id, {"packing-list"})), "SUPPLEMENT_NOT_ASKED");
  t_.Advance("2026-09-01T01:00:00Z");
  EXPECT_EQ(Rungs(id).size(), 2U);
}

TEST_F(DeadlineClausesTest, R05_AnAnswerInTimeEndsTheWindow) {
  const std::string id = File([](pb::Item& item) { item.set_supplement_window_days(10); });
  Must(Ask(id, verifier_, {"packing-list"}));
  t_.Advance("2026-03-16T15:59:00Z");
  Must(HandIn(id, {"packing-list"}));
  t_.Advance(EndOf("2026-03-19"));
  EXPECT_THAT(Rungs(id), ElementsAre("REMINDER rung_passed"));
  ExpectAtEndOf("2026-03-20", id, "DEEMED_ACCEPTED deemed_accepted");
}

TEST_F(DeadlineClausesTest, R08_APublishedCalendarMovesDueDatesAndSaysSo) {
  TestRecognition own;  // calendars concern every case
  const Call filer = own.Filer("org-calendar");
  own.SetClock("2026-12-14T01:00:00Z");
  const std::string item = own.NewItem();
  own.Agree(item, "zhejiang", pb::MODE_REVIEW);
  own.SetClock("2026-12-21T01:00:00Z");
  const pb::Filing filed = Must(own.Submit(filer, own.Submission(filer, item, {"zhejiang"})));
  EXPECT_TRUE(filed.decisions(0).clock().provisional());
  EXPECT_EQ(filed.decisions(0).clock().due_on(), "2027-01-18");
  own.PublishCalendar("national", 2027, 1, {"2027-01-01", "2027-01-04"});
  own.Advance("2026-12-21T01:00:00Z");
  pb::GetFilingRequest get;
  get.set_filing_id(filed.filing_id());
  const pb::Filing read = Must(own.service.GetFiling(filer, get));
  EXPECT_FALSE(read.decisions(0).clock().provisional());
  EXPECT_EQ(read.decisions(0).clock().due_on(), "2027-01-20");
  pb::PrecheckFilingRequest precheck;
  precheck.set_item_id(item);
  precheck.set_home_zone("shanghai");
  precheck.add_target_zones("zhejiang");
  const pb::PrecheckZone foreseen = Must(own.service.PrecheckFiling(filer, precheck)).zones(0);
  EXPECT_FALSE(foreseen.provisional());
  EXPECT_EQ(foreseen.due_on(), "2027-01-20") << "as a filing of now would have it";
  pb::GetFilingTimelineRequest timeline;
  timeline.set_filing_id(filed.filing_id());
  const pb::FilingTimeline told = Must(own.service.GetFilingTimeline(filer, timeline));
  ASSERT_EQ(told.items_size(), 2);
  EXPECT_EQ(told.items(1).type(), "zonelink.recognition.decision.rung_passed");
  own.Advance(EndOf("2027-01-19"));
  EXPECT_EQ(Must(own.service.GetFilingTimeline(filer, timeline)).items_size(), 5)
      << "not due by the old day";
  own.Advance(EndOf("2027-01-20"));
  EXPECT_EQ(Must(own.service.GetFilingTimeline(filer, timeline)).items_size(), 6);
}

TEST_F(DeadlineClausesTest, R09_AQueryMissedLetsTheHostDecideOnTheFile) {
  const std::string id = Accepted();
  const pb::Decision asked = Must(QueryHome(id, verifier_));
  EXPECT_EQ(asked.queries(0).due_on(), "2026-03-16");
  EXPECT_TRUE(asked.clock().running()) << "the authority's time goes on";
  EXPECT_EQ(LastEvent(id).decision().query_to(), "shanghai");
  ExpectAtEndOf("2026-03-12", id, "REMINDER rung_passed");
  EXPECT_EQ(State(id), "QUERY_TO_HOME");
  t_.Advance(EndOf(kTenthDay));
  EXPECT_THAT(Rungs(id),
              testing::UnorderedElementsAre("REMINDER rung_passed", "REMINDER rung_passed",
                                            "QUERY_MISSED query_missed"));
  const pb::Decision missed = Read(id);
  EXPECT_EQ(NameOf(missed), "ACCEPTED");
  EXPECT_TRUE(missed.queries(0).missed());
  EXPECT_EQ(TextOf(missed.queries(0).closed_at()), EndOf(kTenthDay));
  EXPECT_EQ(StateOf(AnswerQuery(id, home_)), "QUERY_NOT_OPEN");
  EXPECT_EQ(NameOf(Must(Verify(id, verifier_))), "VERIFIED");
}

TEST_F(DeadlineClausesTest, R09_WhatHappensWhileHomeIsAskedLeavesTheQueryOpen) {
  const std::string id = Accepted();
  Must(QueryHome(id, verifier_));
  Must(Extend(id, head_));
  Must(Remind(id, filer_));
  ASSERT_TRUE(AnswerQuery(id, home_));
  EXPECT_EQ(Read(id).queries_size(), 1);
  Must(QueryHome(id, verifier_));
  EXPECT_EQ(Read(id).queries_size(), 2);
  t_.Advance(EndOf("2026-03-12"));
  EXPECT_THAT(Rungs(id), ElementsAre("REMINDER rung_passed")) << "of the second query alone";
}

TEST_F(DeadlineClausesTest, R11_TacitGrantAtTheEndOfTheLastWorkingDay) {
  const std::string id = File(AllowTacit);
  ExpectAtEndOf(kFifthDay, id, "DEEMED_ACCEPTED deemed_accepted");
  t_.Advance("2026-04-20T01:00:00Z");  // the timer comes weeks late
  const pb::Decision tacit = Read(id);
  EXPECT_EQ(NameOf(tacit), "TACIT_GRANTED");
  EXPECT_EQ(TextOf(tacit.decided_at()), EndOf(kTwentiethDay)) << "its time in law";
  EXPECT_TRUE(tacit.by_clock());
  EXPECT_EQ(tacit.decided_by(), "");
  EXPECT_NE(tacit.legal_basis(), "");
  EXPECT_EQ(tacit.clock().used_days(), 20);
  EXPECT_EQ(tacit.recognition_number().substr(0, 6), "R2026-");
  EXPECT_EQ(Must(Get(id, filer_)).state(), pb::FILING_STATE_CLOSED);
  pb::VerifyRecognitionRequest verify;
  verify.set_number(tacit.recognition_number());
  const pb::Recognition shown = Must(t_.service.VerifyRecognition(t_.Nobody(), verify));
  EXPECT_EQ(shown.state(), pb::RECOGNITION_STATE_VALID);
  EXPECT_EQ(t_.scratch.AdminText("SELECT type FROM recognition.events WHERE event_id = '" +
                                 shown.proof().event_id() + "'"),
            "zonelink.recognition.decision.granted_tacitly");
  EXPECT_EQ(StateOf(Grant(id, reviewer_)), "DECISION_NOT_VERIFIED");
  EXPECT_EQ(NameOf(Must(Deliver(id, verifier_))), "DELIVERED") << "as any other grant";
}

TEST_F(DeadlineClausesTest, R11_ExcludedClassesCannotBeFlagged) {
  pb::CreateItemRequest request;
  pb::GetItemRequest get;
  get.set_item_id(t_.NewItem());
  *request.mutable_item() = Must(t_.service.GetItem(t_.Nobody(), get));
  request.mutable_item()->set_item_id("item-excluded");
  request.mutable_item()->set_excluded_class(true);
  request.mutable_item()->set_tacit_allowed(true);
  EXPECT_EQ(ReasonOf(t_.service.CreateItem(t_.Secretariat(), request)), "ITEM_EXCLUDED_CLASS");
}

TEST_F(DeadlineClausesTest, R11_SilenceDoesNotGrantOnACredentialThatRanOut) {
  const auto until = [](const std::string& day) {
    return [day](pb::SubmitFilingRequest& request) {
      request.mutable_credential()->set_valid_until(day);
    };
  };
  const std::string before = File(AllowTacit, until("2026-03-29"));
  const std::string same_day = File(AllowTacit, until(kTwentiethDay));
  t_.Advance(EndOf(kTwentiethDay));
  EXPECT_EQ(State(before), "ACCEPTED");
  EXPECT_THAT(Rungs(before), testing::Contains("DUE rung_passed"));
  EXPECT_EQ(State(same_day), "TACIT_GRANTED");
  EXPECT_EQ(Recognitions(same_day), "1");
}

TEST_F(DeadlineClausesTest, R11_SilenceDoesNotGrantAgainstOpinionsOrWithoutPapers) {
  const std::string against = Accepted(AllowTacit);
  Must(AskOpinions(against, verifier_, {"hunan"}));
  Must(GiveOpinion(against, t_.Officer("hunan", "reviewer"), "DISAGREE"));
  t_.Advance(EndOf(kTwentiethDay));
  EXPECT_EQ(State(against), "ACCEPTED");
  EXPECT_THAT(Rungs(against), testing::Contains("DUE rung_passed"));
}

TEST_F(DeadlineClausesTest, R07_DeliveryWithinTenDays) {
  const std::string id = Verified();
  const std::string delivered = Verified();
  EXPECT_EQ(Must(Grant(id, reviewer_)).delivery_due_on(), "2026-03-16");
  Must(Grant(delivered, reviewer_));
  Must(Deliver(delivered, verifier_));
  ExpectAtEndOf("2026-03-12", id, "REMINDER rung_passed");
  ExpectAtEndOf("2026-03-16", id, "DELIVERY_OVERDUE rung_passed");
  EXPECT_EQ(NameOf(Must(Deliver(id, verifier_))), "DELIVERED");
  EXPECT_EQ(StateOf(Deliver(id, verifier_)), "DECISION_NOT_GRANTED");
  t_.Advance("2026-09-01T01:00:00Z");
  EXPECT_EQ(Rungs(id).size(), 2U);
  EXPECT_THAT(Rungs(delivered), IsEmpty());
}

class PromiseTest : public DeadlineClausesTest {
 protected:
  std::string Promised() {
    return FileFor(
        {"zhejiang"}, pb::MODE_NOTIFY,
        [](pb::Item& item) {
          item.set_promise_check_days(5);
          item.set_promise_correction_days(10);
        },
        [](pb::SubmitFilingRequest& request) { request.set_promise(true); });
  }
  std::string Public(const std::string& id) {
    pb::VerifyRecognitionRequest request;
    request.set_number(Read(id).recognition_number());
    const auto shown = Must(t_.service.VerifyRecognition(t_.Nobody(), request));
    return pb::RecognitionState_Name(shown.state())
        .substr(std::string("RECOGNITION_STATE_").size());
  }
  pb::ListCreditRecordsResponse Credit(const Call& by) {
    pb::ListCreditRecordsRequest request;
    request.set_organization_id(filer_.caller.organization_id);
    return Must(t_.grants.ListCreditRecords(by, request));
  }
};

TEST_F(PromiseTest, R12_ImmediateGrantAndACheckWindow) {
  const std::string id = Promised();
  const pb::Decision granted = Read(id);
  EXPECT_EQ(NameOf(granted), "GRANTED");
  EXPECT_EQ(granted.promise().state(), "TO_CHECK");
  EXPECT_EQ(granted.promise().due_on(), kFifthDay);
  ExpectAtEndOf("2026-03-06", id, "REMINDER rung_passed");
  ExpectAtEndOf(kFifthDay, id, "CHECK_OVERDUE rung_passed");
  EXPECT_EQ(State(id), "GRANTED") << "the authority's lateness does not hurt the applicant";
  const pb::Decision met = Must(CheckPromise(id, verifier_, true));
  EXPECT_EQ(met.promise().state(), "MET");
  EXPECT_EQ(StateOf(CheckPromise(id, verifier_, false)), "PROMISE_NOT_OPEN");
}

TEST_F(PromiseTest, R12_UnmetIsCorrectedInTimeOrRevoked) {
  const std::string corrected = Promised();
  const std::string broken = Promised();
  for (const std::string& id : {corrected, broken}) {
    const pb::Decision found = Must(CheckPromise(id, verifier_, false));
    EXPECT_EQ(found.promise().state(), "TO_CORRECT");
    EXPECT_EQ(found.promise().due_on(), kTenthDay);
    EXPECT_EQ(found.promise().findings(), "seen on the spot");
  }
  ExpectAtEndOf("2026-03-12", broken, "REMINDER rung_passed");
  Must(CheckPromise(corrected, verifier_, true));
  ExpectAtEndOf(kTenthDay, broken, "PROMISE_BROKEN promise_broken");
  EXPECT_EQ(State(corrected), "GRANTED");
  EXPECT_EQ(Public(corrected), "VALID");
  const pb::Decision revoked = Read(broken);
  EXPECT_EQ(NameOf(revoked), "REVOKED");
  EXPECT_EQ(revoked.promise().state(), "BROKEN");
  EXPECT_GT(revoked.remedies_size(), 0);
  EXPECT_EQ(TextOf(revoked.decided_at()).substr(0, 10), "2026-03-02") << "when it was granted";
  EXPECT_EQ(Public(broken), "REVOKED");
  t_.Advance("2026-09-01T01:00:00Z");
  EXPECT_EQ(Rungs(broken).size(), 2U);
}

// Told to whoever is to rely on the next promise: here a zone that is no party to the case.
TEST_F(PromiseTest, R12_UnmetAndNotCorrectedIsACreditRecord) {
  const std::string kept = Promised();
  const std::string broken = Promised();
  Must(CheckPromise(kept, verifier_, true));
  Must(CheckPromise(broken, verifier_, false));
  const Call elsewhere = t_.Officer("hunan", "verifier");
  t_.Advance(kTenthDay + std::string("T15:50:00Z"));
  EXPECT_EQ(Credit(elsewhere).items_size(), 0) << "it can still be corrected";
  t_.Advance(EndOf(kTenthDay));
  const auto page = Credit(elsewhere);
  ASSERT_EQ(page.items_size(), 1);
  const pb::CreditRecord& record = page.items(0);
  const pb::Filing filing = Must(Get(broken, filer_));
  EXPECT_EQ(record.organization_id(), filer_.caller.organization_id);
  EXPECT_EQ(record.holder().uscc(), filing.applicant().uscc());
  EXPECT_EQ(record.holder().name(), filing.applicant().name());
  EXPECT_EQ(record.filing_id(), broken);
  EXPECT_EQ(record.zone(), "zhejiang");
  EXPECT_EQ(record.item_id(), filing.item_id());
  EXPECT_EQ(record.item_version(), 1);
  EXPECT_EQ(record.item_name_en(), "Electronic certificate of origin");
  EXPECT_EQ(record.cause(), pb::CREDIT_CAUSE_PROMISE_BROKEN);
  EXPECT_EQ(record.promise_version(), 1);
  EXPECT_THAT(record.promise_text_zh(), testing::HasSubstr("承诺"));
  EXPECT_THAT(record.promise_text_en(), testing::HasSubstr("promise"));
  EXPECT_EQ(record.findings(), "seen on the spot");
  EXPECT_EQ(TextOf(record.found_at()).substr(0, 10), "2026-03-02");
  EXPECT_EQ(TextOf(record.recorded_at()).substr(0, 16), EndOf(kTenthDay).substr(0, 16));
  EXPECT_THAT(record.legal_basis(), testing::HasSubstr("practice-unverified"));
  EXPECT_EQ(record.item_source_status(), pb::SOURCE_STATUS_SEED);
}

TEST_F(PromiseTest, R12_ACreditRecordIsWrittenOnce) {
  const std::string id = Promised();
  Must(CheckPromise(id, verifier_, false));
  AdvanceAfterRestart(EndOf(kTenthDay));
  AdvanceAfterRestart(EndOf(kTenthDay));
  t_.Advance(EndOf(kTenthDay));
  const clocks::Due again{.case_id = id,
                          .name = "zhejiang/correction",
                          .kind = "CORRECTION",
                          .rung = "PROMISE_BROKEN",
                          .at = *ParseTime(EndOf(kTenthDay))};
  Must(t_.database.Timer("again",
                         [&](db::Tx& tx) { return DeadlineHooks(t_.calendars).fire(tx, again); }));
  EXPECT_EQ(Credit(t_.Auditor()).items_size(), 1);
}

// A record hinders nobody: the next filing on a promise is granted as before.
TEST_F(PromiseTest, R12_ACreditRecordRefusesNothing) {
  Must(CheckPromise(Promised(), verifier_, false));
  t_.Advance(EndOf(kTenthDay));
  ASSERT_EQ(Credit(verifier_).items_size(), 1);
  EXPECT_EQ(State(Promised()), "GRANTED");
}

class DeferredPapersTest : public DeadlineClausesTest {
 protected:
  std::string Deferring(const std::string& promised_on, const ShapeItem& more = {}) {
    return File(
        [&](pb::Item& item) {
          item.add_deferrable_documents("packing-list");
          if (more) more(item);
        },
        [&](pb::SubmitFilingRequest& request) {
          pb::DeferredDocument* paper = request.add_deferred_documents();
          paper->set_kind("packing-list");
          paper->set_promised_on(promised_on);
        });
  }
};

TEST_F(DeferredPapersTest, R13_UnmetSuspendsThenReturnsAfterFifteenDays) {
  const std::string id = Deferring("2026-03-05");
  Must(Accept(id, verifier_));
  ExpectAtEndOf("2026-03-05", id, "PAPER_MISSED paper_missed");
  const pb::Decision stands = Read(id);
  EXPECT_EQ(NameOf(stands), "SUSPENDED");
  EXPECT_EQ(stands.waiting_for(), "filer");
  EXPECT_FALSE(stands.clock().running());
  EXPECT_EQ(stands.excluded_times(0).ground(), pb::SUSPENSION_GROUND_DEFERRED_PAPERS);
  EXPECT_EQ(StateOf(Resume(id, verifier_)), "PAPERS_OUTSTANDING");
  ExpectAtEndOf("2026-03-24", id, "REMINDER rung_passed");
  ExpectAtEndOf("2026-03-27", id, "PAPER_WINDOW_MISSED paper_window_missed");
  EXPECT_EQ(State(id), "RETURNED");
  EXPECT_EQ(Must(Get(id, filer_)).state(), pb::FILING_STATE_CLOSED);
}

TEST_F(DeferredPapersTest, R13_HandedInInTimeNothingHappens) {
  const std::string id = Deferring("2026-03-05");
  Must(Accept(id, verifier_));
  const pb::Filing filing = Must(HandIn(id, {"packing-list"}));
  EXPECT_TRUE(filing.deferred_documents(0).has_handed_in_at());
  t_.Advance(EndOf(kTenthDay));
  EXPECT_THAT(Rungs(id), ElementsAre("REMINDER rung_passed"));
}

TEST_F(DeferredPapersTest, R13_HandedInLateTheCaseGoesOnWhereItWas) {
  const std::string id = Deferring("2026-03-05");
  Must(Accept(id, verifier_));
  t_.Advance("2026-03-11T01:00:00Z");
  Must(HandIn(id, {"packing-list"}));
  const pb::Decision again = Read(id);
  EXPECT_EQ(NameOf(again), "ACCEPTED");
  EXPECT_EQ(again.clock().used_days(), 2) << "it stood from the end of the promised day on";
  t_.Advance(EndOf("2026-04-10"));
  EXPECT_THAT(Rungs(id),
              testing::Not(testing::Contains("PAPER_WINDOW_MISSED paper_window_missed")));
}

TEST_F(DeferredPapersTest, R13_AnAnswerToANoticeDoesNotPassOverAPaperThatIsOverdue) {
  const std::string id = Deferring("2026-03-05");
  Must(Ask(id, verifier_, {"certificate"}));
  t_.Advance("2026-03-11T01:00:00Z");
  EXPECT_EQ(State(id), "SUPPLEMENTING") << "the clock stands already";
  Must(HandIn(id, {"certificate"}));
  EXPECT_EQ(State(id), "SUSPENDED");
  Must(HandIn(id, {"packing-list"}));
  EXPECT_EQ(State(id), "PENDING");
}

TEST_F(DeferredPapersTest, R13_OnlyListedMaterialsAndNotAfterThePromisedFinish) {
  const std::string item =
      t_.NewItem([](pb::Item& fresh) { fresh.add_deferrable_documents("packing-list"); });
  t_.Agree(item, "zhejiang", pb::MODE_REVIEW);
  const auto reason = [&](const std::string& kind, const std::string& day) {
    pb::SubmitFilingRequest request = t_.Submission(filer_, item, {"zhejiang"});
    request.add_deferred_documents()->set_kind(kind);
    request.mutable_deferred_documents(0)->set_promised_on(day);
    return ReasonOf(t_.Submit(filer_, request));
  };
  EXPECT_EQ(reason("certificate-of-health", "2026-03-05"), "PAPER_NOT_DEFERRABLE");
  EXPECT_EQ(reason("packing-list", "2026-03-31"), "PAPER_PROMISE");
  EXPECT_EQ(reason("packing-list", kTwentiethDay), "");
}

TEST_F(DeferredPapersTest, R13_NoGrantNorTacitGrantWithoutThePaper) {
  const std::string id = Deferring(kTwentiethDay, AllowTacit);
  Must(Accept(id, verifier_));
  Must(Verify(id, verifier_));
  EXPECT_EQ(StateOf(Grant(id, reviewer_)), "PAPERS_OUTSTANDING");
  t_.Advance(EndOf(kTwentiethDay));
  EXPECT_EQ(Recognitions(id), "0");
  EXPECT_THAT(State(id), testing::AnyOf("VERIFIED", "SUSPENDED"));
}

TEST_F(DeferredPapersTest, R13_APaperMissedWhileHomeIsAskedEndsTheQuery) {
  const std::string id = Deferring("2026-03-05");
  Must(Accept(id, verifier_));
  Must(QueryHome(id, verifier_));
  t_.Advance(EndOf("2026-03-05"));
  EXPECT_EQ(State(id), "SUSPENDED");
  EXPECT_TRUE(Read(id).queries(0).has_closed_at());
  Must(HandIn(id, {"packing-list"}));
  EXPECT_EQ(State(id), "ACCEPTED");
  t_.Advance(EndOf(kTenthDay));
  EXPECT_THAT(Rungs(id), testing::Not(testing::Contains("QUERY_MISSED query_missed")));
}

TEST_F(PromiseTest, R15_ConditionMissedSuspendsNeverASilentLapse) {
  const std::string id = Verified();
  const pb::Decision granted = Must(GrantConditional(id, reviewer_, {"2026-03-12", "2026-03-20"}));
  EXPECT_EQ(NameOf(granted), "GRANTED_CONDITIONAL");
  EXPECT_EQ(StateOf(GrantConditional(Verified(), reviewer_, {"2026-03-02"})), "CONDITION_DUE");
  Must(Deliver(id, verifier_));
  Must(ConfirmCondition(id, verifier_, 1));
  EXPECT_EQ(StateOf(ConfirmCondition(id, verifier_, 1)), "CONDITION_MET");
  EXPECT_EQ(StateOf(ConfirmCondition(id, verifier_, 3)), "CONDITION_UNKNOWN");
  t_.Advance("2026-03-20T15:50:00Z");
  EXPECT_EQ(State(id), "DELIVERED");
  t_.Advance(EndOf("2026-03-20"));
  EXPECT_EQ(Rungs(id).back(), "CONDITION_MISSED condition_missed");
  const pb::Decision suspended = Read(id);
  EXPECT_EQ(NameOf(suspended), "SUSPENDED_AFTER");
  EXPECT_FALSE(suspended.conditions(0).missed());
  EXPECT_TRUE(suspended.conditions(1).missed());
  EXPECT_EQ(Public(id), "SUSPENDED");
  const pb::Decision again = Must(ConfirmCondition(id, verifier_, 2));
  EXPECT_EQ(NameOf(again), "DELIVERED") << "in force again once it is met";
  EXPECT_EQ(Public(id), "VALID");
}

TEST_F(DeadlineClausesTest, R18_AfterAWithdrawalNoClockRuns) {
  const std::string id = Accepted(AllowTacit);
  Must(QueryHome(id, verifier_));
  Must(Withdraw(id));
  t_.Advance("2026-09-01T01:00:00Z");
  EXPECT_THAT(Rungs(id), IsEmpty());
  EXPECT_EQ(State(id), "WITHDRAWN");
}

}  // namespace
}  // namespace zonelink::recognition
