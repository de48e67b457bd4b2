# A record store over HTTP, by curl, in both versions: keys are made and revoked
# by `ecosys credentials`, statements go in and come out, rights hold, no secret
# is anywhere but with its client.
use strict;
use warnings;

use FindBin;
use lib "$FindBin::Bin/../harness";
use JSON::PP;
use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use ServeFront;
use Test::More;
use Time::HiRes qw(time);

my $dir = PostgreSQL::Test::Utils::tempdir_short;
my $node = PostgreSQL::Test::Cluster->new('main');
$node->init(extra => [ '--encoding=UTF8', '--no-locale' ]);
$node->append_conf('postgresql.conf', "log_statement = none\n");	# the default; tests have all, with its parameters
$node->start;
$node->safe_psql('postgres', q{CREATE EXTENSION ecosys; SET client_min_messages = warning; SELECT ecosys.create_ecosystem();
	CREATE ROLE front LOGIN; SELECT learning.grant_access('front', 'serve')});

# ecosys credentials
sub credentials
{
	my ($in, @arguments) = @_;
	my ($out, $err) = ('', '');
	IPC::Run::run([ 'ecosys', 'credentials', @arguments, '-d', $node->connstr('postgres') ], '<', \$in, '>', \$out, '2>', \$err, IPC::Run::timeout(60));
	return ($? >> 8, $out, $err);
}
my ($code, $out, $err) = credentials('', 'add', 'lms', '--scope=statements/write', '--scope=statements/read', '--description=The LMS');
is($code, 0, 'a key is added');
my ($secret) = $out =~ /^key     lms\nsecret  ([0-9a-f]{64})\n$/;
ok(defined $secret, 'its secret is told') or diag($out);
like($err, qr/not shown again/, 'once');
($code, $out) = credentials('', 'add', '--authority={"objectType": "Agent", "mbox": "mailto:tool@example.com"}', '--expires=2001-01-01');
is($code, 0, 'a key without a name, which has expired');
my ($old_key, $old_secret) = $out =~ /^key     (\S+)\nsecret  (\S+)\n$/;
($code, $out, $err) = credentials("correct horse battery\n", 'add', 'person', '--scope=statements/read/mine', '--secret-file=-');
is($code, 0, 'a chosen secret');
is($out, "key     person\n", 'is not told');
($code, $out, $err) = credentials('', 'add', 'lms');
is($code, 1, 'a key that is there');
($code, $out, $err) = credentials('', 'add', 'x', '--scope=everything');
is($code, 1, 'a scope that is none');
($code, $out, $err) = credentials('', 'add', "q'; DROP TABLE x; --\"", '--scope=all', "--description=tab\there\nline");
is($code, 0, 'any characters in a key');
for my $wrong ([ 'remove', 'lms' ], ['revoke'], [ 'list', 'x' ], [ 'add', 'a', 'b' ], [], [ 'add', '--nonsense' ])
{
	is((credentials('', @$wrong))[0], 2, "credentials @$wrong: wrong usage");
}
($code, $out) = credentials('', 'list');
my @lines = split /\n/, $out;
like($lines[0], qr/^key +state +scopes +created +expires +revoked +description$/, 'a table');
is(scalar(@lines), 5, 'with a line for each key, whatever its texts hold');
my $column = index($lines[0], 'state');
is(join(',', map { substr($_, $column, 7) =~ s/ .*//r } @lines[ 1 .. 4 ]), 'valid,expired,valid,valid', 'its columns are aligned');
unlike($out, qr/\Q$secret\E|sha256|pbkdf2/, 'and no secret or hash in it');
($code, $out) = credentials('', 'list', '--json');
my $list = decode_json($out);
is($list->[0]{key} . ' ' . join(' ', @{ $list->[0]{scopes} }), 'lms statements/write statements/read', 'the same for programs');

my $front = ServeFront->new($node, $dir, '-U', 'front', '-n', '2', "--access-log=$dir/access.log");
sub ask
{
	my ($version, $credentials, $method, $path, $body, @more) = @_;
	my @arguments = ('-o', "$dir/body", '-w', '%{http_code}', '-X', $method, '-D', "$dir/head", '-H', "X-Experience-API-Version: $version", @more);
	push @arguments, '-u', $credentials if defined $credentials;
	push @arguments, '-H', 'Content-Type: application/json', '--data-binary', $body if defined $body;
	push @arguments, '-I' if $method eq 'HEAD';
	unlink "$dir/body";
	my $status = $front->curl(@arguments, $front->url($path));
	return ($status, -e "$dir/body" ? PostgreSQL::Test::Utils::slurp_file("$dir/body") : '', PostgreSQL::Test::Utils::slurp_file("$dir/head"));
}
my ($status, $body, $head);
my $number = 0;
for my $version ('1.0.3', '2.0.0')
{
	my $id = sprintf '00000000-0000-4000-8000-%012d', ++$number;
	my $statement = qq({"actor": {"mbox": "mailto:ana\@example.com"}, "verb": {"id": "http://adlnet.gov/expapi/verbs/passed"}, "object": {"id": "http://example.com/$number"}, "result": {"score": {"scaled": 0.90}}});
	($status, $body, $head) = ask($version, "lms:$secret", 'POST', '/xapi/statements', "[$statement, $statement]");
	is($status, 200, "$version: two statements are stored");
	is(scalar(@{ decode_json($body) }), 2, 'with two ids');
	like($head, qr/^X-Experience-API-Version: \Q$version\E\r$/m, 'in the version asked for');
	like($head, qr/^X-Experience-API-Consistent-Through: /m, 'with the consistent-through time');
	($status) = ask($version, "lms:$secret", 'PUT', "/xapi/statements?statementId=$id", $statement);
	is($status, 204, 'one is put');
	($status, $body) = ask($version, "lms:$secret", 'GET', "/xapi/statements?statementId=$id");
	is($status, 200, 'and read');
	like($body, qr/"scaled": 0\.90\b/, 'as it was sent');
	like($body, qr/"name":"lms"/, 'under the authority of its key');
	($status, $body, $head) = ask($version, "lms:$secret", 'HEAD', "/xapi/statements?statementId=$id");
	is($status, 200, 'HEAD');
	like($head, qr/^Content-Length: [1-9]\d\d\r$/m, 'tells its length');
	($status, $body) = ask($version, "lms:$secret", 'GET', "/xapi/statements?activity=http%3A%2F%2Fexample.com%2F$number&limit=2");
	my $result = decode_json($body);
	is(scalar(@{ $result->{statements} }), 2, 'a query gives a page');
	($status, $body) = ask($version, "lms:$secret", 'GET', $result->{more});
	is(scalar(@{ decode_json($body)->{statements} }), 1, 'and the rest');
	($status, $body) = ask($version, "lms:$secret", 'PUT', "/xapi/statements?statementId=$id", $statement =~ s/passed/failed/r);
	is($status, 409, 'another statement of that id is refused');
	($status, $body) = ask($version, "lms:$secret", 'POST', '/xapi/statements', '[{"actor": 1}]');
	is($status, 400, 'so is one that is none');
	ok(exists decode_json($body)->{error}, 'with a reason');
}
# the versions by path, and who may do what
is((ask('1.0.3', undef, 'GET', '/xapi/about'))[0], 200, 'about needs no key');
is((ask('2.0.0', undef, 'GET', '/xapi/statements'))[0], 401, 'statements do');
like(PostgreSQL::Test::Utils::slurp_file("$dir/head"), qr/^WWW-Authenticate: Basic/mi, 'and say which');
is((ask('2.0.0', 'lms:wrong', 'GET', '/xapi/statements'))[0], 401, 'a wrong secret');
is((ask('2.0.0', "nobody:$secret", 'GET', '/xapi/statements'))[0], 401, 'an unknown key');
is((ask('2.0.0', "$old_key:$old_secret", 'GET', '/xapi/statements'))[0], 401, 'an expired one');
is((ask('2.0.0', 'person:correct horse battery', 'GET', '/xapi/statements'))[0], 200, 'a chosen secret');
is((ask('2.0.0', 'person:correct horse battery', 'POST', '/xapi/statements', '[]'))[0], 403, 'whose scopes do not allow to write');
($status, $body) = ask('2.0.0', 'person:correct horse battery', 'GET', '/xapi/statements');
is(scalar(@{ decode_json($body)->{statements} }), 0, 'and only to read its own statements');

# a large batch, compressed on the way in and on the way out
{
	open my $file, '>', "$dir/large.json" or die;
	print $file '[', join(',', map { sprintf '{"actor": {"mbox": "mailto:p%d@example.com"}, "verb": {"id": "http://example.com/v"}, "object": {"id": "http://example.com/large/%d"}, "result": {"response": "%s"}}', $_ % 100, $_, 'r' x 900 } 1 .. 10000), ']';
	close $file;
	my $size = -s "$dir/large.json";
	system('gzip', '-k', "$dir/large.json") == 0 or die;
	for my $kind ('plain', 'gzip')
	{
		my $start = time;
		my @how = $kind eq 'gzip' ? ('-H', 'Content-Encoding: gzip', '--data-binary', "\@$dir/large.json.gz") : ('--data-binary', "\@$dir/large.json");
		($status, $body) = ask('2.0.0', "lms:$secret", 'POST', '/xapi/statements', undef, '-H', 'Content-Type: application/json', @how);
		is($status, 200, sprintf('10,000 statements in %d bytes, %s: %.1f s', $size, $kind, time - $start)) or diag($body);
	}
	is($node->safe_psql('postgres', 'SELECT count(*) FROM learning.statements'), 20006, 'all are there');
	($status, $body, $head) = ask('2.0.0', "lms:$secret", 'GET', '/xapi/statements?limit=100', undef, '--compressed');
	like($head, qr/^Content-Encoding: gzip\r$/m, 'a page of them comes compressed');
	is(scalar(@{ decode_json($body)->{statements} }), 100, 'and whole');
}

# a key is revoked while the front runs
is((credentials('', 'revoke', 'lms'))[0], 0, 'a key is revoked');
is((ask('2.0.0', "lms:$secret", 'GET', '/xapi/statements'))[0], 401, 'and refused from then on');
is((credentials('', 'revoke', 'lms'))[0], 1, 'it cannot be revoked twice');
like((credentials('', 'list'))[1], qr/^lms +revoked/m, 'but is still listed');

# no secret anywhere
is($front->stop, 0, 'the front stops');
my $dump = '';
IPC::Run::run([ 'pg_dump', '-d', $node->connstr('postgres'), '--data-only', '-t', 'learning.credentials' ], '>', \$dump);
like($dump, qr/^lms\t/m, 'a dump has the keys');
unlike($dump, qr/\Q$secret\E|\Q$old_secret\E|correct horse/, 'but no secret');
unlike(PostgreSQL::Test::Utils::slurp_file("$dir/access.log") . $front->errors, qr/\Q$secret\E|correct horse|ana\@|statementId/, 'nor have the logs of the front');
ok(PostgreSQL::Test::Utils::slurp_file($node->logfile) !~ /\Q$secret\E|correct horse|ana\@/, 'nor has the log of the server');

$node->stop;
done_testing();
