// SPDX-License-Identifier: Apache-2.0
#include "gateway/cli/decision_input.h"

#include "gateway/cli/calendar_input.h"
#include "gateway/cli/filing_input.h"
#include "gateway/cli/json.h"

namespace zonelink::cli {
namespace {

using client::Json;
using client::JsonWriter;
using Given = DecisionArguments;

// Writes the members that a verb has beside the etag.
using Write = Status (*)(const Given&, JsonWriter&);

Status Nothing(const Given&, JsonWriter&) { return Done{}; }

Status WithReason(const Given& given, JsonWriter& body) {
  body.Field("reason", given.reason);
  return Done{};
}

Status Supplement(const Given& given, JsonWriter& body) {
  body.Texts("missing", given.missing).Field("reason", given.reason);
  body.Field("overrideReason", given.override_reason);
  return Done{};
}

Status Verify(const Given& given, JsonWriter& body) {
  body.Field("opinion", given.opinion);
  return Done{};
}

Status Refuse(const Given& given, JsonWriter& body) {
  body.Field("article", given.article).Field("facts", given.facts);
  body.Field("code", given.answer);
  return WithReason(given, body);
}

Status DeclareInterest(const Given& given, JsonWriter& body) {
  body.Key("conflict").Truth(!given.words.empty()).Field("statement", given.words);
  return Done{};
}

Status WrongAuthority(const Given& given, JsonWriter& body) {
  body.Field("authority", given.authority);
  return WithReason(given, body);
}

// Pairs "a=b" as an array of objects with these two members.
Status Pairs(std::string_view name, const std::vector<std::string>& pairs, const char* form,
             std::pair<const char*, const char*> members, JsonWriter& body) {
  body.Key(name).Begin('[');
  for (const std::string& pair : pairs) {
    const auto halves = HalvesOf(pair, form);
    if (!halves) return halves.error();
    body.Begin('{').Field(members.first, halves->first).Field(members.second, halves->second);
    body.End('}');
  }
  body.End(']');
  return Done{};
}

Status Correct(const Given& given, JsonWriter& body) {
  const Status pairs =
      Pairs("corrections", given.corrections, "FIELD=VALUE", {"field", "value"}, body);
  return pairs ? WithReason(given, body) : pairs;
}

Status Query(const Given& given, JsonWriter& body) {
  body.Field("question", given.words);
  return Done{};
}

Status Answer(const Given& given, JsonWriter& body) {
  body.Field("answer", given.words);
  return Done{};
}

Status Suspend(const Given& given, JsonWriter& body) {
  body.Field("ground", given.ground).Key("estimateDays").Number(given.estimate_days);
  return WithReason(given, body);
}

Status Return(const Given& given, JsonWriter& body) {
  body.Field("toStep", given.to);
  return WithReason(given, body);
}

Status Delegate(const Given& given, JsonWriter& body) {
  auto until = InstantOf(given.until, true);
  if (!until) return until.error();
  body.Field("to", given.to).Field("until", *until);
  return Done{};
}

Status AskRecusal(const Given& given, JsonWriter& body) {
  body.Field("userId", given.officer);
  return WithReason(given, body);
}

Status DecideRecusal(const Given& given, JsonWriter& body) {
  body.Field("userId", given.officer).Key("upheld").Truth(given.answer == "uphold");
  return WithReason(given, body);
}

Status AskOpinions(const Given& given, JsonWriter& body) {
  body.Texts("zones", given.zones).Field("rule", given.rule);
  body.Key("quorum").Number(given.quorum).Key("veto").Truth(given.veto);
  body.Field("question", given.words);
  return Done{};
}

Status GiveOpinion(const Given& given, JsonWriter& body) {
  body.Field("verdict", given.answer).Field("text", given.words);
  return Done{};
}

Status Reassign(const Given& given, JsonWriter& body) {
  body.Field("to", given.to);
  return WithReason(given, body);
}

Status Remind(const Given& given, JsonWriter& body) {
  body.Field("note", given.reason);
  return Done{};
}

Status GrantPartial(const Given& given, JsonWriter& body) {
  const std::string scope = ScopeJson(Json(), given.scope);
  body.Key("scope").Raw(scope.empty() ? "{}" : scope);
  return WithReason(given, body);
}

Status GrantConditional(const Given& given, JsonWriter& body) {
  const Status pairs =
      Pairs("conditions", given.conditions, "YYYY-MM-DD=TEXT", {"dueOn", "text"}, body);
  return pairs ? WithReason(given, body) : pairs;
}

Status Deliver(const Given& given, JsonWriter& body) {
  body.Field("method", given.method);
  return Done{};
}

Status CheckPromise(const Given& given, JsonWriter& body) {
  body.Key("met").Truth(given.answer == "met").Field("findings", given.words);
  return Done{};
}

Status ConfirmCondition(const Given& given, JsonWriter& body) {
  body.Key("place").Number(given.place).Field("evidence", given.words);
  return Done{};
}

struct Verb {
  std::string_view command;
  std::string_view verb;
  Write write;
};

constexpr Verb kVerbs[] = {
    {"decide accept", "accept", Nothing},
    {"decide request-supplement", "requestSupplement", Supplement},
    {"decide not-required", "declareNotRequired", WithReason},
    {"decide wrong-authority", "declareWrongAuthority", WrongAuthority},
    {"decide correct", "correct", Correct},
    {"decide verify", "verify", Verify},
    {"decide query", "queryHome", Query},
    {"decide answer", "answerQuery", Answer},
    {"decide ask-opinions", "requestOpinions", AskOpinions},
    {"decide give-opinion", "giveOpinion", GiveOpinion},
    {"decide suspend", "suspend", Suspend},
    {"decide resume", "resume", Nothing},
    {"decide extend", "extend", WithReason},
    {"decide return", "return", Return},
    {"decide take-back", "takeBack", WithReason},
    {"decide grant", "grant", WithReason},
    {"decide grant-partial", "grantPartial", GrantPartial},
    {"decide grant-conditional", "grantConditional", GrantConditional},
    {"decide refuse", "refuse", Refuse},
    {"decide deliver", "deliver", Deliver},
    {"decide check-promise", "checkPromise", CheckPromise},
    {"decide confirm-condition", "confirmCondition", ConfirmCondition},
    {"decide delegate", "delegate", Delegate},
    {"decide declare-interest", "declareInterest", DeclareInterest},
    {"decide recuse", "recuse", WithReason},
    {"decide ask-recusal", "requestRecusal", AskRecusal},
    {"decide decide-recusal", "decideRecusal", DecideRecusal},
    {"decide reassign", "reassign", Reassign},
    {"decide add-verifier", "addVerifier", WithReason},
    {"decide drop-verifier", "dropVerifier", WithReason},
    {"decide remind", "remind", Remind},
};

}  // namespace

Result<DecisionRequest> DecisionRequestOf(const Arguments& arguments) {
  for (const Verb& known : kVerbs) {
    if (known.command != arguments.command) continue;
    JsonWriter body;
    body.Begin('{');
    if (const Status written = known.write(arguments.decision, body); !written) {
      return written.error();
    }
    body.Field("etag", arguments.etag).End('}');
    return DecisionRequest{known.verb, body.Take()};
  }
  return Internal("no such command: " + arguments.command);
}

}  // namespace zonelink::cli
