// SPDX-License-Identifier: Apache-2.0
#include "tests/support/json_tree.h"

#include <algorithm>
#include <stdexcept>

namespace zonelink::test {
namespace {

// Parent and last step of a path.
std::pair<std::string_view, std::string_view> Split(std::string_view path) {
  const auto dot = path.rfind('.');
  if (dot == std::string_view::npos) return {"", path};
  return {path.substr(0, dot), path.substr(dot + 1)};
}

}  // namespace

JsonTree JsonTree::Parse(std::string_view json) {
  const auto document = client::JsonDocument::Parse(json);
  if (!document) throw std::runtime_error("no JSON: " + std::string(json));
  return From(document->root());
}

JsonTree JsonTree::From(const client::Json& json) {
  JsonTree tree;
  if (json.is_object()) {
    tree.kind_ = Kind::kObject;
    for (const auto& [name, value] : json.members()) {
      tree.members_.emplace_back(std::string(name), From(value));
    }
  } else if (json.is_array()) {
    tree.kind_ = Kind::kArray;
    for (const auto& item : json.items()) {
      tree.members_.emplace_back(std::to_string(tree.members_.size()), From(item));
    }
  } else {
    tree.raw_ = json.dump();
  }
  return tree;
}

JsonTree* JsonTree::Find(std::string_view path) {
  JsonTree* at = this;
  while (!path.empty()) {
    const auto dot = path.find('.');
    const auto step = path.substr(0, dot);
    const auto member = std::find_if(at->members_.begin(), at->members_.end(),
                                     [&](const auto& named) { return named.first == step; });
    if (member == at->members_.end()) return nullptr;
    at = &member->second;
    path = dot == std::string_view::npos ? "" : path.substr(dot + 1);
  }
  return at;
}

JsonTree JsonTree::With(std::string_view path, std::string raw) const {
  JsonTree changed = *this;
  JsonTree value;
  value.raw_ = std::move(raw);
  if (JsonTree* at = changed.Find(path)) {
    *at = std::move(value);
    return changed;
  }
  const auto [parent, name] = Split(path);
  JsonTree* at = changed.Find(parent);
  if (at == nullptr) throw std::runtime_error("no parent of " + std::string(path));
  at->members_.emplace_back(std::string(name), std::move(value));
  return changed;
}

JsonTree JsonTree::Without(std::string_view path) const {
  JsonTree changed = *this;
  const auto [parent, name] = Split(path);
  if (JsonTree* at = changed.Find(parent)) {
    auto& members = at->members_;
    const std::string_view gone = name;
    members.erase(std::remove_if(members.begin(), members.end(),
                                 [&](const auto& member) { return member.first == gone; }),
                  members.end());
  }
  return changed;
}

JsonTree JsonTree::Doubled(std::string_view path) const {
  JsonTree changed = *this;
  const auto [parent, name] = Split(path);
  JsonTree* at = changed.Find(parent);
  const JsonTree* twin = Find(path);
  if (at == nullptr || twin == nullptr) throw std::runtime_error("no " + std::string(path));
  at->members_.emplace_back(std::string(name), *twin);
  return changed;
}

bool JsonTree::Has(std::string_view path) const { return Find(path) != nullptr; }

std::string JsonTree::At(std::string_view path) const {
  const JsonTree* at = Find(path);
  return at == nullptr ? "" : at->Text();
}

std::string JsonTree::Text() const {
  if (kind_ == Kind::kRaw) return raw_;
  std::string text(1, kind_ == Kind::kObject ? '{' : '[');
  for (const auto& [name, value] : members_) {
    if (text.size() > 1) text += ',';
    if (kind_ == Kind::kObject) text += client::JsonQuote(name) + ":";
    text += value.Text();
  }
  return text + (kind_ == Kind::kObject ? '}' : ']');
}

}  // namespace zonelink::test
