// SPDX-License-Identifier: Apache-2.0
// Plausible contents of a filing: attributes, credential, papers. Pure.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "deploy/sample/dice.h"
#include "deploy/sample/sample_data.h"
#include "deploy/sample/vault_paper.h"
#include "platform/core/time.h"

namespace zonelink::sample {

// What makes an entry of a negative list apply.
struct ListedMatter {
  std::map<std::string, std::string> attributes;  // name -> JSON
  std::string article;                            // that the entry cites
};

// Of an item whose attributes an entry of the common list reads; nothing for the others.
std::optional<ListedMatter> ListedMatterOf(const Item& item, Dice& dice);

// What the contents of one filing follow from.
struct FilingFacts {
  size_t number = 0;
  const Item* item = nullptr;
  const Enterprise* enterprise = nullptr;
  std::string filer;  // who acts for the enterprise: its own filer, or an agent's
  std::vector<std::string> targets;
  Date filed_on;
  Date decided_by;            // the credential is valid at least until then
  std::string missing_paper;  // kind left out of the papers; empty: none
  std::string deferred_kind;  // kind promised for `deferred_until`; empty: none
  Date deferred_until;
  bool promise = false;
  bool scoped = false;  // says what the origin document covers
  std::optional<ListedMatter> listed;
  std::string refile_of;       // FilingMark of the filing whose papers are taken over; empty: none
  std::string former_missing;  // kind that it lacked
  std::vector<VaultPaper> vault;  // those of its papers that the vault holds
};

// Body of the submission.
std::string FilingJson(const FilingFacts& facts, Dice& dice);

// One paper as in a filing's `documents`.
std::string PaperJson(const FilingFacts& facts, const std::string& kind);

// Chinese name of a kind of paper; the kind itself when it has none.
std::string PaperName(const std::string& kind);

}  // namespace zonelink::sample
