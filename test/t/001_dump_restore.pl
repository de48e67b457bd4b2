# An ecosystem survives pg_dump and restore: same rows, same answers, same second dump,
# and it goes on working.
use strict;
use warnings;

use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use Test::More;

my $node = PostgreSQL::Test::Cluster->new('main');
$node->init(extra => [ '--encoding=UTF8', '--no-locale' ]);
$node->start;

$node->safe_psql('postgres', 'CREATE DATABASE one');
$node->safe_psql('one', <<'SQL');
CREATE EXTENSION ecosys;
SET client_min_messages = warning;
SELECT ecosys.create_ecosystem();
SELECT learning.import_model('{"elements": [
    {"key": "goal:a", "kind": "goal", "name": "A"},
    {"key": "course:x", "kind": "course", "name": "X", "activity": "http://example.com/x"},
    {"key": "lms:m", "kind": "lms", "name": "M"}],
  "relations": [{"source": "course:x", "kind": "supports", "target": "goal:a", "weight": 0.5},
                {"source": "lms:m", "kind": "delivers", "target": "course:x"}],
  "requirements": [{"item": "course:x", "required": 1}]}');
CREATE TABLE employees (no int, mail text);
INSERT INTO employees SELECT i, 'p' || i || '@example.com' FROM generate_series(1, 20) i;
SELECT learning.adopt_people('employees', 'no', email => 'mail');
INSERT INTO learning.statements (statement)
SELECT format('{"id": "00000000-0000-4000-8000-%s", "timestamp": "2026-01-%sT10:00:00.5+02:00", "actor": {"mbox": "mailto:p%s@example.com"}, "verb": {"id": "http://adlnet.gov/expapi/verbs/passed"}, "object": {"id": "http://example.com/x"}, "result": {"score": {"scaled": %s}, "extensions": {"http://example.com/e": "a\u0000\ud800 1.50e+1"}}}',
              lpad(i::text, 12, '0'), lpad((i % 28 + 1)::text, 2, '0'), i, 0.05 * i)::ecosys.statement
  FROM generate_series(1, 20) i;
INSERT INTO learning.statements (statement) VALUES ('{"actor": {"mbox": "mailto:p1@example.com"}, "verb": {"id": "http://adlnet.gov/expapi/verbs/voided"}, "object": {"objectType": "StatementRef", "id": "00000000-0000-4000-8000-000000000003"}}');
SQL

my $answers = <<'SQL';
SELECT id, stored, "timestamp", actor, statement::text FROM learning.statements ORDER BY id;
SELECT count(*) FROM learning.live_statements;
SELECT goal, person, score, coverage, state::text FROM learning.alignment('{goal,person}', '2026-06-01') ORDER BY 1, 2;
SELECT key, depth, strength FROM learning.impact('lms:m') ORDER BY 1;
SELECT * FROM learning.actors ORDER BY key;
SQL

my $dir = PostgreSQL::Test::Utils::tempdir;
sub dump_plain
{
	my ($database, $file) = @_;
	$node->command_ok([ 'pg_dump', '-d', $node->connstr($database), '-f', $file ], "dump of $database");
	my $text = PostgreSQL::Test::Utils::slurp_file($file);
	$text =~ s/^\\(un)?restrict .*$//mg;	# a random token since 15.14
	return $text;
}

my $before = $node->safe_psql('one', $answers);
my $first = dump_plain('one', "$dir/one.sql");

$node->safe_psql('postgres', 'CREATE DATABASE two');
$node->command_ok([ 'psql', '-qX', '-v', 'ON_ERROR_STOP=1', '-d', $node->connstr('two'), '-f', "$dir/one.sql" ], 'plain restore');
is($node->safe_psql('two', $answers), $before, 'the restored database answers the same');
my $second = dump_plain('two', "$dir/two.sql");
ok($second eq $first, 'a dump of the restored database is the same dump')
	or diag(`diff '$dir/one.sql' '$dir/two.sql'`);

$node->command_ok([ 'pg_dump', '-Fc', '-d', $node->connstr('one'), '-f', "$dir/one.dump" ], 'custom dump');
$node->safe_psql('postgres', 'CREATE DATABASE three');
$node->command_ok([ 'pg_restore', '-j2', '-d', $node->connstr('three'), "$dir/one.dump" ], 'parallel restore');
is($node->safe_psql('three', $answers), $before, 'and answers the same');

$node->safe_psql('three', q{INSERT INTO learning.statements (statement) VALUES ('{"actor": {"mbox": "mailto:late@example.com"}, "verb": {"id": "http://example.com/v"}, "object": {"id": "http://example.com/x"}}')});
is($node->safe_psql('three', q{SELECT count(*) FROM learning.actors WHERE ecosys.ifi(actor) = 'mailto:late@example.com'}), '1', 'storing goes on after a restore');

my ($status, $out, $err) = $node->psql('three', 'DROP EXTENSION ecosys');
isnt($status, 0, 'DROP EXTENSION is refused while an ecosystem is there');
like($err, qr/depend/, 'and says that things depend on it');
is($node->safe_psql('three', 'SELECT count(*) FROM learning.statements'), '22', 'nothing is lost');
$node->safe_psql('three', 'SET client_min_messages = warning; DROP SCHEMA learning CASCADE; DROP EXTENSION ecosys; CREATE EXTENSION ecosys; DROP EXTENSION ecosys;');
is($node->safe_psql('three', q{SELECT count(*) FROM pg_proc WHERE pronamespace = 'ecosys'::regnamespace}), '0', 'dropped, made and dropped again, it leaves nothing');

$node->stop;
done_testing();
