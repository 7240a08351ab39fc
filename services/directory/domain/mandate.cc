// SPDX-License-Identifier: Apache-2.0
#include "directory/domain/mandate.h"

#include <fmt/format.h>

#include <algorithm>

namespace zonelink::directory {
namespace {

constexpr Act kActs[] = {Act::kFile, Act::kSupplement, Act::kWithdraw, Act::kRead};
constexpr int kLongestYears = 3;

// The day before the same day three years on; of 29 February the last of the month.
Date LastAllowed(Date from) {
  using std::chrono::year_month_day;
  year_month_day same = year_month_day{from} + std::chrono::years{kLongestYears};
  if (!same.ok()) same = same.year() / same.month() / std::chrono::last;
  return Date{same} - std::chrono::days{1};
}

Error BadPeriod(std::string_view why, Date earliest, Date latest) {
  const std::string first = FormatDate(earliest);
  const std::string last = FormatDate(latest);
  return InvalidArgument("MANDATE_PERIOD", fmt::format("{}: {} to {}", why, first, last),
                         {{"first", first}, {"last", last}});
}

}  // namespace

std::string_view Name(Act act) {
  switch (act) {
    case Act::kFile: return "file";
    case Act::kSupplement: return "supplement";
    case Act::kWithdraw: return "withdraw";
    case Act::kRead: return "read";
  }
  return "";
}

std::optional<Act> ParseAct(std::string_view name) {
  for (const Act act : kActs) {
    if (Name(act) == name) return act;
  }
  return std::nullopt;
}

std::string_view Name(MandateState state) {
  switch (state) {
    case MandateState::kActive: return "ACTIVE";
    case MandateState::kRevoked: return "REVOKED";
  }
  return "";
}

std::optional<MandateState> ParseMandateState(std::string_view name) {
  for (const MandateState state : {MandateState::kActive, MandateState::kRevoked}) {
    if (Name(state) == name) return state;
  }
  return std::nullopt;
}

Result<MandateTerms> ToTerms(std::vector<std::string> item_ids,
                             const std::vector<std::string>& acts) {
  MandateTerms terms{.item_ids = std::move(item_ids)};
  std::sort(terms.item_ids.begin(), terms.item_ids.end());
  terms.item_ids.erase(std::unique(terms.item_ids.begin(), terms.item_ids.end()),
                       terms.item_ids.end());
  for (const std::string& name : acts) {
    const std::optional<Act> act = ParseAct(name);
    if (!act) return InvalidArgument("MANDATE_ACT_UNKNOWN", "no such act", {{"act", name}});
    terms.acts.push_back(*act);
  }
  std::sort(terms.acts.begin(), terms.acts.end());
  terms.acts.erase(std::unique(terms.acts.begin(), terms.acts.end()), terms.acts.end());
  return terms;
}

Result<Mandate> GiveMandate(MandateTerms terms, const Caller& by, const Organization& principal,
                            const Organization& agent, Time now) {
  if (agent.organization_id == principal.organization_id) {
    return InvalidArgument("MANDATE_TO_ONESELF", "an organisation acts for itself anyway");
  }
  const Date today = ShanghaiDate(now);
  if (terms.valid_from < today) {
    return BadPeriod("it does not begin before today", today, LastAllowed(today));
  }
  if (terms.valid_until < terms.valid_from || terms.valid_until > LastAllowed(terms.valid_from)) {
    return BadPeriod("it spans a day to three years", terms.valid_from,
                     LastAllowed(terms.valid_from));
  }
  return Mandate{.principal = principal,
                 .agent = agent,
                 .terms = std::move(terms),
                 .granted_by = by.user_id,
                 .granted_at = now};
}

Result<Mandate> EndMandate(Mandate mandate, const Caller& by, std::string reason, Time now) {
  const bool party = by.organization_id == mandate.principal.organization_id ||
                     by.organization_id == mandate.agent.organization_id;
  if (!party) return NotFound("MANDATE_NOT_FOUND", "no such mandate");
  if (mandate.state == MandateState::kRevoked) {
    return FailedPrecondition("MANDATE_REVOKED", "the mandate was ended already");
  }
  mandate.state = MandateState::kRevoked;
  mandate.revoked_by = by.user_id;
  mandate.revoked_by_organization_id = by.organization_id;
  mandate.revoked_at = now;
  mandate.revoke_reason = std::move(reason);
  return mandate;
}

}  // namespace zonelink::directory
