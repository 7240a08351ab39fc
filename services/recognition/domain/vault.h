// SPDX-License-Identifier: Apache-2.0
// Once only: what an enterprise's vault holds and is valid is offered, not asked for.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "platform/core/time.h"
#include "recognition/domain/filing.h"

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

}  // namespace zonelink::recognition
