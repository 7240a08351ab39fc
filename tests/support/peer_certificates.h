// SPDX-License-Identifier: Apache-2.0
// The certificates of a deployment whose targets run in processes of their own, and their rotation
// as `./dev certs --rotate` does it: all believe the authority before, the one in use and the next.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "platform/rpc/test_authority.h"

namespace zonelink::test {

class PeerCertificates {
 public:
  PeerCertificates(const std::string& folder, std::vector<std::string> targets);

  std::string CertificateFile(const std::string& target) const;
  std::string KeyFile(const std::string& target) const;
  std::string AuthoritiesFile() const { return files_.Path("ca.pem"); }
  // Of the certificate in use, hexadecimal.
  std::string Serial(const std::string& target) const { return issued_.at(target).serial; }

  // New certificates of the same authority.
  void Reissue();
  // New certificates of the next authority; whoever has them believes the one before no longer
  // after one more rotation.
  void Rotate();

 private:
  const std::vector<std::string> targets_;
  rpc::TestCertificates files_;
  std::vector<std::unique_ptr<rpc::TestAuthority>> authorities_;  // the last but one is in use
  std::map<std::string, rpc::TestAuthority::Issued> issued_;
};

}  // namespace zonelink::test
