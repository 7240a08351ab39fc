// SPDX-License-Identifier: Apache-2.0
// Fixed pages of the public port: /openapi.json, /docs with style and script, and `/`, which leads
// there; the style of the pages below /verify.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "gateway/http/http_message.h"
#include "gateway/http/routes.h"

namespace zonelink::gateway {

struct Page {
  std::string path;
  std::string_view content_type;
  std::string body;
  std::string etag;      // quoted
  std::string location;  // not empty: a redirection
};

class Pages {
 public:
  explicit Pages(const Routes& routes);

  // Null: no such page.
  const Page* Find(std::string_view path) const;
  // Not Modified where the client has the page already.
  static HttpResponse Answer(const Page& page, const RequestHead& head);

 private:
  void Add(std::string path, std::string_view content_type, std::string body);

  std::vector<Page> pages_;
};

}  // namespace zonelink::gateway
