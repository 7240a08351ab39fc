// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>
#include <google/api/annotations.pb.h>

#include <algorithm>
#include <utility>

#include "tests/integration/bad_input.h"
#include "zonelink/options.pb.h"

namespace zonelink::test {
namespace {

using google::protobuf::Descriptor;
using google::protobuf::FieldDescriptor;

constexpr const char* kByRules = "REQUEST_INVALID";
constexpr const char* kWrongType = "FIELD_WRONG_TYPE";

// The body's message and the fields that the path gives instead.
struct BodyType {
  const Descriptor* type = nullptr;
  std::string prefix;  // of violations: the field that is the body
  std::vector<const FieldDescriptor*> in_path;
};

BodyType BodyTypeOf(const google::protobuf::MethodDescriptor& method) {
  const auto& rule = method.options().GetExtension(google::api::http);
  BodyType body{.type = method.input_type()};
  for (int i = 0; i < body.type->field_count(); ++i) {
    const auto* field = body.type->field(i);
    if (rule.post().find("{" + field->name() + "}") != std::string::npos) {
      body.in_path.push_back(field);
    }
  }
  if (rule.body() != "*") {
    body.type = method.input_type()->FindFieldByName(rule.body())->message_type();
    body.prefix = rule.body() + ".";
  }
  return body;
}

// `documents.0.title` → `documents[0].title`
std::string ShownPath(const std::string& path) {
  std::string shown;
  size_t from = 0;
  while (from <= path.size()) {
    const size_t dot = std::min(path.find('.', from), path.size());
    const std::string step = path.substr(from, dot - from);
    const bool index = !step.empty() && step.find_first_not_of("0123456789") == std::string::npos;
    if (index) {
      shown += "[" + step + "]";
    } else {
      shown += (shown.empty() ? "" : ".") + step;
    }
    from = dot + 1;
  }
  return shown;
}

class Fields {
 public:
  explicit Fields(const GoodCall& good)
      : good_(good), tree_(JsonTree::Parse(good.target.body)), body_(BodyTypeOf(*good.method)) {}

  std::vector<BadInput> All() {
    Message(*body_.type, "");
    return std::move(all_);
  }

 private:
  // A value that the reader refuses, with its path.
  void Unreadable(const std::string& path, const std::string& name, std::string raw,
                  const std::string& reason) {
    Add(path, name, tree_.With(path, std::move(raw)).Text(), reason, "",
        reason == "JSON_INVALID" ? "" : ShownPath(path));
  }
  // A value that the rules of the fields refuse.
  void Forbidden(const std::string& path, const std::string& name, std::string raw,
                 const std::string& reason) {
    if (alone_) return;
    Add(path, name, tree_.With(path, std::move(raw)).Text(), kByRules, reason,
        body_.prefix + ShownPath(path));
  }
  void Add(const std::string& path, const std::string& name, std::string body,
           const std::string& reason, const std::string& violation, const std::string& field) {
    all_.push_back({.name = ShownPath(path) + ": " + name,
                    .request = RequestOf(good_, std::move(body)),
                    .reason = reason,
                    .field = field,
                    .violation_reason = violation.empty() ? reason : violation});
  }

  void Message(const Descriptor& type, const std::string& prefix) {
    for (int i = 0; i < type.field_count(); ++i) {
      const auto& field = *type.field(i);
      const auto& in_path = body_.in_path;
      const bool given = std::find(in_path.begin(), in_path.end(), &field) != in_path.end();
      if (given && prefix.empty()) continue;
      Field(field, prefix + field.json_name());
    }
  }

  void Field(const FieldDescriptor& field, const std::string& path) {
    const Rules& rules = field.options().GetExtension(zonelink::rules);
    Unreadable(path, "null", "null", kWrongType);
    if (rules.required() && !alone_) {
      Add(path, "left out", tree_.Without(path).Text(), kByRules, "REQUIRED",
          body_.prefix + ShownPath(path));
    }
    if (tree_.Has(path)) {
      Add(path, "twice", tree_.Doubled(path).Text(), "JSON_DUPLICATE_KEY", "", ShownPath(path));
    }
    if (field.is_repeated()) return List(field, rules, path);
    Value(field, rules, path);
  }

  void List(const FieldDescriptor& field, const Rules& rules, const std::string& path) {
    Unreadable(path, "object", "{}", kWrongType);
    Unreadable(path, "text", "\"a\"", kWrongType);
    Add(path, "null inside", tree_.With(path, "[null]").Text(), kWrongType, "",
        ShownPath(path + ".0"));
    Add(path, "list inside", tree_.With(path, "[[]]").Text(), kWrongType, "",
        ShownPath(path + ".0"));
    if (rules.required()) Forbidden(path, "empty", "[]", "REQUIRED");
    const bool text = field.cpp_type() == FieldDescriptor::CPPTYPE_STRING;
    const unsigned most = rules.max_items() == 0 ? 100 : rules.max_items();
    std::string many = "[";
    for (unsigned i = 0; i <= most; ++i) many += text ? "\"a\"," : "{},";
    many.back() = ']';
    Forbidden(path, "too many", many, "TOO_MANY");
    if (!tree_.Has(path + ".0")) return;
    // What stands alone is refused alone: no refusal of the request.
    const bool outside = std::exchange(alone_, alone_ || rules.each_alone());
    Value(field, rules, path + ".0");
    alone_ = outside;
    if (text) Forbidden(path + ".0", "empty", "\"\"", "REQUIRED");
  }

  void Value(const FieldDescriptor& field, const Rules& rules, const std::string& path) {
    switch (field.cpp_type()) {
      case FieldDescriptor::CPPTYPE_STRING: return Text(rules, path, field.is_repeated());
      case FieldDescriptor::CPPTYPE_INT32:
      case FieldDescriptor::CPPTYPE_INT64: return Integer(field, rules, path);
      case FieldDescriptor::CPPTYPE_BOOL: return Bool(path);
      case FieldDescriptor::CPPTYPE_ENUM: return Enum(field, path);
      case FieldDescriptor::CPPTYPE_MESSAGE: return Inner(field, path);
      default: throw std::runtime_error("a type that the test does not know: " + field.full_name());
    }
  }

  void Text(const Rules& rules, const std::string& path, bool element) {
    for (const char* raw : {"7", "1.5", "true", "{}", "[]"}) {
      Unreadable(path, std::string("instead of text ") + raw, raw, kWrongType);
    }
    if (rules.required() && !element) Forbidden(path, "empty", "\"\"", "REQUIRED");
    const auto with = [](const std::string& odd) { return client::JsonQuote("a" + odd + "b"); };
    Forbidden(path, "bidi control", with("\u202e"), "INVISIBLE_CHARACTER");
    Forbidden(path, "zero width", with("\u200b"), "INVISIBLE_CHARACTER");
    Forbidden(path, "byte order mark", with("\ufeff"), "INVISIBLE_CHARACTER");
    Forbidden(path, "private use", with("\ue000"), "INVISIBLE_CHARACTER");
    Forbidden(path, "unassigned", with("\u0378"), "INVISIBLE_CHARACTER");
    Forbidden(path, "bell", with("\a"), "CONTROL_CHARACTER");
    Forbidden(path, "NUL", R"("a\u0000b")", "CONTROL_CHARACTER");
    Forbidden(path, "NFD", with("e\u0301"), "NOT_NFC");
    Unreadable(path, "lone surrogate", R"("\udfff")", "JSON_INVALID");
    Unreadable(path, "bad UTF-8", "\"\xc3\"", "JSON_INVALID");
    if (rules.format() != FORMAT_MULTILINE) {
      Forbidden(path, "line break", R"("a\nb")", "CONTROL_CHARACTER");
    }
    unsigned longest = rules.max_length();
    if (longest == 0) longest = rules.format() == FORMAT_TOKEN ? 4096 : 200;
    Forbidden(path, "too long", "\"" + std::string(longest + 1, 'a') + "\"", "TOO_LONG");
    for (const auto& [bad, reason] : BadOfFormat(rules)) {
      Forbidden(path, "bad form " + bad, client::JsonQuote(bad), reason);
    }
    if (rules.one_of_size() > 0) Forbidden(path, "not in the list", "\"zzz\"", "NOT_ALLOWED");
  }

  static std::vector<std::pair<std::string, std::string>> BadOfFormat(const Rules& rules) {
    const auto all = [](const std::string& reason, std::vector<std::string> texts) {
      std::vector<std::pair<std::string, std::string>> bad;
      for (auto& text : texts) bad.emplace_back(std::move(text), reason);
      return bad;
    };
    switch (rules.format()) {
      case FORMAT_DATE:
        return all("BAD_DATE", {"2026-02-30", "2026-13-01", "2026-3-2", "20260302", "1899-12-31",
                                "2026-03-02T00:00:00Z", "tomorrow"});
      case FORMAT_ZONE: return all("BAD_FORMAT", {"Zhejiang", "浙江", "zhe jiang", "a-b"});
      case FORMAT_USCC:
        return all("BAD_USCC", {"91310000000000000A", "913100000000000000", "9131", "ⅨⅠ"});
      case FORMAT_ID: return all("BAD_FORMAT", {"a b", "../etc", "a'b", "编号"});
      case FORMAT_SLUG: return all("BAD_FORMAT", {"Upper", "a b", "-a", "a_b"});
      case FORMAT_SHA256: return all("BAD_FORMAT", {"abc", std::string(64, 'G')});
      case FORMAT_MEDIA_TYPE: return all("BAD_FORMAT", {"pdf", "a/b/c", "/pdf", "a b/c"});
      case FORMAT_USERNAME: return all("BAD_FORMAT", {"ab", "a b c", "名字很长", "a@b.c"});
      case FORMAT_PASSWORD: return all("BAD_FORMAT", {"short"});
      case FORMAT_TOKEN: return all("BAD_FORMAT", {"a b", "令牌"});
      default: return {};
    }
  }

  void Integer(const FieldDescriptor& field, const Rules& rules, const std::string& path) {
    for (const char* raw : {"true", "{}", "[]", "1.5", "1.0", "1e2", "\"seven\"", "\"\"", "\" 1\"",
                            "\"NaN\"", "\"1e3\"", "\"0x10\"", "\"1.5\""}) {
      Unreadable(path, std::string("instead of a whole number ") + raw, raw, kWrongType);
    }
    Unreadable(path, "NaN", "NaN", "JSON_INVALID");
    Unreadable(path, "beyond 64 bits", "18446744073709551615", "NUMBER_OUT_OF_RANGE");
    const bool wide = field.cpp_type() == FieldDescriptor::CPPTYPE_INT64;
    Unreadable(path, "too large", wide ? "\"9223372036854775808\"" : "2147483648",
               "NUMBER_OUT_OF_RANGE");
    const auto shown = [&](int64_t number) {
      return wide ? fmt::format("\"{}\"", number) : std::to_string(number);
    };
    if (rules.minimum() == 0 && rules.maximum() == 0) return;
    Forbidden(path, "above the range", shown(rules.maximum() + 1), "OUT_OF_RANGE");
    Forbidden(path, "below the range", shown(rules.minimum() - 1),
              rules.required() && rules.minimum() == 1 ? "REQUIRED" : "OUT_OF_RANGE");
  }

  void Bool(const std::string& path) {
    for (const char* raw : {"\"true\"", "1", "0", "{}", "[]", "\"\""}) {
      Unreadable(path, std::string("instead of true ") + raw, raw, kWrongType);
    }
  }

  void Enum(const FieldDescriptor& field, const std::string& path) {
    const auto& type = *field.enum_type();
    for (const char* raw : {"1", "true", "{}", "[]"}) {
      Unreadable(path, std::string("instead of a name ") + raw, raw, kWrongType);
    }
    Unreadable(path, "unknown name", "\"NO_SUCH_NAME\"", "ENUM_UNKNOWN");
    Unreadable(path, "empty name", "\"\"", "ENUM_UNKNOWN");
    Unreadable(path, "name with prefix", fmt::format("\"{}\"", type.value(1)->name()),
               "ENUM_UNKNOWN");
    Unreadable(path, "the name of nothing", "\"UNSPECIFIED\"", "ENUM_UNKNOWN");
  }

  void Inner(const FieldDescriptor& field, const std::string& path) {
    const std::string& type = field.message_type()->full_name();
    if (type == "google.protobuf.Timestamp") return Timestamp(path);
    for (const char* raw : {"\"text\"", "7", "true"}) {
      Unreadable(path, std::string("instead of an object ") + raw, raw, kWrongType);
    }
    if (!field.is_repeated()) Unreadable(path, "list", "[]", kWrongType);
    if (type == "google.protobuf.Struct") return Struct(path);
    if (!tree_.Has(path)) return;
    Add(path, "unknown member", tree_.With(path + ".noSuchField", "1").Text(), "FIELD_UNKNOWN", "",
        ShownPath(path + ".noSuchField"));
    Message(*field.message_type(), path + ".");
  }

  void Timestamp(const std::string& path) {
    for (const char* raw : {"7", "true", "{}", "[]"}) {
      Unreadable(path, std::string("instead of a time ") + raw, raw, kWrongType);
    }
    for (const char* text :
         {"yesterday", "2026-13-01T00:00:00Z", "2026-02-29T00:00:00Z", "2026-03-02",
          "2026-03-02T25:00:00Z", "2026-03-02T00:00:00", "10000-01-01T00:00:00Z", ""}) {
      Unreadable(path, std::string("no time ") + text, fmt::format("\"{}\"", text), "TIME_INVALID");
    }
  }

  // Free-form JSON: its texts are checked like all others.
  void Struct(const std::string& path) {
    const auto inside = [&](const std::string& name, const std::string& raw,
                            const std::string& reason, const std::string& violation) {
      if (alone_ && reason == kByRules) return;
      Add(path, name, tree_.With(path, raw).Text(), reason, violation, "");
    };
    inside("duplicate name", R"({"a":1,"a":2})", "JSON_DUPLICATE_KEY", "");
    inside("bidi control", "{\"a\":\"\u202e\"}", kByRules, "INVISIBLE_CHARACTER");
    inside("bidi control in a name", "{\"\u202e\":1}", kByRules, "INVISIBLE_CHARACTER");
    inside("NFD", "{\"a\":\"e\u0301\"}", kByRules, "NOT_NFC");
    inside("NUL", R"({"a":"\u0000"})", kByRules, "CONTROL_CHARACTER");
    inside("huge number", R"({"a":1e400})", "NUMBER_OUT_OF_RANGE", "");
    inside("inexact number", R"({"a":9007199254740993})", "NUMBER_OUT_OF_RANGE", "");
    inside("too deep", "{\"a\":" + std::string(40, '[') + std::string(40, ']') + "}",
           "JSON_TOO_DEEP", "");
  }

  const GoodCall& good_;
  const JsonTree tree_;
  const BodyType body_;
  bool alone_ = false;  // within a row that is a request of its own
  std::vector<BadInput> all_;
};

}  // namespace

std::vector<BadInput> BadFields(const GoodCall& good) { return Fields(good).All(); }

}  // namespace zonelink::test
