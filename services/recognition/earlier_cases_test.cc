// SPDX-License-Identifier: Apache-2.0
// Cases of before decisions had clocks, lines and their many states go on after the migrations.
#include <fmt/format.h>

#include <array>
#include <memory>

#include "platform/clocks/timer.h"
#include "recognition/deadlines.h"
#include "recognition/domain/decision_deadline.h"
#include "recognition/module.h"
#include "recognition/test_cases.h"

namespace zonelink::recognition {
namespace {

constexpr const char* kNow = "2026-03-20T01:00:00Z";

// Up to and with the one that is named.
db::Schema SchemaUntil(std::string_view file) {
  const auto all = Schema().migrations;
  for (size_t i = 0; i < all.size(); ++i) {
    if (all[i].name == file) return {.name = Schema().name, .migrations = all.first(i + 1)};
  }
  ZL_CHECK(false, "a migration by its name");
}

struct Earlier {
  std::string_view state;
  std::string_view closed_at;  // empty: open
  std::string_view decided_by;
  bool verified = false;
  bool answered = false;  // a supplement notice
};
constexpr std::array kEarlier = {Earlier{"PENDING", "", "", false},
                                 Earlier{"PENDING", "", "", false, true},
                                 Earlier{"SUPPLEMENTING", "", "", false},
                                 Earlier{"ACCEPTED", "", "", false},
                                 Earlier{"VERIFIED", "", "", true},
                                 Earlier{"GRANTED", "2026-03-05T01:00:00Z", "u-reviewer", true},
                                 Earlier{"REFUSED", "2026-03-05T01:00:00Z", "u-reviewer", true},
                                 Earlier{"WITHDRAWN", "2026-03-05T01:00:00Z", "", false}};

std::string FilingStateOf(const Earlier& one) {
  if (one.closed_at.empty()) return "IN_REVIEW";
  return one.state == "WITHDRAWN" ? "WITHDRAWN" : "CLOSED";
}

// As the version of before has written it on 2026-03-02.
void Write(db::ScratchDatabase& scratch, const Earlier& one) {
  const std::string id = fmt::format("f-{}", one.answered ? "ANSWERED" : one.state);
  const bool refused = one.state == "REFUSED";
  scratch.Admin(fmt::format(
      "INSERT INTO recognition.filings VALUES ('{0}', 'ZL-{0}', 'org-1', '{1}', 2, "
      "'2026-03-02T01:00Z', 'u-filer', '2026-03-02T01:00Z', 'item-0001', 1, 'shanghai', "
      "'{{zhejiang}}', 'uscc', 'Acme', 'CO-{0}', 'customs', '2026-01-01', '2027-03-01', '{{}}', "
      "false)",
      id, FilingStateOf(one)));
  for (const char* party : {"org:org-1", "zone:shanghai", "zone:zhejiang", "leading-group"}) {
    scratch.Admin(
        fmt::format("INSERT INTO recognition.filing_parties VALUES ('{}', '{}', 'org-1', "
                    "'2026-03-02T01:00Z')",
                    id, party));
  }
  scratch.Admin(fmt::format(
      "INSERT INTO recognition.decisions (filing_id, zone, organization_id, agreement_id, mode, "
      "state, version, verifiers_needed, clock_budget, clock_started_at, recognition_number, "
      "decided_by, closed_at, article, facts) VALUES ('{}', 'zhejiang', 'org-1', 'a-1', 'REVIEW', "
      "'{}', 2, 1, 20, '2026-03-02T01:00Z', nullif('{}', ''), '{}', nullif('{}', '')::timestamptz, "
      "'{}', '{}')",
      id, one.state, one.state == "GRANTED" ? "R2026-EARLIERXXXXX" : "", one.decided_by,
      one.closed_at, refused ? "§20" : "", refused ? "forged" : ""));
  if (one.verified) {
    scratch.Admin(
        fmt::format("INSERT INTO recognition.verifications VALUES ('{}', 'zhejiang', "
                    "'u-verifier-zhejiang', 'V', '2026-03-03T01:00Z', 'genuine')",
                    id));
  }
  if (one.state != "SUPPLEMENTING" && !one.answered) return;
  scratch.Admin(
      fmt::format("INSERT INTO recognition.suspensions VALUES ('{}', 'zhejiang', "
                  "'2026-03-04T01:00Z', {}, 'SUPPLEMENT', '{{invoice}}', 'unreadable', "
                  "'u-verifier-zhejiang')",
                  id, one.answered ? "'2026-03-05T01:00Z'" : "NULL"));
}

class EarlierCasesTest : public testing::Test {
 protected:
  EarlierCasesTest() : scratch_(SchemaUntil("0005_catalogue.sql")) {
    scratch_.Admin(
        "SET search_path = recognition; INSERT INTO items (item_id, version, name_zh, name_en, "
        "item_class, "
        "default_mode, verifiers_needed, budget_working_days, tacit_allowed, excluded_class, "
        "attribute_names, attribute_types, required_documents, source, source_status, "
        "budget_basis, published_by, published_at) VALUES ('item-0001', 1, '原产地', 'Origin', "
        "'ORIGIN_CERTIFICATE', 'REVIEW', 1, 20, false, false, '{}', '{}', '{invoice}', 's', "
        "'SEED', "
        "'BY_ANALOGY', 'u', '2026-01-01')");
    for (const Earlier& one : kEarlier) Write(scratch_, one);
    scratch_.Admin(
        "INSERT INTO recognition.recognitions VALUES ('R2026-EARLIERXXXXX', 'f-GRANTED', "
        "'zhejiang', 'org-1', 'item-0001', 1, 'shanghai', '2026-03-05', '2027-03-01', "
        "'2026-03-05T01:00Z')");
    // The second names the recognition, as the body of a grant does; the others come too early, too
    // late, or from another case.
    scratch_.Admin(
        "INSERT INTO recognition.events (event_id, subject, version, type, at, body, parties) "
        "SELECT ('00000000-0000-7000-8000-00000000000' || place)::uuid, subject, version, 't', "
        "'2026-03-05T01:00Z', convert_to(body, 'UTF8'), '{}' FROM (VALUES "
        "(1, 'filings/f-GRANTED', 1, 'filed'), (2, 'filings/f-GRANTED', 2, '* R2026-EARLIERXXXXX "
        "*'),"
        "(3, 'filings/f-GRANTED', 3, 'R2026-EARLIERXXXXX'), (4, 'filings/f-OTHER', 1, "
        "'R2026-EARLIERXXXXX')) AS told (place, subject, version, body)");
    scratch_.Admin("INSERT INTO recognition.cursors VALUES ('directory', 7), ('documents', 5)");
    Must(db::Migrate(Schema(), {scratch_.admin_url(), scratch_.password_dir()}));
    SetClock(kNow);
    db::Options options = WithConstraints(scratch_.OptionsFor(Schema()));
    options.controllable_clock = true;
    database_ = std::make_unique<db::Database>(std::move(options));
    calendars_ = std::make_unique<clocks::Calendars>(*database_);
    desk_ = std::make_unique<DecisionDesk>(*database_, *calendars_);
    service_ = std::make_unique<RecognitionService>(*database_, wall_, pages_, *calendars_, *desk_);
  }

  void SetClock(const char* to) {
    const auto ahead = *ParseTime(to) - wall_.Now();
    scratch_.Admin(fmt::format("UPDATE clock.setting SET offset_us = {}", ahead.count()));
  }
  std::string Text(const std::string& sql) { return scratch_.AdminText(sql); }
  std::string StateOfCase(const char* state) {
    return Text(
        fmt::format("SELECT state FROM recognition.decisions WHERE filing_id = 'f-{}'", state));
  }
  int64_t FireDue() {
    clocks::Timer timer(*database_, *calendars_, Deadlines(), DeadlineHooks(*calendars_));
    return Must(timer.FireDue(std::chrono::steady_clock::now() + std::chrono::seconds(30)));
  }
  static Call Officer(const std::string& role) {
    Call call;
    call.caller = {.user_id = "u-" + role + "-zhejiang",
                   .username = role,
                   .name = role,
                   .zone = "zhejiang",
                   .roles = {role}};
    call.rpc = "test";
    call.deadline = std::chrono::steady_clock::now() + std::chrono::seconds(30);
    return call;
  }

  SystemClock wall_;
  rpc::Pages pages_{"a secret of the tests, thirty-two bytes or more"};
  db::ScratchDatabase scratch_;
  std::unique_ptr<db::Database> database_;
  std::unique_ptr<clocks::Calendars> calendars_;
  std::unique_ptr<DecisionDesk> desk_;
  std::unique_ptr<RecognitionService> service_;
};

TEST_F(EarlierCasesTest, HaveClocksThatTheTimerTells) {
  EXPECT_EQ(Text("SELECT count(*) FROM recognition.clocks WHERE kind = 'DECISION'"),
            std::to_string(kEarlier.size()));
  EXPECT_GT(FireDue(), 0);
  EXPECT_EQ(Text("SELECT count(*) FROM recognition.clocks WHERE calendar_revision < 0 AND "
                 "stopped_at IS NULL"),
            "0");
  EXPECT_EQ(StateOfCase("PENDING"), "ACCEPTED") << "deemed, five working days after its receipt";
  EXPECT_EQ(StateOfCase("SUPPLEMENTING"), "SUPPLEMENTING");
  EXPECT_EQ(StateOfCase("ACCEPTED"), "ACCEPTED");
  EXPECT_EQ(StateOfCase("VERIFIED"), "VERIFIED");
  // Thirteen of twenty working days are over of those that run, eleven of fifteen of the window.
  EXPECT_EQ(Text("SELECT string_agg(case_id || ' ' || next_rung, ', ' ORDER BY case_id) FROM "
                 "recognition.clocks WHERE next_rung IS NOT NULL"),
            "f-ACCEPTED ESCALATION, f-ANSWERED ESCALATION, f-PENDING ESCALATION, f-SUPPLEMENTING "
            "REMINDER, "
            "f-VERIFIED ESCALATION");
  EXPECT_EQ(FireDue(), 0) << "each once";
  SetClock("2026-03-26T01:00:00Z");
  EXPECT_GT(FireDue(), 0);
  EXPECT_EQ(StateOfCase("SUPPLEMENTING"), "RETURNED") << "the applicant's window";
}

TEST_F(EarlierCasesTest, RecognitionsKnowTheEventOfTheirGrant) {
  EXPECT_EQ(Text("SELECT event_id FROM recognition.recognitions"),
            "00000000-0000-7000-8000-000000000002");
}

// The notice is remembered: none is given twice, and the case can still be closed.
TEST_F(EarlierCasesTest, AnAnsweredNoticeStaysGiven) {
  EXPECT_EQ(Text("SELECT touched FROM recognition.decisions WHERE filing_id = 'f-ANSWERED'"), "t");
  pb::RequestSupplementRequest again;
  again.set_filing_id("f-ANSWERED");
  again.set_zone("zhejiang");
  again.add_missing("licence");
  again.set_reason("missing");
  EXPECT_EQ(StateOf(service_->RequestSupplement(Officer("verifier"), again)),
            "SUPPLEMENT_ALREADY_ASKED");
  Call filer = Officer("filer");
  filer.caller.zone.clear();
  filer.caller.organization_id = "org-1";
  pb::WithdrawFilingRequest withdraw;
  withdraw.set_filing_id("f-ANSWERED");
  EXPECT_TRUE(service_->WithdrawFiling(filer, withdraw));
  EXPECT_EQ(Text("SELECT state FROM recognition.decisions WHERE filing_id = 'f-ANSWERED'"),
            "WITHDRAWN");
}

TEST_F(EarlierCasesTest, GoOnFromWhereTheyWere) {
  pb::VerifyDecisionRequest verify;
  verify.set_filing_id("f-ACCEPTED");
  verify.set_zone("zhejiang");
  verify.set_opinion("genuine");
  EXPECT_EQ(StateOf(service_->VerifyDecision(Officer("verifier"), verify)), "VERIFIED");
  pb::GrantDecisionRequest grant;
  grant.set_zone("zhejiang");
  grant.set_reason("as agreed");
  grant.set_filing_id("f-VERIFIED");
  Call both = Officer("reviewer");
  both.caller.user_id = "u-verifier-zhejiang";
  EXPECT_EQ(StateOf(service_->GrantDecision(both, grant)), "VERIFIER_MAY_NOT_DECIDE");
  EXPECT_EQ(StateOf(service_->GrantDecision(Officer("reviewer"), grant)), "GRANTED");
  grant.set_filing_id("f-ACCEPTED");
  EXPECT_EQ(StateOf(service_->GrantDecision(Officer("reviewer"), grant)), "GRANTED");
  pb::AcceptDecisionRequest accept;
  accept.set_filing_id("f-PENDING");
  accept.set_zone("zhejiang");
  EXPECT_EQ(StateOf(service_->AcceptDecision(Officer("verifier"), accept)), "ACCEPTED");
}

// Rows are hidden from the owner again.
TEST_F(EarlierCasesTest, PoliciesAreForcedAgain) {
  EXPECT_EQ(Text("SELECT count(*) FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace "
                 "WHERE n.nspname = 'recognition' AND c.relrowsecurity AND NOT "
                 "c.relforcerowsecurity"),
            "0");
}

// Promises that were broken before records were kept go on record, when they were broken.
TEST(EarlierPromises, ThatWereBrokenAreOnRecord) {
  db::ScratchDatabase scratch(SchemaUntil("0008_deputies_and_declarations.sql"));
  for (const char* id : {"f-broken", "f-kept"}) {
    const std::string_view promise = std::string_view(id) == "f-kept" ? "MET" : "BROKEN";
    scratch.Admin(fmt::format(
        "SET search_path = recognition; INSERT INTO filings VALUES ('{0}', 'ZL-{0}', 'org-1', "
        "'CLOSED', 2, '2026-03-02T01:00Z', 'u-filer', '2026-03-16T16:00Z', 'item-0001', 1, "
        "'shanghai', '{{zhejiang}}', 'uscc', 'Acme', 'CO-{0}', 'customs', '2026-01-01', "
        "'2027-03-01', '{{}}', true); "
        "INSERT INTO decisions (filing_id, zone, organization_id, agreement_id, mode, state, "
        "version, verifiers_needed, recognition_number, closed_at, touched, promise, "
        "promise_findings) VALUES ('{0}', 'zhejiang', 'org-1', 'a-1', 'NOTIFY', '{1}', 3, 1, "
        "'R-{0}', '2026-03-02T01:00Z', true, '{2}', 'no licence'); "
        "INSERT INTO clocks (case_id, name, owner, kind, calendar, calendar_revision, unit, "
        "budget, started_at, stopped_at) VALUES ('{0}', 'zhejiang/correction', 'org-1', "
        "'CORRECTION', 'zhejiang', -1, 'WORKING_DAY', 10, '2026-03-02T02:00Z', "
        "'2026-03-16T16:00Z')",
        id, promise == "MET" ? "GRANTED" : "REVOKED", promise));
  }
  Must(db::Migrate(Schema(), {scratch.admin_url(), scratch.password_dir()}));
  EXPECT_EQ(scratch.AdminText(
                "SELECT string_agg(concat_ws(' ', filing_id, zone, organization_id, uscc, name, "
                "item_id, item_version, cause, findings, found_at AT TIME ZONE 'UTC', recorded_at "
                "AT TIME ZONE 'UTC'), ';') FROM recognition.credit_records"),
            "f-broken zhejiang org-1 uscc Acme item-0001 1 PROMISE_BROKEN no licence 2026-03-02 "
            "02:00:00 2026-03-16 16:00:00");
  EXPECT_EQ(scratch.AdminText("SELECT count(*) FROM pg_class c JOIN pg_namespace n ON n.oid = "
                              "c.relnamespace WHERE n.nspname = 'recognition' AND "
                              "c.relrowsecurity AND NOT c.relforcerowsecurity"),
            "0");
}

}  // namespace
}  // namespace zonelink::recognition
