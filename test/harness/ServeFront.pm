# ServeFront.pm - for tests of `ecosys serve`: starts a front before a
# PostgreSQL::Test cluster, and talks to it as clients do and as they must not.
package ServeFront;

use strict;
use warnings;

use IO::Select;
use IO::Socket::INET;
use POSIX ();
use Socket qw(IPPROTO_TCP TCP_NODELAY);
use Time::HiRes qw(sleep time);

# ServeFront->new($node, $directory, @options): starts it and waits until it listens.
sub new
{
	my ($class, $node, $directory, @options) = @_;
	my $number = ++our $fronts;
	my $self = bless { errors => "$directory/front$number.log", node => $node }, $class;
	my @listen = (grep { /^--listen/ } @options) ? () : ('--listen=127.0.0.1:0');
	my @command = ($ENV{ECOSYS_FRONT} ? split(' ', $ENV{ECOSYS_FRONT}) : ('ecosys'));
	my $pid = fork();
	die "fork: $!" unless defined $pid;
	if ($pid == 0)
	{
		open STDERR, '>', $self->{errors} or die;
		open STDOUT, '>', "$directory/front$number.out" or die;
		exec @command, 'serve', '-d', $node->connstr('postgres'), @listen, @options;
		die "exec: $!";
	}
	$self->{pid} = $pid;
	for (1 .. 1500)
	{
		if ($self->errors =~ m{^ecosys: listening at (https?)://127\.0\.0\.1:(\d+)(\S*)}m)
		{
			@$self{qw(scheme port base)} = ($1, $2, $3);
			return $self;
		}
		return $self if $self->errors =~ /^ecosys: listening at /m;
		die "the front does not start:\n" . $self->errors if waitpid($pid, POSIX::WNOHANG()) != 0;
		sleep 0.02;
	}
	die "the front does not listen:\n" . $self->errors;
}

sub errors
{
	my ($self) = @_;
	open my $file, '<', $self->{errors} or return '';
	local $/;
	return scalar(<$file>) // '';
}

sub alive
{
	my ($self) = @_;
	return waitpid($self->{pid}, POSIX::WNOHANG()) == 0;
}

# Send a signal, wait for the end; the wait status, or undef after $seconds.
sub stop
{
	my ($self, $signal, $seconds) = @_;
	my $end = time + ($seconds // 40);
	kill $signal // 'TERM', $self->{pid};
	while (time < $end)
	{
		return $? if waitpid($self->{pid}, POSIX::WNOHANG()) == $self->{pid};
		sleep 0.01;
	}
	return undef;
}

# Resident memory in kB, now and at most.
sub memory
{
	my ($self) = @_;
	open my $file, '<', "/proc/$self->{pid}/status" or die;
	my $text = do { local $/; <$file> };
	my ($now) = $text =~ /VmRSS:\s+(\d+)/;
	my ($most) = $text =~ /VmHWM:\s+(\d+)/;
	return ($now, $most);
}

sub connect
{
	my ($self) = @_;
	my $socket = IO::Socket::INET->new(PeerAddr => '127.0.0.1', PeerPort => $self->{port}, Proto => 'tcp', Timeout => 10) or die "connect: $!";
	$socket->setsockopt(IPPROTO_TCP, TCP_NODELAY, 1);
	return $socket;
}

# Send these bytes, read until the front closes or $seconds are over; what came, and whether it closed.
sub raw
{
	my ($self, $bytes, $seconds) = @_;
	my $socket = $self->connect;
	my $answer = '';
	my $closed = 0;
	local $SIG{PIPE} = 'IGNORE';
	$socket->blocking(0);
	my $end = time + ($seconds // 0.5);
	my $select = IO::Select->new($socket);
	while ((my $left = $end - time) > 0)
	{
		if (length $bytes)
		{
			my $sent = syswrite($socket, $bytes);
			substr($bytes, 0, $sent, '') if $sent;
			$bytes = '' if !defined $sent && !$!{EAGAIN};
			$left = 0.01 if length $bytes;
		}
		next unless $select->can_read($left);
		my $n = sysread($socket, $answer, 65536, length $answer);
		next if !defined $n && $!{EAGAIN};
		$closed = 1, last if !$n;
	}
	close $socket;
	return wantarray ? ($answer, $closed) : $answer;
}

# A request as it should be. Returns status, body, and headers as a hash of lower-case names.
sub request
{
	my ($self, $method, $path, %o) = @_;
	my $socket = $o{socket} // $self->connect;
	my $head = "$method $path HTTP/1.1\r\nHost: 127.0.0.1\r\n";
	my $body = $o{body};
	my %headers = %{ $o{headers} // {} };
	$headers{'Content-Length'} = length $body if defined $body && !exists $headers{'Transfer-Encoding'};
	$head .= "$_: $headers{$_}\r\n" for sort keys %headers;
	print $socket "$head\r\n", $body // '';
	$socket->flush;
	return read_answer($socket, $method);
}

sub read_answer
{
	my ($socket, $method) = @_;
	my ($status, %headers, $body);
	local $/ = "\r\n";
	my $end = time + 30;
	local $SIG{ALRM} = sub { die "no answer in time\n" };
	alarm 30;
	my $line = <$socket>;
	($status) = ($line // '') =~ m{^HTTP/1\.1 (\d+)};
	if (!defined $status)
	{
		alarm 0;
		return (0, '', {});
	}
	while (defined($line = <$socket>) && $line ne "\r\n")
	{
		my ($name, $value) = $line =~ /^([^:]+): (.*)\r\n/;
		$headers{ lc $name } = $value if defined $name;
	}
	$body = '';
	if ($method ne 'HEAD' && $status != 204 && $headers{'content-length'})
	{
		read($socket, $body, $headers{'content-length'});
	}
	elsif ($method ne 'HEAD' && ($headers{'transfer-encoding'} // '') eq 'chunked')
	{
		while (defined($line = <$socket>))
		{
			my $length = hex($line =~ s/\r\n//r);
			my $chunk = '';
			read($socket, $chunk, $length) if $length;
			$body .= $chunk;
			scalar <$socket>;
			last if $length == 0;
		}
	}
	alarm 0;
	return ($status, $body, \%headers);
}

# curl with these arguments; what it printed.
sub curl
{
	my ($self, @arguments) = @_;
	open my $pipe, '-|', 'curl', '-sS', '-m', '30', @arguments or die "curl: $!";
	local $/;
	my $out = <$pipe>;
	close $pipe;
	return $out // '';
}

sub url
{
	my ($self, $path) = @_;
	return "$self->{scheme}://127.0.0.1:$self->{port}$path";
}

# The load generator of test/bench, built into $directory.
sub build_load
{
	my ($source, $directory) = @_;
	system('cc', '-std=gnu99', '-O2', '-o', "$directory/http_load", $source) == 0 or die 'http_load does not build';
	return "$directory/http_load";
}

# Batches for the load generator, one statement a line: batch b, number n is activity http://example.com/b/n.
sub write_batches
{
	my ($file, $batches, $size) = @_;
	open my $out, '>', $file or die "$file: $!";
	for my $b (1 .. $batches)
	{
		printf $out '{"actor": {"mbox": "mailto:p%d@example.com"}, "verb": {"id": "http://adlnet.gov/expapi/verbs/experienced"}, "object": {"id": "http://example.com/%d/%d"}, "result": {"response": "%s"}}' . "\n",
			$_ % 17, $b, $_, 'x' x ($_ % 200)
			for 1 .. $size;
	}
	close $out or die;
}

sub DESTROY
{
	my ($self) = @_;
	local $?;
	kill 'KILL', $self->{pid} if $self->{pid} && waitpid($self->{pid}, POSIX::WNOHANG()) == 0;
}

1;
