// SPDX-License-Identifier: Apache-2.0
// For tests: a folder, a log that can also lie, and what it would send to a witness.
#pragma once

#include <fmt/format.h>
#include <gtest/gtest.h>
#include <stdlib.h>

#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>
#include <vector>

#include "gateway/witness/witness.h"
#include "ledger/domain/testing_log.h"

namespace zonelink::witness {

inline constexpr const char* kOrigin = "zonelink.example/ledger";
inline constexpr const char* kWitness = "jiangsu.example/witness";

class ScratchDir {
 public:
  ScratchDir() {
    std::string pattern = testing::TempDir() + "zonelink-witness-XXXXXX";
    path_ = mkdtemp(pattern.data());
  }
  ~ScratchDir() { std::filesystem::remove_all(path_); }
  ScratchDir(const ScratchDir&) = delete;
  const std::string& path() const { return path_; }
  std::string operator/(const std::string& name) const { return path_ + "/" + name; }

 private:
  std::string path_;
};

inline std::string ReadFile(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

inline void WriteFile(const std::string& path, const std::string& text) {
  std::ofstream(path, std::ios::binary) << text;
}

class FixedClock final : public WallClock {
 public:
  Time Now() const override { return Time{std::chrono::seconds{1'772'438'400}}; }
};

// A tree whose first `common` leaves are those of every other of these trees.
inline ledger::TestTree Branch(const std::string& name, uint64_t common, uint64_t size) {
  std::vector<ledger::Hash> leaves;
  for (uint64_t i = 0; i < size; ++i) {
    leaves.push_back(ledger::LeafHash(fmt::format("{} {}", i < common ? "trunk" : name, i)));
  }
  return ledger::TestTree(std::move(leaves));
}

inline std::string SignedHead(const ledger::TestTree& tree, uint64_t size) {
  const auto log = ledger::TestSigner::Log();
  return ledger::SignedBy({&log}, tree.At(kOrigin, size).Format());
}

inline std::vector<ledger::Hash> ProofOf(const ledger::TestTree& tree, uint64_t from, uint64_t to) {
  if (from == 0 || from == to) return {};
  return ledger::ConsistencyProof(from, to, tree.Reader()).value();
}

inline std::string BodyOf(uint64_t old_size, const std::vector<ledger::Hash>& proof,
                          const std::string& note) {
  std::string body = fmt::format("old {}\n", old_size);
  for (const ledger::Hash& hash : proof) body += crypto::Base64Encode(hash.view()) + "\n";
  return body + "\n" + note;
}

// As an honest log brings it.
inline std::string Growth(const ledger::TestTree& tree, uint64_t from, uint64_t to) {
  return BodyOf(from, ProofOf(tree, from, to), SignedHead(tree, to));
}

inline Witness::Settings SettingsIn(const std::string& folder) {
  Witness::Settings settings{
      kWitness, crypto::Ed25519Key::FromSeed(crypto::Sha256(kWitness)), folder, {}};
  settings.logs.emplace(kOrigin, ledger::TestSigner::Log().key);
  return settings;
}

// Where the state of the log is kept.
inline std::string StateOf(const std::string& folder, const std::string& file) {
  return fmt::format("{}/{}/{}", folder, crypto::HexEncode(crypto::Sha256(kOrigin)), file);
}

inline size_t Count(const std::string& text, const std::string& part) {
  size_t count = 0;
  for (size_t at = 0; (at = text.find(part, at)) != std::string::npos; at += part.size()) ++count;
  return count;
}

}  // namespace zonelink::witness
