# The resources of a record store over HTTP, in both versions: the areas of the
# official conformance suite other than the form of statements, composed anew,
# and what that suite is known not to look at.
#
# ECOSYS_LRS_URL (http://127.0.0.1:PORT/xapi), ECOSYS_LRS_KEY, ECOSYS_LRS_SECRET: test this store instead.
use strict;
use warnings;
use utf8;

use Digest::SHA qw(sha1_hex sha256_hex sha384_hex sha512_hex);
use FindBin;
use lib "$FindBin::Bin/../harness";
use ConformanceClient;
use ConformanceStatements qw(basic full);
use ConformanceStore;
use JSON::PP ();
use MIME::Base64 qw(encode_base64 encode_base64url);
use Test::More;
use Time::HiRes qw(sleep);

my $store = ConformanceStore->new;
my ($version, $is_2, $client, $area, $run);
my ($true, $false) = (JSON::PP::true, JSON::PP::false);

# good(200, 'name', method, resource, ...): the answer, its status checked, and what every answer must have.
sub good
{
	my ($status, $name, $method, $resource, %o) = @_;
	my $answer = $client->ask($method, $resource, %o);
	my $right = ref $status ? (grep { $_ == $answer->{status} } @$status) : $answer->{status} == $status;
	ok($right, "$version $area: $name") or diag("got $answer->{status}, wanted " . (ref $status ? "@$status" : $status) . ": " . substr($answer->{body}, 0, 500));
	my $told = $answer->{headers}{'x-experience-api-version'} // 'none';
	fail("$version $area: $name: the version of the answer is $told") if $told ne $version;
	fail("$version $area: $name: an error without a body") if $answer->{status} >= 400 && $method ne 'HEAD' && $answer->{body} eq '';
	fail("$version $area: $name: no consistent-through") if $resource =~ /statements$/ && ($answer->{headers}{'x-experience-api-consistent-through'} // '') !~ /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:?\d\d)$/;
	return $answer;
}
sub yes { my ($what, $name) = @_; return ok($what, "$version $area: $name") }
sub equal { my ($got, $wanted, $name) = @_; return is(ref $got ? encoded($got) : $got, ref $wanted ? encoded($wanted) : $wanted, "$version $area: $name") }
sub alike { my ($got, $wanted, $name) = @_; return is(same($got, $wanted), undef, "$version $area: $name") }

# A statement with an id, and the changes
sub statement { return changed(basic(), id => uuid(), @_) }
sub post { my ($name, @statements) = @_; return good(200, $name, POST => 'statements', body => @statements == 1 ? $statements[0] : \@statements)->{json} }
# The ids of the statements that a query gives, in their order, over all pages
sub found
{
	my (%query) = @_;
	my $page = good(200, 'query ' . join(' ', map { "$_=" . substr(text_of($query{$_}), 0, 40) } sort keys %query), GET => 'statements', query => \%query);
	my @ids;
	for (1 .. 500)
	{
		push @ids, map { $_->{id} } @{ $page->{json}{statements} };
		my $more = $page->{json}{more} // '' or last;
		fail("$version $area: more is no path: $more") unless $more =~ m{^/xapi/statements\?};
		$page = good(200, 'the next page', GET => $more);
	}
	return \@ids;
}
sub someone { return { objectType => 'Agent', mbox => 'mailto:' . uuid() . '@example.com' } }
sub somewhere { return 'http://example.com/' . uuid() }

sub multipart
{
	my ($statements, $parts, %o) = @_;
	my ($end, $boundary) = ($o{newline} // "\r\n", $o{boundary} // 'abc123');
	my $text = ref $statements ? encoded($statements) : $statements;
	my $body = ($o{preamble} // '') . "--$boundary${end}Content-Type:application/json$end$end$text$end";
	for my $part (@$parts)
	{
		my ($content, %headers) = @$part;
		%headers = ('Content-Type' => 'text/plain', 'Content-Transfer-Encoding' => 'binary', 'X-Experience-API-Hash' => sha256_hex($content), %headers);
		$body .= "--$boundary$end" . join('', map { "$_:$headers{$_}$end" } grep { defined $headers{$_} } sort keys %headers) . "$end$content$end";
	}
	return (body => $body . "--$boundary--" . ($o{tail} // ''), headers => { 'Content-Type' => $o{type} // "multipart/mixed; boundary=$boundary" });
}
sub attachment
{
	my ($content, %changes) = @_;
	return { usageType => 'http://example.com/attachment-usage/test', display => { 'en-US' => 'A test attachment' }, contentType => 'text/plain', length => length $content, sha2 => sha256_hex($content), %changes };
}

my %areas = (
	about => sub {
		for my $headers ({}, { 'X-Experience-API-Version' => undef }, { Authorization => undef })
		{
			my $answer = $client->ask(GET => 'about', base => "/xapi/$version", headers => $headers);
			equal($answer->{status}, 200, 'GET');
			yes((grep { $_ eq $version } @{ $answer->{json}{version} }), 'tells the version');
			equal(ref($answer->{json}{extensions} // {}), 'HASH', 'extensions');
			equal($answer->{headers}{'x-experience-api-version'}, $version, 'header');
		}
		good(200, 'HEAD', HEAD => 'about');
		good(400, 'an unknown parameter', GET => 'about', query => { foo => 1 });
	},

	versions => sub {
		my $id = post('a statement', statement())->[0];
		my @requests = ([ GET => 'statements', query => { statementId => $id } ], [ POST => 'statements', body => basic() ], [ PUT => 'statements', query => { statementId => uuid() }, body => basic() ],
			[ GET => 'agents', query => { agent => someone() } ], [ GET => 'activities', query => { activityId => somewhere() } ], [ GET => 'activities/state', query => { activityId => somewhere(), agent => someone() } ],
			[ GET => 'activities/profile', query => { activityId => somewhere() } ], [ GET => 'agents/profile', query => { agent => someone() } ]);
		for my $request (@requests)
		{
			my ($method, $resource, %o) = @$request;
			good(400, "$method $resource without a version", $method => $resource, %o, base => "/xapi/$version", headers => { 'X-Experience-API-Version' => undef });
			for my $bad ('0.9', '0.95', '0.9.9', '1.1.0', '1', '1.0.', 'x', '3.0.0', '2.1.0', '')
			{
				my $answer = good(400, "$method $resource with version '$bad'", $method => $resource, %o, base => "/xapi/$version", headers => { 'X-Experience-API-Version' => $bad });
			}
			good([ 200, 204 ], "$method $resource with version $_", $method => $resource, %o, headers => { 'X-Experience-API-Version' => $_ }) for $is_2 ? ('2.0.0', '2.0') : ('1.0', '1.0.0', '1.0.1', '1.0.3', '1.0.9');
			good(401, "$method $resource without credentials", $method => $resource, %o, headers => { Authorization => undef });
			good(401, "$method $resource with $_->[0]", $method => $resource, %o, headers => { Authorization => $_->[1] })
				for [ 'bad credentials', 'Basic ' . encode_base64('nobody:nothing', '') ], [ 'malformed credentials', 'Basic:' . encode_base64("a:b", '') ], [ 'no base64', 'Basic !!!' ], [ 'another scheme', 'Bearer x' ], [ 'an empty header', '' ];
			good([ 400, 401 ], "$method $resource without version and with bad credentials", $method => $resource, %o, base => "/xapi/$version", headers => { 'X-Experience-API-Version' => '0.8.0', Authorization => 'Basic x' });
			next if $method ne 'GET';
			good(400, "$method $resource with an unknown parameter", $method => $resource, query => { %{ $o{query} }, foo => 'bar' });
			good(400, "$method $resource with a parameter in another case", $method => $resource, query => { map { ucfirst $_ => $o{query}{$_} } keys %{ $o{query} } });
		}
		good([ 404, 405 ], "no such resource", GET => 'nowhere');
		good(405, "$_ statements", $_ => 'statements') for 'DELETE';
		good(405, "$_ agents", $_ => 'agents') for 'PUT', 'POST', 'DELETE';
	},

	put => sub {
		my $statement = statement();
		my $id = $statement->{id};
		good(400, 'without statementId', PUT => 'statements', body => $statement);
		good(400, "statementId '$_'", PUT => 'statements', query => { statementId => $_ }, body => basic()) for '', 'x', '{' . uuid() . '}', substr(uuid(), 1);
		good(400, 'another id in the body', PUT => 'statements', query => { statementId => uuid() }, body => $statement);
		good(400, 'a parameter too many', PUT => 'statements', query => { statementId => $id, foo => 1 }, body => $statement);
		good(400, 'an array of two', PUT => 'statements', query => { statementId => $id }, body => [ $statement, statement() ]);
		good(400, 'an empty body', PUT => 'statements', query => { statementId => $id }, body => '');
		my $answer = good(204, 'a statement', PUT => 'statements', query => { statementId => $id }, body => $statement);
		equal($answer->{body}, '', 'no content');
		good(204, 'the same again', PUT => 'statements', query => { statementId => $id }, body => $statement);
		good(204, 'the same, without its id', PUT => 'statements', query => { statementId => $id }, body => changed($statement, id => REMOVE));
		good(409, "another $_->[0]", PUT => 'statements', query => { statementId => $id }, body => changed($statement, @{ $_->[1] })) for [ verb => [ 'verb.id' => 'http://a.b/other' ] ], [ actor => [ actor => someone() ] ], [ result => [ result => { success => $true } ] ];
		good(204, "the same but for $_->[0]", PUT => 'statements', query => { statementId => $id }, body => changed($statement, @{ $_->[1] })) for [ display => [ 'verb.display' => { de => 'x' } ] ], [ definition => [ 'object.definition' => REMOVE ] ];
		alike(changed(good(200, 'it is', GET => 'statements', query => { statementId => $id })->{json}, map { $_ => REMOVE } qw(authority stored timestamp version)), $statement, 'unchanged');
		my $other = basic();
		my $new = uuid();
		good(204, 'without an id', PUT => 'statements', query => { statementId => $new }, body => $other);
		equal(good(200, 'it is there', GET => 'statements', query => { statementId => $new })->{json}{id}, $new, 'by the id of the parameter');
		equal(good(200, 'upper case', GET => 'statements', query => { statementId => uc $new })->{json}{id}, $new, 'is the same id');
	},

	equality => sub {
		my ($ana, $ben) = map { someone() } 1 .. 2;
		my $statement = statement(actor => { objectType => 'Group', member => [ $ana, $ben ] }, timestamp => '2013-05-18T05:32:34.000Z', result => { duration => 'PT1H0M0.12S', response => "\x{e9}/a", score => { raw => 'RAW:10', max => 'RAW:100' }, extensions => { 'http://a.b/c' => [ 'RAW:1.5', undef, 'x' ] } },
			context => { registration => uuid(), platform => 'p', contextActivities => { parent => { id => 'http://a.b/p' } } }, attachments => [ attachment('x', fileUrl => 'http://a.b/file') ]);
		my $id = post('a statement', $statement)->[0];
		my $put = sub { my ($status, $name, $text) = @_; return good($status, $name, PUT => 'statements', query => { statementId => $id }, body => $text) };
		my $text = encoded($statement);
		for ([ 'the same bytes' => $text ], [ 'an escaped letter' => $text =~ s/\xc3\xa9/\\u00e9/r ], [ 'an escaped slash' => $text =~ s{/a"}{\\/a"}r ], [ 'an escaped key' => $text =~ s/"actor"/"\\u0061ctor"/r ], [ 'blanks' => $text =~ s/,"/ ,\n\t"/gr ], [ '10.0 for 10' => $text =~ s/"raw":10/"raw":10.0/r ],
			[ '1e1 for 10' => $text =~ s/"raw":10/"raw":1e1/r ], [ '0.15e1 for 1.5' => $text =~ s/1\.5,/0.15e1,/r ], [ 'another time zone' => changed($statement, timestamp => '2013-05-18T07:32:34.000+02:00') ], [ 'a shorter fraction' => changed($statement, timestamp => '2013-05-18T05:32:34Z') ],
			[ 'another order of members' => changed($statement, 'actor.member' => [ $ben, $ana ]) ], [ 'a context activity in an array' => changed($statement, 'context.contextActivities.parent' => [ { id => 'http://a.b/p' } ]) ], [ 'thousandths of a second' => changed($statement, 'result.duration' => 'PT1H0M0.1237S') ],
			[ 'another display' => changed($statement, 'verb.display' => { de => 'x' }) ], [ 'no display' => changed($statement, 'verb.display' => REMOVE) ], [ 'another definition' => changed($statement, 'object.definition' => { name => { de => 'x' } }) ], [ 'an authority' => changed($statement, authority => someone()) ],
			[ 'stored' => changed($statement, stored => '2001-01-01T00:00:00Z') ], [ 'the domain of the mail in upper case' => $text =~ s/\@example\.com/\@EXAMPLE.COM/gr ])
		{
			$put->(204, "equal: $_->[0]", $_->[1]);
		}
		for ([ verb => 'verb.id' => 'http://a.b/other' ], [ 'object' => 'object.id' => 'http://a.b/other' ], [ 'a member more' => 'actor.member' => [ $ana, $ben, someone() ] ], [ 'a member less' => 'actor.member' => [$ana] ], [ 'the same instant plus 1 ms' => timestamp => '2013-05-18T05:32:34.001Z' ],
			[ 'hundredths of a second' => 'result.duration' => 'PT1H0M0.13S' ], [ 'another spelling of a duration' => 'result.duration' => 'PT60M0.12S' ], [ response => 'result.response' => 'e/a' ], [ 'no response' => 'result.response' => REMOVE ], [ raw => 'result.score.raw' => 'RAW:10.0000001' ], [ 'success' => 'result.success' => $false ],
			[ 'a null in an extension' => 'result.extensions' => { 'http://a.b/c' => [ 'RAW:1.5', 'x' ] } ], [ 'another string in an extension' => 'result.extensions' => { 'http://a.b/c' => [ 'RAW:1.5', undef, 'X' ] } ], [ registration => 'context.registration' => uuid() ], [ platform => 'context.platform' => 'P' ],
			[ 'another context activity' => 'context.contextActivities' => { grouping => [ { id => 'http://a.b/p' } ] } ], [ 'no context' => context => REMOVE ])
		{
			my ($name, @change) = @$_;
			$put->(409, "different: $name", changed($statement, @change));
		}
		$put->(400, 'a key twice, once escaped', $text =~ s/^\{/{"\\u0061ctor":{"mbox":"mailto:a\@b.example"},/r);
	},

	post => sub {
		my @ids = @{ post('a batch', map { statement() } 1 .. 5) };
		equal(scalar(@ids), 5, 'five ids');
		my @statements = map { statement() } 1 .. 4;
		equal(post('a batch with ids', @statements), [ map { $_->{id} } @statements ], 'in their order');
		equal(good(200, 'the same again', POST => 'statements', body => \@statements)->{json}, [ map { $_->{id} } @statements ], 'the same ids');
		good(409, 'another of a known id', POST => 'statements', body => changed($statements[0], 'verb.id' => 'http://a.b/c'));
		my $good = statement();
		for my $bad ([ 'verb.id' => 'x' ], [ actor => REMOVE ], [ foo => 1 ])
		{
			good(400, "a batch with a bad statement ($bad->[0])", POST => 'statements', body => [ $good, changed(statement(), @$bad), statement() ]);
			good(404, 'nothing of it is kept', GET => 'statements', query => { statementId => $good->{id} });
		}
		good(400, 'two of one id', POST => 'statements', body => [ $good, $good ]);
		good(400, 'two of one id, in another case', POST => 'statements', body => [ $good, changed($good, id => uc $good->{id}) ]);
		good(404, 'nothing of it is kept', GET => 'statements', query => { statementId => $good->{id} });
		good(409, 'a batch with a conflict', POST => 'statements', body => [ $good, changed($statements[0], 'verb.id' => 'http://a.b/c') ]);
		good(404, 'nothing of it is kept', GET => 'statements', query => { statementId => $good->{id} });
		good(400, "a body of $_->[0]", POST => 'statements', body => $_->[1]) for [ nothing => '' ], [ 'broken JSON' => '{"actor":' ], [ 'two values' => '{} {}' ], [ text => 'hello' ], [ 'no UTF-8' => "{\"a\":\"\xff\xfe\"}" ], [ 'a BOM' => "\xef\xbb\xbf{}" ], [ 'a trailing comma' => encoded(basic()) =~ s/\}$/,}/r ];
		good(400, "content type $_", POST => 'statements', body => encoded(basic()), headers => { 'Content-Type' => $_ }) for 'text/plain', 'application/xml', 'application/octet-stream', 'multipart/form-data; boundary=x', 'multipart/mixed', 'x', 'application/x-www-form-urlencoded';
		good(400, 'no content type', POST => 'statements', body => encoded(basic()), headers => { 'Content-Type' => undef });
		good(200, "content type $_", POST => 'statements', body => encoded(basic()), headers => { 'Content-Type' => $_ }) for 'application/json; charset=utf-8', 'application/json;charset=UTF-8', 'Application/JSON';
		good(400, "a parameter $_", POST => 'statements', body => basic(), query => { $_ => uuid() }) for 'statementId', 'foo', 'method';
		my $text = { %{ basic() }, id => uuid(), result => { response => 'ñ 語 😀', extensions => { 'http://a.b/ü' => [ 0.1, 1e-7, 12345678.5, '̃' ] } } };
		post('text and numbers', $text);
		alike(good(200, 'come back', GET => 'statements', query => { statementId => $text->{id} })->{json}{result}, $text->{result}, 'as they were');
		my $authority = good(200, 'authority', GET => 'statements', query => { statementId => post('a false authority', statement(authority => someone()))->[0] })->{json}{authority};
		yes(ref $authority eq 'HASH' && $authority->{objectType} eq 'Agent' && ($authority->{mbox} // '') eq '', 'is of the credentials');
		my $times = good(200, 'times', GET => 'statements', query => { statementId => post('own times', statement(stored => '2001-01-01T00:00:00.000Z', timestamp => '2013-05-18T07:32:34+02:00'))->[0] });
		like($times->{json}{stored}, qr/^20(?!01)\d\d-.*\.\d{3,}Z$/, "$version $area: stored is set");
		like($times->{json}{timestamp}, qr/^2013-05-18T0(5:32:34\.\d{3,}Z|7:32:34(\.\d+)?\+02:00)$/, "$version $area: timestamp");
		like($times->{headers}{'last-modified'} // '', qr/^\w{3}, \d\d \w{3} \d{4} \d\d:\d\d:\d\d GMT$/, "$version $area: Last-Modified") if $is_2;
		for my $value ('1e999999', '-0.0', '"\\ud800"', '"\\u0000"', '1.50e+1', '123456789012345678901234567890.000000000000000000001')
		{
			my $odd = statement(result => { extensions => { 'http://a.b/odd' => '@' } });
			my $answer = good(200, "$value in an extension", POST => 'statements', body => encoded($odd) =~ s/"\@"/$value/r);
			like(good(200, 'comes back', GET => 'statements', query => { statementId => $odd->{id} })->{body}, qr/"http:\/\/a\.b\/odd": ?\Q$value\E/, "$version $area: $value as it was");
			# JSON::PP cannot read all of these: out of the pages of the other areas
			post('voided', statement(verb => { id => 'http://adlnet.gov/expapi/verbs/voided' }, object => { objectType => 'StatementRef', id => $odd->{id} }));
		}
		good([ 200, 400 ], $_->[0], POST => 'statements', body => $_->[1]) for [ 'an empty batch', '[]' ], [ 'a raw score beyond all numbers', encoded({ %{ basic() }, result => { score => { raw => 'RAW:1e999999' } } }) ], [ 'a deep extension', encoded({ %{ basic() }, context => { extensions => { 'http://a.b/c' => 'RAW:' . '{"a":' x 5000 . '1' . '}' x 5000 } } }) =~ s/\\"/"/gr ];
		good([ 400, 413 ], 'nothing but brackets', POST => 'statements', body => '[' x 100_000);
		my $plain = good(200, 'no timestamp', GET => 'statements', query => { statementId => post('without timestamp', statement())->[0] })->{json};
		equal($plain->{timestamp}, $plain->{stored}, 'is stored');
		equal($plain->{version}, $is_2 ? '2.0.0' : '1.0.0', 'the version of a statement without one');
	},

	get => sub {
		my $statement = full($version);
		my $id = post('a statement', $statement)->[0];
		good(404, "$_ unknown", GET => 'statements', query => { $_ => uuid() }) for 'statementId', 'voidedStatementId';
		good(400, "$_ bad", GET => 'statements', query => { $_ => 'x' }) for 'statementId', 'voidedStatementId';
		good(400, 'both ids', GET => 'statements', query => { statementId => $id, voidedStatementId => $id });
		my %filters = (agent => someone(), verb => 'http://a.b/c', activity => somewhere(), registration => uuid(), related_activities => 'true', related_agents => 'true', since => '2012-06-01T19:09:13.245Z', until => '2012-06-01T19:09:13.245Z',
			limit => 1, ascending => 'true');
		for my $name (sort keys %filters)
		{
			good(400, "statementId with $name", GET => 'statements', query => { statementId => $id, $name => $filters{$name} });
			good(400, "voidedStatementId with $name", GET => 'statements', query => { voidedStatementId => $id, $name => $filters{$name} });
			my $answer = good(200, "filter $name", GET => 'statements', query => { $name => $filters{$name} });
			equal(ref $answer->{json}{statements}, 'ARRAY', "statements of $name");
			good(400, "$name in another case", GET => 'statements', query => { uc $name => $filters{$name} });
			good(400, "$name twice", GET => 'statements', query => form($name => $filters{$name}) . '&' . form($name => $filters{$name}));
		}
		good(200, "statementId with $_->[0]=$_->[1]", GET => 'statements', query => { statementId => $id, @$_ }) for [ format => 'ids' ], [ format => 'exact' ], [ format => 'canonical' ], [ attachments => 'true' ], [ attachments => 'false' ];
		good(400, "$_->[0]=" . text_of($_->[1]), GET => 'statements', query => {@$_}) for [ agent => 'x' ], [ agent => {} ], [ agent => { name => 'x' } ], [ agent => '{"mbox":"mailto:a@b.c"' ], [ agent => { mbox => 'x' } ], [ agent => [] ],
			[ agent => { objectType => 'Group', member => [ someone() ] } ], [ verb => 'x' ], [ activity => 'x' ], [ registration => 'x' ], [ since => 'yesterday' ], [ until => 'now' ], [ since => '2012-13-01T00:00:00Z' ], [ limit => -1 ], [ limit => 'x' ], [ limit => '1.5' ],
			[ limit => '' ], map({ my $f = $_; map { [ $f => $_ ] } 'True', '1', 'yes', '', 'TRUE' } qw(related_agents related_activities ascending attachments)), map { [ format => $_ ] } 'x', 'IDS', '';
		good(400, "statementId with attachments=$_", GET => 'statements', query => { statementId => $id, attachments => $_ }) for 'x', 'True';
		for my $page (good(200, 'a page', GET => 'statements'), good(200, 'with limit 0', GET => 'statements', query => { limit => 0 }))
		{
			my @stored = map { $_->{stored} } @{ $page->{json}{statements} };
			equal(\@stored, [ sort { $b cmp $a } @stored ], 'newest first');
			equal(scalar(grep { $_->{stored} !~ /\.\d{3,}Z$/ || $_->{timestamp} !~ /\.\d{3,}(Z|[+-]\d\d:\d\d)$/ } @{ $page->{json}{statements} }), 0, 'times have a fraction');
		}
		equal(good(200, 'nothing found', GET => 'statements', query => { verb => somewhere() })->{json}, { statements => [] }, 'is an empty list without more');
		my @head = map { good(200, $_, $_ => 'statements', query => { statementId => $id }) } 'GET', 'HEAD';
		equal($head[1]{body}, '', 'HEAD has no body');
		equal($head[1]{headers}{$_}, $head[0]{headers}{$_}, "HEAD has $_") for 'content-type', 'x-experience-api-version';
		good(200, 'a group', GET => 'statements', query => { agent => { objectType => 'Group', mbox => 'mailto:crew@adlnet.gov' } });
		good(200, 'an identified agent of any kind', GET => 'statements', query => { agent => $_ }) for { account => { homePage => 'http://a.b', name => 'x' } }, { openid => 'http://a.b/c' }, { mbox_sha1sum => 'a' x 40 };
	},

	filters => sub {
		my ($ana, $ben, $cid) = map { someone() } 1 .. 3;
		my ($here, $there) = map { somewhere() } 1 .. 2;
		my $registration = uuid();
		my %of = (
			actor => statement(actor => $ana), object => statement(object => $ana), authority => undef, group => statement(actor => { objectType => 'Group', member => [ $ben, $ana ] }),
			named => statement(actor => { objectType => 'Group', mbox => "mailto:$registration\@g.com", member => [$ana] }), 'object group' => statement(object => { objectType => 'Group', member => [$ana] }),
			instructor => statement(context => { instructor => $ana }), team => statement(context => { team => { objectType => 'Group', member => [$ana] } }),
			'sub actor' => statement(object => { objectType => 'SubStatement', %{ basic() }, actor => $ana }), 'sub object' => statement(object => { objectType => 'SubStatement', %{ basic() }, object => $ana }),
			'sub instructor' => statement(object => { objectType => 'SubStatement', %{ basic() }, context => { instructor => $ana } }),
			'sub team' => statement(object => { objectType => 'SubStatement', %{ basic() }, context => { team => { objectType => 'Group', member => [$ana] } } }),
			$is_2 ? ('context agent' => statement(context => { contextAgents => [ { objectType => 'contextAgent', agent => $ana, relevantTypes => ['http://a.b/c'] } ] }),
				'context group' => statement(context => { contextGroups => [ { objectType => 'contextGroup', group => { objectType => 'Group', member => [$ana] }, relevantTypes => ['http://a.b/c'] } ] })) : ());
		delete $of{authority};
		my %name = map { $of{$_}{id} => $_ } keys %of;
		post('agents everywhere', map { $of{$_} } sort keys %of);
		my $names = sub { join ', ', sort map { $name{$_} // "unknown $_" } @{ found(@_) } };
		equal($names->(agent => $ana), 'actor, group, named, object, object group', 'agent: actor, object, members of groups');
		equal($names->(agent => { %$ana, name => 'Another' }), 'actor, group, named, object, object group', 'agent: by identifier only');
		equal($names->(agent => $ana, related_agents => 'false'), 'actor, group, named, object, object group', 'related_agents=false');
		equal($names->(agent => $ana, related_agents => 'true'), join(', ', sort keys %of), 'related_agents: everywhere');
		equal($names->(agent => { objectType => 'Group', mbox => "mailto:$registration\@g.com" }), 'named', 'a Group by its identifier');
		equal($names->(agent => $ana, limit => 1, ascending => 'true', related_agents => 'true'), join(', ', sort keys %of), 'pages of one lose nothing');

		%of = (activity => statement(object => { id => $here }), verb => statement('verb.id' => $here), registration => statement(context => { registration => $registration }),
			'sub activity' => statement(object => { objectType => 'SubStatement', %{ basic() }, object => { id => $here } }), 'sub verb' => statement(object => { objectType => 'SubStatement', %{ basic() }, verb => { id => $here } }),
			map({ ($_ => statement(context => { contextActivities => { $_ => [ { id => $here } ] } })) } qw(parent grouping category other)),
			'sub parent' => statement(object => { objectType => 'SubStatement', %{ basic() }, context => { contextActivities => { parent => { id => $here } } } }));
		%name = map { $of{$_}{id} => $_ } keys %of;
		post('activities everywhere', map { $of{$_} } sort keys %of);
		equal($names->(activity => $here), 'activity', 'activity: the object');
		equal($names->(activity => $here, related_activities => 'true'), 'activity, category, grouping, other, parent, sub activity, sub parent', 'related_activities: everywhere');
		equal($names->(verb => $here), 'verb', 'verb, not of a SubStatement');
		equal($names->(registration => $registration), 'registration', 'registration');
		equal($names->(registration => uc $registration), 'registration', 'registration in upper case');
		equal($names->(registration => $registration, verb => $here), '', 'both must match');

		# bounds: since exclusive, until inclusive
		my @ids = map { post("number $_", statement('verb.id' => $there))->[0] } 1 .. 5;
		my @stored = map { good(200, 'stored', GET => 'statements', query => { statementId => $_ })->{json}{stored} } @ids;
		equal(\@stored, [ sort @stored ], 'stored grows');
		equal(found(verb => $there, since => $stored[1]), [ reverse @ids[ 2 .. 4 ] ], 'since is exclusive');
		equal(found(verb => $there, until => $stored[1]), [ reverse @ids[ 0 .. 1 ] ], 'until is inclusive');
		equal(found(verb => $there, since => $stored[1], until => $stored[3]), [ reverse @ids[ 2 .. 3 ] ], 'both');
		equal(found(verb => $there, ascending => 'true'), \@ids, 'ascending');
		equal(found(verb => $there, limit => 2), [ reverse @ids ], 'pages of two');
		equal(found(verb => $there, limit => 2, ascending => 'true', since => $stored[0]), [ @ids[ 1 .. 4 ] ], 'pages ascending, since');
		my $page = good(200, 'limit', GET => 'statements', query => { verb => $there, limit => 5 });
		equal($page->{json}{more} // '', '', 'a full last page has no more');

		# paging while others write
		$page = good(200, 'a first page', GET => 'statements', query => { verb => $there, limit => 3 });
		post('written in between', map { statement('verb.id' => $there) } 1 .. 3);
		my $next = good(200, 'the next', GET => $page->{json}{more});
		equal([ map { $_->{id} } @{ $page->{json}{statements} }, @{ $next->{json}{statements} } ], [ reverse @ids ], 'is not torn');
		equal(found(verb => $there, limit => 1)->[7], $ids[0], 'a batch has an order');
		my $through = good(200, 'a query', GET => 'statements', query => { verb => $there, limit => 1, format => 'ids', attachments => 'true' });
		yes($through->{headers}{'x-experience-api-consistent-through'} =~ s/Z$//r ge good(200, 'a query', GET => 'statements', query => { verb => $there, limit => 1 })->{json}{statements}[0]{stored} =~ s/Z$//r, 'consistent through what was acknowledged');
		my ($more) = $through->{body} =~ m{"more": ?"([^"]+)"};
		my $second = good(200, 'the second page', GET => $more =~ s{\\/}{/}gr);
		like($second->{headers}{'content-type'}, qr{^multipart/mixed}, "$version $area: with attachments as the first");
		like($second->{body}, qr/"verb": ?\{"id": ?"[^"]*"\}/, "$version $area: in the format of the first");
		for my $account (map { { account => { homePage => "http://$_.example", name => $there } } } 'a', 'b')
		{
			my $of = statement(actor => $account);
			post('an account', $of);
			equal(found(agent => $account), [ $of->{id} ], 'an account is name and homePage');
			equal(found(agent => '{ "objectType" : "Agent", "account" : {"name":' . encoded($there) . ',"homePage":"' . $account->{account}{homePage} . '"} }'), [ $of->{id} ], 'however its JSON is spelled');
		}
		equal(found(agent => encoded($ana), limit => 1, ascending => 'true', until => '2012-01-01T00:00:00Z'), [], 'nothing until then');
		good(200, 'GET with a content type and no content', GET => 'statements', query => { limit => 1 }, headers => { 'Content-Type' => 'application/json', 'Content-Length' => 0 });
	},

	references => sub {
		my ($ana, $verb, $here, $registration) = (someone(), somewhere(), somewhere(), uuid());
		my $target = statement(actor => $ana, 'verb.id' => $verb, object => { id => $here }, context => { registration => $registration, contextActivities => { other => { id => "$here/other" } }, instructor => { mbox => 'mailto:i' . $ana->{mbox} =~ s/mailto://r } });
		my @chain = ($target);
		push @chain, statement(object => { objectType => 'StatementRef', id => $chain[-1]{id} }) for 1 .. 4;
		# the target comes last, in the middle, first
		post('a link', $chain[$_]) for 2, 1, 4;
		equal(found(verb => $verb), [], 'nothing yet');
		post('the target', $target);
		post('the link between', $chain[3]);
		my @all = sort map { $_->{id} } @chain;
		equal([ sort @{ found(@$_) } ], \@all, "$_->[0] through references of any depth") for [ verb => $verb ], [ agent => $ana ], [ activity => $here ], [ registration => $registration ], [ activity => "$here/other", related_activities => 'true' ],
			[ agent => { mbox => 'mailto:i' . $ana->{mbox} =~ s/mailto://r }, related_agents => 'true' ], [ verb => $verb, agent => $ana, activity => $here ], [ verb => $verb, limit => 2 ];
		equal(found(verb => $verb), [ map { $chain[$_]{id} } 3, 0, 4, 1, 2 ], 'in the order of stored');
		my $stored = good(200, 'stored', GET => 'statements', query => { statementId => $target->{id} })->{json}{stored};
		equal(found(verb => $verb, since => $stored), [ $chain[3]{id} ], 'since is of the referring statement');
		post('context.statement', statement(context => { statement => { objectType => 'StatementRef', id => $target->{id} } }));
		equal(scalar(@{ found(verb => $verb) }), 5, 'context.statement does not count');
		my @ring = map { statement() } 1 .. 2;
		$ring[$_]{object} = { objectType => 'StatementRef', id => $ring[ 1 - $_ ]{id} } for 0, 1;
		$ring[0]{verb}{id} = "$verb/ring";
		post('a ring', @ring);
		equal([ sort @{ found(verb => "$verb/ring") } ], [ sort map { $_->{id} } @ring ], 'a ring ends');

		# voiding
		my $voiding = statement(actor => someone(), verb => { id => 'http://adlnet.gov/expapi/verbs/voided' }, object => { objectType => 'StatementRef', id => $target->{id} });
		post('a voiding statement', $voiding);
		good(404, 'statementId of a voided one', GET => 'statements', query => { statementId => $target->{id} });
		equal(good(200, 'voidedStatementId', GET => 'statements', query => { voidedStatementId => $target->{id} })->{json}{id}, $target->{id}, 'gives it');
		good(404, 'voidedStatementId of another', GET => 'statements', query => { voidedStatementId => $chain[1]{id} });
		good(200, 'the voiding statement', GET => 'statements', query => { statementId => $voiding->{id} });
		equal(found(verb => $verb), [ $voiding->{id}, map { $chain[$_]{id} } 3, 4, 1, 2 ], 'references match through a voided target, and it is gone');
		my $again = statement(verb => { id => 'http://adlnet.gov/expapi/verbs/voided' }, object => { objectType => 'StatementRef', id => $voiding->{id} });
		good([ 200, 400 ], 'voiding a voiding statement', POST => 'statements', body => $again);
		good(200, 'does nothing', GET => 'statements', query => { statementId => $voiding->{id} });
		good(404, 'nor bring its target back', GET => 'statements', query => { statementId => $target->{id} });
		my $late = statement();
		post('voided before it comes', statement(verb => { id => 'http://adlnet.gov/expapi/verbs/voided' }, object => { objectType => 'StatementRef', id => $late->{id} }), $late);
		good(404, 'is voided', GET => 'statements', query => { statementId => $late->{id} });
		good(200, 'the same voided one again', POST => 'statements', body => $late);
		my @pair = (statement('verb.id' => "$verb/pair"));
		push @pair, statement(verb => { id => 'http://adlnet.gov/expapi/verbs/voided' }, object => { objectType => 'StatementRef', id => $pair[0]{id} });
		push @pair, statement(object => { objectType => 'StatementRef', id => $pair[0]{id} });
		post('suite XAPI-00162', $_) for @pair;
		equal(found(verb => "$verb/pair"), [ $pair[2]{id}, $pair[1]{id} ], 'StatementRef and voiding statement, newest first');
	},

	formats => sub {
		my ($ana, $here) = (someone(), somewhere());
		my $statement = full($version);
		%$statement = (%$statement, actor => { objectType => 'Group', name => 'crew', member => [ { %$ana, name => 'Ana' } ] }, object => { objectType => 'Activity', id => $here, definition => { name => { 'en-US' => 'meeting', 'de-DE' => 'Treffen', fr => 'réunion' }, type => 'http://a.b/c' } },
			verb => { id => "$here/verb", display => { 'en-US' => 'attended', 'de-DE' => 'besuchte' } });
		$statement->{context}{contextActivities}{parent} = [ { id => "$here/parent", definition => { name => { en => 'parent', de => 'Mutter' }, interactionType => 'choice', choices => [ { id => 'a', description => { en => 'one', de => 'eins' } } ] } } ];
		my $id = post('a statement', $statement)->[0];
		my $get = sub { my ($format, $language) = @_; good(200, "format $format", GET => 'statements', query => { statementId => $id, format => $format }, headers => { 'Accept-Language' => $language })->{json} };
		my $exact = $get->('exact', 'de');
		alike($exact->{$_}, $statement->{$_}, "exact: $_") for qw(actor verb object result context attachments);
		my $ids = $get->('ids');
		alike($ids->{object}, { id => $here }, 'ids: the object');
		alike($ids->{verb}, { id => "$here/verb" }, 'ids: the verb');
		yes(!defined same(changed($ids->{actor}, 'member.0.objectType' => REMOVE), { objectType => 'Group', member => [ { mbox => $ana->{mbox} } ] }), 'ids: an anonymous Group');
		alike($ids->{context}{contextActivities}{parent}, [ { id => "$here/parent" } ], 'ids: a context activity');
		yes(keys(%{ $ids->{context}{instructor} }) <= 2 && !exists $ids->{context}{instructor}{name}, 'ids: an Agent');
		alike(good(200, 'the list', GET => 'statements', query => { activity => $here, format => 'ids' })->{json}{statements}[0], $ids, 'ids: of a list');
		for ([ 'de', 'Treffen', 'besuchte', 'Mutter', 'eins' ], [ 'en-US', 'meeting', 'attended', 'parent', 'one' ], [ 'de;q=0.5, en-US', 'meeting', 'attended', 'parent', 'one' ], [ 'en-US;q=0.4, de-DE;q=0.8', 'Treffen', 'besuchte' ], [ 'fr, de;q=0.9', 'réunion', 'besuchte', 'Mutter' ],
			[ 'fr;q=0, de;q=0.1', 'Treffen', 'besuchte', 'Mutter' ])
		{
			my ($language, $name, $display, $parent, $choice) = @$_;
			my $canonical = $get->('canonical', $language);
			equal([ values %{ $canonical->{object}{definition}{name} } ], [$name], "canonical, $language: name");
			equal([ values %{ $canonical->{verb}{display} } ], [$display], "canonical, $language: display");
			equal([ values %{ $canonical->{context}{contextActivities}{parent}[0]{definition}{name} } ], [$parent], "canonical, $language: a context activity") if $parent;
			equal([ values %{ $canonical->{context}{contextActivities}{parent}[0]{definition}{choices}[0]{description} } ], [$choice], "canonical, $language: a choice") if $choice;
			alike($canonical->{$_}, $statement->{$_}, "canonical, $language: $_") for qw(actor result attachments);
		}
		equal(scalar(keys %{ $get->('canonical', $_)->{object}{definition}{name} }), 1, 'canonical: one language, asked for ' . ($_ // 'none')) for undef, 'zh', '*', 'x;;q=y', '';
		post('another name', statement(object => { id => $here, definition => { name => { es => 'reunión' } } }));
		alike($get->('canonical', 'es')->{object}{definition}{name}, { es => 'reunión' }, 'canonical: from what all statements say');
		alike($get->('exact', 'es')->{object}, $statement->{object}, 'exact: from what this one says');
		my $of_group = sub { return post('a SubStatement by a Group', statement(object => { objectType => 'SubStatement', %{ basic() }, actor => { objectType => 'Group', name => 'x', @_ }, object => { %{ someone() }, name => 'Ana' } }))->[0] };
		for ([ 'anonymous', 'member objectType', member => [ { name => 'Ana', mbox => 'mailto:a@b.example' } ] ], [ 'identified', 'mbox objectType', mbox => 'mailto:a@b.example', member => [ someone() ] ])
		{
			my ($kind, $keys, @of) = @$_;
			my $found = good(200, "format ids, $kind", GET => 'statements', query => { statementId => $of_group->(@of), format => 'ids' })->{json}{object};
			equal(join(' ', sort keys %{ $found->{actor} }), $keys, "ids: a Group in a SubStatement, $kind");
			equal(join(' ', sort keys %{ $found->{object} }), 'mbox objectType', "ids: an Agent as its object, $kind");
			equal(join(' ', sort keys %{ $found->{verb} }), 'id', "ids: its verb, $kind");
		}
	},

	attachments => sub {
		my $content = 'here is a simple attachment';
		my $one = sub { return statement(attachments => [ attachment($content, @_) ]) };
		for my $end ("\r\n", "\n")
		{
			my $way = $end eq "\n" ? 'LF' : 'CRLF';
			good(200, "one, $way", POST => 'statements', multipart($one->(), [ [$content] ], newline => $end));
			good(200, "an empty line first, $way", POST => 'statements', multipart($one->(), [ [$content] ], newline => $end, preamble => $end));
			good(200, "a line end last, $way", POST => 'statements', multipart($one->(), [ [$content] ], newline => $end, tail => $end));
			good(400, "no boundary before the parts, $way", POST => 'statements', body => encoded($one->()), headers => { 'Content-Type' => 'multipart/mixed; boundary=abc' });
		}
		my $statement = $one->();
		good(204, 'PUT', PUT => 'statements', query => { statementId => $statement->{id} }, multipart($statement, [ [$content] ]));
		good(200, 'a quoted boundary', POST => 'statements', multipart($one->(), [ [$content] ], type => 'multipart/mixed; boundary="abc123"'));
		good(200, 'a longer boundary', POST => 'statements', multipart($one->(), [ [$content] ], boundary => '-------314159265358979323846'));
		good(400, $_->[0], POST => 'statements', multipart($one->(), $_->[1], @{ $_->[2] // [] })) for [ 'no boundary in the header', [ [$content] ], [ type => 'multipart/mixed' ] ], [ 'another boundary', [ [$content] ], [ type => 'multipart/mixed; boundary=other' ] ],
			[ 'no hash', [ [ $content, 'X-Experience-API-Hash' => undef ] ] ], [ 'another hash', [ [ $content, 'X-Experience-API-Hash' => 'a' x 64 ] ] ], [ 'no transfer encoding', [ [ $content, 'Content-Transfer-Encoding' => undef ] ] ],
			[ 'another transfer encoding', [ [ $content, 'Content-Transfer-Encoding' => 'base64' ] ] ], [ 'a part too many', [ [$content], ['nobody names this'] ] ], [ 'no part', [] ], [ 'another content', [ [ "$content!", 'X-Experience-API-Hash' => sha256_hex($content) ] ] ],
			[ 'multipart/form-data', [ [$content] ], [ type => 'multipart/form-data; boundary=abc123' ] ], [ 'a second part of JSON', [ [ encoded(basic()), 'Content-Type' => 'application/json', 'X-Experience-API-Hash' => undef, 'Content-Transfer-Encoding' => undef ], [$content] ] ];
		my %first = multipart($one->(), [ [$content] ]);
		$first{body} =~ s{Content-Type:application/json}{Content-Type:text/plain};
		good(400, 'the first part is text', POST => 'statements', %first);
		good(400, 'as application/json without fileUrl', POST => 'statements', body => $one->());
		good(200, 'as application/json with fileUrl', POST => 'statements', body => $one->(fileUrl => 'http://a.b/c'));
		good(400, 'one of two without', POST => 'statements', body => [ $one->(fileUrl => 'http://a.b/c'), $one->() ]);
		good(200, 'multipart, only fileUrl', POST => 'statements', multipart($one->(fileUrl => 'http://a.b/c'), []));
		good(200, 'multipart, no attachments', POST => 'statements', multipart(statement(), []));
		my $hex = join '', map { sprintf '%02x', $_ } 0 .. 255;
		good(200, 'hex text of another length', POST => 'statements', multipart(statement(attachments => [ attachment($hex, contentType => 'image/jpeg', length => 256) ]), [ [ $hex, 'Content-Type' => 'image/jpeg' ] ]));
		my $binary = join('', map chr, 0 .. 255) . "\r\n--abc12\r\n--\n";
		good(200, 'binary', POST => 'statements', multipart(statement(attachments => [ attachment($binary) ]), [ [$binary] ]));
		good(200, 'SHA-384', POST => 'statements', multipart($one->(sha2 => sha384_hex($content)), [ [ $content, 'X-Experience-API-Hash' => sha384_hex($content) ] ]));
		good(200, 'SHA-512', POST => 'statements', multipart($one->(sha2 => sha512_hex($content)), [ [ $content, 'X-Experience-API-Hash' => sha512_hex($content) ] ]));
		my $batch = good(200, 'two statements, one part', POST => 'statements', multipart([ $one->(), $one->() ], [ [$content] ]))->{json};
		my ($first_id) = @$batch;
		my $sub = statement(object => { objectType => 'SubStatement', %{ basic() } }, attachments => [ attachment($content) ]);
		good(200, 'beside a SubStatement', POST => 'statements', multipart($sub, [ [$content] ]));

		my $verb = somewhere();
		my @two = map { statement('verb.id' => $verb, attachments => [ attachment($_) ]) } $content, $binary;
		good(200, 'two of two', POST => 'statements', multipart(\@two, [ [$binary], [$content] ]));
		my $answer = good(200, 'GET with attachments', GET => 'statements', query => { verb => $verb, attachments => 'true' });
		my ($boundary) = $answer->{headers}{'content-type'} =~ m{^multipart/mixed; *boundary="?([^";]+)"?$};
		yes(defined $boundary, 'multipart/mixed with a boundary') or return;
		my @parts = split /(?:^|\r\n)--\Q$boundary\E(?:--)?(?:\r\n|$)/, $answer->{body};
		shift @parts if $parts[0] eq '';
		equal(scalar(@parts), 3, 'three parts');
		my %content;
		for my $part (@parts)
		{
			my ($head, $body) = split /\r\n\r\n/, $part, 2;
			my %h = map { /^([^:]+): *(.*)$/ ? (lc $1 => $2) : () } split /\r\n/, $head;
			if ($h{'content-type'} =~ /json/) { equal(scalar(@{ decoded($body)->{statements} }), 2, 'the statements first') }
			else { $content{ $h{'x-experience-api-hash'} } = $body; equal($h{'content-transfer-encoding'}, 'binary', 'transfer encoding'); equal($h{'content-type'}, 'text/plain', 'type of the content') }
		}
		for my $what ($content, $binary)
		{
			yes(($content{ sha256_hex($what) } // '') eq $what, 'the content');
			my $hash = sha256_hex($what);
			equal(scalar(() = $answer->{body} =~ /$hash/g), 2, 'its hash stands twice');
		}
		like(good(200, "attachments=$_->[0]", GET => 'statements', query => { verb => $verb, attachments => $_->[0] })->{headers}{'content-type'}, $_->[1], "$version $area: $_->[0]") for [ true => qr{^multipart/mixed} ], [ false => qr{^application/json} ];
		like(good(200, 'none there', GET => 'statements', query => { verb => somewhere(), attachments => 'true' })->{headers}{'content-type'}, qr{^multipart/mixed}, "$version $area: multipart even so");
		my $single = good(200, 'a single one', GET => 'statements', query => { statementId => $first_id, attachments => 'true' });
		like($single->{body}, qr/\Q$content\E/, "$version $area: with its content");

		# signatures
		my $signed = sub {
			my ($alg, $change, %o) = @_;
			my $inner = statement();
			my $payload = $change ? changed($inner, @$change) : $inner;
			my $jws = $o{jws} // join('.', encode_base64url(encoded({ alg => $alg })), encode_base64url($o{payload} // encoded($payload)), encode_base64url('x' x 256));
			my $of = { %$inner, @{ $o{outer} // [] }, attachments => [ attachment($jws, usageType => 'http://adlnet.gov/expapi/attachments/signature', contentType => $o{type} // 'application/octet-stream') ] };
			return multipart($of, [ [ $jws, 'Content-Type' => $o{type} // 'application/octet-stream' ] ]);
		};
		good(200, "signed, $_", POST => 'statements', $signed->($_)) for 'RS256', 'RS384', 'RS512';
		good(400, "signed, $_", POST => 'statements', $signed->($_)) for 'HS256', 'none', 'ES256', 'rs256';
		good(400, "signed: $_->[0]", POST => 'statements', $signed->('RS256', $_->[1], @{ $_->[2] // [] })) for [ 'another statement', [ 'verb.id' => 'http://a.b/c' ] ], [ 'another actor', [ actor => someone() ] ], [ 'content type text/plain', undef, [ type => 'text/plain' ] ], [ 'no JWS', undef, [ jws => 'not a jws' ] ],
			[ 'no JSON in it', undef, [ payload => 'x' ] ], [ 'two parts of three', undef, [ jws => encode_base64url('{"alg":"RS256"}') . '.' . encode_base64url('{}') ] ];
		good(200, 'signed: durations to hundredths', POST => 'statements', $signed->('RS256', [ result => { duration => 'PT1H0M0.12S' } ], outer => [ result => { duration => 'PT1H0M0.1237S' } ]));
		good(200, 'signed: without id, with what the store sets', POST => 'statements', $signed->('RS256', [ id => REMOVE, version => '1.0.0', stored => '2013-05-18T05:32:34.804Z' ]));
	},

	agents => sub {
		my $ana = someone();
		my $person = good(200, 'unknown', GET => 'agents', query => { agent => $ana })->{json};
		alike($person, { objectType => 'Person', mbox => [ $ana->{mbox} ] }, 'a Person');
		post('names', statement(actor => { %$ana, name => 'Ana' }));
		$person = good(200, 'known', GET => 'agents', query => { agent => $ana })->{json};
		alike($person->{name}, ['Ana'], 'name is an array');
		my %ifi = (mbox_sha1sum => 'a' x 40, openid => 'http://a.b/c', account => { homePage => 'http://a.b', name => 'x' });
		alike(good(200, $_, GET => 'agents', query => { agent => { objectType => 'Agent', $_ => $ifi{$_} } })->{json}{$_}, [ $ifi{$_} ], "$_ is an array") for sort keys %ifi;
		good(400, 'agent ' . text_of($_), GET => 'agents', query => { agent => $_ }) for 'x', {}, { name => 'x' }, '{"mbox":', { mbox => 'x' }, { %$ana, openid => 'http://a.b/c' }, '';
		good(400, 'no agent', GET => 'agents');
		equal(good(200, 'HEAD', HEAD => 'agents', query => { agent => $ana })->{body}, '', 'HEAD');
	},

	activities => sub {
		my $here = somewhere();
		alike(good(200, 'unknown', GET => 'activities', query => { activityId => $here })->{json}, { objectType => 'Activity', id => $here }, 'an Activity');
		my $activity = { objectType => 'Activity', id => $here, definition => { name => { en => 'one' }, description => { en => 'd' }, type => 'http://a.b/t', moreInfo => 'http://a.b/m', extensions => { 'http://a.b/e' => { a => undef } }, interactionType => 'choice',
			correctResponsesPattern => ['a'], choices => [ { id => 'a', description => { en => 'A' } } ] } };
		post('an activity', statement(object => $activity));
		alike(good(200, 'known', GET => 'activities', query => { activityId => $here })->{json}, $activity, 'the complete Activity');
		post('more of it', map { statement(object => { id => $here, definition => { name => { $_ => "name $_" } } }) } 'de', 'fr');
		alike(good(200, 'merged', GET => 'activities', query => { activityId => $here })->{json}{definition}{name}, { en => 'one', de => 'name de', fr => 'name fr' }, 'all names');
		good(400, "activityId '$_'", GET => 'activities', query => { activityId => $_ }) for 'x', '', 'a b:c';
		good(400, 'no activityId', GET => 'activities');
		equal(good(200, 'HEAD', HEAD => 'activities', query => { activityId => $here })->{body}, '', 'HEAD');
		my $dots = "$here/a/../b";
		post('an IRI with dots', statement(object => { id => $dots }));
		equal(good(200, 'is kept', GET => 'activities', query => { activityId => $dots })->{json}{id}, $dots, 'as it is');
	},

	# what HTTP allows and few clients do
	odds => sub {
		my $id = post('a statement', statement())->[0];
		good(200, 'a percent-encoded path', GET => '/xapi/%73tatements', query => { statementId => $id });
		good(200, 'an empty query', GET => '/xapi/statements?');
		good(200, 'empty pieces in a query', GET => "/xapi/statements?&limit=1&&");
		good(200, 'another case of the scheme', GET => 'statements', query => { statementId => $id }, headers => { Authorization => $client->{authorization} =~ s/Basic/basic/r });
		good(200, 'another case of the header names', GET => 'statements', query => { statementId => $id }, headers => { 'X-Experience-API-Version' => undef, 'x-experience-api-version' => $version, Authorization => undef, AUTHORIZATION => $client->{authorization} });
		good(400, 'broken percent-encoding', GET => "/xapi/statements?verb=$_") for '%', '%2', '%zz', '%00', '%ff';
		good(400, 'a + that is a blank', GET => '/xapi/statements?since=2012-01-01T00:00:00+00:00');
		good(200, 'the same, encoded', GET => '/xapi/statements?since=2012-01-01T00:00:00%2B00:00&limit=1');
		my $long = 'http://example.com/' . 'x' x 6000;
		post('an IRI of 6,000 characters', statement('verb.id' => $long, object => { id => $long }));
		yes(@{ good(200, 'as a filter', GET => 'statements', query => { $_ => $long, limit => 2 })->{json}{statements} } >= 1, 'finds it') for 'verb', 'activity';
		for my $headers ({ 'Accept-Language' => ';;q=,' . 'x' x 500 }, { Accept => 'text/html' }, { 'If-Match' => '"x"' }, { 'If-Modified-Since' => 'x' }, { Range => 'bytes=0-1' }, { 'Content-Type' => 'x' })
		{
			my ($name) = %$headers;
			good(200, "a GET with $name", GET => 'statements', query => { limit => 1 }, headers => $headers);
		}
		for my $resource ('activities/state', 'agents/profile')
		{
			my %at = (agent => someone(), $resource =~ /state/ ? (activityId => somewhere(), stateId => "a\tb \x{1F600}") : (profileId => "a\tb \x{1F600}"));
			good(204, "$resource: nothing in it, no type", PUT => $resource, query => \%at, headers => { 'If-None-Match' => '*' });
			my $empty = good(200, "$resource: it is there", GET => $resource, query => \%at);
			equal($empty->{body}, '', "$resource: empty");
			equal($empty->{headers}{etag}, '"' . sha1_hex('') . '"', "$resource: its ETag");
			good(204, "$resource: If-Match: *", PUT => $resource, query => \%at, body => 'x', headers => { 'If-Match' => '*', 'Content-Type' => 'text/plain' });
			good(412, "$resource: If-None-Match: its ETag", PUT => $resource, query => \%at, body => 'y', headers => { 'If-None-Match' => '"' . sha1_hex('x') . '"' });
			good(304, "$resource: GET, If-None-Match: its ETag", GET => $resource, query => \%at, headers => { 'If-None-Match' => '"' . sha1_hex('x') . '"' });
			good(200, "$resource: GET, If-None-Match: another", GET => $resource, query => \%at, headers => { 'If-None-Match' => '"' . sha1_hex('y') . '"' });
			my $list = good(200, "$resource: the list", GET => $resource, query => { map { $_ => $at{$_} } grep { !/Id$/ || $_ eq 'activityId' } keys %at });
			equal($list->{json}, [ $at{stateId} // $at{profileId} ], "$resource: an id of any characters");
		}
	},

	# the three document resources
	documents => sub {
		for my $resource ('activities/state', 'activities/profile', 'agents/profile')
		{
			$area = $resource;
			my $is_state = $resource =~ /state/;
			my $id_name = $is_state ? 'stateId' : 'profileId';
			my $place = sub { return ($resource =~ /^activities/ ? (activityId => somewhere()) : (), $resource !~ /^activities.profile/ ? (agent => someone()) : (), @_) };
			my %context = $place->();
			my %at = (%context, $id_name => uuid());
			my $put = sub { my ($status, $name, $query, $body, %headers) = @_; return good($status, $name, PUT => $resource, query => $query, body => $body, headers => \%headers) };
			my @none = ('If-None-Match' => '*');

			# parameters
			for my $method ('PUT', 'POST', 'GET', 'DELETE')
			{
				my %o = $method =~ /^P/ ? (body => { a => 1 }) : ();
				$o{headers} = {@none} if $method eq 'PUT';
				for my $missing (keys %context, $method =~ /^P/ || $method eq 'DELETE' && !$is_state ? $id_name : ())
				{
					my %query = %at;
					delete $query{$missing};
					good(400, "$method without $missing", $method => $resource, %o, query => \%query);
				}
				good(400, "$method with an unknown parameter", $method => $resource, %o, query => { %at, foo => 1 });
				for my $name (keys %context)
				{
					good(400, "$method with $name " . text_of($_), $method => $resource, %o, query => { %at, $name => $_ }) for $name eq 'agent' ? ('x', '{"name":"x"}', '{"mbox":', {}, '') : ('x', '', 'a b');
				}
				good(400, "$method with a bad registration", $method => $resource, %o, query => { %at, registration => 'x' });
				good(400, "$method with a registration", $method => $resource, %o, query => { %at, registration => uuid() }) unless $is_state;
			}
			good(400, "GET since '$_'", GET => $resource, query => { %context, since => $_ }) for 'x', 'yesterday', '1', 'true', '';
			good(400, "GET since x of one", GET => $resource, query => { %at, since => 'x' });
			good(404, $_, $_ => $resource, query => \%at) for 'GET', 'HEAD';
			good([ 204, 404 ], 'DELETE of nothing', DELETE => $resource, query => \%at);
			equal(good(200, 'the list of nothing', GET => $resource, query => \%context)->{json}, [], 'is empty');

			# PUT and conditions
			if ($is_2) { $put->(204, 'PUT of a new one, no condition', { $place->(), $id_name => uuid() }, { a => 1 }) }
			else { $put->($is_state ? 204 : 400, 'PUT of a new one, no condition', { $place->(), $id_name => uuid() }, { a => 1 }) }
			my $text = '{ "a" : 1, "é":"ü" }';
			utf8::encode($text);
			$put->(412, 'If-Match of nothing', \%at, $text, 'If-Match' => '"' . 'a' x 40 . '"');
			$put->(204, 'If-None-Match: * of nothing', \%at, $text, @none, 'Content-Type' => 'application/json; charset=utf-8');
			my $got = good(200, 'GET', GET => $resource, query => \%at);
			equal($got->{body}, $text, 'the bytes');
			equal($got->{headers}{'content-type'}, 'application/json; charset=utf-8', 'the type');
			equal($got->{headers}{etag}, '"' . sha1_hex($text) . '"', 'the ETag');
			like($got->{headers}{'last-modified'} // '', qr/ GMT$/, "$version $area: Last-Modified");
			my $head = good(200, 'HEAD', HEAD => $resource, query => \%at);
			equal($head->{body}, '', 'HEAD has no body');
			equal($head->{headers}{$_}, $got->{headers}{$_}, "HEAD has $_") for 'etag', 'last-modified', 'content-type';
			$put->(412, 'If-None-Match: * of one that is there', \%at, 'other', @none);
			$put->(412, 'If-Match of another', \%at, 'other', 'If-Match' => '"' . 'a' x 40 . '"');
			$put->(409, 'no condition, and it is there', \%at, 'other') if $is_2 || !$is_state;
			good(412, 'POST, If-Match of another', POST => $resource, query => \%at, body => { b => 2 }, headers => { 'If-Match' => '"' . 'a' x 40 . '"' });
			good(412, 'DELETE, If-Match of another', DELETE => $resource, query => \%at, headers => { 'If-Match' => '"' . 'a' x 40 . '"' });
			equal(good(200, 'it is', GET => $resource, query => \%at)->{body}, $text, 'unchanged');
			$put->(204, 'If-Match', \%at, '{"a":1,"b":{"c":2}}', 'If-Match' => $got->{headers}{etag});
			$put->(412, 'the ETag of before', \%at, 'x', 'If-Match' => $got->{headers}{etag});
			if ($is_state && !$is_2) { $put->(204, 'no condition, and it is there', \%at, '{"a":1,"b":{"c":2}}') }
			my $etag = good(200, 'GET', GET => $resource, query => \%at)->{headers}{etag};
			yes($etag ne $got->{headers}{etag}, 'another ETag');

			# POST
			good(204, 'POST merges', POST => $resource, query => \%at, body => { b => { d => 3 }, e => undef }, headers => { 'If-Match' => $etag });
			alike(good(200, 'the merged one', GET => $resource, query => \%at)->{json}, { a => 1, b => { d => 3 }, e => undef }, 'top level only');
			good(400, "POST of $_->[0]", POST => $resource, query => \%at, body => $_->[1], headers => { 'Content-Type' => $_->[2] // 'application/json' }) for [ 'broken JSON' => '{"a":' ], [ array => '[1]' ], [ string => '"x"' ], [ number => '1' ], [ text => 'x', 'text/plain' ],
				[ 'JSON as text' => '{"z":1}', 'text/plain' ], [ nothing => '' ];
			alike(good(200, 'it is', GET => $resource, query => \%at)->{json}, { a => 1, b => { d => 3 }, e => undef }, 'unchanged');
			my %other = (%context, $id_name => 'ein Profil/ü?&=');
			good(204, 'POST onto nothing', POST => $resource, query => \%other, body => "\x00\xff binary", headers => { 'Content-Type' => 'application/octet-stream' });
			equal(good(200, 'GET', GET => $resource, query => \%other)->{body}, "\x00\xff binary", 'bytes');
			good(400, 'POST JSON onto other content', POST => $resource, query => \%other, body => { a => 1 });
			good(400, 'POST of broken JSON onto nothing', POST => $resource, query => { %context, $id_name => uuid() }, body => '{"a":');

			# lists
			equal([ sort @{ good(200, 'the list', GET => $resource, query => \%context)->{json} } ], [ sort $at{$id_name}, $other{$id_name} ], 'has all ids');
			equal([ sort @{ good(200, 'since long ago', GET => $resource, query => { %context, since => '2012-01-01T00:00:00Z' })->{json} } ], [ sort $at{$id_name}, $other{$id_name} ], 'all');
			equal(good(200, 'since the future', GET => $resource, query => { %context, since => '2099-01-01T00:00:00Z' })->{json}, [], 'none');
			good(200, 'since, of one', GET => $resource, query => { %at, since => '2012-01-01T00:00:00Z' });
			equal(good(200, 'HEAD of the list', HEAD => $resource, query => \%context)->{body}, '', 'no body');
			equal(good(200, 'another name', GET => $resource, query => { %context, agent => { %{ $context{agent} }, name => 'Another' } })->{json}[0] ? 1 : 0, 1, 'the same agent') if $context{agent};

			if ($is_state)
			{
				my %state = (activityId => somewhere(), agent => someone());
				my $registration = uuid();
				good(204, 'PUT with a registration', PUT => $resource, query => { %state, stateId => 'with', registration => $registration }, body => { a => 1 });
				good(204, 'PUT without', PUT => $resource, query => { %state, stateId => 'without' }, body => { a => 2 });
				good(204, 'PUT of one id with', PUT => $resource, query => { %state, stateId => 'both', registration => $registration }, body => { a => 3 });
				good(204, 'PUT of one id without', PUT => $resource, query => { %state, stateId => 'both' }, body => { a => 4 });
				alike(good(200, 'GET with', GET => $resource, query => { %state, stateId => 'both', registration => $registration })->{json}, { a => 3 }, 'of the registration');
				alike(good(200, 'GET without', GET => $resource, query => { %state, stateId => 'both' })->{json}, { a => 4 }, 'of none');
				good(404, 'GET without, of one with', GET => $resource, query => { %state, stateId => 'with' });
				good(404, 'GET with, of one without', GET => $resource, query => { %state, stateId => 'without', registration => $registration });
				equal([ sort @{ good(200, 'the list with', GET => $resource, query => { %state, registration => $registration })->{json} } ], [ 'both', 'with' ], 'of the registration');
				equal([ sort @{ good(200, 'the list without', GET => $resource, query => \%state)->{json} } ], [ 'both', 'with', 'without' ], 'of all');
				good(204, 'DELETE of all of a registration', DELETE => $resource, query => { %state, registration => $registration });
				equal([ sort @{ good(200, 'the list', GET => $resource, query => \%state)->{json} } ], [ 'both', 'without' ], 'the others stay');
				good(204, 'DELETE of all', DELETE => $resource, query => \%state);
				equal(good(200, 'the list', GET => $resource, query => \%state)->{json}, [], 'is empty');
			}
			good(204, 'DELETE', DELETE => $resource, query => \%at, headers => { 'If-Match' => good(200, 'GET', GET => $resource, query => \%at)->{headers}{etag} });
			good(404, 'it is gone', GET => $resource, query => \%at);
			good(204, 'DELETE of the other', DELETE => $resource, query => \%other);

			# Last-Modified, in whole seconds; the resources share one wait
			push @{ $run->{modified} }, [ $resource, \%at ];
			$put->(204, 'a document', \%at, '{"a":1}', @none);
			$run->{before}{$resource} = good(200, 'GET', GET => $resource, query => \%at)->{headers};
		}
		sleep 1.1;
		for my $one (@{ delete $run->{modified} })
		{
			my ($resource, $at) = @$one;
			$area = $resource;
			good(204, 'it is changed', POST => $resource, query => $at, body => { b => 1 });
			my $after = good(200, 'GET', GET => $resource, query => $at)->{headers};
			yes($after->{'last-modified'} ne $run->{before}{$resource}{'last-modified'}, 'Last-Modified has changed');
		}
	},

	# POST ...?method=PUT
	alternate => sub {
		my %form = ('X-Experience-API-Version' => $version, Authorization => $client->{authorization}, 'Content-Type' => 'application/json');
		my $ask = sub {
			my ($status, $name, $resource, $method, $of, %o) = @_;
			return good($status, $name, POST => $resource, query => $o{query} // { method => $method }, base => "/xapi/$version", body => $o{body} // form(%form, %$of),
				headers => { 'X-Experience-API-Version' => undef, Authorization => undef, 'Content-Type' => 'application/x-www-form-urlencoded', %{ $o{headers} // {} } });
		};
		my $id = uuid();
		if ($is_2)
		{
			my @codes = (400, 401, 403, 404, 405, 415);
			$ask->(\@codes, 'PUT is refused', 'statements', PUT => { statementId => $id, content => encoded(basic()) });
			$ask->(\@codes, 'PUT is refused, with headers', 'statements', PUT => { statementId => $id, content => encoded(basic()) }, headers => { 'X-Experience-API-Version' => $version, Authorization => $client->{authorization} });
			$ask->(\@codes, 'GET is refused', 'statements', GET => { statementId => $id }, headers => { 'X-Experience-API-Version' => $version, Authorization => $client->{authorization} });
			good(404, 'nothing is stored', GET => 'statements', query => { statementId => $id });
			return;
		}
		my $statement = statement(result => { response => 'é&=+ %' });
		$ask->(204, 'PUT', 'statements', PUT => { statementId => $id, content => encoded(changed($statement, id => REMOVE)) });
		equal($ask->(200, 'GET', 'statements', GET => { statementId => $id })->{json}{result}{response}, 'é&=+ %', 'as it was sent');
		equal($ask->(200, 'POST', 'statements', POST => { content => encoded($statement) })->{json}, [ $statement->{id} ], 'an id');
		$ask->(400, 'another parameter in the query', 'statements', PUT => { content => encoded(basic()) }, query => { method => 'PUT', statementId => uuid() });
		$ask->(400, 'no content', 'statements', PUT => { statementId => uuid() });
		$ask->(400, 'no form', 'statements', PUT => {}, body => encoded(basic()), headers => { 'Content-Type' => 'application/json', 'X-Experience-API-Version' => $version, Authorization => $client->{authorization} }, query => { method => 'PUT' });
		good([ 400, 405 ], "method by $_", $_ => 'statements', query => { method => 'POST' }, body => form(%form, content => encoded(basic())), headers => { 'Content-Type' => 'application/x-www-form-urlencoded' }) for 'PUT', 'DELETE';
		good(400, 'method by GET', GET => 'statements', query => { method => 'GET', statementId => $id });
		$ask->([ 400, 405 ], "method $_", 'statements', $_ => { statementId => uuid(), content => encoded(basic()) }) for 'FOO', 'put', '';
		$ask->(401, 'bad credentials in the form outrank the header', 'statements', GET => { statementId => $id, Authorization => 'Basic x' }, headers => { Authorization => $client->{authorization} });
		my %at = (activityId => somewhere(), agent => someone(), stateId => 's');
		$ask->(204, 'PUT state', 'activities/state', PUT => { %at, content => '{"a":1}' });
		my $got = $ask->(200, 'GET state', 'activities/state', GET => \%at);
		alike($got->{json}, { a => 1 }, 'the document');
		$ask->(204, 'POST state', 'activities/state', POST => { %at, content => '{"b":1}' });
		my %profile = (activityId => somewhere(), profileId => 's');
		$ask->(400, 'PUT profile, no condition', 'activities/profile', PUT => { %profile, content => '{"a":1}' });
		$ask->(204, 'PUT profile, If-None-Match in the form', 'activities/profile', PUT => { %profile, content => '{"a":1}', 'If-None-Match' => '*' });
		$ask->(412, 'and again', 'activities/profile', PUT => { %profile, content => '{"a":1}', 'If-None-Match' => '*' });
		$ask->(204, 'DELETE state', 'activities/state', DELETE => \%at);
		$ask->(404, 'it is gone', 'activities/state', GET => \%at);
		$ask->(200, 'GET agents', 'agents', GET => { agent => someone() });
		$ask->(200, 'a filter', 'statements', GET => { agent => someone(), limit => 1 });
	},

	rights => sub {
		return unless $store->own;
		my $all = $client;
		my $id = post('of another', statement())->[0];
		my %at = (activityId => somewhere(), agent => someone(), stateId => 's');
		for my $of ([ [ 'statements/write', 'statements/read/mine' ], 200, 200, 404, 403, 403 ], [ ['statements/read'], 403, 200, 200, 403, 403 ], [ ['statements/write'], 200, 403, 403, 403, 403 ], [ ['state'], 403, 403, 403, 204, 403 ], [ ['profile'], 403, 403, 403, 403, 404 ],
			[ ['all/read'], 403, 200, 200, 403, 404 ])
		{
			my ($scopes, $write, $list, $read, $state, $profile) = @$of;
			$client = $store->client($version, $store->credential(@$scopes));
			good($write, "@$scopes: POST statements", POST => 'statements', body => basic());
			my $page = good($list, "@$scopes: GET statements", GET => 'statements');
			equal(scalar(@{ $page->{json}{statements} }), 1, "@$scopes: only its own") if grep { /mine/ } @$scopes;
			good($read, "@$scopes: a statement of another", GET => 'statements', query => { statementId => $id });
			good($state, "@$scopes: PUT state", PUT => 'activities/state', query => { %at, stateId => uuid() }, body => { a => 1 });
			good($profile, "@$scopes: GET profile", GET => 'agents/profile', query => { agent => someone(), profileId => 'x' });
		}
		$client = $all;
		my $large = encoded(statement(result => { response => 'x' x 3_000_000 }));
		my $answer = $client->ask(POST => 'statements', body => $large);
		equal($answer->{status}, 413, 'too large');
		equal($answer->{headers}{'x-experience-api-version'}, $version, 'too large, with a version');
		delete $client->{socket};
		good(200, 'and on', GET => 'statements', query => { limit => 1 });
	},

	# one id, one profile, many writers at once: exactly one wins
	concurrency => sub {
		my $id = uuid();
		my %at = (agent => someone(), profileId => 'race');
		my @pipes;
		for my $n (1 .. 6)
		{
			pipe(my $read, my $write) or die;
			my $pid = fork() // die;
			if ($pid == 0)
			{
				my $mine = $store->client($version);
				my @got;
				push @got, $mine->ask(PUT => 'statements', query => { statementId => $id }, body => { %{ basic() }, verb => { id => "http://example.com/writer/$n" } })->{status};
				push @got, $mine->ask(PUT => 'agents/profile', query => \%at, body => { writer => $n }, headers => { 'If-None-Match' => '*' })->{status};
				push @got, $mine->ask(POST => 'agents/profile', query => { %at, profileId => 'merged' }, body => { "k$n" => $n })->{status};
				print $write "@got\n";
				close $write;
				require POSIX;
				POSIX::_exit(0);
			}
			close $write;
			push @pipes, [ $read, $pid ];
		}
		my @got = map { my $line = readline $_->[0]; waitpid $_->[1], 0; [ split ' ', $line // '' ] } @pipes;
		equal(join(' ', sort map { $_->[0] // 0 } @got), '204 409 409 409 409 409', 'one statement wins');
		equal(join(' ', sort map { $_->[1] // 0 } @got), '204 412 412 412 412 412', 'one document wins');
		equal(join(' ', sort map { $_->[2] // 0 } @got), '204 204 204 204 204 204', 'all merges are done');
		alike(good(200, 'merged', GET => 'agents/profile', query => { %at, profileId => 'merged' })->{json}, { map { ("k$_" => $_) } 1 .. 6 }, 'none is lost');
	});

for ('1.0.3', '2.0.0')
{
	($version, $is_2) = ($_, /^2/);
	$client = $store->client($version);
	for my $name (sort keys %areas)
	{
		next if @ARGV && !grep { $_ eq $name } @ARGV;
		$area = $name;
		$areas{$name}->();
	}
	diag("$version: $client->{requests} requests") if $ENV{ECOSYS_COUNTS};
}
done_testing;
