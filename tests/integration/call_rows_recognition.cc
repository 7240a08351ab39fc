// SPDX-License-Identifier: Apache-2.0
// The access matrix of RecognitionService.
#include <fmt/format.h>

#include <stdexcept>

#include "tests/integration/call_rows.h"
#include "tests/support/child.h"

namespace zonelink::test {
namespace {

using namespace std::chrono_literals;

std::string ItemBody() {
  return fmt::format(
      R"({{"itemId":"{}","nameZh":"事项","nameEn":"Item","itemClass":"LICENCE","defaultMode":"REVIEW",)"
      R"("verifiersNeeded":1,"budgetWorkingDays":20,"attributes":[{{"name":"hsCode","type":"STRING"}}],)"
      R"("requiredDocuments":["certificate"],"source":"test","sourceStatus":"SEED",)"
      R"("budgetBasis":"PRACTICE_UNVERIFIED"}})",
      NewUsername("made"));
}

Target OnDecision(const std::string& filing_id, const std::string& verb, const std::string& body) {
  return Post(fmt::format("/v1/filings/{}/decisions/{}:{}", filing_id, kOwnZone, verb), body,
              filing_id);
}

std::vector<CallRow> CatalogueRows() {
  return {
      {.rpc = "RecognitionService/CreateItem",
       .allowed = "secretariat",
       .make = [](Cast&, const std::string&) { return Post("/v1/items", ItemBody()); },
       .status = 201},
      {.rpc = "RecognitionService/GetItem",
       .allowed = "everybody",
       .make = [](Cast& cast, const std::string&) { return Get("/v1/items/" + cast.item); }},
      {.rpc = "RecognitionService/ListItems",
       .allowed = "everybody",
       .make = [](Cast&, const std::string&) { return Get("/v1/items"); }},
      {.rpc = "RecognitionService/CreateAgreement",
       .allowed = "zone_admin secretariat",
       .denied = "zone_admin~:FOREIGN_ZONE",
       .make =
           [](Cast& cast, const std::string&) {
             return Post("/v1/agreements",
                         fmt::format(R"({{"itemId":"{}","homeZones":["{}"],"targetZones":["{}"],)"
                                     R"("mode":"REVIEW","validFrom":"2020-01-01",)"
                                     R"("validUntil":"2035-12-31"}})",
                                     cast.item, kHomeZone, kOwnZone));
           },
       .status = 201},
      {.rpc = "RecognitionService/GetAgreement",
       .allowed =
           "zone_admin verifier reviewer verifier@home reviewer@home secretariat chair auditor",
       .hidden = "zone_admin~ verifier~ reviewer~",
       .make =
           [](Cast& cast, const std::string&) {
             const std::string id = cast.DraftedAgreement();
             return Get("/v1/agreements/" + id, id);
           }},
      {.rpc = "RecognitionService/ListAgreements",
       .allowed = "zone_admin zone_admin~ verifier verifier~ reviewer reviewer~ verifier@home "
                  "reviewer@home secretariat chair auditor",
       .make =
           [](Cast& cast, const std::string&) {
             return Get("/v1/agreements?pageSize=200", cast.DraftedAgreement());
           },
       .canary =
           "zone_admin verifier reviewer verifier@home reviewer@home secretariat chair auditor"},
      {.rpc = "RecognitionService/SignAgreement",
       .allowed = "zone_admin",
       .hidden = "zone_admin~",
       .make =
           [](Cast& cast, const std::string&) {
             const std::string id = cast.DraftedAgreement();
             return Post(fmt::format("/v1/agreements/{}:sign", id), "{}", id);
           }},
      {.rpc = "RecognitionService/SuspendAgreement",
       .allowed = "zone_admin",
       .hidden = "zone_admin~",
       .make =
           [](Cast& cast, const std::string&) {
             const std::string id = cast.AgreementInForce();
             return Post(fmt::format("/v1/agreements/{}:suspend", id), R"({"reason":"核查"})", id);
           }},
      {.rpc = "RecognitionService/TerminateAgreement",
       .allowed = "zone_admin",
       .hidden = "zone_admin~",
       .make =
           [](Cast& cast, const std::string&) {
             const std::string id = cast.AgreementInForce();
             return Post(fmt::format("/v1/agreements/{}:terminate", id), R"({"reason":"期满"})",
                         id);
           }},
  };
}

// Who holds not the role of the step acts as deputy of one who does, or not at all.
const std::string kAtHome = "verifier@home:NOT_DECIDING_ZONE reviewer@home:NOT_DECIDING_ZONE ";
const std::string kVerifiersStep = kAtHome + "reviewer:ROLE_NEEDED zone_admin:PARTY_NOT_ASKED";
const std::string kReviewersStep = kAtHome + "verifier:ROLE_NEEDED zone_admin:PARTY_NOT_ASKED";
const std::string kFilingReaders =
    "filer enterprise_admin verifier reviewer zone_admin verifier@home reviewer@home "
    "secretariat chair auditor ";
const std::string kFilingStrangers = kForeignMembers + "verifier~ reviewer~ zone_admin~ ";

// Hash of a fresh document of `own`, once recognition has heard that the vault holds it.
std::string DocumentHeardOf(Cast& cast) {
  const std::string sha256 = cast.Document(false);
  auto sql = cast.world.deployment().database().Admin();
  const bool heard = WaitUntil(20s, [&] {
    return sql.One("SELECT count(*) FROM recognition.vault_documents WHERE sha256 = $1",
                   {sha256}) == "1";
  });
  if (!heard) throw std::runtime_error("recognition does not hear of the vault");
  return sha256;
}

std::vector<CallRow> FilingRows() {
  return {
      {.rpc = "RecognitionService/PrecheckFiling",
       .allowed = "filer filer~ enterprise_admin enterprise_admin~",
       .make =
           [](Cast& cast, const std::string&) {
             return Post("/v1/filings:precheck",
                         fmt::format(R"({{"itemId":"{}","homeZone":"{}","targetZones":["{}"]}})",
                                     cast.item, kHomeZone, kOwnZone));
           }},
      {.rpc = "RecognitionService/SubmitFiling",
       .allowed = "filer enterprise_admin",
       .denied = "filer~:FOREIGN_APPLICANT enterprise_admin~:FOREIGN_APPLICANT",
       .make = [](Cast& cast,
                  const std::string&) { return Post("/v1/filings", cast.filing_spec().ToJson()); },
       .status = 201},
      {.rpc = "RecognitionService/BatchSubmitFilings",
       .allowed = "filer filer~ enterprise_admin enterprise_admin~",
       .make =
           [](Cast& cast, const std::string&) {
             return Post("/v1/filings:batch",
                         fmt::format(R"({{"filings":[{}]}})", cast.filing_spec().ToJson()));
           }},
      {.rpc = "RecognitionService/GetFiling",
       .allowed = kFilingReaders,
       .hidden = kFilingStrangers,
       .make =
           [](Cast& cast, const std::string&) {
             const std::string id = cast.Filing();
             return Get("/v1/filings/" + id, id);
           }},
      {.rpc = "RecognitionService/ListFilings",
       .allowed = kFilingReaders + kFilingStrangers,
       .make = [](Cast& cast, const std::string&) { return Get("/v1/filings", cast.Filing()); },
       .canary = kFilingReaders},
      {.rpc = "RecognitionService/GetFilingTimeline",
       .allowed = kFilingReaders,
       .hidden = kFilingStrangers,
       .make =
           [](Cast& cast, const std::string&) {
             const std::string id = cast.Filing();
             return Get(fmt::format("/v1/filings/{}/timeline", id), id);
           }},
      {.rpc = "RecognitionService/WithdrawFiling",
       .allowed = "filer enterprise_admin",
       .hidden = kForeignMembers,
       .make =
           [](Cast& cast, const std::string&) {
             const std::string id = cast.Filing();
             return Post(fmt::format("/v1/filings/{}:withdraw", id), R"({"reason":"改期"})", id);
           }},
      {.rpc = "RecognitionService/SupplementFiling",
       .allowed = "filer enterprise_admin",
       .hidden = kForeignMembers,
       .make =
           [](Cast& cast, const std::string&) {
             const std::string id = cast.FilingWhere("SUPPLEMENTING");
             return Post(fmt::format("/v1/filings/{}:supplement", id),
                         fmt::format(R"({{"zone":"{}","note":"补正"}})", kOwnZone), id);
           }},
      {.rpc = "RecognitionService/TakeVaultDocument",
       .allowed = "verifier reviewer zone_admin",
       .hidden = "verifier~ reviewer~ zone_admin~",
       .denied = "verifier@home:NOT_DECIDING_ZONE reviewer@home:NOT_DECIDING_ZONE",
       .make =
           [](Cast& cast, const std::string&) {
             return OnDecision(cast.Filing(), "takeDocument",
                               fmt::format(R"({{"sha256":"{}"}})", DocumentHeardOf(cast)));
           }},
      {.rpc = "RecognitionService/AcceptDecision",
       .allowed = "verifier",
       .hidden = "verifier~ zone_admin~ reviewer~",
       .denied = kVerifiersStep,
       .make = [](Cast& cast,
                  const std::string&) { return OnDecision(cast.Filing(), "accept", "{}"); }},
      {.rpc = "RecognitionService/RequestSupplement",
       .allowed = "verifier",
       .hidden = "verifier~ zone_admin~ reviewer~",
       .denied = kVerifiersStep,
       .make =
           [](Cast& cast, const std::string&) {
             return OnDecision(cast.Filing(), "requestSupplement",
                               R"({"missing":["正本"],"reason":"不清"})");
           }},
      {.rpc = "RecognitionService/VerifyDecision",
       .allowed = "verifier",
       .hidden = "verifier~ zone_admin~ reviewer~",
       .denied = kVerifiersStep,
       .make =
           [](Cast& cast, const std::string&) {
             return OnDecision(cast.FilingWhere("ACCEPTED"), "verify", R"({"opinion":"一致"})");
           }},
      {.rpc = "RecognitionService/GrantDecision",
       .allowed = "reviewer",
       .hidden = "reviewer~ zone_admin~ verifier~",
       .denied = kReviewersStep,
       .make =
           [](Cast& cast, const std::string&) {
             return OnDecision(cast.FilingWhere("VERIFIED"), "grant", R"({"reason":"符合"})");
           }},
      {.rpc = "RecognitionService/RefuseDecision",
       .allowed = "reviewer",
       .hidden = "reviewer~ zone_admin~ verifier~",
       .denied = kReviewersStep,
       .make =
           [](Cast& cast, const std::string&) {
             return OnDecision(cast.FilingWhere("VERIFIED"), "refuse",
                               R"({"article":"§20","facts":"不符","reason":"无效"})");
           }},
      {.rpc = "RecognitionService/VerifyRecognition",
       .allowed = "everybody",
       .make =
           [](Cast& cast, const std::string&) {
             const std::string id = cast.FilingWhere("VERIFIED");
             const auto granted =
                 cast.As("reviewer")
                     .Post(fmt::format("/v1/filings/{}/decisions/{}:grant", id, kOwnZone),
                           R"({"reason":"符合"})");
             return Get(
                 fmt::format("/v1/recognitions/{}:verify", granted.text("recognitionNumber")));
           }},
  };
}

}  // namespace

std::vector<CallRow> RecognitionRows() {
  std::vector<CallRow> rows = CatalogueRows();
  for (CallRow& row : FilingRows()) rows.push_back(std::move(row));
  return rows;
}

}  // namespace zonelink::test
