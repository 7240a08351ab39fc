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
#include <functional>
#include <memory>
#include <mutex>
#include <span>
#include <string>
#include <vector>

#include "platform/core/call.h"
#include "platform/core/result.h"
#include "platform/db/database.h"

namespace zonelink::db {

// What a command brings to its group besides its rows.
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
  // Writes the rows of all members, in one statement where one will do. Inside the transaction; may
  // run twice. kAskAlone: what they rely on has changed; nothing of the group is written.
  using Write = std::function<Result<Grouped>(Tx&, std::span<const void* const>)>;

  GroupQueue(Database& database, std::string name, GroupLimits limits, Write write);
  ~GroupQueue();
  GroupQueue(const GroupQueue&) = delete;

  Result<Grouped> Join(const GroupShare& share, const void* row);
  // Commands that wait for the group after the one being written.
  size_t waiting() const;

 private:
  struct Member;
  using Members = std::vector<Member*>;

  // Writes them in one transaction. When that fails, halves are tried, so that a member whose rows
  // the database refuses is refused alone.
  void Commit(std::span<Member* const> members);
  Status TryCommit(std::span<Member* const> members);
  Status AwaitCall(Member& member);
  void CallNext();
  static void Claim(Tx& tx, std::span<Member* const> members);

  Database& database_;
  const std::string name_;
  const GroupLimits limits_;
  const Write write_;
  mutable std::mutex mutex_;
  int writing_ = 0;  // groups
  Members waiting_;  // in order of arrival
};

template <class Row>
class GroupCommit {
 public:
  using Write = std::function<Result<Grouped>(Tx&, std::span<const Row* const>)>;

  // `name` for logs.
  GroupCommit(Database& database, std::string name, GroupLimits limits, Write write)
      : queue_(database, std::move(name), limits,
               [write = std::move(write)](Tx& tx, std::span<const void* const> rows) {
                 std::vector<const Row*> typed;
                 typed.reserve(rows.size());
                 for (const void* row : rows) typed.push_back(static_cast<const Row*>(row));
                 return write(tx, typed);
               }) {}

  // Blocks until the rows are committed with fsync or will not be. DeadlineExceeded
  // `DEADLINE_EXCEEDED` while it waited; Unavailable `IN_DOUBT` as for Database::Command; otherwise
  // what the database says to these rows.
  Result<Grouped> Join(const GroupShare& share, const Row& row) { return queue_.Join(share, &row); }
  size_t waiting() const { return queue_.waiting(); }

 private:
  GroupQueue queue_;
};

}  // namespace zonelink::db
