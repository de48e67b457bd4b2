# Breaks in the middle of a load: the loader killed, its backend killed, the
# whole server gone, Ctrl-C. Whatever was stored before, a second run makes the
# content exactly what one undisturbed load would have made, also of
# statements without ids, which nothing but the position keeps from being stored twice.
use strict;
use warnings;

use IPC::Run;
use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use Test::More;
use Time::HiRes qw(usleep);

my $node = PostgreSQL::Test::Cluster->new('main');
$node->init(extra => [ '--encoding=UTF8', '--no-locale' ]);
$node->append_conf('postgresql.conf', 'restart_after_crash = on');
$node->start;
$node->safe_psql('postgres', q{CREATE EXTENSION ecosys; SET client_min_messages = warning; SELECT ecosys.create_ecosystem()});

# so that the loader's own name is seen in pg_stat_activity
delete $ENV{PGAPPNAME};

my $folder = PostgreSQL::Test::Utils::tempdir();
my $total = 25000;
my $n_bad = 0;
my %files = (lines => "$folder/lines.jsonl", array => "$folder/array.json", packed => "$folder/packed.jsonl.gz");
{
	open my $lines, '>:raw', $files{lines} or die;
	open my $array, '>:raw', $files{array} or die;
	print $array "[\n";
	for my $i (1 .. $total)
	{
		my $id = $i % 2 ? '' : sprintf('"id": "20000000-0000-4000-8000-%012d", ', $i);
		my $statement = sprintf('{%s"actor": {"mbox": "mailto:p%d@example.com"}, "verb": {"id": "http://example.com/did"}, "object": {"id": "http://example.com/x%d"}, "context": {"platform": "%s"}}',
			$id, $i % 500, $i, 'p' x ($i % 300));
		if ($i % 1000 == 7)
		{
			# bad ones: the load is to reject each once
			$statement =~ s/mailto:/mailto/;
			$n_bad++;
		}
		print $lines $statement, "\n";
		print $array $statement, $i < $total ? ",\n" : "\n";
	}
	print $array "]\n";
	close $lines;
	close $array;
	system_or_bail('cp', $files{lines}, "$folder/packed.jsonl");
	system_or_bail('gzip', "$folder/packed.jsonl");
}

sub query { return $node->safe_psql('postgres', $_[0]) }

sub start_load
{
	my ($file, $out, $err) = @_;
	return IPC::Run::start([ 'ecosys', 'load', '-d', $node->connstr('postgres'), '--on-error=reject', '--batch=300', $file ],
		'<', \undef, '>', $out, '2>', $err, IPC::Run::timeout(180));
}

# Wait until so many statements are stored; false if the load has ended before.
sub wait_for
{
	my ($load, $count) = @_;
	for (1 .. 3000)
	{
		my ($status, $stored) = $node->psql('postgres', 'SELECT coalesce(sum(stored + known + rejected), 0) FROM learning.loads');
		return 1 if $status == 0 && $stored >= $count;
		return 0 if !$load->pumpable;
		usleep(5000);
	}
	die 'the load does not get on';
}

sub pid_of_backend
{
	return query(q{SELECT pid FROM pg_stat_activity WHERE application_name = 'ecosys'});
}

my %breaks = (
	'kill -9 of the loader' => sub { $_[0]->kill_kill },
	'kill -9 of its backend' => sub {
		kill 'KILL', pid_of_backend();
		$_[0]->finish;
		isnt($_[0]->result(0), 0, 'the loader says that it failed');
		$node->poll_query_until('postgres', 'SELECT true') or die;
	},
	'immediate stop of the server' => sub {
		$node->stop('immediate');
		$_[0]->finish;
		isnt($_[0]->result(0), 0, 'the loader says that it failed');
		$node->start;
	},
	'pg_terminate_backend' => sub {
		query('SELECT pg_terminate_backend(' . pid_of_backend() . ')');
		$_[0]->finish;
		isnt($_[0]->result(0), 0, 'the loader says that it failed');
	},
	'Ctrl-C' => sub {
		$_[0]->signal('INT');
		$_[0]->finish;
		is($_[0]->result(0), 1, 'Ctrl-C ends with code 1');
	});

my $i = 0;
for my $break (sort keys %breaks)
{
	my $kind = (sort keys %files)[$i++ % 3];
	query('TRUNCATE learning.statements, learning.voidings, learning.rejects, learning.loads');
	my $broken = 0;
	# two breaks, the second one in what was gone on with
	for my $at (900, 5000)
	{
		my ($out, $err) = ('', '');
		my $load = start_load($files{$kind}, \$out, \$err);
		$broken++ if wait_for($load, $at);
		$breaks{$break}->($load);
		like($err, qr/interrupted/, 'and says so') if $break eq 'Ctrl-C';
	}
	is($broken, 2, "$break, $kind: both breaks were in the middle");
	my ($out, $err) = ('', '');
	my $load = start_load($files{$kind}, \$out, \$err);
	$load->finish;
	is($load->result(0), 3, "$break: the third run gets to the end") or diag($err);
	like($err, qr/going on at line/, 'from where it was');
	is(query('SELECT count(*), count(DISTINCT object) FROM learning.statements'), join('|', ($total - $n_bad) x 2), 'every statement, once');
	is(query(sprintf(q{SELECT count(*) FROM generate_series(1, %d) i LEFT JOIN learning.statements s ON s.object = ecosys.activity_key('http://example.com/x' || i)
		WHERE (i %% 1000 <> 7) <> (s.id IS NOT NULL) OR s.statement::jsonb #>> '{actor,mbox}' <> format('mailto:p%%s@example.com', i %% 500) OR length(s.statement::jsonb #>> '{context,platform}') <> i %% 300}, $total)),
		'0', 'with its own content');
	is(query('SELECT count(*), count(DISTINCT line_number) FROM learning.rejects'), "$n_bad|$n_bad", 'every reject, once');
	is(query('SELECT stored + known, rejected, finished_at IS NOT NULL FROM learning.loads'), ($total - $n_bad) . "|$n_bad|t", 'and loads has counted right');
	is(query('SELECT array_agg(line_number ORDER BY line_number) FROM learning.rejects'),
		'{' . join(',', map { 1000 * $_ + 7 + ($kind eq 'array' ? 1 : 0) } (0 .. $n_bad - 1)) . '}', 'on their lines');
}

# Ctrl-C while it waits for standard input, and while the server works.
{
	query('TRUNCATE learning.statements, learning.voidings, learning.rejects, learning.loads');
	my ($in, $out, $err) = ('', '', '');
	my $load = IPC::Run::start([ 'ecosys', 'load', '-d', $node->connstr('postgres') ], '<', \$in, '>', \$out, '2>', \$err, IPC::Run::timeout(60));
	$in .= qq({"actor": {"mbox": "mailto:a\@example.com"}, "verb": {"id": "http://example.com/did"}, "object": {"id": "http://example.com/x"}}\n);
	$load->pump while length $in;
	$node->poll_query_until('postgres', q{SELECT count(*) = 1 FROM pg_stat_activity WHERE application_name = 'ecosys' AND query LIKE 'COPY%'}) or die;
	$load->signal('INT');
	$load->finish;
	is($load->result(0), 1, 'Ctrl-C while it waits for input');
	like($err, qr/^ecosys: interrupted: .*\n\z/, 'says so, and nothing else');
	like($out, qr/^0 stored/, 'with a summary');
	is(query('SELECT count(*) FROM learning.statements'), '0', 'nothing was stored');

	my ($lock_in, $lock_out) = ('', '');
	my $lock = IPC::Run::start([ 'psql', '-qXAt', '-d', $node->connstr('postgres') ], '<', \$lock_in, '>', \$lock_out, IPC::Run::timeout(60));
	$lock_in .= "BEGIN; LOCK TABLE learning.statements; SELECT 'locked';\n";
	$lock->pump until $lock_out =~ /locked/;
	$load = start_load($files{lines}, \$out, \$err);
	$node->poll_query_until('postgres', q{SELECT count(*) = 1 FROM pg_stat_activity WHERE application_name = 'ecosys' AND wait_event_type = 'Lock'}) or die;
	$load->signal('INT');
	$load->finish;
	is($load->result(0), 1, 'Ctrl-C while the server waits for a lock');
	$lock_in .= "ROLLBACK;\n\\q\n";
	$lock->finish;
}

# Two loads of one file at once: one does it, or each a part; nothing is there twice.
{
	query('TRUNCATE learning.statements, learning.voidings, learning.rejects, learning.loads');
	my ($out1, $err1, $out2, $err2) = ('', '', '', '');
	my $one = start_load($files{lines}, \$out1, \$err1);
	my $two = start_load($files{lines}, \$out2, \$err2);
	$one->finish;
	$two->finish;
	is(query('SELECT count(*), count(DISTINCT object) FROM learning.statements'), join('|', ($total - $n_bad) x 2), 'two loads of one file: every statement, once');
	like($err1 . $err2, qr/another load of this file is at work|going on at line/, 'and one has noticed the other');
}

$node->stop;
done_testing();
