// SPDX-License-Identifier: Apache-2.0
#include "ledger/ledger_service.h"

#include "ledger/domain/merkle.h"
#include "ledger/public_call.h"
#include "ledger/requests.h"
#include "ledger/sequencer.h"
#include "platform/outbox/append.h"
#include "platform/outbox/salt_client.h"
#include "platform/rpc/timestamp.h"
#include "zonelink/events/v1/ledger_events.pb.h"

namespace zonelink::ledger {
namespace {

constexpr const char* kText = "text/plain; charset=utf-8";
constexpr const char* kOctets = "application/octet-stream";

uint64_t SizeOf(const std::shared_ptr<const Published>& published) {
  return published ? published->checkpoint.size : 0;
}

api::Raw Raw(const char* content_type, std::string data, bool immutable) {
  api::Raw raw;
  raw.set_content_type(content_type);
  raw.set_data(std::move(data));
  raw.set_immutable(immutable);
  return raw;
}

Error Pending() {
  return FailedPrecondition("RECEIPT_PENDING", "no checkpoint covers such an event yet",
                            {{"retry_after_seconds", "1"}});
}

// What a receipt needs of the database.
struct Row {
  std::optional<StoredLeaf> leaf;
  std::optional<StoredContent> content;
};

}  // namespace

LedgerService::LedgerService(db::Database& database, rpc::Channels& channels, TreeReader& tree,
                             const Publisher& publisher)
    : database_(database), channels_(channels), tree_(tree), publisher_(publisher) {}

void LedgerService::Bind(rpc::Server& server) {
  rpc::Binder(server, "zonelink.ledger.v1.LedgerService", this)
      .Unary("GetCheckpoint", &LedgerService::GetCheckpoint)
      .Unary("GetTile", &LedgerService::GetTile)
      .Unary("GetEntries", &LedgerService::GetEntries)
      .Unary("GetReceipt", &LedgerService::GetReceipt)
      .Unary("GetConsistencyProof", &LedgerService::GetConsistencyProof)
      .Unary("GetLedger", &LedgerService::GetLedger)
      .Unary("DestroySalt", &LedgerService::DestroySalt);
}

Result<api::Raw> LedgerService::GetCheckpoint(const Call&, const v1::GetCheckpointRequest&) {
  const auto published = publisher_.published();
  if (!published) return NotFound("CHECKPOINT_UNKNOWN", "nothing was signed yet");
  return Raw(kText, published->note, false);
}

Result<api::Raw> LedgerService::GetTile(const Call&, const v1::GetTileRequest& request) {
  const auto tile = ParseTile(request);
  if (!tile) return tile.error();
  const Status covered = CheckCovered(tile->level, tile->place, SizeOf(publisher_.published()));
  if (!covered) return covered.error();
  const auto hashes = tree_.Tile(tile->level, tile->place);
  if (!hashes) return hashes.error();
  return Raw(kOctets, EncodeTile(std::span(**hashes).first(tile->place.width)),
             tile->place.width == kTileWidth);
}

Result<api::Raw> LedgerService::GetEntries(const Call& call, const v1::GetEntriesRequest& request) {
  const auto place = ParseBundle(request);
  if (!place) return place.error();
  const Status covered = CheckCovered(0, *place, SizeOf(publisher_.published()));
  if (!covered) return covered.error();
  const auto entries = database_.Query(call, [&](db::Tx& tx) -> Result<std::vector<std::string>> {
    return ReadEntries(tx, *place);
  });
  if (!entries) return entries.error();
  if (entries->size() != place->width) return Internal("the tree lacks entries of a bundle");
  return Raw(kOctets, EncodeBundle(*entries), place->width == kTileWidth);
}

Result<v1::Receipt> LedgerService::GetReceipt(const Call& call,
                                              const v1::GetReceiptRequest& request) {
  if (const Status id = CheckEventId(request.event_id()); !id) return id.error();
  // Strangers have no right to ask for contents.
  const bool asks_content = call.caller.SignedIn();
  const auto row = database_.Query(call, [&](db::Tx& tx) -> Result<Row> {
    Row row{.leaf = FindLeaf(tx, request.event_id()), .content = std::nullopt};
    if (row.leaf && asks_content) row.content = FindContent(tx, request.event_id());
    return row;
  });
  if (!row) return row.error();
  const auto published = publisher_.published();
  if (!row->leaf || row->leaf->index >= SizeOf(published)) return Pending();
  const auto proof = InclusionProof(row->leaf->index, SizeOf(published), [&](NodeId node) {
    return tree_.Node(node, SizeOf(published));
  });
  if (!proof) return proof.error();
  v1::Receipt receipt;
  receipt.set_event_id(row->leaf->event_id);
  receipt.set_index(static_cast<int64_t>(row->leaf->index));
  receipt.set_entry(row->leaf->entry);
  for (const Hash& hash : *proof) receipt.add_proof(std::string(hash.view()));
  receipt.set_checkpoint(published->note);
  receipt.set_anchored(published->anchored);
  if (!row->content) return receipt;
  receipt.set_salt(row->content->salt);
  receipt.set_event(row->content->event);
  receipt.set_source(row->content->source);
  receipt.set_subject(row->content->subject);
  receipt.set_version(row->content->version);
  return receipt;
}

Result<v1::ConsistencyProof> LedgerService::GetConsistencyProof(
    const Call&, const v1::GetConsistencyProofRequest& request) {
  const auto sizes = ParseSizes(request, SizeOf(publisher_.published()));
  if (!sizes) return sizes.error();
  const auto hashes = ConsistencyProof(sizes->from, sizes->to,
                                       [&](NodeId node) { return tree_.Node(node, sizes->to); });
  if (!hashes) return hashes.error();
  v1::ConsistencyProof proof;
  proof.set_from(request.from());
  proof.set_to(request.to());
  for (const Hash& hash : *hashes) proof.add_hashes(std::string(hash.view()));
  return proof;
}

Result<v1::Ledger> LedgerService::GetLedger(const Call& call, const v1::GetLedgerRequest&) {
  const auto size =
      database_.Query(call, [&](db::Tx& tx) -> Result<uint64_t> { return TreeSize(tx); });
  if (!size) return size.error();
  const Publisher::View view = publisher_.view();
  const Settings& settings = publisher_.settings();
  v1::Ledger ledger;
  ledger.set_origin(settings.origin);
  ledger.set_key(settings.key.Format());
  for (const auto& witness : view.witnesses) {
    v1::LedgerWitness* out = ledger.add_witnesses();
    out->set_name(witness.key.name);
    out->set_key(witness.key.Format());
    out->set_size(static_cast<int64_t>(witness.size));
    out->set_trouble(witness.trouble);
  }
  ledger.set_quorum(static_cast<int32_t>(settings.quorum));
  ledger.set_size(static_cast<int64_t>(*size));
  ledger.set_published_size(static_cast<int64_t>(SizeOf(view.published)));
  ledger.set_anchored_size(static_cast<int64_t>(view.anchored_size));
  if (view.published && view.published->signed_at != Time{}) {
    *ledger.mutable_published_at() = ToTimestamp(view.published->signed_at);
  }
  if (view.frozen) {
    ledger.set_frozen(view.frozen->reason);
    ledger.set_head_before(view.frozen->before);
    ledger.set_head_now(view.frozen->now);
  }
  return ledger;
}

Result<v1::DestroySaltResponse> LedgerService::DestroySalt(const Call& call,
                                                           const v1::DestroySaltRequest& request) {
  // First of all the key is claimed and it is on record who did it: a key of another request
  // destroys nothing. A caller who got no answer asks again with the same key, until all copies are
  // gone.
  if (const Status told = AppendDestroyed(call, request); !told) return told.error();
  const auto leaf = database_.Query(call, [&](db::Tx& tx) -> Result<StoredLeaf> {
    auto found = FindLeaf(tx, request.event_id());
    if (!found) return NotFound("EVENT_UNKNOWN", "no leaf of this id");
    return *std::move(found);
  });
  if (!leaf) return leaf.error();
  const Status destroyed = outbox::DestroyEventSalt(
      channels_, call,
      {.caller = std::string(kSource), .source = leaf->source, .event_id = leaf->event_id});
  if (!destroyed) return destroyed.error();
  // The sequencer does the same when it meets the event, whatever becomes of this process.
  const Status erased = database_.System("erase contents", [&](db::Tx& tx) -> Status {
    EraseContents(tx, {leaf->event_id});
    return Done{};
  });
  if (!erased) return erased.error();
  v1::DestroySaltResponse response;
  response.set_event_id(leaf->event_id);
  return response;
}

Status LedgerService::AppendDestroyed(const Call& call, const v1::DestroySaltRequest& request) {
  events::v1::SaltDestroyed body;
  body.set_reason(request.reason());
  body.mutable_actor()->set_user_id(call.caller.user_id);
  body.mutable_actor()->set_name(call.caller.name);
  body.mutable_actor()->set_zone(call.caller.zone);
  body.mutable_actor()->set_organization_id(call.caller.organization_id);
  const auto told = database_.Command<v1::DestroySaltResponse>(
      call, request, [&](db::Tx& tx) -> Result<v1::DestroySaltResponse> {
        if (const Status id = CheckEventId(request.event_id()); !id) return id.error();
        const auto leaf = FindLeaf(tx, request.event_id());
        if (!leaf) return NotFound("EVENT_UNKNOWN", "no leaf of this id");
        body.set_event_id(leaf->event_id);
        body.set_source(leaf->source);
        outbox::Append(tx,
                       {.subject = "salts/" + leaf->event_id,
                        .version = 1,
                        .type = std::string(kSaltDestroyed),
                        .parties = {}},
                       body);
        v1::DestroySaltResponse response;
        response.set_event_id(leaf->event_id);
        return response;
      });
  // It was destroyed before, and the event says so.
  if (!told && told.error().reason != "SALT_DESTROYED") return told.error();
  return Done{};
}

}  // namespace zonelink::ledger
