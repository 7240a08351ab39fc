// SPDX-License-Identifier: Apache-2.0
#include "recognition/domain/catalogue.h"

#include <gtest/gtest.h>

namespace zonelink::recognition {
namespace {

constexpr Date Day(int day) {
  return std::chrono::sys_days(std::chrono::year(2026) / std::chrono::March / day);
}

DatedRoute From(const std::string& home, const std::string& target, int first, int last,
                const std::string& agreement) {
  return {"origin", {AgreementId(agreement), home, target, Mode::kReview}, Day(first), Day(last)};
}

const Catalogue& Sample() {
  static const Catalogue catalogue(
      {{.item_id = "origin", .version = 2}, {.item_id = "licence"}},
      {"shanghai", "jiangsu", "zhejiang"},
      {From("shanghai", "jiangsu", 2, 9, "a1"), From("shanghai", "zhejiang", 2, 5, "a2"),
       From("jiangsu", "zhejiang", 2, 9, "a3")},
      {});
  return catalogue;
}

TEST(Catalogue, CoversWhatItsRoutesCoverOnTheDay) {
  struct Case {
    const char* name;
    std::string item, home;
    std::vector<std::string> targets;
    int day;
    std::vector<std::string> agreements, unknown;
  };
  const Case cases[] = {
      {"both", "origin", "shanghai", {"jiangsu", "zhejiang"}, 3, {"a1", "a2"}, {}},
      {"first day", "origin", "shanghai", {"jiangsu"}, 2, {"a1"}, {}},
      {"the day before", "origin", "shanghai", {"jiangsu"}, 1, {}, {}},
      {"last day", "origin", "shanghai", {"zhejiang"}, 5, {"a2"}, {}},
      {"the day after", "origin", "shanghai", {"jiangsu", "zhejiang"}, 6, {"a1"}, {}},
      {"another home", "origin", "jiangsu", {"zhejiang"}, 3, {"a3"}, {}},
      {"not the way back", "origin", "zhejiang", {"shanghai"}, 3, {}, {}},
      {"another item", "licence", "shanghai", {"jiangsu"}, 3, {}, {}},
      {"no such target", "origin", "shanghai", {"atlantis"}, 3, {}, {"atlantis"}},
      {"no such home", "origin", "atlantis", {"jiangsu"}, 3, {}, {"atlantis"}},
  };
  for (const Case& c : cases) {
    SCOPED_TRACE(c.name);
    const auto coverage = Sample().CoverageOf(c.item, c.home, c.targets, Day(c.day));
    ASSERT_TRUE(coverage);
    EXPECT_EQ(coverage->item.item_id, c.item);
    std::vector<std::string> agreements;
    for (const Route& route : coverage->routes) agreements.push_back(route.agreement_id.str());
    EXPECT_EQ(agreements, c.agreements);
    EXPECT_EQ(coverage->unknown_zones, c.unknown);
  }
}

TEST(Catalogue, KnowsItsItemsOnly) {
  const auto coverage = Sample().CoverageOf("visa", "shanghai", {"jiangsu"}, Day(3));
  ASSERT_FALSE(coverage);
  EXPECT_EQ(coverage.error().reason, "ITEM_NOT_FOUND");
}

TEST(Catalogue, TellsWhetherTheDatabaseMustBeAsked) {
  DatedRoute conditional = From("shanghai", "jiangsu", 2, 9, "a1");
  conditional.conditional = true;
  const Catalogue catalogue(
      {{.item_id = "origin"}, {.item_id = "transfer"}}, {"shanghai", "jiangsu", "zhejiang"},
      {conditional, From("shanghai", "zhejiang", 2, 9, "a2")},
      {{"transfer", "common", Day(2), Day(5)}, {"origin", "zhejiang", Day(7), Day(9)}});
  struct Case {
    std::string item, target;
    int day;
    bool asked;
  };
  const Case cases[] = {
      {"origin", "jiangsu", 3, true},     {"origin", "jiangsu", 1, false},
      {"origin", "zhejiang", 3, false},   {"origin", "zhejiang", 7, true},
      {"transfer", "jiangsu", 2, true},   {"transfer", "zhejiang", 5, true},
      {"transfer", "zhejiang", 6, false},
  };
  for (const Case& c : cases) {
    SCOPED_TRACE(c.item + " " + c.target);
    EXPECT_EQ(catalogue.CoverageOf(c.item, "shanghai", {c.target}, Day(c.day))->to_screen, c.asked);
  }
}

}  // namespace
}  // namespace zonelink::recognition
