// SPDX-License-Identifier: Apache-2.0
#include "platform/rpc/test_authority.h"

#include <openssl/bio.h>
#include <openssl/bn.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>

#include <filesystem>
#include <fstream>
#include <stdexcept>

namespace zonelink::rpc {
namespace {

template <class Write>
std::string ToPem(Write write) {
  BIO* bio = BIO_new(BIO_s_mem());
  write(bio);
  char* data = nullptr;
  const long size = BIO_get_mem_data(bio, &data);
  std::string pem(data, static_cast<size_t>(size));
  BIO_free(bio);
  return pem;
}

std::string CertificatePem(X509* certificate) {
  return ToPem([&](BIO* bio) { PEM_write_bio_X509(bio, certificate); });
}

void AddExtension(X509* certificate, X509* issuer, int nid, const std::string& value) {
  X509V3_CTX context;
  X509V3_set_ctx(&context, issuer, certificate, nullptr, nullptr, 0);
  X509_EXTENSION* extension = X509V3_EXT_conf_nid(nullptr, &context, nid, value.c_str());
  if (extension == nullptr) throw std::runtime_error("cannot make the extension " + value);
  X509_add_ext(certificate, extension, -1);
  X509_EXTENSION_free(extension);
}

void SetSerial(X509* certificate) {
  BIGNUM* number = BN_new();
  BN_rand(number, 120, BN_RAND_TOP_ONE, BN_RAND_BOTTOM_ANY);
  BN_to_ASN1_INTEGER(number, X509_get_serialNumber(certificate));
  BN_free(number);
}

std::string SerialOf(const X509* certificate) {
  BIGNUM* number = ASN1_INTEGER_to_BN(X509_get0_serialNumber(certificate), nullptr);
  char* text = BN_bn2hex(number);
  std::string serial = text;
  OPENSSL_free(text);
  BN_free(number);
  return serial;
}

X509* NewCertificate(const std::string& name, EVP_PKEY* key, std::chrono::seconds life) {
  X509* certificate = X509_new();
  X509_set_version(certificate, X509_VERSION_3);
  SetSerial(certificate);
  X509_gmtime_adj(X509_getm_notBefore(certificate), -7200);
  X509_gmtime_adj(X509_getm_notAfter(certificate), life.count());
  X509_NAME_add_entry_by_txt(X509_get_subject_name(certificate), "CN", MBSTRING_UTF8,
                             reinterpret_cast<const unsigned char*>(name.c_str()), -1, -1, 0);
  X509_set_pubkey(certificate, key);
  return certificate;
}

void WriteFile(const std::filesystem::path& path, const std::string& text) {
  std::ofstream file(path);
  std::filesystem::permissions(
      path, std::filesystem::perms::owner_read | std::filesystem::perms::owner_write);
  if (!(file << text) || !file.flush()) throw std::runtime_error("cannot write " + path.string());
}

}  // namespace

TestAuthority::TestAuthority(const std::string& name)
    : key_(EVP_EC_gen("P-256")),
      certificate_(NewCertificate(name, key_.get(), std::chrono::hours(1))) {
  X509_set_issuer_name(certificate_.get(), X509_get_subject_name(certificate_.get()));
  AddExtension(certificate_.get(), certificate_.get(), NID_basic_constraints, "critical,CA:TRUE");
  AddExtension(certificate_.get(), certificate_.get(), NID_key_usage, "critical,keyCertSign");
  AddExtension(certificate_.get(), certificate_.get(), NID_subject_key_identifier, "hash");
  X509_sign(certificate_.get(), key_.get(), EVP_sha256());
}

std::string TestAuthority::Pem() const { return CertificatePem(certificate_.get()); }

TestAuthority::Issued TestAuthority::Issue(const std::vector<std::string>& dns_names,
                                           std::chrono::seconds life) const {
  const std::unique_ptr<EVP_PKEY, Free> key(EVP_EC_gen("P-256"));
  const std::unique_ptr<X509, Free> certificate(NewCertificate("a process", key.get(), life));
  X509_set_issuer_name(certificate.get(), X509_get_subject_name(certificate_.get()));
  std::string names;
  for (const std::string& name : dns_names) names += (names.empty() ? "DNS:" : ",DNS:") + name;
  if (!names.empty())
    AddExtension(certificate.get(), certificate_.get(), NID_subject_alt_name, names);
  AddExtension(certificate.get(), certificate_.get(), NID_ext_key_usage, "serverAuth,clientAuth");
  AddExtension(certificate.get(), certificate_.get(), NID_authority_key_identifier, "keyid");
  X509_sign(certificate.get(), key_.get(), EVP_sha256());
  return {CertificatePem(certificate.get()), ToPem([&](BIO* bio) {
            PEM_write_bio_PrivateKey(bio, key.get(), nullptr, nullptr, 0, nullptr, nullptr);
          }),
          SerialOf(certificate.get())};
}

void TestCertificates::Replace(const std::string& authorities,
                               const std::map<std::string, TestAuthority::Issued>& issued) {
  namespace fs = std::filesystem;
  const std::string name = std::to_string(++generation_);
  const fs::path fresh = fs::path(folder_) / name;
  fs::create_directories(fresh);
  WriteFile(fresh / "ca.pem", authorities);
  for (const auto& [who, what] : issued) {
    WriteFile(fresh / (who + ".pem"), what.certificate);
    WriteFile(fresh / (who + ".key"), what.key);
  }
  const fs::path link = fs::path(folder_) / "next";
  fs::create_directory_symlink(name, link);
  fs::rename(link, fs::path(folder_) / "current");
}

}  // namespace zonelink::rpc
