// SPDX-License-Identifier: Apache-2.0
// What a person typed, parsed. Only command_builder.h and what includes it know CLI11.
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "gateway/cli/terminal.h"

namespace zonelink::cli {

// Exit codes, as the man page promises.
inline constexpr int kExitOk = 0;
inline constexpr int kExitRefused = 1;
inline constexpr int kExitUsage = 2;
inline constexpr int kExitNotLoggedIn = 3;
inline constexpr int kExitInDoubt = 4;
inline constexpr int kExitNotVerified = 5;
inline constexpr int kExitAlarm = 6;

// What an origin or a recognition covers.
struct ScopeArguments {
  std::vector<std::string> activities;
  std::vector<std::string> addresses;
  std::string quantity;
  std::string from;
  std::string until;
};

struct FilingArguments {
  std::string filing_id;
  std::string input;  // path of a JSON file, "-" for standard input
  std::string item;
  std::string home;
  std::vector<std::string> to;
  std::string applicant_uscc;
  std::string applicant_name;
  std::string credential_number;
  std::string credential_issuer;
  std::string credential_issued_on;
  std::string credential_valid_until;
  std::vector<std::string> attributes;  // name=value
  std::vector<std::string> documents;   // path, or kind=path
  bool promise = false;
  std::vector<std::string> later;  // kind=date
  ScopeArguments scope;
  std::string refile_of;
  bool from_vault = false;
  std::string batch_file;  // JSON lines or CSV, "-" for standard input
  bool all_or_nothing = false;
  std::string zone;
  std::string state;
  std::string note;
  std::string page_token;
  int limit = 50;
};

struct DecisionArguments {
  std::string filing_id;
  std::string zone;
  std::vector<std::string> missing;
  std::string reason;
  std::string opinion;
  std::string article;
  std::string facts;
  std::string override_reason;
  std::string authority;
  std::vector<std::string> corrections;  // field=value
  std::string words;                     // question, answer, opinion in words, findings, evidence
  std::string ground;
  int estimate_days = 0;
  std::string to;  // step or user
  std::string until;
  std::string officer;
  std::string answer;  // to a yes or no: how it was answered
  std::vector<std::string> zones;
  std::string rule;
  int quorum = 0;
  bool veto = false;
  ScopeArguments scope;
  std::vector<std::string> conditions;  // date=text
  std::string method;
  int place = 0;
};

struct DocumentArguments {
  std::string file;
  std::string sha256;
  std::string title;
  std::string kind;
  std::string media_type;
  std::string valid_from;
  std::string valid_until;
  bool only_valid = false;
  std::string case_id;
  std::string out;
};

// Mandates and delegations.
struct ActingArguments {
  std::string whom;  // agent's code, deputy's id, or the id of what ends
  std::vector<std::string> items;
  std::vector<std::string> acts;
  std::vector<std::string> roles;
  std::string from;
  std::string until;
  std::string reason;
  std::string side;
  std::string state;
};

struct CalendarArguments {
  std::string calendar = "national";
  std::string file;
  int year = 0;
  std::string note;
};

// Items, agreements, negative lists.
struct CatalogueArguments {
  std::string id;     // item, agreement or list
  std::string entry;  // of a list
  std::string file;   // path of a JSON file, "-" for standard input
  std::string item;
  std::string state;
  std::string reason;
  std::string from;
  std::string until;
  int version = 0;
};

// Credit records.
struct CreditArguments {
  std::string uscc;
  std::string organization_id;
};

struct BoardArguments {
  std::string action;  // of the inbox
  std::string zone;
};

struct LedgerArguments {
  std::string event_id;
  std::string out;
  std::vector<std::string> what;  // receipts, checkpoints, or a log's URL or folder
  bool receipts = false;
  std::string log;  // URL or folder; empty: the ledger of the profile's server
  std::string origin;
  std::string key;
  std::vector<std::string> witnesses;
  int quorum = -1;  // not given
  bool replace = false;
  std::string from;
  std::string save_checkpoint;
  std::string download;
  std::string tiles;
  std::string proof;
  int every = 10;  // seconds
  bool once = false;
  std::string state;
};

struct Arguments {
  std::string command;  // for example "filing submit"
  std::string profile = "default";
  std::string url;
  std::string ca_file;
  std::string language;
  bool json = false;
  std::string idempotency_key;
  std::string etag;
  std::string username;
  std::string password_file;
  FilingArguments filing;
  DecisionArguments decision;
  BoardArguments board;
  LedgerArguments ledger;
  ActingArguments acting;
  CalendarArguments calendar;
  DocumentArguments document;
  CatalogueArguments catalogue;
  CreditArguments credit;
  std::string recognition_number;
  std::string calendar_zone;
  std::string from;
  int days = 0;
  std::string shell;
};

// Outcome of reading a command line: a command to run, or a text to print and the code to exit
// with.
struct CommandLine {
  Arguments arguments;
  bool run = false;
  int exit_code = kExitOk;
  std::string text;
};

// `words` are argv without the program's name.
CommandLine ParseCommandLine(std::vector<std::string> words, const Style& style);

// The value of --lang in `words`: needed before anything can be said in the person's language.
std::string LanguageWish(const std::vector<std::string>& words);

// A completion script for "bash" or "zsh", made from the same description as the parser.
std::string CompletionScript(std::string_view shell);

}  // namespace zonelink::cli
