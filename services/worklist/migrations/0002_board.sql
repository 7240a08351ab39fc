-- SPDX-License-Identifier: Apache-2.0
-- Several entries of the inbox for one decision, and one row per decision for the board.

-- `place` tells the entries of a decision apart: empty for what the decision itself waits for, else
-- opinion/<zone>, recusal, escalation: one entry for each action and party. The constraint keeps its name, by which
-- the binary before names it; what that one writes is in the empty place.
ALTER TABLE inbox
  ADD COLUMN place      text NOT NULL DEFAULT '',
  ADD COLUMN only_users text[] NOT NULL DEFAULT '{}',  -- empty: whoever has a role
  ADD COLUMN reason     text NOT NULL DEFAULT '',      -- why it presses
  DROP CONSTRAINT inbox_subject,
  DROP CONSTRAINT inbox_action;
ALTER TABLE inbox
  ADD CONSTRAINT inbox_subject UNIQUE (subject, place),
  ADD CONSTRAINT inbox_action CHECK (action IN (
    'accept', 'verify', 'decide', 'supplement', 'answer_query', 'give_opinion', 'hand_in_paper', 'resume',
    'decide_recusal', 'deliver', 'check_promise', 'confirm_condition', 'escalated')),
  ADD CONSTRAINT inbox_reason CHECK (reason IN (
    '', 'returned', 'clock_reminded', 'reminded', 'escalated', 'due', 'overdue'));
DROP POLICY inbox_actor ON inbox;
CREATE POLICY inbox_actor ON inbox FOR SELECT TO {{role}}
  USING (party = ANY (current_parties()) AND roles && current_roles() AND NOT current_user_id() = ANY (excluded_users)
         AND (only_users = '{}' OR current_user_id() = ANY (only_users)));

-- One row per decision for which somebody had to act.
CREATE TABLE cases (
  subject         text NOT NULL CONSTRAINT cases_pk PRIMARY KEY,  -- as in the inbox
  zone            text NOT NULL,
  filing_id       text NOT NULL,
  receipt_number  text NOT NULL,
  organization_id text NOT NULL,
  applicant_name  text NOT NULL,
  item_id         text NOT NULL,
  item_name_zh    text NOT NULL,
  item_name_en    text NOT NULL,
  state           text NOT NULL,
  since           timestamptz NOT NULL,
  due_on          date,                -- NULL where no clock runs
  budget_days     integer NOT NULL,
  asks_others     boolean NOT NULL,    -- a query or opinions are open
  closed_at       timestamptz,         -- NULL while somebody has to act before the decision
  used_days       integer              -- working days until the decision; NULL where none was made or no clock ran
) WITH (fillfactor = 85);              -- a row changes in its page
CREATE INDEX cases_open ON cases (zone, since) WHERE closed_at IS NULL;
CREATE INDEX cases_decided ON cases (zone, closed_at) WHERE used_days IS NOT NULL;

-- What is open already; whoever owns the tables reads them as anybody does, but for this statement.
ALTER TABLE inbox NO FORCE ROW LEVEL SECURITY;
INSERT INTO cases (subject, zone, filing_id, receipt_number, organization_id, applicant_name, item_id, item_name_zh,
                   item_name_en, state, since, due_on, budget_days, asks_others)
SELECT subject, zone, filing_id, receipt_number, organization_id, applicant_name, item_id, item_name_zh, item_name_en,
       CASE action WHEN 'accept' THEN 'PENDING' WHEN 'verify' THEN 'ACCEPTED' WHEN 'decide' THEN 'VERIFIED'
                   ELSE 'SUPPLEMENTING' END,
       since, due_on, budget_days, false
FROM inbox;
ALTER TABLE inbox FORCE ROW LEVEL SECURITY;

ALTER TABLE cases ENABLE ROW LEVEL SECURITY;
ALTER TABLE cases FORCE ROW LEVEL SECURITY;
CREATE POLICY cases_zone ON cases FOR SELECT TO {{role}}
  USING ((zone = current_zone() AND 'zone_admin' = ANY (current_roles())) OR 'secretariat' = ANY (current_roles()));
CREATE POLICY cases_audit ON cases FOR SELECT TO {{role}}_auditor USING (true);
CREATE POLICY cases_relay ON cases TO {{role}}_relay USING (true) WITH CHECK (true);
GRANT SELECT ON cases TO {{role}}, {{role}}_auditor;
GRANT SELECT, INSERT, UPDATE ON cases TO {{role}}_relay;
