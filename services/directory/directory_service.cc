// SPDX-License-Identifier: Apache-2.0
#include "directory/directory_service.h"

#include "directory/zone_store.h"

namespace zonelink::directory {

DirectoryService::DirectoryService(db::Database& database, const WallClock& clock, SigningKeys keys,
                                   const Settings& settings, std::string_view secret)
    : database_(database),
      clock_(clock),
      keys_(std::move(keys)),
      settings_(settings),
      pages_(secret),
      hasher_(settings.password_hash_slots),
      fingerprint_key_(crypto::DeriveKey(secret, "directory request fingerprint")) {}

void DirectoryService::Bind(rpc::Server& server) {
  rpc::Binder(server, "zonelink.directory.v1.DirectoryService", this)
      .Unary("CreateSession", &DirectoryService::CreateSession)
      .Unary("RefreshSession", &DirectoryService::RefreshSession)
      .Unary("ListSessions", &DirectoryService::ListSessions)
      .Unary("RevokeSession", &DirectoryService::RevokeSession)
      .Unary("GetMe", &DirectoryService::GetMe)
      .Unary("ChangePassword", &DirectoryService::ChangePassword)
      .Unary("ListKeys", &DirectoryService::ListKeys)
      .Unary("ListRevocations", &DirectoryService::ListRevocations)
      .Unary("ListZones", &DirectoryService::ListZones)
      .Unary("GetWorkingDays", &DirectoryService::GetWorkingDays)
      .Unary("GetClock", &DirectoryService::GetClock)
      .Unary("AdvanceClock", &DirectoryService::AdvanceClock)
      .Unary("CreateOrganization", &DirectoryService::CreateOrganization)
      .Unary("GetOrganization", &DirectoryService::GetOrganization)
      .Unary("ListOrganizations", &DirectoryService::ListOrganizations)
      .Unary("CreateUser", &DirectoryService::CreateUser)
      .Unary("GetUser", &DirectoryService::GetUser)
      .Unary("ListUsers", &DirectoryService::ListUsers)
      .Unary("DisableUser", &DirectoryService::DisableUser)
      .Unary("GrantRole", &DirectoryService::GrantRole)
      .Unary("ListRoleGrants", &DirectoryService::ListRoleGrants)
      .Unary("ConfirmRole", &DirectoryService::ConfirmRole)
      .Unary("RevokeRole", &DirectoryService::RevokeRole);
}

Status DirectoryService::AnnounceZones() {
  return database_.System("directory.announce_zones", [](db::Tx& tx) -> Status {
    zone_store::Announce(tx);
    return Done{};
  });
}

}  // namespace zonelink::directory
