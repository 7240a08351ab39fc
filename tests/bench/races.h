// SPDX-License-Identifier: Apache-2.0
// The product's races: who may win against whom, through the public API, and what the database must
// say afterwards.
#pragma once

#include <array>
#include <deque>
#include <map>
#include <mutex>
#include <set>
#include <string>
#include <vector>

#include "tests/bench/race_runner.h"
#include "tests/support/world.h"

namespace zonelink::bench {

class Races {
 public:
  // Makes people, items and agreements; `lanes` pairs run side by side.
  Races(test::World& world, size_t lanes);
  Races(const Races&) = delete;

  const std::vector<RaceKind>& kinds() const { return kinds_; }
  RaceCounts Run(const RaceKind& kind, const RaceLimits& limits);

  // What in the database is doubled, lost, or other than the answers said; nothing is good. Waits
  // until all events have been numbered and applied.
  std::vector<std::string> Contradictions();

 private:
  // Whoever takes part in the pairs of one lane.
  struct Lane {
    test::Api api;  // for what comes before and after a race
    test::Organization applicant;
    std::string filer;  // token, as all below
    std::string shared_item;
    std::string item_id;  // whose agreements only this lane signs

    // Bodies of filings, each on a credential of its own.
    std::string OneZone() const;
    std::string TwoZones() const;
    std::string OwnItem() const;
  };
  // How a decision must have ended.
  struct Ended {
    std::string filing_id;
    std::string zone;
    std::string state;
  };

  void MakeCast();
  void MakeLane(const std::string& item_id);
  void AddKinds();
  void AddKind(std::string name, std::string must, Pair (Races::*prepare)(Lane&));

  std::string Must(Lane& lane, const Request& request, const std::string& member);
  test::Answer Get(Lane& lane, const std::string& token, const std::string& path);
  Contender Once(Request request);
  std::string Submitted(Lane& lane, const std::string& body);
  std::string Verified(Lane& lane, const std::string& body, const std::vector<std::string>& zones);
  std::string Asked(Lane& lane);
  std::string Drafted(Lane& lane, const std::vector<std::string>& signing);
  void Terminate(Lane& lane, const std::string& agreement_id);

  Pair GrantGrant(Lane& lane);
  Pair GrantRefuse(Lane& lane);
  Pair GrantWithdraw(Lane& lane);
  Pair ConditionWithdraw(Lane& lane);
  Pair GrantReassign(Lane& lane);
  Pair GrantTakeBack(Lane& lane);
  Pair VerifyReassign(Lane& lane);
  Pair AnswerWithdraw(Lane& lane);
  Pair AnswerWithdrawEtag(Lane& lane);
  Pair ZonesDecide(Lane& lane);
  Pair SameKey(Lane& lane);
  Pair OneKeyTwoBodies(Lane& lane);
  Pair OneCredential(Lane& lane);
  Pair SubmitTerminate(Lane& lane) { return SubmitAndEnd(lane, "terminate"); }
  Pair SubmitSuspend(Lane& lane) { return SubmitAndEnd(lane, "suspend"); }
  Pair SubmitAndEnd(Lane& lane, const std::string& verb);
  Pair SignTwice(Lane& lane);
  Pair SignLastTwo(Lane& lane);
  Pair SignOneRoute(Lane& lane);

  Pair OneOfTwo(Lane& lane, const std::string& filing_id, std::array<Request, 2> requests,
                const std::array<std::string, 2>& states, const std::set<std::string>& losing);
  std::string LoserSees(Lane& lane, const std::string& filing_id, const std::string& zone,
                        const std::string& state);
  void Acknowledge(const Replies& replies);
  void Expect(const std::string& filing_id, const std::string& zone, const std::string& state);
  std::string AwaitConsumers(test::AdminSql& sql);
  void CheckAnswers(test::AdminSql& sql, std::vector<std::string>& found);

  test::World& world_;
  const std::string base_url_;
  std::vector<RaceKind> kinds_;
  std::deque<Lane> lanes_;
  std::map<std::string, std::string> verifiers_, reviewers_;  // tokens by zone
  std::string second_reviewer_;
  std::string third_reviewer_id_, second_verifier_id_;  // to whom steps are reassigned
  std::array<std::string, 2> home_admins_, target_admins_;
  std::atomic<int64_t> asked_again_{0};
  std::mutex mutex_;
  std::set<std::string> acknowledged_;  // ids of filings
  std::vector<Ended> ended_;
};

}  // namespace zonelink::bench
