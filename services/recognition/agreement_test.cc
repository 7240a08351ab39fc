// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include "recognition/test_recognition.h"

namespace zonelink::recognition {
namespace {

class AgreementTest : public testing::Test {
 protected:
  TestRecognition& t_ = SharedRecognition();
  pb::CreateAgreementRequest Mutual(const std::string& item_id) {
    pb::CreateAgreementRequest request;
    request.set_item_id(item_id);
    for (const char* zone : {"shanghai", "jiangsu"}) {
      request.add_home_zones(zone);
      request.add_target_zones(zone);
    }
    request.set_mode(pb::MODE_REVIEW);
    request.set_valid_from("2026-03-02");
    request.set_valid_until("2026-03-31");
    return request;
  }
  Result<pb::Agreement> Sign(const std::string& id, const std::string& zone,
                             const std::string& etag = "") {
    pb::SignAgreementRequest request;
    request.set_agreement_id(id);
    request.set_etag(etag);
    return t_.service.SignAgreement(t_.Officer(zone, "zone_admin"), request);
  }
  Result<pb::Agreement> Suspend(const std::string& id, const std::string& zone) {
    pb::SuspendAgreementRequest request;
    request.set_agreement_id(id);
    request.set_reason("under review");
    return t_.service.SuspendAgreement(t_.Officer(zone, "zone_admin"), request);
  }
  Result<pb::Agreement> Terminate(const std::string& id, const std::string& zone) {
    pb::TerminateAgreementRequest request;
    request.set_agreement_id(id);
    request.set_reason("replaced");
    return t_.service.TerminateAgreement(t_.Officer(zone, "zone_admin"), request);
  }
  Result<pb::Agreement> Get(const std::string& id, const Call& by) {
    pb::GetAgreementRequest request;
    request.set_agreement_id(id);
    return t_.service.GetAgreement(by, request);
  }

  const Call shanghai_ = t_.Officer("shanghai", "zone_admin");
};

TEST_F(AgreementTest, IsInForceWhenEveryPartySigned) {
  const std::string item = t_.NewItem();
  const std::string id = Must(t_.service.CreateAgreement(shanghai_, Mutual(item))).agreement_id();
  EXPECT_EQ(ReasonOf(Suspend(id, "shanghai")), "AGREEMENT_NOT_IN_FORCE");
  const pb::Agreement half = Must(Sign(id, "jiangsu"));
  EXPECT_EQ(half.state(), pb::AGREEMENT_STATE_DRAFTED);
  EXPECT_EQ(half.etag(), "2");
  EXPECT_EQ(ReasonOf(Sign(id, "jiangsu")), "AGREEMENT_SIGNED");
  EXPECT_EQ(ReasonOf(Sign(id, "hunan")), "AGREEMENT_NOT_FOUND");
  EXPECT_EQ(ReasonOf(Sign(id, "shanghai", "1")), "ETAG_MISMATCH");
  const pb::Agreement whole = Must(Sign(id, "shanghai", "2"));
  EXPECT_EQ(whole.state(), pb::AGREEMENT_STATE_IN_FORCE);
  ASSERT_EQ(whole.signatures_size(), 2);
  EXPECT_EQ(whole.signatures(0).signed_by(), "u-zone_admin-jiangsu");
  EXPECT_EQ(Must(Get(id, t_.Auditor())).SerializeAsString(), whole.SerializeAsString());
  EXPECT_EQ(ReasonOf(Sign(id, "shanghai")), "AGREEMENT_NOT_DRAFTED");
}

TEST_F(AgreementTest, CoversEachPairOnce) {
  const std::string item = t_.NewItem();
  t_.Agree(item, "jiangsu", pb::MODE_AUTOMATIC);
  const std::string second =
      Must(t_.service.CreateAgreement(shanghai_, Mutual(item))).agreement_id();
  Must(Sign(second, "shanghai"));
  EXPECT_EQ(ReasonOf(Sign(second, "jiangsu")), "ROUTE_COVERED");
  EXPECT_EQ(Must(Get(second, shanghai_)).signatures_size(), 1);
}

TEST_F(AgreementTest, FilingsFollowItWhileItIsInForceAndWithinItsDates) {
  const std::string item = t_.NewItem();
  const std::string id = Must(t_.service.CreateAgreement(shanghai_, Mutual(item))).agreement_id();
  const Call filer = t_.Filer("org-agreement");
  const auto submit = [&] { return t_.Submit(filer, t_.Submission(filer, item, {"jiangsu"})); };
  EXPECT_EQ(ReasonOf(submit()), "NOT_COVERED");
  Must(Sign(id, "shanghai"));
  Must(Sign(id, "jiangsu"));
  const std::string open = Must(submit()).filing_id();
  t_.SetClock("2026-03-31T15:59:59Z");
  EXPECT_TRUE(submit());
  t_.SetClock("2026-03-31T16:00:01Z");
  EXPECT_EQ(ReasonOf(submit()), "NOT_COVERED");
  t_.SetClock("2026-03-02T01:00:00Z");
  EXPECT_EQ(Must(Suspend(id, "jiangsu")).state(), pb::AGREEMENT_STATE_SUSPENDED);
  EXPECT_EQ(ReasonOf(submit()), "NOT_COVERED");
  pb::AcceptDecisionRequest accept;
  accept.set_filing_id(open);
  accept.set_zone("jiangsu");
  EXPECT_TRUE(
      t_.service.AcceptDecision(t_.Officer("jiangsu", "verifier"), accept));  // keeps its mode
  EXPECT_EQ(Must(Terminate(id, "shanghai")).state(), pb::AGREEMENT_STATE_TERMINATED);
  EXPECT_EQ(ReasonOf(Terminate(id, "shanghai")), "AGREEMENT_TERMINATED");
  t_.Agree(item, "jiangsu", pb::MODE_AUTOMATIC);  // the pair is free again
  EXPECT_TRUE(submit());
}

TEST_F(AgreementTest, DraftsAreRefused) {
  const std::string item = t_.NewItem();
  pb::CreateAgreementRequest request = Mutual(item);
  EXPECT_EQ(ReasonOf(t_.service.CreateAgreement(t_.Officer("hunan", "zone_admin"), request)),
            "FOREIGN_ZONE");
  EXPECT_TRUE(t_.service.CreateAgreement(t_.Secretariat(), request));
  request.add_target_zones("atlantis");
  EXPECT_EQ(ReasonOf(t_.service.CreateAgreement(shanghai_, request)), "ZONE_NOT_FOUND");
  request = Mutual("no-such-item");
  EXPECT_EQ(ReasonOf(t_.service.CreateAgreement(shanghai_, request)), "ITEM_NOT_FOUND");
  request = Mutual(item);
  request.set_mode(pb::MODE_NATIONWIDE);
  EXPECT_EQ(ReasonOf(t_.service.CreateAgreement(shanghai_, request)), "AGREEMENT_MODE");
  request = Mutual(item);
  request.set_valid_until("2026-03-01");
  EXPECT_EQ(ReasonOf(t_.service.CreateAgreement(shanghai_, request)), "AGREEMENT_DATES");
}

TEST_F(AgreementTest, ListsShowTheCallersOwn) {
  const std::string item = t_.NewItem();
  std::vector<std::string> newest_first;
  for (int i = 0; i < 3; ++i) {
    const auto drafted = Must(t_.service.CreateAgreement(shanghai_, Mutual(item)));
    newest_first.insert(newest_first.begin(), drafted.agreement_id());
  }
  Must(Sign(newest_first[0], "jiangsu"));
  const auto all = [&](const Call& by) {
    pb::ListAgreementsRequest request;
    request.set_item_id(item);
    request.set_page_size(2);
    std::vector<std::string> listed;
    for (;;) {
      const auto page = Must(t_.service.ListAgreements(by, request));
      for (const auto& agreement : page.items()) listed.push_back(agreement.agreement_id());
      if (page.next_page_token().empty()) return listed;
      request.set_page_token(page.next_page_token());
    }
  };
  for (const Call& by :
       {shanghai_, t_.Officer("jiangsu", "verifier"), t_.Secretariat(), t_.Auditor()}) {
    EXPECT_EQ(all(by), newest_first);
  }
  EXPECT_TRUE(all(t_.Officer("hunan", "zone_admin")).empty());
  EXPECT_EQ(ReasonOf(Get(newest_first[0], t_.Officer("hunan", "zone_admin"))),
            "AGREEMENT_NOT_FOUND");
  pb::ListAgreementsRequest drafted;
  drafted.set_item_id(item);
  drafted.set_state(pb::AGREEMENT_STATE_IN_FORCE);
  EXPECT_EQ(Must(t_.service.ListAgreements(shanghai_, drafted)).items_size(), 0);
}

}  // namespace
}  // namespace zonelink::recognition
