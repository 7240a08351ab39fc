// SPDX-License-Identifier: Apache-2.0
#include "gateway/cli/csv.h"

#include <fmt/format.h>

namespace zonelink::cli {
namespace {

class Reader {
 public:
  explicit Reader(std::string_view text) : text_(text) {}

  bool AtEnd() const { return at_ == text_.size(); }
  int line() const { return line_; }

  // Takes a cell with what divides it from the next. `last`: the record ends with it.
  Result<std::string> Cell(bool& last) {
    const bool quoted = !AtEnd() && text_[at_] == '"';
    auto cell = quoted ? Quoted() : Plain();
    if (!cell) return cell;
    if (!AtEnd() && text_[at_] == '\r') ++at_;
    last = AtEnd() || text_[at_] == '\n';
    if (!last && text_[at_] != ',') return Fault("text after a quote");
    if (AtEnd()) return cell;
    if (last) ++line_;
    ++at_;
    return cell;
  }

 private:
  Error Fault(std::string_view what) const {
    return InvalidArgument("INPUT_INVALID", fmt::format("line {}: {}", line_, what));
  }
  Result<std::string> Plain() {
    const size_t end = std::min(text_.find_first_of(",\r\n\"", at_), text_.size());
    std::string cell(text_.substr(at_, end - at_));
    at_ = end;
    if (!AtEnd() && text_[at_] == '"') return Fault("a quote inside a cell");
    return cell;
  }
  Result<std::string> Quoted() {
    std::string cell;
    for (++at_; !AtEnd(); ++at_) {
      const char c = text_[at_];
      if (c == '\n') ++line_;
      if (c != '"') {
        cell += c;
        continue;
      }
      ++at_;
      if (AtEnd() || text_[at_] != '"') return cell;
      cell += '"';
    }
    return Fault("a quote that does not close");
  }

  const std::string_view text_;
  size_t at_ = 0;
  int line_ = 1;
};

}  // namespace

Result<std::vector<CsvRecord>> ReadCsv(std::string_view text) {
  constexpr std::string_view kByteOrderMark = "\xef\xbb\xbf";
  if (text.substr(0, kByteOrderMark.size()) == kByteOrderMark) {
    text.remove_prefix(kByteOrderMark.size());
  }
  Reader reader(text);
  std::vector<CsvRecord> records;
  while (!reader.AtEnd()) {
    CsvRecord record{.line = reader.line(), .cells = {}};
    for (bool last = false; !last;) {
      auto cell = reader.Cell(last);
      if (!cell) return cell.error();
      record.cells.push_back(*std::move(cell));
    }
    if (record.cells.size() > 1 || !record.cells[0].empty()) records.push_back(std::move(record));
  }
  return records;
}

}  // namespace zonelink::cli
