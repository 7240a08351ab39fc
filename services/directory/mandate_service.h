// SPDX-License-Identifier: Apache-2.0
// The handlers of zonelink.directory.v1.MandateService: an organisation lets another act for it.
#pragma once

#include <string>
#include <string_view>

#include "directory/domain/account.h"
#include "platform/core/clock.h"
#include "platform/db/database.h"
#include "platform/rpc/page.h"
#include "platform/rpc/server.h"
#include "zonelink/directory/v1/mandate_service.pb.h"

namespace zonelink::directory {

class MandateService {
 public:
  // `secret`: the deployment's.
  MandateService(db::Database& database, const WallClock& clock, std::string_view secret);

  void Bind(rpc::Server& server);

  Result<v1::Mandate> CreateMandate(const Call& call, const v1::CreateMandateRequest& request);
  Result<v1::Mandate> GetMandate(const Call& call, const v1::GetMandateRequest& request);
  Result<v1::ListMandatesResponse> ListMandates(const Call& call,
                                                const v1::ListMandatesRequest& request);
  Result<v1::Mandate> RevokeMandate(const Call& call, const v1::RevokeMandateRequest& request);

 private:
  // Whoever knows a registered code may name its holder as agent, although the organisation itself
  // is for its own people. NotFound `ORGANIZATION_NOT_FOUND`.
  Result<Organization> FindAgent(const std::string& uscc);

  db::Database& database_;
  const WallClock& clock_;
  rpc::Pages pages_;
};

}  // namespace zonelink::directory
