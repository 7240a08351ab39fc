// SPDX-License-Identifier: Apache-2.0
// Mandates 委托代理: an organisation lets another act for it, for named items and acts, from one
// day to another. 行政许可法 §29, practice-unverified.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "directory/domain/account.h"
#include "platform/core/call.h"
#include "platform/core/result.h"
#include "platform/core/time.h"

namespace zonelink::directory {

// What an agent may do for the principal.
enum class Act { kFile, kSupplement, kWithdraw, kRead };
std::string_view Name(Act act);  // as stored, for example "file"
std::optional<Act> ParseAct(std::string_view name);

enum class MandateState { kActive, kRevoked };
std::string_view Name(MandateState state);  // as stored, for example "ACTIVE"
std::optional<MandateState> ParseMandateState(std::string_view name);

// What a mandate allows, and when.
struct MandateTerms {
  std::vector<std::string> item_ids;  // sorted, each once; empty: all
  std::vector<Act> acts;              // in the order of Act, each once
  Date valid_from;
  Date valid_until;  // last day
  std::string note;
};

// Organisations as registered when it was given.
struct Mandate {
  std::string mandate_id;
  Organization principal;
  Organization agent;
  MandateTerms terms;
  MandateState state = MandateState::kActive;
  std::string granted_by;
  Time granted_at;
  std::optional<std::string> revoked_by;
  std::optional<std::string> revoked_by_organization_id;
  std::optional<Time> revoked_at;
  std::optional<std::string> revoke_reason;
  int64_t version = 1;
};

// Terms in their one form. InvalidArgument `MANDATE_ACT_UNKNOWN`.
Result<MandateTerms> ToTerms(std::vector<std::string> item_ids,
                             const std::vector<std::string>& acts);

// `by` acts for `principal`. InvalidArgument `MANDATE_TO_ONESELF`, `MANDATE_PERIOD`: it may not
// begin before today, nor end before it begins, nor span more than three years.
Result<Mandate> GiveMandate(MandateTerms terms, const Caller& by, const Organization& principal,
                            const Organization& agent, Time now);

// By either side; the other organisation's users do not see it. NotFound `MANDATE_NOT_FOUND`;
// FailedPrecondition `MANDATE_REVOKED`.
Result<Mandate> EndMandate(Mandate mandate, const Caller& by, std::string reason, Time now);

}  // namespace zonelink::directory
