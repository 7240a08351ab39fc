// SPDX-License-Identifier: Apache-2.0
// Rules for text from outside: valid UTF-8, NFC, nothing invisible.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace zonelink {

// Why a text is refused: `BAD_UTF8`, `NOT_NFC`, `CONTROL_CHARACTER`, `INVISIBLE_CHARACTER` (bidi
// controls, zero-width, unassigned, private use). nullopt: the text is clean. Line breaks and tabs
// are allowed only where `multiline`.
std::optional<std::string_view> TextFault(std::string_view text, bool multiline);

// Number of code points of valid UTF-8.
size_t CodePoints(std::string_view text);

// Check of a unified social credit code, GB 32100-2015: 18 characters, the organisation code's
// check digit (GB 11714) and the final check character.
bool ValidUscc(std::string_view code);

// What look-alike names share: case folded, compatibility forms and confusable Latin, Cyrillic and
// Greek letters and digits folded together. Two usernames with one skeleton collide.
std::string Skeleton(std::string_view name);

}  // namespace zonelink
