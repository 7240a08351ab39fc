// SPDX-License-Identifier: Apache-2.0
// For tests of documents: the service on a database of its own, with keys in files, which can be
// made anew as a process would be.
#pragma once

#include <gtest/gtest.h>

#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "documents/documents_service.h"
#include "documents/key_ring.h"
#include "platform/core/check.h"
#include "platform/core/testing_clock.h"
#include "platform/db/scratch_database.h"
#include "zonelink/events/v1/events.pb.h"

namespace zonelink::documents {

template <class T>
T Must(Result<T> result) {
  if (!result) {
    std::fprintf(stderr, "%s: %s\n", result.error().reason.c_str(), result.error().message.c_str());
  }
  ZL_CHECK(result.has_value(), "what a test builds upon");
  return std::move(result).value();
}

template <class T>
std::string ReasonOf(const Result<T>& result) {
  return result ? "" : result.error().reason;
}

// What one process of the service holds.
struct TestProcess {
  TestProcess(db::Options options, const config::v1::Documents& config, const WallClock& clock)
      : database(std::move(options)),
        keys(Must(KeyRing::Read(config))),
        service(database, keys, clock, pages) {}

  db::Database database;
  const KeyRing keys;
  rpc::Pages pages{"a secret of the tests, thirty-two bytes or more"};
  DocumentsService service;
};

class DocumentsTest : public testing::Test {
 protected:
  static void SetUpTestSuite();
  static void TearDownTestSuite();
  DocumentsTest();
  ~DocumentsTest() override;

  // Ends the process and starts another.
  void Restart();
  DocumentsService& service() { return process_->service; }
  db::Database& database() { return process_->database; }
  const KeyRing& keys() { return process_->keys; }

  // A key file of random contents; its path.
  std::string NewKeyFile(const std::string& name);

  static Call By(Caller caller);
  // Of this test's own organisation.
  Call Filer() const { return Filer(organization_); }
  static Call Filer(const std::string& organization);
  static Call Officer(const std::string& zone);
  static Call Auditor() { return By({.user_id = "u", .name = "Auditor", .roles = {"auditor"}}); }

  // Bytes that no other test has.
  static std::string NewBytes(size_t count);
  static pb::StartUploadRequest Announcement(const std::string& bytes);
  Result<pb::Upload> Put(const Call& call, const std::string& upload_id, int32_t index,
                         const std::string& chunk);
  Result<pb::VaultDocument> Complete(const Call& call, const std::string& upload_id);
  // Announced, sent and completed; its hash.
  std::string Store(const Call& call, const std::string& bytes);
  Result<api::Raw> Read(const Call& call, const std::string& sha256,
                        const std::string& case_id = "", const std::string& token = "");
  // All parts.
  Result<std::string> ReadAll(const Call& call, const std::string& sha256,
                              const std::string& case_id = "");
  Result<pb::ListReadingsResponse> Readings(const Call& call, const std::string& sha256);
  // A case of the organisation refers to the documents; recognition says so.
  void Refer(const std::string& organization, const std::string& case_id,
             const std::vector<std::string>& hashes, const std::vector<std::string>& parties);
  // The event that says so, and events that come together.
  events::v1::Event Referral(const std::string& organization, const std::string& case_id,
                             const std::vector<std::string>& hashes,
                             const std::vector<std::string>& parties);
  void Hear(const std::vector<events::v1::Event>& events);
  // The agent acts for the principal until that day; the directory says so, and ends it.
  void Mandate(const std::string& principal, const std::string& agent, const std::string& until,
               bool active = true);
  // As the cluster's administrator.
  static std::string Sql(const std::string& sql) { return scratch_->AdminText(sql); }
  static void Run(const std::string& sql) { scratch_->Admin(sql); }

  const std::string organization_;
  HandClock clock_;
  config::v1::Documents config_;

 private:
  static db::ScratchDatabase* scratch_;
  const std::filesystem::path folder_;
  std::optional<TestProcess> process_;
};

}  // namespace zonelink::documents
