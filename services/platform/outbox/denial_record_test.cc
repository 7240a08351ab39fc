// SPDX-License-Identifier: Apache-2.0
#include "platform/outbox/denial_record.h"

#include <gtest/gtest.h>

#include "platform/crypto/crypto.h"

namespace zonelink::outbox {
namespace {

DenialRecord Sample() {
  return {.seq = 7,
          .at = *ParseTime("2026-03-02T08:00:00.25Z"),
          .rpc = "zonelink.recognition.v1.RecognitionService/SubmitFiling",
          .user_id = "u-1",
          .session_id = "s-1",
          .caller_service = "",
          .organization_id = "o-1",
          .zone = "zhejiang",
          .code = "PERMISSION_DENIED",
          .reason = "ROLE_NEEDED",
          .request_id = "r-1"};
}

TEST(DenialRecord, IsCanonicalJson) {
  EXPECT_EQ(Sample().Format(),
            R"({"at":"2026-03-02T08:00:00.250000Z","caller_service":"","code":"PERMISSION_DENIED",)"
            R"("organization_id":"o-1","reason":"ROLE_NEEDED","request_id":"r-1",)"
            R"("rpc":"zonelink.recognition.v1.RecognitionService/SubmitFiling","seq":7,)"
            R"("session_id":"s-1","user_id":"u-1","zone":"zhejiang"})");
}

TEST(DenialRecord, EscapesAsRfc8785) {
  DenialRecord record;
  record.request_id = "a\"b\\c\b\f\n\r\t\x01\x1f/\x7f區";
  EXPECT_NE(
      record.Format().find("\"request_id\":\"a\\\"b\\\\c\\b\\f\\n\\r\\t\\u0001\\u001f/\x7f區\""),
      std::string::npos)
      << record.Format();
}

TEST(DenialRecord, EachLinkHoldsTheOneBefore) {
  EXPECT_EQ(FirstLink(), std::string(32, '\0'));
  const std::string first = NextLink(FirstLink(), Sample());
  EXPECT_EQ(first, crypto::Sha256(std::string(32, '\0') + Sample().Format()));
  EXPECT_EQ(NextLink(first, Sample()), crypto::Sha256(first + Sample().Format()));
  EXPECT_NE(NextLink(first, Sample()), first);
}

TEST(DenialRecord, EveryColumnCounts) {
  const std::string link = NextLink(FirstLink(), Sample());
  const auto differs = [&](auto change) {
    DenialRecord record = Sample();
    change(record);
    return NextLink(FirstLink(), record) != link;
  };
  EXPECT_TRUE(differs([](DenialRecord& r) { ++r.seq; }));
  EXPECT_TRUE(differs([](DenialRecord& r) { r.at += std::chrono::microseconds(1); }));
  for (auto column :
       {&DenialRecord::rpc, &DenialRecord::user_id, &DenialRecord::session_id,
        &DenialRecord::caller_service, &DenialRecord::organization_id, &DenialRecord::zone,
        &DenialRecord::code, &DenialRecord::reason, &DenialRecord::request_id}) {
    EXPECT_TRUE(differs([&](DenialRecord& r) { r.*column += "x"; }));
  }
}

}  // namespace
}  // namespace zonelink::outbox
