// SPDX-License-Identifier: Apache-2.0
#include "platform/log/json_line.h"

#include <fmt/format.h>
#include <utf8proc.h>

#include <algorithm>
#include <cmath>
#include <iterator>

namespace zonelink::log {
namespace {

bool StandsForItself(char c) { return c >= 0x20 && c < 0x7f && c != '"' && c != '\\'; }

// C1 controls and DEL are legal in JSON but move a terminal's cursor.
void AppendEscaped(std::string& out, std::string_view text, utf8proc_int32_t c) {
  switch (c) {
    case '"': out += "\\\""; return;
    case '\\': out += "\\\\"; return;
    case '\n': out += "\\n"; return;
    case '\r': out += "\\r"; return;
    case '\t': out += "\\t"; return;
    default: break;
  }
  if (c < 0x20 || (c >= 0x7f && c < 0xa0)) {
    fmt::format_to(std::back_inserter(out), "\\u{:04x}", c);
    return;
  }
  out += text;
}

void AppendString(std::string& out, std::string_view text) {
  out += '"';
  for (size_t at = 0; at < text.size();) {
    const auto* begin = text.begin() + at;
    const auto* end = std::find_if_not(begin, text.end(), StandsForItself);
    out.append(begin, end);
    at += static_cast<size_t>(end - begin);
    if (at == text.size()) break;
    utf8proc_int32_t c = 0;
    const auto size = utf8proc_iterate(reinterpret_cast<const utf8proc_uint8_t*>(text.data()) + at,
                                       static_cast<utf8proc_ssize_t>(text.size() - at), &c);
    if (size <= 0) {
      out += "\xef\xbf\xbd";
      ++at;
      continue;
    }
    AppendEscaped(out, text.substr(at, static_cast<size_t>(size)), c);
    at += static_cast<size_t>(size);
  }
  out += '"';
}

struct AppendValue {
  std::string& out;
  void operator()(const std::string& text) const { AppendString(out, text); }
  void operator()(int64_t number) const { out += fmt::to_string(number); }
  void operator()(bool yes) const { out += yes ? "true" : "false"; }
  void operator()(double number) const {
    out += std::isfinite(number) ? fmt::to_string(number) : "null";
  }
};

}  // namespace

std::string JsonLine(Time at, std::string_view level, std::string_view message,
                     const Fields& fields) {
  std::string line = fmt::format(R"({{"ts":"{}","level":"{}","msg":)", FormatTime(at), level);
  AppendString(line, message);
  for (const auto& [name, value] : fields) {
    line += ',';
    AppendString(line, name);
    line += ':';
    std::visit(AppendValue{line}, value);
  }
  line += '}';
  return line;
}

}  // namespace zonelink::log
