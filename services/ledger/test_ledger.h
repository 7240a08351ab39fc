// SPDX-License-Identifier: Apache-2.0
// For tests of the ledger: a database of its own, events to fill it with, and a publisher with its
// readers that can be stopped and made anew, as a process would be.
#pragma once

#include <gtest/gtest.h>

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "ledger/domain/receipt.h"
#include "ledger/domain/testing_log.h"
#include "ledger/ledger_service.h"
#include "ledger/publisher.h"
#include "ledger/tree_reader.h"
#include "platform/db/scratch_database.h"
#include "platform/rpc/channels.h"
#include "zonelink/events/v1/events.pb.h"

namespace zonelink::ledger {

template <class T>
T Must(Result<T> result) {
  if (!result) {
    std::fprintf(stderr, "%s: %s\n", result.error().reason.c_str(), result.error().message.c_str());
  }
  ZL_CHECK(result.has_value(), "what a test builds upon");
  return std::move(result).value();
}

// What one process of the ledger holds.
struct TestProcess {
  TestProcess(db::Database& database, rpc::Channels& channels, Settings settings);
  ~TestProcess() { publisher->Stop(); }

  TreeReader tree;
  std::unique_ptr<Publisher> publisher;
  LedgerService service;
};

class LedgerTest : public testing::Test {
 protected:
  LedgerTest();
  ~LedgerTest() override;

  // New events, oldest first, of one subject.
  std::vector<events::v1::Event> MakeEvents(size_t count,
                                            const std::vector<std::string>& parties = {"org:a"});
  Status TryIntegrate(const std::vector<events::v1::Event>& events,
                      const std::string& source = "recognition");
  // Makes leaves of new events and keeps what the leaves must be.
  std::vector<events::v1::Event> Grow(size_t count,
                                      const std::vector<std::string>& parties = {"org:a"});
  // The entries of all leaves, as stored.
  std::vector<std::string> StoredEntries();

  Settings MakeSettings();
  // Ends the process, if there is one, and starts another.
  TestProcess& Restart();
  void Kill() { process_.reset(); }
  TestProcess& process() { return *process_; }
  // Until it is so, or the test fails.
  void Until(const std::function<bool()>& so, const std::string& what);
  void AwaitPublished(uint64_t size);
  void AwaitFrozen(const std::string& reason);
  // Grows, publishes, and returns the new events.
  std::vector<events::v1::Event> Publish(size_t count);

  v1::Ledger Ledger();
  std::string Checkpoint();
  // With the statements' own rules out of force.
  void Tamper(const std::string& sql);

  static Call By(Caller caller);
  static Call Nobody() { return By({}); }
  static Call Member(const std::string& organization) {
    return By({.user_id = "m", .organization_id = organization, .roles = {"filer"}});
  }
  static Call Auditor() { return By({.user_id = "u", .roles = {"auditor"}}); }
  Receipt ReceiptOf(const Call& call, const std::string& event_id);

  const TestSigner log_ = TestSigner::Log();
  db::ScratchDatabase scratch_;
  db::Database database_;
  rpc::Channels channels_;
  const std::filesystem::path folder_;  // of the state file
  // Of the next process.
  std::vector<WitnessSetting> witnesses_;
  unsigned quorum_ = 0;
  std::chrono::milliseconds witness_timeout_{10'000};

 private:
  int64_t version_ = 0;
  std::unique_ptr<TestProcess> process_;
};

}  // namespace zonelink::ledger
