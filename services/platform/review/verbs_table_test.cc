// SPDX-License-Identifier: Apache-2.0
// Every state of a line with every verb: it either moves or is refused with its own reason.
#include <gtest/gtest.h>

#include <array>

#include "platform/review/testing_lines.h"

namespace zonelink::review {
namespace {

constexpr size_t kStates = 7;
const std::array<const char*, kStates> kStateNames = {
    "untouched", "second step", "disagreed", "agreed", "refused", "tacit", "withdrawn"};

Line LineIn(size_t state) {
  Line line{.plan = ThreeSteps()};
  if (state == 0) return line;
  line = *Give(line, "verify", kAgrees, kV1, At(1));
  if (state == 1) return line;
  if (state == 5) return *CloseTacit(line, "the days are over", At(9));
  if (state == 6) return *Withdraw(line, "applicant", "", At(9));
  line = *Give(line, "consult", kAgrees, kB1, At(2));
  line = *Give(line, "consult", state == 3 ? kAgrees : kDisagrees, kC1, At(3));
  if (state == 2) return line;
  if (state == 4) return *Refuse(line, "r1", "C disagrees", At(9));
  return *Give(line, "decide", kAgrees, kR1, At(4));
}

struct Row {
  const char* verb;
  std::function<Result<Line>(Line)> run;
  std::array<const char*, kStates> reasons;  // empty: it moves
};

std::function<Result<Line>(Line)> Giving(const std::string& step, const Person& by) {
  return [=](Line line) { return Give(std::move(line), step, kAgrees, by, At(20)); };
}

constexpr const char* kOk = "";
constexpr const char* kShut = "LINE_CLOSED";
constexpr const char* kSettled = "STEP_SETTLED";
constexpr const char* kNotYet = "STEP_NOT_REACHED";
constexpr const char* kGiven = "ALREADY_GIVEN";
constexpr const char* kSpoken = "PARTY_HAS_SPOKEN";
constexpr const char* kNothing = "NOTHING_TO_TAKE_BACK";
constexpr const char* kNotBack = "NOT_AN_EARLIER_STEP";
constexpr const char* kNotDis = "STEP_NOT_DISAGREED";
constexpr const char* kNoLend = "DELEGATION_MISSING";
constexpr const char* kNotAsked = "RECUSAL_NOT_ASKED";

const std::vector<Row>& Table() {
  // clang-format off
  static const std::vector<Row> rows = {
    {"give on the first step, own unit", Giving("verify", kV2),
     {kOk, kSettled, kSettled, kSettled, kSettled, kSettled, kShut}},
    {"give on a named party's step", Giving("consult", kB1),
     {kNotYet, kOk, kGiven, kGiven, kGiven, kOk, kShut}},
    {"give for a party that has spoken", Giving("consult", kB2),
     {kNotYet, kOk, kSpoken, kSpoken, kSpoken, kOk, kShut}},
    {"give on the last step", Giving("decide", kR1),
     {kNotYet, kNotYet, kNotYet, kGiven, kNotYet, kNotYet, kShut}},
    {"give on the last step, another officer", Giving("decide", kR2),
     {kNotYet, kNotYet, kNotYet, kSettled, kNotYet, kNotYet, kShut}},
    {"take back the first step", [](Line l) { return TakeBack(std::move(l), kV1, At(20)); },
     {kNothing, kOk, "NEXT_HAS_ACTED", kShut, kShut, kShut, kShut}},
    {"take back the second step", [](Line l) { return TakeBack(std::move(l), kB1, At(20)); },
     {kNothing, kNothing, kOk, kShut, kShut, kShut, kShut}},
    {"return to the first step", [](Line l) { return ReturnTo(std::move(l), "verify", kB1, "wrong", At(20)); },
     {kNotBack, kOk, kOk, kShut, kShut, kShut, kShut}},
    {"return to the second step", [](Line l) { return ReturnTo(std::move(l), "consult", kB1, "wrong", At(20)); },
     {kNotBack, kNotBack, kOk, kShut, kShut, kShut, kShut}},
    {"refuse", [](Line l) { return Refuse(std::move(l), "r1", "no", At(20)); },
     {kNotDis, kNotDis, kOk, kShut, kShut, kShut, kShut}},
    {"withdraw", [](Line l) { return Withdraw(std::move(l), "applicant", "", At(20)); },
     {kOk, kOk, kOk, kShut, kShut, kShut, kShut}},
    {"close as tacit", [](Line l) { return CloseTacit(std::move(l), "over", At(20)); },
     {kOk, kOk, kOk, kShut, kShut, kShut, kShut}},
    {"assign the first step", [](Line l) { return Assign(std::move(l), "verify", kV2, "head", At(20)); },
     {kOk, kSettled, kSettled, kShut, kShut, kShut, kShut}},
    {"assign the last step", [](Line l) { return Assign(std::move(l), "decide", kR1, "head", At(20)); },
     {kOk, kOk, kOk, kShut, kShut, kShut, kShut}},
    {"reassign the last step",
     [](Line l) { return Reassign(std::move(l), {"decide", "", kR1, "head", ""}, At(20)); },
     {kOk, kOk, kOk, kShut, kShut, kShut, kShut}},
    {"delegate", [](Line l) { return Delegate(std::move(l), kV1, kV2, At(99), At(20)); },
     {kOk, kOk, kOk, kShut, kShut, kShut, kShut}},
    {"take a delegation back", [](Line l) { return Undelegate(std::move(l), "v1", "v1", At(20)); },
     {kNoLend, kNoLend, kNoLend, kShut, kShut, kShut, kShut}},
    {"declare", [](Line l) { return Declare(std::move(l), kR1, "", At(20)); },
     {kOk, kOk, kOk, kShut, kShut, kShut, kShut}},
    {"recuse", [](Line l) { return Recuse(std::move(l), kR1, "a cousin", At(20)); },
     {kOk, kOk, kOk, kShut, kShut, kShut, kShut}},
    {"ask for a recusal", [](Line l) { return RequestRecusal(std::move(l), "r1", "a", "cousin", At(20)); },
     {kOk, kOk, kOk, kShut, kShut, kShut, kShut}},
    {"decide on a recusal",
     [](Line l) { return DecideRecusal(std::move(l), {"r1", true, "so it is"}, "head", At(20)); },
     {kNotAsked, kNotAsked, kNotAsked, kShut, kShut, kShut, kShut}},
    {"add a party", [](Line l) { return AddSign(std::move(l), {"consult", "D", ""}, "head", "too", At(20)); },
     {kOk, kOk, kSettled, kShut, kShut, kShut, kShut}},
    {"add a person", [](Line l) { return AddSign(std::move(l), {"decide", "", "x"}, "head", "too", At(20)); },
     {kOk, kOk, kOk, kShut, kShut, kShut, kShut}},
    {"drop a party", [](Line l) { return ReduceSign(std::move(l), {"consult", "C", ""}, "head", "away", At(20)); },
     {kOk, kOk, kSettled, kShut, kShut, kShut, kShut}},
    {"set a quorum", [](Line l) { return SetQuorum(std::move(l), {"consult", 2}, "head", "more", At(20)); },
     {"QUORUM_ABOVE_SEATS", "QUORUM_ABOVE_SEATS", kSettled, kShut, kShut, kShut, kShut}},
    {"route up", [](Line l) { return RouteUp(std::move(l), {"consult", "C", "CC", "nobody"}, "head", At(20)); },
     {kOk, kOk, kSettled, kShut, kShut, kShut, kShut}},
    {"remind", [](Line l) { return Remind(std::move(l), "consult", "C", "head", At(20)); },
     {kNotYet, kOk, kSettled, kShut, kShut, kShut, kShut}},
    {"a step that is none", Giving("wait", kV1),
     {"STEP_UNKNOWN", "STEP_UNKNOWN", "STEP_UNKNOWN", "STEP_UNKNOWN", "STEP_UNKNOWN",
      "STEP_UNKNOWN", "STEP_UNKNOWN"}},
  };
  // clang-format on
  return rows;
}

TEST(VerbsTable, EveryStateWithEveryVerb) {
  for (const Row& row : Table()) {
    for (size_t state = 0; state < kStates; ++state) {
      const Line before = LineIn(state);
      const auto after = row.run(before);
      EXPECT_EQ(ReasonOf(after), row.reasons[state]) << row.verb << ", " << kStateNames[state];
      if (!after) continue;
      EXPECT_EQ(after->record.version, before.record.version + 1) << row.verb;
      EXPECT_TRUE(Same(Replay(after->plan, after->record).record, after->record)) << row.verb;
    }
  }
}

TEST(VerbsTable, StatesAreWhatTheyAreCalled) {
  constexpr Closed closed[kStates] = {Closed::kNo,       Closed::kNo,        Closed::kNo,
                                      Closed::kAgreed,   Closed::kDisagreed, Closed::kTacit,
                                      Closed::kWithdrawn};
  constexpr const char* steps[kStates] = {"verify",  "consult", "consult", "decide",
                                          "consult", "consult", "consult"};
  for (size_t state = 0; state < kStates; ++state) {
    const Line line = LineIn(state);
    EXPECT_EQ(line.record.closed, closed[state]) << kStateNames[state];
    EXPECT_EQ(CurrentStep(line).name, steps[state]) << kStateNames[state];
  }
  EXPECT_EQ(Settled(LineIn(2), "consult"), Outcome::kDisagreed);
}

// Verbs that take a reason, without one.
TEST(VerbsTable, ReasonsAreNeeded) {
  const Line first = LineIn(0), second = LineIn(1), disagreed = LineIn(2);
  const Line asked = *RequestRecusal(second, "r1", "applicant", "a cousin", At(10));
  const std::vector<Result<Line>> without = {
      ReturnTo(second, "verify", kB1, "", At(20)),
      Refuse(disagreed, "r1", "", At(20)),
      CloseTacit(second, "", At(20)),
      Recuse(second, kR1, "", At(20)),
      RequestRecusal(second, "r1", "applicant", "", At(20)),
      DecideRecusal(asked, {"r1", true, ""}, "head", At(20)),
      AddSign(second, {"consult", "D", ""}, "head", "", At(20)),
      ReduceSign(second, {"consult", "C", ""}, "head", "", At(20)),
      SetQuorum(first, {"verify", 1}, "head", "", At(20)),
      RouteUp(second, {"consult", "C", "CC", ""}, "head", At(20))};
  for (const auto& result : without) EXPECT_EQ(ReasonOf(result), "REASON_MISSING");
}

TEST(VerbsTable, WordsAreReadAsTheyAreWritten) {
  for (int i = 0; i <= static_cast<int>(Kind::kClosed); ++i) {
    EXPECT_EQ(KindNamed(Name(static_cast<Kind>(i))), static_cast<Kind>(i));
  }
  for (int i = 0; i <= static_cast<int>(Standing::kTakenBack); ++i) {
    EXPECT_EQ(StandingNamed(Name(static_cast<Standing>(i))), static_cast<Standing>(i));
  }
  for (int i = 0; i <= static_cast<int>(Verdict::kAbstain); ++i) {
    EXPECT_EQ(VerdictNamed(Name(static_cast<Verdict>(i))), static_cast<Verdict>(i));
  }
  for (int i = 0; i <= static_cast<int>(Closed::kWithdrawn); ++i) {
    EXPECT_EQ(ClosedNamed(Name(static_cast<Closed>(i))), static_cast<Closed>(i));
  }
}

}  // namespace
}  // namespace zonelink::review
