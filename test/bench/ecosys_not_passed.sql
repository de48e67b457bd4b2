-- Who of department $1 has not passed $2.
SELECT p.employee_no
  FROM company.people p
 WHERE p.department = $1
   AND NOT EXISTS (SELECT FROM load.live_statements s
                    WHERE s.actor = p.actor AND s.object = ecosys.activity_key($2) AND s.verb = ecosys.verb_key('http://adlnet.gov/expapi/verbs/passed'))
 ORDER BY p.employee_no
