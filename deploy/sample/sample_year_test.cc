// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <map>
#include <set>
#include <tuple>

#include "deploy/sample/account_plan.h"
#include "deploy/sample/agreement_plan.h"
#include "deploy/sample/chores.h"
#include "deploy/sample/filing_plan.h"
#include "deploy/sample/sample_data.h"
#include "deploy/sample/vault_paper.h"
#include "gateway/cli/json.h"
#include "platform/core/text.h"

namespace zonelink::sample {
namespace {

constexpr uint64_t kSeed = 7;
const Date kFirstDay = *ParseDate("2025-11-21");

struct Plans {
  SampleData data = EmbeddedSampleData().value();
  std::vector<AccountPlan> accounts = PlanAccounts(data);
  std::vector<AgreementPlan> agreements = PlanAgreements(data, kSeed);
  std::vector<FilingPlan> filings =
      PlanFilings(data, agreements, {kSeed, kFirstDay}, NationalCalendar());

  const Item& ItemNamed(const std::string& item_id) const {
    for (const Item& item : data.items) {
      if (item.item_id == item_id) return item;
    }
    ADD_FAILURE() << item_id;
    return data.items[0];
  }
};

const Plans& Planned() {
  static const Plans plans;
  return plans;
}

TEST(SampleData, TheTablesAreWhole) {
  const SampleData& data = Planned().data;
  EXPECT_EQ(data.items.size(), 24u);
  EXPECT_EQ(data.enterprises.size(), 60u);
  EXPECT_EQ(data.zones.size(), 22u);
  EXPECT_EQ(data.enterprises[0].username, "ent-shanghai");
  EXPECT_EQ(data.enterprises[1].username, "ent-guangdong");
  EXPECT_EQ(data.enterprises[2].username, "ent-003");
  EXPECT_EQ(data.zones[0].name_zh, "上海");
  for (const Enterprise& enterprise : data.enterprises) EXPECT_TRUE(ValidUscc(enterprise.uscc));
  const Item& item = Planned().ItemNamed("one-licence-many-addresses");
  EXPECT_EQ(item.name_en, "One licence, many addresses");
  EXPECT_EQ(item.item_class, "BUSINESS_REGISTRATION");
  std::map<std::string, int> entries;
  for (const ListEntry& entry : data.entries) {
    ++entries[entry.source_status];
    EXPECT_EQ(entry.predicate.rfind("strict ", 0), 0u) << entry.entry_id;
    EXPECT_EQ(Planned().ItemNamed(entry.item_id).item_id, entry.item_id);
  }
  EXPECT_EQ(entries, (std::map<std::string, int>{{"SAMPLE", 8}, {"STATUTE", 12}}));
  EXPECT_EQ(item.attributes[1], (std::pair<std::string, std::string>{"addressCount", "INTEGER"}));
}

TEST(SampleData, CsvFollowsRfc4180) {
  const auto rows = ParseCsv("a,\"b,\"\"c\"\"\nd\",\r\n,e,f\n");
  ASSERT_TRUE(rows);
  ASSERT_EQ(rows->size(), 2u);
  EXPECT_EQ((*rows)[0], (std::vector<std::string>{"a", "b,\"c\"\nd", ""}));
  EXPECT_EQ((*rows)[1], (std::vector<std::string>{"", "e", "f"}));
  EXPECT_EQ(ParseCsv("a,\"b").error().reason, "CSV_BROKEN");
}

TEST(Accounts, EveryZoneHasItsStaffAndEveryEnterpriseAFiler) {
  std::map<std::string, int> roles;
  std::set<std::string> names;
  for (const AccountPlan& account : Planned().accounts) {
    ++roles[account.role];
    EXPECT_TRUE(names.insert(account.username).second) << account.username;
    EXPECT_EQ(account.role == "filer" || account.role == "enterprise_admin",
              account.enterprise.has_value());
  }
  EXPECT_EQ(roles, (std::map<std::string, int>{{"auditor", 1},
                                               {"evaluator", 1},
                                               {"enterprise_admin", 4},
                                               {"filer", 60},
                                               {"inspector", 88},
                                               {"releaser", 22},
                                               {"reviewer", 22},
                                               {"secretariat", 1},
                                               {"verifier", 44},
                                               {"zone_admin", 22}}));
  EXPECT_EQ(Planned().accounts[0].username, kFirstAccount);
  EXPECT_TRUE(names.count("inspector4-heilongjiang"));
  EXPECT_TRUE(names.count("verifier2-zhejiang"));
}

TEST(Agreements, SixtyInAllModesAndStates) {
  std::map<std::string, int> modes;
  std::map<Fate, int> fates;
  for (const AgreementPlan& plan : Planned().agreements) {
    ++modes[plan.mode];
    ++fates[plan.fate];
    EXPECT_EQ(plan.signatures, plan.Parties().size() - (plan.fate == Fate::kDrafted ? 1 : 0));
    EXPECT_LT(plan.drafted_on, kDaysInYear);
    EXPECT_EQ(plan.ends_on != kNever,
              plan.fate == Fate::kSuspended || plan.fate == Fate::kTerminated);
    EXPECT_LT(plan.drafted_on, plan.ends_on);
  }
  EXPECT_EQ(Planned().agreements.size(), 60u);
  for (const char* mode : {"NATIONWIDE", "AUTOMATIC", "NOTIFY", "REVIEW", "NONE"}) {
    EXPECT_GE(modes[mode], 2) << mode;
  }
  EXPECT_EQ(modes.size(), 5u);
  EXPECT_EQ(fates[Fate::kDrafted], 4);
  EXPECT_EQ(fates[Fate::kSuspended], 4);
  EXPECT_EQ(fates[Fate::kTerminated], 4);
}

TEST(Agreements, ExcludedClassesAreOnlyReviewedAndNoPairIsCoveredTwice) {
  for (const uint64_t seed : {1u, 7u, 99u}) {
    std::set<std::tuple<std::string, std::string, std::string>> covered;
    for (const AgreementPlan& plan : PlanAgreements(Planned().data, seed)) {
      const Item& item = Planned().ItemNamed(plan.item_id);
      if (item.excluded_class) {
        EXPECT_TRUE(plan.mode == "REVIEW" || plan.mode == "NONE") << plan.item_id << plan.mode;
      }
      EXPECT_EQ(plan.mode == "NATIONWIDE", item.default_mode == "NATIONWIDE") << plan.item_id;
      for (const auto& home : plan.homes) {
        for (const auto& target : plan.targets) {
          EXPECT_NE(home, target);
          EXPECT_TRUE(covered.insert({plan.item_id, home, target}).second) << plan.item_id;
        }
      }
    }
  }
}

TEST(Agreements, TheMainJobHasItsTwo) {
  std::map<std::string, std::string> modes;
  for (const AgreementPlan& plan : Planned().agreements) {
    if (plan.item_id != "electronic-origin-certificate" || plan.homes[0] != "shanghai") continue;
    EXPECT_EQ(plan.fate, Fate::kInForce);
    for (const auto& target : plan.targets) modes[target] = plan.mode;
  }
  EXPECT_EQ(modes["jiangsu"], "AUTOMATIC");
  EXPECT_EQ(modes["zhejiang"], "REVIEW");
}

TEST(Filings, SpreadOverTheYearInOrder) {
  ASSERT_EQ(Planned().filings.size(), 2000u);
  std::map<int, int> by_month;
  for (const FilingPlan& filing : Planned().filings) {
    ASSERT_FALSE(filing.steps.empty());
    EXPECT_EQ(filing.steps[0].deed, Deed::kSubmit);
    ++by_month[filing.steps[0].slot / 61];
    for (size_t i = 0; i < filing.steps.size(); ++i) {
      EXPECT_LT(filing.steps[i].slot, 2 * kDaysInYear);
      if (i > 0) {
        EXPECT_GE(filing.steps[i].slot, filing.steps[i - 1].slot);
        EXPECT_GT(filing.steps[i].slot, filing.steps[0].slot);
      }
    }
  }
  for (int month = 1; month < 11; ++month) EXPECT_NEAR(by_month[month], 169, 10) << month;
}

TEST(Filings, OfficersActOnWorkingDays) {
  for (const FilingPlan& filing : Planned().filings) {
    for (const Step& step : filing.steps) {
      if (step.username.starts_with("ent-")) continue;
      const Time at = TimeOfSlot(step.slot, kFirstDay, kSeed);
      EXPECT_TRUE(NationalCalendar().IsWorkingDay(ShanghaiDate(at))) << FormatTime(at);
    }
  }
}

TEST(Filings, EachCarriesWhatItsItemAsksFor) {
  for (const FilingPlan& filing : Planned().filings) {
    const auto body = client::JsonDocument::Parse(filing.steps[0].body);
    ASSERT_TRUE(body);
    const Item& item = Planned().ItemNamed(filing.item_id);
    EXPECT_EQ(body->root()["attributes"].members().size(), item.attributes.size());
    bool promised = false;
    for (const Target& target : filing.targets) promised |= target.mode == "NOTIFY";
    EXPECT_EQ(body->root()["promise"].truth(), promised);
    const Date filed = ShanghaiDate(TimeOfSlot(filing.steps[0].slot, kFirstDay, kSeed));
    const Date last = ShanghaiDate(TimeOfSlot(filing.steps.back().slot, kFirstDay, kSeed));
    EXPECT_LT(*ParseDate(body->root()["credential"]["issuedOn"].text()), filed);
    EXPECT_GT(*ParseDate(body->root()["credential"]["validUntil"].text()), last);
    const std::string day = body->root()["deferredDocuments"].items().empty()
                                ? ""
                                : body->root()["deferredDocuments"].items()[0]["promisedOn"].text();
    EXPECT_TRUE(day.empty() || *ParseDate(day) > filed) << day;
    EXPECT_LE(filing.steps[0].body.size(), 20'000u);
  }
}

TEST(Filings, TheSameSeedGivesTheSameYear) {
  const Plans again;
  ASSERT_EQ(again.filings.size(), Planned().filings.size());
  for (size_t i = 0; i < again.filings.size(); ++i) {
    const auto& a = again.filings[i].steps;
    const auto& b = Planned().filings[i].steps;
    ASSERT_EQ(a.size(), b.size());
    for (size_t k = 0; k < a.size(); ++k) {
      EXPECT_EQ(a[k].slot, b[k].slot);
      EXPECT_EQ(a[k].body, b[k].body);
      EXPECT_EQ(a[k].username, b[k].username);
    }
  }
  const auto other =
      PlanFilings(again.data, PlanAgreements(again.data, 8), {8, kFirstDay}, NationalCalendar());
  EXPECT_NE(other[0].steps[0].body, Planned().filings[0].steps[0].body);
}

TEST(Filings, SomeAreFiledAgainByWhoSeesTheFormerOne) {
  int again = 0;
  for (const FilingPlan& filing : Planned().filings) {
    const auto body = client::JsonDocument::Parse(filing.steps[0].body);
    const std::string mark = body->root()["refileOf"].text();
    if (mark.empty()) continue;
    ++again;
    const FilingPlan& former = Planned().filings.at(std::stoul(mark.substr(8)));
    EXPECT_EQ(FilingMark(former.number), mark);
    EXPECT_EQ(former.applicant, filing.username);
    EXPECT_EQ(former.item_id, filing.item_id);
    EXPECT_LT(former.steps.back().slot, filing.steps[0].slot);
  }
  EXPECT_GE(again, 10);
}

TEST(Filings, AgentsFileForTheirPrincipalsAndNobodyElseDoes) {
  int by_agent = 0;
  for (const FilingPlan& filing : Planned().filings) {
    if (filing.username == filing.applicant) continue;
    ++by_agent;
    bool mandated = false;
    for (const Mandate& mandate : Mandates()) {
      mandated |= Planned().data.enterprises[mandate.principal].username == filing.applicant &&
                  Planned().data.enterprises[mandate.agent].username == filing.username;
    }
    EXPECT_TRUE(mandated) << filing.username << " for " << filing.applicant;
  }
  EXPECT_GE(by_agent, 20);
}

TEST(Vaults, FilingsNameTheirPapersByTheHashOfWhatIsHandedIn) {
  std::set<std::string> held;
  for (const VaultPaper& paper : PlanVaults(Planned().data)) {
    EXPECT_EQ(paper.contents.rfind("%PDF-1.4\n", 0), 0u);
    EXPECT_TRUE(held.insert(paper.sha256).second) << paper.kind;
  }
  EXPECT_EQ(held.size(), 140u);
  int named = 0;
  int read = 0;
  for (const FilingPlan& filing : Planned().filings) {
    const auto body = client::JsonDocument::Parse(filing.steps[0].body);
    std::set<std::string> papers;
    for (const auto& paper : body->root()["documents"].items()) {
      papers.insert(paper["sha256"].text());
      named += static_cast<int>(held.count(paper["sha256"].text()));
    }
    for (const Step& step : filing.steps) {
      if (step.deed != Deed::kRead) continue;
      ++read;
      const bool taken_over = body->root()["refileOf"].present();
      EXPECT_TRUE(taken_over || papers.count(step.body) > 0) << filing.number;
    }
  }
  EXPECT_GE(named, 100);
  EXPECT_GE(read, 20);
}

TEST(Chores, InOrderAndWithMarksOfKnownPeople) {
  std::set<std::string> names;
  for (const AccountPlan& account : Planned().accounts) names.insert(account.username);
  int slot = 0;
  const auto chores = PlanChores(Planned().data, Timetable(kFirstDay, NationalCalendar()));
  EXPECT_EQ(chores.size(), Mandates().size() + 4 + 8);
  for (const Chore& chore : chores) {
    EXPECT_GE(chore.slot, slot);
    slot = chore.slot;
    EXPECT_TRUE(names.count(chore.username)) << chore.username;
    const auto body = client::JsonDocument::Parse(chore.body);
    ASSERT_TRUE(body) << chore.body;
    const std::string mark = body->root()["deputyUserId"].text();
    const bool known = mark.empty() || names.count(mark.substr(6, mark.size() - 7)) > 0;
    EXPECT_TRUE(known) << mark;
  }
}

TEST(Slots, RunForwardWithinTheDay) {
  for (int slot = 1; slot < 2 * kDaysInYear; ++slot) {
    EXPECT_LT(TimeOfSlot(slot - 1, kFirstDay, kSeed), TimeOfSlot(slot, kFirstDay, kSeed));
    EXPECT_EQ(ShanghaiDate(TimeOfSlot(slot, kFirstDay, kSeed)),
              kFirstDay + std::chrono::days{slot / 2});
  }
}

}  // namespace
}  // namespace zonelink::sample
