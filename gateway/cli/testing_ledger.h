// SPDX-License-Identifier: Apache-2.0
// A log for tests: built with the ledger's own rules, served by a TestingHttpServer or written to a
// folder.
#pragma once

#include <fmt/format.h>

#include <filesystem>
#include <fstream>
#include <functional>
#include <mutex>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "gateway/cli/json.h"
#include "gateway/cli/testing_http_server.h"
#include "ledger/domain/checkpoint.h"
#include "ledger/domain/entry.h"
#include "platform/core/time.h"
#include "platform/crypto/crypto.h"

namespace zonelink::cli {

struct TestingKey {
  std::string seed;
  ledger::VerifierKey key;

  TestingKey(const std::string& name, char letter,
             ledger::SignatureType type = ledger::SignatureType::kEd25519)
      : seed(32, letter), key(ledger::VerifierKey::Of(name, type, secret().PublicRaw())) {}
  crypto::Ed25519Key secret() const { return crypto::Ed25519Key::FromSeed(seed); }
};

inline const Time kCosignedAt = *ParseTime("2026-03-02T08:00:00Z");

// Two witnesses, whose cosignatures a checkpoint may carry.
class TestingLog {
 public:
  // Its key's name is the origin, or another.
  explicit TestingLog(const std::string& origin, char seed = 'a', const std::string& name = "")
      : origin_(origin), key_(name.empty() ? origin : name, seed) {
    for (const char* name : {"jiangsu", "zhejiang"}) {
      witnesses_.emplace_back(name, name[0], ledger::SignatureType::kCosignature);
    }
  }

  void Append(const std::string& entry) {
    entries_.push_back(entry);
    leaves_.push_back(ledger::LeafHash(entry));
  }
  void Grow(size_t count, const std::string& what = "entry") {
    for (size_t i = 0; i < count; ++i) Append(fmt::format("{} {}", what, entries_.size()));
  }

  const std::string& origin() const { return origin_; }
  std::string key() const { return key_.key.Format(); }
  std::string witness(size_t at) const { return witnesses_[at].key.Format(); }
  size_t size() const { return leaves_.size(); }

  std::string Checkpoint(size_t size, size_t cosigners = 2) const {
    const ledger::Checkpoint head{origin_, size, ledger::RootOf(Leaves(0, size))};
    ledger::Note note{.text = head.Format()};
    note.signatures.push_back(ledger::SignNote(note.text, key_.key, key_.secret()));
    for (size_t i = 0; i < cosigners; ++i) {
      note.signatures.push_back(
          ledger::Cosign(note.text, witnesses_[i].key, witnesses_[i].secret(), kCosignedAt));
    }
    return note.Format();
  }

  // `tile/0/000.p/7`, `tile/entries/001`; nothing where a log of `size` entries has none.
  std::optional<std::string> Resource(std::string_view path, size_t size) const {
    const bool bundle = path.starts_with("tile/entries/");
    path.remove_prefix(bundle ? 13 : 5);
    unsigned level = 0;
    if (!bundle) {
      const size_t slash = path.find('/');
      const auto parsed = ledger::ParseTileLevel(path.substr(0, slash));
      if (!parsed || slash == std::string_view::npos) return std::nullopt;
      level = *parsed;
      path.remove_prefix(slash + 1);
    }
    const auto place = ledger::ParsePlace(path);
    if (!place || ledger::TileWidthAt(level, place->index, size) < place->width) {
      return std::nullopt;
    }
    const size_t first = place->index * ledger::kTileWidth;
    if (bundle) {
      return ledger::EncodeBundle(std::span(entries_).subspan(first, place->width));
    }
    const size_t leaves = size_t{1} << (level * ledger::kTileHeight);
    std::vector<ledger::Hash> hashes;
    for (size_t i = first; i < first + place->width; ++i) {
      hashes.push_back(ledger::RootOf(Leaves(i * leaves, (i + 1) * leaves)));
    }
    return ledger::EncodeTile(hashes);
  }

  // Every tile and bundle of a log of `size` entries, and its checkpoint.
  void WriteTo(const std::string& folder, size_t size) const {
    for (unsigned level = 0; level < 3; ++level) {
      for (uint64_t index = 0; ledger::TileWidthAt(level, index, size) > 0; ++index) {
        const ledger::TilePlace place{index, ledger::TileWidthAt(level, index, size)};
        Put(folder, ledger::TilePath(level, place), size);
        if (level == 0) Put(folder, ledger::EntriesPath(place), size);
      }
    }
    std::ofstream(folder + "/checkpoint") << Checkpoint(size);
  }

  // As GET /v1/ledger/receipts/{event_id} answers; `entry` is leaf `index`.
  std::string Receipt(const std::string& event_id, size_t index, const std::string& salt,
                      const std::string& event, size_t cosigners = 2) const {
    const auto proof = ledger::InclusionProof(index, size(), Read());
    client::JsonWriter json;
    json.Begin('{').Field("eventId", event_id).Field("index", std::to_string(index));
    json.Field("entry", crypto::Base64Encode(entries_[index]));
    json.Texts("proof", Encoded(*proof)).Field("checkpoint", Checkpoint(size(), cosigners));
    json.Key("anchored").Truth(cosigners == 2);
    json.Field("salt", crypto::Base64Encode(salt)).Field("event", crypto::Base64Encode(event));
    return json.End('}').Take();
  }

  std::string Consistency(size_t from, size_t to) const {
    client::JsonWriter json;
    json.Begin('{').Field("from", std::to_string(from)).Field("to", std::to_string(to));
    return json.Texts("hashes", Encoded(*ledger::ConsistencyProof(from, to, Read())))
        .End('}')
        .Take();
  }

  // As GET /v1/ledger answers.
  std::string Describe(int quorum = 2) const {
    client::JsonWriter json;
    json.Begin('{').Field("origin", origin_).Field("key", key());
    json.Key("witnesses").Begin('[');
    for (const TestingKey& witness : witnesses_) {
      json.Begin('{').Field("name", witness.key.name).Field("key", witness.key.Format());
      json.Field("size", std::to_string(size())).End('}');
    }
    json.End(']').Key("quorum").Number(quorum);
    for (const char* member : {"size", "publishedSize", "anchoredSize"}) {
      json.Field(member, std::to_string(size()));
    }
    return json.Field("publishedAt", "2026-03-02T08:00:00Z").End('}').Take();
  }

 private:
  std::span<const ledger::Hash> Leaves(size_t first, size_t end) const {
    return std::span(leaves_).subspan(first, end - first);
  }
  ledger::ReadNode Read() const {
    return [this](ledger::NodeId node) -> Result<ledger::Hash> {
      return ledger::RootOf(Leaves(node.index << node.level, (node.index + 1) << node.level));
    };
  }
  static std::vector<std::string> Encoded(const std::vector<ledger::Hash>& hashes) {
    std::vector<std::string> texts;
    for (const ledger::Hash& hash : hashes) texts.push_back(crypto::Base64Encode(hash.view()));
    return texts;
  }
  void Put(const std::string& folder, const std::string& path, size_t size) const {
    const std::filesystem::path file = std::filesystem::path(folder) / path;
    std::filesystem::create_directories(file.parent_path());
    std::ofstream(file, std::ios::binary) << Resource(path, size).value();
  }

  std::string origin_;
  TestingKey key_;
  std::vector<TestingKey> witnesses_;
  std::vector<std::string> entries_;
  std::vector<ledger::Hash> leaves_;
};

// Serves the log it is told to, below /v1/ledger.
class TestingLedgerServer {
 public:
  explicit TestingLedgerServer(const TestingLog& log)
      : log_(log), server_([this](const std::string& request) { return Answer(request); }) {}

  // What is served from now on.
  void Serve(const TestingLog& log, size_t size, size_t cosigners = 2) {
    const std::lock_guard lock(mutex_);
    log_ = log;
    size_ = size;
    cosigners_ = cosigners;
  }
  // The answers of the next requests, whatever they are.
  void AnswerFirst(std::vector<std::string> answers) {
    const std::lock_guard lock(mutex_);
    first_ = std::move(answers);
  }
  std::string url() const { return server_.url(); }
  // Paths below /v1/ledger/ that were asked for.
  std::vector<std::string> paths() const {
    std::vector<std::string> paths;
    for (const std::string& request : server_.requests()) {
      const std::string path = request.substr(4, request.find(' ', 4) - 4);
      paths.push_back(path.substr(std::min(path.size(), kPrefix.size() + 1)));
    }
    return paths;
  }

 private:
  using Server = client::TestingHttpServer;
  static constexpr std::string_view kPrefix = "/v1/ledger";

  std::string Answer(const std::string& request) {
    const std::lock_guard lock(mutex_);
    if (!first_.empty()) {
      const std::string answer = first_.front();
      first_.erase(first_.begin());
      return answer;
    }
    std::string path = request.substr(4, request.find(' ', 4) - 4);
    if (path == kPrefix) return Server::Reply(200, log_.Describe());
    path.erase(0, std::min(path.size(), kPrefix.size() + 1));
    if (path == "checkpoint") return Server::Reply(200, log_.Checkpoint(size_, cosigners_));
    const auto bytes = path.starts_with("tile/") ? log_.Resource(path, size_) : std::nullopt;
    return bytes ? Server::Reply(200, *bytes) : Server::Reply(404, R"({"reason":"TILE_UNKNOWN"})");
  }

  mutable std::mutex mutex_;
  TestingLog log_;
  size_t size_ = log_.size();
  size_t cosigners_ = 2;
  std::vector<std::string> first_;
  Server server_;  // last: it answers as soon as it is there
};

}  // namespace zonelink::cli
