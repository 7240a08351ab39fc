// SPDX-License-Identifier: Apache-2.0
// HTTP request → request message of the RPC; reply message → what goes out.
#pragma once

#include <google/protobuf/message.h>

#include <optional>
#include <string>
#include <string_view>

#include "gateway/http/http_message.h"
#include "gateway/http/routes.h"
#include "platform/core/result.h"

namespace zonelink::gateway {

// Fills `request` from path, query, body and the headers If-Match and Last-Event-ID.
// InvalidArgument as ReadJson, `PATH_INVALID`, `QUERY_INVALID`, `QUERY_UNKNOWN`, `QUERY_REPEATED`,
// `HEADER_INVALID`.
Status BuildRequest(const Match& match, const RequestHead& head, std::string body,
                    google::protobuf::Message& request);

// The reply as JSON with status and ETag, or the bytes of a Raw as they are. Internal for a Raw of
// a media type that the gateway does not send, or shows.
Result<HttpResponse> MakeAnswer(const Route& route, const google::protobuf::Message& reply);

// A message of a stream in the form of server-sent events.
std::string MakeServerSentEvent(const Route& route, const google::protobuf::Message& message);

}  // namespace zonelink::gateway
