// SPDX-License-Identifier: Apache-2.0
// The access matrix of documents.
#include <fmt/format.h>

#include "tests/integration/call_rows.h"
#include "tests/support/documents.h"

namespace zonelink::test {
namespace {

// An upload of the own organisation, with its only chunk or without.
std::string Upload(Cast& cast, bool sent) {
  const std::string bytes = RandomDocument(100);
  const std::string id =
      cast.As("filer").Post("/v1/documents", AnnouncementJson(bytes)).text("uploadId");
  if (sent) PutChunk(cast.As("filer"), id, 0, bytes);
  return id;
}

Target OnDocument(const std::string& sha256, const std::string& rest,
                  const std::string& body = "") {
  return {.path = "/v1/documents/" + sha256 + rest, .body = body, .id = sha256};
}

std::vector<CallRow> UploadRows() {
  return {
      {.rpc = "DocumentsService/StartUpload",
       .allowed = kMembers + kForeignMembers,
       .make =
           [](Cast&, const std::string&) {
             return Target{
                 .path = "/v1/documents", .body = AnnouncementJson(RandomDocument(100)), .id = {}};
           },
       .status = 201},
      {.rpc = "DocumentsService/PutChunk",
       .allowed = kMembers,
       .hidden = kForeignMembers,
       .make =
           [](Cast& cast, const std::string&) {
             const std::string id = Upload(cast, false);
             return Target{.path = fmt::format("/v1/uploads/{}/chunks/0", id),
                           .body = RandomDocument(100),
                           .id = id,
                           .content_type = "application/octet-stream"};
           }},
      {.rpc = "DocumentsService/GetUpload",
       .allowed = kMembers,
       .hidden = kForeignMembers,
       .make =
           [](Cast& cast, const std::string&) {
             const std::string id = Upload(cast, false);
             return Target{.path = "/v1/uploads/" + id, .body = {}, .id = id};
           }},
      {.rpc = "DocumentsService/CompleteUpload",
       .allowed = kMembers,
       .hidden = kForeignMembers,
       .make =
           [](Cast& cast, const std::string&) {
             const std::string id = Upload(cast, true);
             return Target{
                 .path = fmt::format("/v1/uploads/{}:complete", id), .body = "{}", .id = id};
           }},
  };
}

std::vector<CallRow> VaultRows() {
  return {
      {.rpc = "DocumentsService/ListDocuments",
       .allowed = kMembers + kForeignMembers,
       .make =
           [](Cast& cast, const std::string&) {
             return Target{.path = "/v1/documents", .body = {}, .id = cast.Document(true)};
           },
       .canary = kMembers},
      {.rpc = "DocumentsService/ReadDocument",
       .allowed = kMembers +
                  "verifier reviewer zone_admin verifier@home reviewer@home secretariat chair "
                  "auditor",
       .hidden = kForeignMembers + "verifier~ reviewer~ zone_admin~",
       .make = [](Cast& cast, const std::string&) { return OnDocument(cast.Document(true), ""); }},
      {.rpc = "DocumentsService/ReadDocument",
       .variant = "to which no case refers",
       .allowed = kMembers + "auditor",
       .hidden = kForeignMembers +
                 "verifier~ reviewer~ zone_admin~ verifier reviewer zone_admin verifier@home "
                 "reviewer@home secretariat chair",
       .make = [](Cast& cast, const std::string&) { return OnDocument(cast.Document(false), ""); }},
      {.rpc = "DocumentsService/ListReadings",
       .allowed = kMembers + "auditor",
       .hidden = kForeignMembers,
       .make = [](Cast& cast,
                  const std::string&) { return OnDocument(cast.Document(true), "/readings"); }},
      {.rpc = "DocumentsService/DiscardDocument",
       .allowed = kMembers,
       .hidden = kForeignMembers,
       .make =
           [](Cast& cast, const std::string&) {
             return OnDocument(cast.Document(false), ":discard", "{}");
           }},
  };
}

}  // namespace

std::vector<CallRow> DocumentsRows() {
  std::vector<CallRow> all = UploadRows();
  const auto rest = VaultRows();
  all.insert(all.end(), rest.begin(), rest.end());
  return all;
}

}  // namespace zonelink::test
