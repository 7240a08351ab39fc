// SPDX-License-Identifier: Apache-2.0
// Carries the plans out through the public API.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "deploy/sample/account_plan.h"
#include "deploy/sample/actors.h"
#include "deploy/sample/agreement_plan.h"
#include "deploy/sample/chores.h"
#include "deploy/sample/crew.h"
#include "deploy/sample/filing_plan.h"
#include "deploy/sample/progress.h"
#include "deploy/sample/sample_data.h"
#include "deploy/sample/vault_paper.h"

namespace zonelink::sample {

struct Year {
  SampleData data;
  std::vector<AccountPlan> accounts;
  std::vector<AgreementPlan> agreements;
  std::vector<VaultPaper> papers;
  std::vector<Chore> chores;
  std::vector<FilingPlan> filings;
  YearTerms terms;

  // Commands that carry it out.
  size_t Steps() const;
};

// Makes the account and grants its role. The answer is the account.
Result<client::JsonDocument> MakeAccount(client::Api& api, Actors& actors, uint64_t seed,
                                         const AccountPlan& account,
                                         const std::string& organization_id);

class Player {
 public:
  Player(const Year& year, Actors& actors, Crew& crew, Progress& progress);

  // The first refusal stops it; every command has a key from the seed, so that it can be played
  // again.
  Status Play(Time clock_now);

 private:
  struct Slot;
  Status Organizations();
  Status Accounts();
  Status Items();
  Status NegativeLists();
  Status Vaults();
  Status HandIn(client::Api& api, const VaultPaper& paper);
  Status Draft(client::Api& api, size_t index);
  Status End(client::Api& api, size_t index);
  Status DoChore(client::Api& api, const Chore& chore);
  Status Carry(client::Api& api, size_t filing, const Step& step);
  Status Read(client::Api& api, size_t filing, const Step& step);
  Status AdvanceTo(Time moment);
  Status PlaySlot(const Slot& slot);
  Result<client::JsonDocument> Command(client::Api& api, const std::string& username,
                                       std::string path, std::string body, const std::string& name);
  std::map<int, Slot> Slots() const;
  std::vector<std::string> WhoActsInOrder(const std::map<int, Slot>& slots) const;
  std::string WithIds(std::string body) const;

  const Year& year_;
  Actors& actors_;
  Crew& crew_;
  Progress& progress_;
  Time clock_now_{};
  std::map<std::string, std::string> organization_ids_;  // by USCC; filled before they are read
  std::map<std::string, std::string> user_ids_;          // by username; likewise
  std::vector<std::string> filing_ids_;                  // each touched by one task at a time
  std::vector<std::string> agreement_ids_;               // likewise
};

}  // namespace zonelink::sample
