// SPDX-License-Identifier: Apache-2.0
#include "recognition/domain/vault.h"

#include <fmt/format.h>

#include <algorithm>

#include "recognition/domain/decision_intake.h"

namespace zonelink::recognition {
namespace {

bool Outlasts(const VaultPaper& paper, const VaultPaper& other) {
  if (!other.document.valid_until) return false;
  return !paper.document.valid_until || *paper.document.valid_until > *other.document.valid_until;
}

// Nothing where the zone does not decide.
const Decision* DecisionOf(const Filing& filing, std::string_view zone) {
  const auto found = std::find_if(filing.decisions.begin(), filing.decisions.end(),
                                  [&](const Decision& one) { return one.zone == zone; });
  return found == filing.decisions.end() ? nullptr : &*found;
}

bool Names(const std::vector<std::string>& kinds, const std::string& kind) {
  return std::find(kinds.begin(), kinds.end(), kind) != kinds.end();
}

// Papers that may come later are among those that the item requires.
bool IsAskedFor(const std::string& kind, const Item& item, const Decision& decision) {
  if (kind.empty()) return false;
  if (Names(item.required_documents, kind)) return true;
  const auto& notice = decision.supplement;
  return notice && !notice->answered_at && Names(notice->missing, kind);
}

// No officer acts on another zone's decision, but the applicant owes that zone nothing any more: it
// knows that the paper is in, and goes on if it stood for want of it.
void HandInAll(Filing& filing, const Taker& taker, const std::string& kind) {
  for (Decision& decision : filing.decisions) {
    auto handed = HandIn(decision, {kind}, taker.now);
    if (!handed) continue;
    if (decision.zone == taker.zone || handed->state != decision.state) {
      decision = *std::move(handed);
    } else {
      decision.papers = std::move(handed->papers);
    }
  }
}

}  // namespace

bool ValidOn(const VaultPaper& paper, Date day) {
  if (paper.valid_from && *paper.valid_from > day) return false;
  return !paper.document.valid_until || *paper.document.valid_until >= day;
}

std::vector<VaultPaper> Offered(const std::vector<std::string>& kinds,
                                const std::vector<VaultPaper>& vault, Date today) {
  std::vector<VaultPaper> offered;
  for (const std::string& kind : kinds) {
    const VaultPaper* best = nullptr;
    for (const VaultPaper& paper : vault) {
      if (paper.document.kind != kind || !ValidOn(paper, today)) continue;
      if (best == nullptr || Outlasts(paper, *best)) best = &paper;
    }
    if (best != nullptr) offered.push_back(*best);
  }
  return offered;
}

std::vector<std::string> KindsToTake(const Submission& submission, const Item& item) {
  std::vector<std::string> kinds = MissingDocuments(item, submission.documents);
  std::erase_if(kinds, [&](const std::string& kind) {
    return std::any_of(submission.papers.begin(), submission.papers.end(),
                       [&](const DeferredPaper& paper) { return paper.kind == kind; });
  });
  return kinds;
}

Status CheckNotInVault(const std::vector<std::string>& kinds,
                       const std::vector<std::string>& required,
                       const std::vector<VaultPaper>& vault, Date today) {
  std::vector<std::string> may_be_taken = kinds;
  std::erase_if(may_be_taken, [&](const std::string& kind) { return !Names(required, kind); });
  const auto offered = Offered(may_be_taken, vault, today);
  if (offered.empty()) return Done{};
  const VaultPaper& paper = offered.front();
  const Document& document = paper.document;
  return FailedPrecondition(
      "DOCUMENT_IN_VAULT",
      fmt::format("the vault holds a valid {}: {}", document.kind, document.title),
      {{"kind", document.kind},
       {"title", document.title},
       {"sha256", document.sha256},
       {"documentId", paper.document_id}});
}

Status CheckTaking(const Filing& filing, const Actor& by, std::string_view zone,
                   std::string_view sha256) {
  const Decision* decision = DecisionOf(filing, zone);
  if (decision == nullptr) {
    return PermissionDenied("NOT_DECIDING_ZONE", "the zone does not decide on this filing",
                            {{"zone", std::string(zone)}});
  }
  if (const Status officer = CheckOfficer(*decision, by); !officer) return officer;
  if (!IsOpen(decision->state)) {
    return FailedPrecondition("DECISION_NOT_OPEN", "the decision is over",
                              {{"state", std::string(Name(decision->state))}});
  }
  const auto there = std::find_if(filing.documents.begin(), filing.documents.end(),
                                  [&](const Document& one) { return one.sha256 == sha256; });
  if (there == filing.documents.end()) return Done{};
  return FailedPrecondition(
      "DOCUMENT_TAKEN", "the file holds it",
      {{"kind", there->kind}, {"title", there->title}, {"sha256", there->sha256}});
}

Result<Filing> TakeFromVault(Filing filing, const Taker& taker, const Document& paper,
                             const Item& item) {
  const Status may = CheckTaking(filing, taker.by, taker.zone, paper.sha256);
  if (!may) return may.error();
  if (!IsAskedFor(paper.kind, item, *DecisionOf(filing, taker.zone))) {
    // What else the vault holds is not told.
    return FailedPrecondition("DOCUMENT_NOT_ASKED",
                              "neither the item nor an open notice asks for papers of its kind");
  }
  filing.documents.push_back(paper);
  HandInAll(filing, taker, paper.kind);
  ++filing.version;
  return filing;
}

}  // namespace zonelink::recognition
