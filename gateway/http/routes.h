// SPDX-License-Identifier: Apache-2.0
// The HTTP routes, read from the protos' google.api.http rules; nothing is written down per RPC.
#pragma once

#include <google/protobuf/descriptor.h>

#include <array>
#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "gateway/http/schema.h"
#include "zonelink/options.pb.h"

namespace zonelink::gateway {

inline constexpr size_t kMaxPathVariables = 4;

// One RPC over HTTP, with all that can be known before a request comes.
struct Route {
  const google::protobuf::MethodDescriptor* method = nullptr;
  std::string verb;     // GET or POST
  std::string path;     // as in the proto: /v1/filings/{filing_id}:withdraw, …/tile/{index=**}
  std::string rpc;      // /zonelink.recognition.v1.RecognitionService/WithdrawFiling
  std::string service;  // recognition
  const MessageSchema* input = nullptr;
  const MessageSchema* output = nullptr;
  std::vector<const FieldSchema*> variables;  // in the path's order
  uint64_t variable_bits = 0;                 // of the fields in `variables`
  bool takes_rest = false;  // the last variable, {x=**}, is all that is left of the path
  bool has_body = false;
  const FieldSchema* body_field = nullptr;     // null with has_body: the whole message
  const FieldSchema* etag_in = nullptr;        // filled from If-Match
  const FieldSchema* etag_out = nullptr;       // becomes ETag
  const FieldSchema* last_event_id = nullptr;  // filled from Last-Event-ID
  const FieldSchema* event_id = nullptr;       // of a stream's messages
  const FieldSchema* event_type = nullptr;
  unsigned success_status = 200;
  bool streaming = false;
  bool raw = false;       // answers with the bytes of a zonelink.api.Raw
  bool raw_body = false;  // body_field is a Raw: takes bytes as they are
  // Of what answers with a Raw: asks for the part that follows. The gateway fills it, nobody else.
  const FieldSchema* next_part = nullptr;
  bool tells_rows = false;  // the answer may hold refusals of single rows
  size_t body_bytes = 0;    // largest body where that is more than the server's; 0: the server's
  Access access;
  Idempotency idempotency = IDEMPOTENCY_UNSPECIFIED;
  size_t index = 0;  // among all routes
};

// Is a field given by the query string: neither by path nor body, and plain?
bool IsParameter(const Route& route, const FieldSchema& field);

// What a path leads to. `values` are the raw segments of the path's variables; that of {x=**} is
// one or more segments with the slashes between them.
struct Match {
  const Route* route = nullptr;
  std::array<std::string_view, kMaxPathVariables> values;
  size_t value_count = 0;
  // Methods that the path has, for Allow; empty: the path leads nowhere.
  std::string_view allow;
};

class Routes {
 public:
  // Crashes when two RPCs claim one path or a rule is not of a form that is known here.
  Routes(const std::vector<const google::protobuf::ServiceDescriptor*>& services, Schemas& schemas);

  // HEAD finds the routes of GET.
  Match Find(std::string_view method, std::string_view path) const;
  const std::vector<std::unique_ptr<Route>>& all() const { return routes_; }

 private:
  struct Leaf {
    std::vector<const Route*> routes;  // at most one per method
    std::string allow;
  };
  struct Node {
    std::map<std::string, std::unique_ptr<Node>, std::less<>> literals;
    std::unique_ptr<Node> variable;
    Leaf rest;                                        // of {x=**}; custom verbs end with it
    std::map<std::string, Leaf, std::less<>> leaves;  // by custom verb; empty for none
  };

  void Add(const google::protobuf::MethodDescriptor* method, Schemas& schemas);
  void Insert(const Route& route);
  // Literals win over {x}, and {x} over {x=**}.
  static const Leaf* Walk(const Node& node, std::string_view path, Match& match);
  static const Leaf* WalkSegment(const Node& node, std::string_view rest, Match& match);

  std::vector<std::unique_ptr<Route>> routes_;
  Node root_;
};

// Services whose RPCs the gateway offers.
std::vector<const google::protobuf::ServiceDescriptor*> ApiServices();

}  // namespace zonelink::gateway
