// SPDX-License-Identifier: Apache-2.0
#include "gateway/http/json_text.h"

#include <fmt/format.h>

#include <array>

namespace zonelink::gateway {
namespace {

// Bytes that do not stand for themselves; 0xE2 begins U+2028 and U+2029.
constexpr std::array<bool, 256> MakeSpecial() {
  std::array<bool, 256> special{};
  for (int c = 0; c < 0x20; ++c) special[c] = true;
  special['"'] = special['\\'] = special[0x7f] = special[0xe2] = true;
  return special;
}
constexpr std::array<bool, 256> kSpecial = MakeSpecial();

// Appends the escape for what begins at text[at]; returns its length in bytes.
size_t AppendEscaped(std::string& out, std::string_view text, size_t at) {
  const auto c = static_cast<unsigned char>(text[at]);
  switch (c) {
    case '"': out += "\\\""; return 1;
    case '\\': out += "\\\\"; return 1;
    case '\n': out += "\\n"; return 1;
    case '\r': out += "\\r"; return 1;
    case '\t': out += "\\t"; return 1;
    case 0xe2: {
      const std::string_view rest = text.substr(at, 3);
      if (rest == "\xe2\x80\xa8") out += "\\u2028";
      if (rest == "\xe2\x80\xa9") out += "\\u2029";
      if (rest == "\xe2\x80\xa8" || rest == "\xe2\x80\xa9") return 3;
      out += static_cast<char>(c);
      return 1;
    }
    default: fmt::format_to(std::back_inserter(out), "\\u{:04x}", c); return 1;
  }
}

}  // namespace

void AppendJsonString(std::string& out, std::string_view utf8) {
  out += '"';
  size_t from = 0;
  for (size_t at = 0; at < utf8.size();) {
    if (!kSpecial[static_cast<unsigned char>(utf8[at])]) {
      ++at;
      continue;
    }
    out.append(utf8, from, at - from);
    at += AppendEscaped(out, utf8, at);
    from = at;
  }
  out.append(utf8, from);
  out += '"';
}

void JsonBuilder::Separate() {
  if (comma_) out_ += ',';
  comma_ = true;
}

JsonBuilder& JsonBuilder::Open(char bracket) {
  Separate();
  out_ += bracket;
  comma_ = false;
  return *this;
}

JsonBuilder& JsonBuilder::Close(char bracket) {
  out_ += bracket;
  comma_ = true;
  return *this;
}

JsonBuilder& JsonBuilder::Key(std::string_view name) {
  Separate();
  AppendJsonString(out_, name);
  out_ += ':';
  comma_ = false;
  return *this;
}

JsonBuilder& JsonBuilder::String(std::string_view text) {
  Separate();
  AppendJsonString(out_, text);
  return *this;
}

JsonBuilder& JsonBuilder::Int(int64_t number) {
  Separate();
  fmt::format_to(std::back_inserter(out_), "{}", number);
  return *this;
}

JsonBuilder& JsonBuilder::Bool(bool truth) {
  Separate();
  out_ += truth ? "true" : "false";
  return *this;
}

}  // namespace zonelink::gateway
