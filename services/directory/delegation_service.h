// SPDX-License-Identifier: Apache-2.0
// The handlers of zonelink.directory.v1.DelegationService: officers name deputies.
#pragma once

#include <string>
#include <string_view>

#include "directory/domain/account.h"
#include "platform/core/clock.h"
#include "platform/db/database.h"
#include "platform/rpc/page.h"
#include "platform/rpc/server.h"
#include "zonelink/directory/v1/delegation_service.pb.h"

namespace zonelink::directory {

class DelegationService {
 public:
  // `secret`: the deployment's.
  DelegationService(db::Database& database, const WallClock& clock, std::string_view secret);

  void Bind(rpc::Server& server);

  Result<v1::Delegation> CreateDelegation(const Call& call,
                                          const v1::CreateDelegationRequest& request);
  Result<v1::ListDelegationsResponse> ListDelegations(const Call& call,
                                                      const v1::ListDelegationsRequest& request);
  Result<v1::Delegation> RevokeDelegation(const Call& call,
                                          const v1::RevokeDelegationRequest& request);

 private:
  // Officers do not see colleagues' accounts; the rule asks what this one is. NotFound
  // `DEPUTY_NOT_FOUND`.
  Result<Account> FindDeputy(const std::string& user_id);

  db::Database& database_;
  const WallClock& clock_;
  rpc::Pages pages_;
};

}  // namespace zonelink::directory
