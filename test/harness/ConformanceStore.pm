# ConformanceStore.pm - the store that the conformance tests talk to: a server and
# `ecosys serve` before it, or whatever store the environment names.
package ConformanceStore;

use strict;
use warnings;

use ConformanceClient;
use ServeFront;
# only where it is needed, yet early: these modules prepare themselves in INIT blocks
use if !defined $ENV{ECOSYS_LRS_URL}, 'PostgreSQL::Test::Cluster';
use if !defined $ENV{ECOSYS_LRS_URL}, 'PostgreSQL::Test::Utils';

sub new
{
	my ($class) = @_;
	return bless { front => bless({ port => $1, given => 1 }, 'ServeFront'), key => $ENV{ECOSYS_LRS_KEY}, secret => $ENV{ECOSYS_LRS_SECRET} }, $class
		if ($ENV{ECOSYS_LRS_URL} // '') =~ m{^http://127\.0\.0\.1:(\d+)/xapi$};
	my $self = bless {}, $class;
	my $node = $self->{node} = PostgreSQL::Test::Cluster->new('main');
	$node->init(extra => [ '--encoding=UTF8', '--no-locale' ]);
	$node->append_conf('postgresql.conf', "log_statement = none\n");
	$node->start;
	$node->safe_psql('postgres', q{CREATE EXTENSION ecosys; SET client_min_messages = warning; SELECT ecosys.create_ecosystem();
		CREATE ROLE front LOGIN; SELECT learning.grant_access('front', 'serve')});
	($self->{key}, $self->{secret}) = $self->credential('all');
	$self->{front} = ServeFront->new($node, PostgreSQL::Test::Utils::tempdir_short(), '-U', 'front', '-n', '4', '--max-body=2MB');
	return $self;
}

# Another key and its secret, by scopes; none where the store is somebody else's.
sub credential
{
	my ($self, @scopes) = @_;
	return split /\|/, $self->{node}->safe_psql('postgres', "SELECT key, secret FROM learning.add_credential(scopes => '{" . join(',', @scopes) . "}')");
}
sub own { return defined $_[0]{node} }

sub client
{
	my ($self, $version, $key, $secret) = @_;
	return ConformanceClient->new($self->{front}, $version, $key // $self->{key}, $secret // $self->{secret});
}

1;
