// SPDX-License-Identifier: Apache-2.0
#include "recognition/domain/vault.h"

#include <gtest/gtest.h>

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

}  // namespace
}  // namespace zonelink::recognition
