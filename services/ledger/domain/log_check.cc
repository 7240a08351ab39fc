// SPDX-License-Identifier: Apache-2.0
#include "ledger/domain/log_check.h"

#include <fmt/format.h>

#include <string>
#include <vector>

namespace zonelink::ledger {
namespace {

struct Bundle {
  std::string path;
  std::vector<std::string> entries;
};

Error Located(Error error, std::string path, uint64_t index) {
  error.metadata = {{"path", std::move(path)}, {"index", fmt::to_string(index)}};
  return error;
}

Result<Bundle> ReadBundle(const TilePlace& place, const Fetch& fetch) {
  auto fetched = FetchPlace(fetch, place, EntriesPath);
  if (!fetched) return std::move(fetched).error();
  auto entries = DecodeBundle(fetched->bytes, fetched->width);
  if (!entries) {
    return Located(std::move(entries).error(), std::move(fetched->path), place.index * kTileWidth);
  }
  entries->resize(place.width);
  return Bundle{.path = std::move(fetched->path), .entries = std::move(*entries)};
}

// Entries of one bundle against the leaves of its tile.
Status CheckBundle(const TilePlace& place, std::span<const Hash> leaves, const Fetch& fetch,
                   const LogCheckOptions& options, LogCheck& check) {
  const auto bundle = ReadBundle(place, fetch);
  if (!bundle) return bundle.error();
  for (size_t i = 0; i < bundle->entries.size(); ++i) {
    const uint64_t index = place.index * kTileWidth + i;
    if (index < options.from) continue;
    const std::string& entry = bundle->entries[i];
    if (LeafHash(entry) != leaves[i]) {
      return Located(InvalidArgument("LEAF_MISMATCH",
                                     fmt::format("entry {} is not what its leaf says", index)),
                     bundle->path, index);
    }
    ++check.entries;
    check.entry_bytes += entry.size();
    if (!options.entry) continue;
    auto taken = options.entry(index, entry);
    if (!taken) return taken;
  }
  return Done{};
}

}  // namespace

Result<LogCheck> CheckLog(const Checkpoint& checkpoint, const Fetch& fetch,
                          const LogCheckOptions& options) {
  if (options.from > checkpoint.size) {
    return InvalidArgument("SIZES_INVALID", fmt::format("the log has {} entries, not {}",
                                                        checkpoint.size, options.from));
  }
  TileReader reader(checkpoint, fetch);
  const auto root = reader.CheckRoot();
  if (!root) return root.error();
  LogCheck check;
  const uint64_t total = checkpoint.size - options.from;
  for (uint64_t index = options.from / kTileWidth; check.entries < total; ++index) {
    const auto leaves = reader.ReadTile(0, index);
    if (!leaves) return leaves.error();
    const TilePlace place{.index = index, .width = static_cast<unsigned>(leaves->size())};
    const auto checked = CheckBundle(place, *leaves, fetch, options, check);
    if (!checked) return checked.error();
    reader.ForgetBefore((index + 1) * kTileWidth);
    if (options.progress && !options.progress(check.entries, total)) {
      return Aborted("STOPPED", fmt::format("after {} of {} entries", check.entries, total));
    }
  }
  return check;
}

}  // namespace zonelink::ledger
