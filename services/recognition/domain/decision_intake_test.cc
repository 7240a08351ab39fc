// SPDX-License-Identifier: Apache-2.0
#include "recognition/domain/decision_testing.h"

namespace zonelink::recognition {
namespace {

// Every verb of an officer, on a decision that waits for a verifier.
std::vector<std::function<Result<Decision>(const Actor&)>> IntakeVerbs(const Decision& d) {
  return {
      [d](const Actor& by) { return Accept(d, by, kLater); },
      [d](const Actor& by) {
        return Correct(d, by, {{"a", "b"}}, "typo", kLater);
      },
      [d](const Actor& by) { return DeclareNotRequired(d, by, "free", kLater); },
      [d](const Actor& by) { return DeclareWrongAuthority(d, by, "customs", "no", kLater); },
      [d](const Actor& by) { return RequestSupplement(d, by, Notice(), {}, false, kLater); },
  };
}

TEST(DecisionIntake, OnlyOfficersOfTheZoneAndNotOfTheApplicant) {
  for (const State state : AllStates()) {
    for (const auto& verb : IntakeVerbs(In(state))) {
      const auto foreign = verb(kStranger);
      EXPECT_EQ(ReasonOf(foreign), "NOT_DECIDING_ZONE");  // and does not learn the state
      EXPECT_EQ(foreign.error().code, Code::kPermissionDenied);
      const auto own = verb(kOwn);
      EXPECT_EQ(ReasonOf(own), "OWN_ORGANIZATION");
      EXPECT_EQ(own.error().code, Code::kPermissionDenied);
    }
  }
}

TEST(DecisionIntake, WhoMayNotAcceptEndsNothingEither) {
  const Decision away = *Recuse(Received(), kVerifier, "a cousin", Unit(), kLater);
  const Decision asked = *RequestRecusal(Received(), kFiler, Known(kVerifier), "a friend", kLater);
  const Decision given = *Reassign(Received(), kHead, Known(kVerifier2), "busy", kLater);
  for (size_t i = 0; i < IntakeVerbs(away).size(); ++i) {
    EXPECT_EQ(ReasonOf(IntakeVerbs(away)[i](kVerifier)), "RECUSED");
    EXPECT_EQ(ReasonOf(IntakeVerbs(asked)[i](kVerifier)), "RECUSAL_PENDING");
    EXPECT_EQ(ReasonOf(IntakeVerbs(given)[i](kVerifier)), "REASSIGNED");
    EXPECT_EQ(ReasonOf(IntakeVerbs(given)[i](kReviewer)), "ROLE_NEEDED");
    EXPECT_EQ(ReasonOf(IntakeVerbs(given)[i](kHead)), "PARTY_NOT_ASKED");
    EXPECT_TRUE(IntakeVerbs(away)[i](kVerifier2));
    EXPECT_TRUE(IntakeVerbs(asked)[i](kVerifier2));
    EXPECT_TRUE(IntakeVerbs(given)[i](kVerifier2));
  }
}

TEST(DecisionIntake, CorrectionIsKeptAndTakenBack) {
  const auto corrected = Correct(Received(), kVerifier, {{"hsCode", "8542"}}, "typo", kLater);
  ASSERT_TRUE(corrected);
  EXPECT_EQ(corrected->state, State::kAccepted);
  ASSERT_EQ(corrected->corrections.size(), 1u);
  EXPECT_EQ(corrected->corrections[0].value, "8542");
  EXPECT_EQ(corrected->reason, "typo");
  const auto again = TakeBack(*corrected, kVerifier, "wrong case", NationalCalendar(), kLater);
  ASSERT_TRUE(again);
  EXPECT_EQ(again->state, State::kPending);
  EXPECT_TRUE(again->corrections.empty());
}

TEST(DecisionIntake, TheOtherOutcomesEndTheCase) {
  const auto free = DeclareNotRequired(Received(), kVerifier, "free", kLater);
  ASSERT_TRUE(free);
  EXPECT_EQ(free->decided_by, "u-verifier");
  EXPECT_EQ(free->reason, "free");
  EXPECT_EQ(free->legal_basis, "行政许可法 §32 (1)");
  EXPECT_FALSE(Running(*free->clock));
  EXPECT_TRUE(Stops(*free, "*"));
  const auto other = DeclareWrongAuthority(Received(), kVerifier, "customs", "not ours", kLater);
  ASSERT_TRUE(other);
  EXPECT_EQ(other->competent_authority, "customs");
  EXPECT_EQ(other->legal_basis, "行政许可法 §32 (2)");
  EXPECT_FALSE(Running(*other->clock));
}

TEST(DecisionIntake, NoticeIsGivenOnceAndTheClockStands) {
  const auto asked = RequestSupplement(Received(), kVerifier, Notice(), {}, false, kLater);
  ASSERT_TRUE(asked);
  EXPECT_EQ(WaitingFor(*asked), "filer");
  EXPECT_EQ(GroundOf(*asked), "SUPPLEMENT");
  EXPECT_EQ(asked->clock->suspensions[0].cause.estimate_days, 15);
  EXPECT_TRUE(Starts(*asked, "supplement"));
  EXPECT_EQ(asked->supplement->asked_at, kLater);
  EXPECT_EQ(ReasonOf(RequestSupplement(*asked, kVerifier, Notice(), {}, false, kLater)),
            "SUPPLEMENT_ALREADY_ASKED");
  const Time answered_at = At("2026-03-09T10:00:00+08:00");
  const auto answered = Supplement(*asked, answered_at);
  ASSERT_TRUE(answered);
  EXPECT_EQ(answered->state, State::kPending);
  EXPECT_EQ(answered->supplement->answered_at, answered_at);
  EXPECT_TRUE(Running(*answered->clock));
  EXPECT_TRUE(Stops(*answered, "supplement"));
  EXPECT_EQ(ReasonOf(RequestSupplement(*answered, kVerifier, Notice(), {}, false, answered_at)),
            "SUPPLEMENT_ALREADY_ASKED");
  EXPECT_TRUE(Accept(*answered, kVerifier, answered_at));
}

TEST(DecisionIntake, AnAnswerWithDeferredPapersIsOneStep) {
  Decision asked = *RequestSupplement(Received(), kVerifier, Notice(), {}, false, kLater);
  asked.papers = {Deferred("licence", "2026-03-20")};
  asked.step.reset();  // saved
  const auto both = Supplement(*HandIn(asked, {"licence"}, kLater), kLater);
  ASSERT_TRUE(both);
  EXPECT_EQ(both->version, asked.version + 1);
  EXPECT_EQ(both->step->verb, Verb::kSupplement);
  EXPECT_EQ(both->step->from, State::kSupplementing);
  EXPECT_TRUE(both->papers[0].handed_in_at);
  EXPECT_TRUE(Stops(*both, "paper/licence"));
  EXPECT_TRUE(Stops(*both, "supplement"));
  EXPECT_EQ(Supplement(asked, kLater)->version, asked.version + 1);
  EXPECT_EQ(HandIn(asked, {"licence"}, kLater)->version, asked.version + 1);
}

TEST(DecisionIntake, ApplicantsTimeIsNotTheAuthoritys) {
  const Calendar& calendar = NationalCalendar();
  const Time tuesday = At("2026-03-03T10:00:00+08:00");
  const Time friday = At("2026-03-06T10:00:00+08:00");
  const auto asked = RequestSupplement(Received(), kVerifier, Notice(), {}, false, tuesday);
  ASSERT_TRUE(asked);
  EXPECT_FALSE(ReadClock(*asked, calendar, friday)->running);
  EXPECT_EQ(ReadClock(*asked, calendar, friday)->used_days, 0);
  const auto answered = Supplement(*asked, friday);
  ASSERT_TRUE(answered);
  const auto running = ReadClock(*answered, calendar, At("2026-03-09T10:00:00+08:00"));
  EXPECT_TRUE(running->running);
  EXPECT_EQ(running->used_days, 1);  // Friday alone
  const auto undisturbed = ReadClock(Received(), calendar, friday);
  EXPECT_EQ(calendar.Count(undisturbed->due_on, running->due_on), 3);  // Tuesday to Thursday
}

TEST(DecisionIntake, WhatTheFileHoldsIsNotAskedForAgain) {
  const HeldPaper valid{"invoice", "Invoice 7", "ab12", On("2026-03-04")};
  const HeldPaper without_end{"invoice", "Invoice 7", "ab12", std::nullopt};
  const HeldPaper expired{"invoice", "Invoice 6", "ab11", On("2026-03-03")};
  const HeldPaper other{"packing-list", "List", "ab13", std::nullopt};
  const HeldPaper of_no_kind{"", "Letter", "ab14", std::nullopt};
  Actor head = kVerifier;
  head.roles.push_back("zone_admin");
  const auto ask = [](const Actor& by, const HeldPaper& held, bool with_override) {
    return RequestSupplement(Received(), by, Notice(), {held}, with_override, kLater);
  };
  for (const HeldPaper& held : {valid, without_end}) {
    const auto refused = ask(kVerifier, held, false);
    EXPECT_EQ(ReasonOf(refused), "DOCUMENT_IN_FILE");
    const Metadata held_paper = {{"kind", "invoice"}, {"title", "Invoice 7"}, {"sha256", "ab12"}};
    EXPECT_EQ(refused.error().metadata, held_paper);
    EXPECT_EQ(ReasonOf(ask(kVerifier, held, true)), "DOCUMENT_IN_FILE");  // no superior
    EXPECT_EQ(ReasonOf(ask(head, held, false)), "DOCUMENT_IN_FILE");
    EXPECT_TRUE(ask(head, held, true));
  }
  for (const HeldPaper& held : {expired, other, of_no_kind}) {
    EXPECT_TRUE(ask(kVerifier, held, false));
  }
}

Decision WithPapers(Decision d) {
  d.papers = {Deferred("invoice", "2026-03-10"), Deferred("packing-list", "2026-03-20")};
  return d;
}

TEST(DecisionIntake, DeferredPapersComeInOneByOne) {
  const Decision d = WithPapers(AcceptedOne());
  EXPECT_TRUE(PapersOutstanding(d));
  const auto first = HandIn(d, {"invoice", "letter"}, kLater);
  ASSERT_TRUE(first);
  EXPECT_EQ(first->state, State::kAccepted);
  EXPECT_EQ(first->papers[0].handed_in_at, kLater);
  EXPECT_TRUE(Stops(*first, "paper/invoice"));
  EXPECT_TRUE(PapersOutstanding(*first));
  EXPECT_EQ(ReasonOf(HandIn(*first, {"invoice"}, kLater)), "PAPER_NOT_DEFERRED");
  EXPECT_EQ(ReasonOf(HandIn(*first, {}, kLater)), "PAPER_NOT_DEFERRED");
  EXPECT_EQ(ReasonOf(HandIn(AcceptedOne(), {"invoice"}, kLater)), "PAPER_NOT_DEFERRED");
  const auto second = HandIn(*first, {"packing-list"}, kLater);
  ASSERT_TRUE(second);
  EXPECT_FALSE(PapersOutstanding(*second));
}

TEST(DecisionIntake, AMissedPaperIsWaitedForAndTheOthersAreNot) {
  const Time over = EndOfDay(On("2026-03-10"));
  for (const State before : {State::kPending, State::kAccepted, State::kVerified}) {
    const auto missed = PassRung(WithPapers(In(before)), "paper/invoice", "PAPER_MISSED", "", over);
    ASSERT_TRUE(missed);
    EXPECT_EQ(missed->state, State::kSuspended);
    EXPECT_EQ(GroundOf(*missed), "DEFERRED_PAPERS");
    EXPECT_EQ(WaitingFor(*missed), "filer");
    EXPECT_TRUE(Starts(*missed, "paper-window/1"));
    EXPECT_EQ(ReasonOf(Resume(*missed, kVerifier, over)), "PAPERS_OUTSTANDING");
    const Time later = over + std::chrono::hours(30);
    const auto other = HandIn(*missed, {"packing-list"}, later);
    ASSERT_TRUE(other);
    EXPECT_EQ(other->state, State::kSuspended);
    const auto on = HandIn(*missed, {"invoice"}, later);
    ASSERT_TRUE(on);
    EXPECT_EQ(on->state, before);
    EXPECT_FALSE(on->resume_to);
    EXPECT_TRUE(Running(*on->clock));
    EXPECT_TRUE(Stops(*on, "paper-window/1"));
    EXPECT_TRUE(PapersOutstanding(*on));  // the other is not due yet
    const auto again =
        PassRung(*on, "paper/packing-list", "PAPER_MISSED", "", EndOfDay(On("2026-03-20")));
    ASSERT_TRUE(again);
    EXPECT_TRUE(Starts(*again, "paper-window/2"));
    EXPECT_FALSE(PassRung(*again, "paper-window/1", "PAPER_WINDOW_MISSED", "", later));
  }
}

TEST(DecisionIntake, AMissedWindowReturnsTheCase) {
  const auto missed = PassRung(WithPapers(AcceptedOne()), "paper/invoice", "PAPER_MISSED", "",
                               EndOfDay(On("2026-03-10")));
  ASSERT_TRUE(missed);
  const Time end = EndOfDay(On("2026-03-31"));
  const auto returned = PassRung(*missed, "paper-window/1", "PAPER_WINDOW_MISSED", "", end);
  ASSERT_TRUE(returned);
  EXPECT_EQ(returned->state, State::kReturned);
  EXPECT_TRUE(returned->by_clock);
  EXPECT_EQ(returned->closed_at, end);
  EXPECT_EQ(ReasonOf(HandIn(*returned, {"invoice"}, end)), "DECISION_NOT_OPEN");
  const Decision expert = WithPapers(In(State::kSuspended));
  EXPECT_FALSE(PassRung(expert, "paper-window/1", "PAPER_WINDOW_MISSED", "", end));
}

// The rung fell into time that did not count: it is made up for when the clock goes on.
TEST(DecisionIntake, PapersThatBecameOverdueMeanwhileAreWaitedForNext) {
  const Time over = EndOfDay(On("2026-03-10"));
  const Time later = over + std::chrono::hours(10);
  const Decision asked = WithPapers(In(State::kSupplementing));
  EXPECT_FALSE(PassRung(asked, "paper/invoice", "PAPER_MISSED", "", over));
  const auto answered = Supplement(asked, later);
  ASSERT_TRUE(answered);
  EXPECT_EQ(answered->state, State::kSuspended);
  EXPECT_EQ(answered->resume_to, State::kPending);
  EXPECT_EQ(GroundOf(*answered), "DEFERRED_PAPERS");
  EXPECT_EQ(HandIn(*answered, {"invoice"}, later)->state, State::kPending);
  for (const State standing : {State::kHearing, State::kSuspended}) {
    const Decision held = WithPapers(In(standing));
    EXPECT_EQ(WaitingFor(held), "verifier");
    EXPECT_FALSE(PassRung(held, "paper/invoice", "PAPER_MISSED", "", over));
    EXPECT_EQ(HandIn(held, {"invoice"}, later)->state, standing);
    const auto resumed = Resume(held, kVerifier, later);
    ASSERT_TRUE(resumed);
    EXPECT_EQ(resumed->state, State::kSuspended);
    EXPECT_EQ(resumed->resume_to, State::kAccepted);
    EXPECT_TRUE(Starts(*resumed, "paper-window/1"));
  }
}

TEST(DecisionIntake, AQueryEndsWhereAPaperIsMissed) {
  const auto missed = PassRung(WithPapers(In(State::kQueryToHome)), "paper/invoice", "PAPER_MISSED",
                               "", EndOfDay(On("2026-03-10")));
  ASSERT_TRUE(missed);
  EXPECT_EQ(missed->resume_to, State::kAccepted);
  EXPECT_TRUE(missed->queries[0].closed_at);
  EXPECT_TRUE(Stops(*missed, "query/1"));
  EXPECT_EQ(ReasonOf(AnswerQuery(*missed, kHome, "yes", EndOfDay(On("2026-03-11")))),
            "QUERY_NOT_OPEN");
}

TEST(DecisionIntake, WithdrawnStopsForGood) {
  for (const State state : AllStates()) {
    const auto withdrawn = Withdraw(In(state), "", kLater);
    EXPECT_EQ(ReasonOf(withdrawn), IsOpen(state) ? "" : "FILING_NOT_OPEN");
    if (!withdrawn) continue;
    const auto clock = ReadClock(*withdrawn, NationalCalendar(), kLater + std::chrono::hours(720));
    EXPECT_FALSE(clock->running);
    EXPECT_LE(clock->used_days, 1);
    EXPECT_TRUE(Stops(*withdrawn, "*"));
    EXPECT_EQ(WaitingFor(*withdrawn), "");
  }
  EXPECT_FALSE(Withdraw(In(State::kSupplementing), "", kLater)->supplement->answered_at);
}

}  // namespace
}  // namespace zonelink::recognition
