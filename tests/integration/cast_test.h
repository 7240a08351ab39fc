// SPDX-License-Identifier: Apache-2.0
// Fixture of tests that send the whole cast and compare what the database holds before and after.
#pragma once

#include <memory>

#include "tests/integration/cast.h"
#include "tests/support/fixture.h"

namespace zonelink::test {

class CastTest : public IntegrationTest {
 protected:
  static void SetUpTestSuite() {
    IntegrationTest::SetUpTestSuite();
    cast_ = std::make_unique<Cast>(world());
    for (const auto& name : cast_->names()) cast_->As(name);
    sql_ = std::make_unique<AdminSql>(deployment().database().admin_url());
  }
  static void TearDownTestSuite() {
    sql_.reset();
    cast_.reset();
    IntegrationTest::TearDownTestSuite();
  }

  // What calls change. What a refusal sets in motion by itself is left out: its record, the event
  // that carries the records' chain, and how far consumers have come with such events.
  static Contents Held() {
    std::vector<std::string> except;
    for (const auto& row :
         sql_->Query("SELECT format('%I.%I', schemaname, tablename) FROM pg_tables"
                     " WHERE tablename IN ('denials', 'cursors', 'events')"
                     "    OR (schemaname = 'ledger' AND tablename <> 'idempotency')")) {
      except.push_back(*row[0]);
    }
    Contents contents = ContentsOf(*sql_, except);
    for (const auto& row :
         sql_->Query("SELECT schemaname FROM pg_tables WHERE tablename = 'events' ORDER BY 1")) {
      contents[*row[0] + ".events"] = sql_->One(
          "SELECT count(*) || ' rows, digest ' || coalesce(md5(string_agg(md5(t::text), '' ORDER "
          "BY md5(t::text))), '-') FROM " +
          *row[0] + ".events t WHERE type NOT LIKE '%.denials.chained'");
    }
    contents["salts destroyed"] =
        sql_->One("SELECT count(*)::text FROM ledger.contents WHERE salt IS NULL");
    return contents;
  }

  // What all tables hold once every event is numbered and every consumer has applied it: from then
  // on only calls change them.
  static Contents AtRest() {
    EXPECT_TRUE(WaitUntil(std::chrono::seconds(20), Resting));
    return Held();
  }

  static inline std::unique_ptr<Cast> cast_;
  static inline std::unique_ptr<AdminSql> sql_;

 private:
  static bool Resting() {
    return sql_->One(
               "SELECT NOT EXISTS (SELECT 1 FROM recognition.events WHERE number IS NULL)"
               "   AND NOT EXISTS (SELECT 1 FROM directory.events WHERE number IS NULL)"
               "   AND NOT EXISTS (SELECT 1 FROM ledger.events WHERE number IS NULL)"
               "   AND NOT EXISTS (SELECT 1 FROM documents.events WHERE number IS NULL)"
               "   AND (SELECT coalesce(max(number), 0) FROM recognition.events)"
               "     = (SELECT coalesce(max(number), 0) FROM documents.cursors WHERE source = "
               "'recognition')"
               "   AND (SELECT coalesce(max(number), 0) FROM recognition.events)"
               "     = (SELECT coalesce(max(number), 0) FROM worklist.cursors WHERE source = "
               "'recognition')"
               "   AND (SELECT coalesce(max(number), 0) FROM directory.events)"
               "     = (SELECT coalesce(max(number), 0) FROM recognition.cursors WHERE source = "
               "'directory/2')"
               "   AND (SELECT coalesce(max(number), 0) FROM directory.events)"
               "     = (SELECT coalesce(max(number), 0) FROM worklist.cursors WHERE source = "
               "'directory')"
               "   AND (SELECT coalesce(max(number), 0) FROM documents.events)"
               "     = (SELECT coalesce(max(number), 0) FROM recognition.cursors WHERE source = "
               "'documents')") == "t";
  }
};

}  // namespace zonelink::test
