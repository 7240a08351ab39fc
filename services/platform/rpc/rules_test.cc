// SPDX-License-Identifier: Apache-2.0
#include "platform/rpc/rules.h"

#include <gtest/gtest.h>

#include "zonelink/recognition/v1/recognition_service.pb.h"

namespace zonelink::rpc {
namespace {

using recognition::v1::SubmitFilingRequest;

SubmitFilingRequest Good() {
  SubmitFilingRequest request;
  request.set_item_id("electronic-origin-certificate");
  request.set_home_zone("shanghai");
  request.add_target_zones("zhejiang");
  request.mutable_applicant()->set_uscc("91310000XY0001015T");
  request.mutable_applicant()->set_name("上海示例澄港国际贸易有限公司");
  request.mutable_credential()->set_number("CO-1");
  request.mutable_credential()->set_issuer("shanghai-customs");
  request.mutable_credential()->set_issued_on("2026-03-02");
  request.mutable_credential()->set_valid_until("2027-03-01");
  (*request.mutable_attributes()->mutable_fields())["hsCode"].set_string_value("854231");
  return request;
}

// Applies `spoil` to a good request and returns the one violation as `field reason`.
template <class Spoil>
std::string Fault(Spoil&& spoil) {
  SubmitFilingRequest request = Good();
  spoil(request);
  const Status status = CheckFields(request);
  if (status) return "";
  EXPECT_EQ(status.error().reason, "REQUEST_INVALID");
  return status.error().violations[0].field + " " + status.error().violations[0].reason;
}

TEST(CheckFieldsTest, AcceptsAGoodRequest) {
  EXPECT_EQ(Fault([](auto&) {}), "");
}

// A row that breaks a rule is its handler's to refuse; how many there are is not.
TEST(CheckFieldsTest, LeavesRowsThatStandAloneToTheHandler) {
  recognition::v1::BatchSubmitFilingsRequest batch;
  EXPECT_EQ(CheckFields(batch).error().violations[0].reason, "REQUIRED");
  batch.add_filings()->set_item_id("Bad Item");
  EXPECT_TRUE(CheckFields(batch));
  EXPECT_FALSE(CheckFields(batch.filings(0)));
  for (int i = 0; i < 500; ++i) batch.add_filings();
  EXPECT_EQ(CheckFields(batch).error().violations[0].reason, "TOO_MANY");
}

TEST(CheckFieldsTest, NamesTheFieldAndTheReason) {
  EXPECT_EQ(Fault([](auto& r) { r.clear_item_id(); }), "itemId REQUIRED");
  EXPECT_EQ(Fault([](auto& r) { r.set_item_id("Bad Item"); }), "itemId BAD_FORMAT");
  EXPECT_EQ(Fault([](auto& r) { r.set_home_zone("SHANGHAI"); }), "homeZone BAD_FORMAT");
  EXPECT_EQ(Fault([](auto& r) { r.clear_target_zones(); }), "targetZones REQUIRED");
  EXPECT_EQ(Fault([](auto& r) {
              for (int i = 0; i < 22; ++i) r.add_target_zones("x");
            }),
            "targetZones TOO_MANY");
  EXPECT_EQ(Fault([](auto& r) { r.set_target_zones(0, ""); }), "targetZones[0] REQUIRED");
  EXPECT_EQ(Fault([](auto& r) { r.clear_applicant(); }), "applicant REQUIRED");
  EXPECT_EQ(Fault([](auto& r) { r.mutable_applicant()->set_uscc("91310000XY0001015X"); }),
            "applicant.uscc BAD_USCC");
  EXPECT_EQ(Fault([](auto& r) {
              r.mutable_applicant()->set_name(
                  "a\u202e"
                  "b");
            }),
            "applicant.name INVISIBLE_CHARACTER");
  EXPECT_EQ(Fault([](auto& r) { r.mutable_applicant()->set_name("line\nbreak"); }),
            "applicant.name CONTROL_CHARACTER");
  EXPECT_EQ(Fault([](auto& r) { r.mutable_applicant()->set_name(std::string(201, 'x')); }),
            "applicant.name TOO_LONG");
  EXPECT_EQ(Fault([](auto& r) { r.mutable_credential()->set_issued_on("2026-02-30"); }),
            "credential.issuedOn BAD_DATE");
  EXPECT_EQ(Fault([](auto& r) {
              (*r.mutable_attributes()->mutable_fields())["x\u200b"].set_bool_value(true);
            }),
            "attributes INVISIBLE_CHARACTER");
  EXPECT_EQ(Fault([](auto& r) {
              auto* document = r.add_documents();
              document->set_title("t");
              document->set_sha256(std::string(64, 'a'));
              document->set_media_type("application/pdf");
              document->set_size_bytes(52428801);
            }),
            "documents[0].sizeBytes OUT_OF_RANGE");
}

TEST(CheckAccessTest, SaysWhatIsMissing) {
  Access access;
  access.set_scope(SCOPE_OWN_ZONE);
  access.add_roles("reviewer");
  Caller nobody;
  EXPECT_EQ(CheckAccess(access, nobody).error().reason, "LOGIN_NEEDED");
  Caller verifier;
  verifier.user_id = "u";
  verifier.roles = {"verifier"};
  EXPECT_EQ(CheckAccess(access, verifier).error().reason, "ROLE_NEEDED");
  Caller reviewer = verifier;
  reviewer.roles = {"reviewer"};
  EXPECT_TRUE(CheckAccess(access, reviewer));
  Access services;
  services.set_scope(SCOPE_DEPLOYMENT);
  services.add_services("worklist");
  EXPECT_EQ(CheckAccess(services, reviewer).error().reason, "SERVICE_ONLY");
  Caller service;
  service.service = "worklist";
  EXPECT_TRUE(CheckAccess(services, service));
  EXPECT_EQ(CheckAccess(access, service).error().reason, "LOGIN_NEEDED");
}

}  // namespace
}  // namespace zonelink::rpc
