// SPDX-License-Identifier: Apache-2.0
#include "gateway/http/http_message.h"

#include <algorithm>

namespace zonelink::gateway {
namespace {

char Lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

}  // namespace

bool EqualsIgnoringCase(std::string_view a, std::string_view b) {
  return a.size() == b.size() && std::equal(a.begin(), a.end(), b.begin(),
                                            [](char x, char y) { return Lower(x) == Lower(y); });
}

std::optional<std::string_view> RequestHead::Find(std::string_view name) const {
  for (const HeaderField& header : headers) {
    if (EqualsIgnoringCase(header.name, name)) return header.value;
  }
  return std::nullopt;
}

bool RequestHead::Repeated(std::string_view name) const {
  return std::count_if(headers.begin(), headers.end(), [&](const HeaderField& header) {
           return EqualsIgnoringCase(header.name, name);
         }) > 1;
}

void AppendHeader(HttpResponse& response, std::string_view name, std::string_view value) {
  response.headers.append(name).append(": ").append(value).append("\r\n");
}

std::string_view StatusPhrase(unsigned status) {
  switch (status) {
    case 200: return "OK";
    case 201: return "Created";
    case 302: return "Found";
    case 304: return "Not Modified";
    case 400: return "Bad Request";
    case 401: return "Unauthorized";
    case 403: return "Forbidden";
    case 404: return "Not Found";
    case 405: return "Method Not Allowed";
    case 408: return "Request Timeout";
    case 409: return "Conflict";
    case 413: return "Content Too Large";
    case 415: return "Unsupported Media Type";
    case 417: return "Expectation Failed";
    case 422: return "Unprocessable Content";
    case 429: return "Too Many Requests";
    case 431: return "Request Header Fields Too Large";
    case 500: return "Internal Server Error";
    case 503: return "Service Unavailable";
    case 504: return "Gateway Timeout";
    default: return "Status";
  }
}

}  // namespace zonelink::gateway
