// SPDX-License-Identifier: Apache-2.0
#include <array>

#include "platform/core/text.h"

namespace zonelink {
namespace {

// GB 32100 leaves out I, O, S, V and Z; a character's place is its value.
constexpr std::string_view kUsccAlphabet = "0123456789ABCDEFGHJKLMNPQRTUWXY";
constexpr std::array<int, 17> kUsccWeights{1,  3,  9,  27, 19, 26, 16, 17, 20,
                                           29, 25, 13, 8,  24, 10, 30, 28};
constexpr std::array<int, 8> kOrganisationWeights{3, 7, 9, 10, 5, 8, 4, 2};
constexpr size_t kRegionAt = 2;
constexpr size_t kOrganisationAt = 8;
constexpr size_t kOrganisationCheckAt = 16;
constexpr size_t kFinalCheckAt = 17;

bool IsDigit(char c) { return c >= '0' && c <= '9'; }

// GB 11714 counts on through the whole alphabet: A is 10, Z is 35.
int OrganisationValue(char c) { return IsDigit(c) ? c - '0' : c - 'A' + 10; }

char OrganisationCheck(std::string_view code) {
  int sum = 0;
  for (size_t i = 0; i < kOrganisationWeights.size(); ++i) {
    sum += OrganisationValue(code[i]) * kOrganisationWeights[i];
  }
  const int check = (11 - sum % 11) % 11;
  return check == 10 ? 'X' : static_cast<char>('0' + check);
}

char FinalCheck(std::string_view code) {
  int sum = 0;
  for (size_t i = 0; i < kUsccWeights.size(); ++i) {
    sum += static_cast<int>(kUsccAlphabet.find(code[i])) * kUsccWeights[i];
  }
  return kUsccAlphabet[static_cast<size_t>((31 - sum % 31) % 31)];
}

}  // namespace

bool ValidUscc(std::string_view code) {
  if (code.size() != 18) return false;
  if (code.find_first_not_of(kUsccAlphabet) != std::string_view::npos) return false;
  // No registering department has code 0, and eighteen zeros would pass both checks.
  if (code[0] == '0') return false;
  for (size_t i = kRegionAt; i < kOrganisationAt; ++i) {
    if (!IsDigit(code[i])) return false;
  }
  const char organisation_check = OrganisationCheck(code.substr(kOrganisationAt));
  return code[kOrganisationCheckAt] == organisation_check &&
         code[kFinalCheckAt] == FinalCheck(code);
}

}  // namespace zonelink
