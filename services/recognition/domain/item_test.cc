// SPDX-License-Identifier: Apache-2.0
#include "recognition/domain/item.h"

#include <gtest/gtest.h>

#include "recognition/domain/catalogue.h"

namespace zonelink::recognition {
namespace {

const Time kNow = *ParseTime("2026-03-02T01:00:00Z");

Item Ordinary() {
  return {.item_id = "licence",
          .default_mode = Mode::kReview,
          .budget_working_days = 20,
          .attributes = {{"hsCode", AttributeType::kString}},
          .required_documents = {"invoice", "packing-list"}};
}

std::string ReasonOf(const Result<Item>& result) { return result ? "" : result.error().reason; }

TEST(Item, PublishingChecksClassBudgetAndAttributes) {
  const auto reason = [](const Item& item) {
    const auto published = Publish(item, kNow);
    return published ? std::string() : published.error().reason;
  };
  EXPECT_EQ(reason(Ordinary()), "");
  Item excluded = Ordinary();
  excluded.excluded_class = true;
  EXPECT_EQ(reason(excluded), "");
  excluded.tacit_allowed = true;
  EXPECT_EQ(reason(excluded), "ITEM_EXCLUDED_CLASS");
  excluded.tacit_allowed = false;
  excluded.default_mode = Mode::kNotify;
  EXPECT_EQ(reason(excluded), "ITEM_EXCLUDED_CLASS");
  Item no_days = Ordinary();
  no_days.budget_working_days = 0;
  EXPECT_EQ(reason(no_days), "ITEM_BUDGET");
  no_days.default_mode = Mode::kNationwide;
  EXPECT_EQ(reason(no_days), "");
  Item attributes = Ordinary();
  attributes.attributes = {{"hsCode", AttributeType::kString}, {"hsCode", AttributeType::kDate}};
  EXPECT_EQ(reason(attributes), "ATTRIBUTE_REPEATED");
  attributes.attributes = {{"HS-Code", AttributeType::kString}};
  EXPECT_EQ(reason(attributes), "ATTRIBUTE_NAME");
}

TEST(Item, PapersDaysAndPromiseFitTogether) {
  struct Case {
    const char* name;
    void (*change)(Item&);
    const char* reason;
  };
  const Case cases[] = {
      {"a required paper is deferrable", [](Item& i) { i.deferrable_documents = {"invoice"}; }, ""},
      {"another is not", [](Item& i) { i.deferrable_documents = {"plan"}; }, "ITEM_DEFERRABLE"},
      {"joint", [](Item& i) { i.joint_budget_days = 45, i.joint_extension_days = 15; }, ""},
      {"only extended", [](Item& i) { i.joint_extension_days = 15; }, "ITEM_JOINT"},
      {"one language", [](Item& i) { i.promise_text_zh = "承诺"; }, "ITEM_PROMISE"},
      {"both", [](Item& i) { i.promise_text_zh = "承诺", i.promise_text_en = "I promise"; }, ""},
      {"a promise of an excluded class",
       [](Item& i) {
         i.excluded_class = true;
         i.promise_text_zh = "承诺", i.promise_text_en = "I promise";
       },
       "ITEM_PROMISE"},
      {"a broken schema", [](Item& i) { i.attributes_schema = "{\"type\":7}"; },
       "ITEM_SCHEMA_INVALID"},
  };
  for (const Case& c : cases) {
    SCOPED_TRACE(c.name);
    Item item = Ordinary();
    c.change(item);
    EXPECT_EQ(ReasonOf(Publish(item, kNow)), c.reason);
  }
}

TEST(Item, HasAPromiseWhereverOneCanBeGiven) {
  EXPECT_FALSE(Publish(Ordinary(), kNow)->promise_text_zh.empty());
  EXPECT_EQ(Publish(Ordinary(), kNow)->promise_version, 1);
  Item excluded = Ordinary();
  excluded.excluded_class = true;
  EXPECT_EQ(Publish(excluded, kNow)->promise_version, 0);
  EXPECT_TRUE(Publish(excluded, kNow)->promise_text_zh.empty());
}

TEST(Item, RevisionCountsItsVersionAndThatOfThePromise) {
  const Item first = *Publish(Ordinary(), kNow);
  const Item second = *Revise(first, Ordinary(), kNow);
  EXPECT_EQ(second.version, 2);
  EXPECT_EQ(second.promise_version, 1);
  Item other = Ordinary();
  other.promise_text_zh = "承诺";
  other.promise_text_en = "I promise";
  const Item third = *Revise(second, other, kNow);
  EXPECT_EQ(third.version, 3);
  EXPECT_EQ(third.promise_version, 2);
  other.item_id = "another";
  EXPECT_EQ(ReasonOf(Revise(third, other, kNow)), "ITEM_ID_MISMATCH");
}

}  // namespace
}  // namespace zonelink::recognition
