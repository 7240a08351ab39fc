// SPDX-License-Identifier: Apache-2.0
#include "documents/test_documents.h"

#include <fcntl.h>
#include <unistd.h>

#include "documents/intake.h"
#include "documents/mandate_store.h"
#include "documents/module.h"
#include "platform/crypto/crypto.h"
#include "platform/rpc/timestamp.h"
#include "zonelink/events/v1/directory_events.pb.h"
#include "zonelink/events/v1/recognition_events.pb.h"

namespace zonelink::documents {
namespace {

// Random, but quickly made.
std::string Expanded(const std::string& seed, size_t count) {
  std::string bytes;
  bytes.reserve(count + 32);
  for (size_t i = 0; bytes.size() < count; ++i) bytes += crypto::Sha256(seed + std::to_string(i));
  bytes.resize(count);
  return bytes;
}

}  // namespace

db::ScratchDatabase* DocumentsTest::scratch_ = nullptr;

void DocumentsTest::SetUpTestSuite() { scratch_ = new db::ScratchDatabase(Schema()); }

void DocumentsTest::TearDownTestSuite() {
  delete scratch_;
  scratch_ = nullptr;
}

DocumentsTest::DocumentsTest()
    : organization_("org-" + crypto::HexEncode(crypto::RandomBytes(6))),
      folder_(std::filesystem::temp_directory_path() /
              ("zl-documents-" + crypto::HexEncode(crypto::RandomBytes(8)))) {
  std::filesystem::create_directory(folder_);
  clock_.now = SystemClock().Now();
  config_.set_key_file(NewKeyFile("first"));
  Restart();
}

DocumentsTest::~DocumentsTest() {
  process_.reset();
  std::filesystem::remove_all(folder_);
}

void DocumentsTest::Restart() {
  process_.reset();
  process_.emplace(scratch_->OptionsFor(Schema()), config_, clock_);
}

std::string DocumentsTest::NewKeyFile(const std::string& name) {
  const std::string path = folder_ / name;
  const std::string text = crypto::HexEncode(crypto::RandomBytes(32)) + "\n";
  const int fd = open(path.c_str(), O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
  ZL_CHECK(fd >= 0 && write(fd, text.data(), text.size()) == static_cast<ssize_t>(text.size()),
           "a key file");
  close(fd);
  return path;
}

Call DocumentsTest::By(Caller caller) {
  Call call;
  call.caller = std::move(caller);
  call.rpc = "test";
  call.deadline = std::chrono::steady_clock::now() + std::chrono::seconds(60);
  return call;
}

Call DocumentsTest::Filer(const std::string& organization) {
  return By({.user_id = "filer-" + organization,
             .name = "Filer",
             .organization_id = organization,
             .roles = {"filer"}});
}

Call DocumentsTest::Officer(const std::string& zone) {
  return By(
      {.user_id = "verifier-" + zone, .name = "Verifier", .zone = zone, .roles = {"verifier"}});
}

std::string DocumentsTest::NewBytes(size_t count) {
  return Expanded(crypto::RandomBytes(16), count);
}

pb::StartUploadRequest DocumentsTest::Announcement(const std::string& bytes) {
  pb::StartUploadRequest request;
  request.set_title("营业执照.pdf");
  request.set_kind("business-licence");
  request.set_media_type("application/pdf");
  request.set_size_bytes(static_cast<int64_t>(bytes.size()));
  request.set_sha256(crypto::HexEncode(crypto::Sha256(bytes)));
  return request;
}

Result<pb::Upload> DocumentsTest::Put(const Call& call, const std::string& upload_id, int32_t index,
                                      const std::string& chunk) {
  pb::PutChunkRequest request;
  request.set_upload_id(upload_id);
  request.set_index(index);
  request.mutable_content()->set_content_type("application/octet-stream");
  request.mutable_content()->set_data(chunk);
  return service().PutChunk(call, request);
}

Result<pb::VaultDocument> DocumentsTest::Complete(const Call& call, const std::string& upload_id) {
  pb::CompleteUploadRequest request;
  request.set_upload_id(upload_id);
  return service().CompleteUpload(call, request);
}

std::string DocumentsTest::Store(const Call& call, const std::string& bytes) {
  const pb::Upload upload = Must(service().StartUpload(call, Announcement(bytes)));
  if (upload.has_document()) return upload.document().sha256();
  for (int32_t i = 0; i < upload.chunk_count(); ++i) {
    const size_t from = static_cast<size_t>(i) * static_cast<size_t>(upload.chunk_bytes());
    Must(Put(call, upload.upload_id(), i,
             bytes.substr(from, static_cast<size_t>(upload.chunk_bytes()))));
  }
  return Must(Complete(call, upload.upload_id())).sha256();
}

Result<api::Raw> DocumentsTest::Read(const Call& call, const std::string& sha256,
                                     const std::string& case_id, const std::string& token) {
  pb::ReadDocumentRequest request;
  request.set_sha256(sha256);
  request.set_case_id(case_id);
  request.set_page_token(token);
  return service().ReadDocument(call, request);
}

Result<std::string> DocumentsTest::ReadAll(const Call& call, const std::string& sha256,
                                           const std::string& case_id) {
  std::string bytes;
  std::string token;
  do {
    const auto part = Read(call, sha256, case_id, token);
    if (!part) return part.error();
    bytes += part->data();
    token = part->next_page_token();
  } while (!token.empty());
  return bytes;
}

Result<pb::ListReadingsResponse> DocumentsTest::Readings(const Call& call,
                                                         const std::string& sha256) {
  pb::ListReadingsRequest request;
  request.set_sha256(sha256);
  return service().ListReadings(call, request);
}

void DocumentsTest::Refer(const std::string& organization, const std::string& case_id,
                          const std::vector<std::string>& hashes,
                          const std::vector<std::string>& parties) {
  Hear({Referral(organization, case_id, hashes, parties)});
}

events::v1::Event DocumentsTest::Referral(const std::string& organization,
                                          const std::string& case_id,
                                          const std::vector<std::string>& hashes,
                                          const std::vector<std::string>& parties) {
  events::v1::FilingChanged body;
  body.set_filing_id(case_id);
  body.set_organization_id(organization);
  for (const auto& hash : hashes) body.add_document_sha256(hash);
  events::v1::Event event;
  event.set_type("zonelink.recognition.filing.submitted");
  event.set_body(body.SerializeAsString());
  clock_.now += std::chrono::seconds(1);
  *event.mutable_at() = ToTimestamp(clock_.now);
  for (const auto& party : parties) event.add_parties(party);
  return event;
}

void DocumentsTest::Hear(const std::vector<events::v1::Event>& events) {
  Must(database().System("test", [&](db::Tx& tx) { return ApplyRecognitionEvents(tx, events); }));
}

void DocumentsTest::Mandate(const std::string& principal, const std::string& agent,
                            const std::string& until, bool active) {
  events::v1::MandateChanged mandate;
  mandate.set_mandate_id(principal + " " + agent + " " + until);
  mandate.set_principal_organization_id(principal);
  mandate.set_agent_organization_id(agent);
  mandate.set_valid_from("2026-01-01");
  mandate.set_valid_until(until);
  mandate.set_state(active ? "ACTIVE" : "REVOKED");
  events::v1::Event event;
  event.set_type("zonelink.directory.mandate.granted");
  event.set_body(mandate.SerializeAsString());
  Must(database().System("test", [&](db::Tx& tx) { return mandate_store::Apply(tx, event); }));
}

}  // namespace zonelink::documents
