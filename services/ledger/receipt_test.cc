// SPDX-License-Identifier: Apache-2.0
// Receipts and proofs: what they prove, and who learns what.
#include <gtest/gtest.h>

#include "ledger/test_ledger.h"
#include "platform/crypto/crypto.h"

namespace zonelink::ledger {
namespace {

class ReceiptTest : public LedgerTest {
 protected:
  TrustPolicy Policy() const {
    return {.origin = {}, .log = log_.key, .witnesses = {}, .quorum = 0};
  }
  Result<v1::Receipt> Ask(const Call& call, const std::string& event_id) {
    v1::GetReceiptRequest request;
    request.set_event_id(event_id);
    return process().service.GetReceipt(call, request);
  }
  Result<v1::ConsistencyProof> AskConsistency(int64_t from, int64_t to) {
    v1::GetConsistencyProofRequest request;
    request.set_from(from);
    request.set_to(to);
    return process().service.GetConsistencyProof(Nobody(), request);
  }
};

TEST_F(ReceiptTest, EveryLeafIsProvenAtEverySize) {
  Restart();
  std::vector<events::v1::Event> all;
  for (const size_t more : {1, 1, 5, 248, 1, 1, 255, 400}) {
    for (auto& event : Publish(more)) all.push_back(std::move(event));
    // Of a long list the ends of tiles, and every few.
    for (size_t i = 0; i < all.size(); i += (i % 256 < 2 || i % 256 > 253) ? 1 : 13) {
      const Receipt receipt = ReceiptOf(Auditor(), all[i].event_id());
      const auto verified = Must(VerifyReceipt(receipt, Policy()));
      ASSERT_EQ(receipt.index, i);
      ASSERT_EQ(verified.link, Link::kShown);
      ASSERT_EQ(verified.checkpoint.checkpoint.size, all.size());
      ASSERT_EQ(receipt.event, all[i].body());
    }
  }
}

TEST_F(ReceiptTest, StaysValidAfterARestart) {
  Restart();
  const auto events = Publish(300);
  Restart();
  AwaitPublished(300);
  for (const size_t i : {0, 255, 256, 299}) {
    EXPECT_TRUE(VerifyReceipt(ReceiptOf(Nobody(), events[i].event_id()), Policy()));
  }
}

TEST_F(ReceiptTest, ItIsPendingUntilACheckpointCoversIt) {
  Restart();
  const std::string unheard = MakeEvents(1)[0].event_id();
  EXPECT_EQ(ReasonOf(Ask(Nobody(), unheard)), "RECEIPT_PENDING");
  Publish(3);
  EXPECT_EQ(ReasonOf(Ask(Nobody(), unheard)), "RECEIPT_PENDING");
  Tamper("UPDATE leaves SET hash = sha256(hash)");  // nothing is published any more
  process().publisher->Wake();
  AwaitFrozen("FORK");
  EXPECT_EQ(ReasonOf(Ask(Nobody(), Grow(1)[0].event_id())), "RECEIPT_PENDING");
  for (const std::string text : {"F-7", "0192", "", "x19b0000-0000-7000-8000-000000000000",
                                 "019b0000-0000-7000-8000-0000000000000"}) {
    EXPECT_EQ(ReasonOf(Ask(Nobody(), text)), "EVENT_UNKNOWN") << text;
  }
}

TEST_F(ReceiptTest, OnlyPartiesAndAuditorsSeeWhatHappened) {
  Restart();
  const auto events = Publish(2);
  const std::string& id = events[1].event_id();
  for (const Call& call : {Member("a"), Auditor()}) {
    const v1::Receipt receipt = Must(Ask(call, id));
    EXPECT_EQ(receipt.salt(), events[1].salt());
    EXPECT_EQ(receipt.event(), events[1].body());
    EXPECT_EQ(receipt.source(), "recognition");
    EXPECT_EQ(receipt.subject(), "filings/1");
    EXPECT_EQ(receipt.version(), 2);
  }
  for (const Call& call :
       {Nobody(), Member("b"), By({.user_id = "v", .zone = "jiangsu", .roles = {"verifier"}}),
        By({.user_id = "s", .roles = {"security_admin"}}),
        By({.user_id = "c", .roles = {"chair"}})}) {
    const v1::Receipt receipt = Must(Ask(call, id));
    EXPECT_EQ(receipt.salt() + receipt.event() + receipt.source() + receipt.subject(), "");
    EXPECT_EQ(receipt.version(), 0);
    const auto verified = Must(VerifyReceipt(ReceiptOf(call, id), Policy()));
    EXPECT_EQ(verified.link, Link::kNotShown);
  }
}

TEST_F(ReceiptTest, AnIdIsReadWithoutCase) {
  Restart();
  const std::string id = Publish(1)[0].event_id();
  std::string upper = id;
  std::transform(upper.begin(), upper.end(), upper.begin(), ::toupper);
  EXPECT_EQ(Must(Ask(Nobody(), upper)).event_id(), id);
}

TEST_F(ReceiptTest, ConsistencyIsProvenBetweenAnySizes) {
  Restart();
  Publish(700);
  const TestLog log(StoredEntries());
  for (const int64_t to : {1, 2, 255, 256, 257, 512, 699, 700}) {
    for (const int64_t from : {1, 2, 3, 128, 255, 256, 257, 511, 512, 698, 700}) {
      if (from > to) continue;
      const auto proof = Must(AskConsistency(from, to));
      std::vector<Hash> hashes;
      for (const auto& hash : proof.hashes()) hashes.push_back(Hash::From(hash).value());
      const auto root = [&](int64_t size) {
        return RootOf(log.tree().Leaves(static_cast<uint64_t>(size)));
      };
      EXPECT_TRUE(VerifyConsistency(static_cast<uint64_t>(from), root(from),
                                    static_cast<uint64_t>(to), root(to), hashes))
          << from << " " << to;
    }
  }
  EXPECT_EQ(ReasonOf(AskConsistency(0, 5)), "SIZES_INVALID");
  EXPECT_EQ(ReasonOf(AskConsistency(-1, 5)), "SIZES_INVALID");
  EXPECT_EQ(ReasonOf(AskConsistency(6, 5)), "SIZES_INVALID");
  EXPECT_EQ(ReasonOf(AskConsistency(5, 701)), "TILE_UNKNOWN");
  EXPECT_EQ(ReasonOf(AskConsistency(701, 702)), "TILE_UNKNOWN");
}

}  // namespace
}  // namespace zonelink::ledger
