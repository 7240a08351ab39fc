// SPDX-License-Identifier: Apache-2.0
// Recognitions: what a granted decision gives, verifiable by its number without login.
#pragma once

#include <span>
#include <string>

#include "platform/core/result.h"
#include "platform/core/time.h"
#include "platform/db/database.h"
#include "recognition/domain/decision.h"
#include "recognition/domain/filing.h"

namespace zonelink::recognition {

// The public part.
struct Recognition {
  std::string number;
  std::string item_id;
  std::string item_name_zh;
  std::string item_name_en;
  std::string home_zone;
  std::string zone;  // that recognises
  Date valid_from;
  Date valid_until;      // last day
  std::string effect;    // VALID, SUSPENDED, REVOKED
  Scope scope;           // of a partial grant, without its period
  std::string event_id;  // of the grant; empty: not known
};

namespace recognition_store {

// NotFound `RECOGNITION_NOT_FOUND`.
Result<Recognition> Get(db::Tx& tx, const std::string& number);

// What filings just submitted were granted at once, in one statement. `event_ids`: of the events of
// the filings, in their order.
void Insert(db::Tx& tx, std::span<const Filing* const> filings,
            std::span<const std::string> event_ids);

}  // namespace recognition_store
}  // namespace zonelink::recognition
