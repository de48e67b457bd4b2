# A record store for the tests of `ecosys forward`: speaks just enough HTTP,
# stores what it gets into an ecosystem, and fails when it is told to.
package FakeStore;
use strict;
use warnings;

use IO::Socket::INET;
use IPC::Run;
use MIME::Base64;

# start(connection string, ecosystem, file of commands, file of the log): returns the port and the process.
# Each request takes one line of the file of commands, if there is one: a status
# to answer instead, "503 2" with a Retry-After, "close" to hang up before
# storing, or "lose" to store and then hang up.
sub start
{
	my ($connection, $ecosystem, $commands, $log) = @_;
	my $listener = IO::Socket::INET->new(LocalAddr => '127.0.0.1', Listen => 5, ReuseAddr => 1) or die "no socket: $!";
	my $port = $listener->sockport;
	my $pid = fork // die 'no process';
	return ($port, $pid) if $pid;
	$SIG{TERM} = sub { POSIX::_exit(0) };
	while (my $client = $listener->accept)
	{
		while (serve($client, $connection, $ecosystem, $commands, $log)) { }
		close $client;
	}
	POSIX::_exit(0);
}

sub serve
{
	my ($client, $connection, $ecosystem, $commands, $log) = @_;
	my $first = <$client> // return 0;
	my (%headers, $body);
	while (my $line = <$client>)
	{
		$line =~ s/\r\n//;
		last if $line eq '';
		my ($name, $value) = split /: */, $line, 2;
		$headers{ lc $name } = $value;
	}
	read $client, $body, $headers{'content-length'};
	my $command = take_line($commands);
	return 0 if $command eq 'close';
	my ($status, $wait) = $command =~ /^(\d+) ?(\d*)/ ? ($1, $2) : (200, '');
	$status = 404 if $first !~ m{^POST /xapi/statements HTTP/1\.1};
	$status = 401 if ($headers{authorization} // '') ne 'Basic ' . encode_base64('key:secret:with colon', '');
	$status = 400 if ($headers{'x-experience-api-version'} // '') !~ /^(1\.0\.3|2\.0\.0)$/;
	$status = store($connection, $ecosystem, $headers{'content-type'}, $body) if $status == 200;
	open my $out, '>>', $log or die;
	printf $out "%d %s %s\n", $status, $headers{'x-experience-api-version'} // '-', $headers{'content-type'} // '-';
	close $out;
	return 0 if $command eq 'lose';
	print $client "HTTP/1.1 $status Whatever\r\nContent-Type: application/json\r\n" . ($wait ne '' ? "Retry-After: $wait\r\n" : '') . "Content-Length: 2\r\n\r\n[]";
	return 1;
}

sub take_line
{
	my ($file) = @_;
	open my $in, '<', $file or return '';
	my ($line, @rest) = <$in>;
	close $in;
	open my $out, '>', $file or die;
	print $out @rest;
	close $out;
	chomp $line if defined $line;
	return $line // '';
}

sub store
{
	my ($connection, $ecosystem, $type, $body) = @_;
	my ($out, $err) = ('', '');
	# of a multipart body the first part is the statements
	(undef, $body) = split /\r\n\r\n/, (split /\r\n--/, $body)[0], 2 if $type =~ m{^multipart/mixed};
	$body =~ s/'/''/g;
	my $sql = "\\set VERBOSITY verbose\nSET standard_conforming_strings = on;\nSELECT count(*) FROM $ecosystem.record('$body');\n";
	IPC::Run::run([ 'psql', '-qXAt', '-v', 'ON_ERROR_STOP=1', '-d', $connection ], '<', \$sql, '>', \$out, '2>', \$err);
	return 200 if $err eq '';
	return $err =~ /23505/ ? 409 : $err =~ /ERROR:  22/ ? 400 : 500;
}

1;
