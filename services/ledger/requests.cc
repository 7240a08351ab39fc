// SPDX-License-Identifier: Apache-2.0
#include "ledger/requests.h"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>

namespace zonelink::ledger {
namespace {

Error PathInvalid(std::string_view what) {
  return InvalidArgument("TILE_PATH_INVALID", fmt::format("'{}' names no tile", what));
}

Error Unknown() { return NotFound("TILE_UNKNOWN", "no checkpoint covers it"); }

}  // namespace

Result<TileRequest> ParseTile(const v1::GetTileRequest& request) {
  const auto level = ParseTileLevel(request.level());
  if (!level) return PathInvalid(request.level());
  const auto place = ParsePlace(request.index());
  if (!place) return PathInvalid(request.index());
  return TileRequest{.level = *level, .place = *place};
}

Result<TilePlace> ParseBundle(const v1::GetEntriesRequest& request) {
  const auto place = ParsePlace(request.index());
  if (!place) return PathInvalid(request.index());
  return *place;
}

Status CheckCovered(unsigned level, const TilePlace& place, uint64_t size) {
  if (place.width > TileWidthAt(level, place.index, size)) return Unknown();
  return Done{};
}

Result<Sizes> ParseSizes(const v1::GetConsistencyProofRequest& request, uint64_t published) {
  if (request.from() <= 0 || request.from() > request.to()) {
    return InvalidArgument("SIZES_INVALID", "sizes go up from 1: 0 < from <= to");
  }
  const Sizes sizes{.from = static_cast<uint64_t>(request.from()),
                    .to = static_cast<uint64_t>(request.to())};
  if (sizes.to > published) return Unknown();
  return sizes;
}

Status CheckEventId(std::string_view event_id) {
  constexpr std::string_view kForm = "xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx";
  const bool fits =
      std::equal(event_id.begin(), event_id.end(), kForm.begin(), kForm.end(), [](char c, char f) {
        return f == 'x' ? std::isxdigit(static_cast<unsigned char>(c)) != 0 : c == f;
      });
  if (fits) return Done{};
  return NotFound("EVENT_UNKNOWN", "not the form of an event's id");
}

}  // namespace zonelink::ledger
