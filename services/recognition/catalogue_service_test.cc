// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <barrier>
#include <thread>

#include "recognition/test_recognition.h"

namespace zonelink::recognition {
namespace {

// `why` of a refused predicate, else the reason.
template <class T>
std::string WhyOf(const Result<T>& result) {
  if (result) return "";
  for (const auto& [name, value] : result.error().metadata) {
    if (name == "why") return result.error().reason + " " + value;
  }
  return result.error().reason;
}

class CatalogueServiceTest : public testing::Test {
 protected:
  CatalogueServiceTest()
      : filer_(t_.Filer(std::string("org-") +
                        testing::UnitTest::GetInstance()->current_test_info()->name())) {}

  pb::Item Item(const std::string& item_id, int version = 0) {
    pb::GetItemRequest request;
    request.set_item_id(item_id);
    request.set_version(version);
    return Must(t_.service.GetItem(t_.Nobody(), request));
  }
  Result<pb::Item> Revise(const pb::Item& item) {
    pb::ReviseItemRequest request;
    request.set_item_id(item.item_id());
    *request.mutable_item() = item;
    return t_.catalogue.ReviseItem(t_.Secretariat(), request);
  }
  // An item with the attributes of transferred projects, recognised by jiangsu in this mode.
  std::string Transfer(pb::Mode mode = pb::MODE_AUTOMATIC, const std::string& condition = "") {
    pb::Item item = Item(t_.NewItem());
    item.clear_attributes();
    const auto add = [&](const char* name, pb::AttributeType type) {
      auto* attribute = item.add_attributes();
      attribute->set_name(name);
      attribute->set_type(type);
    };
    add("category", pb::ATTRIBUTE_TYPE_STRING);
    add("investment", pb::ATTRIBUTE_TYPE_DECIMAL);
    add("energy", pb::ATTRIBUTE_TYPE_DECIMAL);
    add("listed", pb::ATTRIBUTE_TYPE_BOOLEAN);
    // With a schema, only what it requires must be given.
    auto& required = (*item.mutable_attributes_schema()->mutable_fields())["required"];
    required.mutable_list_value()->add_values()->set_string_value("category");
    Must(Revise(item));
    Agree(item.item_id(), mode, condition);
    return item.item_id();
  }
  pb::CreateAgreementRequest Draft(const std::string& item_id, pb::Mode mode,
                                   const std::string& condition) {
    pb::CreateAgreementRequest request;
    request.set_item_id(item_id);
    request.add_home_zones("shanghai");
    request.add_target_zones("jiangsu");
    request.set_mode(mode);
    request.set_valid_from("2026-01-01");
    request.set_valid_until("2026-12-31");
    request.set_condition(condition);
    return request;
  }
  std::string Agree(const std::string& item_id, pb::Mode mode, const std::string& condition) {
    const std::string id =
        Must(t_.service.CreateAgreement(admin_, Draft(item_id, mode, condition))).agreement_id();
    Must(Sign(id, "shanghai"));
    Must(Sign(id, "jiangsu"));
    return id;
  }
  Result<pb::Agreement> Sign(const std::string& id, const std::string& zone) {
    pb::SignAgreementRequest request;
    request.set_agreement_id(id);
    return t_.service.SignAgreement(t_.Officer(zone, "zone_admin"), request);
  }
  pb::AmendAgreementRequest Amendment(const std::string& id, pb::Mode mode) {
    pb::AmendAgreementRequest request;
    request.set_agreement_id(id);
    request.add_home_zones("shanghai");
    request.add_target_zones("jiangsu");
    request.set_mode(mode);
    request.set_valid_until("2026-12-31");
    return request;
  }
  pb::Agreement Agreement(const std::string& id) {
    pb::GetAgreementRequest request;
    request.set_agreement_id(id);
    return Must(t_.service.GetAgreement(admin_, request));
  }

  static pb::CreateNegativeListEntryRequest Entry(const std::string& list,
                                                  const std::string& item_id,
                                                  const std::string& predicate) {
    pb::CreateNegativeListEntryRequest request;
    request.set_list(list);
    pb::NegativeListEntry* entry = request.mutable_entry();
    entry->set_entry_id("E-" + item_id);
    entry->set_item_id(item_id);
    entry->set_name_zh("示例条目");
    entry->set_name_en("Sample entry");
    entry->set_predicate(predicate);
    entry->set_article("节约能源法 §17");
    entry->set_source_status(pb::SOURCE_STATUS_STATUTE);
    entry->set_effective_from("2026-01-01");
    return request;
  }
  Result<pb::NegativeListEntry> Publish(const pb::CreateNegativeListEntryRequest& request) {
    const bool common = request.list() == "common";
    return t_.catalogue.CreateNegativeListEntry(
        common ? t_.Secretariat() : t_.Officer(request.list(), "zone_admin"), request);
  }
  Result<pb::NegativeListEntry> Retire(const std::string& list, const std::string& entry_id) {
    pb::RetireNegativeListEntryRequest request;
    request.set_list(list);
    request.set_entry_id(entry_id);
    request.set_reason("repealed");
    return t_.catalogue.RetireNegativeListEntry(
        list == "common" ? t_.Secretariat() : t_.Officer(list, "zone_admin"), request);
  }
  using Fields = std::map<std::string, std::string>;  // "true" and "false" are no text
  static google::protobuf::Struct Attributes(const Fields& fields) {
    google::protobuf::Struct attributes;
    for (const auto& [name, value] : fields) {
      auto& field = (*attributes.mutable_fields())[name];
      if (value == "true" || value == "false") {
        field.set_bool_value(value == "true");
      } else {
        field.set_string_value(value);
      }
    }
    return attributes;
  }
  Result<pb::Filing> File(const std::string& item_id, const Fields& fields) {
    pb::SubmitFilingRequest request = t_.Submission(filer_, item_id, {"jiangsu"});
    *request.mutable_attributes() = Attributes(fields);
    return t_.Submit(filer_, request);
  }
  pb::CountNegativeListHitsResponse Hits(const std::string& list, const Call& by) {
    pb::CountNegativeListHitsRequest request;
    request.set_list(list);
    request.set_from("2026-01-01");
    request.set_until("2026-12-31");
    return Must(t_.catalogue.CountNegativeListHits(by, request));
  }

  TestRecognition& t_ = SharedRecognition();
  const Call filer_;
  const Call admin_ = t_.Officer("shanghai", "zone_admin");
};

TEST_F(CatalogueServiceTest, FilingsKeepTheVersionOfTheirItem) {
  const std::string id = t_.NewItem();
  t_.Agree(id, "zhejiang", pb::MODE_REVIEW);
  const pb::Filing first = Must(t_.Submit(filer_, t_.Submission(filer_, id, {"zhejiang"})));
  pb::Item item = Item(id);
  EXPECT_EQ(item.supplement_window_days(), 15);
  EXPECT_EQ(item.promise_version(), 1);
  EXPECT_FALSE(item.promise_text_zh().empty());
  item.set_budget_working_days(7);
  item.set_query_days(5);
  item.add_deferrable_documents("packing-list");
  const pb::Item second = Must(Revise(item));
  EXPECT_EQ(second.version(), 2);
  EXPECT_EQ(ReasonOf(Revise(item)), "ETAG_MISMATCH");
  EXPECT_EQ(Item(id).SerializeAsString(), second.SerializeAsString());
  EXPECT_EQ(Item(id, 1).budget_working_days(), 20);
  const pb::Filing later = Must(t_.Submit(filer_, t_.Submission(filer_, id, {"zhejiang"})));
  EXPECT_EQ(later.item_version(), 2);
  EXPECT_EQ(later.decisions(0).clock().budget_days(), 7);
  pb::GetFilingRequest get;
  get.set_filing_id(first.filing_id());
  const pb::Filing read = Must(t_.service.GetFiling(filer_, get));
  EXPECT_EQ(read.item_version(), 1);
  EXPECT_EQ(read.decisions(0).clock().budget_days(), 20);

  pb::ListItemVersionsRequest list;
  list.set_item_id(id);
  list.set_page_size(1);
  const auto page = Must(t_.catalogue.ListItemVersions(t_.Nobody(), list));
  EXPECT_EQ(page.items(0).version(), 2);
  list.set_page_token(page.next_page_token());
  const auto rest = Must(t_.catalogue.ListItemVersions(t_.Nobody(), list));
  EXPECT_EQ(rest.items(0).version(), 1);
  EXPECT_TRUE(rest.next_page_token().empty());
  pb::GetItemRequest unknown;
  unknown.set_item_id(id);
  unknown.set_version(3);
  EXPECT_EQ(ReasonOf(t_.service.GetItem(t_.Nobody(), unknown)), "ITEM_NOT_FOUND");
  EXPECT_EQ(t_.scratch.AdminText("SELECT count(*) FROM recognition.events WHERE subject = 'items/" +
                                 id + "'"),
            "2");
}

TEST_F(CatalogueServiceTest, VersionsPublishedAtTheSameTimeFollowEachOther) {
  const std::string id = t_.NewItem();
  pb::Item item = Item(id);
  item.clear_etag();
  std::barrier start(4);
  std::vector<std::thread> secretaries;
  for (int i = 0; i < 4; ++i) {
    secretaries.emplace_back([&] {
      start.arrive_and_wait();
      EXPECT_TRUE(Revise(item));
    });
  }
  for (auto& secretary : secretaries) secretary.join();
  EXPECT_EQ(Item(id).version(), 5);
}

TEST_F(CatalogueServiceTest, SchemasAreCheckedWhenPublishedAndWhenFiled) {
  const std::string id = t_.NewItem();
  t_.Agree(id, "jiangsu", pb::MODE_AUTOMATIC);
  pb::Item item = Item(id);
  auto& fields = *item.mutable_attributes_schema()->mutable_fields();
  fields["$ref"].set_string_value("https://example.org/schema.json");
  EXPECT_EQ(ReasonOf(Revise(item)), "ITEM_SCHEMA_INVALID");
  fields.erase("$ref");
  auto& properties = *fields["properties"].mutable_struct_value()->mutable_fields();
  (*properties["hsCode"].mutable_struct_value()->mutable_fields())["pattern"].set_string_value(
      "^[0-9]{6}$");
  Must(Revise(item));
  pb::SubmitFilingRequest request = t_.Submission(filer_, id, {"jiangsu"});
  EXPECT_TRUE(t_.Submit(filer_, request));
  (*request.mutable_attributes()->mutable_fields())["hsCode"].set_string_value("85");
  const auto refused = t_.Submit(filer_, request);
  ASSERT_EQ(ReasonOf(refused), "ATTRIBUTES_INVALID");
  ASSERT_EQ(refused.error().violations.size(), 1u);
  EXPECT_EQ(refused.error().violations[0].field, "attributes.hsCode");
  EXPECT_EQ(refused.error().violations[0].reason, "SCHEMA_VIOLATED");
}

TEST_F(CatalogueServiceTest, PredicatesAreTriedWhenStored) {
  const std::string id = Transfer();
  struct Case {
    const char* predicate;
    const char* why;
  };
  const Case cases[] = {
      {"strict $.category == \"chemical\"", ""},
      {"strict $.energy.double() / ($.investment.double() / 10000) > 0.5", ""},
      {"$.category == \"chemical\"", "CONDITION_INVALID NOT_STRICT"},
      {"lax $.category == \"chemical\"", "CONDITION_INVALID NOT_STRICT"},
      {"strict $.category == ", "CONDITION_INVALID SYNTAX"},
      {"strict $.category like_regex \"^c\"", "CONDITION_INVALID NOT_ALLOWED"},
      {"strict $.river == \"yangtze\"", "CONDITION_INVALID UNKNOWN_ATTRIBUTE"},
      {"strict $.category", "CONDITION_INVALID NO_ANSWER"},
      {"strict $.energy > 1", "CONDITION_INVALID NO_ANSWER"},  // a decimal is text
  };
  for (const Case& c : cases) {
    SCOPED_TRACE(c.predicate);
    EXPECT_EQ(WhyOf(Publish(Entry("jiangsu", id, c.predicate))), c.why);
    EXPECT_EQ(WhyOf(t_.service.CreateAgreement(admin_, Draft(id, pb::MODE_REVIEW, c.predicate))),
              c.why);
  }
}

TEST_F(CatalogueServiceTest, HitsAndWhatCannotBeToldGoToAPerson) {
  const std::string id = Transfer();
  const std::string common =
      Must(Publish(Entry("common", id, "strict $.category == \"tailings\" && $.listed == true")))
          .entry_id();
  Must(Publish(Entry("jiangsu", id, "strict $.energy.double() >= 5000")));
  Must(Publish(Entry("hunan", id, "strict $.category == \"office\"")));  // no target
  struct Case {
    const char* name;
    Fields attributes;
    pb::DecisionState state;
    std::string findings;
  };
  const Case cases[] = {
      {"clear",
       {{"category", "office"}, {"energy", "10"}, {"listed", "true"}},
       pb::DECISION_STATE_GRANTED,
       ""},
      {"both lists",
       {{"category", "tailings"}, {"energy", "6000"}, {"listed", "true"}, {"investment", "99.5"}},
       pb::DECISION_STATE_PENDING,
       "common HIT, jiangsu HIT, "},
      {"a missing attribute",
       {{"category", "tailings"}, {"energy", "10"}},
       pb::DECISION_STATE_PENDING,
       "common UNKNOWN, "},
      {"a hit and a missing one",
       {{"category", "office"}},
       pb::DECISION_STATE_PENDING,
       "jiangsu UNKNOWN, "},
      {"again",
       {{"category", "office"}, {"energy", "5000.00"}, {"investment", "0.55"}},
       pb::DECISION_STATE_PENDING,
       "jiangsu HIT, "},
  };
  for (const Case& c : cases) {
    SCOPED_TRACE(c.name);
    const pb::Filing filing = Must(File(id, c.attributes));
    const pb::Decision& decision = filing.decisions(0);
    EXPECT_EQ(decision.state(), c.state);
    std::string found;
    for (const auto& finding : decision.screening()) {
      found += finding.list() + " " +
               pb::FindingOutcome_Name(finding.outcome())
                   .substr(std::string("FINDING_OUTCOME_").size()) +
               ", ";
    }
    EXPECT_EQ(found, c.findings);
    pb::GetFilingRequest get;
    get.set_filing_id(filing.filing_id());
    EXPECT_EQ(Must(t_.service.GetFiling(t_.Officer("jiangsu", "verifier"), get))
                  .decisions(0)
                  .SerializeAsString(),
              decision.SerializeAsString());
    if (decision.screening_size() == 0) continue;
    EXPECT_EQ(decision.mode(), pb::MODE_REVIEW);
    EXPECT_EQ(decision.screening(0).entry_version(), 1);
    EXPECT_EQ(decision.screening(0).article(), "节约能源法 §17");
    EXPECT_EQ(decision.waiting_for(), "verifier");
  }
  const auto own = Hits("jiangsu", t_.Officer("jiangsu", "zone_admin"));
  ASSERT_EQ(own.entries_size(), 1);
  EXPECT_EQ(own.entries(0).entry_id(), "E-" + id);
  EXPECT_EQ(own.entries(0).filings(), 2);
  EXPECT_EQ(own.entries(0).unknown(), 1);
  EXPECT_EQ(own.entries(0).invested_yuan(), "100.05");
  EXPECT_EQ(own.total().filings(), 2);
  EXPECT_EQ(Hits("common", t_.Secretariat()).total().invested_yuan(), "99.50");
  EXPECT_EQ(Hits("common", t_.Auditor()).total().unknown(), 1);
  const auto foreign = Hits("jiangsu", t_.Officer("hunan", "zone_admin"));
  EXPECT_EQ(foreign.total().filings(), 0);
  EXPECT_EQ(foreign.total().invested_yuan(), "0.00");
}

TEST_F(CatalogueServiceTest, APromiseIsNotAskedWhereAPersonDecides) {
  const std::string id = Transfer(pb::MODE_NOTIFY);
  EXPECT_EQ(ReasonOf(File(id, {{"category", "office"}})), "PROMISE_MISSING");
  Must(Publish(Entry("jiangsu", id, "strict $.category == \"office\"")));
  const pb::Filing filing = Must(File(id, {{"category", "office"}}));
  EXPECT_EQ(filing.decisions(0).mode(), pb::MODE_REVIEW);
  EXPECT_EQ(filing.decisions(0).clock().budget_days(), 20);
}

TEST_F(CatalogueServiceTest, ConditionsKeepOutWhatDoesNotMeetThem) {
  const std::string id = Transfer(pb::MODE_AUTOMATIC, "strict $.investment.double() < 1000");
  const auto outcome = [&](const Fields& fields) {
    const pb::Filing filing = Must(File(id, fields));
    const pb::Decision& decision = filing.decisions(0);
    return decision.screening_size() == 0 ? pb::FINDING_OUTCOME_UNSPECIFIED
                                          : decision.screening(0).outcome();
  };
  EXPECT_EQ(outcome({{"category", "x"}, {"investment", "999.99"}}),
            pb::FINDING_OUTCOME_UNSPECIFIED);
  EXPECT_EQ(outcome({{"category", "x"}, {"investment", "1000"}}), pb::FINDING_OUTCOME_NOT_MET);
  EXPECT_EQ(outcome({{"category", "x"}}), pb::FINDING_OUTCOME_UNKNOWN);
}

TEST_F(CatalogueServiceTest, EntriesChangeByFurtherVersions) {
  const std::string id = Transfer();
  auto request = Entry("jiangsu", id, "strict $.category == \"a\"");
  const pb::NegativeListEntry first = Must(Publish(request));
  EXPECT_EQ(first.version(), 1);
  request.mutable_entry()->set_predicate("strict $.category == \"b\"");
  request.mutable_entry()->set_effective_from("2026-04-01");
  request.mutable_entry()->set_etag("7");
  EXPECT_EQ(ReasonOf(Publish(request)), "ETAG_MISMATCH");
  request.mutable_entry()->set_etag("1");
  EXPECT_EQ(Must(Publish(request)).version(), 2);
  const auto version_that_hits = [&](const char* category) {
    const pb::Filing filing = Must(File(id, {{"category", category}}));
    const pb::Decision& decision = filing.decisions(0);
    return decision.screening_size() == 0 ? 0 : decision.screening(0).entry_version();
  };
  EXPECT_EQ(version_that_hits("a"), 1);  // until the second begins
  EXPECT_EQ(version_that_hits("b"), 0);
  t_.SetClock("2026-03-31T16:00:00Z");  // midnight in Shanghai
  EXPECT_EQ(version_that_hits("a"), 0);
  EXPECT_EQ(version_that_hits("b"), 2);
  EXPECT_EQ(Must(Retire("jiangsu", first.entry_id())).version(), 3);
  EXPECT_EQ(version_that_hits("b"), 0);
  EXPECT_EQ(ReasonOf(Retire("jiangsu", first.entry_id())), "ENTRY_RETIRED");
  t_.SetClock("2026-03-02T01:00:00Z");
  pb::GetNegativeListEntryRequest get;
  get.set_list("jiangsu");
  get.set_entry_id(first.entry_id());
  EXPECT_TRUE(Must(t_.catalogue.GetNegativeListEntry(t_.Nobody(), get)).retired());
  get.set_version(1);
  EXPECT_EQ(Must(t_.catalogue.GetNegativeListEntry(t_.Nobody(), get)).SerializeAsString(),
            first.SerializeAsString());
  get.set_version(9);
  EXPECT_EQ(ReasonOf(t_.catalogue.GetNegativeListEntry(t_.Nobody(), get)), "ENTRY_NOT_FOUND");
  EXPECT_EQ(ReasonOf(Retire("jiangsu", "no-such")), "ENTRY_NOT_FOUND");
}

TEST_F(CatalogueServiceTest, ListsBelongToTheirZone) {
  const std::string id = Transfer();
  const auto request = Entry("jiangsu", id, "strict $.category == \"a\"");
  EXPECT_EQ(ReasonOf(t_.catalogue.CreateNegativeListEntry(admin_, request)), "FOREIGN_LIST");
  EXPECT_EQ(ReasonOf(t_.catalogue.CreateNegativeListEntry(t_.Secretariat(), request)),
            "FOREIGN_LIST");
  Must(Publish(request));
  EXPECT_EQ(ReasonOf(Publish(Entry("common", "no-such", "strict $.a == 1"))), "ITEM_NOT_FOUND");
  pb::ListNegativeListEntriesRequest list;
  list.set_list("jiangsu");
  list.set_item_id(id);
  EXPECT_EQ(Must(t_.catalogue.ListNegativeListEntries(t_.Nobody(), list)).items_size(), 1);
  list.set_list("common");
  EXPECT_EQ(Must(t_.catalogue.ListNegativeListEntries(t_.Nobody(), list)).items_size(), 0);
  // The database keeps lists apart too, whoever asks.
  const auto forged = t_.database.Command<pb::Item>(admin_, pb::GetItemRequest(), [](db::Tx& tx) {
    tx.Exec({"test.forge", R"sql(
      INSERT INTO negative_list_entries
      SELECT 'jiangsu', 'forged', 1, 'x', 'x', 'x', 'x', 'x', 'SAMPLE', '2026-01-01', NULL, false,
             '', current_user_id(), now())sql"});
    return Result<pb::Item>(pb::Item());
  });
  EXPECT_FALSE(forged);
}

TEST_F(CatalogueServiceTest, ScreeningAndPrecheckSayWhatAFilingWouldMeet) {
  const std::string id = Transfer(pb::MODE_NOTIFY);
  t_.Agree(id, "zhejiang", pb::MODE_AUTOMATIC);
  Must(Publish(Entry("jiangsu", id, "strict $.category == \"tailings\"")));
  pb::ScreenAttributesRequest screen;
  screen.set_item_id(id);
  screen.set_home_zone("shanghai");
  for (const char* zone : {"zhejiang", "jiangsu"}) screen.add_target_zones(zone);
  *screen.mutable_attributes() = Attributes({{"category", "tailings"}});
  const auto screened = Must(t_.catalogue.ScreenAttributes(filer_, screen));
  ASSERT_EQ(screened.zones_size(), 2);
  EXPECT_EQ(screened.zones(0).findings(0).outcome(), pb::FINDING_OUTCOME_HIT);
  EXPECT_EQ(screened.zones(1).findings_size(), 0);
  screen.clear_attributes();
  EXPECT_EQ(Must(t_.catalogue.ScreenAttributes(filer_, screen)).zones(0).findings(0).outcome(),
            pb::FINDING_OUTCOME_UNKNOWN);

  pb::PrecheckFilingRequest precheck;
  precheck.set_item_id(id);
  precheck.set_home_zone("shanghai");
  for (const char* zone : {"zhejiang", "jiangsu", "hunan"}) precheck.add_target_zones(zone);
  const auto outcomes = [&](const Fields& fields) {
    *precheck.mutable_attributes() = Attributes(fields);
    return Must(t_.service.PrecheckFiling(filer_, precheck));
  };
  const auto hit = outcomes({{"category", "tailings"}});
  EXPECT_EQ(hit.zones(0).outcome(), pb::PRECHECK_OUTCOME_NOT_COVERED);
  EXPECT_EQ(hit.zones(1).outcome(), pb::PRECHECK_OUTCOME_ON_NEGATIVE_LIST);
  EXPECT_EQ(hit.zones(1).findings(0).entry_id(), "E-" + id);
  EXPECT_EQ(hit.zones(1).budget_days(), 20);
  EXPECT_EQ(hit.zones(2).outcome(), pb::PRECHECK_OUTCOME_AUTOMATIC);
  EXPECT_EQ(hit.promise_version(), 0);
  EXPECT_EQ(outcomes({}).zones(1).outcome(), pb::PRECHECK_OUTCOME_DECISION_NEEDED);
  const auto clear = outcomes({{"category", "office"}});
  EXPECT_EQ(clear.zones(1).outcome(), pb::PRECHECK_OUTCOME_PROMISE_NEEDED);
  EXPECT_EQ(clear.promise_version(), 1);
  EXPECT_FALSE(clear.promise_text_zh().empty());
  EXPECT_EQ(
      t_.scratch.AdminText("SELECT count(*) FROM recognition.filings WHERE item_id = '" + id + "'"),
      "0");
}

TEST_F(CatalogueServiceTest, AnAmendmentReplacesOnTheLastSignature) {
  const std::string item = t_.NewItem();
  const std::string old = Agree(item, pb::MODE_REVIEW, "");
  const auto submit = [&] {
    return Must(t_.Submit(filer_, t_.Submission(filer_, item, {"jiangsu"})));
  };
  const pb::Agreement draft =
      Must(t_.catalogue.AmendAgreement(admin_, Amendment(old, pb::MODE_AUTOMATIC)));
  EXPECT_EQ(draft.amends(), old);
  EXPECT_EQ(draft.revision(), 2);
  EXPECT_EQ(draft.valid_from(), "2026-01-01");
  Must(Sign(draft.agreement_id(), "shanghai"));
  const std::string open = submit().filing_id();
  EXPECT_EQ(Must(Sign(draft.agreement_id(), "jiangsu")).state(), pb::AGREEMENT_STATE_IN_FORCE);
  EXPECT_EQ(submit().decisions(0).mode(), pb::MODE_AUTOMATIC);
  EXPECT_EQ(Agreement(old).state(), pb::AGREEMENT_STATE_TERMINATED);
  EXPECT_EQ(Agreement(old).replaced_by(), draft.agreement_id());
  pb::GetFilingRequest get;
  get.set_filing_id(open);
  EXPECT_EQ(Must(t_.service.GetFiling(filer_, get)).decisions(0).mode(), pb::MODE_REVIEW);

  EXPECT_EQ(ReasonOf(t_.catalogue.AmendAgreement(admin_, Amendment(old, pb::MODE_REVIEW))),
            "AGREEMENT_TERMINATED");
  auto wider = Amendment(draft.agreement_id(), pb::MODE_REVIEW);
  wider.add_target_zones("zhejiang");
  EXPECT_EQ(ReasonOf(t_.catalogue.AmendAgreement(admin_, wider)), "AMENDMENT_PARTIES");
  wider = Amendment(draft.agreement_id(), pb::MODE_REVIEW);
  wider.set_condition("$.a == 1");
  EXPECT_EQ(ReasonOf(t_.catalogue.AmendAgreement(admin_, wider)), "CONDITION_INVALID");
  EXPECT_EQ(ReasonOf(t_.catalogue.AmendAgreement(t_.Officer("hunan", "zone_admin"),
                                                 Amendment(old, pb::MODE_REVIEW))),
            "AGREEMENT_NOT_FOUND");
  EXPECT_TRUE(t_.catalogue.AmendAgreement(t_.Secretariat(),
                                          Amendment(draft.agreement_id(), pb::MODE_REVIEW)));
}

TEST_F(CatalogueServiceTest, OfTwoAmendmentsTheFirstSignedReplaces) {
  const std::string item = t_.NewItem();
  const std::string old = Agree(item, pb::MODE_REVIEW, "");
  std::vector<std::string> drafts;
  for (int i = 0; i < 2; ++i) {
    drafts.push_back(Must(t_.catalogue.AmendAgreement(admin_, Amendment(old, pb::MODE_AUTOMATIC)))
                         .agreement_id());
    Must(Sign(drafts.back(), "shanghai"));
  }
  std::barrier start(2);
  std::vector<std::string> reasons(2);
  std::vector<std::thread> signers;
  for (size_t i = 0; i < 2; ++i) {
    signers.emplace_back([&, i] {
      start.arrive_and_wait();
      reasons[i] = ReasonOf(Sign(drafts[i], "jiangsu"));
    });
  }
  for (auto& signer : signers) signer.join();
  std::sort(reasons.begin(), reasons.end());
  EXPECT_EQ(reasons, (std::vector<std::string>{"", "AGREEMENT_TERMINATED"}));
}

// Whenever it comes, a filing follows one of the two in full, and none finds no agreement between.
TEST_F(CatalogueServiceTest, SubmissionsNeverFallBetweenTwoVersions) {
  const std::string item = t_.NewItem();
  const std::string old = Agree(item, pb::MODE_REVIEW, "");
  const std::string next =
      Must(t_.catalogue.AmendAgreement(admin_, Amendment(old, pb::MODE_AUTOMATIC))).agreement_id();
  Must(Sign(next, "shanghai"));
  std::barrier start(5);
  std::vector<std::thread> threads;
  for (int i = 0; i < 4; ++i) {
    threads.emplace_back([&] {
      start.arrive_and_wait();
      for (int n = 0; n < 10; ++n) {
        const auto filing = t_.Submit(filer_, t_.Submission(filer_, item, {"jiangsu"}));
        EXPECT_EQ(ReasonOf(filing), "");
      }
    });
  }
  threads.emplace_back([&] {
    start.arrive_and_wait();
    EXPECT_TRUE(Sign(next, "jiangsu"));
  });
  for (auto& thread : threads) thread.join();
  const std::string mixed = t_.scratch.AdminText(
      "SELECT count(*) FROM recognition.decisions d JOIN recognition.filings f USING (filing_id) "
      "WHERE f.item_id = '" +
      item + "' AND (d.agreement_id = '" + next + "') <> (d.mode = 'AUTOMATIC')");
  EXPECT_EQ(mixed, "0");
}

TEST_F(CatalogueServiceTest, AListEntryCountsFromTheNextFiling) {
  const std::string id = Transfer();
  EXPECT_EQ(Must(File(id, {{"category", "a"}})).decisions(0).state(), pb::DECISION_STATE_GRANTED);
  Must(Publish(Entry("common", id, "strict $.category == \"a\"")));
  EXPECT_EQ(Must(File(id, {{"category", "a"}})).decisions(0).state(), pb::DECISION_STATE_PENDING);
  EXPECT_EQ(Must(File(id, {{"category", "b"}})).decisions(0).state(), pb::DECISION_STATE_GRANTED);
}

TEST_F(CatalogueServiceTest, TheSuspendingZoneResumes) {
  const std::string item = t_.NewItem();
  const std::string id = Agree(item, pb::MODE_AUTOMATIC, "");
  pb::ResumeAgreementRequest resume;
  resume.set_agreement_id(id);
  resume.set_reason("settled");
  const Call jiangsu = t_.Officer("jiangsu", "zone_admin");
  EXPECT_EQ(ReasonOf(t_.catalogue.ResumeAgreement(jiangsu, resume)), "AGREEMENT_NOT_SUSPENDED");
  pb::SuspendAgreementRequest suspend;
  suspend.set_agreement_id(id);
  suspend.set_reason("under review");
  EXPECT_EQ(Must(t_.service.SuspendAgreement(jiangsu, suspend)).suspended_by(), "jiangsu");
  const auto submit = [&] { return t_.Submit(filer_, t_.Submission(filer_, item, {"jiangsu"})); };
  EXPECT_EQ(ReasonOf(submit()), "NOT_COVERED");
  EXPECT_EQ(ReasonOf(t_.catalogue.ResumeAgreement(admin_, resume)), "NOT_SUSPENDING_ZONE");
  EXPECT_EQ(Must(t_.catalogue.ResumeAgreement(jiangsu, resume)).state(),
            pb::AGREEMENT_STATE_IN_FORCE);
  EXPECT_TRUE(submit());
  Must(t_.service.SuspendAgreement(jiangsu, suspend));
  Agree(item, pb::MODE_REVIEW, "");  // took its place
  EXPECT_EQ(ReasonOf(t_.catalogue.ResumeAgreement(jiangsu, resume)), "ROUTE_COVERED");
}

}  // namespace
}  // namespace zonelink::recognition
