// SPDX-License-Identifier: Apache-2.0
// Completion scripts from a description of the commands.
#pragma once

#include <string>
#include <utility>
#include <vector>

namespace zonelink::cli {

struct CompletionNode {
  std::string name;
  std::vector<std::pair<std::string, std::string>> options;  // "--to" and the kind of its value
  std::vector<CompletionNode> children;
};

std::string BashCompletion(const CompletionNode& root);
std::string ZshCompletion(const CompletionNode& root);

}  // namespace zonelink::cli
