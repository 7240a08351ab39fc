// SPDX-License-Identifier: Apache-2.0
#include "platform/rpc/page.h"

#include "platform/crypto/crypto.h"

namespace zonelink::rpc {
namespace {

// Keys are joined by a character that no key may hold.
constexpr char kUnit = '\x1f';

}  // namespace

Pages::Pages(std::string_view deployment_secret)
    : key_(crypto::DeriveKey(deployment_secret, "page-tokens")) {}

std::string Pages::Token(std::string_view query, const std::vector<std::string>& keys) const {
  std::string payload = crypto::Sha256(query);
  for (const std::string& key : keys) {
    payload += key;
    payload += kUnit;
  }
  return crypto::Seal(key_, payload);
}

Result<std::vector<std::string>> Pages::Keys(std::string_view query, std::string_view token,
                                             size_t count) const {
  std::vector<std::string> keys;
  if (token.empty()) return keys;
  const auto refused = [] {
    return InvalidArgument("PAGE_TOKEN_INVALID", "the page token belongs to another list");
  };
  const std::optional<std::string> payload = crypto::Open(key_, token);
  const std::string hash = crypto::Sha256(query);
  if (!payload || payload->compare(0, hash.size(), hash) != 0) return refused();
  size_t from = hash.size();
  for (size_t at = payload->find(kUnit, from); at != std::string::npos;
       at = payload->find(kUnit, from)) {
    keys.push_back(payload->substr(from, at - from));
    from = at + 1;
  }
  if (keys.size() != count) return refused();
  return keys;
}

}  // namespace zonelink::rpc
