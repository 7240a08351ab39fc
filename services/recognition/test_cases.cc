// SPDX-License-Identifier: Apache-2.0
#include "recognition/test_cases.h"

#include <google/protobuf/util/time_util.h>

#include "platform/outbox/event_log.h"

namespace zonelink::recognition {
namespace {

using google::protobuf::util::TimeUtil;

constexpr const char* kMorning = "2026-03-02T01:00:00Z";
constexpr const char* kWhy = "the file says so";

template <class Request>
Request Because(Request request) {
  request.set_reason(kWhy);
  return request;
}

}  // namespace

std::string EndOf(const std::string& date) { return date + "T16:00:00Z"; }

std::string TextOf(const google::protobuf::Timestamp& at) { return TimeUtil::ToString(at); }

std::string NameOf(const pb::Decision& decision) {
  return pb::DecisionState_Name(decision.state()).substr(std::string("DECISION_STATE_").size());
}

std::string StateOf(const Result<pb::Decision>& decision) {
  return decision ? NameOf(*decision) : decision.error().reason;
}

CaseTest::CaseTest()
    : filer_(t_.Filer(std::string("org-") +
                      testing::UnitTest::GetInstance()->current_test_info()->name())) {
  t_.SetClock(kMorning);
  // As the directory would have told: a unit that does not know who acts is not asked who is left.
  static const bool known = [this] {
    for (const Call& officer : {verifier_, second_, reviewer_, head_}) t_.Employ(officer);
    return true;
  }();
  ZL_CHECK(known, "the zone's officers");
}

std::string CaseTest::FileFor(const std::vector<std::string>& zones, pb::Mode mode,
                              const ShapeItem& item, const ShapeFiling& filing) {
  const std::string item_id = t_.NewItem([&](pb::Item& fresh) {
    if (item) item(fresh);
  });
  for (const std::string& zone : zones) t_.Agree(item_id, zone, mode);
  pb::SubmitFilingRequest request = t_.Submission(filer_, item_id, zones);
  if (filing) filing(request);
  return Must(t_.Submit(filer_, request)).filing_id();
}

std::string CaseTest::File(const ShapeItem& item, const ShapeFiling& filing) {
  return FileFor({"zhejiang"}, pb::MODE_REVIEW, item, filing);
}

std::string CaseTest::Accepted(const ShapeItem& item, const ShapeFiling& filing) {
  const std::string id = File(item, filing);
  Must(Accept(id, verifier_));
  return id;
}

std::string CaseTest::Verified(const ShapeItem& item, const ShapeFiling& filing) {
  const std::string id = Accepted(item, filing);
  Must(Verify(id, verifier_));
  return id;
}

CaseTest::Decided CaseTest::Accept(const std::string& id, const Call& by) {
  return t_.service.AcceptDecision(by, On<pb::AcceptDecisionRequest>(id));
}

CaseTest::Decided CaseTest::Correct(const std::string& id, const Call& by,
                                    const std::string& field) {
  auto request = Because(On<pb::CorrectOnTheSpotRequest>(id));
  request.add_corrections()->set_field(field);
  request.mutable_corrections(0)->set_value("1200");
  return t_.decisions.CorrectOnTheSpot(by, request);
}

CaseTest::Decided CaseTest::NotRequired(const std::string& id, const Call& by) {
  return t_.decisions.DeclareNotRequired(by, Because(On<pb::DeclareNotRequiredRequest>(id)));
}

CaseTest::Decided CaseTest::WrongAuthority(const std::string& id, const Call& by,
                                           const std::string& authority) {
  auto request = Because(On<pb::DeclareWrongAuthorityRequest>(id));
  request.set_authority(authority);
  return t_.decisions.DeclareWrongAuthority(by, request);
}

CaseTest::Decided CaseTest::Ask(const std::string& id, const Call& by,
                                const std::vector<std::string>& missing,
                                const std::string& override_reason) {
  auto request = Because(On<pb::RequestSupplementRequest>(id));
  for (const std::string& kind : missing) request.add_missing(kind);
  request.set_override_reason(override_reason);
  return t_.service.RequestSupplement(by, request);
}

CaseTest::Decided CaseTest::Verify(const std::string& id, const Call& by) {
  auto request = On<pb::VerifyDecisionRequest>(id);
  request.set_opinion("the certificate is genuine");
  return t_.service.VerifyDecision(by, request);
}

CaseTest::Decided CaseTest::Grant(const std::string& id, const Call& by) {
  return t_.service.GrantDecision(by, Because(On<pb::GrantDecisionRequest>(id)));
}

CaseTest::Decided CaseTest::GrantPartial(const std::string& id, const Call& by,
                                         const pb::Scope& scope) {
  auto request = Because(On<pb::GrantPartialRequest>(id));
  *request.mutable_scope() = scope;
  return t_.decisions.GrantPartial(by, request);
}

CaseTest::Decided CaseTest::GrantConditional(const std::string& id, const Call& by,
                                             const std::vector<std::string>& due_days) {
  auto request = Because(On<pb::GrantConditionalRequest>(id));
  for (const std::string& day : due_days) {
    pb::Condition* condition = request.add_conditions();
    condition->set_text("seal the store");
    condition->set_due_on(day);
  }
  return t_.decisions.GrantConditional(by, request);
}

CaseTest::Decided CaseTest::Refuse(const std::string& id, const Call& by, const std::string& code) {
  auto request = On<pb::RefuseDecisionRequest>(id);
  request.set_code(code);
  request.set_article("进出口货物原产地条例 §20");
  request.set_facts("the seal is forged");
  request.set_reason("not genuine");
  return t_.service.RefuseDecision(by, request);
}

CaseTest::Decided CaseTest::Return(const std::string& id, const Call& by,
                                   const std::string& to_step) {
  auto request = Because(On<pb::ReturnDecisionRequest>(id));
  request.set_to_step(to_step);
  return t_.decisions.ReturnDecision(by, request);
}

CaseTest::Decided CaseTest::TakeBack(const std::string& id, const Call& by) {
  return t_.decisions.TakeBackStep(by, Because(On<pb::TakeBackStepRequest>(id)));
}

CaseTest::Decided CaseTest::QueryHome(const std::string& id, const Call& by) {
  auto request = On<pb::QueryHomeRequest>(id);
  request.set_question("was it issued so?");
  return t_.decisions.QueryHome(by, request);
}

CaseTest::Decided CaseTest::AnswerQuery(const std::string& id, const Call& by) {
  auto request = On<pb::AnswerQueryRequest>(id);
  request.set_answer("it was");
  return t_.decisions.AnswerQuery(by, request);
}

CaseTest::Decided CaseTest::Suspend(const std::string& id, const Call& by,
                                    pb::SuspensionGround ground) {
  auto request = Because(On<pb::SuspendDecisionRequest>(id));
  request.set_ground(ground);
  request.set_estimate_days(8);
  return t_.decisions.SuspendDecision(by, request);
}

CaseTest::Decided CaseTest::Resume(const std::string& id, const Call& by) {
  return t_.decisions.ResumeDecision(by, On<pb::ResumeDecisionRequest>(id));
}

CaseTest::Decided CaseTest::Extend(const std::string& id, const Call& by) {
  return t_.decisions.ExtendDecision(by, Because(On<pb::ExtendDecisionRequest>(id)));
}

CaseTest::Decided CaseTest::Delegate(const std::string& id, const Call& by, const Call& to,
                                     const std::string& until) {
  auto request = On<pb::DelegateDecisionRequest>(id);
  request.set_to(to.caller.user_id);
  ZL_CHECK(TimeUtil::FromString(until, request.mutable_until()), "a time");
  return t_.decisions.DelegateDecision(by, request);
}

CaseTest::Decided CaseTest::Declare(const std::string& id, const Call& by,
                                    const std::string& conflict) {
  auto request = On<pb::DeclareInterestRequest>(id);
  request.set_conflict(!conflict.empty());
  request.set_statement(conflict);
  return t_.decisions.DeclareInterest(by, request);
}

CaseTest::Decided CaseTest::Recuse(const std::string& id, const Call& by) {
  return t_.decisions.RecuseFromDecision(by, Because(On<pb::RecuseFromDecisionRequest>(id)));
}

CaseTest::Decided CaseTest::AskRecusal(const std::string& id, const Call& by, const Call& officer) {
  auto request = Because(On<pb::RequestRecusalRequest>(id));
  request.set_user_id(officer.caller.user_id);
  return t_.decisions.RequestRecusal(by, request);
}

CaseTest::Decided CaseTest::DecideRecusal(const std::string& id, const Call& by,
                                          const Call& officer, bool upheld) {
  auto request = Because(On<pb::DecideRecusalRequest>(id));
  request.set_user_id(officer.caller.user_id);
  request.set_upheld(upheld);
  return t_.decisions.DecideRecusal(by, request);
}

CaseTest::Decided CaseTest::Reassign(const std::string& id, const Call& by, const Call& to) {
  auto request = Because(On<pb::ReassignStepRequest>(id));
  request.set_to(to.caller.user_id);
  return t_.decisions.ReassignStep(by, request);
}

CaseTest::Decided CaseTest::AddVerifier(const std::string& id, const Call& by) {
  return t_.decisions.AddVerifier(by, Because(On<pb::AddVerifierRequest>(id)));
}

CaseTest::Decided CaseTest::DropVerifier(const std::string& id, const Call& by) {
  return t_.decisions.DropVerifier(by, Because(On<pb::DropVerifierRequest>(id)));
}

CaseTest::Decided CaseTest::Remind(const std::string& id, const Call& by) {
  auto request = On<pb::RemindDecisionRequest>(id);
  request.set_note("please");
  return t_.decisions.RemindDecision(by, request);
}

CaseTest::Decided CaseTest::AskOpinions(const std::string& id, const Call& by,
                                        const std::vector<std::string>& zones, pb::OpinionRule rule,
                                        int quorum, bool veto) {
  auto request = On<pb::RequestOpinionsRequest>(id);
  for (const std::string& zone : zones) request.add_zones(zone);
  request.set_rule(rule);
  request.set_quorum(quorum);
  request.set_veto(veto);
  request.set_question("do you recognise it?");
  return t_.decisions.RequestOpinions(by, request);
}

CaseTest::Decided CaseTest::GiveOpinion(const std::string& id, const Call& by,
                                        const std::string& verdict) {
  auto request = On<pb::GiveOpinionRequest>(id);
  request.set_verdict(verdict);
  request.set_text("so we think");
  return t_.decisions.GiveOpinion(by, request);
}

CaseTest::Decided CaseTest::Deliver(const std::string& id, const Call& by) {
  auto request = On<pb::DeliverDecisionRequest>(id);
  request.set_method("post");
  return t_.grants.DeliverDecision(by, request);
}

CaseTest::Decided CaseTest::CheckPromise(const std::string& id, const Call& by, bool met) {
  auto request = On<pb::CheckPromiseRequest>(id);
  request.set_met(met);
  request.set_findings("seen on the spot");
  return t_.grants.CheckPromise(by, request);
}

CaseTest::Decided CaseTest::ConfirmCondition(const std::string& id, const Call& by, int place) {
  auto request = On<pb::ConfirmConditionRequest>(id);
  request.set_place(place);
  request.set_evidence("the seal is on");
  return t_.grants.ConfirmCondition(by, request);
}

Result<pb::Filing> CaseTest::Withdraw(const std::string& id) {
  pb::WithdrawFilingRequest request;
  request.set_filing_id(id);
  return t_.service.WithdrawFiling(filer_, request);
}

Result<pb::Filing> CaseTest::HandIn(const std::string& id, const std::vector<std::string>& kinds) {
  pb::SupplementFilingRequest request;
  request.set_filing_id(id);
  for (const std::string& kind : kinds) {
    pb::Document* document = request.add_documents();
    document->set_title(kind + ".pdf");
    document->set_sha256(std::string(64, 'b'));
    document->set_media_type("application/pdf");
    document->set_size_bytes(7);
    document->set_kind(kind);
  }
  return t_.service.SupplementFiling(filer_, request);
}

Result<pb::Filing> CaseTest::Get(const std::string& id, const Call& by) {
  pb::GetFilingRequest request;
  request.set_filing_id(id);
  return t_.service.GetFiling(by, request);
}

pb::Decision CaseTest::Read(const std::string& id, const std::string& zone) {
  const pb::Filing filing = Must(Get(id, t_.Auditor()));
  for (const pb::Decision& decision : filing.decisions()) {
    if (decision.zone() == zone) return decision;
  }
  ADD_FAILURE() << zone << " is no target zone";
  return {};
}

std::vector<events::v1::Event> CaseTest::Events(const std::string& id) {
  return Must(
      t_.database.Query(t_.Auditor(), [&](db::Tx& tx) -> Result<std::vector<events::v1::Event>> {
        return outbox::OfSubject(tx, "filings/" + id);
      }));
}

std::vector<std::string> CaseTest::Rungs(const std::string& id) {
  std::vector<std::string> rungs;
  for (const events::v1::Event& event : Events(id)) {
    events::v1::DecisionChanged body;
    if (event.type().find(".decision.") == std::string::npos) continue;
    ZL_CHECK(body.ParseFromString(event.body()), "an event of a decision");
    if (body.rung().empty()) continue;
    EXPECT_TRUE(body.by_clock());
    EXPECT_EQ(body.actor().user_id(), "");
    rungs.push_back(body.rung() + " " + event.type().substr(event.type().rfind('.') + 1));
  }
  return rungs;
}

events::v1::DecisionChanged CaseTest::LastEvent(const std::string& id) {
  events::v1::DecisionChanged body;
  ZL_CHECK(body.ParseFromString(Events(id).back().body()), "an event of a decision");
  return body;
}

pb::FilingTimeline CaseTest::Timeline(const std::string& id, const Call& by) {
  pb::GetFilingTimelineRequest request;
  request.set_filing_id(id);
  return Must(t_.service.GetFilingTimeline(by, request));
}

std::string CaseTest::Recognitions(const std::string& id) {
  return t_.scratch.AdminText("SELECT count(*) FROM recognition.recognitions WHERE filing_id = '" +
                              id + "'");
}

}  // namespace zonelink::recognition
