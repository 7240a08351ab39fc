// SPDX-License-Identifier: Apache-2.0
// Mutual-recognition agreements 互认协议: which target zones recognise an item from which home
// zones, and how.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "platform/core/id.h"
#include "platform/core/result.h"
#include "platform/core/time.h"
#include "recognition/domain/actor.h"
#include "recognition/domain/item.h"

namespace zonelink::recognition {

using AgreementId = Id<struct AgreementTag>;

enum class AgreementState { kDrafted, kInForce, kSuspended, kTerminated };

std::string_view Name(AgreementState state);                // IN_FORCE
AgreementState AgreementStateNamed(std::string_view name);  // crashes on any other name

struct Signature {
  std::string zone;
  std::string signed_by;  // user id
  Time signed_at;
};

// A pair of zones that an agreement in force covers.
struct Route {
  AgreementId agreement_id;
  std::string home_zone;
  std::string target_zone;
  Mode mode = Mode::kNone;
};

struct Agreement {
  AgreementId id;
  std::string item_id;
  std::vector<std::string> home_zones;    // whose decisions are recognised
  std::vector<std::string> target_zones;  // that recognise; a zone may be on both sides
  Mode mode = Mode::kReview;
  Date valid_from;
  Date valid_until;  // last day
  AgreementState state = AgreementState::kDrafted;
  std::vector<Signature> signatures;
  int64_t version = 1;
};

// Every zone on either side, once, sorted.
std::vector<std::string> PartyZones(const Agreement& agreement);
// Every pair of different zones from one side to the other.
std::vector<Route> Routes(const Agreement& agreement);

// Drafting. Refuses `FOREIGN_ZONE` (only the secretariat drafts for zones it does not serve),
// `AGREEMENT_DATES`, `AGREEMENT_ZONES`, `AGREEMENT_MODE`.
Result<Agreement> Draft(Agreement agreement, const Item& item, const Actor& by, bool secretariat,
                        Time now);
// The actor's zone signs; the last signature puts the agreement in force. Refuses
// `FOREIGN_ZONE`, `AGREEMENT_NOT_DRAFTED`, `AGREEMENT_SIGNED`.
Result<Agreement> Sign(Agreement agreement, const Actor& by, Time now);
// Refuses `AGREEMENT_NOT_IN_FORCE`.
Result<Agreement> Suspend(Agreement agreement);
// Refuses `AGREEMENT_TERMINATED`.
Result<Agreement> Terminate(Agreement agreement);

}  // namespace zonelink::recognition
