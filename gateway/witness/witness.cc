// SPDX-License-Identifier: Apache-2.0
#include "gateway/witness/witness.h"

#include <fmt/format.h>

#include "platform/log/log.h"

namespace zonelink::witness {
namespace {

Answer Refusal(unsigned status, std::string_view why) {
  return {.status = status, .body = fmt::format("{}\n", why)};
}

Answer AnswerOf(Outcome outcome) {
  switch (outcome.verdict) {
    case Verdict::kCosign: return {.body = std::move(outcome.signature_line)};
    case Verdict::kMalformed: return Refusal(400, "the old size is above the checkpoint's");
    case Verdict::kConflict:
      return {.status = 409,
              .content_type = "text/x.tlog.size",
              .body = fmt::format("{}\n", outcome.known_size)};
    case Verdict::kProofInvalid: return Refusal(422, "the proof does not show consistency");
  }
  return Refusal(500, "unknown verdict");
}

}  // namespace

Witness::Witness(Settings settings, std::unique_ptr<StateDir> state, const WallClock& clock)
    : cosigner_{ledger::VerifierKey::Of(settings.name, ledger::SignatureType::kCosignature,
                                        settings.secret.PublicRaw()),
                std::move(settings.secret), clock},
      state_(std::move(state)) {}

Result<std::unique_ptr<Witness>> Witness::Open(Settings settings, const WallClock& clock) {
  auto state = StateDir::Open(settings.state_dir);
  if (!state) return std::move(state).error();
  const auto logs = std::move(settings.logs);
  std::unique_ptr<Witness> witness(new Witness(std::move(settings), *std::move(state), clock));
  for (const auto& [origin, key] : logs) {
    const auto folder = witness->state_->FolderOf(origin);
    if (!folder) return folder.error();
    auto record = LogRecord::Open(key, origin, *folder, witness->cosigner_);
    if (!record) return std::move(record).error();
    witness->logs_.emplace(origin, *std::move(record));
  }
  return witness;
}

LogRecord* Witness::Find(std::string_view origin) {
  const auto found = logs_.find(origin);
  return found == logs_.end() ? nullptr : found->second.get();
}

Answer Witness::AddCheckpoint(std::string_view body) {
  Result<Proposal> proposal = ParseProposal(body);
  if (!proposal) return Refusal(400, proposal.error().message);
  LogRecord* const record = Find(proposal->head.checkpoint.origin);
  if (record == nullptr) return Refusal(404, "the log is not watched here");
  Result<Head> head = record->Verify(std::move(proposal->head));
  if (!head) return Refusal(403, head.error().message);
  proposal->head = *std::move(head);
  Result<Outcome> outcome = record->Propose(*proposal);
  if (!outcome) return Refusal(500, "the checkpoint could not be kept");
  return AnswerOf(*std::move(outcome));
}

Answer Witness::Latest(std::string_view origin) {
  LogRecord* const record = Find(origin);
  if (record == nullptr) return Refusal(404, "the log is not watched here");
  std::optional<std::string> note = record->LatestNote();
  if (!note) return Refusal(404, "nothing has been cosigned yet");
  return {.body = *std::move(note)};
}

Answer Witness::Describe() {
  std::string text =
      fmt::format("witness {}\nkey     {}\n", cosigner_.key.name, cosigner_.key.Format());
  for (const auto& [origin, record] : logs_) text += "\n" + record->Describe();
  return {.body = std::move(text)};
}

}  // namespace zonelink::witness
