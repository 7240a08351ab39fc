-- SPDX-License-Identifier: Apache-2.0
-- Who is who: zones, organisations, accounts, role grants, sessions.
-- Accounts and grants carry the deployment's time; sessions, tokens and lock-outs carry wall time.

-- What policies ask about the caller.
CREATE FUNCTION has_role(asked text) RETURNS boolean LANGUAGE sql STABLE PARALLEL SAFE
  RETURN asked = ANY (current_roles());
-- One of the three separated administrators.
CREATE FUNCTION is_administrator() RETURNS boolean LANGUAGE sql STABLE PARALLEL SAFE
  RETURN current_roles() && ARRAY['system_admin', 'security_admin', 'audit_admin'];

-- The zones that take part: shared reference, readable by everybody.
CREATE TABLE zone (
  zone_id     text COLLATE "C" PRIMARY KEY,
  name_zh     text NOT NULL,
  name_en     text NOT NULL,
  province_gb text NOT NULL CONSTRAINT zone_province_gb CHECK (province_gb ~ '^[0-9]{6}$'),
  opened_on   date NOT NULL,
  batch       integer NOT NULL CONSTRAINT zone_batch CHECK (batch >= 1)
);
INSERT INTO zone (zone_id, name_zh, name_en, province_gb, opened_on, batch) VALUES
  ('shanghai', '中国（上海）自由贸易试验区', 'Shanghai', '310000', '2013-09-29', 1),
  ('guangdong', '中国（广东）自由贸易试验区', 'Guangdong', '440000', '2015-04-21', 2),
  ('tianjin', '中国（天津）自由贸易试验区', 'Tianjin', '120000', '2015-04-21', 2),
  ('fujian', '中国（福建）自由贸易试验区', 'Fujian', '350000', '2015-04-21', 2),
  ('liaoning', '中国（辽宁）自由贸易试验区', 'Liaoning', '210000', '2017-04-01', 3),
  ('zhejiang', '中国（浙江）自由贸易试验区', 'Zhejiang', '330000', '2017-04-01', 3),
  ('henan', '中国（河南）自由贸易试验区', 'Henan', '410000', '2017-04-01', 3),
  ('hubei', '中国（湖北）自由贸易试验区', 'Hubei', '420000', '2017-04-01', 3),
  ('chongqing', '中国（重庆）自由贸易试验区', 'Chongqing', '500000', '2017-04-01', 3),
  ('sichuan', '中国（四川）自由贸易试验区', 'Sichuan', '510000', '2017-04-01', 3),
  ('shaanxi', '中国（陕西）自由贸易试验区', 'Shaanxi', '610000', '2017-04-01', 3),
  ('hainan', '中国（海南）自由贸易试验区', 'Hainan', '460000', '2018-10-16', 4),
  ('shandong', '中国（山东）自由贸易试验区', 'Shandong', '370000', '2019-08-30', 5),
  ('jiangsu', '中国（江苏）自由贸易试验区', 'Jiangsu', '320000', '2019-08-30', 5),
  ('guangxi', '中国（广西）自由贸易试验区', 'Guangxi', '450000', '2019-08-30', 5),
  ('hebei', '中国（河北）自由贸易试验区', 'Hebei', '130000', '2019-08-30', 5),
  ('yunnan', '中国（云南）自由贸易试验区', 'Yunnan', '530000', '2019-08-30', 5),
  ('heilongjiang', '中国（黑龙江）自由贸易试验区', 'Heilongjiang', '230000', '2019-08-30', 5),
  ('beijing', '中国（北京）自由贸易试验区', 'Beijing', '110000', '2020-09-24', 6),
  ('hunan', '中国（湖南）自由贸易试验区', 'Hunan', '430000', '2020-09-24', 6),
  ('anhui', '中国（安徽）自由贸易试验区', 'Anhui', '340000', '2020-09-24', 6),
  ('xinjiang', '中国（新疆）自由贸易试验区', 'Xinjiang', '650000', '2023-11-01', 7);
GRANT SELECT ON zone TO {{role}}, {{role}}_auditor, {{role}}_public, {{role}}_relay;

CREATE TABLE organization (
  organization_id text PRIMARY KEY,
  uscc            text COLLATE "C" NOT NULL CONSTRAINT organization_uscc UNIQUE,
  name_zh         text NOT NULL,
  name_en         text NOT NULL,
  zone            text COLLATE "C" NOT NULL CONSTRAINT organization_zone REFERENCES zone,
  registered_by   text NOT NULL,
  registered_at   timestamptz NOT NULL
);
CREATE INDEX organization_by_zone ON organization (zone, uscc);
ALTER TABLE organization ENABLE ROW LEVEL SECURITY;
ALTER TABLE organization FORCE ROW LEVEL SECURITY;
CREATE POLICY organization_see ON organization FOR SELECT TO {{role}} USING (
  organization_id = current_organization()
  OR zone = current_zone()
  OR has_role('secretariat') OR has_role('chair')
  OR is_administrator());
CREATE POLICY organization_register ON organization FOR INSERT TO {{role}} WITH CHECK (
  registered_by = current_user_id()
  AND (has_role('system_admin') OR (has_role('zone_admin') AND zone = current_zone())));
CREATE POLICY organization_audit ON organization FOR SELECT TO {{role}}_auditor USING (true);
-- Login writes the organisation into the token.
CREATE POLICY organization_login ON organization FOR SELECT TO {{role}}_relay USING (true);
GRANT SELECT, INSERT ON organization TO {{role}};
GRANT SELECT ON organization TO {{role}}_auditor, {{role}}_relay;

-- A person who can log in. `duty` says whose roles the account may hold at present: one of the three
-- separated administrators', or those of business. See role_grant_duty below.
CREATE TABLE account (
  user_id         text PRIMARY KEY,
  username        text COLLATE "C" NOT NULL CONSTRAINT account_username UNIQUE,
  skeleton        text COLLATE "C" NOT NULL CONSTRAINT account_skeleton UNIQUE,
  name            text NOT NULL,
  zone            text COLLATE "C" CONSTRAINT account_zone REFERENCES zone,
  department      text,
  organization_id text CONSTRAINT account_organization REFERENCES organization,
  duty            text NOT NULL DEFAULT 'business'
                  CONSTRAINT account_duty_known CHECK (duty IN ('business', 'system_admin', 'security_admin', 'audit_admin')),
  created_by      text NOT NULL,
  created_at      timestamptz NOT NULL,
  disabled_at     timestamptz,
  disabled_by     text,
  disabled_reason text,
  version         bigint NOT NULL DEFAULT 1,
  CONSTRAINT account_affiliation CHECK (zone IS NULL OR organization_id IS NULL),
  CONSTRAINT account_duty UNIQUE (user_id, duty)
);
CREATE INDEX account_by_zone ON account (zone, username);
CREATE INDEX account_by_organization ON account (organization_id, username);
ALTER TABLE account ENABLE ROW LEVEL SECURITY;
ALTER TABLE account FORCE ROW LEVEL SECURITY;
CREATE POLICY account_see ON account FOR SELECT TO {{role}} USING (
  user_id = current_user_id()
  OR is_administrator()
  OR (has_role('zone_admin') AND zone = current_zone())
  OR (has_role('enterprise_admin') AND organization_id = current_organization()));
CREATE POLICY account_create ON account FOR INSERT TO {{role}} WITH CHECK (
  created_by = current_user_id()
  AND (has_role('system_admin')
       OR (has_role('zone_admin') AND zone = current_zone())
       OR (has_role('enterprise_admin') AND organization_id = current_organization())));
-- Nobody changes their own account here: closing it and its roles is for others.
CREATE POLICY account_administer ON account FOR UPDATE TO {{role}} USING (
  user_id <> current_user_id()
  AND (is_administrator()
       OR (has_role('zone_admin') AND zone = current_zone())
       OR (has_role('enterprise_admin') AND organization_id = current_organization())));
CREATE POLICY account_audit ON account FOR SELECT TO {{role}}_auditor USING (true);
CREATE POLICY account_login ON account FOR SELECT TO {{role}}_relay USING (true);
CREATE POLICY account_bootstrap ON account FOR INSERT TO {{role}}_relay WITH CHECK (created_by = 'bootstrap');
GRANT SELECT, INSERT, UPDATE (duty, disabled_at, disabled_by, disabled_reason, version) ON account TO {{role}};
GRANT SELECT ON account TO {{role}}_auditor;
GRANT SELECT, INSERT ON account TO {{role}}_relay;

-- Password hashes: readable by the relay role alone, never in a caller's context.
CREATE TABLE password (
  user_id    text PRIMARY KEY CONSTRAINT password_account REFERENCES account,
  phc        text NOT NULL CONSTRAINT password_argon2id CHECK (phc LIKE '$argon2id$%'),
  changed_at timestamptz NOT NULL
);
ALTER TABLE password ENABLE ROW LEVEL SECURITY;
ALTER TABLE password FORCE ROW LEVEL SECURITY;
CREATE POLICY password_first ON password FOR INSERT TO {{role}} WITH CHECK (
  user_id <> current_user_id() AND EXISTS (SELECT FROM account a WHERE a.user_id = password.user_id));
CREATE POLICY password_login ON password TO {{role}}_relay USING (true) WITH CHECK (true);
GRANT INSERT ON password TO {{role}};
GRANT SELECT, INSERT, UPDATE (phc, changed_at) ON password TO {{role}}_relay;

-- Failed logins by hashed name, whether or not the name exists.
CREATE TABLE login_failure (
  name_hash    bytea PRIMARY KEY,
  failures     integer NOT NULL,
  last_at      timestamptz NOT NULL,
  locked_until timestamptz
);
CREATE INDEX login_failure_last_at ON login_failure (last_at);
ALTER TABLE login_failure ENABLE ROW LEVEL SECURITY;
ALTER TABLE login_failure FORCE ROW LEVEL SECURITY;
CREATE POLICY login_failure_login ON login_failure TO {{role}}_relay USING (true) WITH CHECK (true);
GRANT SELECT, INSERT, UPDATE, DELETE ON login_failure TO {{role}}_relay;

-- A login. It lasts until `expires_at`, the end of its newest refresh token, unless revoked before.
CREATE TABLE session (
  session_id   text PRIMARY KEY,
  user_id      text NOT NULL CONSTRAINT session_account REFERENCES account,
  opened_at    timestamptz NOT NULL,
  refreshed_at timestamptz NOT NULL,
  expires_at   timestamptz NOT NULL,
  revoked_at   timestamptz,
  ground       text CONSTRAINT session_ground CHECK
               (ground IN ('LOGOUT', 'REVOKED', 'REFRESH_REUSED', 'USER_DISABLED', 'ROLES_CHANGED')),
  version      bigint NOT NULL DEFAULT 1,
  CONSTRAINT session_revoked CHECK ((revoked_at IS NULL) = (ground IS NULL))
);
CREATE INDEX session_open ON session (user_id) WHERE revoked_at IS NULL;
CREATE INDEX session_revoked_at ON session (revoked_at) WHERE revoked_at IS NOT NULL;
ALTER TABLE session ENABLE ROW LEVEL SECURITY;
ALTER TABLE session FORCE ROW LEVEL SECURITY;
-- Whoever sees the account, its owner among them, sees its sessions and may end them; an ended one
-- does not open again.
CREATE POLICY session_see ON session FOR SELECT TO {{role}} USING (
  EXISTS (SELECT FROM account a WHERE a.user_id = session.user_id));
CREATE POLICY session_end ON session FOR UPDATE TO {{role}} USING (
  EXISTS (SELECT FROM account a WHERE a.user_id = session.user_id)) WITH CHECK (revoked_at IS NOT NULL);
CREATE POLICY session_audit ON session FOR SELECT TO {{role}}_auditor USING (true);
CREATE POLICY session_login ON session TO {{role}}_relay USING (true) WITH CHECK (true);
GRANT SELECT, UPDATE (revoked_at, ground, version) ON session TO {{role}};
GRANT SELECT ON session TO {{role}}_auditor;
GRANT SELECT, INSERT, UPDATE (refreshed_at, expires_at, revoked_at, ground, version) ON session TO {{role}}_relay;

-- SHA-256 of each refresh token. A used one is kept until it expires, to notice its second use.
CREATE TABLE refresh_token (
  token_hash bytea PRIMARY KEY,
  session_id text NOT NULL CONSTRAINT refresh_token_session REFERENCES session,
  expires_at timestamptz NOT NULL,
  used       boolean NOT NULL DEFAULT false
);
CREATE INDEX refresh_token_session ON refresh_token (session_id);
CREATE INDEX refresh_token_expires_at ON refresh_token (expires_at);
ALTER TABLE refresh_token ENABLE ROW LEVEL SECURITY;
ALTER TABLE refresh_token FORCE ROW LEVEL SECURITY;
CREATE POLICY refresh_token_login ON refresh_token TO {{role}}_relay USING (true) WITH CHECK (true);
GRANT SELECT, INSERT, UPDATE (used), DELETE ON refresh_token TO {{role}}_relay;

-- One role of one account. 三员分立 by constraint: every active grant points at its account's one
-- duty, so that no account can hold an administrator's role beside any other duty, at any instant.
CREATE TABLE role_grant (
  grant_id      text PRIMARY KEY,
  user_id       text NOT NULL CONSTRAINT role_grant_account REFERENCES account,
  role          text NOT NULL CONSTRAINT role_grant_role CHECK (role IN (
                  'filer', 'enterprise_admin', 'verifier', 'reviewer', 'inspector', 'releaser', 'zone_admin',
                  'secretariat', 'chair', 'auditor', 'evaluator', 'system_admin', 'security_admin', 'audit_admin')),
  state         text NOT NULL CONSTRAINT role_grant_state CHECK (state IN ('PROPOSED', 'ACTIVE', 'REVOKED')),
  granted_by    text NOT NULL,
  granted_at    timestamptz NOT NULL,
  confirmed_by  text,
  confirmed_at  timestamptz,
  revoked_by    text,
  revoked_at    timestamptz,
  revoke_reason text,
  version       bigint NOT NULL DEFAULT 1,
  active_duty   text GENERATED ALWAYS AS (
                  CASE WHEN state <> 'ACTIVE' THEN NULL
                       WHEN role IN ('system_admin', 'security_admin', 'audit_admin') THEN role
                       ELSE 'business' END) STORED,
  CONSTRAINT role_grant_duty FOREIGN KEY (user_id, active_duty) REFERENCES account (user_id, duty),
  CONSTRAINT role_grant_not_to_oneself CHECK (granted_by <> user_id),
  CONSTRAINT role_grant_second_person CHECK (confirmed_by <> granted_by AND confirmed_by <> user_id),
  CONSTRAINT role_grant_two_persons CHECK (
    state <> 'ACTIVE' OR role NOT IN ('system_admin', 'security_admin', 'audit_admin')
    OR confirmed_by IS NOT NULL OR granted_by = 'bootstrap'),
  CONSTRAINT role_grant_confirmed CHECK ((confirmed_by IS NULL) = (confirmed_at IS NULL)),
  CONSTRAINT role_grant_revoked CHECK ((state = 'REVOKED') = (revoked_at IS NOT NULL))
);
CREATE UNIQUE INDEX role_grant_held ON role_grant (user_id, role) WHERE state <> 'REVOKED';
CREATE INDEX role_grant_by_user ON role_grant (user_id, granted_at);
ALTER TABLE role_grant ENABLE ROW LEVEL SECURITY;
ALTER TABLE role_grant FORCE ROW LEVEL SECURITY;
CREATE POLICY role_grant_see ON role_grant FOR SELECT TO {{role}} USING (
  EXISTS (SELECT FROM account a WHERE a.user_id = role_grant.user_id));
CREATE POLICY role_grant_grant ON role_grant FOR INSERT TO {{role}} WITH CHECK (
  granted_by = current_user_id()
  AND (has_role('security_admin')
       OR (has_role('zone_admin') AND role IN ('verifier', 'reviewer', 'inspector', 'releaser')
           AND EXISTS (SELECT FROM account a WHERE a.user_id = role_grant.user_id AND a.zone = current_zone()))
       OR (has_role('enterprise_admin') AND role = 'filer'
           AND EXISTS (SELECT FROM account a WHERE a.user_id = role_grant.user_id
                                             AND a.organization_id = current_organization()))));
CREATE POLICY role_grant_change ON role_grant FOR UPDATE TO {{role}} USING (
  user_id <> current_user_id() AND EXISTS (SELECT FROM account a WHERE a.user_id = role_grant.user_id));
CREATE POLICY role_grant_audit ON role_grant FOR SELECT TO {{role}}_auditor USING (true);
CREATE POLICY role_grant_login ON role_grant FOR SELECT TO {{role}}_relay USING (true);
CREATE POLICY role_grant_bootstrap ON role_grant FOR INSERT TO {{role}}_relay WITH CHECK (granted_by = 'bootstrap');
GRANT SELECT, INSERT, UPDATE (state, confirmed_by, confirmed_at, revoked_by, revoked_at, revoke_reason, version)
  ON role_grant TO {{role}};
GRANT SELECT ON role_grant TO {{role}}_auditor;
GRANT SELECT, INSERT ON role_grant TO {{role}}_relay;
