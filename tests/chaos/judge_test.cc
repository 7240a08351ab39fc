// SPDX-License-Identifier: Apache-2.0
// Negative controls: a healthy run passes every check, and each check goes red on a fault planted
// for it, alone where nothing else can see that fault.
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>

#include <chrono>
#include <filesystem>

#include "gateway/cli/json.h"
#include "platform/crypto/crypto.h"
#include "tests/chaos/trial.h"

namespace zonelink::chaos {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAreArray;
using testing::IsEmpty;

// What is planted where, and which checks have to see it. Statements run as the superuser with
// triggers off; the judge rolls them back.
struct Fault {
  std::string what;
  std::vector<std::string> seen_by;
  std::string sql = {};
  std::function<void(Journal&)> journal = {};
};

class JudgeTest : public testing::Test {
 protected:
  static void SetUpTestSuite() {
    const char* scratch = std::getenv("ZONELINK_TEST_DIR");
    ASSERT_NE(scratch, nullptr) << "run by ./dev test";
    const std::string path =
        fmt::format("{}/judge-{}.journal", scratch, test::FreshKey().substr(0, 8));
    trial_ = std::make_unique<Trial>(TrialOptions{.submitters = 8, .seed = 7, .journal = path});
    Submitters& load = trial_->submitters();
    load.Start();
    ASSERT_TRUE(load.AwaitAcknowledged(40, 60s)) << load.trouble().value_or("stalled");
    // Kills in the middle leave requests in doubt; one alone may chance to meet none.
    for (int kill = 0; kill < 3; ++kill) {
      const Time from = Now();
      trial_->deployment().Kill("all", SIGKILL);
      trial_->deployment().Restart("all");
      trial_->writer().Write(OutageLine{"zonelinkd", from, Now()});
      ASSERT_TRUE(load.AwaitAcknowledged(load.acknowledged() + 40, 60s))
          << load.trouble().value_or("stalled");
    }
    ASSERT_TRUE(test::WaitUntil(60s, [] { return GrantedByOfficers() >= 2; }));
    load.Stop();
    ASSERT_FALSE(load.trouble()) << *load.trouble();
    ASSERT_TRUE(trial_->Finish()) << "the services did not come to rest";
    journal_ = Journal::Read(path);
    fetch_ = Remembering(FetchFrom(trial_->deployment().base_url()));
    std::filesystem::remove(path);
  }
  static void TearDownTestSuite() { trial_.reset(); }
  void SetUp() override { ASSERT_TRUE(trial_) << "the run did not come about"; }

  static int GrantedByOfficers() {
    return std::stoi(trial_->deployment().database().Admin().One(
        "SELECT count(*) FROM recognition.decisions WHERE decided_by <> '' AND state = 'GRANTED'"));
  }

  // The ledger stays as it is for all faults: each of its resources is read once.
  static ledger::Fetch Remembering(ledger::Fetch fetch) {
    const auto known = std::make_shared<std::map<std::string, std::string>>();
    return [known, fetch = std::move(fetch)](const std::string& path) -> Result<std::string> {
      if (const auto found = known->find(path); found != known->end()) return found->second;
      auto fetched = fetch(path);
      if (fetched) (*known)[path] = *fetched;
      return fetched;
    };
  }

  static Verdict JudgeWith(const Fault& fault) {
    Journal journal = journal_;
    if (fault.journal) fault.journal(journal);
    test::AdminSql sql = trial_->deployment().database().Admin();
    sql.Run("BEGIN");
    sql.Run("SET LOCAL session_replication_role = replica");
    if (!fault.sql.empty()) sql.Run(fault.sql);
    sql.Run("SET LOCAL session_replication_role = DEFAULT");
    Evidence evidence(journal, sql, fetch_, kMergeDelay);
    return Judge(evidence);
  }

  // Exactly the checks that have to see it report it.
  static void Expect(const std::vector<Fault>& faults) {
    for (const Fault& fault : faults) {
      const Verdict verdict = JudgeWith(fault);
      std::string reports;
      for (const auto& [id, violations] : verdict) {
        if (!violations.empty()) reports += fmt::format("\n  {}: {}", id, violations[0]);
      }
      EXPECT_THAT(Failed(verdict), ElementsAreArray(fault.seen_by)) << fault.what << reports;
    }
  }

  // A request of which `fits` is true.
  static Exchange& Pick(Journal& journal, const std::function<bool(const Exchange&)>& fits) {
    for (auto& [id, exchange] : journal.exchanges) {
      if (exchange.sent.rpc == "SubmitFiling" && fits(exchange)) return exchange;
    }
    throw std::runtime_error("the run made no such request");
  }
  static Exchange& Answered(Journal& journal) {
    return Pick(journal, [](const Exchange& e) { return !e.InDoubt() && e.Acknowledged(); });
  }
  static Exchange& Doubtful(Journal& journal) {
    return Pick(journal, [](const Exchange& e) { return e.InDoubt() && e.Done().size() == 2; });
  }
  static void Replace(std::string& text, const std::string& from, const std::string& to) {
    const auto at = text.find(from);
    ASSERT_NE(at, std::string::npos) << from << " in " << text;
    text.replace(at, from.size(), to);
  }

  // A checkpoint that the log's stolen key has signed.
  static std::string Forged(uint64_t size) {
    const auto key = ledger::VerifierKey::Parse(trial_->deployment().ledger_key());
    const auto secret = crypto::Ed25519Key::FromPemFile(trial_->deployment().ledger_key_file());
    const ledger::Checkpoint forged{key->name, size, ledger::LeafHash("forged")};
    const std::string text = forged.Format();
    return ledger::Note{text, {ledger::SignNote(text, *key, *secret)}}.Format();
  }
  static uint64_t NewestSize() {
    return std::stoull(
        trial_->deployment().database().Admin().One("SELECT max(size) FROM ledger.checkpoints"));
  }

  static inline std::unique_ptr<Trial> trial_;
  static inline Journal journal_;
  static inline ledger::Fetch fetch_;
};

TEST_F(JudgeTest, AHealthyRunPasses) {
  for (const auto& [id, violations] : JudgeWith({})) EXPECT_THAT(violations, IsEmpty()) << id;
  EXPECT_GT(journal_.receipts.size(), 0u);
  EXPECT_GT(journal_.checkpoints.size(), 2u);
  EXPECT_GT(journal_.reads.size(), 0u);
}

TEST_F(JudgeTest, SeesWhatClientsWereToldInVain) {
  Expect({
      {.what = "an acknowledged filing that is not stored",
       .seen_by = {"I-01"},
       .journal =
           [](Journal& journal) {
             for (ToldLine& told : Answered(journal).told) {
               told.filing_id = "019cac0f-0000-7000-8000-000000000000";
             }
           }},
      {.what = "an answer stored twice",
       .seen_by = {"I-02"},
       .sql = "ALTER TABLE recognition.idempotency DROP CONSTRAINT idempotency_pk; INSERT INTO "
              "recognition.idempotency SELECT * FROM recognition.idempotency WHERE rpc LIKE "
              "'%CreateAgreement' LIMIT 1"},
      // It names its organisation, which may read it, but has no parties.
      {.what = "a filing stored twice",
       .seen_by = {"I-02", "I-08", "I-19"},
       .sql = "CREATE TEMP TABLE twin AS SELECT * FROM recognition.filings LIMIT 1; UPDATE twin "
              "SET filing_id = filing_id || '-twin', receipt_number = receipt_number || '-twin'; "
              "INSERT INTO recognition.filings SELECT * FROM twin"},
      {.what = "a request in doubt that got two answers",
       .seen_by = {"I-03"},
       .journal =
           [](Journal& journal) {
             for (ToldLine& told : Doubtful(journal).told) {
               if (told.status != 201) continue;
               return Replace(told.body, "\"etag\":\"1\"", "\"etag\":\"7\"");
             }
           }},
      {.what = "a request that stays in doubt",
       .seen_by = {"I-03"},
       .journal = [](Journal& journal) { Doubtful(journal).told.resize(1); }},
      {.what = "an answer that changes when it is asked for again",
       .seen_by = {"I-04"},
       .journal =
           [](Journal& journal) {
             Replace(Answered(journal).told[0].body, "\"etag\":\"1\"", "\"etag\":\"7\"");
           }},
      {.what = "another receipt number than was told",
       .seen_by = {"I-04", "I-19"},
       .sql = "UPDATE recognition.filings SET receipt_number = 'ZL2026-FORGED' WHERE filing_id = "
              "(SELECT min(filing_id) FROM recognition.filings)"},
  });
}

TEST_F(JudgeTest, SeesEventsThatGoAstray) {
  Expect({
      {.what = "an event without a leaf",
       .seen_by = {"I-05"},
       .sql = "INSERT INTO directory.events (event_id, subject, version, type, at, body, parties, "
              "number) SELECT gen_random_uuid(), 'users/planted', 1, "
              "'zonelink.directory.user.created', now(), '', '{}', max(number) + 1 FROM "
              "directory.events"},
      {.what = "an event that was never numbered",
       .seen_by = {"I-05"},
       .sql = "UPDATE directory.events SET number = NULL WHERE number = (SELECT max(number) FROM "
              "directory.events)"},
      {.what = "a leaf that is gone",
       .seen_by = {"I-05", "I-19"},
       .sql = "DELETE FROM ledger.leaves WHERE index = 3"},
      {.what = "a leaf without an event",
       .seen_by = {"I-05"},
       .sql = "DELETE FROM directory.events WHERE number = (SELECT max(number) FROM "
              "directory.events)"},
      {.what = "versions against the order of leaves",
       .seen_by = {"I-05", "I-19"},
       .sql = "UPDATE recognition.events SET version = CASE version WHEN 1 THEN 1000002 ELSE "
              "1000001 END WHERE version <= 2 AND subject = (SELECT subject FROM "
              "recognition.events WHERE subject LIKE 'agreements/%' AND version = 2 LIMIT 1); "
              "UPDATE recognition.events SET version = version - 1000000 WHERE version > 1000000"},
      {.what = "an event that took no effect",
       .seen_by = {"I-06"},
       .sql = "DELETE FROM worklist.feed WHERE seq = (SELECT min(seq) FROM worklist.feed)"},
      {.what = "an event that took effect twice",
       .seen_by = {"I-06"},
       .sql = "ALTER TABLE worklist.feed DROP CONSTRAINT feed_event_id; INSERT INTO worklist.feed "
              "(event_id, source, type, subject, at, zone, state, parties) SELECT event_id, "
              "source, type, subject, at, zone, state, parties FROM worklist.feed WHERE seq = "
              "(SELECT min(seq) FROM worklist.feed)"},
      {.what = "a cursor that ran ahead",
       .seen_by = {"I-06"},
       .sql = "UPDATE worklist.cursors SET number = number + 1 WHERE source = 'recognition'"},
      {.what = "a case that waits for nobody any more",
       .seen_by = {"I-06"},
       .sql = "DELETE FROM worklist.inbox WHERE work_id = (SELECT work_id FROM worklist.inbox "
              "LIMIT 1)"},
      {.what = "a leaf that came late",
       .seen_by = {"I-07"},
       .sql = "UPDATE ledger.leaves SET integrated_at = integrated_at + interval '1 hour' WHERE "
              "index = 3"},
  });
}

TEST_F(JudgeTest, SeesWhereTenantsMeet) {
  Expect({
      {.what = "a table that does not force its policies",
       .seen_by = {"I-08"},
       .sql = "ALTER TABLE worklist.inbox NO FORCE ROW LEVEL SECURITY"},
      {.what = "a policy that shows everything",
       .seen_by = {"I-08"},
       .sql = "CREATE POLICY planted ON recognition.filing_parties FOR SELECT TO zl_recognition "
              "USING (true)"},
      {.what = "a table that is open to all",
       .seen_by = {"I-08"},
       .sql = "GRANT SELECT ON worklist.feed TO PUBLIC"},
      {.what = "a service that owns its table",
       .seen_by = {"I-08"},
       .sql = "ALTER TABLE worklist.feed OWNER TO zl_worklist"},
      {.what = "a canary of another organisation in an answer",
       .seen_by = {"I-08"},
       .journal =
           [](Journal& journal) {
             ReadLine& read = journal.reads[0];
             for (const auto& [name, caller] : journal.callers) {
               const CallerLine& reader = journal.callers.at(read.caller);
               if (caller.organization_id.empty() ||
                   caller.organization_id == reader.organization_id) {
                 continue;
               }
               // Also an officer must not hear of an organisation that has not filed with the zone.
               for (auto& [other, line] : journal.callers) {
                 if (line.organization_id == caller.organization_id) line.canary = "planted-canary";
               }
               read.body += "planted-canary";
               return;
             }
           }},
  });
}

TEST_F(JudgeTest, SeesALedgerThatContradictsItself) {
  const uint64_t size = NewestSize();
  Expect({
      {.what = "a tree that is not the beginning of the next",
       .seen_by = {"I-16"},
       .sql = fmt::format("DELETE FROM ledger.cosignatures WHERE size = {0}; DELETE FROM "
                          "ledger.checkpoints WHERE size = {0}",
                          size - 1),
       .journal =
           [&](Journal& journal) {
             std::erase_if(journal.checkpoints, [&](const CheckpointLine& line) {
               return line.note.find(fmt::format("\n{}\n", size - 1)) != std::string::npos;
             });
             journal.checkpoints.push_back({"bystander", Forged(size - 1)});
           }},
      {.what = "a tree that has shrunk",
       .seen_by = {"I-16"},
       .journal =
           [&](Journal& journal) {
             journal.checkpoints.push_back({"bystander", Forged(size + 10)});
           }},
      {.what = "a checkpoint that the log has not signed",
       .seen_by = {"I-16"},
       .journal =
           [&](Journal& journal) {
             std::string note = Forged(size);
             Replace(note, "\n— ", "\n— someone.else/");
             journal.checkpoints.push_back({"bystander", note});
           }},
      {.what = "two roots for one size",
       .seen_by = {"I-17"},
       .journal =
           [&](Journal& journal) {
             journal.checkpoints.push_back({"bystander", Forged(size)});
           }},
      {.what = "a stored root that was not signed",
       .seen_by = {"I-17"},
       .sql = fmt::format("UPDATE ledger.checkpoints SET root = sha256('') WHERE size = {}", size)},
      {.what = "no receipt at all",
       .seen_by = {"I-18"},
       .journal = [](Journal& journal) { journal.receipts.clear(); }},
      {.what = "a receipt with another proof",
       .seen_by = {"I-18"},
       .journal =
           [](Journal& journal) {
             Replace(journal.receipts[0].body, "\"proof\":[\"", "\"proof\":[\"AAAA");
           }},
      {.what = "a receipt that hides the event from its party",
       .seen_by = {"I-18"},
       .journal =
           [](Journal& journal) { Replace(journal.receipts[0].body, "\"salt\":", "\"spice\":"); }},
      {.what = "a receipt of another event",
       .seen_by = {"I-18"},
       .journal =
           [](Journal& journal) {
             journal.receipts[0].event_id = "019cac0f-0000-7000-8000-000000000000";
           }},
  });
}

TEST_F(JudgeTest, SeesContentThatIsNotTheLedgers) {
  const std::string agreement =
      "(SELECT event_id FROM recognition.events WHERE type LIKE '%agreement.signed' ORDER BY "
      "number LIMIT 1)";
  Expect({
      {.what = "another event body",
       .seen_by = {"I-19"},
       .sql = "UPDATE recognition.events SET body = set_byte(body, 5, 255 - get_byte(body, 5)) "
              "WHERE event_id = " +
              agreement},
      {.what = "another salt",
       .seen_by = {"I-19"},
       .sql = "UPDATE recognition.events SET salt = sha256(salt) WHERE event_id = " + agreement},
      {.what = "another time of an event",
       .seen_by = {"I-19"},
       .sql = "UPDATE recognition.events SET at = at + interval '1 microsecond' WHERE event_id = " +
              agreement},
      {.what = "another leaf",
       .seen_by = {"I-19"},
       .sql = "UPDATE ledger.leaves SET entry = entry || ' '::bytea WHERE index = 3"},
      {.what = "another copy of an event",
       .seen_by = {"I-19"},
       .sql = "UPDATE ledger.contents SET event = event || '\\x00' WHERE event_id = " + agreement},
      {.what = "a decision that no event has made",
       .seen_by = {"I-19"},
       .sql = "UPDATE recognition.decisions SET decided_by = 'somebody', recognition_number = "
              "recognition_number || 'X' WHERE (filing_id, zone) = (SELECT filing_id, zone FROM "
              "recognition.decisions WHERE decided_by <> '' AND state = 'GRANTED' LIMIT 1)"},
      {.what = "an agreement ended behind the log's back",
       .seen_by = {"I-19"},
       .sql = "UPDATE recognition.agreements SET state = 'TERMINATED' WHERE agreement_id = (SELECT "
              "max(agreement_id) FROM recognition.agreements)"},
  });
}

}  // namespace
}  // namespace zonelink::chaos
