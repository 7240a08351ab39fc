// SPDX-License-Identifier: Apache-2.0
#include "gateway/cli/ledger_words.h"

#include "gateway/cli/arguments.h"

namespace zonelink::cli {
namespace {

constexpr std::string_view kKeepZh =
    "保留这份内容作为证据，重新取得一份再验证，并告知运营方和见证方";
constexpr std::string_view kKeepEn =
    "keep it as evidence, fetch it again and verify that, and tell the operator and the witnesses";

constexpr LedgerWord kWords[] = {
    {"NOTE_INVALID", kExitNotVerified, "检查点不是签名文本", "The checkpoint is no signed note",
     kKeepZh, kKeepEn},
    {"CHECKPOINT_INVALID", kExitNotVerified, "检查点的内容不成形",
     "The checkpoint does not have the form of one", kKeepZh, kKeepEn},
    {"SIGNATURE_INVALID", kExitNotVerified, "签名不成立", "A signature does not verify", kKeepZh,
     kKeepEn},
    {"LOG_SIGNATURE_MISSING", kExitNotVerified, "没有所信任公钥的签名",
     "The key that is trusted has not signed it",
     "如运营方宣布更换了公钥，核对后执行 zonelink ledger trust --replace；否则视为伪造",
     "if the operator announced a new key, compare it and run zonelink ledger trust --replace; "
     "otherwise take it for a forgery"},
    {"ORIGIN_MISMATCH", kExitNotVerified, "这是另一个日志的检查点",
     "The checkpoint is another log's",
     "核对地址；其他日志用 --key 给出公钥，首行与公钥名称不同时用 --origin",
     "check the address; for another log give its --key, and its --origin where that is not the "
     "key's name"},
    {"QUORUM_MISSING", kExitNotVerified, "见证签名不足", "Too few witnesses have cosigned it",
     "见证方可能尚未跟上：zonelink ledger show 可查看；稍后重试，或用 --quorum 0 "
     "只看日志自己的签名",
     "witnesses may be behind (zonelink ledger show tells): try again later, or rely on the log's "
     "own signature with --quorum 0"},
    {"ENTRY_INVALID", kExitNotVerified, "条目不成形", "The entry does not have the form of one",
     kKeepZh, kKeepEn},
    {"ENTRY_MISMATCH", kExitNotVerified, "条目属于另一个事件", "The entry is another event's",
     kKeepZh, kKeepEn},
    {"COMMITMENT_MISMATCH", kExitNotVerified, "事件内容与条目中的承诺不符",
     "The event is not what the entry commits to", kKeepZh, kKeepEn},
    {"PROOF_INVALID", kExitNotVerified, "证明不成立", "The proof does not show it", kKeepZh,
     kKeepEn},
    {"TILE_INVALID", kExitNotVerified, "哈希瓦片不成形", "A tile does not have the form of one",
     kKeepZh, kKeepEn},
    {"TILE_MISMATCH", kExitNotVerified, "哈希瓦片与上一级不符",
     "A tile is not what the one above says", kKeepZh, kKeepEn},
    {"BUNDLE_INVALID", kExitNotVerified, "条目文件不成形",
     "A bundle of entries does not have the form of one", kKeepZh, kKeepEn},
    {"LEAF_MISMATCH", kExitNotVerified, "条目与其哈希不符", "An entry is not what its leaf says",
     kKeepZh, kKeepEn},
    {"ROOT_MISMATCH", kExitNotVerified, "哈希瓦片与检查点的根不符",
     "The tiles do not make the checkpoint's root", kKeepZh, kKeepEn},
    {"RECEIPT_INVALID", kExitNotVerified, "回执不成形", "The receipt does not have the form of one",
     "重新取得：zonelink ledger receipt <事件编号>",
     "fetch it again: zonelink ledger receipt EVENT"},
    {"RESOURCE_MISSING", kExitNotVerified, "日志缺少其检查点所覆盖的内容",
     "The log does not hold what its checkpoint covers",
     "核对地址或文件夹；刚启用的账本在第一个事件之前没有检查点",
     "check the address or folder; a new ledger has no checkpoint before its first event"},
    {"WHAT_UNCLEAR", kExitUsage, "不清楚要验证什么", "It is not clear what to verify",
     "回执文件、两个检查点文件、日志的 URL 或文件夹之一：zonelink ledger verify --help",
     "give receipts, two checkpoints, or the URL or folder of a log: zonelink ledger verify "
     "--help"},
    {"VERIFIER_KEY_INVALID", kExitUsage, "验证公钥不正确", "The verifier key is not one",
     "形式为 名称+8 位十六进制+base64，如运营方公布的那样",
     "its form is NAME+8 HEX DIGITS+BASE64, as the operator published it"},
    {"QUORUM_TOO_LARGE", kExitUsage, "所需见证签名多于见证方",
     "More cosignatures are asked for than there are witnesses", "增加 --witness，或减小 --quorum",
     "give more --witness, or a smaller --quorum"},
    {"LEDGER_KEY_UNKNOWN", kExitRefused, "不知道该信任哪个公钥",
     "Nobody says whose signature counts",
     "用 --key 给出日志的公钥，或先执行 zonelink ledger trust",
     "give the log's key with --key, or run zonelink ledger trust first"},
    {"LEDGER_UNREADABLE", kExitRefused, "该地址不是自贸联动的账本",
     "There is no Zonelink ledger at this address", "其他运营方的日志请用 --key 给出公钥",
     "for the log of another operator give its --key"},
    {"PIN_EXISTS", kExitRefused, "已记住另一个公钥，未作更改",
     "Another key is remembered; nothing was changed", "先向运营方核对指纹；确属更换时加 --replace",
     "compare the fingerprint with the operator first; if the change is theirs, add --replace"},
    {"PIN_BROKEN", kExitRefused, "记住公钥的文件读不懂", "A file with a remembered key is broken",
     "核对后删除该文件，再执行 zonelink ledger trust",
     "look at the file, remove it, and run zonelink ledger trust again"},
    {"INPUT_UNREADABLE", kExitRefused, "文件无法读取", "A file cannot be read", "", ""},
    {"OUTPUT_UNWRITABLE", kExitRefused, "文件无法写入", "A file cannot be written", "", ""},
};

}  // namespace

const LedgerWord* FindLedgerWord(std::string_view reason) {
  for (const LedgerWord& word : kWords) {
    if (word.reason == reason) return &word;
  }
  return nullptr;
}

}  // namespace zonelink::cli
