// SPDX-License-Identifier: Apache-2.0
// The API's description, OpenAPI 3.1, from the same descriptors by which requests are served.
#pragma once

#include <string>
#include <string_view>

#include "gateway/http/comments.h"
#include "gateway/http/json_text.h"
#include "gateway/http/routes.h"

namespace zonelink::gateway {

std::string MakeOpenApi(const Routes& routes, const Comments& comments);

// The schema of one field's value, with its rules.
void AppendFieldSchema(JsonBuilder& json, const FieldSchema& field, const Comments& comments);

// `components.schemas`: what requests and replies are made of. Fields that the path gives are not
// part of a request's body.
void AppendComponents(JsonBuilder& json, const Routes& routes, const Comments& comments);

}  // namespace zonelink::gateway
