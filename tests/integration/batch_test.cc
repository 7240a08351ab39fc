// SPDX-License-Identifier: Apache-2.0
// Many filings by one request, broken off and sent again; papers that the vault holds and nobody
// asks for.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <csignal>
#include <fstream>
#include <thread>

#include "tests/support/child.h"
#include "tests/support/command_line.h"
#include "tests/support/documents.h"
#include "tests/support/fixture.h"

namespace zonelink::test {
namespace {

using namespace std::chrono_literals;

class Batch : public IntegrationTest {
 protected:
  static void SetUpTestSuite() {
    IntegrationTest::SetUpTestSuite();
    item_ = world().NewItem();
    world().Agree(item_, {"shanghai"}, {"zhejiang"}, "REVIEW");
  }
  Batch() : organization_(world().NewOrganization("shanghai")) {
    filer_ = world().Member(organization_, {"filer"});
  }
  FilingSpec Spec() const {
    return {.item_id = item_,
            .home_zone = "shanghai",
            .target_zones = {"zhejiang"},
            .applicant = organization_};
  }
  // Rows as large as those with a good many papers; the one at `foreign` is in another's name.
  std::string Body(int rows, int foreign) const {
    const Organization stranger{.uscc = NewUscc(), .name = "别家"};
    client::JsonWriter body;
    body.Begin('{').Key("filings").Begin('[');
    for (int i = 0; i < rows; ++i) {
      FilingSpec spec = Spec();
      if (i == foreign) spec.applicant = stranger;
      spec.applicant.name += std::string(100, 'x');
      std::string row = spec.ToJson();
      const std::string papers = R"("documents":[)";
      std::string more;
      for (int paper = 0; paper < 12; ++paper) {
        more += fmt::format(R"({{"title":"{} {}.pdf","sha256":"{}","mediaType":"application/pdf",)"
                            R"("sizeBytes":"1000"}},)",
                            std::string(100, 'y'), paper, std::string(64, 'b'));
      }
      row.insert(row.find(papers) + papers.size(), more);
      body.Raw(row);
    }
    return body.End(']').End('}').Take();
  }
  std::string Filed() const {
    return deployment().database().Admin().One(
        "SELECT count(*) FROM recognition.filings WHERE organization_id = $1", {organization_.id});
  }
  static std::string Process() { return deployment().settings().many ? "recognition" : "all"; }

  static inline std::string item_;
  const Organization organization_;
  Person filer_;
};

TEST_F(Batch, FiveHundredRowsComeInOneBody) {
  const std::string body = Body(500, 7);
  ASSERT_GT(body.size(), size_t{1} << 20);
  const auto began = std::chrono::steady_clock::now();
  const Answer answer = world().As(filer_).Post("/v1/filings:batch", body);
  const std::chrono::duration<double> took = std::chrono::steady_clock::now() - began;
  ASSERT_TRUE(HasStatus(answer, 200));
  RecordProperty("seconds", fmt::format("{:.2f}", took.count()));
  EXPECT_LT(took.count(), 8.0);
  EXPECT_EQ(answer.text("filedCount"), "499");
  EXPECT_EQ(answer.text("refusedCount"), "1");
  EXPECT_EQ(answer.text("rows.7.outcome"), "REFUSED");
  EXPECT_EQ(answer.text("rows.7.problem.reason"), "FOREIGN_APPLICANT");
  EXPECT_EQ(answer.text("rows.7.problem.detailZh"), "申请人须为您所在的组织。");
  EXPECT_EQ(answer.text("rows.7.problem.detailEn"), "The applicant must be your own organisation.");
  EXPECT_EQ(answer.text("rows.499.index"), "499");
  EXPECT_NE(answer.text("rows.499.receiptNumber"), "");
  EXPECT_EQ(Filed(), "499");
  EXPECT_TRUE(Refused(world().As(filer_).Post("/v1/filings", body), 413, "BODY_TOO_LARGE"));
  EXPECT_TRUE(Refused(world().As(filer_).Post("/v1/filings:batch", std::string(5 << 20, ' ')), 413,
                      "BODY_TOO_LARGE"));
}

TEST_F(Batch, SentAgainAfterAKillItDoublesNothing) {
  const std::string key = FreshKey();
  const std::string body = Body(500, 250);
  const std::string token = world().As(filer_).token();
  std::thread first([&] {
    Api api(deployment().base_url(), token);
    api.Post("/v1/filings:batch", body, {{"Idempotency-Key", key}});
  });
  EXPECT_TRUE(WaitUntil(20s, [&] { return Filed() != "0"; }));
  deployment().Kill(Process(), SIGKILL);
  first.join();
  RecordProperty("filed_before_the_kill", Filed());
  deployment().Restart(Process());
  Answer again;
  EXPECT_TRUE(WaitUntil(60s, [&] {
    again = Api(deployment().base_url(), token)
                .Post("/v1/filings:batch", body, {{"Idempotency-Key", key}});
    return again.status == 200;
  })) << again;
  EXPECT_EQ(again.text("filedCount"), "499");
  EXPECT_EQ(again.text("rows.250.problem.reason"), "FOREIGN_APPLICANT");
  EXPECT_EQ(Filed(), "499");
  const Answer third =
      world().As(filer_).Post("/v1/filings:batch", body, {{"Idempotency-Key", key}});
  EXPECT_EQ(third.body, again.body);
  EXPECT_TRUE(
      Refused(world().As(filer_).Post("/v1/filings:batch", Body(1, 0), {{"Idempotency-Key", key}}),
              422, "IDEMPOTENCY_KEY_REUSED"));
  EXPECT_EQ(Filed(), "499");
}

// The program, as people run it.
TEST_F(Batch, ComesFromAFileByTheCommandLine) {
  const CommandLine zonelink(deployment(), "batch");
  const std::string heading =
      "item,home,to,credential_number,credential_issuer,credential_issued_on,"
      "credential_valid_until,attribute:hsCode,attribute:quantity\n";
  const auto row = [](const std::string& item) {
    return fmt::format("{},shanghai,zhejiang,{},customs,2026-03-02,2028-03-01,854231,12\n", item,
                       NewCredentialNumber());
  };
  std::ofstream(zonelink.folder() + "/rows.csv")
      << heading << row(item_) << row("no-such-item") << row(item_);
  const std::string login = zonelink.Login(filer_.username);
  ASSERT_EQ(login.substr(0, 2), "0 ") << login;
  const std::vector<std::string> command = {
      "filing",  "batch", "--file", zonelink.folder() + "/rows.csv", "--idempotency-key",
      FreshKey()};
  std::vector<std::string> strict = command;
  strict.back() = FreshKey();
  strict.push_back("--all-or-nothing");
  const std::string nothing = zonelink.Run(strict);
  EXPECT_NE(nothing.find("3 rows, 0 filed."), std::string::npos) << nothing;
  EXPECT_EQ(Filed(), "0");
  const std::string told = zonelink.Run(command);
  EXPECT_EQ(told.substr(0, 2), "1 ") << "a row was refused: " << told;
  for (const char* part : {"ITEM_NOT_FOUND", "3 rows, 2 filed."}) {
    EXPECT_NE(told.find(part), std::string::npos) << told;
  }
  EXPECT_EQ(zonelink.Run(command), told) << "the same key, the same answer";
  EXPECT_EQ(Filed(), "2");
}

TEST_F(Batch, WhatTheVaultHoldsIsOfferedAndTakenNotAskedFor) {
  const std::string bytes = RandomDocument(2000);
  const std::string sha256 = UploadDocument(world().As(filer_), bytes, "certificate");
  const std::string other = UploadDocument(world().As(filer_), RandomDocument(100), "licence");
  EXPECT_TRUE(WaitUntil(20s, [&] {
    return deployment().database().Admin().One(
               "SELECT count(*) FROM recognition.vault_documents WHERE sha256 IN ($1, $2)",
               {sha256, other}) == "2";
  }));
  std::string filing = Spec().ToJson();
  const std::string kind = R"("kind":"certificate")";
  filing.replace(filing.find(kind), kind.size(), R"("kind":"photo")");
  const std::string id = world().As(filer_).Post("/v1/filings", filing).text("filingId");
  const std::string decision = fmt::format("/v1/filings/{}/decisions/zhejiang:", id);
  Api& officer = world().As(world().Staff("zhejiang", {"verifier"}));
  const auto take = [&](const std::string& hash) {
    return officer.Post(decision + "takeDocument", fmt::format(R"({{"sha256":"{}"}})", hash));
  };
  const std::string notice = R"({"missing":["certificate"],"reason":"缺少证书"})";
  EXPECT_TRUE(
      Refused(officer.Post(decision + "requestSupplement", notice), 409, "DOCUMENT_IN_VAULT"));
  EXPECT_TRUE(Refused(officer.Get("/v1/documents/" + sha256), 404, "DOCUMENT_NOT_FOUND"));
  EXPECT_TRUE(Refused(take(other), 409, "DOCUMENT_NOT_ASKED"));
  const Answer taken = take(sha256);
  ASSERT_TRUE(HasStatus(taken, 200));
  EXPECT_EQ(taken.text("documents.1.kind"), "certificate");
  Answer read;
  EXPECT_TRUE(WaitUntil(20s, [&] {
    read = officer.Get("/v1/documents/" + sha256);
    return read.status == 200;
  })) << read;
  EXPECT_TRUE(read.body == bytes);
  EXPECT_TRUE(Refused(officer.Get("/v1/documents/" + other), 404, "DOCUMENT_NOT_FOUND"));
  EXPECT_TRUE(
      Refused(officer.Post(decision + "requestSupplement", notice), 409, "DOCUMENT_IN_FILE"));
}

}  // namespace
}  // namespace zonelink::test
