// SPDX-License-Identifier: Apache-2.0
#include "recognition/domain/vault.h"

#include <gtest/gtest.h>

#include "recognition/domain/decision_testing.h"

namespace zonelink::recognition {
namespace {

const Date kToday = *ParseDate("2026-03-02");

VaultPaper Paper(const char* id, const char* kind, const char* from, const char* until) {
  return {.document_id = id,
          .document = {.title = id, .kind = kind, .valid_until = ParseDate(until)},
          .valid_from = ParseDate(from)};
}

TEST(Vault, PapersAreValidFromTheirFirstDayToTheirLast) {
  struct Row {
    const char* from;
    const char* until;
    bool valid;
  };
  const std::vector<Row> rows = {
      {"", "", true},
      {"2026-03-02", "2026-03-02", true},
      {"2026-03-03", "", false},
      {"", "2026-03-01", false},
  };
  for (const Row& row : rows) {
    EXPECT_EQ(ValidOn(Paper("p", "k", row.from, row.until), kToday), row.valid)
        << row.from << ".." << row.until;
  }
}

TEST(Vault, OffersForEachKindTheValidPaperThatLastsLongest) {
  const std::vector<VaultPaper> vault = {
      Paper("newest", "invoice", "", "2026-06-30"),  Paper("longest", "invoice", "", "2027-01-01"),
      Paper("as-long", "invoice", "", "2027-01-01"), Paper("over", "invoice", "", "2026-03-01"),
      Paper("endless", "licence", "", ""),           Paper("ends", "licence", "", "2030-01-01"),
      Paper("to-come", "map", "2026-03-03", ""),     Paper("not-asked", "photo", "", ""),
  };
  const auto offered = Offered({"licence", "invoice", "map", "packing-list"}, vault, kToday);
  ASSERT_EQ(offered.size(), 2U);
  EXPECT_EQ(offered[0].document_id, "endless");
  EXPECT_EQ(offered[1].document_id, "longest");
}

TEST(Vault, TakesWhatIsAskedForAndNeitherThereNorPromised) {
  const Item item{.required_documents = {"invoice", "licence", "map", "packing-list"}};
  Submission submission;
  submission.documents = {{.kind = "licence"}};
  submission.papers = {{.kind = "map", .promised_on = kToday}};
  EXPECT_EQ(KindsToTake(submission, item), (std::vector<std::string>{"invoice", "packing-list"}));
}

TEST(Vault, WhatItHoldsIsPointedToInsteadOfAskedFor) {
  const std::vector<VaultPaper> vault = {Paper("valid", "invoice", "", ""),
                                         Paper("over", "licence", "", "2026-03-01")};
  const std::vector<std::string> required = {"invoice", "licence"};
  const Status refused = CheckNotInVault({"map", "invoice"}, required, vault, kToday);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().reason, "DOCUMENT_IN_VAULT");
  const Metadata pointer = {
      {"kind", "invoice"}, {"title", "valid"}, {"sha256", ""}, {"documentId", "valid"}};
  EXPECT_EQ(refused.error().metadata, pointer);
  EXPECT_TRUE(CheckNotInVault({"licence", "map"}, required, vault, kToday));
}

// Nobody could take them: an officer who names kinds at will learns nothing of the vault.
TEST(Vault, KindsThatTheItemDoesNotRequireMayBeAskedFor) {
  const std::vector<VaultPaper> vault = {Paper("valid", "invoice", "", ""),
                                         Paper("secret", "bank_statement", "", "")};
  EXPECT_TRUE(CheckNotInVault({"bank_statement"}, {"invoice"}, vault, kToday));
  const Status refused = CheckNotInVault({"bank_statement", "invoice"}, {"invoice"}, vault, kToday);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().message.find("secret"), std::string::npos);
  EXPECT_EQ(refused.error().metadata[0].second, "invoice");
}

// One decision of zhejiang on an item that asks for an invoice and a licence, the latter later.
struct Taking {
  Filing filing{.documents = {{.sha256 = "there", .kind = "invoice"}}, .decisions = {Received()}};
  const Item item{.required_documents = {"invoice", "licence"},
                  .deferrable_documents = {"licence"}};

  void Ask(const char* kind) {
    const SupplementNotice notice{.missing = {kind}, .reason = "unclear"};
    Decision& decision = filing.decisions[0];
    decision = *RequestSupplement(decision, kVerifier, notice, {}, false, kLater);
  }
  void Answer() { filing.decisions[0] = *Supplement(filing.decisions[0], kLater); }
  std::string Take(const Actor& by, const char* kind, const char* zone = "zhejiang",
                   const char* sha256 = "new") const {
    const auto taken =
        TakeFromVault(filing, {by, zone, kLater}, {.sha256 = sha256, .kind = kind}, item);
    if (!taken) return taken.error().reason;
    return taken->documents.back().kind + (taken->version == filing.version + 1 ? "" : "?");
  }
};

TEST(Taking, IsOfKindsThatTheCaseAsksFor) {
  struct Row {
    const char* notice;  // names the kind; empty: none was given
    bool answered;
    const char* kind;
    const char* outcome;
  };
  const std::vector<Row> rows = {
      {"", false, "invoice", "invoice"},         // another one, of the file's own kind
      {"", false, "licence", "licence"},         // may come later
      {"", false, "map", "DOCUMENT_NOT_ASKED"},  // nobody asks
      {"", false, "", "DOCUMENT_NOT_ASKED"},     // of no kind
      {"map", false, "map", "map"},              // the notice asks
      {"map", false, "licence", "licence"},      // the item still does
      {"map", false, "photo", "DOCUMENT_NOT_ASKED"},
      {"map", true, "map", "DOCUMENT_NOT_ASKED"},  // it was answered
      {"", false, "Invoice", "DOCUMENT_NOT_ASKED"},
  };
  for (const Row& row : rows) {
    Taking taking;
    if (row.notice[0] != '\0') taking.Ask(row.notice);
    if (row.answered) taking.Answer();
    EXPECT_EQ(taking.Take(kVerifier, row.kind), row.outcome)
        << row.notice << row.answered << " " << row.kind;
  }
}

TEST(Taking, NoticesOfOtherZonesAskForNothingHere) {
  Taking taking;
  taking.Ask("map");
  Decision other = Received();
  other.zone = "jiangsu";
  taking.filing.decisions.push_back(other);
  EXPECT_EQ(taking.Take(kStranger, "map", "jiangsu"), "DOCUMENT_NOT_ASKED");
  EXPECT_EQ(taking.Take(kStranger, "licence", "jiangsu"), "licence");
}

// Who may not take learns nothing of the paper.
TEST(Taking, IsTheDecidingZonesWhileTheCaseIsOpen) {
  Taking taking;
  EXPECT_EQ(taking.Take(kStranger, "map"), "NOT_DECIDING_ZONE");
  EXPECT_EQ(taking.Take(kVerifier, "map", "hunan"), "NOT_DECIDING_ZONE");
  EXPECT_EQ(taking.Take(kOwn, "map"), "OWN_ORGANIZATION");
  EXPECT_EQ(taking.Take(kVerifier, "map", "zhejiang", "there"), "DOCUMENT_TAKEN");
  taking.filing.decisions[0] = In(State::kGranted);
  EXPECT_EQ(taking.Take(kVerifier, "licence"), "DECISION_NOT_OPEN");
}

const Time kAfterwards = At("2026-03-06T09:00:00+08:00");

// A decision of the zone that waits for an invoice and a licence that were promised.
Decision Deferring(const char* zone, const char* invoice_on, const char* licence_on) {
  Decision decision = Received();
  decision.zone = zone;
  decision.papers = {{.kind = "invoice", .promised_on = On(invoice_on)},
                     {.kind = "licence", .promised_on = On(licence_on)}};
  return decision;
}

// The officer of zhejiang takes an invoice; jiangsu decides as well.
TEST(Taking, HandsInWhatWasPromisedForEveryZone) {
  struct Row {
    const char* invoice_on;
    const char* licence_on;
    bool missed;  // the clocks stand for want of papers
    const char* taken;
    State here;
    State there;
    bool there_steps;
    bool handed_in;
  };
  const std::vector<Row> rows = {
      {"2026-03-09", "2026-03-10", false, "invoice", State::kPending, State::kPending, false, true},
      {"2026-03-05", "2026-03-10", true, "invoice", State::kPending, State::kPending, true, true},
      {"2026-03-05", "2026-03-04", true, "invoice", State::kSuspended, State::kSuspended, false,
       true},  // the licence is overdue too
      {"2026-03-05", "2026-03-10", true, "map", State::kSuspended, State::kSuspended, false, false},
  };
  const Item item{.required_documents = {"invoice", "licence", "map"}};
  for (const Row& row : rows) {
    SCOPED_TRACE(std::string(row.invoice_on) + row.licence_on + row.taken);
    Filing filing;
    for (const char* zone : {"jiangsu", "zhejiang"}) {
      Decision decision = Deferring(zone, row.invoice_on, row.licence_on);
      if (row.missed) {
        decision =
            *PassRung(decision, "paper/invoice", "PAPER_MISSED", "", At("2026-03-05T16:00:00Z"));
        decision.step.reset();
        decision.clock_acts.clear();
      }
      filing.decisions.push_back(decision);
    }
    const Document paper{.sha256 = "new", .kind = row.taken};
    const auto taken = TakeFromVault(filing, {kVerifier, "zhejiang", kAfterwards}, paper, item);
    ASSERT_TRUE(taken);
    const Decision& there = taken->decisions[0];
    const Decision& here = taken->decisions[1];
    EXPECT_EQ(Name(here.state), Name(row.here));
    EXPECT_EQ(Name(there.state), Name(row.there));
    EXPECT_EQ(here.step.has_value(), row.handed_in);
    EXPECT_EQ(there.step.has_value(), row.there_steps);
    EXPECT_EQ(there.version, filing.decisions[0].version + (row.there_steps ? 1 : 0));
    for (const Decision& decision : taken->decisions) {
      EXPECT_EQ(decision.papers[0].handed_in_at.has_value(), row.handed_in) << decision.zone;
      EXPECT_FALSE(decision.papers[1].handed_in_at) << decision.zone;
      EXPECT_EQ(GroundOf(decision).empty(), decision.state == State::kPending) << decision.zone;
    }
  }
}

TEST(Taking, LeavesWhatIsOverElsewhereAsItIs) {
  Filing filing;
  filing.decisions = {Deferring("jiangsu", "2026-03-09", "2026-03-10"),
                      Deferring("zhejiang", "2026-03-09", "2026-03-10")};
  Close(filing.decisions[0], kLater);
  filing.decisions[0].state = State::kRefused;
  const auto taken =
      TakeFromVault(filing, {kVerifier, "zhejiang", kAfterwards},
                    {.sha256 = "new", .kind = "invoice"}, {.required_documents = {"invoice"}});
  ASSERT_TRUE(taken);
  EXPECT_FALSE(taken->decisions[0].step);
  EXPECT_TRUE(taken->decisions[1].papers[0].handed_in_at);
}

}  // namespace
}  // namespace zonelink::recognition
