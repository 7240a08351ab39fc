-- SPDX-License-Identifier: Apache-2.0
-- A paper promised for later (容缺受理) that an officer takes from the applicant's vault is handed in, for every zone that
-- decides: a decision that stood for want of papers, and wants none any more, goes on whichever zone's officer took the
-- last one. That much one zone changes of another's decision and of its clocks, while it decides the same filing itself.

CREATE FUNCTION decides(filing text) RETURNS boolean LANGUAGE sql STABLE PARALLEL SAFE BEGIN ATOMIC
  SELECT EXISTS (SELECT 1 FROM decisions d WHERE d.filing_id = filing AND d.zone = current_zone() AND d.open);
END;
-- The decision's clock still stands for want of papers; since it does one has come in, and none was overdue when the last
-- one came.
CREATE FUNCTION wants_no_paper(filing text, of_zone text) RETURNS boolean LANGUAGE sql STABLE PARALLEL SAFE BEGIN ATOMIC
  SELECT EXISTS (
    SELECT 1
      FROM clock_suspensions s,
           (SELECT max(p.handed_in_at) AS at FROM deferred_papers p WHERE p.filing_id = filing) AS last
     WHERE s.case_id = filing AND s.name = of_zone || '/decision' AND s.until_at IS NULL
       AND s.ground = 'DEFERRED_PAPERS' AND last.at >= s.from_at
       AND NOT EXISTS (SELECT 1 FROM deferred_papers p
                        WHERE p.filing_id = filing AND p.handed_in_at IS NULL
                          AND p.promised_on < (last.at AT TIME ZONE 'Asia/Shanghai')::date));
END;

-- Once, and where the file holds a paper of the kind.
CREATE POLICY deferred_papers_take ON deferred_papers FOR UPDATE TO {{role}}
  USING (handed_in_at IS NULL AND decides(filing_id) AND EXISTS (
    SELECT 1 FROM documents paper WHERE paper.filing_id = deferred_papers.filing_id AND paper.kind = deferred_papers.kind))
  WITH CHECK (handed_in_at IS NOT NULL AND decides(filing_id));

CREATE POLICY decisions_paper_taken ON decisions FOR UPDATE TO {{role}}
  USING (state = 'SUSPENDED' AND decides(filing_id)) WITH CHECK (state <> 'SUSPENDED' AND decides(filing_id));
-- Who changes what else: check_decision_change(), for all but this step.
DROP TRIGGER decisions_check_change ON decisions;
CREATE TRIGGER decisions_check_change BEFORE UPDATE ON decisions FOR EACH ROW
  WHEN (CASE WHEN OLD.state <> 'SUSPENDED' OR NEW.state IS DISTINCT FROM OLD.resume_to OR current_zone() IN ('', NEW.zone)
             THEN true
             ELSE NOT (decides(NEW.filing_id) AND wants_no_paper(NEW.filing_id, NEW.zone)) END)
  EXECUTE FUNCTION check_decision_change();
CREATE FUNCTION check_paper_taken() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  step CONSTANT text[] := '{state,open,resume_to,version,touched}';
BEGIN
  IF to_jsonb(NEW) - step = to_jsonb(OLD) - step THEN RETURN NEW; END IF;
  RAISE EXCEPTION 'with a paper that was taken the decision goes on as it was' USING ERRCODE = 'insufficient_privilege';
END
$$;
CREATE TRIGGER decisions_check_paper_taken BEFORE UPDATE ON decisions FOR EACH ROW
  WHEN (CASE WHEN OLD.state <> 'SUSPENDED' OR NEW.state IS DISTINCT FROM OLD.resume_to OR current_zone() IN ('', NEW.zone)
             THEN false
             ELSE decides(NEW.filing_id) AND wants_no_paper(NEW.filing_id, NEW.zone) END)
  EXECUTE FUNCTION check_paper_taken();

-- The authority's clock goes on, before its suspension ends; those of papers that are in and the window for them stop.
CREATE POLICY clocks_paper_taken ON clocks FOR UPDATE TO {{role}} USING (
  kind IN ('DECISION', 'PAPER', 'PAPER_WINDOW') AND decides(case_id) AND CASE kind
    WHEN 'DECISION' THEN wants_no_paper(case_id, split_part(name, '/', 1))
    WHEN 'PAPER' THEN EXISTS (
      SELECT 1 FROM deferred_papers p
       WHERE p.filing_id = clocks.case_id AND split_part(clocks.name, '/', 1) || '/paper/' || p.kind = clocks.name
         AND p.handed_in_at IS NOT NULL)
    ELSE EXISTS (
      SELECT 1 FROM decisions d
       WHERE d.filing_id = clocks.case_id AND d.zone = split_part(clocks.name, '/', 1) AND d.state <> 'SUSPENDED') END);
CREATE FUNCTION check_clock_of_paper_taken() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  told CONSTANT text[] := '{next_rung,next_at,due_at,calendar_revision,version}';
BEGIN
  IF acts_for(NEW.owner) OR to_jsonb(NEW) - told = to_jsonb(OLD) - told THEN RETURN NEW; END IF;
  IF NEW.kind <> 'DECISION' AND OLD.stopped_at IS NULL
     AND to_jsonb(NEW) - told - 'stopped_at' = to_jsonb(OLD) - told - 'stopped_at' THEN RETURN NEW; END IF;
  RAISE EXCEPTION 'only the deciding zone changes its clocks so' USING ERRCODE = 'insufficient_privilege';
END
$$;
CREATE TRIGGER clocks_check_paper_taken BEFORE UPDATE ON clocks FOR EACH ROW
  WHEN (NEW.kind IN ('DECISION', 'PAPER', 'PAPER_WINDOW') AND current_zone() NOT IN ('', split_part(NEW.name, '/', 1)))
  EXECUTE FUNCTION check_clock_of_paper_taken();
CREATE POLICY clock_suspensions_paper_taken ON clock_suspensions FOR UPDATE TO {{role}}
  USING (until_at IS NULL AND ground = 'DEFERRED_PAPERS' AND decides(case_id)
         AND wants_no_paper(case_id, split_part(name, '/', 1)))
  WITH CHECK (until_at IS NOT NULL AND decides(case_id));
