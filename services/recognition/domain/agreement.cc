// SPDX-License-Identifier: Apache-2.0
#include "recognition/domain/agreement.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>

namespace zonelink::recognition {
namespace {

bool Contains(const std::vector<std::string>& zones, const std::string& zone) {
  return std::find(zones.begin(), zones.end(), zone) != zones.end();
}

bool Repeats(const std::vector<std::string>& zones) {
  return std::set<std::string>(zones.begin(), zones.end()).size() != zones.size();
}

bool MayApply(Mode mode, const Item& item) {
  switch (mode) {
    case Mode::kNationwide: return item.default_mode == Mode::kNationwide && !item.excluded_class;
    case Mode::kAutomatic:
    case Mode::kNotify: return !item.excluded_class;
    case Mode::kReview:
    case Mode::kNone: return true;
  }
  return false;
}

Error NotInForce(AgreementState state) {
  return FailedPrecondition("AGREEMENT_NOT_IN_FORCE", fmt::format("is {}", Name(state)),
                            {{"state", std::string(Name(state))}});
}

Error Ended() { return FailedPrecondition("AGREEMENT_TERMINATED", "has ended for good"); }

}  // namespace

std::string_view Name(AgreementState state) {
  switch (state) {
    case AgreementState::kDrafted: return "DRAFTED";
    case AgreementState::kInForce: return "IN_FORCE";
    case AgreementState::kSuspended: return "SUSPENDED";
    case AgreementState::kTerminated: return "TERMINATED";
  }
  return "";
}

AgreementState AgreementStateNamed(std::string_view name) {
  for (const AgreementState state : {AgreementState::kDrafted, AgreementState::kInForce,
                                     AgreementState::kSuspended, AgreementState::kTerminated}) {
    if (Name(state) == name) return state;
  }
  ZL_CHECK(false, "an agreement's state by its name");
}

std::vector<std::string> PartyZones(const Agreement& agreement) {
  std::set<std::string> zones(agreement.home_zones.begin(), agreement.home_zones.end());
  zones.insert(agreement.target_zones.begin(), agreement.target_zones.end());
  return {zones.begin(), zones.end()};
}

std::vector<Route> Routes(const Agreement& agreement) {
  std::vector<Route> routes;
  for (const std::string& home : agreement.home_zones) {
    for (const std::string& target : agreement.target_zones) {
      if (home == target) continue;
      routes.push_back({agreement.id, home, target, agreement.mode});
    }
  }
  return routes;
}

Result<Agreement> Draft(Agreement agreement, const Item& item, const Actor& by, bool secretariat,
                        Time now) {
  if (!secretariat && !Contains(PartyZones(agreement), by.zone)) {
    return PermissionDenied("FOREIGN_ZONE", "a zone administrator drafts only for the own zone");
  }
  if (agreement.valid_from > agreement.valid_until || agreement.valid_until < ShanghaiDate(now)) {
    return InvalidArgument("AGREEMENT_DATES", "the last day is before the first, or over");
  }
  if (Repeats(agreement.home_zones) || Repeats(agreement.target_zones) ||
      Routes(agreement).empty()) {
    return InvalidArgument("AGREEMENT_ZONES",
                           "each zone once a side, and at least one pair of different zones");
  }
  if (!MayApply(agreement.mode, item)) {
    return InvalidArgument(
        "AGREEMENT_MODE",
        fmt::format("{} is not possible for {}", Name(agreement.mode), item.item_id),
        {{"mode", std::string(Name(agreement.mode))}});
  }
  agreement.state = AgreementState::kDrafted;
  return agreement;
}

Result<Agreement> Sign(Agreement agreement, const Actor& by, Time now) {
  if (agreement.state != AgreementState::kDrafted) {
    return FailedPrecondition("AGREEMENT_NOT_DRAFTED", fmt::format("is {}", Name(agreement.state)),
                              {{"state", std::string(Name(agreement.state))}});
  }
  if (!Contains(PartyZones(agreement), by.zone)) {
    return PermissionDenied("FOREIGN_ZONE", "only party zones sign");
  }
  const auto& signatures = agreement.signatures;
  if (std::any_of(signatures.begin(), signatures.end(),
                  [&](const Signature& signature) { return signature.zone == by.zone; })) {
    return FailedPrecondition("AGREEMENT_SIGNED", fmt::format("{} has signed", by.zone),
                              {{"zone", by.zone}});
  }
  agreement.signatures.push_back({by.zone, by.user_id, now});
  if (agreement.signatures.size() == PartyZones(agreement).size()) {
    agreement.state = AgreementState::kInForce;
  }
  ++agreement.version;
  return agreement;
}

Result<Agreement> Amend(const Agreement& current, Agreement next) {
  if (current.state == AgreementState::kDrafted) return NotInForce(current.state);
  if (current.state == AgreementState::kTerminated) return Ended();
  next.item_id = current.item_id;
  next.valid_from = current.valid_from;
  next.amends = current.id;
  next.revision = current.revision + 1;
  if (PartyZones(next) != PartyZones(current)) {
    return InvalidArgument("AMENDMENT_PARTIES", "an amendment is between the same zones as before");
  }
  return next;
}

Result<Agreement> Replace(Agreement old, const Agreement& amendment) {
  if (old.state == AgreementState::kTerminated) return Ended();
  old.state = AgreementState::kTerminated;
  old.replaced_by = amendment.id;
  old.suspended_by.clear();
  ++old.version;
  return old;
}

Result<Agreement> Suspend(Agreement agreement, const Actor& by) {
  if (agreement.state != AgreementState::kInForce) return NotInForce(agreement.state);
  agreement.state = AgreementState::kSuspended;
  agreement.suspended_by = by.zone;
  ++agreement.version;
  return agreement;
}

Result<Agreement> Resume(Agreement agreement, const Actor& by) {
  if (agreement.state != AgreementState::kSuspended) {
    return FailedPrecondition("AGREEMENT_NOT_SUSPENDED",
                              fmt::format("is {}", Name(agreement.state)),
                              {{"state", std::string(Name(agreement.state))}});
  }
  // Nobody knows who suspended what was suspended before that was kept: then any party may.
  if (!agreement.suspended_by.empty() && agreement.suspended_by != by.zone) {
    return PermissionDenied("NOT_SUSPENDING_ZONE",
                            fmt::format("{} suspended it", agreement.suspended_by),
                            {{"zone", agreement.suspended_by}});
  }
  agreement.state = AgreementState::kInForce;
  agreement.suspended_by.clear();
  ++agreement.version;
  return agreement;
}

Result<Agreement> Terminate(Agreement agreement) {
  if (agreement.state == AgreementState::kTerminated) return Ended();
  agreement.suspended_by.clear();
  agreement.state = AgreementState::kTerminated;
  ++agreement.version;
  return agreement;
}

}  // namespace zonelink::recognition
