// SPDX-License-Identifier: Apache-2.0
#include "recognition/domain/attributes_schema.h"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <optional>
#include <regex>
#include <set>
#include <string>
#include <valijson/adapters/nlohmann_json_adapter.hpp>
#include <valijson/schema.hpp>
#include <valijson/schema_parser.hpp>
#include <valijson/validation_results.hpp>
#include <valijson/validator.hpp>

#include "platform/core/check.h"

namespace zonelink::recognition {
namespace {

using nlohmann::json;
using Adapter = valijson::adapters::NlohmannJsonAdapter;

constexpr size_t kMostBytes = 64 * 1024;
constexpr int kMostLevels = 16;
constexpr std::string_view kDefinitions = "#/definitions/";

bool In(const std::set<std::string_view>& words, std::string_view word) {
  return words.count(word) == 1;
}

bool Deeper(const json& node, int levels) {
  if (!node.is_structured()) return false;
  if (levels == 0) return true;
  return std::any_of(node.begin(), node.end(),
                     [&](const json& child) { return Deeper(child, levels - 1); });
}

// Walks a schema and refuses what Compile does not allow.
class Inspector {
 public:
  explicit Inspector(const json& root) : root_(root) {}
  std::vector<Violation> violations;

  void Schema(const json& node, const std::string& path) {
    if (node.is_boolean()) return;
    if (!node.is_object()) return Add(path, "a schema is an object, true or false");
    for (const auto& [keyword, value] : node.items()) {
      Keyword(keyword, value, fmt::format("{}.{}", path, keyword));
    }
  }

 private:
  void Add(const std::string& path, std::string message) {
    violations.push_back({path, "ITEM_SCHEMA_INVALID", std::move(message)});
  }

  void Keyword(const std::string& keyword, const json& value, const std::string& path) {
    static const std::set<std::string_view> kPlain = {"$schema",
                                                      "$comment",
                                                      "title",
                                                      "description",
                                                      "default",
                                                      "examples",
                                                      "type",
                                                      "enum",
                                                      "const",
                                                      "required",
                                                      "minLength",
                                                      "maxLength",
                                                      "format",
                                                      "minimum",
                                                      "maximum",
                                                      "multipleOf",
                                                      "exclusiveMinimum",
                                                      "exclusiveMaximum",
                                                      "minProperties",
                                                      "maxProperties"};
    static const std::set<std::string_view> kOneSchema = {
        "not", "if", "then", "else", "additionalProperties", "propertyNames"};
    static const std::set<std::string_view> kSchemas = {"allOf", "anyOf", "oneOf", "properties",
                                                        "definitions"};
    if (In(kPlain, keyword)) return;
    if (In(kOneSchema, keyword)) return Schema(value, path);
    if (keyword == "pattern") return Pattern(value, path);
    if (keyword == "$ref") return Reference(value, path);
    if (!In(kSchemas, keyword)) return Add(path, "this keyword is not supported");
    in_definitions_ += keyword == "definitions";
    if (!value.is_structured()) Add(path, "holds schemas");
    for (const auto& [name, schema] : value.items())
      Schema(schema, fmt::format("{}.{}", path, name));
    in_definitions_ -= keyword == "definitions";
  }

  void Pattern(const json& value, const std::string& path) {
    if (!value.is_string()) return Add(path, "a pattern is text");
    const auto& pattern = value.get_ref<const std::string&>();
    if (!BoundedPattern(pattern)) return Add(path, "the pattern repeats what repeats or chooses");
    try {
      const std::regex compiled(pattern);
    } catch (const std::regex_error& error) {
      Add(path, error.what());
    }
  }

  void Reference(const json& value, const std::string& path) {
    const std::string to = value.is_string() ? value.get<std::string>() : "";
    const bool local = to.rfind(kDefinitions, 0) == 0;
    const std::string name = local ? to.substr(kDefinitions.size()) : "";
    const bool known = local && root_.contains("definitions") && root_["definitions"].is_object() &&
                       root_["definitions"].contains(name);
    if (!known) return Add(path, "refers to no definition of this schema");
    if (in_definitions_ > 0) Add(path, "a definition refers to no other");
  }

  const json& root_;
  int in_definitions_ = 0;
};

Error Invalid(std::vector<Violation> violations) {
  Error error =
      InvalidArgument("ITEM_SCHEMA_INVALID", "the schema of the attributes is not usable");
  error.violations = std::move(violations);
  return error;
}

Error Invalid(std::string message) {
  return Invalid({{"attributesSchema", "ITEM_SCHEMA_INVALID", std::move(message)}});
}

// Reads a pattern once, from left to right.
class PatternReader {
 public:
  explicit PatternReader(std::string_view pattern) : rest_(pattern) {}

  bool Bounded() {
    while (!rest_.empty() && bounded_) Step();
    return bounded_ && open_.size() == 1 && long_ <= kMostLong && short_ <= kMostShort;
  }

 private:
  struct Group {
    bool branches = false;  // repeats or chooses inside
  };
  static constexpr int kMostLong = 2;
  static constexpr int kMostShort = 3;
  static constexpr int kShort = 2;  // copies
  static constexpr int kMostCopies = 200;

  char Take() {
    const char c = rest_[0];
    rest_.remove_prefix(1);
    return c;
  }
  bool Fail() { return bounded_ = false; }

  void Step() {
    const char c = Take();
    closed_.reset();
    if (c == '\\') {
      if (rest_.empty() || (rest_[0] >= '1' && rest_[0] <= '9')) return void(Fail());
      Take();
    } else if (c == '[') {
      Class();
    } else if (c == '(') {
      if (rest_.substr(0, 1) == "?" && rest_.substr(0, 2) != "?:") return void(Fail());
      if (rest_.substr(0, 2) == "?:") rest_.remove_prefix(2);
      return open_.push_back({});
    } else if (c == ')') {
      if (open_.size() == 1) return void(Fail());
      closed_ = open_.back();
      open_.pop_back();
      open_.back().branches |= closed_->branches;
    } else if (c == '|') {
      open_.back().branches = true;
      return;
    }
    Repetition();
  }

  void Class() {
    if (rest_.substr(0, 1) == "^") Take();
    while (!rest_.empty() && rest_[0] != ']') {
      if (Take() == '\\' && !rest_.empty()) Take();
    }
    if (rest_.empty()) return void(Fail());
    Take();
  }

  // What may stand behind an atom: `*`, `+`, `?` or `{m,n}`.
  void Repetition() {
    if (rest_.empty()) return;
    const bool counted = rest_[0] == '{';
    if (!counted && rest_[0] != '*' && rest_[0] != '+' && rest_[0] != '?') return;
    if (closed_ && closed_->branches && rest_[0] != '?') return void(Fail());
    open_.back().branches = true;
    if (counted) {
      const size_t end = rest_.find('}');
      if (end == std::string_view::npos || !Copies(rest_.substr(1, end - 1))) return void(Fail());
      rest_.remove_prefix(end + 1);
    } else {
      ++(Take() == '?' ? short_ : long_);
    }
    if (rest_.substr(0, 1) == "?") Take();  // as few as possible
  }

  bool Copies(std::string_view counts) {
    int number = 0;
    for (const char c : counts) {
      if (c != ',' && (c < '0' || c > '9')) return false;
      number = c == ',' ? 0 : number * 10 + (c - '0');
      if (number > kMostCopies) return false;
    }
    const bool exact = counts.find(',') == std::string_view::npos;
    const bool no_end = !counts.empty() && counts.back() == ',';
    if (!exact) ++(number > kShort || no_end ? long_ : short_);
    return true;
  }

  std::string_view rest_;
  std::vector<Group> open_ = {{}};
  std::optional<Group> closed_;  // the group that ended just before
  int long_ = 0;
  int short_ = 0;
  bool bounded_ = true;
};

// `<root>["hsCode"]` → attributes.hsCode
std::string PathOf(const std::vector<std::string>& context) {
  std::string path = "attributes";
  for (size_t i = 1; i < context.size(); ++i) {
    std::string name = context[i];
    name.erase(std::remove_if(name.begin(), name.end(),
                              [](char c) { return c == '[' || c == ']' || c == '"'; }),
               name.end());
    path += "." + name;
  }
  return path;
}

}  // namespace

struct AttributesSchema::Compiled {
  valijson::Schema schema;
};

AttributesSchema::AttributesSchema(std::unique_ptr<Compiled> compiled)
    : compiled_(std::move(compiled)) {}

AttributesSchema::~AttributesSchema() = default;

Result<std::shared_ptr<const AttributesSchema>> AttributesSchema::Compile(std::string_view text) {
  if (text.size() > kMostBytes) return Invalid("more than 64 KiB");
  const json document = json::parse(text, nullptr, false);
  if (!document.is_object()) return Invalid("not a JSON object");
  if (Deeper(document, kMostLevels)) return Invalid("more than 16 levels");
  Inspector inspector(document);
  inspector.Schema(document, "attributesSchema");
  if (!inspector.violations.empty()) return Invalid(std::move(inspector.violations));
  auto compiled = std::make_unique<Compiled>();
  try {
    valijson::SchemaParser(valijson::SchemaParser::kDraft7)
        .populateSchema(Adapter(document), compiled->schema);
  } catch (const std::exception& error) {  // the parser's way to refuse
    return Invalid(error.what());
  }
  return std::shared_ptr<const AttributesSchema>(new AttributesSchema(std::move(compiled)));
}

std::vector<Violation> AttributesSchema::Violations(std::string_view attributes) const {
  const json document = json::parse(attributes, nullptr, false);
  ZL_CHECK(document.is_object(), "attributes are a JSON object");
  std::vector<Violation> violations;
  for (const auto& [name, value] : document.items()) {
    if (value.is_string() && value.get_ref<const std::string&>().size() > kLongestCheckedText) {
      violations.push_back(
          {"attributes." + name, "TOO_LONG", fmt::format("at most {} bytes", kLongestCheckedText)});
    }
  }
  if (!violations.empty()) return violations;
  valijson::Validator validator;
  valijson::ValidationResults results;
  if (validator.validate(compiled_->schema, Adapter(document), &results)) return {};
  // A fault of one attribute is also told of the whole: the deepest place says it.
  std::set<std::string> deep;
  for (const auto& error : results) {
    if (error.context.size() > 1) deep.insert(PathOf(error.context));
  }
  for (const auto& error : results) {
    const bool about_part =
        error.description.find("associated with property name") != std::string::npos;
    if (about_part && !deep.empty()) continue;
    violations.push_back({PathOf(error.context), "SCHEMA_VIOLATED", error.description});
  }
  return violations;
}

bool BoundedPattern(std::string_view pattern) { return PatternReader(pattern).Bounded(); }

}  // namespace zonelink::recognition
