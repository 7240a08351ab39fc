// SPDX-License-Identifier: Apache-2.0
// What stands in a leaf: a salted commitment to an event, never the event itself.
#pragma once

#include <string>
#include <string_view>

#include "ledger/domain/merkle.h"
#include "platform/core/result.h"
#include "platform/core/time.h"

namespace zonelink::ledger {

inline constexpr size_t kSaltBytes = 32;

struct Entry {
  std::string event_id;  // UUID
  std::string type;      // zonelink.recognition.decision.granted
  Time at;               // on the deployment's clock
  Hash commitment;

  // Id and type may stand in an entry: a UUID; letters, digits, `.`, `_` and `-`.
  bool Valid() const;
  // Canonical JSON (RFC 8785): {"at":…,"c":…,"id":…,"type":…,"v":1}; `c` in lower-case hexadecimal.
  // The id is a UUID in lower case, the type of letters, digits, `.`, `_` and `-`, the time from
  // 1970 on.
  std::string Format() const;
  // InvalidArgument `ENTRY_INVALID` unless `text` is exactly what Format makes of the result.
  static Result<Entry> Parse(std::string_view text);
  friend bool operator==(const Entry&, const Entry&) = default;
};

// SHA-256(salt ‖ event): who does not hold the salt of kSaltBytes cannot link the leaf to the
// event.
Hash Commit(std::string_view salt, std::string_view event);

}  // namespace zonelink::ledger
