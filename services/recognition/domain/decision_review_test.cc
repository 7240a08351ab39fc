// SPDX-License-Identifier: Apache-2.0
#include "recognition/domain/decision_testing.h"

namespace zonelink::recognition {
namespace {

using review::Rule;
using review::Standing;
using review::Verdict;

TEST(DecisionReview, OnlyOfficersOfTheZoneWhoAreNotAway) {
  const auto verbs =
      [](const Decision& d) -> std::vector<std::function<Result<Decision>(const Actor&)>> {
    return {
        [d](const Actor& by) { return Verify(d, by, "ok", kLater); },
        [d](const Actor& by) { return AddVerifier(d, by, "hard", kLater); },
        [d](const Actor& by) { return DropVerifier(d, by, "easy", kLater); },
        [d](const Actor& by) { return Return(d, by, "accept", "?", kLater); },
        [d](const Actor& by) { return TakeBack(d, by, "wrong", NationalCalendar(), kLater); },
        [d](const Actor& by) { return QueryHome(d, by, "true?", kLater); },
        [d](const Actor& by) { return RequestOpinions(d, by, Asking(Rule::kAll), kLater); },
        [d](const Actor& by) { return Suspend(d, by, Ground("EXPERT"), kLater); },
        [d](const Actor& by) { return Resume(d, by, kLater); },
        [d](const Actor& by) { return Extend(d, by, "hard", NationalCalendar(), kLater); },
        [d](const Actor& by) { return Granted(d, by); },
        [d](const Actor& by) {
          return Refuse(d, by, {"§", "f", "r"}, kLater);
        },
        [d](const Actor& by) {
          return Delegate(d, by, Known(kVerifier2), kLater + std::chrono::hours(1), kLater);
        },
        [d](const Actor& by) { return Reassign(d, by, Known(kVerifier2), "busy", kLater); },
        [d](const Actor& by) {
          return DecideRecusal(d, by, {"u-verifier2", true, "so"}, Unit(), kLater);
        },
    };
  };
  const Decision d = AcceptedOne();
  const Decision away = *Recuse(d, kVerifier, "a cousin", Unit(), kLater);
  const Decision asked = *RequestRecusal(d, kFiler, Known(kVerifier), "a friend", kLater);
  for (size_t i = 0; i < verbs(d).size(); ++i) {
    EXPECT_EQ(ReasonOf(verbs(d)[i](kStranger)), "NOT_DECIDING_ZONE") << i;
    EXPECT_EQ(ReasonOf(verbs(d)[i](kOwn)), "OWN_ORGANIZATION") << i;
    EXPECT_EQ(ReasonOf(verbs(away)[i](kVerifier)), "RECUSED") << i;
    EXPECT_EQ(ReasonOf(verbs(asked)[i](kVerifier)), "RECUSAL_PENDING") << i;
  }
}

TEST(DecisionReview, TwoVerifiersAreTwoPersons) {
  const auto first = Verified(AcceptedOne(2));
  ASSERT_TRUE(first);
  EXPECT_EQ(first->state, State::kAccepted);
  EXPECT_EQ(WaitingFor(*first), "verifier");
  EXPECT_EQ(ReasonOf(Verified(*first)), "ALREADY_VERIFIED_BY_YOU");
  EXPECT_EQ(ReasonOf(Granted(*first)), "DECISION_NOT_VERIFIED");
  EXPECT_EQ(ReasonOf(Verify(*first, kReviewer, "ok", kLater)), "ROLE_NEEDED");
  const auto second = Verify(*first, kVerifier2, "ok too", kLater);
  ASSERT_TRUE(second);
  EXPECT_EQ(second->state, State::kVerified);
  EXPECT_EQ(WaitingFor(*second), "reviewer");
  const auto verifications = VerificationsOf(*second);
  ASSERT_EQ(verifications.size(), 2u);
  EXPECT_EQ(verifications[1].user_id, "u-verifier2");
  EXPECT_EQ(verifications[1].opinion, "ok too");
  EXPECT_EQ(verifications[1].at, kLater);
}

TEST(DecisionReview, VerifiersAreAddedAndDropped) {
  Decision d = AcceptedOne();
  EXPECT_EQ(ReasonOf(DropVerifier(d, kReviewer, "easy", kLater)), "VERIFIERS_LEAST");
  const auto added = AddVerifier(d, kReviewer, "hard", kLater);
  ASSERT_TRUE(added);
  EXPECT_EQ(VerifiersNeeded(*added), 2);
  const auto first = Verified(*added);
  ASSERT_TRUE(first);
  EXPECT_EQ(first->state, State::kAccepted);
  EXPECT_EQ(ReasonOf(DropVerifier(*first, kReviewer, "easy", kLater)), "DROP_WOULD_SETTLE");
  EXPECT_EQ(Verify(*first, kVerifier2, "ok", kLater)->state, State::kVerified);
  const auto dropped = DropVerifier(*added, kReviewer, "easy after all", kLater);
  ASSERT_TRUE(dropped);
  EXPECT_EQ(VerifiersNeeded(*dropped), 1);
  EXPECT_EQ(Verified(*dropped)->state, State::kVerified);
  EXPECT_EQ(ReasonOf(DropVerifier(*dropped, kReviewer, "easier", kLater)), "VERIFIERS_LEAST");
  for (int needed = 2; needed <= 5; ++needed) {
    d = *AddVerifier(d, kReviewer, "hard", kLater);
    EXPECT_EQ(VerifiersNeeded(d), needed);
  }
  EXPECT_EQ(ReasonOf(AddVerifier(d, kReviewer, "harder", kLater)), "VERIFIERS_MOST");
}

TEST(DecisionReview, ReturnKeepsOpinionsAsHistory) {
  const auto back = Return(VerifiedOne(), kReviewer, "verify", "look again", kLater);
  ASSERT_TRUE(back);
  EXPECT_EQ(back->state, State::kReturnedToStep);
  EXPECT_EQ(WaitingStep(*back), "verify");
  EXPECT_EQ(back->reason, "look again");
  EXPECT_TRUE(Running(*back->clock));
  EXPECT_TRUE(VerificationsOf(*back).empty());
  ASSERT_EQ(back->line->record.opinions.size(), 2u);
  EXPECT_EQ(back->line->record.opinions[0].standing, Standing::kCounted);  // accepted
  EXPECT_EQ(back->line->record.opinions[1].standing, Standing::kCancelled);
  EXPECT_EQ(ReasonOf(Accept(*back, kVerifier, kLater)), "DECISION_NOT_PENDING");
  EXPECT_EQ(ReasonOf(Granted(*back)), "DECISION_NOT_VERIFIED");
  const auto again = Verify(*back, kVerifier, "looked", kLater);
  ASSERT_TRUE(again);
  EXPECT_EQ(again->state, State::kVerified);
  EXPECT_TRUE(Granted(*again));
}

TEST(DecisionReview, ReturnToAcceptanceIsAcceptedAgain) {
  const auto back = Return(VerifiedOne(), kReviewer, "accept", "which form?", kLater);
  ASSERT_TRUE(back);
  EXPECT_EQ(WaitingStep(*back), "accept");
  EXPECT_EQ(ReasonOf(Verified(*back)), "DECISION_NOT_ACCEPTED");
  EXPECT_EQ(ReasonOf(RequestSupplement(*back, kVerifier, Notice(), {}, false, kLater)),
            "DECISION_NOT_PENDING");
  const auto accepted = Accept(*back, kVerifier2, kLater);
  ASSERT_TRUE(accepted);
  EXPECT_EQ(accepted->state, State::kAccepted);
  const auto undone = TakeBack(*accepted, kVerifier2, "wrong", NationalCalendar(), kLater);
  ASSERT_TRUE(undone);
  EXPECT_EQ(undone->state, State::kReturnedToStep);
  EXPECT_EQ(WaitingStep(*undone), "accept");
}

TEST(DecisionReview, ReturnIsToAnEarlierStepByWhoeverMayActHere) {
  for (const char* step : {"decide", "verify", "", "nowhere"}) {
    EXPECT_EQ(ReasonOf(Return(AcceptedOne(), kVerifier, step, "?", kLater)), "STEP_NOT_EARLIER");
  }
  EXPECT_EQ(ReasonOf(Return(VerifiedOne(), kVerifier2, "accept", "?", kLater)), "NOT_YOUR_STEP");
  EXPECT_EQ(ReasonOf(Return(AcceptedOne(), kReviewer, "accept", "?", kLater)), "NOT_YOUR_STEP");
  const auto by_both = Verify(AcceptedOne(), kBoth, "ok", kLater);
  ASSERT_TRUE(by_both);
  EXPECT_EQ(ReasonOf(Return(*by_both, kBoth, "accept", "?", kLater)), "VERIFIER_MAY_NOT_DECIDE");
}

TEST(DecisionReview, OneOfTwoVerifiersInASecondRound) {
  const Decision both = *Verify(*Verified(AcceptedOne(2)), kVerifier2, "ok", kLater);
  const auto back = Return(both, kReviewer, "verify", "again", kLater);
  ASSERT_TRUE(back);
  const auto first = Verified(*back);
  ASSERT_TRUE(first);
  EXPECT_EQ(first->state, State::kReturnedToStep);
  const auto undone = TakeBack(*first, kVerifier, "wrong", NationalCalendar(), kLater);
  ASSERT_TRUE(undone);
  EXPECT_EQ(undone->state, State::kReturnedToStep);
  EXPECT_TRUE(VerificationsOf(*undone).empty());
  EXPECT_EQ(Verify(*first, kVerifier2, "ok", kLater)->state, State::kVerified);
}

TEST(DecisionReview, OwnLastStepIsTakenBackWhileTheNextHasNotActed) {
  const auto accepted = TakeBack(AcceptedOne(), kVerifier, "wrong", NationalCalendar(), kLater);
  ASSERT_TRUE(accepted);
  EXPECT_EQ(accepted->state, State::kPending);
  EXPECT_EQ(WaitingFor(*accepted), "verifier");
  const auto verified = TakeBack(VerifiedOne(), kVerifier, "wrong", NationalCalendar(), kLater);
  ASSERT_TRUE(verified);
  EXPECT_EQ(verified->state, State::kAccepted);
  EXPECT_EQ(verified->line->record.opinions[1].standing, Standing::kTakenBack);
  EXPECT_EQ(ReasonOf(TakeBack(AcceptedOne(), kVerifier2, "?", NationalCalendar(), kLater)),
            "NOTHING_TO_TAKE_BACK");
  const auto by_other = Verify(AcceptedOne(2), kVerifier2, "ok", kLater);
  ASSERT_TRUE(by_other);
  EXPECT_EQ(ReasonOf(TakeBack(*by_other, kVerifier, "?", NationalCalendar(), kLater)),
            "NOTHING_TO_TAKE_BACK");
  EXPECT_TRUE(TakeBack(*by_other, kVerifier2, "?", NationalCalendar(), kLater));
  EXPECT_EQ(ReasonOf(TakeBack(In(State::kGranted), kBoth, "?", NationalCalendar(), kLater)),
            "NOTHING_TO_TAKE_BACK");
}

TEST(DecisionReview, AcceptanceIsNotTakenBackWhenSilenceWouldHaveAccepted) {
  const Time fifth = EndOfDay(On("2026-03-09"));
  EXPECT_TRUE(TakeBack(AcceptedOne(), kVerifier, "wrong", NationalCalendar(),
                       fifth - std::chrono::microseconds(1)));
  EXPECT_EQ(ReasonOf(TakeBack(AcceptedOne(), kVerifier, "wrong", NationalCalendar(), fifth)),
            "NOTHING_TO_TAKE_BACK");
  EXPECT_TRUE(TakeBack(VerifiedOne(), kVerifier, "wrong", NationalCalendar(), fifth));
}

TEST(DecisionReview, HomeIsAskedAndAnswers) {
  for (const State before : {State::kAccepted, State::kVerified, State::kReturnedToStep}) {
    const auto asked = QueryHome(In(before), kReviewer, "true?", kLater);
    ASSERT_TRUE(asked);
    EXPECT_TRUE(Running(*asked->clock));
    EXPECT_TRUE(Starts(*asked, "query/1"));
    EXPECT_EQ(ReasonOf(QueryHome(*asked, kReviewer, "really?", kLater)), "QUERY_OPEN");
    EXPECT_EQ(ReasonOf(AnswerQuery(*asked, kReviewer, "yes", kLater)), "NOT_HOME_ZONE");
    Actor own = kHome;
    own.organization_id = "org-1";
    EXPECT_EQ(ReasonOf(AnswerQuery(*asked, own, "yes", kLater)), "OWN_ORGANIZATION");
    const auto answered = AnswerQuery(*asked, kHome, "yes", kLater);
    ASSERT_TRUE(answered);
    EXPECT_EQ(answered->state, before);
    EXPECT_EQ(answered->queries[0].answer, "yes");
    EXPECT_EQ(answered->queries[0].answered_by, "u-home");
    EXPECT_EQ(answered->queries[0].closed_at, kLater);
    EXPECT_FALSE(answered->queries[0].missed);
    EXPECT_TRUE(Stops(*answered, "query/1"));
    EXPECT_EQ(ReasonOf(AnswerQuery(*answered, kHome, "no", kLater)), "QUERY_NOT_OPEN");
    EXPECT_TRUE(Starts(*QueryHome(*answered, kReviewer, "and?", kLater), "query/2"));
  }
}

TEST(DecisionReview, AMissedQueryLeavesTheHostToDecideOnTheFile) {
  const auto asked = QueryHome(VerifiedOne(), kReviewer, "true?", kLater);
  const auto missed = PassRung(*asked, "query/1", "QUERY_MISSED", "", kLater);
  ASSERT_TRUE(missed);
  EXPECT_EQ(missed->state, State::kVerified);
  EXPECT_TRUE(missed->queries[0].missed);
  EXPECT_EQ(missed->queries[0].closed_at, kLater);
  EXPECT_TRUE(Granted(*missed));
  EXPECT_FALSE(PassRung(*missed, "query/1", "QUERY_MISSED", "", kLater));
  const auto second = QueryHome(*missed, kReviewer, "and?", kLater);
  EXPECT_FALSE(PassRung(*second, "query/1", "QUERY_MISSED", "", kLater));  // the first's rung
  EXPECT_TRUE(PassRung(*second, "query/2", "QUERY_MISSED", "", kLater));
}

// Opinions of fujian, jiangsu and hubei in this order; '+' agrees, '-' disagrees, '0' abstains.
struct OpinionsRow {
  Rule rule;
  int quorum;
  bool veto;
  std::string said;
  const char* refusal;  // of a grant after them
  int late = 0;
};

// R20: without a veto they are advice; who decides answers for it.
TEST(DecisionReview, OpinionsSettleByTheirRule) {
  const std::vector<OpinionsRow> rows = {
      {Rule::kAll, 0, false, "", "OPINIONS_OPEN"},
      {Rule::kAll, 0, false, "++", "OPINIONS_OPEN"},
      {Rule::kAll, 0, false, "+++", ""},
      {Rule::kAll, 0, false, "+0+", ""},
      {Rule::kAll, 0, false, "-", "OPINIONS_OPEN"},
      {Rule::kAll, 0, false, "-++", ""},
      {Rule::kAll, 0, true, "-", "OPINIONS_AGAINST"},
      {Rule::kAll, 0, true, "-++", "OPINIONS_AGAINST", 2},
      {Rule::kAny, 0, false, "-", "OPINIONS_OPEN"},
      {Rule::kAny, 0, false, "-+", ""},
      {Rule::kAny, 0, false, "+-", "", 1},
      {Rule::kAny, 0, false, "---", ""},
      {Rule::kAny, 0, true, "-", "OPINIONS_AGAINST"},
      {Rule::kQuorum, 2, false, "+", "OPINIONS_OPEN"},
      {Rule::kQuorum, 2, false, "++", ""},
      {Rule::kQuorum, 2, false, "++-", "", 1},
      {Rule::kQuorum, 2, false, "-+", "OPINIONS_OPEN"},
      {Rule::kQuorum, 2, false, "--", ""},
      {Rule::kQuorum, 2, true, "+-", "OPINIONS_AGAINST"},
  };
  const char* zones[] = {"fujian", "jiangsu", "hubei"};
  for (const OpinionsRow& row : rows) {
    SCOPED_TRACE(std::string(Name(row.rule)) + (row.veto ? " veto " : " ") + row.said);
    auto d =
        RequestOpinions(VerifiedOne(), kReviewer, Asking(row.rule, row.quorum, row.veto), kLater);
    ASSERT_TRUE(d);
    for (size_t i = 0; i < row.said.size(); ++i) {
      const Verdict verdict = row.said[i] == '+'   ? Verdict::kAgree
                              : row.said[i] == '-' ? Verdict::kDisagree
                                                   : Verdict::kAbstain;
      d = GiveOpinion(*d, Of(zones[i], "reviewer", zones[i]), verdict, "so", kLater);
      ASSERT_TRUE(d);
    }
    EXPECT_EQ(ReasonOf(Granted(*d)), row.refusal);
    const auto& given = d->opinions->record.opinions;
    EXPECT_EQ(std::count_if(given.begin(), given.end(),
                            [](const auto& one) { return one.standing == Standing::kLate; }),
              row.late);
    const bool open = std::string(row.refusal) == "OPINIONS_OPEN";
    EXPECT_EQ(ReasonOf(Refuse(*d, kReviewer, {"§20", "forged", "no"}, kLater)),
              open ? "OPINIONS_OPEN" : "");
    EXPECT_EQ(ReasonOf(RequestOpinions(*d, kReviewer, Asking(Rule::kAny), kLater)),
              open ? "OPINIONS_OPEN" : "");
  }
}

// A zone's own rest days count, also those published after the build was made.
TEST(DecisionReview, AnAcceptanceIsTakenBackByTheZonesCalendar) {
  const Time fifth = EndOfDay(On("2026-03-09"));
  const CalendarYear additions{2026, {{On("2026-03-05"), DayKind::kRest, "local"}}};
  const Calendar local = PublishedCalendar({}, {&additions, 1});
  EXPECT_EQ(ReasonOf(TakeBack(AcceptedOne(), kVerifier, "?", NationalCalendar(), fifth)),
            "NOTHING_TO_TAKE_BACK");
  EXPECT_TRUE(TakeBack(AcceptedOne(), kVerifier, "?", local, fifth));
}

TEST(DecisionReview, OnlyZonesThatWereAskedGiveOneOpinion) {
  const Actor fujian = Of("fujian", "reviewer", "f1");
  const auto give = [](const Decision& d, const Actor& by) {
    return GiveOpinion(d, by, Verdict::kAgree, "so", kLater);
  };
  EXPECT_EQ(ReasonOf(give(VerifiedOne(), fujian)), "ZONE_NOT_ASKED");
  const auto asked = RequestOpinions(VerifiedOne(), kReviewer, Asking(Rule::kAll), kLater);
  ASSERT_TRUE(asked);
  EXPECT_EQ(ReasonOf(give(*asked, Of("hunan", "reviewer", "h"))), "ZONE_NOT_ASKED");
  EXPECT_EQ(ReasonOf(give(*asked, kReviewer)), "ZONE_NOT_ASKED");
  EXPECT_EQ(ReasonOf(give(*asked, Of("fujian", "verifier", "f2"))), "NOT_YOUR_STEP");
  Actor own = fujian;
  own.organization_id = "org-1";
  EXPECT_EQ(ReasonOf(give(*asked, own)), "OWN_ORGANIZATION");
  const auto given = give(*asked, fujian);
  ASSERT_TRUE(given);
  EXPECT_EQ(ReasonOf(give(*given, fujian)), "OPINION_GIVEN");
  EXPECT_EQ(ReasonOf(give(*given, Of("fujian", "reviewer", "f3"))), "OPINION_GIVEN");
}

TEST(DecisionReview, RequestsForOpinionsAreInOrder) {
  const auto ask = [](std::vector<std::string> zones, Rule rule, int quorum) {
    Consultation asked = Asking(rule, quorum);
    asked.zones = std::move(zones);
    return ReasonOf(RequestOpinions(VerifiedOne(), kReviewer, asked, kLater));
  };
  EXPECT_EQ(ask({}, Rule::kAll, 0), "OPINION_ZONES");
  EXPECT_EQ(ask({"fujian", "fujian"}, Rule::kAll, 0), "OPINION_ZONES");
  EXPECT_EQ(ask({"fujian", "zhejiang"}, Rule::kAll, 0), "OPINION_ZONES");
  EXPECT_EQ(ask({"fujian", "hubei"}, Rule::kQuorum, 0), "QUORUM_INVALID");
  EXPECT_EQ(ask({"fujian", "hubei"}, Rule::kQuorum, 3), "QUORUM_INVALID");
  EXPECT_EQ(ask({"fujian", "hubei"}, Rule::kQuorum, 2), "");
  EXPECT_EQ(ask({"shanghai"}, Rule::kAny, 7), "");
}

TEST(DecisionReview, AReturnCancelsOpinionsThatAreStillAskedFor) {
  auto asked = RequestOpinions(VerifiedOne(), kReviewer, Asking(Rule::kAll), kLater);
  const Actor fujian = Of("fujian", "reviewer", "f1");
  asked = GiveOpinion(*asked, fujian, Verdict::kDisagree, "no", kLater);
  const auto back = Return(*asked, kReviewer, "verify", "again", kLater);
  ASSERT_TRUE(back);
  ASSERT_EQ(back->opinions->record.opinions.size(), 1u);
  EXPECT_EQ(back->opinions->record.opinions[0].standing, Standing::kCancelled);
  const Actor hubei = Of("hubei", "reviewer", "h1");
  EXPECT_EQ(ReasonOf(GiveOpinion(*back, hubei, Verdict::kAgree, "so", kLater)), "ZONE_NOT_ASKED");
  const auto again = Verified(*back);
  ASSERT_TRUE(again);
  EXPECT_TRUE(Granted(*again));
  const auto anew = RequestOpinions(*again, kReviewer, Asking(Rule::kAny), kLater);
  ASSERT_TRUE(anew);
  EXPECT_EQ(anew->consultation->number, 2);
  EXPECT_TRUE(Granted(*GiveOpinion(*anew, fujian, Verdict::kAgree, "now", kLater)));
}

// Nobody waits for them any more, and they do not come to count afterwards.
TEST(DecisionReview, OpinionsAfterTheEndAreLate) {
  Decision asked = *RequestOpinions(VerifiedOne(), kReviewer, Asking(Rule::kAny), kLater);
  asked.terms.tacit_allowed = true;
  for (const Decision& over :
       {*Withdraw(asked, "sold", kLater), *PassRung(asked, "decision", "DUE", "R", kLater)}) {
    EXPECT_FALSE(IsOpen(over.state));
    const auto late =
        GiveOpinion(over, Of("fujian", "reviewer", "f1"), Verdict::kAgree, "so", kLater);
    ASSERT_TRUE(late);
    EXPECT_EQ(late->opinions->record.opinions[0].standing, Standing::kLate);
    EXPECT_EQ(late->state, over.state);
  }
}

TEST(DecisionReview, ExcludedTimeHasAGroundAndAnEstimate) {
  for (const char* ground : {"SUPPLEMENT", "DEFERRED_PAPERS"}) {
    EXPECT_EQ(ReasonOf(Suspend(AcceptedOne(), kVerifier, Ground(ground), kLater)),
              "GROUND_NOT_OPEN_TO_OFFICERS");
  }
  for (const char* ground : {"HEARING", "EXPERT", "INSPECTION"}) {
    const bool hearing = std::string(ground) == "HEARING";
    for (const State before : {State::kAccepted, State::kVerified, State::kReturnedToStep}) {
      const auto held = Suspend(In(before), kVerifier2, Ground(ground), kLater);
      ASSERT_TRUE(held);
      EXPECT_EQ(held->state, hearing ? State::kHearing : State::kSuspended);
      const Suspension& last = held->clock->suspensions.back();
      EXPECT_EQ(last.cause.ground, ground);
      EXPECT_EQ(last.cause.estimate_days, 10);
      EXPECT_EQ(last.cause.opened_by, "u-verifier2");
      EXPECT_FALSE(Running(*held->clock));
      const Time end = kLater + std::chrono::hours(24 * 5);
      const auto resumed = Resume(*held, kVerifier2, end);
      ASSERT_TRUE(resumed);
      EXPECT_EQ(resumed->state, before);
      EXPECT_EQ(resumed->clock->suspensions.back().until, end);
      EXPECT_EQ(ReasonOf(Resume(*resumed, kVerifier2, end)), "DECISION_NOT_SUSPENDED");
    }
  }
}

TEST(DecisionReview, NotExtendedIntoThePast) {
  const auto extend = [](const char* at) {
    return ReasonOf(Extend(AcceptedOne(), kHead, "ill", NationalCalendar(), At(at)));
  };
  const Decision extended = *Extend(AcceptedOne(), kHead, "ill", NationalCalendar(), kLater);
  const Date last = ReadClock(extended, NationalCalendar(), kLater)->due_on;
  EXPECT_EQ(extend((FormatDate(last) + "T23:59:59+08:00").c_str()), "");
  EXPECT_EQ(extend((FormatDate(last + std::chrono::days(1)) + "T00:00:00+08:00").c_str()),
            "EXTENSION_TOO_LATE");
}

TEST(DecisionReview, ExtendedOnce) {
  const auto extended =
      Extend(AcceptedOne(), kHead, "an expert is ill", NationalCalendar(), kLater);
  ASSERT_TRUE(extended);
  EXPECT_EQ(extended->clock->budget, 30);
  EXPECT_EQ(extended->extended_days, 10);
  EXPECT_EQ(extended->extension_reason, "an expert is ill");
  EXPECT_EQ(extended->legal_basis, "行政许可法 §42");
  EXPECT_EQ(ReasonOf(Extend(*extended, kHead, "still", NationalCalendar(), kLater)),
            "ALREADY_EXTENDED");
  Decision fixed = AcceptedOne();
  fixed.terms.extension = 0;
  EXPECT_EQ(ReasonOf(Extend(fixed, kHead, "?", NationalCalendar(), kLater)),
            "EXTENSION_NOT_ALLOWED");
}

}  // namespace
}  // namespace zonelink::recognition
