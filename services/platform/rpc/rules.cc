// SPDX-License-Identifier: Apache-2.0
#include "platform/rpc/rules.h"

#include <fmt/format.h>
#include <google/protobuf/struct.pb.h>

#include <algorithm>

#include "platform/core/text.h"
#include "platform/core/time.h"

namespace zonelink::rpc {
namespace {

using google::protobuf::FieldDescriptor;
using google::protobuf::Message;
using google::protobuf::Reflection;

constexpr size_t kDefaultLength = 200;
constexpr int kDefaultItems = 100;

bool AllOf(std::string_view text, bool (*allowed)(char)) {
  return std::all_of(text.begin(), text.end(), allowed);
}
bool IsLower(char c) { return c >= 'a' && c <= 'z'; }
bool IsDigit(char c) { return c >= '0' && c <= '9'; }
bool IsAlnum(char c) { return IsLower(c) || IsDigit(c) || (c >= 'A' && c <= 'Z'); }

bool ValidMediaType(std::string_view text) {
  const size_t slash = text.find('/');
  if (slash == std::string_view::npos || slash == 0 || slash + 1 == text.size()) return false;
  const auto allowed = [](char c) {
    return IsAlnum(c) || c == '-' || c == '.' || c == '+' || c == '_' || c == '!' || c == '#' ||
           c == '$' || c == '&' || c == '^';
  };
  return AllOf(text.substr(0, slash), allowed) && AllOf(text.substr(slash + 1), allowed);
}

// Reason why `text` is not of the format; empty: it is.
std::string_view FormatFault(Format format, std::string_view text) {
  const auto unless = [](bool good, std::string_view reason) {
    return good ? std::string_view() : reason;
  };
  switch (format) {
    case FORMAT_UNSPECIFIED:
    case FORMAT_MULTILINE: return {};
    case FORMAT_DATE: return unless(ParseDate(text).has_value(), "BAD_DATE");
    case FORMAT_ZONE: return unless(text.size() <= 32 && AllOf(text, IsLower), "BAD_FORMAT");
    case FORMAT_USCC: return unless(ValidUscc(text), "BAD_USCC");
    case FORMAT_ID:
      return unless(text.size() <= 64 &&
                        AllOf(text, [](char c) { return IsAlnum(c) || c == '-' || c == '_'; }),
                    "BAD_FORMAT");
    case FORMAT_SLUG:
      return unless(text.size() <= 64 && IsLower(text[0]) &&
                        AllOf(text, [](char c) { return IsLower(c) || IsDigit(c) || c == '-'; }),
                    "BAD_FORMAT");
    case FORMAT_SHA256:
      return unless(text.size() == 64 &&
                        AllOf(text, [](char c) { return IsDigit(c) || (c >= 'a' && c <= 'f'); }),
                    "BAD_FORMAT");
    case FORMAT_MEDIA_TYPE: return unless(ValidMediaType(text), "BAD_FORMAT");
    case FORMAT_USERNAME:
      return unless(
          text.size() >= 3 && text.size() <= 64 &&
              AllOf(text, [](char c) { return IsAlnum(c) || c == '-' || c == '_' || c == '.'; }),
          "BAD_FORMAT");
    case FORMAT_PASSWORD:
      return unless(CodePoints(text) >= 8 && CodePoints(text) <= 128, "BAD_FORMAT");
    case FORMAT_TOKEN:
      return unless(
          text.size() <= 4096 && AllOf(text, [](char c) { return c > ' ' && c < '\x7f'; }),
          "BAD_FORMAT");
    case Format_INT_MIN_SENTINEL_DO_NOT_USE_:
    case Format_INT_MAX_SENTINEL_DO_NOT_USE_: break;
  }
  return "BAD_FORMAT";
}

// Tokens have their own bound in FORMAT_TOKEN; other texts count characters.
size_t LongestText(const Rules& rules) {
  if (rules.max_length() != 0) return rules.max_length();
  return rules.format() == FORMAT_TOKEN ? 4096 : kDefaultLength;
}

// Where a field stands. Its text is made for faults alone.
struct Place {
  const Place* parent;  // nullptr: in the request itself
  const FieldDescriptor& field;
  int index = -1;  // in a repeated field

  std::string Text() const {
    std::string text = parent == nullptr ? "" : parent->Text() + ".";
    text += field.json_name();
    return index < 0 ? text : fmt::format("{}[{}]", text, index);
  }
};

class FieldChecker {
 public:
  void Check(const Message& message, const Place* parent) {
    if (IsStruct(message)) return CheckStruct(message, *parent);
    const auto* descriptor = message.GetDescriptor();
    for (int i = 0; i < descriptor->field_count(); ++i) {
      CheckField(message, {parent, *descriptor->field(i)});
    }
  }
  std::vector<Violation> violations;

 private:
  static bool IsStruct(const Message& message) {
    return message.GetDescriptor() == google::protobuf::Struct::descriptor();
  }

  void Add(const Place& place, std::string_view reason, std::string message) {
    violations.push_back({place.Text(), std::string(reason), std::move(message)});
  }

  void CheckField(const Message& message, const Place& path) {
    const FieldDescriptor& field = path.field;
    const Reflection& reflection = *message.GetReflection();
    const Rules& rules = field.options().GetExtension(zonelink::rules);
    if (field.is_repeated()) return CheckRepeated(message, rules, path);
    const bool present = reflection.HasField(message, &field);
    if (rules.required() && !present) return Add(path, "REQUIRED", "is missing or empty");
    if (!present) return;
    switch (field.cpp_type()) {
      case FieldDescriptor::CPPTYPE_STRING:
        if (field.type() == FieldDescriptor::TYPE_BYTES) return;
        return CheckText(reflection.GetStringReference(message, &field, &scratch_), rules, path);
      case FieldDescriptor::CPPTYPE_INT32:
        return CheckNumber(reflection.GetInt32(message, &field), rules, path);
      case FieldDescriptor::CPPTYPE_INT64:
        return CheckNumber(reflection.GetInt64(message, &field), rules, path);
      case FieldDescriptor::CPPTYPE_ENUM:
        return CheckEnum(reflection.GetEnumValue(message, &field), path);
      case FieldDescriptor::CPPTYPE_MESSAGE:
        return Check(reflection.GetMessage(message, &field), &path);
      default: return;
    }
  }

  void CheckRepeated(const Message& message, const Rules& rules, const Place& path) {
    const FieldDescriptor& field = path.field;
    const Reflection& reflection = *message.GetReflection();
    const int count = reflection.FieldSize(message, &field);
    const int most = MostItems(field);
    if (rules.required() && count == 0) return Add(path, "REQUIRED", "is missing or empty");
    if (count > most)
      return Add(path, "TOO_MANY",
                 fmt::format("has {} entries, at most {} are allowed", count, most));
    if (rules.each_alone()) return;
    for (int i = 0; i < count; ++i) {
      const Place at{path.parent, field, i};
      if (field.cpp_type() == FieldDescriptor::CPPTYPE_MESSAGE) {
        Check(reflection.GetRepeatedMessage(message, &field, i), &at);
      } else if (field.cpp_type() == FieldDescriptor::CPPTYPE_STRING) {
        const std::string& text =
            reflection.GetRepeatedStringReference(message, &field, i, &scratch_);
        if (text.empty()) {
          Add(at, "REQUIRED", "is empty");
        } else {
          CheckText(text, rules, at);
        }
      }
    }
  }

  void CheckText(const std::string& text, const Rules& rules, const Place& path) {
    if (const auto fault = TextFault(text, rules.format() == FORMAT_MULTILINE)) {
      return Add(path, *fault, "holds characters that are not allowed");
    }
    if (CodePoints(text) > LongestText(rules)) {
      return Add(path, "TOO_LONG",
                 fmt::format("at most {} characters are allowed", LongestText(rules)));
    }
    if (const std::string_view fault = FormatFault(rules.format(), text); !fault.empty()) {
      return Add(path, fault, "is not of the form it must have");
    }
    const auto& allowed = rules.one_of();
    if (!allowed.empty() && std::find(allowed.begin(), allowed.end(), text) == allowed.end()) {
      Add(path, "NOT_ALLOWED", "is not one of the allowed values");
    }
  }

  void CheckNumber(int64_t number, const Rules& rules, const Place& path) {
    if (rules.minimum() == 0 && rules.maximum() == 0) return;
    if (number < rules.minimum() || number > rules.maximum()) {
      Add(path, "OUT_OF_RANGE", fmt::format("must be {} to {}", rules.minimum(), rules.maximum()));
    }
  }

  void CheckEnum(int number, const Place& path) {
    if (path.field.enum_type()->FindValueByNumber(number) == nullptr)
      Add(path, "NOT_ALLOWED", "is not a value of the list");
  }

  // Free-form JSON (attributes): every name and text in it is checked like any other text.
  void CheckStruct(const Message& message, const Place& path) {
    const auto* descriptor = message.GetDescriptor();
    const Reflection& reflection = *message.GetReflection();
    for (int i = 0; i < descriptor->field_count(); ++i) {
      const FieldDescriptor& field = *descriptor->field(i);
      if (field.is_repeated()) {
        for (int n = 0; n < reflection.FieldSize(message, &field); ++n) {
          CheckStruct(reflection.GetRepeatedMessage(message, &field, n), path);
        }
      } else if (reflection.HasField(message, &field)) {
        if (field.cpp_type() == FieldDescriptor::CPPTYPE_STRING) {
          const std::string& text = reflection.GetStringReference(message, &field, &scratch_);
          if (const auto fault = TextFault(text, false))
            Add(path, *fault, "holds characters that are not allowed");
          if (CodePoints(text) > 2000) Add(path, "TOO_LONG", "at most 2000 characters are allowed");
        } else if (field.cpp_type() == FieldDescriptor::CPPTYPE_MESSAGE) {
          CheckStruct(reflection.GetMessage(message, &field), path);
        }
      }
    }
  }

  std::string scratch_;  // for texts that are not stored as std::string
};

}  // namespace

Status CheckAccess(const Access& access, const Caller& caller) {
  if (access.services_size() != 0) {
    const auto& services = access.services();
    if (std::find(services.begin(), services.end(), caller.service) != services.end())
      return Done{};
    if (!caller.SignedIn()) return Unauthenticated("LOGIN_NEEDED", "log in first");
    return PermissionDenied("SERVICE_ONLY", "only other services may call this");
  }
  if (access.scope() == SCOPE_PUBLIC) return Done{};
  if (!caller.SignedIn()) return Unauthenticated("LOGIN_NEEDED", "log in first");
  if (access.roles_size() == 0) return Done{};
  for (const std::string& role : access.roles()) {
    if (caller.HasRole(role)) return Done{};
  }
  std::string needed;
  for (const std::string& role : access.roles()) needed += (needed.empty() ? "" : ", ") + role;
  return PermissionDenied("ROLE_NEEDED", "needs one of the roles " + needed, {{"roles", needed}});
}

int MostItems(const FieldDescriptor& field) {
  const Rules& rules = field.options().GetExtension(zonelink::rules);
  return rules.max_items() == 0 ? kDefaultItems : static_cast<int>(rules.max_items());
}

Status CheckFields(const Message& message) {
  FieldChecker checker;
  checker.Check(message, nullptr);
  if (checker.violations.empty()) return Done{};
  Error error =
      InvalidArgument("REQUEST_INVALID", "the request does not keep the rules of its fields");
  error.violations = std::move(checker.violations);
  return error;
}

}  // namespace zonelink::rpc
