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
  std::string condition = {};     // predicate over attributes; empty: none
  AgreementId amends = {};        // that this one replaces when in force; empty: a first version
  int revision = 1;               // counts the versions
  AgreementId replaced_by = {};   // once replaced
  std::string suspended_by = {};  // zone, while suspended
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
// What is to replace `current` and still to be drafted: for the same item, from the same first day.
// Refuses `AGREEMENT_NOT_IN_FORCE` (a draft), `AGREEMENT_TERMINATED`, `AMENDMENT_PARTIES` (other
// zones than before: they could not all sign the end of the old one).
Result<Agreement> Amend(const Agreement& current, Agreement next);
// The old one ends as the amendment comes into force. Refuses `AGREEMENT_TERMINATED`.
Result<Agreement> Replace(Agreement old, const Agreement& amendment);
// Refuses `AGREEMENT_NOT_IN_FORCE`.
Result<Agreement> Suspend(Agreement agreement, const Actor& by);
// By the zone that suspended it. Refuses `AGREEMENT_NOT_SUSPENDED`, `NOT_SUSPENDING_ZONE`.
Result<Agreement> Resume(Agreement agreement, const Actor& by);
// Refuses `AGREEMENT_TERMINATED`.
Result<Agreement> Terminate(Agreement agreement);

}  // namespace zonelink::recognition
