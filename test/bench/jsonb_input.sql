SELECT count(line::jsonb) FROM company.texts \g /dev/null
