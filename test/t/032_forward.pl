# `ecosys forward`: from one ecosystem to another through a record store that
# fails in every way; everything arrives, in order, and equal.
use strict;
use warnings;

use File::Basename;
use IPC::Run;
use POSIX ();
use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use Test::More;
use Time::HiRes qw(usleep time);

use lib dirname(__FILE__);
use FakeStore;

my $node = PostgreSQL::Test::Cluster->new('main');
$node->init(extra => [ '--encoding=UTF8', '--no-locale' ]);
$node->start;
$node->safe_psql('postgres', q{CREATE EXTENSION ecosys; SET client_min_messages = warning; SELECT ecosys.create_ecosystem(); SELECT ecosys.create_ecosystem('second')});

my $folder = PostgreSQL::Test::Utils::tempdir();
my $commands = "$folder/commands";
my $log = "$folder/log";
my ($port, $store) = FakeStore::start($node->connstr('postgres'), 'second', $commands, $log);
my $to = "http://127.0.0.1:$port/xapi/";
my $credentials = "$folder/credentials";
write_file($credentials, "key:secret:with colon\n");
chmod 0600, $credentials;

END
{
	my $status = $?;
	kill 'TERM', $store if $store;
	waitpid $store, 0 if $store;
	$? = $status;
}

sub write_file
{
	my ($name, $content) = @_;
	open my $out, '>', $name or die;
	print $out $content;
	close $out;
}

sub query { return $node->safe_psql('postgres', $_[0]) }

sub forward_command
{
	return [ 'ecosys', 'forward', '-d', $node->connstr('postgres'), "--to=$to", "--credentials-file=$credentials", '--first-wait=0.05', @_ ];
}

sub forward
{
	my ($out, $err) = ('', '');
	my $run = IPC::Run::start(forward_command('--once', @_), '<', \undef, '>', \$out, '2>', \$err, IPC::Run::timeout(120));
	$run->finish;
	return ($run->result(0) // 0, $out, $err);
}

sub add
{
	my ($from, $to) = @_;
	query(sprintf(q{INSERT INTO learning.statements (statement) SELECT format('{"actor": {"mbox": "mailto:p%%s@example.com", "name": "O''Neil \\\\ é"}, "verb": {"id": "http://example.com/did"}, "object": {"id": "http://example.com/x%%s"}}', i %% 9, i)::ecosys.statement FROM generate_series(%d, %d) i}, $from, $to));
}

# What is there is there once, equal, and in the same order.
sub same
{
	my ($what) = @_;
	is(query('SELECT count(*) FROM learning.statements'), query('SELECT count(*) FROM second.statements'), "$what: all are there");
	is(query('SELECT count(*) FROM learning.statements a JOIN second.statements b USING (id) WHERE NOT ecosys.equivalent(a.statement, b.statement)'), '0', "$what: and equal");
}

add(1, 250);
my ($code, $out, $err) = forward();
is($code, 0, 'a first run') or diag($err);
is($out, "250 forwarded, 0 passed over, 0 requests failed\n", 'forwards everything');
same('first run');
is(slurp_file($log), "200 2.0.0 application/json\n" x 3, 'in batches of 100, as version 2.0.0');
($code, $out, $err) = forward();
is($out, "0 forwarded, 0 passed over, 0 requests failed\n", 'a second run finds nothing');
is(query('SELECT forwarded, skipped, failures, position IS NOT NULL, last_error FROM learning.outboxes'), '250|0|0|t|', 'the outbox knows');

# a voiding statement is one like others
query(q{INSERT INTO learning.statements (statement) SELECT format('{"actor": {"mbox": "mailto:a@example.com"}, "verb": {"id": "http://adlnet.gov/expapi/verbs/voided"}, "object": {"objectType": "StatementRef", "id": "%s"}}', id)::ecosys.statement FROM learning.statements ORDER BY stored LIMIT 1});
($code, $out, $err) = forward('--version=1.0.3');
is($out, "1 forwarded, 0 passed over, 0 requests failed\n", 'a voiding statement goes too');
is(query('SELECT count(*) FROM second.voidings'), '1', 'and voids there');
like(slurp_file($log), qr/200 1\.0\.3 application\/json\n\z/, 'in the version asked for');

# a target that fails in every way
add(251, 600);
write_file($commands, "503\nclose\n429 1\nlose\n500\n\n\nclose\n");
my $start = time;
($code, $out, $err) = forward('--batch=50');
is($code, 0, 'a target that fails sometimes') or diag($err);
# curl itself tries again when a kept connection was closed, so those may count or not
like($out, qr/^350 forwarded, 0 passed over, [3-6] requests failed$/, 'gets everything in the end');
my ($failed) = $out =~ /(\d+) requests/;
cmp_ok(time - $start, '>=', 1, 'it is left alone for as long as it asks');
same('failing target');
is(query('SELECT failures FROM learning.outboxes'), $failed, 'failures are counted');

# one that never answers
add(601, 601);
write_file($commands, "503\n" x 3);
($code, $out, $err) = forward('--retries=2');
is($code, 1, 'no answer: given up');
like($err, qr/answered 503/, 'and said why');
is(query(q{SELECT last_error FROM learning.outboxes}), 'answered 503', 'in the outbox too');
($code, $out, $err) = forward();
is($out, "1 forwarded, 0 passed over, 0 requests failed\n", 'the next run goes on');

# wrong credentials, wrong address
write_file("$folder/wrong", "key:wrong\n");
chmod 0600, "$folder/wrong";
add(602, 602);
($code, $out, $err) = forward("--credentials-file=$folder/wrong");
is($code, 1, 'wrong credentials');
like($err, qr/answered 401/, 'are told at once');
unlike($err, qr/wrong:|secret/, 'without showing them');
chmod 0644, "$folder/wrong";
($code, $out, $err) = forward("--credentials-file=$folder/wrong");
like($err, qr/chmod 600/, 'a file that others can read is refused');
($code, $out, $err) = forward('--to=http://lrs.example.com/xapi');
is($code, 2, 'no credentials over plain http to another host');
($code, $out, $err) = forward("--to=http://127.0.0.1:$port/elsewhere", '--name=elsewhere');
like($err, qr/answered 404/, 'a wrong address is told at once');
query('DELETE FROM learning.outboxes WHERE name = \'elsewhere\'');
($code, $out, $err) = forward();
is($out, "1 forwarded, 0 passed over, 0 requests failed\n", 'the right ones go on');

# statements that the target refuses: it has another one with the id
add(603, 650);
my $conflict = query(q{SELECT id FROM learning.statements WHERE object = ecosys.activity_key('http://example.com/x620')});
query(qq{INSERT INTO second.statements (statement) VALUES ('{"id": "$conflict", "actor": {"mbox": "mailto:z\@example.com"}, "verb": {"id": "http://example.com/other"}, "object": {"id": "http://example.com/other"}}')});
($code, $out, $err) = forward();
is($code, 1, 'a conflict stops');
like($err, qr/statement $conflict: answered 409\nHINT: the target has another statement with this id/, 'and names the statement');
is(query(q{SELECT count(*) FROM second.statements WHERE object = ANY (SELECT ecosys.activity_key('http://example.com/x' || i) FROM generate_series(603, 619) i)}), '17', 'those before it are there');
is(query(q{SELECT count(*) FROM second.statements WHERE object = ANY (SELECT ecosys.activity_key('http://example.com/x' || i) FROM generate_series(621, 650) i)}), '0', 'those after it are not');
($code, $out, $err) = forward('--on-conflict=skip');
is($code, 3, 'passed over, if asked to');
is($out, "30 forwarded, 1 passed over, 0 requests failed\n", 'and the rest goes');
is(query('SELECT skipped, last_error FROM learning.outboxes'), "1|statement $conflict: answered 409", 'the outbox knows');

# going on as new statements come, until told to stop; woken by notifications
{
	query('UPDATE learning.settings SET notify_changes = true');
	my ($out, $err) = ('', '');
	my $run = IPC::Run::start(forward_command('--poll=30'), '<', \undef, '>', \$out, '2>', \$err, IPC::Run::timeout(120));
	for my $i (651 .. 653)
	{
		add($i, $i);
		my $start = time;
		ok($node->poll_query_until('postgres', "SELECT count(*) = 1 FROM second.statements WHERE object = ecosys.activity_key('http://example.com/x$i')"), "statement $i arrives");
		cmp_ok(time - $start, '<', 15, 'soon');
	}
	# only one at a time
	my ($code, $out2, $err2) = forward();
	is($code, 1, 'a second forwarder of one outbox');
	like($err2, qr/forwarded by another session/, 'is refused');
	# its session is ended: it connects again
	query(q{SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE query LIKE '%changes%' AND pid <> pg_backend_pid()});
	add(654, 654);
	ok($node->poll_query_until('postgres', q{SELECT count(*) = 1 FROM second.statements WHERE object = ecosys.activity_key('http://example.com/x654')}), 'it survives the end of its session');
	$run->signal('TERM');
	$run->finish;
	is($run->result(0), 0, 'SIGTERM ends it') or diag($err);
	like($out, qr/^\d+ forwarded/, 'with a summary');
}

# killed in the middle: what was on its way is sent again, and nothing is missing
add(1001, 2000);
{
	my ($out, $err) = ('', '');
	my $run = IPC::Run::start(forward_command('--once', '--batch=20'), '<', \undef, '>', \$out, '2>', \$err, IPC::Run::timeout(120));
	$node->poll_query_until('postgres', 'SELECT count(*) > 1000 FROM second.statements');
	$run->kill_kill;
	cmp_ok(query('SELECT count(*) FROM second.statements'), '<', 1600, 'killed in the middle');
}
$node->poll_query_until('postgres', q{SELECT count(*) = 0 FROM pg_locks WHERE locktype = 'advisory'});
($code, $out, $err) = forward();
is($code, 0, 'the next run goes on') or diag($err);
is(query('SELECT count(*) FROM learning.statements'), query('SELECT count(*) FROM second.statements'), 'everything is there, once');

$node->stop;
done_testing();
