// SPDX-License-Identifier: Apache-2.0
// Documents through the public API.
#pragma once

#include <string>

#include "tests/support/api.h"

namespace zonelink::test {

// Bytes that nobody else has.
std::string RandomDocument(size_t bytes);
std::string HashOf(const std::string& bytes);
// Body of POST /v1/documents.
std::string AnnouncementJson(const std::string& bytes, const std::string& kind = "certificate");
Answer PutChunk(Api& api, const std::string& upload_id, int index, const std::string& chunk);
// Announced, sent and completed; its hash. Throws std::runtime_error where that is refused.
std::string UploadDocument(Api& api, const std::string& bytes,
                           const std::string& kind = "certificate");

}  // namespace zonelink::test
