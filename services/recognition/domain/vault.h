// SPDX-License-Identifier: Apache-2.0
// Once only: what an enterprise's vault holds and is valid is offered, not asked for.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "platform/core/result.h"
#include "platform/core/time.h"
#include "recognition/domain/actor.h"
#include "recognition/domain/filing.h"
#include "recognition/domain/item.h"

namespace zonelink::recognition {

// A paper in the applicant's vault.
struct VaultPaper {
  std::string document_id;
  Document document;
  std::optional<Date> valid_from;  // empty: from ever
};

bool ValidOn(const VaultPaper& paper, Date day);

// One paper of the vault for each of these kinds that it holds: of those valid on `today` the one
// that is so longest, among equals the first. `vault`: newest first.
std::vector<VaultPaper> Offered(const std::vector<std::string>& kinds,
                                const std::vector<VaultPaper>& vault, Date today);

// What the item asks for and the submission neither has nor promises for later.
std::vector<std::string> KindsToTake(const Submission& submission, const Item& item);

// May this be asked for? Not what the vault holds, is valid and may be taken, which are papers of
// kinds that the item requires: FailedPrecondition `DOCUMENT_IN_VAULT`, with a pointer to the
// paper. Of other kinds nothing is told.
Status CheckNotInVault(const std::vector<std::string>& kinds,
                       const std::vector<std::string>& required,
                       const std::vector<VaultPaper>& vault, Date today);

// May an officer of the zone take a paper of these bytes into the file, if the vault holds it?
// Refuses `NOT_DECIDING_ZONE`, `OWN_ORGANIZATION`, `RECUSED`, `RECUSAL_PENDING`,
// `DECISION_NOT_OPEN`, `DOCUMENT_TAKEN` (the file holds it already).
Status CheckTaking(const Filing& filing, const Actor& by, std::string_view zone,
                   std::string_view sha256);

// Who takes, for which zone, and when.
struct Taker {
  const Actor& by;
  std::string_view zone;
  Time now;
};

// An officer of the zone takes a paper of the applicant's vault into the file. `item`: the version
// that the filing pins. One that was promised for later is handed in by it, for every zone: the
// others' decisions take a step only where they stood for want of it alone. Refuses what
// CheckTaking refuses, and `DOCUMENT_NOT_ASKED`: papers of the kind are asked for neither by the
// item nor by a notice of the zone that waits for its answer.
Result<Filing> TakeFromVault(Filing filing, const Taker& taker, const Document& paper,
                             const Item& item);

}  // namespace zonelink::recognition
