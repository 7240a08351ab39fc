// SPDX-License-Identifier: Apache-2.0
#include "ledger/settings.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>

namespace zonelink::ledger {
namespace {

Error Unfit(const std::string& what) {
  return InvalidArgument("LEDGER_CONFIG_INVALID", "ledger: " + what, {{"what", what}});
}

Error BadKey(const std::string& key, const std::string& why) {
  return InvalidArgument("LEDGER_KEY_INVALID", fmt::format("ledger.witnesses: {}: {}", key, why),
                         {{"key", key}});
}

// In the order of their names, so that notes list them alike everywhere.
Result<std::vector<WitnessSetting>> Witnesses(const config::v1::Ledger& config) {
  std::vector<WitnessSetting> witnesses;
  std::set<std::string> names;
  for (const auto& [text, url] : config.witnesses()) {
    auto key = VerifierKey::Parse(text);
    if (!key) return BadKey(text, key.error().message);
    if (key->type != SignatureType::kCosignature) return BadKey(text, "is no witness's key");
    if (!names.insert(key->name).second) return BadKey(text, "another has the same name");
    if (!url.starts_with("http://") && !url.starts_with("https://")) {
      return Unfit(fmt::format("witness {} has no http or https URL", key->name));
    }
    witnesses.push_back({.key = *std::move(key), .url = url});
  }
  std::sort(witnesses.begin(), witnesses.end(),
            [](const auto& a, const auto& b) { return a.key.name < b.key.name; });
  return witnesses;
}

}  // namespace

std::vector<std::string> Settings::WitnessNames() const {
  std::vector<std::string> names;
  for (const WitnessSetting& witness : witnesses) names.push_back(witness.key.name);
  return names;
}

Result<Settings> ReadSettings(const config::v1::Ledger& config) {
  if (!ValidKeyName(config.origin())) return Unfit("origin is missing or holds spaces or `+`");
  if (config.signing_key_file().empty()) return Unfit("signing_key_file is missing");
  if (config.state_file().empty()) return Unfit("state_file is missing");
  auto witnesses = Witnesses(config);
  if (!witnesses) return std::move(witnesses).error();
  const auto count = static_cast<unsigned>(witnesses->size());
  const unsigned quorum = config.has_quorum() ? config.quorum() : count;
  if (quorum > count) return Unfit("quorum is greater than the number of witnesses");
  auto secret = crypto::Ed25519Key::FromPemFile(config.signing_key_file());
  if (!secret) return std::move(secret).error();
  Settings settings{
      .origin = config.origin(),
      .key = VerifierKey::Of(config.origin(), SignatureType::kEd25519, secret->PublicRaw()),
      .secret = *std::move(secret),
      .state_file = config.state_file(),
      .witnesses = *std::move(witnesses),
      .quorum = quorum,
  };
  if (config.witness_timeout_ms() != 0) {
    settings.witness_timeout = std::chrono::milliseconds(config.witness_timeout_ms());
  }
  return settings;
}

}  // namespace zonelink::ledger
