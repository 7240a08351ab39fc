// SPDX-License-Identifier: Apache-2.0
#include "gateway/http/admin.h"

#include "gateway/http/json_text.h"
#include "gateway/http/problem.h"

namespace zonelink::gateway {
namespace {

HttpResponse Text(unsigned status, std::string body) {
  HttpResponse response;
  response.status = status;
  response.content_type = "text/plain; charset=utf-8";
  response.body = std::move(body);
  return response;
}

HttpResponse State(unsigned status, std::string_view state, std::string_view reason,
                   std::string_view message) {
  HttpResponse response;
  response.status = status;
  response.content_type = "application/json";
  JsonBuilder json(response.body);
  json.Object().Field("status", state);
  if (!reason.empty()) json.Field("reason", reason).Field("message", message);
  json.EndObject();
  return response;
}

}  // namespace

Opened Admin::Open(const RequestHead& head) { return {Answer(head), nullptr}; }

HttpResponse Admin::Answer(const RequestHead& head) {
  if (head.method != "GET" && head.method != "HEAD") {
    HttpResponse response = Text(405, "only GET and HEAD\n");
    AppendHeader(response, "Allow", "GET, HEAD");
    return response;
  }
  if (head.path == "/healthz") return State(200, "ok", {}, {});
  if (head.path == "/readyz") {
    const Status ready = ready_();
    if (ready) return State(200, "ready", {}, {});
    return State(503, "waiting", ready.error().reason, ready.error().message);
  }
  if (head.path == "/metrics") {
    HttpResponse response = Text(200, metrics_.Text());
    response.content_type = "text/plain; version=0.0.4; charset=utf-8";
    return response;
  }
  return Text(404, "/healthz, /readyz or /metrics\n");
}

HttpResponse Admin::Refuse(const RequestHead&, const Error& error) {
  return Text(HttpStatus(error), error.reason + "\n");
}

}  // namespace zonelink::gateway
