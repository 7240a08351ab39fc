// SPDX-License-Identifier: Apache-2.0
// HTTP to other programs: for the command line, the ledger and its witnesses, the sample loader and
// the tests.
#pragma once

#include <chrono>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "platform/core/result.h"

namespace zonelink::client {

struct HttpRequest {
  std::string method = "GET";
  std::string
      path;  // from the root, with the query, already percent-encoded: "/v1/filings?pageSize=5"
  std::vector<std::pair<std::string, std::string>> headers;
  std::string body;
};

struct HttpReply {
  int status = 0;
  std::map<std::string, std::string> headers;  // names in lower case; the last of a repeated name
  std::string body;

  // The header's value, empty when absent. `name` in lower case.
  std::string_view Header(std::string_view name) const;
};

struct HttpOptions {
  std::string ca_file;  // PEM file of authorities to trust instead of the system's
  std::chrono::milliseconds connect_timeout{5'000};
  std::chrono::milliseconds timeout{30'000};  // of the whole exchange; streams have none
  bool compressed = false;                    // compressed answers are asked for and unpacked
  size_t most_bytes = 0;                      // of an answer's body, unpacked; 0: no limit
};

// A connection that is kept alive between requests. One thread at a time; give each thread its own.
// Any status the server answers is a reply; only transport failures are errors, always UNAVAILABLE:
// `UNREACHABLE` (nothing was sent), `ANSWER_LOST` (the request may have been carried out) or
// `ANSWER_TOO_LARGE` (likewise).
class HttpClient {
 public:
  // `base_url` without a trailing slash, for example "http://127.0.0.1:8080".
  explicit HttpClient(std::string base_url, HttpOptions options = {});
  ~HttpClient();
  HttpClient(HttpClient&&) noexcept;
  HttpClient& operator=(HttpClient&&) noexcept;

  Result<HttpReply> Send(const HttpRequest& request);

  // Calls `on_line` with each line of a successful answer, without its line end, as it arrives,
  // until the server ends the stream or `on_line` returns false. Other answers come back with their
  // body.
  using OnLine = std::function<bool(std::string_view line)>;
  Result<HttpReply> Stream(const HttpRequest& request, const OnLine& on_line);

  const std::string& base_url() const { return base_url_; }

 private:
  struct Handle;
  std::string base_url_;
  HttpOptions options_;
  std::unique_ptr<Handle> handle_;
};

// Percent-encodes everything but RFC 3986 unreserved characters: for one path segment or query
// value.
std::string UrlEncode(std::string_view text);

}  // namespace zonelink::client
