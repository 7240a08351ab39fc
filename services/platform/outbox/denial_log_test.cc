// SPDX-License-Identifier: Apache-2.0
// The denial log on a real cluster.
#include "platform/outbox/denial_log.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <thread>

#include "platform/crypto/crypto.h"
#include "platform/db/scratch_database.h"
#include "platform/outbox/denial_record.h"
#include "platform/outbox/event_log.h"
#include "zonelink/events/v1/ledger_events.pb.h"

namespace zonelink::outbox {
namespace {

using namespace std::string_literals;

const db::Schema kSchema{.name = "recognition", .migrations = {}};

constexpr db::Sql kRows{"test.denials", R"sql(
  SELECT seq, at, rpc, user_id, session_id, caller_service, organization_id, zone, code, reason,
         request_id, chain
    FROM denials ORDER BY seq
)sql"};

Call CallOf(const std::string& request_id, const std::string& user = "u-1") {
  Call call;
  call.rpc = "zonelink.recognition.v1.RecognitionService/SubmitFiling";
  call.request_id = request_id;
  call.caller.user_id = user;
  call.caller.session_id = "s-1";
  call.caller.organization_id = "o-1";
  call.caller.zone = "zhejiang";
  return call;
}

class DenialLogTest : public testing::Test {
 protected:
  DenialLogTest() : scratch_(kSchema), database_(scratch_.OptionsFor(kSchema)) {}

  void Refuse(DenialLog& log, const std::string& request_id) {
    log.Record(CallOf(request_id), PermissionDenied("ROLE_NEEDED", "no"));
  }
  std::string Count() { return scratch_.AdminText("SELECT count(*) FROM recognition.denials"); }

  // Recomputes every link; returns the last one.
  std::string CheckChain() {
    std::string link = FirstLink();
    const Status read = database_.System("read", [&](db::Tx& tx) -> Status {
      const db::Rows rows = tx.Exec(kRows);
      for (size_t i = 0; i < rows.size(); ++i) {
        const db::Row row = rows[i];
        const DenialRecord record{.seq = row.Int("seq"),
                                  .at = row.At("at"),
                                  .rpc = row.Text("rpc"),
                                  .user_id = row.Text("user_id"),
                                  .session_id = row.Text("session_id"),
                                  .caller_service = row.Text("caller_service"),
                                  .organization_id = row.Text("organization_id"),
                                  .zone = row.Text("zone"),
                                  .code = row.Text("code"),
                                  .reason = row.Text("reason"),
                                  .request_id = row.Text("request_id")};
        EXPECT_EQ(record.seq, static_cast<int64_t>(i) + 1);
        link = NextLink(link, record);
        EXPECT_EQ(row.Blob("chain"), link) << record.Format();
      }
      return Done{};
    });
    EXPECT_TRUE(read);
    return link;
  }

  // The events that carry the chain, as the ledger pulls them.
  std::vector<events::v1::DenialsChained> Events() {
    EventLog log(database_);
    log.Start();
    std::vector<events::v1::DenialsChained> bodies;
    const auto count = std::stoul(scratch_.AdminText("SELECT count(*) FROM recognition.events"));
    while (bodies.size() < count) {
      const auto more =
          log.Pull(static_cast<int64_t>(bodies.size()), 1000, std::chrono::seconds(10));
      EXPECT_TRUE(more && !more->empty());
      if (!more || more->empty()) break;
      for (const events::v1::Event& event : *more) {
        EXPECT_EQ(event.type(), "zonelink.recognition.denials.chained");
        EXPECT_EQ(event.subject(), "denials");
        EXPECT_EQ(event.parties_size(), 0);
        EXPECT_TRUE(bodies.emplace_back().ParseFromString(event.body()));
        EXPECT_EQ(event.version(), bodies.back().last());
      }
    }
    log.Stop();
    return bodies;
  }

  // Until then nobody may write the table.
  void CloseTable() {
    scratch_.Admin("REVOKE INSERT ON recognition.denials FROM zl_recognition_relay");
  }
  void OpenTable() {
    scratch_.Admin("GRANT INSERT ON recognition.denials TO zl_recognition_relay");
  }
  template <class Condition>
  static bool Eventually(Condition&& condition) {
    const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(20);
    while (!condition()) {
      if (std::chrono::steady_clock::now() > deadline) return false;
      std::this_thread::yield();
    }
    return true;
  }

  SystemClock clock_;
  db::ScratchDatabase scratch_;
  db::Database database_;
};

TEST_F(DenialLogTest, RecordsWhoWasRefusedWhatAndChains) {
  DenialLog log(clock_);
  log.Add("recognition", database_);
  log.Start();
  Refuse(log, "r-1");
  ASSERT_TRUE(Eventually([&] { return Count() == "1"; }));
  log.Record(CallOf("r-2", ""), Unauthenticated("LOGIN_NEEDED", "no"));
  log.Record(CallOf("r-3"), NotFound("FILING_NOT_FOUND", "no"));
  log.Stop();
  EXPECT_EQ(Count(), "3");
  EXPECT_EQ(scratch_.AdminText("SELECT concat_ws('|', rpc, user_id, session_id, caller_service, "
                               "organization_id, zone, code, reason, request_id) FROM "
                               "recognition.denials WHERE seq = 1"),
            "zonelink.recognition.v1.RecognitionService/SubmitFiling|u-1|s-1||o-1|zhejiang|"
            "PERMISSION_DENIED|ROLE_NEEDED|r-1");
  EXPECT_EQ(scratch_.AdminText("SELECT string_agg(code || ' ' || reason, ', ' ORDER BY seq) FROM "
                               "recognition.denials WHERE seq > 1"),
            "UNAUTHENTICATED LOGIN_NEEDED, NOT_FOUND FILING_NOT_FOUND");
  const std::string link = CheckChain();
  const auto events = Events();
  ASSERT_GE(events.size(), 2u);
  EXPECT_EQ(events.front().first(), 1);
  EXPECT_EQ(events.front().last(), 1);
  EXPECT_EQ(events.back().last(), 3);
  EXPECT_EQ(events.back().head(), link);
}

TEST_F(DenialLogTest, OneEventCarriesABatch) {
  DenialLog log(clock_);
  log.Add("recognition", database_);
  for (int i = 0; i < 10; ++i) Refuse(log, "r-" + std::to_string(i));
  log.Start();
  log.Stop();
  const auto events = Events();
  ASSERT_EQ(events.size(), 1u);
  EXPECT_EQ(events[0].first(), 1);
  EXPECT_EQ(events[0].last(), 10);
  EXPECT_EQ(events[0].head(), CheckChain());
}

TEST_F(DenialLogTest, WhoAsksAgainAndAgainMakesFewEvents) {
  using std::chrono::milliseconds;
  using std::chrono::steady_clock;
  DenialLog log(clock_);
  log.Add("recognition", database_);
  log.Start();
  const auto began = steady_clock::now();
  int refused = 0;
  for (; steady_clock::now() - began < milliseconds(1000); ++refused) {
    Refuse(log, "r");
    Count();  // a round trip: time enough to write it
  }
  log.Stop();
  const auto intervals = (steady_clock::now() - began) / milliseconds(200);
  EXPECT_EQ(Count(), std::to_string(refused));
  EXPECT_LE(static_cast<int64_t>(Events().size()), intervals + 2);  // the first, and that of Stop
  CheckChain();
}

TEST_F(DenialLogTest, TwoProcessesMakeOneChain) {
  DenialLog one(clock_);
  DenialLog two(clock_);
  for (DenialLog* log : {&one, &two}) {
    log->Add("recognition", database_);
    log->Start();
  }
  std::vector<std::thread> writers;
  for (DenialLog* log : {&one, &two}) {
    writers.emplace_back([&, log] {
      for (int i = 0; i < 500; ++i) Refuse(*log, "r");
    });
  }
  for (std::thread& writer : writers) writer.join();
  one.Stop();
  two.Stop();
  EXPECT_EQ(Count(), "1000");
  EXPECT_EQ(Events().back().head(), CheckChain());
}

TEST_F(DenialLogTest, AFloodIsWrittenWhole) {
  DenialLog log(clock_);
  log.Add("recognition", database_);
  log.Start();
  for (int i = 0; i < 10'000; ++i) Refuse(log, "r-" + std::to_string(i));
  log.Stop();
  EXPECT_EQ(Count(), "10000");
  EXPECT_EQ(Events().back().head(), CheckChain());
  EXPECT_TRUE(log.CommandsAllowed("recognition"));
}

TEST_F(DenialLogTest, WhatACallerSendsKeepsNoRecordOut) {
  DenialLog log(clock_);
  log.Add("recognition", database_);
  log.Start();
  Refuse(log, "\0nul \xff\xfe {\"quoted\", NULL} \\ \n"s);
  Refuse(log, std::string(100'000, 'x'));
  log.Stop();
  EXPECT_EQ(scratch_.AdminText("SELECT request_id FROM recognition.denials WHERE seq = 1"),
            "nul  {\"quoted\", NULL} \\ ");
  EXPECT_EQ(scratch_.AdminText("SELECT length(request_id) FROM recognition.denials WHERE seq = 2"),
            "128");
  CheckChain();
}

TEST_F(DenialLogTest, OtherServicesArePassedOver) {
  DenialLog log(clock_);
  log.Add("recognition", database_);
  log.Start();
  Call call = CallOf("r");
  for (const char* rpc : {"zonelink.events.v1.EventsService/PullEvents", "nonsense", ""}) {
    call.rpc = rpc;
    log.Record(call, PermissionDenied("SERVICE_ONLY", "no"));
  }
  log.Stop();
  EXPECT_EQ(Count(), "0");
  EXPECT_TRUE(log.CommandsAllowed("events"));
}

TEST_F(DenialLogTest, RefusedProcessesAreOnRecordWhateverTheyAskFor) {
  DenialLog log(clock_);
  log.Add("recognition", database_);
  log.Start();
  Call call;
  call.rpc = "zonelink.events.v1.EventsService/PullEvents";
  call.peer = "gateway.zonelink.internal";
  log.Record(call, PermissionDenied("PEER_NOT_ALLOWED", "no"));
  log.Stop();
  EXPECT_EQ(scratch_.AdminText("SELECT caller_service || ' ' || reason FROM recognition.denials"),
            "gateway.zonelink.internal PEER_NOT_ALLOWED");
  CheckChain();
}

TEST_F(DenialLogTest, CommandsStopWhileRecordsCannotBeWritten) {
  DenialLog log(clock_, {.unwritten = std::chrono::milliseconds(500)});
  log.Add("recognition", database_);
  log.Start();
  CloseTable();
  Refuse(log, "r-1");
  EXPECT_TRUE(log.CommandsAllowed("recognition"));
  Status allowed = Done{};
  ASSERT_TRUE(Eventually([&] { return !(allowed = log.CommandsAllowed("recognition")); }));
  EXPECT_EQ(allowed.error().code, Code::kUnavailable);
  EXPECT_EQ(allowed.error().reason, "AUDIT_UNAVAILABLE");
  OpenTable();
  ASSERT_TRUE(Eventually([&] { return log.CommandsAllowed("recognition").has_value(); }));
  EXPECT_EQ(Count(), "1");
  log.Stop();
}

TEST_F(DenialLogTest, CommandsStopWhileTheQueueIsFull) {
  DenialLog log(clock_, {.waiting = 3});
  log.Add("recognition", database_);
  log.Start();
  CloseTable();
  Refuse(log, "r-1");
  Refuse(log, "r-2");
  EXPECT_TRUE(log.CommandsAllowed("recognition"));
  Refuse(log, "r-3");
  EXPECT_EQ(log.CommandsAllowed("recognition").error().reason, "AUDIT_UNAVAILABLE");
  Refuse(log, "lost");
  OpenTable();
  log.Stop();
  EXPECT_TRUE(log.CommandsAllowed("recognition"));
  EXPECT_EQ(Count(), "3");
}

// The connection breaks in the middle of the commit: whether it took effect, nobody heard.
TEST_F(DenialLogTest, ACommitInDoubtIsNotTakenForOneThatHappened) {
  scratch_.Admin(
      "CREATE SEQUENCE recognition.deaths;"
      "CREATE FUNCTION recognition.die() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER AS $$ "
      "BEGIN PERFORM nextval('recognition.deaths'); "
      "PERFORM pg_terminate_backend(pg_backend_pid()); RETURN NULL; END $$;"
      "CREATE CONSTRAINT TRIGGER dies AFTER INSERT ON recognition.denials "
      "DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION recognition.die()");
  DenialLog log(clock_);
  log.Add("recognition", database_);
  log.Start();
  Refuse(log, "r-1");
  ASSERT_TRUE(Eventually(
      [&] { return scratch_.AdminText("SELECT is_called FROM recognition.deaths") == "t"; }));
  EXPECT_EQ(Count(), "0");
  scratch_.Admin("DROP TRIGGER dies ON recognition.denials");
  Refuse(log, "r-2");
  log.Stop();
  EXPECT_EQ(Count(), "2");
  EXPECT_EQ(Events().back().head(), CheckChain());
}

TEST_F(DenialLogTest, StopGivesUpWhereTheDatabaseRefuses) {
  DenialLog log(clock_);
  log.Add("recognition", database_);
  CloseTable();
  log.Start();
  Refuse(log, "r-1");
  log.Stop();
  OpenTable();
  EXPECT_EQ(Count(), "0");
}

TEST_F(DenialLogTest, TheTableIsNeverChanged) {
  DenialLog log(clock_);
  log.Add("recognition", database_);
  log.Start();
  Refuse(log, "r-1");
  log.Stop();
  for (const char* sql : {"UPDATE recognition.denials SET reason = 'x'",
                          "DELETE FROM recognition.denials", "TRUNCATE recognition.denials"}) {
    EXPECT_ANY_THROW(scratch_.Admin(sql)) << sql;
  }
  EXPECT_EQ(Count(), "1");
}

}  // namespace
}  // namespace zonelink::outbox
