// SPDX-License-Identifier: Apache-2.0
#include "platform/outbox/events_service.h"

#include <algorithm>

namespace zonelink::outbox {
namespace {

constexpr int kDefaultLimit = 500;

}  // namespace

EventsService::EventsService(rpc::Server& server) {
  rpc::Binder(server, "zonelink.events.v1.EventsService", this)
      .Unary("PullEvents", &EventsService::PullEvents)
      .Unary("DestroyEventSalt", &EventsService::DestroyEventSalt);
}

void EventsService::Add(const std::string& source, EventLog& log) { logs_[source] = &log; }

Result<EventLog*> EventsService::Find(const std::string& source) const {
  const auto log = logs_.find(source);
  if (log == logs_.end()) return NotFound("SOURCE_UNKNOWN", "no such service in this process");
  return log->second;
}

Result<events::v1::PullEventsResponse> EventsService::PullEvents(
    const Call& call, const events::v1::PullEventsRequest& request) {
  const Result<EventLog*> log = Find(request.source());
  if (!log) return log.error();
  const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(
      call.deadline - std::chrono::steady_clock::now());
  const auto wait =
      std::clamp(std::chrono::milliseconds(request.wait_ms()), std::chrono::milliseconds(0),
                 std::max(left - std::chrono::milliseconds(200), std::chrono::milliseconds(0)));
  const int limit = request.limit() == 0 ? kDefaultLimit : request.limit();
  const bool salted = call.caller.service == "ledger";
  Result<std::vector<events::v1::Event>> events = (*log)->Pull(request.after(), limit, wait);
  if (!events) return std::move(events).error();
  events::v1::PullEventsResponse response;
  response.mutable_events()->Reserve(static_cast<int>(events->size()));
  for (events::v1::Event& event : *events) {
    if (!salted) event.clear_salt();
    *response.add_events() = std::move(event);
  }
  if (!events->empty()) return response;
  const Result<int64_t> last = (*log)->LastNumber();
  if (!last) return last.error();
  response.set_last(*last);
  return response;
}

Result<events::v1::DestroyEventSaltResponse> EventsService::DestroyEventSalt(
    const Call&, const events::v1::DestroyEventSaltRequest& request) {
  const Result<EventLog*> log = Find(request.source());
  if (!log) return log.error();
  if (const Status gone = (*log)->DestroySalt(request.event_id()); !gone) return gone.error();
  return events::v1::DestroyEventSaltResponse{};
}

}  // namespace zonelink::outbox
