// SPDX-License-Identifier: Apache-2.0
#include "worklist/domain/work.h"

#include <fmt/format.h>

#include <algorithm>
#include <initializer_list>
#include <string_view>

namespace zonelink::worklist {
namespace {

// A page of an inbox has a hundred sentences: they are joined, not formatted.
std::string Joined(std::initializer_list<std::string_view> parts) {
  size_t size = 0;
  for (const std::string_view part : parts) size += part.size();
  std::string out;
  out.reserve(size);
  for (const std::string_view part : parts) out += part;
  return out;
}

Work ForZone(Action action, std::string role, const DecisionNews& decision) {
  Work work{.action = action, .party = "zone:" + decision.zone, .roles = {std::move(role)}};
  if (action != Action::kAccept) work.excluded_users = decision.verified_by;
  return work;
}

Work ForApplicant(const std::string& organization_id) {
  return Work{.action = Action::kSupplement,
              .party = "org:" + organization_id,
              .roles = {"filer", "enterprise_admin"}};
}

Work WithClock(Work work, const std::optional<ClockNews>& clock) {
  if (!clock || !clock->running) return work;
  work.due_on = clock->due_on;
  work.provisional = clock->provisional;
  work.budget_days = clock->budget_days;
  return work;
}

}  // namespace

std::string_view Name(Action action) {
  switch (action) {
    case Action::kAccept: return "accept";
    case Action::kVerify: return "verify";
    case Action::kDecide: return "decide";
    case Action::kSupplement: return "supplement";
  }
  ZL_CHECK(false, "an action without a name");
}

std::optional<Action> ParseAction(std::string_view name) {
  for (const Action action :
       {Action::kAccept, Action::kVerify, Action::kDecide, Action::kSupplement}) {
    if (Name(action) == name) return action;
  }
  return std::nullopt;
}

Result<std::optional<Work>> WhatWaits(const DecisionNews& decision,
                                      const std::string& organization_id) {
  const auto& state = decision.state;
  std::optional<Work> work;
  if (state == "PENDING") {
    work = ForZone(Action::kAccept, "verifier", decision);
  } else if (state == "ACCEPTED") {
    work = ForZone(Action::kVerify, "verifier", decision);
  } else if (state == "VERIFIED") {
    work = ForZone(Action::kDecide, "reviewer", decision);
  } else if (state == "SUPPLEMENTING") {
    work = ForApplicant(organization_id);
  } else if (state != "GRANTED" && state != "REFUSED" && state != "WITHDRAWN") {
    return Internal(fmt::format("unknown state of a decision: {}", state));
  }
  if (!work) return work;
  return std::optional(WithClock(*std::move(work), decision.clock));
}

int RemainingDays(const Calendar& calendar, Date due_on, int budget_days, Date today) {
  // A late case stays late over a weekend, on which no working day is counted.
  if (due_on < today) return std::min<int>(-1, -static_cast<int>(calendar.Count(due_on, today)));
  const auto left = calendar.Count(today - std::chrono::days(1), due_on);
  return static_cast<int>(std::min<int64_t>(budget_days, left));
}

Sentence Why(Action action, const CaseFacts& facts) {
  const std::string& applicant = facts.applicant_name;
  const std::string& zh = facts.item_name_zh;
  const std::string& en = facts.item_name_en;
  switch (action) {
    case Action::kAccept:
      return {Joined({applicant, "的“", zh, "”申报已送达本区，等待受理。"}),
              Joined({"A filing by ", applicant, " for “", en,
                      "” has arrived in your zone and waits to be accepted."})};
    case Action::kVerify:
      return {Joined({applicant, "的“", zh, "”申报已受理，等待您核查；您尚未核查过。"}),
              Joined({"A filing by ", applicant, " for “", en,
                      "” is accepted and waits for a verifier who has not verified it yet."})};
    case Action::kDecide:
      return {Joined({applicant, "的“", zh, "”申报已核查，等待未参与核查的审核人员决定。"}),
              Joined({"A filing by ", applicant, " for “", en,
                      "” is verified and waits for a decision by a reviewer who did not verify "
                      "it."})};
    case Action::kSupplement:
      return {Joined({"“", zh, "”申报需要补正材料，补正后审批时限继续计算。"}),
              Joined({"Your filing for “", en,
                      "” lacks papers; the authority's clock stands until you hand them in."})};
  }
  ZL_CHECK(false, "an action without a sentence");
}

}  // namespace zonelink::worklist
