// SPDX-License-Identifier: Apache-2.0
#include "gateway/http/routes.h"

#include <google/api/annotations.pb.h>

#include "gateway/http/row_problems.h"
#include "platform/core/check.h"
#include "zonelink/api/raw.pb.h"
#include "zonelink/directory/v1/calendar_service.pb.h"
#include "zonelink/directory/v1/delegation_service.pb.h"
#include "zonelink/directory/v1/directory_service.pb.h"
#include "zonelink/directory/v1/mandate_service.pb.h"
#include "zonelink/documents/v1/documents_service.pb.h"
#include "zonelink/ledger/v1/ledger_service.pb.h"
#include "zonelink/recognition/v1/catalogue_service.pb.h"
#include "zonelink/recognition/v1/decision_service.pb.h"
#include "zonelink/recognition/v1/grant_service.pb.h"
#include "zonelink/recognition/v1/recognition_service.pb.h"
#include "zonelink/worklist/v1/board_service.pb.h"
#include "zonelink/worklist/v1/worklist_service.pb.h"

namespace zonelink::gateway {
namespace {

using google::protobuf::MethodDescriptor;
using google::protobuf::ServiceDescriptor;

// Splits the first segment off a path without leading slash.
std::string_view TakeSegment(std::string_view& rest) {
  const size_t end = std::min(rest.find('/'), rest.size());
  const std::string_view segment = rest.substr(0, end);
  rest.remove_prefix(std::min(end + 1, rest.size()));
  return segment;
}

// Splits `:verb` off a last segment.
std::string_view TakeVerb(std::string_view& segment) {
  const size_t colon = segment.rfind(':');
  if (colon == std::string_view::npos) return {};
  const std::string_view verb = segment.substr(colon + 1);
  segment = segment.substr(0, colon);
  return verb;
}

bool IsVariable(std::string_view segment) { return !segment.empty() && segment.front() == '{'; }

constexpr std::string_view kRest = "=**}";

bool IsRest(std::string_view segment) {
  return IsVariable(segment) && segment.size() > kRest.size() &&
         segment.substr(segment.size() - kRest.size()) == kRest;
}

// One or more segments, none of them empty.
bool AreSegments(std::string_view rest) {
  return !rest.empty() && rest.front() != '/' && rest.back() != '/' &&
         rest.find("//") == std::string_view::npos;
}

// Second part of the package: zonelink.recognition.v1 → recognition.
std::string ServiceName(const MethodDescriptor* method) {
  const std::string& package = method->file()->package();
  const size_t begin = package.find('.') + 1;
  return package.substr(begin, package.find('.', begin) - begin);
}

const FieldSchema* TextField(const MessageSchema& schema, std::string_view name) {
  const FieldSchema* field = schema.FindProto(name);
  const bool text = field != nullptr && field->kind == Kind::kString && !field->repeated;
  return text ? field : nullptr;
}

void ReadVariables(Route& route) {
  std::string_view rest = std::string_view(route.path).substr(1);
  while (!rest.empty()) {
    std::string_view segment = TakeSegment(rest);
    if (!IsVariable(segment)) continue;
    if (rest.empty()) TakeVerb(segment);
    route.takes_rest = IsRest(segment);
    ZL_CHECK(!route.takes_rest || rest.empty(), "{x=**} is not the end of its path");
    segment.remove_suffix(route.takes_rest ? kRest.size() : 1);
    const FieldSchema* field = route.input->FindProto(segment.substr(1));
    ZL_CHECK(field != nullptr && !field->repeated && field->kind != Kind::kMessage,
             "a path variable names no plain field");
    route.variables.push_back(field);
    route.variable_bits |= uint64_t{1} << field->index;
  }
  ZL_CHECK(route.variables.size() <= kMaxPathVariables, "too many variables in a path");
}

void ReadRule(const google::api::HttpRule& rule, Route& route) {
  ZL_CHECK(rule.additional_bindings_size() == 0, "one path per RPC");
  if (rule.has_get()) {
    route.verb = "GET";
    route.path = rule.get();
  } else {
    ZL_CHECK(rule.has_post(), "an RPC over HTTP is a GET or a POST");
    route.verb = "POST";
    route.path = rule.post();
  }
  ReadVariables(route);
  route.has_body = !rule.body().empty();
  if (!route.has_body || rule.body() == "*") return;
  route.body_field = route.input->FindProto(rule.body());
  ZL_CHECK(route.body_field != nullptr && route.body_field->kind == Kind::kMessage,
           "the body is no message of the request");
  route.raw_body = route.body_field->message->descriptor == api::Raw::descriptor();
}

void ReadOptions(Route& route) {
  const auto& options = route.method->options();
  route.access = options.GetExtension(zonelink::access);
  route.idempotency = options.GetExtension(zonelink::idempotency);
  const unsigned status = options.GetExtension(zonelink::success_status);
  if (status != 0) route.success_status = status;
  route.streaming = route.method->server_streaming();
  route.raw = route.output->descriptor == api::Raw::descriptor();
  route.tells_rows = HoldsRowProblems(*route.output);
  route.body_bytes = options.GetExtension(zonelink::body_bytes);
  ZL_CHECK(!(route.raw && route.streaming), "a stream of bytes has no form over HTTP");
}

void FindWellKnownFields(Route& route) {
  route.etag_in = TextField(*route.input, "etag");
  route.last_event_id = TextField(*route.input, "last_event_id");
  route.etag_out = TextField(*route.output, "etag");
  if (route.raw) route.next_part = TextField(*route.input, "page_token");
  if (!route.streaming) return;
  route.event_id = TextField(*route.output, "id");
  route.event_type = TextField(*route.output, "type");
}

}  // namespace

bool IsParameter(const Route& route, const FieldSchema& field) {
  if (field.repeated || field.kind == Kind::kMessage || field.kind == Kind::kStruct) return false;
  if (((route.variable_bits >> field.index) & 1) != 0 || &field == route.next_part) return false;
  return !route.has_body || (route.body_field != nullptr && route.body_field != &field);
}

Routes::Routes(const std::vector<const ServiceDescriptor*>& services, Schemas& schemas) {
  for (const ServiceDescriptor* service : services) {
    for (int i = 0; i < service->method_count(); ++i) Add(service->method(i), schemas);
  }
}

void Routes::Add(const MethodDescriptor* method, Schemas& schemas) {
  if (!method->options().HasExtension(google::api::http)) return;
  auto route = std::make_unique<Route>();
  route->method = method;
  route->index = routes_.size();
  route->rpc = "/" + method->service()->full_name() + "/" + method->name();
  route->service = ServiceName(method);
  route->input = &schemas.Of(method->input_type());
  route->output = &schemas.Of(method->output_type());
  ReadRule(method->options().GetExtension(google::api::http), *route);
  ReadOptions(*route);
  FindWellKnownFields(*route);
  Insert(*route);
  routes_.push_back(std::move(route));
}

void Routes::Insert(const Route& route) {
  Node* node = &root_;
  std::string_view rest = std::string_view(route.path).substr(1);
  std::string_view verb;
  while (!rest.empty()) {
    std::string_view segment = TakeSegment(rest);
    if (IsRest(segment)) break;
    if (rest.empty()) verb = TakeVerb(segment);
    auto& child = IsVariable(segment) ? node->variable : node->literals[std::string(segment)];
    if (!child) child = std::make_unique<Node>();
    node = child.get();
  }
  Leaf& leaf = route.takes_rest ? node->rest : node->leaves[std::string(verb)];
  for (const Route* other : leaf.routes) {
    ZL_CHECK(other->verb != route.verb, "two RPCs claim one path");
  }
  leaf.routes.push_back(&route);
  leaf.allow += leaf.allow.empty() ? "" : ", ";
  leaf.allow += route.verb == "GET" ? "GET, HEAD" : route.verb;
}

const Routes::Leaf* Routes::Walk(const Node& node, std::string_view path, Match& match) {
  if (const Leaf* leaf = WalkSegment(node, path, match)) return leaf;
  if (node.rest.routes.empty() || !AreSegments(path)) return nullptr;
  match.values[match.value_count++] = path;
  return &node.rest;
}

const Routes::Leaf* Routes::WalkSegment(const Node& node, std::string_view rest, Match& match) {
  std::string_view segment = TakeSegment(rest);
  if (segment.empty()) return nullptr;
  // `rest` is empty after a last segment and after a slash that ends the path.
  const bool last = rest.empty();
  if (last && segment.back() == ':') return nullptr;
  const std::string_view verb = last ? TakeVerb(segment) : std::string_view();
  const auto descend = [&](const Node& child) -> const Leaf* {
    if (!last) return Walk(child, rest, match);
    const auto leaf = child.leaves.find(verb);
    return leaf == child.leaves.end() ? nullptr : &leaf->second;
  };
  const auto literal = node.literals.find(segment);
  if (literal != node.literals.end()) {
    if (const Leaf* leaf = descend(*literal->second)) return leaf;
  }
  if (!node.variable || segment.empty()) return nullptr;
  match.values[match.value_count++] = segment;
  if (const Leaf* leaf = descend(*node.variable)) return leaf;
  --match.value_count;
  return nullptr;
}

Match Routes::Find(std::string_view method, std::string_view path) const {
  Match match;
  if (path.size() < 2 || path.front() != '/' || path.back() == '/') return match;
  const Leaf* leaf = Walk(root_, path.substr(1), match);
  if (leaf == nullptr) return match;
  match.allow = leaf->allow;
  const std::string_view wanted = method == "HEAD" ? "GET" : method;
  for (const Route* route : leaf->routes) {
    if (route->verb == wanted) match.route = route;
  }
  return match;
}

std::vector<const ServiceDescriptor*> ApiServices() {
  return {directory::v1::GetMeRequest::descriptor()->file()->service(0),
          directory::v1::PublishCalendarRequest::descriptor()->file()->service(0),
          directory::v1::CreateDelegationRequest::descriptor()->file()->service(0),
          directory::v1::CreateMandateRequest::descriptor()->file()->service(0),
          recognition::v1::GetItemRequest::descriptor()->file()->service(0),
          recognition::v1::ReviseItemRequest::descriptor()->file()->service(0),
          recognition::v1::ListRefusalReasonsRequest::descriptor()->file()->service(0),
          recognition::v1::DeliverDecisionRequest::descriptor()->file()->service(0),
          worklist::v1::ListInboxRequest::descriptor()->file()->service(0),
          worklist::v1::GetBoardRequest::descriptor()->file()->service(0),
          ledger::v1::GetLedgerRequest::descriptor()->file()->service(0),
          documents::v1::GetUploadRequest::descriptor()->file()->service(0)};
}

}  // namespace zonelink::gateway
