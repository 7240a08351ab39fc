// SPDX-License-Identifier: Apache-2.0
#include "tests/support/documents.h"

#include <fmt/format.h>

#include <stdexcept>

#include "platform/crypto/crypto.h"

namespace zonelink::test {
namespace {

Answer Must(const Answer& answer, const char* what) {
  if (!answer.ok())
    throw std::runtime_error(fmt::format("{}: {} {}", what, answer.status, answer.body));
  return answer;
}

}  // namespace

std::string RandomDocument(size_t bytes) {
  const std::string seed = crypto::RandomBytes(16);
  std::string document;
  document.reserve(bytes + 32);
  for (int i = 0; document.size() < bytes; ++i)
    document += crypto::Sha256(seed + std::to_string(i));
  document.resize(bytes);
  return document;
}

std::string HashOf(const std::string& bytes) { return crypto::HexEncode(crypto::Sha256(bytes)); }

std::string AnnouncementJson(const std::string& bytes, const std::string& kind) {
  return fmt::format(
      R"({{"title":"原产地证书 \"1\".pdf","kind":"{}","mediaType":"application/pdf","sizeBytes":"{}",)"
      R"("sha256":"{}","validFrom":"2026-01-01","validUntil":"2027-12-31"}})",
      kind, bytes.size(), HashOf(bytes));
}

Answer PutChunk(Api& api, const std::string& upload_id, int index, const std::string& chunk) {
  return api.Send({.method = "POST",
                   .path = fmt::format("/v1/uploads/{}/chunks/{}", upload_id, index),
                   .headers = {{"Content-Type", "application/octet-stream"}},
                   .body = chunk});
}

std::string UploadDocument(Api& api, const std::string& bytes, const std::string& kind) {
  const Answer upload = Must(api.Post("/v1/documents", AnnouncementJson(bytes, kind)), "announce");
  const size_t size = std::stoul(upload.text("chunkBytes"));
  const std::string id = upload.text("uploadId");
  for (size_t at = 0; at < bytes.size(); at += size) {
    Must(PutChunk(api, id, static_cast<int>(at / size), bytes.substr(at, size)), "send");
  }
  return Must(api.Post(fmt::format("/v1/uploads/{}:complete", id), "{}"), "complete")
      .text("sha256");
}

}  // namespace zonelink::test
