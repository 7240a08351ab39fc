// SPDX-License-Identifier: Apache-2.0
// A database administrator tampers, one way after the other, each time on the same healthy
// database; the services start again, somebody logs in, and then it shows who finds it:
//   verifier   whoever reads the public tiles, and remembers one checkpoint and some receipts
//   publisher  the ledger itself, by its state file outside the database: it freezes
//   witness    another zone's: it refuses to cosign and keeps the evidence
//   judge      an audit with access to the database
#include <fmt/format.h>
#include <gtest/gtest.h>
#include <signal.h>

#include <algorithm>
#include <filesystem>
#include <fstream>

#include "tests/chaos/mutations.h"
#include "tests/chaos/trial.h"

namespace zonelink::chaos {
namespace {

using namespace std::chrono_literals;
namespace fs = std::filesystem;

constexpr int64_t kOlderLeaves = 180;
constexpr int64_t kLeaves = 330;  // more than one full tile

std::string ReadAll(const std::string& path) {
  std::ifstream file(path);
  return std::string(std::istreambuf_iterator<char>(file), {});
}

// Who found what, in words.
using Finds = std::map<std::string, std::string>;

class Tampering : public testing::Test {
 protected:
  static void SetUpTestSuite() {
    const char* scratch = std::getenv("ZONELINK_TEST_DIR");
    ASSERT_NE(scratch, nullptr) << "run by ./dev test";
    aside_ = fmt::format("{}/tampering-{}", scratch, test::FreshKey().substr(0, 8));
    fs::create_directories(aside_);
    trial_ = std::make_unique<Trial>(
        TrialOptions{.submitters = 4, .seed = 3, .journal = aside_ + "/journal"});
    ASSERT_NO_FATAL_FAILURE(Work(kOlderLeaves));
    StopAll();
    older_state_ = ReadAll(deployment().ledger_state_file());
    Copy(database(), database() + "_older");
    StartAll();
    ASSERT_NO_FATAL_FAILURE(Work(kLeaves));
    ASSERT_TRUE(trial_->Finish()) << "the services did not come to rest";
    journal_ = Journal::Read(trial_->writer().path());
    StopAll();
    Copy(database(), database() + "_healthy");
    fs::copy(deployment().ledger_state_file(), aside_ + "/state");
    for (const auto& name : Witnesses()) {
      fs::copy(deployment().witness_dir(name), aside_ + "/" + name, fs::copy_options::recursive);
    }
  }
  static void TearDownTestSuite() {
    if (!trial_) return;
    const std::string name = database();
    const auto settings = deployment().settings();
    trial_.reset();
    test::AdminSql sql(settings.cluster.admin_url);
    for (const char* copy : {"_older", "_healthy"}) {
      sql.Run(fmt::format("DROP DATABASE IF EXISTS {}{}", name, copy));
    }
    fs::remove_all(aside_);
  }
  void SetUp() override { ASSERT_FALSE(journal_.receipts.empty()) << "the stage was not set"; }

  static test::Deployment& deployment() { return trial_->deployment(); }
  static const std::string& database() { return deployment().database().name(); }

  // Load until there are that many leaves, decisions among them.
  static void Work(int64_t leaves) {
    Submitters& load = trial_->submitters();
    load.Start();
    test::AdminSql sql = deployment().database().Admin();
    const bool enough = test::WaitUntil(120s, [&] {
      return LeafCount(sql) >= leaves &&
             sql.One(
                 "SELECT count(*) > 1 FROM recognition.review_opinions WHERE step = 'verify'") ==
                 "t";
    });
    load.Stop();
    ASSERT_TRUE(enough) << load.trouble().value_or("too few leaves");
    ASSERT_TRUE(trial_->AwaitQuiet(60s));
  }

  static void StopAll() {
    deployment().Kill("all", SIGKILL);
    for (const auto& name : Witnesses()) deployment().Kill(name, SIGKILL);
  }
  static void StartAll() {
    for (const auto& name : Witnesses()) deployment().Restart(name);
    deployment().Restart("all");
  }
  static void Copy(const std::string& from, const std::string& to) {
    test::AdminSql sql(deployment().settings().cluster.admin_url);
    sql.Run(fmt::format("DROP DATABASE IF EXISTS {} WITH (FORCE)", to));
    sql.Run(fmt::format("CREATE DATABASE {} TEMPLATE {}", to, from));
  }

  // Database, state file and witnesses as they were.
  static void Restore(bool older_database) {
    Copy(database() + (older_database ? "_older" : "_healthy"), database());
    const std::string state = deployment().ledger_state_file();
    fs::copy_file(aside_ + "/state", state, fs::copy_options::overwrite_existing);
    fs::remove(state + ".frozen");
    for (const auto& name : Witnesses()) {
      fs::remove_all(deployment().witness_dir(name));
      fs::copy(aside_ + "/" + name, deployment().witness_dir(name), fs::copy_options::recursive);
    }
  }

  static void Apply(const Mutation& mutation) {
    test::AdminSql sql = deployment().database().Admin();
    test::AdminSql older(deployment().settings().cluster.AdminUrl(database() + "_older"));
    sql.Run("SET session_replication_role = replica");
    if (!mutation.sql.empty()) sql.Run(mutation.sql);
    Scene scene{.sql = sql,
                .older = older,
                .key_file = deployment().ledger_key_file(),
                .verifier_key = deployment().ledger_key(),
                .state_file = deployment().ledger_state_file(),
                .older_state = older_state_};
    if (mutation.act) mutation.act(scene);
  }

  // Somebody logs in: an event, a leaf, a checkpoint that the witnesses are asked to cosign, unless
  // publishing freezes.
  static test::Answer GoOn() {
    trial_->world().Login("sysadmin");
    test::Api api(deployment().base_url(), "");
    test::Answer ledger;
    test::WaitUntil(5s, [&] {
      ledger = api.Get("/v1/ledger");
      if (!ledger.text("frozen").empty()) return true;
      const int64_t published = ledger.json()["publishedSize"].number();
      bool settled = published > healthy_size_;
      for (const auto& witness : ledger.json()["witnesses"].items()) {
        settled = settled &&
                  (witness["size"].number() == published || !witness["trouble"].text().empty());
      }
      return settled;
    });
    return ledger;
  }

  // What a reader of the public tiles finds, with what they remember from before.
  static std::string Verify() {
    test::AdminSql unused(deployment().settings().cluster.admin_url);
    Evidence evidence(journal_, unused, FetchFrom(deployment().base_url()), kMergeDelay);
    const LedgerCopy& copy = evidence.Ledger();
    if (copy.fault) return *copy.fault;
    const auto remembered =
        ledger::OpenCheckpoint(journal_.checkpoints.back().note, evidence.Policy());
    const Status grown =
        ledger::CheckConsistent(remembered->checkpoint, copy.newest->checkpoint, evidence.fetch);
    if (!grown) return grown.error().reason + ": " + grown.error().message;
    const Violations receipts = ReceiptsStillVerify(evidence);
    return receipts.empty() ? "" : receipts[0];
  }

  static Finds WhoFinds(const test::Answer& ledger) {
    Finds finds;
    if (std::string fault = Verify(); !fault.empty()) finds["verifier"] = fault;
    const std::string frozen = ledger.text("frozen");
    const bool by_witness = ledger.text("headBefore").find("— witness-") != std::string::npos;
    if (!frozen.empty()) finds[by_witness ? "witness" : "publisher"] = frozen;
    for (const auto& name : Witnesses()) {
      for (const auto& folder : fs::directory_iterator(deployment().witness_dir(name))) {
        if (!fs::exists(folder.path() / "frozen")) continue;
        finds["witness"] = ReadAll((folder.path() / "frozen").string()).substr(0, 80);
      }
    }
    const Verdict verdict = trial_->JudgeIt(journal_);
    for (const auto& [id, violations] : verdict) {
      if (violations.empty()) continue;
      finds["judge"] += (finds["judge"].empty() ? "" : " ") + id;
    }
    return finds;
  }

  // Runs one mutation to its end; the services stand still before and after.
  static Finds Try(const Mutation& mutation) {
    Restore(mutation.older_database);
    Apply(mutation);
    StartAll();
    const Finds finds = WhoFinds(GoOn());
    StopAll();
    return finds;
  }

  static inline std::unique_ptr<Trial> trial_;
  static inline Journal journal_;
  static inline std::string aside_;
  static inline std::string older_state_;
  static inline int64_t healthy_size_ = 0;
};

std::string Words(const Finds& finds) {
  std::string words;
  for (const auto& [who, what] : finds) {
    words += fmt::format("{}{} ({})", words.empty() ? "" : ", ", who, what.substr(0, 60));
  }
  return words.empty() ? "nobody" : words;
}

TEST_F(Tampering, IsFound) {
  healthy_size_ =
      std::stoll(test::AdminSql(deployment().settings().cluster.AdminUrl(database() + "_healthy"))
                     .One("SELECT max(size) FROM ledger.checkpoints"));
  const Finds untouched = Try({.what = "nothing"});
  EXPECT_EQ(Words(untouched), "nobody") << "nothing was tampered with";
  const auto mutations = Mutations();
  size_t found = 0;
  for (const Mutation& mutation : mutations) {
    const Finds finds = Try(mutation);
    std::printf("%-60s %s\n", mutation.what.c_str(), Words(finds).c_str());
    found += finds.empty() ? 0 : 1;
    if (mutation.found_by.empty()) {
      EXPECT_EQ(Words(finds), "nobody") << mutation.what;
      EXPECT_EQ(deployment().database().Admin().One(
                    "SELECT count(*) FROM ledger.checkpoints WHERE size = " +
                    std::to_string(healthy_size_)),
                "1")
          << "what was taken away is there again";
    } else if (mutation.may_heal && finds.count(mutation.found_by) == 0) {
      EXPECT_EQ(finds.count("verifier") + finds.count("witness"), 0u)
          << mutation.what << " neither healed nor was found by the " << mutation.found_by;
    } else {
      EXPECT_EQ(finds.count(mutation.found_by), 1u)
          << mutation.what << " must be found by the " << mutation.found_by << ", is found by "
          << Words(finds);
    }
  }
  std::printf("%zu mutations, %zu found\n", mutations.size(), found);
  EXPECT_GE(found, 20u);
  StartAll();  // the deployment ends as it began
}

}  // namespace
}  // namespace zonelink::chaos
