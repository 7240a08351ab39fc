// SPDX-License-Identifier: Apache-2.0
#include "deploy/sample/attributes.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <string_view>

#include "deploy/sample/words.h"
#include "gateway/cli/json.h"
#include "platform/crypto/crypto.h"

namespace zonelink::sample {
namespace {

using client::JsonWriter;
using std::chrono::days;
using Choices = std::map<std::string_view, std::vector<std::string>>;

const Choices& TextChoices() {
  static const Choices choices = {
      {"hsCode", {"854231", "870829", "300490", "851762", "940360", "210690", "901890", "610910"}},
      {"originCriterion", {"WO", "PE", "PSR", "RVC"}},
      {"unit", {"PCS", "KGM", "TNE", "SET"}},
      {"addresses", {"保税区路 88 号；临港大道 300 号", "自贸大厦 5 层；综合保税区 2 号库"}},
      {"activity", {"货物进出口", "供应链管理服务", "医疗器械批发", "电子产品销售"}},
      {"newAddress", {"片区创新路 18 号", "综合保税区服务中心 6 层", "临空经济区 3 号楼"}},
      {"profession", {"建造师", "会计师", "建筑师", "造价工程师"}},
      {"grade", {"一级", "二级", "A", "B"}},
      {"homeQualification", {"注册建筑师（香港）", "会计师（澳门）", "一级建造师"}},
      {"lawFirm", {"示例律师事务所", "示例联合律师事务所"}},
      {"practiceCategory", {"临床", "口腔", "中医"}},
      {"practiceScope", {"内科", "外科", "口腔", "中医"}},
      {"institution", {"示例第一医院", "示例国际门诊部"}},
      {"field", {"集成电路", "生物医药", "航运服务", "人工智能"}},
      {"businessKind", {"食品销售", "餐饮服务", "单位食堂"}},
      {"productCategory", {"调味品", "糕点", "饮料", "乳制品"}},
      {"parameter", {"二氧化硫残留量", "菌落总数", "铅"}},
      {"statusNow", {"有效"}},
      {"laboratory", {"示例检测技术有限公司", "示例海关技术中心"}},
      {"outcome", {"合格", "放行", "合格（抽样）"}},
      {"labelKind", {"绿色工厂", "绿色产品", "绿色供应链"}},
      {"businessScope",
       {"第三类医疗器械批发", "境内旅游招徕", "入境旅游接待", "第三类医疗器械零售"}},
      {"productionScope", {"片剂", "硬胶囊剂", "小容量注射剂"}},
      {"site", {"生物医药产业园 1 号厂房", "药谷大道 66 号"}},
      {"serviceScope", {"职业中介", "劳务派遣", "人力资源培训"}},
      {"branchAddress", {"滨江路 9 号", "自贸大街 101 号"}},
      {"subject", {"证照分离", "先出区后报关", "一业一证", "容缺受理"}},
      {"projectCategory", {"electronics", "new-energy", "auto-parts", "food", "logistics"}},
      {"buildKind", {"new", "expand", "rebuild"}},
      {"riverBasin", {"none", "yangtze", "yellow"}},
      {"basinReach", {"lower", "middle"}},
  };
  return choices;
}

const std::map<std::string_view, std::string_view>& PaperNames() {
  static const std::map<std::string_view, std::string_view> names = {
      {"origin-certificate", "原产地证书"},
      {"commercial-invoice", "商业发票"},
      {"packing-list", "装箱单"},
      {"business-licence", "营业执照"},
      {"address-use-proof", "住所使用证明"},
      {"promise", "承诺书"},
      {"change-application", "变更登记申请书"},
      {"electronic-certificate", "电子证照"},
      {"qualification-certificate", "资格证书"},
      {"identity-proof", "身份证明"},
      {"practice-record", "执业经历证明"},
      {"practice-certificate", "执业证书"},
      {"employment-proof", "聘用证明"},
      {"talent-card", "人才绿卡"},
      {"food-business-licence", "食品经营许可证"},
      {"premises-plan", "场所平面图"},
      {"food-safety-rules", "食品安全管理制度"},
      {"standard-text", "标准文本"},
      {"comparison-report", "指标比对报告"},
      {"aeo-certificate", "高级认证企业证书"},
      {"inspection-report", "检验报告"},
      {"laboratory-approval", "检验机构资质"},
      {"inspection-record", "查验记录"},
      {"label-certificate", "标识证书"},
      {"assessment-report", "评价报告"},
      {"device-business-licence", "医疗器械经营许可证"},
      {"quality-rules", "质量管理制度"},
      {"premises-proof", "经营场所证明"},
      {"drug-production-licence", "药品生产许可证"},
      {"site-master-file", "场地主文件"},
      {"hr-service-licence", "人力资源服务许可证"},
      {"staff-list", "专职人员名册"},
      {"road-transport-licence", "道路运输经营许可证"},
      {"vehicle-list", "车辆清单"},
      {"driver-list", "驾驶员清单"},
      {"travel-agency-licence", "旅行社业务经营许可证"},
      {"branch-business-licence", "分社营业执照"},
      {"policy-text", "政策文本"},
      {"effect-report", "成效评估报告"},
      {"project-report", "项目可行性报告"},
      {"energy-review", "节能审查意见"},
      {"environment-assessment", "环境影响评价批复"},
      {"investment-agreement", "投资协议"},
  };
  return names;
}

struct Credential {
  std::string number;
  std::string issuer;
  Date issued_on;
  Date valid_until;
};

// "electronic-origin-certificate" -> "EOC"
std::string Initials(const std::string& item_id) {
  std::string initials;
  bool start = true;
  for (const char c : item_id) {
    if (start && c >= 'a' && c <= 'z') initials += static_cast<char>(c - 'a' + 'A');
    start = c == '-';
  }
  return initials;
}

Credential CredentialOf(const FilingFacts& facts, Dice& dice) {
  const Date issued_on = facts.filed_on - days{dice.Between(5, 240)};
  // Three in ten end soon after the decision, so that some recognitions have expired by the year's
  // end.
  const Date valid_until = dice.Chance(30) ? facts.decided_by + days{dice.Between(15, 75)}
                                           : facts.decided_by + days{dice.Between(400, 1200)};
  const std::string issuer =
      facts.item->item_class == "ORIGIN_CERTIFICATE" ? "customs" : "authority";
  const int year = static_cast<int>(std::chrono::year_month_day{issued_on}.year());
  return {fmt::format("{}-{}-{:06}", Initials(facts.item->item_id), year, 1000 + facts.number * 37),
          fmt::format("{}-{}", facts.enterprise->zone, issuer), issued_on, valid_until};
}

std::string Joined(const std::vector<std::string>& texts) {
  std::string joined;
  for (const std::string& text : texts) joined += (joined.empty() ? "" : ",") + text;
  return joined;
}

std::string TextValue(const std::string& name, const FilingFacts& facts, Dice& dice) {
  if (name == "uscc") return facts.enterprise->uscc;
  if (name == "registeredZone" || name == "fromZone" || name == "originZone") {
    return facts.enterprise->zone;
  }
  if (name == "toZone") return facts.targets[0];
  if (name == "operatingZones") return Joined(facts.targets);
  const auto choices = TextChoices().find(name);
  if (choices != TextChoices().end()) return dice.Pick(choices->second);
  // What remains are numbers of papers: licenceNo, reportNo, containerNo, aeoCode …
  return fmt::format("{}{:04}{:05}", name.substr(0, 2) == "re" ? "R" : "N",
                     dice.Between(2018, 2025), dice.Between(1, 99999));
}

std::string DecimalValue(const std::string& name, Dice& dice) {
  if (name == "unitEnergyKgce")
    return fmt::format("{}.{}", dice.Between(8, 40), dice.Between(0, 9));
  if (name == "unitEnergyLimitKgce") return fmt::format("{}.0", dice.Between(45, 60));
  if (name == "investment") return fmt::format("{}0000.00", dice.Between(800, 90'000));
  if (name == "daysBefore") return std::to_string(dice.Between(12, 30));
  if (name == "daysAfter") return fmt::format("{}.5", dice.Between(1, 9));
  if (name == "limitValue") return fmt::format("0.{}", dice.Between(1, 9));
  if (name == "yearsOfPractice") return fmt::format("{}.5", dice.Between(2, 25));
  if (name.ends_with("Km")) return fmt::format("{}.{}", dice.Between(6, 90), dice.Between(0, 9));
  return fmt::format("{}.{}0", dice.Between(20, 20'000), dice.Between(0, 9));
}

bool TruthValue(const std::string& name, Dice& dice) {
  // True where an authority would see a problem otherwise.
  if (name == "laboratoryApproved" || name == "cccCertified" || name == "safetyReviewPassed" ||
      name == "wasteTransferApproved" || name == "safetyUpgrade") {
    return true;
  }
  if (name == "onlineSale" || name == "coldChain" || name == "cccRequired") return dice.Chance(50);
  return false;
}

void WriteAttributes(JsonWriter& json, const FilingFacts& facts, const Credential& credential,
                     Dice& dice) {
  json.Key("attributes").Begin('{');
  for (const auto& [name, type] : facts.item->attributes) {
    json.Key(name);
    const bool listed = facts.listed && facts.listed->attributes.count(name) > 0;
    if (listed) {
      json.Raw(facts.listed->attributes.at(name));
    } else if (type == "DECIMAL") {
      json.Text(DecimalValue(name, dice));
    } else if (type == "INTEGER") {
      json.Number(dice.Between(2, 12));
    } else if (type == "BOOLEAN") {
      json.Truth(TruthValue(name, dice));
    } else if (type == "DATE") {
      json.Text(FormatDate(name == "validUntil" ? credential.valid_until : credential.issued_on));
    } else {
      json.Text(TextValue(name, facts, dice));
    }
  }
  json.End('}');
}

void WriteScope(JsonWriter& json, const FilingFacts& facts, const Credential& credential) {
  if (!facts.scoped) return;
  json.Key("scope").Begin('{').Texts("activities", words::ActivitiesOf(*facts.item));
  json.Field("validUntil", FormatDate(credential.valid_until)).End('}');
}

// 容缺受理.
void WriteDeferred(JsonWriter& json, const FilingFacts& facts) {
  if (facts.deferred_kind.empty()) return;
  json.Key("deferredDocuments").Begin('[').Begin('{').Field("kind", facts.deferred_kind);
  json.Field("promisedOn", FormatDate(facts.deferred_until)).End('}').End(']');
}

}  // namespace

std::optional<ListedMatter> ListedMatterOf(const Item& item, Dice& dice) {
  if (item.item_id == "product-inspection-result") {
    return ListedMatter{{{"cccRequired", "true"}, {"cccCertified", "false"}}, "认证认可条例 §27"};
  }
  if (item.item_id != "industry-project-transfer") return std::nullopt;
  return dice.Pick(std::vector<ListedMatter>{
      {{{"riverBasin", "\"yangtze\""},
        {"projectCategory", "\"chemical\""},
        {"buildKind", "\"new\""},
        {"distanceToMainStemKm", "\"0.6\""}},
       "长江保护法 §26"},
      {{{"riverBasin", "\"yangtze\""}, {"basinReach", "\"middle\""}, {"heavyPollution", "true"}},
       "长江保护法 §22"},
      {{{"unitEnergyKgce", "\"72.5\""}}, "节约能源法 §15"},
      {{{"obsoleteEquipment", "true"}}, "节约能源法 §17"},
      {{{"hazardousWasteTransfer", "true"}, {"wasteTransferApproved", "false"}},
       "固体废物污染环境防治法 §82"},
  });
}

std::string PaperName(const std::string& kind) {
  const auto found = PaperNames().find(kind);
  return found == PaperNames().end() ? kind : std::string(found->second);
}

static std::string HeldPaperJson(const VaultPaper& paper) {
  JsonWriter json;
  json.Begin('{').Field("title", paper.title).Field("sha256", paper.sha256);
  json.Field("mediaType", "application/pdf");
  json.Field("sizeBytes", std::to_string(paper.contents.size())).Field("kind", paper.kind);
  return json.End('}').Take();
}

std::string PaperJson(const FilingFacts& facts, const std::string& kind) {
  const auto paper = std::find_if(facts.vault.begin(), facts.vault.end(),
                                  [&](const VaultPaper& held) { return held.kind == kind; });
  if (paper != facts.vault.end()) return HeldPaperJson(*paper);
  const std::string contents = fmt::format("{}/{}/{}", facts.enterprise->uscc, facts.number, kind);
  const std::string hash = crypto::HexEncode(crypto::Sha256(contents));
  JsonWriter json;
  json.Begin('{')
      .Field("title", PaperName(kind) + ".pdf")
      .Field("sha256", hash)
      .Field("mediaType", "application/pdf")
      .Field("sizeBytes", std::to_string(20'000 + Dice(facts.number, kind).Between(0, 900'000)))
      .Field("kind", kind)
      .End('}');
  return json.Take();
}

std::string FilingJson(const FilingFacts& facts, Dice& dice) {
  const Credential credential = CredentialOf(facts, dice);
  JsonWriter json;
  json.Begin('{').Field("itemId", facts.item->item_id).Field("homeZone", facts.enterprise->zone);
  json.Texts("targetZones", facts.targets);
  json.Key("applicant")
      .Begin('{')
      .Field("uscc", facts.enterprise->uscc)
      .Field("name", facts.enterprise->name_zh)
      .End('}');
  json.Key("credential")
      .Begin('{')
      .Field("number", credential.number)
      .Field("issuer", credential.issuer)
      .Field("issuedOn", FormatDate(credential.issued_on))
      .Field("validUntil", FormatDate(credential.valid_until))
      .End('}');
  WriteAttributes(json, facts, credential, dice);
  WriteScope(json, facts, credential);
  json.Key("documents").Begin('[');
  for (const std::string& kind : facts.item->required_documents) {
    const bool comes_later = kind == facts.missing_paper || kind == facts.deferred_kind;
    const bool taken_over = !facts.refile_of.empty() && kind != facts.former_missing;
    if (!comes_later && !taken_over) json.Raw(PaperJson(facts, kind));
  }
  json.End(']');
  WriteDeferred(json, facts);
  json.Field("refileOf", facts.refile_of);
  if (facts.promise) json.Key("promise").Truth(true);
  return json.End('}').Take();
}

}  // namespace zonelink::sample
