// SPDX-License-Identifier: Apache-2.0
#include "ledger/domain/entry.h"

#include <fmt/format.h>

#include <algorithm>
#include <optional>

#include "platform/core/check.h"
#include "platform/crypto/crypto.h"

namespace zonelink::ledger {
namespace {

bool IsLowerHex(char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'); }

bool IsUuid(std::string_view text) {
  constexpr std::string_view kForm = "xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx";
  return std::equal(text.begin(), text.end(), kForm.begin(), kForm.end(),
                    [](char c, char form) { return form == 'x' ? IsLowerHex(c) : c == form; });
}

// Needs no escape in JSON.
bool IsType(std::string_view text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), [](char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '.' ||
           c == '_' || c == '-';
  });
}

std::optional<Hash> FromLowerHex(std::string_view text) {
  Hash hash;
  if (text.size() != 2 * hash.bytes.size()) return std::nullopt;
  if (!std::all_of(text.begin(), text.end(), IsLowerHex)) return std::nullopt;
  const auto digit = [](char c) { return c <= '9' ? c - '0' : c - 'a' + 10; };
  for (size_t i = 0; i < hash.bytes.size(); ++i) {
    hash.bytes[i] = static_cast<char>(digit(text[2 * i]) * 16 + digit(text[2 * i + 1]));
  }
  return hash;
}

// The text between `before` and the next quotation mark; moves `rest` to that mark.
std::string_view TakeString(std::string_view& rest, std::string_view before) {
  if (!rest.starts_with(before)) return {};
  rest.remove_prefix(before.size());
  const std::string_view text = rest.substr(0, rest.find('"'));
  rest.remove_prefix(text.size());
  return text;
}

}  // namespace

bool Entry::Valid() const { return IsUuid(event_id) && IsType(type); }

std::string Entry::Format() const {
  ZL_CHECK(Valid(), "an entry's id and type need no escape in JSON");
  return fmt::format(R"({{"at":"{}","c":"{}","id":"{}","type":"{}","v":1}})", FormatTime(at),
                     crypto::HexEncode(commitment.view()), event_id, type);
}

Result<Entry> Entry::Parse(std::string_view text) {
  std::string_view rest = text;
  const auto at = ParseTime(TakeString(rest, R"({"at":")"));
  const auto commitment = FromLowerHex(TakeString(rest, R"(","c":")"));
  const std::string_view id = TakeString(rest, R"(","id":")");
  const std::string_view type = TakeString(rest, R"(","type":")");
  if (at && commitment && IsUuid(id) && IsType(type)) {
    Entry entry{.event_id = std::string(id),
                .type = std::string(type),
                .at = *at,
                .commitment = *commitment};
    if (entry.Format() == text) return entry;
  }
  return InvalidArgument("ENTRY_INVALID", "not the canonical JSON of an entry");
}

Hash Commit(std::string_view salt, std::string_view event) {
  ZL_CHECK(salt.size() == kSaltBytes, "a salt has 32 bytes");
  return {crypto::Sha256Of(salt, event)};
}

}  // namespace zonelink::ledger
