// SPDX-License-Identifier: Apache-2.0
#include "recognition/domain/attributes.h"

#include <gtest/gtest.h>

#include <limits>

namespace zonelink::recognition {
namespace {

using namespace std::string_literals;

struct Case {
  AttributeType type;
  AttributeValue value;
  std::string reason;  // empty: good
};

TEST(Attributes, EachValueIsOfItsType) {
  const std::vector<Case> cases = {
      {AttributeType::kString, "854231"s, ""},
      {AttributeType::kString, ""s, "REQUIRED"},
      {AttributeType::kString, 5.0, "WRONG_TYPE"},
      {AttributeType::kString, std::monostate{}, "WRONG_TYPE"},
      {AttributeType::kDecimal, "1200"s, ""},
      {AttributeType::kDecimal, "-0.50"s, ""},
      {AttributeType::kDecimal, std::string(38, '9'), ""},
      {AttributeType::kDecimal, std::string(39, '9'), "BAD_DECIMAL"},
      {AttributeType::kDecimal, std::string(30, '9') + "." + std::string(8, '1'), ""},
      {AttributeType::kDecimal, std::string(30, '9') + "." + std::string(9, '1'), "BAD_DECIMAL"},
      {AttributeType::kDecimal, ""s, "BAD_DECIMAL"},
      {AttributeType::kDecimal, "-"s, "BAD_DECIMAL"},
      {AttributeType::kDecimal, "1."s, "BAD_DECIMAL"},
      {AttributeType::kDecimal, ".5"s, "BAD_DECIMAL"},
      {AttributeType::kDecimal, "1.2.3"s, "BAD_DECIMAL"},
      {AttributeType::kDecimal, "1e3"s, "BAD_DECIMAL"},
      {AttributeType::kDecimal, "+1"s, "BAD_DECIMAL"},
      {AttributeType::kDecimal, "１２"s, "BAD_DECIMAL"},
      {AttributeType::kDecimal, "NaN"s, "BAD_DECIMAL"},
      {AttributeType::kDecimal, 1200.0, "WRONG_TYPE"},
      {AttributeType::kInteger, 3.0, ""},
      {AttributeType::kInteger, -9007199254740992.0, ""},
      {AttributeType::kInteger, 9007199254740994.0, "OUT_OF_RANGE"},
      {AttributeType::kInteger, 3.5, "WRONG_TYPE"},
      {AttributeType::kInteger, "3"s, "WRONG_TYPE"},
      {AttributeType::kInteger, std::numeric_limits<double>::quiet_NaN(), "WRONG_TYPE"},
      {AttributeType::kInteger, std::numeric_limits<double>::infinity(), "OUT_OF_RANGE"},
      {AttributeType::kBoolean, false, ""},
      {AttributeType::kBoolean, "true"s, "WRONG_TYPE"},
      {AttributeType::kBoolean, 1.0, "WRONG_TYPE"},
      {AttributeType::kDate, "2026-02-28"s, ""},
      {AttributeType::kDate, "2026-02-29"s, "BAD_DATE"},
      {AttributeType::kDate, true, "WRONG_TYPE"},
  };
  for (const Case& one : cases) {
    SCOPED_TRACE(std::string(Name(one.type)) + " wants " + one.reason);
    const Status status = CheckAttributes({{"value", one.type}}, {{"value", one.value}});
    EXPECT_EQ(status.has_value(), one.reason.empty());
    if (status) continue;
    EXPECT_EQ(status.error().reason, "ATTRIBUTES_INVALID");
    ASSERT_EQ(status.error().violations.size(), 1u);
    EXPECT_EQ(status.error().violations[0].field, "attributes.value");
    EXPECT_EQ(status.error().violations[0].reason, one.reason);
  }
}

TEST(Attributes, AreExactlyThoseDefined) {
  const std::vector<AttributeDefinition> defined = {{"hsCode", AttributeType::kString},
                                                    {"quantity", AttributeType::kDecimal}};
  const Attributes given = {{"quantity", "1"s}, {"colour", "red"s}};
  const Status status = CheckAttributes(defined, given);
  ASSERT_FALSE(status);
  ASSERT_EQ(status.error().violations.size(), 2u);
  EXPECT_EQ(status.error().violations[0].field, "attributes.hsCode");
  EXPECT_EQ(status.error().violations[0].reason, "REQUIRED");
  EXPECT_EQ(status.error().violations[1].field, "attributes.colour");
  EXPECT_EQ(status.error().violations[1].reason, "UNKNOWN_ATTRIBUTE");
  EXPECT_EQ(MissingAttributes(defined, given), std::vector<std::string>{"hsCode"});
}

TEST(Attributes, AreKeptAsJson) {
  EXPECT_EQ(ToJson({}), "{}");
  EXPECT_EQ(
      ToJson({{"a", true}, {"b", 9007199254740992.0}, {"c", "\"\\\n原产地"s}, {"d", "1.50"s}}),
      "{\"a\":true,\"b\":9007199254740992,\"c\":\"\\\"\\\\\\u000a原产地\",\"d\":\"1.50\"}");
}

}  // namespace
}  // namespace zonelink::recognition
