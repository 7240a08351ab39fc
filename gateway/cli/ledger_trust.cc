// SPDX-License-Identifier: Apache-2.0
#include "gateway/cli/ledger_trust.h"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>

#include "gateway/cli/files.h"
#include "gateway/cli/json.h"
#include "gateway/cli/ledger_source.h"
#include "platform/client/http_client.h"
#include "platform/crypto/crypto.h"

namespace zonelink::cli {
namespace {

using ledger::SignatureType;
using ledger::TrustPolicy;
using ledger::VerifierKey;

constexpr size_t kLargestPin = 1u << 20;

Result<VerifierKey> KeyOf(const std::string& text, SignatureType type, std::string_view whose) {
  auto key = VerifierKey::Parse(text);
  if (!key) {
    Error error = std::move(key).error();
    error.message = fmt::format("{}: {}", text, error.message);
    return error;
  }
  if (key->type != type) {
    return InvalidArgument("VERIFIER_KEY_INVALID",
                           fmt::format("{} is not the key of a {}", text, whose));
  }
  return key;
}
Result<VerifierKey> LogKey(const std::string& text) {
  return KeyOf(text, SignatureType::kEd25519, "log");
}
Result<VerifierKey> WitnessKey(const std::string& text) {
  return KeyOf(text, SignatureType::kCosignature, "witness");
}

// Witnesses and quorum of the command line laid over `policy`.
Result<TrustPolicy> Overlaid(TrustPolicy policy, const LedgerArguments& arguments) {
  if (!arguments.witnesses.empty()) {
    policy.witnesses.clear();
    for (const std::string& text : arguments.witnesses) {
      auto key = WitnessKey(text);
      if (!key) return std::move(key).error();
      for (const VerifierKey& known : policy.witnesses) {
        // One witness counts once, whatever it calls itself.
        if (known.public_key != key->public_key) continue;
        return InvalidArgument("VERIFIER_KEY_INVALID", text + " is given twice");
      }
      policy.witnesses.push_back(std::move(*key));
    }
    policy.quorum = static_cast<unsigned>(policy.witnesses.size());
  }
  if (arguments.quorum >= 0) policy.quorum = static_cast<unsigned>(arguments.quorum);
  if (!arguments.origin.empty()) policy.origin = arguments.origin;
  if (policy.quorum > policy.witnesses.size()) {
    return InvalidArgument("QUORUM_TOO_LARGE",
                           fmt::format("{} cosignatures cannot come from {} witnesses",
                                       policy.quorum, policy.witnesses.size()));
  }
  return policy;
}

Result<Trust> TrustOfServer(const TrustWish& wish, const LedgerArguments& arguments) {
  const auto unknown = [&](std::string_view why) {
    return FailedPrecondition("LEDGER_KEY_UNKNOWN",
                              fmt::format("no key is known for {}: {}", wish.origin, why),
                              {{"origin", wish.origin}});
  };
  const auto described = wish.describe();
  if (!described) return unknown(described.error().message);
  const auto about = ParseLedger(*described);
  if (!about) return unknown(about.error().message);
  if (about->origin != wish.origin) return unknown("the server's ledger is " + about->origin);
  return ServerPolicy(*described, arguments).transform([](TrustPolicy policy) {
    return Trust{std::move(policy), TrustFrom::kServer};
  });
}

}  // namespace

std::string Pin::ToJson() const {
  std::vector<std::string> witnesses;
  for (const VerifierKey& witness : policy.witnesses) witnesses.push_back(witness.Format());
  client::JsonWriter json;
  json.Begin('{').Field("origin", policy.origin).Field("key", policy.log.Format());
  json.Texts("witnesses", witnesses).Key("quorum").Number(policy.quorum);
  return json.Texts("logs", logs).End('}').Take();
}

Result<Pin> Pin::Parse(std::string_view text) {
  const auto broken = [](std::string message) {
    return FailedPrecondition("PIN_BROKEN", std::move(message));
  };
  const auto document = client::JsonDocument::Parse(text);
  if (!document) return broken(document.error().message);
  const client::Json json = document->root();
  Pin pin;
  pin.policy.origin = json["origin"].text();
  auto key = LogKey(json["key"].text());
  if (!key) return broken(key.error().message);
  pin.policy.log = std::move(*key);
  for (const std::string& witness : json["witnesses"].texts()) {
    auto parsed = WitnessKey(witness);
    if (!parsed) return broken(parsed.error().message);
    pin.policy.witnesses.push_back(std::move(*parsed));
  }
  const int64_t quorum = json["quorum"].number();
  if (pin.policy.origin.empty() || !json["quorum"].present() || quorum < 0 ||
      static_cast<uint64_t>(quorum) > pin.policy.witnesses.size()) {
    return broken("origin or quorum is missing or impossible");
  }
  pin.policy.quorum = static_cast<unsigned>(quorum);
  pin.logs = json["logs"].texts();
  return pin;
}

std::string PinStore::PathOf(const std::string& origin) const {
  std::string name = client::UrlEncode(origin);
  if (name.size() > 200) name = crypto::HexEncode(crypto::Sha256(origin));
  return folder_ + "/ledger-trust/" + name + ".json";
}

Result<std::vector<Pin>> PinStore::All() const {
  namespace fs = std::filesystem;
  std::vector<Pin> pins;
  const std::string folder = folder_ + "/ledger-trust";
  std::error_code failed;
  if (!fs::exists(folder, failed) && !failed) return pins;
  for (auto at = fs::directory_iterator(folder, failed); !failed && at != fs::directory_iterator();
       at.increment(failed)) {
    if (at->path().extension() != ".json") continue;
    auto pin = ReadFile(at->path().string(), kLargestPin).and_then(Pin::Parse);
    if (!pin) {
      return FailedPrecondition("PIN_BROKEN", at->path().string() + ": " + pin.error().message);
    }
    pins.push_back(std::move(*pin));
  }
  if (failed) return FailedPrecondition("PIN_BROKEN", folder + ": " + failed.message());
  return pins;
}

Result<std::optional<Pin>> PinStore::OfLog(const std::string& prefix) const {
  const auto pins = All();
  if (!pins) return pins.error();
  for (const Pin& pin : *pins) {
    if (std::find(pin.logs.begin(), pin.logs.end(), prefix) != pin.logs.end()) {
      return std::optional(pin);
    }
  }
  return std::optional<Pin>();
}

Result<std::optional<Pin>> PinStore::OfOrigin(const std::string& origin) const {
  const auto pins = All();
  if (!pins) return pins.error();
  for (const Pin& pin : *pins) {
    if (pin.policy.origin == origin) return std::optional(pin);
  }
  return std::optional<Pin>();
}

Status PinStore::Save(const Pin& pin, bool replace) const {
  auto pins = All();
  if (!pins) return pins.error();
  const auto conflict = [](const Pin& old, const Pin& fresh) {
    const auto shown = [](const Pin& one) {
      return fmt::format("{}, quorum {} of {}, fingerprint {}", one.policy.log.Format(),
                         one.policy.quorum, one.policy.witnesses.size(),
                         Fingerprint(one.policy.log));
    };
    return FailedPrecondition("PIN_EXISTS", "what is remembered is another log, key or quorum",
                              {{"remembered", shown(old)}, {"offered", shown(fresh)}});
  };
  Pin merged = pin;
  for (Pin& old : *pins) {
    const bool same_origin = old.policy.origin == pin.policy.origin;
    const auto taken = [&](const std::string& log) {
      return std::find(pin.logs.begin(), pin.logs.end(), log) != pin.logs.end();
    };
    if (same_origin) {
      const bool same = old.policy.log == pin.policy.log &&
                        old.policy.witnesses == pin.policy.witnesses &&
                        old.policy.quorum == pin.policy.quorum;
      if (!same && !replace) return conflict(old, pin);
      for (const std::string& log : old.logs) {
        if (!taken(log)) merged.logs.push_back(log);
      }
      continue;
    }
    const auto gone = std::remove_if(old.logs.begin(), old.logs.end(), taken);
    if (gone == old.logs.end()) continue;
    if (!replace) return conflict(old, pin);
    old.logs.erase(gone, old.logs.end());
    const auto saved = WriteFile(PathOf(old.policy.origin), old.ToJson() + "\n");
    if (!saved) return saved;
  }
  return WriteFile(PathOf(pin.policy.origin), merged.ToJson() + "\n");
}

Result<std::optional<TrustPolicy>> GivenPolicy(const LedgerArguments& arguments) {
  if (arguments.key.empty()) return std::optional<TrustPolicy>();
  auto key = LogKey(arguments.key);
  if (!key) return std::move(key).error();
  return Overlaid({.log = std::move(*key)}, arguments).transform([](TrustPolicy policy) {
    if (policy.origin.empty()) policy.origin = policy.log.name;
    return std::optional(std::move(policy));
  });
}

Result<TrustPolicy> ServerPolicy(std::string_view described, const LedgerArguments& arguments) {
  auto about = ParseLedger(described);
  if (!about) return std::move(about).error();
  return Overlaid(
      {std::move(about->origin), std::move(about->key), std::move(about->witnesses), about->quorum},
      arguments);
}

Result<Trust> FindTrust(const TrustWish& wish, const LedgerArguments& arguments,
                        const PinStore& pins) {
  auto given = GivenPolicy(arguments);
  if (!given) return std::move(given).error();
  if (*given) return Trust{std::move(**given), TrustFrom::kGiven};
  auto pin = wish.prefix.empty() ? pins.OfOrigin(wish.origin) : pins.OfLog(wish.prefix);
  if (pin && !*pin && !wish.prefix.empty()) pin = pins.OfOrigin(wish.origin);
  if (!pin) return std::move(pin).error();
  if (!*pin) return TrustOfServer(wish, arguments);
  return Overlaid((*pin)->policy, arguments).transform([](TrustPolicy policy) {
    return Trust{std::move(policy), TrustFrom::kPinned};
  });
}

std::string Fingerprint(const VerifierKey& key) {
  const std::string hex = crypto::HexEncode(crypto::Sha256(key.public_key));
  std::string grouped;
  for (size_t at = 0; at < hex.size(); at += 8) {
    grouped += (at == 0 ? "" : " ") + hex.substr(at, 8);
  }
  return grouped;
}

}  // namespace zonelink::cli
