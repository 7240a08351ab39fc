// SPDX-License-Identifier: Apache-2.0
// Handlers of zonelink.worklist.v1.WorklistService.
#pragma once

#include <memory>

#include "platform/clocks/calendars.h"
#include "platform/core/call.h"
#include "platform/core/result.h"
#include "platform/db/database.h"
#include "platform/rpc/page.h"
#include "platform/rpc/server.h"
#include "worklist/feed_hub.h"
#include "zonelink/worklist/v1/worklist_service.pb.h"

namespace zonelink::worklist {

class WorklistService {
 public:
  WorklistService(rpc::Server& server, db::Database& database, const rpc::Pages& pages,
                  clocks::Calendars& calendars, FeedHub& hub);

 private:
  Result<v1::ListInboxResponse> ListInbox(const Call& call, const v1::ListInboxRequest& request);
  Status StreamEvents(const Call& call, const v1::StreamEventsRequest& request,
                      std::shared_ptr<rpc::StreamSink> sink);
  Result<int64_t> StartOf(const Call& call, const std::string& last_event_id);

  db::Database& database_;
  const rpc::Pages& pages_;
  clocks::Calendars& calendars_;
  FeedHub& hub_;
};

}  // namespace zonelink::worklist
