// SPDX-License-Identifier: Apache-2.0
// Papers that an enterprise hands in once, and that its filings name by their hash. Pure.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "deploy/sample/sample_data.h"

namespace zonelink::sample {

struct VaultPaper {
  size_t enterprise = 0;
  std::string kind;
  std::string title;
  std::string contents;  // a PDF of one page
  std::string sha256;
};

// The paper of this kind in the enterprise's vault; nothing where it hands it in with each filing.
std::optional<VaultPaper> VaultPaperOf(const SampleData& data, size_t enterprise,
                                       const std::string& kind);

// All papers of all vaults, in the order of the enterprises.
std::vector<VaultPaper> PlanVaults(const SampleData& data);

}  // namespace zonelink::sample
