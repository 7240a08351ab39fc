// SPDX-License-Identifier: Apache-2.0
// Keyset pages: the token carries the last row's keys, signed, bound to the query it came from.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "platform/core/result.h"

namespace zonelink::rpc {

inline constexpr int kDefaultPageSize = 50;
inline int PageSize(int asked) { return asked == 0 ? kDefaultPageSize : asked; }

class Pages {
 public:
  explicit Pages(std::string_view deployment_secret);
  // `query` names RPC, caller and filters: a token of one list does not open another.
  std::string Token(std::string_view query, const std::vector<std::string>& keys) const;
  // Empty token: no keys (first page). InvalidArgument `PAGE_TOKEN_INVALID`.
  Result<std::vector<std::string>> Keys(std::string_view query, std::string_view token,
                                        size_t count) const;

 private:
  std::string key_;
};

}  // namespace zonelink::rpc
