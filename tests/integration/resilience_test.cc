// SPDX-License-Identifier: Apache-2.0
// kill -9 between acknowledged submits: nothing acknowledged is lost, what is sent again with the
// same key is not doubled, and inbox and feed hold every event once.
#include <fmt/format.h>
#include <gtest/gtest.h>
#include <signal.h>

#include <atomic>
#include <mutex>
#include <set>
#include <thread>

#include "tests/support/fixture.h"

namespace zonelink::test {
namespace {

using namespace std::chrono_literals;

constexpr int kWriters = 4;
constexpr int kKillsPerTarget = 2;
constexpr int kAcknowledgedPerKill = 15;

class Resilience : public IntegrationTest {};

// What clients were told.
class Journal {
 public:
  void Acknowledged(const std::string& filing_id) {
    const std::lock_guard lock(mutex_);
    filing_ids_.push_back(filing_id);
    ++count_;
  }
  int count() const { return count_; }
  std::vector<std::string> filing_ids() const { return filing_ids_; }

 private:
  std::mutex mutex_;
  std::vector<std::string> filing_ids_;
  std::atomic<int> count_{0};
};

TEST_F(Resilience, NothingAcknowledgedIsLostOrDoubled) {
  const std::string item = world().NewItem();
  world().Agree(item, {"shanghai"}, {"zhejiang"}, "REVIEW");
  const Organization organization = world().NewOrganization("shanghai");
  const Person filer = world().Member(organization, {"filer"});
  const FilingSpec any{.item_id = item,
                       .home_zone = "shanghai",
                       .target_zones = {"zhejiang"},
                       .applicant = organization};
  const std::string token = world().As(filer).token();
  const std::string base_url = deployment().base_url();

  Journal journal;
  std::atomic<bool> stop{false};
  std::atomic<int> keys{0};
  std::vector<std::thread> writers;
  for (int i = 0; i < kWriters; ++i) {
    writers.emplace_back([&] {
      Api api(base_url, token);
      while (!stop) {
        const std::string key = FreshKey();
        FilingSpec spec = any;
        spec.credential_number = NewCredentialNumber();
        const std::string body = spec.ToJson();
        ++keys;
        Answer answer;
        const bool done = WaitUntil(60s, [&] {
          answer = api.Post("/v1/filings", body, {{"Idempotency-Key", key}});
          return answer.status == 201;
        });
        if (!done) return (void)(ADD_FAILURE() << "no answer to " << key << ": " << answer);
        journal.Acknowledged(answer.text("filingId"));
      }
    });
  }
  for (int round = 0; round < kKillsPerTarget; ++round) {
    for (const auto& target : deployment().targets()) {
      const int wanted = journal.count() + kAcknowledgedPerKill;
      EXPECT_TRUE(WaitUntil(60s, [&] { return journal.count() >= wanted; })) << target;
      deployment().Kill(target, SIGKILL);
      deployment().Restart(target);
    }
  }
  const int wanted = journal.count() + kAcknowledgedPerKill;
  EXPECT_TRUE(WaitUntil(60s, [&] { return journal.count() >= wanted; }));
  stop = true;
  for (auto& writer : writers) writer.join();

  auto sql = deployment().database().Admin();
  const auto acknowledged = journal.filing_ids();
  const std::set<std::string> distinct(acknowledged.begin(), acknowledged.end());
  EXPECT_EQ(distinct.size(), acknowledged.size()) << "two keys never share a filing";
  EXPECT_EQ(acknowledged.size(), static_cast<size_t>(keys.load()));
  std::set<std::string> stored;
  for (const auto& row :
       sql.Query("SELECT filing_id FROM recognition.filings WHERE organization_id = $1",
                 {organization.id})) {
    stored.insert(*row[0]);
  }
  EXPECT_EQ(stored, distinct);

  EXPECT_TRUE(WaitUntil(30s, [&] {
    return sql.One("SELECT count(*) FROM worklist.inbox WHERE organization_id = $1",
                   {organization.id}) == std::to_string(stored.size());
  }));
  const std::string of_recognition =
      "SELECT count(*) FROM recognition.events WHERE type ~ "
      "'^zonelink.recognition.(filing|decision)'";
  EXPECT_TRUE(WaitUntil(30s, [&] {
    return sql.One("SELECT count(*) FROM worklist.feed") == sql.One(of_recognition);
  })) << "every event takes effect exactly once";
  EXPECT_EQ(sql.One("SELECT count(*) FROM recognition.events WHERE number IS NULL"), "0");
  EXPECT_EQ(sql.One("SELECT count(*) = max(number) FROM recognition.events"), "t")
      << "numbers have no gaps";
}

}  // namespace
}  // namespace zonelink::test
