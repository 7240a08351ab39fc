// SPDX-License-Identifier: Apache-2.0
// Hot writes: while groups of commands are being written, those that arrive form the next group,
// whose rows one transaction writes (docs/adr/0012). No timer: who comes alone commits at once.
// Stores use it; handlers and rules do not know of it.
//
// A command's rules have run before, without the database, over what its service keeps in memory.
// So a group only ever accepts: whoever is to be refused, was answered before, or relied on
// something that changed meanwhile is sent to Database::Command, which decides by itself.
#pragma once

#include <google/protobuf/message.h>

#include <chrono>
#include <condition_variable>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <span>
#include <string>
#include <thread>
#include <vector>

#include "platform/core/call.h"
#include "platform/core/result.h"
#include "platform/db/database.h"

namespace zonelink::db {

// What a command brings to its group besides its rows. All of it, the call too, lives until the
// outcome is known.
struct GroupShare {
  const Call& call;
  std::string place;         // <organisation>@<zone> in whose name its rows are written
  std::string request_hash;  // RequestHash of the command
  std::string reply;         // serialised; stored under the call's idempotency key
  std::chrono::microseconds clock_offset{0};  // that its rules took the time from
};

// Whether the group wrote a command's rows.
enum class Grouped {
  kCommitted,
  kAskAlone,  // nothing was written: run the command by Database::Command
};

struct GroupLimits {
  size_t members = 64;  // of one group
  int writers = 1;      // groups at a time; on two processors a second one costs more than it gives
};

// The part that does not depend on the rows' type.
class GroupQueue {
 public:
  // Writes the rows of the members it is given, in one statement where one will do. kAskAlone: what
  // they rely on has changed; nothing of the group is written.
  using Write = std::function<Result<Grouped>(std::span<const void* const>)>;
  // Inside the transaction; may run twice. What it asks there of what the rows rely on travels with
  // the keys' claim; what it returns runs once their answers are known.
  using Begin = std::function<Write(Tx&)>;

  GroupQueue(Database& database, std::string name, GroupLimits limits, Begin begin);
  ~GroupQueue();
  GroupQueue(const GroupQueue&) = delete;

  // Called once, on the queue's threads; must not wait.
  using OnOutcome = std::function<void(Result<Grouped>)>;

  void Join(const GroupShare& share, const void* row, OnOutcome done);
  // Commands that wait for the group after the one being written.
  size_t waiting() const;

 private:
  struct Member;
  class Claims;
  using Members = std::vector<Member>;

  void Run();
  // Both with the lock held, which they give up meanwhile.
  void WriteGroup(std::unique_lock<std::mutex>& lock);
  void RefuseLate(std::unique_lock<std::mutex>& lock);
  // Writes them in one transaction. When that fails, halves are tried, so that a member whose rows
  // the database refuses is refused alone. Whose time is over is not tried.
  void Commit(std::span<Member> group);
  Status TryCommit(std::span<Member> members);
  static bool InTime(const Member& member, std::chrono::steady_clock::time_point now);
  static void Tell(Members members);

  Database& database_;
  const std::string name_;
  const GroupLimits limits_;
  const Begin begin_;
  mutable std::mutex mutex_;
  std::condition_variable wake_;
  int writing_ = 0;             // groups
  std::deque<Member> waiting_;  // in order of arrival
  // When a thread looks for those whose time is over, while all groups are being written.
  std::chrono::steady_clock::time_point alarm_ = std::chrono::steady_clock::time_point::max();
  bool stopping_ = false;
  // One more than write: it tells a group's members while the next group is being written, and
  // those whose time is over before theirs begins.
  std::vector<std::thread> threads_;
};

template <class Row>
class GroupCommit {
 public:
  using Write = std::function<Result<Grouped>(std::span<const Row* const>)>;
  using Begin = std::function<Write(Tx&)>;

  // `name` for logs.
  GroupCommit(Database& database, std::string name, GroupLimits limits, Begin begin)
      : queue_(database, std::move(name), limits, [begin = std::move(begin)](Tx& tx) {
          return [write = begin(tx)](std::span<const void* const> rows) {
            std::vector<const Row*> typed;
            typed.reserve(rows.size());
            for (const void* row : rows) typed.push_back(static_cast<const Row*>(row));
            return write(typed);
          };
        }) {}

  // `done` hears when the rows are committed with fsync or will not be. DeadlineExceeded
  // `DEADLINE_EXCEEDED`: its time was over before its rows were tried, told at once; Unavailable
  // `IN_DOUBT` as for Database::Command; otherwise what the database says to these rows. It is
  // called once, on a thread of the group's, and must not wait. Share and row live until then.
  void Join(const GroupShare& share, const Row& row, GroupQueue::OnOutcome&& done) {
    queue_.Join(share, &row, std::move(done));
  }
  size_t waiting() const { return queue_.waiting(); }

 private:
  GroupQueue queue_;
};

}  // namespace zonelink::db
