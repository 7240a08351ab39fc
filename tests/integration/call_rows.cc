// SPDX-License-Identifier: Apache-2.0
// The access matrix. Who is not named lacks the role: 403 ROLE_NEEDED, or 401 without a login.
#include <fmt/format.h>

#include "platform/core/time.h"
#include "tests/integration/cast.h"
#include "tests/support/child.h"

namespace zonelink::test {
namespace {

using namespace std::chrono_literals;

// Those whose organisation or zone has no part in the cast's cases.
const std::string kForeignStaff = "verifier~ reviewer~ inspector~ releaser~ zone_admin~ ";
const std::string kForeignMembers = "filer~ enterprise_admin~ ";
const std::string kOwnStaff = "verifier reviewer inspector releaser zone_admin ";
const std::string kThreeAdministrators = "system_admin security_admin audit_admin ";

Target Get(std::string path, std::string id = "") {
  return {.path = std::move(path), .body = {}, .id = std::move(id)};
}

Target Post(std::string path, std::string body, std::string id = "") {
  return {.path = std::move(path), .body = std::move(body), .id = std::move(id)};
}

std::string UserBody(const std::string& zone, const std::string& organization_id) {
  client::JsonWriter writer;
  writer.Begin('{').Key("username").Text(NewUsername("made")).Key("name").Text("新人");
  writer.Key("password").Text(kPassword).Field("zone", zone);
  return writer.Field("organizationId", organization_id).End('}').Take();
}

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

std::vector<CallRow> DirectoryRows() {
  return {
      {.rpc = "DirectoryService/CreateSession",
       .allowed = "everybody",
       .make =
           [](Cast& cast, const std::string&) {
             return Post("/v1/sessions", fmt::format(R"({{"username":"{}","password":"{}"}})",
                                                     cast.person("evaluator").username, kPassword));
           }},
      {.rpc = "DirectoryService/RefreshSession",
       .allowed = "everybody",
       .make =
           [](Cast& cast, const std::string&) {
             const auto session = cast.world.Login(cast.person("evaluator").username);
             return Post("/v1/sessions:refresh",
                         fmt::format(R"({{"refreshToken":"{}"}})", session.text("refreshToken")));
           }},
      {.rpc = "DirectoryService/ListSessions",
       .allowed = "signed-in",
       .make = [](Cast&, const std::string&) { return Get("/v1/sessions"); }},
      {.rpc = "DirectoryService/RevokeSession",
       .allowed = "signed-in",
       .make =
           [](Cast& cast, const std::string& name) {
             const auto& who = cast.person(name == "nobody" ? "plain" : name).username;
             const std::string id = cast.world.Login(who).text("sessionId");
             return Post(fmt::format("/v1/sessions/{}:revoke", id), "{}", id);
           }},
      {.rpc = "DirectoryService/RevokeSession",
       .variant = "of another user",
       .allowed = "evaluator",
       .hidden = "plain " + kForeignMembers + "filer enterprise_admin " + kOwnStaff +
                 kForeignStaff + "verifier@home reviewer@home secretariat chair auditor " +
                 kThreeAdministrators,
       .make =
           [](Cast& cast, const std::string&) {
             const std::string id =
                 cast.world.Login(cast.person("evaluator").username).text("sessionId");
             return Post(fmt::format("/v1/sessions/{}:revoke", id), "{}", id);
           }},
      {.rpc = "DirectoryService/GetMe",
       .allowed = "signed-in",
       .make = [](Cast&, const std::string&) { return Get("/v1/me"); }},
      {.rpc = "DirectoryService/ChangePassword",
       .allowed = "signed-in",
       .make =
           [](Cast&, const std::string&) {
             return Post(
                 "/v1/me:changePassword",
                 R"({"oldPassword":"not-the-password","newPassword":"another-long-one-7"})");
           },
       .status = 409,
       .reason = "PASSWORD_WRONG"},
      {.rpc = "DirectoryService/ListKeys",
       .allowed = "everybody",
       .make = [](Cast&, const std::string&) { return Get("/v1/keys"); }},
      {.rpc = "DirectoryService/ListZones",
       .allowed = "everybody",
       .make = [](Cast&, const std::string&) { return Get("/v1/zones"); }},
      {.rpc = "DirectoryService/GetWorkingDays",
       .allowed = "everybody",
       .make =
           [](Cast&, const std::string&) {
             return Get("/v1/calendars/zhejiang:workingDays?from=2026-03-02&days=20");
           }},
      {.rpc = "DirectoryService/GetClock",
       .allowed = "everybody",
       .make = [](Cast&, const std::string&) { return Get("/v1/clock"); }},
      {.rpc = "DirectoryService/AdvanceClock",
       .allowed = "system_admin",
       .make =
           [](Cast& cast, const std::string&) {
             const Time now = *ParseTime(cast.world.Now());
             return Post("/v1/clock:advance",
                         fmt::format(R"({{"to":"{}"}})", FormatTime(now + 10min)));
           }},
      {.rpc = "DirectoryService/CreateOrganization",
       .allowed = "system_admin zone_admin",
       .denied = "zone_admin~:FOREIGN_ZONE",
       .make =
           [](Cast&, const std::string&) {
             return Post("/v1/organizations",
                         fmt::format(R"({{"uscc":"{}","nameZh":"新企业","zone":"{}"}})", NewUscc(),
                                     kOwnZone));
           },
       .status = 201},
      {.rpc = "DirectoryService/GetOrganization",
       .allowed = "filer enterprise_admin " + kOwnStaff + "secretariat chair auditor " +
                  kThreeAdministrators,
       .hidden = "plain evaluator verifier@home reviewer@home " + kForeignMembers + kForeignStaff,
       .make =
           [](Cast& cast, const std::string&) {
             return Get("/v1/organizations/" + cast.own.id, cast.own.id);
           }},
      {.rpc = "DirectoryService/ListOrganizations",
       .allowed = "signed-in",
       .make =
           [](Cast& cast, const std::string&) {
             return Get("/v1/organizations?uscc=" + cast.own.uscc, cast.own.id);
           },
       .canary = "filer enterprise_admin " + kOwnStaff + "secretariat chair auditor " +
                 kThreeAdministrators},
      {.rpc = "DirectoryService/CreateUser",
       .variant = "staff",
       .allowed = "system_admin zone_admin",
       .denied = "zone_admin~:FOREIGN_ZONE enterprise_admin:FOREIGN_ZONE "
                 "enterprise_admin~:FOREIGN_ZONE",
       .make = [](Cast&, const std::string&) { return Post("/v1/users", UserBody(kOwnZone, "")); },
       .status = 201},
      {.rpc = "DirectoryService/CreateUser",
       .variant = "member",
       .allowed = "system_admin enterprise_admin",
       .denied = "enterprise_admin~:FOREIGN_ORGANIZATION zone_admin:FOREIGN_ORGANIZATION "
                 "zone_admin~:FOREIGN_ORGANIZATION",
       .make =
           [](Cast& cast, const std::string&) {
             return Post("/v1/users", UserBody("", cast.own.id), cast.own.id);
           },
       .status = 201},
      {.rpc = "DirectoryService/GetUser",
       .variant = "staff",
       .allowed = "zone_admin auditor " + kThreeAdministrators,
       .hidden = "zone_admin~ enterprise_admin enterprise_admin~",
       .make =
           [](Cast& cast, const std::string&) {
             const auto& id = cast.person("verifier").user_id;
             return Get("/v1/users/" + id, id);
           }},
      {.rpc = "DirectoryService/GetUser",
       .variant = "member",
       .allowed = "enterprise_admin auditor " + kThreeAdministrators,
       .hidden = "zone_admin zone_admin~ enterprise_admin~",
       .make =
           [](Cast& cast, const std::string&) {
             const auto& id = cast.person("filer").user_id;
             return Get("/v1/users/" + id, id);
           }},
      {.rpc = "DirectoryService/ListUsers",
       .allowed = "zone_admin zone_admin~ enterprise_admin enterprise_admin~ "
                  "auditor " +
                  kThreeAdministrators,
       .make =
           [](Cast& cast, const std::string&) {
             const auto& person = cast.person("verifier");
             return Get("/v1/users?username=" + person.username, person.user_id);
           },
       .canary = "zone_admin auditor " + kThreeAdministrators},
      {.rpc = "DirectoryService/DisableUser",
       .variant = "staff",
       .allowed = "system_admin zone_admin",
       .hidden = "zone_admin~ enterprise_admin enterprise_admin~",
       .make =
           [](Cast& cast, const std::string&) {
             const std::string id = cast.StaffOfOwnZone().user_id;
             return Post(fmt::format("/v1/users/{}:disable", id), R"({"reason":"离职"})", id);
           }},
      {.rpc = "DirectoryService/DisableUser",
       .variant = "member",
       .allowed = "system_admin enterprise_admin",
       .hidden = "zone_admin zone_admin~ enterprise_admin~",
       .make =
           [](Cast& cast, const std::string&) {
             const std::string id = cast.MemberOfOwn().user_id;
             return Post(fmt::format("/v1/users/{}:disable", id), R"({"reason":"离职"})", id);
           }},
      {.rpc = "DirectoryService/GrantRole",
       .variant = "verifier",
       .allowed = "security_admin zone_admin",
       .hidden = "zone_admin~ enterprise_admin enterprise_admin~",
       .make =
           [](Cast& cast, const std::string&) {
             const std::string id = cast.StaffOfOwnZone().user_id;
             return Post(fmt::format("/v1/users/{}/roleGrants", id), R"({"role":"verifier"})", id);
           },
       .status = 201},
      {.rpc = "DirectoryService/GrantRole",
       .variant = "zone_admin",
       .allowed = "security_admin",
       .hidden = "zone_admin~ enterprise_admin enterprise_admin~",
       .denied = "zone_admin:ROLE_NOT_YOURS_TO_GRANT",
       .make =
           [](Cast& cast, const std::string&) {
             const std::string id = cast.StaffOfOwnZone().user_id;
             return Post(fmt::format("/v1/users/{}/roleGrants", id), R"({"role":"zone_admin"})",
                         id);
           },
       .status = 201},
      {.rpc = "DirectoryService/GrantRole",
       .variant = "filer",
       .allowed = "security_admin enterprise_admin",
       .hidden = "zone_admin zone_admin~ enterprise_admin~",
       .make =
           [](Cast& cast, const std::string&) {
             const std::string id = cast.MemberOfOwn().user_id;
             return Post(fmt::format("/v1/users/{}/roleGrants", id), R"({"role":"filer"})", id);
           },
       .status = 201},
      {.rpc = "DirectoryService/ListRoleGrants",
       .allowed = "security_admin audit_admin zone_admin auditor",
       .hidden = "zone_admin~ enterprise_admin enterprise_admin~",
       .make =
           [](Cast& cast, const std::string&) {
             const auto& id = cast.person("verifier").user_id;
             return Get(fmt::format("/v1/users/{}/roleGrants", id), id);
           }},
      {.rpc = "DirectoryService/ConfirmRole",
       .allowed = "security_admin audit_admin",
       .make =
           [](Cast& cast, const std::string&) {
             const Person person = cast.world.User("", "", {});
             const std::string id = cast.Grant(person, "system_admin");
             return Post(fmt::format("/v1/users/{}/roleGrants/{}:confirm", person.user_id, id),
                         "{}", id);
           }},
      {.rpc = "DirectoryService/RevokeRole",
       .variant = "staff",
       .allowed = "security_admin zone_admin",
       .hidden = "zone_admin~ enterprise_admin enterprise_admin~",
       .make =
           [](Cast& cast, const std::string&) {
             const Person person = cast.StaffOfOwnZone();
             const std::string id = cast.Grant(person, "verifier");
             return Post(fmt::format("/v1/users/{}/roleGrants/{}:revoke", person.user_id, id),
                         R"({"reason":"调岗"})", id);
           }},
      {.rpc = "DirectoryService/RevokeRole",
       .variant = "member",
       .allowed = "security_admin enterprise_admin",
       .hidden = "zone_admin zone_admin~ enterprise_admin~",
       .make =
           [](Cast& cast, const std::string&) {
             const Person person = cast.MemberOfOwn();
             const std::string id = cast.Grant(person, "filer");
             return Post(fmt::format("/v1/users/{}/roleGrants/{}:revoke", person.user_id, id),
                         R"({"reason":"调岗"})", id);
           }},
  };
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

// Who is a party to the cast's filings, and the auditor.
const std::string kParties =
    "filer enterprise_admin " + kOwnStaff + "verifier@home reviewer@home secretariat chair auditor";

std::vector<CallRow> LedgerRows() {
  // Any event makes the first tile; its receipt shows that a checkpoint covers it.
  const auto after_an_event = [](const std::string& path) {
    return [path](Cast& cast, const std::string& name) {
      if (name == "nobody") cast.EventInLedger();
      return Get(path);
    };
  };
  return {
      {.rpc = "LedgerService/GetCheckpoint",
       .allowed = "everybody",
       .make = after_an_event("/v1/ledger/checkpoint")},
      {.rpc = "LedgerService/GetTile",
       .allowed = "everybody",
       .make = after_an_event("/v1/ledger/tile/0/000.p/1")},
      {.rpc = "LedgerService/GetEntries",
       .allowed = "everybody",
       .make = after_an_event("/v1/ledger/tile/entries/000.p/1")},
      {.rpc = "LedgerService/GetReceipt",
       .allowed = "everybody",
       .make =
           [](Cast& cast, const std::string&) {
             return Get("/v1/ledger/receipts/" + cast.EventInLedger(), R"("salt":)");
           },
       .canary = kParties},
      {.rpc = "LedgerService/GetConsistencyProof",
       .allowed = "everybody",
       .make = after_an_event("/v1/ledger/consistency?from=1&to=1")},
      {.rpc = "LedgerService/GetLedger",
       .allowed = "everybody",
       .make = [](Cast&, const std::string&) { return Get("/v1/ledger"); }},
      {.rpc = "LedgerService/DestroySalt",
       .allowed = "security_admin",
       .make =
           [](Cast& cast, const std::string&) {
             const std::string id = cast.EventInLedger();
             return Post(fmt::format("/v1/ledger/receipts/{}:destroySalt", id),
                         R"({"reason":"个人信息主体要求删除"})", id);
           }},
  };
}

}  // namespace

const std::vector<CallRow>& CallRows() {
  static const std::vector<CallRow> rows = [] {
    std::vector<CallRow> all = DirectoryRows();
    for (CallRow& row : DirectoryMoreRows()) all.push_back(std::move(row));
    for (const auto& part : {CatalogueRows(), FilingRows(), LedgerRows(), DocumentsRows(),
                             CatalogueServiceRows(), WorklistRows(), DecisionRows()}) {
      all.insert(all.end(), part.begin(), part.end());
    }
    return all;
  }();
  return rows;
}

}  // namespace zonelink::test
