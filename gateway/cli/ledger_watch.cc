// SPDX-License-Identifier: Apache-2.0
#include "gateway/cli/ledger_watch.h"

#include <fmt/format.h>

#include "gateway/cli/files.h"
#include "platform/client/http_client.h"
#include "platform/crypto/crypto.h"

namespace zonelink::cli {
namespace {

constexpr size_t kLargestNote = 64u << 10;

// What was accepted before; nothing when this is the first look.
Result<std::optional<std::string>> ReadState(const std::string& state_file) {
  auto text = ReadFile(state_file, kLargestNote);
  if (text) return std::optional(std::move(*text));
  if (text.error().code == Code::kNotFound) return std::optional<std::string>();
  return std::move(text).error();
}

// Named by what it says, so that looking again writes the same file again.
std::string SavedAs(const std::string& state_file, const ledger::Checkpoint& head,
                    std::string_view when) {
  return fmt::format("{}.alarm-{}-{}-{}", state_file, when, head.size,
                     crypto::HexEncode(head.root.view().substr(0, 8)));
}

Alarm Raise(Heads heads, const std::string& state_file, const ledger::TrustedCheckpoint& before,
            const ledger::TrustedCheckpoint& now) {
  Alarm alarm{.heads = heads, .before = before.note.Format(), .now = now.note.Format()};
  alarm.before_file = SavedAs(state_file, before.checkpoint, "before");
  alarm.now_file = SavedAs(state_file, now.checkpoint, "now");
  for (const auto& [file, note] :
       {std::pair(&alarm.before_file, &alarm.before), std::pair(&alarm.now_file, &alarm.now)}) {
    // An alarm that cannot be saved is still one, and shown in full.
    if (!WriteFile(*file, *note)) file->clear();
  }
  return alarm;
}

}  // namespace

std::string StateFile(const std::string& config_folder, const std::string& origin) {
  return config_folder + "/ledger-watch/" + client::UrlEncode(origin) + ".checkpoint";
}

Result<Look> LookAt(LogSource& source, const std::string& note, const ledger::TrustPolicy& policy,
                    const std::string& state_file) {
  ledger::TrustPolicy log_alone = policy;
  log_alone.quorum = 0;
  auto now = ledger::OpenCheckpoint(note, log_alone);
  if (!now) return std::move(now).error();
  const auto state = ReadState(state_file);
  if (!state) return state.error();
  Look look{.outcome = Look::Outcome::kFirst, .now = std::move(*now)};
  if (state->has_value()) {
    const auto before = ledger::OpenCheckpoint(**state, log_alone);
    if (!before) {
      Error error = before.error();
      error.message = fmt::format("{}, seen before: {}", state_file, error.message);
      return error;
    }
    look.size_before = before->checkpoint.size;
    const auto heads = CompareHeads(before->checkpoint, look.now.checkpoint, source.fetch());
    if (!heads) return heads.error();
    if (!AlarmName(*heads).empty()) {
      look.alarm = Raise(*heads, state_file, *before, look.now);
      look.alarm->place = source.place();
      look.outcome = Look::Outcome::kAlarm;
      return look;
    }
    look.outcome = *heads == Heads::kSame ? Look::Outcome::kUnchanged : Look::Outcome::kNew;
    if (*heads == Heads::kSame) return look;
  }
  const auto cosigned = ledger::OpenCheckpoint(note, policy);
  if (!cosigned) return cosigned.error();
  const auto saved = WriteFile(state_file, note);
  if (!saved) return saved.error();
  return look;
}

}  // namespace zonelink::cli
