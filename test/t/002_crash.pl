# What was acknowledged is there after the server was killed, once, unaltered;
# what was not committed is absent, and so is what it would have left in the dictionaries.
use strict;
use warnings;

use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use Test::More;

my $node = PostgreSQL::Test::Cluster->new('main');
$node->init(extra => [ '--encoding=UTF8', '--no-locale' ]);
$node->start;
$node->safe_psql('postgres', q{CREATE EXTENSION ecosys; SET client_min_messages = warning; SELECT ecosys.create_ecosystem()});

sub statement
{
	my ($i, $verb) = @_;
	return sprintf('{"id": "00000000-0000-4000-8000-%012d", "actor": {"mbox": "mailto:p%d@example.com"}, "verb": {"id": "http://example.com/%s"}, "object": {"id": "http://example.com/x%d"}}',
		$i, $i, $verb, $i % 7);
}

for my $round (1 .. 3)
{
	my $values = join(',', map { "('" . statement($_, 'did') . "')" } (($round - 1) * 100 + 1 .. $round * 100));
	$node->safe_psql('postgres', "INSERT INTO learning.statements (statement) VALUES $values");

	# an open transaction that never commits
	my ($in, $out, $err) = ('', '', '');
	my $open = IPC::Run::start([ 'psql', '-qXAt', '-d', $node->connstr('postgres') ], '<', \$in, '>', \$out, '2>', \$err,
		IPC::Run::timeout(60));
	$in .= "BEGIN; INSERT INTO learning.statements (statement) VALUES ('" . statement(1000 + $round, 'undone') . "'); SELECT 'open';\n";
	pump $open until $out =~ /open/;

	$node->stop('immediate');
	eval { $open->finish };
	$node->start;

	is($node->safe_psql('postgres', 'SELECT count(*), count(DISTINCT id) FROM learning.statements'), ($round * 100) . '|' . ($round * 100), "round $round: all that was acknowledged, once");
	is($node->safe_psql('postgres', q{SELECT count(*) FROM learning.statements WHERE statement::jsonb - 'stored' - 'timestamp' <> format('{"id": "%s", "actor": {"mbox": "mailto:p%s@example.com"}, "verb": {"id": "http://example.com/did"}, "object": {"id": "http://example.com/x%s"}}', id, right(id::text, 12)::int, right(id::text, 12)::int % 7)::jsonb}), '0', 'unaltered');
	is($node->safe_psql('postgres', q{SELECT count(*) FROM learning.verbs}), '1', 'and nothing of what was not committed');
	is($node->safe_psql('postgres', q{SELECT count(*) FROM learning.statements s LEFT JOIN learning.actors a ON a.key = s.actor LEFT JOIN learning.verbs v ON v.key = s.verb LEFT JOIN learning.activities o ON o.key = s.object WHERE a.key IS NULL OR v.key IS NULL OR o.key IS NULL}), '0', 'every key has its meaning');
	is($node->safe_psql('postgres', "INSERT INTO learning.statements (statement) VALUES ('" . statement($round, 'did') . "') RETURNING 1"), '', 'the same statement again changes nothing');
}

$node->stop;
done_testing();
