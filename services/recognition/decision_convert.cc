// SPDX-License-Identifier: Apache-2.0
// Decisions → replies, with what comes next in plain words.
#include <fmt/format.h>

#include "platform/rpc/timestamp.h"
#include "recognition/convert.h"
#include "recognition/domain/decision_line.h"
#include "recognition/domain/decision_outcome.h"

namespace zonelink::recognition {
namespace {

using State = DecisionState;

void SetClock(const ClockReading& reading, v1::DecisionClock* out) {
  out->set_budget_days(reading.budget_days);
  out->set_used_days(reading.used_days);
  out->set_due_on(FormatDate(reading.due_on));
  out->set_provisional(reading.provisional);
  out->set_running(reading.running);
}

void SetSupplement(const SupplementNotice& notice, v1::SupplementNotice* out) {
  for (const std::string& missing : notice.missing) out->add_missing(missing);
  out->set_reason(notice.reason);
  *out->mutable_asked_at() = ToTimestamp(notice.asked_at);
  if (notice.answered_at) *out->mutable_answered_at() = ToTimestamp(*notice.answered_at);
}

v1::SuspensionGround ToGround(const std::string& name) {
  v1::SuspensionGround ground = v1::SUSPENSION_GROUND_UNSPECIFIED;
  ZL_CHECK(v1::SuspensionGround_Parse("SUSPENSION_GROUND_" + name, &ground), "a ground's name");
  return ground;
}

void AddExcludedTimes(const WorkingClock& clock, v1::Decision* out) {
  for (const Suspension& suspension : clock.suspensions) {
    v1::ExcludedTime* added = out->add_excluded_times();
    added->set_ground(ToGround(suspension.cause.ground));
    *added->mutable_from() = ToTimestamp(suspension.from);
    if (suspension.until) *added->mutable_until() = ToTimestamp(*suspension.until);
    added->set_estimate_days(suspension.cause.estimate_days);
    added->set_reason(suspension.cause.reason);
  }
}

void AddQueries(const Decision& d, const Calendar& calendar, v1::Decision* out) {
  for (const Query& query : d.queries) {
    v1::Query* added = out->add_queries();
    added->set_question(query.question);
    added->set_asked_by(query.asked_by);
    *added->mutable_asked_at() = ToTimestamp(query.asked_at);
    added->set_due_on(FormatDate(calendar.Nth(ShanghaiDate(query.asked_at), d.terms.query)));
    added->set_answer(query.answer);
    added->set_answered_by(query.answered_by);
    if (query.closed_at) *added->mutable_closed_at() = ToTimestamp(*query.closed_at);
    added->set_missed(query.missed);
  }
}

std::string Upper(std::string_view text) {
  std::string upper(text);
  for (char& c : upper) c = static_cast<char>(c >= 'a' && c <= 'z' ? c - 'a' + 'A' : c);
  return upper;
}

void SetOpinions(const Decision& d, v1::Decision* out) {
  if (!d.consultation || !d.opinions) return;
  v1::Consultation* asked = out->mutable_consultation();
  for (const std::string& zone : d.consultation->zones) asked->add_zones(zone);
  v1::OpinionRule rule = v1::OPINION_RULE_UNSPECIFIED;
  ZL_CHECK(
      v1::OpinionRule_Parse("OPINION_RULE_" + Upper(review::Name(d.consultation->rule)), &rule),
      "a rule's name");
  asked->set_rule(rule);
  asked->set_quorum(d.consultation->quorum);
  asked->set_veto(d.consultation->veto);
  asked->set_question(d.consultation->question);
  asked->set_result(Upper(review::Name(review::Settled(*d.opinions, "opinions"))));
  for (const review::Opinion& opinion : d.opinions->record.opinions) {
    v1::Opinion* added = out->add_opinions();
    added->set_zone(opinion.party);
    added->set_user_id(opinion.user_id);
    added->set_name(opinion.name);
    *added->mutable_at() = ToTimestamp(opinion.at);
    added->set_verdict(Upper(review::Name(opinion.verdict)));
    added->set_text(opinion.text);
    added->set_standing(Upper(review::Name(opinion.standing)));
    added->set_round(opinion.round);
  }
}

std::string NameOf(const Decision& d, const std::string& user_id) {
  const auto found = d.names.find(user_id);
  return found == d.names.end() ? "" : found->second;
}

void SetPeople(const Decision& d, v1::Decision* out) {
  if (!d.line) return;
  for (const Declaration& declaration : DeclarationsOf(d)) {
    v1::InterestDeclaration* added = out->add_declarations();
    added->set_user_id(declaration.user_id);
    added->set_name(NameOf(d, declaration.user_id));
    added->set_conflict(declaration.conflict);
    added->set_statement(declaration.statement);
    *added->mutable_at() = ToTimestamp(declaration.at);
  }
  for (const review::Act& act : d.line->record.acts) {
    const bool recusal = act.kind == review::Kind::kRecused ||
                         act.kind == review::Kind::kRecusalAsked ||
                         act.kind == review::Kind::kRecusalDeclined;
    if (recusal) {
      v1::Recusal* added = out->add_recusals();
      added->set_user_id(act.user_id);
      const bool self = act.kind == review::Kind::kRecused && act.by_user == act.user_id;
      added->set_state(self                                         ? "SELF"
                       : act.kind == review::Kind::kRecused         ? "UPHELD"
                       : act.kind == review::Kind::kRecusalDeclined ? "DECLINED"
                                                                    : "ASKED");
      added->set_reason(act.reason);
      *added->mutable_at() = ToTimestamp(act.at);
    }
    if (act.kind == review::Kind::kDelegated) {
      v1::Deputy* added = out->add_deputies();
      added->set_user_id(act.user_id);
      added->set_deputy_user_id(act.other_user_id);
      added->set_deputy_name(NameOf(d, act.other_user_id));
      if (act.until_at) *added->mutable_until() = ToTimestamp(*act.until_at);
    }
  }
  const std::string step(WaitingStep(d));
  if (step.empty()) return;
  const auto assigned = review::Assignees(*d.line, step);
  if (!assigned.empty()) out->set_assigned_to(assigned[0]);
}

void SetOutcome(const Decision& d, const Calendar& calendar, v1::Decision* out) {
  if (d.state == State::kGrantedPartial || !d.scope.activities.empty() ||
      !d.scope.addresses.empty() || !d.scope.quantity.empty() || d.scope.valid_until) {
    *out->mutable_scope() = ToProto(d.scope);
    for (const ScopeDifference& difference :
         DifferencesOf(d.origin_scope, d.scope, d.credential_valid_until)) {
      v1::ScopeDifference* added = out->add_scope_differences();
      added->set_part(difference.part);
      added->set_origin(difference.origin);
      added->set_recognised(difference.recognised);
    }
  }
  for (const Condition& condition : d.conditions) {
    v1::Condition* added = out->add_conditions();
    added->set_text(condition.text);
    added->set_due_on(FormatDate(condition.due_on));
    if (condition.met_at) *added->mutable_met_at() = ToTimestamp(*condition.met_at);
    added->set_missed(condition.missed);
  }
  if (d.promise != PromiseState::kNone) {
    v1::Promise* promise = out->mutable_promise();
    promise->set_version(d.terms.promise_version);
    promise->set_state(std::string(Name(d.promise)));
    promise->set_findings(d.promise_findings);
    if (d.promise == PromiseState::kToCheck && d.closed_at) {
      const Date granted_on = ShanghaiDate(*d.closed_at);
      promise->set_due_on(FormatDate(calendar.Nth(granted_on, d.terms.promise_check)));
    }
    if (d.promise == PromiseState::kToCorrect && d.correcting_since) {
      const Date found_on = ShanghaiDate(*d.correcting_since);
      promise->set_due_on(FormatDate(calendar.Nth(found_on, d.terms.promise_correction)));
    }
  }
  for (const Correction& correction : d.corrections) {
    v1::Correction* added = out->add_corrections();
    added->set_field(correction.field);
    added->set_value(correction.value);
  }
  for (const Remedy& remedy : RemediesOf(d)) {
    v1::Remedy* added = out->add_remedies();
    added->set_kind(std::string(remedy.kind));
    added->set_within_days(remedy.within_days);
    added->set_basis(std::string(remedy.basis));
    added->set_unverified(remedy.unverified);
  }
  const bool to_deliver =
      d.closed_at && !d.delivered_at && IsInForce(d.state) && d.mode == Mode::kReview;
  if (to_deliver) {
    const Date decided_on = ShanghaiDate(*d.closed_at);
    out->set_delivery_due_on(FormatDate(calendar.Nth(decided_on, d.terms.delivery)));
  }
  if (d.delivered_at) *out->mutable_delivered_at() = ToTimestamp(*d.delivered_at);
  out->set_delivery_method(d.delivery_method);
}

// A code that a later version wrote stands without its words.
v1::RefusalReason RefusalOf(const std::string& code) {
  for (const RefusalReason& reason : RefusalReasons()) {
    if (reason.code == code) return ToProto(reason);
  }
  v1::RefusalReason unknown;
  unknown.set_code(code);
  return unknown;
}

struct Words {
  std::string_view zh;
  std::string_view en;
  std::string_view basis;
};

// What the applicant reads.
Words NextWords(const Decision& d) {
  switch (d.state) {
    case State::kPending:
      return {
          "受理机关正在审查材料是否齐全；五个工作日内未一次性告知补正的，自收到之日起即为受理。",
          "The authority looks whether all papers are there; without a notice within five working "
          "days the filing "
          "counts as accepted from its receipt.",
          "行政许可法 §32"};
    case State::kSupplementing:
      return {"请在期限内按通知一次性补正材料；逾期将退回，材料保留，可直接重新申报。",
              "Hand in what the notice names; when the window is missed the filing is returned, "
              "its papers are kept for filing again.",
              "行政许可法 §32"};
    case State::kAccepted:
    case State::kReturnedToStep:
      return {"已受理，正在实质审查。您无需操作。",
              "Accepted and being verified. Nothing is asked of you.", "行政许可法 §34"};
    case State::kVerified:
      return {"审查完成，等待决定。您无需操作。",
              "Verified; the decision is next. Nothing is asked of you.", "行政许可法 §42"};
    case State::kQueryToHome:
      return {"正在向注册地自贸区核实，审批期限照常计算。您无需操作。",
              "The home zone is asked; the authority's time goes on. Nothing is asked of you.", ""};
    case State::kHearing:
    case State::kSuspended:
      if (PapersOutstanding(d)) {
        return {"容缺材料未按承诺提交，期限已停止计算；请尽快补交，逾期将退回。",
                "A paper that was promised for later is missing and the time stands: hand it in, "
                "or the filing is returned.",
                ""};
      }
      return {"依法需要的听证、检验、评审等时间不计入期限，已书面告知预计时间。",
              "A hearing, inspection or expert review goes on; its time does not count and was "
              "told to you with an estimate.",
              "行政许可法 §45"};
    case State::kGranted:
    case State::kGrantedPartial:
    case State::kTacitGranted:
      return {"已认可。可用认可编号随时验证；书面决定将在期限内送达。",
              "Recognised. The number can be verified at any time; the decision will be delivered "
              "in time.",
              "行政许可法 §44"};
    case State::kGrantedConditional:
      return {
          "附条件认可。请在期限内落实条件，逾期未落实将暂停效力。",
          "Recognised under conditions: meet them by their days, or the recognition is suspended.",
          ""};
    case State::kDelivered:
      return {"已认可并送达。", "Recognised and delivered.", "行政许可法 §44"};
    case State::kSuspendedAfter:
      return {"条件逾期未落实，认可已暂停；落实后恢复。",
              "A condition was missed and the recognition is suspended; it is in force again once "
              "that is met.",
              ""};
    case State::kRevoked:
      return {
          "承诺不实且逾期未改正，认可已撤销；可申请行政复议。",
          "The promise was not kept and not put right: revoked. You may ask for reconsideration.",
          "行政复议法 §20"};
    case State::kRefused:
      return {"不予认可，理由与依据见决定；可申请行政复议或者提起行政诉讼。",
              "Not recognised; reasons and article stand in the decision. You may ask for "
              "reconsideration or sue.",
              "行政许可法 §38"};
    case State::kNotRequired:
      return {"该事项无需办理互认。", "The matter needs no recognition.", "行政许可法 §32"};
    case State::kWrongAuthority:
      return {"不属于本机关职权，请向告知的机关申请。",
              "Another authority is competent: turn to the one that is named.", "行政许可法 §32"};
    case State::kReturned:
      return {"因材料逾期未交已退回；材料保留，可直接重新申报。",
              "Returned because papers did not come in time; they are kept for filing again.", ""};
    case State::kWithdrawn:
      return {"已撤回，可随时重新申报。", "Withdrawn; you may file again at any time.", ""};
  }
  return {};
}

}  // namespace

v1::RefusalReason ToProto(const RefusalReason& reason) {
  v1::RefusalReason out;
  out.set_code(std::string(reason.code));
  out.set_zh(std::string(reason.zh));
  out.set_en(std::string(reason.en));
  out.set_basis(std::string(reason.basis));
  out.set_unverified(reason.unverified);
  return out;
}

v1::Scope ToProto(const Scope& scope) {
  v1::Scope out;
  for (const std::string& activity : scope.activities) out.add_activities(activity);
  for (const std::string& address : scope.addresses) out.add_addresses(address);
  out.set_quantity(scope.quantity);
  if (scope.valid_from) out.set_valid_from(FormatDate(*scope.valid_from));
  if (scope.valid_until) out.set_valid_until(FormatDate(*scope.valid_until));
  return out;
}

v1::Decision ToProto(const Decision& d, const Calendar& calendar, Time now) {
  v1::Decision out;
  out.set_filing_id(d.filing_id.str());
  out.set_zone(d.zone);
  out.set_mode(ToProto(d.mode));
  out.set_state(ToProto(d.state));
  out.set_recognition_number(d.recognition_number);
  out.set_waiting_for(std::string(WaitingFor(d)));
  out.set_step(std::string(WaitingStep(d)));
  const auto reading = ReadClock(d, calendar, now);
  if (reading) SetClock(*reading, out.mutable_clock());
  if (d.clock) AddExcludedTimes(*d.clock, &out);
  for (const Verification& verification : VerificationsOf(d)) {
    v1::Verification* added = out.add_verifications();
    added->set_user_id(verification.user_id);
    added->set_name(verification.name);
    *added->mutable_at() = ToTimestamp(verification.at);
    added->set_opinion(verification.opinion);
    added->set_on_behalf_of(verification.on_behalf_of);
    added->set_on_behalf_of_name(NameOf(d, verification.on_behalf_of));
  }
  out.set_verifiers_needed(d.line ? VerifiersNeeded(d) : d.verifiers_needed);
  if (d.supplement) SetSupplement(*d.supplement, out.mutable_supplement());
  out.set_decided_by(d.decided_by);
  if (d.closed_at) out.set_decided_on_behalf_of(DecidedOnBehalfOf(d));
  out.set_decided_on_behalf_of_name(NameOf(d, out.decided_on_behalf_of()));
  const bool decided = d.closed_at && d.state != State::kWithdrawn;
  if (decided) *out.mutable_decided_at() = ToTimestamp(*d.closed_at);
  out.set_reason(d.reason);
  out.set_article(d.article);
  out.set_facts(d.facts);
  if (!d.refusal_code.empty()) *out.mutable_refusal() = RefusalOf(d.refusal_code);
  for (const Finding& finding : d.screening) *out.add_screening() = ToProto(finding);
  out.set_etag(std::to_string(d.version));
  out.set_extended_days(d.extended_days);
  out.set_extension_reason(d.extension_reason);
  out.set_competent_authority(d.competent_authority);
  out.set_reminders(d.reminders);
  out.set_legal_basis(d.legal_basis);
  out.set_by_clock(d.by_clock);
  AddQueries(d, calendar, &out);
  SetOpinions(d, &out);
  SetPeople(d, &out);
  SetOutcome(d, calendar, &out);
  const Words words = NextWords(d);
  v1::NextStep* next = out.mutable_next_step();
  next->set_zh(std::string(words.zh));
  next->set_en(std::string(words.en));
  next->set_legal_basis(std::string(words.basis));
  if (reading && !d.closed_at) next->set_remaining_days(reading->budget_days - reading->used_days);
  return out;
}

}  // namespace zonelink::recognition
