-- What an ecosystem is: one row of settings, and the version that made it.

CREATE TABLE @ecosystem@.settings (
    one_row           boolean PRIMARY KEY DEFAULT true CHECK (one_row),
    made_by_version   text NOT NULL,
    made_at           timestamptz NOT NULL DEFAULT pg_catalog.now(),
    half_life         interval DEFAULT interval '365 days'
                      CONSTRAINT half_life_at_least_1_s_no_months
                      CHECK (half_life >= interval '1 second' AND pg_catalog.date_part('year', half_life) = 0 AND pg_catalog.date_part('month', half_life) = 0),
    policy            text NOT NULL DEFAULT 'best' CHECK (policy IN ('best', 'last', 'mean', 'decayed')),
    completion_credit float8 NOT NULL DEFAULT 1 CHECK (completion_credit BETWEEN 0 AND 1),
    mastery_score     float8 CHECK (mastery_score > 0 AND mastery_score <= 1),
    grading           text NOT NULL DEFAULT 'linear' CHECK (grading IN ('linear', 'ramp', 'step')),
    lrs_home_page     text NOT NULL DEFAULT 'http://localhost',
    lrs_page_size     integer NOT NULL DEFAULT 500 CHECK (lrs_page_size BETWEEN 1 AND 100000),
    lrs_max_body      integer NOT NULL DEFAULT 16777216 CHECK (lrs_max_body >= 1024),
    lrs_max_batch     integer NOT NULL DEFAULT 10000 CHECK (lrs_max_batch >= 1),
    notify_changes    boolean NOT NULL DEFAULT false,
    CONSTRAINT grading_needs_mastery_score CHECK (grading = 'linear' OR mastery_score IS NOT NULL)
);
COMMENT ON TABLE @ecosystem@.settings IS 'How this ecosystem scores, in one row. Change it with UPDATE; scores follow at once.';
COMMENT ON COLUMN @ecosystem@.settings.one_row IS 'Always true: there is one row.';
COMMENT ON COLUMN @ecosystem@.settings.made_by_version IS 'Version of the extension that made or last upgraded this ecosystem.';
COMMENT ON COLUMN @ecosystem@.settings.made_at IS 'When the ecosystem was made.';
COMMENT ON COLUMN @ecosystem@.settings.half_life IS 'Evidence is worth half after this time, of at least 1 s; days, no months; NULL: evidence does not fade.';
COMMENT ON COLUMN @ecosystem@.settings.policy IS 'Which of several results counts: best, last, mean, or decayed (newer ones weigh more).';
COMMENT ON COLUMN @ecosystem@.settings.completion_credit IS 'Attainment in [0, 1] earned by completing without a grade.';
COMMENT ON COLUMN @ecosystem@.settings.mastery_score IS 'Threshold in (0, 1] for gradings ramp and step.';
COMMENT ON COLUMN @ecosystem@.settings.grading IS 'linear: the value itself; ramp: value / mastery_score, at most 1; step: 1 from mastery_score on, else 0.';
COMMENT ON COLUMN @ecosystem@.settings.lrs_home_page IS 'xapi: homePage of the accounts that authorities of clients are by default.';
COMMENT ON COLUMN @ecosystem@.settings.lrs_page_size IS 'xapi: statements in one answer, at most.';
COMMENT ON COLUMN @ecosystem@.settings.lrs_max_body IS 'xapi: bytes in the content of a request, at most; more is answered with 413.';
COMMENT ON COLUMN @ecosystem@.settings.lrs_max_batch IS 'xapi: statements in one request, at most; more are answered with 413.';
COMMENT ON COLUMN @ecosystem@.settings.notify_changes IS 'Whether each transaction that stores statements sends NOTIFY on the channel <ecosystem>_changes. Such transactions commit one after the other, and cannot be prepared.';
CREATE TRIGGER forget AFTER UPDATE ON @ecosystem@.settings FOR EACH STATEMENT EXECUTE FUNCTION ecosys.dictionary_forget();
COMMENT ON TRIGGER forget ON @ecosystem@.settings IS 'Tells all sessions to read the settings again.';
INSERT INTO @ecosystem@.settings (made_by_version)
SELECT extversion FROM pg_catalog.pg_extension WHERE extname = 'ecosys';

