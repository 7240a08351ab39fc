// SPDX-License-Identifier: Apache-2.0
#include "ledger/domain/receipt.h"

#include <gtest/gtest.h>

#include "ledger/domain/testing_log.h"

namespace zonelink::ledger {
namespace {

using namespace std::string_literals;

const std::string kSalt(kSaltBytes, '\x5a');

std::string IdOf(uint64_t n) { return fmt::format("01930000-0000-7000-8000-{:012x}", n); }

std::string EventOf(uint64_t n) { return fmt::format("event {}", n); }

Entry EntryOf(uint64_t n) {
  return {.event_id = IdOf(n),
          .type = "zonelink.recognition.decision.granted",
          .at = *ParseTime("2026-03-02T08:00:00Z") + std::chrono::microseconds{n},
          .commitment = Commit(kSalt, EventOf(n))};
}

TEST(Entry, IsCanonicalJson) {
  Entry entry = EntryOf(0);
  entry.commitment = HashOf("000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1eff");
  const std::string text =
      R"({"at":"2026-03-02T08:00:00Z",)"
      R"("c":"000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1eff",)"
      R"("id":"01930000-0000-7000-8000-000000000000",)"
      R"("type":"zonelink.recognition.decision.granted","v":1})";
  EXPECT_EQ(entry.Format(), text);
  EXPECT_EQ(Entry::Parse(text).value(), entry);
  EXPECT_EQ(Entry::Parse(EntryOf(7).Format()).value(), EntryOf(7));
}

TEST(Entry, HasOneSpelling) {
  const std::string text = EntryOf(0x0a).Format();
  ASSERT_TRUE(Entry::Parse(text));
  const auto with = [&](std::string_view from, std::string_view to) {
    std::string changed = text;
    changed.replace(changed.find(from), from.size(), to);
    return changed;
  };
  for (const std::string& other : {
           ""s,
           "{}"s,
           text + "\n",
           " " + text,
           text + text,
           with(R"(,"v":1)", ""),
           with(R"("v":1)", R"("v":2)"),
           with(R"("v":1)", R"("v":1.0)"),
           with(R"("v":1)", R"("v":1,"w":1)"),
           with(R"(,"c")", R"(, "c")"),
           with(R"("at")", R"("\u0061t")"),
           with("08:00:00.000010Z", "08:00:00.00001Z"),
           with("08:00:00.000010Z", "08:00:00.0000100Z"),
           with("08:00:00.000010Z", "16:00:00.000010+08:00"),
           with("00000a", "00000A"),
           with("01930000-", "01930000"),
           with(IdOf(0x0a), ""),
           with("zonelink.recognition.decision.granted", ""),
           with("zonelink.recognition", "zonelink.re\\u0063ognition"),
           with("zonelink.recognition", "zonelink\\\"recognition"),
           with("zonelink.recognition", "中"),
           with("zonelink.recognition", "zonelink recognition"),
       }) {
    EXPECT_EQ(ReasonOf(Entry::Parse(other)), "ENTRY_INVALID") << other;
  }
}

TEST(EntryDeathTest, WritesNoTypeThatWouldNeedAnEscape) {
  GTEST_FLAG_SET(death_test_style, "threadsafe");
  Entry entry = EntryOf(0);
  entry.type = "a\"b";
  EXPECT_DEATH(entry.Format(), "escape");
  EXPECT_DEATH(Commit("short", "event"), "32 bytes");
}

TEST(Commitment, IsOfSaltAndEvent) {
  EXPECT_EQ(Commit(kSalt, "event").view(), crypto::Sha256(kSalt + "event"));
  EXPECT_NE(Commit(kSalt, "event"), Commit(std::string(kSaltBytes, 'x'), "event"));
}

class Receipts : public testing::Test {
 protected:
  static constexpr uint64_t kSize = 5;
  const TestSigner log_ = TestSigner::Log();
  const TestSigner witness_ = TestSigner::Witness("first.example");
  const TrustPolicy policy_ = {.log = log_.key, .witnesses = {witness_.key}, .quorum = 1};
  const TestLog entries_ = [] {
    std::vector<std::string> entries;
    for (uint64_t n = 0; n < kSize; ++n) entries.push_back(EntryOf(n).Format());
    return TestLog(std::move(entries));
  }();

  Receipt ReceiptOf(uint64_t n) const {
    return {.event_id = IdOf(n),
            .index = n,
            .entry = entries_.entries()[n],
            .proof = InclusionProof(n, kSize, entries_.tree().Reader()).value(),
            .checkpoint = SignedBy({&log_, &witness_}, entries_.Head().Format()),
            .salt = kSalt,
            .event = EventOf(n)};
  }
};

TEST_F(Receipts, ShowTheEvent) {
  for (uint64_t n = 0; n < kSize; ++n) {
    const auto verified = VerifyReceipt(ReceiptOf(n), policy_);
    ASSERT_TRUE(verified) << n;
    EXPECT_EQ(verified->link, Link::kShown);
    EXPECT_EQ(verified->entry, EntryOf(n));
    EXPECT_EQ(verified->checkpoint.checkpoint, entries_.Head());
    EXPECT_EQ(verified->checkpoint.cosigners, std::vector{witness_.key});
  }
}

TEST_F(Receipts, StayValidWhenTheSaltIsDestroyed) {
  for (const bool salt : {false, true}) {
    for (const bool event : {false, true}) {
      Receipt receipt = ReceiptOf(3);
      if (!salt) receipt.salt.reset();
      if (!event) receipt.event.reset();
      const auto verified = VerifyReceipt(receipt, policy_);
      ASSERT_TRUE(verified);
      EXPECT_EQ(verified->link, salt && event ? Link::kShown : Link::kNotShown);
    }
  }
}

TEST_F(Receipts, AreRefusedWithTheReason) {
  const auto refused = [&](auto change) {
    Receipt receipt = ReceiptOf(3);
    change(receipt);
    return ReasonOf(VerifyReceipt(receipt, policy_));
  };
  EXPECT_EQ(refused([](Receipt&) {}), "");
  EXPECT_EQ(refused([](Receipt& r) { r.salt = std::string(kSaltBytes, 'x'); }),
            "COMMITMENT_MISMATCH");
  EXPECT_EQ(refused([](Receipt& r) { r.salt = ""; }), "COMMITMENT_MISMATCH");
  EXPECT_EQ(refused([](Receipt& r) { r.event = ""; }), "COMMITMENT_MISMATCH");
  // The same bytes, cut elsewhere.
  EXPECT_EQ(refused([](Receipt& r) {
              r.event = r.salt->back() + *r.event;
              r.salt->pop_back();
            }),
            "COMMITMENT_MISMATCH");
  EXPECT_EQ(refused([](Receipt& r) { r.event_id = IdOf(2); }), "ENTRY_MISMATCH");
  EXPECT_EQ(refused([](Receipt& r) { r.entry = "entry"; }), "ENTRY_INVALID");
  EXPECT_EQ(refused([](Receipt& r) { r.entry = EntryOf(2).Format(), r.event_id = IdOf(2); }),
            "PROOF_INVALID");
  EXPECT_EQ(refused([](Receipt& r) { r.index = 2; }), "PROOF_INVALID");
  EXPECT_EQ(refused([](Receipt& r) { r.index = kSize; }), "PROOF_INVALID");
  EXPECT_EQ(refused([](Receipt& r) { r.proof.pop_back(); }), "PROOF_INVALID");
  EXPECT_EQ(refused([](Receipt& r) { r.proof.push_back(r.proof[0]); }), "PROOF_INVALID");
  EXPECT_EQ(refused([&](Receipt& r) {
              r.checkpoint = SignedBy({&log_, &witness_}, entries_.tree().At("o", 4).Format());
            }),
            "ORIGIN_MISMATCH");
  EXPECT_EQ(refused([&](Receipt& r) {
              const auto older = entries_.tree().At("zonelink.example/ledger", 3);
              r.checkpoint = SignedBy({&log_, &witness_}, older.Format());
            }),
            "PROOF_INVALID");
  EXPECT_EQ(
      refused([&](Receipt& r) { r.checkpoint = SignedBy({&log_}, entries_.Head().Format()); }),
      "QUORUM_MISSING");
  EXPECT_EQ(refused([](Receipt& r) { r.checkpoint = ""; }), "NOTE_INVALID");
}

TEST_F(Receipts, EveryFlippedBitIsRefused) {
  const Receipt receipt = ReceiptOf(3);
  ASSERT_TRUE(VerifyReceipt(receipt, policy_));
  const auto refuse_flips = [&](std::string_view field, const std::string& bytes, auto set) {
    Receipt flipped = receipt;
    ForEveryFlip(bytes, [&](const std::string& other, size_t bit) {
      set(flipped, other);
      EXPECT_FALSE(VerifyReceipt(flipped, policy_)) << field << ", bit " << bit;
    });
  };
  refuse_flips("event_id", receipt.event_id,
               [](Receipt& r, const std::string& bytes) { r.event_id = bytes; });
  refuse_flips("entry", receipt.entry,
               [](Receipt& r, const std::string& bytes) { r.entry = bytes; });
  refuse_flips("checkpoint", receipt.checkpoint,
               [](Receipt& r, const std::string& bytes) { r.checkpoint = bytes; });
  refuse_flips("salt", *receipt.salt, [](Receipt& r, const std::string& bytes) { r.salt = bytes; });
  refuse_flips("event", *receipt.event,
               [](Receipt& r, const std::string& bytes) { r.event = bytes; });
  refuse_flips("proof", EncodeTile(receipt.proof), [](Receipt& r, const std::string& bytes) {
    r.proof = DecodeTile(bytes, static_cast<unsigned>(r.proof.size())).value();
  });
  for (unsigned bit = 0; bit < 64; ++bit) {
    Receipt flipped = receipt;
    flipped.index ^= uint64_t{1} << bit;
    EXPECT_EQ(ReasonOf(VerifyReceipt(flipped, policy_)), "PROOF_INVALID") << bit;
  }
}

}  // namespace
}  // namespace zonelink::ledger
