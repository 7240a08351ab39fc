// SPDX-License-Identifier: Apache-2.0
// A filing's JSON from a file, standard input and options.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "gateway/cli/arguments.h"
#include "gateway/cli/json.h"
#include "platform/core/result.h"

namespace zonelink::cli {

// Text of the file at `path`, or of standard input for "-". INVALID_ARGUMENT `INPUT_UNREADABLE`.
Result<std::string> ReadInput(const std::string& path);

// Attribute name -> type as in the catalogue: STRING, DECIMAL, INTEGER, BOOLEAN, DATE.
using AttributeTypes = std::map<std::string, std::string, std::less<>>;
AttributeTypes AttributeTypesOf(const client::Json& item);

// Organisation of the caller, used where the input names no applicant.
struct OwnOrganization {
  std::string uscc;
  std::string name;
};

// "FIRST=SECOND" in its halves, neither empty. INVALID_ARGUMENT `INPUT_INVALID`, naming `form`.
Result<std::pair<std::string, std::string>> HalvesOf(const std::string& text,
                                                     std::string_view form);

// JSON object of a scope; the members of `base` where nothing is given. Empty: nothing at all.
std::string ScopeJson(const client::Json& base, const ScopeArguments& scope);

// The request body: `input` (an object or not present) with the options laid over it. Unknown
// members of the input are passed on, so that the server refuses them by name. INVALID_ARGUMENT
// `ATTRIBUTE_FORM`, `INPUT_INVALID`, `INPUT_UNREADABLE`, `DOCUMENT_SIZE`.
Result<std::string> FilingBody(const client::Json& input, const FilingArguments& options,
                               const AttributeTypes& types, const OwnOrganization& own);

// A paper as it is announced.
struct FileFacts {
  std::string name;        // without folders
  std::string media_type;  // by its ending
  int64_t bytes = 0;
  std::string sha256;  // lower-case hexadecimal
};
// INVALID_ARGUMENT `INPUT_UNREADABLE`, `DOCUMENT_SIZE`.
Result<FileFacts> LookAtFile(const std::string& path);

// JSON array of the named papers: "FILE" or "KIND=FILE". The bytes stay here, the hash is handed
// in.
Result<std::string> DocumentsJson(const std::vector<std::string>& documents);

// Item that the options or else the input name; empty when neither does.
std::string ItemOf(const client::Json& input, const FilingArguments& options);

}  // namespace zonelink::cli
