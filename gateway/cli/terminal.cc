// SPDX-License-Identifier: Apache-2.0
#include "gateway/cli/terminal.h"

#include <fcntl.h>
#include <sys/ioctl.h>
#include <termios.h>
#include <unistd.h>
#include <utf8proc.h>

#include <algorithm>
#include <cstdlib>
#include <numeric>

namespace zonelink::cli {
namespace {

constexpr std::string_view kGap = "  ";
constexpr std::string_view kIndent = "    ";

// The code point at the start of `text` and its length in bytes; a broken byte counts as U+FFFD.
struct Glyph {
  utf8proc_int32_t code_point;
  size_t bytes;
};
Glyph NextGlyph(std::string_view text) {
  utf8proc_int32_t code_point = 0;
  const auto bytes = utf8proc_iterate(reinterpret_cast<const utf8proc_uint8_t*>(text.data()),
                                      static_cast<utf8proc_ssize_t>(text.size()), &code_point);
  if (bytes <= 0) return {0xFFFD, 1};
  return {code_point, static_cast<size_t>(bytes)};
}

size_t WidthOf(utf8proc_int32_t code_point) {
  return static_cast<size_t>(std::max(0, utf8proc_charwidth(code_point)));
}

std::string Padded(const std::string& text, size_t width, bool right) {
  const size_t used = DisplayWidth(text);
  const std::string spaces(width > used ? width - used : 0, ' ');
  return right ? spaces + text : text + spaces;
}

}  // namespace

Language LanguageOf(std::string_view wish, std::string_view environment) {
  const std::string_view tag = wish.empty() ? environment : wish;
  return tag.starts_with("zh") || tag.starts_with("ZH") ? Language::kChinese : Language::kEnglish;
}

std::string_view Tag(Language language) { return language == Language::kChinese ? "zh-CN" : "en"; }

std::string Style::Paint(Colour colour, std::string_view text) const {
  if (!colours || text.empty()) return std::string(text);
  const char* code = "";
  switch (colour) {
    case Colour::kPlain: return std::string(text);
    case Colour::kGood: code = "\033[32m"; break;
    case Colour::kBad: code = "\033[31m"; break;
    case Colour::kWaiting: code = "\033[33m"; break;
    case Colour::kFaint: code = "\033[2m"; break;
    case Colour::kStrong: code = "\033[1m"; break;
  }
  return code + std::string(text) + "\033[0m";
}

size_t DisplayWidth(std::string_view text) {
  size_t width = 0;
  while (!text.empty()) {
    const Glyph glyph = NextGlyph(text);
    width += WidthOf(glyph.code_point);
    text.remove_prefix(glyph.bytes);
  }
  return width;
}

std::string Shorten(std::string_view text, size_t width) {
  if (DisplayWidth(text) <= width) return std::string(text);
  if (width == 0) return "";
  std::string kept;
  size_t used = 1;  // the ellipsis
  while (!text.empty()) {
    const Glyph glyph = NextGlyph(text);
    used += WidthOf(glyph.code_point);
    if (used > width) break;
    kept += text.substr(0, glyph.bytes);
    text.remove_prefix(glyph.bytes);
  }
  return kept + "…";
}

std::string Printable(std::string_view text) {
  std::string clean;
  while (!text.empty()) {
    const Glyph glyph = NextGlyph(text);
    const bool control =
        glyph.code_point < 0x20 || (glyph.code_point >= 0x7F && glyph.code_point < 0xA0);
    const bool bidi = (glyph.code_point >= 0x202A && glyph.code_point <= 0x202E) ||
                      (glyph.code_point >= 0x2066 && glyph.code_point <= 0x2069);
    if (glyph.code_point == '\n') {
      clean += ' ';
    } else if (control || bidi || glyph.code_point == 0xFFFD) {
      clean += "\uFFFD";
    } else {
      clean += text.substr(0, glyph.bytes);
    }
    text.remove_prefix(glyph.bytes);
  }
  return clean;
}

void Table::Row(std::vector<Cell> cells) {
  cells.resize(columns_.size());
  for (Cell& cell : cells) cell.text = Printable(cell.text);
  rows_.push_back(std::move(cells));
  notes_.emplace_back();
}

void Table::Note(const Cell& note) { notes_.back() = {Printable(note.text), note.colour}; }

std::vector<size_t> Table::Widths(const Style& style) const {
  std::vector<size_t> widths;
  for (size_t i = 0; i < columns_.size(); ++i) {
    size_t width = DisplayWidth(columns_[i].title);
    for (const auto& row : rows_) width = std::max(width, DisplayWidth(row[i].text));
    widths.push_back(width);
  }
  if (style.width == 0) return widths;
  size_t total = std::accumulate(widths.begin(), widths.end(), kGap.size() * (columns_.size() - 1));
  while (total > style.width) {
    size_t widest = columns_.size();
    for (size_t i = 0; i < columns_.size(); ++i) {
      const size_t least = std::max<size_t>(8, DisplayWidth(columns_[i].title));
      if (!columns_[i].may_shrink || widths[i] <= least) continue;
      if (widest == columns_.size() || widths[i] > widths[widest]) widest = i;
    }
    if (widest == columns_.size()) break;
    --widths[widest];
    --total;
  }
  return widths;
}

std::string Table::Render(const Style& style) const {
  const std::vector<size_t> widths = Widths(style);
  std::string out;
  const auto line = [&](const auto& cell_at) {
    std::string text;
    for (size_t i = 0; i < columns_.size(); ++i) {
      const Cell cell = cell_at(i);
      const bool last = i + 1 == columns_.size();
      const std::string shortened = Shorten(cell.text, widths[i]);
      const std::string padded =
          last && !columns_[i].right ? shortened : Padded(shortened, widths[i], columns_[i].right);
      text += style.Paint(cell.colour, padded);
      if (!last) text += kGap;
    }
    while (!text.empty() && text.back() == ' ') text.pop_back();
    out += text + "\n";
  };
  line([&](size_t i) { return Cell{columns_[i].title, Colour::kStrong}; });
  for (size_t at = 0; at < rows_.size(); ++at) {
    line([&](size_t i) { return rows_[at][i]; });
    const Cell& note = notes_[at];
    if (note.text.empty()) continue;
    const size_t room =
        style.width > kIndent.size() ? style.width - kIndent.size() : note.text.size();
    out += kIndent;
    out += style.Paint(note.colour, Shorten(note.text, room)) + "\n";
  }
  return out;
}

void Sheet::Line(std::string_view label, const std::string& value, Colour colour) {
  if (value.empty()) return;
  entries_.push_back({std::string(label), {Printable(value), colour}});
}

std::string Sheet::Render(const Style& style) const {
  size_t width = 0;
  for (const Entry& entry : entries_) width = std::max(width, DisplayWidth(entry.label));
  std::string out;
  for (const Entry& entry : entries_) {
    out += style.Paint(Colour::kFaint, Padded(entry.label, width, false));
    out += kGap;
    out += style.Paint(entry.value.colour, entry.value.text) + "\n";
  }
  return out;
}

bool OutputIsTerminal() { return isatty(STDOUT_FILENO) == 1; }
bool ErrorIsTerminal() { return isatty(STDERR_FILENO) == 1; }

size_t TerminalWidth() {
  winsize size{};
  if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) != 0 || size.ws_col == 0) return 80;
  return size.ws_col;
}

std::string Environment(const char* name) {
  const char* value = std::getenv(name);
  return value == nullptr ? "" : value;
}

Result<std::string> ReadSecret(std::string_view prompt) {
  const int terminal = open("/dev/tty", O_RDWR | O_CLOEXEC);
  termios shown{};
  if (terminal < 0 || tcgetattr(terminal, &shown) != 0) {
    if (terminal >= 0) close(terminal);
    return FailedPrecondition("NO_TERMINAL", "there is no terminal to ask for the password");
  }
  termios hidden = shown;
  hidden.c_lflag &= ~static_cast<tcflag_t>(ECHO);
  hidden.c_lflag |= ECHONL;
  tcsetattr(terminal, TCSAFLUSH, &hidden);
  const bool asked = write(terminal, prompt.data(), prompt.size()) >= 0;
  std::string secret;
  char c = 0;
  while (asked && read(terminal, &c, 1) == 1 && c != '\n') secret += c;
  tcsetattr(terminal, TCSAFLUSH, &shown);
  close(terminal);
  return secret;
}

}  // namespace zonelink::cli
