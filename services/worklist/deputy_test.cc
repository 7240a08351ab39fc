// SPDX-License-Identifier: Apache-2.0
// What waits for an officer waits for the deputy, in the period and the roles that were lent.
#include "platform/rpc/timestamp.h"
#include "worklist/deputy_store.h"
#include "worklist/test_worklist.h"

namespace zonelink::worklist {
namespace {

using std::chrono::hours;

class DeputyTest : public WorklistTest {
 protected:
  // `user` lends `deputy` their roles from now on, or did until an hour ago.
  void Lend(const std::string& user, const std::vector<std::string>& roles, bool over = false,
            const std::string& state = "ACTIVE") {
    const Time now = SystemClock().Now();
    pb::DelegationChanged delegation;
    delegation.set_delegation_id(delegation_id_);
    delegation.set_user_id(user);
    delegation.set_zone(zone_);
    delegation.set_deputy_user_id("deputy");
    for (const std::string& role : roles) delegation.add_roles(role);
    *delegation.mutable_from() = ToTimestamp(now - hours(2));
    *delegation.mutable_until() = ToTimestamp(over ? now - hours(1) : now + hours(1));
    delegation.set_state(state);
    ASSERT_TRUE(database_.System("test", [&](db::Tx& tx) -> Status {
      PutDeputy(tx, delegation);
      return Done{};
    }));
  }

  const std::string delegation_id_ = NewId();
  const Call deputy_ = Officer("deputy", {"verifier"});
};

TEST_F(DeputyTest, SeesWhatIsAssignedToTheOfficer) {
  pb::DecisionState assigned = State("ACCEPTED");
  assigned.set_assigned_to("officer");
  ASSERT_TRUE(Apply(Submitted(assigned)));
  EXPECT_EQ(Waits(Officer("officer", {"verifier"})), "verify ");
  EXPECT_EQ(Waits(deputy_), "");
  Lend("officer", {"verifier"});
  EXPECT_EQ(Waits(deputy_), "verify ");
  EXPECT_EQ(Waits(Officer("other", {"verifier"})), "") << "of one deputy alone";
  Call elsewhere = deputy_;
  elsewhere.caller.zone = "z" + NewId();
  EXPECT_EQ(Waits(elsewhere), "") << "in the zone that both serve";
  Lend("officer", {"verifier"}, false, "REVOKED");
  EXPECT_EQ(Waits(deputy_), "");
}

TEST_F(DeputyTest, NothingOutsideThePeriod) {
  pb::DecisionState assigned = State("ACCEPTED");
  assigned.set_assigned_to("officer");
  ASSERT_TRUE(Apply(Submitted(assigned)));
  Lend("officer", {"verifier"}, true);
  EXPECT_EQ(Waits(deputy_), "");
}

TEST_F(DeputyTest, OnlyInTheRolesThatWereLent) {
  ASSERT_TRUE(Apply(Submitted(State("VERIFIED", {"officer"}))));
  EXPECT_EQ(Waits(deputy_), "");
  Lend("head", {"verifier"});
  EXPECT_EQ(Waits(deputy_), "") << "not the reviewer's";
}

TEST_F(DeputyTest, WhoLendsARoleLendsWhatWaitsForIt) {
  ASSERT_TRUE(Apply(Submitted(State("VERIFIED", {"officer"}))));
  Lend("head", {"reviewer"});
  EXPECT_EQ(Waits(deputy_), "decide ");
}

// What only the own role lets one do is not lent.
TEST_F(DeputyTest, OnlyTheStepsOfADecision) {
  pb::DecisionState asking = State("VERIFIED", {"officer"});
  asking.add_opinions_of(zone_);
  ASSERT_TRUE(Apply(Submitted(asking)));
  EXPECT_EQ(Inbox(Officer("head", {"reviewer"})).size(), 2u) << "the step and the opinion";
  Lend("head", {"reviewer"});
  EXPECT_EQ(Waits(deputy_), "decide ");
  EXPECT_EQ(Waits(Officer("deputy", {"inspector"})), "") << "who may not act sees nothing";
}

// Four eyes are not two pairs of the same.
TEST_F(DeputyTest, NeitherForWhoVerifiedNorByWhoDid) {
  ASSERT_TRUE(Apply(Submitted(State("VERIFIED", {"officer"}))));
  Lend("officer", {"reviewer"});
  EXPECT_EQ(Waits(deputy_), "") << "the officer verified";
  ASSERT_TRUE(Apply(Decided("returned_to_step", State("VERIFIED", {"deputy"}), kStart + hours(1))));
  EXPECT_EQ(Waits(deputy_), "") << "the deputy verified";
}

}  // namespace
}  // namespace zonelink::worklist
