SELECT p.employee_no
  FROM company.people p
 WHERE p.department = $1
   AND NOT EXISTS (SELECT FROM plain.statements s
                    WHERE coalesce(s.doc #>> '{actor,account,name}', s.doc #>> '{actor,mbox}') = p.login
                      AND s.doc #>> '{object,id}' = $2 AND s.doc #>> '{verb,id}' = 'http://adlnet.gov/expapi/verbs/passed'
                      AND NOT EXISTS (SELECT FROM plain.statements v
                                       WHERE v.doc #>> '{object,id}' = s.id::text AND v.doc #>> '{verb,id}' = 'http://adlnet.gov/expapi/verbs/voided'))
 ORDER BY p.employee_no
