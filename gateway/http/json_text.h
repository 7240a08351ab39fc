// SPDX-License-Identifier: Apache-2.0
// JSON text, built front to back without a tree.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace zonelink::gateway {

// Appends `utf8` quoted and escaped; U+2028 and U+2029 too, so that the text is also JavaScript.
void AppendJsonString(std::string& out, std::string_view utf8);

// Appends values to `out` and places the commas. Keys and ends must match; nothing checks that.
class JsonBuilder {
 public:
  explicit JsonBuilder(std::string& out) : out_(out) {}

  JsonBuilder& Object() { return Open('{'); }
  JsonBuilder& EndObject() { return Close('}'); }
  JsonBuilder& Array() { return Open('['); }
  JsonBuilder& EndArray() { return Close(']'); }
  JsonBuilder& Key(std::string_view name);
  JsonBuilder& String(std::string_view text);
  JsonBuilder& Int(int64_t number);
  JsonBuilder& Bool(bool truth);
  // A key with its text.
  JsonBuilder& Field(std::string_view name, std::string_view text) {
    return Key(name).String(text);
  }

 private:
  JsonBuilder& Open(char bracket);
  JsonBuilder& Close(char bracket);
  void Separate();

  std::string& out_;
  bool comma_ = false;
};

}  // namespace zonelink::gateway
