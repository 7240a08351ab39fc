-- SPDX-License-Identifier: Apache-2.0
-- Groups of writes (db::GroupCommit): one transaction writes rows of several callers as
-- {{role}}_writer, which inserts and changes nothing. zl.member_users names those callers by their
-- user ids, zl.members in the same order by <organisation>@<zone>; policies accept rows of nobody
-- else. What they compare with is made once per statement and hashed.
CREATE FUNCTION current_members() RETURNS TABLE (user_id text, place text)
LANGUAGE sql STABLE PARALLEL SAFE BEGIN ATOMIC
  SELECT * FROM unnest(string_to_array(coalesce(current_setting('zl.member_users', true), ''), ','),
                       string_to_array(coalesce(current_setting('zl.members', true), ''), ',')) AS member (user_id, place);
END;
CREATE FUNCTION current_member_organizations() RETURNS TABLE (organization_id text)
LANGUAGE sql STABLE PARALLEL SAFE BEGIN ATOMIC
  SELECT DISTINCT split_part(place, '@', 1) FROM current_members();
END;
CREATE FUNCTION current_member_parties() RETURNS text[] LANGUAGE sql STABLE PARALLEL SAFE
  RETURN ARRAY(SELECT 'org:' || organization_id FROM current_member_organizations());

-- A key that is taken is told from one that is free; the stored answers stay unread.
CREATE POLICY idempotency_group ON idempotency FOR INSERT TO {{role}}_writer
  WITH CHECK (principal IN (SELECT user_id FROM current_members()));
CREATE POLICY idempotency_group_keys ON idempotency FOR SELECT TO {{role}}_writer
  USING (principal IN (SELECT user_id FROM current_members()));
GRANT SELECT (principal, rpc, key), INSERT ON idempotency TO {{role}}_writer;

-- An event of the group tells of a member's case. Of others' events the writer sees the numbers.
CREATE POLICY events_group ON events FOR INSERT TO {{role}}_writer
  WITH CHECK (parties && (SELECT current_member_parties())::text[]);
CREATE POLICY events_group_numbers ON events FOR SELECT TO {{role}}_writer USING (true);
GRANT SELECT (number), INSERT ON events TO {{role}}_writer;
