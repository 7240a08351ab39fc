// SPDX-License-Identifier: Apache-2.0
// What the log has signed last, and why it stopped signing, in files outside the database: a
// restored backup cannot make the log forget.
#pragma once

#include <optional>
#include <string>

#include "ledger/checkpoint_store.h"
#include "ledger/domain/checkpoint.h"
#include "platform/core/result.h"

namespace zonelink::ledger {

// Two heads of one log that cannot both be true.
struct Frozen {
  std::string reason;  // `ROLLBACK` or `FORK`
  std::string before;  // signed or cosigned earlier, a signed note; empty where nobody had it
  std::string now;     // what contradicts it, a checkpoint's text
};

class StateFile {
 public:
  explicit StateFile(std::string path) : path_(std::move(path)) {}

  // The checkpoint signed last; nothing where there is no file. FailedPrecondition
  // `LEDGER_STATE_INVALID` when it cannot be read or is not a checkpoint that `log` has signed.
  Result<std::optional<SignedCheckpoint>> ReadHead(const VerifierKey& log) const;
  // On disk when it returns. Unavailable `LEDGER_STATE_UNWRITABLE`.
  Status WriteHead(const SignedCheckpoint& head) const;

  // `<path>.frozen`; as above.
  Result<std::optional<Frozen>> ReadFrozen() const;
  Status WriteFrozen(const Frozen& frozen) const;

 private:
  std::string path_;
};

}  // namespace zonelink::ledger
