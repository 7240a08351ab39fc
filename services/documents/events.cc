// SPDX-License-Identifier: Apache-2.0
#include "documents/events.h"

#include "platform/outbox/append.h"
#include "zonelink/events/v1/documents_events.pb.h"

namespace zonelink::documents {
namespace {

namespace ev = events::v1;

outbox::Draft DraftOf(const Document& document, std::string_view verb) {
  return {.subject = "documents/" + document.id.str(),
          .version = document.version,
          .type = "zonelink.documents.document." + std::string(verb),
          .parties = {"org:" + document.organization_id}};
}

template <class Body>
Body BodyOf(const Document& document) {
  Body body;
  body.set_document_id(document.id.str());
  body.set_organization_id(document.organization_id);
  body.set_sha256(document.sha256);
  return body;
}

}  // namespace

void AppendStored(db::Tx& tx, const Document& document) {
  auto body = BodyOf<ev::DocumentStored>(document);
  body.set_title(document.title);
  body.set_kind(document.kind);
  body.set_media_type(document.media_type);
  body.set_size_bytes(document.size_bytes);
  if (document.valid_from) body.set_valid_from(FormatDate(*document.valid_from));
  if (document.valid_until) body.set_valid_until(FormatDate(*document.valid_until));
  body.set_user_id(document.user_id);
  outbox::Append(tx, DraftOf(document, "stored"), body);
}

void AppendRead(db::Tx& tx, const Document& document, const vault_store::Reading& reading) {
  auto body = BodyOf<ev::DocumentRead>(document);
  body.set_reading_id(reading.reading_id);
  body.set_case_id(reading.case_id);
  body.set_user_id(reading.user_id);
  body.set_name(reading.name);
  body.set_zone(reading.zone);
  body.set_reader_organization_id(reading.organization_id);
  outbox::Draft draft = DraftOf(document, "read");
  if (!reading.zone.empty()) draft.parties.push_back("zone:" + reading.zone);
  outbox::Append(tx, std::move(draft), body);
}

void AppendDiscarded(db::Tx& tx, const Document& document, const std::string& user_id) {
  auto body = BodyOf<ev::DocumentDiscarded>(document);
  body.set_user_id(user_id);
  outbox::Append(tx, DraftOf(document, "discarded"), body);
}

}  // namespace zonelink::documents
