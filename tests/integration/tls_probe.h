// SPDX-License-Identifier: Apache-2.0
// One TLS connection to a process, made by hand.
#pragma once

#include <openssl/ssl.h>

#include <string>

namespace zonelink::test {

struct TlsProbe {
  std::string certificate_file;  // empty: shows none
  std::string key_file;
  int highest_version = TLS1_3_VERSION;
};

struct TlsAnswer {
  bool accepted = false;  // the server spoke first, as HTTP/2 does
  std::string version;
  std::string serial;  // of the server's certificate, hexadecimal
};

// `address`: host:port on 127.0.0.1. Does not verify the server.
TlsAnswer Connect(const std::string& address, const TlsProbe& probe);

}  // namespace zonelink::test
