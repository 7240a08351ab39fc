// SPDX-License-Identifier: Apache-2.0
#include "ledger/test_ledger.h"

#include <fmt/format.h>

#include "ledger/module.h"
#include "ledger/sequencer.h"
#include "platform/crypto/crypto.h"
#include "platform/rpc/timestamp.h"
#include "platform/rpc/token.h"

namespace zonelink::ledger {

namespace pb = events::v1;

TestProcess::TestProcess(db::Database& database, rpc::Channels& channels, Settings settings)
    : tree(database),
      publisher(Must(Publisher::Open(std::move(settings), database, tree))),
      service(database, channels, tree, *publisher) {
  publisher->Start();
}

LedgerTest::LedgerTest()
    : scratch_(Schema()),
      database_(WithConstraints(scratch_.OptionsFor(Schema()))),
      channels_({}, std::make_shared<rpc::ServiceTokens>("a secret of more than thirty-two bytes")),
      folder_(std::filesystem::temp_directory_path() /
              ("zl-ledger-" + crypto::HexEncode(crypto::RandomBytes(8)))) {
  std::filesystem::create_directory(folder_);
}

LedgerTest::~LedgerTest() {
  process_.reset();
  std::filesystem::remove_all(folder_);
}

std::vector<pb::Event> LedgerTest::MakeEvents(size_t count,
                                              const std::vector<std::string>& parties) {
  const Time now = SystemClock().Now();
  std::vector<pb::Event> events(count);
  for (pb::Event& event : events) {
    event.set_event_id(crypto::NewUuid(now));
    event.set_subject("filings/1");
    event.set_version(++version_);
    event.set_type("zonelink.recognition.filing.submitted");
    event.set_body("body \"of\" " + std::to_string(version_) + std::string(1, '\0'));
    event.set_salt(crypto::RandomBytes(kSaltBytes));
    for (const auto& party : parties) event.add_parties(party);
    for (auto* at : {event.mutable_at(), event.mutable_recorded_at()}) {
      *at = ToTimestamp(now);
    }
  }
  return events;
}

Status LedgerTest::TryIntegrate(const std::vector<pb::Event>& events, const std::string& source) {
  return database_.System("test",
                          [&](db::Tx& tx) { return Integrate(tx, source, std::span(events)); });
}

std::vector<pb::Event> LedgerTest::Grow(size_t count, const std::vector<std::string>& parties) {
  auto events = MakeEvents(count, parties);
  Must(TryIntegrate(events));
  return events;
}

std::vector<std::string> LedgerTest::StoredEntries() {
  return Must(database_.Query(Nobody(), [](db::Tx& tx) -> Result<std::vector<std::string>> {
    std::vector<std::string> all;
    const uint64_t size = TreeSize(tx);
    for (uint64_t index = 0; index * kTileWidth < size; ++index) {
      for (auto& entry : ReadEntries(tx, {.index = index})) all.push_back(std::move(entry));
    }
    return all;
  }));
}

Settings LedgerTest::MakeSettings() {
  return {.origin = log_.key.name,
          .key = log_.key,
          .secret = TestSigner::Log().secret,
          .state_file = folder_ / "head",
          .witnesses = witnesses_,
          .quorum = quorum_,
          .witness_timeout = witness_timeout_};
}

TestProcess& LedgerTest::Restart() {
  process_.reset();
  process_ = std::make_unique<TestProcess>(database_, channels_, MakeSettings());
  return *process_;
}

void LedgerTest::Until(const std::function<bool()>& so, const std::string& what) {
  const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(20);
  while (!so()) {
    ASSERT_LT(std::chrono::steady_clock::now(), deadline) << what;
    Must(database_.Ping());  // a round trip: others get their turn
  }
}

void LedgerTest::AwaitPublished(uint64_t size) {
  Until(
      [&] {
        const auto published = process_->publisher->published();
        return published && published->checkpoint.size >= size;
      },
      fmt::format("{} leaves are published", size));
}

void LedgerTest::AwaitFrozen(const std::string& reason) {
  Until([&] { return Ledger().frozen() == reason; }, "frozen: " + reason);
}

std::vector<pb::Event> LedgerTest::Publish(size_t count) {
  auto events = Grow(count);
  process_->publisher->Wake();
  AwaitPublished(StoredEntries().size());
  return events;
}

v1::Ledger LedgerTest::Ledger() { return Must(process_->service.GetLedger(Nobody(), {})); }

std::string LedgerTest::Checkpoint() {
  return Must(process_->service.GetCheckpoint(Nobody(), {})).data();
}

void LedgerTest::Tamper(const std::string& sql) {
  scratch_.Admin("SET search_path TO ledger; SET session_replication_role TO replica; " + sql);
}

Call LedgerTest::By(Caller caller) {
  Call call;
  call.caller = std::move(caller);
  call.rpc = "test";
  call.deadline = std::chrono::steady_clock::now() + std::chrono::seconds(30);
  return call;
}

Receipt LedgerTest::ReceiptOf(const Call& call, const std::string& event_id) {
  v1::GetReceiptRequest request;
  request.set_event_id(event_id);
  const v1::Receipt answer = Must(process_->service.GetReceipt(call, request));
  Receipt receipt{.event_id = answer.event_id(),
                  .index = static_cast<uint64_t>(answer.index()),
                  .entry = answer.entry(),
                  .proof = {},
                  .checkpoint = answer.checkpoint(),
                  .salt = std::nullopt,
                  .event = std::nullopt};
  for (const auto& hash : answer.proof()) receipt.proof.push_back(Hash::From(hash).value());
  if (!answer.salt().empty()) {
    receipt.salt = answer.salt();
    receipt.event = answer.event();
  }
  return receipt;
}

}  // namespace zonelink::ledger
