// SPDX-License-Identifier: Apache-2.0
// The access matrix of the further verbs of a decision, and of what follows a grant.
#include <fmt/format.h>

#include <stdexcept>

#include "platform/core/time.h"
#include "tests/integration/call_rows.h"

namespace zonelink::test {
namespace {

const std::string kOfficers = "verifier reviewer ";
const std::string kForeignOfficers = "verifier~ reviewer~ ";
const std::string kOfficersAtHome =
    "verifier@home:NOT_DECIDING_ZONE reviewer@home:NOT_DECIDING_ZONE ";
const std::string kReason = R"({"reason":"说明"})";

Answer Must(const Answer& answer, const std::string& what) {
  if (!answer.ok()) throw std::runtime_error(what + ": " + answer.body);
  return answer;
}

Target On(const std::string& filing_id, const std::string& verb, const std::string& body) {
  return {.path = fmt::format("/v1/filings/{}/decisions/{}:{}", filing_id, kOwnZone, verb),
          .body = body,
          .id = filing_id};
}

void Act(Cast& cast, const std::string& who, const std::string& filing_id, const std::string& verb,
         const std::string& body) {
  Must(cast.As(who).Post(On(filing_id, verb, body).path, body), verb);
}

// A call on a filing in that state, whatever its caller.
std::function<Target(Cast&, const std::string&)> Verb(const std::string& state,
                                                      const std::string& verb,
                                                      const std::string& body) {
  return [=](Cast& cast, const std::string&) {
    const std::string id = state == "PENDING" ? cast.Filing() : cast.FilingWhere(state);
    return On(id, verb, body);
  };
}

std::string Suspended(Cast& cast) {
  const std::string id = cast.FilingWhere("ACCEPTED");
  Act(cast, "verifier", id, "suspend",
      R"({"ground":"EXPERT_REVIEW","estimateDays":5,"reason":"评审"})");
  return id;
}

std::string Queried(Cast& cast) {
  const std::string id = cast.FilingWhere("ACCEPTED");
  Act(cast, "verifier", id, "queryHome", R"({"question":"是否有效"})");
  return id;
}

std::string Asked(Cast& cast) {
  const std::string id = cast.FilingWhere("ACCEPTED");
  Act(cast, "verifier", id, "requestOpinions",
      fmt::format(R"({{"zones":["{}"],"rule":"ALL","question":"意见"}})", kForeignZone));
  return id;
}

std::string Granted(Cast& cast, const std::string& verb, const std::string& body) {
  const std::string id = cast.FilingWhere("VERIFIED");
  Act(cast, "reviewer", id, verb, body);
  return id;
}

// Granted at once on a promise.
std::string Promised(Cast& cast) {
  FilingSpec spec = cast.filing_spec();
  spec.item_id = cast.world.NewItem();
  cast.world.Agree(spec.item_id, {kHomeZone}, {kOwnZone}, "NOTIFY");
  spec.promise = true;
  return Must(cast.As("filer").Post("/v1/filings", spec.ToJson()), "submit").text("filingId");
}

// As the clock writes it when the time to correct is over; its id.
std::string CreditRecord(Cast& cast) {
  return cast.world.deployment().database().Admin().One(
      "INSERT INTO recognition.credit_records SELECT gen_random_uuid()::text, organization_id, "
      "applicant_uscc, applicant_name, filing_id, $2, item_id, item_version, 'PROMISE_BROKEN', "
      "'不符', submitted_at, submitted_at, '-' FROM recognition.filings WHERE filing_id = $1 "
      "RETURNING credit_record_id",
      {cast.Filing(), kOwnZone});
}

const std::string kConditions =
    R"({"conditions":[{"text":"补充说明","dueOn":"2035-12-31"}],"reason":"附条件"})";

std::vector<CallRow> IntakeRows() {
  const std::string at_home = kOfficersAtHome + "reviewer:ROLE_NEEDED";
  return {
      {.rpc = "DecisionService/DeclareNotRequired",
       .allowed = "verifier",
       .hidden = kForeignOfficers,
       .denied = at_home,
       .make = Verb("PENDING", "declareNotRequired", kReason)},
      {.rpc = "DecisionService/DeclareWrongAuthority",
       .allowed = "verifier",
       .hidden = kForeignOfficers,
       .denied = at_home,
       .make = Verb("PENDING", "declareWrongAuthority", R"({"authority":"海关","reason":"职权"})")},
      {.rpc = "DecisionService/CorrectOnTheSpot",
       .allowed = "verifier",
       .hidden = kForeignOfficers,
       .denied = at_home,
       .make = Verb("PENDING", "correct",
                    R"({"corrections":[{"field":"attributes.unit","value":"PCS"}]})")},
      {.rpc = "DecisionService/TakeBackStep",
       .allowed = "verifier",
       .hidden = kForeignOfficers,
       .denied = at_home,
       .make = Verb("ACCEPTED", "takeBack", "{}")},
  };
}

std::vector<CallRow> ReviewRows() {
  return {
      {.rpc = "DecisionService/QueryHome",
       .allowed = kOfficers,
       .hidden = kForeignOfficers,
       .denied = kOfficersAtHome,
       .make = Verb("ACCEPTED", "queryHome", R"({"question":"是否有效"})")},
      {.rpc = "DecisionService/AnswerQuery",
       .allowed = "verifier@home reviewer@home",
       .hidden = kForeignOfficers,
       .denied = "verifier:NOT_HOME_ZONE reviewer:NOT_HOME_ZONE",
       .make =
           [](Cast& cast, const std::string&) {
             return On(Queried(cast), "answerQuery", R"({"answer":"有效"})");
           }},
      {.rpc = "DecisionService/SuspendDecision",
       .allowed = kOfficers,
       .hidden = kForeignOfficers,
       .denied = kOfficersAtHome,
       .make =
           Verb("ACCEPTED", "suspend", R"({"ground":"TESTING","estimateDays":5,"reason":"检测"})")},
      {.rpc = "DecisionService/ResumeDecision",
       .allowed = kOfficers,
       .hidden = kForeignOfficers,
       .denied = kOfficersAtHome,
       .make = [](Cast& cast, const std::string&) { return On(Suspended(cast), "resume", "{}"); }},
      {.rpc = "DecisionService/ExtendDecision",
       .allowed = "zone_admin",
       .hidden = "zone_admin~",
       .make = Verb("ACCEPTED", "extend", kReason)},
      {.rpc = "DecisionService/ReturnDecision",
       .allowed = kOfficers,
       .hidden = kForeignOfficers,
       .denied = kOfficersAtHome,
       .make =
           [](Cast& cast, const std::string& name) {
             const bool decider = name == "reviewer";
             return On(cast.FilingWhere(decider ? "VERIFIED" : "ACCEPTED"), "return",
                       fmt::format(R"({{"toStep":"{}","reason":"更正"}})",
                                   decider ? "verify" : "accept"));
           }},
      {.rpc = "DecisionService/RequestOpinions",
       .allowed = kOfficers,
       .hidden = kForeignOfficers,
       .denied = kOfficersAtHome,
       .make =
           Verb("ACCEPTED", "requestOpinions",
                fmt::format(R"({{"zones":["{}"],"rule":"ANY","question":"意见"}})", kForeignZone))},
      {.rpc = "DecisionService/GiveOpinion",
       .allowed = "reviewer~",
       .denied = "reviewer:ZONE_NOT_ASKED reviewer@home:ZONE_NOT_ASKED",
       .make =
           [](Cast& cast, const std::string&) {
             return On(Asked(cast), "giveOpinion", R"({"verdict":"AGREE","text":"同意"})");
           }},
      {.rpc = "DecisionService/AddVerifier",
       .allowed = "zone_admin reviewer",
       .hidden = "zone_admin~ reviewer~",
       .denied = "reviewer@home:NOT_DECIDING_ZONE",
       .make = Verb("ACCEPTED", "addVerifier", kReason)},
      {.rpc = "DecisionService/DropVerifier",
       .allowed = "zone_admin reviewer",
       .hidden = "zone_admin~ reviewer~",
       .denied = "reviewer@home:NOT_DECIDING_ZONE",
       .make =
           [](Cast& cast, const std::string&) {
             const std::string id = cast.FilingWhere("ACCEPTED");
             Act(cast, "zone_admin", id, "addVerifier", kReason);
             return On(id, "dropVerifier", kReason);
           }},
  };
}

std::vector<CallRow> PeopleRows() {
  return {
      {.rpc = "DecisionService/DelegateDecision",
       .allowed = kOfficers,
       .hidden = kForeignOfficers,
       .denied = kOfficersAtHome,
       .make =
           [](Cast& cast, const std::string& name) {
             const std::string to = name == "reviewer" ? "verifier" : "reviewer";
             const Time until = *ParseTime(cast.world.Now()) + std::chrono::hours(24 * 7);
             return On(cast.FilingWhere("ACCEPTED"), "delegate",
                       fmt::format(R"({{"to":"{}","until":"{}"}})", cast.person(to).user_id,
                                   FormatTime(until)));
           }},
      {.rpc = "DecisionService/DeclareInterest",
       .allowed = kOfficers + "zone_admin",
       .hidden = kForeignOfficers + "zone_admin~",
       .denied = kOfficersAtHome,
       .make = Verb("ACCEPTED", "declareInterest", R"({"conflict":true,"statement":"亲属"})")},
      {.rpc = "DecisionService/ListRefusalReasons",
       .allowed = "everybody",
       .make =
           [](Cast&, const std::string&) {
             return Target{.path = "/v1/refusalReasons", .body = {}, .id = {}};
           }},
      {.rpc = "DecisionService/RecuseFromDecision",
       .allowed = kOfficers,
       .hidden = kForeignOfficers,
       .denied = kOfficersAtHome,
       .make = Verb("ACCEPTED", "recuse", kReason)},
      {.rpc = "DecisionService/RequestRecusal",
       .allowed = kMembers,
       .hidden = kForeignMembers,
       .make =
           [](Cast& cast, const std::string&) {
             return On(cast.FilingWhere("ACCEPTED"), "requestRecusal",
                       fmt::format(R"({{"userId":"{}","reason":"亲属"}})",
                                   cast.person("reviewer").user_id));
           }},
      {.rpc = "DecisionService/DecideRecusal",
       .allowed = "zone_admin",
       .hidden = "zone_admin~",
       .make =
           [](Cast& cast, const std::string&) {
             const std::string id = cast.FilingWhere("ACCEPTED");
             const std::string user = cast.person("reviewer").user_id;
             Act(cast, "filer", id, "requestRecusal",
                 fmt::format(R"({{"userId":"{}","reason":"亲属"}})", user));
             return On(id, "decideRecusal",
                       fmt::format(R"({{"userId":"{}","upheld":false,"reason":"不成立"}})", user));
           }},
      {.rpc = "DecisionService/ReassignStep",
       .allowed = "zone_admin",
       .hidden = "zone_admin~",
       .make =
           [](Cast& cast, const std::string&) {
             return On(
                 cast.FilingWhere("ACCEPTED"), "reassign",
                 fmt::format(R"({{"to":"{}","reason":"转办"}})", cast.person("verifier").user_id));
           }},
      {.rpc = "DecisionService/RemindDecision",
       .allowed = kMembers + "zone_admin",
       .hidden = kForeignMembers + "zone_admin~",
       .make = Verb("PENDING", "remind", "{}")},
  };
}

// Officers of every zone: the next promise may be made to theirs.
const std::string kCreditReaders =
    "filer enterprise_admin verifier verifier~ verifier@home reviewer reviewer~ reviewer@home "
    "inspector inspector~ zone_admin zone_admin~ secretariat chair auditor ";

std::vector<CallRow> GrantRows() {
  const std::string denied = kOfficersAtHome + "verifier:ROLE_NEEDED zone_admin:PARTY_NOT_ASKED";
  return {
      {.rpc = "DecisionService/GrantPartial",
       .allowed = "reviewer",
       .hidden = kForeignOfficers + "zone_admin~",
       .denied = denied,
       .make = Verb("VERIFIED", "grantPartial", R"({"scope":{"quantity":"1"},"reason":"部分"})")},
      {.rpc = "DecisionService/GrantConditional",
       .allowed = "reviewer",
       .hidden = kForeignOfficers + "zone_admin~",
       .denied = denied,
       .make = Verb("VERIFIED", "grantConditional", kConditions)},
      {.rpc = "GrantService/DeliverDecision",
       .allowed = kOfficers + "zone_admin",
       .hidden = kForeignOfficers + "zone_admin~",
       .denied = kOfficersAtHome,
       .make =
           [](Cast& cast, const std::string&) {
             return On(Granted(cast, "grant", kReason), "deliver", R"({"method":"电子送达"})");
           }},
      {.rpc = "GrantService/CheckPromise",
       .allowed = "verifier inspector",
       .hidden = "verifier~ inspector~",
       .denied = "verifier@home:NOT_DECIDING_ZONE",
       .make =
           [](Cast& cast, const std::string&) {
             return On(Promised(cast), "checkPromise", R"({"met":true,"findings":"属实"})");
           }},
      {.rpc = "GrantService/ConfirmCondition",
       .allowed = kOfficers,
       .hidden = kForeignOfficers,
       .denied = kOfficersAtHome,
       .make =
           [](Cast& cast, const std::string&) {
             return On(Granted(cast, "grantConditional", kConditions), "confirmCondition",
                       R"({"place":1,"evidence":"已落实"})");
           }},
      {.rpc = "GrantService/ListCreditRecords",
       .allowed = kCreditReaders + "filer~ enterprise_admin~",
       .make = [](Cast& cast,
                  const std::string&) { return Get("/v1/creditRecords", CreditRecord(cast)); },
       .canary = kCreditReaders},
  };
}

}  // namespace

std::vector<CallRow> DecisionRows() {
  std::vector<CallRow> rows;
  for (const auto& some : {IntakeRows(), ReviewRows(), PeopleRows(), GrantRows()}) {
    rows.insert(rows.end(), some.begin(), some.end());
  }
  return rows;
}

}  // namespace zonelink::test
