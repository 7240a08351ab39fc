// SPDX-License-Identifier: Apache-2.0
#include "ledger/domain/log_check.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "ledger/domain/testing_log.h"

namespace zonelink::ledger {
namespace {

using namespace std::string_literals;

std::string With(std::string bytes, size_t at) {
  bytes.at(at) = static_cast<char>(bytes.at(at) ^ 1);
  return bytes;
}

class LogChecked : public testing::TestWithParam<uint64_t> {};
INSTANTIATE_TEST_SUITE_P(Sizes, LogChecked,
                         testing::Values(0, 1, 3, 255, 256, 257, 600, 65'536, 70'000));

TEST_P(LogChecked, FindsEveryEntryInOrder) {
  TestLog log = TestLog::Numbered(GetParam());
  uint64_t next = 0;
  uint64_t bytes = 0;
  std::vector<uint64_t> done;
  const auto check = CheckLog(log.Head(), log.Fetcher(),
                              {.progress =
                                   [&](uint64_t now, uint64_t total) {
                                     EXPECT_EQ(total, GetParam());
                                     done.push_back(now);
                                     return true;
                                   },
                               .entry = [&](uint64_t index, std::string_view entry) -> Status {
                                 EXPECT_EQ(index, next++);
                                 EXPECT_EQ(entry, log.entries()[index]);
                                 bytes += entry.size();
                                 return Done{};
                               }});
  ASSERT_TRUE(check);
  EXPECT_EQ(check->entries, GetParam());
  EXPECT_EQ(next, GetParam());
  EXPECT_EQ(check->entry_bytes, bytes);
  ASSERT_EQ(done.size(), (GetParam() + 255) / 256);
  for (size_t i = 0; i < done.size(); ++i) {
    EXPECT_EQ(done[i], std::min<uint64_t>(GetParam(), (i + 1) * 256));
  }
  // Each resource once, and all that such a log serves.
  auto fetched = log.fetched;
  std::sort(fetched.begin(), fetched.end());
  EXPECT_EQ(std::adjacent_find(fetched.begin(), fetched.end()), fetched.end());
  size_t resources = (GetParam() + 255) / 256;
  for (unsigned level = 0; level <= kMaxTileLevel; ++level) {
    resources += ((GetParam() >> (8 * level)) + 255) / 256;
  }
  EXPECT_EQ(fetched.size(), resources);
}

class TamperedLog : public testing::Test {
 protected:
  TestLog log_ = TestLog::Numbered(70'000);
  const Checkpoint head_ = log_.Head();

  // The check's error, when `path` answers with `bytes`; expects one.
  Error Refused(const std::string& path, std::string bytes, uint64_t from = 0) {
    log_.instead = {{path, std::move(bytes)}};
    const auto check = CheckLog(head_, log_.Fetcher(), {.from = from});
    EXPECT_FALSE(check) << path;
    return check ? Error{} : check.error();
  }
  std::string True(const std::string& path) const { return log_.True(path).value(); }
};

Metadata At(const std::string& path, const std::string& index) {
  return {{"path", path}, {"index", index}};
}

TEST_F(TamperedLog, AnEntryIsNotWhatItsLeafSays) {
  for (const auto& [path, index] : {std::pair{"tile/entries/000"s, "0"s},
                                    {"tile/entries/200"s, "51200"s},
                                    {"tile/entries/273.p/112"s, "69888"s}}) {
    const auto error = Refused(path, With(True(path), 3));
    EXPECT_EQ(error.reason, "LEAF_MISMATCH");
    EXPECT_EQ(error.metadata, At(path, index));
  }
  auto entries = log_.entries();
  std::swap(entries[300], entries[301]);
  const auto error =
      Refused("tile/entries/001", EncodeBundle(std::span(entries).subspan(256, 256)));
  EXPECT_EQ(error.reason, "LEAF_MISMATCH");
  EXPECT_EQ(error.metadata, At("tile/entries/001", "300"));
}

TEST_F(TamperedLog, ABundleHasItsEntriesAndNothingElse) {
  const std::string path = "tile/entries/273.p/112";
  const std::string bytes = True(path);
  const auto entries = std::span(log_.entries()).subspan(69'888);
  for (const std::string& other :
       {bytes + "\0"s, bytes + "\0\1x"s, bytes.substr(0, bytes.size() - 1),
        EncodeBundle(entries.first(111)), ""s}) {
    const auto error = Refused(path, other);
    EXPECT_EQ(error.reason, "BUNDLE_INVALID");
    EXPECT_EQ(error.metadata, At(path, "69888"));
  }
}

TEST_F(TamperedLog, ATileIsWhatTheOneAboveSays) {
  for (const auto& [path, index] :
       {std::pair{"tile/0/000"s, "0"s}, {"tile/0/272"s, "69632"s}, {"tile/1/000"s, "0"s}}) {
    const auto error = Refused(path, With(True(path), 8191));
    EXPECT_EQ(error.reason, "TILE_MISMATCH") << path;
    EXPECT_EQ(error.metadata, At(path, index));
  }
}

// An operator who rewrites an entry and all tiles above it still has not the signed root.
TEST_F(TamperedLog, ARewrittenTreeHasAnotherRoot) {
  auto entries = log_.entries();
  entries[300] += "?";
  TestLog other(std::move(entries));
  EXPECT_EQ(ReasonOf(CheckLog(head_, other.Fetcher(), {})), "ROOT_MISMATCH");
}

TEST_F(TamperedLog, TheTopTilesMakeTheRoot) {
  for (const std::string path : {"tile/0/273.p/112", "tile/1/001.p/17", "tile/2/000.p/1"}) {
    EXPECT_EQ(Refused(path, With(True(path), 31)).reason, "ROOT_MISMATCH") << path;
  }
}

TEST_F(TamperedLog, ATileHasItsWidth) {
  for (const auto& [path, index] : {std::pair{"tile/0/273.p/112"s, "69888"s},
                                    {"tile/0/000"s, "0"s},
                                    {"tile/1/001.p/17"s, "65536"s},
                                    {"tile/1/000"s, "0"s},
                                    {"tile/2/000.p/1"s, "0"s}}) {
    const std::string bytes = True(path);
    for (const std::string& other :
         {bytes + std::string(32, 'x'), bytes.substr(32), bytes + "x", ""s}) {
      const auto error = Refused(path, other);
      EXPECT_EQ(error.reason, "TILE_INVALID") << path;
      EXPECT_EQ(error.metadata, At(path, index));
    }
  }
}

TEST_F(TamperedLog, AMissingResourceEndsTheCheck) {
  for (const std::string path : {"tile/0/000", "tile/0/273.p/112", "tile/1/000", "tile/2/000.p/1",
                                 "tile/entries/100", "tile/entries/273.p/112"}) {
    log_.missing = {path};
    const auto check = CheckLog(head_, log_.Fetcher(), {});
    ASSERT_FALSE(check);
    EXPECT_EQ(check.error().code, Code::kNotFound);
    EXPECT_EQ(check.error().message, path);
  }
}

// What was verified before is not asked for again; what is above it is.
TEST_F(TamperedLog, FromLeavesOutWhatCameBefore) {
  const auto path = "tile/entries/001"s;
  EXPECT_EQ(Refused(path, With(True(path), 3), 256).metadata, At(path, "256"));
  log_.fetched.clear();
  log_.instead = {{path, With(True(path), 3)}};
  std::vector<uint64_t> seen;
  const auto check = CheckLog(head_, log_.Fetcher(),
                              {.from = 257,
                               .progress =
                                   [](uint64_t, uint64_t total) {
                                     EXPECT_EQ(total, 70'000u - 257u);
                                     return true;
                                   },
                               .entry = [&](uint64_t index, std::string_view) -> Status {
                                 seen.push_back(index);
                                 return Done{};
                               }});
  ASSERT_TRUE(check);
  EXPECT_EQ(check->entries, 70'000u - 257u);
  EXPECT_EQ(seen.front(), 257u);
  EXPECT_EQ(seen.back(), 69'999u);
  EXPECT_EQ(std::count(log_.fetched.begin(), log_.fetched.end(), "tile/entries/000"), 0);
  EXPECT_EQ(std::count(log_.fetched.begin(), log_.fetched.end(), "tile/0/000"), 0);
}

TEST_F(TamperedLog, FromTheEndStillChecksTheRoot) {
  EXPECT_EQ(CheckLog(head_, log_.Fetcher(), {.from = 70'000})->entries, 0u);
  const std::string top = "tile/2/000.p/1";
  EXPECT_EQ(Refused(top, With(True(top), 0), 70'000).reason, "ROOT_MISMATCH");
  EXPECT_EQ(ReasonOf(CheckLog(head_, log_.Fetcher(), {.from = 70'001})), "SIZES_INVALID");
}

TEST(LogCheck, TakesFullResourcesForPartialOnesThatAreGone) {
  TestLog log = TestLog::Numbered(600);
  const Checkpoint older = log.tree().At("o", 300);
  log.missing = {"tile/0/001.p/44", "tile/entries/001.p/44"};
  EXPECT_EQ(CheckLog(older, log.Fetcher(), {})->entries, 300u);
  // What lies beyond the checkpoint is nobody's claim; what lies within is checked.
  const std::string full = log.True("tile/entries/001").value();
  const std::string partial = log.True("tile/entries/001.p/44").value();
  log.instead = {{"tile/entries/001", With(full, partial.size() + 3)}};
  EXPECT_TRUE(CheckLog(older, log.Fetcher(), {}));
  log.instead = {{"tile/entries/001", With(full, partial.size() - 1)}};
  const auto refused = CheckLog(older, log.Fetcher(), {});
  EXPECT_EQ(ReasonOf(refused), "LEAF_MISMATCH");
  EXPECT_EQ(refused.error().metadata, At("tile/entries/001", "299"));
  log.instead = {{"tile/entries/001", full + "x"}};
  EXPECT_EQ(ReasonOf(CheckLog(older, log.Fetcher(), {})), "BUNDLE_INVALID");
}

TEST(LogCheck, StopsWhenTold) {
  TestLog log = TestLog::Numbered(600);
  const auto stopped = CheckLog(log.Head(), log.Fetcher(),
                                {.progress = [](uint64_t done, uint64_t) { return done < 512; }});
  EXPECT_EQ(ReasonOf(stopped), "STOPPED");
  EXPECT_EQ(stopped.error().code, Code::kAborted);
  const auto refused =
      CheckLog(log.Head(), log.Fetcher(), {.entry = [](uint64_t index, std::string_view) -> Status {
                 if (index == 7) return InvalidArgument("ENTRY_INVALID", "seven");
                 return Done{};
               }});
  EXPECT_EQ(ReasonOf(refused), "ENTRY_INVALID");
}

// Every bit of everything that a log of three entries serves.
TEST(LogCheck, EveryFlippedBitIsRefused) {
  const TestSigner signer = TestSigner::Log();
  const TestSigner witness = TestSigner::Witness("first.example");
  const TrustPolicy policy = {.log = signer.key, .witnesses = {witness.key}, .quorum = 1};
  TestLog log = TestLog::Numbered(3);
  log.instead["checkpoint"] = SignedBy({&signer, &witness}, log.Head().Format());
  const auto accepted = [&] {
    const auto opened = OpenCheckpoint(log.Get("checkpoint").value(), policy);
    return opened && CheckLog(opened->checkpoint, log.Fetcher(), {});
  };
  ASSERT_TRUE(accepted());
  for (const std::string path : {"checkpoint", "tile/0/000.p/3", "tile/entries/000.p/3"}) {
    const std::string bytes = log.Get(path).value();
    ForEveryFlip(bytes, [&](const std::string& flipped, size_t bit) {
      log.instead[path] = flipped;
      EXPECT_FALSE(accepted()) << path << ", bit " << bit;
    });
    log.instead[path] = bytes;
  }
  EXPECT_TRUE(accepted());
}

}  // namespace
}  // namespace zonelink::ledger
