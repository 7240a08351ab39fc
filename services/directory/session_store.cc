// SPDX-License-Identifier: Apache-2.0
#include "directory/session_store.h"

#include "directory/events.h"
#include "platform/crypto/crypto.h"

namespace zonelink::directory::session_store {
namespace {

db::Bytes HashOf(std::string_view token) { return {crypto::Sha256(token)}; }

Session FromRow(const db::Row& row) {
  return {.session_id = row.Text("session_id"),
          .user_id = row.Text("user_id"),
          .opened_at = row.At("opened_at"),
          .refreshed_at = row.At("refreshed_at"),
          .expires_at = row.At("expires_at")};
}

}  // namespace

constexpr db::Sql kInsert{"session.insert", R"sql(
  INSERT INTO session (session_id, user_id, opened_at, refreshed_at, expires_at)
  VALUES ($1, $2, $3, $4, $5)
)sql"};

void Insert(db::Tx& tx, const Session& session) {
  // The foreign key takes a lock on the account that excludes FOR UPDATE.
  tx.Exec(kInsert, session.session_id, session.user_id, session.opened_at, session.refreshed_at,
          session.expires_at);
  AppendSessionOpened(tx, session.session_id, session.user_id);
}

constexpr db::Sql kInsertRefreshToken{"refresh_token.insert", R"sql(
  INSERT INTO refresh_token (token_hash, session_id, expires_at) VALUES ($1, $2, $3)
)sql"};

void InsertRefreshToken(db::Tx& tx, const std::string& session_id, const std::string& token,
                        Time expires_at) {
  tx.Exec(kInsertRefreshToken, HashOf(token), session_id, expires_at);
}

constexpr db::Sql kRefreshTokenForUpdate{"refresh_token.get_for_update", R"sql(
  SELECT t.session_id, s.user_id, t.expires_at, t.used, s.revoked_at IS NOT NULL AS ended
  FROM refresh_token t JOIN session s ON s.session_id = t.session_id
  WHERE t.token_hash = $1 FOR UPDATE OF t, s
)sql"};

std::optional<RefreshToken> RefreshTokenForUpdate(db::Tx& tx, std::string_view token) {
  const db::Rows rows = tx.Exec(kRefreshTokenForUpdate, HashOf(token));
  if (rows.empty()) return std::nullopt;
  return RefreshToken{.session_id = rows[0].Text("session_id"),
                      .user_id = rows[0].Text("user_id"),
                      .expires_at = rows[0].At("expires_at"),
                      .used = rows[0].Bool("used"),
                      .session_ended = rows[0].Bool("ended")};
}

constexpr db::Sql kUseRefreshToken{"refresh_token.use", R"sql(
  WITH used AS (UPDATE refresh_token SET used = true WHERE token_hash = $1)
  UPDATE session SET refreshed_at = $3, expires_at = $4 WHERE session_id = $2
)sql"};

void UseRefreshToken(db::Tx& tx, std::string_view token, const std::string& session_id, Time now,
                     Time expires_at) {
  tx.Exec(kUseRefreshToken, HashOf(token), session_id, now, expires_at);
}

constexpr db::Sql kPruneRefreshTokens{"refresh_token.prune", R"sql(
  DELETE FROM refresh_token WHERE token_hash IN (
    SELECT token_hash FROM refresh_token WHERE expires_at < $1 LIMIT 20 FOR UPDATE SKIP LOCKED)
)sql"};

void PruneRefreshTokens(db::Tx& tx, Time now) { tx.Exec(kPruneRefreshTokens, now); }

constexpr db::Sql kOpenOf{"session.open_of", R"sql(
  SELECT session_id, user_id, opened_at, refreshed_at, expires_at FROM session
  WHERE user_id = $1 AND revoked_at IS NULL AND expires_at > $2
  ORDER BY opened_at DESC, session_id DESC LIMIT 200
)sql"};

std::vector<Session> OpenOf(db::Tx& tx, std::string_view user_id, Time now) {
  const db::Rows rows = tx.Exec(kOpenOf, user_id, now);
  std::vector<Session> sessions;
  for (size_t i = 0; i < rows.size(); ++i) sessions.push_back(FromRow(rows[i]));
  return sessions;
}

constexpr db::Sql kEnd{"session.end", R"sql(
  UPDATE session SET revoked_at = $4, ground = $3, version = version + 1
  WHERE user_id = $1 AND session_id = $2 AND revoked_at IS NULL AND expires_at > $4
  RETURNING session_id, user_id, opened_at, refreshed_at, expires_at, version
)sql"};

std::optional<Session> End(db::Tx& tx, std::string_view user_id, std::string_view session_id,
                           std::string_view ground, Time now) {
  const db::Rows rows = tx.Exec(kEnd, user_id, session_id, ground, now);
  if (rows.empty()) return std::nullopt;
  Session session = FromRow(rows[0]);
  AppendSessionRevoked(tx, session.session_id, session.user_id, rows[0].Int("version"), ground);
  return session;
}

constexpr db::Sql kEndAll{"session.end_all", R"sql(
  UPDATE session SET revoked_at = $4, ground = $3, version = version + 1
  WHERE user_id = $1 AND session_id <> $2 AND revoked_at IS NULL AND expires_at > $4
  RETURNING session_id, user_id, version
)sql"};

void EndAll(db::Tx& tx, std::string_view user_id, std::string_view but_session_id,
            std::string_view ground, Time now) {
  const db::Rows rows = tx.Exec(kEndAll, user_id, but_session_id, ground, now);
  for (size_t i = 0; i < rows.size(); ++i) {
    AppendSessionRevoked(tx, rows[i].Text("session_id"), rows[i].Text("user_id"),
                         rows[i].Int("version"), ground);
  }
}

constexpr db::Sql kEndedSince{"session.ended_since", R"sql(
  SELECT session_id FROM session WHERE revoked_at >= $1 ORDER BY session_id
)sql"};

std::vector<std::string> EndedSince(db::Tx& tx, Time since) {
  const db::Rows rows = tx.Exec(kEndedSince, since);
  std::vector<std::string> ids;
  for (size_t i = 0; i < rows.size(); ++i) ids.push_back(rows[i].Text("session_id"));
  return ids;
}

}  // namespace zonelink::directory::session_store
