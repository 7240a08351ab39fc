// SPDX-License-Identifier: Apache-2.0
// An enterprise files once, two zones decide: the main job from end to end.
#include <fmt/format.h>
#include <gmock/gmock.h>

#include <algorithm>

#include "platform/calendar/calendar.h"
#include "tests/support/fixture.h"

namespace zonelink::test {
namespace {

using namespace std::chrono_literals;

// One route: an item that Jiangsu recognises at once and Zhejiang reviews.
struct Scene {
  std::string item;
  Organization organization;
  Person filer;
  Person verifier;
  Person reviewer;
  FilingSpec spec;
};

class MainJob : public IntegrationTest {
 protected:
  static Scene NewScene(const ItemSpec& item_spec = {}) {
    Scene scene;
    scene.item = world().NewItem(item_spec);
    world().Agree(scene.item, {"shanghai"}, {"jiangsu"}, "AUTOMATIC");
    world().Agree(scene.item, {"shanghai"}, {"zhejiang"}, "REVIEW");
    scene.organization = world().NewOrganization("shanghai");
    scene.filer = world().Member(scene.organization, {"filer"});
    scene.verifier = world().Staff("zhejiang", {"verifier"});
    scene.reviewer = world().Staff("zhejiang", {"reviewer"});
    scene.spec = {.item_id = scene.item,
                  .home_zone = "shanghai",
                  .target_zones = {"jiangsu", "zhejiang"},
                  .applicant = scene.organization};
    return scene;
  }

  static Answer Submit(const Scene& scene) {
    FilingSpec spec = scene.spec;
    spec.credential_number = NewCredentialNumber();
    return world().As(scene.filer).Post("/v1/filings", spec.ToJson());
  }

  static std::string DecisionPath(const std::string& filing_id, const std::string& verb) {
    return fmt::format("/v1/filings/{}/decisions/zhejiang:{}", filing_id, verb);
  }

  static Answer Act(const Person& person, const std::string& filing_id, const std::string& verb,
                    const std::string& body) {
    return world().As(person).Post(DecisionPath(filing_id, verb), body);
  }

  // The decision of a zone in a filing's answer.
  static Json DecisionOf(const Answer& filing, std::string_view zone) {
    for (const auto& decision : filing.json()["decisions"].items()) {
      if (decision["zone"].text() == zone) return decision;
    }
    return Json();
  }

  static Answer Filing(const Person& person, const std::string& filing_id) {
    return world().As(person).Get("/v1/filings/" + filing_id);
  }

  // Every entry of the person's inbox, through all pages.
  static std::vector<std::string> InboxOf(const Person& person, const std::string& filing_id) {
    std::vector<std::string> actions;
    std::string token;
    do {
      const auto page = world().As(person).Get("/v1/inbox?pageSize=200&pageToken=" + token);
      EXPECT_TRUE(HasStatus(page, 200));
      for (const auto& item : page.json()["items"].items()) {
        if (item["filingId"].text() == filing_id) actions.push_back(item["action"].text());
      }
      token = client::UrlEncode(page.text("nextPageToken"));
    } while (!token.empty());
    return actions;
  }

  // The inbox follows the event log: at once, but not in the same instant.
  static bool InboxBecomes(const Person& person, const std::string& filing_id,
                           const std::vector<std::string>& actions) {
    return WaitUntil(10s, [&] { return InboxOf(person, filing_id) == actions; });
  }

  static Date Today() { return ShanghaiDate(*ParseTime(world().Now())); }
};

constexpr const char* kVerify = R"({"opinion":"与原件一致"})";
constexpr const char* kGrant = R"({"reason":"符合协议条件"})";
const std::vector<std::string> kNothing;

TEST_F(MainJob, OneFilingTwoZones) {
  const Scene scene = NewScene();
  const auto precheck = world().As(scene.filer).Post("/v1/filings:precheck", [&] {
    client::JsonWriter writer;
    writer.Begin('{').Key("itemId").Text(scene.item).Key("homeZone").Text("shanghai");
    writer.Key("targetZones").Raw(R"(["zhejiang","jiangsu","hainan"])");
    return writer.End('}').Take();
  }());
  ASSERT_TRUE(HasStatus(precheck, 200));
  EXPECT_EQ(precheck.text("zones.0.zone"), "hainan");
  EXPECT_EQ(precheck.text("zones.0.outcome"), "NOT_COVERED");
  EXPECT_EQ(precheck.text("zones.1.outcome"), "AUTOMATIC");
  EXPECT_EQ(precheck.text("zones.2.outcome"), "DECISION_NEEDED");
  EXPECT_EQ(precheck.at("zones.2.budgetDays").number(), 20);
  EXPECT_EQ(precheck.at("missingAttributes").texts(),
            (std::vector<std::string>{"hsCode", "quantity"}));
  EXPECT_EQ(precheck.at("missingDocuments").texts(), std::vector<std::string>{"certificate"});

  const auto filing = Submit(scene);
  ASSERT_TRUE(HasStatus(filing, 201));
  const std::string id = filing.text("filingId");
  EXPECT_FALSE(filing.text("receiptNumber").empty());
  EXPECT_EQ(filing.text("state"), "IN_REVIEW");
  const auto automatic = DecisionOf(filing, "jiangsu");
  EXPECT_EQ(automatic["state"].text(), "GRANTED");
  EXPECT_EQ(automatic["mode"].text(), "AUTOMATIC");
  EXPECT_FALSE(automatic["recognitionNumber"].text().empty());
  const auto pending = DecisionOf(filing, "zhejiang");
  EXPECT_EQ(pending["state"].text(), "PENDING");
  EXPECT_EQ(pending["waitingFor"].text(), "verifier");
  EXPECT_EQ(pending["clock"]["budgetDays"].number(), 20);
  EXPECT_TRUE(pending["clock"]["running"].truth());
  EXPECT_FALSE(pending["clock"]["provisional"].truth());
  EXPECT_EQ(pending["clock"]["dueOn"].text(), precheck.text("zones.2.dueOn"));

  EXPECT_TRUE(InboxBecomes(scene.verifier, id, {"accept"}));
  EXPECT_EQ(InboxOf(scene.reviewer, id), kNothing);
  EXPECT_EQ(InboxOf(scene.filer, id), kNothing);
  EXPECT_TRUE(Refused(Act(scene.verifier, id, "verify", kVerify), 409, "DECISION_NOT_ACCEPTED"));
  EXPECT_TRUE(Refused(Act(scene.reviewer, id, "grant", kGrant), 409, "DECISION_NOT_VERIFIED"));

  const auto accepted = Act(scene.verifier, id, "accept", "{}");
  ASSERT_TRUE(HasStatus(accepted, 200));
  EXPECT_EQ(accepted.text("state"), "ACCEPTED");
  EXPECT_TRUE(InboxBecomes(scene.verifier, id, {"verify"}));
  const auto verified = Act(scene.verifier, id, "verify", kVerify);
  ASSERT_TRUE(HasStatus(verified, 200));
  EXPECT_EQ(verified.text("state"), "VERIFIED");
  EXPECT_EQ(verified.text("waitingFor"), "reviewer");
  EXPECT_TRUE(InboxBecomes(scene.reviewer, id, {"decide"}));
  EXPECT_TRUE(InboxBecomes(scene.verifier, id, {}));

  EXPECT_TRUE(Refused(Act(scene.verifier, id, "grant", kGrant), 403, "ROLE_NEEDED"));
  const auto granted = Act(scene.reviewer, id, "grant", kGrant);
  ASSERT_TRUE(HasStatus(granted, 200));
  EXPECT_EQ(granted.text("state"), "GRANTED");
  EXPECT_EQ(granted.text("waitingFor"), "");
  EXPECT_EQ(Filing(scene.filer, id).text("state"), "CLOSED");
  EXPECT_TRUE(InboxBecomes(scene.reviewer, id, {"deliver"}));

  const auto shown = world().Nobody().Get(
      fmt::format("/v1/recognitions/{}:verify", granted.text("recognitionNumber")));
  ASSERT_TRUE(HasStatus(shown, 200));
  EXPECT_EQ(shown.text("state"), "VALID");
  EXPECT_EQ(shown.text("homeZone"), "shanghai");
  EXPECT_EQ(shown.text("zone"), "zhejiang");
  EXPECT_EQ(shown.text("itemId"), scene.item);
  EXPECT_EQ(shown.body.find(scene.organization.name), std::string::npos);
  EXPECT_TRUE(Refused(world().Nobody().Get("/v1/recognitions/NO-SUCH-NUMBER:verify"), 404,
                      "RECOGNITION_NOT_FOUND"));
}

TEST_F(MainJob, WhoeverVerifiedMayNotDecide) {
  const Scene scene = NewScene();
  const Person both = world().Staff("zhejiang", {"verifier", "reviewer"});
  const std::string id = Submit(scene).text("filingId");
  ASSERT_TRUE(HasStatus(Act(both, id, "accept", "{}"), 200));
  ASSERT_TRUE(HasStatus(Act(both, id, "verify", kVerify), 200));
  EXPECT_TRUE(InboxBecomes(scene.reviewer, id, {"decide"}));
  EXPECT_EQ(InboxOf(both, id), kNothing);
  EXPECT_TRUE(Refused(Act(both, id, "grant", kGrant), 409, "VERIFIER_MAY_NOT_DECIDE"));
  EXPECT_TRUE(Refused(Act(both, id, "refuse", R"({"article":"§20","facts":"无","reason":"无"})"),
                      409, "VERIFIER_MAY_NOT_DECIDE"));
  EXPECT_TRUE(HasStatus(Act(scene.reviewer, id, "grant", kGrant), 200));
  EXPECT_TRUE(Refused(Act(scene.reviewer, id, "grant", kGrant), 409, "DECISION_NOT_VERIFIED"));
}

TEST_F(MainJob, TwoVerifiersAreDifferentPeople) {
  const Scene scene = NewScene({.verifiers_needed = 2});
  const Person second = world().Staff("zhejiang", {"verifier"});
  const std::string id = Submit(scene).text("filingId");
  ASSERT_TRUE(HasStatus(Act(scene.verifier, id, "accept", "{}"), 200));
  const auto first = Act(scene.verifier, id, "verify", kVerify);
  ASSERT_TRUE(HasStatus(first, 200));
  EXPECT_EQ(first.text("state"), "ACCEPTED");
  EXPECT_TRUE(Refused(Act(scene.verifier, id, "verify", kVerify), 409, "ALREADY_VERIFIED_BY_YOU"));
  EXPECT_TRUE(InboxBecomes(second, id, {"verify"}));
  EXPECT_TRUE(InboxBecomes(scene.verifier, id, {}));
  const auto last = Act(second, id, "verify", kVerify);
  ASSERT_TRUE(HasStatus(last, 200));
  EXPECT_EQ(last.text("state"), "VERIFIED");
  EXPECT_EQ(last.json()["verifications"].items().size(), 2u);
}

TEST_F(MainJob, ASupplementStopsTheClock) {
  const Scene scene = NewScene();
  const Calendar& calendar = NationalCalendar();
  const Date filed_on = Today();
  const std::string id = Submit(scene).text("filingId");
  // At noon the days up to yesterday are used up.
  const auto noon = [](Date day) { return FormatTime(EndOfDay(day) - 12h); };
  const Date asked_on = calendar.Nth(filed_on, 4);
  world().Advance(noon(asked_on));
  EXPECT_EQ(DecisionOf(Filing(scene.filer, id), "zhejiang")["clock"]["usedDays"].number(), 3);

  const auto asked = Act(scene.verifier, id, "requestSupplement",
                         R"({"missing":["原产地证书正本"],"reason":"扫描件不清"})");
  ASSERT_TRUE(HasStatus(asked, 200));
  EXPECT_EQ(asked.text("state"), "SUPPLEMENTING");
  EXPECT_FALSE(asked.at("clock.running").truth());
  EXPECT_TRUE(InboxBecomes(scene.filer, id, {"supplement"}));
  EXPECT_EQ(InboxOf(scene.verifier, id), kNothing);
  EXPECT_TRUE(Refused(Act(scene.verifier, id, "accept", "{}"), 409, "DECISION_NOT_PENDING"));

  const Date answered_on = calendar.Nth(asked_on, 10);
  world().Advance(noon(answered_on));
  const auto standing = Filing(scene.filer, id);
  EXPECT_EQ(DecisionOf(standing, "zhejiang")["clock"]["usedDays"].number(), 3);

  const auto answered =
      world()
          .As(scene.filer)
          .Post(
              fmt::format("/v1/filings/{}:supplement", id),
              fmt::format(
                  R"({{"zone":"zhejiang","note":"补正","documents":[{{"title":"正本.pdf","sha256":"{}",)"
                  R"("mediaType":"application/pdf","sizeBytes":"10"}}]}})",
                  std::string(64, 'b')));
  ASSERT_TRUE(HasStatus(answered, 200));
  const auto resumed = DecisionOf(answered, "zhejiang");
  EXPECT_EQ(resumed["state"].text(), "PENDING");
  EXPECT_TRUE(resumed["clock"]["running"].truth());
  EXPECT_EQ(resumed["clock"]["usedDays"].number(), 3);
  // The day of the answer counts again, since the clock runs at its end.
  EXPECT_EQ(resumed["clock"]["dueOn"].text(),
            FormatDate(calendar.Nth(answered_on - std::chrono::days(1), 17)));
  EXPECT_EQ(answered.json()["documents"].items().size(), 2u);
  EXPECT_TRUE(InboxBecomes(scene.verifier, id, {"accept"}));
  EXPECT_TRUE(InboxBecomes(scene.filer, id, {}));
  EXPECT_TRUE(Refused(
      Act(scene.verifier, id, "requestSupplement", R"({"missing":["又一份"],"reason":"无"})"), 409,
      "SUPPLEMENT_ALREADY_ASKED"));
  EXPECT_TRUE(Refused(world()
                          .As(scene.filer)
                          .Post(fmt::format("/v1/filings/{}:supplement", id), R"({"note":"再补"})"),
                      409, "SUPPLEMENT_NOT_ASKED"));
}

TEST_F(MainJob, ARefusalCitesArticleAndFacts) {
  const Scene scene = NewScene();
  const std::string id = Submit(scene).text("filingId");
  ASSERT_TRUE(HasStatus(Act(scene.verifier, id, "accept", "{}"), 200));
  ASSERT_TRUE(HasStatus(Act(scene.verifier, id, "verify", kVerify), 200));
  const auto refused =
      Act(scene.reviewer, id, "refuse",
          R"({"article":"进出口货物原产地条例 §20","facts":"证书编号不符","reason":"证书无效"})");
  ASSERT_TRUE(HasStatus(refused, 200));
  EXPECT_EQ(refused.text("state"), "REFUSED");
  EXPECT_EQ(refused.text("article"), "进出口货物原产地条例 §20");
  EXPECT_EQ(refused.text("recognitionNumber"), "");
  EXPECT_EQ(Filing(scene.filer, id).text("state"), "CLOSED");
}

TEST_F(MainJob, AWithdrawalEndsWhatIsOpen) {
  Scene scene = NewScene();
  scene.spec.target_zones = {"zhejiang"};
  const std::string id = Submit(scene).text("filingId");
  EXPECT_TRUE(InboxBecomes(scene.verifier, id, {"accept"}));
  const auto withdrawn =
      world().As(scene.filer).Post(fmt::format("/v1/filings/{}:withdraw", id), "{}");
  ASSERT_TRUE(HasStatus(withdrawn, 200));
  EXPECT_EQ(withdrawn.text("state"), "WITHDRAWN");
  EXPECT_TRUE(InboxBecomes(scene.verifier, id, {}));
  EXPECT_TRUE(Refused(Act(scene.verifier, id, "accept", "{}"), 409, "DECISION_NOT_PENDING"));
  EXPECT_TRUE(
      Refused(world().As(scene.filer).Post(fmt::format("/v1/filings/{}:withdraw", id), "{}"), 409,
              "FILING_NOT_OPEN"));
}

TEST_F(MainJob, TheAuditorSeesTheHistoryAndChangesNothing) {
  const Scene scene = NewScene();
  const Person auditor = world().User("", "", {"auditor"});
  const std::string id = Submit(scene).text("filingId");
  ASSERT_TRUE(HasStatus(Act(scene.verifier, id, "accept", "{}"), 200));
  ASSERT_TRUE(HasStatus(Act(scene.verifier, id, "verify", kVerify), 200));
  ASSERT_TRUE(HasStatus(Act(scene.reviewer, id, "grant", kGrant), 200));

  const auto timeline = world().As(auditor).Get(fmt::format("/v1/filings/{}/timeline", id));
  ASSERT_TRUE(HasStatus(timeline, 200));
  std::vector<std::string> steps;
  for (const auto& entry : timeline.json()["items"].items()) {
    EXPECT_FALSE(entry["eventId"].text().empty());
    EXPECT_FALSE(entry["at"].text().empty());
    if (entry["zone"].text() == "zhejiang") {
      steps.push_back(entry["fromState"].text() + ">" + entry["toState"].text());
    }
  }
  EXPECT_THAT(steps,
              testing::IsSupersetOf({"PENDING>ACCEPTED", "ACCEPTED>VERIFIED", "VERIFIED>GRANTED"}));
  EXPECT_EQ(world().As(scene.filer).Get(fmt::format("/v1/filings/{}/timeline", id)).body,
            timeline.body);

  auto sql = deployment().database().Admin();
  // Sessions go on, the ledger follows, and each refusal leaves its record.
  std::vector<std::string> moving = {"directory.session", "directory.refresh_token"};
  for (const auto& row :
       sql.Query("SELECT schemaname || '.' || tablename FROM pg_tables WHERE schemaname = 'ledger' "
                 "OR tablename IN ('cursors', 'denials', 'events')")) {
    moving.push_back(*row[0]);
  }
  const auto events = [&] {
    return sql.One(
        "SELECT count(*) FROM recognition.events WHERE type NOT LIKE '%.denials.chained'");
  };
  const auto refused = [&] {
    return std::stoll(sql.One(
        "SELECT count(*) FROM recognition.denials WHERE code = 'PERMISSION_DENIED' AND reason = "
        "'ROLE_NEEDED' AND user_id <> '' AND request_id <> ''"));
  };
  const std::string events_before = events();
  const int64_t refused_before = refused();
  const Contents before = ContentsOf(sql, moving);
  for (const char* verb : {"accept", "requestSupplement", "verify", "grant", "refuse"}) {
    EXPECT_TRUE(HasStatus(world().As(auditor).Post(DecisionPath(id, verb), "{}"), 403)) << verb;
  }
  for (const char* verb : {"withdraw", "supplement"}) {
    EXPECT_TRUE(
        HasStatus(world().As(auditor).Post(fmt::format("/v1/filings/{}:{}", id, verb), "{}"), 403));
  }
  EXPECT_TRUE(HasStatus(world().As(auditor).Post("/v1/filings", scene.spec.ToJson()), 403));
  EXPECT_EQ(Changed(before, ContentsOf(sql, moving)), kNothing);
  EXPECT_EQ(events(), events_before);
  EXPECT_TRUE(WaitUntil(20s, [&] { return refused() == refused_before + 8; }))
      << "every refusal is on record";
}

TEST_F(MainJob, AStaleEtagIsRefused) {
  const Scene scene = NewScene();
  const auto filing = Submit(scene);
  const std::string id = filing.text("filingId");
  const std::string etag = DecisionOf(filing, "zhejiang")["etag"].text();
  ASSERT_FALSE(etag.empty());
  const auto accepted = Act(scene.verifier, id, "accept", fmt::format(R"({{"etag":"{}"}})", etag));
  ASSERT_TRUE(HasStatus(accepted, 200));
  EXPECT_NE(accepted.text("etag"), etag);
  EXPECT_EQ(accepted.http.Header("etag"), fmt::format("\"{}\"", accepted.text("etag")));
  EXPECT_TRUE(Refused(
      Act(scene.verifier, id, "verify", fmt::format(R"({{"opinion":"好","etag":"{}"}})", etag)),
      409, "ETAG_MISMATCH"));
  EXPECT_TRUE(Refused(
      world()
          .As(scene.verifier)
          .Post(DecisionPath(id, "verify"), kVerify, {{"If-Match", fmt::format("\"{}\"", etag)}}),
      409, "ETAG_MISMATCH"));
  EXPECT_TRUE(HasStatus(world()
                            .As(scene.verifier)
                            .Post(DecisionPath(id, "verify"), kVerify,
                                  {{"If-Match", fmt::format("\"{}\"", accepted.text("etag"))}}),
                        200));
}

TEST_F(MainJob, ListsComeInPages) {
  const Scene scene = NewScene();
  std::vector<std::string> submitted;
  for (int i = 0; i < 5; ++i) submitted.push_back(Submit(scene).text("filingId"));
  for (const bool newest_first : {true, false}) {
    const std::string order = newest_first ? "" : "&orderBy=" + client::UrlEncode("submittedAt");
    std::vector<std::string> listed;
    std::string token;
    int pages = 0;
    do {
      const auto page =
          world().As(scene.filer).Get("/v1/filings?pageSize=2&pageToken=" + token + order);
      ASSERT_TRUE(HasStatus(page, 200));
      for (const auto& item : page.json()["items"].items()) {
        listed.push_back(item["filingId"].text());
      }
      token = client::UrlEncode(page.text("nextPageToken"));
      ++pages;
    } while (!token.empty() && pages < 10);
    EXPECT_EQ(pages, 3);
    if (newest_first) std::reverse(listed.begin(), listed.end());
    EXPECT_EQ(listed, submitted);
  }
  const auto first = world().As(scene.filer).Get("/v1/filings?pageSize=2");
  const std::string token = client::UrlEncode(first.text("nextPageToken"));
  EXPECT_TRUE(Refused(world().As(scene.verifier).Get("/v1/filings?pageSize=2&pageToken=" + token),
                      400, "PAGE_TOKEN_INVALID"));
  EXPECT_TRUE(Refused(world().As(scene.filer).Get("/v1/inbox?pageToken=" + token), 400,
                      "PAGE_TOKEN_INVALID"));
}

TEST_F(MainJob, TheInboxIsOrderedByUrgency) {
  const Person verifier = world().Staff("hubei", {"verifier"});
  const Organization organization = world().NewOrganization("shanghai");
  const Person filer = world().Member(organization, {"filer"});
  std::vector<std::string> expected;
  for (const int budget : {40, 10, 60, 20}) {
    const std::string item = world().NewItem({.budget_days = budget});
    world().Agree(item, {"shanghai"}, {"hubei"}, "REVIEW");
    const FilingSpec spec{.item_id = item,
                          .home_zone = "shanghai",
                          .target_zones = {"hubei"},
                          .applicant = organization};
    const auto filing = world().As(filer).Post("/v1/filings", spec.ToJson());
    ASSERT_TRUE(HasStatus(filing, 201));
    const std::string id = filing.text("filingId");
    ASSERT_TRUE(InboxBecomes(verifier, id, {"accept"}));
    expected.push_back(filing.text("decisions.0.clock.dueOn"));
  }
  std::sort(expected.begin(), expected.end());
  std::vector<std::string> listed;
  std::string token;
  do {
    const auto page = world().As(verifier).Get("/v1/inbox?pageSize=3&pageToken=" + token);
    ASSERT_TRUE(HasStatus(page, 200));
    for (const auto& item : page.json()["items"].items()) {
      listed.push_back(item["dueOn"].text());
      EXPECT_GT(item["remainingDays"].number(), 0);
      EXPECT_FALSE(item["whyZh"].text().empty());
      EXPECT_FALSE(item["whyEn"].text().empty());
      EXPECT_NE(item["whyZh"].text(), item["whyEn"].text());
    }
    token = client::UrlEncode(page.text("nextPageToken"));
  } while (!token.empty());
  EXPECT_EQ(listed, expected);
}

// The work list hears of calendars by itself, not from the decision.
TEST_F(MainJob, TheInboxCountsTheZonesOwnDays) {
  const std::string item = world().NewItem({.budget_days = 20});
  world().Agree(item, {"shanghai"}, {"heilongjiang"}, "REVIEW");
  const Person verifier = world().Staff("heilongjiang", {"verifier"});
  const Organization organization = world().NewOrganization("shanghai");
  const FilingSpec spec{.item_id = item,
                        .home_zone = "shanghai",
                        .target_zones = {"heilongjiang"},
                        .applicant = organization};
  const Date filed_on = Today();
  const Calendar& calendar = NationalCalendar();
  const Date feast = calendar.Nth(filed_on, 10);
  const std::string year = FormatDate(feast).substr(0, 4);
  ASSERT_TRUE(HasStatus(
      world()
          .As(world().Staff("", {"system_admin"}))
          .Post(
              "/v1/calendars/heilongjiang:publish",
              fmt::format(
                  R"({{"year":{},"days":[{{"date":"{}","kind":"REST","name":"片区节日"}}],"note":"通知"}})",
                  year, FormatDate(feast))),
      200));
  ASSERT_TRUE(HasStatus(
      world().As(world().Member(organization, {"filer"})).Post("/v1/filings", spec.ToJson()), 201));
  world().Advance(FormatTime(EndOfDay(calendar.Nth(filed_on, 6)) - 12h));
  WaitUntil(10s, [&] {
    const auto inbox = world().As(verifier).Get("/v1/inbox");
    return inbox.at("items.0.remainingDays").number() == 15 &&
           inbox.at("items.0.dueOn").text() == FormatDate(calendar.Nth(filed_on, 21));
  });
}

TEST_F(MainJob, TheStreamTellsThePartiesAndNobodyElse) {
  const Scene scene = NewScene();
  const Organization stranger = world().NewOrganization("guangdong");
  const Person outsider = world().Member(stranger, {"filer"});
  EventStream zone(deployment().base_url(), world().As(scene.verifier).token());
  EventStream other(deployment().base_url(), world().As(outsider).token());
  ASSERT_EQ(zone.AwaitStatus(), 200) << zone.Raw();
  ASSERT_EQ(other.AwaitStatus(), 200) << other.Raw();

  const std::string id = Submit(scene).text("filingId");
  ASSERT_TRUE(zone.Await(id)) << zone.Raw();
  ASSERT_TRUE(HasStatus(Act(scene.verifier, id, "accept", "{}"), 200));
  ASSERT_TRUE(zone.Await("decision.accepted")) << zone.Raw();
  EXPECT_TRUE(other.Seen().empty());

  const auto seen = zone.Seen();
  const auto document = client::JsonDocument::Parse(seen.back().data);
  ASSERT_TRUE(document) << seen.back().data;
  EXPECT_EQ(document->root()["specversion"].text(), "1.0");
  EXPECT_EQ(document->root()["source"].text(), "/recognition");
  EXPECT_EQ(document->root()["type"].text(), "zonelink.recognition.decision.accepted");
  EXPECT_EQ(document->root()["state"].text(), "ACCEPTED");
  EXPECT_EQ(document->root()["id"].text(), seen.back().id);

  EventStream later(deployment().base_url(), world().As(scene.verifier).token(), seen.front().id);
  EXPECT_TRUE(later.Await("decision.accepted")) << later.Raw();
  for (const std::string& unknown :
       {seen.front().id, std::string("01920000-0000-7000-8000-000000000000"), std::string("x")}) {
    const auto refused =
        world().As(outsider).Get("/v1/events:stream", {{"Last-Event-ID", unknown}});
    EXPECT_TRUE(Refused(refused, 400, "LAST_EVENT_UNKNOWN"));
  }
}

TEST_F(MainJob, ASuspendedAgreementCoversNothing) {
  const Scene scene = NewScene();
  Scene other = scene;
  const std::string extra = world().Agree(scene.item, {"shanghai"}, {"hainan"}, "REVIEW");
  other.spec.target_zones = {"hainan"};
  EXPECT_TRUE(HasStatus(Submit(other), 201));
  ASSERT_TRUE(
      HasStatus(world()
                    .As(world().Administrator("hainan"))
                    .Post(fmt::format("/v1/agreements/{}:suspend", extra), R"({"reason":"核查"})"),
                200));
  EXPECT_TRUE(Refused(Submit(other), 409, "NOT_COVERED"));
}

TEST_F(MainJob, ADueDatePastTheLastPublishedYearIsProvisional) {
  // The first December of which the following year is not yet published.
  int year = 2026;
  const auto new_year = [](int y) {
    return std::chrono::sys_days(std::chrono::year(y) / std::chrono::January / 1);
  };
  while (!NationalCalendar().Provisional(new_year(year + 1))) ++year;
  const Date start = new_year(year + 1) - std::chrono::days(25);
  TearDownTestSuite();
  Deploy({.clock = EndOfDay(start) - 12h});
  const Scene scene = NewScene({.budget_days = 40});
  const Scene soon = NewScene({.budget_days = 2});
  for (const auto& [what, provisional] : {std::pair(&scene, true), std::pair(&soon, false)}) {
    const auto filing = Submit(*what);
    ASSERT_TRUE(HasStatus(filing, 201));
    const auto clock = DecisionOf(filing, "zhejiang")["clock"];
    EXPECT_EQ(clock["provisional"].truth(), provisional) << clock["dueOn"].text();
    const auto days =
        world().Nobody().Get(fmt::format("/v1/calendars/zhejiang:workingDays?from={}&days={}",
                                         FormatDate(start), clock["budgetDays"].number()));
    ASSERT_TRUE(HasStatus(days, 200));
    EXPECT_EQ(days.text("dueOn"), clock["dueOn"].text());
    EXPECT_EQ(days.at("provisional").truth(), provisional);
    const std::string id = filing.text("filingId");
    ASSERT_TRUE(InboxBecomes(what->verifier, id, {"accept"}));
    const auto inbox = world().As(what->verifier).Get("/v1/inbox");
    EXPECT_EQ(inbox.at("items.0.provisional").truth(), provisional);
    EXPECT_EQ(inbox.at("items.0.remainingDays").number(), clock["budgetDays"].number());
  }
}

// From the directory to recognition: named in one, acting in the other, shown under both names.
TEST_F(MainJob, ADeputyWhomTheDirectoryNamesActsAndLosersAreShownTheState) {
  const Scene scene = NewScene();
  const Person stand_in = world().Staff("zhejiang", {"reviewer"});
  const std::string id = Submit(scene).text("filingId");
  ASSERT_TRUE(Refused(Act(stand_in, id, "accept", "{}"), 403, "ROLE_NEEDED"));
  const Time until = *ParseTime(world().Now()) + std::chrono::hours(24);
  const Answer named =
      world()
          .As(scene.verifier)
          .Post("/v1/delegations", fmt::format(R"({{"deputyUserId":"{}","roles":["verifier"],)"
                                               R"("until":"{}","reason":"休假"}})",
                                               stand_in.user_id, FormatTime(until)));
  ASSERT_TRUE(HasStatus(named, 201));
  Answer accepted;
  EXPECT_TRUE(WaitUntil(30s, [&] {
    accepted = Act(stand_in, id, "accept", "{}");
    return accepted.ok();
  })) << accepted;
  EXPECT_TRUE(HasStatus(Act(stand_in, id, "declareInterest", R"({"conflict":false})"), 200));
  const Answer verified = Act(stand_in, id, "verify", R"({"opinion":"一致"})");
  ASSERT_TRUE(HasStatus(verified, 200));
  const Json finding = verified.json()["verifications"].items().at(0);
  EXPECT_EQ(finding["userId"].text(), stand_in.user_id);
  EXPECT_EQ(finding["onBehalfOf"].text(), scene.verifier.user_id);
  EXPECT_FALSE(finding["onBehalfOfName"].text().empty());
  const Answer twice = Act(stand_in, id, "grant", R"({"reason":"符合"})");
  EXPECT_TRUE(Refused(twice, 409, "VERIFIER_MAY_NOT_DECIDE"));
  EXPECT_EQ(twice.json()["current"]["state"].text(), "VERIFIED") << twice;
  EXPECT_EQ(twice.json()["current"]["etag"].text(), verified.text("etag")) << twice;
  EXPECT_TRUE(Refused(Act(scene.reviewer, id, "refuse",
                          R"({"article":"§20","facts":"f","reason":"r","code":"NO_SUCH"})"),
                      400, "REFUSAL_CODE_UNKNOWN"));
  const Answer refused =
      Act(scene.reviewer, id, "refuse",
          R"({"article":"§20","facts":"f","reason":"r","code":"CREDENTIAL_NOT_GENUINE"})");
  EXPECT_EQ(refused.json()["refusal"]["code"].text(), "CREDENTIAL_NOT_GENUINE") << refused;
  EXPECT_EQ(world().Nobody().Get("/v1/refusalReasons").json()["items"].items().size(), 9u);
}

// What anyone sees who opens the page with the number, while the life of the recognition goes on.
TEST_F(MainJob, ThePageOfARecognitionShowsHowItStands) {
  Scene scene = NewScene();
  scene.spec.item_id = world().NewItem();
  scene.spec.promise = true;
  world().Agree(scene.spec.item_id, {"shanghai"}, {"jiangsu"}, "NOTIFY");
  world().Agree(scene.spec.item_id, {"shanghai"}, {"zhejiang"}, "REVIEW");
  const auto filing = Submit(scene);
  ASSERT_TRUE(HasStatus(filing, 201));
  const std::string id = filing.text("filingId");
  ASSERT_TRUE(HasStatus(Act(scene.verifier, id, "accept", "{}"), 200));
  ASSERT_TRUE(HasStatus(Act(scene.verifier, id, "verify", kVerify), 200));
  const auto granted =
      Act(scene.reviewer, id, "grantConditional",
          fmt::format(R"({{"conditions":[{{"text":"补正","dueOn":"{}"}}],"reason":"附条件"}})",
                      FormatDate(Today() + std::chrono::days(1))));
  ASSERT_TRUE(HasStatus(granted, 200));
  const std::string promised = DecisionOf(filing, "jiangsu")["recognitionNumber"].text();
  const std::string conditional = granted.text("recognitionNumber");
  const auto page = [](const std::string& number, const std::string& language = "en") {
    return world().Nobody().Get(fmt::format("/verify/{}?lang={}", number, language));
  };
  const auto shows = [&](const std::string& number, std::string_view text) {
    return WaitUntil(10s, [&] { return page(number).body.find(text) != std::string::npos; });
  };
  for (const std::string& number : {promised, conditional}) {
    EXPECT_TRUE(shows(number, "is in the Merkle tree of")) << page(number).body;
    const auto shown = page(number);
    ASSERT_TRUE(HasStatus(shown, 200));
    EXPECT_THAT(shown.body, testing::HasSubstr("<strong>Valid</strong>"));
    EXPECT_EQ(shown.body.find(scene.organization.name), std::string::npos);
    EXPECT_EQ(shown.body.find(id), std::string::npos);
    EXPECT_THAT(page(number, "zh").body, testing::HasSubstr("<strong>有效</strong>"));
  }
  EXPECT_TRUE(HasStatus(page("R2026-UNKNOWN"), 404));

  const Person jiangsu = world().Staff("jiangsu", {"verifier"});
  ASSERT_TRUE(HasStatus(
      world().As(jiangsu).Post(fmt::format("/v1/filings/{}/decisions/jiangsu:checkPromise", id),
                               R"({"met":false,"findings":"不符"})"),
      200));
  world().Advance(FormatTime(EndOfDay(Today() + std::chrono::days(2))));
  EXPECT_TRUE(shows(conditional, "<strong>Suspended</strong>")) << page(conditional).body;
  EXPECT_THAT(page(promised).body, testing::HasSubstr("<strong>Valid</strong>"));
  world().Advance(FormatTime(EndOfDay(Today() + std::chrono::days(40))));
  EXPECT_TRUE(shows(promised, "<strong>Revoked</strong>")) << page(promised).body;
}

}  // namespace
}  // namespace zonelink::test
