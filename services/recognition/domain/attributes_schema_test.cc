// SPDX-License-Identifier: Apache-2.0
#include "recognition/domain/attributes_schema.h"

#include <gtest/gtest.h>

#include "recognition/domain/attributes.h"

namespace zonelink::recognition {
namespace {

std::string Faults(const std::string& schema, const std::string& attributes) {
  const auto compiled = AttributesSchema::Compile(schema);
  if (!compiled) return compiled.error().reason;
  std::string faults;
  for (const Violation& violation : (*compiled)->Violations(attributes)) {
    faults += violation.field + ":" + violation.reason + " ";
  }
  return faults;
}

TEST(AttributesSchema, SaysWhatIsWrongByPath) {
  struct Case {
    const char* name;
    const char* schema;
    const char* attributes;
    const char* faults;
  };
  const Case cases[] = {
      {"nothing asked", "{}", R"({"a":"1"})", ""},
      {"pattern met", R"({"properties":{"hs":{"pattern":"^[0-9]{6}$"}}})", R"({"hs":"854231"})",
       ""},
      {"pattern", R"({"properties":{"hs":{"pattern":"^[0-9]{6}$"}}})", R"({"hs":"85"})",
       "attributes.hs:SCHEMA_VIOLATED "},
      {"two", R"({"properties":{"a":{"enum":["x"]},"b":{"maximum":3}}})", R"({"a":"y","b":4})",
       "attributes.a:SCHEMA_VIOLATED attributes.b:SCHEMA_VIOLATED "},
      {"required", R"({"required":["a"]})", "{}", "attributes:SCHEMA_VIOLATED "},
      {"if", R"({"if":{"properties":{"a":{"const":"x"}}},"then":{"required":["b"]}})",
       R"({"a":"x"})", "attributes:SCHEMA_VIOLATED attributes:SCHEMA_VIOLATED "},
      {"definition",
       R"({"definitions":{"n":{"minLength":2}},"properties":{"a":{"$ref":"#/definitions/n"}}})",
       R"({"a":"x"})", "attributes.a:SCHEMA_VIOLATED "},
      {"long text", R"({"properties":{"a":{"pattern":"^a+$"}}})", nullptr,
       "attributes.a:TOO_LONG "},
  };
  const std::string long_text = R"({"a":")" + std::string(201, 'a') + "\"}";
  for (const Case& c : cases) {
    SCOPED_TRACE(c.name);
    EXPECT_EQ(Faults(c.schema, c.attributes == nullptr ? long_text : c.attributes), c.faults);
  }
}

TEST(AttributesSchema, RefusesWhatCannotBeRelied) {
  const char* schemas[] = {
      "",
      "[]",
      "not json",
      R"({"type":7})",
      R"({"properties":{"a":5}})",
      R"({"patternProperties":{"a":{}}})",
      R"({"items":{}})",
      R"({"propertees":{}})",
      R"({"$ref":"https://example.org/schema.json"})",
      R"({"$ref":"#"})",
      R"({"$ref":"#/definitions/none"})",
      R"({"definitions":{"a":{"$ref":"#/definitions/b"},"b":{"$ref":"#/definitions/a"}}})",
      R"({"properties":{"a":{"pattern":"(a+)+$"}}})",
      R"({"properties":{"a":{"pattern":"["}}})",
      R"({"not":{"not":{"not":{"not":{"not":{"not":{"not":{"not":{"not":{"not":{"not":{"not":{"not":{"not":{"not":{"not":{"not":{}}}}}}}}}}}}}}}}}})",
  };
  for (const char* schema : schemas) {
    SCOPED_TRACE(schema);
    EXPECT_EQ(Faults(schema, "{}"), "ITEM_SCHEMA_INVALID");
  }
  const std::string big = "{\"title\":\"" + std::string(64 * 1024, 'x') + "\"}";
  EXPECT_EQ(Faults(big, "{}"), "ITEM_SCHEMA_INVALID");
}

TEST(AttributesSchema, PatternsAreBoundedInTime) {
  for (const char* pattern : {"^[0-9]{6,10}$", "^-?[0-9]+([.][0-9]{1,2})?$", "[A-Z]{2}-(CN|HK)$",
                              "^\\d+$", "^(?:ab){3}$", "a[)+(]b"}) {
    EXPECT_TRUE(BoundedPattern(pattern)) << pattern;
  }
  for (const char* pattern :
       {"(a+)+", "(a|a)*", "(a*){2,9}", "a+b+c+", "(a)\\1", "(?=a)b", "a{1,300}", "(a", "a)", "[a",
        "a{2", "a{x}", "((a?)b)*", "a?b?c?d?"}) {
    EXPECT_FALSE(BoundedPattern(pattern)) << pattern;
  }
}

TEST(AttributesSchema, DecidesWhatMayBeMissing) {
  const std::vector<AttributeDefinition> defined = {{"a", AttributeType::kString},
                                                    {"b", AttributeType::kInteger}};
  const auto schema = AttributesSchema::Compile(R"({"required":["a"]})").value();
  const Attributes only_a = {{"a", "x"}};
  EXPECT_FALSE(CheckAttributes(defined, only_a));
  EXPECT_TRUE(CheckAttributes(defined, only_a, schema.get()));
  EXPECT_FALSE(CheckAttributes(defined, {{"b", 1.0}}, schema.get()));
  const auto wrong = CheckAttributes(defined, {{"a", "x"}, {"b", "1"}}, schema.get());
  ASSERT_FALSE(wrong);
  EXPECT_EQ(wrong.error().violations[0].reason, "WRONG_TYPE");
}

}  // namespace
}  // namespace zonelink::recognition
