// SPDX-License-Identifier: Apache-2.0
#include "tests/support/world.h"

#include <fmt/format.h>

#include <algorithm>
#include <random>
#include <stdexcept>

#include "platform/core/check.h"
#include "platform/core/text.h"

namespace zonelink::test {
namespace {

std::mt19937_64& Random() {
  static thread_local std::mt19937_64 random{std::random_device{}()};
  return random;
}

// Letters that are not mistaken for each other, so that names differ by skeleton too.
std::string RandomLetters(size_t count) {
  constexpr std::string_view kLetters = "abcdefghkpqtxyz";
  std::string text;
  for (size_t i = 0; i < count; ++i) text += kLetters[Random()() % kLetters.size()];
  return text;
}

std::string RandomDigits(size_t count) {
  std::string text;
  for (size_t i = 0; i < count; ++i) text += static_cast<char>('0' + Random()() % 10);
  return text;
}

// Check digit of an organisation code, GB 11714, for eight digits.
char OrganizationCheck(std::string_view digits) {
  constexpr int kWeights[] = {3, 7, 9, 10, 5, 8, 4, 2};
  int sum = 0;
  for (size_t i = 0; i < digits.size(); ++i) sum += (digits[i] - '0') * kWeights[i];
  const int check = 11 - sum % 11;
  if (check == 10) return 'X';
  return check == 11 ? '0' : static_cast<char>('0' + check);
}

char UsccCheck(std::string_view code) {
  constexpr std::string_view kAlphabet = "0123456789ABCDEFGHJKLMNPQRTUWXY";
  int sum = 0;
  int weight = 1;
  for (const char c : code) {
    sum += static_cast<int>(kAlphabet.find(c)) * weight;
    weight = weight * 3 % 31;
  }
  return kAlphabet[static_cast<size_t>((31 - sum % 31) % 31)];
}

Answer Must(const Answer& answer, std::string_view what) {
  if (!answer.ok()) {
    throw std::runtime_error(fmt::format("{}: {} {}", what, answer.status, answer.body));
  }
  return answer;
}

bool AdministratorRole(std::string_view role) {
  return role == "system_admin" || role == "security_admin" || role == "audit_admin";
}

}  // namespace

std::string NewUscc() {
  const std::string digits = RandomDigits(8);
  std::string code = "91310000" + digits;
  code += OrganizationCheck(digits);
  code += UsccCheck(code);
  ZL_CHECK(ValidUscc(code), "the generator follows GB 32100");
  return code;
}

std::string NewUsername(const std::string& prefix) { return prefix + "-" + RandomLetters(12); }

std::string NewCredentialNumber() { return "CO-2026-" + RandomLetters(12); }

std::string JsonTexts(const std::vector<std::string>& texts) {
  client::JsonWriter writer;
  writer.Begin('[');
  for (const auto& text : texts) writer.Text(text);
  return writer.End(']').Take();
}

std::string FilingSpec::ToJson() const {
  client::JsonWriter writer;
  writer.Begin('{').Key("itemId").Text(item_id).Key("homeZone").Text(home_zone);
  writer.Key("targetZones").Raw(JsonTexts(target_zones));
  writer.Key("applicant").Begin('{').Key("uscc").Text(applicant.uscc);
  writer.Key("name").Text(applicant.name).End('}');
  writer.Key("credential").Begin('{').Key("number").Text(credential_number);
  writer.Key("issuer").Text("shanghai-customs").Key("issuedOn").Text(issued_on);
  writer.Key("validUntil").Text(valid_until).End('}');
  writer.Key("attributes").Raw(R"({"hsCode":"854231","quantity":"1200"})");
  writer.Key("documents").Begin('[').Begin('{').Key("title").Text("certificate.pdf");
  writer.Key("sha256").Text(document_sha256).Key("mediaType").Text("application/pdf");
  writer.Key("sizeBytes").Text("48213").Key("kind").Text("certificate").End('}').End(']');
  if (promise) writer.Key("promise").Truth(true);
  return writer.End('}').Take();
}

Answer World::Login(const std::string& username, const std::string& password) {
  client::JsonWriter writer;
  writer.Begin('{').Key("username").Text(username).Key("password").Text(password);
  return Nobody().Post("/v1/sessions", writer.End('}').Take());
}

Api& World::As(const std::string& username) {
  auto& api = apis_[username];
  if (!api) {
    const auto session = Must(Login(username), "login of " + username);
    api = std::make_unique<Api>(deployment_.base_url(), session.text("accessToken"));
  }
  return *api;
}

Api& World::As(const Person& person) { return As(person.username); }

Api& World::Nobody() {
  auto& api = apis_[""];
  if (!api) api = std::make_unique<Api>(deployment_.base_url(), "");
  return *api;
}

Api World::Fresh(const Person& person) { return Api(deployment_.base_url(), As(person).token()); }

Person World::User(const std::string& zone, const std::string& organization_id,
                   const std::vector<std::string>& roles) {
  Person person{.username = NewUsername(roles.empty() ? "user" : roles[0])};
  std::replace(person.username.begin(), person.username.end(), '_', '-');
  client::JsonWriter writer;
  writer.Begin('{')
      .Key("username")
      .Text(person.username)
      .Key("name")
      .Text("测试 " + person.username);
  writer.Key("password").Text(kPassword).Field("zone", zone);
  writer.Field("organizationId", organization_id);
  person.user_id =
      Must(As("sysadmin").Post("/v1/users", writer.End('}').Take()), "create user").text("userId");
  for (const auto& role : roles) {
    const std::string grants = fmt::format("/v1/users/{}/roleGrants", person.user_id);
    const auto grant =
        Must(As("secadmin").Post(grants, fmt::format(R"({{"role":"{}"}})", role)), "grant " + role);
    if (!AdministratorRole(role)) continue;
    Must(As("auditadmin").Post(fmt::format("{}/{}:confirm", grants, grant.text("grantId")), "{}"),
         "confirm " + role);
  }
  return person;
}

Organization World::NewOrganization(const std::string& zone) {
  Organization organization{
      .uscc = NewUscc(), .name = "测试企业" + RandomLetters(10), .zone = zone};
  client::JsonWriter writer;
  writer.Begin('{').Key("uscc").Text(organization.uscc).Key("nameZh").Text(organization.name);
  writer.Key("nameEn").Text("Test Enterprise").Key("zone").Text(zone);
  organization.id =
      Must(As("sysadmin").Post("/v1/organizations", writer.End('}').Take()), "create organisation")
          .text("organizationId");
  return organization;
}

const Person& World::Administrator(const std::string& zone) {
  auto& person = administrators_[zone];
  if (person.username.empty()) person = Staff(zone, {"zone_admin"});
  return person;
}

const Person& World::Secretary() {
  if (secretary_.username.empty()) secretary_ = User("", "", {"secretariat"});
  return secretary_;
}

std::string World::NewItem(const ItemSpec& spec) {
  const std::string item_id = "item-" + RandomLetters(12);
  client::JsonWriter writer;
  writer.Begin('{').Key("itemId").Text(item_id).Key("nameZh").Text("电子原产地证书" + item_id);
  writer.Key("nameEn").Text("Electronic certificate of origin " + item_id);
  writer.Key("itemClass").Text("ORIGIN_CERTIFICATE").Key("defaultMode").Text(spec.mode);
  writer.Key("verifiersNeeded").Number(spec.verifiers_needed);
  writer.Key("budgetWorkingDays").Number(spec.budget_days);
  writer.Key("excludedClass").Truth(spec.excluded_class);
  writer.Key("tacitAllowed").Truth(spec.tacit_allowed);
  writer.Key("attributes")
      .Raw(R"([{"name":"hsCode","type":"STRING"},{"name":"quantity","type":"DECIMAL"}])");
  writer.Key("requiredDocuments").Raw(R"(["certificate"])");
  writer.Key("source").Text("test").Key("sourceStatus").Text("SEED");
  writer.Key("budgetBasis").Text("PRACTICE_UNVERIFIED");
  Must(As(Secretary()).Post("/v1/items", writer.End('}').Take()), "create item");
  return item_id;
}

std::string World::Agree(const std::string& item_id, const std::vector<std::string>& home_zones,
                         const std::vector<std::string>& target_zones, const std::string& mode) {
  client::JsonWriter writer;
  writer.Begin('{').Key("itemId").Text(item_id).Key("homeZones").Raw(JsonTexts(home_zones));
  writer.Key("targetZones").Raw(JsonTexts(target_zones)).Key("mode").Text(mode);
  writer.Key("validFrom").Text("2020-01-01").Key("validUntil").Text("2035-12-31");
  const auto drafted =
      Must(As(Administrator(home_zones.front())).Post("/v1/agreements", writer.End('}').Take()),
           "draft agreement");
  const std::string id = drafted.text("agreementId");
  std::vector<std::string> parties = home_zones;
  parties.insert(parties.end(), target_zones.begin(), target_zones.end());
  std::sort(parties.begin(), parties.end());
  parties.erase(std::unique(parties.begin(), parties.end()), parties.end());
  for (const auto& zone : parties) {
    Must(As(Administrator(zone)).Post(fmt::format("/v1/agreements/{}:sign", id), "{}"),
         "sign for " + zone);
  }
  return id;
}

void World::Advance(const std::string& to) {
  Must(As("sysadmin").Post("/v1/clock:advance", fmt::format(R"({{"to":"{}"}})", to)),
       "advance the clock");
}

std::string World::Now() { return Must(Nobody().Get("/v1/clock"), "clock").text("now"); }

}  // namespace zonelink::test
