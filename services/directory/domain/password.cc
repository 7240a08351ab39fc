// SPDX-License-Identifier: Apache-2.0
#include "directory/domain/password.h"

#include <algorithm>
#include <array>
#include <string>

#include "platform/core/text.h"

namespace zonelink::directory {
namespace {

// Common passwords of eight characters and more, lower case, sorted. Runs and repetitions such as
// 12345678 are refused by rule and not listed.
constexpr std::array<std::string_view, 88> kCommon = {
    "00000000a",    "1111aaaa",     "11223344",   "1122334455",    "123123123",   "12344321",
    "123456789a",   "123456abc",    "123456qwe",  "1234qwer",      "123qwe123",   "123qweasd",
    "12qwaszx",     "147258369",    "147852369",  "1a2b3c4d",      "1q2w3e4r",    "1q2w3e4r5t",
    "1qaz2wsx",     "1qaz2wsx3edc", "1qazxsw2",   "31415926",      "5201314520",  "741852963",
    "789456123",    "87654321a",    "a1234567",   "a12345678",     "a123456789",  "aa123456",
    "aa12345678",   "abc12345",     "abc123456",  "abcd1234",      "admin123",    "admin1234",
    "admin12345",   "admin888",     "adminadmin", "administrator", "asdf1234",    "asdfasdf",
    "asdfghjk",     "asdfghjkl",    "baseball",   "changeme",      "changeme123", "computer",
    "default123",   "football",     "iloveyou",   "iloveyou1",     "internet",    "letmein1",
    "letmein123",   "login123",     "michelle",   "monkey123",     "p@ssw0rd",    "p@ssword",
    "pa55word",     "passw0rd",     "password",   "password1",     "password12",  "password123",
    "password1234", "princess",     "q1w2e3r4",   "qazwsxedc",     "qq123456",    "qwer1234",
    "qwerasdf",     "qwerty12",     "qwerty123",  "qwertyui",      "qwertyuiop",  "root1234",
    "starwars",     "sunshine",     "superman",   "test1234",      "trustno1",    "wang1234",
    "welcome1",     "welcome123",   "woaini1314", "zxcvbnm123",
};

std::string Lower(std::string_view text) {
  std::string out(text);
  for (char& c : out) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  return out;
}

// aaaaaaaa, abababab: fewer than four different bytes.
bool Repetitive(std::string_view text) {
  std::string seen;
  for (const char c : text) {
    if (seen.find(c) == std::string::npos) seen += c;
  }
  return seen.size() < 4;
}

// 12345678, hgfedcba: each byte one more, or one less, than the one before; 9 wraps to 0.
bool PlainRun(std::string_view text) {
  const auto follows = [](char a, char b) { return b == a + 1 || (a == '9' && b == '0'); };
  bool up = true;
  bool down = true;
  for (size_t i = 1; i < text.size(); ++i) {
    up = up && follows(text[i - 1], text[i]);
    down = down && follows(text[i], text[i - 1]);
  }
  return up || down;
}

Status Weak(const char* why) { return InvalidArgument("PASSWORD_WEAK", why); }

}  // namespace

Status CheckPassword(std::string_view password, std::string_view username) {
  if (CodePoints(password) < kShortestPassword) return Weak("shorter than eight characters");
  const std::string lower = Lower(password);
  if (Repetitive(lower) || PlainRun(lower)) return Weak("a run or a repetition");
  if (std::binary_search(kCommon.begin(), kCommon.end(), std::string_view(lower))) {
    return Weak("among the most common passwords");
  }
  if (!username.empty() && lower.find(Lower(username)) != std::string::npos) {
    return Weak("contains the login name");
  }
  return Done{};
}

}  // namespace zonelink::directory
