-- As SQL LRS asks, but for the usage Object: it looks at Actor alone, and the specification wants both.
SELECT found.statement_id, found.payload
  FROM (SELECT DISTINCT ON (every.id) every.id, every.statement_id, every.payload
          FROM ((SELECT stmt.id, stmt.statement_id, stmt.payload
                   FROM lrs.xapi_statement stmt
                  INNER JOIN lrs.statement_to_actor who ON who.statement_id = stmt.statement_id AND who.actor_ifi = $1 AND who.usage IN ('Actor', 'Object')
                  WHERE NOT stmt.is_voided
                  ORDER BY stmt.id DESC
                  LIMIT 100)
                UNION ALL
                (SELECT upper.id, upper.statement_id, upper.payload
                   FROM lrs.xapi_statement stmt
                  INNER JOIN lrs.statement_to_actor who ON who.statement_id = stmt.statement_id AND who.actor_ifi = $1 AND who.usage IN ('Actor', 'Object')
                  INNER JOIN lrs.statement_to_statement link ON link.descendant_id = stmt.statement_id
                  INNER JOIN lrs.xapi_statement upper ON upper.statement_id = link.ancestor_id
                  WHERE NOT upper.is_voided
                  ORDER BY (upper.id, upper.statement_id) DESC
                  LIMIT 100)) every
         ORDER BY every.id DESC
         LIMIT 100) found
