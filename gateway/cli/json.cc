// SPDX-License-Identifier: Apache-2.0
#include "gateway/cli/json.h"

#include <fmt/format.h>

#include <charconv>

namespace zonelink::client {

Json Json::operator[](std::string_view member) const {
  if (!is_object()) return {};
  simdjson::dom::element found;
  if (element_[member].get(found) != simdjson::SUCCESS || found.is_null()) return {};
  return Json(found);
}

std::vector<Json> Json::items() const {
  std::vector<Json> all;
  simdjson::dom::array array;
  if (!present_ || element_.get(array) != simdjson::SUCCESS) return all;
  for (const auto item : array) all.emplace_back(item);
  return all;
}

std::vector<std::pair<std::string_view, Json>> Json::members() const {
  std::vector<std::pair<std::string_view, Json>> all;
  simdjson::dom::object object;
  if (!present_ || element_.get(object) != simdjson::SUCCESS) return all;
  for (const auto member : object) all.emplace_back(member.key, Json(member.value));
  return all;
}

std::string Json::text() const {
  if (!present_) return "";
  std::string_view text;
  if (element_.get(text) == simdjson::SUCCESS) return std::string(text);
  return dump();
}

int64_t Json::number() const {
  if (!present_) return 0;
  int64_t value = 0;
  if (element_.get(value) == simdjson::SUCCESS) return value;
  std::string_view text;
  if (element_.get(text) != simdjson::SUCCESS) return 0;
  std::from_chars(text.data(), text.data() + text.size(), value);
  return value;
}

bool Json::truth() const {
  bool value = false;
  return present_ && element_.get(value) == simdjson::SUCCESS && value;
}

std::vector<std::string> Json::texts() const {
  std::vector<std::string> all;
  for (const Json& item : items()) all.push_back(item.text());
  return all;
}

std::string Json::dump() const { return present_ ? simdjson::minify(element_) : ""; }

Result<JsonDocument> JsonDocument::Parse(std::string_view text) {
  JsonDocument document;
  document.parser_ = std::make_unique<simdjson::dom::parser>();
  simdjson::dom::element root;
  const auto code = document.parser_->parse(text.data(), text.size()).get(root);
  if (code != simdjson::SUCCESS) {
    return InvalidArgument("JSON_INVALID", simdjson::error_message(code));
  }
  document.root_ = Json(root);
  return document;
}

std::string JsonQuote(std::string_view text) {
  std::string quoted = "\"";
  for (const char c : text) {
    switch (c) {
      case '"': quoted += "\\\""; break;
      case '\\': quoted += "\\\\"; break;
      case '\n': quoted += "\\n"; break;
      case '\r': quoted += "\\r"; break;
      case '\t': quoted += "\\t"; break;
      default:
        if (static_cast<unsigned char>(c) < 0x20) {
          quoted += fmt::format("\\u{:04x}", static_cast<unsigned>(c));
        } else {
          quoted += c;
        }
    }
  }
  return quoted + '"';
}

void JsonWriter::Comma() {
  if (comma_) out_ += ',';
  comma_ = true;
}
JsonWriter& JsonWriter::Begin(char bracket) {
  Comma();
  out_ += bracket;
  comma_ = false;
  return *this;
}
JsonWriter& JsonWriter::End(char bracket) {
  out_ += bracket;
  comma_ = true;
  return *this;
}
JsonWriter& JsonWriter::Key(std::string_view name) {
  Comma();
  out_ += JsonQuote(name) + ":";
  comma_ = false;
  return *this;
}
JsonWriter& JsonWriter::Text(std::string_view value) { return Raw(JsonQuote(value)); }
JsonWriter& JsonWriter::Number(int64_t value) { return Raw(std::to_string(value)); }
JsonWriter& JsonWriter::Truth(bool value) { return Raw(value ? "true" : "false"); }
JsonWriter& JsonWriter::Raw(std::string_view json) {
  Comma();
  out_ += json;
  return *this;
}
JsonWriter& JsonWriter::Field(std::string_view name, std::string_view value) {
  return value.empty() ? *this : Key(name).Text(value);
}
JsonWriter& JsonWriter::Texts(std::string_view name, const std::vector<std::string>& values) {
  Key(name).Begin('[');
  for (const auto& value : values) Text(value);
  return End(']');
}

namespace {

void AppendPretty(const Json& value, int depth, std::string& out) {
  const std::string pad(static_cast<size_t>(depth + 1) * 2, ' ');
  const std::string end_pad(static_cast<size_t>(depth) * 2, ' ');
  const char* separator = "\n";
  if (value.is_object() && !value.members().empty()) {
    out += '{';
    for (const auto& [name, member] : value.members()) {
      out += separator + pad + JsonQuote(name) + ": ";
      AppendPretty(member, depth + 1, out);
      separator = ",\n";
    }
    out += "\n" + end_pad + "}";
    return;
  }
  if (value.is_array() && !value.items().empty()) {
    out += '[';
    for (const Json& item : value.items()) {
      out += separator + pad;
      AppendPretty(item, depth + 1, out);
      separator = ",\n";
    }
    out += "\n" + end_pad + "]";
    return;
  }
  out += value.dump();
}

}  // namespace

std::string PrettyJson(const Json& value) {
  std::string out;
  AppendPretty(value, 0, out);
  return out;
}

}  // namespace zonelink::client
