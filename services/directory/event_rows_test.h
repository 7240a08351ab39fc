// SPDX-License-Identifier: Apache-2.0
// For tests: the events of a subject as they are stored.
#pragma once

#include <string>

#include "directory/test_directory.h"

namespace zonelink::directory {

// Their types without `zonelink.directory.`, in order.
inline std::string EventsOf(const std::string& subject) {
  return Directory().scratch.AdminText(
      "SELECT string_agg(regexp_replace(type, '^zonelink.directory.', ''), ' ' ORDER BY version) "
      "FROM directory.events WHERE subject = '" +
      subject + "'");
}

// Who may see the last.
inline std::string PartiesOf(const std::string& subject) {
  return Directory().scratch.AdminText(
      "SELECT array_to_string(parties, ' ') FROM directory.events WHERE subject = '" + subject +
      "' ORDER BY version DESC LIMIT 1");
}

}  // namespace zonelink::directory
