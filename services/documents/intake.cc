// SPDX-License-Identifier: Apache-2.0
#include "documents/intake.h"

#include <string_view>

#include "documents/vault_store.h"
#include "platform/outbox/consumer.h"
#include "platform/rpc/timestamp.h"
#include "zonelink/events/v1/recognition_events.pb.h"

namespace zonelink::documents {
namespace {

constexpr std::string_view kFiling = "zonelink.recognition.filing.";

}  // namespace

Status ApplyRecognitionEvents(db::Tx& tx, std::span<const events::v1::Event> events) {
  // One statement takes each row once. Who was a party once may read what the case held then.
  std::map<vault_store::GrantKey, vault_store::Grant> grants;
  for (const events::v1::Event& event : events) {
    if (!event.type().starts_with(kFiling)) continue;
    events::v1::FilingChanged body;
    if (!body.ParseFromString(event.body())) return Internal("a filing event that cannot be read");
    const std::string parties = outbox::PartiesText(event);
    for (const std::string& sha256 : body.document_sha256()) {
      const auto [known, added] = grants.try_emplace(
          {sha256, body.organization_id(), body.filing_id()},
          vault_store::Grant{.parties = parties, .granted_at = ToTime(event.at())});
      if (!added) known->second.parties += "," + parties;
    }
  }
  vault_store::AddGrants(tx, grants);
  return Done{};
}

}  // namespace zonelink::documents
