// SPDX-License-Identifier: Apache-2.0
#include "recognition/domain/filing.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "recognition/domain/decision_intake.h"

namespace zonelink::recognition {
namespace {

using Outcome = Prospect::Outcome;

Outcome OutcomeOf(Mode mode) {
  switch (mode) {
    case Mode::kNationwide: return Outcome::kNoCaseNeeded;
    case Mode::kAutomatic: return Outcome::kAutomatic;
    case Mode::kNotify: return Outcome::kPromiseNeeded;
    case Mode::kReview: return Outcome::kDecisionNeeded;
    case Mode::kNone: return Outcome::kNotCovered;
  }
  return Outcome::kNotCovered;
}

// Whatever was found goes to a person, in every mode.
Prospect Screened(Prospect prospect, const Coverage& coverage) {
  prospect.findings = FindingsOf(coverage.findings, prospect.zone);
  if (prospect.findings.empty() || prospect.outcome == Outcome::kNoCaseNeeded) return prospect;
  prospect.mode = Mode::kReview;
  prospect.outcome =
      AnyHit(prospect.findings) ? Outcome::kOnNegativeList : Outcome::kDecisionNeeded;
  return prospect;
}

Prospect ProspectOf(const Coverage& coverage, const std::string& zone) {
  if (coverage.item.default_mode == Mode::kNationwide) {
    return {.zone = zone, .outcome = Outcome::kNoCaseNeeded, .mode = Mode::kNationwide};
  }
  for (const Route& route : coverage.routes) {
    if (route.target_zone != zone) continue;
    Prospect prospect{zone, OutcomeOf(route.mode), route.mode, route.agreement_id};
    return prospect.outcome == Outcome::kNotCovered ? prospect : Screened(prospect, coverage);
  }
  return {.zone = zone};
}

Status CheckCredential(const Credential& credential, const Scope& scope, Date today) {
  if (credential.issued_on > today || credential.issued_on >= credential.valid_until) {
    return InvalidArgument("CREDENTIAL_DATES", "issued after today, or not before its last day");
  }
  const Date last_day = LastDay(scope, credential.valid_until);
  if (last_day < today) {
    return FailedPrecondition("CREDENTIAL_EXPIRED", "the credential is no longer valid",
                              {{"validUntil", FormatDate(last_day)}});
  }
  return Done{};
}

// May the filing be submitted to this zone?
Status CheckProspect(const Prospect& prospect, bool promise) {
  const Metadata zone = {{"zone", prospect.zone}};
  switch (prospect.outcome) {
    case Outcome::kNoCaseNeeded:
      return FailedPrecondition("NO_CASE_NEEDED", "valid everywhere by law", zone);
    case Outcome::kNotCovered:
      return FailedPrecondition("NOT_COVERED", fmt::format("no agreement with {}", prospect.zone),
                                zone);
    case Outcome::kPromiseNeeded:
      if (!promise) {
        return FailedPrecondition("PROMISE_MISSING",
                                  fmt::format("{} asks for a promise", prospect.zone), zone);
      }
      return Done{};
    case Outcome::kAutomatic:
    case Outcome::kOnNegativeList:
    case Outcome::kDecisionNeeded: return Done{};
  }
  return Done{};
}

// The promised finish of the zone that finishes first. Zones that decide at once promise none.
Date FirstFinish(const Item& item, const std::vector<Prospect>& prospects, const Moment& moment) {
  const auto finish = [&](std::string_view calendar) {
    return moment.calendars.For(calendar).Nth(ShanghaiDate(moment.now), BudgetOf(item));
  };
  std::optional<Date> first;
  for (const Prospect& prospect : prospects) {
    if (prospect.mode != Mode::kReview) continue;
    const Date here = finish(prospect.zone);
    if (!first || here < *first) first = here;
  }
  return first ? *first : finish(clocks::kNational);
}

// 容缺受理: only what the item lets come later, promised for a day before the promised finish.
Status CheckPapers(const Submission& s, const Item& item, const std::vector<Prospect>& prospects,
                   const Moment& moment) {
  if (s.papers.empty()) return Done{};
  const Date today = ShanghaiDate(moment.now);
  const Date finish = FirstFinish(item, prospects, moment);
  // Where every zone decides at once nobody would wait for the paper, nor take it.
  const bool awaited =
      std::any_of(prospects.begin(), prospects.end(),
                  [](const Prospect& prospect) { return prospect.mode == Mode::kReview; });
  std::set<std::string> kinds;
  for (const DeferredPaper& paper : s.papers) {
    const auto& may = item.deferrable_documents;
    const bool deferrable = std::find(may.begin(), may.end(), paper.kind) != may.end();
    const bool there = std::any_of(s.documents.begin(), s.documents.end(),
                                   [&](const Document& d) { return d.kind == paper.kind; });
    if (!awaited || !deferrable || there || !kinds.insert(paper.kind).second) {
      return InvalidArgument("PAPER_NOT_DEFERRABLE",
                             fmt::format("{} cannot come later", paper.kind),
                             {{"kind", paper.kind}});
    }
    if (paper.promised_on <= today || paper.promised_on > finish) {
      return InvalidArgument("PAPER_PROMISE",
                             fmt::format("after today and not after {}", FormatDate(finish)),
                             {{"kind", paper.kind}, {"latest", FormatDate(finish)}});
    }
  }
  return Done{};
}

// The decision as it stands at submission.
Decision Receive(const Filing& filing, const Prospect& prospect, const Item& item,
                 std::string_view draw) {
  Decision decision{.filing_id = filing.id,
                    .zone = prospect.zone,
                    .home_zone = filing.home_zone,
                    .applicant = filing.applicant.organization_id,
                    .credential_valid_until = filing.credential.valid_until,
                    .agreement_id = prospect.agreement_id,
                    .mode = prospect.mode,
                    .verifiers_needed = item.verifiers_needed,
                    .terms = TermsOf(item),
                    .origin_scope = filing.scope,
                    .screening = prospect.findings};
  const Time now = filing.submitted_at;
  if (prospect.mode == Mode::kReview) {
    decision.clock = WorkingClock{.budget = BudgetOf(item), .started_at = now};
    decision.line = review::Line{ReviewPlan(decision.zone, item.verifiers_needed), {}};
    decision.papers = filing.papers;
    for (const DeferredPaper& paper : filing.papers) {
      StartClockUntil(decision, "paper/" + paper.kind, "PAPER", paper.promised_on, now);
    }
    return decision;
  }
  decision.state = DecisionState::kGranted;
  decision.recognition_number = RecognitionNumber(now, draw);
  decision.closed_at = now;
  if (prospect.mode == Mode::kNotify) {
    decision.promise = PromiseState::kToCheck;
    StartClock(decision, "promise", "PROMISE", decision.terms.promise_check, now);
  }
  return decision;
}

bool AnyOpen(const std::vector<Decision>& decisions) {
  return std::any_of(decisions.begin(), decisions.end(),
                     [](const Decision& decision) { return IsOpen(decision.state); });
}

Status CheckApplicant(const Filing& filing, const Actor& by) {
  if (by.organization_id == filing.applicant.organization_id) return Done{};
  if (filing.agency && filing.agency->agent_organization_id == by.organization_id) return Done{};
  return PermissionDenied("FOREIGN_APPLICANT", "another organisation applied");
}

// The decision whose notice is answered.
Result<Decision*> Asking(Filing& filing, std::string_view zone) {
  std::vector<Decision*> asking;
  for (Decision& decision : filing.decisions) {
    if (!zone.empty() && decision.zone != zone) continue;
    if (decision.state == DecisionState::kSupplementing) asking.push_back(&decision);
  }
  if (asking.empty()) return FailedPrecondition("SUPPLEMENT_NOT_ASKED", "no open notice");
  if (asking.size() > 1) {
    return InvalidArgument("SUPPLEMENT_ZONE_NEEDED", "several zones asked: say which is answered");
  }
  return asking[0];
}

}  // namespace

std::string_view Name(FilingState state) {
  switch (state) {
    case FilingState::kInReview: return "IN_REVIEW";
    case FilingState::kClosed: return "CLOSED";
    case FilingState::kWithdrawn: return "WITHDRAWN";
  }
  return "";
}

FilingState FilingStateNamed(std::string_view name) {
  for (const FilingState state :
       {FilingState::kInReview, FilingState::kClosed, FilingState::kWithdrawn}) {
    if (Name(state) == name) return state;
  }
  ZL_CHECK(false, "a filing's state by its name");
}

Result<std::vector<Prospect>> Foresee(const Coverage& coverage, std::string_view home_zone,
                                      std::vector<std::string> target_zones) {
  std::sort(target_zones.begin(), target_zones.end());
  const bool repeated =
      std::adjacent_find(target_zones.begin(), target_zones.end()) != target_zones.end();
  if (repeated ||
      std::find(target_zones.begin(), target_zones.end(), home_zone) != target_zones.end()) {
    return InvalidArgument("TARGET_ZONES", "each target zone once, and not the home zone");
  }
  if (!coverage.unknown_zones.empty()) {
    const std::string& zone = coverage.unknown_zones[0];
    return NotFound("ZONE_NOT_FOUND", fmt::format("no zone {}", zone), {{"zone", zone}});
  }
  std::vector<Prospect> prospects;
  for (const std::string& zone : target_zones) prospects.push_back(ProspectOf(coverage, zone));
  return prospects;
}

std::vector<std::string> MissingDocuments(const Item& item,
                                          const std::vector<Document>& documents) {
  std::vector<std::string> missing;
  for (const std::string& kind : item.required_documents) {
    const bool there = std::any_of(documents.begin(), documents.end(),
                                   [&](const Document& document) { return document.kind == kind; });
    if (!there) missing.push_back(kind);
  }
  return missing;
}

int BudgetOf(const Item& item) {
  return item.joint_budget_days > 0 ? item.joint_budget_days : item.budget_working_days;
}

Result<Filing> Submit(const Submission& s, const Actor& by, const Coverage& coverage,
                      const Draws& draws, const Moment& moment) {
  const Time now = moment.now;
  if (!s.agency && s.applicant.uscc != by.uscc) {
    return PermissionDenied("FOREIGN_APPLICANT", "the applicant is the caller's own organisation");
  }
  const auto prospects = Foresee(coverage, s.home_zone, s.target_zones);
  if (!prospects) return prospects.error();
  if (const Status ok = CheckAttributes(coverage.item, s.attributes); !ok) return ok.error();
  if (const Status ok = CheckCredential(s.credential, s.scope, ShanghaiDate(now)); !ok)
    return ok.error();
  for (const Prospect& prospect : *prospects) {
    if (const Status ok = CheckProspect(prospect, s.promise); !ok) return ok.error();
  }
  if (const Status ok = CheckPapers(s, coverage.item, *prospects, moment); !ok) return ok.error();
  const std::chrono::year_month_day today(ShanghaiDate(now));
  Filing filing{
      .id = draws.filing_id,
      .receipt_number = fmt::format("ZL{}-{}", static_cast<int>(today.year()), draws.receipt),
      .submitted_at = now,
      .submitted_by = by.user_id,
      .item_id = coverage.item.item_id,
      .item_version = coverage.item.version,
      .item_name_zh = coverage.item.name_zh,
      .item_name_en = coverage.item.name_en,
      .home_zone = s.home_zone,
      .target_zones = s.target_zones,
      .applicant = s.applicant,
      .credential = s.credential,
      .attributes = s.attributes,
      .promised = s.promise,
      .documents = s.documents,
      .papers = s.papers,
      .scope = s.scope,
      .refile_of = s.refile_of};
  for (size_t i = 0; i < prospects->size(); ++i) {
    filing.decisions.push_back(
        Receive(filing, (*prospects)[i], coverage.item, draws.recognitions[i]));
  }
  if (!AnyOpen(filing.decisions)) filing.state = FilingState::kClosed;
  filing.agency = s.agency;
  if (s.agency) filing.extra_parties.push_back("org:" + s.agency->agent_organization_id);
  return filing;
}

Result<std::vector<Document>> TakeOver(const Filing& former, const Submission& s, Date today) {
  if (former.applicant.organization_id != s.applicant.organization_id) {
    return PermissionDenied("FOREIGN_APPLICANT", "another organisation applied");
  }
  if (AnyOpen(former.decisions)) {
    return FailedPrecondition("REFILE_NOT_CLOSED", "the former filing is still in review",
                              {{"receiptNumber", former.receipt_number}});
  }
  std::vector<Document> papers = s.documents;
  for (const Document& paper : former.documents) {
    if (paper.valid_until && *paper.valid_until < today) continue;
    const bool there = std::any_of(papers.begin(), papers.end(), [&](const Document& d) {
      return d.sha256 == paper.sha256 || (!d.kind.empty() && d.kind == paper.kind);
    });
    if (!there) papers.push_back(paper);
  }
  return papers;
}

Result<Filing> Withdraw(Filing filing, const Actor& by, std::string_view reason, Time now) {
  if (const Status ok = CheckApplicant(filing, by); !ok) return ok.error();
  if (!AnyOpen(filing.decisions)) {
    return FailedPrecondition("FILING_NOT_OPEN", fmt::format("is {}", Name(filing.state)),
                              {{"state", std::string(Name(filing.state))}});
  }
  bool decided = false;
  for (Decision& decision : filing.decisions) {
    if (!IsOpen(decision.state)) {
      decided = true;
      continue;
    }
    auto withdrawn = Withdraw(std::move(decision), std::string(reason), now);
    if (!withdrawn) return withdrawn.error();
    decision = *std::move(withdrawn);
  }
  filing.state = decided ? FilingState::kClosed : FilingState::kWithdrawn;
  ++filing.version;
  return filing;
}

Result<Filing> Supplement(Filing filing, const Actor& by, std::string_view zone,
                          const std::vector<Document>& papers, Time now) {
  if (const Status ok = CheckApplicant(filing, by); !ok) return ok.error();
  std::vector<std::string> kinds;
  for (const Document& paper : papers) kinds.push_back(paper.kind);
  bool deferred = false;
  for (Decision& decision : filing.decisions) {
    auto handed = HandIn(decision, kinds, now);
    if (!handed) continue;
    decision = *std::move(handed);
    deferred = true;
  }
  const auto asking = Asking(filing, zone);
  if (!asking && (!deferred || asking.error().reason != "SUPPLEMENT_NOT_ASKED")) {
    return asking.error();
  }
  if (asking) {
    auto answered = Supplement(**asking, now);
    if (!answered) return answered.error();
    **asking = *std::move(answered);
  }
  ++filing.version;
  return filing;
}

std::string DuplicateKey(std::string_view item_id, const Credential& credential) {
  return fmt::format("{}\n{}\n{}", item_id, credential.issuer, credential.number);
}

}  // namespace zonelink::recognition
