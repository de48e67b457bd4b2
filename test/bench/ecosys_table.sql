-- A fresh ecosystem for each round of loading.
DROP SCHEMA IF EXISTS load CASCADE;
SELECT ecosys.create_ecosystem('load') \g /dev/null
