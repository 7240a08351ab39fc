// SPDX-License-Identifier: Apache-2.0
#include "recognition/domain/decision_refusal.h"

#include <algorithm>
#include <array>

namespace zonelink::recognition {
namespace {

constexpr std::array kReasons = {
    RefusalReason{"CONDITIONS_NOT_MET", "不符合法定条件、标准",
                  "the conditions and standards of the law are not met", "行政许可法 §38", false},
    RefusalReason{"FACTS_NOT_CONFIRMED", "经核查，申请材料的实质内容不属实",
                  "what the papers state did not stand up to verification", "", true},
    RefusalReason{"CREDENTIAL_NOT_GENUINE", "所依据的证照不真实", "the credential is not genuine",
                  "", true},
    RefusalReason{"CREDENTIAL_NOT_IN_FORCE", "所依据的证照已失效或者被中止、撤销",
                  "the credential has lapsed, or was suspended or revoked", "", true},
    RefusalReason{"SCOPE_NOT_COVERED", "申请的范围超出所依据证照的范围",
                  "it asks for more than the credential covers", "", true},
    RefusalReason{"ON_NEGATIVE_LIST", "列入负面清单", "an entry of a negative list bars it", "",
                  true},
    RefusalReason{"STANDARDS_DIFFER", "所在地与本地的标准不一致",
                  "the standards of the two zones differ on this matter", "", true},
    RefusalReason{"ZONES_DISAGREE", "征求意见的片区反对", "zones that were asked disagree", "",
                  true},
    RefusalReason{kOtherRefusal, "其他原因，见事实和理由",
                  "another ground: see the facts and the reason", "", true},
};

}  // namespace

std::span<const RefusalReason> RefusalReasons() { return kReasons; }

bool IsRefusalCode(std::string_view code) {
  return std::any_of(kReasons.begin(), kReasons.end(),
                     [&](const RefusalReason& reason) { return reason.code == code; });
}

}  // namespace zonelink::recognition
