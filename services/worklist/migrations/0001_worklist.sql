-- SPDX-License-Identifier: Apache-2.0
-- What waits for whom, and the feed of what happened; both copied from other services' events.

-- One row per thing that waits for a person. A case that waits for nobody has no row.
CREATE TABLE inbox (
  work_id         uuid NOT NULL DEFAULT gen_random_uuid() CONSTRAINT inbox_pk PRIMARY KEY,
  subject         text NOT NULL CONSTRAINT inbox_subject UNIQUE,
  action          text NOT NULL CONSTRAINT inbox_action CHECK (action IN ('accept', 'verify', 'decide', 'supplement')),
  party           text NOT NULL,    -- zone:<zone> or org:<organisation>: in whose name it is to be done
  roles           text[] NOT NULL CONSTRAINT inbox_roles CHECK (cardinality(roles) > 0),  -- any of them may; the first is shown
  excluded_users  text[] NOT NULL,  -- whoever verified may neither verify again nor decide
  filing_id       text NOT NULL,
  receipt_number  text NOT NULL,
  zone            text NOT NULL,
  organization_id text NOT NULL,
  applicant_name  text NOT NULL,
  item_id         text NOT NULL,
  item_name_zh    text NOT NULL,
  item_name_en    text NOT NULL,
  since           timestamptz NOT NULL,
  due_on          date,             -- NULL where no clock runs
  provisional     boolean NOT NULL,
  budget_days     integer NOT NULL,
  due_order       date NOT NULL GENERATED ALWAYS AS (coalesce(due_on, 'infinity'::date)) STORED
);
CREATE INDEX inbox_urgency ON inbox (party, due_order, since, work_id);
ALTER TABLE inbox ENABLE ROW LEVEL SECURITY;
ALTER TABLE inbox FORCE ROW LEVEL SECURITY;
CREATE POLICY inbox_actor ON inbox FOR SELECT TO {{role}}
  USING (party = ANY (current_parties()) AND roles && current_roles() AND NOT current_user_id() = ANY (excluded_users));
CREATE POLICY inbox_audit ON inbox FOR SELECT TO {{role}}_auditor USING (true);
CREATE POLICY inbox_relay ON inbox TO {{role}}_relay USING (true) WITH CHECK (true);
GRANT SELECT ON inbox TO {{role}}, {{role}}_auditor;
GRANT SELECT, INSERT, UPDATE, DELETE ON inbox TO {{role}}_relay;

-- What happened, in the order in which it was applied here. One writer at a time (the cursor's lock), so
-- seq follows commits and a reader that asks for what came after a seq misses nothing.
CREATE TABLE feed (
  seq      bigint GENERATED ALWAYS AS IDENTITY CONSTRAINT feed_pk PRIMARY KEY,
  event_id uuid NOT NULL CONSTRAINT feed_event_id UNIQUE,
  source   text NOT NULL,
  type     text NOT NULL,
  subject  text NOT NULL,
  at       timestamptz NOT NULL,
  zone     text NOT NULL,
  state    text NOT NULL,
  parties  text[] NOT NULL
);
ALTER TABLE feed ENABLE ROW LEVEL SECURITY;
ALTER TABLE feed FORCE ROW LEVEL SECURITY;
CREATE POLICY feed_party ON feed FOR SELECT TO {{role}} USING (parties && current_parties());
CREATE POLICY feed_audit ON feed FOR SELECT TO {{role}}_auditor USING (true);
CREATE POLICY feed_relay ON feed TO {{role}}_relay USING (true) WITH CHECK (true);
GRANT SELECT ON feed TO {{role}}, {{role}}_auditor;
GRANT SELECT, INSERT ON feed TO {{role}}_relay;
