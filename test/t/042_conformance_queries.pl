# Queries over HTTP against a model: random statements with Agents, Groups, SubStatements,
# StatementRefs (rings of them too) and voids, random filters; what comes back, page by page,
# must be what a plain reading of the specification gives, in its order.
#
# ECOSYS_SEED: the seed of a run that failed. ECOSYS_LRS_URL and so on: see 041_conformance_resources.pl.
use strict;
use warnings;

use FindBin;
use lib "$FindBin::Bin/../harness";
use ConformanceClient;
use ConformanceStore;
use Test::More;

my $seed = $ENV{ECOSYS_SEED} // time ^ $$;
srand $seed;
note("ECOSYS_SEED=$seed");
my $store = ConformanceStore->new;
my $home = 'http://example.com/' . uuid();	# apart from what else is in the store

my @agents = (map({ { mbox => "mailto:a$_." . uuid() . '@example.com' } } 1 .. 4), { account => { homePage => $home, name => 'a' } }, { account => { homePage => "$home/2", name => 'a' } }, { openid => "$home/openid" });
my @verbs = map "$home/verb/$_", 1 .. 3;
my @activities = map "$home/activity/$_", 1 .. 5;
my @registrations = map uuid(), 1 .. 3;
my $voided = 'http://adlnet.gov/expapi/verbs/voided';

sub any { return $_[ rand @_ ] }
sub agent { return { %{ any(@agents) }, rand() < 0.3 ? (name => 'name ' . int rand 9) : (), @_ } }
sub group { my @member = map { agent() } 1 .. 1 + rand 2; return { objectType => 'Group', rand() < 0.3 ? %{ any(@agents) } : (), member => \@member } }
sub party { return rand() < 0.7 ? agent(@_) : group() }
sub parts
{
	my ($inner, $version, @known) = @_;
	my $kind = rand;
	my $object =
		$kind < 0.4 ? { id => any(@activities) } : $kind < 0.5 ? agent(objectType => 'Agent') : $kind < 0.6 ? group()
		: $kind < 0.8 || $inner ? { objectType => 'StatementRef', id => any(@known) // uuid() }
		: { objectType => 'SubStatement', parts(1, $version, @known) };
	my %context;
	$context{registration} = any(@registrations) if rand() < 0.4;
	$context{instructor} = party() if rand() < 0.2;
	$context{team} = group() if rand() < 0.2;
	$context{contextActivities} = { any(qw(parent grouping category other)) => [ map { { id => any(@activities) } } 1 .. 1 + rand 2 ] } if rand() < 0.3;
	$context{statement} = { objectType => 'StatementRef', id => any(@known) // uuid() } if rand() < 0.1;
	if ($version =~ /^2/)
	{
		$context{contextAgents} = [ { objectType => 'contextAgent', agent => agent(), relevantTypes => ["$home/type"] } ] if rand() < 0.1;
		$context{contextGroups} = [ { objectType => 'contextGroup', group => group(), relevantTypes => ["$home/type"] } ] if rand() < 0.1;
	}
	return (actor => party(), verb => { id => any(@verbs) }, object => $object, %context ? (context => \%context) : ());
}

# ---- the model ----

sub key { my ($of) = @_; my ($name) = grep { $of->{$_} } qw(mbox mbox_sha1sum openid account); return $name ? encoded({ $name => $of->{$name} }) : '' }
sub is_agent { my ($of, $key) = @_; return $of && (key($of) eq $key || grep { key($_) eq $key } @{ $of->{member} // [] }) }
sub object_is_agent { my ($of, $key) = @_; return ($of->{objectType} // '') =~ /^(Agent|Group)$/ && is_agent($of, $key) }
sub related_agent
{
	my ($s, $key) = @_;
	my $c = $s->{context} // {};
	return is_agent($s->{actor}, $key) || object_is_agent($s->{object}, $key) || is_agent($s->{authority}, $key) || is_agent($c->{instructor}, $key) || is_agent($c->{team}, $key)
		|| grep({ is_agent($_->{agent} // $_->{group}, $key) } @{ $c->{contextAgents} // [] }, @{ $c->{contextGroups} // [] }) || ($s->{object}{objectType} // '') eq 'SubStatement' && related_agent($s->{object}, $key);
}
sub object_is_activity { my ($of, $id) = @_; return ($of->{objectType} // 'Activity') eq 'Activity' && $of->{id} eq $id }
sub related_activity
{
	my ($s, $id) = @_;
	return object_is_activity($s->{object}, $id) || grep({ $_->{id} eq $id } map { @$_ } values %{ ($s->{context} // {})->{contextActivities} // {} }) || ($s->{object}{objectType} // '') eq 'SubStatement' && related_activity($s->{object}, $id);
}
sub itself_matches
{
	my ($s, $q) = @_;
	return 0 if $q->{verb} && $s->{verb}{id} ne $q->{verb};
	return 0 if $q->{registration} && (($s->{context} // {})->{registration} // '') ne $q->{registration};
	return 0 if $q->{activity} && !(($q->{related_activities} // '') eq 'true' ? related_activity($s, $q->{activity}) : object_is_activity($s->{object}, $q->{activity}));
	my $key = $q->{agent} ? key($q->{agent}) : return 1;
	return ($q->{related_agents} // '') eq 'true' ? !!related_agent($s, $key) : !!(is_agent($s->{actor}, $key) || object_is_agent($s->{object}, $key));
}
sub matches
{
	my ($all, $s, $q) = @_;
	my %seen;
	while ($s && !$seen{ $s->{id} }++)
	{
		return 1 if itself_matches($s, $q);
		$s = ($s->{object}{objectType} // '') eq 'StatementRef' ? $all->{ $s->{object}{id} } : undef;
	}
	return 0;
}

for my $version ('1.0.3', '2.0.0')
{
	my $client = $store->client($version);
	# ids are known beforehand, so that references go backwards, forwards, in rings, and to nothing
	my @ids = map uuid(), 1 .. 240;
	my (%all, @order);
	while (@order < @ids)
	{
		my @batch = map { { id => $_, parts(0, $version, @ids, uuid()) } } @ids[ @order .. (@order + 19 > $#ids ? $#ids : @order + 19) ];
		for (@batch)
		{
			($_->{verb}{id}, $_->{object}) = ($voided, { objectType => 'StatementRef', id => any(@ids) }) if rand() < 0.05;
		}
		my $answer = $client->ask(POST => 'statements', body => \@batch);
		is($answer->{status}, 200, "$version: a batch") or diag($answer->{body});
		push @order, map { $_->{id} } @batch;
		$all{ $_->{id} } = $_ for @batch;
	}
	my %gone;
	for my $s (values %all)
	{
		my $target = $s->{verb}{id} eq $voided ? $all{ $s->{object}{id} } : undef;
		$gone{ $target->{id} } = 1 if $target && $target->{verb}{id} ne $voided;
	}
	for my $id (@order)
	{
		my $answer = $client->ask(GET => 'statements', query => { ($gone{$id} ? 'voidedStatementId' : 'statementId') => $id });
		is($answer->{status}, 200, "$version: $id is there, voided or not");
		@{ $all{$id} }{qw(stored authority)} = @{ $answer->{json} }{qw(stored authority)};
	}
	is(join(' ', sort { $all{$a}{stored} cmp $all{$b}{stored} } @order), join(' ', @order), "$version: stored grows with the order of the batches and in them");

	my $found = 0;
	for my $n (1 .. 100)
	{
		my %q;
		$q{agent} = { objectType => 'Agent', %{ any(@agents) } } if rand() < 0.5;
		$q{related_agents} = any('true', 'false') if rand() < 0.6;
		$q{activity} = any(@activities) if rand() < 0.4;
		$q{related_activities} = any('true', 'false') if rand() < 0.6;
		$q{verb} = any(@verbs) if rand() < 0.3;
		$q{registration} = any(@registrations) if rand() < 0.3;
		next unless grep { $q{$_} } qw(agent activity verb registration);
		$q{since} = $all{ any(@order) }{stored} if rand() < 0.3;
		$q{until} = $all{ any(@order) }{stored} if rand() < 0.3;
		$q{ascending} = any('true', 'false') if rand() < 0.5;
		$q{limit} = any(3, 7, 50) if rand() < 0.7;
		my @wanted = grep { my $s = $all{$_}; !$gone{$_} && matches(\%all, $s, \%q) && (!$q{since} || $s->{stored} gt $q{since}) && (!$q{until} || $s->{stored} le $q{until}) } @order;
		@wanted = reverse @wanted if ($q{ascending} // '') ne 'true';
		my ($more, @got) = '/xapi/statements' . query(%q);
		while ($more && @got <= @order)
		{
			my $page = $client->ask(GET => $more);
			is($page->{status}, 200, "$version: a page") or last;
			cmp_ok(scalar(@{ $page->{json}{statements} }), '<=', $q{limit}, "$version: no more than the limit") if $q{limit};
			push @got, grep { $all{$_} } map { $_->{id} } @{ $page->{json}{statements} };
			$more = $page->{json}{more};
		}
		is(join(' ', @got), join(' ', @wanted), "$version: query $n: " . encoded(\%q)) or diag("ECOSYS_SEED=$seed");
		$found += @wanted;
	}
	cmp_ok($found, '>', 1000, "$version: there was something to find");
}
done_testing;
