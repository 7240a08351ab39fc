// SPDX-License-Identifier: Apache-2.0
#include "gateway/cli/filing_batch.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "gateway/cli/csv.h"
#include "gateway/cli/words.h"

namespace zonelink::cli {
namespace {

using client::Json;
using client::JsonDocument;
using client::JsonWriter;

constexpr size_t kMostRows = 500;
constexpr size_t kMostBytes = 4'000'000;
constexpr std::string_view kAttribute = "attribute:";
constexpr std::string_view kDocument = "document:";

Error AtLine(int line, Error error) {
  error.message = fmt::format("line {}: {}", line, error.message);
  return error;
}

Error Invalid(int line, std::string_view what) {
  return AtLine(line, InvalidArgument("INPUT_INVALID", std::string(what)));
}

Result<std::vector<BatchRow>> ReadJsonLines(std::string_view text, const OwnOrganization& own) {
  std::vector<BatchRow> rows;
  for (int number = 1; !text.empty(); ++number) {
    const size_t end = std::min(text.find('\n'), text.size());
    std::string_view line = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    if (line.find_first_not_of(" \t\r") == std::string_view::npos) continue;
    const auto filing = JsonDocument::Parse(line);
    if (!filing) return AtLine(number, filing.error());
    if (!filing->root().is_object()) return Invalid(number, "is not a JSON object");
    auto body = FilingBody(filing->root(), {}, {}, own);
    if (!body) return AtLine(number, body.error());
    rows.push_back({number, *std::move(body)});
  }
  return rows;
}

std::vector<std::string> ZonesOf(std::string_view text) {
  std::vector<std::string> zones;
  while (!text.empty()) {
    const size_t end = std::min(text.find_first_of("; "), text.size());
    if (end > 0) zones.emplace_back(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return zones;
}

std::string* TextColumn(FilingArguments& filing, std::string_view column) {
  const std::pair<std::string_view, std::string*> columns[] = {
      {"item", &filing.item},
      {"home", &filing.home},
      {"applicant_uscc", &filing.applicant_uscc},
      {"applicant_name", &filing.applicant_name},
      {"credential_number", &filing.credential_number},
      {"credential_issuer", &filing.credential_issuer},
      {"credential_issued_on", &filing.credential_issued_on},
      {"credential_valid_until", &filing.credential_valid_until}};
  for (const auto& [name, text] : columns) {
    if (name == column) return text;
  }
  return nullptr;
}

// False: no such column, or no such value. Empty cells say nothing.
bool Fill(std::string_view column, const std::string& cell, FilingArguments& filing) {
  if (std::string* text = TextColumn(filing, column)) {
    *text = cell;
    return true;
  }
  if (column == "to") {
    filing.to = ZonesOf(cell);
  } else if (column == "promise") {
    std::string word = cell;  // spreadsheets write TRUE
    for (char& c : word) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
    filing.promise = word == "true";
    return word.empty() || word == "true" || word == "false";
  } else if (column.starts_with(kAttribute) && column.size() > kAttribute.size()) {
    if (cell.empty()) return true;
    filing.attributes.push_back(fmt::format("{}={}", column.substr(kAttribute.size()), cell));
  } else if (column.starts_with(kDocument) && column.size() > kDocument.size()) {
    if (cell.empty()) return true;
    filing.documents.push_back(fmt::format("{}={}", column.substr(kDocument.size()), cell));
  } else {
    return false;
  }
  return true;
}

Result<BatchRow> ReadRecord(const std::vector<std::string>& heading, const CsvRecord& record,
                            const OwnOrganization& own, const TypesOfItem& types) {
  if (record.cells.size() != heading.size()) {
    return Invalid(record.line, fmt::format("has {} cells, the heading has {}", record.cells.size(),
                                            heading.size()));
  }
  FilingArguments filing;
  for (size_t i = 0; i < heading.size(); ++i) {
    if (!Fill(heading[i], record.cells[i], filing)) {
      return Invalid(record.line,
                     fmt::format("{} is true or false, not \"{}\"", heading[i], record.cells[i]));
    }
  }
  AttributeTypes known;
  if (!filing.attributes.empty() && !filing.item.empty()) {
    auto told = types(filing.item);
    if (!told) return AtLine(record.line, told.error());
    known = *std::move(told);
  }
  auto body = FilingBody({}, filing, known, own);
  if (!body) return AtLine(record.line, body.error());
  return BatchRow{record.line, *std::move(body)};
}

Result<std::vector<BatchRow>> ReadTable(std::string_view text, const OwnOrganization& own,
                                        const TypesOfItem& types) {
  const auto records = ReadCsv(text);
  if (!records) return records.error();
  if (records->empty()) return Invalid(1, "a heading is needed");
  const std::vector<std::string>& heading = records->front().cells;
  for (const std::string& column : heading) {
    FilingArguments ignored;
    if (!Fill(column, "", ignored)) return Invalid(1, fmt::format("no column \"{}\"", column));
  }
  std::vector<BatchRow> rows;
  for (size_t i = 1; i < records->size(); ++i) {
    auto row = ReadRecord(heading, (*records)[i], own, types);
    if (!row) return row.error();
    rows.push_back(*std::move(row));
  }
  return rows;
}

std::string BodyOf(const std::vector<BatchRow>& rows, const BatchPart& part, bool all_or_nothing) {
  JsonWriter json;
  json.Begin('{').Key("allOrNothing").Truth(all_or_nothing).Key("filings").Begin('[');
  for (size_t i = part.first; i < part.first + part.rows; ++i) json.Raw(rows[i].body);
  return json.End(']').End('}').Take();
}

std::string OutcomeOf(const Json& row, const Style& say) {
  const std::string outcome = row["outcome"].text();
  if (outcome == "FILED") return std::string(say("已提交", "filed"));
  if (outcome == "REFUSED") return std::string(say("不予接收", "refused"));
  if (outcome == "HELD_BACK") return std::string(say("未提交", "held back"));
  return outcome;
}

Colour ColourOf(const Json& row) {
  const std::string outcome = row["outcome"].text();
  if (outcome == "FILED") return Colour::kGood;
  return outcome == "REFUSED" ? Colour::kBad : Colour::kWaiting;
}

// What is wrong with a row, in one line.
std::string FaultOf(const Json& problem, const Style& say) {
  std::string text = problem[say("detailZh", "detailEn")].text();
  for (const Json& violation : problem["violations"].items()) {
    text += fmt::format(" · {}: {}", violation["field"].text(),
                        violation[say("messageZh", "messageEn")].text());
  }
  return fmt::format("{} ({})", text, problem["reason"].text());
}

}  // namespace

BatchForm BatchFormOf(std::string_view path) {
  return path.ends_with(".csv") ? BatchForm::kCsv : BatchForm::kJsonLines;
}

Result<std::vector<BatchRow>> ReadBatch(std::string_view text, BatchForm form,
                                        const OwnOrganization& own, const TypesOfItem& types) {
  return form == BatchForm::kCsv ? ReadTable(text, own, types) : ReadJsonLines(text, own);
}

Result<std::vector<BatchPart>> PartsOf(const std::vector<BatchRow>& rows, bool all_or_nothing) {
  if (rows.empty()) return InvalidArgument("INPUT_INVALID", "the file holds no filing");
  std::vector<BatchPart> parts;
  size_t bytes = 0;
  for (size_t i = 0; i < rows.size(); ++i) {
    bytes += rows[i].body.size() + 1;
    if (parts.empty() || parts.back().rows == kMostRows || bytes > kMostBytes) {
      parts.push_back({.first = i, .rows = 0, .body = {}});
      bytes = rows[i].body.size() + 1;
    }
    ++parts.back().rows;
  }
  if (all_or_nothing && parts.size() > 1) {
    return InvalidArgument(
        "INPUT_INVALID",
        fmt::format("all or nothing: at most {} filings and {} bytes", kMostRows, kMostBytes));
  }
  for (BatchPart& part : parts) part.body = BodyOf(rows, part, all_or_nothing);
  return parts;
}

std::string ShowBatch(const Json& answer, const std::vector<BatchRow>& rows, size_t first,
                      const View& view) {
  const Style& say = view.style;
  Table table({{std::string(say("行", "LINE")), false, true},
               {std::string(say("结果", "OUTCOME"))},
               {std::string(say("凭证号", "RECEIPT"))},
               {std::string(say("申报编号", "FILING"))}});
  for (const Json& row : answer["rows"].items()) {
    const size_t place = first + static_cast<size_t>(std::max<int64_t>(row["index"].number(), 0));
    const std::string line = place < rows.size() ? std::to_string(rows[place].line) : "";
    table.Row({{line},
               {OutcomeOf(row, say), ColourOf(row)},
               {Printable(row["receiptNumber"].text())},
               {Printable(row["filingId"].text())}});
    if (row["problem"].present()) {
      table.Note({Printable(FaultOf(row["problem"], say)), Colour::kBad});
    }
  }
  return table.Render(say);
}

}  // namespace zonelink::cli
