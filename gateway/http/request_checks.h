// SPDX-License-Identifier: Apache-2.0
// What of a request's head is refused before its body is read.
#pragma once

#include <string>
#include <string_view>

#include "gateway/http/http_message.h"
#include "gateway/http/routes.h"
#include "platform/core/result.h"

namespace zonelink::gateway {

// The bearer token; empty: none was sent. Unauthenticated `TOKEN_INVALID`.
Result<std::string_view> BearerToken(const RequestHead& head);

// Empty: none was sent. InvalidArgument `IDEMPOTENCY_KEY_INVALID`.
Result<std::string_view> IdempotencyKey(const RequestHead& head);

// A header that must stand alone occurs twice (`HEADER_INVALID`), a body comes where none belongs
// (`BODY_UNEXPECTED`), or is not JSON where JSON is asked for (`MEDIA_TYPE_UNSUPPORTED`).
Status CheckHead(const Route& route, const RequestHead& head);

// The client's X-Request-Id where it is clean, else `otherwise`.
std::string RequestId(const RequestHead& head, std::string otherwise);

// The client's W3C traceparent where it is well formed, else a new one with the given trace id.
std::string TraceParent(const RequestHead& head, std::string_view trace_id,
                        std::string_view span_id);

}  // namespace zonelink::gateway
