// SPDX-License-Identifier: Apache-2.0
#include "deploy/sample/play.h"

#include <fmt/format.h>

#include <chrono>
#include <set>
#include <thread>

#include "deploy/sample/bodies.h"
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

// What one service has heard of another's is a moment behind it: a mandate, the parties of a case.
constexpr std::chrono::seconds kHearsay{20};
constexpr std::chrono::milliseconds kAskAgain{20};

std::string KeyOf(uint64_t seed, const std::string& name) {
  return fmt::format("sample-{}-{}", seed, name);
}

// A refusal names what was being done.
Error WithContext(const std::string& context, Error error) {
  error.message = fmt::format("{}: {}", context, error.message);
  return error;
}

Result<client::JsonDocument> Command(client::Api& api, Actors& actors, const std::string& username,
                                     Order order) {
  auto reply = actors.Ask(api, username,
                          {.method = "POST",
                           .path = std::move(order.path),
                           .body = std::move(order.body),
                           .idempotency_key = order.key});
  return std::move(reply).transform_error([&](Error error) {
    return WithContext(fmt::format("{}, {}", username, order.key), std::move(error));
  });
}

// `ask` until it is answered otherwise than with `reason`.
template <class Ask>
auto Until(std::string_view reason, const Ask& ask) {
  const auto deadline = std::chrono::steady_clock::now() + kHearsay;
  for (;;) {
    auto reply = ask();
    const bool not_yet = !reason.empty() && !reply && reply.error().reason == reason;
    if (!not_yet || std::chrono::steady_clock::now() >= deadline) return reply;
    std::this_thread::sleep_for(kAskAgain);
  }
}

}  // namespace

Result<client::JsonDocument> MakeAccount(client::Api& api, Actors& actors, uint64_t seed,
                                         const AccountPlan& account,
                                         const std::string& organization_id) {
  auto user = Command(api, actors, "sysadmin",
                      {"/v1/users", AccountJson(account, organization_id, actors.password()),
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
  std::vector<const Chore*> chores;
  std::map<size_t, std::vector<const Step*>> steps;  // by filing, in order
};

size_t Year::Steps() const {
  size_t steps = data.enterprises.size() + accounts.size() + data.items.size() +
                 data.entries.size() + papers.size() + agreements.size() + chores.size();
  for (const AgreementPlan& agreement : agreements) steps += agreement.ends_on != kNever;
  for (const FilingPlan& filing : filings) steps += filing.steps.size();
  return steps;
}

Player::Player(const Year& year, Actors& actors, Crew& crew, Progress& progress)
    : year_(year),
      actors_(actors),
      crew_(crew),
      progress_(progress),
      filing_ids_(year.filings.size()),
      agreement_ids_(year.agreements.size()) {
  for (const Enterprise& enterprise : year.data.enterprises) organization_ids_[enterprise.uscc];
  for (const AccountPlan& account : year.accounts) user_ids_[account.username];
}

Result<client::JsonDocument> Player::Command(client::Api& api, const std::string& username,
                                             std::string path, std::string body,
                                             const std::string& name) {
  return sample::Command(api, actors_, username,
                         {std::move(path), std::move(body), KeyOf(year_.terms.seed, name)});
}

Status Player::Play(Time clock_now) {
  clock_now_ = clock_now;
  if (Status done = Organizations(); !done) return done;
  if (Status done = Accounts(); !done) return done;
  if (Status done = Items(); !done) return done;
  if (Status done = NegativeLists(); !done) return done;
  if (Status done = Vaults(); !done) return done;
  // People log in while the first days pass, in the order in which they act.
  const auto slots = Slots();
  const std::vector<std::string> order = WhoActsInOrder(slots);
  std::jthread greeter([&](const std::stop_token& stop) {
    client::Api api(client::HttpClient(crew_.own().base_url()), {});
    for (const std::string& username : order) {
      // Who cannot log in is refused again, and then reported, when it is their turn.
      if (stop.stop_requested() || !actors_.Prepare(api, username)) return;
    }
  });
  for (const auto& [number, slot] : slots) {
    const Time moment = TimeOfSlot(number, year_.terms.first_day, year_.terms.seed);
    if (Status done = AdvanceTo(moment); !done) return done;
    progress_.Phase(FormatDate(ShanghaiDate(moment)));
    if (Status done = PlaySlot(slot); !done) return done;
  }
  return Done{};
}

Status Player::PlaySlot(const Slot& slot) {
  std::vector<Crew::Task> tasks;
  for (const size_t i : slot.drafts)
    tasks.push_back([this, i](client::Api& api) { return Draft(api, i); });
  for (const size_t i : slot.endings)
    tasks.push_back([this, i](client::Api& api) { return End(api, i); });
  for (const Chore* chore : slot.chores)
    tasks.push_back([this, chore](client::Api& api) { return DoChore(api, *chore); });
  for (const auto& [filing, steps] : slot.steps) {
    tasks.push_back([this, filing = filing, &steps = steps](client::Api& api) -> Status {
      for (const Step* step : steps) {
        if (Status done = Carry(api, filing, *step); !done) return done;
      }
      return Done{};
    });
  }
  return crew_.Run(tasks);
}

Status Player::Organizations() {
  progress_.Phase("organisations");
  std::vector<Crew::Task> tasks;
  for (const Enterprise& enterprise : year_.data.enterprises) {
    tasks.push_back([this, &enterprise](client::Api& api) -> Status {
      const auto made = Command(api, "sysadmin", "/v1/organizations", OrganizationJson(enterprise),
                                "organization-" + enterprise.uscc);
      if (!made) return made.error();
      organization_ids_.at(enterprise.uscc) = made->root()["organizationId"].text();
      progress_.Advance();
      return Done{};
    });
  }
  return crew_.Run(tasks);
}

Status Player::Accounts() {
  progress_.Phase("accounts");
  std::vector<Crew::Task> tasks;
  for (const AccountPlan& account : year_.accounts) {
    tasks.push_back([this, &account](client::Api& api) -> Status {
      std::string organization;
      if (account.enterprise) {
        organization = organization_ids_.at(year_.data.enterprises[*account.enterprise].uscc);
      }
      const auto made = MakeAccount(api, actors_, year_.terms.seed, account, organization);
      if (!made) return made.error();
      user_ids_.at(account.username) = made->root()["userId"].text();
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
          Command(api, kFirstAccount, "/v1/items", ItemJson(item, ""), "item-" + item.item_id);
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

Status Player::Vaults() {
  progress_.Phase("papers");
  std::vector<Crew::Task> tasks;
  for (const VaultPaper& paper : year_.papers) {
    tasks.push_back([this, &paper](client::Api& api) { return HandIn(api, paper); });
  }
  return crew_.Run(tasks);
}

Status Player::HandIn(client::Api& api, const VaultPaper& paper) {
  const std::string& filer = year_.data.enterprises[paper.enterprise].username;
  const std::string name = fmt::format("paper-{}-{}", paper.enterprise, paper.kind);
  const auto upload = Command(api, filer, "/v1/documents", UploadJson(paper), name);
  if (!upload) return upload.error();
  const std::string path = "/v1/uploads/" + upload->root()["uploadId"].text();
  const auto sent = actors_.Send(api, filer,
                                 {.method = "POST",
                                  .path = path + "/chunks/0",
                                  .body = paper.contents,
                                  .idempotency_key = {},
                                  .content_type = "application/octet-stream"});
  // Of a run that was cut short.
  if (!sent && sent.error().reason != "UPLOAD_COMPLETE") {
    return WithContext(fmt::format("{}, {}", filer, name), sent.error());
  }
  const auto complete = Command(api, filer, path + ":complete", "{}", name + "-complete");
  if (!complete) return complete.error();
  progress_.Advance();
  return Done{};
}

std::map<int, Player::Slot> Player::Slots() const {
  std::map<int, Slot> slots;
  for (size_t i = 0; i < year_.agreements.size(); ++i) {
    slots[2 * year_.agreements[i].drafted_on].drafts.push_back(i);
    const int ends_on = year_.agreements[i].ends_on;
    if (ends_on != kNever) slots[2 * ends_on + 1].endings.push_back(i);
  }
  for (const Chore& chore : year_.chores) slots[chore.slot].chores.push_back(&chore);
  for (size_t i = 0; i < year_.filings.size(); ++i) {
    for (const Step& step : year_.filings[i].steps) slots[step.slot].steps[i].push_back(&step);
  }
  return slots;
}

std::vector<std::string> Player::WhoActsInOrder(const std::map<int, Slot>& slots) const {
  std::vector<std::string> order;
  std::set<std::string> known;
  for (const auto& [number, slot] : slots) {
    for (const auto& [filing, steps] : slot.steps) {
      for (const Step* step : steps) {
        if (known.insert(step->username).second) order.push_back(step->username);
      }
    }
  }
  return order;
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
  const auto drafted =
      Command(api, kFirstAccount, "/v1/agreements", AgreementJson(plan, year_.terms.first_day),
              fmt::format("agreement-{}", index));
  if (!drafted) return drafted.error();
  agreement_ids_[index] = drafted->root()["agreementId"].text();
  const auto parties = plan.Parties();
  for (size_t i = 0; i < plan.signatures; ++i) {
    const auto is_signed =
        Command(api, "admin-" + parties[i], "/v1/agreements/" + agreement_ids_[index] + ":sign",
                "{}", fmt::format("agreement-{}-{}", index, parties[i]));
    if (!is_signed) return is_signed.error();
  }
  progress_.Advance();
  return Done{};
}

Status Player::End(client::Api& api, size_t index) {
  const AgreementPlan& plan = year_.agreements[index];
  const std::string verb = plan.fate == Fate::kSuspended ? "suspend" : "terminate";
  JsonWriter body;
  body.Begin('{').Field("reason", plan.reason).End('}');
  const auto ended = Command(api, "admin-" + plan.ended_by,
                             fmt::format("/v1/agreements/{}:{}", agreement_ids_[index], verb),
                             body.Take(), fmt::format("agreement-{}-{}", index, verb));
  if (!ended) return ended.error();
  progress_.Advance();
  return Done{};
}

Status Player::DoChore(client::Api& api, const Chore& chore) {
  const auto done = Command(api, chore.username, chore.path, WithIds(chore.body), chore.name);
  if (!done) return done.error();
  progress_.Advance();
  return Done{};
}

// The marks replaced by the ids that they stand for.
std::string Player::WithIds(std::string body) const {
  for (size_t from = 0; (from = body.find('<', from)) != std::string::npos;) {
    const size_t colon = body.find(':', from);
    const size_t end = body.find('>', from);
    const std::string kind = body.substr(from + 1, colon - from - 1);
    const std::string name = body.substr(colon + 1, end - colon - 1);
    const std::string& id =
        kind == "user" ? user_ids_.at(name) : filing_ids_.at(static_cast<size_t>(std::stoul(name)));
    body.replace(from, end - from + 1, id);
    from += id.size();
  }
  return body;
}

Status Player::Carry(client::Api& api, size_t filing, const Step& step) {
  if (step.deed == Deed::kRead) return Read(api, filing, step);
  std::string& filing_id = filing_ids_[filing];
  std::string path = "/v1/filings";
  if (step.deed != Deed::kSubmit) {
    path += "/" + filing_id;
    if (!AboutWholeFiling(step.deed)) path += "/decisions/" + step.zone;
    path += fmt::format(":{}", Verb(step.deed));
  }
  const std::string key = fmt::format("filing-{}-{}-{}-{}-{}", filing, Verb(step.deed), step.zone,
                                      step.username, step.slot);
  const bool by_agent = step.username != year_.filings[filing].applicant;
  const std::string_view not_yet =
      step.deed == Deed::kSubmit && by_agent ? "FOREIGN_APPLICANT" : "";
  const auto reply =
      Until(not_yet, [&] { return Command(api, step.username, path, WithIds(step.body), key); });
  if (!reply) return reply.error();
  if (step.deed == Deed::kSubmit) filing_id = reply->root()["filingId"].text();
  progress_.Advance();
  return Done{};
}

Status Player::Read(client::Api& api, size_t filing, const Step& step) {
  const client::ApiCall call{
      .path = fmt::format("/v1/documents/{}?caseId={}", step.body, filing_ids_[filing])};
  const auto read =
      Until("DOCUMENT_NOT_FOUND", [&] { return actors_.Send(api, step.username, call); });
  if (!read) return WithContext(fmt::format("{}, {}", step.username, call.path), read.error());
  progress_.Advance();
  return Done{};
}

}  // namespace zonelink::sample
