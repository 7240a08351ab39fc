// SPDX-License-Identifier: Apache-2.0
#include "deploy/sample/words.h"

namespace zonelink::sample::words {

const Texts& Opinions() {
  static const Texts texts = {"材料齐全，与原证信息一致", "已向发证片区核对编号与有效期，一致",
                              "经核查，符合互认条件", "属性与协议约定相符，建议认可"};
  return texts;
}
const Texts& BadOpinions() {
  static const Texts texts = {"原证范围与申报内容不一致", "发证机关回复编号与主体不符",
                              "现场核查发现条件已发生变化"};
  return texts;
}
const Texts& GrantReasons() {
  static const Texts texts = {"符合互认协议约定，予以认可", "核查通过，予以认可",
                              "材料真实有效，范围一致，予以认可"};
  return texts;
}
const Texts& Withdrawals() {
  static const Texts texts = {"业务安排调整，暂不需要", "申报事项选择有误，将重新申报", ""};
  return texts;
}
const Texts& Questions() {
  static const Texts texts = {"请确认原证编号、持证主体与有效期是否一致",
                              "请说明发证时现场核查的结论和日期", "请确认该证是否有变更或限制记录"};
  return texts;
}
const Texts& Answers() {
  static const Texts texts = {"经核对发证档案，编号、主体、有效期均一致",
                              "发证时现场核查合格，无变更和限制记录",
                              "该证有效，近一年检查无不良记录"};
  return texts;
}
const Texts& Consultations() {
  static const Texts texts = {"该企业拟跨区开展业务，请就贵片区监管口径提出意见",
                              "请就互认范围是否影响贵片区在办事项提出意见"};
  return texts;
}
const Texts& Agreements() {
  static const Texts texts = {"无不同意见，同意互认", "与我区监管口径一致，同意"};
  return texts;
}
const Texts& Disagreements() {
  static const Texts texts = {"该企业在我区有未结案的行政处罚，建议不予互认",
                              "两地标准尚不一致，不同意直接互认"};
  return texts;
}
const Texts& Hearings() {
  static const Texts texts = {"涉及周边利害关系人，依法举行听证", "申请人要求听证，已公告听证日期"};
  return texts;
}
const Texts& Returns() {
  static const Texts texts = {"核查意见未说明有效期起算，请补充后重报",
                              "核查记录缺少第二处地址，退回补正", "引用的协议版本有误，请更正"};
  return texts;
}
const Texts& Recusals() {
  static const Texts texts = {"本人与申请人的负责人是近亲属，申请回避",
                              "本人曾在申请人处任职，申请回避"};
  return texts;
}
const Texts& Extensions() {
  static const Texts texts = {"案情复杂，需跨片区核实，经批准延长期限",
                              "材料数量大，经批准延长期限"};
  return texts;
}
const Texts& Reminders() {
  static const Texts texts = {"项目即将开工，请尽快办理", "合同交付日期临近，恳请加快办理"};
  return texts;
}
const Texts& Conditions() {
  static const Texts texts = {"补充提交经营场所消防验收合格材料", "完成冷链设备验证并上传记录",
                              "补充提交专职人员的社会保险缴纳证明", "在本片区完成联系人和地址备案"};
  return texts;
}
const Texts& Evidence() {
  static const Texts texts = {"已上传验收材料，核对无误", "现场复核，条件已满足"};
  return texts;
}
const Texts& NotRequired() {
  static const Texts texts = {"该业务不在本片区办理，凭原证即可开展，无需互认",
                              "原证已载明全国有效，无需办理"};
  return texts;
}
const Texts& Authorities() {
  static const Texts texts = {"省级主管部门政务服务窗口", "所在地设区的市行政审批局",
                              "属地海关综合业务处"};
  return texts;
}
const Texts& BrokenPromises() {
  static const Texts texts = {"现场未见承诺的办公场所，责令限期改正",
                              "从业人员数量少于承诺，责令限期改正"};
  return texts;
}

const std::vector<Refusal>& Refusals() {
  static const std::vector<Refusal> refusals = {
      {"SCOPE_NOT_COVERED", "申报的活动超出原证载明的范围"},
      {"CREDENTIAL_NOT_GENUINE", "发证机关回复编号与主体不符"},
      {"FACTS_NOT_CONFIRMED", "现场核查未见申报材料所述设备"},
      {"CONDITIONS_NOT_MET", "现场核查发现条件已发生变化，不再符合标准"},
      {"STANDARDS_DIFFER", "两地限量标准不一致，原结论不能直接采用"},
  };
  return refusals;
}

const std::vector<Exclusion>& Exclusions() {
  static const std::vector<Exclusion> exclusions = {
      {"TESTING", "送检样品，检测期间不计入办理期限"},
      {"EXPERT_REVIEW", "组织专家评审，评审期间不计入办理期限"},
      {"INSPECTION", "现场检验，检验期间不计入办理期限"},
      {"APPRAISAL", "委托鉴定，鉴定期间不计入办理期限"},
  };
  return exclusions;
}

Texts ActivitiesOf(const Item& item) {
  if (item.item_class == "LICENCE") return {"批发", "零售", "仓储"};
  if (item.item_class == "QUALIFICATION") return {"执业", "技术咨询", "培训"};
  if (item.item_class == "ORIGIN_CERTIFICATE") return {"出口申报", "享受协定税率"};
  if (item.item_class == "BUSINESS_REGISTRATION")
    return {"货物进出口", "仓储服务", "供应链管理服务"};
  if (item.item_class == "INSPECTION_RESULT") return {"进口验放", "境内销售"};
  return {"片区内实施", "跨片区实施"};
}

std::string ArticleOf(const Item& item) {
  constexpr std::string_view kFallback = "行政许可法 §38";
  const size_t sign = item.source.find("§");
  if (sign == std::string::npos) return std::string(kFallback);
  size_t start = item.source.rfind(';', sign);
  start = start == std::string::npos ? 0 : start + 1;
  const size_t colon = item.source.rfind(": ", sign);
  if (colon != std::string::npos && colon > start) start = colon + 2;
  while (item.source[start] == ' ') ++start;
  size_t end = sign + std::string_view("§").size();
  while (end < item.source.size() && item.source[end] >= '0' && item.source[end] <= '9') ++end;
  return item.source.substr(start, end - start);
}

}  // namespace zonelink::sample::words
