-- SPDX-License-Identifier: Apache-2.0
-- Opinions of several people on cases, and what else they did (services/platform/review).
--
-- A line that nobody has touched has no row. History is only added to; of an opinion its standing
-- may change. Who sees and writes the lines of a case is up to the service's own migration: it adds
-- policies, and a foreign key to its cases. {{role}}_timer closes lines by deadline.

CREATE TABLE review_lines (
  case_id    text COLLATE "C" NOT NULL,
  line       text COLLATE "C" NOT NULL,
  owner      text COLLATE "C" NOT NULL DEFAULT '',  -- organisation in whose name the case stands
  step       text NOT NULL CONSTRAINT review_lines_step CHECK (step <> ''),
  step_since timestamptz,                           -- NULL: the step with which the line began
  round      integer NOT NULL CONSTRAINT review_lines_round CHECK (round >= 1),
  closed     text NOT NULL CONSTRAINT review_lines_closed CHECK (closed IN
               ('no', 'agreed', 'disagreed', 'tacit', 'withdrawn')),
  version    bigint NOT NULL CONSTRAINT review_lines_version CHECK (version >= 1),
  CONSTRAINT review_lines_pk PRIMARY KEY (case_id, line)
);
ALTER TABLE review_lines ENABLE ROW LEVEL SECURITY;
ALTER TABLE review_lines FORCE ROW LEVEL SECURITY;
CREATE POLICY review_lines_timer ON review_lines TO {{role}}_timer USING (true) WITH CHECK (true);
CREATE POLICY review_lines_audit ON review_lines FOR SELECT TO {{role}}_auditor USING (true);
GRANT SELECT, INSERT, UPDATE (step, step_since, round, closed, version) ON review_lines
  TO {{role}}, {{role}}_timer;
GRANT SELECT ON review_lines TO {{role}}_auditor;

-- seq numbers the line's opinions and acts together.
CREATE TABLE review_opinions (
  case_id      text COLLATE "C" NOT NULL,
  line         text COLLATE "C" NOT NULL,
  seq          bigint NOT NULL CONSTRAINT review_opinions_seq CHECK (seq >= 1),
  round        integer NOT NULL CONSTRAINT review_opinions_round CHECK (round >= 1),
  step         text NOT NULL,
  party        text NOT NULL,
  user_id      text NOT NULL CONSTRAINT review_opinions_user CHECK (user_id <> ''),
  name         text NOT NULL,
  on_behalf_of text NOT NULL CONSTRAINT review_opinions_deputy CHECK (on_behalf_of <> user_id),
  at           timestamptz NOT NULL,
  verdict      text NOT NULL CONSTRAINT review_opinions_verdict CHECK (verdict IN
                 ('agree', 'disagree', 'abstain')),
  text         text NOT NULL,
  standing     text NOT NULL CONSTRAINT review_opinions_standing CHECK (standing IN
                 ('counted', 'late', 'cancelled', 'taken_back')),
  CONSTRAINT review_opinions_pk PRIMARY KEY (case_id, line, seq),
  CONSTRAINT review_opinions_line FOREIGN KEY (case_id, line) REFERENCES review_lines (case_id, line)
);
CREATE UNIQUE INDEX review_opinions_once ON review_opinions (case_id, line, round, step, user_id)
  WHERE standing = 'counted';
ALTER TABLE review_opinions ENABLE ROW LEVEL SECURITY;
ALTER TABLE review_opinions FORCE ROW LEVEL SECURITY;
CREATE POLICY review_opinions_timer ON review_opinions TO {{role}}_timer USING (true) WITH CHECK (true);
CREATE POLICY review_opinions_audit ON review_opinions FOR SELECT TO {{role}}_auditor USING (true);
GRANT SELECT, INSERT, UPDATE (standing) ON review_opinions TO {{role}}, {{role}}_timer;
GRANT SELECT ON review_opinions TO {{role}}_auditor;

-- What people did besides: assignments, delegations, declarations, recusals, who else is asked.
CREATE TABLE review_people (
  case_id       text COLLATE "C" NOT NULL,
  line          text COLLATE "C" NOT NULL,
  seq           bigint NOT NULL CONSTRAINT review_people_seq CHECK (seq >= 1),
  kind          text NOT NULL CONSTRAINT review_people_kind CHECK (kind IN
                  ('assigned', 'delegated', 'undelegated', 'declared', 'interest', 'recusal_asked',
                   'recused', 'recusal_declined', 'added', 'dropped', 'quorum', 'routed', 'reminded',
                   'returned', 'taken_back', 'closed')),
  step          text NOT NULL,
  user_id       text NOT NULL,
  other_user_id text NOT NULL,
  party         text NOT NULL,
  other_party   text NOT NULL,
  roles         text[] NOT NULL,
  until_at      timestamptz,
  amount        bigint NOT NULL,
  reason        text NOT NULL,
  at            timestamptz NOT NULL,
  by_user       text NOT NULL,
  CONSTRAINT review_people_pk PRIMARY KEY (case_id, line, seq),
  CONSTRAINT review_people_line FOREIGN KEY (case_id, line) REFERENCES review_lines (case_id, line),
  CONSTRAINT review_people_until CHECK ((kind = 'delegated') = (until_at IS NOT NULL))
);
ALTER TABLE review_people ENABLE ROW LEVEL SECURITY;
ALTER TABLE review_people FORCE ROW LEVEL SECURITY;
CREATE POLICY review_people_timer ON review_people TO {{role}}_timer USING (true) WITH CHECK (true);
CREATE POLICY review_people_audit ON review_people FOR SELECT TO {{role}}_auditor USING (true);
GRANT SELECT, INSERT ON review_people TO {{role}}, {{role}}_timer;
GRANT SELECT ON review_people TO {{role}}_auditor;
