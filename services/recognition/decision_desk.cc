// SPDX-License-Identifier: Apache-2.0
#include "recognition/decision_desk.h"

#include <algorithm>
#include <optional>

#include "recognition/convert.h"
#include "recognition/decision_store.h"
#include "recognition/domain/decision_deadline.h"
#include "recognition/officer_store.h"
#include "recognition/requests.h"

namespace zonelink::recognition {
namespace {

// How the decision stood when it was refused. Whoever lost to somebody else is shown what that one
// did.
Metadata Standing(const Decision& d) {
  Metadata standing = {{"state", std::string(Name(d.state))}, {"etag", std::to_string(d.version)}};
  if (!d.decided_by.empty()) standing.emplace_back("decidedBy", d.decided_by);
  if (d.closed_at) standing.emplace_back("decidedAt", FormatTime(*d.closed_at));
  return standing;
}

bool IsConflict(const Error& error) {
  return error.code == Code::kFailedPrecondition || error.code == Code::kAborted ||
         error.code == Code::kAlreadyExists;
}

Error WithStanding(Error error, const Metadata& standing) {
  for (const auto& [name, value] : standing) {
    const std::string& wanted = name;
    const bool there = std::any_of(error.metadata.begin(), error.metadata.end(),
                                   [&](const auto& known) { return known.first == wanted; });
    if (!there) error.metadata.emplace_back(name, value);
  }
  return error;
}

// The principal still serves the zone in every role that was lent.
bool Holds(db::Tx& tx, const review::Act& delegated, const std::string& zone) {
  const auto principal = officer_store::Get(tx, delegated.user_id);
  if (!principal || principal->zone != zone) return false;
  const Actor now{.user_id = principal->user_id, .zone = zone, .roles = principal->roles};
  const std::vector<std::string> roles = PersonOf(now, zone).roles;
  return std::all_of(delegated.roles.begin(), delegated.roles.end(), [&](const std::string& role) {
    return std::find(roles.begin(), roles.end(), role) != roles.end();
  });
}

// Whoever acts on a case of the own zone may do so in the place of another.
Actor WithLent(db::Tx& tx, Actor by, const Decision& d) {
  if (by.zone == d.zone && !d.zone.empty()) {
    by.lent = officer_store::LentTo(tx, by.user_id, d.zone, tx.now());
  }
  if (!d.line) return by;
  for (const review::Act& act : d.line->record.acts) {
    const bool lent = act.kind == review::Kind::kDelegated && act.other_user_id == by.user_id;
    if (lent && !Holds(tx, act, d.zone)) by.lapsed.push_back(act.user_id);
  }
  return by;
}

}  // namespace

Result<v1::Decision> DecisionDesk::Change(const Call& call,
                                          const google::protobuf::Message& request,
                                          const Target& target, const Rule& rule) {
  const Actor caller = ActorOf(call);
  const auto calendars = calendars_.Now();
  const decision_store::Rules rules{Deadlines(), *calendars};
  const Calendar& calendar = calendars->For(target.zone);
  Metadata standing;
  auto done = database_.Command<v1::Decision>(call, request, [&](db::Tx& tx) {
    standing.clear();
    Actor by = caller;
    return decision_store::Lock(tx, FilingId(target.filing_id), target.zone)
        .and_then([&](Decision d) {
          standing = Standing(d);
          return CheckEtag(std::move(d), target.etag);
        })
        .and_then([&](Decision d) {
          by = WithLent(tx, caller, d);
          return rule(std::move(d), by, tx);
        })
        .and_then([&](Decision d) { return decision_store::Save(tx, std::move(d), by, rules); })
        .transform([&](const Decision& d) { return ToProto(d, calendar, tx.now()); });
  });
  if (!done && IsConflict(done.error())) return WithStanding(done.error(), standing);
  return done;
}

}  // namespace zonelink::recognition
