-- SPDX-License-Identifier: Apache-2.0
-- Groups of writes (db::GroupCommit): one transaction writes rows of several callers as
-- {{role}}_writer, which inserts and changes nothing. zl.members names those callers as
-- <organisation>@<zone>, zl.member_users their user ids; policies accept rows of nobody else.
CREATE FUNCTION current_members() RETURNS text[] LANGUAGE sql STABLE PARALLEL SAFE
  RETURN string_to_array(coalesce(current_setting('zl.members', true), ''), ',');
CREATE FUNCTION current_member_users() RETURNS text[] LANGUAGE sql STABLE PARALLEL SAFE
  RETURN string_to_array(coalesce(current_setting('zl.member_users', true), ''), ',');
CREATE FUNCTION current_member_organizations() RETURNS text[] LANGUAGE sql STABLE PARALLEL SAFE
  RETURN ARRAY(SELECT DISTINCT split_part(member, '@', 1) FROM unnest(current_members()) AS member);
CREATE FUNCTION current_member_parties() RETURNS text[] LANGUAGE sql STABLE PARALLEL SAFE
  RETURN ARRAY(SELECT 'org:' || organization FROM unnest(current_member_organizations()) AS organization);

-- A key that is taken is told from one that is free; the stored answers stay unread.
CREATE POLICY idempotency_group ON idempotency FOR INSERT TO {{role}}_writer
  WITH CHECK (principal = ANY ((SELECT current_member_users())::text[]));
CREATE POLICY idempotency_group_keys ON idempotency FOR SELECT TO {{role}}_writer
  USING (principal = ANY ((SELECT current_member_users())::text[]));
GRANT SELECT (principal, rpc, key), INSERT ON idempotency TO {{role}}_writer;

-- An event of the group tells of a member's case. Of others' events the writer sees the numbers.
CREATE POLICY events_group ON events FOR INSERT TO {{role}}_writer
  WITH CHECK (parties && (SELECT current_member_parties())::text[]);
CREATE POLICY events_group_numbers ON events FOR SELECT TO {{role}}_writer USING (true);
GRANT SELECT (number), INSERT ON events TO {{role}}_writer;
