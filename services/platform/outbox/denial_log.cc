// SPDX-License-Identifier: Apache-2.0
#include "platform/outbox/denial_log.h"

#include <fmt/format.h>

#include <algorithm>
#include <condition_variable>
#include <deque>
#include <mutex>
#include <optional>
#include <thread>
#include <vector>

#include "platform/core/check.h"
#include "platform/crypto/crypto.h"
#include "platform/log/log.h"
#include "platform/outbox/append.h"
#include "platform/outbox/denial_record.h"
#include "zonelink/events/v1/ledger_events.pb.h"

namespace zonelink::outbox {
namespace {

using std::chrono::milliseconds;
using std::chrono::steady_clock;

constexpr size_t kBatch = 1000;
constexpr milliseconds kFirstPause{100};
constexpr milliseconds kLongestPause{2000};
// What comes in this time shares an event: each becomes a leaf of the ledger for good.
constexpr milliseconds kGather{200};
constexpr size_t kLongestText = 128;

// The last record and its chain value.
struct Head {
  int64_t seq = 0;
  std::string chain = FirstLink();
};

constexpr db::Sql kLead{"denials.lead", R"sql(
  SELECT pg_advisory_xact_lock(hashtextextended(current_schema() || '/denials', 0))
)sql"};

constexpr db::Sql kLast{"denials.last", R"sql(
  SELECT seq, chain FROM denials ORDER BY seq DESC LIMIT 1
)sql"};

constexpr db::Sql kHas{"denials.has", R"sql(
  SELECT seq FROM denials WHERE seq = $1 AND chain = $2
)sql"};

constexpr db::Sql kAdd{"denials.add", R"sql(
  INSERT INTO denials (seq, at, rpc, user_id, session_id, caller_service, organization_id, zone,
                       code, reason, request_id, chain)
  SELECT seq, at::timestamptz, rpc, user_id, session_id, caller_service, organization_id, zone,
         code, reason, request_id, decode(chain, 'hex')
    FROM unnest($1::bigint[], $2::text[], $3::text[], $4::text[], $5::text[], $6::text[],
                $7::text[], $8::text[], $9::text[], $10::text[], $11::text[], $12::text[])
      AS fresh (seq, at, rpc, user_id, session_id, caller_service, organization_id, zone,
                code, reason, request_id, chain)
)sql"};

// What a caller sent must never keep a record from being written.
std::string Printable(std::string_view text) {
  std::string clean;
  for (const char c : text.substr(0, kLongestText)) {
    if (c >= 0x20 && c < 0x7f) clean += c;
  }
  return clean;
}

// zonelink.<service>.v1.…
std::string_view ServiceOf(std::string_view rpc) {
  const size_t from = rpc.find('.');
  if (from == std::string_view::npos) return {};
  return rpc.substr(from + 1, rpc.find('.', from + 1) - from - 1);
}

// Numbers and chains the records after `head`, which becomes the last of them.
void Insert(db::Tx& tx, std::vector<DenialRecord>& batch, Head& head) {
  using Column = std::string DenialRecord::*;
  constexpr Column kTexts[] = {&DenialRecord::rpc,
                               &DenialRecord::user_id,
                               &DenialRecord::session_id,
                               &DenialRecord::caller_service,
                               &DenialRecord::organization_id,
                               &DenialRecord::zone,
                               &DenialRecord::code,
                               &DenialRecord::reason,
                               &DenialRecord::request_id};
  std::vector<int64_t> seqs;
  std::vector<std::string> ats;
  std::vector<std::string> chains;
  for (DenialRecord& record : batch) {
    record.seq = head.seq + 1;
    head = {record.seq, NextLink(head.chain, record)};
    seqs.push_back(record.seq);
    ats.push_back(FormatTime(record.at));
    chains.push_back(crypto::HexEncode(head.chain));
  }
  std::vector<db::Param> params{db::ToParam(seqs), db::ToParam(ats)};
  for (const Column column : kTexts) {
    std::vector<std::string> texts;
    for (const DenialRecord& record : batch) texts.push_back(record.*column);
    params.push_back(db::ToParam(texts));
  }
  params.push_back(db::ToParam(chains));
  tx.ExecParams(kAdd, params);
}

// One transaction: the records and the event that carries their chain. `doubtful` is where an
// earlier attempt ended whose commit nobody saw.
Status Write(db::Database& database, std::vector<DenialRecord>& batch,
             std::optional<Head>& doubtful) {
  Head head;
  const Status status = database.System("write denials", [&](db::Tx& tx) -> Status {
    tx.Exec(kLead);
    if (doubtful && !tx.Exec(kHas, doubtful->seq, db::Bytes{doubtful->chain}).empty())
      return Done{};
    head = {};
    if (const db::Rows last = tx.Exec(kLast); !last.empty())
      head = {last[0].Int("seq"), last[0].Blob("chain")};
    events::v1::DenialsChained body;
    body.set_first(head.seq + 1);
    Insert(tx, batch, head);
    body.set_last(head.seq);
    body.set_head(head.chain);
    Append(tx,
           {.subject = "denials",
            .version = head.seq,
            .type = fmt::format("zonelink.{}.denials.chained", database.schema()),
            .parties = {}},
           body);
    return Done{};
  });
  if (!status && status.error().reason == "IN_DOUBT") doubtful = head;
  return status;
}

}  // namespace

struct DenialLog::Lane {
  struct Waiting {
    DenialRecord record;
    steady_clock::time_point since;
  };

  explicit Lane(db::Database& database) : database(database) {}

  // False: the lane stops and the database refused to the last.
  bool WriteAll(std::vector<DenialRecord> batch) {
    std::optional<Head> doubtful;
    for (milliseconds pause = kFirstPause;; pause = std::min(pause * 2, kLongestPause)) {
      std::unique_lock lock(mutex);
      const bool last_try = stop;
      lock.unlock();
      const Status written = Write(database, batch, doubtful);
      if (written) return true;
      log::Warn("refused calls not written", {{"schema", database.schema()},
                                              {"reason", written.error().reason},
                                              {"error", written.error().message}});
      if (last_try) return false;
      lock.lock();
      wake.wait_for(lock, pause, [&] { return stop; });
    }
  }

  db::Database& database;
  mutable std::mutex mutex;
  std::condition_variable wake;
  std::deque<Waiting> waiting;  // until they are written
  int64_t lost = 0;             // came while the queue was full
  bool stop = false;
  std::thread thread;
};

DenialLog::DenialLog(const WallClock& clock, DenialLimits limits)
    : clock_(clock), limits_(limits) {}

DenialLog::~DenialLog() { Stop(); }

void DenialLog::Add(const std::string& service, db::Database& database) {
  const bool added = lanes_.emplace(service, std::make_unique<Lane>(database)).second;
  ZL_CHECK(added, "a service has one denial log");
}

void DenialLog::Start() {
  for (auto& [service, lane] : lanes_) {
    lane->thread = std::thread([&lane = *lane] { Run(lane); });
  }
}

void DenialLog::Stop() {
  for (auto& [service, lane] : lanes_) {
    std::lock_guard lock(lane->mutex);
    lane->stop = true;
    lane->wake.notify_all();
  }
  for (auto& [service, lane] : lanes_) {
    if (lane->thread.joinable()) lane->thread.join();
  }
}

void DenialLog::Run(Lane& lane) {
  std::unique_lock lock(lane.mutex);
  auto not_before = steady_clock::now();
  for (;;) {
    lane.wake.wait_until(lock, not_before,
                         [&] { return lane.stop || lane.waiting.size() >= kBatch; });
    lane.wake.wait(lock, [&] { return lane.stop || !lane.waiting.empty(); });
    if (lane.waiting.empty()) return;
    not_before = steady_clock::now() + kGather;
    std::vector<DenialRecord> batch;
    const size_t count = std::min(kBatch, lane.waiting.size());
    for (size_t i = 0; i < count; ++i) batch.push_back(lane.waiting[i].record);
    lock.unlock();
    const bool written = lane.WriteAll(std::move(batch));
    lock.lock();
    if (written) lane.waiting.erase(lane.waiting.begin(), lane.waiting.begin() + count);
    const int64_t lost = lane.lost + (written ? 0 : static_cast<int64_t>(lane.waiting.size()));
    if (lost > 0)
      log::Error("refused calls lost", {{"schema", lane.database.schema()}, {"count", lost}});
    lane.lost = 0;
    if (!written) return;
  }
}

void DenialLog::Record(const Call& call, const Error& error) {
  Lane* lane = LaneOf(ServiceOf(call.rpc));
  // What several services serve, such as their events, is kept with one of them.
  if (lane == nullptr && !call.peer.empty() && !lanes_.empty()) lane = lanes_.begin()->second.get();
  if (lane == nullptr) return;
  DenialRecord record{
      .seq = 0,
      .at = clock_.Now(),
      .rpc = Printable(call.rpc),
      .user_id = Printable(call.caller.user_id),
      .session_id = Printable(call.caller.session_id),
      .caller_service = Printable(call.peer.empty() ? call.caller.service : call.peer),
      .organization_id = Printable(call.caller.organization_id),
      .zone = Printable(call.caller.zone),
      .code = std::string(Name(error.code)),
      .reason = Printable(error.reason),
      .request_id = Printable(call.request_id)};
  std::lock_guard lock(lane->mutex);
  if (lane->waiting.size() >= limits_.waiting) {
    ++lane->lost;
    return;
  }
  lane->waiting.push_back({std::move(record), steady_clock::now()});
  lane->wake.notify_one();
}

Status DenialLog::CommandsAllowed(std::string_view service) const {
  const Lane* lane = LaneOf(service);
  if (lane == nullptr) return Done{};
  std::lock_guard lock(lane->mutex);
  if (lane->waiting.empty()) return Done{};
  const bool full = lane->waiting.size() >= limits_.waiting;
  const bool late = steady_clock::now() - lane->waiting.front().since >= limits_.unwritten;
  if (!full && !late) return Done{};
  return Unavailable("AUDIT_UNAVAILABLE", "the audit trail cannot be written");
}

DenialLog::Lane* DenialLog::LaneOf(std::string_view service) const {
  const auto found = lanes_.find(service);
  return found == lanes_.end() ? nullptr : found->second.get();
}

}  // namespace zonelink::outbox
