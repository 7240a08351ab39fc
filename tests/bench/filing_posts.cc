// SPDX-License-Identifier: Apache-2.0
#include "tests/bench/filing_posts.h"

#include <fmt/format.h>

#include <iterator>
#include <stdexcept>

#include "tests/bench/load_generator.h"

namespace zonelink::bench {
namespace {

using test::Answer;
using test::Organization;
using test::Person;

// The first target zone recognises at once, the second reviews.
constexpr const char* kTargetZones[][2] = {{"jiangsu", "zhejiang"}, {"hainan", "hubei"}};

constexpr const char* kAttributes = R"([
  {"name":"hsCode","type":"STRING"},{"name":"quantity","type":"DECIMAL"},
  {"name":"goods","type":"STRING"},{"name":"exporter","type":"STRING"},
  {"name":"consignee","type":"STRING"},{"name":"criterion","type":"STRING"},
  {"name":"transport","type":"STRING"},{"name":"invoice","type":"STRING"},
  {"name":"invoicedOn","type":"DATE"},{"name":"origin","type":"STRING"}])";

constexpr const char* kValues = R"({"hsCode":"854231","quantity":"1200.50",
"goods":"多芯片集成电路：处理器及控制器，用于工业自动化设备，型号 ZX-2048，每箱二十件，共六十箱，净重一百八十六点四千克",
"exporter":"中国（上海）自由贸易试验区外高桥保税区富特北路二百一十一号三层","consignee":"南京江北新区研创园团结路九十九号孵鹰大厦",
"criterion":"区域价值成分百分之四十以上，税则归类改变","transport":"YANGTZE EXPRESS V.2611N / 上海洋山港 - 南京龙潭港",
"invoice":"INV-2026-0048213-SH / CONTRACT SH-NJ-2026-0117 / FOB SHANGHAI","invoicedOn":"2026-02-26","origin":"中国"})";

constexpr const char* kDocuments = R"([
{"title":"electronic-certificate-of-origin-CO-2026-000123.pdf","sha256":"9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
 "mediaType":"application/pdf","sizeBytes":"48213","kind":"certificate"},
{"title":"commercial-invoice-INV-2026-0048213-SH.pdf","sha256":"60303ae22b998861bce3b28f33eec1be758a213c86c93c076dbe9f558c11c752",
 "mediaType":"application/pdf","sizeBytes":"91320","kind":"invoice"}])";

std::string NewItem(test::World& world, const std::string& name) {
  client::JsonWriter item;
  item.Begin('{').Key("itemId").Text(name).Key("nameZh").Text("电子原产地证书 " + name);
  item.Key("nameEn").Text("Electronic certificate of origin " + name);
  item.Key("itemClass").Text("ORIGIN_CERTIFICATE").Key("defaultMode").Text("REVIEW");
  item.Key("verifiersNeeded").Number(1).Key("budgetWorkingDays").Number(20);
  item.Key("attributes").Raw(kAttributes);
  item.Key("requiredDocuments").Raw(R"(["certificate","invoice"])");
  item.Key("source").Text("bench").Key("sourceStatus").Text("SEED");
  item.Key("budgetBasis").Text("PRACTICE_UNVERIFIED");
  const Answer answer = world.As(world.Secretary()).Post("/v1/items", item.End('}').Take());
  if (!answer.ok()) throw std::runtime_error("create item: " + answer.body);
  return name;
}

std::string Body(const std::string& item, const Organization& applicant,
                 const char* const* targets) {
  client::JsonWriter body;
  body.Begin('{').Key("itemId").Text(item).Key("homeZone").Text(applicant.zone);
  body.Texts("targetZones", {targets[0], targets[1]});
  body.Key("applicant").Begin('{').Key("uscc").Text(applicant.uscc);
  body.Key("name").Text(applicant.name).End('}');
  body.Key("credential")
      .Begin('{')
      .Key("number")
      .Text(fmt::format("CO-2026-{}", PreparedPost::kFreshDigits));
  body.Key("issuer").Text("shanghai-customs").Key("issuedOn").Text("2026-03-02");
  body.Key("validUntil").Text("2028-03-01").End('}');
  body.Key("attributes").Raw(kValues).Key("documents").Raw(kDocuments);
  return body.End('}').Take();
}

}  // namespace

std::vector<Filing> MakeFilings(test::World& world, const std::vector<std::string>& home_zones,
                                size_t organizations) {
  std::vector<std::string> items;
  for (const auto& targets : kTargetZones) {
    items.push_back(NewItem(world, std::string("origin-") + targets[0]));
    world.Agree(items.back(), home_zones, {targets[0]}, "AUTOMATIC");
    world.Agree(items.back(), home_zones, {targets[1]}, "REVIEW");
  }
  std::vector<Filing> filings;
  for (size_t i = 0; i < organizations; ++i) {
    const Organization organization = world.NewOrganization(home_zones[i % home_zones.size()]);
    const Person filer = world.Member(organization, {"filer"});
    const size_t kind = i / home_zones.size() % items.size();
    filings.push_back({organization.zone, world.As(filer).token(),
                       Body(items[kind], organization, kTargetZones[kind])});
  }
  return filings;
}

}  // namespace zonelink::bench
