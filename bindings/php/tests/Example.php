<?php

// The example in PHP's own server, called over a socket.

declare(strict_types=1);

final class Example
{
    public static function run(string $package, object $inputs): void
    {
        $bearer = "Authorization: {$inputs->authorization}";
        $sessions = 'GET /v3/organizations/org-a/sessions HTTP/1.1';

        self::with($package, [], function (int $port) use ($bearer, $sessions, $inputs) {
            [$status, $headers, $body] = self::call($port, $sessions);
            Check::equal(401, $status, 'no credential');
            Check::equal('Bearer realm="example"', $headers['www-authenticate'], 'the challenge');
            Check::equal('application/problem+json', $headers['content-type'], 'the type');
            Check::equal('missing_credential', json_decode($body)->code, 'the code');

            [$status, , $body] = self::call($port, $sessions, $bearer);
            Check::equal([200, "su_ci may ViewOrgSessions\n"], [$status, $body], 'allowed');

            $other = 'GET /v3/organizations/org-b/sessions HTTP/1.1';
            [$status, $headers, $body] = self::call($port, $other, $bearer);
            Check::equal(403, $status, 'denied');
            Check::yes(!isset($headers['www-authenticate']), 'no challenge');
            Check::equal('denied', json_decode($body)->code, 'the code');

            // The path names a resource, about which the store has no facts.
            $member = 'PATCH /v3/enterprise/members/users/user_02 HTTP/1.1';
            Check::equal(403, self::call($port, $member, $bearer)[0], 'a resource');

            Check::equal(400, self::call($port, $sessions, $bearer, $bearer)[0], 'two of them');
            $encoded = 'GET /v3/organizations/%6frg-a/sessions HTTP/1.1';
            Check::equal(400, self::call($port, $encoded, $bearer)[0], 'a letter encoded');
            Check::equal(401, self::call($port, $sessions, substr($bearer, 0, -1))[0], 'cut');
        });

        $without = ['STORE' => '/nowhere'];
        self::with($package, $without, function (int $port) use ($bearer, $sessions) {
            [$status, $headers, $body] = self::call($port, $sessions, $bearer);
            Check::equal(503, $status, 'no store');
            Check::equal('5', $headers['retry-after'], 'when to try again');
            Check::equal('unavailable', json_decode($body)->code, 'the code');
        });
    }

    private static function with(string $package, array $environment, callable $use): void
    {
        $listener = stream_socket_server('tcp://127.0.0.1:0');
        $port = (int) substr(strrchr(stream_socket_get_name($listener, false), ':'), 1);
        fclose($listener);
        $script = "$package/example/index.php";
        $log = tmpfile();
        $server = proc_open(
            [PHP_BINARY, '-d', 'ffi.enable=1', '-S', "127.0.0.1:$port", $script],
            [['file', '/dev/null', 'r'], $log, $log],
            $pipes,
            null,
            $environment + getenv()
        );
        try {
            for ($i = 0; $i < 250; $i++) {
                if ($socket = @stream_socket_client("tcp://127.0.0.1:$port")) {
                    fclose($socket);
                    $use($port);
                    return;
                }
                usleep(20_000);
            }
            throw new Exception('the server does not answer');
        } catch (Throwable $thrown) {
            rewind($log);
            throw new Exception("{$thrown->getMessage()}\n" . stream_get_contents($log));
        } finally {
            proc_terminate($server);
            proc_close($server);
        }
    }

    private static function call(int $port, string ...$lines): array
    {
        $socket = stream_socket_client("tcp://127.0.0.1:$port");
        $end = ['Host: localhost', 'Connection: close', '', ''];
        fwrite($socket, implode("\r\n", [...$lines, ...$end]));
        [$head, $body] = explode("\r\n\r\n", stream_get_contents($socket), 2);
        $headers = [];
        foreach (array_slice(explode("\r\n", $head), 1) as $line) {
            [$name, $value] = explode(': ', $line, 2);
            $headers[strtolower($name)] = $value;
        }
        return [(int) substr($head, 9, 3), $headers, $body];
    }
}
