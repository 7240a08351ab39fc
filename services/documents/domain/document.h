// SPDX-License-Identifier: Apache-2.0
// A document in an enterprise's vault, and the chunks in which its bytes come. Pure rules.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "platform/core/id.h"
#include "platform/core/result.h"
#include "platform/core/time.h"

namespace zonelink::documents {

using DocumentId = Id<struct DocumentTag>;

inline constexpr int64_t kMostBytes = int64_t{50} << 20;
// Every chunk but the last; what the gateway takes in one body.
inline constexpr int32_t kChunkBytes = 1 << 20;
// What is not complete after this time is removed; the database's rule says the same.
inline constexpr std::chrono::hours kUploadLife{24};
// Of one organisation at the same time.
inline constexpr int kMostUploads = 20;

struct Document {
  DocumentId id;  // of its upload too
  std::string organization_id;
  std::string sha256;  // lower-case hexadecimal
  std::string title;
  std::string kind;
  std::string media_type;
  int64_t size_bytes = 0;
  std::optional<Date> valid_from;
  std::optional<Date> valid_until;  // last day
  int32_t chunk_bytes = kChunkBytes;
  std::string user_id;            // who hands it in
  Time started_at;                // wall time
  std::optional<Time> stored_at;  // nothing: the bytes are on their way
  int64_t version = 0;            // of its newest event
  Time changed_at;                // of its newest event
};

int32_t ChunkCount(const Document& document);
// Of an index that the document has.
int64_t ChunkSize(const Document& document, int32_t index);
bool ValidOn(const Document& document, Date day);

// What was announced. Refuses `DOCUMENT_DATES`.
Status CheckAnnounced(const Document& document);
// A chunk that arrives. Refuses `UPLOAD_COMPLETE`, `CHUNK_UNKNOWN`, `SIZE_MISMATCH`.
Status CheckChunk(const Document& document, int32_t index, size_t bytes);
// Indexes that have not arrived, ascending; `arrived` is ascending too.
std::vector<int32_t> MissingChunks(const Document& document, const std::vector<int32_t>& arrived);
int64_t ReceivedBytes(const Document& document, const std::vector<int32_t>& arrived);
// Refuses `CHUNK_MISSING`.
Status CheckWhole(const Document& document, const std::vector<int32_t>& arrived);
// Refuses `HASH_MISMATCH`.
Status CheckHash(const Document& document, const std::string& sha256);
// `cases`: how many refer to it. What is not complete is given up at any time. Refuses
// `DOCUMENT_REFERRED`.
Status CheckDiscard(const Document& document, int64_t cases);

}  // namespace zonelink::documents
