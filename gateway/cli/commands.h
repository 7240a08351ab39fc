// SPDX-License-Identifier: Apache-2.0
// What each command does, by group. A command prints and returns its exit code.
#pragma once

#include <string>
#include <string_view>

#include "gateway/cli/arguments.h"
#include "gateway/cli/session.h"
#include "gateway/cli/show.h"

namespace zonelink::cli {

struct Invocation {
  const Arguments& arguments;
  Session& session;
  View view;
  std::string idempotency_key;  // given by the person, or made for this command
};

// account_commands.cc
int Login(Invocation& run);
int Logout(Invocation& run);
int Me(Invocation& run);

// filing_commands.cc
int FilingPrecheck(Invocation& run);
int FilingSubmit(Invocation& run);
int FilingShow(Invocation& run);
int FilingList(Invocation& run);
int FilingTimeline(Invocation& run);
int FilingWithdraw(Invocation& run);
int FilingSupplement(Invocation& run);
int FilingTakeDocument(Invocation& run);

// filing_batch_command.cc
int FilingBatch(Invocation& run);

// catalogue_commands.cc
int ItemList(Invocation& run);
int ItemShow(Invocation& run);
int ItemRevise(Invocation& run);
int AgreementList(Invocation& run);
int AgreementShow(Invocation& run);
int AgreementSign(Invocation& run);
int AgreementAmend(Invocation& run);
int AgreementSuspend(Invocation& run);
int AgreementResume(Invocation& run);
int NegativeListShow(Invocation& run);
int NegativeListAdd(Invocation& run);
int NegativeListRetire(Invocation& run);
int NegativeListScreen(Invocation& run);
int NegativeListHits(Invocation& run);

// decision_commands.cc: every verb of a decision
int Decide(Invocation& run);

// document_commands.cc
int DocumentUpload(Invocation& run);
int DocumentList(Invocation& run);
int DocumentGet(Invocation& run);
int DocumentReadings(Invocation& run);
int DocumentDiscard(Invocation& run);

// board_commands.cc
int Inbox(Invocation& run);
int Board(Invocation& run);

// lookup_commands.cc
int RecognitionVerify(Invocation& run);
int WorkingDays(Invocation& run);
int CreditList(Invocation& run);

// mandate_commands.cc
int MandateGrant(Invocation& run);
int MandateList(Invocation& run);
int MandateRevoke(Invocation& run);
int DelegationGrant(Invocation& run);
int DelegationList(Invocation& run);
int DelegationRevoke(Invocation& run);
int CalendarPublish(Invocation& run);
int CalendarShow(Invocation& run);

// ledger_commands.cc
int LedgerShow(Invocation& run);
int LedgerReceipt(Invocation& run);
int LedgerTrust(Invocation& run);
int LedgerWatch(Invocation& run);

// ledger_verify_command.cc
int LedgerVerify(Invocation& run);

// output.cc: what all commands share.
// Prints the answer: the server's JSON for programs, `show` for people. Returns the exit code.
using Show = std::string (*)(const client::Json&, const View&);
int Finish(const Invocation& run, const Result<client::HttpReply>& reply, Show show);
// Prints why it failed. `command`: the outcome may be in doubt.
int Fail(const Invocation& run, const Error& error, bool command);
void Print(std::string_view text);
void PrintJson(const Invocation& run, const std::string& body);

}  // namespace zonelink::cli
