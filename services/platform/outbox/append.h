// SPDX-License-Identifier: Apache-2.0
// Appending events in the transaction of the change they tell of.
#pragma once

#include <google/protobuf/message.h>

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "platform/core/time.h"
#include "platform/db/database.h"

namespace zonelink::outbox {

// An event to append. `parties` says who may see it: `org:<id>`, `zone:<id>`, `leading-group`.
struct Draft {
  std::string subject;  // filings/<id>
  int64_t version = 0;  // of the subject, after the change; (subject, version) is unique
  std::string type;     // zonelink.recognition.filing.submitted
  std::vector<std::string> parties;
};

// An event as it will be stored.
struct Entry {
  std::string event_id;
  Draft draft;
  Time at;
  std::string body;  // the bytes that the ledger's commitment covers
  std::string salt;
};

// Draws id and salt.
Entry MakeEntry(Draft draft, Time at, const google::protobuf::Message& body);

void Append(db::Tx& tx, const Entry& entry);
// The same for one made now; returns the event's id.
std::string Append(db::Tx& tx, Draft draft, const google::protobuf::Message& body);

// Appends the first events of new subjects, in one statement, and numbers them: they have no
// earlier event that could still be without a number. The transaction's last statement, for its
// commit is what the next one to number waits for. For groups of writes: callers do not see every
// number.
void AppendFirst(db::Tx& tx, std::span<const Entry* const> entries);

}  // namespace zonelink::outbox
