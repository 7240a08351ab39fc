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

}  // namespace
}  // namespace zonelink::recognition
