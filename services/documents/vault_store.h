// SPDX-License-Identifier: Apache-2.0
// What a vault shows: its list, who may read a document for which case, who has.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <tuple>
#include <vector>

#include "documents/document_store.h"
#include "documents/domain/document.h"
#include "platform/core/result.h"
#include "platform/db/database.h"

namespace zonelink::documents::vault_store {

struct Filter {
  std::string kind;           // empty: all
  std::optional<Date> day;    // only those valid then
  std::string stored_before;  // with the next: of the last row of the page before
  std::string id_before;
  int limit = 0;
};

struct Listed {
  Document document;
  int64_t cases = 0;
};

// The caller's organisation's, newest first.
std::vector<Listed> List(db::Tx& tx, const Filter& filter);
// Cases that refer to a document of the caller's organisation.
int64_t CountCases(db::Tx& tx, const std::string& sha256);

// A document that the caller may read, and for which case: the given one, or the newest that allows
// it. Empty where none does: it is the owner's or the auditor's.
struct Readable {
  document_store::Kept kept;
  std::string case_id;
};
// NotFound `DOCUMENT_NOT_FOUND`: also for what is forbidden, or whose bytes are not here.
Result<Readable> FindReadable(db::Tx& tx, const std::string& sha256, const std::string& case_id);

struct Reading {
  std::string reading_id;
  Time read_at;
  std::string user_id;
  std::string name;
  std::string zone;
  std::string organization_id;  // of the reader
  std::string case_id;
};

// As the service itself, with the document's version and time of change raised. NotFound
// `DOCUMENT_NOT_FOUND`: it was discarded meanwhile.
Result<Document> Record(db::Tx& tx, const DocumentId& id, const Reading& reading);

struct ReadingFilter {
  std::string sha256;
  std::string read_before;  // with the next: of the last row of the page before
  std::string id_before;
  int limit = 0;
};
// Newest first. NotFound `DOCUMENT_NOT_FOUND`: neither a document nor readings that the caller may
// see.
Result<std::vector<Reading>> Readings(db::Tx& tx, const ReadingFilter& filter);

// A case refers to an organisation's document.
struct Grant {
  std::string parties;  // joined by commas
  Time granted_at;
};
using GrantKey = std::tuple<std::string, std::string, std::string>;  // sha256, organisation, case
// As the service itself. A case keeps the parties that it had.
void AddGrants(db::Tx& tx, const std::map<GrantKey, Grant>& grants);

}  // namespace zonelink::documents::vault_store
