// SPDX-License-Identifier: Apache-2.0
#include "directory/credential_store.h"

#include "platform/core/text.h"
#include "platform/crypto/crypto.h"

namespace zonelink::directory::credential_store {
namespace {

std::optional<Credentials> FromRows(const db::Rows& rows) {
  if (rows.empty()) return std::nullopt;
  const db::Row row = rows[0];
  return Credentials{
      .claims = {.user_id = row.Text("user_id"),
                 .username = row.Text("username"),
                 .name = row.Text("name"),
                 .zone = row.MaybeText("zone").value_or(""),
                 .organization_id = row.MaybeText("organization_id").value_or(""),
                 .organization_uscc = row.MaybeText("uscc").value_or(""),
                 .organization_name = row.MaybeText("organization_name").value_or(""),
                 .organization_zone = row.MaybeText("organization_zone").value_or(""),
                 .roles = row.Texts("roles")},
      .phc = row.Text("phc"),
      .disabled = row.Bool("disabled")};
}

db::Bytes KeyOf(std::string_view username) { return {crypto::Sha256(Skeleton(username))}; }

LoginFailures FailuresFromRow(const db::Row& row) {
  return {.failures = static_cast<int>(row.Int("failures")),
          .last_at = row.At("last_at"),
          .locked_until = row.MaybeAt("locked_until")};
}

}  // namespace

constexpr db::Sql kFindByName{"credential.find_by_name", R"sql(
  SELECT a.user_id, a.username, a.name, a.zone, a.organization_id,
         o.uscc, o.name_zh AS organization_name, o.zone AS organization_zone,
         ARRAY(SELECT g.role FROM role_grant g WHERE g.user_id = a.user_id AND g.state = 'ACTIVE'
               ORDER BY g.role) AS roles,
         p.phc, a.disabled_at IS NOT NULL AS disabled
  FROM account a JOIN password p ON p.user_id = a.user_id
  LEFT JOIN organization o ON o.organization_id = a.organization_id
  WHERE a.username = $1
)sql"};

std::optional<Credentials> FindByName(db::Tx& tx, std::string_view username) {
  return FromRows(tx.Exec(kFindByName, username));
}

constexpr db::Sql kFindById{"credential.find_by_id", R"sql(
  SELECT a.user_id, a.username, a.name, a.zone, a.organization_id,
         o.uscc, o.name_zh AS organization_name, o.zone AS organization_zone,
         ARRAY(SELECT g.role FROM role_grant g WHERE g.user_id = a.user_id AND g.state = 'ACTIVE'
               ORDER BY g.role) AS roles,
         p.phc, a.disabled_at IS NOT NULL AS disabled
  FROM account a JOIN password p ON p.user_id = a.user_id
  LEFT JOIN organization o ON o.organization_id = a.organization_id
  WHERE a.user_id = $1
)sql"};

std::optional<Credentials> FindById(db::Tx& tx, std::string_view user_id) {
  return FromRows(tx.Exec(kFindById, user_id));
}

constexpr db::Sql kInsertPassword{"password.insert", R"sql(
  INSERT INTO password (user_id, phc, changed_at) VALUES ($1, $2, $3)
)sql"};

void InsertPassword(db::Tx& tx, const std::string& user_id, const std::string& phc) {
  tx.Exec(kInsertPassword, user_id, phc, tx.now());
}

constexpr db::Sql kReplacePassword{"password.replace", R"sql(
  UPDATE password SET phc = $3, changed_at = $4 WHERE user_id = $1 AND phc = $2
)sql"};

bool ReplacePassword(db::Tx& tx, const std::string& user_id, const std::string& old_phc,
                     const std::string& phc) {
  return tx.Exec(kReplacePassword, user_id, old_phc, phc, tx.now()).affected() == 1;
}

constexpr db::Sql kFailures{"login_failure.get", R"sql(
  SELECT failures, last_at, locked_until FROM login_failure WHERE name_hash = $1
)sql"};

LoginFailures FailuresOf(db::Tx& tx, std::string_view username) {
  const db::Rows rows = tx.Exec(kFailures, KeyOf(username));
  return rows.empty() ? LoginFailures{} : FailuresFromRow(rows[0]);
}

// The update changes nothing; it makes the statement hold and return a row that exists.
constexpr db::Sql kFailuresForUpdate{"login_failure.get_for_update", R"sql(
  INSERT INTO login_failure (name_hash, failures, last_at) VALUES ($1, 0, $2)
  ON CONFLICT (name_hash) DO UPDATE SET failures = login_failure.failures
  RETURNING failures, last_at, locked_until
)sql"};

LoginFailures FailuresForUpdate(db::Tx& tx, std::string_view username, Time now) {
  return FailuresFromRow(tx.Exec(kFailuresForUpdate, KeyOf(username), now)[0]);
}

constexpr db::Sql kSaveFailures{"login_failure.save", R"sql(
  UPDATE login_failure SET failures = $2, last_at = $3, locked_until = $4 WHERE name_hash = $1
)sql"};

void SaveFailures(db::Tx& tx, std::string_view username, const LoginFailures& failures) {
  tx.Exec(kSaveFailures, KeyOf(username), failures.failures, failures.last_at,
          failures.locked_until);
}

constexpr db::Sql kForgetFailures{"login_failure.forget", R"sql(
  DELETE FROM login_failure WHERE name_hash = $1
)sql"};

void ForgetFailures(db::Tx& tx, std::string_view username) {
  tx.Exec(kForgetFailures, KeyOf(username));
}

constexpr db::Sql kPruneFailures{"login_failure.prune", R"sql(
  DELETE FROM login_failure WHERE name_hash IN (
    SELECT name_hash FROM login_failure WHERE last_at < $1 LIMIT 20 FOR UPDATE SKIP LOCKED)
)sql"};

void PruneFailures(db::Tx& tx, Time before) { tx.Exec(kPruneFailures, before); }

}  // namespace zonelink::directory::credential_store
