// SPDX-License-Identifier: Apache-2.0
// Verifies a whole log from its tiles, whoever runs it: every entry hashes to its leaf, every tile
// to the one above, all of them to the checkpoint's root.
#pragma once

#include <cstdint>
#include <functional>

#include "ledger/domain/checkpoint.h"

namespace zonelink::ledger {

struct LogCheckOptions {
  uint64_t from = 0;  // entries before it are trusted: they were verified earlier
  // After each bundle: entries verified so far, entries to verify (without those before `from`).
  // False stops: Aborted `STOPPED`.
  std::function<bool(uint64_t done, uint64_t total)> progress;
  // Each entry from `from` on, in order, once it is verified. Refusals end the check.
  std::function<Status(uint64_t index, std::string_view entry)> entry;
};

struct LogCheck {
  uint64_t entries = 0;      // verified
  uint64_t entry_bytes = 0;  // hashed
};

// Reads the log in order and holds one tile per level at a time besides those at the right edge.
// InvalidArgument `LEAF_MISMATCH` (an entry is not what its leaf says), `TILE_MISMATCH` (a tile is
// not what the one above says), `TILE_INVALID`, `BUNDLE_INVALID`, with the `path` and the `index`
// of the first entry concerned in the metadata; `ROOT_MISMATCH`; `SIZES_INVALID` when `from` lies
// beyond the checkpoint. What `fetch` refuses.
Result<LogCheck> CheckLog(const Checkpoint& checkpoint, const Fetch& fetch,
                          const LogCheckOptions& options);

}  // namespace zonelink::ledger
