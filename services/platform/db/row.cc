// SPDX-License-Identifier: Apache-2.0
// Parameters and results in PostgreSQL's text form.
#include <pqxx/pqxx>

#include "platform/core/check.h"
#include "platform/crypto/crypto.h"
#include "platform/db/database.h"
#include "platform/db/rows_held.h"

namespace zonelink::db {
namespace {

void AppendArrayElement(std::string& out, std::string_view text) {
  out += '"';
  for (const char c : text) {
    if (c == '"' || c == '\\') out += '\\';
    out += c;
  }
  out += '"';
}

pqxx::field FieldOf(const void* result, size_t index, const char* column) {
  const auto& rows = *static_cast<const pqxx::result*>(result);
  try {
    return rows[static_cast<pqxx::result::size_type>(index)][column];
  } catch (const std::exception&) {
    std::fprintf(stderr, "no column '%s'\n", column);
    ZL_CHECK(false, "a result column that the statement does not name");
  }
}

std::string Promised(const pqxx::field& field, const char* column) {
  if (field.is_null()) {
    std::fprintf(stderr, "column '%s' is NULL\n", column);
    ZL_CHECK(false, "NULL where a value is promised");
  }
  return {field.c_str(), field.size()};
}

// 2026-03-02 08:00:00.123456+00, as PostgreSQL prints timestamptz in UTC.
Time ParsePgTime(std::string text) {
  ZL_CHECK(text.size() >= 22, "a timestamptz in ISO form");
  text[10] = 'T';
  const auto at = ParseTime(text + ":00");
  ZL_CHECK(at.has_value(), "a timestamptz in ISO form");
  return *at;
}

Date ParsePgDate(const std::string& text) {
  const auto day = ParseDate(text);
  ZL_CHECK(day.has_value(), "a date in ISO form");
  return *day;
}

int HexDigit(char c) { return c <= '9' ? c - '0' : c - 'a' + 10; }

}  // namespace

Param ToParam(std::string_view text) { return std::string(text); }
Param ToParam(int64_t number) { return std::to_string(number); }
Param ToParam(int number) { return std::to_string(number); }
Param ToParam(bool truth) { return truth ? "t" : "f"; }
Param ToParam(Time at) { return FormatTime(at); }
Param ToParam(Date day) { return FormatDate(day); }
Param ToParam(const Bytes& bytes) { return "\\x" + crypto::HexEncode(bytes.data); }

Param ToParam(const std::vector<std::string>& texts) {
  std::string out = "{";
  for (const std::string& text : texts) {
    if (out.size() > 1) out += ',';
    AppendArrayElement(out, text);
  }
  return out + "}";
}

Param ToParam(const std::vector<int64_t>& numbers) {
  std::string out = "{";
  for (const int64_t number : numbers) {
    if (out.size() > 1) out += ',';
    out += std::to_string(number);
  }
  return out + "}";
}

Param ToParam(const std::vector<Bytes>& values) {
  std::string out = "{";
  for (const Bytes& value : values) {
    if (out.size() > 1) out += ',';
    out += "\"\\\\x";
    out += crypto::HexEncode(value.data);
    out += '"';
  }
  return out + "}";
}

Param ToParam(const std::vector<Time>& times) {
  std::string out = "{";
  for (const Time at : times) {
    if (out.size() > 1) out += ',';
    out += '"';
    out += FormatTime(at);
    out += '"';
  }
  return out + "}";
}

std::string Row::Text(const char* column) const {
  return Promised(FieldOf(result_, index_, column), column);
}

std::optional<std::string> Row::MaybeText(const char* column) const {
  const auto field = FieldOf(result_, index_, column);
  if (field.is_null()) return std::nullopt;
  return Promised(field, column);
}

int64_t Row::Int(const char* column) const { return std::stoll(Text(column)); }

std::optional<int64_t> Row::MaybeInt(const char* column) const {
  const auto text = MaybeText(column);
  if (!text) return std::nullopt;
  return std::stoll(*text);
}

bool Row::Bool(const char* column) const { return Text(column) == "t"; }

Time Row::At(const char* column) const { return ParsePgTime(Text(column)); }

std::optional<Time> Row::MaybeAt(const char* column) const {
  auto text = MaybeText(column);
  if (!text) return std::nullopt;
  return ParsePgTime(*std::move(text));
}

Date Row::Day(const char* column) const { return ParsePgDate(Text(column)); }

std::optional<Date> Row::MaybeDay(const char* column) const {
  const auto text = MaybeText(column);
  if (!text) return std::nullopt;
  return ParsePgDate(*text);
}

std::string Row::Blob(const char* column) const {
  const std::string hex = Text(column);
  ZL_CHECK(hex.size() >= 2 && hex[0] == '\\' && hex[1] == 'x', "a bytea in hex form");
  std::string bytes;
  bytes.reserve(hex.size() / 2 - 1);
  for (size_t i = 2; i + 1 < hex.size(); i += 2) {
    bytes += static_cast<char>(HexDigit(hex[i]) * 16 + HexDigit(hex[i + 1]));
  }
  return bytes;
}

std::vector<std::string> Row::Texts(const char* column) const {
  const std::string text = Text(column);
  std::vector<std::string> out;
  pqxx::array_parser parser(text.c_str());
  for (auto next = parser.get_next(); next.first != pqxx::array_parser::done;
       next = parser.get_next()) {
    if (next.first == pqxx::array_parser::string_value) out.push_back(std::move(next.second));
  }
  return out;
}

Rows::Rows(std::unique_ptr<Held> held) : held_(std::move(held)) {}
Rows::Rows(Rows&&) noexcept = default;
Rows& Rows::operator=(Rows&&) noexcept = default;
Rows::~Rows() = default;
size_t Rows::size() const { return static_cast<size_t>(held_->result.size()); }
int64_t Rows::affected() const { return static_cast<int64_t>(held_->result.affected_rows()); }

Row Rows::operator[](size_t index) const {
  ZL_CHECK(index < size(), "a row that exists");
  return Row(&held_->result, index);
}

}  // namespace zonelink::db
