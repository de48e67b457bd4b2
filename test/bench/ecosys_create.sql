-- A fresh ecosystem named load.
DROP SCHEMA IF EXISTS load CASCADE;
SELECT ecosys.create_ecosystem('load') \g /dev/null
CHECKPOINT;
