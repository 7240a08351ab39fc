// SPDX-License-Identifier: Apache-2.0
// How events become leaves and leaves a tree, and that tiles and bundles say so byte for byte.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <random>
#include <thread>

#include "ledger/domain/entry.h"
#include "ledger/edge.h"
#include "ledger/test_ledger.h"
#include "ledger/tree_store.h"

namespace zonelink::ledger {
namespace {

namespace pb = events::v1;

std::vector<Hash> LeafHashes(const std::vector<std::string>& entries) {
  std::vector<Hash> hashes;
  for (const auto& entry : entries) hashes.push_back(LeafHash(entry));
  return hashes;
}

class TreeTest : public LedgerTest {
 protected:
  Hash RootInDatabase(uint64_t size) {
    const Edge edge = Must(
        database_.Query(Nobody(), [&](db::Tx& tx) -> Result<Edge> { return ReadEdge(tx, size); }));
    EXPECT_TRUE(edge.Whole()) << size;
    return edge.Whole() ? edge.Root() : EmptyRoot();
  }
  // Many leaves at once, into an empty tree; they are no events.
  void Fill(uint64_t count) {
    scratch_.Admin(fmt::format(
        "INSERT INTO ledger.leaves (index, event_id, source, entry, hash, recorded_at) SELECT n, "
        "gen_random_uuid(), 'test', entry, sha256('\\x00'::bytea || entry), now() FROM (SELECT n, "
        "convert_to('entry ' || n, 'UTF8') AS entry FROM generate_series(0, {} - 1) AS n) AS new",
        count));
    std::vector<std::string> entries;
    for (uint64_t i = 0; i < count; ++i) entries.push_back(fmt::format("entry {}", i));
    Edge edge;
    const auto nodes = Append(edge, LeafHashes(entries));
    Must(database_.System("fill", [&](db::Tx& tx) -> Status {
      AddNodes(tx, nodes);
      SetTreeSize(tx, count);
      return Done{};
    }));
  }
  // What the service answers on a path of the log; the reason of a refusal.
  std::string Fetch(const std::string& path) {
    const std::string rest = path.substr(std::string("tile/").size());
    const size_t slash = rest.find('/');
    Result<api::Raw> raw = NotFound("", "");
    if (rest.substr(0, slash) == "entries") {
      v1::GetEntriesRequest request;
      request.set_index(rest.substr(slash + 1));
      raw = process().service.GetEntries(Nobody(), request);
    } else {
      v1::GetTileRequest request;
      request.set_level(rest.substr(0, slash));
      request.set_index(rest.substr(slash + 1));
      raw = process().service.GetTile(Nobody(), request);
    }
    if (!raw) return raw.error().reason;
    EXPECT_EQ(raw->content_type(), "application/octet-stream");
    EXPECT_EQ(raw->immutable(), path.find(".p/") == std::string::npos) << path;
    return raw->data();
  }
};

TEST(EdgeTest, IsThatOfTheTreeAtEverySize) {
  std::mt19937 random(3);
  Edge edge;
  std::vector<Hash> all;
  std::map<std::pair<unsigned, uint64_t>, Hash> nodes;
  while (all.size() < 200'000) {
    const size_t count = random() % 7 == 0 ? 20'000 : random() % 600;
    std::vector<Hash> added;
    for (size_t i = 0; i < count; ++i) added.push_back(LeafHash(fmt::to_string(all.size() + i)));
    all.insert(all.end(), added.begin(), added.end());
    for (const TileNode& node : Append(edge, added)) {
      ASSERT_TRUE(nodes.emplace(std::pair(node.level, node.index), node.hash).second);
    }
    ASSERT_EQ(edge.size, all.size());
    ASSERT_TRUE(edge.Whole());
    if (random() % 16 == 0) {
      ASSERT_EQ(edge.Root(), RootOf(all)) << all.size();
    }
  }
  ASSERT_EQ(nodes.size(), all.size() / 256 + all.size() / 65'536);
  for (const auto& [place, hash] : nodes) {
    const uint64_t width = uint64_t{1} << (8 * place.first);
    ASSERT_EQ(hash, RootOf(std::span(all).subspan(place.second * width, width)));
  }
  edge.tiles[0].clear();
  EXPECT_FALSE(edge.Whole());
}

TEST_F(TreeTest, AnEventHasOneLeafHoweverOftenItComes) {
  const auto events = MakeEvents(10);
  const std::vector first(events.begin(), events.begin() + 6);
  ASSERT_TRUE(TryIntegrate(first));
  ASSERT_TRUE(TryIntegrate(first));
  ASSERT_TRUE(TryIntegrate(events));
  const auto entries = StoredEntries();
  ASSERT_EQ(entries.size(), events.size());
  for (size_t i = 0; i < entries.size(); ++i) {
    const Entry entry = Must(Entry::Parse(entries[i]));
    EXPECT_EQ(entry.event_id, events[i].event_id());
    EXPECT_EQ(entry.type, events[i].type());
    EXPECT_EQ(entry.commitment, Commit(events[i].salt(), events[i].body()));
  }
  EXPECT_EQ(scratch_.AdminText("SELECT count(*) FROM ledger.leaves WHERE recorded_at > now() - "
                               "interval '1 hour' AND integrated_at >= recorded_at - interval '1 "
                               "second'"),
            "10");
}

TEST_F(TreeTest, AnEventWithoutSaltHasALeafThatLinksToNothing) {
  auto events = MakeEvents(2);
  events[0].clear_salt();
  ASSERT_TRUE(TryIntegrate(events));
  EXPECT_EQ(StoredEntries().size(), 2u);
  EXPECT_EQ(scratch_.AdminText("SELECT count(*) FROM ledger.contents"), "2");
  EXPECT_EQ(scratch_.AdminText("SELECT event_id FROM ledger.contents WHERE salt IS NOT NULL AND "
                               "event IS NOT NULL"),
            events[1].event_id());
  auto odd = MakeEvents(1);
  odd[0].set_salt("short");
  EXPECT_EQ(ReasonOf(TryIntegrate(odd)), "INTERNAL");
  EXPECT_EQ(StoredEntries().size(), 2u);
}

// Only who writes past the services can plant such a row; it must not end the process.
TEST_F(TreeTest, WhatNoEntryCanHoldIsRefused) {
  auto odd = MakeEvents(2);
  odd[1].set_type("zonelink.\"quoted\"");
  EXPECT_EQ(ReasonOf(TryIntegrate(odd)), "INTERNAL");
  EXPECT_TRUE(StoredEntries().empty());
}

TEST_F(TreeTest, SeveralAppendAtATime) {
  std::vector<std::thread> writers;
  const std::vector<std::string> sources = {"directory", "recognition", "worklist", "ledger"};
  std::vector<std::vector<pb::Event>> events;
  for (size_t i = 0; i < sources.size(); ++i) events.push_back(MakeEvents(200));
  for (size_t i = 0; i < sources.size(); ++i) {
    writers.emplace_back([&, i] {
      for (size_t from = 0; from < events[i].size(); from += 20) {
        const auto begin = events[i].begin() + static_cast<std::ptrdiff_t>(from);
        EXPECT_TRUE(TryIntegrate({begin, begin + 20}, sources[i]));
      }
    });
  }
  for (auto& writer : writers) writer.join();
  const auto entries = StoredEntries();
  EXPECT_EQ(entries.size(), 800u);
  EXPECT_EQ(RootInDatabase(800), RootOf(LeafHashes(entries)));
  // One source's events keep their order.
  EXPECT_EQ(scratch_.AdminText("SELECT count(*) FROM (SELECT version < lag(version) OVER "
                               "(PARTITION BY source ORDER BY index) AS back FROM ledger.contents) "
                               "AS steps WHERE back"),
            "0");
}

TEST_F(TreeTest, ItsRootIsThatOfItsLeavesAtEverySize) {
  std::mt19937 random(7);
  while (StoredEntries().size() < 1'400) Grow(1 + random() % 400);
  const auto hashes = LeafHashes(StoredEntries());
  for (size_t size = 1; size <= hashes.size(); size += 1 + random() % 40) {
    ASSERT_EQ(RootInDatabase(size), RootOf(std::span(hashes).first(size))) << size;
  }
  for (const size_t size : {0, 255, 256, 257, 511, 512, 1024}) {
    ASSERT_EQ(RootInDatabase(size), RootOf(std::span(hashes).first(size))) << size;
  }
}

TEST_F(TreeTest, TilesAndBundlesAreThoseOfTheLog) {
  Fill(65'536 - 300);
  Grow(700);
  Restart();
  AwaitPublished(65'536 + 400);
  Publish(385);
  const TestLog log(StoredEntries());
  ASSERT_EQ(Ledger().published_size(), 66'321);
  EXPECT_EQ(Must(OpenCheckpoint(Checkpoint(), {.origin = {}, .log = log_.key, .witnesses = {}}))
                .checkpoint,
            log.Head());
  for (const std::string path :
       {"tile/0/000", "tile/0/000.p/1", "tile/0/000.p/255", "tile/0/258", "tile/0/259.p/17",
        "tile/0/259.p/3", "tile/1/000", "tile/1/001.p/3", "tile/1/001.p/2", "tile/2/000.p/1",
        "tile/entries/000", "tile/entries/000.p/7", "tile/entries/256", "tile/entries/259.p/17"}) {
    const auto wanted = log.True(path);
    ASSERT_TRUE(wanted) << path;
    EXPECT_TRUE(Fetch(path) == *wanted) << path;
  }
  for (const std::string path :
       {"tile/0/259", "tile/0/259.p/18", "tile/0/260.p/1", "tile/1/001", "tile/1/001.p/4",
        "tile/2/000", "tile/2/000.p/2", "tile/3/000.p/1", "tile/8/000.p/1", "tile/63/000",
        "tile/0/x999/x999/x999/x999/x999/999", "tile/entries/259", "tile/entries/260.p/1"}) {
    EXPECT_EQ(Fetch(path), "TILE_UNKNOWN") << path;
  }
  for (const std::string path :
       {"tile/64/000", "tile/01/000", "tile/-1/000", "tile/0/0", "tile/0/1000", "tile/0/x000/000",
        "tile/0/000.p/0", "tile/0/000.p/256", "tile/0/000.p/01", "tile/0/../000",
        "tile/0/x999/x999/x999/x999/x999/x999/999", "tile/entries/0", "tile/entries/000.p/"}) {
    EXPECT_EQ(Fetch(path), "TILE_PATH_INVALID") << path;
  }
}

TEST_F(TreeTest, OnlyWhatIsPublishedIsServed) {
  Restart();
  EXPECT_EQ(ReasonOf(process().service.GetCheckpoint(Nobody(), {})), "CHECKPOINT_UNKNOWN");
  EXPECT_EQ(Fetch("tile/0/000.p/1"), "TILE_UNKNOWN");
  Publish(3);
  EXPECT_EQ(Fetch("tile/0/000.p/4"), "TILE_UNKNOWN");
  EXPECT_EQ(Fetch("tile/0/000.p/3").size(), 96u);
  EXPECT_EQ(Fetch("tile/entries/000.p/4"), "TILE_UNKNOWN");
}

TEST_F(TreeTest, NothingTakesALeafBack) {
  Grow(300);
  for (const char* statement :
       {"UPDATE ledger.leaves SET hash = hash", "DELETE FROM ledger.leaves",
        "TRUNCATE ledger.leaves", "UPDATE ledger.nodes SET index = 7", "DELETE FROM ledger.nodes",
        "DELETE FROM ledger.tree", "UPDATE ledger.tree SET size = 7", "DELETE FROM ledger.contents",
        "UPDATE ledger.contents SET parties = '{}'"}) {
    EXPECT_ANY_THROW(scratch_.Admin(statement)) << statement;
  }
  EXPECT_EQ(StoredEntries().size(), 300u);
}

}  // namespace
}  // namespace zonelink::ledger
