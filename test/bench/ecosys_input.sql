SELECT count(line::ecosys.statement) FROM company.texts \g /dev/null
