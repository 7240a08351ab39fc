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
  const Status refused = CheckNotInVault({"map", "invoice"}, vault, kToday);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().reason, "DOCUMENT_IN_VAULT");
  const Metadata pointer = {
      {"kind", "invoice"}, {"title", "valid"}, {"sha256", ""}, {"documentId", "valid"}};
  EXPECT_EQ(refused.error().metadata, pointer);
  EXPECT_TRUE(CheckNotInVault({"licence", "map"}, vault, kToday));
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
    const auto taken = TakeFromVault(filing, by, zone, {.sha256 = sha256, .kind = kind}, item);
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

}  // namespace
}  // namespace zonelink::recognition
