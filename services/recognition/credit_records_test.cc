// SPDX-License-Identifier: Apache-2.0
// Credit records: who sees them, by what they are found, and that nobody changes one.
#include <fmt/format.h>
#include <google/protobuf/empty.pb.h>

#include "recognition/test_cases.h"

namespace zonelink::recognition {
namespace {

class CreditRecordsTest : public CaseTest {
 protected:
  // Id of a filing whose promise was broken on the day.
  std::string Break(const std::string& date) {
    const std::string id = FileFor(
        {"zhejiang"}, pb::MODE_NOTIFY, [](pb::Item& item) { item.set_promise_correction_days(1); },
        [](pb::SubmitFilingRequest& request) { request.set_promise(true); });
    Must(CheckPromise(id, verifier_, false));
    t_.Advance(EndOf(date));
    return id;
  }
  Result<pb::ListCreditRecordsResponse> List(const Call& by, int page_size = 0,
                                             const std::string& page_token = "") {
    pb::ListCreditRecordsRequest request;
    request.set_uscc(filer_.caller.organization_uscc);
    request.set_page_size(page_size);
    request.set_page_token(page_token);
    return t_.grants.ListCreditRecords(by, request);
  }
  int Sees(const Call& by) { return Must(List(by)).items_size(); }
  // Whether the database lets the caller do it.
  bool Writes(const Call& by, const std::string& text) {
    const std::string name = fmt::format("credit.test{}", ++statements_) + filer_.caller.user_id;
    const db::Sql sql{name.c_str(), text.c_str()};
    const google::protobuf::Empty request;
    return t_.database
        .Command<google::protobuf::Empty>(by, request,
                                          [&](db::Tx& tx) -> Result<google::protobuf::Empty> {
                                            tx.Exec(sql);
                                            return request;
                                          })
        .has_value();
  }
  std::string Count() {
    return t_.scratch.AdminText("SELECT count(*) FROM recognition.credit_records WHERE uscc = '" +
                                filer_.caller.organization_uscc + "'");
  }

  int statements_ = 0;
};

TEST_F(CreditRecordsTest, AreSeenByTheHolderByOfficersOfAnyZoneAndByWhoWatches) {
  Break("2026-03-03");
  for (const char* role : {"verifier", "reviewer", "inspector", "zone_admin"}) {
    EXPECT_EQ(Sees(t_.Officer("hunan", role)), 1) << role;
  }
  for (const Call& by : {filer_, t_.Secretariat(), t_.Auditor()}) {
    EXPECT_EQ(Sees(by), 1) << by.caller.name;
  }
  EXPECT_EQ(Sees(t_.Filer("org-stranger")), 0) << "a competitor";
  EXPECT_EQ(Sees(t_.Officer("hunan", "releaser")), 0) << "relies on no promise";
  Call nowhere = t_.Officer("hunan", "verifier");
  nowhere.caller.zone.clear();
  EXPECT_EQ(Sees(nowhere), 0);
}

TEST_F(CreditRecordsTest, OpenNeitherTheCaseNorItsPapers) {
  const std::string id = Break("2026-03-03");
  EXPECT_EQ(ReasonOf(Get(id, t_.Officer("hunan", "verifier"))), "FILING_NOT_FOUND");
}

TEST_F(CreditRecordsTest, AreReadPageByPageNewestFirst) {
  const std::string first = Break("2026-03-03");
  const std::string second = Break("2026-03-05");
  const std::string third = Break("2026-03-09");
  const Call officer = t_.Officer("hunan", "verifier");
  const auto page = Must(List(officer, 2));
  ASSERT_EQ(page.items_size(), 2);
  EXPECT_EQ(page.items(0).filing_id(), third);
  EXPECT_EQ(page.items(1).filing_id(), second);
  const auto rest = Must(List(officer, 2, page.next_page_token()));
  ASSERT_EQ(rest.items_size(), 1);
  EXPECT_EQ(rest.items(0).filing_id(), first);
  EXPECT_EQ(rest.next_page_token(), "");
  EXPECT_EQ(ReasonOf(List(verifier_, 2, page.next_page_token())), "PAGE_TOKEN_INVALID");
}

TEST_F(CreditRecordsTest, AreFoundByTheHolderAlone) {
  Break("2026-03-03");
  const Call officer = t_.Officer("hunan", "verifier");
  pb::ListCreditRecordsRequest request;
  request.set_organization_id(filer_.caller.organization_id);
  EXPECT_EQ(Must(t_.grants.ListCreditRecords(officer, request)).items_size(), 1);
  request.set_uscc("of another");
  EXPECT_EQ(Must(t_.grants.ListCreditRecords(officer, request)).items_size(), 0);
  request.clear_uscc();
  request.set_organization_id("org-without-records");
  EXPECT_EQ(Must(t_.grants.ListCreditRecords(officer, request)).items_size(), 0);
  // Without a filter: all that the caller may see.
  EXPECT_EQ(Must(t_.grants.ListCreditRecords(filer_, {})).items_size(), 1);
  EXPECT_GT(Must(t_.grants.ListCreditRecords(officer, {})).items_size(), 0);
}

TEST_F(CreditRecordsTest, NobodyWritesChangesOrDeletesOne) {
  const std::string id = Break("2026-03-03");
  const std::string copy =
      "INSERT INTO credit_records SELECT 'forged', organization_id, uscc, name, filing_id, zone, "
      "item_id, item_version, cause, findings, found_at, recorded_at, legal_basis FROM "
      "credit_records LIMIT 1";
  for (const Call& by : {filer_, verifier_, head_, t_.Secretariat(), t_.Auditor()}) {
    for (const std::string& statement :
         {copy, std::string("UPDATE credit_records SET findings = 'none'"),
          std::string("DELETE FROM credit_records")}) {
      EXPECT_FALSE(Writes(by, statement)) << by.caller.name << ": " << statement;
    }
  }
  const db::Sql change{"credit.test.change", "UPDATE credit_records SET findings = 'none'"};
  EXPECT_FALSE(t_.database.Timer("change", [&](db::Tx& tx) -> Status {
    tx.Exec(change);
    return Done{};
  }));
  const std::string twice =
      "INSERT INTO credit_records SELECT 'twice', organization_id, applicant_uscc, applicant_name, "
      "filing_id, 'zhejiang', item_id, 1, 'PROMISE_BROKEN', '-', now(), now(), '-' FROM filings "
      "WHERE filing_id = '" +
      id + "'";
  const db::Sql again{"credit.test.again", twice.c_str()};
  EXPECT_FALSE(t_.database.Timer("again", [&](db::Tx& tx) -> Status {
    tx.Exec(again);
    return Done{};
  }));
  EXPECT_EQ(Count(), "1");
}

}  // namespace
}  // namespace zonelink::recognition
