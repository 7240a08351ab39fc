// SPDX-License-Identifier: Apache-2.0
// Bad input for a command, made from its request's descriptor and one good call.
#pragma once

#include <google/protobuf/descriptor.h>

#include <string>
#include <vector>

#include "tests/integration/cast.h"
#include "tests/support/json_tree.h"

namespace zonelink::test {

// A good call of a command.
struct GoodCall {
  const google::protobuf::MethodDescriptor* method = nullptr;
  Target target;
  std::string caller;  // name in the cast
};

// One class of bad input and the refusal it must meet.
struct BadInput {
  std::string name;
  client::HttpRequest request;
  int status = 400;
  std::string reason;
  std::string field = {};             // path of the violation; empty: not checked
  std::string violation_reason = {};  // where it is not `reason`
};

// What holds for every command: body, headers, path, query.
std::vector<BadInput> BadRequests(const GoodCall& good);
// What the fields' types and rules forbid.
std::vector<BadInput> BadFields(const GoodCall& good);

// The request as a good client sends it, with another body.
client::HttpRequest RequestOf(const GoodCall& good, std::string body);

}  // namespace zonelink::test
