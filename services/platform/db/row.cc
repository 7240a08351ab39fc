// SPDX-License-Identifier: Apache-2.0
// Parameters in PostgreSQL's text form, arrays and bytes in its binary form; results in its binary
// form, which neither side need print or parse.
#include <array>
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
constexpr uint32_t kBoolOid = 16;
constexpr uint32_t kByteaOid = 17;
constexpr uint32_t kNameOid = 19;
constexpr uint32_t kBigintOid = 20;
constexpr uint32_t kSmallintOid = 21;
constexpr uint32_t kIntegerOid = 23;
constexpr uint32_t kTextOid = 25;
constexpr uint32_t kVarcharOid = 1043;
constexpr uint32_t kDateOid = 1082;
constexpr uint32_t kTimestamptzOid = 1184;
constexpr uint32_t kUuidOid = 2950;

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

// A page reads thousands of values: libpq is asked once for what all rows share.
void LearnColumns(Answer& answer) {
  const int columns = PQnfields(answer.result);
  for (int at = 0; at < columns; ++at) {
    answer.columns.push_back({PQfname(answer.result, at), PQftype(answer.result, at)});
  }
}

size_t ColumnOf(Answer& answer, const char* column) {
  if (answer.columns.empty()) LearnColumns(answer);
  const size_t columns = answer.columns.size();
  size_t at = answer.next_column;
  for (size_t tried = 0; tried < columns; ++tried, ++at) {
    if (at >= columns) at = 0;
    if (std::strcmp(answer.columns[at].name, column) != 0) continue;
    answer.next_column = at + 1;
    return at;
  }
  std::fprintf(stderr, "no column '%s'\n", column);
  ZL_CHECK(false, "a result column that the statement does not name");
}

// A value of a result.
struct Value {
  Oid type;
  std::string_view bytes;
};

// Most significant byte first, as all of PostgreSQL's binary forms.
int64_t SignedOf(std::string_view bytes) {
  ZL_CHECK(!bytes.empty() && bytes.size() <= sizeof(int64_t), "a number of eight bytes at most");
  auto number = static_cast<uint64_t>(int64_t{static_cast<signed char>(bytes[0])});
  for (const char byte : bytes.substr(1)) number = number << 8 | static_cast<unsigned char>(byte);
  return static_cast<int64_t>(number);
}

constexpr Date kEpoch = std::chrono::year(2000) / 1 / 1;  // PostgreSQL's

std::string UuidText(std::string_view bytes) {
  constexpr char kDigits[] = "0123456789abcdef";
  std::string text = "00000000-0000-0000-0000-000000000000";
  size_t at = 0;
  for (const char byte : bytes) {
    if (text[at] == '-') ++at;
    text[at++] = kDigits[static_cast<unsigned char>(byte) >> 4];
    text[at++] = kDigits[static_cast<unsigned char>(byte) & 15];
  }
  return text;
}

std::string TextOf(const Value& value) {
  if (value.type == kUuidOid) return UuidText(value.bytes);
  ZL_CHECK(value.type == kTextOid || value.type == kVarcharOid || value.type == kNameOid,
           "a column of text or a UUID");
  return std::string(value.bytes);
}

int64_t IntOf(const Value& value) {
  ZL_CHECK(value.type == kBigintOid || value.type == kIntegerOid || value.type == kSmallintOid,
           "a column of whole numbers");
  return SignedOf(value.bytes);
}

Time TimeOf(const Value& value) {
  ZL_CHECK(value.type == kTimestamptzOid, "a column of timestamptz");
  const int64_t since_epoch = SignedOf(value.bytes);
  ZL_CHECK(since_epoch != INT64_MAX && since_epoch != INT64_MIN, "a time that is not infinite");
  return Time(kEpoch) + std::chrono::microseconds(since_epoch);
}

Date DateOf(const Value& value) {
  ZL_CHECK(value.type == kDateOid, "a column of dates");
  const int64_t since_epoch = SignedOf(value.bytes);
  ZL_CHECK(since_epoch != INT32_MAX && since_epoch != INT32_MIN, "a day that is not infinite");
  return kEpoch + std::chrono::days(since_epoch);
}

// The elements of an array as array_send makes it.
class ArrayReader {
 public:
  explicit ArrayReader(std::string_view bytes) : rest_(bytes) {
    const int64_t dimensions = Number();
    Number();  // whether there are NULLs
    type_ = static_cast<Oid>(Number());
    ZL_CHECK(dimensions <= 1, "an array of one dimension");
    if (dimensions == 0) return;
    size_ = Number();
    Number();  // from which it counts
  }
  Oid type() const { return type_; }
  int64_t size() const { return size_; }
  // nullopt: NULL.
  std::optional<std::string_view> Next() {
    const int64_t length = Number();
    if (length < 0) return std::nullopt;
    return Take(static_cast<size_t>(length));
  }

 private:
  int64_t Number() { return SignedOf(Take(sizeof(int32_t))); }
  std::string_view Take(size_t length) {
    ZL_CHECK(length <= rest_.size(), "a whole array");
    const std::string_view taken = rest_.substr(0, length);
    rest_.remove_prefix(length);
    return taken;
  }
  std::string_view rest_;
  Oid type_ = 0;
  int64_t size_ = 0;
};

int HexDigit(char c) { return c <= '9' ? c - '0' : c - 'a' + 10; }

// The 16 bytes of a UUID; a text that is none stays as it is.
std::string_view UuidBytes(std::string_view text, std::array<char, 16>& bytes) {
  constexpr std::string_view kShape = "00000000-0000-0000-0000-000000000000";
  if (text.size() != kShape.size()) return text;
  size_t digits = 0;
  for (size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    const bool digit = (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f');
    if (digit != (kShape[i] == '0') || (!digit && c != '-')) return text;
    if (!digit) continue;
    char& byte = bytes[digits / 2];
    byte = static_cast<char>(digits % 2 == 0 ? HexDigit(c) << 4 : byte | HexDigit(c));
    ++digits;
  }
  return {bytes.data(), bytes.size()};
}

template <class Texts>
Param TextArray(const Texts& texts) {
  BinaryArray array(kTextOid, texts.size());
  for (const auto& text : texts) array.Add(text);
  return array.Take();
}

}  // namespace

Param ToParam(std::string_view text) { return std::string(text); }
Param ToParam(int64_t number) { return std::to_string(number); }
Param ToParam(int number) { return std::to_string(number); }
Param ToParam(bool truth) { return Param::Text(truth ? "t" : "f"); }
Param ToParam(Time at) { return FormatTime(at); }
Param ToParam(Date day) { return FormatDate(day); }

Param ToParam(const std::vector<std::string>& texts) { return TextArray(texts); }
Param ToParam(const std::vector<std::string_view>& texts) { return TextArray(texts); }

Param ToParam(const Uuids& uuids) {
  BinaryArray array(kUuidOid, uuids.texts.size());
  std::array<char, 16> bytes;
  for (const std::string_view text : uuids.texts) array.Add(UuidBytes(text, bytes));
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
  BinaryArray array(kTimestamptzOid, times.size());
  for (const Time at : times) array.Add((at - Time(kEpoch)).count());
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

namespace {

// nullopt: NULL.
std::optional<Value> Find(Answer& answer, int row, const char* column) {
  const size_t place = ColumnOf(answer, column);
  const int at = static_cast<int>(place);
  const int length = PQgetlength(answer.result, row, at);
  if (length == 0 && PQgetisnull(answer.result, row, at) == 1) return std::nullopt;
  return Value{answer.columns[place].type,
               {PQgetvalue(answer.result, row, at), static_cast<size_t>(length)}};
}

Value Promised(Answer& answer, int row, const char* column) {
  const auto value = Find(answer, row, column);
  if (!value) std::fprintf(stderr, "column '%s' is NULL\n", column);
  ZL_CHECK(value.has_value(), "NULL where a value is promised");
  return *value;
}

}  // namespace

std::string Row::Text(const char* column) const {
  return TextOf(Promised(*answer_, index_, column));
}

std::optional<std::string> Row::MaybeText(const char* column) const {
  const auto value = Find(*answer_, index_, column);
  if (!value) return std::nullopt;
  return TextOf(*value);
}

int64_t Row::Int(const char* column) const { return IntOf(Promised(*answer_, index_, column)); }

std::optional<int64_t> Row::MaybeInt(const char* column) const {
  const auto value = Find(*answer_, index_, column);
  if (!value) return std::nullopt;
  return IntOf(*value);
}

bool Row::Bool(const char* column) const {
  const Value value = Promised(*answer_, index_, column);
  ZL_CHECK(value.type == kBoolOid, "a column of truth values");
  return value.bytes[0] != 0;
}

Time Row::At(const char* column) const { return TimeOf(Promised(*answer_, index_, column)); }

std::optional<Time> Row::MaybeAt(const char* column) const {
  const auto value = Find(*answer_, index_, column);
  if (!value) return std::nullopt;
  return TimeOf(*value);
}

Date Row::Day(const char* column) const { return DateOf(Promised(*answer_, index_, column)); }

std::optional<Date> Row::MaybeDay(const char* column) const {
  const auto value = Find(*answer_, index_, column);
  if (!value) return std::nullopt;
  return DateOf(*value);
}

std::string Row::Blob(const char* column) const {
  const Value value = Promised(*answer_, index_, column);
  ZL_CHECK(value.type == kByteaOid, "a column of bytes");
  return std::string(value.bytes);
}

std::vector<std::string> Row::Texts(const char* column) const {
  ArrayReader array(Promised(*answer_, index_, column).bytes);
  ZL_CHECK(array.size() == 0 || array.type() == kTextOid, "a column of text[]");
  std::vector<std::string> out;
  out.reserve(static_cast<size_t>(array.size()));
  for (int64_t i = 0; i < array.size(); ++i) {
    if (const auto element = array.Next()) out.emplace_back(*element);
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
  int64_t written = 0;
  std::from_chars(count.data(), count.data() + count.size(), written);
  return written;  // 0: the statement writes nothing
}

Row Rows::operator[](size_t index) const {
  ZL_CHECK(index < size(), "a row that exists");
  return Row(answer_.get(), static_cast<int>(index));
}

}  // namespace zonelink::db
