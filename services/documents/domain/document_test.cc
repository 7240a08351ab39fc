// SPDX-License-Identifier: Apache-2.0
#include "documents/domain/document.h"

#include <gtest/gtest.h>

#include <numeric>

namespace zonelink::documents {
namespace {

Document Of(int64_t size_bytes, int32_t chunk_bytes = 10) {
  return {.sha256 = "ab", .size_bytes = size_bytes, .chunk_bytes = chunk_bytes};
}

std::string ReasonOf(const Status& status) { return status ? "" : status.error().reason; }

TEST(Chunks, CoverTheDocumentOnce) {
  for (const int64_t size : {1, 9, 10, 11, 19, 20, 21, 99, 100, 101}) {
    const Document document = Of(size);
    int64_t sum = 0;
    for (int32_t i = 0; i < ChunkCount(document); ++i) {
      EXPECT_GE(ChunkSize(document, i), 1);
      EXPECT_LE(ChunkSize(document, i), 10);
      if (i + 1 < ChunkCount(document)) {
        EXPECT_EQ(ChunkSize(document, i), 10);
      }
      sum += ChunkSize(document, i);
    }
    EXPECT_EQ(sum, size);
  }
  EXPECT_EQ(ChunkCount(Of(kMostBytes, kChunkBytes)), 50);
}

TEST(Chunks, AreTakenInTheirSizesOnly) {
  const Document document = Of(25);
  const std::tuple<int32_t, size_t, const char*> cases[] = {{0, 10, ""},
                                                            {1, 10, ""},
                                                            {2, 5, ""},
                                                            {0, 9, "SIZE_MISMATCH"},
                                                            {0, 11, "SIZE_MISMATCH"},
                                                            {0, 0, "SIZE_MISMATCH"},
                                                            {2, 10, "SIZE_MISMATCH"},
                                                            {2, 4, "SIZE_MISMATCH"},
                                                            {3, 5, "CHUNK_UNKNOWN"},
                                                            {-1, 10, "CHUNK_UNKNOWN"},
                                                            {2147483647, 10, "CHUNK_UNKNOWN"}};
  for (const auto& [index, bytes, reason] : cases) {
    EXPECT_EQ(ReasonOf(CheckChunk(document, index, bytes)), reason) << index << " " << bytes;
  }
  Document stored = document;
  stored.stored_at = Time{};
  EXPECT_EQ(ReasonOf(CheckChunk(stored, 0, 10)), "UPLOAD_COMPLETE");
}

TEST(Chunks, WhatIsMissingIsKnown) {
  const Document document = Of(35);
  const std::tuple<std::vector<int32_t>, std::vector<int32_t>, int64_t> cases[] = {
      {{}, {0, 1, 2, 3}, 0},
      {{0}, {1, 2, 3}, 10},
      {{3}, {0, 1, 2}, 5},
      {{1, 2}, {0, 3}, 20},
      {{0, 1, 2, 3}, {}, 35}};
  for (const auto& [arrived, missing, bytes] : cases) {
    EXPECT_EQ(MissingChunks(document, arrived), missing);
    EXPECT_EQ(ReceivedBytes(document, arrived), bytes);
    EXPECT_EQ(ReasonOf(CheckWhole(document, arrived)), missing.empty() ? "" : "CHUNK_MISSING");
  }
}

TEST(Announced, EndsAfterItBegins) {
  const Date first = *ParseDate("2026-03-02");
  const Date second = *ParseDate("2026-03-03");
  Document document = Of(1);
  EXPECT_TRUE(CheckAnnounced(document));
  document.valid_until = first;
  EXPECT_TRUE(CheckAnnounced(document));
  document.valid_from = first;
  EXPECT_TRUE(CheckAnnounced(document));
  document.valid_from = second;
  EXPECT_EQ(ReasonOf(CheckAnnounced(document)), "DOCUMENT_DATES");
}

TEST(Validity, HoldsFromTheFirstDayToTheLast) {
  const Date day = *ParseDate("2026-03-02");
  const auto valid = [&](std::optional<Date> from, std::optional<Date> until) {
    Document document = Of(1);
    document.valid_from = from;
    document.valid_until = until;
    return ValidOn(document, day);
  };
  EXPECT_TRUE(valid({}, {}));
  EXPECT_TRUE(valid(day, day));
  EXPECT_TRUE(valid({}, day));
  EXPECT_TRUE(valid(day, {}));
  EXPECT_FALSE(valid({}, day - std::chrono::days(1)));
  EXPECT_FALSE(valid(day + std::chrono::days(1), {}));
}

TEST(Whole, IsWhatWasAnnounced) {
  EXPECT_TRUE(CheckHash(Of(1), "ab"));
  EXPECT_EQ(ReasonOf(CheckHash(Of(1), "ac")), "HASH_MISMATCH");
}

TEST(Discard, WaitsUntilNoCaseRefersToIt) {
  Document document = Of(1);
  EXPECT_TRUE(CheckDiscard(document, 1));  // its bytes are not there
  document.stored_at = Time{};
  EXPECT_TRUE(CheckDiscard(document, 0));
  EXPECT_EQ(ReasonOf(CheckDiscard(document, 1)), "DOCUMENT_REFERRED");
}

}  // namespace
}  // namespace zonelink::documents
