// SPDX-License-Identifier: Apache-2.0
#include "gateway/http/row_problems.h"

#include <gtest/gtest.h>

#include "zonelink/recognition/v1/recognition_service.pb.h"

namespace zonelink::gateway {
namespace {

using recognition::v1::BatchSubmitFilingsResponse;

TEST(RowProblems, AreToldInBothLanguages) {
  const Texts texts(
      "reason,zh,en\nTAKEN,已有 {receiptNumber}。,Taken: {receiptNumber}.\n"
      "BAD_DATE,{field} 不是日期。,{field} is no date.\nNOT_FOUND,没有。,Not there.\n");
  BatchSubmitFilingsResponse reply;
  reply.add_rows()->set_receipt_number("ZL-1");
  api::RowProblem& taken = *reply.add_rows()->mutable_problem();
  taken.set_reason("TAKEN");
  auto* value = taken.add_values();
  value->set_name("receiptNumber");
  value->set_value("ZL-7");
  auto* violation = taken.add_violations();
  violation->set_field("credential.issuedOn");
  violation->set_reason("BAD_DATE");
  api::RowProblem& unknown = *reply.add_rows()->mutable_problem();
  unknown.set_reason("OF_A_LATER_VERSION");
  unknown.set_code("NOT_FOUND");
  Schemas schemas;
  TellRows(texts, schemas.Of(BatchSubmitFilingsResponse::descriptor()), reply);
  EXPECT_FALSE(reply.rows(0).has_problem());
  EXPECT_EQ(reply.rows(1).problem().detail_zh(), "已有 ZL-7。");
  EXPECT_EQ(reply.rows(1).problem().detail_en(), "Taken: ZL-7.");
  EXPECT_EQ(reply.rows(1).problem().violations(0).message_zh(), "credential.issuedOn 不是日期。");
  EXPECT_EQ(reply.rows(1).problem().violations(0).message_en(), "credential.issuedOn is no date.");
  EXPECT_EQ(reply.rows(2).problem().detail_en(), "Not there.") << "the text of its code";
}

TEST(RowProblems, AreLookedForWhereTheyCanBe) {
  Schemas schemas;
  EXPECT_TRUE(HoldsRowProblems(schemas.Of(BatchSubmitFilingsResponse::descriptor())));
  EXPECT_FALSE(HoldsRowProblems(schemas.Of(recognition::v1::Filing::descriptor())));
}

}  // namespace
}  // namespace zonelink::gateway
