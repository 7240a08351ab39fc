// SPDX-License-Identifier: Apache-2.0
#include "recognition/domain/negative_list.h"

#include <gtest/gtest.h>

#include "recognition/domain/condition.h"
#include "recognition/domain/filing.h"

namespace zonelink::recognition {
namespace {

const Time kNow = *ParseTime("2026-03-02T01:00:00Z");

template <class T>
std::string ReasonOf(const Result<T>& result) {
  return result ? "" : result.error().reason;
}

std::string ReasonOf(const Status& status) { return status ? "" : status.error().reason; }

TEST(NegativeList, ZonesChangeTheirOwnAndTheSecretariatTheCommonOne) {
  const Actor shanghai{.user_id = "u", .zone = "shanghai"};
  const Actor secretary{.user_id = "s"};
  EXPECT_EQ(ReasonOf(CheckList("shanghai", shanghai, false)), "");
  EXPECT_EQ(ReasonOf(CheckList("jiangsu", shanghai, false)), "FOREIGN_LIST");
  EXPECT_EQ(ReasonOf(CheckList("common", shanghai, false)), "FOREIGN_LIST");
  EXPECT_EQ(ReasonOf(CheckList("common", secretary, true)), "");
  EXPECT_EQ(ReasonOf(CheckList("shanghai", secretary, true)), "FOREIGN_LIST");
}

TEST(NegativeList, VersionsFollowEachOther) {
  ListEntry entry{.list = "common",
                  .entry_id = "NL-1",
                  .item_id = "transfer",
                  .effective_from = *ParseDate("2026-01-01")};
  const ListEntry first = PublishEntry(std::nullopt, entry, kNow).value();
  EXPECT_EQ(first.version, 1);
  EXPECT_EQ(PublishEntry(first, entry, kNow)->version, 2);
  const ListEntry retired = RetireEntry(first, "repealed", kNow).value();
  EXPECT_EQ(retired.version, 2);
  EXPECT_TRUE(retired.retired);
  EXPECT_EQ(FormatDate(retired.effective_from), "2026-03-02");
  EXPECT_EQ(ReasonOf(RetireEntry(retired, "again", kNow)), "ENTRY_RETIRED");
  const ListEntry again = PublishEntry(retired, entry, kNow).value();
  EXPECT_EQ(again.version, 3);
  EXPECT_FALSE(again.retired);
  entry.effective_until = *ParseDate("2025-12-31");
  EXPECT_EQ(ReasonOf(PublishEntry(first, entry, kNow)), "ENTRY_DATES");
  entry.effective_until.reset();
  entry.item_id = "other";
  EXPECT_EQ(ReasonOf(PublishEntry(first, entry, kNow)), "ENTRY_ITEM");
}

TEST(NegativeList, WhateverIsFoundGoesToAPerson) {
  const auto found = [](Finding::Outcome outcome, const std::string& zone = "jiangsu") {
    return Finding{.zone = zone, .outcome = outcome, .list = "common", .entry_id = "NL-1"};
  };
  struct Case {
    Mode mode;
    std::vector<Finding> findings;
    Prospect::Outcome outcome;
    Mode becomes;
  };
  using Outcome = Prospect::Outcome;
  const Case cases[] = {
      {Mode::kAutomatic, {}, Outcome::kAutomatic, Mode::kAutomatic},
      {Mode::kAutomatic,
       {found(Finding::Outcome::kHit, "hunan")},
       Outcome::kAutomatic,
       Mode::kAutomatic},
      {Mode::kAutomatic, {found(Finding::Outcome::kHit)}, Outcome::kOnNegativeList, Mode::kReview},
      {Mode::kNotify, {found(Finding::Outcome::kHit)}, Outcome::kOnNegativeList, Mode::kReview},
      {Mode::kReview, {found(Finding::Outcome::kHit)}, Outcome::kOnNegativeList, Mode::kReview},
      {Mode::kAutomatic,
       {found(Finding::Outcome::kUnknown)},
       Outcome::kDecisionNeeded,
       Mode::kReview},
      {Mode::kNotify, {found(Finding::Outcome::kNotMet)}, Outcome::kDecisionNeeded, Mode::kReview},
      {Mode::kNone, {found(Finding::Outcome::kHit)}, Outcome::kNotCovered, Mode::kNone},
      {Mode::kNationwide,
       {found(Finding::Outcome::kHit)},
       Outcome::kNoCaseNeeded,
       Mode::kNationwide},
  };
  for (const Case& c : cases) {
    SCOPED_TRACE(Name(c.mode));
    Coverage coverage{.item = {.item_id = "transfer"},
                      .routes = {{AgreementId("a"), "shanghai", "jiangsu", c.mode}},
                      .findings = c.findings};
    const auto prospects = Foresee(coverage, "shanghai", {"jiangsu"});
    ASSERT_TRUE(prospects);
    EXPECT_EQ((*prospects)[0].outcome, c.outcome);
    EXPECT_EQ((*prospects)[0].mode, c.becomes);
  }
}

TEST(Condition, IsStrictAndAboutTheItemsAttributes) {
  const std::vector<AttributeDefinition> defined = {{"basin", AttributeType::kString},
                                                    {"km", AttributeType::kDecimal}};
  struct Case {
    const char* predicate;  // as PostgreSQL writes it
    const char* why;
  };
  const Case cases[] = {
      {R"(strict ($."basin" == "yangtze" && $."km".double() <= 1))", ""},
      {R"(strict ($."basin" == "a like_regex $ b"))", ""},
      {R"(strict ($."basin" == "quote \" $.x"))", ""},
      {R"(strict exists ($."km"?(@.double() > 1)))", ""},
      {R"(($."basin" == "yangtze"))", "NOT_STRICT"},
      {R"(strict ($."basin" like_regex "^a"))", "NOT_ALLOWED"},
      {R"(strict ($."basin".datetime() > "2026-01-01".datetime()))", "NOT_ALLOWED"},
      {R"(strict ($."river" == "yangtze"))", "UNKNOWN_ATTRIBUTE"},
      {R"(strict ($.* == "yangtze"))", "UNKNOWN_ATTRIBUTE"},
      {R"(strict ($ == "yangtze"))", "UNKNOWN_ATTRIBUTE"},
      {R"(strict ($"basin" == "yangtze"))", "UNKNOWN_ATTRIBUTE"},
  };
  for (const Case& c : cases) {
    SCOPED_TRACE(c.predicate);
    const Status status = CheckCondition(c.predicate, defined);
    EXPECT_EQ(status ? "" : status.error().metadata[0].second, c.why);
  }
  EXPECT_EQ(SampleAttributes(defined), R"({"basin":"1","km":"1"})");
}

}  // namespace
}  // namespace zonelink::recognition
