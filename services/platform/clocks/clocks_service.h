// SPDX-License-Identifier: Apache-2.0
// zonelink.clocks.v1.ClocksService: lets the directory fire what is due when it moves the
// deployment's clock. One per process, for the timers of all its services.
#pragma once

#include <map>
#include <string>

#include "platform/clocks/timer.h"
#include "platform/core/call.h"
#include "platform/core/result.h"
#include "platform/rpc/server.h"
#include "zonelink/clocks/v1/clocks_service.pb.h"

namespace zonelink::clocks {

class ClocksService {
 public:
  explicit ClocksService(rpc::Server& server);
  // Before the server starts. `service` is the service's name.
  void Add(const std::string& service, Timer& timer);

 private:
  Result<v1::FireDueResponse> FireDue(const Call& call, const v1::FireDueRequest& request);

  std::map<std::string, Timer*> timers_;
};

}  // namespace zonelink::clocks
