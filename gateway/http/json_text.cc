// SPDX-License-Identifier: Apache-2.0
#include "gateway/http/json_text.h"

#include <fmt/format.h>

#include <array>
#include <cstring>

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

// Whether any of eight bytes is special, all looked at together.
bool AnySpecial(uint64_t bytes) {
  constexpr uint64_t kOnes = 0x0101010101010101;
  constexpr uint64_t kHighs = 0x8080808080808080;
  const auto any = [&](uint64_t byte) {  // the high bit of the lowest byte that is `byte`
    const uint64_t zero = bytes ^ (kOnes * byte);
    return (zero - kOnes) & ~zero;
  };
  const uint64_t controls = (bytes - kOnes * 0x20) & ~bytes;
  return ((controls | any('"') | any('\\') | any(0x7f) | any(0xe2)) & kHighs) != 0;
}

// Where the next special byte from `at` on stands, or the text's end.
size_t NextSpecial(std::string_view text, size_t at) {
  for (uint64_t bytes = 0; at + sizeof bytes <= text.size(); at += sizeof bytes) {
    std::memcpy(&bytes, text.data() + at, sizeof bytes);
    if (AnySpecial(bytes)) break;
  }
  while (at < text.size() && !kSpecial[static_cast<unsigned char>(text[at])]) ++at;
  return at;
}

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
  for (size_t from = 0; from < utf8.size();) {
    const size_t at = NextSpecial(utf8, from);
    out.append(utf8, from, at - from);
    from = at == utf8.size() ? at : at + AppendEscaped(out, utf8, at);
  }
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
