// SPDX-License-Identifier: Apache-2.0
#include "documents/domain/document.h"

#include <fmt/format.h>

#include <algorithm>

#include "platform/core/check.h"

namespace zonelink::documents {

int32_t ChunkCount(const Document& document) {
  return static_cast<int32_t>((document.size_bytes + document.chunk_bytes - 1) /
                              document.chunk_bytes);
}

int64_t ChunkSize(const Document& document, int32_t index) {
  ZL_CHECK(index >= 0 && index < ChunkCount(document), "an index of the document");
  const int64_t before = int64_t{index} * document.chunk_bytes;
  return std::min<int64_t>(document.chunk_bytes, document.size_bytes - before);
}

bool ValidOn(const Document& document, Date day) {
  if (document.valid_from && day < *document.valid_from) return false;
  return !document.valid_until || day <= *document.valid_until;
}

Status CheckAnnounced(const Document& document) {
  if (!document.valid_from || !document.valid_until) return Done{};
  if (*document.valid_from <= *document.valid_until) return Done{};
  return InvalidArgument("DOCUMENT_DATES", "it ends before it begins to be valid");
}

Status CheckChunk(const Document& document, int32_t index, size_t bytes) {
  if (document.stored_at)
    return FailedPrecondition("UPLOAD_COMPLETE", "the upload is complete; nothing changes it");
  const int32_t count = ChunkCount(document);
  if (index < 0 || index >= count) {
    return InvalidArgument("CHUNK_UNKNOWN", fmt::format("chunks are numbered 0 to {}", count - 1),
                           {{"last", std::to_string(count - 1)}});
  }
  const int64_t expected = ChunkSize(document, index);
  if (static_cast<int64_t>(bytes) == expected) return Done{};
  return InvalidArgument("SIZE_MISMATCH",
                         fmt::format("chunk {} has {} bytes, not {}", index, expected, bytes),
                         {{"expected", std::to_string(expected)}});
}

std::vector<int32_t> MissingChunks(const Document& document, const std::vector<int32_t>& arrived) {
  std::vector<int32_t> missing;
  auto next = arrived.begin();
  for (int32_t index = 0; index < ChunkCount(document); ++index) {
    if (next != arrived.end() && *next == index) {
      ++next;
    } else {
      missing.push_back(index);
    }
  }
  return missing;
}

int64_t ReceivedBytes(const Document& document, const std::vector<int32_t>& arrived) {
  int64_t bytes = 0;
  for (const int32_t index : arrived) bytes += ChunkSize(document, index);
  return bytes;
}

Status CheckWhole(const Document& document, const std::vector<int32_t>& arrived) {
  const std::vector<int32_t> missing = MissingChunks(document, arrived);
  if (missing.empty()) return Done{};
  return FailedPrecondition(
      "CHUNK_MISSING",
      fmt::format("{} chunks have not arrived, the first is {}", missing.size(), missing[0]),
      {{"count", std::to_string(missing.size())}, {"first", std::to_string(missing[0])}});
}

Status CheckHash(const Document& document, const std::string& sha256) {
  if (sha256 == document.sha256) return Done{};
  return FailedPrecondition("HASH_MISMATCH", "what arrived is not what was announced",
                            {{"sha256", sha256}});
}

Status CheckDiscard(const Document& document, int64_t cases) {
  if (!document.stored_at || cases == 0) return Done{};
  return FailedPrecondition("DOCUMENT_REFERRED", fmt::format("{} cases refer to it", cases),
                            {{"count", std::to_string(cases)}});
}

}  // namespace zonelink::documents
