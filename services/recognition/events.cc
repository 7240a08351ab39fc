// SPDX-License-Identifier: Apache-2.0
#include "recognition/events.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "platform/core/check.h"
#include "recognition/domain/decision_line.h"
#include "recognition/mandate_store.h"
#include "zonelink/events/v1/recognition_events.pb.h"

namespace zonelink::recognition {
namespace {

namespace ev = events::v1;

constexpr std::string_view kFilingPrefix = "zonelink.recognition.filing.";
constexpr std::string_view kDecisionPrefix = "zonelink.recognition.decision.";
constexpr std::string_view kOrganization = "org:";

bool StartsWith(std::string_view text, std::string_view prefix) {
  return text.substr(0, prefix.size()) == prefix;
}

void SetActor(const Actor& by, ev::Actor* out) {
  out->set_user_id(by.user_id);
  out->set_name(by.name);
  out->set_zone(by.zone);
  out->set_organization_id(by.organization_id);
}

// The home zone that owes an answer.
void SetQuery(const Decision& decision, const Calendar& calendar, ev::DecisionState* out) {
  if (decision.state != DecisionState::kQueryToHome) return;
  out->set_query_to(decision.home_zone);
  const Date asked_on = ShanghaiDate(decision.queries.back().asked_at);
  out->set_query_due_on(FormatDate(calendar.Nth(asked_on, decision.terms.query)));
}

// Those whose recusal waits for the head, and those who may act in the assignee's place.
void SetStandIns(const Decision& decision, Time now, ev::DecisionState* out) {
  std::set<std::string> asked, deputies;
  for (const review::Act& act : decision.line->record.acts) {
    if (act.kind == review::Kind::kRecusalAsked) {
      const Status away = CheckNotAway(decision, act.user_id);
      if (!away && away.error().reason == "RECUSAL_PENDING") asked.insert(act.user_id);
    }
    if (act.kind != review::Kind::kDelegated || act.user_id != out->assigned_to()) continue;
    const review::Person deputy{act.other_user_id, {}, decision.zone, {}, act.user_id};
    if (review::IsDeputy(*decision.line, deputy, now)) deputies.insert(act.other_user_id);
  }
  for (const std::string& user : asked) out->add_recusal_asked(user);
  for (const std::string& user : deputies) out->add_deputies(user);
}

// Who acts next, and who may not.
void SetPeople(const Decision& decision, ev::DecisionState* out) {
  const std::string step(WaitingStep(decision));
  out->set_step(step);
  if (step.empty()) return;
  for (const std::string& user : review::ExcludedUsers(*decision.line, step)) {
    out->add_excluded_users(user);
  }
  // In whose place a deputy verified, they have verified.
  for (const Verification& verified : VerificationsOf(decision)) {
    if (!verified.on_behalf_of.empty()) out->add_excluded_users(verified.on_behalf_of);
  }
  const auto assigned = review::Assignees(*decision.line, step);
  if (!assigned.empty()) out->set_assigned_to(assigned[0]);
}

// What has to be done after a grant, and until when.
void SetFollowUp(const Decision& decision, const Calendar& calendar, Time now,
                 ev::DecisionState* out) {
  out->set_promise(std::string(Name(decision.promise)));
  if (!decision.closed_at || !IsInForce(decision.state)) return;
  Time from = *decision.closed_at;
  int days = 0;
  if (decision.promise == PromiseState::kToCheck) days = decision.terms.promise_check;
  if (decision.mode == Mode::kReview && !decision.delivered_at) days = decision.terms.delivery;
  const bool checked = decision.step && decision.step->verb == Verb::kCheckPromise;
  if (checked && decision.promise == PromiseState::kToCorrect) {
    from = now;
    days = decision.terms.promise_correction;
  }
  if (days > 0) {
    out->set_follow_up_due_on(FormatDate(calendar.Nth(ShanghaiDate(from), days)));
  }
}

void SetDecision(const Decision& decision, const Calendar& calendar, Time now,
                 ev::DecisionState* out) {
  out->set_zone(decision.zone);
  out->set_mode(std::string(Name(decision.mode)));
  out->set_state(std::string(Name(decision.state)));
  if (decision.step) out->set_previous_state(std::string(Name(decision.step->from)));
  out->set_waiting_for(std::string(WaitingFor(decision)));
  out->set_recognition_number(decision.recognition_number);
  for (const Verification& verification : VerificationsOf(decision)) {
    out->add_verified_by(verification.user_id);
  }
  SetPeople(decision, out);
  if (decision.line && IsOpen(decision.state)) SetStandIns(decision, now, out);
  SetFollowUp(decision, calendar, now, out);
  SetQuery(decision, calendar, out);
  if (decision.opinions && !OpinionsSettled(decision)) {
    for (const std::string& zone : review::SilentParties(*decision.opinions, "opinions")) {
      out->add_opinions_of(zone);
    }
  }
  const auto reading = ReadClock(decision, calendar, now);
  if (!reading) return;
  out->mutable_clock()->set_budget_days(reading->budget_days);
  out->mutable_clock()->set_due_on(FormatDate(reading->due_on));
  out->mutable_clock()->set_provisional(reading->provisional);
  out->mutable_clock()->set_running(reading->running);
}

void SetListFindings(const Decision& decision, ev::DecisionState* out) {
  for (const Finding& finding : decision.screening) {
    if (finding.kind != Finding::Kind::kListEntry) continue;
    ev::ListFinding* added = out->add_list_findings();
    added->set_list(finding.list);
    added->set_entry_id(finding.entry_id);
    added->set_entry_version(finding.entry_version);
    added->set_outcome(std::string(Name(finding.outcome)));
  }
}

ev::FilingChanged BodyOf(const Filing& filing, const Actor& by, std::string_view reason, Time now,
                         const clocks::CalendarSet& calendars) {
  ev::FilingChanged body;
  body.set_filing_id(filing.id.str());
  body.set_receipt_number(filing.receipt_number);
  body.set_item_id(filing.item_id);
  body.set_item_version(filing.item_version);
  body.set_item_name_zh(filing.item_name_zh);
  body.set_item_name_en(filing.item_name_en);
  body.set_home_zone(filing.home_zone);
  body.set_organization_id(filing.applicant.organization_id);
  body.set_applicant_name(filing.applicant.name);
  body.set_state(std::string(Name(filing.state)));
  const bool submitted = filing.version == 1;
  for (const Decision& decision : filing.decisions) {
    if (!submitted && !decision.step) continue;
    ev::DecisionState* out = body.add_decisions();
    SetDecision(decision, calendars.For(decision.zone), now, out);
    if (submitted) SetListFindings(decision, out);
  }
  SetActor(by, body.mutable_actor());
  body.set_reason(std::string(reason));
  for (const Document& document : filing.documents) body.add_document_sha256(document.sha256);
  return body;
}

outbox::Draft DraftOf(const Filing& filing, std::string_view verb,
                      const std::vector<std::string>& extra_parties) {
  return {.subject = "filings/" + filing.id.str(),
          .version = filing.version,
          .type = fmt::format("{}{}", kFilingPrefix, verb),
          .parties = PartiesOf(filing.applicant.organization_id, filing.home_zone,
                               filing.target_zones, extra_parties)};
}

// Of those who came in an agent is told only what happens while it acts for the applicant: whoever
// is told of a paper may read it.
std::vector<std::string> ToldNow(db::Tx& tx, const FilingId& filing, const std::string& applicant,
                                 const std::vector<std::string>& extra_parties) {
  std::vector<std::string> told;
  for (const std::string& party : extra_parties) {
    const bool agent = StartsWith(party, kOrganization);
    if (agent &&
        !mandate_store::Covers(tx, {party.substr(kOrganization.size()), applicant, filing.str()})) {
      continue;
    }
    told.push_back(party);
  }
  return told;
}

// In whose place a deputy did it.
void SetPrincipal(const Decision& decision, ev::DecisionChanged* out) {
  const std::string& principal = decision.step->on_behalf_of;
  if (principal.empty()) return;
  out->set_on_behalf_of(principal);
  const auto name = decision.names.find(principal);
  if (name != decision.names.end()) out->set_on_behalf_of_name(name->second);
}

// What was said in words.
std::string_view WordsOf(const Decision& decision) {
  switch (decision.step->verb) {
    case Verb::kVerify: return decision.line->record.opinions.back().text;
    case Verb::kGiveOpinion: return decision.opinions->record.opinions.back().text;
    case Verb::kRequestOpinions: return decision.consultation->question;
    case Verb::kRequestSupplement: return decision.supplement->reason;
    case Verb::kQueryHome: return decision.queries.back().question;
    case Verb::kAnswerQuery: return decision.queries.back().answer;
    default: return decision.reason;
  }
}

void SetEntryActor(const ev::Actor& by, v1::TimelineEntry* out) {
  out->set_actor_user_id(by.user_id());
  out->set_actor_name(by.name());
  out->set_actor_zone(by.zone());
}

// The entry tells of the filing, or of the decision where the event changed only one that was
// there.
void SetFilingEntry(const ev::FilingChanged& body, v1::TimelineEntry* out) {
  SetEntryActor(body.actor(), out);
  out->set_reason(body.reason());
  const bool changed = body.decisions_size() > 0 && !body.decisions(0).previous_state().empty();
  if (changed && body.decisions_size() == 1) {
    out->set_zone(body.decisions(0).zone());
    out->set_from_state(body.decisions(0).previous_state());
    out->set_to_state(body.decisions(0).state());
    return;
  }
  // Whatever changes a filing that is there finds it in review.
  if (changed) out->set_from_state(std::string(Name(FilingState::kInReview)));
  out->set_to_state(body.state());
}

void SetDecisionEntry(const ev::DecisionChanged& body, v1::TimelineEntry* out) {
  SetEntryActor(body.actor(), out);
  out->set_zone(body.decision().zone());
  out->set_from_state(body.decision().previous_state());
  out->set_to_state(body.decision().state());
  out->set_reason(body.reason());
  out->set_on_behalf_of(body.on_behalf_of());
  out->set_on_behalf_of_name(body.on_behalf_of_name());
  out->set_refusal_code(body.refusal_code());
}

}  // namespace

std::vector<std::string> PartiesOf(const std::string& organization_id, const std::string& home_zone,
                                   const std::vector<std::string>& target_zones,
                                   const std::vector<std::string>& extra_parties) {
  std::vector<std::string> parties = {"org:" + organization_id, "zone:" + home_zone};
  for (const std::string& zone : target_zones) parties.push_back("zone:" + zone);
  parties.push_back("leading-group");
  for (const std::string& party : extra_parties) {
    const bool there = std::find(parties.begin(), parties.end(), party) != parties.end();
    if (!there) parties.push_back(party);
  }
  return parties;
}

std::vector<std::string> PartiesOf(const Agreement& agreement) {
  std::vector<std::string> parties;
  for (const std::string& zone : PartyZones(agreement)) parties.push_back("zone:" + zone);
  parties.push_back("leading-group");
  return parties;
}

void AppendItemPublished(db::Tx& tx, const Item& item, const Actor& by) {
  ev::ItemPublished body;
  body.set_item_id(item.item_id);
  body.set_version(item.version);
  SetActor(by, body.mutable_actor());
  outbox::Append(tx,
                 {.subject = "items/" + item.item_id,
                  .version = item.version,
                  .type = "zonelink.recognition.item.published",
                  .parties = {"leading-group"}},
                 body);
}

void AppendAgreementChanged(db::Tx& tx, std::string_view verb, const Agreement& agreement,
                            const Actor& by, std::string_view reason) {
  ev::AgreementChanged body;
  body.set_agreement_id(agreement.id.str());
  body.set_item_id(agreement.item_id);
  body.set_state(std::string(Name(agreement.state)));
  SetActor(by, body.mutable_actor());
  body.set_reason(std::string(reason));
  body.set_amends(agreement.amends.str());
  body.set_replaced_by(agreement.replaced_by.str());
  outbox::Append(tx,
                 {.subject = "agreements/" + agreement.id.str(),
                  .version = agreement.version,
                  .type = fmt::format("zonelink.recognition.agreement.{}", verb),
                  .parties = PartiesOf(agreement)},
                 body);
}

void AppendNegativeListChanged(db::Tx& tx, const ListEntry& entry, const Actor& by) {
  ev::NegativeListChanged body;
  body.set_list(entry.list);
  body.set_entry_id(entry.entry_id);
  body.set_version(entry.version);
  body.set_item_id(entry.item_id);
  SetActor(by, body.mutable_actor());
  body.set_reason(entry.reason);
  std::vector<std::string> parties = {"leading-group"};
  if (entry.list != kCommonList) parties.push_back("zone:" + entry.list);
  outbox::Append(tx,
                 {.subject = fmt::format("negativeLists/{}/entries/{}", entry.list, entry.entry_id),
                  .version = entry.version,
                  .type = fmt::format("zonelink.recognition.negative_list.{}",
                                      entry.retired ? "retired" : "published"),
                  .parties = std::move(parties)},
                 body);
}

outbox::Entry FilingSubmitted(const Filing& filing, const Actor& by,
                              const clocks::CalendarSet& calendars) {
  return outbox::MakeEntry(DraftOf(filing, "submitted", filing.extra_parties), filing.submitted_at,
                           BodyOf(filing, by, "", filing.submitted_at, calendars));
}

void AppendFilingChanged(db::Tx& tx, std::string_view verb, const Filing& filing, const Actor& by,
                         std::string_view reason, const clocks::CalendarSet& calendars) {
  const auto told = ToldNow(tx, filing.id, filing.applicant.organization_id, filing.extra_parties);
  outbox::Append(tx, DraftOf(filing, verb, told), BodyOf(filing, by, reason, tx.now(), calendars));
}

std::string AppendDecisionChanged(db::Tx& tx, const Decision& decision, const FilingHead& filing,
                                  const Actor& by, const Calendar& calendar,
                                  std::string_view rung) {
  ev::DecisionChanged body;
  body.set_filing_id(decision.filing_id.str());
  body.set_filing_state(std::string(Name(filing.state)));
  SetDecision(decision, calendar, tx.now(), body.mutable_decision());
  SetActor(by, body.mutable_actor());
  body.set_reason(std::string(WordsOf(decision)));
  if (decision.step->verb == Verb::kRequestSupplement) {
    for (const std::string& missing : decision.supplement->missing) body.add_missing(missing);
  }
  SetPrincipal(decision, &body);
  body.set_conflict(decision.step->verb == Verb::kDeclareInterest &&
                    DeclarationsOf(decision).back().conflict);
  body.set_refusal_code(decision.refusal_code);
  body.set_article(decision.article);
  body.set_facts(decision.facts);
  body.set_by_clock(!rung.empty());
  body.set_rung(std::string(rung));
  if (decision.closed_at && decision.clock) {
    body.set_used_days(Used(*decision.clock, calendar, *decision.closed_at));
  }
  return outbox::Append(
      tx,
      {.subject = "filings/" + decision.filing_id.str(),
       .version = filing.version,
       .type = fmt::format("{}{}", kDecisionPrefix, Name(decision.step->verb)),
       .parties =
           PartiesOf(decision.applicant, filing.home_zone, filing.target_zones,
                     ToldNow(tx, decision.filing_id, decision.applicant, filing.extra_parties))},
      body);
}

v1::TimelineEntry ToTimelineEntry(const events::v1::Event& event) {
  v1::TimelineEntry entry;
  entry.set_event_id(event.event_id());
  entry.set_receipt_path("/v1/ledger/receipts/" + event.event_id());
  entry.set_type(event.type());
  *entry.mutable_at() = event.at();
  if (StartsWith(event.type(), kFilingPrefix)) {
    ev::FilingChanged body;
    ZL_CHECK(body.ParseFromString(event.body()), "an event that this service wrote");
    SetFilingEntry(body, &entry);
  } else if (StartsWith(event.type(), kDecisionPrefix)) {
    ev::DecisionChanged body;
    ZL_CHECK(body.ParseFromString(event.body()), "an event that this service wrote");
    SetDecisionEntry(body, &entry);
  }
  return entry;
}

}  // namespace zonelink::recognition
