// SPDX-License-Identifier: Apache-2.0
#include "gateway/http/json_writer.h"

#include <google/protobuf/struct.pb.h>
#include <google/protobuf/timestamp.pb.h>
#include <google/protobuf/util/message_differencer.h>
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <random>

#include "gateway/http/json_reader.h"
#include "gateway/http/json_text.h"
#include "gateway/http/routes.h"
#include "zonelink/directory/v1/directory.pb.h"
#include "zonelink/ledger/v1/ledger_service.pb.h"
#include "zonelink/recognition/v1/filing.pb.h"

namespace zonelink::gateway {
namespace {

using google::protobuf::Message;
using Random = std::mt19937_64;

std::string Written(const Message& message) {
  Schemas schemas;
  std::string out;
  WriteJson(message, schemas.Of(message.GetDescriptor()), out);
  return out;
}

TEST(JsonWriter, LeavesOutWhatIsUnset) {
  recognition::v1::DecisionClock clock;
  clock.set_budget_days(20);
  EXPECT_EQ(Written(clock),
            R"({"budgetDays":20,"usedDays":0,"provisional":false,"running":false})");
  recognition::v1::SupplementNotice notice;
  EXPECT_EQ(Written(notice), R"({"missing":[]})");
  directory::v1::Me me;
  EXPECT_EQ(Written(me), R"({"roles":[]})");
  me.set_zone("");
  EXPECT_EQ(Written(me), R"({"roles":[],"zone":""})");
}

TEST(JsonWriter, WritesEveryKind) {
  recognition::v1::Filing filing;
  filing.set_filing_id("F-1");
  filing.set_state(recognition::v1::FILING_STATE_IN_REVIEW);
  filing.mutable_submitted_at()->set_seconds(1772438400);
  filing.mutable_submitted_at()->set_nanos(250'000'999);
  filing.add_target_zones("jiangsu");
  filing.add_documents()->set_size_bytes(9223372036854775807);
  auto& attributes = *filing.mutable_attributes()->mutable_fields();
  attributes["b"].set_number_value(0.1);
  attributes["a"].set_number_value(-1200);
  attributes["c"].mutable_list_value()->add_values()->set_bool_value(true);
  attributes["d"].set_null_value(google::protobuf::NULL_VALUE);
  EXPECT_EQ(Written(filing),
            R"({"filingId":"F-1","state":"IN_REVIEW","submittedAt":"2026-03-02T08:00:00.250000Z",)"
            R"("itemVersion":0,"targetZones":["jiangsu"],)"
            R"("attributes":{"a":-1200,"b":0.1,"c":[true],"d":null},)"
            R"("documents":[{"sizeBytes":"9223372036854775807"}],"decisions":[],)"
            R"("deferredDocuments":[]})");
}

TEST(JsonWriter, WritesBytesAsBase64) {
  ledger::v1::Receipt receipt;
  receipt.set_index(7);
  receipt.set_entry(std::string("\0\xff\x3e", 3));
  receipt.add_proof(std::string("\xfb\xff", 2));
  receipt.add_proof("f");
  receipt.add_proof("");
  EXPECT_EQ(Written(receipt),
            R"({"index":"7","entry":"AP8+","proof":["+/8=","Zg==",""],"anchored":false,)"
            R"("version":"0"})");
}

TEST(JsonWriter, LeavesOutUnknownEnumValues) {
  recognition::v1::Recognition recognition;
  recognition.set_state(static_cast<recognition::v1::RecognitionState>(99));
  EXPECT_EQ(Written(recognition), "{}");
}

TEST(JsonText, Escapes) {
  std::string out;
  AppendJsonString(out, "\"\\\n\r\t\x01\x7f/中\xe2\x80\xa8\xe2\x80\xa9\xe2\x80\xa6😀");
  EXPECT_EQ(out, R"("\"\\\n\r\t\u0001\u007f/中\u2028\u2029…😀")");
}

TEST(JsonText, FindsEveryByteThatNeedsAnEscapeWhereverItStands) {
  for (int byte = 0; byte < 0x80; ++byte) {
    std::string alone;
    AppendJsonString(alone, std::string(1, static_cast<char>(byte)));
    const bool special = byte < 0x20 || byte == '"' || byte == '\\' || byte == 0x7f;
    ASSERT_EQ(alone.size() > 3, special) << byte;
    for (size_t at = 0; at < 21; ++at) {
      std::string text = "文abcdefghijklmnopqr中";
      if ((text[at] & 0x80) != 0) continue;
      text[at] = static_cast<char>(byte);
      std::string out;
      AppendJsonString(out, text);
      EXPECT_EQ(out, '"' + text.substr(0, at) + alone.substr(1, alone.size() - 2) +
                         text.substr(at + 1) + '"');
    }
  }
}

TEST(JsonText, EscapesTheLineEndsOfJavaScriptWhereverTheyStandAmongQuotationMarks) {
  for (size_t before = 0; before < 12; ++before) {
    const std::string begin = std::string(before, 'a') + "“";
    for (size_t after = 0; after < 12; ++after) {
      const std::string end = "”" + std::string(after, 'b');
      std::string out;
      AppendJsonString(out, begin + end);
      EXPECT_EQ(out, '"' + begin + end + '"');
      out.clear();
      AppendJsonString(out, begin + "\xe2\x80\xa8\xe2\x80\xa9" + end);
      EXPECT_EQ(out, '"' + begin + "\\u2028\\u2029" + end + '"');
    }
  }
}

std::string RandomText(Random& random) {
  static constexpr const char* kPieces[] = {
      "a",    "Z",  "0", " ", "\"",           "\\",        "\n",  "\t",
      "\x01", "中", "é", "😀", "\xe2\x80\xa8", "</script>", "\x7f"};
  std::string text = "x";
  for (int i = static_cast<int>(random() % 6); i > 0; --i) text += kPieces[random() % 15];
  return text;
}

std::string RandomBytes(Random& random) {
  std::string bytes(random() % 9, '\0');
  for (char& byte : bytes) byte = static_cast<char>(random());
  return bytes;
}

void FillValue(google::protobuf::Value& value, Random& random, int depth) {
  switch (random() % (depth > 3 ? 4 : 6)) {
    case 0: value.set_null_value(google::protobuf::NULL_VALUE); return;
    case 1: value.set_bool_value(random() % 2 == 0); return;
    case 2: value.set_string_value(RandomText(random)); return;
    case 3: {
      const double numbers[] = {0, -1, 0.1, 1e300, 5e-324, 9007199254740992.0, -1234.5678, 1e21};
      value.set_number_value(numbers[random() % 8]);
      return;
    }
    case 4:
      value.mutable_list_value();
      for (int i = static_cast<int>(random() % 3); i > 0; --i) {
        FillValue(*value.mutable_list_value()->add_values(), random, depth + 1);
      }
      return;
    default:
      value.mutable_struct_value();
      for (int i = static_cast<int>(random() % 3); i > 0; --i) {
        FillValue((*value.mutable_struct_value()->mutable_fields())[RandomText(random)], random,
                  depth + 1);
      }
  }
}

void Fill(Message& message, const MessageSchema& schema, Random& random, int depth);

void FillInner(Message& inner, const FieldSchema& field, Random& random, int depth) {
  if (field.kind == Kind::kMessage) return Fill(inner, *field.message, random, depth + 1);
  if (field.kind == Kind::kTimestamp) {
    auto& stamp = static_cast<google::protobuf::Timestamp&>(inner);
    stamp.set_seconds(static_cast<int64_t>(random() % 200'000'000'000));
    stamp.set_nanos(static_cast<int32_t>(random() % 1'000'000) * 1000);
    return;
  }
  auto& object = static_cast<google::protobuf::Struct&>(inner);
  for (int i = static_cast<int>(random() % 4); i > 0; --i) {
    FillValue((*object.mutable_fields())[RandomText(random)], random, depth);
  }
}

void FillField(Message& message, const FieldSchema& field, Random& random, int depth) {
  const auto& reflection = *message.GetReflection();
  const auto* f = field.field;
  const bool list = field.repeated;
  switch (field.kind) {
    case Kind::kBool: return reflection.SetBool(&message, f, random() % 2 == 0);
    case Kind::kInt32:
      if (list) return reflection.AddInt32(&message, f, static_cast<int32_t>(random()));
      return reflection.SetInt32(&message, f, static_cast<int32_t>(random()));
    case Kind::kUint32: return reflection.SetUInt32(&message, f, static_cast<uint32_t>(random()));
    case Kind::kInt64: return reflection.SetInt64(&message, f, static_cast<int64_t>(random()));
    case Kind::kUint64: return reflection.SetUInt64(&message, f, random());
    case Kind::kString:
      if (list) return reflection.AddString(&message, f, RandomText(random));
      return reflection.SetString(&message, f, RandomText(random));
    case Kind::kBytes:
      if (list) return reflection.AddString(&message, f, RandomBytes(random));
      return reflection.SetString(&message, f, RandomBytes(random));
    case Kind::kEnum: {
      const auto& values = field.enumeration->values;
      return reflection.SetEnumValue(&message, f, values[random() % values.size()].second);
    }
    case Kind::kTimestamp:
    case Kind::kStruct:
    case Kind::kMessage:
      return FillInner(
          list ? *reflection.AddMessage(&message, f) : *reflection.MutableMessage(&message, f),
          field, random, depth);
  }
}

void Fill(Message& message, const MessageSchema& schema, Random& random, int depth) {
  for (const FieldSchema& field : schema.fields) {
    if (random() % 4 == 0 || depth > 4) continue;
    const int times = field.repeated ? static_cast<int>(random() % 3) : 1;
    for (int i = 0; i < times; ++i) FillField(message, field, random, depth);
  }
}

// Whatever a service may send or take comes back the same through JSON.
RC_GTEST_PROP(JsonRoundTrip, KeepsEveryMessage, (uint64_t seed)) {
  Schemas schemas;
  const Routes routes(ApiServices(), schemas);
  Random random(seed);
  for (const auto& route : routes.all()) {
    for (const MessageSchema* schema : {route->input, route->output}) {
      const std::unique_ptr<Message> sent(schema->prototype->New());
      Fill(*sent, *schema, random, 0);
      std::string json;
      WriteJson(*sent, *schema, json);
      const std::unique_ptr<Message> received(schema->prototype->New());
      const Status read = ReadJson(json, *schema, *received);
      RC_ASSERT(read.has_value());
      RC_ASSERT(google::protobuf::util::MessageDifferencer::Equals(*sent, *received));
      std::string again;
      WriteJson(*received, *schema, again);
      RC_ASSERT(json == again);
    }
  }
}

}  // namespace
}  // namespace zonelink::gateway
