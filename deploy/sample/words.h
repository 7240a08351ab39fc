// SPDX-License-Identifier: Apache-2.0
// What people of the sample year write. Invented.
#pragma once

#include <string>
#include <vector>

#include "deploy/sample/sample_data.h"

namespace zonelink::sample::words {

using Texts = std::vector<std::string>;

const Texts& Opinions();
const Texts& BadOpinions();
const Texts& GrantReasons();
const Texts& Withdrawals();
const Texts& Questions();  // to the home zone
const Texts& Answers();
const Texts& Consultations();  // questions to other zones
const Texts& Agreements();     // opinions of other zones
const Texts& Disagreements();
const Texts& Hearings();
const Texts& Returns();
const Texts& Recusals();
const Texts& Extensions();
const Texts& Reminders();
const Texts& Conditions();
const Texts& Evidence();
const Texts& NotRequired();
const Texts& Authorities();  // that would be competent
const Texts& BrokenPromises();

// Why a recognition is refused: the code that is the same in all zones, and what was found.
struct Refusal {
  const char* code;
  const char* facts;
};
const std::vector<Refusal>& Refusals();

// Time that does not count: ground as the API names it, and why.
struct Exclusion {
  const char* ground;
  const char* reason;
};
const std::vector<Exclusion>& Exclusions();

// Activities that an origin document of the item's class covers; at least two.
Texts ActivitiesOf(const Item& item);

// The article an item's source cites, for example 食品安全法 §35.
std::string ArticleOf(const Item& item);

}  // namespace zonelink::sample::words
