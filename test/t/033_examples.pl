# The programs of examples/ are built without a warning and do what they say.
use strict;
use warnings;

use IPC::Run;
use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use Test::More;

my $node = PostgreSQL::Test::Cluster->new('main');
$node->init(extra => [ '--encoding=UTF8', '--no-locale' ]);
$node->start;
$node->safe_psql('postgres', q{CREATE EXTENSION ecosys; SET client_min_messages = warning; SELECT ecosys.create_ecosystem()});

my ($make_out, $make_err) = ('', '');
ok(IPC::Run::run([ 'make', '-C', 'examples', 'CFLAGS=-O2 -Werror', $ENV{PG_CONFIG} ? "PG_CONFIG=$ENV{PG_CONFIG}" : () ], '>', \$make_out, '2>', \$make_err),
	'they are built without a warning')
  or diag($make_err);
END { system('make -s -C examples clean') }

$ENV{PGHOST} = $node->host;
$ENV{PGPORT} = $node->port;
$ENV{PGDATABASE} = 'postgres';
my $folder = PostgreSQL::Test::Utils::tempdir();

sub query { return $node->safe_psql('postgres', $_[0]) }

sub run_example
{
	my ($in, @command) = @_;
	my ($out, $err) = ('', '');
	my $run = IPC::Run::start(\@command, '<', \$in, '>', \$out, '2>', \$err, IPC::Run::timeout(60));
	$run->finish;
	return ($run->result(0) // 0, $out, $err);
}

sub statement
{
	my ($n, $more) = @_;
	return sprintf('{"id": "30000000-0000-4000-8000-%012d", "actor": {"mbox": "mailto:p%d@example.com"}, "verb": {"id": "http://example.com/did"}, "object": {"id": "http://example.com/x%d"}%s}',
		$n, $n % 5, $n, $more // '') . "\n";
}

# store_pipeline: good batches, one with bad statements, repeated ones
my ($code, $out, $err) = run_example(join('', map { statement($_) } (1 .. 230)), 'examples/store_pipeline');
is($code, 0, 'store_pipeline: all good') or diag($err);
is($out, "230 stored of 230 lines\n", 'all stored');
($code, $out, $err) = run_example(
	statement(301) . '{"broken' . "\n" . statement(302) . statement(303, ', "result": {"score": {"scaled": 2}}') . statement(1) . statement(2, ', "result": {"success": true}') . join('', map { statement($_) } (304 .. 400)),
	'examples/store_pipeline');
is($code, 3, 'store_pipeline: some bad');
is($out, "99 stored of 103 lines\n", 'the good ones are stored');
like($err, qr/^line 2: .*\(22P02\)\n.*json\.syntax.*\nline 4: .*\(22023\)\n.*score\.scaled.*\nline 6: .*\(23505\)\n.*\n\z/, 'the bad ones are named');
is(query('SELECT count(*), count(DISTINCT object) FROM learning.statements'), '329|329', 'in the table');

# read_binary: the same as the server's own text
query(q{INSERT INTO learning.statements (statement) VALUES ('{"actor": {"mbox": "mailto:b@example.com"}, "verb": {"id": "http://example.com/did"}, "object": {"id": "http://example.com/b"}, "result": {"score": {"scaled": 0.1}, "success": false}, "timestamp": "1999-12-31T23:59:59.250Z"}'),
	('{"id": "40000000-0000-4000-8000-000000000001", "actor": {"mbox": "mailto:b@example.com"}, "verb": {"id": "http://example.com/did"}, "object": {"id": "http://example.com/c"}, "result": {"success": true}}'),
	('{"id": "40000000-0000-4000-8000-000000000002", "timestamp": "2026-01-02T03:04:05.678901Z", "actor": {"mbox": "mailto:b@example.com"}, "verb": {"id": "http://example.com/did"}, "object": {"id": "http://example.com/d"}}')});
($code, $out, $err) = run_example('', 'examples/read_binary', 'mailto:b@example.com');
is($code, 0, 'read_binary') or diag($err);
my $expected = query(q{SET timezone = 'UTC'; SELECT format(E'%s  %s  %s  %s', id, to_char("timestamp", 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'), CASE scaled WHEN 0.1 THEN '0.10000000000000001' ELSE 'no score' END,
	CASE success WHEN true THEN 'success' WHEN false THEN 'failure' ELSE 'open' END) FROM learning.statements WHERE actor = ecosys.actor_key('mailto:b@example.com'::text) ORDER BY stored DESC});
is(join("\n", grep { /^\S/ } split /\n/, $out), $expected, 'id, time, score, success');
is(scalar(grep { /^  \{.*"actor": \{"mbox": "mailto:b\@example\.com"\}.*\}$/ } split /\n/, $out), 3, 'and the JSON text');

# follow_changes
{
	local $ENV{FOLLOW_ONCE} = 1;
	($code, $out, $err) = run_example('', 'examples/follow_changes', "$folder/position");
	is($code, 0, 'follow_changes') or diag($err);
	is(scalar(split /\n/, $out), 332, 'sees every statement');
	is(join(',', map { (split / +/)[-2] } split /\n/, $out), query(q{SELECT string_agg(id::text, ',' ORDER BY stored, id) FROM learning.statements}), 'in order');
	($code, $out, $err) = run_example('', 'examples/follow_changes', "$folder/position");
	is($out, '', 'once');
	delete local $ENV{FOLLOW_ONCE};
	my ($in, $seen) = ('', '');
	my $run = IPC::Run::start([ 'examples/follow_changes', "$folder/position" ], '<', \$in, '>', \$seen, '2>', \$err, IPC::Run::timeout(60));
	query(sprintf(q{INSERT INTO learning.statements (statement) VALUES ('%s')}, statement(901)));
	$run->pump until $seen =~ /\n/;
	like($seen, qr/30000000-0000-4000-8000-000000000901  http:\/\/example\.com\/did\n/, 'and what comes later');
	$run->kill_kill;
	my $length = -s "$folder/position";
	cmp_ok($length, '>', 10, 'with the position kept');
}

$node->stop;
done_testing();
