// SPDX-License-Identifier: Apache-2.0
#include "deploy/sample/grant_course.h"

#include "deploy/sample/words.h"
#include "gateway/cli/json.h"

namespace zonelink::sample {

using client::JsonWriter;

std::vector<Step> GrantCourse::Play(int submitted, bool promised) {
  int slot = submitted;
  if (dice_.Chance(10)) {
    slot = times_.After(slot, dice_.Between(0, 3), dice_);
    steps_.push_back(
        {slot, Deed::kDeliver, zone_, "reviewer-" + zone_, R"({"method":"电子送达"})"});
  }
  if (promised) Check(slot);
  return std::move(steps_);
}

// 告知承诺: kept, put right after the check, or broken, which the clock ends.
void GrantCourse::Check(int& slot) {
  const auto check = [&](bool met, const std::string& findings) {
    JsonWriter json;
    json.Begin('{').Key("met").Truth(met).Field("findings", findings).End('}');
    steps_.push_back({slot, Deed::kCheckPromise, zone_, "verifier-" + zone_, json.Take()});
  };
  slot = times_.After(slot, dice_.Between(4, 30), dice_);
  const int roll = dice_.Between(1, 100);
  if (roll <= 75) return check(true, "承诺属实");
  check(false, dice_.Pick(words::BrokenPromises()));
  if (roll > 88) return;
  slot = times_.After(slot, dice_.Between(3, 12), dice_);
  check(true, "已按期改正");
}

}  // namespace zonelink::sample
