// SPDX-License-Identifier: Apache-2.0
// The inbox follows every event of a decision, on a real database.
#include <algorithm>

#include "worklist/test_worklist.h"

namespace zonelink::worklist {
namespace {

class InboxTest : public WorklistTest {
 protected:
  InboxTest() { Has(Submitted(With("PENDING"))); }
  // As recognition tells it of a decision in review.
  pb::DecisionState With(const std::string& state) const {
    pb::DecisionState decision = State(state);
    decision.set_mode("REVIEW");
    return decision;
  }
  void Has(const pb::Event& event) {
    ASSERT_TRUE(Apply(event));
    ASSERT_TRUE(Apply(event)) << "again";
  }
  void Happens(const std::string& verb, const pb::DecisionState& decision) {
    Has(Decided(verb, decision, kStart + std::chrono::hours(++hours_)));
  }
  pb::Event Rung(const std::string& rung, const pb::DecisionState& decision) {
    pb::DecisionChanged body;
    body.set_filing_id(filing_id_);
    *body.mutable_decision() = decision;
    body.set_by_clock(true);
    body.set_rung(rung);
    return Event("decision.rung_passed", body, kStart + std::chrono::hours(++hours_));
  }
  Call OfZone(const std::string& zone, const std::string& role) const {
    Call call = Officer("x", {role});
    call.caller.zone = zone;
    return call;
  }

  int hours_ = 0;
  const Call verifier_ = Officer("u1", {"verifier"});
  const Call reviewer_ = Officer("u2", {"reviewer"});
  const Call head_ = Officer("u9", {"zone_admin"});
};

TEST_F(InboxTest, AStepRoutedUpWaitsForTheHead) {
  pb::DecisionState routed = With("ACCEPTED");
  routed.set_step("verify");
  routed.set_waiting_for("zone_admin");
  Happens("recused", routed);
  EXPECT_EQ(Waits(verifier_), "");
  EXPECT_EQ(Waits(head_), "verify ");
}

TEST_F(InboxTest, WhoStaysAwayDoesNotSeeIt) {
  pb::DecisionState away = With("ACCEPTED");
  away.add_excluded_users("u1");
  Happens("recused", away);
  EXPECT_EQ(Waits(verifier_), "");
  EXPECT_EQ(Waits(Officer("u3", {"verifier"})), "verify ");
}

TEST_F(InboxTest, OnlyTheAssigneeAndDeputiesSeeTheStep) {
  pb::DecisionState assigned = With("ACCEPTED");
  assigned.set_assigned_to("u3");
  assigned.add_deputies("u4");
  Happens("reassigned", assigned);
  EXPECT_EQ(Waits(verifier_), "");
  EXPECT_EQ(Waits(Officer("u3", {"verifier"})), "verify ");
  EXPECT_EQ(Waits(Officer("u4", {"verifier"})), "verify ");
  Happens("verified", With("VERIFIED"));
  EXPECT_EQ(Waits(Officer("u3", {"verifier"})), "");
  EXPECT_EQ(Waits(reviewer_), "decide ") << "the next step is anybody's";
}

TEST_F(InboxTest, AQueryWaitsForTheHomeZone) {
  const std::string home = "home" + zone_;
  pb::DecisionState asked = With("QUERY_TO_HOME");
  asked.set_query_to(home);
  asked.set_query_due_on("2026-03-16");
  Happens("queried", asked);
  EXPECT_EQ(Waits(verifier_) + Waits(reviewer_), "");
  EXPECT_EQ(Waits(OfZone(home, "verifier")), "answer_query ");
  const auto entry = Inbox(OfZone(home, "reviewer"))[0];
  EXPECT_EQ(entry.work.due_on, ParseDate("2026-03-16"));
  EXPECT_EQ(entry.zone, zone_) << "the zone that decides";
  Happens("query_answered", With("VERIFIED"));
  EXPECT_EQ(Waits(OfZone(home, "verifier")), "");
  EXPECT_EQ(Waits(reviewer_), "decide ");
}

TEST_F(InboxTest, EveryZoneAskedHasItsOwnEntry) {
  const std::string b = "b" + zone_, c = "c" + zone_;
  pb::DecisionState asked = With("VERIFIED");
  asked.add_opinions_of(b);
  asked.add_opinions_of(c);
  Happens("opinions_requested", asked);
  EXPECT_EQ(Waits(reviewer_), "decide ") << "meanwhile the zone goes on";
  EXPECT_EQ(Waits(OfZone(b, "reviewer")), "give_opinion ");
  EXPECT_EQ(Waits(OfZone(c, "reviewer")), "give_opinion ");
  EXPECT_EQ(Waits(OfZone(c, "verifier")), "");
  const auto before = Inbox(OfZone(c, "reviewer"))[0];
  asked.mutable_opinions_of()->DeleteSubrange(0, 1);
  Happens("opinion_given", asked);
  EXPECT_EQ(Waits(OfZone(b, "reviewer")), "");
  const auto after = Inbox(OfZone(c, "reviewer"))[0];
  EXPECT_EQ(after.work_id, before.work_id);
  EXPECT_EQ(after.since, before.since);
  Happens("granted", With("GRANTED"));
  EXPECT_EQ(Waits(OfZone(c, "reviewer")), "");
}

TEST_F(InboxTest, ExcludedTimeWaitsToBeEnded) {
  for (const char* state : {"HEARING", "SUSPENDED"}) {
    pb::DecisionState stands = With(state);
    stands.mutable_clock()->set_running(false);
    stands.set_waiting_for("verifier");
    Happens("suspended", stands);
    EXPECT_EQ(Waits(verifier_), "resume ") << state;
    EXPECT_FALSE(Inbox(verifier_)[0].work.due_on);
  }
  Happens("resumed", With("VERIFIED"));
  EXPECT_EQ(Waits(verifier_), "");
}

TEST_F(InboxTest, AnOverduePaperWaitsForTheApplicant) {
  pb::DecisionState stands = With("SUSPENDED");
  stands.mutable_clock()->set_running(false);
  stands.set_waiting_for("filer");
  Happens("paper_missed", stands);
  EXPECT_EQ(Waits(verifier_), "");
  EXPECT_EQ(Waits(Member("filer")), "hand_in_paper ");
  Happens("paper_handed_in", With("ACCEPTED"));
  EXPECT_EQ(Waits(Member("filer")), "");
  EXPECT_EQ(Waits(verifier_), "verify ");
}

TEST_F(InboxTest, ARecusalWaitsForTheHead) {
  pb::DecisionState asked = With("ACCEPTED");
  asked.add_excluded_users("u1");
  asked.add_recusal_asked("u1");
  Happens("recusal_requested", asked);
  EXPECT_EQ(Waits(head_), "decide_recusal ");
  EXPECT_EQ(Waits(verifier_), "") << "until it is decided";
  EXPECT_EQ(Waits(Officer("u1", {"zone_admin"})), "") << "nobody decides on themselves";
  Happens("recusal_decided", With("ACCEPTED"));
  EXPECT_EQ(Waits(head_), "");
  EXPECT_EQ(Waits(verifier_), "verify ");
}

TEST_F(InboxTest, ARungBringsItToTheHead) {
  Happens("accepted", With("ACCEPTED"));
  Has(Rung("REMINDER", With("ACCEPTED")));
  EXPECT_EQ(Inbox(verifier_)[0].work.reason, Reason::kClockReminded);
  EXPECT_EQ(Waits(head_), "");
  Has(Rung("ESCALATION", With("ACCEPTED")));
  EXPECT_EQ(Waits(head_), "escalated ");
  EXPECT_EQ(Inbox(verifier_)[0].work.reason, Reason::kEscalated);
  EXPECT_EQ(Inbox(verifier_)[0].since, kStart + 1h) << "it waits for the same since it did";
  Happens("verified", With("VERIFIED"));
  EXPECT_EQ(Inbox(reviewer_)[0].work.reason, Reason::kEscalated) << "the clock is the same";
  Has(Rung("OVERDUE", With("VERIFIED")));
  ASSERT_EQ(Waits(head_), "escalated ");
  EXPECT_EQ(Inbox(head_)[0].work.reason, Reason::kOverdue);
  Happens("extended", With("VERIFIED"));
  EXPECT_EQ(Waits(head_), "");
  EXPECT_EQ(Inbox(reviewer_)[0].work.reason, Reason::kNone);
}

TEST_F(InboxTest, AnExcludedTimeDoesNotForgetTheRung) {
  Has(Rung("ESCALATION", With("ACCEPTED")));
  pb::DecisionState stands = With("HEARING");
  stands.mutable_clock()->set_running(false);
  Happens("hearing_opened", stands);
  Happens("resumed", With("ACCEPTED"));
  EXPECT_EQ(Waits(head_), "escalated ");
  Happens("withdrawn", With("WITHDRAWN"));
  EXPECT_EQ(Waits(head_) + Waits(verifier_), "");
}

TEST_F(InboxTest, AReminderIsTold) {
  Happens("reminded", With("PENDING"));
  EXPECT_EQ(Inbox(verifier_)[0].work.reason, Reason::kReminded);
  Happens("accepted", With("ACCEPTED"));
  EXPECT_EQ(Inbox(verifier_)[0].work.reason, Reason::kNone) << "somebody acted";
  pb::DecisionState returned = With("RETURNED_TO_STEP");
  returned.set_step("verify");
  Happens("returned_to_step", returned);
  EXPECT_EQ(Waits(verifier_), "verify ");
  EXPECT_EQ(Inbox(verifier_)[0].work.reason, Reason::kReturned);
}

TEST_F(InboxTest, ThePublishedCalendarMovesTheDueDate) {
  EXPECT_EQ(Inbox(verifier_)[0].work.due_on, ParseDate("2026-03-30"));
  pb::DecisionState moved = With("PENDING");
  moved.mutable_clock()->set_due_on("2026-04-02");
  Has(Rung("CALENDAR_PUBLISHED", moved));
  EXPECT_EQ(Inbox(verifier_)[0].work.due_on, ParseDate("2026-04-02"));
  EXPECT_EQ(Inbox(verifier_)[0].since, kStart);
  EXPECT_EQ(Inbox(verifier_)[0].work.reason, Reason::kNone);
}

TEST_F(InboxTest, AGrantWaitsForDelivery) {
  for (const char* state : {"GRANTED", "GRANTED_PARTIAL", "GRANTED_CONDITIONAL", "TACIT_GRANTED"}) {
    pb::DecisionState granted = With(state);
    granted.mutable_clock()->set_running(false);
    granted.set_follow_up_due_on("2026-03-18");
    Happens("granted", granted);
    EXPECT_EQ(Waits(verifier_), "deliver ") << state;
    EXPECT_EQ(Waits(reviewer_), "deliver ") << state;
  }
  EXPECT_EQ(Inbox(verifier_)[0].work.due_on, ParseDate("2026-03-18"));
  Happens("delivered", With("DELIVERED"));
  EXPECT_EQ(Waits(verifier_), "");
}

// Nothing waited meanwhile: the case still knows its filing.
TEST_F(InboxTest, AMissedConditionWaitsToBeConfirmed) {
  Happens("granted_conditional", With("GRANTED_CONDITIONAL"));
  Happens("delivered", With("DELIVERED"));
  EXPECT_EQ(Waits(verifier_), "");
  Happens("condition_missed", With("SUSPENDED_AFTER"));
  ASSERT_EQ(Waits(verifier_), "confirm_condition ");
  EXPECT_EQ(Inbox(verifier_)[0].facts.receipt_number, "R-" + filing_id_);
  Happens("condition_met", With("DELIVERED"));
  EXPECT_EQ(Waits(verifier_), "");
}

TEST_F(InboxTest, EveryEndEndsIt) {
  for (const char* state :
       {"REFUSED", "NOT_REQUIRED", "WRONG_AUTHORITY", "RETURNED", "WITHDRAWN", "REVOKED"}) {
    Has(Submitted(With("PENDING"), kStart + std::chrono::hours(++hours_)));
    EXPECT_EQ(Waits(verifier_), "accept ");
    Happens("ended", With(state));
    EXPECT_EQ(Waits(verifier_) + Waits(reviewer_) + Waits(head_) + Waits(Member("filer")), "")
        << state;
  }
}

class PromiseTest : public WorklistTest {};

TEST_F(PromiseTest, WaitsForItsCheck) {
  pb::DecisionState granted;
  granted.set_zone(zone_);
  granted.set_mode("NOTIFY");
  granted.set_state("GRANTED");
  granted.set_promise("TO_CHECK");
  granted.set_follow_up_due_on("2026-06-01");
  pb::Event submitted = Submitted(granted);
  submitted.set_version(1);
  ASSERT_TRUE(Apply(submitted));
  const Call inspector = Officer("u1", {"inspector"});
  ASSERT_EQ(Waits(inspector), "check_promise ");
  EXPECT_EQ(Inbox(inspector)[0].work.due_on, ParseDate("2026-06-01"));
  EXPECT_EQ(Waits(Officer("u2", {"verifier"})), "check_promise ");
  granted.set_promise("TO_CORRECT");
  ASSERT_TRUE(Apply(Decided("promise_checked", granted, kStart + 1h)));
  EXPECT_EQ(Waits(inspector), "check_promise ") << "again, once it is corrected";
  granted.set_promise("MET");
  ASSERT_TRUE(Apply(Decided("promise_checked", granted, kStart + 2h)));
  EXPECT_EQ(Waits(inspector), "");
}

class InboxPartsTest : public WorklistTest {
 protected:
  // A decision of a filing of its own.
  void Add(const std::string& state, const std::string& due_on) {
    auto event = Submitted(State(state, {}, due_on));
    pb::FilingChanged body;
    ASSERT_TRUE(body.ParseFromString(event.body()));
    body.set_filing_id(NewId());
    event.set_body(body.SerializeAsString());
    ASSERT_TRUE(Apply(event));
  }
  std::string Counts(const Call& call, const std::string& soon) {
    auto counts = database_.Query(call, [&](db::Tx& tx) -> Result<std::vector<InboxCount>> {
      return CountInbox(tx, *ParseDate(soon), 3);
    });
    std::string text;
    std::sort(counts->begin(), counts->end(),
              [](const auto& a, const auto& b) { return a.action < b.action; });
    for (const auto& one : *counts) {
      text += std::string(Name(one.action)) + " " + std::to_string(one.entries) + "/" +
              std::to_string(one.due_soon) + " ";
    }
    return text;
  }
  std::string Only(const Call& call, Action action) {
    auto page = database_.Query(call, [&](db::Tx& tx) -> Result<std::vector<InboxEntry>> {
      return InboxPage(tx, {.after = {}, .limit = 10, .action = action});
    });
    std::string text;
    for (const auto& entry : *page) text += FormatDate(*entry.work.due_on) + " ";
    return text;
  }
};

TEST_F(InboxPartsTest, CountsAndFilters) {
  const Call call = Officer("u1", {"verifier", "reviewer"});
  Add("PENDING", "2026-03-10");
  Add("PENDING", "2026-03-04");
  Add("ACCEPTED", "2026-02-20");
  Add("SUPPLEMENTING", "2026-03-04");
  EXPECT_EQ(Counts(call, "2026-03-04"), "accept 2/1 verify 1/1 ");
  EXPECT_EQ(Counts(call, "2026-02-19"), "accept 2/0 verify 1/0 ");
  EXPECT_EQ(Counts(Member("filer"), "2026-03-04"), "supplement 1/0 ") << "no clock runs";
  EXPECT_EQ(Only(call, Action::kAccept), "2026-03-04 2026-03-10 ");
  EXPECT_EQ(Only(call, Action::kVerify), "2026-02-20 ");
  EXPECT_EQ(Only(call, Action::kDecide), "");
}

}  // namespace
}  // namespace zonelink::worklist
