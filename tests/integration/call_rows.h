// SPDX-License-Identifier: Apache-2.0
// The parts of the access matrix, and what their rows are made of.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "tests/integration/cast.h"

namespace zonelink::test {

// Those whose organisation or zone has no part in the cast's cases.
inline const std::string kForeignStaff = "verifier~ reviewer~ inspector~ releaser~ zone_admin~ ";
inline const std::string kForeignMembers = "filer~ enterprise_admin~ ";

inline const std::string kMembers = "filer enterprise_admin ";
inline const std::string kOwnStaff = "verifier reviewer inspector releaser zone_admin ";
inline const std::string kThreeAdministrators = "system_admin security_admin audit_admin ";

inline Target Get(std::string path, std::string id = "") {
  return {.path = std::move(path), .body = {}, .id = std::move(id)};
}

inline Target Post(std::string path, std::string body, std::string id = "") {
  return {.path = std::move(path), .body = std::move(body), .id = std::move(id)};
}

std::vector<CallRow> CatalogueServiceRows();
std::vector<CallRow> DecisionRows();
std::vector<CallRow> DirectoryMoreRows();
std::vector<CallRow> DirectoryRows();
std::vector<CallRow> DocumentsRows();
std::vector<CallRow> LedgerRows();
std::vector<CallRow> RecognitionRows();
std::vector<CallRow> WorklistRows();

}  // namespace zonelink::test
