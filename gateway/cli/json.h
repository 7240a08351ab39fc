// SPDX-License-Identifier: Apache-2.0
// Reading and writing JSON for clients of the gateway.
#pragma once

#include <simdjson.h>

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "platform/core/result.h"

namespace zonelink::client {

// A part of a parsed document. Members that are absent or of another type read as empty: answers
// come from a server of any later version. Valid while the JsonDocument lives.
class Json {
 public:
  Json() = default;
  explicit Json(simdjson::dom::element element) : element_(element), present_(true) {}

  bool present() const { return present_; }  // null is not present
  bool is_object() const { return present_ && element_.is_object(); }
  bool is_array() const { return present_ && element_.is_array(); }
  bool is_text() const { return present_ && element_.is_string(); }

  Json operator[](std::string_view member) const;
  std::vector<Json> items() const;                                 // of an array
  std::vector<std::pair<std::string_view, Json>> members() const;  // of an object, in order

  std::string text() const;  // strings as they are; numbers and booleans in JSON form
  int64_t number() const;    // also of a string of digits, as int64 travels
  bool truth() const;
  std::vector<std::string> texts() const;  // of an array of strings
  std::string dump() const;                // compact JSON

 private:
  simdjson::dom::element element_;
  bool present_ = false;
};

// A parsed document; owns what Json points to.
class JsonDocument {
 public:
  // INVALID_ARGUMENT `JSON_INVALID`.
  static Result<JsonDocument> Parse(std::string_view text);
  Json root() const { return root_; }

 private:
  std::unique_ptr<simdjson::dom::parser> parser_;
  Json root_;
};

// Text between quotes as JSON wants it, quotes included. `text` is valid UTF-8.
std::string JsonQuote(std::string_view text);

// Writes one JSON value; commas are placed by itself.
class JsonWriter {
 public:
  JsonWriter& Begin(char bracket);  // '{' or '['
  JsonWriter& End(char bracket);    // '}' or ']'
  JsonWriter& Key(std::string_view name);
  JsonWriter& Text(std::string_view value);
  JsonWriter& Number(int64_t value);
  JsonWriter& Truth(bool value);
  JsonWriter& Raw(std::string_view json);  // already JSON
  // A member with a text; left out when empty.
  JsonWriter& Field(std::string_view name, std::string_view value);
  JsonWriter& Texts(std::string_view name, const std::vector<std::string>& values);
  std::string Take() { return std::move(out_); }

 private:
  void Comma();
  std::string out_;
  bool comma_ = false;
};

// Indented by two spaces, for people; member order as given.
std::string PrettyJson(const Json& value);

}  // namespace zonelink::client
