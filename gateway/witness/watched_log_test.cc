// SPDX-License-Identifier: Apache-2.0
#include "gateway/witness/watched_log.h"

#include <gtest/gtest.h>

#include <limits>

#include "gateway/witness/testing_witness.h"

namespace zonelink::witness {
namespace {

using ledger::Hash;

std::string Replaced(std::string text, const std::string& what, const std::string& with) {
  const size_t at = text.find(what);
  return at == std::string::npos ? "the test replaces nothing"
                                 : text.replace(at, what.size(), with);
}

TEST(ParseProposal, ReadsWhatALogSends) {
  const auto tree = Branch("a", 0, 70);
  const auto proposal = ParseProposal(Growth(tree, 7, 70));
  ASSERT_TRUE(proposal);
  EXPECT_EQ(proposal->old_size, 7U);
  EXPECT_EQ(proposal->proof, ProofOf(tree, 7, 70));
  EXPECT_EQ(proposal->head.checkpoint, tree.At(kOrigin, 70));
  EXPECT_EQ(proposal->head.note.Format(), SignedHead(tree, 70));
}

TEST(ParseProposal, TakesSixtyThreeProofLinesAndNotOneMore) {
  const auto tree = Branch("a", 0, 8);
  const std::string note = SignedHead(tree, 8);
  EXPECT_TRUE(ParseProposal(BodyOf(1, std::vector<Hash>(63), note)));
  EXPECT_FALSE(ParseProposal(BodyOf(1, std::vector<Hash>(64), note)));
}

TEST(ParseProposal, RefusesEveryOtherForm) {
  const auto tree = Branch("a", 0, 8);
  const std::string good = Growth(tree, 3, 8);
  const std::string note = SignedHead(tree, 8);
  const std::string root = crypto::Base64Encode(tree.At(kOrigin, 8).root.view());
  const std::string line = good.substr(6, good.find('\n', 6) - 6);
  ASSERT_TRUE(ParseProposal(good));
  const std::vector<std::pair<const char*, std::string>> cases = {
      {"empty", ""},
      {"no newline", "old 0"},
      {"nothing after the size", "old 0\n"},
      {"no empty line", "old 0\n" + note.substr(0, note.find("\n\n") + 1)},
      {"no old size", note},
      {"no number", Replaced(good, "old 3", "old ")},
      {"leading zero", Replaced(good, "old 3", "old 03")},
      {"two zeroes", Replaced(good, "old 3", "old 00")},
      {"sign", Replaced(good, "old 3", "old +3")},
      {"negative", Replaced(good, "old 3", "old -3")},
      {"hexadecimal", Replaced(good, "old 3", "old 0x3")},
      {"past 64 bits", Replaced(good, "old 3", "old 18446744073709551616")},
      {"two spaces", Replaced(good, "old 3", "old  3")},
      {"space behind", Replaced(good, "old 3", "old 3 ")},
      {"capital", Replaced(good, "old 3", "Old 3")},
      {"CRLF after the size", Replaced(good, "old 3\n", "old 3\r\n")},
      {"CRLF after a hash", Replaced(good, line + "\n", line + "\r\n")},
      {"CRLF for the empty line",
       Replaced(good, "\n\n" + std::string(kOrigin), "\n\r\n" + std::string(kOrigin))},
      {"no base64", Replaced(good, line, "!" + line.substr(1))},
      {"unpadded", Replaced(good, line, line.substr(0, line.size() - 1))},
      {"31 bytes", Replaced(good, line, crypto::Base64Encode(std::string(31, 'x')))},
      {"33 bytes", Replaced(good, line, crypto::Base64Encode(std::string(33, 'x')))},
      {"two hashes in a line", Replaced(good, line, line + " " + line)},
      {"size with leading zero", Replaced(good, "\n8\n", "\n08\n")},
      {"size negative", Replaced(good, "\n8\n", "\n-8\n")},
      {"root of 31 bytes", Replaced(good, root, crypto::Base64Encode(std::string(31, 'x')))},
      {"no root", Replaced(good, root + "\n", "")},
      {"no signature", good.substr(0, good.find("\xe2\x80\x94"))},
      {"signature without newline", good.substr(0, good.size() - 1)},
      {"bytes behind", good + "x"},
      {"empty line behind", good + "\n"},
      {"control character", Replaced(good, kOrigin, "zonelink.example/\tledger")},
      {"not UTF-8", Replaced(good, kOrigin, "zonelink.example/\xff")},
  };
  for (const auto& [name, body] : cases) EXPECT_FALSE(ParseProposal(body)) << name;
}

TEST(VerifyLogSignature, NeedsTheLogsKeyAndKeepsNoOther) {
  const auto tree = Branch("a", 0, 8);
  const std::string text = tree.At(kOrigin, 8).Format();
  const auto log = ledger::TestSigner::Log();
  const auto stranger = ledger::TestSigner::Of("stranger.example", log.key.type);
  const auto verify = [&](std::vector<ledger::NoteSignature> signatures) {
    Head head{tree.At(kOrigin, 8), {text, std::move(signatures)}};
    return VerifyLogSignature(std::move(head), log.key);
  };
  ledger::NoteSignature broken = log.Sign(text);
  broken.bytes[5] = static_cast<char>(broken.bytes[5] ^ 1);
  ledger::NoteSignature of_other_text = log.Sign(tree.At(kOrigin, 7).Format());
  ledger::NoteSignature namesake = stranger.Sign(text);
  namesake.name = log.key.name;

  const auto kept = verify({stranger.Sign(text), log.Sign(text), namesake});
  ASSERT_TRUE(kept);
  EXPECT_EQ(kept->note.signatures, std::vector{log.Sign(text)});
  EXPECT_FALSE(verify({stranger.Sign(text)}));
  EXPECT_FALSE(verify({namesake}));
  EXPECT_FALSE(verify({broken}));
  EXPECT_FALSE(verify({of_other_text}));
  EXPECT_FALSE(verify({log.Sign(text), broken}));
  EXPECT_EQ(ledger::ReasonOf(verify({broken})), "LOG_SIGNATURE_MISSING");
}

struct Case {
  const char* name;
  std::optional<uint64_t> known;  // nothing: never cosigned
  uint64_t old_size;
  uint64_t size;
  std::vector<Hash> proof;
  bool other_tree;
  Verdict verdict;
  bool fork = false;
};

TEST(Decide, ByTable) {
  const auto tree = Branch("a", 0, 20);
  const auto other = Branch("b", 0, 20);
  const auto proof = [&](uint64_t from, uint64_t to) { return ProofOf(tree, from, to); };
  const std::vector<Hash> garbage(1);
  auto one_more = proof(10, 20);
  one_more.emplace_back();
  const auto none = std::nullopt;
  constexpr auto kHuge = std::numeric_limits<uint64_t>::max();
  const std::vector<Case> cases = {
      {"first", none, 0, 10, {}, false, Verdict::kCosign},
      {"first of no leaves", none, 0, 0, {}, false, Verdict::kCosign},
      {"first with a proof", none, 0, 10, garbage, false, Verdict::kProofInvalid},
      {"first of no leaves with a proof", none, 0, 0, garbage, false, Verdict::kProofInvalid},
      {"first from a size nobody cosigned", none, 5, 10, proof(5, 10), false, Verdict::kConflict},
      {"from the empty tree", 0, 0, 10, {}, false, Verdict::kCosign},
      {"from the empty tree with a proof", 0, 0, 10, garbage, false, Verdict::kProofInvalid},
      {"empty again", 0, 0, 0, {}, false, Verdict::kCosign},
      {"grown", 10, 10, 20, proof(10, 20), false, Verdict::kCosign},
      {"grown by one", 10, 10, 11, proof(10, 11), false, Verdict::kCosign},
      {"grown from a full subtree", 8, 8, 20, proof(8, 20), false, Verdict::kCosign},
      {"grown from one leaf", 1, 1, 2, proof(1, 2), false, Verdict::kCosign},
      {"the same", 10, 10, 10, {}, false, Verdict::kCosign},
      {"the same with a proof", 10, 10, 10, garbage, false, Verdict::kProofInvalid},
      {"no proof", 10, 10, 20, {}, false, Verdict::kProofInvalid},
      {"proof from another size", 10, 10, 20, proof(9, 20), false, Verdict::kProofInvalid},
      {"proof to another size", 10, 10, 20, proof(10, 19), false, Verdict::kProofInvalid},
      {"a hash too many", 10, 10, 20, one_more, false, Verdict::kProofInvalid},
      {"another tree", 10, 10, 20, proof(10, 20), true, Verdict::kProofInvalid},
      {"another tree with its own proof", 10, 10, 20, ProofOf(other, 10, 20), true,
       Verdict::kProofInvalid},
      {"old size of earlier", 10, 9, 20, proof(9, 20), false, Verdict::kConflict},
      {"old size 0 to ask", 10, 0, 20, {}, false, Verdict::kConflict},
      {"old size not seen yet", 10, 15, 20, proof(15, 20), false, Verdict::kConflict},
      {"an older head", 10, 5, 7, proof(5, 7), false, Verdict::kConflict},
      {"an older head from none", 10, 0, 7, {}, false, Verdict::kConflict},
      {"old size above the new one", 10, 11, 10, {}, false, Verdict::kMalformed},
      {"old size above, below the known one", 10, 8, 7, {}, false, Verdict::kMalformed},
      {"the largest old size", 10, kHuge, 20, {}, false, Verdict::kMalformed},
      {"another root", 10, 10, 10, {}, true, Verdict::kConflict, true},
      {"another root with a proof", 10, 10, 10, garbage, true, Verdict::kConflict, true},
      {"another root from another old size", 10, 3, 10, {}, true, Verdict::kConflict, true},
      {"another root from none", 10, 0, 10, {}, true, Verdict::kConflict, true},
      {"another root, old size above", 10, 11, 10, {}, true, Verdict::kMalformed, true},
      {"an older head of another tree", 10, 0, 7, {}, true, Verdict::kConflict},
  };
  for (const Case& test : cases) {
    Known known;
    if (test.known) known.latest = Head{tree.At(kOrigin, *test.known), {}};
    const Head seen{(test.other_tree ? other : tree).At(kOrigin, test.size), {}};
    const Proposal proposal{test.old_size, test.proof, seen};
    const Decision decision = Decide(known, proposal);
    EXPECT_EQ(decision.verdict, test.verdict) << test.name;
    EXPECT_EQ(decision.fork, test.fork) << test.name;
    known.frozen = true;
    const Decision frozen = Decide(known, proposal);
    EXPECT_EQ(frozen.verdict,
              test.verdict == Verdict::kMalformed ? Verdict::kMalformed : Verdict::kConflict)
        << test.name;
  }
}

TEST(Decide, AnEmptyTreeHasOneRoot) {
  const auto tree = Branch("a", 0, 1);
  const Head impossible{{kOrigin, 0, tree.At(kOrigin, 1).root}, {}};
  const Decision first = Decide({}, {0, {}, impossible});
  EXPECT_EQ(first.verdict, Verdict::kConflict);
  EXPECT_FALSE(first.fork);  // nothing was cosigned that it contradicts
  const Decision second = Decide({Head{tree.At(kOrigin, 0), {}}}, {0, {}, impossible});
  EXPECT_EQ(second.verdict, Verdict::kConflict);
  EXPECT_TRUE(second.fork);
}

// Every pair of sizes, with the one right proof and with each of its hashes changed.
TEST(Decide, TakesTheRightProofAndNoOther) {
  const auto tree = Branch("a", 0, 40);
  for (uint64_t from = 1; from < 40; ++from) {
    for (uint64_t to = from + 1; to <= 40; ++to) {
      const Known known{Head{tree.At(kOrigin, from), {}}};
      Proposal proposal{from, ProofOf(tree, from, to), Head{tree.At(kOrigin, to), {}}};
      EXPECT_EQ(Decide(known, proposal).verdict, Verdict::kCosign) << from << " to " << to;
      for (Hash& hash : proposal.proof) {
        hash.bytes[31] = static_cast<char>(hash.bytes[31] ^ 1);
        EXPECT_EQ(Decide(known, proposal).verdict, Verdict::kProofInvalid) << from << " " << to;
        hash.bytes[31] = static_cast<char>(hash.bytes[31] ^ 1);
      }
    }
  }
}

}  // namespace
}  // namespace zonelink::witness
