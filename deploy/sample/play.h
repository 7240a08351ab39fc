// SPDX-License-Identifier: Apache-2.0
// Carries the plans out through the public API.
#pragma once

#include <cstdint>
#include <map>
#include <mutex>
#include <string>
#include <vector>

#include "deploy/sample/account_plan.h"
#include "deploy/sample/actors.h"
#include "deploy/sample/agreement_plan.h"
#include "deploy/sample/crew.h"
#include "deploy/sample/filing_plan.h"
#include "deploy/sample/progress.h"
#include "deploy/sample/sample_data.h"

namespace zonelink::sample {

struct Year {
  SampleData data;
  std::vector<AccountPlan> accounts;
  std::vector<AgreementPlan> agreements;
  std::vector<FilingPlan> filings;
  Date first_day;
  uint64_t seed = 0;

  // Commands that carry it out.
  size_t Steps() const;
};

// What came of it, as the server answered.
struct Outcome {
  std::map<std::string, int> agreements;  // by state
  std::map<std::string, int> filings;
  std::map<std::string, int> decisions;
  std::string recognition_number;  // one to try
};

// Makes the account and grants its role. The answer is the account.
Result<client::JsonDocument> MakeAccount(client::Api& api, Actors& actors, uint64_t seed,
                                         const AccountPlan& account,
                                         const std::string& organization);

class Player {
 public:
  Player(const Year& year, Actors& actors, Crew& crew, Progress& progress);

  // The first refusal stops it; every command has a key from the seed, so that it can be played
  // again.
  Status Play(Time clock_now);
  Outcome Count() const;

 private:
  struct Slot;
  Status Accounts();
  Status Items();
  Status NegativeLists();
  Status Draft(client::Api& api, size_t index);
  Status End(client::Api& api, size_t index);
  Status Carry(client::Api& api, size_t filing, const Step& step);
  Status FollowUp(client::Api& api, size_t filing, const Step& step, const client::Json& reply);
  Status AdvanceTo(Time moment);
  Result<client::JsonDocument> Command(client::Api& api, const std::string& username,
                                       std::string path, std::string body, const std::string& name);
  std::map<int, Slot> Slots() const;
  void NoteFiling(size_t filing, const client::Json& reply);
  void NoteDecision(size_t filing, const client::Json& decision);

  struct FilingRecord {
    std::string filing_id;
    std::string state;
    std::map<std::string, std::string> decisions;  // zone -> state
    std::string recognition_number;
  };
  struct AgreementRecord {
    std::string agreement_id;
    std::string state;
  };

  const Year& year_;
  Actors& actors_;
  Crew& crew_;
  Progress& progress_;
  Time clock_now_{};
  std::vector<FilingRecord> filings_;        // each touched by one task at a time
  std::vector<AgreementRecord> agreements_;  // likewise
};

}  // namespace zonelink::sample
