// SPDX-License-Identifier: Apache-2.0
#include "recognition/attributes_json.h"

#include <gtest/gtest.h>

namespace zonelink::recognition {
namespace {

TEST(AttributesJson, ReadsEveryKindOfValue) {
  const Attributes read = FromJson(
      R"({"area": "12.50", "exempt": false, "large": 9007199254740992, "name": "上海\u0041\n\"x\"",
          "negative": -3, "none": "", "true": true})");
  EXPECT_EQ(read, (Attributes{{"area", std::string("12.50")},
                              {"exempt", false},
                              {"large", 9007199254740992.0},
                              {"name", std::string("上海A\n\"x\"")},
                              {"negative", -3.0},
                              {"none", std::string()},
                              {"true", true}}));
}

TEST(AttributesJson, ReadsWhatWasWritten) {
  const Attributes written{{"a \"b\" \\", std::string("\x01 \t 贸")}, {"n", 42.0}, {"t", true}};
  EXPECT_EQ(FromJson(ToJson(written)), written);
  EXPECT_EQ(FromJson("{}"), Attributes());
}

TEST(AttributesJson, TakesNothingElseForAValue) {
  const Attributes read = FromJson(R"({"list": [1], "null": null, "object": {"a": 1}})");
  EXPECT_EQ(read.size(), 3u);
  for (const auto& [name, value] : read) {
    EXPECT_TRUE(std::holds_alternative<std::monostate>(value)) << name;
  }
}

TEST(AttributesJsonDeathTest, StopsAtWhatIsNoObject) {
  GTEST_FLAG_SET(death_test_style, "threadsafe");
  for (const char* broken : {"", "[]", "1", "{", "{}x", R"({"a": 01})", R"({"a": 1,})"}) {
    EXPECT_DEATH(FromJson(broken), "attributes are kept as a JSON object") << broken;
  }
}

TEST(AttributesJson, GoesThroughProtobufUnchanged) {
  const Attributes checked{{"exempt", true}, {"name", std::string("x")}, {"number", 7.0}};
  EXPECT_EQ(ToAttributes(ToStruct(checked)), checked);
}

}  // namespace
}  // namespace zonelink::recognition
