# Turns are locks of the session, which the end of a transaction does not release:
# they must not outlive a cancel, whenever it comes.
use strict;
use warnings;

use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use Test::More;

my $node = PostgreSQL::Test::Cluster->new('main');
$node->init(extra => [ '--encoding=UTF8', '--no-locale' ]);
$node->start;
$node->safe_psql('postgres', q{
CREATE EXTENSION ecosys;
SET client_min_messages = warning;
SELECT ecosys.create_ecosystem();
CREATE FUNCTION st(n integer, wait_for integer) RETURNS ecosys.statement LANGUAGE plpgsql AS $$
BEGIN
	IF n > 1 THEN
		PERFORM pg_advisory_xact_lock(wait_for);
	END IF;
	RETURN format('{"id": "00000000-0000-4000-8000-%s", "actor": {"mbox": "mailto:p@example.com"}, "verb": {"id": "http://v"}, "object": {"id": "http://o"}}',
		lpad(n::text, 12, '0'));
END
$$;
});

my $timeout = IPC::Run::timeout($PostgreSQL::Test::Utils::timeout_default);

sub session
{
	my ($name) = @_;
	my %s = (in => '', out => '', err => '');
	$s{run} = IPC::Run::start([ 'psql', '-qXAt', '-d', $node->connstr('postgres') . " application_name=$name" ],
		'<', \$s{in}, '>', \$s{out}, '2>', \$s{err}, $timeout);
	return \%s;
}

sub ask
{
	my ($s, $sql) = @_;
	$s->{in} .= "$sql\n";
	$s->{run}->pump_nb;
}

sub answer
{
	my ($s, $pattern) = @_;
	$s->{run}->pump until $s->{out} =~ $pattern || $s->{err} =~ $pattern;
}

my $gate = session('gate');
my $holder = session('holder');
my $waiter = session('waiter');
ask($gate, q{SELECT pg_advisory_lock(1); SELECT 'closed';});
answer($gate, qr/closed/);
# holds the turn of the first id while it waits for its second statement
ask($holder, q{INSERT INTO learning.statements (statement) SELECT st(n, 1) FROM generate_series(1, 2) n; SELECT 'stored';});
$node->poll_query_until('postgres', q{SELECT count(*) = 1 FROM pg_locks WHERE locktype = 'advisory' AND objsubid = 7 AND granted})
	or die 'the holder takes no turn';
ask($waiter, q{INSERT INTO learning.statements (statement) SELECT st(1, 2); SELECT 'over';});
$node->poll_query_until('postgres', q{SELECT count(*) = 1 FROM pg_locks WHERE locktype = 'advisory' AND objsubid = 7 AND NOT granted})
	or die 'the waiter does not wait for the turn';

# while the waiter is stopped, it is cancelled, and the turn is granted to it
my $pid = $node->safe_psql('postgres', q{SELECT pid FROM pg_stat_activity WHERE application_name = 'waiter'});
kill 'STOP', $pid;
$node->safe_psql('postgres', "SELECT pg_cancel_backend($pid)");
ask($gate, q{SELECT pg_advisory_unlock(1); SELECT 'open';});
answer($holder, qr/stored/);
is($node->safe_psql('postgres', q{SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND objsubid = 7 AND granted}), '1',
	'the turn is granted to a session that is being cancelled');
kill 'CONT', $pid;
answer($waiter, qr/over/);
like($waiter->{err}, qr/canceling statement due to user request/, 'which raises the cancel');
is($node->safe_psql('postgres', q{SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND objsubid IN (7, 8)}), '0',
	'and gives the turn back');
is($node->safe_psql('postgres', q{SET statement_timeout = '10s'; INSERT INTO learning.statements (statement) SELECT st(1, 2); SELECT count(*) FROM learning.statements}), '2',
	'so that others can store');
unlike($waiter->{err}, qr/WARNING/, 'without a warning');

for my $s ($gate, $holder, $waiter)
{
	ask($s, '\q');
	$s->{run}->finish;
}
$node->stop;
done_testing();
