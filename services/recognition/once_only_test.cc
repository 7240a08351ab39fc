// SPDX-License-Identifier: Apache-2.0
// Once only: what the applicant's vault holds is offered, taken, and not asked for.
#include <fmt/format.h>

#include "recognition/test_cases.h"
#include "recognition/vault_store.h"
#include "zonelink/events/v1/documents_events.pb.h"

namespace zonelink::recognition {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::Pair;

class OnceOnlyTest : public CaseTest {
 protected:
  // As documents' events would.
  template <class Body>
  void Hear(const std::string& type, const Body& body) {
    events::v1::Event event;
    event.set_type("zonelink.documents.document." + type);
    event.set_body(body.SerializeAsString());
    Must(
        t_.database.System("documents", [&](db::Tx& tx) { return vault_store::Apply(tx, event); }));
  }
  // Its hash is the letter, 64 times.
  void Store(const Call& owner, char letter, const std::string& kind,
             const std::string& valid_until = "") {
    events::v1::DocumentStored stored;
    stored.set_document_id(owner.caller.organization_id + letter);
    stored.set_organization_id(owner.caller.organization_id);
    stored.set_sha256(std::string(64, letter));
    stored.set_title(fmt::format("{}.pdf", kind));
    stored.set_kind(kind);
    stored.set_media_type("application/pdf");
    stored.set_size_bytes(1000);
    stored.set_valid_until(valid_until);
    Hear("stored", stored);
    Hear("stored", stored);  // delivered again
  }
  void Discard(const Call& owner, char letter) {
    events::v1::DocumentDiscarded discarded;
    discarded.set_document_id(owner.caller.organization_id + letter);
    discarded.set_organization_id(owner.caller.organization_id);
    Hear("discarded", discarded);
  }
  pb::PrecheckFilingResponse Precheck(const Call& by, const std::string& item) {
    pb::PrecheckFilingRequest request;
    request.set_item_id(item);
    request.set_home_zone("shanghai");
    request.add_target_zones("zhejiang");
    return Must(t_.service.PrecheckFiling(by, request));
  }
  int64_t Sees(const Call& by) {
    const std::string text =
        fmt::format("SELECT count(*) AS count FROM vault_documents WHERE organization_id = '{}'",
                    filer_.caller.organization_id);
    const std::string name = "once." + filer_.caller.organization_id;
    const db::Sql sql{name.c_str(), text.c_str()};
    return Must(t_.database.Query(
        by, [&](db::Tx& tx) -> Result<int64_t> { return tx.Exec(sql)[0].Int("count"); }));
  }
  Result<pb::Filing> Take(const std::string& id, const Call& by, char letter) {
    auto request = On<pb::TakeVaultDocumentRequest>(id);
    request.set_sha256(std::string(64, letter));
    return t_.service.TakeVaultDocument(by, request);
  }
  // A case of zhejiang and jiangsu for which the packing list is promised.
  std::string Deferring(const std::string& promised_on) {
    return FileFor(
        {"zhejiang", "jiangsu"}, pb::MODE_REVIEW,
        [](pb::Item& item) { item.add_deferrable_documents("packing-list"); },
        [&](pb::SubmitFilingRequest& request) {
          request.add_deferred_documents()->set_kind("packing-list");
          request.mutable_deferred_documents(0)->set_promised_on(promised_on);
        });
  }
  // How many rows the last of these statements changed; nothing of it stays.
  std::string Write(const Call& by, const std::vector<std::string>& statements) {
    int64_t rows = 0;
    const auto done = t_.database.Command<pb::Filing>(
        by, pb::GetFilingRequest(), [&](db::Tx& tx) -> Result<pb::Filing> {
          for (const std::string& text : statements) {
            static int names = 0;
            const std::string name = fmt::format("once.write.{}", ++names);
            const db::Sql sql{name.c_str(), text.c_str()};
            rows = static_cast<int64_t>(tx.Exec(sql).affected());
          }
          return FailedPrecondition("UNDONE", "only tried");
        });
    return done.error().reason == "UNDONE" ? fmt::format("{} rows", rows) : "refused";
  }
};

TEST_F(OnceOnlyTest, PrecheckOffersWhatTheVaultHolds) {
  const std::string item = t_.NewItem();
  t_.Agree(item, "zhejiang", pb::MODE_REVIEW);
  EXPECT_THAT(Precheck(filer_, item).missing_documents(), ElementsAre("invoice", "packing-list"));
  Store(filer_, 'b', "invoice", "2026-12-31");
  Store(filer_, 'c', "packing-list", "2026-03-01");
  const auto offered = Precheck(filer_, item);
  EXPECT_THAT(offered.missing_documents(), ElementsAre("packing-list")) << "it has expired";
  ASSERT_EQ(offered.offered_documents_size(), 1);
  EXPECT_EQ(offered.offered_documents(0).kind(), "invoice");
  EXPECT_EQ(offered.offered_documents(0).sha256(), std::string(64, 'b'));
  EXPECT_EQ(offered.offered_documents(0).valid_until(), "2026-12-31");
  EXPECT_THAT(Precheck(t_.Filer("org-stranger"), item).offered_documents(), IsEmpty());
  Discard(filer_, 'b');
  EXPECT_THAT(Precheck(filer_, item).offered_documents(), IsEmpty());
}

TEST_F(OnceOnlyTest, ASubmissionTakesWhatIsMissingFromTheVault) {
  const std::string item = t_.NewItem();
  t_.Agree(item, "zhejiang", pb::MODE_REVIEW);
  Store(filer_, 'b', "invoice");
  Store(filer_, 'c', "packing-list");
  Store(filer_, 'd', "map");  // not asked for: it stays where it is
  const auto kinds = [](const pb::Filing& filing) {
    std::vector<std::string> out;
    for (const pb::Document& document : filing.documents()) {
      out.push_back(document.kind() + document.sha256().substr(0, 1));
    }
    return out;
  };
  pb::SubmitFilingRequest request = t_.Submission(filer_, item, {"zhejiang"});
  EXPECT_THAT(kinds(Must(t_.Submit(filer_, request))), ElementsAre("invoicea")) << "not by itself";
  request = t_.Submission(filer_, item, {"zhejiang"});
  request.set_use_vault(true);
  const pb::Filing filed = Must(t_.Submit(filer_, request));
  EXPECT_THAT(kinds(filed), ElementsAre("invoicea", "packing-listc"));
  EXPECT_THAT(kinds(Must(Get(filed.filing_id(), filer_))),
              ElementsAre("invoicea", "packing-listc"));
}

TEST_F(OnceOnlyTest, R10_WhatTheVaultHoldsIsNotAskedFor) {
  const std::string id = File();
  Store(filer_, 'c', "packing-list");
  EXPECT_EQ(StateOf(Ask(id, t_.Officer("shanghai", "verifier"), {"packing-list"})),
            "NOT_DECIDING_ZONE")
      << "who may not ask learns nothing of the vault";
  const auto refused = Ask(id, verifier_, {"packing-list"});
  EXPECT_EQ(StateOf(refused), "DOCUMENT_IN_VAULT");
  EXPECT_THAT(refused.error().metadata, Contains(Pair("sha256", std::string(64, 'c'))));
  EXPECT_THAT(refused.error().metadata, Contains(Pair("kind", "packing-list")));
  EXPECT_EQ(StateOf(Ask(id, verifier_, {"packing-list"}, "unreadable")), "DOCUMENT_IN_VAULT")
      << "a supervisor's to say";
  EXPECT_EQ(State(id), "PENDING");
  Call supervisor = head_;
  supervisor.caller.roles = {"zone_admin", "verifier"};
  EXPECT_EQ(StateOf(Ask(id, supervisor, {"packing-list"}, "unreadable")), "SUPPLEMENTING");
  const std::string other = File();
  EXPECT_EQ(StateOf(Ask(other, verifier_, {"map"})), "SUPPLEMENTING");
  const std::string third = File();
  Discard(filer_, 'c');
  EXPECT_EQ(StateOf(Ask(third, verifier_, {"packing-list"})), "SUPPLEMENTING");
}

TEST_F(OnceOnlyTest, AnOfficerTakesThePaperIntoTheFile) {
  const std::string id = File();
  Store(filer_, 'c', "packing-list");
  Store(filer_, 'd', "map", "2026-03-01");
  EXPECT_EQ(ReasonOf(Take(id, home_, 'c')), "NOT_DECIDING_ZONE");
  EXPECT_EQ(ReasonOf(Take(id, t_.Officer("hunan", "verifier"), 'c')), "FILING_NOT_FOUND");
  EXPECT_EQ(ReasonOf(Take(id, verifier_, 'e')), "DOCUMENT_NOT_FOUND");
  EXPECT_EQ(ReasonOf(Take(id, verifier_, 'd')), "DOCUMENT_NOT_FOUND") << "it has expired";
  EXPECT_EQ(ReasonOf(Take(id, verifier_, 'a')), "DOCUMENT_TAKEN");
  const pb::Filing taken = Must(Take(id, verifier_, 'c'));
  ASSERT_EQ(taken.documents_size(), 2);
  EXPECT_EQ(taken.documents(1).kind(), "packing-list");
  EXPECT_EQ(Must(Get(id, filer_)).documents_size(), 2);
  EXPECT_EQ(ReasonOf(Take(id, verifier_, 'c')), "DOCUMENT_TAKEN");
  EXPECT_EQ(StateOf(Ask(id, verifier_, {"packing-list"})), "DOCUMENT_IN_FILE");
  const pb::FilingTimeline timeline = Timeline(id, filer_);
  EXPECT_EQ(timeline.items(1).type(), "zonelink.recognition.filing.document_taken");
  EXPECT_EQ(timeline.items(1).actor_user_id(), verifier_.caller.user_id);
  EXPECT_EQ(timeline.items(1).reason(), "packing-list.pdf");
  EXPECT_EQ(StateOf(Accept(id, verifier_)), "ACCEPTED") << "the case goes on";
}

TEST_F(OnceOnlyTest, APaperThatIsNotAskedForStaysInTheVault) {
  std::string item;
  const std::string id = File([&](pb::Item& shape) { item = shape.item_id(); });
  Store(filer_, 'd', "map");
  Store(filer_, 'e', "");
  EXPECT_EQ(ReasonOf(Take(id, verifier_, 'd')), "DOCUMENT_NOT_ASKED");
  EXPECT_EQ(ReasonOf(Take(id, verifier_, 'e')), "DOCUMENT_NOT_ASKED");
  pb::GetItemRequest get;
  get.set_item_id(item);
  pb::ReviseItemRequest revise;
  revise.set_item_id(item);
  *revise.mutable_item() = Must(t_.service.GetItem(filer_, get));
  revise.mutable_item()->add_required_documents("map");
  Must(t_.catalogue.ReviseItem(t_.Secretariat(), revise));
  EXPECT_EQ(ReasonOf(Take(id, verifier_, 'd')), "DOCUMENT_NOT_ASKED") << "its version does not";
  EXPECT_EQ(Must(Get(id, filer_)).documents_size(), 1);
  Call supervisor = head_;
  supervisor.caller.roles = {"zone_admin", "verifier"};
  ASSERT_EQ(StateOf(Ask(id, supervisor, {"map"}, "the place is in doubt")), "SUPPLEMENTING");
  EXPECT_EQ(Must(Take(id, verifier_, 'd')).documents(1).kind(), "map");
}

// Of what nobody could take nothing is told: it is asked for.
TEST_F(OnceOnlyTest, R10_ANoticeDoesNotProbeTheVault) {
  const std::string id = File();
  Store(filer_, 'd', "bank-statement");
  EXPECT_EQ(StateOf(Ask(id, verifier_, {"bank-statement"})), "SUPPLEMENTING");
  const std::string other = File();
  Store(filer_, 'c', "packing-list");
  const auto refused = Ask(other, verifier_, {"bank-statement", "packing-list"});
  EXPECT_EQ(StateOf(refused), "DOCUMENT_IN_VAULT");
  EXPECT_THAT(refused.error().metadata, Contains(Pair("kind", "packing-list")));
  EXPECT_EQ(ReasonOf(Take(other, verifier_, 'c')), "") << "what is refused can be taken";
}

TEST_F(OnceOnlyTest, R05_RefilingReplacesWhatRanOutFromTheVault) {
  const std::string item = t_.NewItem();
  t_.Agree(item, "zhejiang", pb::MODE_REVIEW);
  pb::SubmitFilingRequest request = t_.Submission(filer_, item, {"zhejiang"});
  request.add_documents()->CopyFrom(request.documents(0));
  request.mutable_documents(1)->set_kind("packing-list");
  request.mutable_documents(1)->set_sha256(std::string(64, 'b'));
  request.mutable_documents(1)->set_valid_until("2026-03-03");
  const std::string former = Must(t_.Submit(filer_, request)).filing_id();
  Must(Withdraw(former));
  Store(filer_, 'c', "packing-list");
  const auto refile = [&] {
    pb::SubmitFilingRequest again = t_.Submission(filer_, item, {"zhejiang"});
    again.clear_documents();
    again.set_refile_of(former);
    again.set_use_vault(true);
    const pb::Filing filed = Must(t_.Submit(filer_, again));
    EXPECT_EQ(filed.documents_size(), 2);
    return filed.documents(1).sha256().substr(0, 1);
  };
  EXPECT_EQ(refile(), "b") << "on its last day";
  t_.Advance("2026-03-04T01:00:00Z");
  EXPECT_EQ(refile(), "c");
}

TEST_F(OnceOnlyTest, R13_APaperTakenFromTheVaultIsHandedIn) {
  const std::string id = Deferring("2026-03-05");
  Store(filer_, 'c', "packing-list");
  EXPECT_EQ(StateOf(Ask(id, verifier_, {"packing-list"})), "DOCUMENT_IN_VAULT");
  const pb::Filing taken = Must(Take(id, verifier_, 'c'));
  EXPECT_TRUE(taken.deferred_documents(0).has_handed_in_at());
  EXPECT_TRUE(Must(Get(id, filer_)).deferred_documents(0).has_handed_in_at());
  Must(Accept(id, verifier_));
  Must(Verify(id, verifier_));
  t_.Advance(EndOf("2026-03-05"));
  EXPECT_EQ(State(id), "VERIFIED");
  EXPECT_EQ(NameOf(Read(id, "jiangsu")), "PENDING") << "for that zone too";
  EXPECT_THAT(Rungs(id), IsEmpty());
  EXPECT_EQ(StateOf(Grant(id, reviewer_)), "GRANTED");
}

TEST_F(OnceOnlyTest, R13_APaperTakenLateLetsEveryZoneGoOn) {
  const std::string id = Deferring("2026-03-05");
  Must(Accept(id, verifier_));
  t_.Advance("2026-03-11T01:00:00Z");
  ASSERT_EQ(State(id), "SUSPENDED");
  ASSERT_EQ(NameOf(Read(id, "jiangsu")), "SUSPENDED");
  Store(filer_, 'c', "packing-list");
  Must(Take(id, verifier_, 'c'));
  EXPECT_EQ(State(id), "ACCEPTED");
  const pb::Decision there = Read(id, "jiangsu");
  EXPECT_EQ(NameOf(there), "PENDING");
  for (const pb::Decision& decision : {Read(id), there}) {
    EXPECT_EQ(decision.clock().used_days(), 2) << "it stood from the promised day on";
    EXPECT_TRUE(decision.clock().running());
    ASSERT_EQ(decision.excluded_times_size(), 1);
    EXPECT_EQ(TextOf(decision.excluded_times(0).until()).substr(0, 10), "2026-03-11");
  }
  EXPECT_EQ(t_.scratch.AdminText("SELECT count(*) FROM recognition.clocks WHERE case_id = '" + id +
                                 "' AND kind LIKE 'PAPER%' AND stopped_at IS NULL"),
            "0")
      << "nobody is reminded of it";
  const pb::FilingTimeline timeline = Timeline(id, filer_);
  EXPECT_EQ(timeline.items(timeline.items_size() - 1).type(),
            "zonelink.recognition.filing.document_taken");
  auto accept = On<pb::AcceptDecisionRequest>(id, "jiangsu");
  Must(t_.service.AcceptDecision(t_.Officer("jiangsu", "verifier"), accept));
  t_.Advance(EndOf("2026-04-10"));
  EXPECT_THAT(Rungs(id), testing::Not(Contains("PAPER_WINDOW_MISSED paper_window_missed")));
  EXPECT_EQ(Must(Get(id, filer_)).state(), pb::FILING_STATE_IN_REVIEW);
}

// All that a zone changes of another's decision and clocks, and only once the paper is in.
TEST_F(OnceOnlyTest, TheDatabaseLetsAnotherZoneGoOnOnlyWithThePaper) {
  const std::string id = Deferring("2026-03-05");
  t_.Advance("2026-03-11T01:00:00Z");
  Store(filer_, 'c', "packing-list");
  const auto of = [&](const char* column, const char* more) {
    return fmt::format(" WHERE {} = '{}'{}", column, id, more);
  };
  const std::string take = fmt::format(
      "INSERT INTO documents (filing_id, position, organization_id, title, sha256, media_type, "
      "size_bytes, kind, added_at) VALUES ('{}', 90, '{}', 't', '{}', 'm', 1, 'packing-list', "
      "now())",
      id, filer_.caller.organization_id, std::string(64, 'c'));
  const std::string hand_in =
      "UPDATE deferred_papers SET handed_in_at = '2026-03-11T01:00:00Z'" + of("filing_id", "");
  const std::string theirs = of("filing_id", " AND zone = 'jiangsu'");
  const std::string go_on = "UPDATE decisions SET state = resume_to, resume_to = NULL, version = 9";
  const std::string clock = of("case_id", " AND name = 'jiangsu/decision'");
  const std::string window = of("case_id", " AND name = 'jiangsu/paper-window/1'");
  const std::string stop =
      "UPDATE clocks SET stopped_at = '2026-03-11T01:00:00Z', next_at = NULL, "
      "next_rung = NULL, due_at = NULL";
  const std::string told = "UPDATE clocks SET calendar_revision = 0";
  const std::string end = "UPDATE clock_suspensions SET until_at = '2026-03-11T01:00:00Z'" + clock;
  struct Row {
    const Call& by;
    std::vector<std::string> statements;
    const char* outcome;
  };
  const std::vector<Row> rows = {
      {verifier_, {hand_in}, "0 rows"},  // the file holds none
      {home_, {hand_in}, "0 rows"},
      {verifier_, {go_on + theirs}, "refused"},
      {verifier_, {told + clock}, "0 rows"},
      {verifier_, {stop + window}, "0 rows"},
      {verifier_, {end}, "0 rows"},
      {verifier_, {take, hand_in}, "1 rows"},
      {verifier_, {take, hand_in, hand_in}, "0 rows"},  // once
      {verifier_, {take, hand_in, go_on + theirs}, "1 rows"},
      {verifier_, {take, hand_in, go_on + ", reason = 'r'" + theirs}, "refused"},
      {verifier_, {take, hand_in, "UPDATE decisions SET reminders = 1" + theirs}, "refused"},
      {verifier_,
       {take, hand_in, "UPDATE decisions SET state = 'VERIFIED', resume_to = NULL" + theirs},
       "refused"},
      {verifier_, {take, hand_in, told + clock}, "1 rows"},
      {verifier_, {take, hand_in, stop + clock}, "refused"},
      {verifier_, {take, hand_in, "UPDATE clocks SET budget = 99" + clock}, "refused"},
      {verifier_, {take, hand_in, end}, "1 rows"},
      {verifier_, {take, hand_in, stop + window}, "0 rows"},  // it still waits
      {verifier_, {take, hand_in, go_on + theirs, stop + window}, "1 rows"},
      {verifier_, {take, hand_in, go_on + theirs, go_on + theirs}, "0 rows"},
  };
  int place = 0;
  for (const Row& row : rows) EXPECT_EQ(Write(row.by, row.statements), row.outcome) << ++place;
  Must(Take(id, verifier_, 'c'));
  EXPECT_EQ(
      Write(verifier_, {"UPDATE deferred_papers SET handed_in_at = NULL" + of("filing_id", "")}),
      "0 rows");
  EXPECT_EQ(Write(verifier_, {"UPDATE decisions SET state = 'WITHDRAWN'" + theirs}), "0 rows");
}

TEST_F(OnceOnlyTest, TheDatabaseHandsInForZonesThatStillDecideAndWhileNothingElseIsOverdue) {
  const auto put = [&](const std::string& id) {
    t_.scratch.Admin(fmt::format(
        "INSERT INTO recognition.documents (filing_id, position, organization_id, title, sha256, "
        "media_type, size_bytes, kind, added_at) "
        "VALUES ('{}', 90, '{}', 't', '{}', 'm', 1, 'packing-list', now())",
        id, filer_.caller.organization_id, std::string(64, 'c')));
  };
  const auto hand_in = [](const std::string& id) {
    return fmt::format(
        "UPDATE deferred_papers SET handed_in_at = '2026-03-11T01:00:00Z' "
        "WHERE filing_id = '{}' AND kind = 'packing-list'",
        id);
  };
  const std::string over = Deferring("2026-03-05");
  auto end = On<pb::DeclareNotRequiredRequest>(over, "jiangsu");
  end.set_reason("no recognition is needed");
  const Call neighbour = t_.Officer("jiangsu", "verifier");
  Must(t_.decisions.DeclareNotRequired(neighbour, end));
  put(over);
  for (const Call& by : {neighbour, home_, t_.Officer("hunan", "verifier"), t_.Secretariat()}) {
    EXPECT_EQ(Write(by, {hand_in(over)}), "0 rows") << by.caller.name;
  }
  EXPECT_EQ(Write(verifier_, {hand_in(over)}), "1 rows");

  const std::string two = FileFor(
      {"zhejiang", "jiangsu"}, pb::MODE_REVIEW,
      [](pb::Item& item) {
        item.add_required_documents("map");
        for (const char* kind : {"packing-list", "map"}) item.add_deferrable_documents(kind);
      },
      [](pb::SubmitFilingRequest& request) {
        for (const char* kind : {"packing-list", "map"}) {
          request.add_deferred_documents()->set_kind(kind);
        }
        request.mutable_deferred_documents(0)->set_promised_on("2026-03-05");
        request.mutable_deferred_documents(1)->set_promised_on("2026-03-06");
      });
  put(two);
  t_.Advance("2026-03-11T01:00:00Z");
  ASSERT_EQ(NameOf(Read(two, "jiangsu")), "SUSPENDED");
  const std::string go_on = fmt::format(
      "UPDATE decisions SET state = resume_to, resume_to = NULL "
      "WHERE filing_id = '{}' AND zone = 'jiangsu'",
      two);
  EXPECT_EQ(Write(verifier_, {hand_in(two), go_on}), "refused") << "the map is overdue";
  t_.scratch.Admin(
      "UPDATE recognition.deferred_papers SET handed_in_at = '2026-03-10T01:00:00Z' "
      "WHERE filing_id = '" +
      two + "' AND kind = 'map'");
  EXPECT_EQ(Write(verifier_, {hand_in(two), go_on}), "1 rows");
}

TEST_F(OnceOnlyTest, OnlyTheOwnerAndZonesThatDecideKnowOfAVault) {
  Store(filer_, 'b', "invoice");
  EXPECT_EQ(Sees(filer_), 1);
  EXPECT_EQ(Sees(t_.Auditor()), 1);
  EXPECT_EQ(Sees(verifier_), 0) << "no case yet";
  const std::string id = File();
  EXPECT_EQ(Sees(verifier_), 1);
  for (const Call& by :
       {t_.Filer("org-stranger"), home_, t_.Officer("hunan", "verifier"), t_.Secretariat()}) {
    EXPECT_EQ(Sees(by), 0) << by.caller.name;
  }
  Must(Withdraw(id));
  EXPECT_EQ(Sees(verifier_), 0) << "the case is over";
}

// What is taken into a file by an officer is what the vault holds, and nothing else.
TEST_F(OnceOnlyTest, TheDatabaseTakesNothingElseIntoAFile) {
  const std::string id = File();
  Store(filer_, 'c', "packing-list");
  int statements = 0;
  const auto write = [&](const Call& by, char letter, const char* kind) {
    const std::string text = fmt::format(
        "INSERT INTO documents (filing_id, position, organization_id, title, sha256, media_type, "
        "size_bytes, kind, added_at) VALUES ('{}', {}, '{}', 't', '{}', 'm', 1, '{}', now())",
        id, 90 + statements, filer_.caller.organization_id, std::string(64, letter), kind);
    const std::string name = fmt::format("once.take.{}.{}", id, ++statements);
    const db::Sql sql{name.c_str(), text.c_str()};
    return t_.database
        .Command<pb::Filing>(by, pb::GetFilingRequest(),
                             [&](db::Tx& tx) -> Result<pb::Filing> {
                               tx.Exec(sql);
                               return pb::Filing();
                             })
        .has_value();
  };
  EXPECT_FALSE(write(verifier_, 'f', "packing-list"));
  EXPECT_FALSE(write(verifier_, 'c', "invoice"));
  EXPECT_FALSE(write(home_, 'c', "packing-list"));
  EXPECT_TRUE(write(verifier_, 'c', "packing-list"));
}

}  // namespace
}  // namespace zonelink::recognition
