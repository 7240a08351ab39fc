// SPDX-License-Identifier: Apache-2.0
#include "gateway/http/json_reader.h"

#include <gtest/gtest.h>

#include "zonelink/directory/v1/directory_service.pb.h"
#include "zonelink/ledger/v1/ledger_service.pb.h"
#include "zonelink/recognition/v1/recognition_service.pb.h"

namespace zonelink::gateway {
namespace {

using directory::v1::AdvanceClockRequest;
using directory::v1::GetWorkingDaysRequest;
using directory::v1::Me;
using recognition::v1::Document;
using recognition::v1::Item;
using recognition::v1::ListFilingsRequest;
using recognition::v1::SubmitFilingRequest;
using recognition::v1::WithdrawFilingRequest;

std::string Repeat(std::string_view text, int times) {
  std::string all;
  for (int i = 0; i < times; ++i) all += text;
  return all;
}

struct Case {
  const char* what;
  const google::protobuf::Message* type;
  std::string json;
  std::string reason;  // empty: accepted
  std::string field;
};

const auto* const kFiling = &SubmitFilingRequest::default_instance();
const auto* const kItem = &Item::default_instance();
const auto* const kDocument = &Document::default_instance();
const auto* const kClock = &AdvanceClockRequest::default_instance();
const auto* const kDays = &GetWorkingDaysRequest::default_instance();
const auto* const kMe = &Me::default_instance();

std::vector<Case> NotJson() {
  return {
      {"nothing", kFiling, "", "JSON_INVALID", ""},
      {"spaces", kFiling, "  \n ", "JSON_INVALID", ""},
      {"word", kFiling, "hello", "JSON_INVALID", ""},
      {"open object", kFiling, "{", "JSON_INVALID", ""},
      {"closed twice", kFiling, "{}}", "JSON_INVALID", ""},
      {"trailing text", kFiling, "{} x", "JSON_INVALID", ""},
      {"two documents", kFiling, "{}{}", "JSON_INVALID", ""},
      {"trailing comma", kFiling, R"({"itemId":"a",})", "JSON_INVALID", ""},
      {"comma in list", kFiling, R"({"targetZones":["a",]})", "JSON_INVALID", ""},
      {"no colon", kFiling, R"({"itemId" "a"})", "JSON_INVALID", ""},
      {"single quotes", kFiling, "{'itemId':'a'}", "JSON_INVALID", ""},
      {"bare key", kFiling, R"({itemId:"a"})", "JSON_INVALID", ""},
      {"comment", kFiling, "{/* */}", "JSON_INVALID", ""},
      {"byte order mark", kFiling, "\xef\xbb\xbf{}", "JSON_INVALID", ""},
      {"NaN", kItem, R"({"version":NaN})", "JSON_INVALID", ""},
      {"Infinity", kItem, R"({"version":Infinity})", "JSON_INVALID", ""},
      {"hexadecimal", kItem, R"({"version":0x10})", "JSON_INVALID", ""},
      {"leading zero", kItem, R"({"version":01})", "JSON_INVALID", ""},
      {"leading plus", kItem, R"({"version":+1})", "JSON_INVALID", ""},
      {"bare point", kItem, R"({"version":1.})", "JSON_INVALID", ""},
      {"bare minus", kItem, R"({"version":-})", "JSON_INVALID", ""},
      {"bare exponent", kItem, R"({"version":1e})", "JSON_INVALID", ""},
      {"True", kItem, R"({"tacitAllowed":True})", "JSON_INVALID", ""},
      {"unclosed text", kFiling, R"({"itemId":"a)", "JSON_INVALID", ""},
      {"line break in text", kFiling, "{\"itemId\":\"a\nb\"}", "JSON_INVALID", ""},
      {"NUL byte in text", kFiling, std::string("{\"itemId\":\"a\0b\"}", 16), "JSON_INVALID", ""},
      {"bad escape", kFiling, R"({"itemId":"\x41"})", "JSON_INVALID", ""},
      {"short escape", kFiling, R"({"itemId":"\u12"})", "JSON_INVALID", ""},
      {"lone high surrogate", kFiling, R"({"itemId":"\ud800"})", "JSON_INVALID", ""},
      {"lone low surrogate", kFiling, R"({"itemId":"\udc00"})", "JSON_INVALID", ""},
      {"swapped surrogates", kFiling, R"({"itemId":"\udc00\ud800"})", "JSON_INVALID", ""},
      {"high before text", kFiling, R"({"itemId":"\ud800a"})", "JSON_INVALID", ""},
      {"bad UTF-8", kFiling, "{\"itemId\":\"\xff\"}", "JSON_INVALID", ""},
      {"overlong UTF-8", kFiling, "{\"itemId\":\"\xc0\xaf\"}", "JSON_INVALID", ""},
      {"surrogate in UTF-8", kFiling, "{\"itemId\":\"\xed\xa0\x80\"}", "JSON_INVALID", ""},
      {"past U+10FFFF", kFiling, "{\"itemId\":\"\xf4\x90\x80\x80\"}", "JSON_INVALID", ""},
      {"bad UTF-8 in a key", kFiling, "{\"\xff\":1}", "JSON_INVALID", ""},
      {"200 KB of [", kFiling, Repeat("[", 200000), "JSON_INVALID|JSON_TOO_DEEP", ""},
      {"a million brackets", kFiling, Repeat("[", 500'000) + Repeat("]", 500'000), "JSON_TOO_DEEP",
       ""},
      {"deep below an unknown field", kFiling,
       R"({"x":)" + Repeat("[", 32) + "1" + Repeat("]", 32) + "}", "JSON_TOO_DEEP", ""},
      {"deep lists", kFiling, R"({"attributes":{"a":)" + Repeat("[", 31) + Repeat("]", 31) + "}}",
       "JSON_TOO_DEEP", ""},
      {"deep objects", kFiling,
       R"({"attributes":)" + Repeat(R"({"a":)", 40) + "1" + Repeat("}", 40) + "}", "JSON_TOO_DEEP",
       ""},
  };
}

std::vector<Case> WrongShapes() {
  return {
      {"list", kFiling, "[]", "FIELD_WRONG_TYPE", ""},
      {"text", kFiling, R"("a")", "FIELD_WRONG_TYPE", ""},
      {"number", kFiling, "1", "FIELD_WRONG_TYPE", ""},
      {"null", kFiling, "null", "FIELD_WRONG_TYPE", ""},
      {"unknown field", kFiling, R"({"nope":1})", "FIELD_UNKNOWN", "nope"},
      {"the proto's name", kFiling, R"({"item_id":"a"})", "FIELD_UNKNOWN", "item_id"},
      {"other case", kFiling, R"({"ItemId":"a"})", "FIELD_UNKNOWN", "ItemId"},
      {"empty name", kFiling, R"({"":1})", "FIELD_UNKNOWN", ""},
      {"unknown inner field", kFiling, R"({"applicant":{"x":1}})", "FIELD_UNKNOWN", "applicant.x"},
      {"unknown field in a list", kFiling, R"({"documents":[{},{"x":1}]})", "FIELD_UNKNOWN",
       "documents[1].x"},
      {"duplicate", kFiling, R"({"itemId":"a","itemId":"a"})", "JSON_DUPLICATE_KEY", "itemId"},
      {"duplicate by escape", kFiling, R"({"itemId":"a","item\u0049d":"b"})", "JSON_DUPLICATE_KEY",
       "itemId"},
      {"duplicate inside", kFiling, R"({"applicant":{"uscc":"a","uscc":"b"}})",
       "JSON_DUPLICATE_KEY", "applicant.uscc"},
      {"duplicate attribute", kFiling, R"({"attributes":{"a":1,"b":2,"a":3}})",
       "JSON_DUPLICATE_KEY", "attributes.a"},
      {"duplicate deep", kFiling, R"({"attributes":{"a":[{"b":1,"b":1}]}})", "JSON_DUPLICATE_KEY",
       "attributes.a[0].b"},
      {"number for text", kFiling, R"({"itemId":1})", "FIELD_WRONG_TYPE", "itemId"},
      {"null for text", kFiling, R"({"itemId":null})", "FIELD_WRONG_TYPE", "itemId"},
      {"object for text", kFiling, R"({"itemId":{}})", "FIELD_WRONG_TYPE", "itemId"},
      {"text for a list", kFiling, R"({"targetZones":"a"})", "FIELD_WRONG_TYPE", "targetZones"},
      {"null for a list", kFiling, R"({"targetZones":null})", "FIELD_WRONG_TYPE", "targetZones"},
      {"null in a list", kFiling, R"({"targetZones":["a",null]})", "FIELD_WRONG_TYPE",
       "targetZones[1]"},
      {"list in a list", kFiling, R"({"targetZones":[["a"]]})", "FIELD_WRONG_TYPE",
       "targetZones[0]"},
      {"text for an object", kFiling, R"({"applicant":"a"})", "FIELD_WRONG_TYPE", "applicant"},
      {"null for an object", kFiling, R"({"applicant":null})", "FIELD_WRONG_TYPE", "applicant"},
      {"list for an object", kFiling, R"({"applicant":[]})", "FIELD_WRONG_TYPE", "applicant"},
      {"list for attributes", kFiling, R"({"attributes":[]})", "FIELD_WRONG_TYPE", "attributes"},
      {"null for attributes", kFiling, R"({"attributes":null})", "FIELD_WRONG_TYPE", "attributes"},
      {"text for truth", kFiling, R"({"promise":"true"})", "FIELD_WRONG_TYPE", "promise"},
      {"number for truth", kFiling, R"({"promise":1})", "FIELD_WRONG_TYPE", "promise"},
      {"null for truth", kFiling, R"({"promise":null})", "FIELD_WRONG_TYPE", "promise"},
  };
}

std::vector<Case> WrongValues() {
  return {
      {"text for int32", kItem, R"({"version":"1"})", "FIELD_WRONG_TYPE", "version"},
      {"fraction for int32", kItem, R"({"version":1.5})", "FIELD_WRONG_TYPE", "version"},
      {"whole fraction for int32", kItem, R"({"version":1.0})", "FIELD_WRONG_TYPE", "version"},
      {"exponent for int32", kItem, R"({"version":1e3})", "FIELD_WRONG_TYPE", "version"},
      {"truth for int32", kItem, R"({"version":true})", "FIELD_WRONG_TYPE", "version"},
      {"too large int32", kItem, R"({"version":2147483648})", "NUMBER_OUT_OF_RANGE", "version"},
      {"too small int32", kItem, R"({"version":-2147483649})", "NUMBER_OUT_OF_RANGE", "version"},
      {"past int64 for int32", kItem, R"({"version":9223372036854775808})", "NUMBER_OUT_OF_RANGE",
       "version"},
      {"past uint64", kItem, R"({"version":99999999999999999999999})", "NUMBER_OUT_OF_RANGE", ""},
      {"past double", kFiling, R"({"attributes":{"a":1e400}})", "NUMBER_OUT_OF_RANGE", ""},
      {"fraction for int64", kDocument, R"({"sizeBytes":1.5})", "FIELD_WRONG_TYPE", "sizeBytes"},
      {"past int64", kDocument, R"({"sizeBytes":9223372036854775808})", "NUMBER_OUT_OF_RANGE",
       "sizeBytes"},
      {"past int64 as text", kDocument, R"({"sizeBytes":"9223372036854775808"})",
       "NUMBER_OUT_OF_RANGE", "sizeBytes"},
      {"far past int64 as text", kDocument, R"({"sizeBytes":"-99999999999999999999999"})",
       "NUMBER_OUT_OF_RANGE", "sizeBytes"},
      {"empty int64", kDocument, R"({"sizeBytes":""})", "FIELD_WRONG_TYPE", "sizeBytes"},
      {"spaces in int64", kDocument, R"({"sizeBytes":" 1"})", "FIELD_WRONG_TYPE", "sizeBytes"},
      {"plus in int64", kDocument, R"({"sizeBytes":"+1"})", "FIELD_WRONG_TYPE", "sizeBytes"},
      {"zero before int64", kDocument, R"({"sizeBytes":"01"})", "FIELD_WRONG_TYPE", "sizeBytes"},
      {"fraction as text", kDocument, R"({"sizeBytes":"1.0"})", "FIELD_WRONG_TYPE", "sizeBytes"},
      {"hexadecimal as text", kDocument, R"({"sizeBytes":"0x1"})", "FIELD_WRONG_TYPE", "sizeBytes"},
      {"unknown name", kItem, R"({"itemClass":"NOPE"})", "ENUM_UNKNOWN", "itemClass"},
      {"name with prefix", kItem, R"({"itemClass":"ITEM_CLASS_LICENCE"})", "ENUM_UNKNOWN",
       "itemClass"},
      {"lower case name", kItem, R"({"itemClass":"licence"})", "ENUM_UNKNOWN", "itemClass"},
      {"unspecified", kItem, R"({"itemClass":"UNSPECIFIED"})", "ENUM_UNKNOWN", "itemClass"},
      {"number for a name", kItem, R"({"itemClass":1})", "FIELD_WRONG_TYPE", "itemClass"},
      {"enum in a list", kItem, R"({"attributes":[{"type":"X"}]})", "ENUM_UNKNOWN",
       "attributes[0].type"},
      {"time without zone", kClock, R"({"to":"2026-03-02T08:00:00"})", "TIME_INVALID", "to"},
      {"date for a time", kClock, R"({"to":"2026-03-02"})", "TIME_INVALID", "to"},
      {"day that is none", kClock, R"({"to":"2026-02-30T08:00:00Z"})", "TIME_INVALID", "to"},
      {"number for a time", kClock, R"({"to":1772438400})", "FIELD_WRONG_TYPE", "to"},
      {"object for a time", kClock, R"({"to":{"seconds":1}})", "FIELD_WRONG_TYPE", "to"},
      {"large attribute", kFiling, R"({"attributes":{"a":9007199254740993}})",
       "NUMBER_OUT_OF_RANGE", "attributes.a"},
      {"larger attribute", kFiling, R"({"attributes":{"a":[18446744073709551615]}})",
       "NUMBER_OUT_OF_RANGE", "attributes.a[0]"},
  };
}

std::vector<Case> Good() {
  return {
      {"empty object", kFiling, "{}", "", ""},
      {"spaces around", kFiling, " \r\n\t{ } \n", "", ""},
      {"empty list", kFiling, R"({"targetZones":[]})", "", ""},
      {"lists and objects", kFiling,
       R"({"targetZones":["jiangsu","zhejiang"],"applicant":{"uscc":"x","name":"上海"}})", "", ""},
      {"surrogate pair", kFiling, R"({"itemId":"\ud83d\ude00"})", "", ""},
      {"escapes", kFiling, R"({"itemId":"\"\\\/\b\f\n\r\t\u00e9"})", "", ""},
      {"int32 limits", kItem, R"({"version":2147483647,"verifiersNeeded":-2147483648})", "", ""},
      {"int64 as number", kDocument, R"({"sizeBytes":9223372036854775807})", "", ""},
      {"int64 as text", kDocument, R"({"sizeBytes":"-9223372036854775808"})", "", ""},
      {"zero as text", kDocument, R"({"sizeBytes":"0"})", "", ""},
      {"names", kItem, R"({"itemClass":"ORIGIN_CERTIFICATE","defaultMode":"REVIEW"})", "", ""},
      {"time", kClock, R"({"to":"2026-03-02T08:00:00Z"})", "", ""},
      {"time with offset", kClock, R"({"to":"2026-03-02T16:00:00.5+08:00"})", "", ""},
      {"query names", kDays, R"({"zone":"a","from":"b","days":3})", "", ""},
      {"optional", kMe, R"({"zone":"","roles":["a"]})", "", ""},
      {"any attributes", kFiling,
       R"({"attributes":{"a":null,"b":true,"c":-0.5,"d":[1,"x",{}],"e":{"f":1e30},"":""}})", "",
       ""},
      {"deepest lists", kFiling,
       R"({"attributes":{"a":)" + Repeat("[", 30) + Repeat("]", 30) + "}}", "", ""},
      {"deepest objects", kFiling,
       R"({"attributes":)" + Repeat(R"({"a":)", 31) + "1" + Repeat("}", 31) + "}", "", ""},
      {"largest exact attribute", kFiling, R"({"attributes":{"a":-9007199254740992}})", "", ""},
  };
}

void Check(const Case& tried) {
  SCOPED_TRACE(tried.what);
  Schemas schemas;
  std::unique_ptr<google::protobuf::Message> message(tried.type->New());
  const Status read = ReadJson(tried.json, schemas.Of(tried.type->GetDescriptor()), *message);
  if (tried.reason.empty()) {
    EXPECT_TRUE(read) << (read ? "" : read.error().reason + ": " + read.error().message);
    // What was read travels: gRPC's parser takes the same depth.
    std::unique_ptr<google::protobuf::Message> copy(tried.type->New());
    EXPECT_TRUE(copy->ParseFromString(message->SerializeAsString()));
    return;
  }
  ASSERT_FALSE(read);
  EXPECT_EQ(read.error().code, Code::kInvalidArgument);
  EXPECT_NE(tried.reason.find(read.error().reason), std::string::npos) << read.error().reason;
  if (tried.field.empty()) return;
  ASSERT_EQ(read.error().violations.size(), 1U);
  EXPECT_EQ(read.error().violations[0].field, tried.field);
  EXPECT_EQ(read.error().violations[0].reason, read.error().reason);
}

TEST(JsonReader, RefusesWhatIsNotJson) {
  for (const Case& tried : NotJson()) Check(tried);
}

TEST(JsonReader, RefusesOtherShapes) {
  for (const Case& tried : WrongShapes()) Check(tried);
}

TEST(JsonReader, RefusesWrongValues) {
  for (const Case& tried : WrongValues()) Check(tried);
}

TEST(JsonReader, TakesWhatIsRight) {
  for (const Case& tried : Good()) Check(tried);
}

TEST(JsonReader, ReadsValues) {
  Schemas schemas;
  SubmitFilingRequest filing;
  ASSERT_TRUE(ReadJson(R"({"itemId":"\u4e2d\ud83d\ude00","promise":true,
                           "documents":[{"title":"a","sizeBytes":"48213"}],
                           "attributes":{"hsCode":"854231","n":1.5}})",
                       schemas.Of(SubmitFilingRequest::descriptor()), filing));
  EXPECT_EQ(filing.item_id(), "中😀");
  EXPECT_TRUE(filing.promise());
  EXPECT_EQ(filing.documents(0).size_bytes(), 48213);
  EXPECT_EQ(filing.attributes().fields().at("hsCode").string_value(), "854231");
  EXPECT_EQ(filing.attributes().fields().at("n").number_value(), 1.5);

  AdvanceClockRequest clock;
  ASSERT_TRUE(ReadJson(R"({"to":"2026-03-02T16:00:00.25+08:00"})",
                       schemas.Of(AdvanceClockRequest::descriptor()), clock));
  EXPECT_EQ(clock.to().seconds(), 1772438400);
  EXPECT_EQ(clock.to().nanos(), 250'000'000);
}

TEST(JsonReader, RefusesFieldsThatThePathGives) {
  Schemas schemas;
  const MessageSchema& schema = schemas.Of(WithdrawFilingRequest::descriptor());
  WithdrawFilingRequest request;
  const Status read = ReadJson(R"({"filingId":"F"})", schema, request,
                               uint64_t{1} << schema.FindProto("filing_id")->index);
  ASSERT_FALSE(read);
  EXPECT_EQ(read.error().reason, "FIELD_UNKNOWN");
}

TEST(JsonReader, ReadsBase64) {
  Schemas schemas;
  const MessageSchema& schema = schemas.Of(ledger::v1::Receipt::descriptor());
  ledger::v1::Receipt receipt;
  ASSERT_TRUE(ReadJson(R"({"entry":"AP8+","proof":["+/8=","Zg==",""]})", schema, receipt));
  EXPECT_EQ(receipt.entry(), std::string("\0\xff\x3e", 3));
  ASSERT_EQ(receipt.proof_size(), 3);
  EXPECT_EQ(receipt.proof(0), "\xfb\xff");
  EXPECT_EQ(receipt.proof(1), "f");
  EXPECT_EQ(receipt.proof(2), "");
  // Without padding, with too much, the URL alphabet, bits left over, spaces, line breaks.
  for (const char* bad : {"Zg", "Zg=", "Zg===", "Zm9v====", "-_8=", "Zh==", "Zm9=", " Zg==",
                          "Zg== ", "Zm9v\\nZm9v", "=", "Z", "Z===", "Zg==Zg==", "Zm中"}) {
    const auto read =
        ReadJson(std::string(R"({"proof":["",")").append(bad).append("\"]}"), schema, receipt);
    ASSERT_FALSE(read) << bad;
    EXPECT_EQ(read.error().reason, "BASE64_INVALID") << bad;
    EXPECT_EQ(read.error().violations.at(0).field, "proof[1]");
    const Status set = SetFromText(bad, *schema.Find("salt"), "salt", receipt);
    ASSERT_FALSE(set) << bad;
    EXPECT_EQ(set.error().reason, "BASE64_INVALID");
  }
  const auto read = ReadJson(R"({"entry":[0,255]})", schema, receipt);
  ASSERT_FALSE(read);
  EXPECT_EQ(read.error().reason, "FIELD_WRONG_TYPE");
}

TEST(JsonReader, ReadsParameters) {
  Schemas schemas;
  const MessageSchema& schema = schemas.Of(ListFilingsRequest::descriptor());
  ListFilingsRequest request;
  const auto set = [&](const char* name, const char* text) -> std::string {
    const Status done = SetFromText(text, *schema.Find(name), name, request);
    return done ? "" : done.error().reason;
  };
  EXPECT_EQ(set("state", "IN_REVIEW"), "");
  EXPECT_EQ(request.state(), recognition::v1::FILING_STATE_IN_REVIEW);
  EXPECT_EQ(set("pageSize", "-7"), "");
  EXPECT_EQ(request.page_size(), -7);
  EXPECT_EQ(set("state", "1"), "ENUM_UNKNOWN");
  EXPECT_EQ(set("pageSize", ""), "FIELD_WRONG_TYPE");
  EXPECT_EQ(set("pageSize", "1.5"), "FIELD_WRONG_TYPE");
  EXPECT_EQ(set("pageSize", "3000000000"), "NUMBER_OUT_OF_RANGE");
}

}  // namespace
}  // namespace zonelink::gateway
