# The demo's generator and the bulk road: the same bytes every time, and of its
# lines exactly those end in rejects that belong there. One line in a hundred is
# a statement that is known already, spelled in one of the ways that xAPI calls the same.
use strict;
use warnings;

use Cwd qw(abs_path);
use File::Compare;
use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use Test::More;

my $dir = abs_path(PostgreSQL::Test::Utils::tempdir);
mkdir "$dir/$_" for qw(a b clean);
my $cc = $ENV{CC} || 'cc';
is(system("$cc -O1 -std=c99 -o $dir/generate test/demo/*.c"), 0, 'the generator compiles');
command_ok([ "$dir/generate", '--size', 'small', "$dir/a" ], 'it runs');
command_ok([ "$dir/generate", '--size', 'small', "$dir/b" ], 'and again');
for my $file (qw(hr_departments.csv hr_employees.csv hr_assignments.csv personas.csv okr_observations.csv model.json statements.jsonl))
{
	is(compare("$dir/a/$file", "$dir/b/$file"), 0, "$file has the same bytes both times");
}
command_ok([ "$dir/generate", '--clean', '--statements', '3000', "$dir/clean" ], 'a clean file');

my $node = PostgreSQL::Test::Cluster->new('main');
$node->init(extra => [ '--encoding=UTF8', '--no-locale' ]);
$node->start;
my $copy = q{(FORMAT csv, QUOTE e'\x01', DELIMITER e'\x02')};
$node->safe_psql('postgres', <<"SQL");
CREATE EXTENSION ecosys;
SELECT ecosys.create_ecosystem('learning');
COPY learning.intake (line) FROM '$dir/a/statements.jsonl' WITH $copy;
SQL

# 20,000 lines: 200 sent again, 12 conflicts, 11 that are none
is($node->safe_psql('postgres', 'SELECT count(*) FROM learning.statements'), 20000 - 200 - 12 - 11, 'each statement is there once');
is($node->safe_psql('postgres', q{SELECT count(*) FROM learning.rejects WHERE sqlstate = '23505'}), 12, 'another statement with a known id is refused');
is($node->safe_psql('postgres', q{SELECT count(*) FROM learning.rejects WHERE sqlstate <> '23505'}), 11, 'so is what is no statement');
is($node->safe_psql('postgres', q{SELECT count(DISTINCT coalesce(rule, message)) >= 10 FROM learning.rejects}), 't', 'each for a reason of its own');
is($node->safe_psql('postgres', q{SELECT count(*) FROM learning.statements s WHERE NOT EXISTS (SELECT FROM learning.live_statements l WHERE l.id = s.id)}),
	$node->safe_psql('postgres', 'SELECT count(DISTINCT v.voided) FROM learning.voidings v JOIN learning.statements s ON s.id = v.voided'),
	'what was voided is not live, whichever came first');

# the file once more: nothing is new, nothing is lost
$node->safe_psql('postgres', "COPY learning.intake (line) FROM '$dir/a/statements.jsonl' WITH $copy");
is($node->safe_psql('postgres', 'SELECT count(*) FROM learning.statements'), 20000 - 200 - 12 - 11, 'a second load of the same file stores nothing');
is($node->safe_psql('postgres', q{SELECT count(*) FROM learning.rejects}), 46, 'and refuses the same lines');

# a clean file goes the strict road
$node->safe_psql('postgres', "SELECT ecosys.create_ecosystem('clean'); COPY clean.statements (statement) FROM '$dir/clean/statements.jsonl' WITH $copy;");
is($node->safe_psql('postgres', 'SELECT count(*) FROM clean.statements'), 3000, 'COPY INTO statements takes every line of a clean file');

# the model
$node->safe_psql('postgres', "SELECT learning.import_model(pg_read_file('$dir/a/model.json')::json)");
is($node->safe_psql('postgres', q{SELECT count(*) FROM learning.elements e JOIN learning.element_kinds k USING (kind) WHERE k.acts_as = 'content'}), 900, 'the model has 900 items of content');
is($node->safe_psql('postgres', q{SELECT count(*) FROM learning.elements WHERE kind = 'goal'}), 7, 'and 7 goals');

$node->stop;
done_testing();
