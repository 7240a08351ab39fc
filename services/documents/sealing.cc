// SPDX-License-Identifier: Apache-2.0
#include "documents/sealing.h"

#include <fmt/format.h>

#include "platform/crypto/aead.h"
#include "platform/crypto/crypto.h"

namespace zonelink::documents {
namespace {

std::string Bound(const Document& document, int32_t index) {
  return fmt::format("documents/{}/{}/{}", document.id.str(), index, ChunkCount(document));
}

}  // namespace

SealedChunk Seal(std::string_view data_key, const Document& document, int32_t index,
                 std::string_view plain) {
  SealedChunk chunk{.nonce = crypto::RandomBytes(crypto::kGcmNonceBytes), .bytes = {}};
  chunk.bytes = crypto::AesGcmSeal(data_key, chunk.nonce, Bound(document, index), plain);
  return chunk;
}

Result<std::string> Open(std::string_view data_key, const Document& document, int32_t index,
                         const SealedChunk& chunk) {
  auto plain = crypto::AesGcmOpen(data_key, chunk.nonce, Bound(document, index), chunk.bytes);
  if (plain && static_cast<int64_t>(plain->size()) == ChunkSize(document, index))
    return *std::move(plain);
  return FailedPrecondition("DOCUMENT_DAMAGED",
                            fmt::format("chunk {} is not what was sealed", index));
}

}  // namespace zonelink::documents
