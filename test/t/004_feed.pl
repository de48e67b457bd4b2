# A reader of the change feed that goes on from its position misses nothing and
# gets nothing twice, while writers hold transactions open, roll back, prepare,
# and while old rows are purged and their space is used again. What a prepared
# transaction stored holds the feed back until it ends, over a restart too; its
# names are nobody's obstacle. A crash leaves every name of what was committed.
use strict;
use warnings;

use File::Temp;
use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use Test::More;

my $node = PostgreSQL::Test::Cluster->new('main');
$node->init(extra => [ '--encoding=UTF8', '--no-locale' ]);
$node->append_conf('postgresql.conf', "max_prepared_transactions = 20\ntrack_activities = off");
$node->start;
$node->safe_psql('postgres', q{CREATE EXTENSION ecosys; SET client_min_messages = warning; SELECT ecosys.create_ecosystem();
	CREATE TABLE got (n bigint GENERATED ALWAYS AS IDENTITY, position text, id uuid);
	CREATE TABLE purged (id uuid);
	CREATE TABLE done ();
	CREATE FUNCTION st(i text, verb text DEFAULT 'did') RETURNS ecosys.statement LANGUAGE sql AS $$
		SELECT format('{"id": "%s", "actor": {"mbox": "mailto:p%s@example.com", "name": "P"}, "verb": {"id": "http://example.com/%s"}, "object": {"id": "http://example.com/%s"}}',
			md5(i)::uuid, abs(hashtext(i)) % 40, verb, abs(hashtext(i || 'o')) % 40)::ecosys.statement $$});

sub background
{
	my ($sql) = @_;
	my ($out, $err) = ('', '');
	# in a file: what comes over a pipe is only sent on while this process waits
	my ($handle, $file) = File::Temp::tempfile(UNLINK => 1);
	print $handle $sql;
	close $handle;
	my $run = IPC::Run::start([ 'psql', '-qXAt', '-v', 'ON_ERROR_STOP=1', '-d', $node->connstr('postgres'), '-f', $file ], '<', \undef, '>', \$out, '2>', \$err,
		IPC::Run::timeout(300));
	return { run => $run, out => \$out, err => \$err };
}

sub finished
{
	my ($process, $what) = @_;
	ok($process->{run}->finish, $what) or diag(${ $process->{err} });
}

my $missing = q{SELECT count(*) FROM learning.statements s LEFT JOIN learning.actors a ON a.key = s.actor LEFT JOIN learning.verbs v ON v.key = s.verb
	LEFT JOIN learning.activities o ON o.key = s.object WHERE a.key IS NULL OR v.key IS NULL OR o.key IS NULL};

# ---- writers and a reader ----
my @processes;
for my $writer (1 .. 4)
{
	my $sql = '';
	for my $i (1 .. 60)
	{
		my $id = "$writer-$i";
		my $end = $i % 7 == 3 ? 'ROLLBACK' : $i % 5 == 2 && $writer < 4 ? "PREPARE TRANSACTION '$id'" : 'COMMIT';
		$sql .= "BEGIN;\n";
		$sql .= "INSERT INTO learning.statements (statement) SELECT st('$id-' || j) FROM generate_series(1, 20) j;\nSELECT pg_sleep(0.05 * random());\n";
		$sql .= "SELECT pg_sleep(0.15 * random());\nINSERT INTO learning.statements (statement) SELECT st('$id+' || j) FROM generate_series(1, 5) j;\n" if $i % 4 == 0;
		$sql .= "$end;\n";
		$sql .= "SELECT pg_sleep(0.1 * random());\n" . ($i % 2 ? 'COMMIT' : 'ROLLBACK') . " PREPARED '$id';\n" if $end =~ /PREPARE/;
	}
	push @processes, background($sql . 'INSERT INTO done DEFAULT VALUES');
}
my $reader = background(q{DO $$
	DECLARE
		place text;
		last text;
		all_done boolean;
	BEGIN
		LOOP
			SELECT count(*) = 4 INTO all_done FROM done;
			COMMIT;
			INSERT INTO got (position, id) SELECT c.position, c.id FROM learning.changes(place, 1000) c;
			SELECT max(g.position) INTO last FROM got g;
			EXIT WHEN all_done AND last IS NOT DISTINCT FROM place;
			place := last;
			PERFORM pg_sleep(0.002);
			COMMIT;
		END LOOP;
	END $$});
# what was read is purged, and the space used again
my $purger = background(q{DO $$
	BEGIN
		FOR i IN 1 .. 8 LOOP
			PERFORM pg_sleep(0.4);
			WITH gone AS (DELETE FROM learning.statements WHERE id IN (SELECT id FROM got ORDER BY n LIMIT 150 * i) RETURNING id)
			INSERT INTO purged SELECT id FROM gone;
			COMMIT;
		END LOOP;
	END $$;
	VACUUM learning.statements;
	SELECT learning.maintain();});
finished($_, 'no writer fails') for @processes;
finished($purger, 'nor the purge');
finished($reader, 'nor the reader');
is($node->safe_psql('postgres', 'SELECT count(*) > 3000 FROM got'), 't', 'the reader got many');
is($node->safe_psql('postgres', 'SELECT count(*) - count(DISTINCT id) FROM got'), '0', 'none twice');
is($node->safe_psql('postgres', 'SELECT count(*) FROM (SELECT id FROM learning.statements UNION SELECT id FROM purged EXCEPT SELECT id FROM got) s'), '0', 'all that were stored');
is($node->safe_psql('postgres', 'SELECT count(*) FROM (SELECT id FROM got EXCEPT SELECT id FROM learning.statements EXCEPT SELECT id FROM purged) s'), '0', 'and no others');
is($node->safe_psql('postgres', 'SELECT count(*) FROM (SELECT position <= lag(position) OVER (ORDER BY n) AS back FROM got) g WHERE back'), '0', 'in order');
is($node->safe_psql('postgres', $missing), '0', 'every key has its meaning');
is($node->safe_psql('postgres', 'SELECT max(n) FROM (SELECT count(*) AS n FROM learning.actors GROUP BY key) a'), '1', 'one');

# ---- a prepared transaction ----
$node->safe_psql('postgres', q{BEGIN; INSERT INTO learning.statements (statement) VALUES (st('prepared', 'prepared')); PREPARE TRANSACTION 'held'});
$node->safe_psql('postgres', q{SET lock_timeout = '1s'; INSERT INTO learning.statements (statement) VALUES (st('other', 'prepared')); DELETE FROM got});
my $behind = q{SELECT learning.consistent_through() < (SELECT stored FROM learning.statements WHERE id = md5('other')::uuid)};
is($node->safe_psql('postgres', $behind), 't', 'what is prepared holds the time back');
is($node->safe_psql('postgres', $missing), '0', 'but no name');
$node->restart;
is($node->safe_psql('postgres', $behind), 't', 'after a restart as well');
is($node->safe_psql('postgres', q{SELECT count(*) FROM learning.changes(NULL, 100000) WHERE id = md5('other')::uuid}), '0', 'and the feed');
$node->safe_psql('postgres', q{ROLLBACK PREPARED 'held'});
is($node->safe_psql('postgres', $behind), 'f', 'until it ends');
is($node->safe_psql('postgres', q{SELECT count(*) FROM learning.changes(NULL, 100000) WHERE id = md5('other')::uuid}), '1', 'then the feed goes on');
is($node->safe_psql('postgres', $missing), '0', 'names of the prepared one that were named by another too are there');
is($node->safe_psql('postgres', q{SELECT learning.maintain() > 0; SELECT count(*) FROM learning.names_in_flight}), "t\n0", 'and are settled');
$node->safe_psql('postgres', q{BEGIN; INSERT INTO learning.statements (statement) VALUES (st('prepared again', 'again')); PREPARE TRANSACTION 'held'});
$node->safe_psql('postgres', q{COMMIT PREPARED 'held'});
is($node->safe_psql('postgres', $missing), '0', 'a prepared transaction brings its names');

# ---- a crash, with names in flight ----
my ($in, $out, $err) = ('', '', '');
my $open = IPC::Run::start([ 'psql', '-qXAt', '-d', $node->connstr('postgres') ], '<', \$in, '>', \$out, '2>', \$err, IPC::Run::timeout(60));
$in .= "BEGIN; INSERT INTO learning.statements (statement) VALUES (st('open', 'crash')); SELECT 'open';\n";
pump $open until $out =~ /open/;
$node->safe_psql('postgres', q{INSERT INTO learning.statements (statement) VALUES (st('committed', 'crash'))});
is($node->safe_psql('postgres', q{SELECT count(*) FROM learning.names_in_flight WHERE iri = 'http://example.com/crash'}), '1', 'a name is in flight');
$node->stop('immediate');
eval { $open->finish };
$node->start;
is($node->safe_psql('postgres', q{SELECT count(*) FROM learning.verbs WHERE iri = 'http://example.com/crash'}), '1', 'it is there after the crash');
is($node->safe_psql('postgres', q{SELECT count(*) FROM learning.settled_verbs WHERE iri = 'http://example.com/crash'}), '0', 'and what the other one wrote is not');
is($node->safe_psql('postgres', $missing), '0', 'every key has its meaning');
is($node->safe_psql('postgres', q{SELECT learning.consistent_through() > max(stored) FROM learning.statements}), 't', 'and nothing holds the time back');

$node->stop;
done_testing();
