// SPDX-License-Identifier: Apache-2.0
#include "gateway/http/json_text.h"

#include <fmt/format.h>

#include <array>
#include <cstring>

#ifdef __SSE2__
#include <emmintrin.h>
#endif

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

// U+2028 or U+2029. Quotation marks begin with 0xE2 as well and stand for themselves.
bool EndsLine(std::string_view text, size_t at) {
  return at + 3 <= text.size() && text[at] == '\xe2' && text[at + 1] == '\x80' &&
         (text[at + 2] == '\xa8' || text[at + 2] == '\xa9');
}

// The next byte from `at` on that is special stands there, or a few bytes later.
size_t SkipOrdinary(std::string_view text, size_t at) {
#ifdef __SSE2__
  for (; at + sizeof(__m128i) <= text.size(); at += sizeof(__m128i)) {
    const __m128i bytes = _mm_loadu_si128(reinterpret_cast<const __m128i*>(text.data() + at));
    const auto is = [&](char byte) { return _mm_cmpeq_epi8(bytes, _mm_set1_epi8(byte)); };
    const __m128i controls = _mm_cmpeq_epi8(_mm_min_epu8(bytes, _mm_set1_epi8(0x1f)), bytes);
    const __m128i marks = _mm_or_si128(is('"'), is('\\'));
    const __m128i others = _mm_or_si128(is('\x7f'), is('\xe2'));
    const int found = _mm_movemask_epi8(_mm_or_si128(_mm_or_si128(controls, marks), others));
    if (found != 0) return at + static_cast<size_t>(__builtin_ctz(static_cast<unsigned>(found)));
  }
#endif
  for (uint64_t bytes = 0; at + sizeof bytes <= text.size(); at += sizeof bytes) {
    std::memcpy(&bytes, text.data() + at, sizeof bytes);
    if (AnySpecial(bytes)) break;
  }
  return at;
}

// Where the next byte from `at` on that needs an escape stands, or the text's end.
size_t NextSpecial(std::string_view text, size_t at) {
  for (;; ++at) {
    at = SkipOrdinary(text, at);
    while (at < text.size() && !kSpecial[static_cast<unsigned char>(text[at])]) ++at;
    if (at == text.size() || text[at] != '\xe2' || EndsLine(text, at)) return at;
  }
}

// Appends the escape for what NextSpecial found at text[at]; returns its length in bytes.
size_t AppendEscaped(std::string& out, std::string_view text, size_t at) {
  const auto c = static_cast<unsigned char>(text[at]);
  switch (c) {
    case '"': out += "\\\""; return 1;
    case '\\': out += "\\\\"; return 1;
    case '\n': out += "\\n"; return 1;
    case '\r': out += "\\r"; return 1;
    case '\t': out += "\\t"; return 1;
    case 0xe2: out += text[at + 2] == '\xa8' ? "\\u2028" : "\\u2029"; return 3;
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
