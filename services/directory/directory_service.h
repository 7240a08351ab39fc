// SPDX-License-Identifier: Apache-2.0
// The handlers of zonelink.directory.v1.DirectoryService. By subject: session_service.cc (logins),
// user_service.cc, role_service.cc, organization_service.cc, calendar_service.cc (zones, working
// days, clock).
#pragma once

#include <chrono>
#include <functional>
#include <optional>
#include <string>

#include "directory/credential_store.h"
#include "directory/domain/account.h"
#include "directory/published_calendars.h"
#include "platform/core/clock.h"
#include "platform/crypto/crypto.h"
#include "platform/db/database.h"
#include "platform/rpc/page.h"
#include "platform/rpc/server.h"
#include "zonelink/directory/v1/directory_service.pb.h"

namespace zonelink::directory {

namespace pb = ::zonelink::directory::v1;

struct Settings {
  std::chrono::seconds access_life{600};     // of access tokens
  std::chrono::seconds refresh_life{43200};  // of refresh tokens; at least access_life
  bool controllable_clock = false;
  unsigned password_hash_slots = 2;
};

// Keys that sign access tokens. Both are published.
struct SigningKeys {
  crypto::Ed25519Key current;
  std::optional<crypto::Ed25519Key> next;
};

class DirectoryService {
 public:
  // `secret`: the deployment's.
  DirectoryService(db::Database& database, const WallClock& clock, SigningKeys keys,
                   const Settings& settings, std::string_view secret);

  void Bind(rpc::Server& server);
  // Before the server starts. Called after each move of the deployment's clock is committed, and
  // when it is repeated, before the answer: waits until nothing is due any more.
  void OnClockMoved(std::function<Status(const Call&)> settle) { settle_ = std::move(settle); }
  // Appends zone.opened for zones that have none yet.
  Status AnnounceZones();

  Result<pb::Session> CreateSession(const Call& call, const pb::CreateSessionRequest& request);
  Result<pb::Session> RefreshSession(const Call& call, const pb::RefreshSessionRequest& request);
  Result<pb::ListSessionsResponse> ListSessions(const Call& call,
                                                const pb::ListSessionsRequest& request);
  Result<pb::SessionInfo> RevokeSession(const Call& call, const pb::RevokeSessionRequest& request);
  Result<pb::Me> GetMe(const Call& call, const pb::GetMeRequest& request);
  Result<pb::Me> ChangePassword(const Call& call, const pb::ChangePasswordRequest& request);
  Result<pb::ListKeysResponse> ListKeys(const Call& call, const pb::ListKeysRequest& request);
  Result<pb::ListRevocationsResponse> ListRevocations(const Call& call,
                                                      const pb::ListRevocationsRequest& request);

  Result<pb::ListZonesResponse> ListZones(const Call& call, const pb::ListZonesRequest& request);
  Result<pb::WorkingDays> GetWorkingDays(const Call& call,
                                         const pb::GetWorkingDaysRequest& request);
  Result<pb::DeploymentClock> GetClock(const Call& call, const pb::GetClockRequest& request);
  Result<pb::DeploymentClock> AdvanceClock(const Call& call,
                                           const pb::AdvanceClockRequest& request);

  Result<pb::Organization> CreateOrganization(const Call& call,
                                              const pb::CreateOrganizationRequest& request);
  Result<pb::Organization> GetOrganization(const Call& call,
                                           const pb::GetOrganizationRequest& request);
  Result<pb::ListOrganizationsResponse> ListOrganizations(
      const Call& call, const pb::ListOrganizationsRequest& request);

  Result<pb::User> CreateUser(const Call& call, const pb::CreateUserRequest& request);
  Result<pb::User> GetUser(const Call& call, const pb::GetUserRequest& request);
  Result<pb::ListUsersResponse> ListUsers(const Call& call, const pb::ListUsersRequest& request);
  Result<pb::User> DisableUser(const Call& call, const pb::DisableUserRequest& request);

  Result<pb::RoleGrant> GrantRole(const Call& call, const pb::GrantRoleRequest& request);
  Result<pb::ListRoleGrantsResponse> ListRoleGrants(const Call& call,
                                                    const pb::ListRoleGrantsRequest& request);
  Result<pb::RoleGrant> ConfirmRole(const Call& call, const pb::ConfirmRoleRequest& request);
  Result<pb::RoleGrant> RevokeRole(const Call& call, const pb::RevokeRoleRequest& request);

 private:
  // What a login or refresh gives.
  struct Tokens {
    Caller claims;
    std::string refresh_token;
  };

  // Nothing for an unknown name. ResourceExhausted `LOGIN_LOCKED`.
  Result<std::optional<credential_store::Credentials>> FindCredentials(const std::string& username);
  // Costs the same whether or not the account exists.
  bool PasswordMatches(const std::optional<credential_store::Credentials>& found,
                       const std::string& password);
  // Counts a wrong password under the name. Returns `refusal`, or `LOGIN_LOCKED` where the name is
  // locked by now.
  Error NoteFailure(const std::string& username, Error refusal);
  Result<Tokens> OpenSession(const credential_store::Credentials& verified);
  Result<Tokens> Rotate(const std::string& refresh_token);
  // Signs the access token.
  pb::Session Issue(const Tokens& tokens) const;

  db::Database& database_;
  const WallClock& clock_;
  SigningKeys keys_;
  Settings settings_;
  std::function<Status(const Call&)> settle_;
  rpc::Pages pages_;
  PublishedCalendars calendars_;
  crypto::PasswordHasher hasher_;
  std::string fingerprint_key_;  // under which passwords enter the hash of a request
};

}  // namespace zonelink::directory
