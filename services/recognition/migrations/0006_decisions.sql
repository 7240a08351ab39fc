-- SPDX-License-Identifier: Apache-2.0
-- Decisions in full: all states, clocks and review lines of the platform, queries, opinions of other
-- zones, conditions, corrections, deferred papers, agents; what the timer may do.
--
-- `extra_parties` are those who see a filing besides applicant, home zone, target zones and leading
-- group: zones asked for their opinion, an agent. A decision that nobody has touched since its
-- submission (`touched` false) has no rows in the tables below, nor in the review's.

CREATE FUNCTION current_party_zone() RETURNS text LANGUAGE sql STABLE PARALLEL SAFE
  RETURN 'zone:' || nullif(current_zone(), '');
CREATE FUNCTION current_party_organization() RETURNS text LANGUAGE sql STABLE PARALLEL SAFE
  RETURN 'org:' || nullif(current_organization(), '');

ALTER TABLE filings ADD COLUMN extra_parties text[] NOT NULL DEFAULT '{}';
GRANT UPDATE (extra_parties) ON filings TO {{role}};
ALTER POLICY filings_party ON filings USING (
  organization_id = (SELECT nullif(current_organization(), ''))
  OR home_zone = (SELECT nullif(current_zone(), ''))
  OR (SELECT nullif(current_zone(), '')) = ANY (target_zones)
  OR (SELECT current_leading_group())
  OR (SELECT current_party_zone()) = ANY (extra_parties)
  OR (SELECT current_party_organization()) = ANY (extra_parties));
ALTER POLICY filings_change ON filings USING (
  organization_id = current_organization() OR current_zone() = home_zone OR current_zone() = ANY (target_zones)
  OR current_party_zone() = ANY (extra_parties) OR current_party_organization() = ANY (extra_parties));

ALTER TABLE decisions
  DROP CONSTRAINT decisions_state,
  DROP CONSTRAINT decisions_at_once,
  DROP CONSTRAINT decisions_closed,
  DROP CONSTRAINT decisions_recognised,
  DROP CONSTRAINT decisions_decider,
  DROP CONSTRAINT decisions_refused,
  DROP COLUMN open,
  ADD COLUMN touched             boolean NOT NULL DEFAULT false,
  ADD COLUMN resume_to           text,
  ADD COLUMN extended_days       integer NOT NULL DEFAULT 0,
  ADD COLUMN extension_reason    text NOT NULL DEFAULT '',
  ADD COLUMN promise             text NOT NULL DEFAULT '' CONSTRAINT decisions_promise CHECK (promise IN
                                   ('', 'TO_CHECK', 'MET', 'TO_CORRECT', 'BROKEN')),
  ADD COLUMN promise_findings    text NOT NULL DEFAULT '',
  ADD COLUMN competent_authority text NOT NULL DEFAULT '',
  ADD COLUMN reminders           integer NOT NULL DEFAULT 0,
  ADD COLUMN reminded_on         date,
  ADD COLUMN by_clock            boolean NOT NULL DEFAULT false,
  ADD COLUMN delivered_at        timestamptz,
  ADD COLUMN delivery_method     text NOT NULL DEFAULT '',
  ADD COLUMN legal_basis         text NOT NULL DEFAULT '',
  ADD COLUMN scope_activities    text[] NOT NULL DEFAULT '{}',
  ADD COLUMN scope_addresses     text[] NOT NULL DEFAULT '{}',
  ADD COLUMN scope_quantity      text NOT NULL DEFAULT '',
  ADD COLUMN scope_from          date,
  ADD COLUMN scope_until         date,
  ADD COLUMN duplicate_key       text COLLATE "C";
ALTER TABLE decisions
  ADD COLUMN open boolean NOT NULL GENERATED ALWAYS AS (state IN
    ('PENDING', 'SUPPLEMENTING', 'ACCEPTED', 'VERIFIED', 'QUERY_TO_HOME', 'HEARING', 'SUSPENDED', 'RETURNED_TO_STEP'))
    STORED,
  ADD CONSTRAINT decisions_state CHECK (state IN
    ('PENDING', 'SUPPLEMENTING', 'ACCEPTED', 'VERIFIED', 'QUERY_TO_HOME', 'HEARING', 'SUSPENDED', 'RETURNED_TO_STEP',
     'GRANTED', 'GRANTED_PARTIAL', 'GRANTED_CONDITIONAL', 'TACIT_GRANTED', 'DELIVERED', 'SUSPENDED_AFTER', 'REVOKED',
     'REFUSED', 'NOT_REQUIRED', 'WRONG_AUTHORITY', 'RETURNED', 'WITHDRAWN')),
  ADD CONSTRAINT decisions_at_once CHECK (
    mode = 'REVIEW' OR state IN ('GRANTED', 'DELIVERED', 'SUSPENDED_AFTER', 'REVOKED')),
  ADD CONSTRAINT decisions_closed CHECK (open = (closed_at IS NULL)),
  ADD CONSTRAINT decisions_recognised CHECK ((recognition_number IS NOT NULL) = (state IN
    ('GRANTED', 'GRANTED_PARTIAL', 'GRANTED_CONDITIONAL', 'TACIT_GRANTED', 'DELIVERED', 'SUSPENDED_AFTER', 'REVOKED'))),
  ADD CONSTRAINT decisions_decider CHECK (CASE
    WHEN mode <> 'REVIEW' OR open THEN decided_by = ''
    WHEN state IN ('WITHDRAWN', 'RETURNED') THEN decided_by = ''
    ELSE (decided_by <> '') <> by_clock OR state = 'REVOKED' END),
  ADD CONSTRAINT decisions_refused CHECK ((state = 'REFUSED') = (article <> '' AND facts <> '')),
  ADD CONSTRAINT decisions_interrupted CHECK (
    (resume_to IS NOT NULL) = (state IN ('QUERY_TO_HOME', 'HEARING', 'SUSPENDED', 'SUSPENDED_AFTER')));
-- One open case of a holder on an item and a credential in a zone.
CREATE UNIQUE INDEX decisions_duplicate ON decisions (organization_id, duplicate_key, zone) WHERE open;
GRANT UPDATE (touched, resume_to, extended_days, extension_reason, promise, promise_findings, competent_authority,
              reminders, reminded_on, by_clock, delivered_at, delivery_method, legal_basis, scope_activities,
              scope_addresses, scope_quantity, scope_from, scope_until)
   ON decisions TO {{role}}, {{role}}_timer;

-- Who may change what of a decision: officers of the deciding zone anything, but in nobody else's
-- name; the applicant answers, withdraws and asks; the home zone answers its query; a zone that was
-- asked adds its opinion.
CREATE FUNCTION check_decision_change() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  -- Columns that others than the deciding zone change; `open` follows the state.
  others_change CONSTANT text[] := '{state,open,resume_to,closed_at,reason,version,touched,reminders,reminded_on}';
BEGIN
  IF current_user = '{{role}}_timer' THEN
    IF NEW.decided_by = OLD.decided_by THEN RETURN NEW; END IF;
  ELSIF NEW.zone = current_zone() THEN
    IF NEW.decided_by IN (OLD.decided_by, current_user_id()) THEN RETURN NEW; END IF;
  ELSIF to_jsonb(NEW) - others_change = to_jsonb(OLD) - others_change THEN
    IF NEW.state = OLD.state THEN RETURN NEW; END IF;
    IF OLD.state = 'QUERY_TO_HOME' AND NEW.state = OLD.resume_to
       AND current_zone() = (SELECT home_zone FROM filings f WHERE f.filing_id = NEW.filing_id)
    THEN RETURN NEW; END IF;
    IF NEW.organization_id = current_organization()
       OR current_party_organization() = ANY (ARRAY(SELECT unnest(extra_parties) FROM filings f WHERE f.filing_id = NEW.filing_id))
    THEN
      IF NEW.state = 'WITHDRAWN' THEN RETURN NEW; END IF;
      IF OLD.state = 'SUPPLEMENTING' AND NEW.state IN ('PENDING', 'SUSPENDED') THEN RETURN NEW; END IF;
      IF OLD.state = 'SUSPENDED' AND NEW.state = OLD.resume_to THEN RETURN NEW; END IF;
    END IF;
  END IF;
  RAISE EXCEPTION 'the caller may not change the decision so' USING ERRCODE = 'insufficient_privilege';
END
$$;
CREATE TRIGGER decisions_check_change BEFORE UPDATE ON decisions
  FOR EACH ROW EXECUTE FUNCTION check_decision_change();
ALTER POLICY decisions_decide ON decisions USING (zone = current_zone()) WITH CHECK (zone = current_zone());
ALTER POLICY decisions_answer ON decisions
  USING (organization_id = current_organization()) WITH CHECK (organization_id = current_organization());
CREATE POLICY decisions_party_acts ON decisions FOR UPDATE TO {{role}} USING (EXISTS (
  SELECT 1 FROM filings f WHERE f.filing_id = decisions.filing_id
     AND (f.home_zone = current_zone() OR current_party_zone() = ANY (f.extra_parties)
          OR current_party_organization() = ANY (f.extra_parties))));
CREATE POLICY filing_parties_ask ON filing_parties FOR INSERT TO {{role}} WITH CHECK (EXISTS (
  SELECT 1 FROM filings f WHERE f.filing_id = filing_parties.filing_id AND current_zone() = ANY (f.target_zones))
  AND party LIKE 'zone:%');

-- What a decision collects on its way. Whoever sees the filing sees it, whoever acts adds to it.
CREATE TABLE decision_queries (
  filing_id   text COLLATE "C" NOT NULL,
  zone        text COLLATE "C" NOT NULL,
  place       integer NOT NULL CONSTRAINT decision_queries_place CHECK (place >= 1),
  question    text NOT NULL,
  asked_by    text NOT NULL,
  asked_at    timestamptz NOT NULL,
  answer      text NOT NULL DEFAULT '',
  answered_by text NOT NULL DEFAULT '',
  closed_at   timestamptz,
  missed      boolean NOT NULL DEFAULT false,
  CONSTRAINT decision_queries_pk PRIMARY KEY (filing_id, zone, place),
  CONSTRAINT decision_queries_decision FOREIGN KEY (filing_id, zone) REFERENCES decisions
);
CREATE UNIQUE INDEX decision_queries_open ON decision_queries (filing_id, zone) WHERE closed_at IS NULL;

CREATE TABLE decision_consultations (
  filing_id text COLLATE "C" NOT NULL,
  zone      text COLLATE "C" NOT NULL,
  place     integer NOT NULL CONSTRAINT decision_consultations_place CHECK (place >= 1),
  zones     text[] NOT NULL CONSTRAINT decision_consultations_zones CHECK (cardinality(zones) > 0),
  rule      text NOT NULL CONSTRAINT decision_consultations_rule CHECK (rule IN ('all', 'any', 'quorum')),
  quorum    integer NOT NULL,
  veto      boolean NOT NULL,
  question  text NOT NULL,
  CONSTRAINT decision_consultations_pk PRIMARY KEY (filing_id, zone, place),
  CONSTRAINT decision_consultations_decision FOREIGN KEY (filing_id, zone) REFERENCES decisions
);

CREATE TABLE decision_conditions (
  filing_id text COLLATE "C" NOT NULL,
  zone      text COLLATE "C" NOT NULL,
  place     integer NOT NULL CONSTRAINT decision_conditions_place CHECK (place >= 1),
  text      text NOT NULL,
  due_on    date NOT NULL,
  met_at    timestamptz,
  evidence  text NOT NULL DEFAULT '',
  missed    boolean NOT NULL DEFAULT false,
  CONSTRAINT decision_conditions_pk PRIMARY KEY (filing_id, zone, place),
  CONSTRAINT decision_conditions_decision FOREIGN KEY (filing_id, zone) REFERENCES decisions
);

CREATE TABLE decision_corrections (
  filing_id text COLLATE "C" NOT NULL,
  zone      text COLLATE "C" NOT NULL,
  place     integer NOT NULL CONSTRAINT decision_corrections_place CHECK (place >= 1),
  field     text NOT NULL,
  value     text NOT NULL,
  CONSTRAINT decision_corrections_pk PRIMARY KEY (filing_id, zone, place),
  CONSTRAINT decision_corrections_decision FOREIGN KEY (filing_id, zone) REFERENCES decisions
);

-- What a filing states besides: papers promised for later, the origin's scope, an agent.
CREATE TABLE filing_extras (
  filing_id             text COLLATE "C" CONSTRAINT filing_extras_pk PRIMARY KEY,
  organization_id       text COLLATE "C" NOT NULL,
  scope_activities      text[] NOT NULL,
  scope_addresses       text[] NOT NULL,
  scope_quantity        text NOT NULL,
  scope_from            date,
  scope_until           date,
  refile_of             text NOT NULL,
  agent_organization_id text NOT NULL,
  mandate_id            text NOT NULL,
  CONSTRAINT filing_extras_filing
    FOREIGN KEY (filing_id, organization_id) REFERENCES filings (filing_id, organization_id)
);
CREATE TABLE deferred_papers (
  filing_id       text COLLATE "C" NOT NULL,
  kind            text NOT NULL,
  organization_id text COLLATE "C" NOT NULL,
  promised_on     date NOT NULL,
  handed_in_at    timestamptz,
  CONSTRAINT deferred_papers_pk PRIMARY KEY (filing_id, kind),
  CONSTRAINT deferred_papers_filing
    FOREIGN KEY (filing_id, organization_id) REFERENCES filings (filing_id, organization_id)
);
ALTER TABLE documents ADD COLUMN valid_until date;

-- Officers as the directory's events tell of them.
CREATE TABLE officers (
  user_id text COLLATE "C" CONSTRAINT officers_pk PRIMARY KEY,
  name    text NOT NULL,
  zone    text COLLATE "C" NOT NULL,
  roles   text[] NOT NULL,
  active  boolean NOT NULL
);
CREATE INDEX officers_zone ON officers (zone);
GRANT SELECT ON officers TO {{role}}, {{role}}_timer;
GRANT SELECT, INSERT, UPDATE ON officers TO {{role}}_relay;

-- Mandates 委托代理 as the directory's events tell of them: an agent acts in a principal's name.
CREATE TABLE mandates (
  mandate_id     text COLLATE "C" CONSTRAINT mandates_pk PRIMARY KEY,
  principal_id   text COLLATE "C" NOT NULL,
  principal_uscc text NOT NULL,
  principal_name text NOT NULL,
  agent_id       text COLLATE "C" NOT NULL,
  item_ids       text[] NOT NULL,  -- empty: all
  acts           text[] NOT NULL,
  valid_from     date NOT NULL,
  valid_until    date NOT NULL,
  active         boolean NOT NULL
);
CREATE INDEX mandates_agent ON mandates (agent_id, principal_uscc);
ALTER TABLE mandates ENABLE ROW LEVEL SECURITY;
ALTER TABLE mandates FORCE ROW LEVEL SECURITY;
CREATE POLICY mandates_party ON mandates FOR SELECT TO {{role}}
  USING (current_organization() IN (agent_id, principal_id));
CREATE POLICY mandates_audit ON mandates FOR SELECT TO {{role}}_auditor USING (true);
CREATE POLICY mandates_relay ON mandates TO {{role}}_relay USING (true) WITH CHECK (true);
GRANT SELECT ON mandates TO {{role}}, {{role}}_auditor;
GRANT SELECT, INSERT, UPDATE ON mandates TO {{role}}_relay;
-- The rules ask for dates, items and acts; here it is enough that there is a mandate.
CREATE FUNCTION acts_for(organization text) RETURNS boolean LANGUAGE sql STABLE PARALLEL SAFE BEGIN ATOMIC
  SELECT organization = current_organization() OR EXISTS (
    SELECT 1 FROM mandates m WHERE m.agent_id = current_organization() AND m.principal_id = organization AND m.active);
END;
ALTER POLICY filings_submit ON filings WITH CHECK (acts_for(organization_id) AND submitted_by = current_user_id());
ALTER POLICY filing_parties_submit ON filing_parties WITH CHECK (acts_for(organization_id));
ALTER POLICY decisions_submit ON decisions WITH CHECK (
  acts_for(organization_id) AND version = 1 AND state IN ('PENDING', 'GRANTED') AND decided_by = '');
ALTER POLICY documents_hand_in ON documents WITH CHECK (acts_for(organization_id));
ALTER POLICY recognitions_grant ON recognitions WITH CHECK (zone = current_zone() OR acts_for(organization_id));

DO $$
DECLARE
  name text;
BEGIN
  FOREACH name IN ARRAY ARRAY['decision_queries', 'decision_consultations', 'decision_conditions', 'decision_corrections',
                              'filing_extras', 'deferred_papers'] LOOP
    EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', name);
    EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', name);
    EXECUTE format('CREATE POLICY %I ON %I FOR SELECT TO {{role}} USING (EXISTS ('
                   'SELECT 1 FROM filing_parties p WHERE p.filing_id = %I.filing_id))', name || '_party', name, name);
    EXECUTE format('CREATE POLICY %I ON %I FOR SELECT TO {{role}}_auditor USING (true)', name || '_audit', name);
    EXECUTE format('CREATE POLICY %I ON %I TO {{role}}_timer USING (true) WITH CHECK (true)', name || '_timer', name);
    EXECUTE format('GRANT SELECT, INSERT ON %I TO {{role}}', name);
    EXECUTE format('GRANT SELECT ON %I TO {{role}}_auditor, {{role}}_timer', name);
  END LOOP;
  FOREACH name IN ARRAY ARRAY['decision_queries', 'decision_consultations', 'decision_conditions', 'decision_corrections'] LOOP
    EXECUTE format('CREATE POLICY %I ON %I FOR INSERT TO {{role}} WITH CHECK (zone = current_zone())', name || '_add', name);
    EXECUTE format('CREATE POLICY %I ON %I FOR UPDATE TO {{role}} USING (zone = current_zone())', name || '_change', name);
  END LOOP;
  FOREACH name IN ARRAY ARRAY['filing_extras', 'deferred_papers'] LOOP
    EXECUTE format('CREATE POLICY %I ON %I FOR INSERT TO {{role}}_writer WITH CHECK ('
                   'organization_id IN (SELECT organization_id FROM current_member_organizations()))', name || '_group', name);
    EXECUTE format('GRANT INSERT ON %I TO {{role}}_writer', name);
    EXECUTE format('CREATE POLICY %I ON %I FOR INSERT TO {{role}} WITH CHECK (EXISTS ('
                   'SELECT 1 FROM filings f WHERE f.filing_id = %I.filing_id AND f.submitted_by = current_user_id()))',
                   name || '_submit', name, name);
  END LOOP;
END
$$;
GRANT UPDATE (answer, answered_by, closed_at, missed) ON decision_queries TO {{role}}, {{role}}_timer;
GRANT UPDATE (met_at, evidence, missed) ON decision_conditions TO {{role}}, {{role}}_timer;
-- An acceptance with corrections may be taken back.
GRANT DELETE ON decision_corrections TO {{role}};
CREATE POLICY decision_corrections_take_back ON decision_corrections FOR DELETE TO {{role}} USING (zone = current_zone());
-- The home zone answers; with the applicant's withdrawal a query ends without an answer.
CREATE POLICY decision_queries_close ON decision_queries FOR UPDATE TO {{role}} USING (EXISTS (
  SELECT 1 FROM filings f WHERE f.filing_id = decision_queries.filing_id
     AND (f.home_zone = current_zone() OR acts_for(f.organization_id))));
CREATE FUNCTION check_query_answer() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF current_zone() = (SELECT home_zone FROM filings f WHERE f.filing_id = NEW.filing_id)
     AND NEW.answered_by = current_user_id() THEN RETURN NEW; END IF;
  RAISE EXCEPTION 'only the home zone answers' USING ERRCODE = 'insufficient_privilege';
END
$$;
CREATE TRIGGER decision_queries_check_answer BEFORE UPDATE ON decision_queries
  FOR EACH ROW WHEN (NEW.answer <> OLD.answer OR NEW.answered_by <> OLD.answered_by)
  EXECUTE FUNCTION check_query_answer();
CREATE POLICY deferred_papers_hand_in ON deferred_papers FOR UPDATE TO {{role}} USING (
  organization_id = current_organization() OR EXISTS (
    SELECT 1 FROM filings f WHERE f.filing_id = deferred_papers.filing_id
       AND current_party_organization() = ANY (f.extra_parties)));
GRANT UPDATE (handed_in_at) ON deferred_papers TO {{role}};

-- Clocks and lines of the platform, for those who see the filing.
ALTER TABLE clocks ADD CONSTRAINT clocks_filing
  FOREIGN KEY (case_id, owner) REFERENCES filings (filing_id, organization_id);
ALTER TABLE review_lines ADD CONSTRAINT review_lines_filing
  FOREIGN KEY (case_id, owner) REFERENCES filings (filing_id, organization_id);
CREATE POLICY clocks_party ON clocks FOR SELECT TO {{role}} USING (EXISTS (
  SELECT 1 FROM filing_parties p WHERE p.filing_id = clocks.case_id));
-- The deciding zone's are named after it. The applicant answers and withdraws, the home zone's answer
-- stops its own; neither changes a budget.
CREATE POLICY clocks_change ON clocks FOR UPDATE TO {{role}} USING (
  split_part(name, '/', 1) = current_zone() OR acts_for(owner) OR (kind = 'QUERY' AND EXISTS (
    SELECT 1 FROM filings f WHERE f.filing_id = clocks.case_id AND f.home_zone = current_zone())));
CREATE POLICY clocks_start ON clocks FOR INSERT TO {{role}} WITH CHECK (
  split_part(name, '/', 1) = current_zone() OR acts_for(owner));
CREATE FUNCTION check_budget_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF split_part(NEW.name, '/', 1) = current_zone() THEN RETURN NEW; END IF;
  RAISE EXCEPTION 'only the deciding zone changes a budget' USING ERRCODE = 'insufficient_privilege';
END
$$;
CREATE TRIGGER clocks_check_budget BEFORE UPDATE ON clocks
  FOR EACH ROW WHEN (NEW.budget <> OLD.budget) EXECUTE FUNCTION check_budget_change();
CREATE POLICY clocks_group ON clocks FOR INSERT TO {{role}}_writer WITH CHECK (
  owner IN (SELECT organization_id FROM current_member_organizations()));
GRANT SELECT, INSERT, UPDATE ON clocks TO {{role}};
GRANT INSERT ON clocks TO {{role}}_writer;
CREATE POLICY clock_suspensions_party ON clock_suspensions FOR SELECT TO {{role}} USING (EXISTS (
  SELECT 1 FROM filing_parties p WHERE p.filing_id = clock_suspensions.case_id));
CREATE POLICY clock_suspensions_open ON clock_suspensions FOR INSERT TO {{role}} WITH CHECK (
  split_part(name, '/', 1) = current_zone() OR EXISTS (
    SELECT 1 FROM filings f WHERE f.filing_id = clock_suspensions.case_id AND acts_for(f.organization_id)));
CREATE POLICY clock_suspensions_close ON clock_suspensions FOR UPDATE TO {{role}} USING (
  split_part(name, '/', 1) = current_zone() OR EXISTS (
    SELECT 1 FROM filings f WHERE f.filing_id = clock_suspensions.case_id AND acts_for(f.organization_id)));
GRANT SELECT, INSERT, UPDATE (until_at) ON clock_suspensions TO {{role}};
CREATE POLICY review_lines_party ON review_lines FOR SELECT TO {{role}} USING (EXISTS (
  SELECT 1 FROM filing_parties p WHERE p.filing_id = review_lines.case_id));
-- A zone's lines are named after it: `zhejiang`, and `zhejiang/opinions/1` for those of other zones.
CREATE FUNCTION is_asked_on(case_id text, line text) RETURNS boolean LANGUAGE sql STABLE PARALLEL SAFE BEGIN ATOMIC
  SELECT EXISTS (SELECT 1 FROM decision_consultations c
                  WHERE c.filing_id = case_id AND c.zone || '/opinions/' || c.place = line AND current_zone() = ANY (c.zones));
END;
CREATE POLICY review_lines_open ON review_lines FOR INSERT TO {{role}} WITH CHECK (
  split_part(line, '/', 1) = current_zone() OR acts_for(owner) OR is_asked_on(case_id, line));
CREATE POLICY review_lines_move ON review_lines FOR UPDATE TO {{role}} USING (
  split_part(line, '/', 1) = current_zone() OR acts_for(owner) OR is_asked_on(case_id, line));
CREATE FUNCTION check_line_move() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF current_user = '{{role}}_timer' OR split_part(NEW.line, '/', 1) = current_zone() THEN RETURN NEW; END IF;
  RAISE EXCEPTION 'only the deciding zone moves its line' USING ERRCODE = 'insufficient_privilege';
END
$$;
CREATE TRIGGER review_lines_check_move BEFORE UPDATE ON review_lines
  FOR EACH ROW WHEN (NEW.step <> OLD.step OR NEW.round <> OLD.round) EXECUTE FUNCTION check_line_move();
CREATE POLICY review_opinions_party ON review_opinions FOR SELECT TO {{role}} USING (EXISTS (
  SELECT 1 FROM filing_parties p WHERE p.filing_id = review_opinions.case_id));
CREATE POLICY review_opinions_give ON review_opinions FOR INSERT TO {{role}} WITH CHECK (
  user_id = current_user_id() AND split_part(party, '/', 1) = current_zone()
  AND (split_part(line, '/', 1) = current_zone() OR is_asked_on(case_id, line)));
-- With the applicant's withdrawal opinions are no longer asked for.
CREATE POLICY review_opinions_restate ON review_opinions FOR UPDATE TO {{role}} USING (
  split_part(line, '/', 1) = current_zone() OR (line LIKE '%/opinions/%' AND EXISTS (
    SELECT 1 FROM filings f WHERE f.filing_id = review_opinions.case_id AND acts_for(f.organization_id))));
CREATE POLICY review_people_party ON review_people FOR SELECT TO {{role}} USING (EXISTS (
  SELECT 1 FROM filing_parties p WHERE p.filing_id = review_people.case_id));
CREATE POLICY review_people_add ON review_people FOR INSERT TO {{role}} WITH CHECK (
  by_user IN ('', current_user_id()) AND (split_part(line, '/', 1) = current_zone() OR EXISTS (
    SELECT 1 FROM filings f WHERE f.filing_id = review_people.case_id AND acts_for(f.organization_id))));

-- Whether a recognition is in force, as its decision says, for whoever looks its number up.
ALTER TABLE recognitions ADD COLUMN effect text NOT NULL DEFAULT 'VALID'
  CONSTRAINT recognitions_effect CHECK (effect IN ('VALID', 'SUSPENDED', 'REVOKED'));
GRANT SELECT (effect) ON recognitions TO {{role}}, {{role}}_public;
GRANT UPDATE (effect) ON recognitions TO {{role}}, {{role}}_timer;
GRANT SELECT (number) ON recognitions TO {{role}}_timer;
CREATE POLICY recognitions_effect ON recognitions FOR UPDATE TO {{role}} USING (zone = current_zone());

-- What the timer reads and changes of cases.
CREATE POLICY filings_timer ON filings TO {{role}}_timer USING (true) WITH CHECK (true);
CREATE POLICY filing_parties_timer ON filing_parties FOR SELECT TO {{role}}_timer USING (true);
CREATE POLICY decisions_timer ON decisions TO {{role}}_timer USING (true) WITH CHECK (true);
CREATE POLICY documents_timer ON documents FOR SELECT TO {{role}}_timer USING (true);
CREATE POLICY suspensions_timer ON suspensions FOR SELECT TO {{role}}_timer USING (true);
CREATE POLICY items_timer ON items FOR SELECT TO {{role}}_timer USING (true);
CREATE POLICY recognitions_timer ON recognitions TO {{role}}_timer USING (true) WITH CHECK (true);
GRANT SELECT, UPDATE (state, version, changed_at) ON filings TO {{role}}_timer;
GRANT SELECT, UPDATE (state, version, recognition_number, decided_by, closed_at, reason, article, facts)
   ON decisions TO {{role}}_timer;
GRANT SELECT ON filing_parties, documents, suspensions, items TO {{role}}_timer;
GRANT INSERT ON recognitions TO {{role}}_timer;

-- What stands there from before.
UPDATE decisions SET touched = true WHERE mode = 'REVIEW' AND state <> 'PENDING';
INSERT INTO clocks (case_id, name, owner, kind, calendar, calendar_revision, unit, budget, started_at, stopped_at)
  SELECT filing_id, zone || '/decision', organization_id, 'DECISION', zone, -1, 'WORKING_DAY', clock_budget,
         clock_started_at, closed_at
    FROM decisions WHERE mode = 'REVIEW';
INSERT INTO clock_suspensions (case_id, name, seq, from_at, until_at, ground, reason, estimate_days, opened_by)
  SELECT filing_id, zone || '/decision', 1, from_at, until_at, 'SUPPLEMENT', reason, 15, opened_by FROM suspensions;
INSERT INTO review_lines (case_id, line, owner, step, round, closed, version)
  SELECT d.filing_id, d.zone, d.organization_id,
         CASE WHEN d.state IN ('VERIFIED', 'GRANTED', 'REFUSED') THEN 'decide' ELSE 'verify' END, 1,
         CASE d.state WHEN 'GRANTED' THEN 'agreed' WHEN 'REFUSED' THEN 'disagreed' ELSE 'no' END,
         greatest(1, (SELECT count(*) FROM verifications v WHERE v.filing_id = d.filing_id AND v.zone = d.zone))
    FROM decisions d
   WHERE d.mode = 'REVIEW' AND d.state IN ('ACCEPTED', 'VERIFIED', 'GRANTED', 'REFUSED', 'WITHDRAWN');
INSERT INTO review_opinions (case_id, line, seq, round, step, party, user_id, name, on_behalf_of, at, verdict, text, standing)
  SELECT filing_id, zone, row_number() OVER (PARTITION BY filing_id, zone ORDER BY at, user_id), 1, 'verify', zone, user_id,
         name, '', at, 'agree', opinion, 'counted'
    FROM verifications;
