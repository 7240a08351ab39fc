// SPDX-License-Identifier: Apache-2.0
// Documents from the enterprise's hands to the officer's: in chunks, over interruptions, byte for
// byte, for nobody else.
#include "tests/support/documents.h"

#include <fmt/format.h>
#include <gmock/gmock.h>

#include <csignal>
#include <fstream>

#include "tests/support/child.h"
#include "tests/support/command_line.h"
#include "tests/support/fixture.h"

namespace zonelink::test {
namespace {

constexpr size_t kChunk = size_t{1} << 20;

class Documents : public IntegrationTest {
 protected:
  static void SetUpTestSuite() {
    IntegrationTest::SetUpTestSuite();
    item_ = world().NewItem();
    world().Agree(item_, {"shanghai"}, {"jiangsu"}, "REVIEW");
  }

  Documents() : organization_(world().NewOrganization("shanghai")) {
    filer_ = world().Member(organization_, {"filer"});
  }
  Api& Filer() { return world().As(filer_); }
  static Api& Officer(const std::string& zone) {
    static std::map<std::string, Person> officers;
    if (officers.count(zone) == 0) officers[zone] = world().Staff(zone, {"verifier"});
    return world().As(officers[zone]);
  }
  // A filing to jiangsu that refers to the document, and documents has heard of it; its id.
  std::string Refer(const std::string& sha256) {
    const FilingSpec spec{.item_id = item_,
                          .home_zone = "shanghai",
                          .target_zones = {"jiangsu"},
                          .applicant = organization_,
                          .document_sha256 = sha256};
    const std::string id = Filer().Post("/v1/filings", spec.ToJson()).text("filingId");
    auto sql = deployment().database().Admin();
    EXPECT_TRUE(WaitUntil(std::chrono::seconds(20), [&] {
      return sql.One("SELECT count(*) FROM documents.document_grants WHERE case_id = $1", {id}) ==
             "1";
    }));
    return id;
  }
  // What runs the service.
  static std::string Process() { return deployment().settings().many ? "documents" : "all"; }
  static std::string Path(const std::string& sha256) { return "/v1/documents/" + sha256; }

  static inline std::string item_;
  const Organization organization_;
  Person filer_;
};

TEST_F(Documents, ComeOverABreakAndAreReadAsTheyCame) {
  const std::string bytes = RandomDocument(2 * kChunk + 4321);
  const Answer begun = Filer().Post("/v1/documents", AnnouncementJson(bytes));
  ASSERT_TRUE(HasStatus(begun, 201));
  EXPECT_EQ(begun.text("receivedBytes"), "0");
  EXPECT_EQ(begun.text("chunkCount"), "3");
  const std::string id = begun.text("uploadId");
  ASSERT_TRUE(HasStatus(PutChunk(Filer(), id, 2, bytes.substr(2 * kChunk)), 200));
  ASSERT_TRUE(HasStatus(PutChunk(Filer(), id, 0, bytes.substr(0, kChunk)), 200));
  deployment().Kill(Process(), SIGKILL);
  deployment().Restart(Process());
  const Answer half = Filer().Get("/v1/uploads/" + id);
  ASSERT_TRUE(HasStatus(half, 200));
  EXPECT_EQ(half.text("receivedBytes"), std::to_string(kChunk + 4321));
  EXPECT_EQ(half.text("missingChunks.0"), "1");
  EXPECT_TRUE(Refused(Filer().Post(fmt::format("/v1/uploads/{}:complete", id), "{}"), 409,
                      "CHUNK_MISSING"));
  ASSERT_TRUE(HasStatus(PutChunk(Filer(), id, 1, bytes.substr(kChunk, kChunk)), 200));
  const Answer document = Filer().Post(fmt::format("/v1/uploads/{}:complete", id), "{}");
  ASSERT_TRUE(HasStatus(document, 200));
  EXPECT_EQ(document.text("sha256"), HashOf(bytes));

  const Answer read = Filer().Get(Path(HashOf(bytes)));
  ASSERT_TRUE(HasStatus(read, 200));
  EXPECT_TRUE(read.body == bytes);
  EXPECT_EQ(read.http.Header("content-type"), "application/pdf");
  EXPECT_EQ(read.http.Header("content-length"), std::to_string(bytes.size()));
  EXPECT_EQ(
      read.http.Header("content-disposition"),
      "attachment; filename*=UTF-8''%E5%8E%9F%E4%BA%A7%E5%9C%B0%E8%AF%81%E4%B9%A6%20%221%22.pdf");
  EXPECT_EQ(read.http.Header("x-content-type-options"), "nosniff");
  EXPECT_EQ(read.http.Header("cache-control"), "no-store");
  // The connection goes on.
  EXPECT_TRUE(HasStatus(Filer().Get("/v1/documents?kind=certificate&onlyValid=true"), 200));
}

TEST_F(Documents, OfTheGreatestSizeComeAndGo) {
  const std::string bytes = RandomDocument(50 * kChunk);
  const std::string sha256 = UploadDocument(Filer(), bytes);
  const Answer read = Filer().Get(Path(sha256));
  ASSERT_EQ(read.status, 200);
  EXPECT_TRUE(read.body == bytes);
}

TEST_F(Documents, AreReadByThePartiesOfTheCase) {
  const std::string bytes = RandomDocument(kChunk + 1);
  const std::string sha256 = UploadDocument(Filer(), bytes);
  const Organization other = world().NewOrganization("jiangsu");
  Api& stranger = world().As(world().Member(other, {"filer"}));
  EXPECT_TRUE(Refused(Officer("jiangsu").Get(Path(sha256)), 404, "DOCUMENT_NOT_FOUND"));
  const std::string filing = Refer(sha256);
  EXPECT_TRUE(Officer("jiangsu").Get(Path(sha256) + "?caseId=" + filing).body == bytes);
  EXPECT_TRUE(Officer("jiangsu").Get(Path(sha256)).body == bytes);
  EXPECT_TRUE(Refused(Officer("hainan").Get(Path(sha256)), 404, "DOCUMENT_NOT_FOUND"));
  EXPECT_TRUE(Refused(stranger.Get(Path(sha256)), 404, "DOCUMENT_NOT_FOUND"));
  EXPECT_TRUE(Refused(stranger.Get(Path(sha256) + "/readings"), 404, "DOCUMENT_NOT_FOUND"));
  EXPECT_TRUE(Refused(world().Nobody().Get(Path(sha256)), 401, "LOGIN_NEEDED"));
  // Who holds the same bytes learns nothing of it.
  EXPECT_FALSE(
      stranger.Post("/v1/documents", AnnouncementJson(bytes)).json()["document"].present());
  const Answer readings = Filer().Get(Path(sha256) + "/readings");
  ASSERT_EQ(readings.json()["items"].items().size(), 2u);
  EXPECT_EQ(readings.text("items.0.caseId"), filing);
  EXPECT_EQ(readings.text("items.0.zone"), "jiangsu");
  EXPECT_TRUE(Refused(Filer().Post(Path(sha256) + ":discard", "{}"), 409, "DOCUMENT_REFERRED"));
}

// The program, as people run it; a chunk had arrived before it began, and another was wrong.
TEST_F(Documents, ComeAndGoByTheCommandLine) {
  const CommandLine zonelink(deployment(), "documents");
  const std::string& folder = zonelink.folder();
  const std::string bytes = RandomDocument(2 * kChunk + 99);
  std::ofstream(folder + "/certificate.pdf", std::ios::binary) << bytes;
  ASSERT_THAT(zonelink.Login(filer_.username), testing::StartsWith("0 "));
  const std::string id = Filer().Post("/v1/documents", AnnouncementJson(bytes)).text("uploadId");
  ASSERT_TRUE(HasStatus(PutChunk(Filer(), id, 0, bytes.substr(0, kChunk)), 200));
  ASSERT_TRUE(HasStatus(PutChunk(Filer(), id, 1, std::string(kChunk, 'x')), 200));
  const std::string sha256 = HashOf(bytes);
  EXPECT_THAT(zonelink.Run({"document", "upload", folder + "/certificate.pdf", "--kind",
                            "certificate", "--valid-until", "2027-12-31"}),
              testing::AllOf(testing::StartsWith("0 "), testing::HasSubstr(sha256)));
  EXPECT_THAT(zonelink.Run({"document", "list", "--only-valid"}), testing::HasSubstr(sha256));
  EXPECT_THAT(zonelink.Run({"document", "get", sha256, "--out", folder + "/came"}),
              testing::StartsWith("0 "));
  std::ifstream came(folder + "/came", std::ios::binary);
  EXPECT_TRUE(std::string(std::istreambuf_iterator<char>(came), {}) == bytes);
  EXPECT_THAT(zonelink.Run({"document", "readings", sha256}), testing::StartsWith("0 "));
  EXPECT_THAT(zonelink.Run({"document", "discard", sha256}), testing::StartsWith("0 "));
  EXPECT_THAT(zonelink.Run({"document", "get", sha256}), testing::Not(testing::StartsWith("0 ")));
}

TEST_F(Documents, EventsBecomeLeaves) {
  const std::string sha256 = UploadDocument(Filer(), RandomDocument(10));
  ASSERT_TRUE(HasStatus(Filer().Get(Path(sha256)), 200));
  auto sql = deployment().database().Admin();
  EXPECT_TRUE(WaitUntil(std::chrono::seconds(20), [&] {
    return sql.One(
               "SELECT count(*) FROM ledger.contents c JOIN documents.events e USING (event_id) "
               "WHERE $1 = ANY (e.parties)",
               {"org:" + organization_.id}) == "2";
  }));
}

TEST_F(Documents, DamagedOnesAreNotServed) {
  const std::string sha256 = UploadDocument(Filer(), RandomDocument(kChunk + 100));
  deployment().database().Admin().Query(
      "UPDATE documents.chunks c SET sealed = set_byte(sealed, 50, get_byte(sealed, 50) # 1) FROM "
      "documents.documents d WHERE d.document_id = c.document_id AND position = 1 AND d.sha256 = "
      "$1",
      {sha256});
  EXPECT_TRUE(Refused(Filer().Get(Path(sha256)), 409, "DOCUMENT_DAMAGED"));
}

TEST_F(Documents, UnfitRequestsAreRefused) {
  const auto announce = [&](const std::string& size, const std::string& hash) {
    return Filer().Post("/v1/documents",
                        fmt::format(R"({{"title":"t","kind":"k","mediaType":"a/b","sizeBytes":{},)"
                                    R"("sha256":"{}"}})",
                                    size, hash));
  };
  const std::string hash = HashOf(organization_.id);
  for (const char* size : {"0", "-1", "\"52428801\"", "\"9223372036854775807\""}) {
    EXPECT_TRUE(Refused(announce(size, hash), 400, "REQUEST_INVALID")) << size;
  }
  EXPECT_TRUE(Refused(announce("1", "abc"), 400, "REQUEST_INVALID"));
  const Answer upload = announce("\"52428800\"", hash);
  ASSERT_TRUE(HasStatus(upload, 201));
  const std::string id = upload.text("uploadId");
  EXPECT_EQ(upload.text("chunkCount"), "50");
  const auto send = [&](const std::string& path, const std::string& type, const std::string& body) {
    return Filer().Send(
        {.method = "POST", .path = path, .headers = {{"Content-Type", type}}, .body = body});
  };
  const std::string first = fmt::format("/v1/uploads/{}/chunks/0", id);
  const std::string octets = "application/octet-stream";
  EXPECT_TRUE(Refused(send(first, octets, std::string(kChunk + 1, 'x')), 413, "BODY_TOO_LARGE"));
  EXPECT_TRUE(Refused(send(first, octets, std::string(kChunk - 1, 'x')), 400, "SIZE_MISMATCH"));
  EXPECT_TRUE(Refused(send(first, octets, ""), 400, "SIZE_MISMATCH"));
  EXPECT_TRUE(Refused(send(first, "application/json", "{}"), 415, "MEDIA_TYPE_UNSUPPORTED"));
  EXPECT_TRUE(Refused(send(first, "a b", "x"), 415, "MEDIA_TYPE_UNSUPPORTED"));
  for (const char* index : {"50", "2147483647"}) {
    EXPECT_TRUE(Refused(send(fmt::format("/v1/uploads/{}/chunks/{}", id, index), octets, "x"), 400,
                        "CHUNK_UNKNOWN"));
  }
  for (const char* index : {"-1", "x", "2147483648", "1e1", "%00", ""}) {
    EXPECT_EQ(send(fmt::format("/v1/uploads/{}/chunks/{}", id, index), octets, "x").status / 100, 4)
        << index;
  }
  EXPECT_TRUE(Refused(send("/v1/uploads/another/chunks/0", octets, "x"), 404, "UPLOAD_NOT_FOUND"));
  EXPECT_TRUE(Refused(Filer().Get(Path(hash) + "?pageToken=a"), 400, "QUERY_UNKNOWN"));
  EXPECT_TRUE(Refused(Filer().Get(Path(hash)), 404, "DOCUMENT_NOT_FOUND"));
  EXPECT_TRUE(Refused(Filer().Get("/v1/documents/ABC"), 400, "REQUEST_INVALID"));
  // All that was sent and is not what was announced.
  const std::string wrong = RandomDocument(10);
  const std::string other = announce("10", HashOf("other" + organization_.id)).text("uploadId");
  ASSERT_TRUE(HasStatus(PutChunk(Filer(), other, 0, wrong), 200));
  EXPECT_TRUE(Refused(Filer().Post(fmt::format("/v1/uploads/{}:complete", other), "{}"), 409,
                      "HASH_MISMATCH"));
  EXPECT_TRUE(HasStatus(Filer().Post(Path(hash) + ":discard", "{}"), 200));  // given up
  EXPECT_TRUE(Refused(Filer().Get("/v1/uploads/" + id), 404, "UPLOAD_NOT_FOUND"));
}

}  // namespace
}  // namespace zonelink::test
