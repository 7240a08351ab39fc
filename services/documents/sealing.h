// SPDX-License-Identifier: Apache-2.0
// How a chunk lies in the database: AES-256-GCM under its document's key, bound to the document,
// its place and the number of chunks, so that none can be changed, moved or left out unseen.
#pragma once

#include <string>
#include <string_view>

#include "documents/domain/document.h"
#include "platform/core/result.h"

namespace zonelink::documents {

struct SealedChunk {
  // Random, so that neither a chunk that replaces another nor one of a transaction that was rolled
  // back shares its nonce with anything.
  std::string nonce;
  std::string bytes;
};

SealedChunk Seal(std::string_view data_key, const Document& document, int32_t index,
                 std::string_view plain);
// FailedPrecondition `DOCUMENT_DAMAGED`.
Result<std::string> Open(std::string_view data_key, const Document& document, int32_t index,
                         const SealedChunk& chunk);

}  // namespace zonelink::documents
