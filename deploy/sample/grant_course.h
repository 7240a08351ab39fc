// SPDX-License-Identifier: Apache-2.0
// What becomes of a grant at submission. Pure.
#pragma once

#include <string>
#include <vector>

#include "deploy/sample/deeds.h"
#include "deploy/sample/dice.h"
#include "deploy/sample/timetable.h"

namespace zonelink::sample {

// Its delivery, and the check of the promise on which it was granted, if it was.
class GrantCourse {
 public:
  GrantCourse(const std::string& zone, const Timetable& times, Dice& dice)
      : zone_(zone), times_(times), dice_(dice) {}
  std::vector<Step> Play(int submitted, bool promised);

 private:
  void Check(int& slot);
  const std::string zone_;
  const Timetable& times_;
  Dice& dice_;
  std::vector<Step> steps_;
};

}  // namespace zonelink::sample
