// SPDX-License-Identifier: Apache-2.0
#include <google/api/annotations.pb.h>

#include <algorithm>

#include "tests/integration/bad_input.h"
#include "zonelink/options.pb.h"

namespace zonelink::test {
namespace {

std::string Repeated(std::string_view part, size_t count) {
  std::string text;
  for (size_t i = 0; i < count; ++i) text += part;
  return text;
}

// The good body with one member more.
std::string WithMember(const std::string& body, const std::string& member) {
  const auto brace = body.find('{');
  const bool empty = body.find_first_not_of(" \n", brace + 1) == body.find('}');
  return body.substr(0, brace + 1) + member + (empty ? "" : ",") + body.substr(brace + 1);
}

client::HttpRequest WithHeader(client::HttpRequest request, const std::string& name,
                               const std::string& value) {
  for (auto& header : request.headers) {
    if (header.first != name) continue;
    header.second = value;
    return request;
  }
  request.headers.emplace_back(name, value);
  return request;
}

client::HttpRequest WithPath(client::HttpRequest request, std::string path) {
  request.path = std::move(path);
  return request;
}

class Requests {
 public:
  explicit Requests(const GoodCall& good) : good_(good), body_(good.target.body) {}

  std::vector<BadInput> All() {
    NotOneObject();
    NotJson();
    BadText();
    BadNumbers();
    Shape();
    BadHeaders();
    BadQuery();
    BadPath();
    return std::move(all_);
  }

 private:
  void Body(std::string name, std::string body, std::string reason, int status = 400) {
    all_.push_back({.name = std::move(name),
                    .request = RequestOf(good_, std::move(body)),
                    .status = status,
                    .reason = std::move(reason)});
  }
  void Request(std::string name, client::HttpRequest request, int status, std::string reason) {
    all_.push_back({.name = std::move(name),
                    .request = std::move(request),
                    .status = status,
                    .reason = std::move(reason)});
  }

  void NotOneObject() {
    Body("array body", "[" + body_ + "]", "FIELD_WRONG_TYPE");
    Body("null body", "null", "FIELD_WRONG_TYPE");
    Body("text body", "\"text\"", "FIELD_WRONG_TYPE");
    Body("number body", "7", "FIELD_WRONG_TYPE");
    Body("true body", "true", "FIELD_WRONG_TYPE");
    Body("two documents", body_ + body_, "JSON_INVALID");
    Body("trailing garbage", body_ + " x", "JSON_INVALID");
    Body("trailing brace", body_ + "}", "JSON_INVALID");
  }

  void NotJson() {
    Body("blank body", "   ", "JSON_INVALID");
    Body("cut short", body_.substr(0, body_.size() - 1), "JSON_INVALID");
    Body("cut inside a text", "{\"etag\":\"x", "JSON_INVALID");
    Body("single quotes", "{'etag':'x'}", "JSON_INVALID");
    Body("name without quotes", "{etag:\"x\"}", "JSON_INVALID");
    Body("comment", body_ + "/* */", "JSON_INVALID");
    Body("trailing comma", body_.substr(0, body_.rfind('}')) + ",}", "JSON_INVALID");
    Body("UTF-16", Repeated(std::string("{\0}\0", 4), 1), "JSON_INVALID");
    Body("a million brackets", Repeated("[", 500'000) + Repeated("]", 500'000), "JSON_TOO_DEEP");
    Body("XML", "<filing/>", "JSON_INVALID");
    Body("form", "etag=x", "JSON_INVALID");
  }

  void BadText() {
    Body("bad UTF-8", WithMember(body_, "\"x\":\"\xff\""), "JSON_INVALID");
    Body("overlong UTF-8", WithMember(body_, "\"x\":\"\xc0\xaf\""), "JSON_INVALID");
    Body("surrogate in UTF-8", WithMember(body_, "\"x\":\"\xed\xa0\x80\""), "JSON_INVALID");
    Body("lone surrogate", WithMember(body_, R"("x":"\ud800")"), "JSON_INVALID");
    Body("reversed surrogates", WithMember(body_, R"("x":"\udc00\ud800")"), "JSON_INVALID");
    Body("bad escape", WithMember(body_, R"("x":"\q")"), "JSON_INVALID");
    Body("bare control character", WithMember(body_, "\"x\":\"a\nb\""), "JSON_INVALID");
  }

  void BadNumbers() {
    Body("NaN", WithMember(body_, "\"x\":NaN"), "JSON_INVALID");
    Body("Infinity", WithMember(body_, "\"x\":Infinity"), "JSON_INVALID");
    Body("1e400", WithMember(body_, "\"x\":1e400"), "NUMBER_OUT_OF_RANGE");
    Body("400 digits", WithMember(body_, "\"x\":" + Repeated("9", 400)), "NUMBER_OUT_OF_RANGE");
    Body("leading zero", WithMember(body_, "\"x\":07"), "JSON_INVALID");
    Body("plus sign", WithMember(body_, "\"x\":+7"), "JSON_INVALID");
    Body("hexadecimal", WithMember(body_, "\"x\":0x7"), "JSON_INVALID");
  }

  void Shape() {
    Body("depth 33", WithMember(body_, "\"x\":" + Repeated("[", 32) + "1" + Repeated("]", 32)),
         "JSON_TOO_DEEP");
    Body("unknown member", WithMember(body_, "\"noSuchField\":1"), "FIELD_UNKNOWN");
    Body("name of the prototype chain", WithMember(body_, "\"__proto__\":{}"), "FIELD_UNKNOWN");
    Body("empty name", WithMember(body_, "\"\":1"), "FIELD_UNKNOWN");
    const size_t most = good_.method->options().GetExtension(zonelink::body_bytes);
    const std::string large(std::max(size_t{1} << 20, most), 'a');
    Body("over 1 MiB, or what it takes", WithMember(body_, "\"x\":\"" + large + "\""),
         "BODY_TOO_LARGE", 413);
  }

  void BadHeaders() {
    const auto good = RequestOf(good_, body_);
    for (const char* type : {"text/plain", "application/xml", "application/json; charset=utf-16",
                             "application/x-www-form-urlencoded"}) {
      Request(std::string("content type ") + type, WithHeader(good, "Content-Type", type), 415,
              "MEDIA_TYPE_UNSUPPORTED");
    }
    Request("no content type", WithHeader(good, "Content-Type", ""), 415, "MEDIA_TYPE_UNSUPPORTED");
    Request("gzip", WithHeader(good, "Content-Encoding", "gzip"), 415, "MEDIA_TYPE_UNSUPPORTED");
    Request("idempotency key too long", WithHeader(good, "Idempotency-Key", std::string(300, 'k')),
            400, "IDEMPOTENCY_KEY_INVALID");
    Request("idempotency key with a space", WithHeader(good, "Idempotency-Key", "a b"), 400,
            "IDEMPOTENCY_KEY_INVALID");
    Request("idempotency key not ASCII", WithHeader(good, "Idempotency-Key", "钥匙"), 400,
            "IDEMPOTENCY_KEY_INVALID");
    auto twice = good;
    twice.headers.emplace_back("Idempotency-Key", "another");
    Request("two idempotency keys", twice, 400, "HEADER_INVALID");
    Request("unquoted If-Match", WithHeader(good, "If-Match", "7"), 400, "HEADER_INVALID");
    for (const char* method : {"PUT", "DELETE", "PATCH"}) {
      auto other = good;
      other.method = method;
      Request(std::string("method ") + method, other, 405, "METHOD_NOT_ALLOWED");
    }
  }

  void BadQuery() {
    const auto good = RequestOf(good_, body_);
    Request("unknown query", WithPath(good, good.path + "?noSuchParameter=1"), 400,
            "QUERY_UNKNOWN");
    Request("query of a body field", WithPath(good, good.path + "?etag=1"), 400, "QUERY_UNKNOWN");
    Request("query not UTF-8", WithPath(good, good.path + "?x=%ff"), 400, "QUERY_INVALID");
    Request("query cut short", WithPath(good, good.path + "?x=%f"), 400, "QUERY_INVALID");
  }

  // Where the path names a thing.
  void BadPath() {
    if (good_.target.id.empty()) return;
    const auto good = RequestOf(good_, body_);
    const auto at = good.path.find(good_.target.id);
    const auto with_id = [&](const std::string& id) {
      std::string path = good.path;
      path.replace(at, good_.target.id.size(), id);
      return WithPath(good, path);
    };
    Request("id with a space", with_id("a%20b"), 400, "REQUEST_INVALID");
    Request("id too long", with_id(std::string(65, 'a')), 400, "REQUEST_INVALID");
    Request("id not UTF-8", with_id("%ff"), 400, "PATH_INVALID");
    Request("id with NUL", with_id("%00"), 400, "REQUEST_INVALID");
    Request("id with bidi control", with_id("%e2%80%ae"), 400, "REQUEST_INVALID");
    Request("id with SQL", with_id("'%20OR%20'1'%3D'1"), 400, "REQUEST_INVALID");
  }

  const GoodCall& good_;
  const std::string body_;
  std::vector<BadInput> all_;
};

}  // namespace

client::HttpRequest RequestOf(const GoodCall& good, std::string body) {
  return {.method = "POST",
          .path = good.target.path,
          .headers = {{"Content-Type", "application/json"}, {"Idempotency-Key", FreshKey()}},
          .body = std::move(body)};
}

std::vector<BadInput> BadRequests(const GoodCall& good) { return Requests(good).All(); }

}  // namespace zonelink::test
