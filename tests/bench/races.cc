// SPDX-License-Identifier: Apache-2.0
#include "tests/bench/races.h"

#include <fmt/format.h>

#include <memory>
#include <stdexcept>

namespace zonelink::bench {
namespace {

using test::Answer;

constexpr const char* kHome = "shanghai";
constexpr const char* kTarget = "zhejiang";
constexpr const char* kSecondTarget = "jiangsu";
// Filings that are submitted beside the end of an agreement, at most.
constexpr int kMostSubmissions = 50;

constexpr const char* kOpinion = R"({"opinion":"好"})";
constexpr const char* kGrant = R"({"reason":"符合"})";
constexpr const char* kRefuse = R"({"article":"§20","facts":"不符","reason":"无效"})";
constexpr const char* kConditional =
    R"({"conditions":[{"text":"补交原件","dueOn":"2035-12-31"}],"reason":"附条件符合"})";
constexpr const char* kNothing = "{}";

std::string Decision(const std::string& filing_id, const std::string& zone,
                     const std::string& verb) {
  return fmt::format("/v1/filings/{}/decisions/{}:{}", filing_id, zone, verb);
}

std::string GivenTo(const std::string& user_id, const std::string& etag = "") {
  return fmt::format(R"({{"to":"{}","reason":"转办","etag":{}}})", user_id,
                     client::JsonQuote(etag));
}

std::string Filing(const std::string& filing_id, const std::string& verb) {
  return fmt::format("/v1/filings/{}:{}", filing_id, verb);
}

std::string Agreement(const std::string& agreement_id, const std::string& verb) {
  return fmt::format("/v1/agreements/{}:{}", agreement_id, verb);
}

std::string Told(const Reply& reply) {
  return fmt::format("{} {}", reply.answer.status,
                     reply.ok() ? "" : reply.answer.reason() + " " + reply.answer.body);
}

std::string Both(const std::string& what, const Reply& left, const Reply& right) {
  return fmt::format("{}: left {}, right {}", what, Told(left), Told(right));
}

bool RefusedAs(const Reply& reply, int status, const std::string& reason) {
  return reply.answer.status == status && reply.answer.reason() == reason;
}

// Empty when exactly one side succeeded and the other was refused with 409 for one of `losing`.
std::string OneWon(const Reply& left, const Reply& right, const std::set<std::string>& losing) {
  if (left.ok() == right.ok()) return Both(left.ok() ? "both won" : "nobody won", left, right);
  const Reply& loser = left.ok() ? right : left;
  const bool documented = loser.answer.status == 409 && losing.count(loser.answer.reason()) > 0;
  return documented ? "" : Both("not a documented refusal", left, right);
}

std::string Body(test::FilingSpec spec) {
  spec.home_zone = kHome;
  return spec.ToJson();
}

std::string StateOf(const Answer& filing, const std::string& zone) {
  for (const client::Json decision : filing.at("decisions").items()) {
    if (decision["zone"].text() == zone) return decision["state"].text();
  }
  return "";
}

}  // namespace

std::string Races::Lane::OneZone() const {
  return Body({.item_id = shared_item, .target_zones = {kTarget}, .applicant = applicant});
}

std::string Races::Lane::TwoZones() const {
  return Body(
      {.item_id = shared_item, .target_zones = {kTarget, kSecondTarget}, .applicant = applicant});
}

std::string Races::Lane::OwnItem() const {
  return Body({.item_id = item_id, .target_zones = {kTarget}, .applicant = applicant});
}

Races::Races(test::World& world, size_t lanes)
    : world_(world), base_url_(world.deployment().base_url()) {
  MakeCast();
  const std::string item = world_.NewItem();
  world_.Agree(item, {kHome}, {kTarget, kSecondTarget}, "REVIEW");
  for (size_t i = 0; i < lanes; ++i) MakeLane(item);
  AddKinds();
}

void Races::MakeCast() {
  const auto token = [&](const std::string& zone, const std::string& role) {
    return world_.As(world_.Staff(zone, {role})).token();
  };
  for (const char* zone : {kTarget, kSecondTarget}) {
    verifiers_[zone] = token(zone, "verifier");
    reviewers_[zone] = token(zone, "reviewer");
  }
  second_reviewer_ = token(kTarget, "reviewer");
  third_reviewer_id_ = world_.Staff(kTarget, {"reviewer"}).user_id;
  second_verifier_id_ = world_.Staff(kTarget, {"verifier"}).user_id;
  for (std::string& admin : home_admins_) admin = token(kHome, "zone_admin");
  for (std::string& admin : target_admins_) admin = token(kTarget, "zone_admin");
}

void Races::MakeLane(const std::string& item_id) {
  test::Organization applicant = world_.NewOrganization(kHome);
  const test::Person filer = world_.Member(applicant, {"filer"});
  lanes_.push_back({.api = test::Api(base_url_, ""),
                    .applicant = std::move(applicant),
                    .filer = world_.As(filer).token(),
                    .shared_item = item_id,
                    .item_id = world_.NewItem()});
}

void Races::AddKind(std::string name, std::string must, Pair (Races::*prepare)(Lane&)) {
  kinds_.push_back({std::move(name), std::move(must),
                    [this, prepare](size_t lane) { return (this->*prepare)(lanes_[lane]); }});
}

void Races::AddKinds() {
  AddKind("grant_grant", "one officer grants", &Races::GrantGrant);
  AddKind("grant_refuse", "granted or refused", &Races::GrantRefuse);
  AddKind("grant_withdraw", "granted or withdrawn", &Races::GrantWithdraw);
  AddKind("condition_withdraw", "granted or withdrawn", &Races::ConditionWithdraw);
  AddKind("grant_reassign", "granted or given away", &Races::GrantReassign);
  AddKind("grant_take_back", "granted or taken back", &Races::GrantTakeBack);
  AddKind("verify_reassign", "verified or given away", &Races::VerifyReassign);
  AddKind("answer_withdraw", "withdrawn in any order", &Races::AnswerWithdraw);
  AddKind("answer_withdraw_etag", "one finds its etag", &Races::AnswerWithdrawEtag);
  AddKind("zones_decide", "both decide, filing closed", &Races::ZonesDecide);
  AddKind("submit_same_key", "one filing, equal answers", &Races::SameKey);
  AddKind("submit_one_key_two_bodies", "one filing, the other 422", &Races::OneKeyTwoBodies);
  AddKind("submit_one_credential", "one open case", &Races::OneCredential);
  AddKind("submit_terminate", "nothing filed afterwards", &Races::SubmitTerminate);
  AddKind("submit_suspend", "nothing filed afterwards", &Races::SubmitSuspend);
  AddKind("sign_twice", "one signature a zone", &Races::SignTwice);
  AddKind("sign_last_two", "both sign, in force once", &Races::SignLastTwo);
  AddKind("sign_one_route", "one agreement a route", &Races::SignOneRoute);
}

RaceCounts Races::Run(const RaceKind& kind, const RaceLimits& limits) {
  return RunRace(kind, base_url_, lanes_.size(), limits, asked_again_);
}

std::string Races::Must(Lane& lane, const Request& request, const std::string& member) {
  const Reply reply = Send(lane.api, request, asked_again_);
  if (!reply.ok()) throw std::runtime_error(fmt::format("{}: {}", request.path, Told(reply)));
  return reply.answer.text(member);
}

Answer Races::Get(Lane& lane, const std::string& token, const std::string& path) {
  return lane.api.Get(path, {{"Authorization", "Bearer " + token}});
}

Contender Races::Once(Request request) {
  return [this, request = std::move(request)](test::Api& api) {
    return Replies{Send(api, request, asked_again_)};
  };
}

std::string Races::Submitted(Lane& lane, const std::string& body) {
  const std::string id = Must(lane, {lane.filer, "/v1/filings", body}, "filingId");
  const std::lock_guard lock(mutex_);
  acknowledged_.insert(id);
  return id;
}

std::string Races::Verified(Lane& lane, const std::string& body,
                            const std::vector<std::string>& zones) {
  const std::string id = Submitted(lane, body);
  for (const std::string& zone : zones) {
    const std::string& verifier = verifiers_.at(zone);
    Must(lane, {verifier, Decision(id, zone, "accept"), kNothing}, "state");
    Must(lane, {verifier, Decision(id, zone, "verify"), kOpinion}, "state");
  }
  return id;
}

std::string Races::Asked(Lane& lane) {
  const std::string id = Submitted(lane, lane.OneZone());
  Must(lane,
       {verifiers_.at(kTarget), Decision(id, kTarget, "requestSupplement"),
        R"({"missing":["发票"],"reason":"材料不全"})"},
       "state");
  return id;
}

// An agreement on the lane's own item, signed by those named.
std::string Races::Drafted(Lane& lane, const std::vector<std::string>& signing) {
  client::JsonWriter body;
  body.Begin('{').Key("itemId").Text(lane.item_id).Texts("homeZones", {kHome});
  body.Texts("targetZones", {kTarget}).Key("mode").Text("REVIEW");
  body.Key("validFrom").Text("2020-01-01").Key("validUntil").Text("2035-12-31");
  const std::string id =
      Must(lane, {home_admins_[0], "/v1/agreements", body.End('}').Take()}, "agreementId");
  for (const std::string& token : signing) {
    Must(lane, {token, Agreement(id, "sign"), kNothing}, "state");
  }
  return id;
}

// Makes room for the lane's next agreement.
void Races::Terminate(Lane& lane, const std::string& agreement_id) {
  Must(lane, {home_admins_[0], Agreement(agreement_id, "terminate"), R"({"reason":"换签"})"},
       "state");
}

// Either side ends the one decision of a filing; `states` says as what.
Pair Races::OneOfTwo(Lane& lane, const std::string& filing_id, std::array<Request, 2> requests,
                     const std::array<std::string, 2>& states,
                     const std::set<std::string>& losing) {
  const auto judge = [this, &lane, filing_id, states, losing](const Replies& left,
                                                              const Replies& right) {
    const std::string fault = OneWon(left[0], right[0], losing);
    if (!fault.empty()) return fault;
    const std::string& state = states[left[0].ok() ? 0 : 1];
    Expect(filing_id, kTarget, state);
    return LoserSees(lane, filing_id, kTarget, state);
  };
  return {Once(std::move(requests[0])), Once(std::move(requests[1])), judge};
}

Pair Races::GrantGrant(Lane& lane) {
  const std::string id = Verified(lane, lane.OneZone(), {kTarget});
  const std::string path = Decision(id, kTarget, "grant");
  return OneOfTwo(
      lane, id,
      {Request{reviewers_.at(kTarget), path, kGrant}, Request{second_reviewer_, path, kGrant}},
      {"GRANTED", "GRANTED"}, {"DECISION_NOT_VERIFIED"});
}

Pair Races::GrantRefuse(Lane& lane) {
  const std::string id = Verified(lane, lane.OneZone(), {kTarget});
  return OneOfTwo(lane, id,
                  {Request{reviewers_.at(kTarget), Decision(id, kTarget, "grant"), kGrant},
                   Request{second_reviewer_, Decision(id, kTarget, "refuse"), kRefuse}},
                  {"GRANTED", "REFUSED"}, {"DECISION_NOT_VERIFIED"});
}

Pair Races::GrantWithdraw(Lane& lane) {
  const std::string id = Verified(lane, lane.OneZone(), {kTarget});
  return OneOfTwo(lane, id,
                  {Request{reviewers_.at(kTarget), Decision(id, kTarget, "grant"), kGrant},
                   Request{lane.filer, Filing(id, "withdraw"), kNothing}},
                  {"GRANTED", "WITHDRAWN"}, {"DECISION_NOT_VERIFIED", "FILING_NOT_OPEN"});
}

Pair Races::ConditionWithdraw(Lane& lane) {
  const std::string id = Verified(lane, lane.OneZone(), {kTarget});
  return OneOfTwo(
      lane, id,
      {Request{reviewers_.at(kTarget), Decision(id, kTarget, "grantConditional"), kConditional},
       Request{lane.filer, Filing(id, "withdraw"), kNothing}},
      {"GRANTED_CONDITIONAL", "WITHDRAWN"}, {"DECISION_NOT_VERIFIED", "FILING_NOT_OPEN"});
}

// Who had the step cannot complete it once it is somebody else's.
Pair Races::GrantReassign(Lane& lane) {
  const std::string id = Verified(lane, lane.OneZone(), {kTarget});
  return OneOfTwo(
      lane, id,
      {Request{reviewers_.at(kTarget), Decision(id, kTarget, "grant"), kGrant},
       Request{target_admins_[0], Decision(id, kTarget, "reassign"), GivenTo(third_reviewer_id_)}},
      {"GRANTED", "VERIFIED"}, {"DECISION_NOT_OPEN", "REASSIGNED"});
}

// The verifier's own step back, while nobody has decided.
Pair Races::GrantTakeBack(Lane& lane) {
  const std::string id = Verified(lane, lane.OneZone(), {kTarget});
  return OneOfTwo(lane, id,
                  {Request{reviewers_.at(kTarget), Decision(id, kTarget, "grant"), kGrant},
                   Request{verifiers_.at(kTarget), Decision(id, kTarget, "takeBack"), kNothing}},
                  {"GRANTED", "ACCEPTED"}, {"DECISION_NOT_VERIFIED", "NOTHING_TO_TAKE_BACK"});
}

// Who gave the step away had seen the decision without the opinion.
Pair Races::VerifyReassign(Lane& lane) {
  const std::string id = Submitted(lane, lane.OneZone());
  const std::string& verifier = verifiers_.at(kTarget);
  const std::string etag =
      Must(lane, {verifier, Decision(id, kTarget, "accept"), kNothing}, "etag");
  return OneOfTwo(lane, id,
                  {Request{verifier, Decision(id, kTarget, "verify"), kOpinion},
                   Request{target_admins_[0], Decision(id, kTarget, "reassign"),
                           GivenTo(second_verifier_id_, etag)}},
                  {"VERIFIED", "ACCEPTED"}, {"REASSIGNED", "ETAG_MISMATCH"});
}

// The answer may come before the withdrawal, never after it.
Pair Races::AnswerWithdraw(Lane& lane) {
  const std::string id = Asked(lane);
  const auto judge = [this, &lane, id](const Replies& answer, const Replies& withdrawal) {
    if (!withdrawal[0].ok()) return Both("not withdrawn", answer[0], withdrawal[0]);
    if (!answer[0].ok() && !RefusedAs(answer[0], 409, "SUPPLEMENT_NOT_ASKED")) {
      return Both("not a documented refusal", answer[0], withdrawal[0]);
    }
    Expect(id, kTarget, "WITHDRAWN");
    return LoserSees(lane, id, kTarget, "WITHDRAWN");
  };
  return {Once({lane.filer, Filing(id, "supplement"), R"({"note":"补正"})"}),
          Once({lane.filer, Filing(id, "withdraw"), kNothing}), judge};
}

Pair Races::AnswerWithdrawEtag(Lane& lane) {
  const std::string id = Asked(lane);
  const Answer read = Get(lane, lane.filer, "/v1/filings/" + id);
  const std::string etag = read.text("etag");
  if (etag.empty()) throw std::runtime_error("no etag in " + read.body);
  const std::string body = fmt::format(R"({{"etag":{}}})", client::JsonQuote(etag));
  return OneOfTwo(lane, id,
                  {Request{lane.filer, Filing(id, "supplement"), body},
                   Request{lane.filer, Filing(id, "withdraw"), body}},
                  {"PENDING", "WITHDRAWN"}, {"ETAG_MISMATCH"});
}

Pair Races::ZonesDecide(Lane& lane) {
  const std::string id = Verified(lane, lane.TwoZones(), {kTarget, kSecondTarget});
  const auto judge = [this, &lane, id](const Replies& left, const Replies& right) -> std::string {
    if (!left[0].ok() || !right[0].ok()) return Both("one was kept out", left[0], right[0]);
    Expect(id, kTarget, "GRANTED");
    Expect(id, kSecondTarget, "REFUSED");
    const Answer filing = Get(lane, lane.filer, "/v1/filings/" + id);
    return filing.text("state") == "CLOSED" ? "" : "not closed: " + filing.body;
  };
  return {Once({reviewers_.at(kTarget), Decision(id, kTarget, "grant"), kGrant}),
          Once({reviewers_.at(kSecondTarget), Decision(id, kSecondTarget, "refuse"), kRefuse}),
          judge};
}

Pair Races::SameKey(Lane& lane) {
  const Request request{lane.filer, "/v1/filings", lane.OneZone()};
  const auto judge = [this](const Replies& left, const Replies& right) -> std::string {
    Acknowledge(left);
    if (!left[0].ok() || !right[0].ok()) return Both("refused", left[0], right[0]);
    if (left[0].answer.status == right[0].answer.status &&
        left[0].answer.body == right[0].answer.body) {
      return "";
    }
    return fmt::format("two answers: {} and {}", left[0].answer.body, right[0].answer.body);
  };
  return {Once(request), Once(request), judge};
}

Pair Races::OneKeyTwoBodies(Lane& lane) {
  const Request request{lane.filer, "/v1/filings", lane.OneZone()};
  Request other = request;
  other.json = lane.TwoZones();
  const auto judge = [this](const Replies& left, const Replies& right) -> std::string {
    Acknowledge(left);
    Acknowledge(right);
    if (left[0].ok() == right[0].ok()) return Both("not one winner", left[0], right[0]);
    const Reply& loser = left[0].ok() ? right[0] : left[0];
    const bool documented = RefusedAs(loser, 422, "IDEMPOTENCY_KEY_REUSED");
    return documented ? "" : Both("not a documented refusal", left[0], right[0]);
  };
  return {Once(request), Once(other), judge};
}

// Two cases on one credential, each under a key of its own.
Pair Races::OneCredential(Lane& lane) {
  const Request request{lane.filer, "/v1/filings", lane.OneZone()};
  Request other = request;
  other.key = test::FreshKey();
  const auto judge = [this](const Replies& left, const Replies& right) {
    Acknowledge(left);
    Acknowledge(right);
    return OneWon(left[0], right[0], {"FILING_DUPLICATE"});
  };
  return {Once(request), Once(other), judge};
}

// Both sides submit at once after the agreement's end was answered; what they begin then must be
// refused, and nobody sees the agreement come back.
Pair Races::SubmitAndEnd(Lane& lane, const std::string& verb) {
  const std::string id = Drafted(lane, {home_admins_[0], target_admins_[0]});
  const auto ended = std::make_shared<std::atomic<bool>>(false);
  const Request end{home_admins_[0], Agreement(id, verb), R"({"reason":"到期"})"};
  const auto submit = [this, &lane, ended](test::Api& api) {
    const bool late = *ended;
    Reply reply = Send(api, {lane.filer, "/v1/filings", lane.OwnItem()}, asked_again_);
    reply.late = late;
    return reply;
  };
  const auto officer = [this, end, ended, submit](test::Api& api) {
    Replies replies = {Send(api, end, asked_again_)};
    *ended = true;
    replies.push_back(submit(api));
    return replies;
  };
  const auto filer = [submit](test::Api& api) {
    Replies replies;
    do {
      replies.push_back(submit(api));
    } while (!replies.back().late && replies.size() < kMostSubmissions);
    return replies;
  };
  const auto judge = [this](const Replies& officer_saw, const Replies& filer_saw) -> std::string {
    if (!officer_saw[0].ok()) return "not ended: " + Told(officer_saw[0]);
    Acknowledge({officer_saw.begin() + 1, officer_saw.end()});
    Acknowledge(filer_saw);
    bool covered = true;
    for (const Reply& reply : filer_saw) {
      if (!reply.ok() && !RefusedAs(reply, 409, "NOT_COVERED")) return Told(reply);
      if (reply.ok() && reply.late) return "filed after the end";
      if (reply.ok() && !covered) return "filed after a refusal";
      covered = reply.ok();
    }
    return RefusedAs(officer_saw[1], 409, "NOT_COVERED") ? ""
                                                         : "after the end: " + Told(officer_saw[1]);
  };
  return {officer, filer, judge};
}

Pair Races::SignTwice(Lane& lane) {
  const std::string id = Drafted(lane, {home_admins_[0]});
  const auto judge = [this, &lane, id](const Replies& left, const Replies& right) {
    const std::string fault = OneWon(left[0], right[0], {"AGREEMENT_NOT_DRAFTED"});
    if (fault.empty()) Terminate(lane, id);
    return fault;
  };
  return {Once({target_admins_[0], Agreement(id, "sign"), kNothing}),
          Once({target_admins_[1], Agreement(id, "sign"), kNothing}), judge};
}

Pair Races::SignLastTwo(Lane& lane) {
  const std::string id = Drafted(lane, {});
  const auto judge = [this, &lane, id](const Replies& left, const Replies& right) -> std::string {
    if (!left[0].ok() || !right[0].ok()) return Both("one was kept out", left[0], right[0]);
    const std::set<std::string> states = {left[0].answer.text("state"),
                                          right[0].answer.text("state")};
    Terminate(lane, id);
    return states == std::set<std::string>{"DRAFTED", "IN_FORCE"} ? "" : "not in force once";
  };
  return {Once({home_admins_[0], Agreement(id, "sign"), kNothing}),
          Once({target_admins_[0], Agreement(id, "sign"), kNothing}), judge};
}

Pair Races::SignOneRoute(Lane& lane) {
  const std::array<std::string, 2> ids = {Drafted(lane, {home_admins_[0]}),
                                          Drafted(lane, {home_admins_[0]})};
  const auto judge = [this, &lane, ids](const Replies& left, const Replies& right) {
    const std::string fault = OneWon(left[0], right[0], {"ROUTE_COVERED"});
    if (fault.empty()) Terminate(lane, ids[left[0].ok() ? 0 : 1]);
    return fault;
  };
  return {Once({target_admins_[0], Agreement(ids[0], "sign"), kNothing}),
          Once({target_admins_[1], Agreement(ids[1], "sign"), kNothing}), judge};
}

// What was refused because of a state finds that state.
std::string Races::LoserSees(Lane& lane, const std::string& filing_id, const std::string& zone,
                             const std::string& state) {
  const Answer filing = Get(lane, lane.filer, "/v1/filings/" + filing_id);
  return StateOf(filing, zone) == state ? "" : fmt::format("not {}: {}", state, filing.body);
}

void Races::Acknowledge(const Replies& replies) {
  const std::lock_guard lock(mutex_);
  for (const Reply& reply : replies) {
    if (reply.ok()) acknowledged_.insert(reply.answer.text("filingId"));
  }
}

void Races::Expect(const std::string& filing_id, const std::string& zone,
                   const std::string& state) {
  const std::lock_guard lock(mutex_);
  ended_.push_back({filing_id, zone, state});
}

}  // namespace zonelink::bench
