// SPDX-License-Identifier: Apache-2.0
#include "tests/chaos/mutations.h"

#include <fmt/format.h>

#include <fstream>
#include <stdexcept>

#include "ledger/domain/checkpoint.h"
#include "ledger/domain/entry.h"
#include "platform/crypto/crypto.h"
#include "tests/chaos/judge.h"

namespace zonelink::chaos {
namespace {

using test::AdminSql;

constexpr const char* kFirst =
    "(SELECT event_id FROM recognition.events WHERE type LIKE '%filing.submitted' ORDER BY number "
    "LIMIT 1)";
constexpr const char* kSecond =
    "(SELECT event_id FROM recognition.events WHERE type LIKE '%filing.submitted' ORDER BY number "
    "OFFSET 1 LIMIT 1)";
constexpr int64_t kLeaf = 40;  // in the first full tile

std::string Hex(std::string_view bytes) { return "\\x" + crypto::HexEncode(bytes); }

std::string OnFirst(const std::string& assignment) {
  return fmt::format("UPDATE recognition.events SET {} WHERE event_id = {}", assignment, kFirst);
}

std::string OnLeaf(const std::string& assignment) {
  return fmt::format("UPDATE ledger.leaves SET {} WHERE index = {}", assignment, kLeaf);
}

// A copy of the first filing's event under a new id.
std::string CopyOfFirst(const std::string& version, const std::string& number) {
  return fmt::format(
      "INSERT INTO recognition.events (event_id, subject, version, type, at, body, parties, "
      "number) SELECT gen_random_uuid(), subject, {}, type, at, body, parties, {} FROM "
      "recognition.events e WHERE event_id = {}",
      version, number, kFirst);
}

// Everything of the ledger from leaf `size` on is gone.
std::string CutTo(const std::string& size) {
  return fmt::format(
      "DELETE FROM ledger.leaves WHERE index >= {0}; DELETE FROM ledger.contents WHERE index >= "
      "{0}; DELETE FROM ledger.nodes WHERE (index + 1) * power(256, level) > {0}; DELETE FROM "
      "ledger.cosignatures WHERE size > {0}; DELETE FROM ledger.checkpoints WHERE size > {0}; "
      "UPDATE ledger.tree SET size = {0}",
      size);
}

void ChangeLeafWithItsHash(Scene& scene) {
  const auto parsed = ledger::Entry::Parse(
      Bytes(scene.sql.One(fmt::format("SELECT entry FROM ledger.leaves WHERE index = {}", kLeaf))));
  if (!parsed) throw std::runtime_error("a leaf that is no entry");
  ledger::Entry entry = *parsed;
  entry.type = "zonelink.recognition.decision.granted";
  const std::string text = entry.Format();
  scene.sql.Query(OnLeaf("entry = $1::bytea, hash = $2::bytea"),
                  {Hex(text), Hex(ledger::LeafHash(text).view())});
}

// As `pg_restore --schema=ledger` of the backup would leave it.
void RestoreLedger(Scene& scene) {
  scene.sql.Run(CutTo(scene.older.One("SELECT size FROM ledger.tree")));
  scene.sql.Run("DELETE FROM ledger.events WHERE number > " +
                scene.older.One("SELECT coalesce(max(number), 0) FROM ledger.events"));
  for (const auto& row : scene.older.Query("SELECT number, source FROM ledger.cursors")) {
    scene.sql.Query("UPDATE ledger.cursors SET number = $1::bigint WHERE source = $2",
                    {*row[0], *row[1]});
  }
}

void RestoreStateFile(Scene& scene) { std::ofstream(scene.state_file) << scene.older_state; }

// Another body for the event of one leaf, in the service, in the ledger's copy and in the leaf. The
// leaf's new hash.
ledger::Hash RewriteEvent(AdminSql& sql, const std::string& index) {
  const auto row = sql.Query(
      "SELECT e.event_id, e.type, (extract(epoch FROM e.at) * 1000000)::bigint, e.salt, "
      "set_byte(e.body, 5, 255 - get_byte(e.body, 5)) FROM recognition.events e JOIN "
      "ledger.leaves l USING (event_id) WHERE l.index = $1::bigint",
      {index})[0];
  const std::string body = Bytes(row[4]);
  const ledger::Entry entry{.event_id = *row[0],
                            .type = *row[1],
                            .at = Time(std::chrono::microseconds(std::stoll(*row[2]))),
                            .commitment = ledger::Commit(Bytes(row[3]), body)};
  const std::string text = entry.Format();
  const ledger::Hash hash = ledger::LeafHash(text);
  sql.Query("UPDATE recognition.events SET body = $1::bytea WHERE event_id = $2::uuid",
            {Hex(body), *row[0]});
  sql.Query("UPDATE ledger.contents SET event = $1::bytea WHERE event_id = $2::uuid",
            {Hex(body), *row[0]});
  sql.Query("UPDATE ledger.leaves SET entry = $1::bytea, hash = $2::bytea WHERE index = $3::bigint",
            {Hex(text), Hex(hash.view()), index});
  return hash;
}

// The whole tree over a changed event, signed with the stolen key of the log, and the state file
// with it: a verifier who starts today finds nothing wrong.
void RewriteHistory(Scene& scene) {
  const auto key = ledger::VerifierKey::Parse(scene.verifier_key);
  const auto secret = crypto::Ed25519Key::FromPemFile(scene.key_file);
  if (!key || !secret) throw std::runtime_error("the log's key cannot be read");
  const std::string index =
      scene.sql.One(fmt::format("SELECT index FROM ledger.leaves WHERE event_id = {}", kFirst));
  RewriteEvent(scene.sql, index);
  std::vector<ledger::Hash> leaves;
  for (const auto& row : scene.sql.Query("SELECT hash FROM ledger.leaves ORDER BY index")) {
    leaves.push_back(ledger::Hash::From(Bytes(row[0])).value());
  }
  const std::span<const ledger::Hash> all(leaves);
  for (size_t i = 0; (i + 1) * 256 <= leaves.size(); ++i) {
    scene.sql.Query(
        "UPDATE ledger.nodes SET hash = $1::bytea WHERE level = 1 AND index = $2::bigint",
        {Hex(ledger::RootOf(all.subspan(i * 256, 256)).view()), std::to_string(i)});
  }
  scene.sql.Run("DELETE FROM ledger.cosignatures WHERE size > " + index);
  std::string newest;
  for (const auto& row : scene.sql.Query(
           "SELECT size FROM ledger.checkpoints WHERE size > $1::bigint ORDER BY size", {index})) {
    const size_t size = std::stoull(*row[0]);
    const ledger::Checkpoint forged{key->name, size, ledger::RootOf(all.subspan(0, size))};
    const std::string text = forged.Format();
    newest = ledger::Note{text, {ledger::SignNote(text, *key, *secret)}}.Format();
    scene.sql.Query(
        "UPDATE ledger.checkpoints SET root = $1::bytea, note = $2 WHERE size = $3::bigint",
        {Hex(forged.root.view()), newest, *row[0]});
  }
  std::ofstream(scene.state_file) << newest;
}

std::vector<Mutation> OfEvents() {
  return {
      {"an event's body changed", "judge",
       OnFirst("body = set_byte(body, 5, 255 - get_byte(body, 5))")},
      {"an event's type changed", "judge",
       OnFirst("type = 'zonelink.recognition.filing.withdrawn'")},
      {"an event's time changed", "judge", OnFirst("at = at - interval '1 day'")},
      {"an event's salt changed", "judge", OnFirst("salt = sha256(salt)")},
      {"an event shown to another zone", "judge", OnFirst("parties = parties || '{zone:hainan}'")},
      {"an event deleted", "judge",
       fmt::format("DELETE FROM recognition.events WHERE event_id = {}", kFirst)},
      {"an event inserted behind the ledger's back", "judge", CopyOfFirst("1000", "0")},
      {"an event replayed under a new id", "judge",
       CopyOfFirst(
           "(SELECT max(version) + 1 FROM recognition.events m WHERE m.subject = e.subject)",
           "(SELECT max(number) + 1 FROM recognition.events)")},
      {"two events' bodies swapped", "judge",
       fmt::format("UPDATE recognition.events e SET body = o.body FROM recognition.events o WHERE "
                   "(e.event_id = {0} AND o.event_id = {1}) OR (e.event_id = {1} AND o.event_id = "
                   "{0})",
                   kFirst, kSecond)},
      {"two events' versions swapped", "judge",
       "UPDATE recognition.events SET version = 1000003 - version WHERE version <= 2 AND subject = "
       "(SELECT subject FROM recognition.events WHERE subject LIKE 'agreements/%' AND version = 2 "
       "ORDER BY number LIMIT 1); UPDATE recognition.events SET version = version - 1000000 WHERE "
       "version > 1000000"},
  };
}

std::vector<Mutation> OfLeaves() {
  return {
      {"a leaf's entry changed", "verifier", OnLeaf("entry = entry || ' '::bytea")},
      {"a leaf's hash changed", "verifier", OnLeaf("hash = sha256(hash)")},
      {.what = "a leaf's entry and hash changed together",
       .found_by = "verifier",
       .act = ChangeLeafWithItsHash},
      {"the last leaf deleted", "publisher", CutTo("(SELECT max(index) FROM ledger.leaves)")},
      {"a leaf in the middle deleted", "verifier",
       fmt::format("DELETE FROM ledger.leaves WHERE index = {}", kLeaf)},
      {"two leaves swapped", "verifier",
       fmt::format(
           "UPDATE ledger.leaves SET index = 2000000001 - index + {0} WHERE index IN ({0}, "
           "{0} + 1); UPDATE ledger.leaves SET index = index - 2000000000 + {0} WHERE index "
           ">= 2000000000",
           kLeaf)},
      {"a leaf replayed at the end", "judge",
       fmt::format("INSERT INTO ledger.leaves (index, event_id, source, entry, hash, recorded_at) "
                   "SELECT (SELECT size FROM ledger.tree), gen_random_uuid(), source, entry, hash, "
                   "recorded_at FROM ledger.leaves WHERE index = {}; UPDATE ledger.tree SET size = "
                   "size + 1",
                   kLeaf)},
      {"a node of the tree changed", "verifier",
       "UPDATE ledger.nodes SET hash = sha256(hash) WHERE level = 1 AND index = 0"},
      {"the tree's size set back", "publisher", "UPDATE ledger.tree SET size = size - 5"},
      {"the ledger's copy of an event changed", "judge",
       fmt::format("UPDATE ledger.contents SET event = event || '\\x00' WHERE event_id = {}",
                   kFirst)},
      {"a checkpoint's root changed", "judge",
       "UPDATE ledger.checkpoints SET root = sha256(root) WHERE size = (SELECT max(size) FROM "
       "ledger.checkpoints)"},
      {"an older checkpoint's note replayed as the newest", "judge",
       "UPDATE ledger.checkpoints SET note = (SELECT note FROM ledger.checkpoints ORDER BY size "
       "LIMIT 1) WHERE size = (SELECT max(size) FROM ledger.checkpoints)"},
      // The state file puts it back.
      {"the newest checkpoint deleted", "",
       "DELETE FROM ledger.cosignatures WHERE size = (SELECT max(size) FROM ledger.checkpoints); "
       "DELETE FROM ledger.checkpoints WHERE size = (SELECT max(size) FROM ledger.checkpoints)"},
  };
}

std::vector<Mutation> OfBusiness() {
  return {
      {"a decision's state changed", "judge",
       "UPDATE recognition.decisions SET state = 'GRANTED', decided_by = 'somebody', closed_at = "
       "now(), recognition_number = 'R2026-FORGED' WHERE (filing_id, zone) = (SELECT filing_id, "
       "zone FROM recognition.decisions WHERE state = 'PENDING' ORDER BY 1 LIMIT 1)"},
      {"a filing deleted", "judge",
       "DELETE FROM recognition.filings WHERE filing_id = (SELECT min(filing_id) FROM "
       "recognition.filings)"},
      {"a verification deleted", "judge",
       "DELETE FROM recognition.review_opinions WHERE (case_id, line, seq) = (SELECT case_id, "
       "line, "
       "seq FROM recognition.review_opinions WHERE step = 'verify' ORDER BY 1 LIMIT 1)"},
      {"an agreement put out of force", "judge",
       "UPDATE recognition.agreements SET state = 'TERMINATED' WHERE agreement_id = (SELECT "
       "min(agreement_id) FROM recognition.agreements)"},
      {"an applicant replaced", "judge",
       "UPDATE recognition.filings SET organization_id = (SELECT max(organization_id) FROM "
       "recognition.filings) WHERE filing_id = (SELECT filing_id FROM recognition.filings WHERE "
       "organization_id <> (SELECT max(organization_id) FROM recognition.filings) LIMIT 1)"},
  };
}

std::vector<Mutation> OfBackups() {
  return {
      {.what = "the ledger's schema restored from an older backup",
       .found_by = "publisher",
       .act = RestoreLedger,
       .may_heal = true},
      {.what = "the whole database restored from an older backup",
       .found_by = "publisher",
       .older_database = true},
      {.what = "database and state file restored from an older backup",
       .found_by = "witness",
       .act = RestoreStateFile,
       .older_database = true},
      {.what = "history rewritten with the log's stolen key",
       .found_by = "witness",
       .act = RewriteHistory},
  };
}

}  // namespace

std::vector<Mutation> Mutations() {
  std::vector<Mutation> all;
  for (const auto& group : {OfEvents(), OfLeaves(), OfBusiness(), OfBackups()}) {
    all.insert(all.end(), group.begin(), group.end());
  }
  return all;
}

}  // namespace zonelink::chaos
