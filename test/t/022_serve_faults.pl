# What `ecosys serve` acknowledges is stored, all of it, whatever is killed
# meanwhile: a backend, the server, the front; what is not acknowledged is
# stored as a whole batch or not at all. It stops in good order, is back at once
# when the server is, and does not grow.
use strict;
use warnings;

use FindBin;
use lib "$FindBin::Bin/../harness";
use JSON::PP;
use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use ServeFront;
use Test::More;
use Time::HiRes qw(sleep time);

my $dir = PostgreSQL::Test::Utils::tempdir_short;
my $load = ServeFront::build_load("$FindBin::Bin/../bench/http_load.c", $dir);
my $node = PostgreSQL::Test::Cluster->new('main');
$node->init(extra => [ '--encoding=UTF8', '--no-locale' ]);
$node->append_conf('postgresql.conf', "log_min_messages = fatal\nautovacuum = off\nrestart_after_crash = on\n");
$node->start;
$node->safe_psql('postgres', q{CREATE EXTENSION ecosys; SET client_min_messages = warning; SELECT ecosys.create_ecosystem()});
$node->safe_psql('postgres', q{CREATE ROLE front LOGIN; SELECT learning.grant_access('front', 'serve')});
my $secret = $node->safe_psql('postgres', q{SELECT secret FROM learning.add_credential('lms', '{all}')});

# The answer of a query, as soon as the server gives one: it may be recovering.
sub patiently
{
	my ($sql) = @_;
	for (1 .. 500)
	{
		my ($out, $err) = ('', '');
		return $out =~ s/\n$//r if IPC::Run::run([ 'psql', '-qXAt', '-d', $node->connstr('postgres'), '-c', $sql ], '<', \undef, '>', \$out, '2>', \$err);
		sleep 0.02;
	}
	die "no answer to: $sql";
}

sub start_front { return ServeFront->new($node, $dir, '-U', 'front', '-n', '6', @_) }

# The load generator in the background: [handle, what it prints, the file of acknowledged ids].
sub start_load
{
	my ($front, $connections, $size, @more) = @_;
	my ($out, $err) = ('', '');
	my $ids = "$dir/ids" . ++our $loads;
	my @command = ($load, '-p', $front->{port}, '-u', "lms:$secret", '-c', $connections, '-b', $size, '-a', $ids, @more);
	my $run = { out => \$out, err => \$err, ids => $ids };
	$run->{handle} = IPC::Run::start(\@command, '<', \undef, '>', $run->{out}, '2>', $run->{err}, IPC::Run::timeout(120));
	return $run;
}

sub end_load
{
	my ($run) = @_;
	$run->{good} = $run->{handle}->finish;
	my $figures = ${ $run->{out} } =~ /^\{/ ? decode_json(${ $run->{out} }) : {};
	diag(${ $run->{err} }) if ${ $run->{err} } ne '';
	return $figures;
}

# Every id that was acknowledged is stored; every batch is stored whole or not at all.
sub check_stored
{
	my ($what, $run, $figures, $size, $exactly) = @_;
	my @ids = map { @{ decode_json($_) } } split /\n/, PostgreSQL::Test::Utils::slurp_file($run->{ids});
	is(scalar(@ids), $figures->{statements}, "$what: $figures->{statements} statements acknowledged in $figures->{requests} answers, $figures->{unavailable} unavailable, $figures->{lost} lost");
	my %seen;
	is(scalar(grep { !$seen{$_}++ } @ids), scalar(@ids), "$what: no id twice");
	open my $file, '>', "$dir/ids.copy" or die;
	print $file "$_\n" for @ids;
	close $file;
	my $result = $node->safe_psql('postgres', <<SQL);
CREATE TEMP TABLE acknowledged (id uuid);
\\copy acknowledged FROM '$dir/ids.copy'
SELECT count(*) FROM acknowledged a WHERE NOT EXISTS (SELECT FROM learning.statements s WHERE s.id = a.id);
SELECT count(*) FROM (SELECT split_part(statement::json -> 'object' ->> 'id', '/', 4) AS batch FROM learning.statements GROUP BY 1 HAVING count(*) % $size <> 0) torn;
SELECT count(*) FROM learning.statements;
SQL
	my ($missing, $torn, $count) = split /\n/, $result;
	is($missing, 0, "$what: all that was acknowledged is stored");
	is($torn, 0, "$what: no batch is stored in part");
	if ($exactly) { is($count, scalar(@ids), "$what: and nothing else") }
	else { cmp_ok($count, '>=', scalar(@ids), "$what: $count are stored") }
	$node->safe_psql('postgres', 'TRUNCATE learning.statements');
	return;
}

# many clients, for a few seconds: what is acknowledged is what is stored, statement for statement
ServeFront::write_batches("$dir/forever.jsonl", 40, 10);
my $front = start_front();
my $run = start_load($front, 16, 10, '-t', '4', "$dir/forever.jsonl");
my $figures = end_load($run);
ok($run->{good}, '16 clients for 4 seconds: no error');
check_stored('16 clients', $run, $figures, 10, 1);
my ($after) = $front->memory;
$run = start_load($front, 16, 10, '-t', '4', "$dir/forever.jsonl");
$figures = end_load($run);
my ($later) = $front->memory;
SKIP:
{
	skip 'sanitizers keep what is freed', 1 if $ENV{ECOSYS_FRONT};
	cmp_ok($later - $after, '<', 4096, "4 seconds more: no growth of memory ($after, $later kB)");
}
check_stored('again', $run, $figures, 10, 1);

# stopped while they write
ServeFront::write_batches("$dir/$_.jsonl", 20000 / $_, $_) for 10, 50, 500;
$run = start_load($front, 8, 10, '-k', '-t', '3', "$dir/10.jsonl");
sleep 1;
my $began = time;
is($front->stop('TERM', 20), 0, 'told to stop under load: it stops');
cmp_ok(time - $began, '<', 5, 'soon');
$figures = end_load($run);
cmp_ok($figures->{requests}, '>', 10, 'after requests were served');
cmp_ok($figures->{unavailable}, '==', 0, 'nobody was told that the server is not there');
check_stored('a stop under load', $run, $figures, 10, 0);

# a backend is killed in the middle of a batch
$front = start_front();
$run = start_load($front, 6, 500, '-k', '-t', '4', "$dir/500.jsonl");
for my $round (1 .. 3)
{
	sleep 0.8;
	my $pid = patiently(q{SELECT pid FROM pg_stat_activity WHERE application_name = 'ecosys serve' AND state = 'active' LIMIT 1});
	next if $pid eq '';
	$round == 2 ? patiently("SELECT pg_terminate_backend($pid)") : kill('KILL', $pid);
}
$figures = end_load($run);
patiently('SELECT true');
cmp_ok($figures->{failed}, '==', 0, 'killed backends: no other answer than 200 and 503');
cmp_ok($figures->{unavailable}, '>', 0, 'those whose outcome is unknown are told so');
check_stored('killed backends', $run, $figures, 500, 0);

# the server is stopped and started: back within a second of its start
$run = start_load($front, 6, 50, '-k', '-t', '5', "$dir/50.jsonl");
sleep 0.7;
$node->stop('immediate');
my ($status, $body, $headers) = $front->request('GET', '/healthz');
is($status, 503, 'without the server: not healthy');
$node->start;
$began = time;
do { sleep 0.02; ($status) = $front->request('GET', '/healthz') } until $status == 200 || time - $began > 10;
cmp_ok(time - $began, '<', 1, 'healthy again within a second of its start');
$figures = end_load($run);
cmp_ok($figures->{failed}, '==', 0, 'a restart: no other answer than 200 and 503');
check_stored('a restart of the server', $run, $figures, 50, 0);

# the front is killed
$run = start_load($front, 6, 50, '-k', '-t', '3', "$dir/50.jsonl");
sleep 1;
$front->stop('KILL');
my $again = start_front("--listen=127.0.0.1:$front->{port}");
$figures = end_load($run);
cmp_ok($figures->{lost}, '>', 0, 'the front is killed: connections are lost');
cmp_ok($figures->{failed}, '==', 0, 'and nothing else goes wrong');
$node->poll_query_until('postgres', q{SELECT count(*) <= 6 FROM pg_stat_activity WHERE application_name = 'ecosys serve'});
check_stored('a killed front', $run, $figures, 50, 0);
is($again->stop, 0, 'it stops');

# a server that does not answer at all: requests wait, then are told so; the front can be stopped
$front = start_front('--statement-timeout=1');
my @backends = split /\n/, $node->safe_psql('postgres', q{SELECT pid FROM pg_stat_activity WHERE application_name = 'ecosys serve'});
kill 'STOP', @backends;
$began = time;
($status) = $front->request('GET', '/healthz');
is($status, 503, 'backends that stand still: not healthy');
cmp_ok(time - $began, '<', 3, 'told within the limit');
kill 'CONT', @backends;
is($front->stop, 0, 'it stops');
$front = undef;

# a server that is not there at the start is an error at once
$node->stop;
$node->command_fails_like([ 'ecosys', 'serve', '-d', $node->connstr('postgres'), '-l', '127.0.0.1:0' ], qr/^ecosys: /, 'without a server it does not start');
done_testing();
