// SPDX-License-Identifier: Apache-2.0
// Mutual TLS between Zonelink's processes (docs/adr/0010): TLS 1.3, and both sides show a
// certificate of the deployment's authorities. A certificate stands for the targets in its DNS
// names, `<target>.zonelink.internal`.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "platform/core/result.h"
#include "platform/core/time.h"

namespace grpc {
class ChannelCredentials;
class ServerCredentials;
namespace experimental {
class CertificateProviderInterface;
}
}  // namespace grpc

namespace zonelink::rpc {

// Paths of PEM files. Key and certificate are replaced together, by one rename of their folder or
// of a link to it.
struct TlsFiles {
  std::string certificate;  // the chain, this process's own first
  std::string key;          // readable by its owner only
  std::string authorities;  // whom this process believes; several while they change
};

// The DNS name by which a certificate stands for a target: recognition.zonelink.internal.
std::string PeerName(std::string_view target);

struct CertificateFacts {
  std::vector<std::string> dns_names;
  Time expires;
};

// Whether another process would believe these files now. FailedPrecondition `SECRET_UNREADABLE`
// (also when others may read the key), `CERTIFICATE_INVALID`: the message says which file and why.
Result<CertificateFacts> CheckTlsFiles(const TlsFiles& files);

// Reads the files again every second: what is replaced is used for connections made from then on.
class Credentials {
 public:
  explicit Credentials(const TlsFiles& files);

  std::shared_ptr<grpc::ServerCredentials> ForServer() const;
  // For channels whose target name is overridden by PeerName: the server must stand for it.
  std::shared_ptr<grpc::ChannelCredentials> ForChannels() const;

 private:
  // Shared with gRPC, whose connections outlive this object.
  std::shared_ptr<grpc::experimental::CertificateProviderInterface> provider_;
};

}  // namespace zonelink::rpc
