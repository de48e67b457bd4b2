# `ecosys load`: every layout of a file, bad statements in both modes, what is
# no text, counts and exit codes, and positions in a file.
use strict;
use warnings;

use Cwd ();
use IPC::Run;
use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use Test::More;

my $node = PostgreSQL::Test::Cluster->new('main');
$node->init(extra => [ '--encoding=UTF8', '--no-locale' ]);
$node->start;
$node->safe_psql('postgres', q{CREATE EXTENSION ecosys; SET client_min_messages = warning; SELECT ecosys.create_ecosystem(); SELECT ecosys.create_ecosystem('Other "one"')});

my $folder = PostgreSQL::Test::Utils::tempdir();
my $n_file = 0;

sub file
{
	my ($content, $name) = @_;
	$name = "$folder/" . ($name // ('f' . ++$n_file . '.jsonl'));
	open my $out, '>:raw', $name or die;
	print $out $content;
	close $out;
	return $name;
}

# One statement about object $n, with an id unless there is none to be.
sub statement
{
	my ($n, %with) = @_;
	my $id = $with{no_id} ? '' : sprintf('"id": "10000000-0000-4000-8000-%012d", ', $n);
	my $more = $with{more} // '';
	return sprintf('{%s"actor": {"mbox": "mailto:p%d@example.com"}, "verb": {"id": "http://example.com/did"}, "object": {"id": "http://example.com/x%d"}%s}', $id, $n % 50, $n, $more);
}

# Run it; returns exit code, standard output and error.
sub load
{
	my ($in, @arguments) = @_;
	my ($out, $err) = ('', '');
	my $run = IPC::Run::start([ 'ecosys', 'load', '-d', $node->connstr('postgres'), @arguments ], '<', \$in, '>', \$out, '2>', \$err, IPC::Run::timeout(120));
	$run->finish;
	return ($run->result(0) // 0, $out, $err);
}

sub query { return $node->safe_psql('postgres', $_[0]) }

sub empty
{
	query('TRUNCATE learning.statements, learning.voidings, learning.rejects, learning.loads');
}

# Layouts: the same three statements each time.
my @three = map { statement($_) } (1 .. 3);
(my $pretty = "[\n$three[0],\n$three[1],\n$three[2]\n]\n") =~ s/, "/,\n    "/g;
my %layouts = (
	'lines' => join("\n", @three) . "\n",
	'lines without the last line break' => join("\n", @three),
	'CRLF, blank lines and a byte order mark' => "\xef\xbb\xbf" . join("\r\n\r\n", @three) . "\r\n",
	'one array' => '[' . join(',', @three) . ']',
	'an array, pretty-printed' => $pretty,
	'arrays on lines' => "[$three[0]]\n[$three[1],$three[2]]\n",
	'one after another' => join('', @three));
for my $layout (sort keys %layouts)
{
	my $plain = file($layouts{$layout});
	my ($code, $out, $err) = load('', $plain);
	is($code, 0, "$layout: done") or diag($err);
	like($out, qr/^3 stored, 0 there already, 0 rejected; /, 'and counted');
	is(query('SELECT count(*), count(DISTINCT object) FROM learning.statements'), '3|3', 'stored');
	system_or_bail('gzip', '-k', $plain);
	($code, $out) = load('', '--on-error=reject', "$plain.gz");
	is($code, 0, "$layout, compressed: done");
	like($out, qr/^0 stored, 3 there already, 0 rejected; /, 'all there already');
	empty();
	($code, $out) = load($layouts{$layout}, '--batch=2');
	like($out, qr/^3 stored, 0 there already, 0 rejected; /, "$layout, from standard input");
	is(query('SELECT count(*) FROM learning.loads'), '0', 'which keeps no position');
	empty();
}

# Several files, an ecosystem of another name, an empty file.
{
	my ($code, $out, $err) = load('', '-e', 'Other "one"', file($three[0]), file(''), file("$three[1]\n$three[2]"));
	is($code, 0, 'several files') or diag($err);
	is(query('SELECT count(*) FROM "Other ""one""".statements'), '3', 'in the ecosystem that was named');
	is(query('SELECT count(*) FROM "Other ""one""".loads WHERE finished_at IS NOT NULL'), '3', 'all finished');
}

# A bad statement stops the load, and says where.
{
	my $name = file(join("\n", statement(1), '', statement(2), statement(3, more => ', "result": {"score": {"scaled": 7}}'), statement(4), ''));
	my ($code, $out, $err) = load('', $name);
	is($code, 1, 'a bad statement: exit code 1');
	like($err, qr/^ecosys: \Q$name\E:4: invalid xAPI statement: .*\(22023\)\nDETAIL: at \/result\/score\/scaled, rule score\.scaled/m, 'with file, line, place and rule');
	unlike($err, qr/mailto/, 'and nothing of the statement');
	is(query('SELECT count(*) FROM learning.statements'), '0', 'its batch is not stored');
	($code, $out, $err) = load('', '--batch=1', $name);
	is($code, 1, 'again, in small batches');
	is(query('SELECT count(*) FROM learning.statements'), '2', 'the batches before are stored');
	# repaired, the file goes on where it stopped
	file(join("\n", statement(1), '', statement(2), statement(3), statement(4), ''), ($name =~ m{([^/]+)$})[0]);
	($code, $out, $err) = load('', $name);
	like($err, qr/going on at line 3/, 'the repaired file goes on');
	like($out, qr/^2 stored, 0 there already, 0 rejected/, 'with what was missing');
	is(query('SELECT stored, known, rejected, finished_at IS NOT NULL FROM learning.loads'), '4|0|0|t', 'the row in loads counts all of it');
	($code, $out, $err) = load('', $name);
	like($out, qr/^0 stored, 0 there already, 0 rejected/, 'a file that was loaded is not read again');
	like($err, qr/was loaded before; going on at line 6/, 'and said so');
	open my $more, '>>', $name or die;
	print $more statement(5), "\n";
	close $more;
	($code, $out, $err) = load('', $name);
	like($out, qr/^1 stored, 0 there already, 0 rejected/, 'and one that has grown, from where it ended');
	($code, $out, $err) = load('', '--restart', $name);
	like($out, qr/^0 stored, 5 there already, 0 rejected/, 'unless asked to');
	file(statement(6) . "\n" . statement(7), ($name =~ m{([^/]+)$})[0]);
	($code, $out, $err) = load('', $name);
	like($err, qr/not the file any more/, 'another file of that name is noticed');
	like($out, qr/^2 stored, 0 there already, 0 rejected/, 'and loaded from its start');
	is(query('SELECT stored, known FROM learning.loads'), '2|0', 'with counts of its own');
	empty();
}

# Rejects, of every kind.
{
	my $cut = substr(statement(3), 0, 60);
	my $name = file(join("\n", statement(1), $cut, statement(2, more => ', "result": {"score": {"scaled": 7}}'), "\xff\xfe", statement(4),
		statement(5, more => ', "context": {"platform": "Z' . "\xfc" . 'rich\\n"}'), statement(6, more => ', "context": {"platform": "a' . "\0" . 'b"}'),
		statement(1, more => ', "result": {"success": true}'), statement(7), 'null', statement(4), ''));
	my ($code, $out, $err) = load('', '--on-error=reject', $name);
	is($code, 3, 'rejects: exit code 3') or diag($err);
	like($out, qr/^3 stored, 1 there already, 7 rejected; /, 'counted exactly');
	is(query('SELECT line_number, sqlstate, pointer, rule FROM learning.rejects ORDER BY id'),
		join("\n", '2|22P02|/actor|json.syntax', '3|22023|/result/score/scaled|score.scaled', '4|22021||json.encoding',
			'6|22021|/context/platform|json.encoding', '7|22021|/context/platform|json.encoding', '8|23505||', '10|22023||value.null'),
		'each with its line, fault and place');
	is(query("SELECT count(*) FROM learning.rejects WHERE source = '$name'"), '7', 'and its file');
	is(query('SELECT line FROM learning.rejects WHERE line_number = 4'), '\xff\xfe', 'bytes that are no text are readable');
	like(query('SELECT line FROM learning.rejects WHERE line_number = 6'), qr/Z\\xfcrich\\n/, 'and so they are within text');
	like(query('SELECT line FROM learning.rejects WHERE line_number = 7'), qr/a\\x00b/, 'and zero bytes too');
	is(query('SELECT line FROM learning.rejects WHERE line_number = 2'), $cut, 'a line that was cut off is kept as it came');
	is(query('SELECT stored, known, rejected FROM learning.loads'), '3|1|7', 'loads counts the same');
	($code, $out, $err) = load('', $name, '--restart');
	is($code, 1, 'the same file stops the other way');
	like($err, qr/\Q$name\E:2: invalid xAPI statement/, 'at its first bad line');
	empty();

	# what is no text stops a load too, after what comes before it
	$name = file(join("\n", statement(1), "\xff", '{}'));
	($code, $out, $err) = load('', $name);
	is($code, 1, 'no text: stopped');
	like($err, qr/\Q$name\E:2: invalid xAPI statement: the text is not valid UTF-8 \(22021\)\nDETAIL: at the top, byte 1, rule json\.encoding/, 'and said so');
	$name = file(join("\n", '{}', "\xff"));
	($code, $out, $err) = load('', $name);
	like($err, qr/\Q$name\E:1: /, 'a bad line before it comes first');
	is(query('SELECT count(*) FROM learning.statements'), '0', 'nothing stored');
	empty();
}

# Random files: both roads of --on-error=reject, in batches of any size, give what the view intake gives.
{
	srand 20261124;
	for my $round (1 .. 6)
	{
		my @lines;
		for my $i (1 .. 400)
		{
			my $kind = rand;
			my $n = 1 + int rand 300;
			push @lines, $round > 1 && $kind < 0.02 * $round ? substr(statement($n), 0, 1 + int rand 100)
			  : $round > 2 && $kind < 0.03 * $round ? statement($n, more => ', "result": {"success": true}')
			  : statement($n, no_id => $kind > 0.9);
			$lines[-1] =~ s/ +$//;    # blanks around a statement do not count for us, but do in a line of COPY
		}
		my $name = file(join("\n", @lines) . "\n");
		my $absolute = Cwd::abs_path($name);
		query(qq{COPY learning.intake (line) FROM '$absolute' WITH (FORMAT csv, QUOTE E'\\x01', DELIMITER E'\\x02')});
		my $result = q{SELECT (SELECT count(*) FROM learning.statements), (SELECT md5(string_agg(s, '')) FROM (SELECT (statement::jsonb - 'stored' - 'timestamp' - 'id')::text AS s FROM learning.statements ORDER BY 1) s),
			(SELECT md5(string_agg(concat(line, sqlstate, message, pointer, rule), '' ORDER BY id)) FROM learning.rejects), (SELECT count(*) FROM learning.rejects)};
		my $expected = query($result);
		empty();
		my $batch = 1 + int rand 200;
		my ($code, $out, $err) = load('', '--on-error=reject', "--batch=$batch", $name);
		is(query($result), $expected, "round $round: as through intake") or diag($err);
		is(query(q{SELECT stored, rejected, stored + known + rejected FROM learning.loads}), join('|', (split /\|/, $expected)[0, 3], 400), 'with the same counts');
		empty();
	}
}

# Only checking.
{
	my $name = file(join("\n", statement(1), '{"actor": {}, "verb": {"id": "http://example.com/did"}, "object": {"id": "x"}}', "\xff", statement(2), ''));
	my ($code, $out, $err) = load('', '--dry-run', '--on-error=reject', $name);
	is($code, 3, 'a check that finds faults');
	like($out, qr/^4 statements checked, 2 with faults/, 'counts them');
	like($err, qr/:2: .*rule agent\.ifi.*\n.*:2: .*\n.*:3: .*json\.encoding/, 'and prints all of them') or diag($err);
	($code, $out, $err) = load('', '--dry-run', $name);
	is($code, 1, 'stopping at the first');
	unlike($err, qr/:3:/, 'prints no other');
	($code, $out, $err) = load('', '--dry-run', file(join("\n", @three)));
	is($code, 0, 'a good file');
	like($out, qr/^3 statements checked, 0 with faults/, 'is good');
	is(query('SELECT (SELECT count(*) FROM learning.statements), (SELECT count(*) FROM learning.loads), (SELECT count(*) FROM learning.rejects)'), '0|0|0', 'and nothing was stored');
}

# Files that are not whole.
{
	my $name = file('[' . join(',', @three));
	my ($code, $out, $err) = load('', $name);
	is($code, 1, 'an array without its end');
	like($err, qr/not closed/, 'is told');
	like($out, qr/^3 stored/, 'after its statements were stored');
	empty();
	my $whole = file(join("\n", map { statement($_, no_id => 1) } (1 .. 5000)) . "\n");
	system_or_bail('gzip', '-k', $whole);
	my $packed = slurp_file("$whole.gz");
	$name = file(substr($packed, 0, length($packed) / 2), 'cut.jsonl.gz');
	($code, $out, $err) = load('', '--batch=500', $name);
	is($code, 1, 'a compressed file without its end');
	like($err, qr/ends too early/, 'is told');
	my $half = query('SELECT count(*) FROM learning.statements');
	cmp_ok($half, '>', 100, 'its beginning is stored');
	cmp_ok($half, '<', 4900, 'and no more');
	file($packed, 'cut.jsonl.gz');
	($code, $out, $err) = load('', '--batch=500', $name);
	is($code, 0, 'when the rest has come');
	is(query('SELECT count(*), count(DISTINCT object) FROM learning.statements'), '5000|5000', 'it goes on exactly there, without ids');
	empty();
	($code, $out, $err) = load('', "$folder/nowhere.jsonl");
	is($code, 1, 'no such file');
	($code, $out, $err) = load('', $folder);
	is($code, 1, 'a folder');
	like($err, qr/Is a directory/, 'is told');
	($code, $out, $err) = load('', '--on-error=perhaps');
	is($code, 2, 'wrong usage');
	($code, $out, $err) = load('', '-e', 'nobody', $whole);
	is($code, 1, 'no such ecosystem');
	like($err, qr/create_ecosystem/, 'is told');
}

# A writer's rights are enough, for both modes.
{
	query(q{CREATE ROLE importer LOGIN; SELECT learning.grant_access('importer', 'write'); GRANT USAGE ON SCHEMA ecosys TO importer});
	my ($code, $out, $err) = load('', '-U', 'importer', file(join("\n", @three)));
	is($code, 0, 'a writer may load') or diag($err);
	($code, $out, $err) = load('', '-U', 'importer', '--on-error=reject', file(join("\n", @three, '{}')));
	is($code, 3, 'and have rejects') or diag($err);
	like($out, qr/^0 stored, 3 there already, 1 rejected/, 'and their count');
	empty();
}

# Quiet is quiet, --progress is not a bar.
{
	my ($code, $out, $err) = load('', '--quiet', file(join("\n", @three)));
	is("$code$out$err", '0', 'quiet');
}

$node->stop;
done_testing();
