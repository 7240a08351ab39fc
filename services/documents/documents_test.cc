// SPDX-License-Identifier: Apache-2.0
// Uploads, what lies in the database, keys, the vault; on a real PostgreSQL.
#include <fmt/format.h>
#include <sys/stat.h>

#include <thread>

#include "documents/caretaker.h"
#include "documents/test_documents.h"
#include "platform/crypto/crypto.h"
#include "platform/outbox/event_log.h"
#include "zonelink/events/v1/documents_events.pb.h"

namespace zonelink::documents {
namespace {

constexpr size_t kChunk = kChunkBytes;

class Uploads : public DocumentsTest {};
class Damage : public DocumentsTest {};
class Keys : public DocumentsTest {};
class Vault : public DocumentsTest {};

TEST_F(Uploads, ComeInChunksAndGoOutAsTheyCame) {
  for (const size_t size : {size_t{1}, kChunk - 1, kChunk, kChunk + 1, 2 * kChunk + 77}) {
    const std::string bytes = NewBytes(size);
    const std::string sha256 = Store(Filer(), bytes);
    EXPECT_EQ(sha256, crypto::HexEncode(crypto::Sha256(bytes)));
    EXPECT_EQ(Must(ReadAll(Filer(), sha256)), bytes) << size;
  }
}

TEST_F(Uploads, GoOnAfterTheProcessWasStartedAnew) {
  const std::string bytes = NewBytes(2 * kChunk + 5);
  const pb::Upload begun = Must(service().StartUpload(Filer(), Announcement(bytes)));
  EXPECT_EQ(begun.chunk_count(), 3);
  EXPECT_EQ(begun.missing_chunks_size(), 3);
  Must(Put(Filer(), begun.upload_id(), 2, bytes.substr(2 * kChunk)));
  Must(Put(Filer(), begun.upload_id(), 0, bytes.substr(0, kChunk)));
  Restart();
  pb::GetUploadRequest get;
  get.set_upload_id(begun.upload_id());
  const pb::Upload half = Must(service().GetUpload(Filer(), get));
  EXPECT_EQ(half.received_bytes(), static_cast<int64_t>(kChunk + 5));
  ASSERT_EQ(half.missing_chunks_size(), 1);
  EXPECT_EQ(half.missing_chunks(0), 1);
  EXPECT_EQ(ReasonOf(Complete(Filer(), begun.upload_id())), "CHUNK_MISSING");
  // Who has lost the id finds it by the bytes.
  const pb::Upload again = Must(service().StartUpload(Filer(), Announcement(bytes)));
  EXPECT_EQ(again.upload_id(), begun.upload_id());
  EXPECT_EQ(again.received_bytes(), half.received_bytes());
  Must(Put(Filer(), begun.upload_id(), 1, bytes.substr(kChunk, kChunk)));
  const pb::VaultDocument document = Must(Complete(Filer(), begun.upload_id()));
  EXPECT_EQ(document.title(), "营业执照.pdf");
  EXPECT_EQ(Must(service().GetUpload(Filer(), get)).document().sha256(), document.sha256());
  EXPECT_EQ(Must(ReadAll(Filer(), document.sha256())), bytes);
}

TEST_F(Uploads, WhatIsHeldAlreadyIsAnsweredAtOnce) {
  const std::string bytes = NewBytes(10);
  const std::string sha256 = Store(Filer(), bytes);
  const pb::Upload upload = Must(service().StartUpload(Filer(), Announcement(bytes)));
  EXPECT_EQ(upload.document().sha256(), sha256);
  EXPECT_EQ(upload.missing_chunks_size(), 0);
  EXPECT_EQ(ReasonOf(Put(Filer(), upload.upload_id(), 0, bytes)), "UPLOAD_COMPLETE");
  EXPECT_EQ(Must(Complete(Filer(), upload.upload_id())).sha256(), sha256);
  // Another organisation is told nothing of it.
  const Call other = Filer(organization_ + "-other");
  EXPECT_FALSE(Must(service().StartUpload(other, Announcement(bytes))).has_document());
}

TEST_F(Uploads, AnotherChunkUnderTheSameIndexReplacesIt) {
  const std::string bytes = NewBytes(kChunk + 3);
  const std::string id = Must(service().StartUpload(Filer(), Announcement(bytes))).upload_id();
  Must(Put(Filer(), id, 0, std::string(kChunk, 'x')));
  Must(Put(Filer(), id, 1, bytes.substr(kChunk)));
  EXPECT_EQ(ReasonOf(Complete(Filer(), id)), "HASH_MISMATCH");
  const std::string nonce = Sql(
      "SELECT encode(nonce, 'hex') FROM documents.chunks WHERE position = 0 AND document_id = '" +
      id + "'");
  Must(Put(Filer(), id, 0, bytes.substr(0, kChunk)));
  Must(Put(Filer(), id, 0, bytes.substr(0, kChunk)));
  EXPECT_NE(nonce, Sql("SELECT encode(nonce, 'hex') FROM documents.chunks WHERE position = 0 AND "
                       "document_id = '" +
                       id + "'"));
  EXPECT_TRUE(Complete(Filer(), id));
}

TEST_F(Uploads, UnfitOnesAreRefused) {
  const std::string bytes = NewBytes(kChunk + 3);
  pb::StartUploadRequest request = Announcement(bytes);
  request.set_valid_from("2026-03-03");
  request.set_valid_until("2026-03-02");
  EXPECT_EQ(ReasonOf(service().StartUpload(Filer(), request)), "DOCUMENT_DATES");
  const std::string id = Must(service().StartUpload(Filer(), Announcement(bytes))).upload_id();
  EXPECT_EQ(ReasonOf(Put(Filer(), id, 2, "abc")), "CHUNK_UNKNOWN");
  EXPECT_EQ(ReasonOf(Put(Filer(), id, 1, "ab")), "SIZE_MISMATCH");
  EXPECT_EQ(ReasonOf(Put(Filer(), id, 1, "")), "SIZE_MISMATCH");
  EXPECT_EQ(ReasonOf(Put(Filer(), "none", 1, "abc")), "UPLOAD_NOT_FOUND");
  EXPECT_EQ(ReasonOf(Complete(Filer(), "none")), "UPLOAD_NOT_FOUND");
  EXPECT_EQ(ReasonOf(Put(Filer(organization_ + "-other"), id, 1, "abc")), "UPLOAD_NOT_FOUND");
  pb::PutChunkRequest put;
  put.set_upload_id(id);
  put.mutable_content()->set_content_type("text/html");
  EXPECT_EQ(ReasonOf(service().PutChunk(Filer(), put)), "MEDIA_TYPE_UNSUPPORTED");
}

// Announced with a wrong size first: the hash tells the same bytes, so the last announcement
// counts.
TEST_F(Uploads, AreAnnouncedAnewWithAnotherSize) {
  const std::string bytes = NewBytes(100);
  pb::StartUploadRequest wrong = Announcement(bytes);
  wrong.set_size_bytes(kMostBytes);
  const std::string first = Must(service().StartUpload(Filer(), wrong)).upload_id();
  const pb::Upload second = Must(service().StartUpload(Filer(), Announcement(bytes)));
  EXPECT_NE(second.upload_id(), first);
  EXPECT_EQ(second.chunk_count(), 1);
  EXPECT_EQ(Store(Filer(), bytes), wrong.sha256());
}

TEST_F(Uploads, OfOneOrganisationAreBounded) {
  for (int i = 0; i < kMostUploads; ++i)
    Must(service().StartUpload(Filer(), Announcement(NewBytes(20))));
  const std::string bytes = NewBytes(20);
  EXPECT_EQ(ReasonOf(service().StartUpload(Filer(), Announcement(bytes))), "UPLOADS_OPEN");
  EXPECT_TRUE(service().StartUpload(Filer(organization_ + "-other"), Announcement(bytes)));
}

TEST_F(Uploads, AreRemovedADayAfterTheyBegan) {
  const std::string old =
      Must(service().StartUpload(Filer(), Announcement(NewBytes(5)))).upload_id();
  Must(Put(Filer(), old, 0, "12345"));
  const std::string fresh =
      Must(service().StartUpload(Filer(), Announcement(NewBytes(5)))).upload_id();
  const std::string stored = Store(Filer(), NewBytes(5));
  const auto age = [&](const std::string& hours) {
    Run("UPDATE documents.documents SET started_at = clock_timestamp() - interval '" + hours +
        " hours' WHERE organization_id = '" + organization_ + "' AND document_id <> '" + fresh +
        "'");
  };
  age("23");
  EXPECT_EQ(Must(RemoveExpiredUploads(database())), 0);
  age("24.1");
  EXPECT_EQ(Must(RemoveExpiredUploads(database())), 1);
  EXPECT_EQ(ReasonOf(Complete(Filer(), old)), "UPLOAD_NOT_FOUND");
  EXPECT_EQ(Sql("SELECT count(*) FROM documents.chunks WHERE document_id = '" + old + "'"), "0");
  EXPECT_EQ(ReasonOf(Complete(Filer(), fresh)), "CHUNK_MISSING");
  EXPECT_TRUE(ReadAll(Filer(), stored));
}

// Both send and complete at the same time: one document comes of it.
TEST_F(Uploads, TwoOfTheSameBytesBecomeOneDocument) {
  const std::string bytes = NewBytes(kChunk + 1);
  std::string hashes[2];
  const auto store = [&](int i) { hashes[i] = Store(Filer(), bytes); };
  const std::string id = Must(service().StartUpload(Filer(), Announcement(bytes))).upload_id();
  for (int i = 0; i < 2; ++i)
    Must(Put(Filer(), id, i, i == 0 ? bytes.substr(0, kChunk) : bytes.substr(kChunk)));
  std::thread other([&] { hashes[1] = Must(Complete(Filer(), id)).sha256(); });
  hashes[0] = Must(Complete(Filer(), id)).sha256();
  other.join();
  EXPECT_EQ(hashes[0], hashes[1]);
  store(0);
  EXPECT_EQ(Sql("SELECT count(*) FROM documents.events WHERE type = "
                "'zonelink.documents.document.stored' AND 'org:" +
                organization_ + "' = ANY (parties)"),
            "1");
}

TEST_F(Damage, NothingLiesInClear) {
  const std::string bytes = "a line that nobody may find on the disk " + NewBytes(kChunk);
  const std::string sha256 = Store(Filer(), bytes);
  EXPECT_EQ(Sql("SELECT count(*) FROM documents.chunks c JOIN documents.documents d USING "
                "(document_id) WHERE sha256 = '" +
                sha256 + "' AND position(convert_to('nobody may find', 'UTF8') IN sealed) > 0"),
            "0");
  EXPECT_EQ(Sql("SELECT octet_length(wrapped_key) FROM documents.documents WHERE sha256 = '" +
                sha256 + "'"),
            "40");
}

// Each way in which a row can be another than was written; nobody is given a byte of it, and no
// reading is on record.
TEST_F(Damage, IsToldAndNothingIsServed) {
  const std::string of =
      " FROM documents.documents d WHERE d.document_id = c.document_id AND d.sha256 = '{0}'";
  const std::vector<std::string> faults = {
      "UPDATE documents.chunks c SET sealed = set_byte(sealed, 100, get_byte(sealed, 100) # 1)" +
          of + " AND position = 2",
      "UPDATE documents.chunks c SET sealed = set_byte(sealed, 0, get_byte(sealed, 0) # 128)" + of +
          " AND position = 0",
      "UPDATE documents.chunks c SET nonce = set_byte(nonce, 0, get_byte(nonce, 0) # 1)" + of +
          " AND position = 1",
      "UPDATE documents.chunks c SET sealed = substr(sealed, 1, 40)" + of + " AND position = 2",
      "DELETE FROM documents.chunks c USING documents.documents d WHERE d.document_id = "
      "c.document_id AND d.sha256 = '{0}' AND position = 2",
      // Places changed.
      "UPDATE documents.chunks c SET position = 1 - position + 10" + of +
          " AND position < 2; UPDATE documents.chunks c SET position = position - 10" + of +
          " AND position >= 10",
      "UPDATE documents.documents d SET wrapped_key = set_byte(wrapped_key, 9, "
      "get_byte(wrapped_key, 9) # 1) WHERE sha256 = '{0}'",
      // Cut short, with the size to match: the number of chunks is sealed too.
      "DELETE FROM documents.chunks c USING documents.documents d WHERE d.document_id = "
      "c.document_id AND d.sha256 = '{0}' AND position = 2; UPDATE documents.documents SET "
      "size_bytes = 2097152 WHERE sha256 = '{0}'"};
  for (const std::string& fault : faults) {
    const std::string sha256 = Store(Filer(), NewBytes(2 * kChunk + 100));
    Run(fmt::format(fmt::runtime(fault), sha256));
    EXPECT_EQ(ReasonOf(Read(Filer(), sha256)), "DOCUMENT_DAMAGED") << fault;
    EXPECT_EQ(ReasonOf(Read(Auditor(), sha256)), "DOCUMENT_DAMAGED") << fault;
    EXPECT_EQ(Must(Readings(Filer(), sha256)).items_size(), 0);
  }
}

TEST_F(Damage, OfWhatIsBeingReadEndsTheReading) {
  const std::string sha256 = Store(Filer(), NewBytes(2 * kChunk + 100));
  const api::Raw first = Must(Read(Filer(), sha256));
  Run("UPDATE documents.chunks c SET sealed = set_byte(sealed, 7, get_byte(sealed, 7) # 1) FROM "
      "documents.documents d WHERE d.document_id = c.document_id AND position = 1 AND sha256 = '" +
      sha256 + "'");
  EXPECT_EQ(ReasonOf(Read(Filer(), sha256, "", first.next_page_token())), "DOCUMENT_DAMAGED");
}

TEST_F(Damage, BeforeTheEndIsNoDocument) {
  const std::string bytes = NewBytes(50);
  const std::string id = Must(service().StartUpload(Filer(), Announcement(bytes))).upload_id();
  Must(Put(Filer(), id, 0, bytes));
  Run("UPDATE documents.chunks SET sealed = set_byte(sealed, 7, get_byte(sealed, 7) # 1) WHERE "
      "document_id = '" +
      id + "'");
  EXPECT_EQ(ReasonOf(Complete(Filer(), id)), "DOCUMENT_DAMAGED");
}

TEST_F(Keys, AreWrappedAnewWhenTheirKeyIsReplaced) {
  const std::string bytes = NewBytes(kChunk + 9);
  const std::string sha256 = Store(Filer(), bytes);
  const std::string half =
      Must(service().StartUpload(Filer(), Announcement(NewBytes(3)))).upload_id();
  const std::string old_file = config_.key_file();
  const std::string old_id = keys().current_id();
  config_.set_key_file(NewKeyFile("second"));
  Restart();
  // Without the old key nothing opens, and nothing is lost.
  EXPECT_EQ(ReasonOf(Read(Filer(), sha256)), "KEY_MISSING");
  EXPECT_EQ(ReasonOf(Put(Filer(), half, 0, "abc")), "KEY_MISSING");
  EXPECT_EQ(Must(RewrapKeys(database(), keys())), 0);
  (*config_.mutable_previous_key_files())["2025"] = old_file;
  Restart();
  EXPECT_EQ(Must(ReadAll(Filer(), sha256)), bytes);
  EXPECT_GE(Must(RewrapKeys(database(), keys())), 2);
  EXPECT_EQ(Must(RewrapKeys(database(), keys())), 0);
  EXPECT_EQ(Sql("SELECT count(*) FROM documents.documents WHERE key_id = '" + old_id + "'"), "0");
  config_.clear_previous_key_files();
  Restart();
  EXPECT_EQ(Must(ReadAll(Filer(), sha256)), bytes);
  EXPECT_TRUE(Put(Filer(), half, 0, "abc"));
}

TEST_F(Keys, OfUnfitFilesAreRefused) {
  config::v1::Documents config;
  EXPECT_EQ(ReasonOf(KeyRing::Read(config)), "CONFIG_INVALID");
  config.set_key_file("/nonexistent/key");
  EXPECT_EQ(ReasonOf(KeyRing::Read(config)), "SECRET_UNREADABLE");
  config = config_;
  ASSERT_EQ(chmod(config.key_file().c_str(), 0644), 0);
  EXPECT_EQ(ReasonOf(KeyRing::Read(config)), "SECRET_UNREADABLE");
  ASSERT_EQ(chmod(config.key_file().c_str(), 0600), 0);
  EXPECT_TRUE(KeyRing::Read(config));
  for (const std::string& text : {std::string(63, 'a'), std::string(65, 'a'), std::string(64, 'g'),
                                  std::string(64, 'A'), std::string(128, 'a')}) {
    FILE* file = std::fopen(config.key_file().c_str(), "w");
    std::fputs(text.c_str(), file);
    std::fclose(file);
    EXPECT_EQ(ReasonOf(KeyRing::Read(config)), "CONFIG_INVALID") << text;
  }
}

TEST_F(Vault, ListsWhatItHolds) {
  std::vector<std::string> newest_first;
  for (const char* kind : {"invoice", "packing-list", "invoice"}) {
    const std::string bytes = NewBytes(30);
    pb::StartUploadRequest request = Announcement(bytes);
    request.set_kind(kind);
    request.set_valid_until(newest_first.empty() ? "2020-01-01" : "2099-12-31");
    const std::string id = Must(service().StartUpload(Filer(), request)).upload_id();
    Must(Put(Filer(), id, 0, bytes));
    newest_first.insert(newest_first.begin(), Must(Complete(Filer(), id)).sha256());
  }
  Must(service().StartUpload(Filer(), Announcement(NewBytes(3))));  // not complete: not shown
  const auto list = [&](const std::string& kind, bool only_valid, const Call& by) {
    pb::ListDocumentsRequest request;
    request.set_kind(kind);
    request.set_only_valid(only_valid);
    request.set_page_size(2);
    std::vector<std::string> listed;
    do {
      const auto page = Must(service().ListDocuments(by, request));
      for (const auto& item : page.items()) listed.push_back(item.sha256());
      request.set_page_token(page.next_page_token());
    } while (!request.page_token().empty());
    return listed;
  };
  EXPECT_EQ(list("", false, Filer()), newest_first);
  EXPECT_EQ(list("invoice", false, Filer()), (std::vector{newest_first[0], newest_first[2]}));
  EXPECT_EQ(list("", true, Filer()), (std::vector{newest_first[0], newest_first[1]}));
  EXPECT_EQ(list("invoice", true, Filer()), (std::vector{newest_first[0]}));
  EXPECT_TRUE(list("", false, Filer(organization_ + "-other")).empty());
}

TEST_F(Vault, LetsGoOfWhatNoCaseRefersTo) {
  const std::string bytes = NewBytes(30);
  const std::string sha256 = Store(Filer(), bytes);
  Must(ReadAll(Filer(), sha256));
  pb::DiscardDocumentRequest request;
  request.set_sha256(sha256);
  EXPECT_EQ(ReasonOf(service().DiscardDocument(Filer(organization_ + "-other"), request)),
            "DOCUMENT_NOT_FOUND");
  Refer(organization_, "F-1", {sha256}, {"org:" + organization_, "zone:jiangsu"});
  EXPECT_EQ(ReasonOf(service().DiscardDocument(Filer(), request)), "DOCUMENT_REFERRED");
  Run("DELETE FROM documents.document_grants WHERE sha256 = '" + sha256 + "'");
  EXPECT_TRUE(service().DiscardDocument(Filer(), request));
  EXPECT_EQ(ReasonOf(service().DiscardDocument(Filer(), request)), "DOCUMENT_NOT_FOUND");
  EXPECT_EQ(ReasonOf(Read(Filer(), sha256)), "DOCUMENT_NOT_FOUND");
  EXPECT_EQ(Must(Readings(Filer(), sha256)).items_size(), 1);
  EXPECT_EQ(Sql("SELECT string_agg(type, ' ' ORDER BY version) FROM documents.events WHERE subject "
                "LIKE 'documents/%' AND 'org:" +
                organization_ + "' = ANY (parties)"),
            "zonelink.documents.document.stored zonelink.documents.document.read "
            "zonelink.documents.document.discarded");
  EXPECT_EQ(Store(Filer(), bytes), sha256);
}

}  // namespace
}  // namespace zonelink::documents
