-- The model: what the learning ecosystem is made of, and how change flows in it.

CREATE TABLE @ecosystem@.element_kinds (
    kind        text PRIMARY KEY,
    family      text NOT NULL CHECK (family IN ('strategy', 'people', 'content', 'platform', 'data')),
    acts_as     text CHECK (acts_as IN ('goal', 'competency', 'content')),
    description text
);
COMMENT ON TABLE @ecosystem@.element_kinds IS 'The vocabulary of elements, open to your own kinds.';
COMMENT ON COLUMN @ecosystem@.element_kinds.kind IS 'Name of the kind, e.g. goal, course.';
COMMENT ON COLUMN @ecosystem@.element_kinds.family IS 'Part of the ecosystem: strategy, people, content, platform or data.';
COMMENT ON COLUMN @ecosystem@.element_kinds.acts_as IS 'Part in the scores: goal (is served), competency (carries), content (earns evidence); NULL: none.';
COMMENT ON COLUMN @ecosystem@.element_kinds.description IS 'What the kind means.';

INSERT INTO @ecosystem@.element_kinds (kind, family, acts_as, description) VALUES
    ('goal',              'strategy', 'goal',       'What the organisation wants to reach'),
    ('objective',         'strategy', 'goal',       'Objective of an OKR'),
    ('key_result',        'strategy', NULL,         'Measurable result that shows an objective is reached'),
    ('policy',            'strategy', NULL,         'Rule or regulation the organisation is bound by'),
    ('competency',        'strategy', 'competency', 'Knowledge, skill or behaviour (CASE: competency)'),
    ('manager',           'people',   NULL,         'Leads people, asks for and supports learning'),
    ('vendor',            'people',   NULL,         'Supplies content, platforms or services'),
    ('learning_designer', 'people',   NULL,         'Designs learning'),
    ('trainer',           'people',   NULL,         'Teaches, coaches or mentors'),
    ('learner',           'people',   NULL,         'Learns'),
    ('co_worker',         'people',   NULL,         'Colleague who shares knowledge'),
    ('customer',          'people',   NULL,         'Served by the organisation, a source of learning needs'),
    ('role',              'people',   NULL,         'Job role with requirements'),
    ('org_unit',          'people',   NULL,         'Unit of the organisation'),
    ('course',            'content',  'content',    'Course'),
    ('module',            'content',  'content',    'Part of a course'),
    ('video',             'content',  'content',    'Recorded video'),
    ('webinar',           'content',  'content',    'Live session online'),
    ('ebook',             'content',  'content',    'E-book, article or job aid'),
    ('on_the_job_task',   'content',  'content',    'Task done at work to learn'),
    ('mentoring',         'content',  'content',    'Mentoring or coaching'),
    ('assessment',        'content',  'content',    'Test, simulation or observed practice'),
    ('credential',        'content',  'content',    'Certificate or badge'),
    ('program',           'content',  'content',    'Several contents with one purpose'),
    ('lms',               'platform', NULL,         'Learning management system'),
    ('lrs',               'platform', NULL,         'Learning record store'),
    ('library',           'platform', NULL,         'External content library'),
    ('virtual_classroom', 'platform', NULL,         'Virtual classroom'),
    ('assessment_platform', 'platform', NULL,       'Platform that runs assessments'),
    ('authoring_tool',    'platform', NULL,         'Tool that content is made with'),
    ('portal',            'platform', NULL,         'Portal or intranet'),
    ('platform',          'platform', NULL,         'Any other platform'),
    ('measure',           'data',     NULL,         'Measure or key performance indicator'),
    ('report',            'data',     NULL,         'Report or dashboard'),
    ('data_set',          'data',     NULL,         'Data set or feed');

CREATE TABLE @ecosystem@.relation_kinds (
    kind        text PRIMARY KEY,
    inverse     text NOT NULL,
    carries     text NOT NULL DEFAULT 'nothing' CHECK (carries IN ('contribution', 'goal_tree', 'delivery', 'nothing')),
    impact      float8 NOT NULL DEFAULT 1 CHECK (impact >= 0 AND impact <= 1),
    description text
);
COMMENT ON TABLE @ecosystem@.relation_kinds IS 'The vocabulary of relations. Each is stored in one direction, the way change flows: the source changes, the target feels it.';
COMMENT ON COLUMN @ecosystem@.relation_kinds.kind IS 'Name, read from source to target, e.g. platform delivers course.';
COMMENT ON COLUMN @ecosystem@.relation_kinds.inverse IS 'The same read from target to source, e.g. is delivered by.';
COMMENT ON COLUMN @ecosystem@.relation_kinds.carries IS 'contribution: towards goals, for scores; goal_tree: goal to its parent; delivery: the target needs the source, for what-if; nothing: for walks only.';
COMMENT ON COLUMN @ecosystem@.relation_kinds.impact IS 'How much of a change passes, in [0, 1]; multiplied with each relation''s weight in walks.';
COMMENT ON COLUMN @ecosystem@.relation_kinds.description IS 'What the kind means.';

INSERT INTO @ecosystem@.relation_kinds (kind, inverse, carries, impact, description) VALUES
    ('teaches',        'is taught by',      'contribution', 1,    'content teaches competency'),
    ('supports',       'is supported by',   'contribution', 1,    'competency or content supports goal or competency'),
    ('contributes_to', 'is contributed to by', 'goal_tree', 1,    'goal contributes to its parent goal; a goal has at most one'),
    ('delivers',       'is delivered by',   'delivery',     1,    'platform delivers content'),
    ('provides',       'is provided by',    'delivery',     1,    'vendor provides platform or content'),
    ('designs',        'is designed by',    'delivery',     0.5,  'role, vendor or learning designer designs content'),
    ('trains',         'is trained by',     'delivery',     0.8,  'trainer or role gives content'),
    ('hosts',          'runs on',           'delivery',     1,    'platform hosts another platform'),
    ('part_of',        'has part',          'delivery',     0.8,  'module is part of course'),
    ('feeds',          'is fed by',         'delivery',     0.8,  'platform or data set feeds data set, measure or report'),
    ('indicates',      'is indicated by',   'nothing',      0.5,  'measure or key result indicates goal'),
    ('informs',        'is informed by',    'nothing',      0.5,  'report or data set informs people or strategy'),
    ('mandates',       'is mandated by',    'nothing',      0.8,  'policy mandates content, competency or goal'),
    ('leads',          'is led by',         'nothing',      0.5,  'manager leads org unit or role'),
    ('needs',          'is needed by',      'nothing',      0.5,  'customer or goal needs competency'),
    ('precedes',       'follows',           'nothing',      0.5,  'content precedes content'),
    ('related_to',     'is related to',     'nothing',      0.1,  'any other relation; carries no priority');

CREATE TABLE @ecosystem@.elements (
    id           bigint GENERATED BY DEFAULT AS IDENTITY PRIMARY KEY,
    key          text NOT NULL UNIQUE CHECK (key <> ''),
    kind         text NOT NULL REFERENCES @ecosystem@.element_kinds ON UPDATE CASCADE,
    name         text NOT NULL,
    owner        text,
    review_by    date,
    valid_from   date,
    valid_to     date,
    priority     float8 NOT NULL DEFAULT 1 CHECK (priority > 0 AND priority < 'Infinity'),
    activity     text,
    activity_key bigint GENERATED ALWAYS AS (ecosys.activity_key(activity)) STORED,
    effort       numeric CHECK (effort >= 0),
    available    float8 NOT NULL DEFAULT 1 CHECK (available >= 0 AND available <= 1),
    properties   jsonb NOT NULL DEFAULT '{}',
    CHECK (valid_from < valid_to)
);
CREATE INDEX ON @ecosystem@.elements (kind);
CREATE UNIQUE INDEX elements_one_activity ON @ecosystem@.elements (activity_key);
COMMENT ON TABLE @ecosystem@.elements IS 'What the ecosystem is made of: goals, competencies, people''s roles, content, platforms, data.';
COMMENT ON COLUMN @ecosystem@.elements.id IS 'Surrogate key.';
COMMENT ON COLUMN @ecosystem@.elements.key IS 'Stable name, by custom kind:slug, e.g. goal:cut-churn.';
COMMENT ON COLUMN @ecosystem@.elements.kind IS 'One of element_kinds.';
COMMENT ON COLUMN @ecosystem@.elements.name IS 'Name for people.';
COMMENT ON COLUMN @ecosystem@.elements.owner IS 'Who is responsible.';
COMMENT ON COLUMN @ecosystem@.elements.review_by IS 'Day by which somebody must look at it again.';
COMMENT ON COLUMN @ecosystem@.elements.valid_from IS 'First day it exists; NULL: always did.';
COMMENT ON COLUMN @ecosystem@.elements.valid_to IS 'First day it no longer exists; NULL: no end.';
COMMENT ON COLUMN @ecosystem@.elements.priority IS 'Goals: weight among siblings, on any scale.';
COMMENT ON COLUMN @ecosystem@.elements.activity IS 'Content: the activity IRI that statements carry.';
COMMENT ON COLUMN @ecosystem@.elements.activity_key IS 'Key of activity, as in statements.object.';
COMMENT ON COLUMN @ecosystem@.elements.effort IS 'Content: learner-hours or cost spent on it.';
COMMENT ON COLUMN @ecosystem@.elements.available IS 'Own availability in [0, 1], whatever it depends on; the baseline of what-if.';
COMMENT ON COLUMN @ecosystem@.elements.properties IS 'Anything else.';

CREATE TABLE @ecosystem@.relations (
    id           bigint GENERATED BY DEFAULT AS IDENTITY PRIMARY KEY,
    source       bigint NOT NULL REFERENCES @ecosystem@.elements ON DELETE CASCADE,
    kind         text NOT NULL REFERENCES @ecosystem@.relation_kinds ON UPDATE CASCADE,
    target       bigint NOT NULL REFERENCES @ecosystem@.elements ON DELETE CASCADE,
    weight       float8 NOT NULL DEFAULT 1 CHECK (weight > 0 AND weight <= 1),
    alternatives text,
    valid_from   date,
    valid_to     date,
    CHECK (valid_from < valid_to),
    UNIQUE NULLS NOT DISTINCT (source, kind, target, valid_from)
);
CREATE INDEX ON @ecosystem@.relations (target);
CREATE UNIQUE INDEX relations_one_parent_goal ON @ecosystem@.relations (source) WHERE kind = 'contributes_to' AND valid_to IS NULL;
COMMENT ON TABLE @ecosystem@.relations IS 'How change flows: the source changes, the target feels it.';
COMMENT ON COLUMN @ecosystem@.relations.id IS 'Surrogate key.';
COMMENT ON COLUMN @ecosystem@.relations.source IS 'Element that change comes from.';
COMMENT ON COLUMN @ecosystem@.relations.kind IS 'One of relation_kinds.';
COMMENT ON COLUMN @ecosystem@.relations.target IS 'Element that feels the change.';
COMMENT ON COLUMN @ecosystem@.relations.weight IS 'In (0, 1]: contribution, or criticality for kinds that deliver.';
COMMENT ON COLUMN @ecosystem@.relations.alternatives IS 'Sources of one target with the same group name stand in for each other; NULL: needed.';
COMMENT ON COLUMN @ecosystem@.relations.valid_from IS 'First day it holds; NULL: always did.';
COMMENT ON COLUMN @ecosystem@.relations.valid_to IS 'First day it no longer holds; NULL: no end.';

CREATE TABLE @ecosystem@.requirements (
    id       bigint GENERATED BY DEFAULT AS IDENTITY PRIMARY KEY,
    role     bigint REFERENCES @ecosystem@.elements ON DELETE CASCADE,
    item     bigint NOT NULL REFERENCES @ecosystem@.elements ON DELETE CASCADE,
    required float8 NOT NULL DEFAULT 1 CHECK (required >= 0 AND required <= 1),
    UNIQUE NULLS NOT DISTINCT (role, item)
);
COMMENT ON TABLE @ecosystem@.requirements IS 'Who must be able to do what: a role needs an item (content or competency).';
COMMENT ON COLUMN @ecosystem@.requirements.id IS 'Surrogate key.';
COMMENT ON COLUMN @ecosystem@.requirements.role IS 'Element of kind role; NULL: everybody.';
COMMENT ON COLUMN @ecosystem@.requirements.item IS 'Content or competency.';
COMMENT ON COLUMN @ecosystem@.requirements.required IS 'How required, in [0, 1].';

