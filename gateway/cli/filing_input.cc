// SPDX-License-Identifier: Apache-2.0
#include "gateway/cli/filing_input.h"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <iterator>
#include <utility>

#include "platform/crypto/crypto.h"

namespace zonelink::cli {
namespace {

using client::Json;
using client::JsonQuote;
using client::JsonWriter;

constexpr uintmax_t kLargestDocument = 50u * 1024 * 1024;
constexpr std::streamsize kReadBytes = 1 << 20;

std::string_view MediaType(std::string extension) {
  static constexpr std::pair<std::string_view, std::string_view> kTypes[] = {
      {".csv", "text/csv"},
      {".jpeg", "image/jpeg"},
      {".jpg", "image/jpeg"},
      {".json", "application/json"},
      {".ofd", "application/ofd"},
      {".pdf", "application/pdf"},
      {".png", "image/png"},
      {".tif", "image/tiff"},
      {".tiff", "image/tiff"},
      {".txt", "text/plain"},
      {".xml", "application/xml"},
      {".zip", "application/zip"},
      {".docx", "application/vnd.openxmlformats-officedocument.wordprocessingml.document"},
      {".xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"},
  };
  for (char& c : extension) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  for (const auto& [known, type] : kTypes) {
    if (known == extension) return type;
  }
  return "application/octet-stream";
}

bool IsSlug(std::string_view text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-';
  });
}

Result<std::string> DocumentJson(const std::string& argument) {
  std::string kind;
  std::string path = argument;
  const size_t equals = argument.find('=');
  if (equals != std::string::npos && IsSlug(argument.substr(0, equals)) &&
      !std::filesystem::exists(argument)) {
    kind = argument.substr(0, equals);
    path = argument.substr(equals + 1);
  }
  return LookAtFile(path).transform([&](const FileFacts& facts) {
    JsonWriter json;
    json.Begin('{')
        .Field("title", facts.name)
        .Field("sha256", facts.sha256)
        .Field("mediaType", facts.media_type)
        .Field("sizeBytes", std::to_string(facts.bytes))
        .Field("kind", kind)
        .End('}');
    return json.Take();
  });
}

// A value typed as name=value, as the catalogue's type wants it in JSON. What does not fit travels
// as text, so that the server's refusal names the attribute.
std::string AttributeJson(const std::string& value, std::string_view type) {
  const bool digits =
      !value.empty() && value.size() < 16 &&
      value.find_first_not_of("0123456789", value[0] == '-' ? 1 : 0) == std::string::npos &&
      value != "-";
  const bool leading_zero = value.size() > 1 && value[value[0] == '-' ? 1 : 0] == '0';
  if (type == "INTEGER" && digits && !leading_zero) return value;
  if (type == "BOOLEAN" && (value == "true" || value == "false")) return value;
  return JsonQuote(value);
}

// The members of `base` with those of `over` in their place, or added in order.
class Overlay {
 public:
  explicit Overlay(const Json& base) {
    for (const auto& [name, value] : base.members()) {
      members_.emplace_back(std::string(name), value.dump());
    }
  }
  void Set(const std::string& name, std::string json) {
    for (auto& [known, value] : members_) {
      if (known == name) {
        value = std::move(json);
        return;
      }
    }
    members_.emplace_back(name, std::move(json));
  }
  void SetText(const std::string& name, const std::string& text) {
    if (!text.empty()) Set(name, JsonQuote(text));
  }
  bool Has(const std::string& name) const {
    return std::any_of(members_.begin(), members_.end(),
                       [&](const auto& m) { return m.first == name; });
  }
  bool empty() const { return members_.empty(); }
  std::string Dump() const {
    JsonWriter json;
    json.Begin('{');
    for (const auto& [name, value] : members_) json.Key(name).Raw(value);
    return json.End('}').Take();
  }

 private:
  std::vector<std::pair<std::string, std::string>> members_;
};

std::string TextsJson(const std::vector<std::string>& texts) {
  JsonWriter json;
  json.Begin('[');
  for (const std::string& text : texts) json.Text(text);
  return json.End(']').Take();
}

// Papers that come later, as kind=date.
Result<std::string> LaterJson(const std::vector<std::string>& later) {
  JsonWriter json;
  json.Begin('[');
  for (const std::string& one : later) {
    const auto halves = HalvesOf(one, "KIND=YYYY-MM-DD");
    if (!halves) return halves.error();
    json.Begin('{').Field("kind", halves->first).Field("promisedOn", halves->second).End('}');
  }
  return json.End(']').Take();
}

// What only a submission has.
Status LaySubmission(const Json& input, const FilingArguments& options, Overlay& body) {
  if (options.promise) body.Set("promise", "true");
  if (!options.later.empty()) {
    auto later = LaterJson(options.later);
    if (!later) return later.error();
    body.Set("deferredDocuments", *std::move(later));
  }
  std::string scope = ScopeJson(input["scope"], options.scope);
  if (!scope.empty()) body.Set("scope", std::move(scope));
  body.SetText("refileOf", options.refile_of);
  if (options.from_vault) body.Set("useVault", "true");
  return Done{};
}

}  // namespace

Result<std::pair<std::string, std::string>> HalvesOf(const std::string& text,
                                                     std::string_view form) {
  const size_t equals = text.find('=');
  if (equals == std::string::npos || equals == 0 || equals + 1 == text.size()) {
    return InvalidArgument("INPUT_INVALID", fmt::format("\"{}\" is not {}", text, form));
  }
  return std::pair{text.substr(0, equals), text.substr(equals + 1)};
}

std::string ScopeJson(const Json& base, const ScopeArguments& given) {
  Overlay scope(base);
  if (!given.activities.empty()) scope.Set("activities", TextsJson(given.activities));
  if (!given.addresses.empty()) scope.Set("addresses", TextsJson(given.addresses));
  scope.SetText("quantity", given.quantity);
  scope.SetText("validFrom", given.from);
  scope.SetText("validUntil", given.until);
  return scope.empty() ? "" : scope.Dump();
}

Result<std::string> ReadInput(const std::string& path) {
  if (path == "-") return std::string(std::istreambuf_iterator<char>(std::cin), {});
  std::ifstream file(path, std::ios::binary);
  std::string text(std::istreambuf_iterator<char>(file), {});
  if (!file.good() && !file.eof())
    return InvalidArgument("INPUT_UNREADABLE", path + " cannot be read");
  return text;
}

AttributeTypes AttributeTypesOf(const Json& item) {
  AttributeTypes types;
  for (const Json& attribute : item["attributes"].items()) {
    types[attribute["name"].text()] = attribute["type"].text();
  }
  return types;
}

Result<FileFacts> LookAtFile(const std::string& path) {
  const std::filesystem::path name(path);
  std::error_code failed;
  const uintmax_t size = std::filesystem::file_size(name, failed);
  if (failed) return InvalidArgument("INPUT_UNREADABLE", path + ": " + failed.message());
  if (size == 0 || size > kLargestDocument) {
    return InvalidArgument("DOCUMENT_SIZE", path + ": a paper has 1 byte to 50 MiB");
  }
  std::ifstream file(path, std::ios::binary);
  crypto::Sha256Stream hash;
  std::string part(kReadBytes, '\0');
  FileFacts facts{.name = name.filename().string(),
                  .media_type = std::string(MediaType(name.extension().string()))};
  while (file.read(part.data(), kReadBytes) || file.gcount() > 0) {
    hash.Add(std::string_view(part).substr(0, static_cast<size_t>(file.gcount())));
    facts.bytes += file.gcount();
  }
  if (facts.bytes != static_cast<int64_t>(size))
    return InvalidArgument("INPUT_UNREADABLE", path + ": cannot be read whole");
  facts.sha256 = crypto::HexEncode(hash.Finish());
  return facts;
}

Result<std::string> DocumentsJson(const std::vector<std::string>& documents) {
  JsonWriter json;
  json.Begin('[');
  for (const std::string& document : documents) {
    auto one = DocumentJson(document);
    if (!one) return one;
    json.Raw(*one);
  }
  return json.End(']').Take();
}

std::string ItemOf(const Json& input, const FilingArguments& options) {
  return options.item.empty() ? input["itemId"].text() : options.item;
}

Result<std::string> FilingBody(const Json& input, const FilingArguments& options,
                               const AttributeTypes& types, const OwnOrganization& own) {
  Overlay body(input);
  body.SetText("itemId", options.item);
  body.SetText("homeZone", options.home);
  if (!options.to.empty()) body.Set("targetZones", TextsJson(options.to));
  Overlay applicant(input["applicant"]);
  if (applicant.empty()) {
    applicant.SetText("uscc", own.uscc);
    applicant.SetText("name", own.name);
  }
  applicant.SetText("uscc", options.applicant_uscc);
  applicant.SetText("name", options.applicant_name);
  if (!applicant.empty()) body.Set("applicant", applicant.Dump());
  Overlay credential(input["credential"]);
  credential.SetText("number", options.credential_number);
  credential.SetText("issuer", options.credential_issuer);
  credential.SetText("issuedOn", options.credential_issued_on);
  credential.SetText("validUntil", options.credential_valid_until);
  if (!credential.empty()) body.Set("credential", credential.Dump());
  Overlay attributes(input["attributes"]);
  for (const std::string& pair : options.attributes) {
    const size_t equals = pair.find('=');
    if (equals == std::string::npos || equals == 0) {
      return InvalidArgument("ATTRIBUTE_FORM", fmt::format("\"{}\" is not name=value", pair));
    }
    const std::string name = pair.substr(0, equals);
    const auto type = types.find(name);
    attributes.Set(name,
                   AttributeJson(pair.substr(equals + 1), type == types.end() ? "" : type->second));
  }
  if (!attributes.empty()) body.Set("attributes", attributes.Dump());
  if (!options.documents.empty()) {
    auto documents = DocumentsJson(options.documents);
    if (!documents) return documents;
    body.Set("documents", std::move(*documents));
  }
  if (const Status laid = LaySubmission(input, options, body); !laid) return laid.error();
  return body.Dump();
}

}  // namespace zonelink::cli
