// SPDX-License-Identifier: Apache-2.0
// Refusals of single rows within an answer: people read them in both languages, and only the
// gateway has the texts.
#pragma once

#include <google/protobuf/message.h>

#include "gateway/http/schema.h"
#include "gateway/http/texts.h"

namespace zonelink::gateway {

// Does a message of this schema hold a list of rows that may have a RowProblem?
bool HoldsRowProblems(const MessageSchema& schema);

// Writes the texts of its rows' refusals, as MakeProblem would.
void TellRows(const Texts& texts, const MessageSchema& schema, google::protobuf::Message& message);

}  // namespace zonelink::gateway
