// SPDX-License-Identifier: Apache-2.0
// Retries: whoever asks again with the same key gets the first answer, and the effect happens once.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <barrier>
#include <set>
#include <thread>

#include "tests/support/fixture.h"

namespace zonelink::test {
namespace {

using namespace std::chrono_literals;

class Retry : public IntegrationTest {
 protected:
  static void SetUpTestSuite() {
    IntegrationTest::SetUpTestSuite();
    item_ = world().NewItem();
    world().Agree(item_, {"shanghai"}, {"zhejiang"}, "REVIEW");
  }
  void SetUp() override {
    IntegrationTest::SetUp();
    organization_ = world().NewOrganization("shanghai");
    filer_ = world().Member(organization_, {"filer"});
  }
  FilingSpec Spec() const {
    return {.item_id = item_,
            .home_zone = "shanghai",
            .target_zones = {"zhejiang"},
            .applicant = organization_};
  }
  // Rows of the organisation in a table of recognition.
  std::string Count(const std::string& from_where) const {
    return deployment().database().Admin().One(
        "SELECT count(*) FROM recognition." + from_where + " = $1", {organization_.id});
  }

  static inline std::string item_;
  Organization organization_;
  Person filer_;
};

TEST_F(Retry, AHundredParallelSubmitsMakeOneFiling) {
  constexpr int kClients = 100;
  const std::string key = FreshKey();
  const std::string body = Spec().ToJson();
  std::vector<Answer> answers(kClients);
  std::vector<std::thread> clients;
  const std::string token = world().As(filer_).token();
  std::barrier start(kClients);
  for (int i = 0; i < kClients; ++i) {
    clients.emplace_back([&, i] {
      Api api(deployment().base_url(), token);
      start.arrive_and_wait();
      WaitUntil(60s, [&] {
        answers[static_cast<size_t>(i)] = api.Post("/v1/filings", body, {{"Idempotency-Key", key}});
        const Answer& answer = answers[static_cast<size_t>(i)];
        // Told to ask again: the first request still runs, or there is too much to do.
        return answer.reason() != "IDEMPOTENCY_IN_PROGRESS" && answer.status != 429 &&
               answer.status != 503;
      });
    });
  }
  for (auto& client : clients) client.join();
  std::set<std::string> bodies;
  for (const auto& answer : answers) {
    ASSERT_TRUE(HasStatus(answer, 201));
    bodies.insert(answer.body);
  }
  EXPECT_EQ(bodies.size(), 1u);
  EXPECT_EQ(Count("filings WHERE organization_id"), "1");
  EXPECT_EQ(Count("events WHERE parties[1] IS NOT NULL AND substr((SELECT p FROM unnest(parties) p "
                  "WHERE p LIKE 'org:%'), 5)"),
            "1");
}

TEST_F(Retry, AnotherBodyUnderTheSameKeyIsRefused) {
  const std::string key = FreshKey();
  FilingSpec spec = Spec();
  const auto first =
      world().As(filer_).Post("/v1/filings", spec.ToJson(), {{"Idempotency-Key", key}});
  ASSERT_TRUE(HasStatus(first, 201));
  spec.credential_number = "CO-2026-000999";
  EXPECT_TRUE(
      Refused(world().As(filer_).Post("/v1/filings", spec.ToJson(), {{"Idempotency-Key", key}}),
              422, "IDEMPOTENCY_KEY_REUSED"));
  EXPECT_EQ(Count("filings WHERE organization_id"), "1");
}

TEST_F(Retry, WhatIsSpacedOtherwiseIsTheSameRequest) {
  const std::string key = FreshKey();
  const std::string body = Spec().ToJson();
  const auto first = world().As(filer_).Post("/v1/filings", body, {{"Idempotency-Key", key}});
  ASSERT_TRUE(HasStatus(first, 201));
  const auto again =
      world().As(filer_).Post("/v1/filings", "  " + body + "\n", {{"Idempotency-Key", key}});
  EXPECT_EQ(again.body, first.body);
}

TEST_F(Retry, AKeyBelongsToItsPrincipalAndItsCommand) {
  const Person colleague = world().Member(organization_, {"filer"});
  const std::string key = FreshKey();
  const std::string body = Spec().ToJson();
  const auto mine = world().As(filer_).Post("/v1/filings", body, {{"Idempotency-Key", key}});
  const auto theirs =
      world().As(colleague).Post("/v1/filings", Spec().ToJson(), {{"Idempotency-Key", key}});
  ASSERT_TRUE(HasStatus(mine, 201));
  ASSERT_TRUE(HasStatus(theirs, 201));
  EXPECT_NE(mine.text("filingId"), theirs.text("filingId"));
  EXPECT_TRUE(HasStatus(
      world().As(filer_).Post(fmt::format("/v1/filings/{}:withdraw", mine.text("filingId")), "{}",
                              {{"Idempotency-Key", key}}),
      200));
}

TEST_F(Retry, TheStoredAnswerOutlivesTheState) {
  const std::string key = FreshKey();
  const std::string body = Spec().ToJson();
  const auto first = world().As(filer_).Post("/v1/filings", body, {{"Idempotency-Key", key}});
  ASSERT_TRUE(HasStatus(first, 201));
  ASSERT_TRUE(HasStatus(
      world().As(filer_).Post(fmt::format("/v1/filings/{}:withdraw", first.text("filingId")), "{}"),
      200));
  const auto again = world().As(filer_).Post("/v1/filings", body, {{"Idempotency-Key", key}});
  EXPECT_EQ(again.status, 201);
  EXPECT_EQ(again.body, first.body);
}

TEST_F(Retry, ARefusalDoesNotUseUpTheKey) {
  const std::string fresh_item = world().NewItem();
  FilingSpec spec = Spec();
  spec.item_id = fresh_item;
  const std::string key = FreshKey();
  EXPECT_TRUE(
      Refused(world().As(filer_).Post("/v1/filings", spec.ToJson(), {{"Idempotency-Key", key}}),
              409, "NOT_COVERED"));
  world().Agree(fresh_item, {"shanghai"}, {"zhejiang"}, "REVIEW");
  EXPECT_TRUE(HasStatus(
      world().As(filer_).Post("/v1/filings", spec.ToJson(), {{"Idempotency-Key", key}}), 201));
}

TEST_F(Retry, TwoOfficersDecideOnce) {
  const Person verifier = world().Staff("zhejiang", {"verifier"});
  const std::vector<Person> reviewers = {world().Staff("zhejiang", {"reviewer"}),
                                         world().Staff("zhejiang", {"reviewer"})};
  for (int round = 0; round < 10; ++round) {
    const std::string id = world().As(filer_).Post("/v1/filings", Spec().ToJson()).text("filingId");
    const std::string decision = fmt::format("/v1/filings/{}/decisions/zhejiang:", id);
    ASSERT_TRUE(HasStatus(world().As(verifier).Post(decision + "accept", "{}"), 200));
    ASSERT_TRUE(
        HasStatus(world().As(verifier).Post(decision + "verify", R"({"opinion":"好"})"), 200));
    std::vector<Answer> answers(2);
    std::vector<std::thread> threads;
    std::barrier start(2);
    for (size_t i = 0; i < 2; ++i) {
      threads.emplace_back([&, i, token = world().As(reviewers[i]).token()] {
        Api api(deployment().base_url(), token);
        start.arrive_and_wait();
        answers[i] = i == 0 ? api.Post(decision + "grant", R"({"reason":"符合"})")
                            : api.Post(decision + "refuse",
                                       R"({"article":"§20","facts":"不符","reason":"无效"})");
      });
    }
    for (auto& thread : threads) thread.join();
    EXPECT_EQ((answers[0].status == 200) + (answers[1].status == 200), 1)
        << answers[0] << answers[1];
    for (const auto& answer : answers) {
      if (answer.status == 200) continue;
      EXPECT_EQ(answer.status, 409) << answer;
    }
  }
}

}  // namespace
}  // namespace zonelink::test
