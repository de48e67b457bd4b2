-- Every rule, nothing stored; all are valid, so there is not one row to return.
SELECT count(*) FROM (SELECT ecosys.check_statement(line) FROM company.texts OFFSET 0) faults \g /dev/null
