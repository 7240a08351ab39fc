// SPDX-License-Identifier: Apache-2.0
// The pages on which anyone verifies a recognition by its number: plain HTML without script, in
// Chinese or English. Nothing of holder, filing and people is known here.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "gateway/http/html.h"
#include "gateway/http/http_message.h"
#include "gateway/http/texts.h"
#include "gateway/http/verify_proof.h"
#include "platform/core/error.h"
#include "zonelink/recognition/v1/filing.pb.h"

namespace zonelink::gateway {

// A request below /verify.
struct VerifyRequest {
  Language language = Language::kChinese;
  bool language_chosen = false;   // by ?lang=, so links keep it
  bool form = false;              // /verify without number
  std::optional<std::string> to;  // the form was sent: where the number's page is
  std::string number;             // empty without `form` and `to`: none can have such a number
};

// Is it a path of these pages?
bool IsVerifyPath(std::string_view path);
VerifyRequest ReadVerifyRequest(const RequestHead& head);

struct ZoneName {
  std::string zh;
  std::string en;
};

// What a page shows of one recognition.
struct VerifyFacts {
  recognition::v1::Recognition recognition;
  ZoneName home_zone;  // as far as the directory has told
  ZoneName zone;
  GrantProof proof;
};

class VerifyPages {
 public:
  VerifyPages();

  HttpResponse Form(const VerifyRequest& request) const;
  // Leads to the page of the number that was typed in.
  HttpResponse Lead(const VerifyRequest& request) const;
  HttpResponse Show(const VerifyRequest& request, const VerifyFacts& facts) const;
  // 404 for what is not found or can be no number, else the error's own status.
  HttpResponse Fail(const VerifyRequest& request, const Error& error,
                    std::string_view request_id) const;

 private:
  Html Say(std::string_view key, Language language, const Metadata& values = {}) const;
  Html SearchForm(const VerifyRequest& request) const;
  Html Status(const recognition::v1::Recognition& recognition, Language language) const;
  Html Rows(const VerifyFacts& facts, Language language) const;
  Html Row(std::string_view label, Language language, const Html& value) const;
  Html ScopeOf(const recognition::v1::Recognition& recognition, Language language) const;
  // Empty where days say nothing, as for what is revoked.
  Html DaysOf(const recognition::v1::Recognition& recognition, Language language) const;
  Html Proof(const GrantProof& proof, Language language) const;
  Html Steps(const GrantProof& proof, Language language) const;
  Html Step(bool checked, const Html& words, Language language) const;
  Html OwnCheck(const VerifyFacts& facts, Language language) const;
  HttpResponse Frame(const VerifyRequest& request, unsigned status, const Html& title,
                     const Html& content) const;

  const Texts texts_;
};

}  // namespace zonelink::gateway
