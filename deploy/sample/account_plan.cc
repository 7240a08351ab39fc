// SPDX-License-Identifier: Apache-2.0
#include "deploy/sample/account_plan.h"

#include "deploy/sample/chores.h"

namespace zonelink::sample {
namespace {

struct Post {
  const char* prefix;
  const char* title;
  const char* role;
  const char* department;
};

constexpr Post kPosts[] = {
    {"verifier-", "核查员一", "verifier", "受理核查科"},
    {"verifier2-", "核查员二", "verifier", "受理核查科"},
    {"reviewer-", "审批员", "reviewer", "审批科"},
    {"inspector1-", "查验员一", "inspector", "查验科"},
    {"inspector2-", "查验员二", "inspector", "查验科"},
    {"inspector3-", "查验员三", "inspector", "查验科"},
    {"inspector4-", "查验员四", "inspector", "查验科"},
    {"releaser-", "放行员", "releaser", "查验科"},
    {"admin-", "片区管理员", "zone_admin", "管委会办公室"},
};

}  // namespace

std::string AdminOf(const Enterprise& enterprise) { return enterprise.username + "-admin"; }

std::vector<AccountPlan> PlanAccounts(const SampleData& data) {
  std::vector<AccountPlan> accounts = {
      {kFirstAccount, "领导小组秘书处", "secretariat"},
      {"auditor", "审计员", "auditor"},
      {"evaluator", "第三方评估员", "evaluator"},
  };
  for (const Zone& zone : data.zones) {
    for (const Post& post : kPosts) {
      accounts.push_back({post.prefix + zone.zone, zone.name_zh + post.title, post.role, zone.zone,
                          post.department});
    }
  }
  for (size_t i = 0; i < data.enterprises.size(); ++i) {
    AccountPlan account{data.enterprises[i].username, data.enterprises[i].name_zh + "申报员",
                        "filer"};
    account.enterprise = i;
    accounts.push_back(account);
  }
  for (const Mandate& mandate : Mandates()) {
    const Enterprise& principal = data.enterprises[mandate.principal];
    AccountPlan account{AdminOf(principal), principal.name_zh + "管理员", "enterprise_admin"};
    account.enterprise = mandate.principal;
    accounts.push_back(account);
  }
  return accounts;
}

}  // namespace zonelink::sample
