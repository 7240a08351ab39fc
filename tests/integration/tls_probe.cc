// SPDX-License-Identifier: Apache-2.0
#include "tests/integration/tls_probe.h"

#include <openssl/bn.h>
#include <openssl/x509.h>

#include <memory>
#include <stdexcept>

namespace zonelink::test {
namespace {

struct Free {
  void operator()(SSL_CTX* context) const { SSL_CTX_free(context); }
  void operator()(BIO* bio) const { BIO_free_all(bio); }
  void operator()(X509* certificate) const { X509_free(certificate); }
  void operator()(BIGNUM* number) const { BN_free(number); }
  void operator()(char* text) const { OPENSSL_free(text); }
};
template <class T>
using Owned = std::unique_ptr<T, Free>;

std::string SerialOf(const X509* certificate) {
  const Owned<BIGNUM> number(ASN1_INTEGER_to_BN(X509_get0_serialNumber(certificate), nullptr));
  return Owned<char>(BN_bn2hex(number.get())).get();
}

}  // namespace

TlsAnswer Connect(const std::string& address, const TlsProbe& probe) {
  const Owned<SSL_CTX> context(SSL_CTX_new(TLS_client_method()));
  SSL_CTX_set_max_proto_version(context.get(), probe.highest_version);
  if (!probe.certificate_file.empty() &&
      (SSL_CTX_use_certificate_chain_file(context.get(), probe.certificate_file.c_str()) != 1 ||
       SSL_CTX_use_PrivateKey_file(context.get(), probe.key_file.c_str(), SSL_FILETYPE_PEM) != 1)) {
    throw std::runtime_error("cannot use " + probe.certificate_file);
  }
  const Owned<BIO> bio(BIO_new_ssl_connect(context.get()));
  BIO_set_conn_hostname(bio.get(), address.c_str());
  SSL* ssl = nullptr;
  BIO_get_ssl(bio.get(), &ssl);
  constexpr unsigned char kHttp2[] = {2, 'h', '2'};
  SSL_set_alpn_protos(ssl, kHttp2, sizeof kHttp2);
  TlsAnswer answer;
  if (BIO_do_connect(bio.get()) != 1) return answer;
  answer.version = SSL_get_version(ssl);
  if (const Owned<X509> shown(SSL_get1_peer_certificate(ssl)); shown != nullptr)
    answer.serial = SerialOf(shown.get());
  // In TLS 1.3 a client hears only afterwards what the server thinks of its certificate.
  char first = 0;
  answer.accepted = BIO_read(bio.get(), &first, 1) == 1;
  return answer;
}

}  // namespace zonelink::test
