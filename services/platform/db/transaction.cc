// SPDX-License-Identifier: Apache-2.0
#include "platform/db/transaction.h"

#include <array>
#include <cstring>

#include "platform/core/check.h"
#include "platform/core/clock.h"

namespace zonelink::db {
namespace {

constexpr Sql kBeginWriting{"db.begin_writing", "BEGIN ISOLATION LEVEL READ COMMITTED, READ WRITE"};
constexpr Sql kBeginReading{"db.begin_reading", "BEGIN ISOLATION LEVEL REPEATABLE READ, READ ONLY"};
constexpr Sql kCommit{"db.commit", "COMMIT"};

// Sets the whole context and reads what was left over from before. `stale` must be empty: a context
// never outlives its transaction.
constexpr Sql kEnter{"db.enter", R"sql(
  SELECT coalesce(current_setting('zl.parties', true), '') || coalesce(current_setting('zl.user', true), '')
           || coalesce(current_setting('zl.members', true), '') AS stale,
         set_config('role', $1, true), set_config('zl.user', $2, true),
         set_config('zl.organization', $3, true), set_config('zl.zone', $4, true),
         set_config('zl.roles', $5, true), set_config('zl.parties', $6, true),
         set_config('statement_timeout', $7, true), set_config('lock_timeout', $8, true)
)sql"};

constexpr Sql kEnterGroup{"db.enter_group", R"sql(
  SELECT set_config('zl.members', $1, true), set_config('zl.member_users', $2, true)
)sql"};

constexpr Sql kClockOffset{"db.clock_offset", "SELECT offset_us FROM clock.setting"};

constexpr Sql kClaim{"db.idempotency_claim", R"sql(
  INSERT INTO idempotency (principal, rpc, key, request_hash) VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING
)sql"};

std::string Joined(const std::vector<std::string>& texts) {
  std::string out;
  for (const std::string& text : texts) {
    if (!out.empty()) out += ',';
    out += text;
  }
  return out;
}

std::string PartiesOf(const Caller& caller) {
  std::vector<std::string> parties;
  if (!caller.organization_id.empty()) parties.push_back("org:" + caller.organization_id);
  if (!caller.zone.empty()) parties.push_back("zone:" + caller.zone);
  if (caller.HasRole("secretariat") || caller.HasRole("chair")) parties.push_back("leading-group");
  return Joined(parties);
}

}  // namespace

// Sets the caller's row-level context. The only place that does.
Transaction::Transaction(Connection& connection, const Terms& terms, std::chrono::milliseconds left)
    : connection_(connection), terms_(terms), now_(SystemClock().Now()) {
  const auto send = [this](const Sql& sql, const auto&... args) {
    return Send(sql, std::array<Param, sizeof...(args)>{ToParam(args)...});
  };
  const Caller& caller = terms.call.caller;
  send(terms.writes ? kBeginWriting : kBeginReading);
  entered_ = send(kEnter, terms.role, caller.user_id, caller.organization_id, caller.zone,
                  Joined(caller.roles), PartiesOf(caller), left.count(), left.count() / 2 + 1);
  if (terms.members != nullptr) {
    send(kEnterGroup, Joined(terms.members->places), Joined(terms.members->users));
  }
  if (terms.controllable_clock) offset_ = send(kClockOffset);
  if (!terms.request_hash.empty()) {
    claimed_ = send(kClaim, caller.user_id, terms.call.rpc, terms.call.idempotency_key,
                    Bytes{std::string(terms.request_hash)});
  }
}

void Transaction::Open() {
  if (open_) return;
  connection_.Await(*entered_);
  if (PQgetlength(entered_->result, 0, 0) != 0) throw StaleContext();
  if (offset_) {
    connection_.Await(*offset_);
    clock_offset_ = std::chrono::microseconds(Rows(offset_)[0].Int("offset_us"));
    now_ += clock_offset_;
  }
  if (claimed_) {
    connection_.Await(*claimed_);
    if (std::strcmp(PQcmdTuples(claimed_->result), "1") != 0) throw KeyTaken();
  }
  open_ = true;
}

void Transaction::Await(const Answer& answer) {
  Open();
  connection_.Await(answer);
}

void Transaction::End() {
  if (terms_.writes) return;
  Send(kCommit, {});
  connection_.EndAndAnswer();
  ended_ = true;
}

void Transaction::Commit() {
  Open();
  if (!terms_.writes) connection_.AwaitAll();
  if (ended_) return;
  const auto committed = Send(kCommit, {});
  committing_ = terms_.writes;
  connection_.End();
  if (!terms_.writes) return;
  connection_.Settle();
  // A COMMIT of a transaction that failed answers ROLLBACK.
  ZL_CHECK(std::strcmp(PQcmdStatus(committed->result), "COMMIT") == 0, "a commit that commits");
}

Time Transaction::now() {
  if (terms_.controllable_clock) Open();
  return now_;
}

std::chrono::microseconds Transaction::clock_offset() {
  if (terms_.controllable_clock) Open();
  return clock_offset_;
}

}  // namespace zonelink::db
