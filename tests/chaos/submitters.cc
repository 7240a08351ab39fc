// SPDX-License-Identifier: Apache-2.0
#include "tests/chaos/submitters.h"

#include <fmt/format.h>

#include <random>

#include "tests/support/child.h"

namespace zonelink::chaos {
namespace {

using namespace std::chrono_literals;
using test::Answer;
using test::Api;

constexpr const char* kHomeZones[] = {"shanghai", "guangdong", "tianjin"};
constexpr const char* kDecides = "zhejiang";
constexpr const char* kGrantsAtOnce = "fujian";
constexpr int kOrganizations = 6;
constexpr uint64_t kLookEvery = 8;     // acknowledged filings
constexpr uint64_t kRefuseEvery = 5;   // decisions
constexpr size_t kReceiptFilings = 3;  // per submitter, at the end
constexpr auto kBetweenLooks = 20ms;   // of who polls the ledger

}  // namespace

// After a failure, before the next request: a server that starts is not stormed.
struct Submitters::Pause {
  std::chrono::milliseconds next{10};

  void Wait() {
    std::this_thread::sleep_for(next);
    next = std::min(next * 2, std::chrono::milliseconds(640));
  }
  void Reset() { next = std::chrono::milliseconds(10); }
};

Submitters::Submitters(test::World& world, JournalWriter& journal, int count, uint64_t seed)
    : journal_(journal), base_url_(world.deployment().base_url()), item_id_(world.NewItem()) {
  const std::vector<std::string> homes(std::begin(kHomeZones), std::end(kHomeZones));
  world.Agree(item_id_, homes, {kDecides}, "REVIEW");
  world.Agree(item_id_, homes, {kGrantsAtOnce}, "AUTOMATIC");
  std::vector<test::Organization> organizations;
  for (int i = 0; i < std::min(count, kOrganizations); ++i) {
    organizations.push_back(world.NewOrganization(homes[static_cast<size_t>(i) % homes.size()]));
  }
  for (int i = 0; i < count; ++i) {
    Player player;
    player.organization = organizations[static_cast<size_t>(i) % organizations.size()];
    const test::Person person = world.Member(player.organization, {"filer"});
    player.line = {person.username, person.user_id, player.organization.id, "",
                   player.organization.name};
    player.token = world.As(person).token();
    player.seed = seed * 1000 + static_cast<uint64_t>(i);
    journal_.Write(player.line);
    filers_.push_back(std::move(player));
  }
  AddOfficer(world, kDecides, "verifier");
  AddOfficer(world, kDecides, "reviewer");
}

Submitters::~Submitters() { Stop(); }

void Submitters::AddOfficer(test::World& world, const std::string& zone, const std::string& role) {
  Player player;
  const test::Person person = world.Staff(zone, {role});
  player.line = {person.username, person.user_id, "", zone, ""};
  player.token = world.As(person).token();
  journal_.Write(player.line);
  officers_.push_back(std::move(player));
}

void Submitters::Start() {
  stop_ = false;
  for (Player& player : filers_) threads_.emplace_back([this, &player] { Submit(player); });
  for (Player& player : officers_) threads_.emplace_back([this, &player] { Officiate(player); });
  threads_.emplace_back([this] { Watch(); });
}

void Submitters::Stop() {
  {
    const std::lock_guard lock(mutex_);
    stop_ = true;
    changed_.notify_all();
  }
  for (std::thread& thread : threads_) thread.join();
  threads_.clear();
}

bool Submitters::AwaitAcknowledged(int count, std::chrono::seconds limit) {
  std::unique_lock lock(mutex_);
  while (acknowledged_ < count && !trouble_) {
    const int before = acknowledged_;
    const bool moved = changed_.wait_for(
        lock, limit, [&] { return acknowledged_ != before || trouble_.has_value(); });
    if (!moved) return false;
  }
  return !trouble_;
}

void Submitters::HoldAt(int count) {
  const std::lock_guard lock(mutex_);
  hold_at_ = count;
  changed_.notify_all();
}

void Submitters::AwaitTurn() {
  std::unique_lock lock(mutex_);
  changed_.wait(lock, [&] { return stop_ || acknowledged_ < hold_at_; });
}

std::optional<std::string> Submitters::trouble() const {
  const std::lock_guard lock(mutex_);
  return trouble_;
}

void Submitters::Trouble(const std::string& what) {
  const std::lock_guard lock(mutex_);
  if (!trouble_) trouble_ = what;
  changed_.notify_all();
}

void Submitters::Acknowledged(const std::string& filing_id) {
  const std::lock_guard lock(mutex_);
  filings_.push_back(filing_id);
  ++acknowledged_;
  changed_.notify_all();
}

Answer Submitters::Ask(Api& api, const SentLine& sent, bool again) {
  Pause pause;
  for (;;) {
    Answer answer = api.Post(sent.path, sent.body, {{"Idempotency-Key", sent.key}});
    // Nothing was sent: nothing can be in doubt about it.
    const bool unreachable = answer.status == 0 && answer.body.rfind("UNREACHABLE", 0) == 0;
    if (unreachable && !stop_) {
      pause.Wait();
      continue;
    }
    ToldLine told{sent.id, answer.status, answer.reason(), answer.body, "", again};
    if (answer.ok()) told.filing_id = answer.text("filingId");
    journal_.Write(told);
    return answer;
  }
}

Answer Submitters::Read(const Player& player, Api& api, const std::string& path) {
  Answer answer = api.Get(path);
  journal_.Write(ReadLine{player.line.name, path, answer.status, answer.body});
  return answer;
}

std::string Submitters::FilingOf(const Player& player, const std::string& credential) const {
  test::FilingSpec spec{.item_id = item_id_,
                        .home_zone = player.organization.zone,
                        .target_zones = {kDecides, kGrantsAtOnce},
                        .applicant = player.organization,
                        .credential_number = credential};
  return spec.ToJson();
}

void Submitters::Submit(Player& player) {
  Api api(base_url_, player.token);
  Pause pause;
  std::vector<std::string> own;
  for (AwaitTurn(); !stop_; AwaitTurn()) {
    const int64_t id = journal_.NextId();
    const std::string credential = fmt::format("CO-2026-{:06}", id);
    const SentLine sent{id,
                        player.line.name,
                        "SubmitFiling",
                        "/v1/filings",
                        test::FreshKey(),
                        FilingOf(player, credential),
                        credential};
    journal_.Write(sent);
    const Answer answer = Ask(api, sent, false);
    if (answer.ok()) {
      pause.Reset();
      own.push_back(answer.text("filingId"));
      Acknowledged(own.back());
      if (own.size() % kLookEvery == 0) LookAround(player, api, own);
    } else if (InDoubt(answer.status, answer.reason())) {
      pause.Wait();  // asked again at the end, as a client does that was restarted itself
    } else {
      return Trouble(fmt::format("a filing was refused: {} {}", answer.status, answer.body));
    }
  }
}

// Lists, a filing of somebody, and the receipts of one of the own.
void Submitters::LookAround(Player& player, Api& api, std::vector<std::string>& own) {
  std::mt19937_64 random(player.seed + own.size());
  std::string somebodys;
  {
    const std::lock_guard lock(mutex_);
    somebodys = filings_[random() % filings_.size()];
  }
  Read(player, api, "/v1/filings?pageSize=5");
  Read(player, api, "/v1/filings/" + somebodys);
  Receipts(player, api, own[random() % own.size()]);
}

void Submitters::Receipts(const Player& player, Api& api, const std::string& filing_id) {
  const Answer timeline = Read(player, api, fmt::format("/v1/filings/{}/timeline", filing_id));
  for (const client::Json& entry : timeline.json()["items"].items()) {
    const std::string event_id = entry["eventId"].text();
    const Answer receipt = api.Get("/v1/ledger/receipts/" + event_id);
    if (receipt.ok()) journal_.Write(ReceiptLine{player.line.name, event_id, receipt.body});
  }
}

void Submitters::Officiate(Player& player) {
  Api api(base_url_, player.token);
  while (!stop_) {
    const Answer inbox = Read(player, api, "/v1/inbox?pageSize=10");
    const auto items = inbox.json()["items"].items();
    if (items.empty()) std::this_thread::sleep_for(kBetweenLooks);
    for (const client::Json& item : items) {
      if (stop_) return;
      Act(player, api, item);
    }
  }
}

// Does what waits. An officer who is left in doubt asks again at once with the same key.
void Submitters::Act(Player& player, Api& api, const client::Json& item) {
  const std::string action = item["action"].text();
  const int64_t id = journal_.NextId();
  std::string verb = action;
  std::string body = "{}";
  if (action == "verify") body = R"({"opinion":"一致"})";
  if (action == "decide") {
    const bool refuse = static_cast<uint64_t>(id) % kRefuseEvery == 0;
    verb = refuse ? "refuse" : "grant";
    body = refuse ? R"({"article":"第三十八条","facts":"证书与系统记录不符","reason":"不符"})"
                  : R"({"reason":"符合规定"})";
  }
  const SentLine sent{id,
                      player.line.name,
                      verb,
                      fmt::format("/v1/filings/{}/decisions/{}:{}", item["filingId"].text(),
                                  item["zone"].text(), verb),
                      test::FreshKey(),
                      body,
                      ""};
  journal_.Write(sent);
  Pause pause;
  bool again = false;
  for (;;) {
    const Answer answer = Ask(api, sent, again);
    // What is refused was done already: the inbox follows a moment later.
    if (!InDoubt(answer.status, answer.reason()) || stop_) return;
    again = true;
    pause.Wait();
  }
}

void Submitters::SeeCheckpoint(const std::string& seen_by) {
  Api api(base_url_, "");
  const Answer answer = api.Get("/v1/ledger/checkpoint");
  if (answer.ok()) journal_.Write(CheckpointLine{seen_by, answer.body});
}

// Follows the ledger as anybody may.
void Submitters::Watch() {
  Api api(base_url_, "");
  std::string last;
  while (!stop_) {
    const Answer answer = api.Get("/v1/ledger/checkpoint");
    if (answer.ok() && answer.body != last) {
      last = answer.body;
      journal_.Write(CheckpointLine{"bystander", answer.body});
    }
    std::this_thread::sleep_for(kBetweenLooks);
  }
}

void Submitters::AskAgain(const Journal& journal) {
  stop_ = false;
  std::vector<Player*> players;
  for (Player& player : filers_) players.push_back(&player);
  for (Player& player : officers_) players.push_back(&player);
  std::vector<std::thread> threads;
  for (Player* player : players) {
    threads.emplace_back([this, player, &journal] {
      Api api(base_url_, player->token);
      for (const auto& [id, exchange] : journal.exchanges) {
        if (exchange.sent.caller != player->line.name) continue;
        if (exchange.Settled() && !exchange.Acknowledged()) continue;  // refused: nothing was done
        const bool doubt = exchange.InDoubt();
        for (int i = 0; i < (doubt ? 2 : 1); ++i) Ask(api, exchange.sent, true);
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
}

void Submitters::CollectReceipts() {
  for (Player& player : filers_) {
    Api api(base_url_, player.token);
    const Answer list = Read(player, api, fmt::format("/v1/filings?pageSize={}", kReceiptFilings));
    for (const client::Json& filing : list.json()["items"].items()) {
      Receipts(player, api, filing["filingId"].text());
    }
  }
}

}  // namespace zonelink::chaos
