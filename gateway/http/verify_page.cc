// SPDX-License-Identifier: Apache-2.0
#include "gateway/http/verify_page.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "gateway/http/problem.h"
#include "gateway/http/url.h"
#include "gateway_verify.h"
#include "platform/core/check.h"
#include "platform/core/time.h"
#include "platform/rpc/timestamp.h"

namespace zonelink::gateway {
namespace {

using recognition::v1::Recognition;
namespace pb = recognition::v1;

constexpr std::string_view kPrefix = "/verify/";
constexpr size_t kLongestNumber = 64;

constexpr std::string_view kHeaders =
    "X-Content-Type-Options: nosniff\r\n"
    "Content-Security-Policy: default-src 'none'; style-src 'self'; form-action 'self'; "
    "base-uri 'none'; frame-ancestors 'none'\r\n"
    "Referrer-Policy: no-referrer\r\n"
    "X-Robots-Tag: noindex\r\n";

std::string_view Embedded(std::string_view name) {
  for (const auto& file : verify::kFiles) {
    if (file.name == name) return file.contents;
  }
  ZL_CHECK(false, "a template of the verification pages is not embedded");
}

bool MayBeNumber(std::string_view text) {
  return !text.empty() && text.size() <= kLongestNumber &&
         std::all_of(text.begin(), text.end(), [](char c) {
           return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') ||
                  c == '-' || c == '_';
         });
}

// As it was typed in: numbers have capital letters and no spaces.
std::string Tidied(std::string_view typed) {
  std::string number;
  for (const char c : typed) {
    if (c == ' ' || c == '\t') continue;
    number += c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
  }
  return number;
}

std::string_view ShortTag(Language language) {
  return language == Language::kChinese ? "zh" : "en";
}

// Text of a service, kept apart from what stands around it also where its direction differs.
Html Given(std::string_view text) {
  Html html = Html::Constant("<bdi>");
  html += Html::Escape(text);
  html += Html::Constant("</bdi>");
  return html;
}

Html Wrap(std::string_view before, const Html& inner, std::string_view after) {
  Html html = Html::Constant(before);
  html += inner;
  html += Html::Constant(after);
  return html;
}

// A name in both languages, that of the page first.
Html BothNames(std::string_view zh, std::string_view en, Language language) {
  const Html in_zh = Wrap("<bdi lang=\"zh-CN\">", Html::Escape(zh), "</bdi>");
  const Html in_en = Wrap("<bdi lang=\"en\">", Html::Escape(en), "</bdi>");
  Html html = language == Language::kChinese ? in_zh : in_en;
  html +=
      Wrap(" <span class=\"second\">", language == Language::kChinese ? in_en : in_zh, "</span>");
  return html;
}

std::string BeijingTime(Time at) {
  const std::string utc = FormatTime(at + std::chrono::hours(8));
  return utc.substr(0, 10) + " " + utc.substr(11, 8);
}

struct Look {
  std::string_view key;   // of the texts
  std::string_view kind;  // class
  std::string_view sign;
};

Look LookOf(pb::RecognitionState state) {
  switch (state) {
    case pb::RECOGNITION_STATE_VALID: return {"VALID", "valid", "✓"};
    case pb::RECOGNITION_STATE_SUSPENDED: return {"SUSPENDED", "suspended", "!"};
    case pb::RECOGNITION_STATE_REVOKED: return {"REVOKED", "revoked", "✕"};
    case pb::RECOGNITION_STATE_EXPIRED: return {"EXPIRED", "expired", "–"};
    default: return {"UNKNOWN", "unknown", "?"};
  }
}

// Days from when the status was asked for to a day; nothing where one of them is not told.
std::optional<long> DaysTo(const std::string& day, const Recognition& recognition) {
  const auto to = ParseDate(day);
  if (!to || !recognition.has_as_of()) return std::nullopt;
  return (*to - ShanghaiDate(ToTime(recognition.as_of()))).count();
}

bool StillToBegin(const Recognition& recognition) {
  return recognition.state() == pb::RECOGNITION_STATE_VALID &&
         DaysTo(recognition.valid_from(), recognition).value_or(0) > 0;
}

}  // namespace

bool IsVerifyPath(std::string_view path) {
  return path == "/verify" || path.substr(0, kPrefix.size()) == kPrefix;
}

VerifyRequest ReadVerifyRequest(const RequestHead& head) {
  VerifyRequest request;
  request.language = Negotiate(head.Find("Accept-Language"));
  request.form = head.path.size() <= kPrefix.size();
  std::string typed;
  const auto parameters = ParseQuery(head.query);
  for (const auto& [name, value] : parameters ? *parameters : QueryParameters()) {
    if (name == "number") typed = Tidied(value);
    if (name != "lang" || (value != "zh" && value != "en")) continue;
    request.language = value == "zh" ? Language::kChinese : Language::kEnglish;
    request.language_chosen = true;
  }
  if (request.form && !typed.empty()) {
    request.to = std::string(kPrefix) + PercentEncode(typed);
    if (request.language_chosen) request.to->append("?lang=").append(ShortTag(request.language));
  }
  if (request.form) return request;
  const auto number = PercentDecode(head.path.substr(kPrefix.size()), false);
  if (number && MayBeNumber(*number)) request.number = *number;
  return request;
}

VerifyPages::VerifyPages() : texts_(Embedded("texts.csv")) {}

Html VerifyPages::Say(std::string_view key, Language language, const Metadata& values) const {
  ZL_CHECK(texts_.Knows(key), "a text of the verification pages is missing");
  return Html::Escape(texts_.Fill(key, language, values));
}

Html VerifyPages::SearchForm(const VerifyRequest& request) const {
  Html chosen;
  if (request.language_chosen) {
    chosen = Wrap("<input type=\"hidden\" name=\"lang\" value=\"",
                  Html::Escape(ShortTag(request.language)), "\">\n");
  }
  return FillTemplate(Embedded("form.html"), {{"label", Say("form_label", request.language)},
                                              {"button", Say("form_button", request.language)},
                                              {"hint", Say("form_hint", request.language)},
                                              {"chosen", chosen}});
}

HttpResponse VerifyPages::Frame(const VerifyRequest& request, unsigned status, const Html& title,
                                const Html& content) const {
  const std::string path =
      request.number.empty() ? "/verify" : std::string(kPrefix) + request.number;
  const auto link = [&](Language language, std::string_view name) {
    const bool current = language == request.language;
    const auto tag = Tag(language);
    return Html::Constant(fmt::format("<a href=\"{}?lang={}\" lang=\"{}\" hreflang=\"{}\"{}>{}</a>",
                                      path, ShortTag(language), tag, tag,
                                      current ? " aria-current=\"true\"" : "", name));
  };
  Html links = link(Language::kChinese, "中文");
  links += Html::Constant(" ");
  links += link(Language::kEnglish, "English");
  HttpResponse response;
  response.status = status;
  response.content_type = "text/html; charset=utf-8";
  response.headers = kHeaders;
  AppendHeader(response, "Content-Language", Tag(request.language));
  const Language language = request.language;
  response.body = FillTemplate(Embedded("page.html"), {{"language", Html::Escape(Tag(language))},
                                                       {"title", title},
                                                       {"brand", Say("brand", language)},
                                                       {"languages", Say("languages", language)},
                                                       {"links", links},
                                                       {"content", content},
                                                       {"footer", Say("footer", language)}})
                      .str();
  return response;
}

HttpResponse VerifyPages::Form(const VerifyRequest& request) const {
  const Language language = request.language;
  Html content = Wrap("<section>\n<h1>", Say("title", language), "</h1>\n<p>");
  content += Wrap("", Say("form_intro", language), "</p>\n");
  content += Wrap("", SearchForm(request), "</section>");
  return Frame(request, 200, Say("title", language), content);
}

HttpResponse VerifyPages::Lead(const VerifyRequest& request) const {
  HttpResponse response;
  response.status = 302;
  response.headers = kHeaders;
  AppendHeader(response, "Location", *request.to);
  return response;
}

Html VerifyPages::Status(const Recognition& recognition, Language language) const {
  const Look look = LookOf(recognition.state());
  const Language other = language == Language::kChinese ? Language::kEnglish : Language::kChinese;
  const Html meaning = Say(
      StillToBegin(recognition) ? "NOT_YET_meaning" : std::string(look.key) + "_meaning", language);
  Html html = Html::Constant(
      fmt::format("<div class=\"status {}\"><span class=\"sign\" aria-hidden=\"true\">{}</span>"
                  "<div><p><strong>",
                  look.kind, look.sign));
  html += Say(look.key, language);
  html += Html::Constant(fmt::format("</strong><span class=\"other\" lang=\"{}\">", Tag(other)));
  html += Wrap("", Say(look.key, other), "</span></p><p>");
  html += Wrap("", meaning, "</p></div></div>");
  return html;
}

Html VerifyPages::Row(std::string_view label, Language language, const Html& value) const {
  Html html = Wrap("<dt>", Say(label, language), "</dt>");
  html += Wrap("<dd>", value, "</dd>\n");
  return html;
}

Html VerifyPages::ScopeOf(const Recognition& recognition, Language language) const {
  if (!recognition.has_scope()) return Say("scope_all", language);
  const pb::Scope& scope = recognition.scope();
  Html html = Say("scope_partial", language);
  html += Html::Constant("<ul>");
  const auto part = [&](std::string_view label, const auto& values) {
    html += Wrap("<li>", Say(label, language), language == Language::kChinese ? "：" : ": ");
    for (int i = 0; i < static_cast<int>(values.size()); ++i) {
      if (i > 0) html += Html::Constant(language == Language::kChinese ? "；" : "; ");
      html += Given(values[i]);
    }
    if (values.empty()) html += Say("scope_as_origin", language);
    html += Html::Constant("</li>");
  };
  part("scope_activities", scope.activities());
  part("scope_addresses", scope.addresses());
  const std::vector<std::string> none;
  part("scope_quantity",
       scope.quantity().empty() ? none : std::vector<std::string>{scope.quantity()});
  html += Html::Constant("</ul>");
  return html;
}

Html VerifyPages::DaysOf(const Recognition& recognition, Language language) const {
  const auto left = DaysTo(recognition.valid_until(), recognition);
  const auto begin = DaysTo(recognition.valid_from(), recognition);
  const auto say = [&](std::string_view one, std::string_view many, long days) {
    return Say(days == 1 ? one : many, language, {{"days", std::to_string(days)}});
  };
  if (!left || !begin) return {};
  switch (recognition.state()) {
    case pb::RECOGNITION_STATE_VALID:
    case pb::RECOGNITION_STATE_SUSPENDED:
    case pb::RECOGNITION_STATE_EXPIRED: break;
    default: return {};
  }
  if (*left < 0) return say("day_over", "days_over", -*left);
  if (*begin > 0) return say("day_begin", "days_begin", *begin);
  return *left == 0 ? Say("days_last", language) : say("day_left", "days_left", *left);
}

Html VerifyPages::Rows(const VerifyFacts& facts, Language language) const {
  const Recognition& recognition = facts.recognition;
  const auto zone = [&](const ZoneName& name, const std::string& id) {
    return name.zh.empty() ? Given(id) : BothNames(name.zh, name.en, language);
  };
  Html rows = Row("item", language,
                  BothNames(recognition.item_name_zh(), recognition.item_name_en(), language));
  rows += Row("home_zone", language, zone(facts.home_zone, recognition.home_zone()));
  rows += Row("zone", language, zone(facts.zone, recognition.zone()));
  rows += Row("scope", language, ScopeOf(recognition, language));
  rows += Row("period", language,
              Say("period_value", language,
                  {{"from", recognition.valid_from()}, {"until", recognition.valid_until()}}));
  const Html days = DaysOf(recognition, language);
  if (!days.str().empty()) rows += Row("days", language, days);
  if (recognition.has_as_of()) {
    const std::string at = BeijingTime(ToTime(recognition.as_of()));
    rows += Row("as_of", language, Say("as_of_value", language, {{"at", at}}));
  }
  return rows;
}

Html VerifyPages::Step(bool checked, const Html& words, Language language) const {
  Html html =
      Html::Constant(checked ? "<li><span class=\"mark\" aria-hidden=\"true\">✓</span>"
                             : "<li><span class=\"mark open\" aria-hidden=\"true\">–</span>");
  html +=
      Wrap("<span class=\"said\">", Say(checked ? "checked" : "unchecked", language), ": </span>");
  html += Wrap("", words, "</li>\n");
  return html;
}

Html VerifyPages::Steps(const GrantProof& proof, Language language) const {
  Html steps =
      Step(true,
           Say("step_leaf", language,
               {{"event", proof.event_id}, {"type", proof.type}, {"at", BeijingTime(proof.at)}}),
           language);
  steps += Step(true,
                Say("step_inclusion", language,
                    {{"index", std::to_string(proof.index)}, {"size", std::to_string(proof.size)}}),
                language);
  steps += Step(true, Say("step_signature", language, {{"origin", proof.origin}}), language);
  if (proof.witnesses == 0) {
    steps += Step(false, Say("step_no_witnesses", language), language);
  } else {
    steps += Step(proof.cosigned > 0 && proof.cosigned >= proof.quorum,
                  Say("step_witnesses", language,
                      {{"cosigned", std::to_string(proof.cosigned)},
                       {"witnesses", std::to_string(proof.witnesses)},
                       {"quorum", std::to_string(proof.quorum)}}),
                  language);
  }
  return Wrap("<ul class=\"steps\">\n", steps, "</ul>\n");
}

Html VerifyPages::Proof(const GrantProof& proof, Language language) const {
  constexpr std::array<std::string_view, 5> kKeys = {"no_event", "no_answer", "pending",
                                                     "not_proven", "proven"};
  Html html = Html::Constant(proof.state == ProofState::kNotProven ? "<p class=\"verdict bad\">"
                                                                   : "<p class=\"verdict\">");
  html += Wrap(
      "", Say(kKeys.at(static_cast<size_t>(proof.state)), language, {{"reason", proof.reason}}),
      "</p>\n");
  if (proof.state != ProofState::kProven) return html;
  html += Steps(proof, language);
  html += Wrap("<p class=\"small\">", Say("proof_limits", language), "</p>");
  return html;
}

Html VerifyPages::OwnCheck(const VerifyFacts& facts, Language language) const {
  const Html number = Html::Escape(facts.recognition.number());
  const Html event = Html::Escape(facts.proof.event_id);
  const bool checked =
      facts.proof.state == ProofState::kProven || facts.proof.state == ProofState::kNotProven;
  Html html;
  if (!event.str().empty()) {
    html += Wrap("<p>", Say(checked ? "own_intro" : "own_unchecked", language),
                 "</p>\n<pre>zonelink ledger receipt ");
    html += event;
    html += Html::Constant(" --out receipt.json\nzonelink ledger verify receipt.json</pre>\n");
  }
  html += Wrap("<p>", Say("own_status", language), "</p>\n<pre>zonelink recognition verify ");
  html += Wrap("", number, "</pre>\n<p class=\"small\">");
  html += Say("own_data", language);
  html += Wrap(" <a href=\"/v1/recognitions/", number, ":verify\">");
  html += Wrap("", Say("own_recognition", language), "</a>");
  if (!event.str().empty()) {
    html += Html::Constant(language == Language::kChinese ? "，" : ", ");
    html += Wrap("<a href=\"/v1/ledger/receipts/", event, "\">");
    html += Wrap("", Say("own_receipt", language), "</a>");
  }
  html += Html::Constant("</p>");
  return html;
}

HttpResponse VerifyPages::Show(const VerifyRequest& request, const VerifyFacts& facts) const {
  const Language language = request.language;
  const Look look = LookOf(facts.recognition.state());
  Html title = Say(look.key, language);
  title += Html::Constant(" · ");
  title += Html::Escape(facts.recognition.number());
  const Html content = FillTemplate(Embedded("recognition.html"),
                                    {{"heading", Say("heading", language)},
                                     {"number", Html::Escape(facts.recognition.number())},
                                     {"status", Status(facts.recognition, language)},
                                     {"rows", Rows(facts, language)},
                                     {"proof_heading", Say("proof_heading", language)},
                                     {"proof", Proof(facts.proof, language)},
                                     {"own_heading", Say("own_heading", language)},
                                     {"own", OwnCheck(facts, language)},
                                     {"form", SearchForm(request)}});
  return Frame(request, 200, title, content);
}

HttpResponse VerifyPages::Fail(const VerifyRequest& request, const Error& error,
                               std::string_view request_id) const {
  const Language language = request.language;
  const bool unknown = error.code == Code::kNotFound || error.code == Code::kInvalidArgument;
  const unsigned status = unknown ? 404 : HttpStatus(error);
  const std::string key = unknown                          ? "not_found"
                          : error.reason == "RATE_LIMITED" ? "too_often"
                          : status == 500                  ? "failed"
                                                           : "unavailable";
  Html content = Wrap("<section>\n<h1>", Say(key + "_title", language), "</h1>\n<p>");
  content += Wrap("", Say(key, language, {{"request", std::string(request_id)}}), "</p>\n");
  content += Wrap("", SearchForm(request), "</section>");
  // What can be no number and what nobody has look the same.
  VerifyRequest shown = request;
  if (unknown) shown.number.clear();
  HttpResponse response = Frame(shown, status, Say(key + "_title", language), content);
  const std::string retry_after = RetryAfter(error);
  if (!retry_after.empty()) AppendHeader(response, "Retry-After", retry_after);
  return response;
}

}  // namespace zonelink::gateway
