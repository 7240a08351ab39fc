// SPDX-License-Identifier: Apache-2.0
// What people do with a filing in the sample year, and how the API calls it. Pure.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace zonelink::sample {

enum class Deed {
  // Of the whole filing.
  kSubmit,
  kSupplement,
  kWithdraw,
  // Of one zone's decision: intake.
  kAccept,
  kCorrect,
  kDeclareNotRequired,
  kDeclareWrongAuthority,
  kRequestSupplement,
  // Review.
  kVerify,
  kAddVerifier,
  kReturn,
  kTakeBack,
  kQueryHome,
  kAnswerQuery,
  kRequestOpinions,
  kGiveOpinion,
  kSuspend,
  kResume,
  kExtend,
  // Who acts.
  kDelegate,
  kDeclareInterest,
  kRecuse,
  kRequestRecusal,
  kDecideRecusal,
  kReassign,
  kRemind,
  // The end, and what follows a grant.
  kGrant,
  kGrantPartial,
  kGrantConditional,
  kRefuse,
  kDeliver,
  kCheckPromise,
  kConfirmCondition,
  // Reads one of the filing's papers in the vault.
  kRead
};

// As in the path of the call: requestSupplement. Empty for what is no command of a filing.
std::string_view Verb(Deed deed);

// The call names no zone.
bool AboutWholeFiling(Deed deed);

// Every day has two moments at which something happens: slot 2·day in the morning, 2·day + 1 in the
// afternoon.
struct Step {
  int slot = 0;
  Deed deed = Deed::kSubmit;
  std::string zone;  // that decides; empty where the deed is the filing's
  std::string username;
  // JSON, with the ids that only the server knows as UserMark and FilingMark; of kRead the paper's
  // hash.
  std::string body;
};

// Stand for ids in a step's body until it is carried out.
std::string UserMark(std::string_view username);
std::string FilingMark(size_t number);

}  // namespace zonelink::sample
