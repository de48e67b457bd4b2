# ConformanceClient.pm - a hand-written xAPI client over one kept connection,
# and the small parts of requests that the conformance tests are made of.
package ConformanceClient;

use strict;
use warnings;
no warnings 'recursion';	# same() goes as deep as the values

use Exporter 'import';
use JSON::PP;
use MIME::Base64 qw(encode_base64);
use Scalar::Util qw(refaddr);
use Storable qw(dclone);

our @EXPORT = qw(REMOVE changed encoded decoded escaped query form uuid text_of same);

use constant REMOVE => \'remove';

my $json = JSON::PP->new->utf8->canonical->allow_nonref->max_depth(20_000);

# The JSON of a value. A string "RAW:..." stands for these characters as they are.
sub encoded
{
	my ($value) = @_;
	my $text = $json->encode($value);
	$text =~ s/"RAW:((?:[^"\\]|\\.)*)"/my $raw = $1; $raw =~ s{\\(.)}{$1}g; $raw/ge;
	return $text;
}

sub decoded { my ($text) = @_; return scalar eval { $json->decode($text) } }

# A copy of a value with other values at some paths: changed($statement, 'context.team' => {...}, 'id' => REMOVE).
sub changed
{
	my ($value, %changes) = @_;
	my $copy = dclone($value);
	for my $path (sort keys %changes)
	{
		my @steps = split /\./, $path;
		my $last = pop @steps;
		my $place = $copy;
		$place = ref $place eq 'ARRAY' ? $place->[$_] : ($place->{$_} //= {}) for @steps;
		my $new = $changes{$path};
		if (ref $new && refaddr($new) == refaddr(REMOVE)) { ref $place eq 'ARRAY' ? splice(@$place, $last, 1) : delete $place->{$last} }
		elsif (ref $place eq 'ARRAY') { $place->[$last] = $new }
		else { $place->{$last} = $new }
	}
	return $copy;
}

# Are two values the same, numbers by value? Tells the first place where they are not.
sub same
{
	my ($a, $b, $place) = @_;
	$place //= '';
	return ref $a eq ref $b ? _same_parts($a, $b, $place) : "$place: another type" if ref $a || ref $b;
	return undef if !defined $a && !defined $b;
	return "$place: null" if !defined $a || !defined $b;
	return undef if $a eq $b;
	return undef if $a =~ /^-?[0-9]/ && $b =~ /^-?[0-9]/ && $a !~ /[^-+0-9.eE]/ && $b !~ /[^-+0-9.eE]/ && $a == $b;
	return "$place: another value";
}

sub _same_parts
{
	my ($a, $b, $place) = @_;
	if (ref $a eq 'HASH')
	{
		my ($names_a, $names_b) = map { join ' ', sort keys %$_ } $a, $b;
		return "$place: members ($names_a), ($names_b)" if $names_a ne $names_b;
		for my $name (sort keys %$a)
		{
			my $difference = same($a->{$name}, $b->{$name}, "$place/$name");
			return $difference if defined $difference;
		}
		return undef;
	}
	if (ref $a eq 'ARRAY')
	{
		return "$place: " . @$a . ' and ' . @$b . ' elements' if @$a != @$b;
		for my $i (0 .. $#$a)
		{
			my $difference = same($a->[$i], $b->[$i], "$place/$i");
			return $difference if defined $difference;
		}
		return undef;
	}
	return $a == $b ? undef : "$place: another value";
}

sub escaped
{
	my ($text) = @_;
	utf8::encode($text) if utf8::is_utf8($text);
	$text =~ s/([^A-Za-z0-9\-._~])/sprintf '%%%02X', ord $1/ge;
	return $text;
}

# name=value&..., objects as JSON
sub form { my %of = @_; return join '&', map { escaped($_) . '=' . escaped(text_of($of{$_})) } sort keys %of }
sub query { return @_ ? '?' . form(@_) : '' }
sub text_of { my ($value) = @_; return ref $value ? encoded($value) : $value }

my $uuids = 0;
sub uuid { return sprintf '%08x-%04x-4%03x-8%03x-%012x', rand 2**32, rand 2**16, rand 2**12, rand 2**12, ++$uuids }

# ConformanceClient->new($front, $version, $key, $secret)
sub new
{
	my ($class, $front, $version, $key, $secret) = @_;
	return bless { front => $front, version => $version, base => '/xapi', authorization => 'Basic ' . encode_base64("$key:$secret", ''), requests => 0 }, $class;
}

# $client->ask(GET => 'statements', query => {...}, body => ..., headers => {...}): a hash of status, headers (names in lower case), body, json.
# A body that is no string goes as JSON. A header of value undef is not sent. base: another base path. socket: kept, unless told otherwise.
sub ask
{
	my ($self, $method, $resource, %o) = @_;
	my %headers = ('X-Experience-API-Version' => $self->{version}, Authorization => $self->{authorization});
	my $body = $o{body};
	if (defined $body)
	{
		$headers{'Content-Type'} = 'application/json';
		$body = encoded($body) if ref $body;
	}
	%headers = (%headers, %{ $o{headers} // {} });
	delete $headers{$_} for grep { !defined $headers{$_} } keys %headers;
	my $path = $resource =~ m{^/} ? $resource : ($o{base} // $self->{base}) . "/$resource";
	$path .= ref $o{query} ? query(%{ $o{query} }) : "?$o{query}" if defined $o{query};
	my ($status, $content, $got);
	for my $attempt (1, 2)
	{
		$self->{socket} //= $self->{front}->connect;
		($status, $content, $got) = $self->{front}->request($method, $path, body => $body, headers => \%headers, socket => $self->{socket});
		last if $status != 0;
		delete $self->{socket};	# it was closed, as it may be
	}
	delete $self->{socket} if lc($got->{connection} // '') eq 'close';
	$self->{requests}++;
	return { status => $status, headers => $got, body => $content, json => ($got->{'content-type'} // '') =~ m{^application/json} ? decoded($content) : undef };
}

1;
