// SPDX-License-Identifier: Apache-2.0
#include "zonelink/peers.h"

#include <fmt/format.h>
#include <google/protobuf/descriptor.h>

#include <algorithm>
#include <sstream>

#include "platform/core/clock.h"

namespace zonelink {
namespace {

constexpr std::chrono::hours kLeastLeft{14 * 24};

Error Invalid(std::string what) { return InvalidArgument("CONFIG_INVALID", std::move(what)); }

bool HasTls(const config::v1::Grpc& grpc) { return !grpc.tls_certificate_file().empty(); }

rpc::TlsFiles FilesOf(const config::v1::Grpc& grpc) {
  return {grpc.tls_certificate_file(), grpc.tls_key_file(), grpc.tls_authorities_file()};
}

// host of host:port, also of [::1]:port.
std::string HostOf(const std::string& address) {
  std::string host = address.substr(0, address.rfind(':'));
  if (host.size() >= 2 && host.front() == '[' && host.back() == ']')
    host = host.substr(1, host.size() - 2);
  return host;
}

std::vector<std::string> Words(const std::string& text) {
  std::istringstream stream(text);
  std::vector<std::string> words;
  for (std::string word; stream >> word;) words.push_back(word);
  return words;
}

const ModuleEntry* FindTarget(std::string_view target) {
  for (const ModuleEntry& entry : Modules()) {
    if (entry.target == target) return &entry;
  }
  return nullptr;
}

bool IsDnsName(const std::string& name) {
  const auto fits = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '.';
  };
  return name.find('.') != std::string::npos && std::all_of(name.begin(), name.end(), fits);
}

bool ExistsRpc(const std::string& name) {
  const size_t slash = name.find('/');
  const auto* service =
      google::protobuf::DescriptorPool::generated_pool()->FindServiceByName(name.substr(0, slash));
  if (service == nullptr || slash == std::string::npos) return service != nullptr;
  return service->FindMethodByName(name.substr(slash + 1)) != nullptr;
}

Status CheckCallers(const config::v1::Grpc& grpc) {
  for (const auto& [caller, rpcs] : grpc.callers()) {
    if (FindTarget(caller) == nullptr && !IsDnsName(caller))
      return Invalid(fmt::format("grpc.callers: {} is neither a target nor a DNS name", caller));
    for (const std::string& rpc : Words(rpcs)) {
      if (!ExistsRpc(rpc))
        return Invalid(fmt::format("grpc.callers.{}: there is no service or RPC {}", caller, rpc));
    }
  }
  return Done{};
}

Status CheckPlain(const config::v1::Config& config) {
  const config::v1::Grpc& grpc = config.grpc();
  constexpr const char* kNeeds =
      "set grpc.tls_certificate_file, tls_key_file and tls_authorities_file";
  if (!IsLoopback(grpc.address()))
    return Invalid(fmt::format("grpc.address is not loopback: {}", kNeeds));
  for (const auto& [service, address] : config.peers()) {
    if (!IsLoopback(HostOf(address)))
      return Invalid(fmt::format("peers.{} is not on loopback: {}", service, kNeeds));
  }
  if (!grpc.callers().empty())
    return Invalid(fmt::format("grpc.callers is nothing without certificates: {}", kNeeds));
  return Done{};
}

Status CheckCertificate(const config::v1::Grpc& grpc,
                        const std::vector<const ModuleEntry*>& chosen) {
  const Result<rpc::CertificateFacts> facts = rpc::CheckTlsFiles(FilesOf(grpc));
  if (!facts) return facts.error();
  for (const ModuleEntry* entry : chosen) {
    const std::string name = rpc::PeerName(entry->target);
    const auto& names = facts->dns_names;
    if (std::find(names.begin(), names.end(), name) != names.end()) continue;
    return FailedPrecondition(
        "CERTIFICATE_INVALID",
        fmt::format("{}: its DNS names lack {}", grpc.tls_certificate_file(), name),
        {{"path", grpc.tls_certificate_file()}});
  }
  return Done{};
}

}  // namespace

bool IsLoopback(const std::string& host) {
  return host.empty() || host == "127.0.0.1" || host == "::1" || host == "localhost";
}

bool IsSplit(const std::vector<const ModuleEntry*>& chosen) {
  return chosen.size() != Modules().size();
}

Status CheckPeers(const config::v1::Config& config, const std::vector<const ModuleEntry*>& chosen) {
  const config::v1::Grpc& grpc = config.grpc();
  if (HasTls(grpc) != !grpc.tls_key_file().empty() ||
      HasTls(grpc) != !grpc.tls_authorities_file().empty()) {
    return Invalid(
        "grpc.tls_certificate_file, grpc.tls_key_file and grpc.tls_authorities_file go together");
  }
  if (!HasTls(grpc)) return CheckPlain(config);
  if (const Status callers = CheckCallers(grpc); !callers) return callers;
  return IsSplit(chosen) ? CheckCertificate(grpc, chosen) : Status(Done{});
}

Status CheckPeersExpiry(const config::v1::Config& config) {
  if (!HasTls(config.grpc())) return Done{};
  const Result<rpc::CertificateFacts> facts = rpc::CheckTlsFiles(FilesOf(config.grpc()));
  if (!facts) return facts.error();
  if (facts->expires - SystemClock().Now() > kLeastLeft) return Done{};
  return FailedPrecondition(
      "CERTIFICATE_EXPIRES",
      fmt::format("{} ends {}", config.grpc().tls_certificate_file(), FormatTime(facts->expires)));
}

std::optional<rpc::PeerSecurity> PeerSecurityOf(const config::v1::Config& config,
                                                const std::vector<const ModuleEntry*>& chosen) {
  const config::v1::Grpc& grpc = config.grpc();
  if (!HasTls(grpc) || !IsSplit(chosen)) return std::nullopt;
  rpc::PeerSecurity security;
  security.credentials = std::make_shared<const rpc::Credentials>(FilesOf(grpc));
  if (grpc.connection_seconds() != 0)
    security.connection_life = std::chrono::seconds(grpc.connection_seconds());
  for (const auto& [caller, rpcs] : grpc.callers()) {
    const std::string peer = FindTarget(caller) != nullptr ? rpc::PeerName(caller) : caller;
    for (const std::string& rpc : Words(rpcs)) security.rules.Allow(peer, rpc);
  }
  for (const ModuleEntry& caller : Modules()) {
    if (grpc.callers().count(std::string(caller.target)) != 0) continue;
    for (const Calls& calls : caller.calls) {
      const bool here = std::any_of(chosen.begin(), chosen.end(), [&](const ModuleEntry* entry) {
        return entry->target == calls.target;
      });
      for (const std::string_view rpc : calls.rpcs) {
        if (here) security.rules.Allow(rpc::PeerName(caller.target), std::string(rpc));
      }
    }
  }
  return security;
}

}  // namespace zonelink
