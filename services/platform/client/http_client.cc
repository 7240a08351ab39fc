// SPDX-License-Identifier: Apache-2.0
#include "platform/client/http_client.h"

#include <curl/curl.h>
#include <fmt/format.h>

#include <algorithm>
#include <mutex>
#include <optional>

#include "platform/core/check.h"

namespace zonelink::client {

struct HttpClient::Handle {
  CURL* curl = nullptr;
  char message[CURL_ERROR_SIZE] = {};

  Handle() {
    static std::once_flag once;
    std::call_once(once, [] { curl_global_init(CURL_GLOBAL_DEFAULT); });
    curl = curl_easy_init();
    ZL_CHECK(curl != nullptr, "libcurl has no memory");
  }
  ~Handle() { curl_easy_cleanup(curl); }
  Handle(const Handle&) = delete;
  Handle& operator=(const Handle&) = delete;
};

namespace {

char LowerAscii(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

std::string_view Trim(std::string_view text) {
  const auto blank = [](char c) { return c == ' ' || c == '\t' || c == '\r' || c == '\n'; };
  while (!text.empty() && blank(text.front())) text.remove_prefix(1);
  while (!text.empty() && blank(text.back())) text.remove_suffix(1);
  return text;
}

// Gathers one answer; with `on_line` the body of a successful one is handed out by lines instead.
struct Gatherer {
  HttpReply reply;
  const HttpClient::OnLine* on_line = nullptr;
  size_t most_bytes = 0;
  std::string partial_line;
  bool stopped = false;
  bool too_large = false;

  bool Line(std::string_view line) {
    if (!line.empty() && line.back() == '\r') line.remove_suffix(1);
    return (*on_line)(line);
  }

  bool Body(std::string_view bytes) {
    if (on_line == nullptr || reply.status < 200 || reply.status > 299) {
      too_large = most_bytes != 0 && bytes.size() > most_bytes - reply.body.size();
      if (too_large) return false;
      reply.body.append(bytes);
      return true;
    }
    partial_line.append(bytes);
    size_t start = 0;
    for (size_t end; (end = partial_line.find('\n', start)) != std::string::npos; start = end + 1) {
      if (!Line(std::string_view(partial_line).substr(start, end - start))) {
        stopped = true;
        return false;
      }
    }
    partial_line.erase(0, start);
    return true;
  }

  void HeaderLine(std::string_view line) {
    if (line.substr(0, 5) == "HTTP/") {  // also after an interim answer
      const size_t space = line.find(' ');
      reply.headers.clear();
      reply.status = 0;
      if (space == std::string_view::npos) return;
      for (const char c : line.substr(space + 1, 3)) reply.status = reply.status * 10 + (c - '0');
      return;
    }
    const size_t colon = line.find(':');
    if (colon == std::string_view::npos) return;
    std::string name(line.substr(0, colon));
    std::transform(name.begin(), name.end(), name.begin(), LowerAscii);
    reply.headers[std::move(name)] = std::string(Trim(line.substr(colon + 1)));
  }
};

size_t OnBody(char* data, size_t size, size_t count, void* gatherer) {
  const size_t bytes = size * count;
  return static_cast<Gatherer*>(gatherer)->Body({data, bytes}) ? bytes : 0;
}

size_t OnHeader(char* data, size_t size, size_t count, void* gatherer) {
  static_cast<Gatherer*>(gatherer)->HeaderLine({data, size * count});
  return size * count;
}

struct HeaderList {
  curl_slist* list = nullptr;
  ~HeaderList() { curl_slist_free_all(list); }
  void Add(const std::string& line) { list = curl_slist_append(list, line.c_str()); }
};

bool OnLoopback(std::string_view url) {
  const size_t scheme = url.find("://");
  const std::string_view host = scheme == std::string_view::npos ? url : url.substr(scheme + 3);
  return host.starts_with("127.") || host.starts_with("localhost") || host.starts_with("[::1]");
}

bool NothingWasSent(CURLcode code) {
  switch (code) {
    case CURLE_UNSUPPORTED_PROTOCOL:
    case CURLE_URL_MALFORMAT:
    case CURLE_COULDNT_RESOLVE_PROXY:
    case CURLE_COULDNT_RESOLVE_HOST:
    case CURLE_COULDNT_CONNECT:
    case CURLE_SSL_CONNECT_ERROR:
    case CURLE_PEER_FAILED_VERIFICATION:
    case CURLE_SSL_CACERT_BADFILE:
    case CURLE_SSL_CERTPROBLEM: return true;
    default: return false;
  }
}

void Prepare(CURL* curl, const std::string& base_url, const HttpOptions& options) {
  // Keeps the connection but forgets the options of the previous request.
  curl_easy_reset(curl);
  curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
  curl_easy_setopt(curl, CURLOPT_PROTOCOLS_STR, "http,https");
  curl_easy_setopt(curl, CURLOPT_TCP_NODELAY, 1L);
  curl_easy_setopt(curl, CURLOPT_CONNECTTIMEOUT_MS,
                   static_cast<long>(options.connect_timeout.count()));
  if (OnLoopback(base_url)) curl_easy_setopt(curl, CURLOPT_NOPROXY, "*");
  if (options.compressed) curl_easy_setopt(curl, CURLOPT_ACCEPT_ENCODING, "");
  if (!options.ca_file.empty()) curl_easy_setopt(curl, CURLOPT_CAINFO, options.ca_file.c_str());
}

Result<HttpReply> Perform(CURL* curl, const char* message, const std::string& url,
                          const HttpRequest& request, Gatherer gatherer) {
  HeaderList headers;
  headers.Add("Expect:");  // no extra round trip for bodies over 1 KiB
  for (const auto& [name, value] : request.headers) headers.Add(name + ": " + value);
  if (!request.body.empty() || request.method != "GET") {
    curl_easy_setopt(curl, CURLOPT_POSTFIELDS, request.body.data());
    curl_easy_setopt(curl, CURLOPT_POSTFIELDSIZE_LARGE,
                     static_cast<curl_off_t>(request.body.size()));
  }
  if (request.method == "HEAD") curl_easy_setopt(curl, CURLOPT_NOBODY, 1L);
  curl_easy_setopt(curl, CURLOPT_CUSTOMREQUEST, request.method.c_str());
  curl_easy_setopt(curl, CURLOPT_URL, url.c_str());
  curl_easy_setopt(curl, CURLOPT_HTTPHEADER, headers.list);
  curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, OnBody);
  curl_easy_setopt(curl, CURLOPT_WRITEDATA, &gatherer);
  curl_easy_setopt(curl, CURLOPT_HEADERFUNCTION, OnHeader);
  curl_easy_setopt(curl, CURLOPT_HEADERDATA, &gatherer);
  const CURLcode code = curl_easy_perform(curl);
  if (code == CURLE_OK || gatherer.stopped) return std::move(gatherer.reply);
  if (gatherer.too_large) {
    return Unavailable("ANSWER_TOO_LARGE",
                       fmt::format("the answer is larger than {} bytes", gatherer.most_bytes),
                       {{"url", url}});
  }
  const std::string why = *message != '\0' ? message : curl_easy_strerror(code);
  return Unavailable(NothingWasSent(code) ? "UNREACHABLE" : "ANSWER_LOST", why, {{"url", url}});
}

}  // namespace

std::string_view HttpReply::Header(std::string_view name) const {
  const auto found = headers.find(std::string(name));
  return found == headers.end() ? std::string_view{} : std::string_view(found->second);
}

HttpClient::HttpClient(std::string base_url, HttpOptions options)
    : base_url_(std::move(base_url)),
      options_(std::move(options)),
      handle_(std::make_unique<Handle>()) {
  while (!base_url_.empty() && base_url_.back() == '/') base_url_.pop_back();
}
HttpClient::~HttpClient() = default;
HttpClient::HttpClient(HttpClient&&) noexcept = default;
HttpClient& HttpClient::operator=(HttpClient&&) noexcept = default;

Result<HttpReply> HttpClient::Send(const HttpRequest& request) {
  Prepare(handle_->curl, base_url_, options_);
  handle_->message[0] = '\0';
  curl_easy_setopt(handle_->curl, CURLOPT_ERRORBUFFER, handle_->message);
  curl_easy_setopt(handle_->curl, CURLOPT_TIMEOUT_MS, static_cast<long>(options_.timeout.count()));
  Gatherer gatherer;
  gatherer.most_bytes = options_.most_bytes;
  return Perform(handle_->curl, handle_->message, base_url_ + request.path, request,
                 std::move(gatherer));
}

Result<HttpReply> HttpClient::Stream(const HttpRequest& request, const OnLine& on_line) {
  Prepare(handle_->curl, base_url_, options_);
  handle_->message[0] = '\0';
  curl_easy_setopt(handle_->curl, CURLOPT_ERRORBUFFER, handle_->message);
  Gatherer gatherer;
  gatherer.on_line = &on_line;
  gatherer.most_bytes = options_.most_bytes;
  return Perform(handle_->curl, handle_->message, base_url_ + request.path, request,
                 std::move(gatherer));
}

std::string UrlEncode(std::string_view text) {
  std::string encoded;
  for (const char c : text) {
    const bool unreserved = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
                            (c >= '0' && c <= '9') || c == '-' || c == '_' || c == '.' || c == '~';
    if (unreserved) {
      encoded += c;
    } else {
      encoded += fmt::format("%{:02X}", static_cast<unsigned char>(c));
    }
  }
  return encoded;
}

}  // namespace zonelink::client
