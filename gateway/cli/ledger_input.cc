// SPDX-License-Identifier: Apache-2.0
#include "gateway/cli/ledger_input.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <filesystem>
#include <limits>
#include <optional>

#include "gateway/cli/files.h"
#include "gateway/cli/json.h"
#include "gateway/cli/ledger_source.h"
#include "platform/crypto/crypto.h"

namespace zonelink::cli {
namespace {

using client::Json;
using client::JsonDocument;

constexpr size_t kLargestInput = 16u << 20;

// Digits in a string, as int64 travels, or a number that is not negative.
std::optional<uint64_t> Count(const Json& json) {
  const std::string text = json.text();
  uint64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  const bool canonical = text == "0" || (!text.empty() && text[0] != '0');
  const bool whole = error == std::errc() && end == text.data() + text.size() && canonical &&
                     value <= static_cast<uint64_t>(std::numeric_limits<int64_t>::max());
  return whole ? std::optional(value) : std::nullopt;
}

std::optional<std::string> Bytes(const Json& json) {
  return json.is_text() ? crypto::Base64Decode(json.text()) : std::nullopt;
}

std::optional<std::vector<ledger::Hash>> Hashes(const Json& json) {
  if (!json.is_array()) return std::nullopt;
  std::vector<ledger::Hash> hashes;
  for (const Json& item : json.items()) {
    const auto bytes = Bytes(item);
    const auto hash = bytes ? ledger::Hash::From(*bytes) : std::nullopt;
    if (!hash) return std::nullopt;
    hashes.push_back(*hash);
  }
  return hashes;
}

Error Unclear(std::string message) { return InvalidArgument("WHAT_UNCLEAR", std::move(message)); }

bool LooksLikeJson(std::string_view text) {
  const size_t first = text.find_first_not_of(" \t\r\n");
  return first != std::string_view::npos && text[first] == '{';
}

Result<What> ReadFileAs(const std::string& name, bool receipts) {
  auto text = ReadFile(name, kLargestInput);
  if (!text) {
    Error error = std::move(text).error();
    if (error.code == Code::kNotFound) {
      error.message += "; the address of a log begins with http:// or https://";
    }
    return error;
  }
  if (receipts) return What{WhatKind::kReceipt, name, std::move(*text)};
  if (!LooksLikeJson(*text)) {
    if (ledger::Note::Parse(*text)) return What{WhatKind::kCheckpoint, name, std::move(*text)};
    // A damaged note is refused as one, a damaged receipt by its name.
    if (name.ends_with(".json")) return What{WhatKind::kReceipt, name, std::move(*text)};
    if (text->find("\n\n\u2014 ") != std::string::npos) {
      return What{WhatKind::kCheckpoint, name, std::move(*text)};
    }
    return Unclear(name + " is neither a receipt (JSON) nor a checkpoint (a signed note)");
  }
  const auto document = JsonDocument::Parse(*text);
  if (document && document->root()["hashes"].is_array()) {
    return Unclear(name + " is a consistency proof: give it with --proof, beside two checkpoints");
  }
  return What{WhatKind::kReceipt, name, std::move(*text)};
}

Result<std::vector<What>> ReadFolder(const std::string& name, bool receipts) {
  namespace fs = std::filesystem;
  std::error_code failed;
  if (!receipts) {
    if (fs::is_regular_file(fs::path(name) / "checkpoint", failed)) {
      return std::vector<What>{{WhatKind::kLog, name, ""}};
    }
    return Unclear(name + " has no file `checkpoint`; for a folder of receipts add --receipts");
  }
  std::vector<std::string> files;
  for (auto at = fs::directory_iterator(name, failed); !failed && at != fs::directory_iterator();
       at.increment(failed)) {
    if (at->path().extension() == ".json") files.push_back(at->path().string());
  }
  if (failed) return InvalidArgument("INPUT_UNREADABLE", name + ": " + failed.message());
  if (files.empty()) return Unclear(name + " has no receipts (*.json)");
  std::sort(files.begin(), files.end());
  std::vector<What> all;
  for (const std::string& file : files) {
    auto what = ReadFileAs(file, true);
    if (!what) return std::move(what).error();
    all.push_back(std::move(*what));
  }
  return all;
}

Status CheckMix(const std::vector<What>& all) {
  const WhatKind kind = all.front().kind;
  for (const What& what : all) {
    if (what.kind != kind) {
      return Unclear(fmt::format("{} and {} are of different kinds: verify them one by one",
                                 all.front().name, what.name));
    }
  }
  if (kind == WhatKind::kLog && all.size() > 1) return Unclear("verify one log at a time");
  if (kind == WhatKind::kCheckpoint && all.size() > 2) {
    return Unclear("give two checkpoints, the earlier and the later one");
  }
  return Done{};
}

}  // namespace

Result<std::vector<What>> ReadWhat(const std::vector<std::string>& names, bool receipts) {
  std::vector<What> all;
  for (const std::string& name : names) {
    if (IsUrl(name)) {
      if (receipts) return Unclear(name + " is a log, not a receipt");
      all.push_back({WhatKind::kLog, LogPrefix(name), ""});
      continue;
    }
    if (name.find("://") != std::string::npos) {
      return Unclear(name + ": logs are read by http and https only");
    }
    std::error_code failed;
    if (std::filesystem::is_directory(name, failed)) {
      auto found = ReadFolder(name, receipts);
      if (!found) return found;
      for (What& what : *found) all.push_back(std::move(what));
      continue;
    }
    auto what = ReadFileAs(name, receipts);
    if (!what) return std::move(what).error();
    all.push_back(std::move(*what));
  }
  if (all.empty()) return Unclear("there is nothing to verify");
  const auto one_kind = CheckMix(all);
  if (!one_kind) return one_kind.error();
  return all;
}

Result<ledger::Receipt> ParseReceipt(std::string_view json) {
  const auto invalid = [](std::string_view member) {
    return InvalidArgument("RECEIPT_INVALID",
                           fmt::format("`{}` is missing or not as the API writes it", member),
                           {{"field", std::string(member)}});
  };
  const auto document = JsonDocument::Parse(json);
  if (!document) return InvalidArgument("RECEIPT_INVALID", document.error().message);
  const Json root = document->root();
  ledger::Receipt receipt;
  receipt.event_id = root["eventId"].text();
  if (!root["eventId"].is_text()) return invalid("eventId");
  const auto index = Count(root["index"]);
  if (!index) return invalid("index");
  receipt.index = *index;
  auto entry = Bytes(root["entry"]);
  if (!entry) return invalid("entry");
  receipt.entry = std::move(*entry);
  auto proof = Hashes(root["proof"]);
  if (!proof) return invalid("proof");
  receipt.proof = std::move(*proof);
  if (!root["checkpoint"].is_text()) return invalid("checkpoint");
  receipt.checkpoint = root["checkpoint"].text();
  if (root["salt"].present()) {
    receipt.salt = Bytes(root["salt"]);
    if (!receipt.salt) return invalid("salt");
  }
  if (root["event"].present()) {
    receipt.event = Bytes(root["event"]);
    if (!receipt.event) return invalid("event");
  }
  return receipt;
}

Result<ConsistencyFile> ParseConsistency(std::string_view json) {
  const auto document = JsonDocument::Parse(json);
  if (!document) return InvalidArgument("PROOF_INVALID", document.error().message);
  const Json root = document->root();
  const auto from = Count(root["from"]);
  const auto to = Count(root["to"]);
  auto hashes = Hashes(root["hashes"]);
  if (!from || !to || !hashes) {
    return InvalidArgument("PROOF_INVALID",
                           "the file is no consistency proof: `from`, `to` and `hashes` as "
                           "/v1/ledger/consistency answers them");
  }
  return ConsistencyFile{*from, *to, std::move(*hashes)};
}

Result<LedgerAbout> ParseLedger(std::string_view json) {
  const auto document = JsonDocument::Parse(json);
  if (!document || !document->root()["key"].is_text()) {
    return InvalidArgument("LEDGER_UNREADABLE", "the server does not describe a ledger there");
  }
  const Json root = document->root();
  LedgerAbout about;
  about.origin = root["origin"].text();
  auto key = ledger::VerifierKey::Parse(root["key"].text());
  if (!key) return std::move(key).error();
  about.key = std::move(*key);
  for (const Json& witness : root["witnesses"].items()) {
    auto parsed = ledger::VerifierKey::Parse(witness["key"].text());
    if (!parsed) return std::move(parsed).error();
    about.witnesses.push_back(std::move(*parsed));
  }
  about.quorum = static_cast<unsigned>(std::max<int64_t>(0, root["quorum"].number()));
  return about;
}

std::string ClaimedOrigin(std::string_view note) {
  return std::string(note.substr(0, note.find('\n')));
}

}  // namespace zonelink::cli
