// SPDX-License-Identifier: Apache-2.0
#include "tests/integration/cast.h"

#include <fmt/format.h>

#include <sstream>
#include <stdexcept>

#include "tests/support/child.h"
#include "tests/support/documents.h"

namespace zonelink::test {
namespace {

Answer Must(const Answer& answer, const std::string& what) {
  if (!answer.ok()) {
    throw std::runtime_error(fmt::format("{}: {} {}", what, answer.status, answer.body));
  }
  return answer;
}

}  // namespace

Cast::Cast(World& the_world) : world(the_world) {
  own = world.NewOrganization(kOwnZone);
  foreign = world.NewOrganization(kForeignZone);
  names_.push_back("nobody");
  Add("plain", world.User("", "", {}));
  for (const char* role : {"filer", "enterprise_admin"}) {
    Add(role, world.Member(own, {role}));
    Add(std::string(role) + "~", world.Member(foreign, {role}));
  }
  for (const char* role : {"verifier", "reviewer", "inspector", "releaser", "zone_admin"}) {
    Add(role, world.Staff(kOwnZone, {role}));
    Add(std::string(role) + "~", world.Staff(kForeignZone, {role}));
  }
  Add("verifier@home", world.Staff(kHomeZone, {"verifier"}));
  Add("reviewer@home", world.Staff(kHomeZone, {"reviewer"}));
  for (const char* role : {"secretariat", "chair", "auditor", "evaluator", "system_admin",
                           "security_admin", "audit_admin"}) {
    Add(role, world.User("", "", {role}));
  }
  item = world.NewItem();
  world.Agree(item, {kHomeZone}, {kOwnZone}, "REVIEW");
}

void Cast::Add(const std::string& name, const Person& person) {
  names_.push_back(name);
  people_[name] = person;
}

Api& Cast::As(const std::string& name) {
  return name == "nobody" ? world.Nobody() : world.As(people_.at(name));
}

FilingSpec Cast::filing_spec() const {
  return {.item_id = item, .home_zone = kHomeZone, .target_zones = {kOwnZone}, .applicant = own};
}

std::string Cast::Filing() {
  return Must(As("filer").Post("/v1/filings", filing_spec().ToJson()), "submit").text("filingId");
}

std::string Cast::FilingWhere(const std::string& state) {
  const std::string id = Filing();
  const auto act = [&](const char* who, const char* verb, const char* body) {
    Must(As(who).Post(fmt::format("/v1/filings/{}/decisions/{}:{}", id, kOwnZone, verb), body),
         verb);
  };
  if (state == "SUPPLEMENTING") {
    act("verifier", "requestSupplement", R"({"missing":["正本"],"reason":"不清"})");
    return id;
  }
  act("verifier", "accept", "{}");
  if (state == "VERIFIED") act("verifier", "verify", R"({"opinion":"一致"})");
  return id;
}

std::string Cast::Document(bool referred) {
  const std::string sha256 = UploadDocument(As("filer"), RandomDocument(100));
  if (!referred) return sha256;
  FilingSpec spec = filing_spec();
  spec.document_sha256 = sha256;
  Must(As("filer").Post("/v1/filings", spec.ToJson()), "submit");
  auto sql = world.deployment().database().Admin();
  const bool applied = WaitUntil(std::chrono::seconds(20), [&] {
    return sql.One("SELECT count(*) FROM documents.document_grants WHERE sha256 = $1", {sha256}) ==
           "1";
  });
  if (!applied) throw std::runtime_error("documents does not hear of the filing");
  return sha256;
}

std::string Cast::DraftedAgreement() {
  const std::string body =
      fmt::format(R"({{"itemId":"{}","homeZones":["{}"],"targetZones":["{}"],"mode":"REVIEW",)"
                  R"("validFrom":"2020-01-01","validUntil":"2035-12-31"}})",
                  world.NewItem(), kHomeZone, kOwnZone);
  return Must(As("secretariat").Post("/v1/agreements", body), "draft").text("agreementId");
}

std::string Cast::AgreementInForce() {
  return world.Agree(world.NewItem(), {kHomeZone}, {kOwnZone}, "REVIEW");
}

std::string Cast::EventInLedger() {
  const auto timeline =
      Must(As("auditor").Get(fmt::format("/v1/filings/{}/timeline", Filing())), "timeline");
  const std::string id = timeline.text("items.0.eventId");
  Answer receipt;
  WaitUntil(std::chrono::seconds(10), [&] {
    receipt = world.Nobody().Get("/v1/ledger/receipts/" + id);
    return receipt.reason() != "RECEIPT_PENDING";
  });
  Must(receipt, "receipt");
  return id;
}

Person Cast::StaffOfOwnZone(const std::vector<std::string>& roles) {
  return world.Staff(kOwnZone, roles);
}

Person Cast::MemberOfOwn(const std::vector<std::string>& roles) { return world.Member(own, roles); }

std::string Cast::Grant(const Person& person, const std::string& role) {
  return Must(world.As("secadmin")
                  .Post(fmt::format("/v1/users/{}/roleGrants", person.user_id),
                        fmt::format(R"({{"role":"{}"}})", role)),
              "grant")
      .text("grantId");
}

std::vector<std::string> Words(const std::string& list) {
  std::istringstream stream(list);
  std::vector<std::string> words;
  for (std::string word; stream >> word;) words.push_back(word);
  return words;
}

std::string UnknownLike(const std::string& id) {
  return id.size() == 64 ? std::string(64, 'e') : "01920000-0000-7000-8000-000000000000";
}

}  // namespace zonelink::test
