// SPDX-License-Identifier: Apache-2.0
#include "platform/rpc/credentials.h"

#include <fmt/format.h>
#include <grpcpp/security/credentials.h>
#include <grpcpp/security/server_credentials.h>
#include <grpcpp/security/tls_certificate_provider.h>
#include <grpcpp/security/tls_certificate_verifier.h>
#include <grpcpp/security/tls_credentials_options.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>

#include <cstdlib>
#include <ctime>

#include "platform/core/private_file.h"
#include "platform/core/small_file.h"

namespace zonelink::rpc {
namespace {

namespace tls = grpc::experimental;

constexpr unsigned kReadAgainSeconds = 1;
constexpr size_t kMostBytes = 1 << 20;

struct Free {
  void operator()(BIO* bio) const { BIO_free(bio); }
  void operator()(X509* certificate) const { X509_free(certificate); }
  void operator()(EVP_PKEY* key) const { EVP_PKEY_free(key); }
  void operator()(X509_STORE* store) const { X509_STORE_free(store); }
  void operator()(X509_STORE_CTX* context) const { X509_STORE_CTX_free(context); }
  void operator()(GENERAL_NAMES* names) const { GENERAL_NAMES_free(names); }
  void operator()(STACK_OF(X509) * chain) const { sk_X509_pop_free(chain, X509_free); }
};
template <class T>
using Owned = std::unique_ptr<T, Free>;

Error Invalid(const std::string& path, std::string_view why) {
  return FailedPrecondition("CERTIFICATE_INVALID", fmt::format("{}: {}", path, why),
                            {{"path", path}});
}

Result<std::vector<Owned<X509>>> ReadCertificates(const std::string& path) {
  const Result<std::optional<std::string>> file = ReadSmallFile(path, kMostBytes);
  if (!file) return Invalid(path, file.error().message);
  const std::string& pem = file->value_or("");
  const Owned<BIO> bio(BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())));
  std::vector<Owned<X509>> certificates;
  while (X509* certificate = PEM_read_bio_X509(bio.get(), nullptr, nullptr, nullptr))
    certificates.emplace_back(certificate);
  if (certificates.empty()) return Invalid(path, "holds no certificate");
  return certificates;
}

// OpenSSL would ask the terminal.
int NoPassword(char*, int, int, void*) { return -1; }

Status CheckKey(const std::string& path, X509& certificate) {
  const Result<std::string> pem = ReadPrivateFile(path);
  if (!pem) return pem.error();
  const Owned<BIO> bio(BIO_new_mem_buf(pem->data(), static_cast<int>(pem->size())));
  const Owned<EVP_PKEY> key(PEM_read_bio_PrivateKey(bio.get(), nullptr, NoPassword, nullptr));
  if (key == nullptr) return Invalid(path, "holds no private key, or one with a password");
  if (X509_check_private_key(&certificate, key.get()) != 1)
    return Invalid(path, "is not the certificate's key");
  return Done{};
}

Status CheckChain(const TlsFiles& files, const std::vector<Owned<X509>>& chain) {
  const auto authorities = ReadCertificates(files.authorities);
  if (!authorities) return authorities.error();
  const Owned<X509_STORE> store(X509_STORE_new());
  for (const auto& authority : *authorities) X509_STORE_add_cert(store.get(), authority.get());
  const Owned<STACK_OF(X509)> others(sk_X509_new_null());
  for (size_t i = 1; i < chain.size(); ++i) {
    X509_up_ref(chain[i].get());
    sk_X509_push(others.get(), chain[i].get());
  }
  // It is shown as a server and as a client.
  for (const X509_PURPOSE* purpose : {X509_PURPOSE_get0(X509_PURPOSE_get_by_sname("sslserver")),
                                      X509_PURPOSE_get0(X509_PURPOSE_get_by_sname("sslclient"))}) {
    const Owned<X509_STORE_CTX> context(X509_STORE_CTX_new());
    X509_STORE_CTX_init(context.get(), store.get(), chain.front().get(), others.get());
    X509_STORE_CTX_set_purpose(context.get(), X509_PURPOSE_get_id(purpose));
    if (X509_verify_cert(context.get()) == 1) continue;
    return Invalid(files.certificate,
                   X509_verify_cert_error_string(X509_STORE_CTX_get_error(context.get())));
  }
  return Done{};
}

std::vector<std::string> DnsNamesOf(const X509& certificate) {
  const Owned<GENERAL_NAMES> names(static_cast<GENERAL_NAMES*>(
      X509_get_ext_d2i(&certificate, NID_subject_alt_name, nullptr, nullptr)));
  std::vector<std::string> dns;
  for (int i = 0; i < sk_GENERAL_NAME_num(names.get()); ++i) {
    const GENERAL_NAME* name = sk_GENERAL_NAME_value(names.get(), i);
    if (name->type != GEN_DNS) continue;
    dns.emplace_back(reinterpret_cast<const char*>(ASN1_STRING_get0_data(name->d.dNSName)),
                     static_cast<size_t>(ASN1_STRING_length(name->d.dNSName)));
  }
  return dns;
}

// gRPC 1.51 has no setting for the protocol's version. Its list of cipher suites concerns TLS 1.2
// alone: one that nobody can agree on, for want of shared keys, leaves TLS 1.3. Read once, before
// the first handshake.
void LeaveOnlyTls13() {
  static char setting[] = "GRPC_SSL_CIPHER_SUITES=PSK-AES256-GCM-SHA384";  // becomes environment
  putenv(setting);
}

}  // namespace

std::string PeerName(std::string_view target) {
  return fmt::format("{}.zonelink.internal", target);
}

Result<CertificateFacts> CheckTlsFiles(const TlsFiles& files) {
  const auto chain = ReadCertificates(files.certificate);
  if (!chain) return chain.error();
  X509& own = *chain->front();
  if (const Status key = CheckKey(files.key, own); !key) return key.error();
  if (const Status believed = CheckChain(files, *chain); !believed) return believed.error();
  std::tm expires{};
  ASN1_TIME_to_tm(X509_get0_notAfter(&own), &expires);
  return CertificateFacts{DnsNamesOf(own), Time{std::chrono::seconds(timegm(&expires))}};
}

Credentials::Credentials(const TlsFiles& files) {
  LeaveOnlyTls13();
  provider_ = std::make_shared<tls::FileWatcherCertificateProvider>(
      files.key, files.certificate, files.authorities, kReadAgainSeconds);
}

std::shared_ptr<grpc::ServerCredentials> Credentials::ForServer() const {
  tls::TlsServerCredentialsOptions options(provider_);
  options.watch_root_certs();
  options.watch_identity_key_cert_pairs();
  options.set_cert_request_type(GRPC_SSL_REQUEST_AND_REQUIRE_CLIENT_CERTIFICATE_AND_VERIFY);
  return tls::TlsServerCredentials(options);
}

std::shared_ptr<grpc::ChannelCredentials> Credentials::ForChannels() const {
  tls::TlsChannelCredentialsOptions options;
  options.set_certificate_provider(provider_);
  options.watch_root_certs();
  options.watch_identity_key_cert_pairs();
  options.set_certificate_verifier(std::make_shared<tls::HostNameCertificateVerifier>());
  return tls::TlsCredentials(options);
}

}  // namespace zonelink::rpc
