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

// A tile or bundle as fetched: where the partial one is not found (any more), the full one, which
// begins with the same.
struct Fetched {
  std::string path;
  std::string bytes;
  unsigned width = 0;  // hashes or entries that `bytes` must have
};
Result<Fetched> FetchPlace(const Fetch& fetch, const TilePlace& place,
                           const std::function<std::string(const TilePlace&)>& path_of);

// Reads nodes of a tree of `size` leaves out of tiles; keeps the tiles it has read. Each tile that
// hangs below another is checked against it, those at the right edge against the checkpoint's root,
// so that nothing false is handed out. InvalidArgument `TILE_INVALID` (not so many hashes) and
// `TILE_MISMATCH` (not what the tile above says), with the tile's `path` and `index`, the first
// leaf below it, in the metadata; `ROOT_MISMATCH`. What `fetch` refuses.
class TileReader {
 public:
  TileReader(const Checkpoint& checkpoint, Fetch fetch);
  // A node of the checkpoint's tree.
  Result<Hash> Read(NodeId node);
  // All hashes of a tile of the checkpoint's tree, until it is forgotten.
  Result<std::span<const Hash>> ReadTile(unsigned level, uint64_t index);
  // The hashes of the tiles at the right edge make the checkpoint's root: `ROOT_MISMATCH`. Done
  // once, by the first Read at the latest.
  Status CheckRoot();
  // Drops the full tiles that hold only what lies before `leaf`.
  void ForgetBefore(uint64_t leaf);

 private:
  // Checked against the tile above where there is one.
  Result<std::span<const Hash>> Tile(unsigned level, const TilePlace& place);
  Result<Hash> NodeFromTile(const NodeId& node);

  Checkpoint checkpoint_;
  Fetch fetch_;
  bool root_checked_ = false;
  std::map<std::pair<unsigned, uint64_t>, std::vector<Hash>> tiles_;
};

// The newer one begins with the older one, shown by tiles: none are read where the sizes are equal
// or the older tree is empty. `PROOF_INVALID` when it does not; as TileReader.
Status CheckConsistent(const Checkpoint& older, const Checkpoint& newer, const Fetch& fetch);

}  // namespace zonelink::ledger
