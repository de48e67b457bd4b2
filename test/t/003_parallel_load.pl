# Three sessions load files with all names in common, each file in an order of
# its own and with definitions of its own: they may wait, but none fails, every
# statement is there, and every name is there once.
use strict;
use warnings;

use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use Test::More;

my $node = PostgreSQL::Test::Cluster->new('main');
$node->init(extra => [ '--encoding=UTF8', '--no-locale' ]);
$node->start;
$node->safe_psql('postgres', q{CREATE EXTENSION ecosys; SET client_min_messages = warning; SELECT ecosys.create_ecosystem()});

for my $round (1 .. 2)
{
	my @sessions;
	for my $language ('en', 'es', 'et')
	{
		my $sql = sprintf(q{INSERT INTO learning.statements (statement)
			SELECT format('{"actor": {"mbox": "mailto:r%d-%%1$s@example.com", "name": "%s %%1$s"}, "verb": {"id": "http://example.com/v%%2$s"}, "object": {"id": "http://example.com/r%d-%%2$s", "definition": {"name": {"%s": "O"}}}}', i, i %% 300)::ecosys.statement
			  FROM generate_series(1, 6000) i ORDER BY md5(i || '%s')},
			$round, $language, $round, $language, $language);
		my ($out, $err) = ('', '');
		push @sessions, [ IPC::Run::start([ 'psql', '-qXAt', '-v', 'ON_ERROR_STOP=1', '-d', $node->connstr('postgres'), '-c', $sql ],
			'<', \undef, '>', \$out, '2>', \$err, IPC::Run::timeout(120)), \$err ];
	}
	for my $session (@sessions)
	{
		ok($session->[0]->finish, "round $round: no session fails") or diag(${ $session->[1] });
	}
}
is($node->safe_psql('postgres', 'SELECT count(*) FROM learning.statements'), '36000', 'every statement is there');
is($node->safe_psql('postgres', 'SELECT count(*) FROM learning.actors'), '12000', 'every actor, once');
is($node->safe_psql('postgres', q{SELECT count(*) FROM learning.activities WHERE (definition -> 'name' -> 'en') IS NOT NULL AND (definition -> 'name' -> 'es') IS NOT NULL AND (definition -> 'name' -> 'et') IS NOT NULL}), '600', 'every activity, with the definitions of all sessions');

$node->stop;
done_testing();
