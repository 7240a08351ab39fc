// SPDX-License-Identifier: Apache-2.0
#include "gateway/http/verify_page.h"

#include <gtest/gtest.h>

#include "gateway/http/raw_client.h"
#include "gateway/http/verify_testing.h"

namespace zonelink::gateway {
namespace {

namespace pb = recognition::v1;

const VerifyPages& Pages() {
  static const VerifyPages pages;
  return pages;
}

VerifyRequest Asked(const char* path, const char* query = "", const char* accept = "en") {
  RequestHead head;
  head.method = "GET";
  head.path = path;
  head.query = query;
  head.headers = {{"Accept-Language", accept}};
  return ReadVerifyRequest(head);
}

std::string Shown(const pb::Recognition& recognition, const GrantProof& proof = {},
                  const char* query = "lang=en") {
  return Pages()
      .Show(Asked("/verify/R2026-ABCDEFGHJKMN", query), {recognition, {}, {}, proof})
      .body;
}

TEST(Html, EscapesWhatCouldEndAValue) {
  EXPECT_EQ(Html::Escape("<a href='x'>\"&").str(), "&lt;a href=&#39;x&#39;&gt;&quot;&amp;");
  EXPECT_EQ(
      FillTemplate("a {{x}} b {{x}}{{y}}", {{"x", Html::Escape("{{y}}")}, {"y", Html()}}).str(),
      "a {{y}} b {{y}}")
      << "a value is no template";
}

TEST(VerifyRequest, ReadsLanguageNumberAndForm) {
  EXPECT_TRUE(IsVerifyPath("/verify"));
  EXPECT_TRUE(IsVerifyPath("/verify/R1"));
  EXPECT_FALSE(IsVerifyPath("/verifying"));
  EXPECT_FALSE(IsVerifyPath("/v1/verify"));
  EXPECT_TRUE(Asked("/verify").form);
  EXPECT_TRUE(Asked("/verify/").form);
  EXPECT_EQ(Asked("/verify/R2026-X").number, "R2026-X");
  EXPECT_EQ(Asked("/verify/R%32026-X").number, "R2026-X");
  for (const char* path : {"/verify/a/b", "/verify/%00", "/verify/%zz", "/verify/a%20b",
                           "/verify/%3Cscript%3E", "/verify/\xff"}) {
    EXPECT_EQ(Asked(path).number, "") << path;
    EXPECT_FALSE(Asked(path).form) << path;
  }
  EXPECT_EQ(Asked(("/verify/" + std::string(65, 'A')).c_str()).number, "");
  EXPECT_EQ(Asked("/verify", "number=+r2026-abc+").to, "/verify/R2026-ABC");
  EXPECT_EQ(Asked("/verify", "number=R1&lang=zh").to, "/verify/R1?lang=zh");
  EXPECT_EQ(Asked("/verify", "number=//evil.example%0d%0aX:").to,
            "/verify/%2F%2FEVIL.EXAMPLE%0D%0AX%3A");
  EXPECT_EQ(Asked("/verify", "number=").to, std::nullopt);
  EXPECT_EQ(Asked("/verify", "", "en").language, Language::kEnglish);
  EXPECT_EQ(Asked("/verify", "", "de").language, Language::kChinese);
  EXPECT_EQ(Asked("/verify", "lang=zh", "en").language, Language::kChinese);
  EXPECT_EQ(Asked("/verify", "lang=xx", "en").language, Language::kEnglish);
}

TEST(VerifyPage, ShowsEachStateInWordsSignAndColour) {
  struct Case {
    int state;
    const char* en;
    const char* zh;
    const char* look;
  };
  for (const Case& one :
       {Case{pb::RECOGNITION_STATE_VALID, "Valid", "有效", "status valid"},
        Case{pb::RECOGNITION_STATE_SUSPENDED, "Suspended", "暂停", "status suspended"},
        Case{pb::RECOGNITION_STATE_REVOKED, "Revoked", "已撤销", "status revoked"},
        Case{pb::RECOGNITION_STATE_EXPIRED, "Expired", "已过期", "status expired"},
        Case{77, "State not known", "状态不明", "status unknown"}}) {
    pb::Recognition recognition = ShownRecognition();
    recognition.set_state(static_cast<pb::RecognitionState>(one.state));
    const std::string en = Shown(recognition);
    EXPECT_TRUE(Has(en, std::string("<strong>") + one.en + "</strong>")) << en;
    EXPECT_TRUE(Has(en, one.zh)) << "the other language too";
    EXPECT_TRUE(Has(en, one.look));
    EXPECT_TRUE(Has(en, "<html lang=\"en\">"));
    const std::string zh = Shown(recognition, {}, "lang=zh");
    EXPECT_TRUE(Has(zh, std::string("<strong>") + one.zh + "</strong>"));
    EXPECT_TRUE(Has(zh, "<html lang=\"zh-CN\">"));
    const bool valid = one.state == pb::RECOGNITION_STATE_VALID;
    EXPECT_EQ(Has(en, "✓"), valid) << "no tick but that of the status: nothing was proven";
  }
}

TEST(VerifyPage, ShowsItemZonesScopeAndDays) {
  pb::Recognition recognition = ShownRecognition();
  recognition.set_home_zone("<shanghai>");
  std::string page = Pages()
                         .Show(Asked("/verify/R2026-ABCDEFGHJKMN"),
                               {recognition, {}, {"浙江自贸区", "Zhejiang FTZ"}, {}})
                         .body;
  for (const char* part :
       {"原产地证书", "Certificate of origin", "&lt;shanghai&gt;", "浙江自贸区", "Zhejiang FTZ",
        "All that the origin document covers", "2026-03-01 to 2026-03-31", "20 days",
        "2026-03-11 09:02:03, Beijing time", "zonelink recognition verify R2026-ABCDEFGHJKMN"}) {
    EXPECT_TRUE(Has(page, part)) << part;
  }
  EXPECT_FALSE(Has(page, "<script"));
  recognition.mutable_scope()->add_activities("sale of <b>tea</b>");
  recognition.mutable_scope()->set_quantity("12.5");
  page = Shown(recognition);
  EXPECT_TRUE(Has(page, "sale of &lt;b&gt;tea&lt;/b&gt;"));
  EXPECT_FALSE(Has(page, "<b>"));
  EXPECT_TRUE(Has(page, "<bdi>12.5</bdi>"));
  EXPECT_TRUE(Has(page, "Addresses: as in the origin document"));
}

TEST(VerifyPage, CountsDaysByTheDayOfTheStatus) {
  const auto with = [](const char* from, const char* until, pb::RecognitionState state) {
    pb::Recognition recognition = ShownRecognition();
    recognition.set_valid_from(from);
    recognition.set_valid_until(until);
    recognition.set_state(state);
    return Shown(recognition);
  };
  EXPECT_TRUE(
      Has(with("2026-03-01", "2026-03-11", pb::RECOGNITION_STATE_VALID), "today is the last day"));
  EXPECT_TRUE(
      Has(with("2026-03-01", "2026-03-12", pb::RECOGNITION_STATE_SUSPENDED), "<dd>1 day</dd>"));
  EXPECT_TRUE(
      Has(with("2026-03-01", "2026-03-10", pb::RECOGNITION_STATE_EXPIRED), "ended yesterday"));
  const std::string early = with("2026-03-13", "2026-03-31", pb::RECOGNITION_STATE_VALID);
  EXPECT_TRUE(Has(early, "begins in 2 days"));
  EXPECT_TRUE(Has(early, "still to come"));
  EXPECT_FALSE(Has(with("2026-03-01", "2026-03-31", pb::RECOGNITION_STATE_REVOKED), "Days left"));
}

TEST(VerifyPage, ProvesTheGrantByTheLedgersRules) {
  const TestLedger ledger;
  const GrantProof proof = CheckGrant(kGrantEvent, ledger.receipt, ledger.about);
  ASSERT_EQ(proof.state, ProofState::kProven) << proof.reason;
  const std::string page = Shown(ShownRecognition(), proof);
  for (const char* part :
       {kGrantEvent, "zonelink.recognition.decision.granted, 2026-03-01 10:00:00",
        "number 1 from 0", "tree of 3 entries", "zonelink.example/ledger",
        "1 of 2 witnesses have cosigned the checkpoint (needed: 1)",
        "zonelink ledger receipt 01930000-0000-7000-8000-00000000000a --out receipt.json"}) {
    EXPECT_TRUE(Has(page, part)) << part;
  }
}

TEST(VerifyPage, TicksNothingThatDoesNotHold) {
  const auto reason = [](const TestLedger& ledger) {
    const GrantProof proof = CheckGrant(kGrantEvent, ledger.receipt, ledger.about);
    EXPECT_EQ(proof.state, ProofState::kNotProven);
    pb::Recognition revoked = ShownRecognition();
    revoked.set_state(pb::RECOGNITION_STATE_REVOKED);
    const std::string page = Shown(revoked, proof);
    EXPECT_FALSE(Has(page, "✓"));
    EXPECT_TRUE(Has(page, "Warning: the ledger&#39;s proof does not hold (" + proof.reason + ")"));
    return proof.reason;
  };
  TestLedger moved;
  moved.receipt.set_index(0);
  EXPECT_EQ(reason(moved), "PROOF_INVALID");
  TestLedger cut;
  cut.receipt.set_proof(0, "short");
  EXPECT_EQ(reason(cut), "PROOF_INVALID");
  TestLedger other_key;
  other_key.about.set_key(
      ledger::TestSigner::Of("zonelink.example/other", ledger::SignatureType::kEd25519)
          .key.Format());
  EXPECT_EQ(reason(other_key), "LOG_SIGNATURE_MISSING");
  TestLedger no_key;
  no_key.about.clear_key();
  EXPECT_EQ(reason(no_key), "VERIFIER_KEY_INVALID");
  EXPECT_EQ(reason(TestLedger("zonelink.recognition.decision.refused")), "ENTRY_MISMATCH");
  const TestLedger right;
  EXPECT_EQ(CheckGrant("01930000-0000-7000-8000-00000000000b", right.receipt, right.about).reason,
            "ENTRY_MISMATCH")
      << "whatever the receipt calls itself";
}

TEST(VerifyPage, SaysWhenNothingWasChecked) {
  pb::Recognition revoked = ShownRecognition();
  revoked.set_state(pb::RECOGNITION_STATE_REVOKED);
  const std::string pending =
      Shown(revoked, Unproven(kGrantEvent, FailedPrecondition("RECEIPT_PENDING", "soon")));
  EXPECT_TRUE(Has(pending, "Not yet included"));
  const std::string down = Shown(revoked, Unproven(kGrantEvent, Unavailable("PEER_DOWN", "no")));
  EXPECT_TRUE(Has(down, "the proof was not checked"));
  const std::string none = Shown(revoked);
  EXPECT_TRUE(Has(none, "No event of the ledger is recorded"));
  EXPECT_FALSE(Has(none, "ledger receipt"));
  for (const std::string& page : {pending, down, none}) {
    EXPECT_FALSE(Has(page, "✓"));
    EXPECT_FALSE(Has(page, "This server checked"));
  }
  TestLedger lonely;
  lonely.about.set_quorum(2);
  const std::string page = Shown(revoked, CheckGrant(kGrantEvent, lonely.receipt, lonely.about));
  EXPECT_TRUE(Has(page, "not reached: </span>1 of 2 witnesses")) << page;
}

TEST(VerifyPage, FailsAlikeForWhatIsNotThere) {
  const HttpResponse unknown =
      Pages().Fail(Asked("/verify/R2026-UNKNOWN"), NotFound("RECOGNITION_NOT_FOUND", "no"), "r-1");
  const HttpResponse bad =
      Pages().Fail(Asked("/verify/%3Cscript%3E"), InvalidArgument("FIELDS", "bad"), "r-2");
  EXPECT_EQ(unknown.status, 404u);
  EXPECT_EQ(bad.status, 404u);
  EXPECT_EQ(unknown.body, bad.body);
  EXPECT_TRUE(Has(bad.body, "No such number"));
  const HttpResponse down =
      Pages().Fail(Asked("/verify/R1"), Unavailable("PEER_DOWN", "secret"), "r-3");
  EXPECT_EQ(down.status, 503u);
  EXPECT_TRUE(Has(down.headers, "Retry-After: 1\r\n"));
  EXPECT_TRUE(Has(down.body, "cannot say whether the recognition is in force"));
  EXPECT_TRUE(Has(down.body, "/verify/R1?lang=zh")) << "the same page again";
  const HttpResponse broken = Pages().Fail(Asked("/verify/R1"), Internal("secret"), "<r-4>");
  EXPECT_EQ(broken.status, 500u);
  EXPECT_TRUE(Has(broken.body, "&lt;r-4&gt;"));
  for (const HttpResponse* one : {&unknown, &down, &broken}) {
    EXPECT_FALSE(Has(one->body, "secret"));
    EXPECT_FALSE(Has(one->body, "✓"));
  }
}

TEST(VerifyPage, KeepsEverythingElseOut) {
  const HttpResponse page = Pages().Form(Asked("/verify", "lang=zh"));
  EXPECT_EQ(page.status, 200u);
  EXPECT_EQ(page.cache_control, "no-store");
  EXPECT_TRUE(Has(page.headers,
                  "Content-Security-Policy: default-src 'none'; style-src 'self'; form-action "
                  "'self'; base-uri 'none'; frame-ancestors 'none'\r\n"));
  EXPECT_TRUE(Has(page.headers, "X-Content-Type-Options: nosniff\r\n"));
  EXPECT_TRUE(Has(page.headers, "Content-Language: zh-CN\r\n"));
  EXPECT_FALSE(Has(page.headers, "Set-Cookie"));
  EXPECT_TRUE(Has(page.body, "<form action=\"/verify\" method=\"get\">"));
  EXPECT_TRUE(Has(page.body, "<input type=\"hidden\" name=\"lang\" value=\"zh\">"));
  EXPECT_FALSE(Has(page.body, "<script"));
  EXPECT_FALSE(Has(page.body, " style="));
  EXPECT_FALSE(Has(Pages().Form(Asked("/verify")).body, "hidden"));
}

}  // namespace
}  // namespace zonelink::gateway
