// SPDX-License-Identifier: Apache-2.0
// zonelink.events.v1.EventsService: lets other services pull the event logs of this
// process. Salts go to the ledger alone.
#pragma once

#include <map>
#include <string>

#include "platform/core/call.h"
#include "platform/core/result.h"
#include "platform/outbox/event_log.h"
#include "platform/rpc/server.h"
#include "zonelink/events/v1/events.pb.h"

namespace zonelink::outbox {

class EventsService {
 public:
  explicit EventsService(rpc::Server& server);
  // Before the server starts. `source` is the service's name.
  void Add(const std::string& source, EventLog& log);

 private:
  Result<events::v1::PullEventsResponse> PullEvents(const Call& call,
                                                    const events::v1::PullEventsRequest& request);
  Result<events::v1::DestroyEventSaltResponse> DestroyEventSalt(
      const Call& call, const events::v1::DestroyEventSaltRequest& request);
  Result<EventLog*> Find(const std::string& source) const;

  std::map<std::string, EventLog*> logs_;
};

}  // namespace zonelink::outbox
