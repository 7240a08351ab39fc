// SPDX-License-Identifier: Apache-2.0
// Handlers of zonelink.worklist.v1.BoardService.
#pragma once

#include "platform/clocks/calendars.h"
#include "platform/core/call.h"
#include "platform/core/result.h"
#include "platform/db/database.h"
#include "platform/rpc/server.h"
#include "zonelink/worklist/v1/board_service.pb.h"

namespace zonelink::worklist {

class BoardService {
 public:
  BoardService(rpc::Server& server, db::Database& database, clocks::Calendars& calendars);

 private:
  Result<v1::CountInboxResponse> CountInbox(const Call& call, const v1::CountInboxRequest& request);
  Result<v1::Board> GetBoard(const Call& call, const v1::GetBoardRequest& request);

  db::Database& database_;
  clocks::Calendars& calendars_;
};

}  // namespace zonelink::worklist
