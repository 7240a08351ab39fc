// SPDX-License-Identifier: Apache-2.0
#include "recognition/domain/agreement.h"

#include <gtest/gtest.h>

namespace zonelink::recognition {
namespace {

const Time kNow = *ParseTime("2026-03-02T09:00:00+08:00");
const Actor kShanghai{.user_id = "u-sh", .zone = "shanghai"};
const Actor kJiangsu{.user_id = "u-js", .zone = "jiangsu"};
const Actor kHunan{.user_id = "u-hn", .zone = "hunan"};

Item Ordinary() {
  return {.item_id = "aeo-status", .default_mode = Mode::kReview, .budget_working_days = 20};
}

Agreement Pair() {
  return {.id = AgreementId("a-1"),
          .item_id = "aeo-status",
          .home_zones = {"shanghai"},
          .target_zones = {"jiangsu"},
          .mode = Mode::kReview,
          .valid_from = *ParseDate("2026-01-01"),
          .valid_until = *ParseDate("2026-12-31")};
}

std::string ReasonOf(const Result<Agreement>& result) {
  return result ? "" : result.error().reason;
}

TEST(Agreement, AdministratorsDraftForTheirOwnZone) {
  EXPECT_EQ(ReasonOf(Draft(Pair(), Ordinary(), kJiangsu, false, kNow)), "");
  EXPECT_EQ(ReasonOf(Draft(Pair(), Ordinary(), kHunan, false, kNow)), "FOREIGN_ZONE");
  EXPECT_EQ(ReasonOf(Draft(Pair(), Ordinary(), kHunan, true, kNow)), "");
}

TEST(Agreement, DatesAreInOrderAndNotOver) {
  Agreement one_day = Pair();
  one_day.valid_from = one_day.valid_until = ShanghaiDate(kNow);
  EXPECT_EQ(ReasonOf(Draft(one_day, Ordinary(), kShanghai, false, kNow)), "");
  Agreement reversed = Pair();
  std::swap(reversed.valid_from, reversed.valid_until);
  EXPECT_EQ(ReasonOf(Draft(reversed, Ordinary(), kShanghai, false, kNow)), "AGREEMENT_DATES");
  Agreement over = Pair();
  over.valid_until = ShanghaiDate(kNow) - std::chrono::days(1);
  EXPECT_EQ(ReasonOf(Draft(over, Ordinary(), kShanghai, false, kNow)), "AGREEMENT_DATES");
}

TEST(Agreement, ZonesFormAtLeastOnePair) {
  Agreement mutual = Pair();
  mutual.home_zones = mutual.target_zones = {"jiangsu", "shanghai"};
  ASSERT_EQ(ReasonOf(Draft(mutual, Ordinary(), kShanghai, false, kNow)), "");
  EXPECT_EQ(Routes(mutual).size(), 2u);
  EXPECT_EQ(PartyZones(mutual).size(), 2u);
  Agreement alone = Pair();
  alone.target_zones = {"shanghai"};
  EXPECT_EQ(ReasonOf(Draft(alone, Ordinary(), kShanghai, false, kNow)), "AGREEMENT_ZONES");
  Agreement repeated = Pair();
  repeated.target_zones = {"jiangsu", "jiangsu"};
  EXPECT_EQ(ReasonOf(Draft(repeated, Ordinary(), kShanghai, false, kNow)), "AGREEMENT_ZONES");
}

TEST(Agreement, ModeSuitsTheItem) {
  Item nationwide = Ordinary();
  nationwide.default_mode = Mode::kNationwide;
  Item excluded = Ordinary();
  excluded.excluded_class = true;
  const auto reason = [](Mode mode, const Item& item) {
    Agreement agreement = Pair();
    agreement.mode = mode;
    return ReasonOf(Draft(agreement, item, kShanghai, false, kNow));
  };
  EXPECT_EQ(reason(Mode::kNationwide, nationwide), "");
  EXPECT_EQ(reason(Mode::kNationwide, Ordinary()), "AGREEMENT_MODE");
  for (const Mode mode : {Mode::kAutomatic, Mode::kNotify, Mode::kNationwide}) {
    EXPECT_EQ(reason(mode, excluded), "AGREEMENT_MODE");
  }
  for (const Mode mode : {Mode::kReview, Mode::kNone}) EXPECT_EQ(reason(mode, excluded), "");
}

TEST(Agreement, LastSignaturePutsItInForce) {
  const auto first = Sign(Pair(), kShanghai, kNow);
  ASSERT_TRUE(first);
  EXPECT_EQ(first->state, AgreementState::kDrafted);
  EXPECT_EQ(ReasonOf(Sign(*first, kShanghai, kNow)), "AGREEMENT_SIGNED");
  EXPECT_EQ(ReasonOf(Sign(*first, kHunan, kNow)), "FOREIGN_ZONE");
  const auto last = Sign(*first, kJiangsu, kNow);
  ASSERT_TRUE(last);
  EXPECT_EQ(last->state, AgreementState::kInForce);
  EXPECT_EQ(last->version, 3);
}

TEST(Agreement, EveryStateSuspendsTerminatesAndSignsOrRefuses) {
  const auto in = [](AgreementState state) {
    Agreement agreement = Pair();
    agreement.state = state;
    return agreement;
  };
  struct Row {
    AgreementState state;
    const char* sign;
    const char* suspend;
    const char* terminate;
  };
  for (const Row& row :
       {Row{AgreementState::kDrafted, "", "AGREEMENT_NOT_IN_FORCE", ""},
        Row{AgreementState::kInForce, "AGREEMENT_NOT_DRAFTED", "", ""},
        Row{AgreementState::kSuspended, "AGREEMENT_NOT_DRAFTED", "AGREEMENT_NOT_IN_FORCE", ""},
        Row{AgreementState::kTerminated, "AGREEMENT_NOT_DRAFTED", "AGREEMENT_NOT_IN_FORCE",
            "AGREEMENT_TERMINATED"}}) {
    SCOPED_TRACE(Name(row.state));
    EXPECT_EQ(ReasonOf(Sign(in(row.state), kShanghai, kNow)), row.sign);
    EXPECT_EQ(ReasonOf(Suspend(in(row.state), kShanghai)), row.suspend);
    EXPECT_EQ(ReasonOf(Terminate(in(row.state))), row.terminate);
    EXPECT_EQ(AgreementStateNamed(Name(row.state)), row.state);
  }
}

TEST(Agreement, AnAmendmentReplacesWhatItAmends) {
  Agreement current = Pair();
  current.id = AgreementId("a-1");
  current.revision = 2;
  Agreement next = Pair();
  next.id = AgreementId("a-2");
  next.mode = Mode::kAutomatic;
  struct Row {
    AgreementState state;
    std::string amend, replace;
  };
  const Row rows[] = {
      {AgreementState::kDrafted, "AGREEMENT_NOT_IN_FORCE", ""},
      {AgreementState::kInForce, "", ""},
      {AgreementState::kSuspended, "", ""},
      {AgreementState::kTerminated, "AGREEMENT_TERMINATED", "AGREEMENT_TERMINATED"},
  };
  for (const Row& row : rows) {
    SCOPED_TRACE(Name(row.state));
    current.state = row.state;
    EXPECT_EQ(ReasonOf(Amend(current, next)), row.amend);
    EXPECT_EQ(ReasonOf(Replace(current, next)), row.replace);
  }
  current.state = AgreementState::kInForce;
  const Agreement amended = Amend(current, next).value();
  EXPECT_EQ(amended.amends.str(), "a-1");
  EXPECT_EQ(amended.revision, 3);
  EXPECT_EQ(amended.valid_from, current.valid_from);
  EXPECT_EQ(amended.mode, Mode::kAutomatic);
  const Agreement replaced = Replace(current, amended).value();
  EXPECT_EQ(replaced.state, AgreementState::kTerminated);
  EXPECT_EQ(replaced.replaced_by.str(), "a-2");
  next.target_zones.push_back("hunan");
  EXPECT_EQ(ReasonOf(Amend(current, next)), "AMENDMENT_PARTIES");
}

TEST(Agreement, OnlyTheZoneThatSuspendedResumes) {
  Agreement agreement = Pair();
  EXPECT_EQ(ReasonOf(Resume(agreement, kShanghai)), "AGREEMENT_NOT_SUSPENDED");
  agreement.state = AgreementState::kInForce;
  const Agreement suspended = Suspend(agreement, kJiangsu).value();
  EXPECT_EQ(ReasonOf(Resume(suspended, kShanghai)), "NOT_SUSPENDING_ZONE");
  const Agreement resumed = Resume(suspended, kJiangsu).value();
  EXPECT_EQ(resumed.state, AgreementState::kInForce);
  EXPECT_EQ(resumed.suspended_by, "");
  Agreement long_ago = suspended;
  long_ago.suspended_by.clear();
  EXPECT_EQ(ReasonOf(Resume(long_ago, kShanghai)), "");
}

}  // namespace
}  // namespace zonelink::recognition
