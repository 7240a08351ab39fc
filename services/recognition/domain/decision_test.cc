// SPDX-License-Identifier: Apache-2.0
#include "recognition/domain/decision.h"

#include <gtest/gtest.h>

#include <map>
#include <set>

namespace zonelink::recognition {
namespace {

using State = DecisionState;

constexpr State kStates[] = {State::kPending,  State::kSupplementing, State::kAccepted,
                             State::kVerified, State::kGranted,       State::kRefused,
                             State::kWithdrawn};
constexpr Verb kVerbs[] = {
    Verb::kAccept, Verb::kRequestSupplement, Verb::kSupplement, Verb::kVerify, Verb::kGrant,
    Verb::kRefuse, Verb::kWithdraw};

Time At(const char* text) { return *ParseTime(text); }

const Time kSubmitted = At("2026-03-02T09:00:00+08:00");  // a Monday
const Time kLater = At("2026-03-04T09:00:00+08:00");

const Actor kVerifier{.user_id = "u-verifier", .name = "Verifier", .zone = "zhejiang"};
const Actor kSecondVerifier{.user_id = "u-verifier2", .name = "Second", .zone = "zhejiang"};
const Actor kReviewer{.user_id = "u-reviewer", .name = "Reviewer", .zone = "zhejiang"};
const Actor kStranger{.user_id = "u-stranger", .name = "Stranger", .zone = "jiangsu"};
const Actor kOwn{.user_id = "u-own", .name = "Own", .zone = "zhejiang", .organization_id = "org-1"};

Decision In(State state) {
  Decision d{.filing_id = FilingId("f-1"),
             .zone = "zhejiang",
             .applicant = "org-1",
             .credential_valid_until = *ParseDate("2027-03-01"),
             .agreement_id = AgreementId("a-1"),
             .state = state,
             .clock = WorkingClock{.budget = 20, .started_at = kSubmitted}};
  if (state == State::kSupplementing) {
    d.clock = Suspend(*d.clock, kSubmitted);
    d.supplement = SupplementNotice{{"invoice"}, "unreadable", kSubmitted, std::nullopt};
  }
  if (state == State::kVerified)
    d.verifications.push_back({"u-verifier", "Verifier", kSubmitted, "ok"});
  return d;
}

Result<Decision> Do(Verb verb, Decision d) {
  switch (verb) {
    case Verb::kAccept: return Accept(std::move(d), kVerifier);
    case Verb::kRequestSupplement:
      return RequestSupplement(std::move(d), kVerifier, {{"invoice"}, "unreadable"}, kLater);
    case Verb::kSupplement: return Supplement(std::move(d), kLater);
    case Verb::kVerify: return Verify(std::move(d), kVerifier, "ok", kLater);
    case Verb::kGrant: return Grant(std::move(d), kReviewer, "as agreed", "ABCDEFGHJKMN", kLater);
    case Verb::kRefuse:
      return Refuse(std::move(d), kReviewer, {"条例 §20", "forged", "not recognised"}, kLater);
    case Verb::kWithdraw: return Withdraw(std::move(d), "no longer needed", kLater);
  }
  return Internal("no such verb");
}

std::string ReasonOf(const Result<Decision>& result) { return result ? "" : result.error().reason; }

// Every state × verb pair either moves or is refused with its own reason.
TEST(Decision, EveryPairMovesOrIsRefused) {
  const std::map<std::pair<Verb, State>, State> moves = {
      {{Verb::kAccept, State::kPending}, State::kAccepted},
      {{Verb::kRequestSupplement, State::kPending}, State::kSupplementing},
      {{Verb::kSupplement, State::kSupplementing}, State::kPending},
      {{Verb::kVerify, State::kAccepted}, State::kVerified},
      {{Verb::kGrant, State::kVerified}, State::kGranted},
      {{Verb::kRefuse, State::kVerified}, State::kRefused},
      {{Verb::kWithdraw, State::kPending}, State::kWithdrawn},
      {{Verb::kWithdraw, State::kSupplementing}, State::kWithdrawn},
      {{Verb::kWithdraw, State::kAccepted}, State::kWithdrawn},
      {{Verb::kWithdraw, State::kVerified}, State::kWithdrawn},
  };
  const std::map<Verb, std::string> refusals = {
      {Verb::kAccept, "DECISION_NOT_PENDING"},
      {Verb::kRequestSupplement, "DECISION_NOT_PENDING"},
      {Verb::kSupplement, "SUPPLEMENT_NOT_ASKED"},
      {Verb::kVerify, "DECISION_NOT_ACCEPTED"},
      {Verb::kGrant, "DECISION_NOT_VERIFIED"},
      {Verb::kRefuse, "DECISION_NOT_VERIFIED"},
      {Verb::kWithdraw, "FILING_NOT_OPEN"},
  };
  for (const Verb verb : kVerbs) {
    for (const State state : kStates) {
      SCOPED_TRACE(std::string(Name(state)) + " × " + std::to_string(static_cast<int>(verb)));
      const auto result = Do(verb, In(state));
      const auto move = moves.find({verb, state});
      if (move != moves.end()) {
        ASSERT_TRUE(result);
        EXPECT_EQ(result->state, move->second);
        EXPECT_EQ(result->step->verb, verb);
        EXPECT_EQ(result->step->from, state);
        EXPECT_EQ(result->version, 2);
        continue;
      }
      const bool twice = verb == Verb::kRequestSupplement && state == State::kSupplementing;
      ASSERT_FALSE(result);
      EXPECT_EQ(result.error().code, Code::kFailedPrecondition);
      EXPECT_EQ(result.error().reason, twice ? "SUPPLEMENT_ALREADY_ASKED" : refusals.at(verb));
      EXPECT_EQ(result.error().metadata[0].second, Name(state));
    }
  }
}

TEST(Decision, OnlyOfficersOfTheZoneWhoDoNotBelongToTheApplicant) {
  for (const auto& [by, reason] :
       {std::pair{kStranger, "NOT_DECIDING_ZONE"}, {kOwn, "OWN_ORGANIZATION"}}) {
    const auto refused = [&, reason = std::string(reason)](const Result<Decision>& result) {
      return ReasonOf(result) == reason && result.error().code == Code::kPermissionDenied;
    };
    EXPECT_TRUE(refused(Accept(In(State::kPending), by)));
    EXPECT_TRUE(refused(RequestSupplement(In(State::kPending), by, {{"x"}, "y"}, kLater)));
    EXPECT_TRUE(refused(Verify(In(State::kAccepted), by, "ok", kLater)));
    EXPECT_TRUE(refused(Grant(In(State::kVerified), by, "ok", "R", kLater)));
    EXPECT_TRUE(refused(Refuse(In(State::kVerified), by, {"a", "b", "c"}, kLater)));
  }
}

TEST(Decision, NobodyLearnsTheStateFromAForeignZone) {
  for (const State state : kStates) {
    EXPECT_EQ(ReasonOf(Accept(In(state), kStranger)), "NOT_DECIDING_ZONE");
    EXPECT_EQ(ReasonOf(Grant(In(state), kStranger, "ok", "R", kLater)), "NOT_DECIDING_ZONE");
  }
}

TEST(Decision, TwoVerifiersAreTwoPersons) {
  Decision d = In(State::kAccepted);
  d.verifiers_needed = 2;
  const auto first = Verify(d, kVerifier, "ok", kLater);
  ASSERT_TRUE(first);
  EXPECT_EQ(first->state, State::kAccepted);
  EXPECT_EQ(ReasonOf(Verify(*first, kVerifier, "ok again", kLater)), "ALREADY_VERIFIED_BY_YOU");
  EXPECT_EQ(ReasonOf(Grant(*first, kReviewer, "ok", "R", kLater)), "DECISION_NOT_VERIFIED");
  const auto second = Verify(*first, kSecondVerifier, "ok too", kLater);
  ASSERT_TRUE(second);
  EXPECT_EQ(second->state, State::kVerified);
  EXPECT_EQ(second->verifications.size(), 2u);
  EXPECT_EQ(second->verifications[1].opinion, "ok too");
  for (const Actor& by : {kVerifier, kSecondVerifier}) {
    EXPECT_EQ(ReasonOf(Grant(*second, by, "ok", "R", kLater)), "VERIFIER_MAY_NOT_DECIDE");
    EXPECT_EQ(ReasonOf(Refuse(*second, by, {"a", "b", "c"}, kLater)), "VERIFIER_MAY_NOT_DECIDE");
  }
  EXPECT_TRUE(Grant(*second, kReviewer, "ok", "R", kLater));
}

TEST(Decision, GrantGivesANumberAndStopsTheClock) {
  const auto granted = Grant(In(State::kVerified), kReviewer, "as agreed", "ABCDEFGHJKMN", kLater);
  ASSERT_TRUE(granted);
  EXPECT_EQ(granted->recognition_number, "R2026-ABCDEFGHJKMN");
  EXPECT_EQ(granted->decided_by, "u-reviewer");
  EXPECT_EQ(granted->reason, "as agreed");
  EXPECT_EQ(granted->closed_at, kLater);
  EXPECT_EQ(WaitingFor(granted->state), "");
  const auto then = ReadClock(*granted, NationalCalendar(), kLater + std::chrono::hours(24 * 40));
  ASSERT_TRUE(then);
  EXPECT_FALSE(then->running);
  EXPECT_EQ(then->used_days, 1);
}

TEST(Decision, GrantNeedsAValidCredential) {
  Decision d = In(State::kVerified);
  d.credential_valid_until = *ParseDate("2026-03-04");
  EXPECT_TRUE(Grant(d, kReviewer, "ok", "R", At("2026-03-04T23:59:59+08:00")));
  EXPECT_EQ(ReasonOf(Grant(d, kReviewer, "ok", "R", At("2026-03-05T00:00:00+08:00"))),
            "CREDENTIAL_EXPIRED");
  EXPECT_TRUE(Refuse(d, kReviewer, {"a", "b", "c"}, At("2026-03-05T00:00:00+08:00")));
}

TEST(Decision, RefusalCitesArticleAndFacts) {
  EXPECT_EQ(ReasonOf(Refuse(In(State::kVerified), kReviewer, {"", "facts", "why"}, kLater)),
            "REFUSAL_UNFOUNDED");
  EXPECT_EQ(ReasonOf(Refuse(In(State::kVerified), kReviewer, {"§20", "", "why"}, kLater)),
            "REFUSAL_UNFOUNDED");
  const auto refused = Refuse(In(State::kVerified), kReviewer, {"§20", "forged", "why"}, kLater);
  ASSERT_TRUE(refused);
  EXPECT_EQ(refused->article, "§20");
  EXPECT_EQ(refused->facts, "forged");
  EXPECT_TRUE(refused->recognition_number.empty());
}

TEST(Decision, SupplementNoticeIsGivenOnce) {
  const auto asked = RequestSupplement(In(State::kPending), kVerifier,
                                       {{"invoice", "packing-list"}, "unreadable"}, kSubmitted);
  ASSERT_TRUE(asked);
  EXPECT_EQ(WaitingFor(asked->state), "filer");
  const auto answered = Supplement(*asked, kLater);
  ASSERT_TRUE(answered);
  EXPECT_EQ(answered->supplement->answered_at, kLater);
  EXPECT_EQ(ReasonOf(RequestSupplement(*answered, kVerifier, {{"x"}, "y"}, kLater)),
            "SUPPLEMENT_ALREADY_ASKED");
  EXPECT_TRUE(Accept(*answered, kVerifier));
}

TEST(Decision, ClockStandsWhileTheApplicantIsAsked) {
  const Calendar& calendar = NationalCalendar();
  const Time tuesday = At("2026-03-03T10:00:00+08:00");
  const Time friday = At("2026-03-06T10:00:00+08:00");
  const auto asked =
      RequestSupplement(In(State::kPending), kVerifier, {{"invoice"}, "unreadable"}, tuesday);
  ASSERT_TRUE(asked);
  const auto standing = ReadClock(*asked, calendar, friday);
  EXPECT_FALSE(standing->running);
  EXPECT_EQ(standing->used_days, 0);
  const auto answered = Supplement(*asked, friday);
  ASSERT_TRUE(answered);
  const auto running = ReadClock(*answered, calendar, At("2026-03-09T10:00:00+08:00"));
  EXPECT_TRUE(running->running);
  EXPECT_EQ(running->used_days, 1);  // Friday alone
  const auto undisturbed = ReadClock(In(State::kPending), calendar, friday);
  EXPECT_EQ(calendar.Count(undisturbed->due_on, running->due_on), 3);  // Tuesday to Thursday
}

TEST(Decision, WithdrawnWhileAskedStopsForGood) {
  const auto withdrawn = Withdraw(In(State::kSupplementing), "", kLater);
  ASSERT_TRUE(withdrawn);
  const auto clock =
      ReadClock(*withdrawn, NationalCalendar(), kLater + std::chrono::hours(24 * 30));
  EXPECT_FALSE(clock->running);
  EXPECT_EQ(clock->used_days, 0);
  EXPECT_FALSE(withdrawn->supplement->answered_at);
}

TEST(Decision, NamesAreReadBack) {
  std::set<std::string_view> names;
  for (const State state : kStates) {
    EXPECT_EQ(DecisionStateNamed(Name(state)), state);
    EXPECT_TRUE(names.insert(Name(state)).second);
  }
}

}  // namespace
}  // namespace zonelink::recognition
