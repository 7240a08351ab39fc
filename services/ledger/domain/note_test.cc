// SPDX-License-Identifier: Apache-2.0
#include "ledger/domain/note.h"

#include <gtest/gtest.h>

#include "ledger/domain/testing_log.h"

namespace zonelink::ledger {
namespace {

using namespace std::string_literals;
using std::chrono::seconds;

// The example of signed-note.
const std::string kQuasimodo =
    "Ognuno sta solo sul cuor della terra\n"
    "trafitto da un raggio di sole:\n"
    "\n"
    "ed è subito sera.\n"
    "\n"
    "— quasimodo.example/salvatore "
    "NnugSzTjtVAewIS+Z/iJhUPeFDkO/"
    "5QQ2i5ddnGITLlC+EhfLW9oJKONrMouFSQU0xMcXxj99ihAQwaqP3ZekRwNtIc=\n";

// The example of tlog-cosignature.
const std::string kBehindTheSofa =
    "example.com/behind-the-sofa\n"
    "20852163\n"
    "CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n"
    "\n"
    "— example.com/behind-the-sofa "
    "Az3grlgtzPICa5OS8npVmf1Myq/5IZniMp+ZJurmRDeOoRDe4URYN7u5/Zhcyv2q1gGzGku9nTo+zyWE+xeMcTOAYQ8=\n"
    "— witness.example.com/w1 "
    "jWbPPwAAAABkGFDLEZMHwSRaJNiIDoe9DYn/"
    "zXcrtPHeolMI5OWXEhZCB9dlrDJsX3b2oyin1nPZqhf5nNo0xUe+mbIUBkBIfZ+qnA==\n";

// Key and note of golang.org/x/mod/sumdb/note's tests.
constexpr std::string_view kPeterKey =
    "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW";
constexpr std::string_view kPeterSeed = "gQoUAtUUbI2E8kQzMPVAgOv5juF9nHT2JS/F1ccoMXM=";
const std::string kPeterText =
    "If you think cryptography is the answer to your problem,\n"
    "then you don't know what your problem is.\n";
const std::string kPeterLine =
    "— PeterNeumann "
    "x08go/ZJkuBS9UG/"
    "SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n";

std::vector<std::string> Names(const Result<std::vector<VerifierKey>>& keys) {
  std::vector<std::string> names;
  for (const VerifierKey& key : keys.value()) names.push_back(key.name);
  return names;
}

TEST(Note, ReadsTheSpecificationsExamples) {
  const auto poem = Note::Parse(kQuasimodo);
  ASSERT_TRUE(poem);
  EXPECT_EQ(poem->text, kQuasimodo.substr(0, kQuasimodo.find("\n—")));
  ASSERT_EQ(poem->signatures.size(), 1u);
  EXPECT_EQ(poem->signatures[0].name, "quasimodo.example/salvatore");
  EXPECT_EQ(poem->signatures[0].id, 0x367ba04bu);
  EXPECT_EQ(poem->signatures[0].bytes.size(), 64u);
  EXPECT_EQ(poem->Format(), kQuasimodo);

  const auto cosigned = Note::Parse(kBehindTheSofa);
  ASSERT_TRUE(cosigned);
  ASSERT_EQ(cosigned->signatures.size(), 2u);
  EXPECT_EQ(cosigned->signatures[1].name, "witness.example.com/w1");
  EXPECT_EQ(cosigned->signatures[1].id, 0x8d66cf3fu);
  EXPECT_EQ(CosignedAt(cosigned->signatures[1]).value(), Time{seconds{1'679'315'147}});
  EXPECT_EQ(cosigned->Format(), kBehindTheSofa);
}

TEST(Note, VerifiesAndSignsAPublishedNote) {
  const auto key = VerifierKey::Parse(kPeterKey);
  ASSERT_TRUE(key);
  EXPECT_EQ(key->name, "PeterNeumann");
  EXPECT_EQ(key->type, SignatureType::kEd25519);
  EXPECT_EQ(key->Format(), kPeterKey);

  const auto note = Note::Parse(kPeterText + "\n" + kPeterLine);
  ASSERT_TRUE(note);
  EXPECT_EQ(Names(VerifySignatures(*note, {&*key, 1})), std::vector{"PeterNeumann"s});

  const auto secret = crypto::Ed25519Key::FromSeed(crypto::Base64Decode(kPeterSeed).value());
  EXPECT_EQ(secret.PublicRaw(), key->public_key);
  EXPECT_EQ(FormatSignatureLine(SignNote(kPeterText, *key, secret)), kPeterLine);
}

TEST(Note, RefusesWhatIsNoNote) {
  const std::string line = kPeterLine;
  const auto with_name = [&](const std::string& name) {
    return "text\n\n— " + name + line.substr(line.rfind(' '));
  };
  struct Case {
    std::string what;
    std::string bytes;
  };
  const Case cases[] = {
      {"nothing", ""},
      {"no signature", "text\n\n"},
      {"no signature and no empty line", "text\n"},
      {"no empty line", "text\n" + line},
      {"no text", "\n" + line},
      {"no last newline", ("text\n\n" + line).substr(0, line.size() + 5)},
      {"text after the signatures", "text\n\n" + line + "more\n"},
      {"an empty line at the end", "text\n\n" + line + "\n"},
      {"carriage returns", "text\r\n\n" + line},
      {"a tab", "te\txt\n\n" + line},
      {"a NUL", "te\0xt\n\n"s + line},
      {"bad UTF-8", "te\xffxt\n\n" + line},
      {"an overlong form", "te\xc0\xafxt\n\n" + line},
      {"a surrogate", "te\xed\xa0\x80xt\n\n" + line},
      {"a cut character", "te\xe2\x80\n\n" + line},
      {"no name", with_name("")},
      {"a name with +", with_name("a+b")},
      {"a name with U+00A0", with_name("a\u00a0b")},
      {"a name with U+3000", with_name("a\u3000b")},
      {"a name with U+2028", with_name("a\u2028b")},
      {"two spaces", with_name("a ")},
      {"another dash", "text\n\n- PeterNeumann AAAAAAA=\n"},
      {"no signature bytes", "text\n\n— PeterNeumann AAAAAA==\n"},
      {"no base64", "text\n\n— PeterNeumann ?AAAAAA=\n"},
      {"unpadded base64", "text\n\n— PeterNeumann AAAAAAA\n"},
      {"bits after the last byte", "text\n\n— PeterNeumann AAAAAAB=\n"},
      {"URL-safe base64", "text\n\n— PeterNeumann AAAAA_A=\n"},
      {"space at the end", "text\n\n— PeterNeumann AAAAAAA= \n"},
  };
  ASSERT_TRUE(Note::Parse("text\n\n" + line));
  for (const auto& [what, bytes] : cases) {
    EXPECT_EQ(ReasonOf(Note::Parse(bytes)), "NOTE_INVALID") << what;
  }
}

TEST(Note, AcceptsWhatTheFormatAllows) {
  for (const std::string& bytes :
       {"\n\n" + kPeterLine, "a\n\n\n\n" + kPeterLine, "中文\n\n" + kPeterLine,
        "text\n\n— 证人.example/一 AAAAAAA=\n"s, "text\n\n" + kPeterLine + kPeterLine}) {
    const auto note = Note::Parse(bytes);
    ASSERT_TRUE(note) << bytes;
    EXPECT_EQ(note->Format(), bytes);
  }
}

TEST(Note, HasAtMost100SignaturesAnd64KiB) {
  std::string hundred = "text\n\n";
  for (int i = 0; i < 100; ++i) hundred += kPeterLine;
  EXPECT_TRUE(Note::Parse(hundred));
  EXPECT_EQ(ReasonOf(Note::Parse(hundred + kPeterLine)), "NOTE_INVALID");

  const std::string end = "\n\n" + kPeterLine;
  EXPECT_TRUE(Note::Parse(std::string(65'536 - end.size(), 'x') + end));
  EXPECT_EQ(ReasonOf(Note::Parse(std::string(65'537 - end.size(), 'x') + end)), "NOTE_INVALID");
}

TEST(SignatureLines, StandAlone) {
  const auto lines = ParseSignatureLines(kPeterLine + kPeterLine);
  ASSERT_TRUE(lines);
  ASSERT_EQ(lines->size(), 2u);
  EXPECT_EQ(FormatSignatureLine((*lines)[1]), kPeterLine);
  for (const std::string& bytes : {""s, "\n"s, "text\n"s, kPeterLine + "\n", "\n" + kPeterLine,
                                   kPeterLine.substr(0, kPeterLine.size() - 1)}) {
    EXPECT_EQ(ReasonOf(ParseSignatureLines(bytes)), "NOTE_INVALID") << bytes;
  }
}

TEST(VerifierKey, RefusesEveryCutAndEveryChangedByte) {
  for (size_t from = 0; from < kPeterKey.size(); ++from) {
    for (size_t to = from; to <= kPeterKey.size(); ++to) {
      if (from == 0 && to == kPeterKey.size()) continue;
      EXPECT_EQ(ReasonOf(VerifierKey::Parse(kPeterKey.substr(from, to - from))),
                "VERIFIER_KEY_INVALID");
    }
  }
  ForEveryFlip(std::string(kPeterKey), [](const std::string& text, size_t) {
    EXPECT_EQ(ReasonOf(VerifierKey::Parse(text)), "VERIFIER_KEY_INVALID") << text;
  });
}

TEST(VerifierKey, RefusesOtherForms) {
  for (const std::string_view text : {
           // Another length and another algorithm, each with the id that belongs to it.
           "PeterNeumann+cc469956+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TWBADKEY==",
           "PeterNeumann+173116ae+ZRpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW",
           "PeterNeumann+C74F20A3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW",
           "PeterNeumann+0c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW",
           " PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW",
           "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW\n",
       }) {
    EXPECT_EQ(ReasonOf(VerifierKey::Parse(text)), "VERIFIER_KEY_INVALID") << text;
  }
}

TEST(VerifierKey, TypeAndNameAreInTheId) {
  const std::string raw(32, 'k');
  const auto log = VerifierKey::Of("a", SignatureType::kEd25519, raw);
  const auto witness = VerifierKey::Of("a", SignatureType::kCosignature, raw);
  EXPECT_NE(log.id, witness.id);
  EXPECT_NE(log.id, VerifierKey::Of("b", SignatureType::kEd25519, raw).id);
  EXPECT_EQ(VerifierKey::Parse(witness.Format()).value(), witness);
  EXPECT_EQ(VerifierKey::Parse(log.Format()).value(), log);
}

class Signatures : public testing::Test {
 protected:
  const std::string text_ = "zonelink.example/ledger\n";
  const TestSigner log_ = TestSigner::Log();
  const TestSigner first_ = TestSigner::Witness("first.example");
  const TestSigner second_ = TestSigner::Witness("second.example");
  const std::vector<VerifierKey> trusted_ = {second_.key, log_.key, first_.key};

  Note Signed(std::vector<NoteSignature> signatures) const {
    return {.text = text_, .signatures = std::move(signatures)};
  }
};

TEST_F(Signatures, GiveTheSignersInTheOrderOfTrust) {
  const Note note = Signed({log_.Sign(text_), first_.Sign(text_), second_.Sign(text_)});
  EXPECT_EQ(Names(VerifySignatures(note, trusted_)),
            (std::vector{"second.example"s, "zonelink.example/ledger"s, "first.example"s}));
}

TEST_F(Signatures, CountEachKeyOnce) {
  const Note note = Signed({first_.Sign(text_), first_.Sign(text_)});
  const std::vector<VerifierKey> twice = {first_.key, first_.key};
  EXPECT_EQ(Names(VerifySignatures(note, twice)), std::vector{"first.example"s});
}

TEST_F(Signatures, OfUnknownKeysArePassedOver) {
  auto same_name = first_.Sign(text_);
  same_name.id ^= 1;
  auto same_id = first_.Sign(text_);
  same_id.name = "third.example";
  const NoteSignature odd = {.name = "odd.example", .id = 7, .bytes = "?"};
  const auto signers = VerifySignatures(Signed({same_name, same_id, odd}), trusted_);
  EXPECT_TRUE(signers.value().empty());
}

TEST_F(Signatures, OfAKnownKeyMustAllVerify) {
  auto cut = first_.Sign(text_);
  cut.bytes.pop_back();
  auto longer = log_.Sign(text_);
  longer.bytes += 'x';
  auto no_time = first_.Sign(text_);
  no_time.bytes = "1234567";
  auto later = first_.Sign(text_);
  later.bytes[7] = static_cast<char>(later.bytes[7] + 1);
  auto plain = log_.secret.Sign(text_);  // a witness's name on what only a log may sign
  const NoteSignature as_witness = {
      .name = first_.key.name, .id = first_.key.id, .bytes = std::string(8, '\0') + plain};
  for (const auto& wrong :
       {cut, longer, no_time, later, as_witness, first_.Sign("other\n"), log_.Sign("other\n")}) {
    const Note note = Signed({log_.Sign(text_), first_.Sign(text_), wrong});
    const auto signers = VerifySignatures(note, trusted_);
    EXPECT_EQ(ReasonOf(signers), "SIGNATURE_INVALID");
  }
}

TEST_F(Signatures, OfAWitnessCarryTheirTime) {
  using std::chrono::microseconds;
  const Time at = Time{seconds{1'772'438'400}} + microseconds{999'999};
  const auto signature = Cosign(text_, first_.key, first_.secret, at);
  EXPECT_EQ(CosignedAt(signature).value(), Time{seconds{1'772'438'400}});
  EXPECT_EQ(signature.bytes.size(), 72u);
  EXPECT_TRUE(
      first_.secret.Verify("cosignature/v1\ntime 1772438400\n" + text_, signature.bytes.substr(8)));
}

TEST_F(Signatures, TimesBeyondTheClockAreRefused) {
  NoteSignature signature = {.name = "first.example", .id = 1, .bytes = std::string(72, '\xff')};
  EXPECT_EQ(ReasonOf(CosignedAt(signature)), "SIGNATURE_INVALID");
  signature.bytes = "";
  EXPECT_EQ(ReasonOf(CosignedAt(signature)), "SIGNATURE_INVALID");
}

}  // namespace
}  // namespace zonelink::ledger
