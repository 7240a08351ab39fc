// SPDX-License-Identifier: Apache-2.0
// Requests as the rules want them.
#pragma once

#include <cstdint>
#include <string_view>

#include "ledger/domain/tile.h"
#include "platform/core/result.h"
#include "zonelink/ledger/v1/ledger_service.pb.h"

namespace zonelink::ledger {

struct TileRequest {
  unsigned level = 0;
  TilePlace place;
};

// InvalidArgument `TILE_PATH_INVALID`.
Result<TileRequest> ParseTile(const v1::GetTileRequest& request);
Result<TilePlace> ParseBundle(const v1::GetEntriesRequest& request);
// NotFound `TILE_UNKNOWN` where a tree of `size` leaves does not make the tile so wide.
Status CheckCovered(unsigned level, const TilePlace& place, uint64_t size);

struct Sizes {
  uint64_t from = 0;
  uint64_t to = 0;
};

// InvalidArgument `SIZES_INVALID`; NotFound `TILE_UNKNOWN` beyond `published`.
Result<Sizes> ParseSizes(const v1::GetConsistencyProofRequest& request, uint64_t published);

// NotFound `EVENT_UNKNOWN` unless it has the form of an event's id.
Status CheckEventId(std::string_view event_id);

}  // namespace zonelink::ledger
