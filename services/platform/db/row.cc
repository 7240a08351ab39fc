// SPDX-License-Identifier: Apache-2.0
// Parameters and results in PostgreSQL's text form; arrays and bytes go in its binary form.
#include <charconv>
#include <cstring>

#include "platform/core/check.h"
#include "platform/crypto/crypto.h"
#include "platform/db/connection.h"
#include "platform/db/database.h"
#include "platform/db/transaction.h"

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

// pg_type.dat; these never change.
constexpr uint32_t kByteaOid = 17;
constexpr uint32_t kBigintOid = 20;
constexpr uint32_t kTextOid = 25;
constexpr uint32_t kTimestamptzOid = 1184;

// A one-dimensional array without NULLs in PostgreSQL's binary form (array_recv): the server need
// not look for quotes and commas, nor this side write them.
class BinaryArray {
 public:
  BinaryArray(uint32_t element_type, size_t size) {
    constexpr size_t kTypicalElement = 24;
    out_.reserve((size + 1) * kTypicalElement);
    Number(uint32_t{size == 0 ? 0u : 1u});  // dimensions
    Number(uint32_t{0});                    // no NULLs
    Number(element_type);
    if (size == 0) return;
    Number(static_cast<uint32_t>(size));
    Number(uint32_t{1});  // counted from 1
  }
  void Add(std::string_view bytes) {
    Number(static_cast<uint32_t>(bytes.size()));
    out_ += bytes;
  }
  void Add(int64_t number) {
    Number(static_cast<uint32_t>(sizeof number));
    Number(static_cast<uint64_t>(number));
  }
  Param Take() { return Param::Binary(std::move(out_)); }

 private:
  template <class Unsigned>
  void Number(Unsigned number) {  // most significant byte first
    for (int shift = 8 * (static_cast<int>(sizeof number) - 1); shift >= 0; shift -= 8) {
      out_ += static_cast<char>(number >> shift);
    }
  }
  std::string out_;
};

int ColumnOf(Answer& answer, const char* column) {
  const int columns = PQnfields(answer.result);
  for (int tried = 0; tried < columns; ++tried) {
    const int at = (answer.next_column + tried) % columns;
    if (std::strcmp(PQfname(answer.result, at), column) != 0) continue;
    answer.next_column = at + 1;
    return at;
  }
  std::fprintf(stderr, "no column '%s'\n", column);
  ZL_CHECK(false, "a result column that the statement does not name");
}

int64_t ParseInt(std::string_view text) {
  int64_t number = 0;
  const auto end = std::from_chars(text.data(), text.data() + text.size(), number);
  ZL_CHECK(end.ec == std::errc() && end.ptr == text.data() + text.size(), "a whole number");
  return number;
}

// 2026-03-02 08:00:00.123456+00, as PostgreSQL prints timestamptz in UTC.
Time ParsePgTime(std::string_view text) {
  ZL_CHECK(text.size() >= 22, "a timestamptz in ISO form");
  std::string rfc3339(text);
  rfc3339[10] = 'T';
  const auto at = ParseTime(rfc3339 + ":00");
  ZL_CHECK(at.has_value(), "a timestamptz in ISO form");
  return *at;
}

Date ParsePgDate(std::string_view text) {
  const auto day = ParseDate(text);
  ZL_CHECK(day.has_value(), "a date in ISO form");
  return *day;
}

int HexDigit(char c) { return c <= '9' ? c - '0' : c - 'a' + 10; }

}  // namespace

Param ToParam(std::string_view text) { return std::string(text); }
Param ToParam(int64_t number) { return std::to_string(number); }
Param ToParam(int number) { return std::to_string(number); }
Param ToParam(bool truth) { return Param::Text(truth ? "t" : "f"); }
Param ToParam(Time at) { return FormatTime(at); }
Param ToParam(Date day) { return FormatDate(day); }

Param ToParam(const std::vector<std::string>& texts) {
  BinaryArray array(kTextOid, texts.size());
  for (const std::string& text : texts) array.Add(text);
  return array.Take();
}

Param ToParam(const std::vector<int64_t>& numbers) {
  BinaryArray array(kBigintOid, numbers.size());
  for (const int64_t number : numbers) array.Add(number);
  return array.Take();
}

Param ToParam(const std::vector<Bytes>& values) {
  BinaryArray array(kByteaOid, values.size());
  for (const Bytes& value : values) array.Add(value.data);
  return array.Take();
}

Param ToParam(const std::vector<Time>& times) {
  constexpr Time kEpoch = std::chrono::sys_days(std::chrono::year(2000) / 1 / 1);
  BinaryArray array(kTimestamptzOid, times.size());
  for (const Time at : times) array.Add((at - kEpoch).count());
  return array.Take();
}

std::string ArrayText(const std::vector<std::string>& texts) {
  std::string out = "{";
  for (const std::string& text : texts) {
    if (out.size() > 1) out += ',';
    AppendArrayElement(out, text);
  }
  return out + "}";
}

// nullopt: NULL.
std::optional<std::string_view> Row::Find(const char* column) const {
  const int at = ColumnOf(*answer_, column);
  if (PQgetisnull(answer_->result, index_, at) == 1) return std::nullopt;
  return std::string_view(PQgetvalue(answer_->result, index_, at),
                          static_cast<size_t>(PQgetlength(answer_->result, index_, at)));
}

std::string_view Row::Promised(const char* column) const {
  const auto value = Find(column);
  if (!value) std::fprintf(stderr, "column '%s' is NULL\n", column);
  ZL_CHECK(value.has_value(), "NULL where a value is promised");
  return *value;
}

std::string Row::Text(const char* column) const { return std::string(Promised(column)); }

std::optional<std::string> Row::MaybeText(const char* column) const {
  const auto value = Find(column);
  if (!value) return std::nullopt;
  return std::string(*value);
}

int64_t Row::Int(const char* column) const { return ParseInt(Promised(column)); }

std::optional<int64_t> Row::MaybeInt(const char* column) const {
  const auto value = Find(column);
  if (!value) return std::nullopt;
  return ParseInt(*value);
}

bool Row::Bool(const char* column) const { return Promised(column) == "t"; }

Time Row::At(const char* column) const { return ParsePgTime(Promised(column)); }

std::optional<Time> Row::MaybeAt(const char* column) const {
  const auto value = Find(column);
  if (!value) return std::nullopt;
  return ParsePgTime(*value);
}

Date Row::Day(const char* column) const { return ParsePgDate(Promised(column)); }

std::optional<Date> Row::MaybeDay(const char* column) const {
  const auto value = Find(column);
  if (!value) return std::nullopt;
  return ParsePgDate(*value);
}

std::string Row::Blob(const char* column) const {
  const std::string_view hex = Promised(column);
  ZL_CHECK(hex.substr(0, 2) == "\\x" && hex.size() % 2 == 0, "a bytea in hex form");
  std::string bytes;
  bytes.reserve(hex.size() / 2 - 1);
  for (size_t i = 2; i < hex.size(); i += 2) {
    bytes += static_cast<char>(HexDigit(hex[i]) * 16 + HexDigit(hex[i + 1]));
  }
  return bytes;
}

// {a,"b c",NULL}: an element in quotes escapes quotes and backslashes.
std::vector<std::string> Row::Texts(const char* column) const {
  const std::string_view text = Promised(column);
  ZL_CHECK(text.size() >= 2 && text.front() == '{', "a text[]");
  std::vector<std::string> out;
  for (size_t at = 1; at + 1 < text.size(); ++at) {
    std::string element;
    const bool quoted = text[at] == '"';
    if (quoted) {
      for (++at; text[at] != '"'; ++at) {
        if (text[at] == '\\') ++at;
        element += text[at];
      }
      ++at;
    } else {
      const size_t end = text.find_first_of(",}", at);
      element = text.substr(at, end - at);
      at = end;
    }
    if (quoted || element != "NULL") out.push_back(std::move(element));
  }
  return out;
}

Answer& Rows::Came() const {
  if (answer_->result == nullptr) {
    ZL_CHECK(answer_->asker != nullptr, "rows of a statement that was refused");
    answer_->asker->Await(*answer_);
  }
  return *answer_;
}

size_t Rows::size() const { return static_cast<size_t>(PQntuples(Came().result)); }

int64_t Rows::affected() const {
  const std::string_view count = PQcmdTuples(Came().result);
  return count.empty() ? 0 : ParseInt(count);
}

Row Rows::operator[](size_t index) const {
  ZL_CHECK(index < size(), "a row that exists");
  return Row(answer_.get(), static_cast<int>(index));
}

}  // namespace zonelink::db
