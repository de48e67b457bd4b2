-- People: your own HR tables, adopted in place as views, and whose statements
-- an actor's are. adopt_people, adopt_org_units and adopt_history put your
-- tables where these empty views stand.

CREATE TABLE @ecosystem@.personas (
    id         bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    actor      bigint NOT NULL,
    person     text NOT NULL,
    valid_from timestamptz,
    valid_to   timestamptz,
    CHECK (valid_from < valid_to)
);
CREATE INDEX ON @ecosystem@.personas (actor);
COMMENT ON TABLE @ecosystem@.personas IS 'Who an actor is, where the account or e-mail in HR does not say it, or says it wrong. Correct it at any time: no statement is touched.';
COMMENT ON COLUMN @ecosystem@.personas.id IS 'Surrogate key.';
COMMENT ON COLUMN @ecosystem@.personas.actor IS 'Key of the actor: ecosys.actor_key(''{"account":…}'').';
COMMENT ON COLUMN @ecosystem@.personas.person IS 'Person, as in people.person.';
COMMENT ON COLUMN @ecosystem@.personas.valid_from IS 'First instant at which the actor is this person; NULL: always was.';
COMMENT ON COLUMN @ecosystem@.personas.valid_to IS 'First instant at which it no longer is; NULL: no end.';

CREATE VIEW @ecosystem@.people WITH (security_invoker = true) AS
    SELECT NULL::text AS person, NULL::text AS name, NULL::text AS email, NULL::text AS account_home_page,
           NULL::text AS account_name, NULL::float8 AS fte, NULL::text[] AS roles WHERE false;
COMMENT ON VIEW @ecosystem@.people IS 'People of the organisation: a view of your HR table, set by adopt_people.';
COMMENT ON COLUMN @ecosystem@.people.person IS 'Key of the person in HR, as text.';
COMMENT ON COLUMN @ecosystem@.people.name IS 'Name.';
COMMENT ON COLUMN @ecosystem@.people.email IS 'E-mail address: an actor with this mbox is this person.';
COMMENT ON COLUMN @ecosystem@.people.account_home_page IS 'System of the account below.';
COMMENT ON COLUMN @ecosystem@.people.account_name IS 'Account name: an actor with this account is this person.';
COMMENT ON COLUMN @ecosystem@.people.fte IS 'Full-time equivalent, 1 for a full-time post.';
COMMENT ON COLUMN @ecosystem@.people.roles IS 'Roles the person has: each names an element by its key, or without the prefix role:.';

CREATE VIEW @ecosystem@.org_units WITH (security_invoker = true) AS
    SELECT NULL::text AS unit, NULL::text AS name, NULL::text AS parent WHERE false;
COMMENT ON VIEW @ecosystem@.org_units IS 'Units of the organisation: a view of your HR table, set by adopt_org_units.';
COMMENT ON COLUMN @ecosystem@.org_units.unit IS 'Key of the unit in HR, as text.';
COMMENT ON COLUMN @ecosystem@.org_units.name IS 'Name.';
COMMENT ON COLUMN @ecosystem@.org_units.parent IS 'Unit that this one is part of; NULL: none.';

CREATE VIEW @ecosystem@.memberships WITH (security_invoker = true) AS
    SELECT NULL::text AS person, NULL::text AS unit, NULL::date AS valid_from, NULL::date AS valid_to WHERE false;
COMMENT ON VIEW @ecosystem@.memberships IS 'Who was in which unit when: a view of your HR history, set by adopt_history.';
COMMENT ON COLUMN @ecosystem@.memberships.person IS 'Person, as in people.person.';
COMMENT ON COLUMN @ecosystem@.memberships.unit IS 'Unit, as in org_units.unit.';
COMMENT ON COLUMN @ecosystem@.memberships.valid_from IS 'First day in the unit (UTC); NULL: always was.';
COMMENT ON COLUMN @ecosystem@.memberships.valid_to IS 'First day no longer in the unit (UTC); NULL: still is.';

CREATE VIEW @ecosystem@.reports_to WITH (security_invoker = true) AS
    SELECT NULL::text AS person, NULL::text AS manager, NULL::date AS valid_from, NULL::date AS valid_to WHERE false;
COMMENT ON VIEW @ecosystem@.reports_to IS 'Who reports to whom when: a view of your HR tables, set by adopt_people (today) or adopt_history.';
COMMENT ON COLUMN @ecosystem@.reports_to.person IS 'Person, as in people.person.';
COMMENT ON COLUMN @ecosystem@.reports_to.manager IS 'The manager, as in people.person.';
COMMENT ON COLUMN @ecosystem@.reports_to.valid_from IS 'First day (UTC); NULL: always did.';
COMMENT ON COLUMN @ecosystem@.reports_to.valid_to IS 'First day no longer (UTC); NULL: still does.';

CREATE VIEW @ecosystem@.actor_people WITH (security_invoker = true) AS
    SELECT actor, person, valid_from, valid_to FROM @ecosystem@.personas
    UNION ALL
    -- an identity that HR gives to two people is the first one's: both are in people
    SELECT k.actor, pg_catalog.min(k.person), NULL, NULL
      FROM (SELECT ecosys.actor_key_of_account(account_home_page, account_name) AS actor, person FROM @ecosystem@.people
            UNION ALL
            SELECT ecosys.actor_key_of_email(email), person FROM @ecosystem@.people) k
     WHERE k.actor IS NOT NULL
       AND NOT EXISTS (SELECT FROM @ecosystem@.personas p WHERE p.actor = k.actor)
     GROUP BY k.actor;
COMMENT ON VIEW @ecosystem@.actor_people IS 'Which person an actor is: as personas says, else by account name or e-mail.';
COMMENT ON COLUMN @ecosystem@.actor_people.actor IS 'Key of the actor, as in statements.actor.';
COMMENT ON COLUMN @ecosystem@.actor_people.person IS 'Person, as in people.person.';
COMMENT ON COLUMN @ecosystem@.actor_people.valid_from IS 'From this instant; NULL: always.';
COMMENT ON COLUMN @ecosystem@.actor_people.valid_to IS 'Before this instant; NULL: no end.';

-- A column of an adopted table as an SQL expression of the wanted type; NULL when no column is named.
CREATE FUNCTION @ecosystem@.adopted_column(source regclass, column_name text, wanted text) RETURNS text
    LANGUAGE plpgsql STABLE PARALLEL SAFE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    is_array boolean;
    is_text boolean;
    expression text;
BEGIN
    IF column_name IS NULL THEN
        RETURN 'NULL::' || wanted;
    END IF;
    SELECT t.typcategory = 'A', t.typcategory = 'S' INTO is_array, is_text
      FROM pg_attribute a JOIN pg_type t ON t.oid = a.atttypid
     WHERE a.attrelid = source AND a.attname = column_name AND a.attnum > 0 AND NOT a.attisdropped;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'table % has no column "%"', source, left(column_name, 63)
            USING ERRCODE = '42703',
                  HINT = format('Its columns are: %s.', (SELECT string_agg(quote_ident(attname), ', ' ORDER BY attnum)
                                FROM pg_attribute WHERE attrelid = source AND attnum > 0 AND NOT attisdropped));
    END IF;
    expression := format('s.%I', column_name);
    IF wanted = 'text[]' AND NOT is_array THEN
        RETURN format('CASE WHEN %1$s IS NULL THEN ARRAY[]::text[] ELSE ARRAY[%1$s::text] END', expression);
    END IF;
    IF wanted = 'text[]' THEN
        RETURN format('coalesce(%s::text[], ARRAY[]::text[])', expression);
    END IF;
    IF wanted <> 'text' AND is_text THEN
        -- now, not in every later query
        BEGIN
            EXECUTE format('SELECT count(s.%I::%s) FROM %s s', column_name, wanted, source);
        EXCEPTION WHEN data_exception THEN
            RAISE EXCEPTION 'column "%" of table % is not % in every row', column_name, source, wanted
                USING ERRCODE = SQLSTATE,
                      HINT = 'Name another column, or adopt a view of the table that converts it.';
        END;
    END IF;
    RETURN format('%s::%s', expression, wanted);
END
$$;
COMMENT ON FUNCTION @ecosystem@.adopted_column(regclass, text, text) IS 'A column of a table as an SQL expression of the wanted type, for the adopt functions. Unknown column: 42703; a text that cannot be read as the type: its SQLSTATE.';

CREATE FUNCTION @ecosystem@.adopt_people(source regclass, person text, name text DEFAULT NULL, email text DEFAULT NULL,
                                         account_name text DEFAULT NULL, account_home_page text DEFAULT NULL,
                                         fte text DEFAULT NULL, roles text DEFAULT NULL, manager text DEFAULT NULL) RETURNS bigint
    LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    found_people bigint;
BEGIN
    IF person IS NULL THEN
        RAISE EXCEPTION 'adopt_people needs the column that identifies a person'
            USING ERRCODE = '22004', HINT = 'For example person => ''employee_no''.';
    END IF;
    IF account_name IS NOT NULL AND account_home_page IS NULL THEN
        RAISE EXCEPTION 'account_name needs account_home_page' USING ERRCODE = '22004',
            HINT = 'Say account_home_page => the homePage that statements carry in actor.account, for example https://hr.example.com.';
    END IF;
    EXECUTE format('CREATE OR REPLACE VIEW %s.people WITH (security_invoker = true) AS SELECT %s AS person, %s AS name, %s AS email, '
                   '%s AS account_home_page, %s AS account_name, %s AS fte, %s AS roles FROM %s s',
                   @ecosystem_literal@,
                   @ecosystem@.adopted_column(source, person, 'text'), @ecosystem@.adopted_column(source, name, 'text'),
                   @ecosystem@.adopted_column(source, email, 'text'),
                   CASE WHEN account_name IS NULL THEN 'NULL::text' ELSE quote_literal(account_home_page) || '::text' END,
                   @ecosystem@.adopted_column(source, account_name, 'text'),
                   CASE WHEN fte IS NULL THEN '1::float8'
                        ELSE 'coalesce(' || @ecosystem@.adopted_column(source, fte, 'float8') || ', 1)' END,
                   CASE WHEN roles IS NULL THEN 'ARRAY[]::text[]' ELSE @ecosystem@.adopted_column(source, roles, 'text[]') END,
                   source);
    IF manager IS NOT NULL THEN
        EXECUTE format('CREATE OR REPLACE VIEW %s.reports_to WITH (security_invoker = true) AS SELECT %s AS person, %s AS manager, '
                       'NULL::date AS valid_from, NULL::date AS valid_to FROM %s s WHERE s.%I IS NOT NULL',
                       @ecosystem_literal@, @ecosystem@.adopted_column(source, person, 'text'),
                       @ecosystem@.adopted_column(source, manager, 'text'), source, manager);
    END IF;
    SELECT count(*) INTO found_people FROM @ecosystem@.people;
    RETURN found_people;
END
$$;
COMMENT ON FUNCTION @ecosystem@.adopt_people(regclass, text, text, text, text, text, text, text, text) IS 'Makes your HR table the view people (and reports_to, if manager is given). Arguments are names of its columns, except account_home_page, which is the homePage of the accounts. roles may be a text or an array column. Returns the number of people. Call it again to change it.';

CREATE FUNCTION @ecosystem@.adopt_org_units(source regclass, unit text, name text DEFAULT NULL, parent text DEFAULT NULL) RETURNS bigint
    LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    found_units bigint;
BEGIN
    IF unit IS NULL THEN
        RAISE EXCEPTION 'adopt_org_units needs the column that identifies a unit'
            USING ERRCODE = '22004', HINT = 'For example unit => ''department_id''.';
    END IF;
    EXECUTE format('CREATE OR REPLACE VIEW %s.org_units WITH (security_invoker = true) AS SELECT %s AS unit, %s AS name, %s AS parent FROM %s s',
                   @ecosystem_literal@, @ecosystem@.adopted_column(source, unit, 'text'),
                   @ecosystem@.adopted_column(source, coalesce(name, unit), 'text'), @ecosystem@.adopted_column(source, parent, 'text'), source);
    SELECT count(*) INTO found_units FROM @ecosystem@.org_units;
    RETURN found_units;
END
$$;
COMMENT ON FUNCTION @ecosystem@.adopt_org_units(regclass, text, text, text) IS 'Makes your table of departments the view org_units. Arguments are names of its columns. Returns the number of units.';

CREATE FUNCTION @ecosystem@.adopt_history(source regclass, person text, unit text DEFAULT NULL, valid_from text DEFAULT NULL,
                                          valid_to text DEFAULT NULL, manager text DEFAULT NULL, valid_to_inclusive boolean DEFAULT false) RETURNS bigint
    LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    until_day text;
    found_rows bigint := 0;
    found_managers bigint;
BEGIN
    IF person IS NULL OR (unit IS NULL AND manager IS NULL) THEN
        RAISE EXCEPTION 'adopt_history needs the column of the person, and that of the unit or the manager'
            USING ERRCODE = '22004', HINT = 'For example person => ''employee_no'', unit => ''department_id''.';
    END IF;
    until_day := @ecosystem@.adopted_column(source, valid_to, 'date');
    IF valid_to_inclusive AND valid_to IS NOT NULL THEN
        until_day := format('(%s + 1)', until_day);
    END IF;
    IF unit IS NOT NULL THEN
        EXECUTE format('CREATE OR REPLACE VIEW %s.memberships WITH (security_invoker = true) AS SELECT %s AS person, %s AS unit, '
                       '%s AS valid_from, %s AS valid_to FROM %s s WHERE s.%I IS NOT NULL',
                       @ecosystem_literal@, @ecosystem@.adopted_column(source, person, 'text'), @ecosystem@.adopted_column(source, unit, 'text'),
                       @ecosystem@.adopted_column(source, valid_from, 'date'), until_day, source, unit);
        SELECT count(*) INTO found_rows FROM @ecosystem@.memberships;
    END IF;
    IF manager IS NOT NULL THEN
        EXECUTE format('CREATE OR REPLACE VIEW %s.reports_to WITH (security_invoker = true) AS SELECT %s AS person, %s AS manager, '
                       '%s AS valid_from, %s AS valid_to FROM %s s WHERE s.%I IS NOT NULL',
                       @ecosystem_literal@, @ecosystem@.adopted_column(source, person, 'text'), @ecosystem@.adopted_column(source, manager, 'text'),
                       @ecosystem@.adopted_column(source, valid_from, 'date'), until_day, source, manager);
        SELECT count(*) INTO found_managers FROM @ecosystem@.reports_to;
        found_rows := greatest(found_rows, found_managers);
    END IF;
    RETURN found_rows;
END
$$;
COMMENT ON FUNCTION @ecosystem@.adopt_history(regclass, text, text, text, text, text, boolean) IS 'Makes your effective-dated HR table the view memberships (if unit is given) and reports_to (if manager is given). Arguments are names of its columns. valid_to is the first day no longer valid, or the last valid one with valid_to_inclusive. Returns the number of rows.';

CREATE FUNCTION @ecosystem@.grant_access(role_name name, access text) RETURNS void
    LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    EXECUTE format('GRANT USAGE ON SCHEMA %s TO %I', @ecosystem_literal@, role_name);
    CASE access
        WHEN 'read' THEN
            -- hashes of secrets are only for who checks them
            EXECUTE (SELECT format('GRANT SELECT ON %s TO %I', string_agg(c.oid::regclass::text, ', '), role_name)
                       FROM pg_class c
                      WHERE c.relnamespace = @ecosystem_literal@::regnamespace AND c.relkind IN ('r', 'p', 'v', 'm', 'f') AND c.relname <> 'credentials');
        WHEN 'write' THEN
            EXECUTE format('GRANT INSERT ON %1$s.statements, %1$s.intake TO %2$I', @ecosystem_literal@, role_name);
            EXECUTE format('GRANT SELECT, INSERT, UPDATE ON %1$s.loads TO %2$I', @ecosystem_literal@, role_name);
        WHEN 'serve' THEN
            EXECUTE format('GRANT SELECT ON %1$s.settings, %1$s.credentials, %1$s.statements, %1$s.voidings, '
                           '%1$s.actors, %1$s.verbs, %1$s.activities, %1$s.activity_sets, %1$s.actor_sets, '
                           '%1$s.settled_actors, %1$s.settled_verbs, %1$s.settled_activities, %1$s.settled_activity_sets, '
                           '%1$s.settled_actor_sets, %1$s.names_in_flight TO %2$I', @ecosystem_literal@, role_name);
            EXECUTE format('GRANT INSERT ON %1$s.statements TO %2$I', @ecosystem_literal@, role_name);
            EXECUTE format('GRANT SELECT, INSERT, UPDATE, DELETE ON %1$s.documents TO %2$I', @ecosystem_literal@, role_name);
            EXECUTE format('GRANT SELECT, INSERT ON %1$s.attachments, %1$s.attachment_senders TO %2$I', @ecosystem_literal@, role_name);
        WHEN 'model' THEN
            EXECUTE format('GRANT SELECT, INSERT, UPDATE, DELETE ON %1$s.element_kinds, %1$s.relation_kinds, %1$s.elements, %1$s.relations, '
                           '%1$s.requirements, %1$s.personas, %1$s.settings, %1$s.evidence_verbs TO %2$I', @ecosystem_literal@, role_name);
            EXECUTE format('GRANT USAGE ON ALL SEQUENCES IN SCHEMA %s TO %I', @ecosystem_literal@, role_name);
        ELSE
            RAISE EXCEPTION 'unknown access "%"', left(access, 60)
                USING ERRCODE = '22023', HINT = 'One of read, write, serve, model.';
    END CASE;
END
$$;
COMMENT ON FUNCTION @ecosystem@.grant_access(name, text) IS 'Grants a role one kind of access: read (everything but credentials), write (store statements), serve (all that xapi() needs), model (elements, relations, requirements, kinds, personas, settings, evidence_verbs). HR tables need grants of their own.';
