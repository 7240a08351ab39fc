// SPDX-License-Identifier: Apache-2.0
#include "gateway/http/routes.h"

#include <gtest/gtest.h>
#include <simdjson.h>

#include "gateway/http/pages.h"
#include "gateway/http/transcoder.h"
#include "zonelink/api/raw.pb.h"
#include "zonelink/directory/v1/directory_service.pb.h"
#include "zonelink/documents/v1/documents_service.pb.h"
#include "zonelink/ledger/v1/ledger_service.pb.h"
#include "zonelink/recognition/v1/recognition_service.pb.h"

namespace zonelink::gateway {
namespace {

struct Built {
  Schemas schemas;
  Routes routes{ApiServices(), schemas};
};

// A path of the route, its variables filled with `value`.
std::string PathOf(const Route& route, std::string_view value) {
  std::string path;
  bool inside = false;
  for (const char c : route.path) {
    if (c == '{') path += value;
    inside = c == '{' || (inside && c != '}');
    if (!inside && c != '}') path += c;
  }
  return path;
}

TEST(Routes, FindEveryRpc) {
  const Built built;
  ASSERT_GE(built.routes.all().size(), 40U);
  for (const auto& route : built.routes.all()) {
    SCOPED_TRACE(route->path);
    const std::string path = PathOf(*route, "x%20y");
    const Match match = built.routes.Find(route->verb, path);
    EXPECT_EQ(match.route, route.get());
    EXPECT_EQ(match.value_count, route->variables.size());
    for (size_t i = 0; i < match.value_count; ++i) EXPECT_EQ(match.values[i], "x%20y");
  }
}

// `RPC name: values` of what a path leads to.
std::string Led(const Built& built, std::string_view path) {
  const Match match = built.routes.Find("GET", path);
  if (match.route == nullptr) return "";
  std::string led = match.route->method->name();
  for (size_t i = 0; i < match.value_count; ++i) led.append(" ").append(match.values[i]);
  return led;
}

TEST(Routes, TakeTheRestOfAPath) {
  const Built built;
  EXPECT_EQ(Led(built, "/v1/ledger/tile/0/000"), "GetTile 0 000");
  EXPECT_EQ(Led(built, "/v1/ledger/tile/0/x001/x234/067.p/17"), "GetTile 0 x001/x234/067.p/17");
  EXPECT_EQ(Led(built, "/v1/ledger/tile/entries/000"), "GetEntries 000");
  EXPECT_EQ(Led(built, "/v1/ledger/tile/entries/x001/000.p/255"), "GetEntries x001/000.p/255");
  EXPECT_EQ(Led(built, "/v1/ledger/tile/0/000:verb"), "GetTile 0 000:verb");
  EXPECT_EQ(Led(built, "/v1/ledger/tile/0/a:b/.../:"), "GetTile 0 a:b/.../:");
  EXPECT_EQ(Led(built, "/v1/ledger/tile/entries:x/000"), "GetTile entries:x 000");
  for (const std::string_view path :
       {"/v1/ledger/tile", "/v1/ledger/tile/", "/v1/ledger/tile/0", "/v1/ledger/tile/0/",
        "/v1/ledger/tile/entries", "/v1/ledger/tile/entries/", "/v1/ledger/tile//000",
        "/v1/ledger/tile/0//000", "/v1/ledger/tile/0/x001//067", "/v1/ledger/tile/0/000/",
        "/v1/ledger/tile/0/000//", "/v1/ledger/tile/entries//000", "/v1/ledger/tile/0:x"}) {
    EXPECT_EQ(Led(built, path), "") << path;
  }
  EXPECT_EQ(built.routes.Find("POST", "/v1/ledger/tile/0/x001/000").allow, "GET, HEAD");
  EXPECT_EQ(Led(built, "/v1/ledger"), "GetLedger");
  EXPECT_EQ(Led(built, "/v1/ledger/receipts/E"), "GetReceipt E");
}

TEST(Routes, HeadFindsGet) {
  const Built built;
  EXPECT_EQ(built.routes.Find("HEAD", "/v1/items/a").route,
            built.routes.Find("GET", "/v1/items/a").route);
  EXPECT_EQ(built.routes.Find("HEAD", "/v1/filings:precheck").route, nullptr);
}

TEST(Routes, SayWhichMethodsAPathHas) {
  const Built built;
  const Match match = built.routes.Find("DELETE", "/v1/filings");
  EXPECT_EQ(match.route, nullptr);
  EXPECT_EQ(match.allow, "POST, GET, HEAD");
  EXPECT_EQ(built.routes.Find("GET", "/v1/filings/F:withdraw").allow, "POST");
}

TEST(Routes, KnowNothingElse) {
  const Built built;
  for (const std::string_view path : {"",
                                      "/",
                                      "//",
                                      "/v1",
                                      "/v1/",
                                      "/v1/filings/",
                                      "/v1//filings",
                                      "/v1/filings//timeline",
                                      "/v1/nothing",
                                      "/v1/filings/F/decisions",
                                      "/v1/filings/F/decisions/z",
                                      "/v1/filings/F/decisions/z:",
                                      "/v1/filings/F/decisions/z:nope",
                                      "/v1/filings/:withdraw",
                                      "/v1/filings:",
                                      "/v1/filings:nope",
                                      "/v1/sessions:refresh:x",
                                      "/V1/filings",
                                      "v1/filings",
                                      "/v1/filings/F/timeline/x",
                                      "/v1/calendars/z/x",
                                      "/v1/filings/F:withdraw/"}) {
    EXPECT_TRUE(built.routes.Find("GET", path).allow.empty()) << path;
    EXPECT_TRUE(built.routes.Find("POST", path).allow.empty()) << path;
  }
}

// The reason, or empty; the request that came of it in `request`.
std::string Build(const Built& built, std::string_view method, std::string_view target,
                  std::string_view body, google::protobuf::Message& request,
                  std::vector<HeaderField> headers = {}) {
  RequestHead head;
  head.method = method;
  const size_t question = std::min(target.find('?'), target.size());
  head.path = target.substr(0, question);
  if (question < target.size()) head.query = target.substr(question + 1);
  head.headers = std::move(headers);
  const Match match = built.routes.Find(method, head.path);
  if (match.route == nullptr) return "no route";
  request.Clear();
  const Status made = BuildRequest(match, head, std::string(body), request);
  return made ? "" : made.error().reason;
}

TEST(Transcoder, FillsPathAndBody) {
  const Built built;
  recognition::v1::GrantDecisionRequest grant;
  const std::string path = "/v1/filings/F%2f%E4%B8%AD/decisions/jiangsu:grant";
  ASSERT_EQ(Build(built, "POST", path, R"({"reason":"ok"})", grant), "");
  EXPECT_EQ(grant.filing_id(), "F/中");
  EXPECT_EQ(grant.zone(), "jiangsu");
  EXPECT_EQ(grant.reason(), "ok");
  EXPECT_EQ(Build(built, "POST", path, R"({"zone":"zhejiang"})", grant), "FIELD_UNKNOWN");
  EXPECT_EQ(Build(built, "POST", path + "?reason=ok", "{}", grant), "QUERY_UNKNOWN");
  EXPECT_EQ(Build(built, "POST", "/v1/filings/%zz/decisions/a:grant", "", grant), "PATH_INVALID");
  EXPECT_EQ(Build(built, "POST", "/v1/filings/%ff/decisions/a:grant", "", grant), "PATH_INVALID");
  EXPECT_EQ(Build(built, "POST", "/v1/filings/%4/decisions/a:grant", "", grant), "PATH_INVALID");
}

TEST(Transcoder, FillsTheRestOfAPath) {
  const Built built;
  ledger::v1::GetTileRequest request;
  const auto build = [&](const std::string& rest) {
    return Build(built, "GET", "/v1/ledger/tile/1/" + rest, "", request);
  };
  ASSERT_EQ(build("x001/x234/067.p/17"), "");
  EXPECT_EQ(request.level(), "1");
  EXPECT_EQ(request.index(), "x001/x234/067.p/17");
  ASSERT_EQ(build("x%3001/%30%36%37:+"), "");
  EXPECT_EQ(request.index(), "x001/067:+");
  ASSERT_EQ(build("%252f/%25"), "");
  EXPECT_EQ(request.index(), "%2f/%");
  for (const char* bad : {"x001%2f067", "x001%2F067", "%2f", "000/%zz", "000/%4", "%ff/000",
                          "%e4/%b8%ad", "%e4%b8/%ad"}) {
    EXPECT_EQ(build(bad), "PATH_INVALID") << bad;
  }
}

TEST(Transcoder, FillsTheBodysField) {
  const Built built;
  recognition::v1::CreateItemRequest create;
  ASSERT_EQ(Build(built, "POST", "/v1/items", R"({"itemId":"a","itemClass":"LICENCE"})", create),
            "");
  EXPECT_EQ(create.item().item_id(), "a");
  EXPECT_EQ(Build(built, "POST", "/v1/items", R"({"item":{}})", create), "FIELD_UNKNOWN");
}

TEST(Transcoder, FillsTheQuery) {
  const Built built;
  recognition::v1::ListFilingsRequest list;
  ASSERT_EQ(
      Build(built, "GET",
            "/v1/filings?state=IN_REVIEW&pageSize=3&orderBy=submittedAt+desc&zone=%61", "", list),
      "");
  EXPECT_EQ(list.state(), recognition::v1::FILING_STATE_IN_REVIEW);
  EXPECT_EQ(list.page_size(), 3);
  EXPECT_EQ(list.order_by(), "submittedAt desc");
  EXPECT_EQ(list.zone(), "a");
  EXPECT_EQ(Build(built, "GET", "/v1/filings?page_size=3", "", list), "QUERY_UNKNOWN");
  EXPECT_EQ(Build(built, "GET", "/v1/filings?nope=3", "", list), "QUERY_UNKNOWN");
  EXPECT_EQ(Build(built, "GET", "/v1/filings?zone=a&zone=b", "", list), "QUERY_REPEATED");
  EXPECT_EQ(Build(built, "GET", "/v1/filings?zone=%ff", "", list), "QUERY_INVALID");
  EXPECT_EQ(Build(built, "GET", "/v1/filings?=a", "", list), "QUERY_INVALID");
  EXPECT_EQ(Build(built, "GET", "/v1/filings?state=FILING_STATE_CLOSED", "", list), "ENUM_UNKNOWN");
  EXPECT_EQ(Build(built, "GET", "/v1/filings?pageSize=x", "", list), "FIELD_WRONG_TYPE");

  directory::v1::GetWorkingDaysRequest days;
  ASSERT_EQ(Build(built, "GET", "/v1/calendars/z:workingDays?from=2026-01-01&days=3", "", days),
            "");
  EXPECT_EQ(days.zone(), "z");
  EXPECT_EQ(days.days(), 3);
  EXPECT_EQ(Build(built, "GET", "/v1/calendars/z:workingDays?zone=y", "", days), "QUERY_UNKNOWN");
}

TEST(Transcoder, FillsEtagFromIfMatch) {
  const Built built;
  recognition::v1::WithdrawFilingRequest request;
  const std::string path = "/v1/filings/F:withdraw";
  ASSERT_EQ(Build(built, "POST", path, "{}", request, {{"if-match", "\"3\""}}), "");
  EXPECT_EQ(request.etag(), "3");
  ASSERT_EQ(Build(built, "POST", path, R"({"etag":"4"})", request, {{"If-Match", "\"3\""}}), "");
  EXPECT_EQ(request.etag(), "4");
  ASSERT_EQ(Build(built, "POST", path, "", request, {{"If-Match", "*"}}), "");
  EXPECT_EQ(request.etag(), "");
  for (const char* bad : {"3", "W/\"3\"", "\"3\", \"4\"", "\"\"", ""}) {
    EXPECT_EQ(Build(built, "POST", path, "{}", request, {{"If-Match", bad}}), "HEADER_INVALID");
  }
  recognition::v1::SubmitFilingRequest submit;
  EXPECT_EQ(Build(built, "POST", "/v1/filings", "{}", submit, {{"If-Match", "\"3\""}}),
            "HEADER_INVALID");
}

TEST(Transcoder, AnswersWithStatusAndEtag) {
  const Built built;
  recognition::v1::Filing filing;
  filing.set_etag("7");
  const Match match = built.routes.Find("POST", "/v1/filings");
  const HttpResponse answer = *MakeAnswer(*match.route, filing);
  EXPECT_EQ(answer.status, 201U);
  EXPECT_EQ(answer.headers, "ETag: \"7\"\r\n");
  EXPECT_EQ(answer.content_type, "application/json");
  EXPECT_EQ(answer.cache_control, "no-store");
}

TEST(Transcoder, TakesBytes) {
  const Built built;
  const std::string path = "/v1/uploads/U-7/chunks/3";
  documents::v1::PutChunkRequest put;
  const std::string bytes("{\0\xff", 3);
  ASSERT_EQ(Build(built, "POST", path, bytes, put, {{"Content-Type", "image/png"}}), "");
  EXPECT_EQ(put.upload_id(), "U-7");
  EXPECT_EQ(put.index(), 3);
  EXPECT_EQ(put.content().data(), bytes);
  EXPECT_EQ(put.content().content_type(), "image/png");
  EXPECT_EQ(Build(built, "POST", path + "?content=a", bytes, put), "QUERY_UNKNOWN");
  EXPECT_EQ(Build(built, "POST", "/v1/uploads/U-7/chunks/x", bytes, put), "FIELD_WRONG_TYPE");
}

TEST(Transcoder, AsksForNoPartInTheClientsName) {
  const Built built;
  documents::v1::ReadDocumentRequest read;
  const std::string path = "/v1/documents/abc";
  EXPECT_EQ(Build(built, "GET", path + "?caseId=F-7", "", read), "");
  EXPECT_EQ(read.case_id(), "F-7");
  EXPECT_EQ(Build(built, "GET", path + "?pageToken=a", "", read), "QUERY_UNKNOWN");
}

TEST(Transcoder, AnswersWithAnAttachment) {
  const Built built;
  const Match match = built.routes.Find("GET", "/v1/documents/abc");
  ASSERT_NE(match.route, nullptr);
  api::Raw raw;
  raw.set_content_type("text/html");
  raw.set_file_name("执照 \"1\"\r\n.html");
  raw.set_data("<script>");
  raw.set_total_bytes(20);
  const HttpResponse answer = *MakeAnswer(*match.route, raw);
  EXPECT_EQ(answer.headers,
            "Content-Type: text/html\r\nContent-Disposition: attachment; "
            "filename*=UTF-8''%E6%89%A7%E7%85%A7%20%221%22%0D%0A.html\r\n");
  EXPECT_EQ(answer.cache_control, "no-store");
  EXPECT_EQ(answer.total_bytes, 20U);
  EXPECT_EQ(answer.body, "<script>");
  for (const char* type : {"", "a b", "text/html\r\nA: b"}) {
    raw.set_content_type(type);
    EXPECT_FALSE(MakeAnswer(*match.route, raw)) << type;
  }
}

TEST(Transcoder, AnswersWithBytes) {
  const Built built;
  const Match match = built.routes.Find("GET", "/v1/ledger/checkpoint");
  ASSERT_NE(match.route, nullptr);
  api::Raw raw;
  raw.set_data(std::string("\0\xff\r\n", 4));
  for (const char* type : {"text/plain; charset=utf-8", "application/octet-stream",
                           "application/pdf", "text/html; charset=utf-8", "application/xml"}) {
    raw.set_content_type(type);
    raw.set_immutable(false);
    const HttpResponse answer = *MakeAnswer(*match.route, raw);
    EXPECT_EQ(answer.status, 200U);
    EXPECT_EQ(answer.content_type, type);
    EXPECT_EQ(answer.cache_control, "no-cache");
    EXPECT_EQ(answer.body, raw.data());
    raw.set_immutable(true);
    EXPECT_EQ(MakeAnswer(*match.route, raw)->cache_control, "public, max-age=31536000, immutable");
  }
  for (const char* type : {"", "text/html", "image/svg+xml", "text/plain; charset=utf-8\r\nA: b"}) {
    raw.set_content_type(type);
    const auto answer = MakeAnswer(*match.route, raw);
    ASSERT_FALSE(answer) << type;
    EXPECT_EQ(answer.error().code, Code::kInternal);
  }
}

// A route's path in OpenAPI, which has no {x=**}.
std::string Shown(std::string path) {
  const size_t rest = path.find("=**");
  return rest == std::string::npos ? path : path.erase(rest, 3);
}

TEST(OpenApi, HoldsEveryRoute) {
  const Built built;
  const Pages pages(built.routes);
  const Page* page = pages.Find("/openapi.json");
  ASSERT_NE(page, nullptr);
  simdjson::dom::parser parser;
  simdjson::dom::element root;
  ASSERT_EQ(parser.parse(page->body).get(root), simdjson::SUCCESS);
  std::string_view version;
  ASSERT_EQ(root["openapi"].get(version), simdjson::SUCCESS);
  EXPECT_EQ(version, "3.1.0");
  for (const auto& route : built.routes.all()) {
    SCOPED_TRACE(route->path);
    simdjson::dom::element operation;
    ASSERT_EQ(
        root["paths"][Shown(route->path)][route->verb == "GET" ? "get" : "post"].get(operation),
        simdjson::SUCCESS);
    std::string_view text;
    ASSERT_EQ(operation["operationId"].get(text), simdjson::SUCCESS);
    EXPECT_EQ(text, route->method->name());
    ASSERT_EQ(operation["summary"].get(text), simdjson::SUCCESS);
    EXPECT_FALSE(text.empty());
    simdjson::dom::element found;
    EXPECT_EQ(operation["responses"][std::to_string(route->success_status)].get(found),
              simdjson::SUCCESS);
    EXPECT_EQ(operation["x-zonelink-access"]["scope"].get(found), simdjson::SUCCESS);
  }
}

TEST(OpenApi, DescribesBytes) {
  const Built built;
  const Pages pages(built.routes);
  simdjson::dom::parser parser;
  const simdjson::dom::element root = parser.parse(pages.Find("/openapi.json")->body).value();
  const auto schemas = root["components"]["schemas"];
  EXPECT_EQ(schemas["Receipt"]["properties"]["entry"]["format"].get_string().value(), "byte");
  EXPECT_EQ(schemas["Receipt"]["properties"]["proof"]["items"]["format"].get_string().value(),
            "byte");
  EXPECT_NE(schemas["Raw"].error(), simdjson::SUCCESS);
  const auto tile = root["paths"]["/v1/ledger/tile/{level}/{index}"]["get"];
  EXPECT_EQ(tile["responses"]["200"]["content"]["*/*"].error(), simdjson::SUCCESS);
  EXPECT_NE(tile["responses"]["200"]["content"]["application/json"].error(), simdjson::SUCCESS);
  std::string_view text;
  ASSERT_EQ(tile["parameters"].at(1)["description"].get(text), simdjson::SUCCESS);
  EXPECT_NE(text.find("slashes"), std::string_view::npos) << text;
  ASSERT_EQ(tile["parameters"].at(0)["description"].get(text), simdjson::SUCCESS);
  EXPECT_EQ(text.find("slashes"), std::string_view::npos) << text;
}

// Every $ref of a document leads somewhere.
void CheckReferences(simdjson::dom::element at, simdjson::dom::element schemas) {
  if (at.is_array()) {
    for (const auto inner : at.get_array()) CheckReferences(inner, schemas);
  }
  if (!at.is_object()) return;
  for (const auto [key, inner] : at.get_object()) {
    CheckReferences(inner, schemas);
    if (key != "$ref") continue;
    const std::string_view name = inner.get_string().value_unsafe();
    constexpr std::string_view kPrefix = "#/components/schemas/";
    ASSERT_EQ(name.substr(0, kPrefix.size()), kPrefix);
    simdjson::dom::element found;
    EXPECT_EQ(schemas[name.substr(kPrefix.size())].get(found), simdjson::SUCCESS) << name;
  }
}

TEST(OpenApi, RefersToWhatItHolds) {
  const Built built;
  const Pages pages(built.routes);
  simdjson::dom::parser parser;
  const simdjson::dom::element root = parser.parse(pages.Find("/openapi.json")->body).value();
  CheckReferences(root, root["components"]["schemas"].value());
}

TEST(Pages, AreCompleteAndCached) {
  const Built built;
  const Pages pages(built.routes);
  for (const char* path : {"/", "/docs", "/docs.css", "/docs.js", "/openapi.json"}) {
    EXPECT_NE(pages.Find(path), nullptr) << path;
  }
  EXPECT_EQ(pages.Find("/docs/"), nullptr);
  const Page& docs = *pages.Find("/docs");
  RequestHead head;
  EXPECT_EQ(Pages::Answer(docs, head).status, 200U);
  head.headers = {{"If-None-Match", docs.etag}};
  EXPECT_EQ(Pages::Answer(docs, head).status, 304U);
  EXPECT_EQ(Pages::Answer(*pages.Find("/"), head).status, 302U);
}

}  // namespace
}  // namespace zonelink::gateway
