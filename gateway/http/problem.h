// SPDX-License-Identifier: Apache-2.0
// Refusals as problem documents, RFC 9457.
#pragma once

#include <string>
#include <string_view>

#include "gateway/http/http_message.h"
#include "gateway/http/texts.h"
#include "platform/core/error.h"

namespace zonelink::gateway {

inline constexpr std::string_view kProblemType = "application/problem+json";

// HTTP status of a refusal.
unsigned HttpStatus(const Error& error);

// Seconds after which to try again; empty: the refusal does not say.
std::string RetryAfter(const Error& error);

// `path` is the request's, without its query: queries may hold personal data. What went wrong
// inside the deployment is not shown. A conflict says in `current` how the thing stands, where its
// service has told.
HttpResponse MakeProblem(const Texts& texts, const Error& error, Language language,
                         std::string_view path, std::string_view request_id);

}  // namespace zonelink::gateway
