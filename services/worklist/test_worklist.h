// SPDX-License-Identifier: Apache-2.0
// For tests of worklist: a scratch database, events on one filing, inboxes of callers.
#pragma once

#include <gtest/gtest.h>

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "platform/core/clock.h"
#include "platform/crypto/crypto.h"
#include "platform/db/scratch_database.h"
#include "platform/rpc/timestamp.h"
#include "worklist/inbox_store.h"
#include "worklist/intake.h"
#include "worklist/module.h"
#include "zonelink/events/v1/recognition_events.pb.h"

namespace zonelink::worklist {

namespace pb = events::v1;
using namespace std::chrono_literals;

inline const Time kStart = *ParseTime("2026-03-02T01:00:00Z");

class WorklistTest : public testing::Test {
 protected:
  static void SetUpTestSuite() { scratch_ = new db::ScratchDatabase(Schema()); }
  static void TearDownTestSuite() { delete scratch_; }
  WorklistTest() : database_(scratch_->OptionsFor(Schema())), filing_id_(NewId()) {}

  static std::string NewId() { return crypto::NewUuid(SystemClock().Now()); }

  // An event on this test's filing.
  pb::Event Event(const std::string& type, const google::protobuf::Message& body, Time at) const {
    pb::Event event;
    event.set_event_id(NewId());
    event.set_subject("filings/" + filing_id_);
    event.set_type("zonelink.recognition." + type);
    event.set_body(body.SerializeAsString());
    *event.mutable_at() = ToTimestamp(at);
    for (const std::string& party : {"org:" + organization_, "zone:" + zone_}) {
      event.add_parties(party);
    }
    return event;
  }
  pb::DecisionState State(const std::string& state,
                          const std::vector<std::string>& verified_by = {},
                          const std::string& due_on = "2026-03-30") const {
    pb::DecisionState decision;
    decision.set_zone(zone_);
    decision.set_state(state);
    for (const auto& user : verified_by) decision.add_verified_by(user);
    decision.mutable_clock()->set_budget_days(20);
    decision.mutable_clock()->set_due_on(due_on);
    decision.mutable_clock()->set_running(state != "SUPPLEMENTING");
    return decision;
  }
  pb::Event Submitted(const pb::DecisionState& decision, Time at = kStart) const {
    pb::FilingChanged body;
    body.set_filing_id(filing_id_);
    body.set_receipt_number("R-" + filing_id_);
    body.set_organization_id(organization_);
    body.set_applicant_name("测试企业");
    body.set_item_id("electronic-origin-certificate");
    body.set_item_name_zh("电子原产地证书");
    body.set_item_name_en("Electronic certificate of origin");
    body.set_state("IN_REVIEW");
    *body.add_decisions() = decision;
    return Event("filing.submitted", body, at);
  }
  pb::Event Decided(const std::string& verb, const pb::DecisionState& decision, Time at) const {
    pb::DecisionChanged body;
    body.set_filing_id(filing_id_);
    *body.mutable_decision() = decision;
    return Event("decision." + verb, body, at);
  }

  Status Apply(std::span<const pb::Event> events) {
    return database_.System(
        "test", [&](db::Tx& tx) { return ApplyRecognitionEvents(tx, events, calendars_); });
  }
  Status Apply(const pb::Event& event) { return Apply({&event, 1}); }

  static Call By(Caller caller) {
    Call call;
    call.caller = std::move(caller);
    call.deadline = std::chrono::steady_clock::now() + 10s;
    call.token_expires = SystemClock().Now() + 10min;
    return call;
  }
  Call Officer(const std::string& user, std::vector<std::string> roles) const {
    return By({.user_id = user, .session_id = "s", .zone = zone_, .roles = std::move(roles)});
  }
  Call Member(const std::string& role) const {
    return By(
        {.user_id = "m", .session_id = "s", .organization_id = organization_, .roles = {role}});
  }

  std::vector<InboxEntry> Inbox(const Call& call, const std::optional<InboxKey>& after = {},
                                int limit = 100) {
    auto entries = database_.Query(call, [&](db::Tx& tx) -> Result<std::vector<InboxEntry>> {
      return InboxPage(tx, {.after = after, .limit = limit, .action = {}});
    });
    EXPECT_TRUE(entries);
    return entries ? *entries : std::vector<InboxEntry>();
  }
  // What waits for the caller, by name of the action.
  std::string Waits(const Call& call) {
    std::string actions;
    for (const auto& entry : Inbox(call)) actions += std::string(Name(entry.work.action)) + " ";
    return actions;
  }

  inline static db::ScratchDatabase* scratch_ = nullptr;
  const clocks::CalendarSet calendars_{0, {}};
  db::Database database_;
  const std::string filing_id_;
  // Every test has its own zone and organisation.
  const std::string zone_ = "z" + NewId();
  const std::string organization_ = "o" + NewId();
};

}  // namespace zonelink::worklist
