// SPDX-License-Identifier: Apache-2.0
#include "platform/outbox/events_service.h"

#include <algorithm>

namespace zonelink::outbox {
namespace {

constexpr int kDefaultLimit = 500;

}  // namespace

EventsService::EventsService(rpc::Server& server) {
  rpc::Binder(server, "zonelink.events.v1.EventsService", this)
      .Unary("PullEvents", &EventsService::PullEvents);
}

void EventsService::Add(const std::string& source, EventLog& log) { logs_[source] = &log; }

Result<events::v1::PullEventsResponse> EventsService::PullEvents(
    const Call& call, const events::v1::PullEventsRequest& request) {
  const auto log = logs_.find(request.source());
  if (log == logs_.end()) return NotFound("SOURCE_UNKNOWN", "no such service in this process");
  const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(
      call.deadline - std::chrono::steady_clock::now());
  const auto wait =
      std::clamp(std::chrono::milliseconds(request.wait_ms()), std::chrono::milliseconds(0),
                 std::max(left - std::chrono::milliseconds(200), std::chrono::milliseconds(0)));
  const int limit = request.limit() == 0 ? kDefaultLimit : request.limit();
  return log->second->Pull(request.after(), limit, wait)
      .transform([](std::vector<events::v1::Event>&& events) {
        events::v1::PullEventsResponse response;
        for (events::v1::Event& event : events) *response.add_events() = std::move(event);
        return response;
      });
}

}  // namespace zonelink::outbox
