// SPDX-License-Identifier: Apache-2.0
// Bodies of the calls that set the sample year up. Pure.
#pragma once

#include <string>

#include "deploy/sample/account_plan.h"
#include "deploy/sample/agreement_plan.h"
#include "deploy/sample/sample_data.h"
#include "deploy/sample/vault_paper.h"
#include "platform/core/time.h"

namespace zonelink::sample {

std::string OrganizationJson(const Enterprise& enterprise);
std::string AccountJson(const AccountPlan& account, const std::string& organization_id,
                        const std::string& password);
// `deferrable`: a required paper that may be handed in later; empty: none.
std::string ItemJson(const Item& item, const std::string& deferrable);
std::string EntryJson(const ListEntry& entry);
std::string AgreementJson(const AgreementPlan& plan, Date first_day);
std::string UploadJson(const VaultPaper& paper);

}  // namespace zonelink::sample
