// SPDX-License-Identifier: Apache-2.0
#include <utf8proc.h>

#include <algorithm>
#include <cstdlib>
#include <iterator>
#include <memory>

#include "platform/core/text.h"

namespace zonelink {
namespace {

struct Free {
  void operator()(void* memory) const { std::free(memory); }
};

struct LookAlike {
  utf8proc_int32_t from;
  char to;
};

// Letters that people take for a Latin letter or digit; by code point. Both cases stand here
// because a capital can look like another letter than its small form (Η is H, η is n).
constexpr LookAlike kLookAlikes[] = {
    {0x00d8, 'o'},
    {0x00f8, 'o'},
    {0x0110, 'd'},
    {0x0111, 'd'},
    {0x0126, 'h'},
    {0x0127, 'h'},
    {0x0131, 'i'},
    {0x0138, 'k'},
    {0x0141, 'l'},
    {0x0142, 'l'},
    {0x0180, 'b'},
    {0x0192, 'f'},
    {0x01c0, 'l'},
    {0x0251, 'a'},
    {0x0261, 'g'},
    {0x0269, 'i'},
    {0x026a, 'i'},
    {0x028b, 'u'},
    {0x028f, 'y'},
    {0x0299, 'b'},
    {0x029c, 'h'},
    {0x029f, 'l'},
    // Greek.
    {0x0391, 'a'},
    {0x0392, 'b'},
    {0x0395, 'e'},
    {0x0396, 'z'},
    {0x0397, 'h'},
    {0x0399, 'i'},
    {0x039a, 'k'},
    {0x039c, 'm'},
    {0x039d, 'n'},
    {0x039f, 'o'},
    {0x03a1, 'p'},
    {0x03a4, 't'},
    {0x03a5, 'y'},
    {0x03a7, 'x'},
    {0x03b1, 'a'},
    {0x03b2, 'b'},
    {0x03b3, 'y'},
    {0x03b5, 'e'},
    {0x03b7, 'n'},
    {0x03b9, 'i'},
    {0x03ba, 'k'},
    {0x03bd, 'v'},
    {0x03bf, 'o'},
    {0x03c1, 'p'},
    {0x03c3, 'o'},
    {0x03c4, 't'},
    {0x03c5, 'u'},
    {0x03c7, 'x'},
    {0x03c9, 'w'},
    {0x03dc, 'f'},
    {0x03f2, 'c'},
    {0x03f3, 'j'},
    {0x03f9, 'c'},
    // Cyrillic.
    {0x0405, 's'},
    {0x0406, 'i'},
    {0x0408, 'j'},
    {0x0410, 'a'},
    {0x0412, 'b'},
    {0x0413, 'r'},
    {0x0415, 'e'},
    {0x0417, '3'},
    {0x041a, 'k'},
    {0x041c, 'm'},
    {0x041d, 'h'},
    {0x041e, 'o'},
    {0x041f, 'n'},
    {0x0420, 'p'},
    {0x0421, 'c'},
    {0x0422, 't'},
    {0x0423, 'y'},
    {0x0425, 'x'},
    {0x0427, '4'},
    {0x042c, 'b'},
    {0x0430, 'a'},
    {0x0431, '6'},
    {0x0432, 'b'},
    {0x0433, 'r'},
    {0x0435, 'e'},
    {0x0437, '3'},
    {0x043a, 'k'},
    {0x043c, 'm'},
    {0x043d, 'h'},
    {0x043e, 'o'},
    {0x043f, 'n'},
    {0x0440, 'p'},
    {0x0441, 'c'},
    {0x0442, 't'},
    {0x0443, 'y'},
    {0x0445, 'x'},
    {0x0447, '4'},
    {0x044c, 'b'},
    {0x0455, 's'},
    {0x0456, 'i'},
    {0x0458, 'j'},
    {0x0461, 'w'},
    {0x0474, 'v'},
    {0x0475, 'v'},
    {0x04ae, 'y'},
    {0x04af, 'y'},
    {0x04ba, 'h'},
    {0x04bb, 'h'},
    {0x04c0, 'l'},
    {0x04cf, 'l'},
    {0x0501, 'd'},
    {0x051a, 'q'},
    {0x051b, 'q'},
    {0x051c, 'w'},
    {0x051d, 'w'},
    {0x2223, 'l'},
};

static_assert(std::is_sorted(std::begin(kLookAlikes), std::end(kLookAlikes),
                             [](LookAlike a, LookAlike b) { return a.from < b.from; }));

// `options` on top of stable decomposition; nullopt for bytes that are not UTF-8.
std::optional<std::string> Map(std::string_view text, int options) {
  utf8proc_uint8_t* mapped = nullptr;
  const auto size =
      utf8proc_map(reinterpret_cast<const utf8proc_uint8_t*>(text.data()),
                   static_cast<utf8proc_ssize_t>(text.size()), &mapped,
                   static_cast<utf8proc_option_t>(UTF8PROC_STABLE | UTF8PROC_DECOMPOSE | options));
  const std::unique_ptr<utf8proc_uint8_t, Free> owner(mapped);
  if (size < 0) return std::nullopt;
  return std::string(reinterpret_cast<const char*>(mapped), static_cast<size_t>(size));
}

// `text` is valid UTF-8.
std::string FoldLookAlikes(const std::string& text) {
  std::string folded;
  folded.reserve(text.size());
  for (size_t at = 0; at < text.size();) {
    utf8proc_int32_t c = 0;
    const auto size = utf8proc_iterate(reinterpret_cast<const utf8proc_uint8_t*>(text.data()) + at,
                                       static_cast<utf8proc_ssize_t>(text.size() - at), &c);
    const auto* found =
        std::lower_bound(std::begin(kLookAlikes), std::end(kLookAlikes), c,
                         [](const LookAlike& a, utf8proc_int32_t b) { return a.from < b; });
    if (found != std::end(kLookAlikes) && found->from == c)
      folded += found->to;
    else
      folded.append(text, at, static_cast<size_t>(size));
    at += static_cast<size_t>(size);
  }
  return folded;
}

// Look-alikes within ASCII: O and 0; I, l, 1 and |; rn and m; vv and w.
std::string FoldAscii(const std::string& text) {
  std::string folded;
  folded.reserve(text.size());
  for (const char c : text) {
    const char last = folded.empty() ? '\0' : folded.back();
    if (c == '0')
      folded += 'o';
    else if (c == 'i' || c == '1' || c == '|')
      folded += 'l';
    else if (c == 'n' && last == 'r')
      folded.back() = 'm';
    else if (c == 'v' && last == 'v')
      folded.back() = 'w';
    else
      folded += c;
  }
  return folded;
}

}  // namespace

std::string Skeleton(std::string_view name) {
  const auto plain = Map(name, UTF8PROC_COMPAT | UTF8PROC_STRIPMARK | UTF8PROC_IGNORE);
  if (!plain) return std::string(name);
  const auto folded = Map(FoldLookAlikes(*plain), UTF8PROC_CASEFOLD | UTF8PROC_STRIPMARK);
  return FoldAscii(folded ? *folded : *plain);
}

}  // namespace zonelink
