# The mistakes that one makes on the first day, and what the program `ecosys`
# says then: the reason, and the next step.
use strict;
use warnings;

use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use Test::More;

my $node = PostgreSQL::Test::Cluster->new('main');
$node->init(extra => [ '--encoding=UTF8', '--no-locale' ]);
$node->start;
$node->safe_psql('postgres', q{CREATE EXTENSION ecosys; SET client_min_messages = warning; SELECT ecosys.create_ecosystem(); SELECT ecosys.create_ecosystem('it''s "odd"')});
$node->safe_psql('postgres', q{CREATE DATABASE bare});
$node->safe_psql('postgres', q{CREATE DATABASE latin ENCODING 'LATIN1' TEMPLATE template0});
$node->safe_psql('postgres', q{CREATE ROLE stranger LOGIN; CREATE ROLE writer LOGIN; SELECT learning.grant_access('writer', 'write')});
my $secret_file = PostgreSQL::Test::Utils::tempdir_short . '/secret';
append_to_file($secret_file, "key:secret\n");
chmod 0600, $secret_file;

sub refused
{
	my ($what, $code, $pattern, @arguments) = @_;
	my ($out, $err) = ('', '');
	IPC::Run::run([ 'ecosys', @arguments ], '<', \undef, '>', \$out, '2>', \$err, IPC::Run::timeout(60));
	is($? >> 8, $code, "$what: code");
	like($err, $pattern, "$what: told");
}

my @postgres = ('-d', $node->connstr('postgres'));
my @listen = ('--listen', '127.0.0.1:0');
for my $command ([ 'serve', @listen ], [ 'credentials', 'list' ], [ 'load' ], [ 'forward', '--to=http://127.0.0.1:1/xapi', "--credentials-file=$secret_file" ])
{
	refused("@$command[0], no extension", 1, qr/^ecosys: database "bare" has no ecosystem "learning"\nHINT: .*: CREATE EXTENSION ecosys; SELECT ecosys.create_ecosystem\('learning'\)$/m,
		@$command, '-d', $node->connstr('bare'));
	refused("@$command[0], no such ecosystem", 1, qr/^ecosys: database "postgres" has no ecosystem "it's"\nHINT: .*: SELECT ecosys.create_ecosystem\('it''s'\)$/m,
		@$command, @postgres, '-e', "it's");
	refused("@$command[0], a stranger", 1, qr/^ecosys: role "stranger" may not use the ecosystem "it's "odd""\nHINT: .* SELECT "it's ""odd"""\.grant_access\(/m,
		@$command, @postgres, '-U', 'stranger', '-e', q{it's "odd"});
	refused("@$command[0], an unknown option", 2, qr/^ecosys: .*nonsense.*\n`ecosys @$command[0] --help` tells more/, @$command, '--nonsense');
}
refused('serve as one who may write', 1, qr/role "writer" may not serve it\nHINT: .* "learning"\.grant_access\(ROLE, 'serve'\)/, 'serve', @listen, @postgres, '-U', 'writer');
refused('forward without a target', 2, qr/^ecosys: --to=URL is missing$/m, 'forward');
refused('forward without credentials', 2, qr/^ecosys: --credentials-file=FILE is missing$/m, 'forward', '--to=http://127.0.0.1:1/xapi');
refused('a scope that is none', 1, qr/^ecosys: there is a scope that is not known \(23514\)\nHINT: Scopes are /, 'credentials', 'add', 'lms', '--scope=al', @postgres);
refused('revoking what is not there', 1, qr/^ecosys: there is no key "lms"/, 'credentials', 'revoke', 'lms', @postgres);

my ($code, $out, $err) = $node->psql('latin', q{CREATE EXTENSION ecosys; SELECT ecosys.create_ecosystem()});
like($err, qr/needs? a database with encoding UTF8\nDETAIL:  The encoding of this database is LATIN1\.\nHINT:  .* ENCODING 'UTF8'/, 'a database of another encoding has no ecosystem');

$node->stop;
done_testing();
