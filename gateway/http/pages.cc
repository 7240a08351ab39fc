// SPDX-License-Identifier: Apache-2.0
#include "gateway/http/pages.h"

#include "gateway/http/comments.h"
#include "gateway/http/openapi.h"
#include "gateway_descriptors.h"
#include "gateway_docs.h"
#include "gateway_verify.h"
#include "platform/core/check.h"
#include "platform/crypto/crypto.h"

namespace zonelink::gateway {
namespace {

constexpr std::string_view kPageHeaders =
    "X-Content-Type-Options: nosniff\r\n"
    "Content-Security-Policy: default-src 'self'; img-src data:; base-uri 'none'; form-action "
    "'none'; "
    "frame-ancestors 'none'\r\n"
    "Referrer-Policy: no-referrer\r\n";

template <class Files>
std::string Embedded(const Files& files, std::string_view name) {
  for (const auto& file : files) {
    if (file.name == name) return std::string(file.contents);
  }
  ZL_CHECK(false, "a fixed page is not embedded");
}

}  // namespace

Pages::Pages(const Routes& routes) {
  const Comments comments(descriptors::kFiles[0].contents);
  Add("/openapi.json", "application/json", MakeOpenApi(routes, comments));
  Add("/docs", "text/html; charset=utf-8", Embedded(docs::kFiles, "docs.html"));
  Add("/docs.css", "text/css; charset=utf-8", Embedded(docs::kFiles, "docs.css"));
  Add("/docs.js", "text/javascript; charset=utf-8", Embedded(docs::kFiles, "docs.js"));
  Add("/verify.css", "text/css; charset=utf-8", Embedded(verify::kFiles, "verify.css"));
  pages_.push_back(Page{"/", "", "", "", "/docs"});
}

void Pages::Add(std::string path, std::string_view content_type, std::string body) {
  std::string etag = "\"" + crypto::HexEncode(crypto::Sha256(body)).substr(0, 32) + "\"";
  pages_.push_back({std::move(path), content_type, std::move(body), std::move(etag), ""});
}

const Page* Pages::Find(std::string_view path) const {
  for (const Page& page : pages_) {
    if (page.path == path) return &page;
  }
  return nullptr;
}

HttpResponse Pages::Answer(const Page& page, const RequestHead& head) {
  HttpResponse response;
  response.headers = kPageHeaders;
  response.cache_control = "no-cache";
  if (!page.location.empty()) {
    response.status = 302;
    AppendHeader(response, "Location", page.location);
    return response;
  }
  AppendHeader(response, "ETag", page.etag);
  const auto known = head.Find("If-None-Match");
  if (known && known->find(page.etag) != std::string_view::npos) {
    response.status = 304;
    return response;
  }
  response.content_type = page.content_type;
  response.constant_body = page.body;
  return response;
}

}  // namespace zonelink::gateway
