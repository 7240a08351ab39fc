// SPDX-License-Identifier: Apache-2.0
#include "platform/core/text.h"

#include <utf8proc.h>

#include <cstdlib>
#include <memory>

namespace zonelink {
namespace {

struct Free {
  void operator()(void* memory) const { std::free(memory); }
};

const utf8proc_uint8_t* Bytes(std::string_view text) {
  return reinterpret_cast<const utf8proc_uint8_t*>(text.data());
}

bool IsControl(utf8proc_int32_t c) { return c < 0x20 || (c >= 0x7f && c < 0xa0); }

bool IsLayout(utf8proc_int32_t c) { return c == '\n' || c == '\r' || c == '\t'; }

// CJK extension I of Unicode 15.1, younger than this utf8proc. GB 18030 needs it for people's
// names.
bool IsExtensionI(utf8proc_int32_t c) { return c >= 0x2ebf0 && c <= 0x2ee5d; }

bool IsInvisible(utf8proc_int32_t c) {
  if (c < 0x7f || IsExtensionI(c)) return false;
  constexpr utf8proc_int32_t kBrailleBlank = 0x2800;
  const utf8proc_property_t* property = utf8proc_get_property(c);
  switch (property->category) {
    case UTF8PROC_CATEGORY_CN:
    case UTF8PROC_CATEGORY_CF:
    case UTF8PROC_CATEGORY_CO:
    case UTF8PROC_CATEGORY_CS:
    case UTF8PROC_CATEGORY_ZL:
    case UTF8PROC_CATEGORY_ZP: return true;
    default:
      // Fillers and variation selectors are letters and marks by category.
      return property->ignorable || c == kBrailleBlank;
  }
}

bool IsPlainAscii(char c) { return c >= 0x20 && c < 0x7f; }

// Code points that never change in NFC, whatever stands beside them: those below U+0300, the CJK
// unified ideographs and the punctuation of Chinese text.
bool InertInNfc(utf8proc_int32_t c) {
  return c < 0x300 || (c >= 0x4e00 && c <= 0x9fff) || (c >= 0x2010 && c <= 0x2027) ||
         (c >= 0x3000 && c <= 0x3029) || (c >= 0xff01 && c <= 0xff5e);
}

bool IsNfc(std::string_view text) {
  utf8proc_uint8_t* composed = nullptr;
  const auto size =
      utf8proc_map(Bytes(text), static_cast<utf8proc_ssize_t>(text.size()), &composed,
                   static_cast<utf8proc_option_t>(UTF8PROC_STABLE | UTF8PROC_COMPOSE));
  const std::unique_ptr<utf8proc_uint8_t, Free> owner(composed);
  if (size < 0) return false;
  return text ==
         std::string_view(reinterpret_cast<const char*>(composed), static_cast<size_t>(size));
}

}  // namespace

std::optional<std::string_view> TextFault(std::string_view text, bool multiline) {
  std::optional<std::string_view> fault;
  bool inert = true;
  for (size_t at = 0; at < text.size();) {
    if (IsPlainAscii(text[at])) {
      ++at;
      continue;
    }
    utf8proc_int32_t c = 0;
    const auto size =
        utf8proc_iterate(Bytes(text) + at, static_cast<utf8proc_ssize_t>(text.size() - at), &c);
    if (size <= 0) return "BAD_UTF8";
    at += static_cast<size_t>(size);
    inert = inert && InertInNfc(c);
    if (fault) continue;
    if (IsControl(c) && !(multiline && IsLayout(c)))
      fault = "CONTROL_CHARACTER";
    else if (!IsControl(c) && IsInvisible(c))
      fault = "INVISIBLE_CHARACTER";
  }
  if (fault) return fault;
  if (!inert && !IsNfc(text)) return "NOT_NFC";
  return std::nullopt;
}

size_t CodePoints(std::string_view text) {
  size_t count = 0;
  for (const char c : text) {
    if ((static_cast<unsigned char>(c) & 0xc0) != 0x80) ++count;
  }
  return count;
}

}  // namespace zonelink
