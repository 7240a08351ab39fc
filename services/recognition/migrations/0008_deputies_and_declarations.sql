-- SPDX-License-Identifier: Apache-2.0
-- Deputies of officers for all cases, declarations of interest, codes of refusals, and what a partial
-- recognition covers for whoever looks its number up.

-- Deputies 委托代办 as the directory's events tell of them: a colleague exercises roles of an officer
-- in that officer's place.
CREATE TABLE officer_deputies (
  delegation_id  text COLLATE "C" CONSTRAINT officer_deputies_pk PRIMARY KEY,
  user_id        text COLLATE "C" NOT NULL,
  name           text NOT NULL,
  zone           text COLLATE "C" NOT NULL,
  deputy_user_id text COLLATE "C" NOT NULL,
  roles          text[] NOT NULL,
  from_at        timestamptz NOT NULL,
  until_at       timestamptz NOT NULL,
  active         boolean NOT NULL,
  CONSTRAINT officer_deputies_period CHECK (from_at < until_at)
);
CREATE INDEX officer_deputies_deputy ON officer_deputies (deputy_user_id, until_at);
ALTER TABLE officer_deputies ENABLE ROW LEVEL SECURITY;
ALTER TABLE officer_deputies FORCE ROW LEVEL SECURITY;
CREATE POLICY officer_deputies_zone ON officer_deputies FOR SELECT TO {{role}} USING (zone = current_zone());
CREATE POLICY officer_deputies_audit ON officer_deputies FOR SELECT TO {{role}}_auditor USING (true);
CREATE POLICY officer_deputies_relay ON officer_deputies TO {{role}}_relay USING (true) WITH CHECK (true);
GRANT SELECT ON officer_deputies TO {{role}}, {{role}}_auditor;
GRANT SELECT, INSERT, UPDATE (active) ON officer_deputies TO {{role}}_relay;
GRANT SELECT ON officers TO {{role}}_auditor;

-- Nobody speaks in the place of an officer who has named no deputy. The rules ask for period and
-- roles; here it is enough that there is a delegation, on the case or on all.
CREATE FUNCTION is_deputy_of(officer text, of_case text, of_line text) RETURNS boolean LANGUAGE sql STABLE PARALLEL SAFE
BEGIN ATOMIC
  SELECT EXISTS (SELECT 1 FROM officer_deputies p
                  WHERE p.user_id = officer AND p.deputy_user_id = current_user_id() AND p.active)
      OR EXISTS (SELECT 1 FROM review_people d
                  WHERE d.case_id = of_case AND d.line = of_line AND d.kind = 'delegated'
                    AND d.user_id = officer AND d.other_user_id = current_user_id());
END;
ALTER POLICY review_opinions_give ON review_opinions WITH CHECK (
  user_id = current_user_id() AND split_part(party, '/', 1) = current_zone()
  AND (split_part(line, '/', 1) = current_zone() OR is_asked_on(case_id, line))
  AND (on_behalf_of = '' OR is_deputy_of(on_behalf_of, case_id, line)));

-- Whether a case of the item needs declarations of interest before it is verified and decided.
ALTER TABLE items ADD COLUMN declaration_needed boolean NOT NULL DEFAULT false;

-- Refusals of earlier versions have none.
ALTER TABLE decisions ADD COLUMN refusal_code text NOT NULL DEFAULT ''
  CONSTRAINT decisions_refusal_code CHECK (refusal_code = '' OR state = 'REFUSED');
GRANT UPDATE (refusal_code) ON decisions TO {{role}}, {{role}}_timer;

-- What a partial recognition covers; empty: all that the origin does.
ALTER TABLE recognitions
  ADD COLUMN scope_activities text[] NOT NULL DEFAULT '{}',
  ADD COLUMN scope_addresses  text[] NOT NULL DEFAULT '{}',
  ADD COLUMN scope_quantity   text NOT NULL DEFAULT '';
GRANT SELECT (scope_activities, scope_addresses, scope_quantity) ON recognitions TO {{role}}, {{role}}_public;

-- Rows that are there belong to somebody: policies hide them from the owner too, while they are forced.
-- Migration 6 met that without noticing: what it meant to begin for cases of before is begun here.
DO $$
DECLARE
  name text;
BEGIN
  FOREACH name IN ARRAY ARRAY['recognitions', 'decisions', 'suspensions', 'verifications', 'clocks', 'clock_suspensions',
                              'review_lines', 'review_opinions'] LOOP
    EXECUTE format('ALTER TABLE %I NO FORCE ROW LEVEL SECURITY', name);
  END LOOP;
END
$$;
UPDATE recognitions r
   SET scope_activities = d.scope_activities, scope_addresses = d.scope_addresses, scope_quantity = d.scope_quantity
  FROM decisions d
 WHERE d.filing_id = r.filing_id AND d.zone = r.zone
   AND (d.scope_activities <> '{}' OR d.scope_addresses <> '{}' OR d.scope_quantity <> '');
CREATE TABLE earlier AS
  SELECT d.filing_id, d.zone, d.organization_id, d.state, d.clock_budget, d.clock_started_at, d.closed_at, d.extended_days
    FROM decisions d
   WHERE d.mode = 'REVIEW' AND NOT EXISTS (
     SELECT 1 FROM clocks c WHERE c.case_id = d.filing_id AND c.name = d.zone || '/decision');
INSERT INTO clocks (case_id, name, owner, kind, calendar, calendar_revision, unit, budget, started_at, stopped_at)
  SELECT filing_id, zone || '/decision', organization_id, 'DECISION', zone, -1, 'WORKING_DAY', clock_budget + extended_days,
         clock_started_at, closed_at
    FROM earlier;
INSERT INTO clock_suspensions (case_id, name, seq, from_at, until_at, ground, reason, estimate_days, opened_by)
  SELECT s.filing_id, s.zone || '/decision', 1, s.from_at, coalesce(s.until_at, e.closed_at), 'SUPPLEMENT', s.reason, 15,
         s.opened_by
    FROM suspensions s JOIN earlier e ON e.filing_id = s.filing_id AND e.zone = s.zone;
-- The applicant's window: without it nothing would end the wait.
INSERT INTO clocks (case_id, name, owner, kind, calendar, calendar_revision, unit, budget, started_at)
  SELECT s.filing_id, s.zone || '/supplement', e.organization_id, 'SUPPLEMENT', s.zone, -1, 'WORKING_DAY', 15, s.from_at
    FROM suspensions s JOIN earlier e ON e.filing_id = s.filing_id AND e.zone = s.zone
   WHERE e.state = 'SUPPLEMENTING' AND s.until_at IS NULL
  ON CONFLICT ON CONSTRAINT clocks_pk DO NOTHING;
CREATE TABLE spoken AS
  SELECT filing_id, zone, row_number() OVER (PARTITION BY filing_id, zone ORDER BY at, user_id) AS seq, user_id, name, at,
         opinion
    FROM verifications;
INSERT INTO review_lines (case_id, line, owner, step, round, closed, version)
  SELECT e.filing_id, e.zone, e.organization_id,
         CASE WHEN e.state IN ('VERIFIED', 'GRANTED', 'REFUSED') THEN 'decide' ELSE 'verify' END, 1,
         CASE e.state WHEN 'GRANTED' THEN 'agreed' WHEN 'REFUSED' THEN 'disagreed' ELSE 'no' END,
         greatest(1, (SELECT count(*) FROM spoken s WHERE s.filing_id = e.filing_id AND s.zone = e.zone))
    FROM earlier e
   WHERE e.state IN ('ACCEPTED', 'VERIFIED', 'GRANTED', 'REFUSED', 'WITHDRAWN')
     AND NOT EXISTS (SELECT 1 FROM review_lines l WHERE l.case_id = e.filing_id AND l.line = e.zone);
INSERT INTO review_opinions (case_id, line, seq, round, step, party, user_id, name, on_behalf_of, at, verdict, text, standing)
  SELECT s.filing_id, s.zone, s.seq, 1, 'verify', s.zone, s.user_id, s.name, '', s.at, 'agree', s.opinion, 'counted'
    FROM spoken s JOIN earlier e ON e.filing_id = s.filing_id AND e.zone = s.zone
   WHERE NOT EXISTS (SELECT 1 FROM review_opinions o WHERE o.case_id = s.filing_id AND o.line = s.zone);
UPDATE decisions d SET touched = true
  FROM earlier e
 WHERE d.filing_id = e.filing_id AND d.zone = e.zone AND NOT d.touched
   AND (e.state <> 'PENDING'
        OR EXISTS (SELECT 1 FROM suspensions s WHERE s.filing_id = e.filing_id AND s.zone = e.zone));
DROP TABLE earlier, spoken;
DO $$
DECLARE
  name text;
BEGIN
  FOREACH name IN ARRAY ARRAY['recognitions', 'decisions', 'suspensions', 'verifications', 'clocks', 'clock_suspensions',
                              'review_lines', 'review_opinions'] LOOP
    EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', name);
  END LOOP;
END
$$;
