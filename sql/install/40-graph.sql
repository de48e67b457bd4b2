-- The graph engine: walks, contributions and what-if over an ecosystem's elements and relations.

CREATE FUNCTION ecosys.graph_walk(
    ecosystem      regnamespace,
    start          bigint[],
    direction      text DEFAULT 'downstream',
    max_depth      integer DEFAULT NULL,
    relation_kinds text[] DEFAULT NULL,
    element_kinds  text[] DEFAULT NULL,
    min_strength   float8 DEFAULT 0,
    as_of          date DEFAULT NULL,
    OUT element bigint, OUT depth integer, OUT strength float8, OUT path bigint[], OUT via text[])
    RETURNS SETOF record
    LANGUAGE c STABLE PARALLEL RESTRICTED ROWS 1000 COST 10000 AS 'MODULE_PATHNAME', 'ecosys_graph_walk';
COMMENT ON FUNCTION ecosys.graph_walk(regnamespace, bigint[], text, integer, text[], text[], float8, date) IS
'Every element that a walk from the start elements reaches, once: depth, the smallest number of relations; strength, the largest product of weight and impact over paths of at most max_depth relations; path, the elements of that path; via, the names of what leads from one to the next. direction: downstream (the way change flows), upstream or both. element_kinds limits what is returned, relation_kinds and min_strength what is walked over.';

CREATE FUNCTION ecosys.graph_closure(
    ecosystem regnamespace,
    as_of     date DEFAULT NULL,
    OUT source bigint, OUT target bigint, OUT strength float8, OUT path bigint[])
    RETURNS SETOF record
    LANGUAGE c STABLE PARALLEL RESTRICTED ROWS 10000 COST 100000 AS 'MODULE_PATHNAME', 'ecosys_graph_closure_rows';
COMMENT ON FUNCTION ecosys.graph_closure(regnamespace, date) IS
'How strongly each content and competency contributes to each content, competency and goal it reaches: the largest product of weights over contributing relations, and the path that has it. A path ends at the first goal. Each content and competency reaches itself with strength 1.';

CREATE FUNCTION ecosys.element_ids(ecosystem regnamespace, keys text[], as_of date DEFAULT NULL) RETURNS bigint[]
    LANGUAGE c STABLE PARALLEL RESTRICTED AS 'MODULE_PATHNAME', 'ecosys_element_ids';
COMMENT ON FUNCTION ecosys.element_ids(regnamespace, text[], date) IS 'Ids of the elements with these keys, in their order. An unknown key is an error that names those near it.';

CREATE FUNCTION ecosys.graph_availability(
    ecosystem regnamespace,
    scenario  jsonb DEFAULT '{}',
    as_of     date DEFAULT NULL,
    OUT element bigint, OUT own float8, OUT available float8)
    RETURNS SETOF record
    LANGUAGE c STABLE PARALLEL RESTRICTED ROWS 1000 COST 10000 AS 'MODULE_PATHNAME', 'ecosys_graph_availability';
COMMENT ON FUNCTION ecosys.graph_availability(regnamespace, jsonb, date) IS
'How available each element is when the scenario sets the own availability of some, by key, e.g. {"lms:main": 0}: its own, limited by its weakest dependency; of alternatives the best counts.';

CREATE FUNCTION ecosys.graph_achievable(
    ecosystem regnamespace,
    scenario  jsonb DEFAULT '{}',
    as_of     date DEFAULT NULL,
    OUT item bigint, OUT baseline float8, OUT achievable float8)
    RETURNS SETOF record
    LANGUAGE c STABLE PARALLEL RESTRICTED ROWS 1000 COST 100000 AS 'MODULE_PATHNAME', 'ecosys_graph_achievable';
COMMENT ON FUNCTION ecosys.graph_achievable(regnamespace, jsonb, date) IS
'The highest attainment of each content and competency that the available content still allows, without the scenario (baseline) and with it.';

CREATE FUNCTION ecosys.graph_importance(
    ecosystem regnamespace,
    items     bigint[],
    weights   float8[],
    as_of     date DEFAULT NULL,
    OUT element bigint, OUT importance float8, OUT items_lost bigint)
    RETURNS SETOF record
    LANGUAGE c STABLE PARALLEL RESTRICTED ROWS 1000 COST 1000000 AS 'MODULE_PATHNAME', 'ecosys_graph_importance';
COMMENT ON FUNCTION ecosys.graph_importance(regnamespace, bigint[], float8[], date) IS
'What the loss of each element would take: the share of the weight of the items that is no longer achievable, and how many items nothing else gives any more. NULL where the weights add up to 0.';
