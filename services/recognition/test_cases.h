// SPDX-License-Identifier: Apache-2.0
// For tests of what is done with decisions: a filing for zhejiang in mode REVIEW, those who act on
// it, and every verb in one line.
#pragma once

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "recognition/test_recognition.h"
#include "zonelink/events/v1/recognition_events.pb.h"

namespace zonelink::recognition {

// End of the day in Shanghai.
std::string EndOf(const std::string& date);
// "2026-03-09T16:00:00Z"; empty where there is none.
std::string TextOf(const google::protobuf::Timestamp& at);
// PENDING
std::string NameOf(const pb::Decision& decision);
std::string StateOf(const Result<pb::Decision>& decision);  // or the refusal's reason

// Each test has an organisation and items of its own. The clock stands at Monday, 2026-03-02,
// 09:00 in Shanghai, when it begins.
class CaseTest : public testing::Test {
 protected:
  using ShapeItem = std::function<void(pb::Item&)>;
  using ShapeFiling = std::function<void(pb::SubmitFilingRequest&)>;

  CaseTest();

  // Ids of filings.
  std::string File(const ShapeItem& item = {}, const ShapeFiling& filing = {});
  std::string FileFor(const std::vector<std::string>& zones, pb::Mode mode,
                      const ShapeItem& item = {}, const ShapeFiling& filing = {});
  std::string Accepted(const ShapeItem& item = {}, const ShapeFiling& filing = {});
  std::string Verified(const ShapeItem& item = {}, const ShapeFiling& filing = {});

  // A request about zhejiang's decision on the filing.
  template <class Request>
  static Request On(const std::string& id, const std::string& zone = "zhejiang") {
    Request request;
    request.set_filing_id(id);
    request.set_zone(zone);
    return request;
  }
  using Decided = Result<pb::Decision>;
  Decided Accept(const std::string& id, const Call& by);
  Decided Correct(const std::string& id, const Call& by, const std::string& field);
  Decided NotRequired(const std::string& id, const Call& by);
  Decided WrongAuthority(const std::string& id, const Call& by, const std::string& authority);
  Decided Ask(const std::string& id, const Call& by, const std::vector<std::string>& missing,
              const std::string& override_reason = "");
  Decided Verify(const std::string& id, const Call& by);
  Decided Grant(const std::string& id, const Call& by);
  Decided GrantPartial(const std::string& id, const Call& by, const pb::Scope& scope);
  Decided GrantConditional(const std::string& id, const Call& by,
                           const std::vector<std::string>& due_days);
  Decided Refuse(const std::string& id, const Call& by, const std::string& code = "");
  Decided Return(const std::string& id, const Call& by, const std::string& to_step);
  Decided TakeBack(const std::string& id, const Call& by);
  Decided QueryHome(const std::string& id, const Call& by);
  Decided AnswerQuery(const std::string& id, const Call& by);
  Decided Suspend(const std::string& id, const Call& by, pb::SuspensionGround ground);
  Decided Resume(const std::string& id, const Call& by);
  Decided Extend(const std::string& id, const Call& by);
  Decided Delegate(const std::string& id, const Call& by, const Call& to, const std::string& until);
  Decided Declare(const std::string& id, const Call& by, const std::string& conflict = "");
  Decided Recuse(const std::string& id, const Call& by);
  Decided AskRecusal(const std::string& id, const Call& by, const Call& officer);
  Decided DecideRecusal(const std::string& id, const Call& by, const Call& officer, bool upheld);
  Decided Reassign(const std::string& id, const Call& by, const Call& to);
  Decided AddVerifier(const std::string& id, const Call& by);
  Decided DropVerifier(const std::string& id, const Call& by);
  Decided Remind(const std::string& id, const Call& by);
  Decided AskOpinions(const std::string& id, const Call& by, const std::vector<std::string>& zones,
                      pb::OpinionRule rule = pb::OPINION_RULE_ALL, int quorum = 0,
                      bool veto = false);
  Decided GiveOpinion(const std::string& id, const Call& by, const std::string& verdict);
  Decided Deliver(const std::string& id, const Call& by);
  Decided CheckPromise(const std::string& id, const Call& by, bool met);
  Decided ConfirmCondition(const std::string& id, const Call& by, int place);
  Result<pb::Filing> Withdraw(const std::string& id);
  // Papers of these kinds.
  Result<pb::Filing> HandIn(const std::string& id, const std::vector<std::string>& kinds);

  Result<pb::Filing> Get(const std::string& id, const Call& by);
  pb::Decision Read(const std::string& id, const std::string& zone = "zhejiang");
  std::string State(const std::string& id) { return NameOf(Read(id)); }
  std::vector<events::v1::Event> Events(const std::string& id);
  // What their clocks did, in order: "ESCALATION rung_passed".
  std::vector<std::string> Rungs(const std::string& id);
  events::v1::DecisionChanged LastEvent(const std::string& id);
  pb::FilingTimeline Timeline(const std::string& id, const Call& by);
  // How many recognitions rest on the filing.
  std::string Recognitions(const std::string& id);

  TestRecognition& t_ = SharedRecognition();
  const Call filer_;
  const Call verifier_ = t_.Officer("zhejiang", "verifier");
  const Call second_ = t_.Officer("zhejiang", "verifier", "2");
  const Call reviewer_ = t_.Officer("zhejiang", "reviewer");
  const Call head_ = t_.Officer("zhejiang", "zone_admin");
  const Call home_ = t_.Officer("shanghai", "verifier");
};

}  // namespace zonelink::recognition
