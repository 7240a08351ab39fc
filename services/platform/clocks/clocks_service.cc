// SPDX-License-Identifier: Apache-2.0
#include "platform/clocks/clocks_service.h"

namespace zonelink::clocks {
namespace {

// For the way back.
constexpr std::chrono::milliseconds kSpare{200};

}  // namespace

ClocksService::ClocksService(rpc::Server& server) {
  rpc::Binder(server, "zonelink.clocks.v1.ClocksService", this)
      .Unary("FireDue", &ClocksService::FireDue);
}

void ClocksService::Add(const std::string& service, Timer& timer) { timers_[service] = &timer; }

Result<v1::FireDueResponse> ClocksService::FireDue(const Call& call,
                                                   const v1::FireDueRequest& request) {
  const auto timer = timers_.find(request.service());
  if (timer == timers_.end()) return NotFound("SOURCE_UNKNOWN", "no such service in this process");
  const Result<int64_t> fired = timer->second->FireDue(call.deadline - kSpare);
  if (!fired) return fired.error();
  v1::FireDueResponse response;
  response.set_fired(*fired);
  return response;
}

}  // namespace zonelink::clocks
