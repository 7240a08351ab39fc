// SPDX-License-Identifier: Apache-2.0
#include "gateway/http/json_reader.h"

#include <fmt/format.h>
#include <google/protobuf/struct.pb.h>
#include <google/protobuf/timestamp.pb.h>
#include <simdjson.h>

#include <charconv>
#include <limits>
#include <string>
#include <vector>

#include "platform/core/time.h"
#include "platform/crypto/crypto.h"

namespace zonelink::gateway {
namespace {

using google::protobuf::ListValue;
using google::protobuf::Message;
using google::protobuf::Struct;
using google::protobuf::Timestamp;
using simdjson::dom::element;
using simdjson::dom::element_type;

// Numbers of a Struct are doubles; whole numbers beyond this would change silently.
constexpr int64_t kExactInDouble = int64_t{1} << 53;

constexpr std::string_view kBase64Needed = "base64 with padding is needed";

template <class T>
void Put(Message& message, const FieldSchema& field, T value,
         void (google::protobuf::Reflection::*set)(Message*,
                                                   const google::protobuf::FieldDescriptor*, T)
             const,
         void (google::protobuf::Reflection::*add)(Message*,
                                                   const google::protobuf::FieldDescriptor*, T)
             const) {
  (message.GetReflection()->*(field.repeated ? add : set))(&message, field.field, std::move(value));
}

void PutBool(Message& message, const FieldSchema& field, bool value) {
  using R = google::protobuf::Reflection;
  Put<bool>(message, field, value, &R::SetBool, &R::AddBool);
}

void PutString(Message& message, const FieldSchema& field, std::string_view value) {
  using R = google::protobuf::Reflection;
  Put<std::string>(message, field, std::string(value), &R::SetString, &R::AddString);
}

// False: not base64.
bool PutBytes(Message& message, const FieldSchema& field, std::string_view text) {
  const auto bytes = crypto::Base64Decode(text);
  if (!bytes) return false;
  PutString(message, field, *bytes);
  return true;
}

void PutEnum(Message& message, const FieldSchema& field, int value) {
  using R = google::protobuf::Reflection;
  Put<int>(message, field, value, &R::SetEnumValue, &R::AddEnumValue);
}

// False: out of the field's range.
bool PutInteger(Message& message, const FieldSchema& field, int64_t value) {
  using R = google::protobuf::Reflection;
  switch (field.kind) {
    case Kind::kInt32:
      if (value < std::numeric_limits<int32_t>::min() ||
          value > std::numeric_limits<int32_t>::max()) {
        return false;
      }
      Put<int32_t>(message, field, static_cast<int32_t>(value), &R::SetInt32, &R::AddInt32);
      return true;
    case Kind::kUint32:
      if (value < 0 || value > std::numeric_limits<uint32_t>::max()) return false;
      Put<uint32_t>(message, field, static_cast<uint32_t>(value), &R::SetUInt32, &R::AddUInt32);
      return true;
    case Kind::kUint64:
      if (value < 0) return false;
      Put<uint64_t>(message, field, static_cast<uint64_t>(value), &R::SetUInt64, &R::AddUInt64);
      return true;
    case Kind::kInt64: Put<int64_t>(message, field, value, &R::SetInt64, &R::AddInt64); return true;
    case Kind::kBool:
    case Kind::kString:
    case Kind::kBytes:
    case Kind::kEnum:
    case Kind::kTimestamp:
    case Kind::kStruct:
    case Kind::kMessage: break;
  }
  return false;
}

// False: out of the field's range. Only for numbers beyond int64.
bool PutLarge(Message& message, const FieldSchema& field, uint64_t value) {
  using R = google::protobuf::Reflection;
  if (field.kind != Kind::kUint64) return false;
  Put<uint64_t>(message, field, value, &R::SetUInt64, &R::AddUInt64);
  return true;
}

enum class Parsed { kGood, kNotANumber, kOutOfRange };

// Digits with an optional minus; no plus, no leading zeros, no spaces.
Parsed PutIntegerText(Message& message, const FieldSchema& field, std::string_view text) {
  const std::string_view digits = text.substr(!text.empty() && text[0] == '-' ? 1 : 0);
  if (digits.empty() || digits.find_first_not_of("0123456789") != std::string_view::npos ||
      (digits[0] == '0' && text.size() > 1)) {
    return Parsed::kNotANumber;
  }
  const char* end = text.data() + text.size();
  int64_t number = 0;
  if (std::from_chars(text.data(), end, number).ec == std::errc()) {
    return PutInteger(message, field, number) ? Parsed::kGood : Parsed::kOutOfRange;
  }
  uint64_t large = 0;
  if (text[0] != '-' && std::from_chars(text.data(), end, large).ec == std::errc()) {
    return PutLarge(message, field, large) ? Parsed::kGood : Parsed::kOutOfRange;
  }
  return Parsed::kOutOfRange;
}

bool PutTime(Message& message, const FieldSchema& field, std::string_view text) {
  const auto at = ParseTime(text);
  if (!at) return false;
  const auto* reflection = message.GetReflection();
  auto* target =
      static_cast<Timestamp*>(field.repeated ? reflection->AddMessage(&message, field.field)
                                             : reflection->MutableMessage(&message, field.field));
  const auto since = at->time_since_epoch();
  const auto seconds = std::chrono::floor<std::chrono::seconds>(since);
  target->set_seconds(seconds.count());
  target->set_nanos(static_cast<int32_t>(std::chrono::nanoseconds(since - seconds).count()));
  return true;
}

Error DepthError() {
  return InvalidArgument("JSON_TOO_DEEP", fmt::format("nested deeper than {}", kMaxJsonDepth),
                         {{"depth", std::to_string(kMaxJsonDepth)}});
}

// Walks the tree that simdjson made and remembers where it stands.
class Walk {
 public:
  bool Object(simdjson::dom::object object, const MessageSchema& schema, Message& message,
              uint64_t refused) {
    if (TooDeep()) return false;
    uint64_t seen = 0;
    size_t hint = 0;
    for (const auto [key, value] : object) {
      path_.push_back({key, kNoIndex});
      const FieldSchema* field = schema.Find(key, hint);
      if (field == nullptr || ((refused >> field->index) & 1) != 0) {
        return Fail("FIELD_UNKNOWN", "no such field");
      }
      if (((seen >> field->index) & 1) != 0) return Duplicate();
      seen |= uint64_t{1} << field->index;
      hint = field->index + 1;
      if (!(field->repeated ? List(value, *field, message) : One(value, *field, message))) {
        return false;
      }
      path_.pop_back();
    }
    return true;
  }

  bool Root(element root, const MessageSchema& schema, Message& message, uint64_t refused) {
    simdjson::dom::object object;
    if (root.get(object)) return WrongType("an object");
    return Object(object, schema, message, refused);
  }

  Error TakeError() { return std::move(error_); }

 private:
  static constexpr size_t kNoIndex = static_cast<size_t>(-1);
  struct Step {
    std::string_view name;
    size_t index;
  };

  bool List(element value, const FieldSchema& field, Message& message) {
    simdjson::dom::array array;
    if (value.get(array)) return WrongType("a list");
    if (TooDeep()) return false;
    size_t index = 0;
    for (const element entry : array) {
      // One too many is enough for the service to refuse it, and memory is spent on no more.
      if (index > static_cast<size_t>(field.most)) break;
      path_.push_back({{}, index++});
      if (!One(entry, field, message)) return false;
      path_.pop_back();
    }
    return true;
  }

  bool One(element value, const FieldSchema& field, Message& message) {
    std::string_view text;
    switch (field.kind) {
      case Kind::kBool: {
        bool truth = false;
        if (value.get(truth)) return WrongType("true or false");
        PutBool(message, field, truth);
        return true;
      }
      case Kind::kInt32:
      case Kind::kUint32:
      case Kind::kInt64:
      case Kind::kUint64: return Integer(value, field, message);
      case Kind::kString:
        if (value.get(text)) return WrongType("text");
        PutString(message, field, text);
        return true;
      case Kind::kBytes:
        if (value.get(text)) return WrongType("text");
        if (!PutBytes(message, field, text)) return Fail("BASE64_INVALID", kBase64Needed);
        return true;
      case Kind::kEnum: {
        if (value.get(text)) return WrongType("text");
        const auto number = field.enumeration->Number(text);
        if (!number) return Fail("ENUM_UNKNOWN", "not one of the names allowed here");
        PutEnum(message, field, *number);
        return true;
      }
      case Kind::kTimestamp:
        if (value.get(text)) return WrongType("text");
        if (!PutTime(message, field, text)) return Fail("TIME_INVALID", "not an RFC 3339 time");
        return true;
      case Kind::kStruct: return StructOf(value, static_cast<Struct*>(Inner(field, message)));
      case Kind::kMessage: {
        simdjson::dom::object object;
        if (value.get(object)) return WrongType("an object");
        return Object(object, *field.message, *Inner(field, message), 0);
      }
    }
    return false;
  }

  static Message* Inner(const FieldSchema& field, Message& message) {
    const auto* reflection = message.GetReflection();
    return field.repeated ? reflection->AddMessage(&message, field.field)
                          : reflection->MutableMessage(&message, field.field);
  }

  bool Integer(element value, const FieldSchema& field, Message& message) {
    const bool as_text = field.kind == Kind::kInt64 || field.kind == Kind::kUint64;
    switch (value.type()) {
      case element_type::INT64:
        return PutInteger(message, field, value.get_int64().value_unsafe()) || OutOfRange();
      case element_type::UINT64:
        return PutLarge(message, field, value.get_uint64().value_unsafe()) || OutOfRange();
      case element_type::STRING: {
        if (!as_text) break;
        switch (PutIntegerText(message, field, value.get_string().value_unsafe())) {
          case Parsed::kGood: return true;
          case Parsed::kOutOfRange: return OutOfRange();
          case Parsed::kNotANumber: break;
        }
        break;
      }
      case element_type::DOUBLE:
      case element_type::ARRAY:
      case element_type::OBJECT:
      case element_type::BOOL:
      case element_type::NULL_VALUE: break;
    }
    return WrongType("a whole number");
  }

  bool StructOf(element value, Struct* target) {
    simdjson::dom::object object;
    if (value.get(object)) return WrongType("an object");
    if (TooDeep()) return false;
    auto& fields = *target->mutable_fields();
    for (const auto [key, entry] : object) {
      path_.push_back({key, kNoIndex});
      const size_t before = fields.size();
      auto& slot = fields[std::string(key)];
      if (fields.size() == before) return Duplicate();
      if (!ValueOf(entry, &slot)) return false;
      path_.pop_back();
    }
    return true;
  }

  bool ListOf(simdjson::dom::array array, ListValue* target) {
    if (TooDeep()) return false;
    size_t index = 0;
    for (const element entry : array) {
      path_.push_back({{}, index++});
      if (!ValueOf(entry, target->add_values())) return false;
      path_.pop_back();
    }
    return true;
  }

  bool ValueOf(element value, google::protobuf::Value* target) {
    switch (value.type()) {
      case element_type::NULL_VALUE:
        target->set_null_value(google::protobuf::NULL_VALUE);
        return true;
      case element_type::BOOL: target->set_bool_value(value.get_bool().value_unsafe()); return true;
      case element_type::DOUBLE:
        target->set_number_value(value.get_double().value_unsafe());
        return true;
      case element_type::UINT64: return OutOfRange();
      case element_type::INT64: {
        const int64_t number = value.get_int64().value_unsafe();
        if (number > kExactInDouble || number < -kExactInDouble) return OutOfRange();
        target->set_number_value(static_cast<double>(number));
        return true;
      }
      case element_type::STRING:
        target->set_string_value(std::string(value.get_string().value_unsafe()));
        return true;
      case element_type::ARRAY:
        return ListOf(value.get_array().value_unsafe(), target->mutable_list_value());
      case element_type::OBJECT: return StructOf(value, target->mutable_struct_value());
    }
    return false;
  }

  // The parser does not count what is empty.
  bool TooDeep() {
    if (path_.size() < kMaxJsonDepth) return false;
    error_ = DepthError();
    return true;
  }
  bool WrongType(std::string_view needed) {
    return Fail("FIELD_WRONG_TYPE", fmt::format("{} is needed", needed));
  }
  bool OutOfRange() { return Fail("NUMBER_OUT_OF_RANGE", "the number is too large or too small"); }
  bool Duplicate() { return Fail("JSON_DUPLICATE_KEY", "the key occurs twice"); }

  bool Fail(std::string_view reason, std::string_view message) {
    std::string path;
    for (const Step& step : path_) {
      if (step.index != kNoIndex) {
        path += fmt::format("[{}]", step.index);
        continue;
      }
      if (!path.empty()) path += '.';
      path += step.name;
    }
    error_ = FieldError(reason, path, message);
    return false;
  }

  std::vector<Step> path_;
  Error error_;
};

// After simdjson refused a number without saying where: is some number no JSON at all?
bool HasMalformedNumber(std::string_view json) {
  constexpr std::string_view kNumberBytes = "0123456789+-.eE";
  const auto digits = [](std::string_view& rest) {
    const size_t count = std::min(rest.find_first_not_of("0123456789"), rest.size());
    rest.remove_prefix(count);
    return count;
  };
  for (size_t at = 0; at < json.size(); ++at) {
    if (json[at] == '"') {
      for (++at; at < json.size() && json[at] != '"'; ++at) at += json[at] == '\\' ? 1 : 0;
      continue;
    }
    if (json[at] != '-' && (json[at] < '0' || json[at] > '9')) continue;
    std::string_view token = json.substr(at);
    token = token.substr(0, std::min(token.find_first_not_of(kNumberBytes), token.size()));
    at += token.size() - 1;
    const char next = at + 1 < json.size() ? json[at + 1] : ' ';
    if (std::string_view(",]} \t\r\n").find(next) == std::string_view::npos) return true;
    if (token[0] == '-') token.remove_prefix(1);
    const bool leading_zero =
        token.size() > 1 && token[0] == '0' && token[1] >= '0' && token[1] <= '9';
    if (leading_zero || digits(token) == 0) return true;
    if (!token.empty() && token[0] == '.') {
      token.remove_prefix(1);
      if (digits(token) == 0) return true;
    }
    if (!token.empty() && (token[0] == 'e' || token[0] == 'E')) {
      token.remove_prefix(1);
      if (!token.empty() && (token[0] == '+' || token[0] == '-')) token.remove_prefix(1);
      if (digits(token) == 0) return true;
    }
    if (!token.empty()) return true;
  }
  return false;
}

Error ParseError(simdjson::error_code code, std::string_view json) {
  if (code == simdjson::DEPTH_ERROR) {
    return DepthError();
  }
  if (code == simdjson::NUMBER_ERROR && !HasMalformedNumber(json)) {
    return InvalidArgument("NUMBER_OUT_OF_RANGE", "a number is too large");
  }
  return InvalidArgument("JSON_INVALID", simdjson::error_message(code));
}

// One parser per thread: its buffers are the cost of parsing.
simdjson::dom::parser& Parser() {
  thread_local simdjson::dom::parser parser = [] {
    simdjson::dom::parser made;
    ZL_CHECK(made.allocate(64 * 1024, kMaxJsonDepth + 1) == simdjson::SUCCESS, "no memory");
    return made;
  }();
  return parser;
}

}  // namespace

Error FieldError(std::string_view reason, std::string_view field, std::string_view message) {
  Error error = InvalidArgument(std::string(reason), fmt::format("{}: {}", field, message),
                                {{"field", std::string(field)}});
  error.violations.push_back({std::string(field), std::string(reason), std::string(message)});
  return error;
}

Status ReadJson(std::string_view json, const MessageSchema& schema, Message& message,
                uint64_t refused) {
  element root;
  const auto code = Parser().parse(json.data(), json.size()).get(root);
  if (code != simdjson::SUCCESS) return ParseError(code, json);
  Walk walk;
  if (!walk.Root(root, schema, message, refused)) return walk.TakeError();
  return Done{};
}

Status SetFromText(std::string_view text, const FieldSchema& field, std::string_view shown,
                   Message& message) {
  switch (field.kind) {
    case Kind::kString: PutString(message, field, text); return Done{};
    case Kind::kBytes:
      if (!PutBytes(message, field, text)) {
        return FieldError("BASE64_INVALID", shown, kBase64Needed);
      }
      return Done{};
    case Kind::kBool:
      if (text != "true" && text != "false") {
        return FieldError("FIELD_WRONG_TYPE", shown, "true or false is needed");
      }
      PutBool(message, field, text == "true");
      return Done{};
    case Kind::kInt32:
    case Kind::kUint32:
    case Kind::kInt64:
    case Kind::kUint64:
      switch (PutIntegerText(message, field, text)) {
        case Parsed::kGood: return Done{};
        case Parsed::kOutOfRange:
          return FieldError("NUMBER_OUT_OF_RANGE", shown, "the number is too large or too small");
        case Parsed::kNotANumber: break;
      }
      return FieldError("FIELD_WRONG_TYPE", shown, "a whole number is needed");
    case Kind::kEnum: {
      const auto number = field.enumeration->Number(text);
      if (!number) return FieldError("ENUM_UNKNOWN", shown, "not one of the names allowed here");
      PutEnum(message, field, *number);
      return Done{};
    }
    case Kind::kTimestamp:
      if (!PutTime(message, field, text)) {
        return FieldError("TIME_INVALID", shown, "not an RFC 3339 time");
      }
      return Done{};
    case Kind::kStruct:
    case Kind::kMessage: break;
  }
  return FieldError("FIELD_WRONG_TYPE", shown, "this field cannot be a parameter");
}

}  // namespace zonelink::gateway
