// SPDX-License-Identifier: Apache-2.0
// Plausible contents of a filing: attributes, credential, papers.
#pragma once

#include <string>
#include <vector>

#include "deploy/sample/dice.h"
#include "deploy/sample/sample_data.h"
#include "platform/core/time.h"

namespace zonelink::sample {

// What the contents of one filing follow from.
struct FilingFacts {
  size_t number = 0;
  const Item* item = nullptr;
  const Enterprise* enterprise = nullptr;
  std::vector<std::string> targets;
  Date filed_on;
  Date decided_by;            // the credential is valid at least until then
  std::string missing_paper;  // kind left out of the papers; empty: none
  bool promise = false;
};

// Body of the submission.
std::string FilingJson(const FilingFacts& facts, Dice& dice);

// One paper as in a filing's `documents`.
std::string PaperJson(const FilingFacts& facts, const std::string& kind);

// Chinese name of a kind of paper; the kind itself when it has none.
std::string PaperName(const std::string& kind);

}  // namespace zonelink::sample
