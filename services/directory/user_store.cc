// SPDX-License-Identifier: Apache-2.0
#include "directory/user_store.h"

#include "directory/events.h"
#include "platform/core/check.h"
#include "platform/core/text.h"

namespace zonelink::directory::user_store {
namespace {

// A column that is NULL where the account belongs to none.
db::Param OrNull(const std::string& text) {
  if (text.empty()) return std::nullopt;
  return text;
}

Account FromRow(const db::Row& row) {
  Account account{.user_id = row.Text("user_id"),
                  .username = row.Text("username"),
                  .name = row.Text("name"),
                  .zone = row.MaybeText("zone").value_or(""),
                  .department = row.MaybeText("department").value_or(""),
                  .organization_id = row.MaybeText("organization_id").value_or(""),
                  .disabled = row.Bool("disabled"),
                  .created_at = row.At("created_at"),
                  .version = row.Int("version")};
  for (const std::string& name : row.Texts("roles")) {
    const std::optional<Role> role = ParseRole(name);
    ZL_CHECK(role.has_value(), "a stored role outside the catalogue");
    account.roles.push_back(*role);
  }
  return account;
}

}  // namespace

constexpr db::Sql kInsert{"account.insert", R"sql(
  INSERT INTO account (user_id, username, skeleton, name, zone, department, organization_id, duty,
                       created_by, created_at)
  VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
)sql"};

void Insert(db::Tx& tx, const Account& account, Duty duty, const std::string& created_by) {
  tx.Exec(kInsert, account.user_id, account.username, Skeleton(account.username), account.name,
          OrNull(account.zone), OrNull(account.department), OrNull(account.organization_id),
          Name(duty), created_by, account.created_at);
  AppendUserCreated(tx, account, created_by);
}

constexpr db::Sql kHoldOff{"account.hold_off", R"sql(
  SELECT pg_advisory_xact_lock(hashtextextended('directory.account.empty', 0))
)sql"};
constexpr db::Sql kAny{"account.any", "SELECT 1 AS one FROM account LIMIT 1"};

bool HoldEmpty(db::Tx& tx) {
  tx.Exec(kHoldOff);
  return tx.Exec(kAny).empty();
}

constexpr db::Sql kGet{"account.get", R"sql(
  SELECT a.user_id, a.username, a.name, a.zone, a.department, a.organization_id,
         a.disabled_at IS NOT NULL AS disabled, a.created_at, a.version,
         ARRAY(SELECT g.role FROM role_grant g WHERE g.user_id = a.user_id AND g.state = 'ACTIVE'
               ORDER BY g.role) AS roles
  FROM account a WHERE a.user_id = $1
)sql"};

Result<Account> Get(db::Tx& tx, std::string_view user_id) {
  const db::Rows rows = tx.Exec(kGet, user_id);
  if (rows.empty()) return NotFound("USER_NOT_FOUND", "no such user");
  return FromRow(rows[0]);
}

constexpr db::Sql kLock{"account.lock", R"sql(
  SELECT 1 AS one FROM account WHERE user_id = $1 FOR UPDATE
)sql"};

Result<Account> GetForUpdate(db::Tx& tx, std::string_view user_id) {
  // Read after the lock is held: in one statement the grants would be those of before the wait. The
  // caller's own row is not lockable by policy; it is still read, for the rules to refuse it.
  tx.Exec(kLock, user_id);
  return Get(tx, user_id);
}

constexpr db::Sql kList{"account.list", R"sql(
  SELECT a.user_id, a.username, a.name, a.zone, a.department, a.organization_id,
         a.disabled_at IS NOT NULL AS disabled, a.created_at, a.version,
         ARRAY(SELECT g.role FROM role_grant g WHERE g.user_id = a.user_id AND g.state = 'ACTIVE'
               ORDER BY g.role) AS roles
  FROM account a
  WHERE ($1 = '' OR a.zone = $1) AND ($2 = '' OR a.organization_id = $2)
    AND ($3 = '' OR a.username = $3) AND a.username > $4
  ORDER BY a.username LIMIT $5
)sql"};

std::vector<Account> List(db::Tx& tx, const Filter& filter) {
  const db::Rows rows = tx.Exec(kList, filter.zone, filter.organization_id, filter.username,
                                filter.after_username, filter.limit);
  std::vector<Account> accounts;
  for (size_t i = 0; i < rows.size(); ++i) accounts.push_back(FromRow(rows[i]));
  return accounts;
}

constexpr db::Sql kSetDuty{"account.set_duty", R"sql(
  UPDATE account SET duty = $2 WHERE user_id = $1 AND duty <> $2
)sql"};

void SetDuty(db::Tx& tx, const std::string& user_id, Duty duty) {
  tx.Exec(kSetDuty, user_id, Name(duty));
}

constexpr db::Sql kDisable{"account.disable", R"sql(
  UPDATE account SET disabled_at = $2, disabled_by = $3, disabled_reason = $4, version = version + 1
  WHERE user_id = $1 AND version = $5
)sql"};

Account Disable(db::Tx& tx, Account account, const std::string& by, const std::string& reason) {
  const db::Rows done = tx.Exec(kDisable, account.user_id, tx.now(), by, reason, account.version);
  ZL_CHECK(done.affected() == 1, "an account is closed while its row is held");
  account.disabled = true;
  account.roles.clear();
  ++account.version;
  AppendUserDisabled(tx, account, by);
  return account;
}

}  // namespace zonelink::directory::user_store
