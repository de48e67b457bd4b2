SELECT count(line::json) FROM company.texts \g /dev/null
