// SPDX-License-Identifier: Apache-2.0
#include "gateway/http/row_problems.h"

#include <algorithm>
#include <string>

#include "zonelink/api/row_problem.pb.h"

namespace zonelink::gateway {
namespace {

using google::protobuf::Message;

bool IsProblem(const FieldSchema& field) {
  return field.kind == Kind::kMessage && !field.repeated &&
         field.message->descriptor == api::RowProblem::descriptor();
}

// The rows of an answer, where their refusals stand.
bool AreRows(const FieldSchema& field) {
  return field.kind == Kind::kMessage && field.repeated &&
         std::any_of(field.message->fields.begin(), field.message->fields.end(), IsProblem);
}

// A refusal that names no reason known here still gets a text: that of its code.
std::string TextOf(const Texts& texts, const api::RowProblem& problem, Language language) {
  Metadata values;
  for (const api::RowProblemValue& one : problem.values()) {
    values.emplace_back(one.name(), one.value());
  }
  std::string text = texts.Fill(problem.reason(), language, values);
  return text.empty() ? texts.Fill(problem.code(), language, values) : text;
}

std::string TextOf(const Texts& texts, const api::RowViolation& violation, Language language) {
  return texts.Fill(violation.reason(), language, {{"field", violation.field()}});
}

void Tell(const Texts& texts, api::RowProblem& problem) {
  problem.set_detail_zh(TextOf(texts, problem, Language::kChinese));
  problem.set_detail_en(TextOf(texts, problem, Language::kEnglish));
  for (api::RowViolation& violation : *problem.mutable_violations()) {
    violation.set_message_zh(TextOf(texts, violation, Language::kChinese));
    violation.set_message_en(TextOf(texts, violation, Language::kEnglish));
  }
}

void TellRow(const Texts& texts, const MessageSchema& schema, Message& row) {
  for (const FieldSchema& field : schema.fields) {
    if (!IsProblem(field) || !schema.reflection->HasField(row, field.field)) continue;
    Tell(texts,
         static_cast<api::RowProblem&>(*schema.reflection->MutableMessage(&row, field.field)));
  }
}

}  // namespace

bool HoldsRowProblems(const MessageSchema& schema) {
  return std::any_of(schema.fields.begin(), schema.fields.end(), AreRows);
}

void TellRows(const Texts& texts, const MessageSchema& schema, Message& message) {
  for (const FieldSchema& field : schema.fields) {
    if (!AreRows(field)) continue;
    const int count = schema.reflection->FieldSize(message, field.field);
    for (int i = 0; i < count; ++i) {
      TellRow(texts, *field.message,
              *schema.reflection->MutableRepeatedMessage(&message, field.field, i));
    }
  }
}

}  // namespace zonelink::gateway
