// SPDX-License-Identifier: Apache-2.0
#include "deploy/sample/vault_paper.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <set>
#include <string_view>

#include "deploy/sample/attributes.h"
#include "platform/crypto/crypto.h"

namespace zonelink::sample {
namespace {

// Papers that an enterprise has once, whatever it files for.
constexpr std::array<std::string_view, 7> kStanding = {
    "business-licence",  "identity-proof",   "premises-proof", "quality-rules",
    "food-safety-rules", "site-master-file", "practice-record"};

constexpr size_t kEveryWhich = 3;  // enterprise has a vault

// One page with three lines. Fonts of every reader have ASCII alone.
std::string PdfOf(const std::array<std::string, 3>& lines) {
  std::string text = "BT /F1 14 Tf 72 760 Td 22 TL";
  for (const std::string& line : lines) text += fmt::format(" ({}) Tj T*", line);
  text += " ET";
  const std::array<std::string, 5> objects = {
      "<< /Type /Catalog /Pages 2 0 R >>", "<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
      "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R "
      "/Resources << /Font << /F1 5 0 R >> >> >>",
      fmt::format("<< /Length {} >>\nstream\n{}\nendstream", text.size(), text),
      "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>"};
  std::string pdf = "%PDF-1.4\n";
  std::string table = fmt::format("xref\n0 {}\n0000000000 65535 f \n", objects.size() + 1);
  for (size_t i = 0; i < objects.size(); ++i) {
    table += fmt::format("{:010} 00000 n \n", pdf.size());
    pdf += fmt::format("{} 0 obj\n{}\nendobj\n", i + 1, objects[i]);
  }
  const size_t at = pdf.size();
  return pdf + table +
         fmt::format("trailer\n<< /Size {} /Root 1 0 R >>\nstartxref\n{}\n%%EOF\n",
                     objects.size() + 1, at);
}

}  // namespace

std::optional<VaultPaper> VaultPaperOf(const SampleData& data, size_t enterprise,
                                       const std::string& kind) {
  if (enterprise % kEveryWhich != 0) return std::nullopt;
  if (std::find(kStanding.begin(), kStanding.end(), kind) == kStanding.end()) return std::nullopt;
  const Enterprise& holder = data.enterprises[enterprise];
  VaultPaper paper{enterprise,
                   kind,
                   PaperName(kind) + ".pdf",
                   PdfOf({"Sample paper: " + kind, "Holder: " + holder.uscc,
                          "Invented for demonstration. Valid for nothing."}),
                   {}};
  paper.sha256 = crypto::HexEncode(crypto::Sha256(paper.contents));
  return paper;
}

std::vector<VaultPaper> PlanVaults(const SampleData& data) {
  std::set<std::string> kinds;
  for (const Item& item : data.items) {
    kinds.insert(item.required_documents.begin(), item.required_documents.end());
  }
  std::vector<VaultPaper> papers;
  for (size_t i = 0; i < data.enterprises.size(); ++i) {
    for (const std::string& kind : kinds) {
      if (auto paper = VaultPaperOf(data, i, kind)) papers.push_back(*std::move(paper));
    }
  }
  return papers;
}

}  // namespace zonelink::sample
