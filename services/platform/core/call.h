// SPDX-License-Identifier: Apache-2.0
// Who calls and what came with the call. Made once per RPC by platform/rpc from the verified token.
#pragma once

#include <algorithm>
#include <chrono>
#include <string>
#include <string_view>
#include <vector>

#include "platform/core/time.h"

namespace zonelink {

// A verified caller: a user, a Zonelink service, or nobody (public RPCs).
struct Caller {
  std::string user_id;  // empty: nobody signed in, or a service
  std::string session_id;
  std::string username;
  std::string name;
  std::string zone;             // empty: serves no zone
  std::string organization_id;  // empty: belongs to no organisation
  std::string organization_uscc;
  std::string organization_name;
  std::string organization_zone;  // home zone of the organisation
  std::vector<std::string> roles;
  std::string service;  // name of the calling service; empty: not a service

  bool HasRole(std::string_view role) const {
    return std::find(roles.begin(), roles.end(), role) != roles.end();
  }
  bool SignedIn() const { return !user_id.empty(); }
};

struct Call {
  Caller caller;
  // Full name, for example zonelink.recognition.v1.RecognitionService/SubmitFiling.
  std::string rpc;
  std::string request_id;       // in every log line and problem document
  std::string trace_parent;     // W3C traceparent; empty: none
  std::string idempotency_key;  // empty: none
  std::chrono::steady_clock::time_point deadline;
  // DNS names of the process that was refused for what it is; empty otherwise.
  std::string peer;
  Time token_expires{};  // wall time at which the caller's token ends; live streams end with it
};

}  // namespace zonelink
