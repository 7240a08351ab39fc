// SPDX-License-Identifier: Apache-2.0
#include "tests/support/peer_certificates.h"

#include <fmt/format.h>

namespace zonelink::test {
namespace {

constexpr size_t kBelieved = 3;

}  // namespace

PeerCertificates::PeerCertificates(const std::string& folder, std::vector<std::string> targets)
    : targets_(std::move(targets)), files_(folder) {
  authorities_.push_back(std::make_unique<rpc::TestAuthority>("authority 0"));
  Rotate();
}

std::string PeerCertificates::CertificateFile(const std::string& target) const {
  return files_.Path(target + ".pem");
}

std::string PeerCertificates::KeyFile(const std::string& target) const {
  return files_.Path(target + ".key");
}

void PeerCertificates::Reissue() {
  const size_t in_use = authorities_.size() - 2;
  for (const std::string& target : targets_)
    issued_[target] = authorities_[in_use]->Issue({target + ".zonelink.internal"});
  std::string believed;
  for (size_t i = authorities_.size() - std::min(kBelieved, authorities_.size());
       i < authorities_.size(); ++i) {
    believed += authorities_[i]->Pem();
  }
  files_.Replace(believed, issued_);
}

void PeerCertificates::Rotate() {
  authorities_.push_back(
      std::make_unique<rpc::TestAuthority>(fmt::format("authority {}", authorities_.size())));
  Reissue();
}

}  // namespace zonelink::test
