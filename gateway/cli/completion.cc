// SPDX-License-Identifier: Apache-2.0
#include "gateway/cli/completion.h"

#include <fmt/format.h>

#include <map>
#include <set>
#include <string_view>

namespace zonelink::cli {
namespace {

struct Tables {
  std::string paths;    // case branches: a word that leads to a deeper command
  std::string choices;  // case branches: what may follow on each path
  // Pattern of a path and an option -> "FILE" or its words: options of one name may differ.
  std::map<std::string, std::string> values;
  std::set<std::string> value_options;  // their next word is their value, and so no command
};

// "TEXT:{table,json}" -> "table json"; "TEXT:FILE" -> "FILE"; anything else has no completion.
std::string Values(std::string_view kind) {
  const size_t open = kind.find('{');
  const size_t close = kind.rfind('}');
  if (open != std::string_view::npos && close != std::string_view::npos && open < close) {
    std::string words(kind.substr(open + 1, close - open - 1));
    for (char& c : words) {
      if (c == ',') c = ' ';
    }
    return words;
  }
  return kind.find("FILE") != std::string_view::npos ? "FILE" : "";
}

std::string OptionNames(const CompletionNode& node) {
  std::string names;
  for (const auto& [name, kind] : node.options) names += (names.empty() ? "" : " ") + name;
  return names;
}

void Collect(const CompletionNode& node, const std::string& path, const std::string& inherited,
             Tables& tables) {
  const std::string options = OptionNames(node) + (inherited.empty() ? "" : " " + inherited);
  std::string words = options;
  for (const CompletionNode& child : node.children) {
    words += " " + child.name;
    tables.paths += fmt::format("      \"{0} {1}\") at=\"{0} {1}\" ;;\n", path, child.name);
  }
  tables.choices += fmt::format("    \"{}\") choices=\"{}\" ;;\n", path, words);
  for (const auto& [name, kind] : node.options) {
    if (kind.empty()) continue;
    const std::string pattern =
        path == "zonelink" ? fmt::format("*\" {}\"", name) : fmt::format("\"{} {}\"", path, name);
    tables.values[pattern] = Values(kind);
    tables.value_options.insert(name);
  }
  const std::string passed_on = path == "zonelink" ? options : inherited;
  for (const CompletionNode& child : node.children) {
    Collect(child, path + " " + child.name, passed_on, tables);
  }
}

// Options that take a value: files, words, or something only the person knows.
std::string ValueBranches(const Tables& tables, std::string_view files,
                          std::string_view words_begin, std::string_view words_end) {
  std::string branches;
  for (const auto& [option, words] : tables.values) {
    if (words == "FILE") {
      branches += fmt::format("    {}) {}; return ;;\n", option, files);
    } else if (words.empty()) {
      branches += fmt::format("    {}) return ;;\n", option);
    } else {
      branches += fmt::format("    {}) {}{}{}; return ;;\n", option, words_begin, words, words_end);
    }
  }
  return branches;
}

// A pattern of the options that take a value.
std::string ValueOptions(const Tables& tables) {
  std::string pattern;
  for (const std::string& option : tables.value_options) {
    pattern += (pattern.empty() ? "" : "|") + option;
  }
  return pattern;
}

}  // namespace

std::string BashCompletion(const CompletionNode& root) {
  Tables tables;
  Collect(root, "zonelink", "", tables);
  return "# bash completion for zonelink; load it with: source <(zonelink completion bash)\n"
         "_zonelink() {\n"
         "  local current=\"${COMP_WORDS[COMP_CWORD]}\" previous=\"${COMP_WORDS[COMP_CWORD-1]}\"\n"
         "  local at=zonelink choices=\"\" i\n"
         "  COMPREPLY=()\n"
         "  for ((i = 1; i < COMP_CWORD; i++)); do\n"
         "    case \"${COMP_WORDS[i-1]}\" in " +
         ValueOptions(tables) +
         ") continue ;; esac\n"
         "    case \"$at ${COMP_WORDS[i]}\" in\n" +
         tables.paths +
         "    esac\n"
         "  done\n"
         "  case \"$at $previous\" in\n" +
         ValueBranches(tables, "compopt -o default", "COMPREPLY=($(compgen -W \"",
                       "\" -- \"$current\"))") +
         "  esac\n"
         "  case \"$at\" in\n" +
         tables.choices +
         "  esac\n"
         "  COMPREPLY=($(compgen -W \"$choices\" -- \"$current\"))\n"
         "}\n"
         "complete -F _zonelink zonelink\n";
}

std::string ZshCompletion(const CompletionNode& root) {
  Tables tables;
  Collect(root, "zonelink", "", tables);
  return "#compdef zonelink\n"
         "# zsh completion for zonelink; load it with: source <(zonelink completion zsh)\n"
         "_zonelink() {\n"
         "  local at=zonelink choices=\"\" i\n"
         "  for ((i = 2; i < CURRENT; i++)); do\n"
         "    case \"${words[i-1]}\" in " +
         ValueOptions(tables) +
         ") continue ;; esac\n"
         "    case \"$at ${words[i]}\" in\n" +
         tables.paths +
         "    esac\n"
         "  done\n"
         "  case \"$at ${words[CURRENT-1]}\" in\n" +
         ValueBranches(tables, "_files", "compadd -- ", "") +
         "  esac\n"
         "  case \"$at\" in\n" +
         tables.choices +
         "  esac\n"
         "  compadd -- ${=choices}\n"
         "}\n"
         "compdef _zonelink zonelink\n";
}

}  // namespace zonelink::cli
