// SPDX-License-Identifier: Apache-2.0
#include "gateway/cli/ledger_show.h"

#include <fmt/format.h>

#include "gateway/cli/ledger_words.h"
#include "gateway/cli/words.h"
#include "platform/core/time.h"
#include "platform/crypto/crypto.h"

namespace zonelink::cli {
namespace {

using client::Json;

constexpr uint64_t kFewEntries = 1000;

template <class... Parts>
std::string Said(const Style& say, std::string_view zh, std::string_view en,
                 const Parts&... parts) {
  return fmt::format(fmt::runtime(say(zh, en)), parts...);
}

std::string Base64(const ledger::Hash& hash) { return crypto::Base64Encode(hash.view()); }

std::string TrustWord(TrustFrom from, const Style& say) {
  switch (from) {
    case TrustFrom::kGiven: return std::string(say("由命令给出", "given with the command"));
    case TrustFrom::kPinned: return std::string(say("已记住的公钥", "remembered (pinned)"));
    case TrustFrom::kServer:
      return std::string(say("取自服务器本身，未经核对", "taken from the server itself"));
  }
  return "";
}

// "2 of 3 (2 needed): jiangsu, zhejiang"
std::string CosignersWord(const ledger::TrustedCheckpoint& head, const Trust& trust,
                          const Style& say) {
  if (trust.policy.witnesses.empty()) return std::string(say("未要求", "none asked for"));
  std::string names;
  for (const ledger::VerifierKey& key : head.cosigners) {
    names += (names.empty() ? "" : say("、", ", "));
    names += key.name;
  }
  std::string text = Said(say, "{}/{}，需要 {}", "{} of {}, {} needed", head.cosigners.size(),
                          trust.policy.witnesses.size(), trust.policy.quorum);
  return names.empty() ? text : text + std::string(say("：", ": ")) + names;
}

std::string LinkWord(const ReceiptReport& report, const Style& say) {
  if (report.verified.link == ledger::Link::kShown) {
    const std::string& event = *report.receipt.event;
    return Said(say, "已证明：条目所承诺的正是回执中的事件（{} 字节，SHA-256 {}）",
                "shown: the entry commits to the event in the receipt ({} bytes, SHA-256 {})",
                event.size(), crypto::HexEncode(crypto::Sha256(event)));
  }
  return std::string(
      say("未证明：回执不含盐值和事件，只证明有此编号的条目（当事方和审计人员登录后取得的回执才有；"
          "盐值销毁后谁也没有）",
          "not shown: the receipt has no salt and event, only that an entry of this id is there "
          "(parties and auditors get them when logged in; after the salt's destruction nobody)"));
}

void HeadLines(Sheet& sheet, const ledger::TrustedCheckpoint& head, const Trust& trust,
               const Style& say) {
  sheet.Line(say("日志", "log"), head.checkpoint.origin);
  sheet.Line(say("日志公钥", "log key"), trust.policy.log.Format());
  sheet.Line(say("公钥来源", "key from"), TrustWord(trust.from, say),
             trust.from == TrustFrom::kServer ? Colour::kWaiting : Colour::kPlain);
  sheet.Line(say("见证签名", "cosigned"), CosignersWord(head, trust, say));
}

std::string Verified(const std::string& name, const Style& say) {
  return say.Paint(Colour::kGood, Said(say, "验证通过：{}", "Verified: {}", Printable(name))) +
         "\n";
}

void LogLines(Sheet& sheet, const LogReport& log, const Style& say) {
  std::string entries = Grouped(log.check.entries);
  if (log.from > 0) {
    entries += Said(say, "（此前的 {} 条以前已验证）", " (the first {} were verified before)",
                    Grouped(log.from));
  }
  sheet.Line(say("已验证条目", "entries"), entries);
  if (log.check.entries == 0) return;
  const double count = static_cast<double>(log.check.entries);
  const double speed = log.seconds > 0 ? count / log.seconds : 0;
  const double hashing = log.seconds - log.reading_seconds;
  sheet.Line(say("速度", "speed"),
             Said(say, "每秒 {} 条，共 {:.2f} 秒，其中读取 {:.2f} 秒（{} 字节）",
                  "{} entries/s, {:.2f} s in all, {:.2f} s of them reading ({} bytes)",
                  Grouped(static_cast<uint64_t>(speed)), log.seconds, log.reading_seconds,
                  Grouped(log.bytes_read)));
  // What it takes to begin would say more than the work itself.
  if (log.check.entries < kFewEntries || log.sha256_per_second <= 0) return;
  sheet.Line(say("仅算 SHA-256", "SHA-256 alone"),
             Said(say, "同样的条目每秒 {} 条；不计读取，验证用时为其 {:.2f} 倍",
                  "{} of these entries/s; without reading, verifying takes {:.2f} times as long",
                  Grouped(static_cast<uint64_t>(log.sha256_per_second)),
                  hashing * log.sha256_per_second / count));
}

std::string Place(const Error& error, const Style& say) {
  std::string place;
  for (const auto& [name, value] : error.metadata) {
    if (name == "path") place += Said(say, "  位置：{}\n", "  where: {}\n", Printable(value));
    if (name == "index") {
      place += Said(say, "  条目序号：{}\n", "  index of the entry: {}\n", Printable(value));
    }
    if (name == "remembered") {
      place += Said(say, "  已记住的：{}\n", "  remembered: {}\n", Printable(value));
    }
    if (name == "offered") {
      place += Said(say, "  现在的：  {}\n", "  now:        {}\n", Printable(value));
    }
  }
  return place;
}

}  // namespace

std::string Grouped(uint64_t number) {
  std::string digits = std::to_string(number);
  for (size_t at = digits.size(); at > 3; at -= 3) digits.insert(at - 3, ",");
  return digits;
}

std::string ShowNote(std::string_view note) {
  std::string text;
  while (!note.empty()) {
    const size_t end = note.find('\n');
    const std::string line = Printable(note.substr(0, end));
    text += line.empty() ? "\n" : "    " + line + "\n";
    if (end == std::string_view::npos) break;
    note.remove_prefix(end + 1);
  }
  return text;
}

std::string ShowLedger(const Json& ledger, const View& view) {
  const Style& say = view.style;
  const auto size = [&](std::string_view member) {
    return static_cast<uint64_t>(ledger[member].number());
  };
  const std::string published_at = ledger["publishedAt"].text();
  Sheet sheet;
  sheet.Line(say("日志", "log"), ledger["origin"].text());
  sheet.Line(say("公钥", "key"), ledger["key"].text());
  if (const auto key = ledger::VerifierKey::Parse(ledger["key"].text())) {
    sheet.Line(say("指纹", "fingerprint"), Fingerprint(*key));
  }
  sheet.Line(say("条目", "entries"), Grouped(size("size")));
  sheet.Line(
      say("已公布", "published"),
      Grouped(size("publishedSize")) +
          (published_at.empty() ? "" : Said(say, "（{}）", " ({})", LocalTime(published_at))));
  const bool behind = size("anchoredSize") < size("publishedSize");
  sheet.Line(say("已见证", "anchored"), Grouped(size("anchoredSize")),
             behind ? Colour::kWaiting : Colour::kPlain);
  const auto witnesses = ledger["witnesses"].items();
  sheet.Line(say("见证签名", "quorum"),
             Said(say, "{} 个见证方中至少 {} 个", "of {} witnesses at least {}", witnesses.size(),
                  ledger["quorum"].number()));
  std::string text = sheet.Render(say);
  if (!witnesses.empty()) {
    Table table({{std::string(say("见证方", "WITNESS"))},
                 {std::string(say("已见证至", "COSIGNED")), false, true},
                 {std::string(say("问题", "TROUBLE")), true}});
    for (const Json& witness : witnesses) {
      table.Row({{witness["name"].text()},
                 {Grouped(static_cast<uint64_t>(witness["size"].number()))},
                 {witness["trouble"].text(), Colour::kBad}});
      table.Note({witness["key"].text(), Colour::kFaint});
    }
    text += "\n" + table.Render(say);
  }
  const std::string frozen = ledger["frozen"].text();
  if (frozen.empty()) return text;
  text += "\n" + say.Paint(Colour::kBad,
                           Said(say, "已冻结，停止公布：{}",
                                "FROZEN, nothing is published any more: {}", Printable(frozen)));
  text += std::string("\n") + std::string(say("以前签过的检查点", "Signed or cosigned before")) +
          "\n" + ShowNote(ledger["headBefore"].text());
  return text + std::string(say("现在与之矛盾的内容", "What contradicts it now")) + "\n" +
         ShowNote(ledger["headNow"].text());
}

std::string ShowReceipt(const ReceiptReport& report, const Style& say) {
  const ledger::Entry& entry = report.verified.entry;
  const ledger::Checkpoint& head = report.verified.checkpoint.checkpoint;
  const std::string word = EventWord(entry.type, say);
  Sheet sheet;
  sheet.Line(say("事件编号", "event"), entry.event_id);
  sheet.Line(say("类型", "type"), word == entry.type ? word : word + " " + entry.type);
  sheet.Line(say("时间", "time"), LocalTime(FormatTime(entry.at)));
  sheet.Line(say("序号", "index"), Grouped(report.receipt.index));
  sheet.Line(say("账本条目", "tree size"), Grouped(head.size));
  sheet.Line(say("根", "root"), Base64(head.root));
  HeadLines(sheet, report.verified.checkpoint, report.trust, say);
  const bool shown = report.verified.link == ledger::Link::kShown;
  sheet.Line(say("与事件的关联", "link to event"), LinkWord(report, say),
             shown ? Colour::kGood : Colour::kWaiting);
  return Verified(report.name, say) + sheet.Render(say);
}

std::string ShowReceipts(const std::vector<ReceiptReport>& reports, const Style& say) {
  Table table({{std::string(say("序号", "INDEX")), false, true},
               {std::string(say("事件编号", "EVENT"))},
               {std::string(say("关联", "LINK"))},
               {std::string(say("类型", "TYPE")), true},
               {std::string(say("回执", "RECEIPT")), true}});
  for (const ReceiptReport& report : reports) {
    const bool shown = report.verified.link == ledger::Link::kShown;
    table.Row({{Grouped(report.receipt.index)},
               {report.verified.entry.event_id},
               {std::string(shown ? say("已证明", "shown") : say("未证明", "not shown")),
                shown ? Colour::kGood : Colour::kWaiting},
               {EventWord(report.verified.entry.type, say)},
               {report.name}});
  }
  return table.empty() ? "" : table.Render(say);
}

std::string ShowHead(const HeadReport& report, const Style& say) {
  const ledger::Checkpoint& head = report.head.checkpoint;
  Sheet sheet;
  sheet.Line(say("账本条目", "tree size"), Grouped(head.size));
  sheet.Line(say("根", "root"), Base64(head.root));
  HeadLines(sheet, report.head, report.trust, say);
  if (report.before) {
    sheet.Line(say("一致性", "consistent"),
               head.size == report.before->size
                   ? Said(say, "与之前的检查点相同", "the same tree as the earlier checkpoint's")
                   : Said(say, "前 {} 条与之前的检查点完全一致",
                          "its first {} entries are the earlier checkpoint's",
                          Grouped(report.before->size)),
               Colour::kGood);
  }
  if (report.log) LogLines(sheet, *report.log, say);
  std::string text = Verified(report.name, say) + sheet.Render(say);
  if (!report.log && !report.before) {
    text += say("只验证了签名；条目和历史请验证整个日志，或给出两个检查点。\n",
                "Only signatures were verified; for entries and history verify the log, or give "
                "two checkpoints.\n");
  }
  return text;
}

std::string ShowAlarm(const Alarm& alarm, const Style& say) {
  const bool fork = alarm.heads == Heads::kFork;
  std::string text = say.Paint(
      Colour::kBad,
      fork ? Said(say, "告警 FORK：{} 出示了两份互相矛盾的历史",
                  "ALARM FORK: {} shows two histories that contradict each other",
                  Printable(alarm.place))
           : Said(say, "告警 ROLLBACK：{} 的条目比以前少",
                  "ALARM ROLLBACK: {} has fewer entries than before", Printable(alarm.place)));
  const auto head = [&](std::string_view zh, std::string_view en, const std::string& note,
                        const std::string& file) {
    text += "\n" + std::string(say(zh, en));
    if (!file.empty()) text += Said(say, "（已存入 {}）", " (saved as {})", Printable(file));
    text += "\n" + ShowNote(note);
  };
  head("以前的检查点", "Before", alarm.before, alarm.before_file);
  head("现在的检查点", "Now", alarm.now, alarm.now_file);
  if (fork) {
    text +=
        say("  → 妥善保存这两份签名文本：它们足以证明此事。请告知各片区见证方和审计人员，"
            "在查明之前不要信赖该账本的新内容。\n",
            "  → Keep both signed notes: they are proof enough. Tell the zones that witness the "
            "log and the auditors, and rely on nothing new in it until this is explained.\n");
  } else {
    text +=
        say("  → 妥善保存这两份签名文本。可能是缓存或恢复了旧备份：请向运营方查明，"
            "并告知各片区见证方和审计人员；在此之前不要信赖该账本的新内容。\n",
            "  → Keep both signed notes. A cache or a restored backup may be the cause: ask the "
            "operator, tell the zones that witness the log and the auditors, and rely on "
            "nothing new in it until this is explained.\n");
  }
  return text;
}

std::string ShowLedgerProblem(const std::string& place, const Error& error, const Style& style) {
  const LedgerWord* word = FindLedgerWord(error.reason);
  if (word == nullptr) return ShowProblem(error, "", style);
  std::string headline(style(word->zh, word->en));
  if (word->exit_code == kExitNotVerified) {
    headline = Said(style, "验证未通过：{}", "Not verified: {}", headline);
  }
  std::string text = style.Paint(Colour::kBad, headline) + "\n";
  if (!place.empty()) text += "  " + Printable(place) + "\n";
  text += "  " + Printable(error.message) + "\n" + Place(error, style);
  const std::string_view advice = style(word->zh_advice, word->en_advice);
  if (!advice.empty()) text += fmt::format("  → {}\n", advice);
  return text + style.Paint(Colour::kFaint, "  " + error.reason) + "\n";
}

int LedgerExitCode(const Error& error) {
  const LedgerWord* word = FindLedgerWord(error.reason);
  return word == nullptr ? ExitCodeOf(error) : word->exit_code;
}

std::string ShowProgress(const LogProgress& progress, const Style& say) {
  const double share = progress.total == 0 ? 1.0
                                           : static_cast<double>(progress.done) /
                                                 static_cast<double>(progress.total);
  const double speed =
      progress.seconds > 0 ? static_cast<double>(progress.done) / progress.seconds : 0;
  return Said(say, "{:5.1f}%  {}/{} 条  每秒 {} 条", "{:5.1f} %  {} of {} entries  {}/s",
              share * 100, Grouped(progress.done), Grouped(progress.total),
              Grouped(static_cast<uint64_t>(speed)));
}

std::string ShowPolicy(const ledger::TrustPolicy& policy, const std::vector<std::string>& logs,
                       const Style& say) {
  Sheet sheet;
  sheet.Line(say("日志", "log"), policy.origin);
  sheet.Line(say("公钥", "key"), policy.log.Format());
  sheet.Line(say("指纹", "fingerprint"), Fingerprint(policy.log));
  for (const ledger::VerifierKey& witness : policy.witnesses) {
    sheet.Line(say("见证方", "witness"), witness.Format());
    sheet.Line("", Fingerprint(witness), Colour::kFaint);
  }
  sheet.Line(say("见证签名至少", "quorum"), std::to_string(policy.quorum));
  for (const std::string& log : logs) sheet.Line(say("地址", "address"), log);
  return sheet.Render(say);
}

}  // namespace zonelink::cli
