# `ecosys forward` to the real thing: `ecosys serve` in front of another
# ecosystem, with attachments, both versions, and the front gone for a while.
use strict;
use warnings;

use Digest::SHA qw(sha256_hex);
use IO::Socket::INET;
use IPC::Run;
use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use Test::More;
use Time::HiRes qw(usleep);

my $node = PostgreSQL::Test::Cluster->new('main');
$node->init(extra => [ '--encoding=UTF8', '--no-locale' ]);
$node->start;
$node->safe_psql('postgres', q{CREATE EXTENSION ecosys; SET client_min_messages = warning; SELECT ecosys.create_ecosystem(); SELECT ecosys.create_ecosystem('second')});

my $folder = PostgreSQL::Test::Utils::tempdir();
my $port = PostgreSQL::Test::Cluster::get_free_port();
my ($serve_out, $serve_err) = ('', '');
my $serve;

sub query { return $node->safe_psql('postgres', $_[0]) }

sub start_serve
{
	$serve_out = '';
	$serve = IPC::Run::start([ 'ecosys', 'serve', '-d', $node->connstr('postgres'), '-e', 'second', "--listen=127.0.0.1:$port" ],
		'<', \undef, '>', \$serve_out, '2>', \$serve_err, IPC::Run::timeout(120));
	for (1 .. 200)
	{
		my $socket = IO::Socket::INET->new(PeerAddr => '127.0.0.1', PeerPort => $port);
		return if $socket;
		usleep(50000);
	}
	die "ecosys serve does not listen: $serve_err";
}

sub stop_serve
{
	$serve->signal('TERM');
	$serve->finish;
}

open my $out, '>', "$folder/credentials" or die;
print $out query(q{SELECT concat(key, ':', secret) FROM second.add_credential()}), "\n";
close $out;
chmod 0600, "$folder/credentials";

sub start_forward
{
	my ($out, $err, @arguments) = @_;
	return IPC::Run::start([ 'ecosys', 'forward', '-d', $node->connstr('postgres'), "--to=http://127.0.0.1:$port/xapi", "--credentials-file=$folder/credentials", '--first-wait=0.05', @arguments ],
		'<', \undef, '>', $out, '2>', $err, IPC::Run::timeout(120));
}

sub forward
{
	my ($out, $err) = ('', '');
	my $run = start_forward(\$out, \$err, '--once', @_);
	$run->finish;
	return ($run->result(0) // 0, $out, $err);
}

# statements with attachments: the content is here, or only elsewhere, or nowhere
my $content = "any bytes: \x01\xff\r\n--b\r\n";
my $hex = unpack 'H*', $content;
sub with_attachment
{
	my ($n, $sha2, $more) = @_;
	return sprintf('{"id": "50000000-0000-4000-8000-%012d", "actor": {"mbox": "mailto:p@example.com"}, "verb": {"id": "http://example.com/did"}, "object": {"id": "http://example.com/x%d"}, "attachments": [{"usageType": "http://example.com/kind", "display": {"en": "a file"}, "contentType": "application/octet-stream", "length": %d, "sha2": "%s"%s}]}',
		$n, $n, length($content), $sha2, $more // '');
}
my $sha2 = sha256_hex($content);
query(sprintf(q{SELECT learning.record(learning.statements_of_request('multipart/mixed; boundary=b0', ecosys.multipart_body('b0',
	ARRAY['{"Content-Type": "application/json"}', '{"Content-Type": "application/octet-stream", "Content-Transfer-Encoding": "binary", "X-Experience-API-Hash": "%s"}']::json[],
	ARRAY[convert_to('%s', 'UTF8'), '\x%s']), NULL))}, $sha2, with_attachment(1, $sha2), $hex));
query(sprintf(q{INSERT INTO learning.statements (statement) VALUES ('%s'), ('%s')},
	with_attachment(2, sha256_hex('elsewhere'), ', "fileUrl": "http://example.com/elsewhere"'), with_attachment(3, sha256_hex('nowhere'))));
query(q{INSERT INTO learning.statements (statement) SELECT format('{"actor": {"mbox": "mailto:p%s@example.com"}, "verb": {"id": "http://example.com/did"}, "object": {"id": "http://example.com/y%s"}}', i % 9, i)::ecosys.statement FROM generate_series(1, 150) i});

start_serve();
my ($code, $text, $err) = forward('--on-conflict=skip');
is($code, 3, 'one statement cannot be forwarded') or diag($err);
is($text, "152 forwarded, 1 passed over, 0 requests failed\n", 'all others are');
like($err, qr/statement 50000000-0000-4000-8000-000000000003: answered 400, passed over/, 'the one whose content is nowhere');
is(query(q{SELECT count(*) FROM learning.statements a JOIN second.statements b USING (id) WHERE ecosys.equivalent(a.statement, b.statement)}), '152', 'they are the same');
is(query(q{SELECT encode(content, 'hex') FROM second.attachments}), $hex, 'the content has come along');

# what both versions know, and what only the later one knows
query(q{INSERT INTO learning.statements (statement) VALUES
	('{"version": "1.0.1", "actor": {"mbox": "mailto:p@example.com"}, "verb": {"id": "http://example.com/did"}, "object": {"id": "http://example.com/v1"}, "authority": {"mbox": "mailto:elsewhere@example.com"}, "context": {"contextActivities": {"parent": {"id": "http://example.com/parent"}}}}'),
	('{"version": "2.0.0", "actor": {"mbox": "mailto:p@example.com"}, "verb": {"id": "http://example.com/did"}, "object": {"id": "http://example.com/v2"}, "context": {"contextAgents": [{"objectType": "contextAgent", "agent": {"mbox": "mailto:q@example.com"}}]}}')});
($code, $text, $err) = forward();
is($text, "2 forwarded, 0 passed over, 0 requests failed\n", 'statements of both versions go as version 2.0.0') or diag($err);
is(query(q{SELECT count(*) FROM learning.statements a JOIN second.statements b USING (id) WHERE a.statement::jsonb - '{authority,stored,version}'::text[] = b.statement::jsonb - '{authority,stored,version}'::text[]}), '154', 'and are the same');
is(query(q{SELECT count(DISTINCT statement::jsonb -> 'authority') FROM second.statements}), '1', 'but for the authority, which is the one of the credentials used');

# the front away, and back
query(q{INSERT INTO learning.statements (statement) SELECT format('{"actor": {"mbox": "mailto:p%s@example.com"}, "verb": {"id": "http://example.com/did"}, "object": {"id": "http://example.com/z%s"}}', i % 9, i)::ecosys.statement FROM generate_series(1, 30) i});
stop_serve();
{
	my ($text, $err) = ('', '');
	my $run = start_forward(\$text, \$err, '--version=1.0.3', '--poll=1');
	$node->poll_query_until('postgres', 'SELECT failures > 1 FROM learning.outboxes') or die;
	start_serve();
	ok($node->poll_query_until('postgres', 'SELECT count(*) = 184 FROM second.statements'), 'a front that was away gets what it has missed');
	$run->signal('INT');
	$run->finish;
	like($text, qr/^30 forwarded, 0 passed over, /, 'once') or diag($err);
	like($err, qr/connect to server|refused/i, 'the outage was told');
}
stop_serve();

$node->stop;
done_testing();
