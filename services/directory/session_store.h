// SPDX-License-Identifier: Apache-2.0
// Tables `session` and `refresh_token`. All times are wall time. Refresh tokens are for the relay
// role only; sessions are listed and ended in the caller's context too.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "directory/domain/login.h"
#include "platform/db/database.h"

namespace zonelink::directory::session_store {

// Why sessions end; as stored and in events.
inline constexpr std::string_view kLogout = "LOGOUT";
inline constexpr std::string_view kRevoked = "REVOKED";
inline constexpr std::string_view kRefreshReused = "REFRESH_REUSED";
inline constexpr std::string_view kUserDisabled = "USER_DISABLED";
inline constexpr std::string_view kRolesChanged = "ROLES_CHANGED";

struct Session {
  std::string session_id;
  std::string user_id;
  Time opened_at;
  Time refreshed_at;
  Time expires_at;
};

// Row and event. Waits for a command that holds the account (user_store::GetForUpdate), so that
// what is read of the account afterwards is what holds.
void Insert(db::Tx& tx, const Session& session);
void InsertRefreshToken(db::Tx& tx, const std::string& session_id, const std::string& token,
                        Time expires_at);

// Finds a refresh token and holds it and its session.
std::optional<RefreshToken> RefreshTokenForUpdate(db::Tx& tx, std::string_view token);
// Marks `token` as used and the session as refreshed.
void UseRefreshToken(db::Tx& tx, std::string_view token, const std::string& session_id, Time now,
                     Time expires_at);
// Deletes some of the expired tokens.
void PruneRefreshTokens(db::Tx& tx, Time now);

// Open ones, newest first.
std::vector<Session> OpenOf(db::Tx& tx, std::string_view user_id, Time now);

// Ends one open session of the user: row and event. Nothing where there is none.
std::optional<Session> End(db::Tx& tx, std::string_view user_id, std::string_view session_id,
                           std::string_view ground, Time now);
// Ends all sessions of the user but one (empty: none is kept).
void EndAll(db::Tx& tx, std::string_view user_id, std::string_view but_session_id,
            std::string_view ground, Time now);

// Ids of the sessions that ended at or after `since`.
std::vector<std::string> EndedSince(db::Tx& tx, Time since);

}  // namespace zonelink::directory::session_store
