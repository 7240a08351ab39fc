// SPDX-License-Identifier: Apache-2.0
#include "tests/bench/silence_race.h"

#include <fmt/format.h>

#include <atomic>
#include <barrier>
#include <chrono>
#include <cstdio>
#include <stdexcept>
#include <thread>
#include <vector>

#include "platform/core/time.h"
#include "tests/bench/race_runner.h"
#include "tests/support/api.h"

namespace zonelink::bench {
namespace {

using test::Answer;
using test::Api;

constexpr size_t kSideBySide = 8;
constexpr const char* kHome = "shanghai";
constexpr const char* kTarget = "zhejiang";

const Answer& Must(const Answer& answer, const char* what) {
  if (answer.ok()) return answer;
  throw std::runtime_error(fmt::format("{}: {} {}", what, answer.status, answer.body));
}

std::string Decision(const std::string& filing_id, const char* verb) {
  return fmt::format("/v1/filings/{}/decisions/{}:{}", filing_id, kTarget, verb);
}

class SilenceRace {
 public:
  explicit SilenceRace(test::World& world)
      : world_(world),
        item_(world.NewItem({.budget_days = 1, .tacit_allowed = true})),
        applicant_(world.NewOrganization(kHome)),
        filer_(world.Fresh(world.Member(applicant_, {"filer"}))),
        verifier_(world.Fresh(world.Staff(kTarget, {"verifier"}))) {
    world.Agree(item_, {kHome}, {kTarget}, "REVIEW");
    for (size_t i = 0; i < kSideBySide; ++i) {
      reviewers_.push_back(world.Fresh(world.Staff(kTarget, {"reviewer"})));
    }
  }

  // One working day.
  void Round() {
    std::vector<std::string> ids;
    for (size_t i = 0; i < kSideBySide; ++i) ids.push_back(Verified());
    std::vector<Answer> answers(kSideBySide);
    std::barrier start(static_cast<std::ptrdiff_t>(kSideBySide) + 1);
    std::vector<std::thread> officers;
    for (size_t i = 0; i < kSideBySide; ++i) {
      officers.emplace_back([&, i] {
        start.arrive_and_wait();
        // Some read first, so that some come before the end of the day and some after.
        for (size_t read = 0; read < i; ++read) reviewers_[i].Get("/v1/filings/" + ids[i]);
        const Request grant{.token = reviewers_[i].token(),
                            .path = Decision(ids[i], "grant"),
                            .json = R"({"reason":"符合"})"};
        answers[i] = Send(reviewers_[i], grant, asked_again_).answer;
      });
    }
    start.arrive_and_wait();
    world_.Advance(FormatTime(EndOfDay(due_on_)));
    for (std::thread& officer : officers) officer.join();
    for (size_t i = 0; i < kSideBySide; ++i) Judge(ids[i], answers[i]);
  }

  const SilenceCounts& counts() const { return counts_; }

 private:
  std::string Verified() {
    const test::FilingSpec spec{.item_id = item_,
                                .home_zone = kHome,
                                .target_zones = {kTarget},
                                .applicant = applicant_,
                                .issued_on = "2020-01-02"};
    const Answer filed = filer_.Post("/v1/filings", spec.ToJson());
    const std::string id = Must(filed, "file").text("filingId");
    Must(verifier_.Post(Decision(id, "accept"), "{}"), "accept");
    const Answer verified = verifier_.Post(Decision(id, "verify"), R"({"opinion":"好"})");
    due_on_ = *ParseDate(Must(verified, "verify").text("clock.dueOn"));
    return id;
  }

  // One wins, and who lost is told so.
  void Judge(const std::string& id, const Answer& officer) {
    const Answer filing = filer_.Get("/v1/filings/" + id);
    const std::string state = Must(filing, "read").text("decisions.0.state");
    ++counts_.pairs;
    const bool human = officer.ok() && state == "GRANTED";
    const bool silence = officer.status == 409 && officer.reason() == "DECISION_NOT_VERIFIED" &&
                         officer.text("current.state") == "TACIT_GRANTED" &&
                         state == "TACIT_GRANTED";
    counts_.by_officer += human;
    counts_.by_silence += silence;
    if (human || silence) return;
    ++counts_.violations;
    counts_.example = fmt::format("{} after {} {}", state, officer.status, officer.body);
  }

  test::World& world_;
  const std::string item_;
  const test::Organization applicant_;
  Api filer_;
  Api verifier_;
  std::vector<Api> reviewers_;
  Date due_on_{};
  std::atomic<int64_t> asked_again_{0};
  SilenceCounts counts_;
};

}  // namespace

SilenceCounts RaceSilence(test::World& world, int64_t pairs) {
  SilenceRace race(world);
  auto told = std::chrono::steady_clock::now();
  while (race.counts().pairs < pairs) {
    race.Round();
    const auto now = std::chrono::steady_clock::now();
    if (now - told < std::chrono::seconds(5)) continue;
    told = now;
    std::fprintf(stderr, "  silence: %lld pairs\n", static_cast<long long>(race.counts().pairs));
  }
  return race.counts();
}

}  // namespace zonelink::bench
