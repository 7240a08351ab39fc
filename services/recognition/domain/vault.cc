// SPDX-License-Identifier: Apache-2.0
#include "recognition/domain/vault.h"

namespace zonelink::recognition {
namespace {

bool Outlasts(const VaultPaper& paper, const VaultPaper& other) {
  if (!other.document.valid_until) return false;
  return !paper.document.valid_until || *paper.document.valid_until > *other.document.valid_until;
}

}  // namespace

bool ValidOn(const VaultPaper& paper, Date day) {
  if (paper.valid_from && *paper.valid_from > day) return false;
  return !paper.document.valid_until || *paper.document.valid_until >= day;
}

std::vector<VaultPaper> Offered(const std::vector<std::string>& kinds,
                                const std::vector<VaultPaper>& vault, Date today) {
  std::vector<VaultPaper> offered;
  for (const std::string& kind : kinds) {
    const VaultPaper* best = nullptr;
    for (const VaultPaper& paper : vault) {
      if (paper.document.kind != kind || !ValidOn(paper, today)) continue;
      if (best == nullptr || Outlasts(paper, *best)) best = &paper;
    }
    if (best != nullptr) offered.push_back(*best);
  }
  return offered;
}

}  // namespace zonelink::recognition
