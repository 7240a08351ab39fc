// SPDX-License-Identifier: Apache-2.0
// What waits, in a sentence for the reader. Pure.
#pragma once

#include <string>

#include "worklist/domain/work.h"

namespace zonelink::worklist {

struct Sentence {
  std::string zh;
  std::string en;
};
// Why it waits for the reader, and why it presses.
Sentence Why(Action action, Reason reason, const CaseFacts& facts);

}  // namespace zonelink::worklist
