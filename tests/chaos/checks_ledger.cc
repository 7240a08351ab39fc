// SPDX-License-Identifier: Apache-2.0
// I-16 to I-18: what the ledger said over time never contradicts itself.
#include <fmt/format.h>

#include <map>

#include "gateway/cli/json.h"
#include "ledger/domain/receipt.h"
#include "platform/crypto/crypto.h"
#include "tests/chaos/judge.h"

namespace zonelink::chaos {
namespace {

using ledger::Checkpoint;

std::string Show(const Checkpoint& checkpoint) {
  return fmt::format("size {} root {}", checkpoint.size,
                     crypto::HexEncode(checkpoint.root.view()).substr(0, 16));
}

std::string Show(const Error& error) { return error.reason + ": " + error.message; }

// Bytes in JSON are base64.
std::string Decoded(const client::Json& json) {
  return crypto::Base64Decode(json.text()).value_or("");
}

ledger::Receipt ReceiptOf(const client::Json& json) {
  ledger::Receipt receipt{.event_id = json["eventId"].text(),
                          .index = static_cast<uint64_t>(json["index"].number()),
                          .entry = Decoded(json["entry"]),
                          .checkpoint = json["checkpoint"].text()};
  for (const client::Json& hash : json["proof"].items()) {
    receipt.proof.push_back(ledger::Hash::From(Decoded(hash)).value_or(ledger::Hash{}));
  }
  if (json["salt"].present()) receipt.salt = Decoded(json["salt"]);
  if (json["event"].present()) receipt.event = Decoded(json["event"]);
  return receipt;
}

// Everything that clients and witnesses have ever seen and that the log itself remembers, with the
// log's signature; what does not verify is a violation of its own.
std::vector<Checkpoint> SeenCheckpoints(Evidence& evidence, Violations* unsigned_ones) {
  std::vector<Checkpoint> seen;
  const auto take = [&](const std::string& who, const std::string& note) {
    const auto opened = ledger::OpenCheckpoint(note, evidence.Policy());
    if (opened) {
      seen.push_back(opened->checkpoint);
    } else if (unsigned_ones != nullptr) {
      unsigned_ones->push_back(
          fmt::format("{} saw a checkpoint that does not verify: {}", who, Show(opened.error())));
    }
  };
  for (const CheckpointLine& line : evidence.journal.checkpoints) take(line.seen_by, line.note);
  for (const ReceiptLine& line : evidence.journal.receipts) {
    const auto json = client::JsonDocument::Parse(line.body);
    if (json) take(line.seen_by, json->root()["checkpoint"].text());
  }
  for (const auto& row : evidence.sql.Query("SELECT note FROM ledger.checkpoints ORDER BY size")) {
    take("the log's memory", *row[0]);
  }
  const LedgerCopy& copy = evidence.Ledger();
  if (copy.newest) seen.push_back(copy.newest->checkpoint);
  return seen;
}

}  // namespace

Violations TreeOnlyGrows(Evidence& evidence) {
  Violations found;
  std::map<uint64_t, Checkpoint> by_size;  // the first seen of each size; the others: I-17
  for (const Checkpoint& checkpoint : SeenCheckpoints(evidence, &found)) {
    by_size.emplace(checkpoint.size, checkpoint);
  }
  if (by_size.empty()) return {"nobody has seen a checkpoint"};
  const auto check = [&](const Checkpoint& older, const Checkpoint& newer) {
    const Status grown = ledger::CheckConsistent(older, newer, evidence.fetch);
    if (grown) return;
    found.push_back(fmt::format("{} is not the beginning of {}: {}", Show(older), Show(newer),
                                Show(grown.error())));
  };
  // Consistency is transitive: each with the next one, and the first with the last.
  for (auto next = std::next(by_size.begin()); next != by_size.end(); ++next) {
    check(std::prev(next)->second, next->second);
  }
  if (by_size.size() > 2) check(by_size.begin()->second, by_size.rbegin()->second);
  const LedgerCopy& copy = evidence.Ledger();
  if (copy.fault) {
    found.push_back("the newest tree does not verify: " + *copy.fault);
  } else if (by_size.rbegin()->first > copy.newest->checkpoint.size) {
    found.push_back(fmt::format("{} was seen, now there is only {}", Show(by_size.rbegin()->second),
                                Show(copy.newest->checkpoint)));
  }
  return found;
}

Violations OneRootPerSize(Evidence& evidence) {
  Violations found;
  std::map<std::pair<std::string, uint64_t>, Checkpoint> roots;
  for (const Checkpoint& checkpoint : SeenCheckpoints(evidence, nullptr)) {
    const auto [first, fresh] =
        roots.emplace(std::pair(checkpoint.origin, checkpoint.size), checkpoint);
    if (!fresh && first->second.root != checkpoint.root) {
      found.push_back(fmt::format("{} and {}", Show(first->second), Show(checkpoint)));
    }
  }
  for (const auto& row : evidence.sql.Query("SELECT size, root, note FROM ledger.checkpoints")) {
    const auto note = ledger::Note::Parse(*row[2]);
    const auto signed_one = note ? Checkpoint::Parse(note->text) : Result<Checkpoint>(note.error());
    if (signed_one && std::to_string(signed_one->size) == *row[0] &&
        signed_one->root.view() == Bytes(row[1])) {
      continue;
    }
    found.push_back(
        fmt::format("the stored checkpoint of size {} has another root or size than "
                    "its note",
                    *row[0]));
  }
  return found;
}

Violations ReceiptsStillVerify(Evidence& evidence) {
  if (evidence.journal.receipts.empty()) return {"nobody has a receipt"};
  Violations found;
  const auto& entries = evidence.Ledger().entries;
  for (const ReceiptLine& line : evidence.journal.receipts) {
    const std::string who = fmt::format("receipt of {} for {}", line.event_id, line.seen_by);
    const auto json = client::JsonDocument::Parse(line.body);
    const ledger::Receipt receipt = json ? ReceiptOf(json->root()) : ledger::Receipt{};
    if (receipt.event_id != line.event_id) {
      found.push_back(who + " is another event's");
      continue;
    }
    const auto verified = ledger::VerifyReceipt(receipt, evidence.Policy());
    if (!verified) {
      found.push_back(fmt::format("{}: {}", who, Show(verified.error())));
    } else if (verified->link != ledger::Link::kShown) {
      found.push_back(who + " does not show the event to its party");
    } else if (receipt.index >= entries.size() || entries[receipt.index] != receipt.entry) {
      found.push_back(fmt::format("{}: leaf {} of the newest tree is another", who, receipt.index));
    }
  }
  return found;
}

}  // namespace zonelink::chaos
