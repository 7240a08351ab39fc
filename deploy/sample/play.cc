// SPDX-License-Identifier: Apache-2.0
#include "deploy/sample/play.h"

#include <fmt/format.h>

#include <set>
#include <thread>

#include "gateway/cli/json.h"

namespace zonelink::sample {
namespace {

using client::Json;
using client::JsonWriter;

// A command of the sample year; the key follows from the seed.
struct Order {
  std::string path;
  std::string body;
  std::string key;
};

std::string KeyOf(uint64_t seed, const std::string& name) {
  return fmt::format("sample-{}-{}", seed, name);
}

// A refusal names what was being done.
Result<client::JsonDocument> Command(client::Api& api, Actors& actors, const std::string& username,
                                     Order order) {
  auto reply = actors.Ask(api, username,
                          {.method = "POST",
                           .path = std::move(order.path),
                           .body = std::move(order.body),
                           .idempotency_key = order.key});
  return std::move(reply).transform_error([&](Error error) {
    error.message = fmt::format("{}, {}: {}", username, order.key, error.message);
    return error;
  });
}

std::string OrganizationJson(const Enterprise& enterprise) {
  JsonWriter json;
  json.Begin('{')
      .Field("uscc", enterprise.uscc)
      .Field("nameZh", enterprise.name_zh)
      .Field("nameEn", enterprise.name_en)
      .Field("zone", enterprise.zone)
      .End('}');
  return json.Take();
}

std::string AccountJson(const AccountPlan& account, const std::string& organization,
                        const std::string& password) {
  JsonWriter json;
  json.Begin('{')
      .Field("username", account.username)
      .Field("name", account.name)
      .Field("password", password)
      .Field("zone", account.zone)
      .Field("department", account.department)
      .Field("organizationId", organization)
      .End('}');
  return json.Take();
}

std::string ItemJson(const Item& item) {
  JsonWriter json;
  json.Begin('{').Field("itemId", item.item_id).Field("nameZh", item.name_zh);
  json.Field("nameEn", item.name_en).Field("itemClass", item.item_class);
  json.Field("defaultMode", item.default_mode).Key("verifiersNeeded").Number(item.verifiers_needed);
  json.Key("budgetWorkingDays").Number(item.budget_working_days);
  json.Key("tacitAllowed").Truth(item.tacit_allowed);
  json.Key("excludedClass").Truth(item.excluded_class);
  json.Key("attributes").Begin('[');
  for (const auto& [name, type] : item.attributes) {
    json.Begin('{').Field("name", name).Field("type", type).End('}');
  }
  json.End(']').Texts("requiredDocuments", item.required_documents);
  json.Field("source", item.source).Field("sourceStatus", item.source_status);
  return json.Field("budgetBasis", item.budget_basis).End('}').Take();
}

std::string EntryJson(const ListEntry& entry) {
  JsonWriter json;
  json.Begin('{').Field("entryId", entry.entry_id).Field("itemId", entry.item_id);
  json.Field("nameZh", entry.name_zh).Field("nameEn", entry.name_en);
  json.Field("predicate", entry.predicate).Field("article", entry.article);
  json.Field("sourceStatus", entry.source_status).Field("effectiveFrom", entry.effective_from);
  return json.End('}').Take();
}

std::string AgreementJson(const AgreementPlan& plan, Date first_day) {
  const Date from = first_day + std::chrono::days{plan.drafted_on};
  const Date until = from + std::chrono::days{365 * plan.valid_years};
  JsonWriter json;
  json.Begin('{').Field("itemId", plan.item_id).Texts("homeZones", plan.homes);
  json.Texts("targetZones", plan.targets).Field("mode", plan.mode);
  json.Field("validFrom", FormatDate(from)).Field("validUntil", FormatDate(until));
  return json.End('}').Take();
}

std::string_view Verb(Deed deed) {
  switch (deed) {
    case Deed::kSubmit: return "submit";
    case Deed::kAccept: return "accept";
    case Deed::kRequestSupplement: return "requestSupplement";
    case Deed::kSupplement: return "supplement";
    case Deed::kVerify: return "verify";
    case Deed::kGrant: return "grant";
    case Deed::kRefuse: return "refuse";
    case Deed::kWithdraw: return "withdraw";
  }
  return "";
}

bool AboutWholeFiling(Deed deed) {
  return deed == Deed::kSubmit || deed == Deed::kSupplement || deed == Deed::kWithdraw;
}

}  // namespace

Result<client::JsonDocument> MakeAccount(client::Api& api, Actors& actors, uint64_t seed,
                                         const AccountPlan& account,
                                         const std::string& organization) {
  auto user = Command(api, actors, "sysadmin",
                      {"/v1/users", AccountJson(account, organization, actors.password()),
                       KeyOf(seed, "user-" + account.username)});
  if (!user) return user;
  JsonWriter role;
  role.Begin('{').Field("role", account.role).End('}');
  const auto grant = Command(api, actors, "secadmin",
                             {"/v1/users/" + user->root()["userId"].text() + "/roleGrants",
                              role.Take(), KeyOf(seed, "role-" + account.username)});
  if (!grant) return grant.error();
  return user;
}

// What happens at one moment; different subjects in any order.
struct Player::Slot {
  std::vector<size_t> drafts;
  std::vector<size_t> endings;
  std::map<size_t, std::vector<const Step*>> steps;  // by filing, in order
};

size_t Year::Steps() const {
  size_t steps = data.enterprises.size() + accounts.size() + data.items.size() +
                 data.entries.size() + agreements.size();
  for (const AgreementPlan& agreement : agreements) steps += agreement.ends_on != kNever;
  for (const FilingPlan& filing : filings) steps += filing.steps.size();
  return steps;
}

Player::Player(const Year& year, Actors& actors, Crew& crew, Progress& progress)
    : year_(year),
      actors_(actors),
      crew_(crew),
      progress_(progress),
      filings_(year.filings.size()),
      agreements_(year.agreements.size()) {}

Result<client::JsonDocument> Player::Command(client::Api& api, const std::string& username,
                                             std::string path, std::string body,
                                             const std::string& name) {
  return sample::Command(api, actors_, username,
                         {std::move(path), std::move(body), KeyOf(year_.seed, name)});
}

Status Player::Play(Time clock_now) {
  clock_now_ = clock_now;
  if (Status done = Accounts(); !done) return done;
  if (Status done = Items(); !done) return done;
  if (Status done = NegativeLists(); !done) return done;
  // People log in while the first days pass, in the order in which they act.
  std::vector<std::string> order;
  std::set<std::string> known;
  const auto slots = Slots();
  for (const auto& [number, slot] : slots) {
    for (const auto& [filing, steps] : slot.steps) {
      for (const Step* step : steps) {
        if (known.insert(step->username).second) order.push_back(step->username);
      }
    }
  }
  std::jthread greeter([&](const std::stop_token& stop) {
    client::Api api(client::HttpClient(crew_.own().base_url()), {});
    for (const std::string& username : order) {
      // Who cannot log in is refused again, and then reported, when it is their turn.
      if (stop.stop_requested() || !actors_.Prepare(api, username)) return;
    }
  });
  for (const auto& [number, slot] : slots) {
    const Time moment = TimeOfSlot(number, year_.first_day, year_.seed);
    if (Status done = AdvanceTo(moment); !done) return done;
    progress_.Phase(FormatDate(ShanghaiDate(moment)));
    std::vector<Crew::Task> tasks;
    for (const size_t i : slot.drafts)
      tasks.push_back([this, i](client::Api& api) { return Draft(api, i); });
    for (const size_t i : slot.endings)
      tasks.push_back([this, i](client::Api& api) { return End(api, i); });
    for (const auto& [filing, steps] : slot.steps) {
      tasks.push_back([this, filing = filing, &steps = steps](client::Api& api) -> Status {
        for (const Step* step : steps) {
          if (Status done = Carry(api, filing, *step); !done) return done;
        }
        return Done{};
      });
    }
    if (Status done = crew_.Run(tasks); !done) return done;
  }
  return Done{};
}

Status Player::Accounts() {
  progress_.Phase("organisations and accounts");
  std::vector<Crew::Task> tasks;
  for (const AccountPlan& account : year_.accounts) {
    tasks.push_back([this, &account](client::Api& api) -> Status {
      std::string organization;
      if (account.enterprise) {
        const Enterprise& enterprise = year_.data.enterprises[*account.enterprise];
        const auto made = Command(api, "sysadmin", "/v1/organizations",
                                  OrganizationJson(enterprise), "organization-" + enterprise.uscc);
        if (!made) return made.error();
        organization = made->root()["organizationId"].text();
        progress_.Advance();
      }
      const auto made = MakeAccount(api, actors_, year_.seed, account, organization);
      if (!made) return made.error();
      progress_.Advance();
      return Done{};
    });
  }
  return crew_.Run(tasks);
}

Status Player::Items() {
  progress_.Phase("catalogue");
  std::vector<Crew::Task> tasks;
  for (const Item& item : year_.data.items) {
    tasks.push_back([this, &item](client::Api& api) -> Status {
      const auto made =
          Command(api, kFirstAccount, "/v1/items", ItemJson(item), "item-" + item.item_id);
      if (!made) return made.error();
      progress_.Advance();
      return Done{};
    });
  }
  return crew_.Run(tasks);
}

Status Player::NegativeLists() {
  progress_.Phase("negative lists");
  std::vector<Crew::Task> tasks;
  for (const ListEntry& entry : year_.data.entries) {
    tasks.push_back([this, &entry](client::Api& api) -> Status {
      const std::string keeper = entry.list == "common" ? kFirstAccount : "admin-" + entry.list;
      const auto made =
          Command(api, keeper, fmt::format("/v1/negativeLists/{}/entries", entry.list),
                  EntryJson(entry), fmt::format("entry-{}-{}", entry.list, entry.entry_id));
      if (!made) return made.error();
      progress_.Advance();
      return Done{};
    });
  }
  return crew_.Run(tasks);
}

std::map<int, Player::Slot> Player::Slots() const {
  std::map<int, Slot> slots;
  for (size_t i = 0; i < year_.agreements.size(); ++i) {
    slots[2 * year_.agreements[i].drafted_on].drafts.push_back(i);
    const int ends_on = year_.agreements[i].ends_on;
    if (ends_on != kNever) slots[2 * ends_on + 1].endings.push_back(i);
  }
  for (size_t i = 0; i < year_.filings.size(); ++i) {
    for (const Step& step : year_.filings[i].steps) slots[step.slot].steps[i].push_back(&step);
  }
  return slots;
}

Status Player::AdvanceTo(Time moment) {
  if (moment <= clock_now_) return Done{};
  JsonWriter body;
  body.Begin('{').Field("to", FormatTime(moment)).End('}');
  const auto moved = Command(crew_.own(), "sysadmin", "/v1/clock:advance", body.Take(),
                             "clock-" + FormatTime(moment));
  if (!moved) return moved.error();
  clock_now_ = moment;
  return Done{};
}

Status Player::Draft(client::Api& api, size_t index) {
  const AgreementPlan& plan = year_.agreements[index];
  AgreementRecord& record = agreements_[index];
  const auto drafted =
      Command(api, kFirstAccount, "/v1/agreements", AgreementJson(plan, year_.first_day),
              fmt::format("agreement-{}", index));
  if (!drafted) return drafted.error();
  record.agreement_id = drafted->root()["agreementId"].text();
  record.state = drafted->root()["state"].text();
  const auto parties = plan.Parties();
  for (size_t i = 0; i < plan.signatures; ++i) {
    const auto is_signed =
        Command(api, "admin-" + parties[i], "/v1/agreements/" + record.agreement_id + ":sign", "{}",
                fmt::format("agreement-{}-{}", index, parties[i]));
    if (!is_signed) return is_signed.error();
    record.state = is_signed->root()["state"].text();
  }
  progress_.Advance();
  return Done{};
}

Status Player::End(client::Api& api, size_t index) {
  const AgreementPlan& plan = year_.agreements[index];
  AgreementRecord& record = agreements_[index];
  const std::string verb = plan.fate == Fate::kSuspended ? "suspend" : "terminate";
  JsonWriter body;
  body.Begin('{').Field("reason", plan.reason).End('}');
  const auto ended = Command(api, "admin-" + plan.ended_by,
                             fmt::format("/v1/agreements/{}:{}", record.agreement_id, verb),
                             body.Take(), fmt::format("agreement-{}-{}", index, verb));
  if (!ended) return ended.error();
  record.state = ended->root()["state"].text();
  progress_.Advance();
  return Done{};
}

Status Player::Carry(client::Api& api, size_t filing, const Step& step) {
  FilingRecord& record = filings_[filing];
  std::string path = "/v1/filings";
  if (step.deed != Deed::kSubmit) {
    path += "/" + record.filing_id;
    if (!AboutWholeFiling(step.deed)) path += "/decisions/" + step.zone;
    path += fmt::format(":{}", Verb(step.deed));
  }
  const auto reply =
      Command(api, step.username, path, step.body,
              fmt::format("filing-{}-{}-{}-{}", filing, Verb(step.deed), step.zone, step.username));
  if (!reply) return reply.error();
  if (AboutWholeFiling(step.deed)) {
    NoteFiling(filing, reply->root());
  } else {
    NoteDecision(filing, reply->root());
  }
  progress_.Advance();
  return FollowUp(api, filing, step, reply->root());
}

// What follows a grant: it is delivered at once, and a promise is checked.
Status Player::FollowUp(client::Api& api, size_t filing, const Step& step, const Json& reply) {
  const auto act = [&](const std::string& user, const std::string& zone, const char* verb,
                       const char* body) -> Status {
    const auto done = Command(
        api, user,
        fmt::format("/v1/filings/{}/decisions/{}:{}", filings_[filing].filing_id, zone, verb), body,
        fmt::format("filing-{}-{}-{}", filing, verb, zone));
    if (!done) return done.error();
    return Done{};
  };
  if (step.deed == Deed::kGrant) {
    return act(step.username, step.zone, "deliver", R"({"method":"电子送达"})");
  }
  if (step.deed != Deed::kSubmit) return Done{};
  for (const Json& decision : reply["decisions"].items()) {
    if (decision["mode"].text() != "NOTIFY") continue;
    const std::string zone(decision["zone"].text());
    const Status checked =
        act("verifier-" + zone, zone, "checkPromise", R"({"met":true,"findings":"承诺属实"})");
    if (!checked) return checked;
  }
  return Done{};
}

void Player::NoteFiling(size_t filing, const Json& reply) {
  filings_[filing].filing_id = reply["filingId"].text();
  filings_[filing].state = reply["state"].text();
  for (const Json& decision : reply["decisions"].items()) NoteDecision(filing, decision);
}

void Player::NoteDecision(size_t filing, const Json& decision) {
  FilingRecord& record = filings_[filing];
  record.decisions[decision["zone"].text()] = decision["state"].text();
  if (decision["recognitionNumber"].present()) {
    record.recognition_number = decision["recognitionNumber"].text();
  }
  if (record.state == "WITHDRAWN") return;
  record.state = "CLOSED";
  for (const auto& [zone, state] : record.decisions) {
    if (state != "GRANTED" && state != "REFUSED" && state != "WITHDRAWN")
      record.state = "IN_REVIEW";
  }
}

Outcome Player::Count() const {
  Outcome outcome;
  for (const AgreementRecord& record : agreements_) ++outcome.agreements[record.state];
  for (const FilingRecord& record : filings_) {
    ++outcome.filings[record.state];
    for (const auto& [zone, state] : record.decisions) ++outcome.decisions[state];
    // The youngest is the likeliest to be valid today.
    if (!record.recognition_number.empty()) outcome.recognition_number = record.recognition_number;
  }
  return outcome;
}

}  // namespace zonelink::sample
