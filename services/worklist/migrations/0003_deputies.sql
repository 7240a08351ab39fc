-- SPDX-License-Identifier: Apache-2.0
-- Officers whom others in their zone stand in for, as the directory tells of them: what waits for
-- the officer waits for the deputy too, in the period and in the roles that were lent.
CREATE TABLE officer_deputies (
  delegation_id  text COLLATE "C" CONSTRAINT officer_deputies_pk PRIMARY KEY,
  user_id        text COLLATE "C" NOT NULL,
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
-- Those that hold now, on the deployment's clock.
CREATE POLICY officer_deputies_own ON officer_deputies FOR SELECT TO {{role}} USING (
  deputy_user_id = current_user_id() AND zone = current_zone() AND active
  AND (SELECT clock_timestamp() + offset_us * interval '1 microsecond' FROM clock.setting) >= from_at
  AND (SELECT clock_timestamp() + offset_us * interval '1 microsecond' FROM clock.setting) < until_at);
CREATE POLICY officer_deputies_audit ON officer_deputies FOR SELECT TO {{role}}_auditor USING (true);
CREATE POLICY officer_deputies_relay ON officer_deputies TO {{role}}_relay USING (true) WITH CHECK (true);
GRANT SELECT ON officer_deputies TO {{role}}, {{role}}_auditor;
GRANT SELECT, INSERT, UPDATE (active) ON officer_deputies TO {{role}}_relay;

-- What a deputy may do in another's place are the steps of a decision. Nobody's deputies, and that is most, are asked once a statement; what they may see by themselves
-- is not asked at all.
DROP POLICY inbox_actor ON inbox;
CREATE POLICY inbox_actor ON inbox FOR SELECT TO {{role}} USING (
  party = ANY (current_parties()) AND NOT current_user_id() = ANY (excluded_users)
  AND ((roles && current_roles() AND (only_users = '{}' OR current_user_id() = ANY (only_users)))
       OR (action IN ('accept', 'verify', 'decide') AND current_roles() && '{verifier,reviewer,zone_admin}'
           AND (SELECT EXISTS (SELECT 1 FROM officer_deputies))
           AND EXISTS (SELECT 1 FROM officer_deputies d
                        WHERE inbox.roles && d.roles AND NOT d.user_id = ANY (inbox.excluded_users)
                          AND (inbox.only_users = '{}' OR d.user_id = ANY (inbox.only_users))))));
