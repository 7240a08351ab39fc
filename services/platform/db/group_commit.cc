// SPDX-License-Identifier: Apache-2.0
#include "platform/db/group_commit.h"

#include <algorithm>
#include <map>
#include <optional>
#include <tuple>

#include "platform/core/check.h"

namespace zonelink::db {
struct GroupQueue::Member {
  const GroupShare* share;
  const void* row;
  OnOutcome done;
  bool claimed = false;  // its key is its own, or it has none
  Result<Grouped> outcome = Grouped::kAskAlone;
};

bool GroupQueue::InTime(const Member& member, std::chrono::steady_clock::time_point now) {
  return member.share->call.deadline > now;
}

namespace {

Error NoTimeLeft() { return DeadlineExceeded("DEADLINE_EXCEEDED", "no time left"); }

// Why a whole group failed, rather than one of its members.
bool IsShared(const Error& error) {
  return error.code == Code::kUnavailable || error.code == Code::kResourceExhausted ||
         error.code == Code::kDeadlineExceeded;
}

}  // namespace

GroupQueue::GroupQueue(Database& database, std::string name, GroupLimits limits, Begin begin)
    : database_(database), name_(std::move(name)), limits_(limits), begin_(std::move(begin)) {
  for (int i = 0; i < limits_.writers + 1; ++i) threads_.emplace_back([this] { Run(); });
}

GroupQueue::~GroupQueue() {
  {
    std::lock_guard lock(mutex_);
    stopping_ = true;
    wake_.notify_all();
  }
  for (std::thread& thread : threads_) thread.join();
}

void GroupQueue::Join(const GroupShare& share, const void* row, OnOutcome done) {
  bool wake = false;
  {
    std::lock_guard lock(mutex_);
    ZL_CHECK(!stopping_, "no command outlives its queue");
    waiting_.push_back({.share = &share, .row = row, .done = std::move(done)});
    wake = writing_ < limits_.writers || share.call.deadline < alarm_;
  }
  if (wake) wake_.notify_one();
}

void GroupQueue::Run() {
  std::unique_lock lock(mutex_);
  for (;;) {
    if (waiting_.empty()) {
      if (stopping_) return;
      wake_.wait(lock);
    } else if (writing_ < limits_.writers) {
      WriteGroup(lock);
    } else {
      RefuseLate(lock);
    }
  }
}

// Whoever waits is the next group, in order of arrival.
void GroupQueue::WriteGroup(std::unique_lock<std::mutex>& lock) {
  const auto end =
      waiting_.begin() + static_cast<ptrdiff_t>(std::min(limits_.members, waiting_.size()));
  Members group(std::make_move_iterator(waiting_.begin()), std::make_move_iterator(end));
  waiting_.erase(waiting_.begin(), end);
  ++writing_;
  lock.unlock();
  Commit(group);
  lock.lock();
  --writing_;
  const bool more = !waiting_.empty();
  lock.unlock();
  if (more) wake_.notify_one();
  Tell(std::move(group));
  lock.lock();
}

// The group being written may take long: whoever's time is over meanwhile hears it, and the others
// are waited for until the next one's is.
void GroupQueue::RefuseLate(std::unique_lock<std::mutex>& lock) {
  const auto late = std::stable_partition(
      waiting_.begin(), waiting_.end(),
      [now = std::chrono::steady_clock::now()](const Member& m) { return InTime(m, now); });
  Members refused(std::make_move_iterator(late), std::make_move_iterator(waiting_.end()));
  waiting_.erase(late, waiting_.end());
  if (refused.empty()) {
    for (const Member& member : waiting_) alarm_ = std::min(alarm_, member.share->call.deadline);
    wake_.wait_until(lock, alarm_);
    alarm_ = std::chrono::steady_clock::time_point::max();
    return;
  }
  lock.unlock();
  for (Member& member : refused) member.outcome = NoTimeLeft();
  Tell(std::move(refused));
  lock.lock();
}

void GroupQueue::Tell(Members members) {
  for (Member& member : members) member.done(std::move(member.outcome));
}

size_t GroupQueue::waiting() const {
  std::lock_guard lock(mutex_);
  return waiting_.size();
}

void GroupQueue::Commit(std::span<Member> group) {
  const auto late = std::stable_partition(
      group.begin(), group.end(),
      [now = std::chrono::steady_clock::now()](const Member& m) { return InTime(m, now); });
  for (auto member = late; member != group.end(); ++member) member->outcome = NoTimeLeft();
  const std::span<Member> members(group.begin(), late);
  if (members.empty()) return;
  const Status status = TryCommit(members);
  if (status) return;
  if (members.size() == 1 || IsShared(status.error())) {
    for (Member& member : members) member.outcome = status.error();
    return;
  }
  Commit(members.subspan(0, members.size() / 2));
  Commit(members.subspan(members.size() / 2));
}

constexpr Sql kClaim{"group.claim", R"sql(
  INSERT INTO idempotency (principal, rpc, key, request_hash, reply)
  SELECT unnest($1::text[]), unnest($2::text[]), unnest($3::text[]), unnest($4::bytea[]), unnest($5::bytea[])
  ON CONFLICT DO NOTHING RETURNING principal, rpc, key
)sql"};

// The keys of those who have one. A key that is taken leaves its member unclaimed, and so does a
// second command with the same key in one group.
class GroupQueue::Claims {
 public:
  // Asks for them.
  Claims(Tx& tx, std::span<Member> members) {
    std::vector<std::string_view> principals, rpcs, keys;
    std::vector<Bytes> hashes, replies;
    for (Member& member : members) {
      const Call& call = member.share->call;
      member.claimed = call.idempotency_key.empty();
      if (member.claimed) continue;
      const Key key{call.caller.user_id, call.rpc, call.idempotency_key};
      if (!keyed_.try_emplace(key, &member).second) continue;
      principals.push_back(call.caller.user_id);
      rpcs.push_back(call.rpc);
      keys.push_back(call.idempotency_key);
      hashes.push_back({member.share->request_hash});
      replies.push_back({member.share->reply});
    }
    if (!keys.empty()) claimed_ = tx.Exec(kClaim, principals, rpcs, keys, hashes, replies);
  }
  void Settle() {
    for (size_t i = 0; claimed_ && i < claimed_->size(); ++i) {
      const Row row = (*claimed_)[i];
      keyed_.at({row.Text("principal"), row.Text("rpc"), row.Text("key")})->claimed = true;
    }
  }

 private:
  using Key = std::tuple<std::string, std::string, std::string>;

  std::map<Key, Member*> keyed_;
  std::optional<Rows> claimed_;
};

Status GroupQueue::TryCommit(std::span<Member> members) {
  db::Members names;
  for (const Member& member : members) {
    names.users.push_back(member.share->call.caller.user_id);
    names.places.push_back(member.share->place);
  }
  bool changed = false;
  const Status status = database_.Group(name_, names, [&](Tx& tx) -> Status {
    Claims claims(tx, members);
    const Write write = begin_(tx);
    changed = std::any_of(members.begin(), members.end(), [&](const Member& member) {
      return member.share->clock_offset != tx.clock_offset();
    });
    if (changed) return Aborted("CONFLICT", "the clock was moved");
    claims.Settle();
    std::vector<const void*> rows;
    for (const Member& member : members) {
      if (member.claimed) rows.push_back(member.row);
    }
    if (rows.empty()) return Done{};
    const Result<Grouped> written = write(rows);
    if (!written) return written.error();
    changed = *written == Grouped::kAskAlone;
    if (changed) return Aborted("CONFLICT", "what the members rely on has changed");
    return Done{};
  });
  if (!status && !changed) return status;
  for (Member& member : members) {
    member.outcome = status && member.claimed ? Grouped::kCommitted : Grouped::kAskAlone;
  }
  return Done{};
}

}  // namespace zonelink::db
