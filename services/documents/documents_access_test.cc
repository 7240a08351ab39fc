// SPDX-License-Identifier: Apache-2.0
// Who may read a document, and what is on record of it.
#include "documents/test_documents.h"
#include "zonelink/events/v1/documents_events.pb.h"

namespace zonelink::documents {
namespace {

constexpr size_t kChunk = kChunkBytes;

class Access : public DocumentsTest {
 protected:
  std::vector<std::string> Parties(const std::string& zone) const {
    return {"org:" + organization_, "zone:" + zone, "leading-group"};
  }
  // Zones are this test's own.
  std::string Zone(const std::string& name) const { return name + organization_.substr(4); }
};

TEST_F(Access, IsTheOwnersAndThePartiesToACase) {
  const std::string bytes = NewBytes(kChunk + 10);
  const std::string sha256 = Store(Filer(), bytes);
  const Call jiangsu = Officer(Zone("jiangsu"));
  const Call hunan = Officer(Zone("hunan"));
  const Call chair = By({.user_id = "c", .roles = {"chair"}});
  for (const Call& call : {jiangsu, hunan, chair, Filer(organization_ + "-other")}) {
    EXPECT_EQ(ReasonOf(Read(call, sha256)), "DOCUMENT_NOT_FOUND");
  }
  EXPECT_EQ(Must(ReadAll(Filer(), sha256)), bytes);
  Refer(organization_, "F-1", {sha256}, Parties(Zone("jiangsu")));
  EXPECT_EQ(Must(ReadAll(jiangsu, sha256)), bytes);
  EXPECT_EQ(Must(ReadAll(chair, sha256)), bytes);
  EXPECT_EQ(Must(ReadAll(Auditor(), sha256)), bytes);
  EXPECT_EQ(ReasonOf(Read(hunan, sha256)), "DOCUMENT_NOT_FOUND");
  EXPECT_EQ(ReasonOf(Read(Filer(organization_ + "-other"), sha256)), "DOCUMENT_NOT_FOUND");
}

TEST_F(Access, ACaseMayReferToItBeforeItComes) {
  const std::string bytes = NewBytes(10);
  const std::string sha256 = Announcement(bytes).sha256();
  const Call officer = Officer(Zone("jiangsu"));
  Refer(organization_, "F-1", {sha256}, Parties(Zone("jiangsu")));
  EXPECT_EQ(ReasonOf(Read(officer, sha256)), "DOCUMENT_NOT_FOUND");
  const std::string id = Must(service().StartUpload(Filer(), Announcement(bytes))).upload_id();
  Must(Put(Filer(), id, 0, bytes));
  EXPECT_EQ(ReasonOf(Read(officer, sha256)), "DOCUMENT_NOT_FOUND");  // not complete
  EXPECT_EQ(Must(Complete(Filer(), id)).cases(), 1);
  EXPECT_EQ(Must(ReadAll(officer, sha256)), bytes);
}

// The case of one organisation opens nothing of another that holds the same bytes.
TEST_F(Access, IsToTheDocumentOfTheCasesOrganisation) {
  const std::string bytes = NewBytes(10);
  const std::string sha256 = Store(Filer(organization_ + "-other"), bytes);
  const Call officer = Officer(Zone("jiangsu"));
  Refer(organization_, "F-1", {sha256}, Parties(Zone("jiangsu")));
  EXPECT_EQ(ReasonOf(Read(officer, sha256)), "DOCUMENT_NOT_FOUND");
  Store(Filer(), bytes);
  EXPECT_EQ(Must(ReadAll(officer, sha256)), bytes);
  EXPECT_EQ(Must(Readings(Filer(), sha256)).items_size(), 1);
  EXPECT_EQ(Must(Readings(Filer(organization_ + "-other"), sha256)).items_size(), 0);
}

TEST_F(Access, IsByTheCaseThatIsNamed) {
  const std::string sha256 = Store(Filer(), NewBytes(10));
  const Call officer = Officer(Zone("jiangsu"));
  Refer(organization_, "F-1", {sha256}, Parties(Zone("jiangsu")));
  Refer(organization_, "F-2", {sha256}, Parties(Zone("jiangsu")));
  Refer(organization_, "F-3", {sha256}, Parties(Zone("hunan")));
  Must(ReadAll(officer, sha256, "F-1"));
  Must(ReadAll(officer, sha256));
  EXPECT_EQ(ReasonOf(Read(officer, sha256, "F-3")), "DOCUMENT_NOT_FOUND");
  EXPECT_EQ(ReasonOf(Read(officer, sha256, "F-4")), "DOCUMENT_NOT_FOUND");
  const auto readings = Must(Readings(Filer(), sha256));
  ASSERT_EQ(readings.items_size(), 2);
  EXPECT_EQ(readings.items(0).case_id(), "F-2");  // the newest
  EXPECT_EQ(readings.items(1).case_id(), "F-1");
}

// An agent is a party to a case in its principal's name: it reads while it acts for the principal.
TEST_F(Access, OfAnAgentEndsWithTheMandate) {
  const std::string agent = organization_ + "-agent";
  const std::string bytes = NewBytes(10);
  const std::string sha256 = Store(Filer(), bytes);
  std::vector<std::string> parties = Parties(Zone("jiangsu"));
  parties.push_back("org:" + agent);
  Refer(organization_, "F-1", {sha256}, parties);
  EXPECT_EQ(ReasonOf(Read(Filer(agent), sha256)), "DOCUMENT_NOT_FOUND") << "nobody's agent";
  Mandate("org-somebody", agent, "2100-12-31");
  EXPECT_EQ(ReasonOf(Read(Filer(agent), sha256)), "DOCUMENT_NOT_FOUND") << "somebody else's";
  Mandate(organization_, agent, "2026-01-02");
  EXPECT_EQ(ReasonOf(Read(Filer(agent), sha256)), "DOCUMENT_NOT_FOUND") << "expired";
  Mandate(organization_, agent, "2100-12-31");
  EXPECT_EQ(Must(ReadAll(Filer(agent), sha256)), bytes);
  EXPECT_EQ(ReasonOf(Read(Filer(organization_ + "-other"), sha256)), "DOCUMENT_NOT_FOUND");
  Mandate(organization_, agent, "2100-12-31", false);
  Mandate(organization_, agent, "2100-12-31");  // delivered late
  EXPECT_EQ(ReasonOf(Read(Filer(agent), sha256)), "DOCUMENT_NOT_FOUND");
  // What it may read as itself, and whatever others may, stays.
  const std::string own = Store(Filer(agent), NewBytes(10));
  Refer(agent, "F-2", {own}, {"org:" + agent, "zone:" + Zone("jiangsu")});
  Must(ReadAll(Filer(agent), own, "F-2"));
  EXPECT_EQ(Must(ReadAll(Filer(), sha256, "F-1")), bytes);
  Call officer = Officer(Zone("jiangsu"));
  officer.caller.organization_id = agent;
  EXPECT_EQ(Must(ReadAll(officer, sha256)), bytes);
}

TEST_F(Access, EveryReadingIsOnRecordOnce) {
  const std::string sha256 = Store(Filer(), NewBytes(2 * kChunk + 1));
  const Call officer = Officer(Zone("jiangsu"));
  Refer(organization_, "F-1", {sha256}, Parties(Zone("jiangsu")));
  Must(ReadAll(Filer(), sha256));
  Must(ReadAll(officer, sha256));
  Must(Read(Auditor(), sha256));  // of which the first part was taken only
  for (const Call& call : {Filer(), Auditor()}) {
    const auto readings = Must(Readings(call, sha256));
    ASSERT_EQ(readings.items_size(), 3);
    EXPECT_EQ(readings.items(0).user_id(), "u");
    EXPECT_EQ(readings.items(0).case_id(), "");
    EXPECT_EQ(readings.items(1).user_id(), officer.caller.user_id);
    EXPECT_EQ(readings.items(1).zone(), Zone("jiangsu"));
    EXPECT_EQ(readings.items(1).case_id(), "F-1");
    EXPECT_EQ(readings.items(2).organization_id(), organization_);
  }
  EXPECT_EQ(ReasonOf(Readings(Filer(organization_ + "-other"), sha256)), "DOCUMENT_NOT_FOUND");
  EXPECT_EQ(ReasonOf(Readings(officer, sha256)), "DOCUMENT_NOT_FOUND");
  EXPECT_EQ(Sql("SELECT string_agg(array_to_string(parties, ' '), '; ' ORDER BY version) FROM "
                "documents.events WHERE type = 'zonelink.documents.document.read' AND parties && "
                "ARRAY['org:" +
                organization_ + "']"),
            "org:" + organization_ + "; org:" + organization_ + " zone:" + Zone("jiangsu") +
                "; org:" + organization_);
}

TEST_F(Access, AReadingIsContinuedByWhoBeganIt) {
  const std::string bytes = NewBytes(2 * kChunk + 1);
  const std::string sha256 = Store(Filer(), bytes);
  const std::string token = Must(Read(Filer(), sha256)).next_page_token();
  const Call other = Officer(Zone("jiangsu"));
  Refer(organization_, "F-1", {sha256}, Parties(Zone("jiangsu")));
  EXPECT_EQ(ReasonOf(Read(other, sha256, "", token)), "PAGE_TOKEN_INVALID");
  EXPECT_EQ(ReasonOf(Read(Filer(), sha256, "", token + "x")), "PAGE_TOKEN_INVALID");
  EXPECT_EQ(Must(Read(Filer(), sha256, "", token)).data(), bytes.substr(kChunk, kChunk));
  clock_.now += std::chrono::hours(2);
  EXPECT_EQ(ReasonOf(Read(Filer(), sha256, "", token)), "PAGE_TOKEN_INVALID");
}

TEST_F(Access, AnswersAsAttachment) {
  const std::string bytes = NewBytes(kChunk + 1);
  const std::string sha256 = Store(Filer(), bytes);
  const api::Raw raw = Must(Read(Filer(), sha256));
  EXPECT_EQ(raw.content_type(), "application/pdf");
  EXPECT_EQ(raw.file_name(), "营业执照.pdf");
  EXPECT_EQ(raw.total_bytes(), static_cast<int64_t>(bytes.size()));
  EXPECT_EQ(raw.data().size(), kChunk);
}

// Events of a batch tell of one case twice; a later batch brings further parties.
TEST_F(Access, GrowsWithTheParties) {
  const std::string sha256 = Store(Filer(), NewBytes(10));
  Refer(organization_, "F-1", {sha256, sha256}, Parties(Zone("jiangsu")));
  Refer(organization_, "F-1", {sha256}, Parties(Zone("hunan")));
  Refer(organization_, "F-1", {sha256}, Parties(Zone("hunan")));
  EXPECT_TRUE(Read(Officer(Zone("jiangsu")), sha256));
  EXPECT_TRUE(Read(Officer(Zone("hunan")), sha256));
  EXPECT_EQ(Sql("SELECT cardinality(parties) FROM documents.document_grants WHERE sha256 = '" +
                sha256 + "'"),
            "4");
}

// The later of two events that come together may name fewer.
TEST_F(Access, IsOfAllWhomEventsName) {
  const std::string sha256 = Store(Filer(), NewBytes(10));
  Hear({Referral(organization_, "F-1", {sha256}, Parties(Zone("jiangsu"))),
        Referral(organization_, "F-1", {sha256}, Parties(Zone("hunan")))});
  EXPECT_TRUE(Read(Officer(Zone("jiangsu")), sha256));
  EXPECT_TRUE(Read(Officer(Zone("hunan")), sha256));
}

// What the database refuses, whatever the service says.
TEST_F(Access, IsTheDatabasesToo) {
  const std::string sha256 = Store(Filer(), NewBytes(10));
  const auto as_filer = [&](const std::string& organization, const std::string& sql) {
    try {
      Run("SET ROLE zl_documents; SELECT set_config('zl.organization', '" + organization +
          "', false), set_config('zl.parties', 'org:" + organization +
          "', false), set_config('zl.user', 'filer-" + organization +
          "', false); SET search_path TO documents; " + sql);
      return true;
    } catch (const std::exception&) {
      return false;
    }
  };
  const std::string own = organization_;
  EXPECT_TRUE(as_filer(own, "SELECT sealed FROM chunks"));
  EXPECT_FALSE(as_filer(own, "UPDATE documents SET title = 'x' WHERE sha256 = '" + sha256 + "'"));
  EXPECT_FALSE(as_filer(own, "UPDATE documents SET wrapped_key = wrapped_key"));
  EXPECT_FALSE(as_filer(own, "DELETE FROM chunks"));
  EXPECT_FALSE(as_filer(own, "DELETE FROM document_readings"));
  EXPECT_FALSE(as_filer(own, "INSERT INTO document_grants VALUES ('a', 'b', 'c', '{d}', now())"));
  EXPECT_FALSE(as_filer(own,
                        "INSERT INTO chunks SELECT document_id, 7, '123456789012', 'x' FROM "
                        "documents WHERE sha256 = '" +
                            sha256 + "'"));
}

}  // namespace
}  // namespace zonelink::documents
