// SPDX-License-Identifier: Apache-2.0
// A certificate authority of a test, and the folders in which it replaces what it issued.
#pragma once

#include <openssl/evp.h>
#include <openssl/x509.h>

#include <chrono>
#include <map>
#include <memory>
#include <string>
#include <vector>

namespace zonelink::rpc {

class TestAuthority {
 public:
  struct Issued {
    std::string certificate;  // PEM
    std::string key;          // PEM
    std::string serial;       // hexadecimal
  };

  explicit TestAuthority(const std::string& name);

  std::string Pem() const;
  // For servers and clients; negative `life`: expired already.
  Issued Issue(const std::vector<std::string>& dns_names,
               std::chrono::seconds life = std::chrono::hours(1)) const;

 private:
  struct Free {
    void operator()(EVP_PKEY* key) const { EVP_PKEY_free(key); }
    void operator()(X509* certificate) const { X509_free(certificate); }
  };
  std::unique_ptr<EVP_PKEY, Free> key_;
  std::unique_ptr<X509, Free> certificate_;
};

// FOLDER/current holds ca.pem and NAME.pem, NAME.key; all are replaced by one rename.
class TestCertificates {
 public:
  explicit TestCertificates(std::string folder) : folder_(std::move(folder)) {}

  void Replace(const std::string& authorities,
               const std::map<std::string, TestAuthority::Issued>& issued);
  std::string Path(const std::string& file) const { return folder_ + "/current/" + file; }

 private:
  const std::string folder_;
  int generation_ = 0;
};

}  // namespace zonelink::rpc
