// SPDX-License-Identifier: Apache-2.0
// The server over TLS, with a certificate made for the test.
#include <gtest/gtest.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <openssl/x509.h>

#include <cstdio>
#include <cstdlib>
#include <string>

#include "gateway/http/http_server.h"
#include "gateway/http/raw_client.h"

namespace zonelink::gateway {
namespace {

// Says where it was reached.
class Hello final : public HttpApp {
 public:
  Opened Open(const RequestHead& head) override {
    HttpResponse response;
    response.content_type = "text/plain";
    response.body = head.secure ? "over TLS" : "plain";
    return {std::move(response), nullptr};
  }
  HttpResponse Refuse(const RequestHead&, const Error& error) override {
    HttpResponse response;
    response.status = 400;
    response.body = error.reason;
    return response;
  }
};

// A self-signed certificate and its key in two files.
class Certificate {
 public:
  Certificate() {
    char pattern[] = "/tmp/zonelink-tls-XXXXXX";
    folder_ = mkdtemp(pattern);
    EVP_PKEY* key = EVP_EC_gen("P-256");
    X509* certificate = X509_new();
    X509_set_version(certificate, 2);
    ASN1_INTEGER_set(X509_get_serialNumber(certificate), 1);
    X509_gmtime_adj(X509_getm_notBefore(certificate), 0);
    X509_gmtime_adj(X509_getm_notAfter(certificate), 3600);
    X509_set_pubkey(certificate, key);
    X509_NAME* name = X509_get_subject_name(certificate);
    X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_ASC,
                               reinterpret_cast<const unsigned char*>("localhost"), -1, -1, 0);
    X509_set_issuer_name(certificate, name);
    X509_sign(certificate, key, EVP_sha256());
    if (FILE* file = std::fopen(certificate_file().c_str(), "w")) {
      PEM_write_X509(file, certificate);
      std::fclose(file);
    }
    if (FILE* file = std::fopen(key_file().c_str(), "w")) {
      PEM_write_PrivateKey(file, key, nullptr, nullptr, 0, nullptr, nullptr);
      std::fclose(file);
    }
    X509_free(certificate);
    EVP_PKEY_free(key);
  }
  ~Certificate() {
    std::remove(certificate_file().c_str());
    std::remove(key_file().c_str());
    std::remove(folder_.c_str());
  }
  std::string certificate_file() const { return folder_ + "/cert.pem"; }
  std::string key_file() const { return folder_ + "/key.pem"; }

 private:
  std::string folder_;
};

class TlsTest : public testing::Test {
 protected:
  TlsTest() {
    HttpServerOptions options;
    options.tls_certificate_file = certificate_.certificate_file();
    options.tls_key_file = certificate_.key_file();
    options.tick = std::chrono::milliseconds(20);
    auto listening = HttpServer::Listen(options, hello_);
    EXPECT_TRUE(listening);
    server_ = *std::move(listening);
    server_->Start();
  }
  // All of the answer, or empty where the handshake failed.
  std::string Ask(int highest_version, const std::string& request) {
    RawClient socket(server_->port());
    SSL_CTX* context = SSL_CTX_new(TLS_client_method());
    SSL_CTX_set_min_proto_version(context, TLS1_VERSION);
    SSL_CTX_set_max_proto_version(context, highest_version);
    SSL_CTX_set_security_level(context, 0);
    SSL* tls = SSL_new(context);
    SSL_set_fd(tls, socket.descriptor());
    std::string answer;
    if (SSL_connect(tls) == 1) {
      SSL_write(tls, request.data(), static_cast<int>(request.size()));
      char bytes[4096];
      for (int count = SSL_read(tls, bytes, sizeof(bytes)); count > 0;
           count = SSL_read(tls, bytes, sizeof(bytes))) {
        answer.append(bytes, static_cast<size_t>(count));
      }
    }
    SSL_free(tls);
    SSL_CTX_free(context);
    return answer;
  }

  Certificate certificate_;
  Hello hello_;
  std::unique_ptr<HttpServer> server_;
};

constexpr char kRequest[] = "GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n";

TEST_F(TlsTest, AnswersOverTls12And13) {
  for (const int version : {TLS1_2_VERSION, TLS1_3_VERSION}) {
    const std::string answer = Ask(version, kRequest);
    EXPECT_TRUE(Has(answer, "over TLS")) << version;
    EXPECT_TRUE(Has(answer, "Strict-Transport-Security: "));
  }
}

TEST_F(TlsTest, AnswersPipelinedRequests) {
  const std::string answer =
      Ask(TLS1_3_VERSION, "GET / HTTP/1.1\r\nHost: x\r\n\r\n" + std::string(kRequest));
  EXPECT_NE(answer.find("over TLS"), answer.rfind("over TLS"));
}

TEST_F(TlsTest, RefusesOlderVersionsAndPlainText) {
  EXPECT_EQ(Ask(TLS1_1_VERSION, kRequest), "");
  RawClient plain(server_->port());
  plain.Send(kRequest);
  EXPECT_FALSE(Has(plain.Read(), "plain"));
}

TEST(TlsListen, RefusesAForeignKey) {
  const Certificate one;
  const Certificate other;
  HttpServerOptions options;
  options.tls_certificate_file = one.certificate_file();
  options.tls_key_file = other.key_file();
  Hello hello;
  const auto listening = HttpServer::Listen(options, hello);
  ASSERT_FALSE(listening);
  EXPECT_EQ(listening.error().reason, "TLS_CERTIFICATE_INVALID");
}

}  // namespace
}  // namespace zonelink::gateway
