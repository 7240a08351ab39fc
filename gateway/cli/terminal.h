// SPDX-License-Identifier: Apache-2.0
// The person's terminal: language, colours, widths, tables, secrets typed without echo.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "platform/core/result.h"

namespace zonelink::cli {

enum class Language { kChinese, kEnglish };

// `wish` is the value of --lang, `environment` that of LC_ALL, LC_MESSAGES or LANG. Anything that
// begins with "zh" is Chinese, everything else English; an empty wish follows the environment.
Language LanguageOf(std::string_view wish, std::string_view environment);
// As the server's Accept-Language wants it.
std::string_view Tag(Language language);

enum class Colour { kPlain, kGood, kBad, kWaiting, kFaint, kStrong };

// How to write for this person. Decided once, passed to everything that renders.
struct Style {
  Language language = Language::kEnglish;
  bool colours = false;
  size_t width = 0;  // columns of the terminal; 0: no terminal, nothing is shortened

  std::string_view operator()(std::string_view zh, std::string_view en) const {
    return language == Language::kChinese ? zh : en;
  }
  std::string Paint(Colour colour, std::string_view text) const;
};

// Columns that `text` takes on a terminal: two for wide East Asian characters, none for combining
// ones.
size_t DisplayWidth(std::string_view text);
// Shortened to at most `width` columns, with an ellipsis where something was left out.
std::string Shorten(std::string_view text, size_t width);
// Control characters become U+FFFD: text from a server must not steer the terminal.
std::string Printable(std::string_view text);

struct Cell {
  std::string text;
  Colour colour = Colour::kPlain;
};

// Left-aligned columns two spaces apart. Where the terminal is too narrow the columns that may
// shrink are shortened, the widest first; the others, such as ids to copy, never are.
class Table {
 public:
  struct Column {
    std::string title;
    bool may_shrink = false;
    bool right = false;  // numbers
  };
  explicit Table(std::vector<Column> columns) : columns_(std::move(columns)) {}
  void Row(std::vector<Cell> cells);
  // A line of its own below the last row, indented, for text too long for a column.
  void Note(const Cell& note);
  bool empty() const { return rows_.empty(); }
  // Ends with a line break.
  std::string Render(const Style& style) const;

 private:
  std::vector<size_t> Widths(const Style& style) const;
  std::vector<Column> columns_;
  std::vector<std::vector<Cell>> rows_;
  std::vector<Cell> notes_;  // one per row, empty where there is none
};

// Lines "label  value" with aligned values.
class Sheet {
 public:
  void Line(std::string_view label, const std::string& value, Colour colour = Colour::kPlain);
  std::string Render(const Style& style) const;

 private:
  struct Entry {
    std::string label;
    Cell value;
  };
  std::vector<Entry> entries_;
};

// What is true of the terminal behind standard output and the environment.
bool OutputIsTerminal();
bool ErrorIsTerminal();
size_t TerminalWidth();
std::string Environment(const char* name);

// Reads a line from the terminal without echo. FAILED_PRECONDITION `NO_TERMINAL`.
Result<std::string> ReadSecret(std::string_view prompt);

}  // namespace zonelink::cli
