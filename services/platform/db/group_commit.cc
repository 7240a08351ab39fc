// SPDX-License-Identifier: Apache-2.0
#include "platform/db/group_commit.h"

#include <semaphore.h>

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <ctime>
#include <map>
#include <optional>
#include <tuple>

#include "platform/core/check.h"

namespace zonelink::db {
namespace {

// Wakes one thread once, without a lock between the two. std::binary_semaphore would spin first.
class Wake {
 public:
  Wake() { ZL_CHECK(sem_init(&semaphore_, 0, 0) == 0, "a semaphore"); }
  ~Wake() { sem_destroy(&semaphore_); }
  Wake(const Wake&) = delete;

  void Give() {
    given_.store(true, std::memory_order_release);
    sem_post(&semaphore_);
  }
  void Await() {
    while (sem_wait(&semaphore_) != 0) ZL_CHECK(errno == EINTR, "a wait is only interrupted");
    Acquire();
  }
  bool AwaitUntil(std::chrono::steady_clock::time_point deadline) {
    const auto left = std::max(deadline.time_since_epoch(), std::chrono::nanoseconds{0});
    const auto seconds = std::chrono::floor<std::chrono::seconds>(left);
    const timespec until{static_cast<time_t>(seconds.count()),
                         static_cast<long>((left - seconds).count())};
    while (sem_clockwait(&semaphore_, CLOCK_MONOTONIC, &until) != 0) {
      if (errno == ETIMEDOUT) return false;
      ZL_CHECK(errno == EINTR, "a wait is interrupted or times out");
    }
    Acquire();
    return true;
  }

 private:
  // What was written before Give is seen after the wait: the thread sanitizer does not know that of
  // sem_clockwait.
  void Acquire() const { ZL_CHECK(given_.load(std::memory_order_acquire), "given before woken"); }

  sem_t semaphore_;
  std::atomic<bool> given_{false};
};

}  // namespace

struct GroupQueue::Member {
  const GroupShare& share;
  const void* row;
  // Given once: then there is an outcome, or a group to write. Whoever wakes needs no lock.
  Wake called;
  Members leads;         // the group that this member is to write
  bool claimed = false;  // its key is its own, or it has none
  std::optional<Result<Grouped>> outcome;
};

namespace {

// Why a whole group failed, rather than one of its members.
bool IsShared(const Error& error) {
  return error.code == Code::kUnavailable || error.code == Code::kResourceExhausted ||
         error.code == Code::kDeadlineExceeded;
}

}  // namespace

GroupQueue::GroupQueue(Database& database, std::string name, GroupLimits limits, Write write)
    : database_(database), name_(std::move(name)), limits_(limits), write_(std::move(write)) {}

GroupQueue::~GroupQueue() {
  ZL_CHECK(writing_ == 0 && waiting_.empty(), "no group outlives its queue");
}

Result<Grouped> GroupQueue::Join(const GroupShare& share, const void* row) {
  Member member{.share = share, .row = row};
  if (std::unique_lock lock(mutex_); writing_ < limits_.writers) {
    ++writing_;
    member.leads = {&member};
  } else {
    waiting_.push_back(&member);
    lock.unlock();
    if (const Status called = AwaitCall(member); !called) return called.error();
    if (member.outcome) return *std::move(member.outcome);
  }
  const Members group = std::move(member.leads);
  Commit(group);
  CallNext();
  for (Member* done : group) {
    if (done != &member) done->called.Give();
  }
  return *std::move(member.outcome);
}

Status GroupQueue::AwaitCall(Member& member) {
  if (member.called.AwaitUntil(member.share.call.deadline)) return Done{};
  {
    std::lock_guard lock(mutex_);
    if (std::erase(waiting_, &member) > 0) {
      return DeadlineExceeded("DEADLINE_EXCEEDED", "no time left");
    }
  }
  member.called.Await();  // in a group already: its fate is this command's
  return Done{};
}

// Whoever waits is the next group, written by the first of them.
void GroupQueue::CallNext() {
  std::lock_guard lock(mutex_);
  if (waiting_.empty()) {
    --writing_;
    return;
  }
  const auto end =
      waiting_.begin() + static_cast<ptrdiff_t>(std::min(limits_.members, waiting_.size()));
  Member& leader = *waiting_.front();
  leader.leads.assign(waiting_.begin(), end);
  waiting_.erase(waiting_.begin(), end);
  leader.called.Give();
}

size_t GroupQueue::waiting() const {
  std::lock_guard lock(mutex_);
  return waiting_.size();
}

void GroupQueue::Commit(std::span<Member* const> members) {
  const Status status = TryCommit(members);
  if (status) return;
  if (members.size() == 1 || IsShared(status.error())) {
    for (Member* member : members) member->outcome = status.error();
    return;
  }
  Commit(members.subspan(0, members.size() / 2));
  Commit(members.subspan(members.size() / 2));
}

// The keys of those who have one. A key that is taken leaves its member unclaimed, and so does a
// second command with the same key in one group.
constexpr Sql kClaim{"group.claim", R"sql(
  INSERT INTO idempotency (principal, rpc, key, request_hash, reply)
  SELECT * FROM unnest($1::text[], $2::text[], $3::text[], $4::bytea[], $5::bytea[])
  ON CONFLICT DO NOTHING RETURNING principal, rpc, key
)sql"};

void GroupQueue::Claim(Tx& tx, std::span<Member* const> members) {
  std::vector<std::string> principals, rpcs, keys;
  std::vector<Bytes> hashes, replies;
  std::map<std::tuple<std::string, std::string, std::string>, Member*> keyed;
  for (Member* member : members) {
    const Call& call = member->share.call;
    member->claimed = call.idempotency_key.empty();
    if (member->claimed) continue;
    if (!keyed.try_emplace({call.caller.user_id, call.rpc, call.idempotency_key}, member).second) {
      continue;
    }
    principals.push_back(call.caller.user_id);
    rpcs.push_back(call.rpc);
    keys.push_back(call.idempotency_key);
    hashes.push_back({member->share.request_hash});
    replies.push_back({member->share.reply});
  }
  if (keys.empty()) return;
  const Rows claimed = tx.Exec(kClaim, principals, rpcs, keys, hashes, replies);
  for (size_t i = 0; i < claimed.size(); ++i) {
    const Row row = claimed[i];
    keyed.at({row.Text("principal"), row.Text("rpc"), row.Text("key")})->claimed = true;
  }
}

Status GroupQueue::TryCommit(std::span<Member* const> members) {
  db::Members names;
  for (const Member* member : members) {
    names.users.push_back(member->share.call.caller.user_id);
    names.places.push_back(member->share.place);
  }
  bool changed = false;
  const Status status = database_.Group(name_, names, [&](Tx& tx) -> Status {
    changed = std::any_of(members.begin(), members.end(), [&](const Member* member) {
      return member->share.clock_offset != tx.clock_offset();
    });
    if (changed) return Aborted("CONFLICT", "the clock was moved");
    Claim(tx, members);
    std::vector<const void*> rows;
    for (const Member* member : members) {
      if (member->claimed) rows.push_back(member->row);
    }
    if (rows.empty()) return Done{};
    const Result<Grouped> written = write_(tx, rows);
    if (!written) return written.error();
    changed = *written == Grouped::kAskAlone;
    if (changed) return Aborted("CONFLICT", "what the members rely on has changed");
    return Done{};
  });
  if (!status && !changed) return status;
  for (Member* member : members) {
    member->outcome = status && member->claimed ? Grouped::kCommitted : Grouped::kAskAlone;
  }
  return Done{};
}

}  // namespace zonelink::db
