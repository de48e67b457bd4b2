# ConformanceStatements.pm - statements that a record store must take or refuse:
# templates, in all the places where a part may stand, times mutations.
#
# Written from the specification and from what is known of the official suite,
# never from the parser. cases($version) returns [area, name, whether it must be taken, statement].
package ConformanceStatements;

use strict;
use warnings;
use utf8;

use ConformanceClient;
use Exporter 'import';
use JSON::PP ();
use Storable qw(dclone);

our @EXPORT_OK = qw(cases basic full);

my ($true, $false) = (JSON::PP::true, JSON::PP::false);

my %ifi = (
	mbox => 'mailto:xapi@adlnet.gov',
	mbox_sha1sum => 'cd9b00a5611f94eaa7b1661edab976068e364975',
	openid => 'http://openid.example.org/12345',
	account => { homePage => 'http://www.adlnet.gov', name => '12345' });
my $agent = { objectType => 'Agent', name => 'xAPI mbox', mbox => $ifi{mbox} };
my $group = { objectType => 'Group', name => 'crew', mbox => 'mailto:crew@adlnet.gov', member => [ dclone($agent) ] };
my $verb = { id => 'http://adlnet.gov/expapi/verbs/attended', display => { 'en-GB' => 'attended', 'en-US' => 'attended' } };
my $activity = { objectType => 'Activity', id => 'http://www.example.com/meetings/occurances/34534',
	definition => { name => { 'en-US' => 'example meeting' }, description => { 'en-GB' => 'what we did' },
		type => 'http://adlnet.gov/expapi/activities/meeting', moreInfo => 'http://virtualmeeting.example.com/345256',
		extensions => { 'http://example.com/profiles/meetings/extension/location' => 'X:\\meetings', 'http://example.com/e' => { a => undef, b => [ 1, '', {} ] } } } };
my $reference = { objectType => 'StatementRef', id => '8f87ccde-bb56-4c2e-ab83-44982ef22df0' };
my $attachment = { usageType => 'http://example.com/attachment-usage/test', display => { 'en-US' => 'A test attachment' }, description => { 'en-US' => 'described' },
	contentType => 'text/plain; charset=ascii', length => 27, sha2 => '495395e777cd98da653df9615d09c0fd6bb2f8d4788394cd53c56a3bfdcd848a',
	fileUrl => 'http://over.there.com/file.txt' };
my $result = { score => { scaled => 0.95, raw => 31, min => 0, max => 50 }, success => $true, completion => $true, response => 'We agreed on some example actions.',
	duration => 'PT1H0M0S', extensions => { 'http://example.com/profiles/meetings/resultextensions/minuteslocation' => 'X:\\meetings\\minutes\\examplemeeting.one' } };
my $context = { registration => 'ec531277-b57b-4c15-8d91-d292c5b2b8f7', platform => 'Example virtual meeting software', language => 'tlh', revision => '1',
	instructor => dclone($agent), team => dclone($group), statement => dclone($reference), extensions => { 'http://example.com/x' => [$false] },
	contextActivities => { map { $_ => [ { id => "http://www.example.com/test/$_" } ] } qw(parent grouping category other) } };
my %interaction_lists = (choice => ['choices'], sequencing => ['choices'], likert => ['scale'], matching => [ 'source', 'target' ], performance => ['steps']);

# A statement of the least, and one of everything.
sub basic { return { actor => dclone($agent), verb => dclone($verb), object => dclone($activity) } }
sub full
{
	my ($version) = @_;
	my $statement = { %{ basic() }, id => uuid(), result => dclone($result), context => dclone($context), attachments => [ dclone($attachment) ],
		timestamp => '2013-05-18T05:32:34.804Z', stored => '2013-05-18T05:32:34.804Z', version => '1.0.0', authority => { objectType => 'Agent', mbox => 'mailto:authority@example.com' } };
	@{ $statement->{context} }{qw(contextAgents contextGroups)} = (
		[ { objectType => 'contextAgent', agent => dclone($agent), relevantTypes => ['http://example.com/roles/mentor'] } ],
		[ { objectType => 'contextGroup', group => dclone($group), relevantTypes => ['http://example.com/roles/team'] } ]) if $version =~ /^2/;
	return $statement;
}
sub sub_statement
{
	my ($version) = @_;
	my $inner = full($version);
	delete @$inner{qw(id stored version authority attachments)};
	return { %$inner, objectType => 'SubStatement' };
}

# Values of other types than a string, and of a string
my @no_string = ([ number => 12345 ], [ boolean => $true ], [ null => undef ], [ array => ['x'] ], [ object => { key => 'value' } ]);
my @no_object = ([ number => 12345 ], [ boolean => $false ], [ null => undef ], [ array => [] ], [ string => 'should fail' ], [ 'empty string' => '' ]);
my @no_array = ([ number => 1 ], [ boolean => $true ], [ null => undef ], [ object => {} ], [ string => 'should fail' ]);
my @no_boolean = ([ number => 1 ], [ zero => 0 ], [ null => undef ], [ array => [] ], [ object => {} ], [ 'string true' => 'true' ], [ 'string false' => 'false' ]);
my @no_number = ([ string => '0.5' ], [ boolean => $true ], [ null => undef ], [ array => [] ], [ object => {} ]);
my @no_iri = (@no_string, [ 'no scheme' => 'should.fail.com' ], [ 'two schemes' => 'ab=c://should.fail.com' ], [ empty => '' ], [ blank => 'http://a b.c' ],
	[ bracket => 'http://a.b/<c>' ], [ 'only a path' => '/a/b' ]);
my @iri = ([ url => 'http://www.example.com/a?b=c&d#e' ], [ urn => 'urn:isbn:0451450523' ], [ tag => 'tag:example.com,2013:x' ], [ unicode => 'http://例え.jp/ñ' ],
	[ hyphen => 'course-v1:edX+DemoX+2024' ], [ dots => 'http://example.com/a/../b' ]);
my @no_uuid = (@no_string, [ short => 'MA97B177-9383-4934-8543-0F91A7A0283' ], [ 'no hex' => 'MA97B177-9383-4934-8543-0F91A7A02836' ], [ hyphens => '2a97b1779383493485430f91a7a02836' ],
	[ misplaced => '2a97b17-79383-4934-8543-0f91a7a02836' ], [ braces => '{2a97b177-9383-4934-8543-0f91a7a02836}' ], [ urn => 'urn:uuid:2a97b177-9383-4934-8543-0f91a7a02836' ],
	[ blank => ' 2a97b177-9383-4934-8543-0f91a7a02836' ], [ empty => '' ], [ long => '2a97b177-9383-4934-8543-0f91a7a028366' ]);
my @no_map = (@no_object, map([ "of $_->[0]" => { 'en-US' => $_->[1] } ], @no_string),
	map([ "of tag '$_'" => { $_ => 'x' } ], 'something', 'a12345678', 's-something', '', 'en-', '-en', 'en_US', 'en US', '1', 'e'));
my @map = (map([ "of tag $_" => { $_ => 'x' } ], qw(de cmn fra de-DE es-MX fr-CA zh-Hant sr-Cyrl sr-Latn-RS zh-Hans-CN x-klingon i-klingon es-419 sl-rozaj-biske de-1996 EN-us)),
	[ empty => {} ], [ 'of an empty string' => { en => '' } ], [ 'of many' => { en => 'a', fr => 'b', 'zh-CN' => '語' } ]);
my @no_extensions = (@no_object, [ 'of no IRI' => { key => 'value' } ], [ 'of an empty key' => { '' => 1 } ]);
my @extensions = ([ empty => {} ], map([ "of $_->[0]" => { 'http://example.com/null' => $_->[1] } ], [ null => undef ], [ 'empty string' => '' ], [ array => [ 1, undef, [] ] ],
	[ object => { '' => {}, A => undef, objectType => 'none', id => 1 } ], [ zero => 'RAW:"\\\\u0000"' ]));
my @no_timestamp = (@no_string, map([ "'$_'" => $_ ], '2013-05-18T05:32:34.804-00:00', '2013-05-18T05:32:34.804-0000', '2013-05-18T05:32:34.804-00', '01/011/2015', '2013-13-18T05:32:34Z',
	'2013-04-31T05:32:34Z', '2027-02-29T05:32:34Z', '2013-05-18T25:32:34Z', '2013-05-18T05:60:34Z', '2013-05-18T05:32:34+25:00', 'yesterday', 'now', 'infinity', 'epoch', 'Jan 8 2027',
	'2013-05-18T05:32:34 UTC', '', 'should fail', '1368855154804', '2013-05-18T05:32:34.Z'));
my @timestamp = map([ $_ => $_ ], '2013-05-18T05:32:34.804Z', '2013-05-18T05:32:34.804+00:00', '2013-05-18T05:32:34+02:00', '2013-05-18T05:32:34.8045678901Z', '2012-02-29T23:59:59Z',
	'2099-01-01T00:00:00-11:30');
my @no_duration = (@no_string, map([ "'$_'" => $_ ], 'P', 'PT', 'P1DT', 'P4W1D', 'P1Y4W', 'P4WT1H', 'pt1h', 'PA1H0M0S', 'P0001-00-00T00:00:00', '', 'should fail', '1 day', 'PT1H2', '1H', 'PT0.1.2S', 'PT1S1M', 'P1S'));
my @duration = map([ $_ => $_ ], qw(P3Y P4W PT16559.14S P1DT12H36M0.12567S PT0.1S P1Y2M3DT4H5M6S PT1H P1Y PT0S P0D));
my @no_version = (@no_string, map([ "'$_'" => $_ ], '0.9', '0.9.9', '1.1', '1.1.0', '1', '1.', '1.0.', '2', '1.0.x', ' 1.0.0', '3.0.0', '2.1.0', ''));
my @language = map([ $_ => $_ ], qw(de cmn de-DE es-MX zh-Hant sr-Latn-RS zh-Hans-CN tlh x-klingon));
my @no_language = (@no_string, map([ "'$_'" => $_ ], 'something', 'a12345678', 's-something', '', 'en--US', 'en_US', '-'));
my @no_mbox = (@no_string, map([ "'$_'" => $_ ], 'mailto:', 'xapi@adlnet.gov', 'mailto:should.fail.com', 'mailto:a b@example.com', 'http://xapi@adlnet.gov', 'mailto:xapi@', 'mailto:@adlnet.gov', ''));
my @no_sha1 = (@no_string, map([ "'$_'" => $_ ], 'cd9b00a5611f94eaa7b1661edab976068e36497', 'cd9b00a5611f94eaa7b1661edab976068e3649756', 'gd9b00a5611f94eaa7b1661edab976068e364975', ''));
my @no_openid = (@no_iri, [ unicode => 'http://例え.jp/' ]);
my %no_ifi = (mbox => \@no_mbox, mbox_sha1sum => \@no_sha1, openid => \@no_openid,
	account => [ @no_object, [ 'no name' => { homePage => 'http://a.b' } ], [ 'no homePage' => { name => 'x' } ], [ 'unknown key' => { homePage => 'http://a.b', name => 'x', password => 'y' } ],
		map([ "homePage $_->[0]" => { homePage => $_->[1], name => 'x' } ], @no_iri), map([ "name $_->[0]" => { homePage => 'http://a.b', name => $_->[1] } ], @no_string) ]);
my @no_object_type = (@no_string, map([ "'$_'" => $_ ], 'agent', 'AGENT', 'group', 'GROUP', 'Person', 'activity', 'substatement', 'statementref', ''));

# ---- what may stand where an Agent is: [name, whether it is one, value] ----

sub agents
{
	my ($typed) = @_;	# there, objectType is required
	my @list;
	for my $name (sort keys %ifi)
	{
		push @list, [ "with $name", 1, { objectType => 'Agent', $name => $ifi{$name} } ], [ "with $name and a name", 1, { objectType => 'Agent', name => 'Ana', $name => $ifi{$name} } ],
			[ "with $name, no objectType", !$typed, { $name => $ifi{$name} } ], [ "with $name and member", 0, { objectType => 'Agent', $name => $ifi{$name}, member => [ dclone($agent) ] } ],
			map [ "with $name $_->[0]", 0, { objectType => 'Agent', $name => $_->[1] } ], @{ $no_ifi{$name} };
		push @list, [ "with $name and $_", 0, { objectType => 'Agent', $name => $ifi{$name}, $_ => $ifi{$_} } ] for grep { $_ gt $name } keys %ifi;
	}
	push @list, [ 'with an upper-case mbox_sha1sum', 1, { objectType => 'Agent', mbox_sha1sum => uc $ifi{mbox_sha1sum} } ], [ 'with all identifiers', 0, { objectType => 'Agent', %ifi } ],
		[ 'without an identifier', 0, { objectType => 'Agent', name => 'x' } ], [ 'empty', 0, {} ], [ 'with an unknown key', 0, { %$agent, foo => 'bar' } ],
		[ 'with a key in another case', 0, { objectType => 'Agent', Mbox => $ifi{mbox} } ], [ 'with an empty name', 1, { %$agent, name => '' } ],
		map([ "name $_->[0]", 0, { %$agent, name => $_->[1] } ], @no_string), map([ "objectType $_->[0]", 0, { %$agent, objectType => $_->[1] } ], @no_object_type), map [ $_->[0], 0, $_->[1] ], @no_object;
	return @list;
}

# ---- and where a Group is ----

sub groups
{
	my @list = ([ 'anonymous', 1, { objectType => 'Group', member => [ dclone($agent) ] } ], [ 'anonymous of two', 1, { objectType => 'Group', name => 'x', member => [ dclone($agent), { account => $ifi{account} } ] } ],
		[ 'anonymous without member', 0, { objectType => 'Group', name => 'x' } ], [ 'with all identifiers', 0, { objectType => 'Group', %ifi } ],
		[ 'with an unknown key', 0, { %$group, foo => 'bar' } ], [ 'objectType lower case', 0, { %$group, objectType => 'group' } ], [ 'no objectType', 0, changed($group, objectType => REMOVE) ]);
	for my $name (sort keys %ifi)
	{
		push @list, [ "with $name", 1, { objectType => 'Group', $name => $ifi{$name} } ], [ "with $name and member", 1, { objectType => 'Group', $name => $ifi{$name}, member => [ dclone($agent) ] } ],
			map [ "with $name $_->[0]", 0, { objectType => 'Group', $name => $_->[1], member => [ dclone($agent) ] } ], @{ $no_ifi{$name} };
		push @list, [ "with $name and $_", 0, { objectType => 'Group', $name => $ifi{$name}, $_ => $ifi{$_} } ] for grep { $_ gt $name } keys %ifi;
	}
	for ([ anonymous => { objectType => 'Group' } ], [ identified => { objectType => 'Group', mbox => 'mailto:crew@adlnet.gov' } ])
	{
		my ($kind, $of) = @$_;
		push @list, map([ "$kind, member $_->[0]", 0, { %$of, member => $_->[1] } ], @no_array, map [ "of $_->[0]" => [ $_->[1] ] ], @no_object),
			map([ "$kind, a member $_->[0]", $_->[1], { %$of, member => [ dclone($agent), $_->[2] ] } ],
				[ 'that is a Group', 0, dclone($group) ], [ 'that is an anonymous Group', 0, { objectType => 'Group', member => [ dclone($agent) ] } ], [ 'without an identifier', 0, { objectType => 'Agent', name => 'x' } ],
				[ 'without objectType', 1, { openid => $ifi{openid} } ], [ 'of two identifiers', 0, { mbox => $ifi{mbox}, openid => $ifi{openid} } ], [ 'with an unknown key', 0, { mbox => $ifi{mbox}, foo => 1 } ]);
	}
	push @list, map [ "name $_->[0]", 0, { %$group, name => $_->[1] } ], @no_string;
	return @list;
}

# ---- one value at one place of a statement ----

# Places where a property of a statement can be, in it and in a SubStatement: [prefix, template]
sub homes { my ($version) = @_; return ([ '', full($version) ], [ 'object.', { %{ basic() }, object => sub_statement($version) } ]) }

sub cases
{
	my ($version) = @_;
	my $is_2 = $version =~ /^2/;
	my @cases;
	# of($area, $place, $statement, whether it must be taken, [name, value]...)
	my $of = sub {
		my ($area, $place, $statement, $good, @values) = @_;
		push @cases, [ $area, "$place: $_->[0]", $good, changed($statement, $place => $_->[1], exists $statement->{id} ? (id => uuid()) : ()) ] for @values;
	};
	my $drop = sub {
		my ($area, $good, $statement, @places) = @_;
		push @cases, [ $area, "without $_", $good, changed($statement, $_ => REMOVE, exists $statement->{id} && $_ ne 'id' ? (id => uuid()) : ()) ] for @places;
	};

	for ([ actor => basic(), 0 ], [ object => basic(), 1 ], [ 'actor.member.0' => { %{ basic() }, actor => { objectType => 'Group', member => [0] } }, 0 ],
		[ 'context.instructor' => { %{ basic() }, context => {} }, 0 ], [ authority => basic(), 0 ], [ 'object.actor' => { %{ basic() }, object => { objectType => 'SubStatement', %{ basic() } } }, 0 ],
		[ 'object.object' => { %{ basic() }, object => { objectType => 'SubStatement', %{ basic() } } }, 1 ],
		[ 'object.context.instructor' => { %{ basic() }, object => { objectType => 'SubStatement', %{ basic() }, context => {} } }, 0 ],
		$is_2 ? [ 'context.contextAgents.0.agent' => changed(full($version), id => REMOVE), 0 ] : ())
	{
		my ($place, $statement, $typed) = @$_;
		push @cases, map [ 'Agent', "$place $_->[0]", $_->[1], changed($statement, $place => $_->[2]) ], agents($typed);
	}
	for ([ actor => basic() ], [ object => basic() ], [ 'context.instructor' => { %{ basic() }, context => {} } ], [ 'context.team' => { %{ basic() }, context => {} } ],
		[ 'object.actor' => { %{ basic() }, object => { objectType => 'SubStatement', %{ basic() } } } ], [ 'object.object' => { %{ basic() }, object => { objectType => 'SubStatement', %{ basic() } } } ],
		[ 'object.context.team' => { %{ basic() }, object => { objectType => 'SubStatement', %{ basic() }, context => {} } } ],
		$is_2 ? [ 'context.contextGroups.0.group' => changed(full($version), id => REMOVE) ] : ())
	{
		my ($place, $statement) = @$_;
		push @cases, map [ 'Group', "$place $_->[0]", $_->[1], changed($statement, $place => $_->[2]) ], groups();
		$of->('Group', $place, $statement, 0, map [ "an Agent with $_" => { objectType => 'Agent', $_ => $ifi{$_} } ], sort keys %ifi) if $place =~ /team|Groups/;
	}

	# every member of everything: null, another type, another case; every object: an unknown key
	my @templates = (full($version), { %{ basic() }, object => sub_statement($version) }, { %{ basic() }, object => dclone($reference) }, { %{ basic() }, object => dclone($group), actor => dclone($group) },
		map { my $list = $_; +{ %{ basic() }, object => changed($activity, 'definition' => { interactionType => $list eq 'choices' ? 'choice' : $list eq 'scale' ? 'likert' : $list eq 'steps' ? 'performance' : 'matching',
				correctResponsesPattern => ['a'], $list => [ { id => 'a', description => { en => 'x' } }, { id => 'b' } ] }) } } qw(choices scale source target steps));
	push @cases, [ 'Formatting', "template $_", 1, dclone($templates[$_]) ] for 0 .. $#templates;
	for my $template (@templates)
	{
		my @wait = ([ '', $template ]);
		while (my $next = shift @wait)
		{
			my ($path, $place) = @$next;
			my $inside_map = $path =~ /(?:display|description|name)$/ && ref $place eq 'HASH';
			if (ref $place eq 'HASH' && !$inside_map)
			{
				$of->('Formatting', $path eq '' ? 'foo' : "$path.foo", $template, 0, [ 'unknown key' => 'bar' ]);
			}
			for my $key (ref $place eq 'HASH' ? sort keys %$place : 0 .. $#$place)
			{
				my $at = $path eq '' ? $key : "$path.$key";
				my $value = $place->{$key} if ref $place eq 'HASH';
				$value = $place->[$key] if ref $place eq 'ARRAY';
				$of->('Formatting', $at, $template, 0, [ null => undef ], ref $value eq 'HASH' ? [ array => [$value] ] : ref $value eq 'ARRAY' ? [ string => 'x' ] : ref $value ? [ string => 'true' ] : [ object => { id => 'http://a.b/c' } ])
					if $at ne 'id' && $at !~ /contextActivities/ || $at =~ /contextActivities\.\w+\.0/;
				push @cases, [ 'Formatting', "$at in another case", 0, changed($template, $at => REMOVE, ($path eq '' ? '' : "$path.") . ucfirst($key eq lcfirst $key ? $key : lc $key) => $value) ]
					if ref $place eq 'HASH' && !$inside_map && $key =~ /^[a-z]/;
				push @wait, [ $at, $value ] if ref $value && !JSON::PP::is_bool($value) && $key ne 'extensions';
			}
		}
	}
	push @cases, [ 'Formatting', 'a key twice', 0, 'RAW' . encoded(basic()) =~ s/^\{/{"verb":{"id":"http:\/\/a.b"},/r ], map [ 'Formatting', "the statement is $_->[0]", 0, $_->[1] ], grep { $_->[0] ne 'array' } @no_object;

	# the statement itself
	$drop->('Statement', 0, basic(), qw(actor verb object));
	$drop->('Statement', 1, full($version), qw(id result context attachments timestamp stored version authority));
	$of->('Id', 'id', basic(), 0, @no_uuid);
	$of->('Id', 'id', basic(), 1, [ 'upper case' => uc uuid() ], [ 'no version digit' => '00000000-0000-0000-0000-' . substr uuid(), -12 ]);
	for my $home ([ 'timestamp', 'Timestamp', basic() ], [ 'stored', 'Stored', basic() ], [ 'object.timestamp', 'Timestamp', { %{ basic() }, object => { objectType => 'SubStatement', %{ basic() } } } ])
	{
		$of->($home->[1], $home->[0], $home->[2], 0, @no_timestamp);
		$of->($home->[1], $home->[0], $home->[2], 1, @timestamp);
	}
	$of->('Version', 'version', basic(), 0, @no_version, $is_2 ? () : map [ $_ => $_ ], '2.0', '2.0.0');
	$of->('Version', 'version', basic(), 1, map [ $_ => $_ ], '1.0', '1.0.0', '1.0.3', '1.0.9', $is_2 ? ('2.0.0', '2.0.1') : ());
	$of->('Authority', 'authority', basic(), 1, [ 'anonymous Group of two' => { objectType => 'Group', member => [ { account => { homePage => 'http://example.com/xAPI/OAuth/Token', name => 'oauth_consumer_x75db' } }, { mbox => 'mailto:bob@example.com' } ] } ]);
	$of->('Authority', 'authority', basic(), 0, [ 'identified Group' => { %$group, member => [ dclone($agent), { openid => $ifi{openid} } ] } ], [ 'identified Group without member' => { objectType => 'Group', mbox => $ifi{mbox} } ],
		map { my $n = $_; [ "Group of $n" => { objectType => 'Group', member => [ map { { mbox => "mailto:m$_\@example.com" } } 1 .. $n ] } ] } 1, 3, 4);

	# verbs, results, contexts, objects: of the statement, and of its SubStatement
	for my $home (homes($version))
	{
		my ($in, $template) = @$home;
		$drop->('Verb', 0, $template, "${in}verb.id");
		$drop->('Verb', 1, $template, "${in}verb.display");
		$of->('Verb', "${in}verb", $template, 0, @no_object, [ empty => {} ]);
		$of->('Verb', "${in}verb.id", $template, 0, @no_iri);
		$of->('Verb', "${in}verb.id", $template, 1, @iri);
		$of->('Data types', "${in}verb.display", $template, 0, @no_map);
		$of->('Data types', "${in}verb.display", $template, 1, @map);
		$of->('Result', "${in}result", $template, 0, @no_object);
		$of->('Result', "${in}result", $template, 1, [ empty => {} ]);
		$of->('Result', "${in}result.score", $template, 0, @no_object, map([ $_->[0] => { @{ $_->[1] } } ], [ 'min = max' => [ min => 1, max => 1 ] ], [ 'min > max' => [ min => 2, max => 1 ] ], [ 'raw < min' => [ raw => 1, min => 2 ] ],
			[ 'raw > max' => [ raw => 3, max => 2 ] ], [ 'raw > max, with min' => [ raw => 30, min => 0, max => 20 ] ], [ 'scaled > 1' => [ scaled => 1.01 ] ], [ 'scaled < -1' => [ scaled => -1.01 ] ], [ 'unknown key' => [ foo => 1 ] ]),
			map { my $key = $_; map { [ "$key $_->[0]" => { $key => $_->[1] } ] } @no_number } qw(scaled raw min max));
		$of->('Result', "${in}result.score", $template, 1, [ empty => {} ], map [ join(' ', @$_) => {@$_} ], [ scaled => -1 ], [ scaled => 1 ], [ scaled => 0 ], [ raw => -5 ], [ min => -1, max => 1.5 ], [ raw => 1, min => 1 ], [ raw => 2, max => 2 ],
			[ raw => 'RAW:1.0000000000000000000000001e+300' ]);
		$of->('Result', "${in}result.$_", $template, 0, @no_boolean) for qw(success completion);
		$of->('Result', "${in}result.$_", $template, 1, [ true => $true ], [ false => $false ]) for qw(success completion);
		$of->('Result', "${in}result.response", $template, 0, @no_string);
		$of->('Result', "${in}result.response", $template, 1, [ empty => '' ], [ zero => 'RAW:"a\\\\u0000b"' ], [ astral => "\x{1F600}" ], [ long => 'é' x 5000 ]);
		$of->('Result', "${in}result.duration", $template, 0, @no_duration);
		$of->('Result', "${in}result.duration", $template, 1, @duration);
		$of->('Data types', "${in}$_.extensions", $template, 0, @no_extensions) for qw(result context object.definition);
		$of->('Data types', "${in}$_.extensions", $template, 1, @extensions) for qw(result context object.definition);

		$drop->('Context', 1, $template, map { "${in}context.$_" } sort keys %$context);
		$of->('Context', "${in}context", $template, 0, @no_object);
		$of->('Context', "${in}context", $template, 1, [ empty => {} ]);
		$of->('Context', "${in}context.registration", $template, 0, @no_uuid);
		$of->('Context', "${in}context.$_", $template, 0, @no_string) for qw(revision platform);
		$of->('Context', "${in}context.language", $template, 0, @no_language);
		$of->('Context', "${in}context.language", $template, 1, @language);
		$of->('Context', "${in}context.statement", $template, 0, @no_object, [ 'no objectType' => { id => uuid() } ], [ 'no id' => { objectType => 'StatementRef' } ], [ Activity => dclone($activity) ], [ 'lower case' => { objectType => 'statementRef', id => uuid() } ],
			[ 'unknown key' => { %$reference, foo => 1 } ], map [ "id $_->[0]" => { objectType => 'StatementRef', id => $_->[1] } ], @no_uuid);
		$of->('Context', "${in}context.contextActivities", $template, 0, @no_object, [ 'unknown key' => { parents => [] } ]);
		$of->('Context', "${in}context.contextActivities", $template, 1, [ empty => {} ]);
		for my $kind (qw(parent grouping category other))
		{
			$of->('Context', "${in}context.contextActivities.$kind", $template, 0, [ number => 1 ], [ string => 'x' ], [ null => undef ], [ boolean => $true ], [ 'an Agent' => [ dclone($agent) ] ], [ 'no id' => { objectType => 'Activity' } ],
				[ 'one bad of two' => [ dclone($activity), { id => 'no IRI' } ] ], [ 'of another objectType' => [ { objectType => 'SubStatement', id => 'http://a.b/c' } ] ]);
			$of->('Context', "${in}context.contextActivities.$kind", $template, 1, [ 'a lone Activity' => dclone($activity) ], [ 'two' => [ dclone($activity), { id => 'http://a.b/c' } ] ]);
		}
		for my $with ([ 'an Activity without objectType', 1, changed($activity, objectType => REMOVE) ], [ 'an Activity', 1, dclone($activity) ], [ 'an Agent', 0, dclone($agent) ], [ 'a Group', 0, dclone($group) ], [ 'a StatementRef', 0, dclone($reference) ],
			$in eq '' ? [ 'a SubStatement', 0, { objectType => 'SubStatement', %{ basic() } } ] : ())
		{
			my $of_object = changed($template, "${in}object" => $with->[2], "${in}context" => {});
			$of->('Context', "${in}context", $of_object, $with->[1], map [ "$_, the object is $with->[0]" => { $_ => 'x' } ], qw(revision platform));
			$of->('Context', "${in}context", $of_object, 1, [ "neither revision nor platform, the object is $with->[0]" => { language => 'de' } ]);
		}
		if ($is_2)
		{
			for ([ contextAgents => 'agent', $agent, $group ], [ contextGroups => 'group', $group, $agent ])
			{
				my ($list, $member, $good, $bad) = @$_;
				my %whole = (objectType => $list =~ s/s$//r, $member => dclone($good), relevantTypes => ['http://example.com/r']);
				$of->('Context', "${in}context.$list", $template, 0, @no_array, map([ "of $_->[0]" => [ $_->[1] ] ], @no_object), map [ $_->[0] => [ $_->[1] ] ], [ 'no objectType' => changed(\%whole, objectType => REMOVE) ],
					[ 'another objectType' => { %whole, objectType => 'Agent' } ], [ "no $member" => changed(\%whole, $member => REMOVE) ], [ "another $member" => { %whole, $member => dclone($bad) } ], [ 'unknown key' => { %whole, foo => 1 } ],
					map([ "relevantTypes $_->[0]" => { %whole, relevantTypes => $_->[1] } ], @no_array, [ empty => [] ], map [ "of $_->[0]" => [ $_->[1] ] ], @no_iri));
				$of->('Context', "${in}context.$list", $template, 1, [ two => [ \%whole, { %whole, relevantTypes => [ 'http://example.com/r', 'http://example.com/s' ] } ] ], [ empty => [] ]);
			}
		}
		else
		{
			$of->('Context', "${in}context.contextAgents", $template, 0, [ 'not in 1.0.3' => [ { objectType => 'contextAgent', agent => dclone($agent), relevantTypes => ['http://example.com/r'] } ] ]);
			$of->('Context', "${in}context.contextGroups", $template, 0, [ 'not in 1.0.3' => [ { objectType => 'contextGroup', group => dclone($group), relevantTypes => ['http://example.com/r'] } ] ]);
		}

		# an object has revision and platform beside it only as an Activity
		my $plain = changed($template, "${in}context" => REMOVE);
		$of->('Object', "${in}object.objectType", $plain, 0, @no_object_type);
		$of->('Object', "${in}object.id", $plain, 0, @no_iri);
		$of->('Object', "${in}object.id", $plain, 1, @iri, [ 'of 6,000 characters' => 'http://example.com/' . 'x' x 6000 ]);
		$drop->('Object', 0, $plain, "${in}object.id");
		$drop->('Object', 1, $plain, "${in}object.objectType", "${in}object.definition");
		$of->('Object', "${in}object.definition", $plain, 0, @no_object);
		$of->('Object', "${in}object.definition", $plain, 1, [ empty => {} ]);
		$of->('Data types', "${in}object.definition.$_", $plain, 0, @no_map) for qw(name description);
		$of->('Data types', "${in}object.definition.$_", $plain, 1, @map) for qw(name description);
		$of->('Object', "${in}object.definition.$_", $plain, 0, @no_iri) for qw(type moreInfo);
		$of->('Object', "${in}object.definition.interactionType", $plain, 0, @no_string, map [ $_ => $_ ], 'should fail', 'Choice', 'true_false', '');
		$of->('Object', "${in}object.definition.interactionType", $plain, 1, map [ $_ => $_ ], qw(true-false choice fill-in long-fill-in matching performance sequencing likert numeric other));
		for my $type (sort keys %interaction_lists)
		{
			for my $list (@{ $interaction_lists{$type} })
			{
				my $definition = { interactionType => $type };
				$of->('Object', "${in}object.definition", $plain, 0, [ "$list without interactionType" => { $list => [ { id => 'a' } ] } ], map([ "$type, $list $_->[0]" => { %$definition, $list => $_->[1] } ], @no_array,
					[ 'twice the same id' => [ { id => 'a' }, { id => 'a', description => { en => 'x' } } ] ], [ 'without an id' => [ { description => { en => 'x' } } ] ], [ 'unknown key' => [ { id => 'a', foo => 1 } ] ],
					map([ "of $_->[0]" => [ $_->[1] ] ], @no_object), map([ "id $_->[0]" => [ { id => $_->[1] } ] ], @no_string), map([ "description $_->[0]" => [ { id => 'a', description => $_->[1] } ] ], @no_map)));
				$of->('Object', "${in}object.definition", $plain, 1, [ "$type, $list" => { %$definition, $list => [ { id => 'a' }, { id => 'b', description => { en => 'x' } } ] } ]);
			}
		}
		$of->('Object', "${in}object.definition", $plain, 0, [ 'correctResponsesPattern without interactionType' => { correctResponsesPattern => ['x'] } ],
			map [ "correctResponsesPattern $_->[0]" => { interactionType => 'other', correctResponsesPattern => $_->[1] } ], @no_array, map [ "of $_->[0]" => [ $_->[1] ] ], @no_string);
		$of->('Object', "${in}object.definition", $plain, 1, [ 'correctResponsesPattern' => { interactionType => 'other', correctResponsesPattern => [ '(35.937,-86.868)', '' ] } ]);
		$of->('Object', "${in}object", $plain, 0, @no_object, [ empty => {} ], [ 'no id in a StatementRef' => { objectType => 'StatementRef' } ], [ 'unknown key in a StatementRef' => { %$reference, definition => {} } ],
			map [ "StatementRef, id $_->[0]" => { objectType => 'StatementRef', id => $_->[1] } ], @no_uuid);
		$of->('Object', "${in}object", $plain, 1, [ StatementRef => dclone($reference) ]);
	}
	my $sub = sub { return { %{ basic() }, object => { objectType => 'SubStatement', %{ basic() }, @_ } } };
	push @cases, [ 'SubStatement', 'the least', 1, $sub->() ], map([ 'SubStatement', "with $_->[0]", 0, $sub->(@$_) ], [ id => uuid() ], [ stored => '2013-05-18T05:32:34.804Z' ], [ version => '1.0.0' ], [ authority => dclone($agent) ], [ foo => 1 ]),
		[ 'SubStatement', 'in a SubStatement', 0, $sub->(object => { objectType => 'SubStatement', %{ basic() } }) ], map([ 'SubStatement', "without $_", 0, changed($sub->(), "object.$_" => REMOVE) ], qw(actor verb object objectType));

	# voiding
	my $voiding = { %{ basic() }, verb => { id => 'http://adlnet.gov/expapi/verbs/voided' } };
	$of->('Lifecycle', 'object', $voiding, 0, [ 'an Activity' => dclone($activity) ], [ 'an Agent' => dclone($agent) ], [ 'a Group' => dclone($group) ], [ 'a SubStatement' => { objectType => 'SubStatement', %{ basic() } } ],
		[ 'a reference without objectType' => { id => uuid() } ]);
	$of->('Lifecycle', 'object', $voiding, 1, [ 'an unknown statement' => { objectType => 'StatementRef', id => uuid() } ], [ 'the suite\'s fixed target' => dclone($reference) ], [ 'the same again' => dclone($reference) ]);

	# attachments, all with a fileUrl
	my $attached = { %{ basic() }, attachments => [ dclone($attachment) ] };
	$of->('Attachments', 'attachments', $attached, 0, @no_array, map [ "of $_->[0]" => [ $_->[1] ] ], @no_object);
	$of->('Attachments', 'attachments', $attached, 1, [ none => [] ], [ two => [ dclone($attachment), { %$attachment, sha2 => 'a' x 64 } ] ]);
	$drop->('Attachments', 0, $attached, map "attachments.0.$_", qw(usageType display contentType length sha2 fileUrl));
	$drop->('Attachments', 1, $attached, 'attachments.0.description');
	$of->('Attachments', "attachments.0.$_", $attached, 0, @no_iri) for qw(usageType fileUrl);
	$of->('Attachments', "attachments.0.$_", $attached, 0, @no_map) for qw(display description);
	$of->('Attachments', 'attachments.0.contentType', $attached, 0, @no_string, [ empty => '' ]);
	$of->('Attachments', 'attachments.0.length', $attached, 0, @no_number, [ fraction => 1.5 ], [ negative => -1 ]);
	$of->('Attachments', 'attachments.0.sha2', $attached, 0, @no_string, [ 'no hex' => 'z' x 64 ], [ empty => '' ]);
	$of->('Attachments', 'attachments.0.foo', $attached, 0, [ 'unknown key' => 1 ]);
	push @cases, [ 'Data types', "$_ levels of arrays in an extension", 1, { %{ basic() }, result => { extensions => { 'http://a.b/deep' => 'RAW:' . '[' x $_ . ']' x $_ } } } ] for 10, 500;
	return @cases;
}

1;
