// SPDX-License-Identifier: Apache-2.0
// More than can be done at once: refused early, in the caller's language, with a time to come
// back, and the zone that asks too much makes no other zone wait.
#include <gtest/gtest.h>

#include <atomic>
#include <thread>

#include "tests/support/fixture.h"

namespace zonelink::test {
namespace {

class Overload : public IntegrationTest {
 protected:
  static void SetUpTestSuite() {
    Deploy({.clock = StartOfClock(),
            .limits = {{"workers", "2"},
                       {"in_flight", "8"},
                       {"requests_per_caller", "1000000"},
                       {"requests_per_address", "1000000"}}});
  }

  void SetUp() override {
    IntegrationTest::SetUp();
    item_ = world().NewItem();
    world().Agree(item_, {"shanghai", "fujian"}, {"jiangsu"}, "AUTOMATIC");
    flooding_ = world().NewOrganization("shanghai");
    quiet_ = world().NewOrganization("fujian");
  }

  std::string BodyOf(const Organization& organization) const {
    return FilingSpec{.item_id = item_,
                      .home_zone = organization.zone,
                      .target_zones = {"jiangsu"},
                      .applicant = organization}
        .ToJson();
  }

  // Many threads that file without pause until they are told to stop; keeps what was refused.
  class Flood {
   public:
    Flood(const Person& person, const std::string& body, int threads) {
      for (int i = 0; i < threads; ++i) {
        threads_.emplace_back(
            [this, body, api = world().Fresh(person), english = i % 2 == 0]() mutable {
              while (!stop_) {
                const Answer answer =
                    api.Post("/v1/filings", body, {{"Accept-Language", english ? "en" : "zh"}});
                if (answer.ok()) ++done_;
                if (answer.status == 429) Keep(english ? english_ : chinese_, answer);
                if (!answer.ok() && answer.status != 429) Keep(other_, answer);
              }
            });
      }
    }
    ~Flood() { Stop(); }

    void Stop() {
      stop_ = true;
      for (std::thread& thread : threads_) thread.join();
      threads_.clear();
    }
    // Refused in both languages.
    void AwaitRefusals() {
      WaitUntil(std::chrono::seconds(30), [this] {
        const std::lock_guard lock(mutex_);
        return english_.has_value() && chinese_.has_value();
      });
    }
    int done() const { return done_; }
    // After Stop.
    const std::optional<Answer>& english() const { return english_; }
    const std::optional<Answer>& chinese() const { return chinese_; }
    const std::optional<Answer>& other() const { return other_; }

   private:
    void Keep(std::optional<Answer>& kept, const Answer& answer) {
      const std::lock_guard lock(mutex_);
      kept = answer;
    }

    std::atomic<bool> stop_{false};
    std::atomic<int> done_{0};
    std::mutex mutex_;
    std::optional<Answer> english_;
    std::optional<Answer> chinese_;
    std::optional<Answer> other_;
    std::vector<std::thread> threads_;
  };

  static void ExpectOverloaded(const std::optional<Answer>& answer, const std::string& detail) {
    ASSERT_TRUE(answer);
    EXPECT_TRUE(Refused(*answer, 429, "OVERLOADED"));
    EXPECT_EQ(answer->text("detail"), detail);
    const std::string after(answer->http.Header("retry-after"));
    EXPECT_TRUE(after == "1" || after == "2" || after == "3") << after;
  }

  std::string item_;
  Organization flooding_;
  Organization quiet_;
};

TEST_F(Overload, IsRefusedInBothLanguagesAndOtherZonesAreServed) {
  const Person flooder = world().Member(flooding_, {"filer"});
  const Person neighbour = world().Member(quiet_, {"filer"});
  Api& api = world().As(neighbour);
  ASSERT_TRUE(HasStatus(api.Get("/v1/filings"), 200));  // known from now on
  Flood flood(flooder, BodyOf(flooding_), 32);
  flood.AwaitRefusals();
  for (int i = 0; i < 20; ++i) {
    EXPECT_TRUE(HasStatus(api.Post("/v1/filings", BodyOf(quiet_)), 201)) << i;
  }
  flood.Stop();
  ExpectOverloaded(flood.english(), "Too much work is in flight; try again shortly.");
  ExpectOverloaded(flood.chinese(), "系统繁忙，请稍后重试。");
  EXPECT_FALSE(flood.other()) << *flood.other();
  EXPECT_GT(flood.done(), 0);
}

// Nobody's tokens, however many, take a place from those that a service knows.
TEST_F(Overload, InventedTokensTakeNobodysPlace) {
  Api& api = world().As(world().Member(quiet_, {"filer"}));
  ASSERT_TRUE(HasStatus(api.Get("/v1/filings"), 200));
  std::atomic<bool> stop{false};
  std::vector<std::thread> threads;
  for (int i = 0; i < 32; ++i) {
    threads.emplace_back([&, i, body = BodyOf(quiet_)] {
      for (int n = 0; !stop; ++n) {
        const std::string token = "invented." + std::to_string(i) + "." + std::to_string(n);
        Api(deployment().base_url(), token).Post("/v1/filings", body);
      }
    });
  }
  for (int i = 0; i < 20; ++i) {
    EXPECT_TRUE(HasStatus(api.Post("/v1/filings", BodyOf(quiet_)), 201)) << i;
  }
  stop = true;
  for (std::thread& thread : threads) thread.join();
}

}  // namespace
}  // namespace zonelink::test
