SELECT p.employee_no
  FROM company.people p
 WHERE p.department = $1
   AND NOT EXISTS (SELECT FROM lrs.xapi_statement s
                     JOIN lrs.statement_to_activity what ON what.statement_id = s.statement_id AND what.usage = 'Object' AND what.activity_iri = $2
                     JOIN lrs.statement_to_actor who ON who.statement_id = s.statement_id AND who.usage = 'Actor'
                    WHERE who.actor_ifi = p.ifi AND s.verb_iri = 'http://adlnet.gov/expapi/verbs/passed' AND NOT s.is_voided)
 ORDER BY p.employee_no
