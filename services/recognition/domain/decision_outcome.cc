// SPDX-License-Identifier: Apache-2.0
#include "recognition/domain/decision_outcome.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>

#include "recognition/domain/decision_line.h"
#include "recognition/domain/decision_refusal.h"

namespace zonelink::recognition {
namespace {

// May the actor decide, and does nothing stand in the way of a grant?
Status CheckGrant(const Decision& d, Time now) {
  const Date last_day = LastDay(d.origin_scope, d.credential_valid_until);
  if (ShanghaiDate(now) > last_day) {
    return FailedPrecondition("CREDENTIAL_EXPIRED", "the credential is no longer valid",
                              {{"validUntil", FormatDate(last_day)}});
  }
  if (PapersOutstanding(d)) {
    return FailedPrecondition("PAPERS_OUTSTANDING", "a deferred paper has not come in");
  }
  if (OpinionsVetoed(d)) {
    return FailedPrecondition("OPINIONS_AGAINST", "a zone that was asked has vetoed it");
  }
  return Done{};
}

Result<Decision> DecideBy(Decision d, Verb verb, const Actor& by, review::Statement statement,
                          Time now) {
  if (const Status officer = CheckOfficer(d, by); !officer) return officer.error();
  if (const Status role = CheckRole(d, by, "reviewer", now); !role) return role.error();
  // Whoever verified is told so first.
  const auto verified = VerificationsOf(d);
  const bool twice = std::any_of(verified.begin(), verified.end(),
                                 [&](const Verification& v) { return v.user_id == by.user_id; });
  if (twice) return FailedPrecondition("VERIFIER_MAY_NOT_DECIDE", "another officer must decide");
  if (const auto next = Next(d.state, verb); !next) return next.error();
  auto spoken = Speak(d, by, "decide", statement, now);
  if (!spoken) return spoken.error();
  if (!OpinionsSettled(d)) {
    return FailedPrecondition("OPINIONS_OPEN", "other zones are still asked");
  }
  if (const Status taken = Take(d, verb); !taken) return taken.error();
  Keep(d, *std::move(spoken), by);
  d.decided_by = by.user_id;
  d.reason = std::move(statement.text);
  Close(d, now);
  return d;
}

Result<Decision> GrantAs(Decision d, Verb verb, const Actor& by, std::string reason,
                         std::string_view draw, Time now) {
  auto decided =
      DecideBy(std::move(d), verb, by, {review::Verdict::kAgree, std::move(reason)}, now);
  if (!decided) return decided;
  if (const Status open = CheckGrant(*decided, now); !open) return open.error();
  decided->recognition_number = RecognitionNumber(now, draw);
  decided->legal_basis = "行政许可法 §38";
  StartClock(*decided, "delivery", "DELIVERY", decided->terms.delivery, now);
  return decided;
}

std::string Joined(const std::vector<std::string>& texts) {
  return fmt::format("{}", fmt::join(texts, "; "));
}

bool Within(const std::vector<std::string>& part, const std::vector<std::string>& whole) {
  if (whole.empty()) return true;  // the origin did not say
  return std::all_of(part.begin(), part.end(), [&](const std::string& one) {
    return std::find(whole.begin(), whole.end(), one) != whole.end();
  });
}

bool SameSet(std::vector<std::string> a, std::vector<std::string> b) {
  std::sort(a.begin(), a.end());
  std::sort(b.begin(), b.end());
  a.erase(std::unique(a.begin(), a.end()), a.end());
  b.erase(std::unique(b.begin(), b.end()), b.end());
  return a == b;
}

// Plain decimals of at most 20 digits before the point; nothing for any other text.
std::optional<std::pair<std::string, std::string>> Decimal(const std::string& text) {
  const size_t point = text.find('.');
  std::string whole = text.substr(0, point);
  std::string part = point == std::string::npos ? "" : text.substr(point + 1);
  const auto digits = [](const std::string& t) {
    return std::all_of(t.begin(), t.end(), [](char c) { return c >= '0' && c <= '9'; });
  };
  if (whole.empty() || whole.size() > 20 || part.size() > 20) return std::nullopt;
  if (!digits(whole) || !digits(part)) return std::nullopt;
  whole.insert(0, 20 - whole.size(), '0');
  part.append(20 - part.size(), '0');
  return std::pair{whole, part};
}

bool Wider(const Scope& scope, const Scope& origin, Date last_day) {
  if (!Within(scope.activities, origin.activities)) return true;
  if (!Within(scope.addresses, origin.addresses)) return true;
  if (scope.valid_until && *scope.valid_until > last_day) return true;
  if (scope.valid_from && origin.valid_from && *scope.valid_from < *origin.valid_from) return true;
  const auto all = Decimal(origin.quantity);
  return !scope.quantity.empty() && all && *Decimal(scope.quantity) > *all;
}

Status CheckScope(const Decision& d, const Scope& scope, Time now) {
  if (!scope.quantity.empty() && !Decimal(scope.quantity)) {
    return InvalidArgument("SCOPE_INVALID", "the quantity is no decimal");
  }
  const Scope& origin = d.origin_scope;
  const Date last_day = LastDay(origin, d.credential_valid_until);
  const bool outlives = scope.valid_until && *scope.valid_until > d.credential_valid_until;
  const Date from = std::max(ShanghaiDate(now), scope.valid_from.value_or(ShanghaiDate(now)));
  if (outlives || from > scope.valid_until.value_or(last_day)) {
    return InvalidArgument("SCOPE_INVALID", "the period lies within the credential's, not before");
  }
  if (Wider(scope, origin, last_day)) {
    return InvalidArgument("SCOPE_NOT_NARROWER", "it covers more than the origin");
  }
  if (DifferencesOf(origin, scope, d.credential_valid_until).empty()) {
    return InvalidArgument("SCOPE_NOT_NARROWER", "it covers all that the origin does");
  }
  return Done{};
}

}  // namespace

Result<Decision> Grant(Decision d, const Actor& by, std::string reason, std::string_view draw,
                       Time now) {
  return GrantAs(std::move(d), Verb::kGrant, by, std::move(reason), draw, now);
}

Result<Decision> GrantPartial(Decision d, const Actor& by, Scope scope, std::string reason,
                              std::string_view draw, Time now) {
  auto granted = GrantAs(std::move(d), Verb::kGrantPartial, by, std::move(reason), draw, now);
  if (!granted) return granted;
  if (const Status fits = CheckScope(*granted, scope, now); !fits) return fits.error();
  granted->scope = std::move(scope);
  return granted;
}

Result<Decision> GrantConditional(Decision d, const Actor& by, std::vector<Condition> conditions,
                                  std::string reason, std::string_view draw, Time now) {
  auto granted = GrantAs(std::move(d), Verb::kGrantConditional, by, std::move(reason), draw, now);
  if (!granted) return granted;
  int place = 0;
  for (const Condition& condition : conditions) {
    if (condition.due_on <= ShanghaiDate(now) || condition.due_on > LastClockDay()) {
      const std::string latest = FormatDate(LastClockDay());
      return InvalidArgument("CONDITION_DUE", fmt::format("after today, until {}", latest),
                             {{"latest", latest}});
    }
    StartClockUntil(*granted, fmt::format("condition/{}", ++place), "CONDITION", condition.due_on,
                    now);
  }
  granted->conditions = std::move(conditions);
  return granted;
}

Result<Decision> Refuse(Decision d, const Actor& by, Refusal refusal, Time now) {
  if (refusal.article.empty() || refusal.facts.empty() || refusal.reason.empty()) {
    if (const Status officer = CheckOfficer(d, by); !officer) return officer.error();
    if (const Status role = CheckRole(d, by, "reviewer", now); !role) return role.error();
    if (const auto next = Next(d.state, Verb::kRefuse); !next) return next.error();
    return InvalidArgument("REFUSAL_UNFOUNDED",
                           "a refusal cites the article, states the facts and says why");
  }
  if (refusal.code.empty()) refusal.code = kOtherRefusal;
  if (!IsRefusalCode(refusal.code)) {
    return InvalidArgument("REFUSAL_CODE_UNKNOWN", fmt::format("no code {}", refusal.code),
                           {{"code", refusal.code}});
  }
  auto decided =
      DecideBy(std::move(d), Verb::kRefuse, by, {review::Verdict::kDisagree, refusal.reason}, now);
  if (!decided) return decided;
  auto line = review::Refuse(*std::move(decided->line), by.user_id, refusal.reason, now);
  if (!line) return line.error();
  decided->line = *std::move(line);
  decided->article = std::move(refusal.article);
  decided->facts = std::move(refusal.facts);
  decided->refusal_code = std::move(refusal.code);
  decided->legal_basis = decided->article;
  return decided;
}

std::vector<ScopeDifference> DifferencesOf(const Scope& origin, const Scope& recognised,
                                           Date credential_valid_until) {
  std::vector<ScopeDifference> out;
  const auto add = [&](const char* part, std::string before, std::string after) {
    if (!after.empty()) out.push_back({part, std::move(before), std::move(after)});
  };
  if (!SameSet(origin.activities, recognised.activities)) {
    add("activities", Joined(origin.activities), Joined(recognised.activities));
  }
  if (!SameSet(origin.addresses, recognised.addresses)) {
    add("addresses", Joined(origin.addresses), Joined(recognised.addresses));
  }
  const auto all = Decimal(origin.quantity);
  if (!all || all != Decimal(recognised.quantity)) {
    add("quantity", origin.quantity, recognised.quantity);
  }
  const Date until = LastDay(origin, credential_valid_until);
  if (recognised.valid_until && *recognised.valid_until < until) {
    add("period", FormatDate(until), FormatDate(*recognised.valid_until));
  }
  if (recognised.valid_from && recognised.valid_from != origin.valid_from) {
    add("period", origin.valid_from ? FormatDate(*origin.valid_from) : "",
        FormatDate(*recognised.valid_from));
  }
  return out;
}

std::vector<Remedy> RemediesOf(const Decision& d) {
  switch (d.state) {
    case DecisionState::kRefused:
    case DecisionState::kGrantedPartial:
    case DecisionState::kGrantedConditional:
    case DecisionState::kNotRequired:
    case DecisionState::kWrongAuthority:
    case DecisionState::kReturned:
    case DecisionState::kRevoked:
    case DecisionState::kSuspendedAfter:
      return {{"RECONSIDERATION", 60, "行政复议法 §20", false},
              {"LITIGATION", 180, "行政诉讼法 §46", true}};
    default: return {};
  }
}

}  // namespace zonelink::recognition
