// SPDX-License-Identifier: Apache-2.0
// Paths and query strings as they arrive, RFC 3986.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "platform/core/result.h"

namespace zonelink::gateway {

// Valid UTF-8: shortest forms, no surrogates, at most U+10FFFF.
bool ValidUtf8(std::string_view text);

// Decodes %XX, and `+` to a space where `form`. Nothing on a broken escape or where the bytes are
// not UTF-8.
std::optional<std::string> PercentDecode(std::string_view text, bool form);

// What is not unreserved as %XX.
std::string PercentEncode(std::string_view text);

using QueryParameters = std::vector<std::pair<std::string, std::string>>;

// Parameters in order. InvalidArgument `QUERY_INVALID`.
Result<QueryParameters> ParseQuery(std::string_view query);

}  // namespace zonelink::gateway
