// SPDX-License-Identifier: Apache-2.0
// Checkpoints: what a log says its tree is (https://c2sp.org/tlog-checkpoint), who must have signed
// it, and what two of them say about each other.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "ledger/domain/merkle.h"
#include "ledger/domain/note.h"
#include "ledger/domain/tile.h"

namespace zonelink::ledger {

struct Checkpoint {
  std::string origin;
  uint64_t size = 0;
  Hash root;

  // InvalidArgument `CHECKPOINT_INVALID`. Extension lines are accepted and not kept.
  static Result<Checkpoint> Parse(std::string_view text);
  // The note's text.
  std::string Format() const;
  friend bool operator==(const Checkpoint&, const Checkpoint&) = default;
};

// Whom a reader trusts.
struct TrustPolicy {
  std::string origin;  // empty: the log key's name
  VerifierKey log;
  std::vector<VerifierKey> witnesses;
  unsigned quorum = 0;  // cosignatures needed
};

struct TrustedCheckpoint {
  Checkpoint checkpoint;
  Note note;
  std::vector<VerifierKey> cosigners;  // of the policy's witnesses
};

// InvalidArgument as Note::Parse and Checkpoint::Parse, `SIGNATURE_INVALID`,
// `LOG_SIGNATURE_MISSING`, `ORIGIN_MISMATCH`, `QUORUM_MISSING`.
Result<TrustedCheckpoint> OpenCheckpoint(std::string_view note, const TrustPolicy& policy);

// Reads one resource below a log's prefix: `checkpoint`, `tile/0/000`, `tile/entries/000.p/7`.
using Fetch = std::function<Result<std::string>(const std::string& path)>;

// Reads nodes of a tree of `size` leaves out of tiles; keeps the tiles it has read. Each tile that
// hangs below another is checked against it, so that with a verified root nothing false is handed
// out. InvalidArgument `TILE_INVALID`; what `fetch` refuses.
class TileReader {
 public:
  TileReader(const Checkpoint& checkpoint, Fetch fetch);
  Result<Hash> Read(NodeId node);
  // The hashes of the tiles at the right edge make the checkpoint's root: `ROOT_MISMATCH`.
  Status CheckRoot();

 private:
  Result<const std::vector<Hash>*> Tile(unsigned level, const TilePlace& place);

  Checkpoint checkpoint_;
  Fetch fetch_;
  std::map<std::pair<unsigned, uint64_t>, std::vector<Hash>> tiles_;
};

// The newer one begins with the older one, shown by tiles. `PROOF_INVALID`, `ROOT_MISMATCH`.
Status CheckConsistent(const Checkpoint& older, const Checkpoint& newer, const Fetch& fetch);

}  // namespace zonelink::ledger
