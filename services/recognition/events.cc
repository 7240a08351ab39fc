// SPDX-License-Identifier: Apache-2.0
#include "recognition/events.h"

#include <fmt/format.h>

#include "platform/core/check.h"
#include "zonelink/events/v1/recognition_events.pb.h"

namespace zonelink::recognition {
namespace {

namespace ev = events::v1;

constexpr std::string_view kFilingPrefix = "zonelink.recognition.filing.";
constexpr std::string_view kDecisionPrefix = "zonelink.recognition.decision.";

void SetActor(const Actor& by, ev::Actor* out) {
  out->set_user_id(by.user_id);
  out->set_name(by.name);
  out->set_zone(by.zone);
  out->set_organization_id(by.organization_id);
}

void SetDecision(const Decision& decision, Time now, ev::DecisionState* out) {
  out->set_zone(decision.zone);
  out->set_mode(std::string(Name(decision.mode)));
  out->set_state(std::string(Name(decision.state)));
  if (decision.step) out->set_previous_state(std::string(Name(decision.step->from)));
  out->set_waiting_for(std::string(WaitingFor(decision.state)));
  out->set_recognition_number(decision.recognition_number);
  for (const Verification& verification : decision.verifications) {
    out->add_verified_by(verification.user_id);
  }
  const auto reading = ReadClock(decision, NationalCalendar(), now);
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

ev::FilingChanged BodyOf(const Filing& filing, const Actor& by, std::string_view reason, Time now) {
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
    SetDecision(decision, now, out);
    if (submitted) SetListFindings(decision, out);
  }
  SetActor(by, body.mutable_actor());
  body.set_reason(std::string(reason));
  for (const Document& document : filing.documents) body.add_document_sha256(document.sha256);
  return body;
}

outbox::Draft DraftOf(const Filing& filing, std::string_view verb) {
  return {.subject = "filings/" + filing.id.str(),
          .version = filing.version,
          .type = fmt::format("{}{}", kFilingPrefix, verb),
          .parties =
              PartiesOf(filing.applicant.organization_id, filing.home_zone, filing.target_zones)};
}

std::string_view NameOf(Verb verb) {
  switch (verb) {
    case Verb::kAccept: return "accepted";
    case Verb::kRequestSupplement: return "supplement_requested";
    case Verb::kVerify: return "verified";
    case Verb::kGrant: return "granted";
    case Verb::kRefuse: return "refused";
    case Verb::kSupplement:
    case Verb::kWithdraw: break;
  }
  ZL_CHECK(false, "a verb of officers");
}

bool StartsWith(std::string_view text, std::string_view prefix) {
  return text.substr(0, prefix.size()) == prefix;
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
}

}  // namespace

std::vector<std::string> PartiesOf(const std::string& organization_id, const std::string& home_zone,
                                   const std::vector<std::string>& target_zones) {
  std::vector<std::string> parties = {"org:" + organization_id, "zone:" + home_zone};
  for (const std::string& zone : target_zones) parties.push_back("zone:" + zone);
  parties.push_back("leading-group");
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

outbox::Entry FilingSubmitted(const Filing& filing, const Actor& by) {
  return outbox::MakeEntry(DraftOf(filing, "submitted"), filing.submitted_at,
                           BodyOf(filing, by, "", filing.submitted_at));
}

void AppendFilingChanged(db::Tx& tx, std::string_view verb, const Filing& filing, const Actor& by,
                         std::string_view reason) {
  outbox::Append(tx, DraftOf(filing, verb), BodyOf(filing, by, reason, tx.now()));
}

void AppendDecisionChanged(db::Tx& tx, const Decision& decision, const FilingHead& filing,
                           const Actor& by) {
  ev::DecisionChanged body;
  body.set_filing_id(decision.filing_id.str());
  body.set_filing_state(std::string(Name(filing.state)));
  SetDecision(decision, tx.now(), body.mutable_decision());
  SetActor(by, body.mutable_actor());
  body.set_reason(decision.reason);
  const Verb verb = decision.step->verb;
  if (verb == Verb::kVerify) body.set_reason(decision.verifications.back().opinion);
  if (verb == Verb::kRequestSupplement) {
    body.set_reason(decision.supplement->reason);
    for (const std::string& missing : decision.supplement->missing) body.add_missing(missing);
  }
  body.set_article(decision.article);
  body.set_facts(decision.facts);
  outbox::Append(tx,
                 {.subject = "filings/" + decision.filing_id.str(),
                  .version = filing.version,
                  .type = fmt::format("{}{}", kDecisionPrefix, NameOf(verb)),
                  .parties = PartiesOf(decision.applicant, filing.home_zone, filing.target_zones)},
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
