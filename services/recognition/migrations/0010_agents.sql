-- SPDX-License-Identifier: Apache-2.0
-- Agents 代理人: what one has filed in a principal's name it sees and acts on while a mandate of that
-- principal, which covers the item, is in force, and no longer. Who acts what is up to the rules.
--
-- No function here runs as its owner, and the policy on mandates asks what in turn asks mandates. So
-- the own organisation's are found by the index and nothing but it, from a variable, which the planner
-- trusts before the policy: of those rows it asks nothing else.

-- The functions are PL/pgSQL's, which keeps its plans: they are asked row by row.

-- The deployment's day, when the transaction began.
CREATE FUNCTION current_day() RETURNS date LANGUAGE plpgsql STABLE PARALLEL SAFE AS $$
BEGIN
  RETURN (SELECT ((now() + offset_us * interval '1 microsecond') AT TIME ZONE 'Asia/Shanghai')::date FROM clock.setting);
END
$$;
CREATE OR REPLACE FUNCTION acts_for(organization text) RETURNS boolean LANGUAGE plpgsql STABLE PARALLEL SAFE
  SET enable_seqscan TO off SET jit TO off AS $$
DECLARE
  own text := current_organization();
  today date;
BEGIN
  IF organization = own THEN RETURN true; END IF;
  today := current_day();
  RETURN EXISTS (
    SELECT 1 FROM mandates m
     WHERE m.agent_id = own AND m.principal_id = organization AND m.active
       AND today BETWEEN m.valid_from AND m.valid_until);
END
$$;
-- The same, in cases on the item.
CREATE FUNCTION acts_in(organization text, item text) RETURNS boolean LANGUAGE plpgsql STABLE PARALLEL SAFE
  SET enable_seqscan TO off SET jit TO off AS $$
DECLARE
  own text := current_organization();
  today date;
BEGIN
  IF organization = own THEN RETURN true; END IF;
  today := current_day();
  RETURN EXISTS (
    SELECT 1 FROM mandates m
     WHERE m.agent_id = own AND m.principal_id = organization AND m.active
       AND today BETWEEN m.valid_from AND m.valid_until AND (m.item_ids = '{}' OR item = ANY (m.item_ids)));
END
$$;
CREATE INDEX mandates_between ON mandates (agent_id, principal_id);
-- The caller's organisation as a party, if it was ever given a mandate. NULL for all others: of their
-- rows no more is asked than before.
CREATE FUNCTION agent_party() RETURNS text LANGUAGE plpgsql STABLE PARALLEL SAFE SET enable_seqscan TO off SET jit TO off AS $$
DECLARE
  own text := current_organization();
BEGIN
  RETURN (SELECT 'org:' || m.agent_id FROM mandates m WHERE m.agent_id = own LIMIT 1);
END
$$;
CREATE FUNCTION current_agent_party() RETURNS text LANGUAGE sql STABLE PARALLEL SAFE
  RETURN CASE WHEN current_organization() <> '' THEN agent_party() END;
CREATE FUNCTION sees_filing(filing text) RETURNS boolean LANGUAGE plpgsql STABLE PARALLEL SAFE AS $$
BEGIN
  RETURN EXISTS (SELECT 1 FROM filings f WHERE f.filing_id = filing);
END
$$;

ALTER POLICY filings_party ON filings USING (
  organization_id = (SELECT nullif(current_organization(), ''))
  OR home_zone = (SELECT nullif(current_zone(), ''))
  OR (SELECT nullif(current_zone(), '')) = ANY (target_zones)
  OR (SELECT current_leading_group())
  OR (SELECT current_party_zone()) = ANY (extra_parties)
  OR coalesce((SELECT current_party_organization()) = ANY (extra_parties), false) AND acts_in(organization_id, item_id));
-- Answered by the index alone for all but agents. What stands beside a filing follows.
ALTER POLICY filing_parties_own ON filing_parties USING (
  party = ANY ((SELECT current_parties())::text[])
  AND (party IS DISTINCT FROM (SELECT current_agent_party()) OR sees_filing(filing_id)));
-- The history of a filing.
ALTER POLICY events_party ON events USING (
  parties && current_parties()
  AND ((SELECT current_agent_party()) IS NULL OR subject NOT LIKE 'filings/%' OR sees_filing(substr(subject, 9))));

ALTER POLICY filings_change ON filings USING (
  organization_id = current_organization() OR current_zone() = home_zone OR current_zone() = ANY (target_zones)
  OR current_party_zone() = ANY (extra_parties)
  OR current_party_organization() = ANY (extra_parties) AND acts_in(organization_id, item_id));
ALTER POLICY decisions_party_acts ON decisions USING (EXISTS (
  SELECT 1 FROM filings f WHERE f.filing_id = decisions.filing_id
     AND (f.home_zone = current_zone() OR current_party_zone() = ANY (f.extra_parties)
          OR current_party_organization() = ANY (f.extra_parties) AND acts_in(f.organization_id, f.item_id))));
ALTER POLICY deferred_papers_hand_in ON deferred_papers USING (
  organization_id = current_organization() OR EXISTS (
    SELECT 1 FROM filings f WHERE f.filing_id = deferred_papers.filing_id
       AND current_party_organization() = ANY (f.extra_parties) AND acts_in(f.organization_id, f.item_id)));
ALTER POLICY suspensions_answer ON suspensions USING (EXISTS (
  SELECT 1 FROM filings f WHERE f.filing_id = suspensions.filing_id
     AND (f.organization_id = current_organization()
          OR current_party_organization() = ANY (f.extra_parties) AND acts_in(f.organization_id, f.item_id))));
CREATE OR REPLACE FUNCTION check_decision_change() RETURNS trigger LANGUAGE plpgsql AS $$
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
    IF NEW.organization_id = current_organization() OR EXISTS (
         SELECT 1 FROM filings f WHERE f.filing_id = NEW.filing_id
            AND current_party_organization() = ANY (f.extra_parties) AND acts_in(f.organization_id, f.item_id))
    THEN
      IF NEW.state = 'WITHDRAWN' THEN RETURN NEW; END IF;
      IF OLD.state = 'SUPPLEMENTING' AND NEW.state IN ('PENDING', 'SUSPENDED') THEN RETURN NEW; END IF;
      IF OLD.state = 'SUSPENDED' AND NEW.state = OLD.resume_to THEN RETURN NEW; END IF;
    END IF;
  END IF;
  RAISE EXCEPTION 'the caller may not change the decision so' USING ERRCODE = 'insufficient_privilege';
END
$$;

-- Whoever writes an event of a filing leaves out an agent that may no longer see it: of a mandate an
-- officer who sees a filing under it is told, and the timer.
CREATE INDEX filing_extras_agent ON filing_extras (agent_organization_id COLLATE "C", organization_id) WHERE agent_organization_id <> '';
CREATE FUNCTION sees_agency(agent text, principal text) RETURNS boolean LANGUAGE plpgsql STABLE PARALLEL SAFE AS $$
BEGIN
  RETURN EXISTS (
    SELECT 1 FROM filing_extras x
     WHERE x.agent_organization_id COLLATE "C" = agent AND x.organization_id = principal AND x.agent_organization_id <> '');
END
$$;
ALTER POLICY mandates_party ON mandates USING (CASE
  WHEN current_organization() IN (agent_id, principal_id) THEN true
  WHEN current_zone() = '' THEN false
  ELSE sees_agency(agent_id, principal_id) END);
CREATE POLICY mandates_timer ON mandates FOR SELECT TO {{role}}_timer USING (true);
GRANT SELECT ON mandates TO {{role}}_timer;
