# What statements a record store takes and refuses, over HTTP, in both versions:
# the areas of the official conformance suite, composed anew (ConformanceStatements),
# each posted by itself; those that were taken must come back as they were sent.
#
# ECOSYS_LRS_URL (http://127.0.0.1:PORT/xapi), ECOSYS_LRS_KEY, ECOSYS_LRS_SECRET: test this store instead.
use strict;
use warnings;

use FindBin;
use lib "$FindBin::Bin/../harness";
use ConformanceClient;
use ConformanceStatements qw(cases);
use ConformanceStore;
use JSON::PP ();
use Test::More;

my $store = ConformanceStore->new;

# What was sent, as it must come back: what the store sets left out, lone context activities in arrays.
sub expected_back
{
	my ($statement) = @_;
	delete @$statement{qw(id stored authority timestamp version)};
	for my $context (grep { ref $_ eq 'HASH' } $statement->{context}, ref $statement->{object} eq 'HASH' ? $statement->{object}{context} : ())
	{
		my $activities = $context->{contextActivities} or next;
		$_ = [$_] for grep { ref $_ eq 'HASH' } values %$activities;
	}
	delete $statement->{object}{timestamp} if ($statement->{object}{objectType} // '') eq 'SubStatement';
	return $statement;
}

for my $version ('1.0.3', '2.0.0')
{
	my $client = $store->client($version);
	my (%count, %sent);
	for my $case (cases($version))
	{
		my ($area, $name, $good, $statement) = @$case;
		my $text = !ref $statement && defined $statement && $statement =~ s/^RAW// ? $statement : encoded($statement);
		my $answer = $client->ask(POST => 'statements', body => $text);
		$count{$area}++;
		is($answer->{status}, $good ? 200 : 400, "$version $area: $name") or diag(substr($text, 0, 2000) . "\n$answer->{body}");
		$sent{ lc $answer->{json}[0] } = [ $text, "$version $area: $name" ] if $answer->{status} == 200;
	}
	diag(join ', ', $version, map { "$_ $count{$_}" } sort keys %count) if $ENV{ECOSYS_COUNTS};

	# all that was stored, page by page
	my $more = '/xapi/statements?limit=1000';
	my ($seen, @different) = (0);
	while ($more)
	{
		my $page = $client->ask(GET => $more);
		is($page->{status}, 200, "$version a page") or last;
		for my $statement (@{ $page->{json}{statements} })
		{
			my $sent = delete $sent{ lc $statement->{id} } or next;
			$seen++;
			for my $needed (qw(authority stored timestamp version))
			{
				push @different, "$sent->[1]: no $needed" unless defined $statement->{$needed};
			}
			my $difference = same(expected_back(decoded($sent->[0])), expected_back($statement));
			push @different, "$sent->[1]: $difference" if defined $difference;
		}
		$more = $page->{json}{more};
	}
	cmp_ok($seen, '>', 500, "$version: what was stored");
	is(join("\n", @different), '', "$version: comes back as it was sent");
	is(join("\n", map { $_->[1] } values %sent), '', "$version: all of it but what was voided");
}
done_testing;
