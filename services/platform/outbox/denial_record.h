// SPDX-License-Identifier: Apache-2.0
// One refused call as it stands in a service's denial log, and the chain that holds the log
// together: who has the rows recomputes every link.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "platform/core/time.h"

namespace zonelink::outbox {

// Columns of the table `denials`. Texts are empty where nothing is known.
struct DenialRecord {
  int64_t seq = 0;  // from 1, without gaps
  Time at;          // wall time of the refusal
  std::string rpc;  // zonelink.recognition.v1.RecognitionService/SubmitFiling
  std::string user_id;
  std::string session_id;
  std::string caller_service;
  std::string organization_id;
  std::string zone;
  std::string code;  // as in google.rpc.Code, PERMISSION_DENIED
  std::string reason;
  std::string request_id;

  // Canonical JSON (RFC 8785) of all columns but `chain`: {"at":…,"caller_service":…,…}; `at` as
  // FormatTime writes it.
  std::string Format() const;
};

// The chain value before the first record: 32 zero bytes.
std::string FirstLink();
// SHA-256(the chain value before ‖ the record's canonical JSON).
std::string NextLink(std::string_view before, const DenialRecord& record);

}  // namespace zonelink::outbox
