-- SPDX-License-Identifier: Apache-2.0
-- The catalogue in full: periods, schemas and promises of items, conditions and amendments of
-- agreements, negative lists, and what screening found on a decision. Columns have defaults: rows and
-- binaries from before go on as they were.

ALTER TABLE items
  ADD COLUMN attributes_schema jsonb
      CONSTRAINT items_schema CHECK (jsonb_typeof(attributes_schema) = 'object'),
  ADD COLUMN deferrable_documents text[] NOT NULL DEFAULT '{}'
      CONSTRAINT items_deferrable CHECK (deferrable_documents <@ required_documents),
  ADD COLUMN supplement_window_days integer NOT NULL DEFAULT 15
      CONSTRAINT items_supplement_window CHECK (supplement_window_days BETWEEN 1 AND 60),
  ADD COLUMN extension_days integer NOT NULL DEFAULT 10
      CONSTRAINT items_extension CHECK (extension_days BETWEEN 0 AND 60),
  ADD COLUMN joint_budget_days integer NOT NULL DEFAULT 0
      CONSTRAINT items_joint_budget CHECK (joint_budget_days BETWEEN 0 AND 90),
  ADD COLUMN joint_extension_days integer NOT NULL DEFAULT 0
      CONSTRAINT items_joint_extension CHECK (joint_extension_days BETWEEN 0 AND 60),
  ADD COLUMN delivery_days integer NOT NULL DEFAULT 10
      CONSTRAINT items_delivery CHECK (delivery_days BETWEEN 1 AND 60),
  ADD COLUMN query_days integer NOT NULL DEFAULT 10
      CONSTRAINT items_query CHECK (query_days BETWEEN 1 AND 60),
  ADD COLUMN promise_text_zh text NOT NULL DEFAULT
      '申请人承诺：已知晓本事项的条件、标准和要求；现已符合告知的条件；所提交的材料和陈述真实、准确、完整；接受事后核查；承诺不实的，依法承担责任，已取得的认可可被撤销。',
  ADD COLUMN promise_text_en text NOT NULL DEFAULT
      'The applicant promises: to know the conditions, standards and requirements of this item; to meet now the conditions told; that all papers and statements are true, exact and complete; to accept later checks; and to bear what the law provides for an untrue promise, up to the loss of the recognition.',
  ADD COLUMN promise_version integer NOT NULL DEFAULT 1
      CONSTRAINT items_promise_version CHECK (promise_version >= 0),
  ADD COLUMN promise_check_days integer NOT NULL DEFAULT 40
      CONSTRAINT items_promise_check CHECK (promise_check_days BETWEEN 0 AND 250),
  ADD COLUMN promise_correction_days integer NOT NULL DEFAULT 15
      CONSTRAINT items_promise_correction CHECK (promise_correction_days BETWEEN 0 AND 60),
  ADD CONSTRAINT items_joint_extended CHECK (joint_budget_days > 0 OR joint_extension_days = 0);

-- A jsonpath in PostgreSQL's own writing; NULL where it is none. Both tests of a predicate and the
-- screening read what this gives.
CREATE FUNCTION jsonpath_text(predicate text) RETURNS text LANGUAGE plpgsql IMMUTABLE STRICT AS $$
BEGIN
  RETURN predicate::jsonpath::text;
EXCEPTION WHEN syntax_error OR data_exception THEN
  RETURN NULL;
END
$$;

-- An amendment is an agreement of its own between the same zones; when it comes into force, the one
-- that it amends ends.
ALTER TABLE agreements
  ADD COLUMN condition    text NOT NULL DEFAULT '',
  ADD COLUMN amends       text COLLATE "C" CONSTRAINT agreements_amends REFERENCES agreements,
  ADD COLUMN revision     integer NOT NULL DEFAULT 1 CONSTRAINT agreements_revision CHECK (revision >= 1),
  ADD COLUMN replaced_by  text COLLATE "C" NOT NULL DEFAULT '',
  ADD COLUMN suspended_by text COLLATE "C" NOT NULL DEFAULT '';
GRANT UPDATE (replaced_by, suspended_by) ON agreements TO {{role}};
ALTER TABLE agreement_routes ADD COLUMN condition text NOT NULL DEFAULT '';

-- Negative lists 负面清单: of a zone, or `common`. A change is a further version; nothing is ever
-- updated. On a day the newest version that has begun counts.
CREATE TABLE negative_list_entries (
  list            text COLLATE "C" NOT NULL,
  entry_id        text COLLATE "C" NOT NULL,
  version         integer NOT NULL CONSTRAINT negative_list_entries_version CHECK (version >= 1),
  item_id         text COLLATE "C" NOT NULL,
  name_zh         text NOT NULL,
  name_en         text NOT NULL,
  predicate       text NOT NULL,
  article         text NOT NULL,
  source_status   text NOT NULL CONSTRAINT negative_list_entries_status CHECK (source_status IN
                    ('STATUTE', 'SEED', 'PRACTICE_UNVERIFIED', 'SAMPLE')),
  effective_from  date NOT NULL,
  effective_until date,
  retired         boolean NOT NULL,
  reason          text NOT NULL,
  published_by    text NOT NULL,
  published_at    timestamptz NOT NULL,
  CONSTRAINT negative_list_entries_pk PRIMARY KEY (list, entry_id, version),
  CONSTRAINT negative_list_entries_dates CHECK (effective_from <= effective_until),
  CONSTRAINT negative_list_entries_retired CHECK (NOT retired OR reason <> '')
);
CREATE INDEX negative_list_entries_item ON negative_list_entries (item_id, list);
ALTER TABLE negative_list_entries ENABLE ROW LEVEL SECURITY;
ALTER TABLE negative_list_entries FORCE ROW LEVEL SECURITY;
CREATE POLICY negative_list_entries_read ON negative_list_entries FOR SELECT
  TO {{role}}, {{role}}_auditor, {{role}}_public, {{role}}_writer USING (true);
CREATE POLICY negative_list_entries_publish ON negative_list_entries FOR INSERT TO {{role}} WITH CHECK (
  published_by = current_user_id()
  AND ((list = 'common' AND 'secretariat' = ANY (current_roles()))
       OR (list = current_zone() AND 'zone_admin' = ANY (current_roles()))));
GRANT SELECT ON negative_list_entries TO {{role}}, {{role}}_auditor, {{role}}_public, {{role}}_writer;
GRANT INSERT ON negative_list_entries TO {{role}};
CREATE TRIGGER negative_list_entries_raise AFTER INSERT OR UPDATE OR DELETE ON negative_list_entries
  FOR EACH STATEMENT EXECUTE FUNCTION raise_catalogue_version();

-- The versions that count, each with its days: a version counts until the day before a newer one
-- begins.
CREATE VIEW negative_list_periods WITH (security_invoker = true) AS
  SELECT e.list, e.entry_id, e.version, e.item_id, e.name_zh, e.name_en, e.predicate, e.article, e.source_status,
         e.effective_from AS first_day,
         LEAST(coalesce(e.effective_until, DATE '9999-12-31'), coalesce(
           (SELECT min(newer.effective_from) - 1 FROM negative_list_entries newer
             WHERE newer.list = e.list AND newer.entry_id = e.entry_id AND newer.version > e.version),
           DATE '9999-12-31')) AS last_day
    FROM negative_list_entries e WHERE NOT e.retired;
GRANT SELECT ON negative_list_periods TO {{role}}, {{role}}_auditor, {{role}}_public, {{role}}_writer;

-- What conditions and negative lists found at submission, where they found something: an array of
-- {kind, outcome, list, entryId, entryVersion, …}. Written with the decision, never changed.
ALTER TABLE decisions
  ADD COLUMN screening jsonb CONSTRAINT decisions_screening CHECK (jsonb_typeof(screening) = 'array');
CREATE INDEX decisions_screened ON decisions (filing_id, zone) WHERE screening IS NOT NULL;
