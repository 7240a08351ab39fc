// SPDX-License-Identifier: Apache-2.0
// Two at the same moment: one wins, the other is refused with its reason and what it met.
#include <array>
#include <barrier>
#include <set>
#include <thread>

#include "recognition/deadlines.h"
#include "recognition/domain/decision_deadline.h"
#include "recognition/test_cases.h"

namespace zonelink::recognition {
namespace {

constexpr int kPairs = 50;

class RacesTest : public CaseTest {
 protected:
  using Act = std::function<Error()>;

  template <class T>
  static Error ErrorOf(const Result<T>& result) {
    return result ? Error{} : result.error();
  }
  // Both begin at the same moment.
  static std::array<Error, 2> Together(const Act& one, const Act& other) {
    std::barrier start(2);
    std::array<Error, 2> errors;
    std::thread thread([&] {
      start.arrive_and_wait();
      errors[1] = other();
    });
    start.arrive_and_wait();
    errors[0] = one();
    thread.join();
    return errors;
  }
  // Exactly one of them; how many times it was the first.
  void ExpectOneWinner(const std::array<Error, 2>& errors) {
    ASSERT_NE(errors[0].reason.empty(), errors[1].reason.empty())
        << errors[0].reason << " / " << errors[1].reason;
    ++won_[errors[0].reason.empty() ? 0 : 1];
  }
  // The loser learns the state that it met.
  static void ExpectRefusal(const Error& error, const std::set<std::string>& reasons,
                            const std::set<std::string>& states) {
    EXPECT_EQ(reasons.count(error.reason), 1U) << error.reason;
    for (const auto& [key, value] : error.metadata) {
      if (key != "state") continue;
      EXPECT_EQ(states.count(value), 1U) << value;
      return;
    }
    ADD_FAILURE() << error.reason << " does not say which state it met";
  }
  // One event for each version of the filing, none missing.
  void ExpectOneEventPerVersion(const std::string& id) {
    EXPECT_EQ(t_.scratch.AdminText(
                  "SELECT count(*) || ' ' || count(DISTINCT e.version) || ' ' || max(f.version) "
                  "FROM recognition.events e JOIN recognition.filings f "
                  "ON e.subject = 'filings/' || f.filing_id WHERE f.filing_id = '" +
                  id + "'"),
              [&] {
                const std::string versions = std::to_string(Events(id).size());
                return versions + " " + versions + " " + versions;
              }());
  }

  std::array<int, 2> won_{};
};

TEST_F(RacesTest, R22_OfAGrantAndARefusalByTwoOfficersOneWins) {
  const Call other = t_.Officer("zhejiang", "reviewer", "2");
  for (int pair = 0; pair < kPairs; ++pair) {
    const std::string id = Verified();
    const auto errors = Together([&] { return ErrorOf(Grant(id, reviewer_)); },
                                 [&] { return ErrorOf(Refuse(id, other)); });
    ExpectOneWinner(errors);
    const bool granted = errors[0].reason.empty();
    ExpectRefusal(errors[granted ? 1 : 0], {"DECISION_NOT_VERIFIED"},
                  {granted ? "GRANTED" : "REFUSED"});
    EXPECT_EQ(State(id), granted ? "GRANTED" : "REFUSED");
    EXPECT_EQ(Recognitions(id), granted ? "1" : "0");
    ExpectOneEventPerVersion(id);
  }
}

TEST_F(RacesTest, R22_AReassignmentAndAGrantOneComesFirst) {
  const Call other = t_.Employ(t_.Officer("zhejiang", "reviewer", "2"));
  for (int pair = 0; pair < kPairs; ++pair) {
    const std::string id = Verified();
    const auto errors = Together([&] { return ErrorOf(Grant(id, reviewer_)); },
                                 [&] { return ErrorOf(Reassign(id, head_, other)); });
    ExpectOneWinner(errors);
    if (errors[0].reason.empty()) {
      ExpectRefusal(errors[1], {"DECISION_NOT_OPEN"}, {"GRANTED"});
    } else {
      EXPECT_EQ(errors[0].reason, "REASSIGNED");
      EXPECT_EQ(State(id), "VERIFIED");
    }
    EXPECT_EQ(Recognitions(id), errors[0].reason.empty() ? "1" : "0");
    ExpectOneEventPerVersion(id);
  }
}

TEST_F(RacesTest, R18_OfAGrantAndAWithdrawalOneWins) {
  for (int pair = 0; pair < kPairs; ++pair) {
    const std::string id = Verified();
    const auto errors = Together([&] { return ErrorOf(Grant(id, reviewer_)); },
                                 [&] { return ErrorOf(Withdraw(id)); });
    ExpectOneWinner(errors);
    if (errors[0].reason.empty()) {
      ExpectRefusal(errors[1], {"FILING_NOT_OPEN"}, {"CLOSED"});
    } else {
      ExpectRefusal(errors[0], {"DECISION_NOT_VERIFIED"}, {"WITHDRAWN"});
    }
    EXPECT_EQ(State(id), errors[0].reason.empty() ? "GRANTED" : "WITHDRAWN");
    EXPECT_EQ(Recognitions(id), errors[0].reason.empty() ? "1" : "0");
    ExpectOneEventPerVersion(id);
  }
}

// A person who comes after the last working day may still be the first: then silence grants
// nothing. The timer never refuses; it finds the case decided.
TEST_F(RacesTest, R11_OfATacitGrantAndAGrantOneWins) {
  for (int pair = 0; pair < kPairs; ++pair) {
    t_.SetClock("2026-03-02T01:00:00Z");
    const std::string id = Verified([](pb::Item& item) { item.set_tacit_allowed(true); });
    t_.Advance("2026-03-30T15:59:00Z");
    t_.SetClock("2026-03-30T16:00:00Z");
    const auto errors =
        Together([&] { return ErrorOf(Grant(id, reviewer_)); },
                 [&] {
                   return ErrorOf(t_.timer.FireDue(std::chrono::steady_clock::now() +
                                                   std::chrono::seconds(30)));
                 });
    EXPECT_EQ(errors[1].reason, "");
    const bool by_person = errors[0].reason.empty();
    ++won_[by_person ? 0 : 1];
    if (!by_person) ExpectRefusal(errors[0], {"DECISION_NOT_VERIFIED"}, {"TACIT_GRANTED"});
    const pb::Decision decided = Read(id);
    EXPECT_EQ(NameOf(decided), by_person ? "GRANTED" : "TACIT_GRANTED");
    EXPECT_EQ(decided.by_clock(), !by_person);
    EXPECT_EQ(Recognitions(id), "1");
    ExpectOneEventPerVersion(id);
  }
}

// Two processes with a timer each.
TEST_F(RacesTest, R11_OfTwoTimersOneFires) {
  clocks::Calendars calendars(t_.database);
  clocks::Timer second(t_.database, calendars, Deadlines(), DeadlineHooks(calendars));
  for (int pair = 0; pair < kPairs; ++pair) {
    t_.SetClock("2026-03-02T01:00:00Z");
    const std::string id = Verified([](pb::Item& item) { item.set_tacit_allowed(true); });
    t_.SetClock("2026-03-30T16:00:00Z");
    const auto soon = std::chrono::steady_clock::now() + std::chrono::seconds(30);
    const auto errors = Together([&] { return ErrorOf(t_.timer.FireDue(soon)); },
                                 [&] { return ErrorOf(second.FireDue(soon)); });
    EXPECT_EQ(errors[0].reason + errors[1].reason, "");
    EXPECT_THAT(Rungs(id), testing::ElementsAre("REMINDER rung_passed", "ESCALATION rung_passed",
                                                "DUE granted_tacitly"));
    EXPECT_EQ(Recognitions(id), "1");
    ExpectOneEventPerVersion(id);
  }
}

TEST_F(RacesTest, R21_OfTwoSubmissionsOfTheSameCaseOneIsFiled) {
  const std::string item = t_.NewItem();
  t_.Agree(item, "zhejiang", pb::MODE_REVIEW);
  for (int pair = 0; pair < kPairs; ++pair) {
    const auto request = t_.Submission(filer_, item, {"zhejiang"});
    std::array<std::string, 2> receipts;
    const auto submit = [&](int n) {
      auto filed = t_.Submit(filer_, request);
      if (filed) receipts[static_cast<size_t>(n)] = filed->receipt_number();
      return ErrorOf(filed);
    };
    const auto errors = Together([&] { return submit(0); }, [&] { return submit(1); });
    ExpectOneWinner(errors);
    const size_t loser = errors[0].reason.empty() ? 1 : 0;
    EXPECT_EQ(errors[loser].reason, "FILING_DUPLICATE");
    EXPECT_THAT(errors[loser].metadata,
                testing::Contains(testing::Pair("receiptNumber", receipts[1 - loser])));
  }
}

}  // namespace
}  // namespace zonelink::recognition
