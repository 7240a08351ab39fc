// SPDX-License-Identifier: Apache-2.0
// What the database itself keeps callers from, whatever the handlers do.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include "recognition/test_recognition.h"

namespace zonelink::recognition {
namespace {

class AccessTest : public testing::Test {
 protected:
  TestRecognition& t_ = SharedRecognition();
  AccessTest() : filer_(t_.Filer("org-access")) {
    const std::string item = t_.NewItem();
    t_.Agree(item, "jiangsu", pb::MODE_AUTOMATIC);
    t_.Agree(item, "zhejiang", pb::MODE_REVIEW);
    filing_ = Must(t_.Submit(filer_, t_.Submission(filer_, item, {"jiangsu", "zhejiang"})));
  }

  // Rows of a table that the caller sees of the filing.
  int64_t Sees(const Call& by, const std::string& table) {
    return t_.Sees(by, table, fmt::format("filing_id = '{}'", filing_.filing_id()));
  }
  std::string Where() const { return " WHERE filing_id = '" + filing_.filing_id() + "'"; }

  const Call filer_;
  pb::Filing filing_;
  int statements_ = 0;
};

TEST_F(AccessTest, OnlyPartiesSeeTheRowsOfAFiling) {
  const Call stranger = t_.Filer("org-stranger");
  const Call foreign_officer = t_.Officer("hunan", "verifier");
  for (const char* table : {"filings", "filing_parties", "decisions", "documents"}) {
    SCOPED_TRACE(table);
    for (const Call& by : {filer_, t_.Officer("shanghai", "verifier"),
                           t_.Officer("zhejiang", "reviewer"), t_.Secretariat(), t_.Auditor()}) {
      EXPECT_GT(Sees(by, table), 0) << by.caller.name;
    }
    EXPECT_EQ(Sees(stranger, table), 0);
    EXPECT_EQ(Sees(foreign_officer, table), 0);
  }
}

// Policies answer from the rows' own columns where they can. What they show is what filing_parties,
// of which everybody sees their own rows, says: nothing more, nothing less.
TEST_F(AccessTest, WhatIsSeenIsWhatFilingPartiesSays) {
  const Call other = t_.Filer("org-access-too");
  const std::string item = t_.NewItem();
  t_.Agree(item, "hunan", pb::MODE_REVIEW);
  Must(t_.Submit(other, t_.Submission(other, item, {"hunan"})));
  Call nowhere = filer_;
  nowhere.caller.organization_id.clear();
  Call officer_of_ours = t_.Officer("hunan", "verifier");
  officer_of_ours.caller.organization_id = "org-access";
  const auto differ = [&](const Call& by, const std::string& table) {
    const std::string text = fmt::format(
        "SELECT count(*) AS count FROM (SELECT DISTINCT filing_id FROM {}) AS seen FULL JOIN "
        "(SELECT DISTINCT filing_id FROM filing_parties) AS said USING (filing_id) "
        "WHERE seen IS NULL OR said IS NULL",
        table);
    const std::string name = "access.differ." + table;
    const db::Sql sql{name.c_str(), text.c_str()};
    return Must(t_.database.Query(
        by, [&](db::Tx& tx) -> Result<int64_t> { return tx.Exec(sql)[0].Int("count"); }));
  };
  for (const char* table : {"filings", "decisions", "documents"}) {
    SCOPED_TRACE(table);
    for (const Call& by : {filer_, other, officer_of_ours, t_.Officer("shanghai", "verifier"),
                           t_.Officer("zhejiang", "reviewer"), t_.Officer("jiangsu", "verifier"),
                           t_.Officer("hunan", "verifier"), t_.Officer("hubei", "verifier"),
                           t_.Secretariat(), nowhere}) {
      EXPECT_EQ(differ(by, table), 0) << by.caller.zone << ' ' << by.caller.organization_id;
    }
    EXPECT_GT(Sees(officer_of_ours, table), 0);
    EXPECT_EQ(Sees(nowhere, table), 0);
  }
}

// Of the rows beside a filing all are seen, whichever party asks.
TEST_F(AccessTest, APartySeesTheDecisionsOfAllZones) {
  for (const Call& by :
       {filer_, t_.Officer("shanghai", "verifier"), t_.Officer("zhejiang", "reviewer"),
        t_.Officer("jiangsu", "verifier"), t_.Secretariat()}) {
    EXPECT_EQ(Sees(by, "decisions"), 2) << by.caller.zone;
    EXPECT_EQ(Sees(by, "documents"), filing_.documents_size());
  }
}

TEST_F(AccessTest, UnknownAndForeignLookTheSame) {
  const Call stranger = t_.Filer("org-stranger");
  pb::WithdrawFilingRequest withdraw;
  pb::AcceptDecisionRequest accept;
  pb::GetFilingRequest get;
  pb::GetFilingTimelineRequest timeline;
  const std::string unknown = "01960000-0000-7000-8000-000000000000";
  std::vector<Error> errors;
  for (const std::string& id : {filing_.filing_id(), unknown}) {
    withdraw.set_filing_id(id);
    accept.set_filing_id(id);
    accept.set_zone("hunan");
    get.set_filing_id(id);
    timeline.set_filing_id(id);
    errors.push_back(t_.service.WithdrawFiling(stranger, withdraw).error());
    errors.push_back(t_.service.GetFiling(stranger, get).error());
    errors.push_back(t_.service.GetFilingTimeline(stranger, timeline).error());
    errors.push_back(t_.service.AcceptDecision(t_.Officer("hunan", "verifier"), accept).error());
  }
  for (const Error& error : errors) {
    EXPECT_EQ(error.code, Code::kNotFound);
    EXPECT_EQ(error.reason, "FILING_NOT_FOUND");
    EXPECT_EQ(error.message, "no such filing");
    EXPECT_TRUE(error.metadata.empty());
  }
}

TEST_F(AccessTest, PartiesWhoDoNotDecideAreToldSo) {
  pb::AcceptDecisionRequest request;
  request.set_filing_id(filing_.filing_id());
  request.set_zone("zhejiang");
  for (const char* zone : {"shanghai", "jiangsu"}) {
    const auto refused = t_.service.AcceptDecision(t_.Officer(zone, "verifier"), request);
    EXPECT_EQ(ReasonOf(refused), "NOT_DECIDING_ZONE");
    EXPECT_EQ(refused.error().code, Code::kPermissionDenied);
  }
  request.set_zone("shanghai");  // a party, but no target
  EXPECT_EQ(ReasonOf(t_.service.AcceptDecision(t_.Officer("shanghai", "verifier"), request)),
            "NOT_DECIDING_ZONE");
  Call own = t_.Officer("zhejiang", "verifier");
  own.caller.organization_id = "org-access";
  request.set_zone("zhejiang");
  EXPECT_EQ(ReasonOf(t_.service.AcceptDecision(own, request)), "OWN_ORGANIZATION");
}

TEST_F(AccessTest, WhatWasSubmittedCannotBeChanged) {
  for (const char* change :
       {"UPDATE filings SET applicant_name = 'x'", "UPDATE filings SET attributes = '{}'",
        "UPDATE decisions SET mode = 'AUTOMATIC'", "UPDATE documents SET title = 'x'",
        "UPDATE filing_parties SET party = 'zone:hunan'", "DELETE FROM filings",
        "DELETE FROM decisions", "DELETE FROM documents", "DELETE FROM filing_parties"}) {
    EXPECT_EQ(t_.Writes(filer_, change + Where()), -1) << change;
  }
  EXPECT_EQ(t_.Writes(t_.Secretariat(), "UPDATE items SET name_zh = 'x'"), -1);
  EXPECT_EQ(t_.Writes(filer_, "TRUNCATE filings CASCADE"), -1);
}

TEST_F(AccessTest, NobodyDecidesForAnotherZoneOrForThemselves) {
  const std::string accept =
      "UPDATE decisions SET state = 'ACCEPTED'" + Where() + " AND zone = 'zhejiang'";
  const std::string grant =
      "UPDATE decisions SET state = 'GRANTED', recognition_number = 'R', decided_by = '{}', "
      "closed_at = now()" +
      Where() + " AND zone = 'zhejiang'";
  EXPECT_EQ(t_.Writes(t_.Officer("jiangsu", "verifier"), accept), 0);
  EXPECT_EQ(t_.Writes(t_.Filer("org-stranger"), accept), 0);
  EXPECT_EQ(t_.Writes(filer_, accept), -1);
  EXPECT_EQ(t_.Writes(filer_, fmt::format(fmt::runtime(grant), filer_.caller.user_id)), -1);
  const Call reviewer = t_.Officer("zhejiang", "reviewer");
  EXPECT_EQ(t_.Writes(reviewer, fmt::format(fmt::runtime(grant), "u-somebody-else")), -1);
  EXPECT_EQ(t_.Writes(t_.Secretariat(), accept), 0);
}

TEST_F(AccessTest, NobodyBecomesAPartyByHand) {
  const Call stranger = t_.Filer("org-stranger");
  const std::string insert =
      "INSERT INTO filing_parties (filing_id, party, organization_id, submitted_at) VALUES ('{}', "
      "'org:org-stranger', '{}', now())";
  EXPECT_EQ(
      t_.Writes(stranger, fmt::format(fmt::runtime(insert), filing_.filing_id(), "org-stranger")),
      -1);
  EXPECT_EQ(
      t_.Writes(stranger, fmt::format(fmt::runtime(insert), filing_.filing_id(), "org-access")),
      -1);
  EXPECT_EQ(Sees(stranger, "filings"), 0);
}

TEST_F(AccessTest, VerificationsAndNoticesBearTheirAuthorsName) {
  const Call verifier = t_.Officer("zhejiang", "verifier");
  const std::string verify =
      "INSERT INTO verifications (filing_id, zone, user_id, name, at, opinion) VALUES ('{}', '{}', "
      "'{}', 'n', now(), 'o')";
  const auto as = [&](const char* zone, const std::string& user) {
    return t_.Writes(verifier, fmt::format(fmt::runtime(verify), filing_.filing_id(), zone, user));
  };
  EXPECT_EQ(as("jiangsu", verifier.caller.user_id), -1);
  EXPECT_EQ(as("zhejiang", "u-somebody-else"), -1);
  EXPECT_EQ(as("zhejiang", verifier.caller.user_id), 1);
}

TEST_F(AccessTest, ThePublicReadsThePublicColumnsOfRecognitionsAlone) {
  const auto reads = [&](const Call& by, const std::string& text) {
    const std::string name = "access.public" + std::to_string(++statements_) + filing_.filing_id();
    const db::Sql sql{name.c_str(), text.c_str()};
    return t_.database.Query(by, [&](db::Tx& tx) -> Result<size_t> { return tx.Exec(sql).size(); })
        .has_value();
  };
  for (const Call& by : {t_.Nobody(), t_.Filer("org-stranger")}) {
    EXPECT_TRUE(reads(by, "SELECT number, zone FROM recognitions LIMIT 1"));
    EXPECT_FALSE(reads(by, "SELECT filing_id FROM recognitions LIMIT 1"));
    EXPECT_FALSE(reads(by, "SELECT organization_id FROM recognitions LIMIT 1"));
  }
  for (const char* table : {"filings", "decisions", "documents", "agreements", "events"}) {
    EXPECT_FALSE(reads(t_.Nobody(), fmt::format("SELECT 1 FROM {} LIMIT 1", table))) << table;
  }
}

TEST_F(AccessTest, TheAuditorChangesNothing) {
  const Call auditor = t_.Auditor();
  EXPECT_LE(t_.Writes(auditor, "UPDATE filings SET state = 'CLOSED'" + Where()), 0);
  EXPECT_LE(t_.Writes(auditor, "UPDATE decisions SET state = 'ACCEPTED'" + Where()), 0);
}

TEST_F(AccessTest, EveryTableWithSomebodysRowsForcesRowSecurity) {
  EXPECT_EQ(
      t_.scratch.AdminText(
          "SELECT coalesce(string_agg(relname, ' ' ORDER BY relname), '') FROM pg_class "
          "WHERE relnamespace = 'recognition'::regnamespace AND relkind = 'r' AND NOT "
          "(relrowsecurity AND relforcerowsecurity)"),
      "calendar_days calendar_years catalogue_version cursors officers schema_migrations zones");
}

}  // namespace
}  // namespace zonelink::recognition
