// SPDX-License-Identifier: Apache-2.0
#include "recognition/test_recognition.h"

#include <fmt/format.h>
#include <google/protobuf/empty.pb.h>
#include <google/protobuf/util/time_util.h>

#include <future>
#include <thread>

#include "platform/clocks/calendar_store.h"
#include "recognition/deadlines.h"
#include "recognition/domain/decision_deadline.h"
#include "recognition/mandate_store.h"
#include "recognition/module.h"
#include "recognition/officer_store.h"
#include "recognition/zone_store.h"
#include "zonelink/events/v1/directory_events.pb.h"

namespace zonelink::recognition {
namespace {

constexpr const char* kMorning = "2026-03-02T01:00:00Z";  // Monday, 09:00 in Shanghai

db::Options OptionsOf(const db::ScratchDatabase& scratch) {
  db::Options options = WithConstraints(scratch.OptionsFor(Schema()));
  options.controllable_clock = true;
  return options;
}

Call Of(Caller caller) {
  Call call;
  call.caller = std::move(caller);
  call.rpc = "test";
  call.deadline = std::chrono::steady_clock::now() + std::chrono::minutes(5);
  return call;
}

}  // namespace

TestRecognition::TestRecognition()
    : scratch(Schema()),
      database(OptionsOf(scratch)),
      pages("a secret of the tests, thirty-two bytes or more"),
      calendars(database),
      timer(database, calendars, Deadlines(), DeadlineHooks(calendars)),
      desk(database, calendars),
      service(database, wall, pages, calendars, desk),
      decisions(desk),
      grants(database, pages, desk),
      catalogue(database, wall, pages) {
  for (const char* zone : {"shanghai", "jiangsu", "zhejiang", "hunan"}) OpenZone(zone);
  SetClock(kMorning);
}

void TestRecognition::OpenZone(const std::string& zone) {
  events::v1::ZoneOpened opened;
  opened.set_zone(zone);
  opened.set_name_zh(zone);
  opened.set_name_en(zone);
  events::v1::Event event;
  event.set_type("zonelink.directory.zone.opened");
  event.set_body(opened.SerializeAsString());
  Must(database.System("open zone", [&](db::Tx& tx) { return zone_store::Apply(tx, event); }));
}

void TestRecognition::ApplyOfficer(const std::string& type, const google::protobuf::Message& body) {
  events::v1::Event event;
  event.set_type("zonelink.directory." + type);
  event.set_body(body.SerializeAsString());
  Must(database.System("officer", [&](db::Tx& tx) { return officer_store::Apply(tx, event); }));
}

Call TestRecognition::Employ(const Call& officer) {
  events::v1::UserChanged user;
  user.set_user_id(officer.caller.user_id);
  user.set_zone(officer.caller.zone);
  user.set_name(officer.caller.name);
  ApplyOfficer("user.created", user);
  for (const std::string& held : officer.caller.roles) {
    events::v1::RoleChanged role;
    role.set_user_id(officer.caller.user_id);
    role.set_role(held);
    ApplyOfficer("role.granted", role);
  }
  return officer;
}

void TestRecognition::Dismiss(const Call& officer) {
  events::v1::UserChanged user;
  user.set_user_id(officer.caller.user_id);
  user.set_zone(officer.caller.zone);
  user.set_name(officer.caller.name);
  ApplyOfficer("user.disabled", user);
}

std::string TestRecognition::NameDeputy(const Call& officer, const Call& deputy,
                                        const std::string& role, const std::string& from,
                                        const std::string& until) {
  using google::protobuf::util::TimeUtil;
  events::v1::DelegationChanged named;
  named.set_delegation_id(fmt::format("delegation-{}", ++delegations_));
  named.set_user_id(officer.caller.user_id);
  named.set_name(officer.caller.name);
  named.set_zone(officer.caller.zone);
  named.set_deputy_user_id(deputy.caller.user_id);
  named.set_deputy_name(deputy.caller.name);
  named.add_roles(role);
  ZL_CHECK(TimeUtil::FromString(from, named.mutable_from()), "a time");
  ZL_CHECK(TimeUtil::FromString(until, named.mutable_until()), "a time");
  named.set_state("ACTIVE");
  ApplyOfficer("delegation.granted", named);
  return named.delegation_id();
}

void TestRecognition::EndDelegation(const std::string& id) {
  events::v1::DelegationChanged ended;
  ended.set_delegation_id(id);
  ended.mutable_until()->set_seconds(1);  // of what is held nothing else changes
  ended.set_state("REVOKED");
  ApplyOfficer("delegation.revoked", ended);
}

void TestRecognition::GiveMandate(const Call& principal, const Call& agent, bool active) {
  events::v1::MandateChanged mandate;
  mandate.set_mandate_id("mandate of " + agent.caller.organization_id);
  mandate.set_principal_organization_id(principal.caller.organization_id);
  mandate.set_principal_uscc(principal.caller.organization_uscc);
  mandate.set_principal_name(principal.caller.name);
  mandate.set_agent_organization_id(agent.caller.organization_id);
  for (const char* act : {"file", "supplement", "withdraw"}) mandate.add_acts(act);
  mandate.set_valid_from("2026-01-01");
  mandate.set_valid_until("2027-12-31");
  mandate.set_state(active ? "ACTIVE" : "REVOKED");
  events::v1::Event event;
  event.set_type("zonelink.directory.mandate.granted");
  event.set_body(mandate.SerializeAsString());
  Must(database.System("mandate", [&](db::Tx& tx) { return mandate_store::Apply(tx, event); }));
}

void TestRecognition::PublishCalendar(const std::string& calendar, int year, int version,
                                      const std::vector<std::string>& rest_days) {
  events::v1::CalendarPublished published;
  published.set_calendar(calendar);
  published.set_year(year);
  published.set_version(version);
  for (const std::string& date : rest_days) {
    auto* day = published.add_days();
    day->set_date(date);
    day->set_kind("REST");
    day->set_name("节假日");
  }
  Must(database.System("publish calendar",
                       [&](db::Tx& tx) { return clocks::calendar_store::Apply(tx, published); }));
}

Call TestRecognition::Officer(const std::string& zone, const std::string& role,
                              const std::string& name) {
  const std::string user = fmt::format("{}{}-{}", role, name, zone);
  return Of(
      {.user_id = "u-" + user, .username = user, .name = user, .zone = zone, .roles = {role}});
}

Call TestRecognition::Filer(const std::string& organization) {
  return Of({.user_id = "u-filer-" + organization,
             .name = "Filer of " + organization,
             .organization_id = organization,
             .organization_uscc = "uscc of " + organization,
             .roles = {"filer"}});
}

Call TestRecognition::Secretariat() {
  return Of({.user_id = "u-secretariat", .name = "Secretary", .roles = {"secretariat"}});
}

Call TestRecognition::Auditor() {
  return Of({.user_id = "u-auditor", .name = "Auditor", .roles = {"auditor"}});
}

Call TestRecognition::Nobody() { return Of({}); }

std::string TestRecognition::NewItem(int verifiers_needed, pb::Mode default_mode) {
  return NewItem([&](pb::Item& item) {
    item.set_default_mode(default_mode);
    item.set_verifiers_needed(verifiers_needed);
    item.set_budget_working_days(default_mode == pb::MODE_NATIONWIDE ? 0 : 20);
  });
}

std::string TestRecognition::NewItem(const std::function<void(pb::Item&)>& shape) {
  pb::CreateItemRequest request;
  pb::Item* item = request.mutable_item();
  item->set_item_id(fmt::format("item-{:04}", ++items_));
  item->set_name_zh("原产地证书电子化互认");
  item->set_name_en("Electronic certificate of origin");
  item->set_item_class(pb::ITEM_CLASS_ORIGIN_CERTIFICATE);
  item->set_default_mode(pb::MODE_REVIEW);
  item->set_verifiers_needed(1);
  item->set_budget_working_days(20);
  auto* code = item->add_attributes();
  code->set_name("hsCode");
  code->set_type(pb::ATTRIBUTE_TYPE_STRING);
  auto* quantity = item->add_attributes();
  quantity->set_name("quantity");
  quantity->set_type(pb::ATTRIBUTE_TYPE_DECIMAL);
  item->add_required_documents("invoice");
  item->add_required_documents("packing-list");
  item->set_source("进出口货物原产地条例 §20");
  item->set_source_status(pb::SOURCE_STATUS_SEED);
  item->set_budget_basis(pb::BUDGET_BASIS_BY_ANALOGY);
  shape(*item);
  return Must(service.CreateItem(Secretariat(), request)).item_id();
}

std::string TestRecognition::Agree(const std::string& item_id, const std::string& target_zone,
                                   pb::Mode mode) {
  pb::CreateAgreementRequest request;
  request.set_item_id(item_id);
  request.add_home_zones("shanghai");
  request.add_target_zones(target_zone);
  request.set_mode(mode);
  request.set_valid_from("2026-01-01");
  request.set_valid_until("2026-12-31");
  const std::string id =
      Must(service.CreateAgreement(Officer("shanghai", "zone_admin"), request)).agreement_id();
  pb::SignAgreementRequest sign;
  sign.set_agreement_id(id);
  Must(service.SignAgreement(Officer("shanghai", "zone_admin"), sign));
  Must(service.SignAgreement(Officer(target_zone, "zone_admin"), sign));
  return id;
}

pb::SubmitFilingRequest TestRecognition::Submission(const Call& by, const std::string& item_id,
                                                    const std::vector<std::string>& target_zones) {
  pb::SubmitFilingRequest request;
  request.set_item_id(item_id);
  request.set_home_zone("shanghai");
  for (const std::string& zone : target_zones) request.add_target_zones(zone);
  request.mutable_applicant()->set_uscc(by.caller.organization_uscc);
  request.mutable_applicant()->set_name("测试企业");
  request.mutable_credential()->set_number(fmt::format("CO-2026-{:06}", ++credentials_));
  request.mutable_credential()->set_issuer("shanghai-customs");
  request.mutable_credential()->set_issued_on("2026-03-02");
  request.mutable_credential()->set_valid_until("2027-03-01");
  auto& fields = *request.mutable_attributes()->mutable_fields();
  fields["hsCode"].set_string_value("854231");
  fields["quantity"].set_string_value("1200.50");
  pb::Document* document = request.add_documents();
  document->set_title("certificate \"1\".pdf");
  document->set_sha256(std::string(64, 'a'));
  document->set_media_type("application/pdf");
  document->set_size_bytes(48213);
  document->set_kind("invoice");
  return request;
}

namespace {

// A test is its own worker.
class Awaited final : public rpc::PendingAnswer {
 public:
  void Give(rpc::UnaryReply reply) override { given_.set_value(std::move(reply)); }
  void Resume(std::function<void()> work) override { resumed_ = std::thread(std::move(work)); }
  rpc::UnaryReply Await() {
    rpc::UnaryReply reply = given_.get_future().get();
    if (resumed_.joinable()) resumed_.join();
    return reply;
  }

 private:
  std::promise<rpc::UnaryReply> given_;
  std::thread resumed_;
};

}  // namespace

Result<pb::Filing> TestRecognition::Submit(const Call& call,
                                           const pb::SubmitFilingRequest& request) {
  Awaited awaited;
  service.SubmitFiling(call, request, rpc::Answer<pb::Filing>(awaited));
  return awaited.Await().transform(
      [](const auto& reply) { return static_cast<const pb::Filing&>(*reply); });
}

int64_t TestRecognition::Sees(const Call& by, const std::string& table,
                              const std::string& condition) {
  const std::string text =
      fmt::format("SELECT count(*) AS count FROM {} WHERE {}", table, condition);
  const std::string name = fmt::format("test.sees.{}", ++statements_);
  const db::Sql sql{name.c_str(), text.c_str()};
  return Must(database.Query(
      by, [&](db::Tx& tx) -> Result<int64_t> { return tx.Exec(sql)[0].Int("count"); }));
}

int64_t TestRecognition::Writes(const Call& by, const std::string& statement) {
  const std::string name = fmt::format("test.writes.{}", ++statements_);
  const db::Sql sql{name.c_str(), statement.c_str()};
  int64_t rows = 0;
  const google::protobuf::Empty request;
  const auto done = database.Command<google::protobuf::Empty>(
      by, request, [&](db::Tx& tx) -> Result<google::protobuf::Empty> {
        rows = tx.Exec(sql).affected();
        return request;
      });
  return done ? rows : -1;
}

void TestRecognition::SetClock(const std::string& to) {
  const auto ahead = *ParseTime(to) - wall.Now();
  scratch.Admin(fmt::format("UPDATE clock.setting SET offset_us = {}", ahead.count()));
}

int64_t TestRecognition::Advance(const std::string& to) {
  SetClock(to);
  return Must(timer.FireDue(std::chrono::steady_clock::now() + std::chrono::seconds(30)));
}

TestRecognition& SharedRecognition() {
  static TestRecognition test;
  return test;
}

}  // namespace zonelink::recognition
