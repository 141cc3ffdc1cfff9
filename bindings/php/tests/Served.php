<?php

// The request that a script answers: the path that is judged is the one that is served.

declare(strict_types=1);

final class Served
{
    public function __construct(private readonly object $inputs)
    {
    }

    /** The status of an answer, from a process of its own: it ends where it refuses. */
    private function status(array $server, string $options = ''): string
    {
        $server += [
            'REQUEST_METHOD' => 'GET', 'REQUEST_URI' => $this->inputs->target,
            'HTTP_AUTHORIZATION' => $this->inputs->authorization,
        ];
        $program = <<<'PHP'
            require $argv[1];
            [$inputs, $server] = [json_decode($argv[2]), json_decode($argv[3], true)];
            $_SERVER = $server;
            ini_set('error_log', '/dev/null');
            $keys = new CogAuth\EdgeKeys($inputs->edge_keys);
            $gate = new CogAuth\Gate(CogAuth\Policy::builtin(), $keys);
            register_shutdown_function(function () { echo http_response_code() ?: '200'; });
            $record = fn () => $inputs->record;
            $facts = fn () => $inputs->facts;
            try {
                $outcome = $gate->requireAllowed($record, $facts OPTIONS);
                $told = json_decode($outcome->audit)->client_address ?? null;
                if ($told !== ($server['REMOTE_ADDR'] ?? null)) { http_response_code(501); }
            } catch (Throwable $error) {
                http_response_code(500 + ($error->getCode() === 602 ? 2 : 0));
            }
            PHP;
        $program = str_replace('OPTIONS', $options, $program);
        $file = dirname(__DIR__) . '/CogAuth.php';
        $texts = [json_encode($this->inputs), json_encode($server)];
        $command = [PHP_BINARY, '-d', 'ffi.enable=1', '-r', $program, '--', $file, ...$texts];
        $process = proc_open($command, [1 => ['pipe', 'w']], $pipes);
        $output = stream_get_contents($pipes[1]);
        proc_close($process);
        return substr($output, -3);
    }

    public function paths(): void
    {
        $path = $this->inputs->target;
        $same = [
            [], ['PATH_INFO' => ''], ['PATH_INFO' => $path, 'SCRIPT_NAME' => '/index.php'],
            ['PATH_INFO' => $path, 'REQUEST_URI' => "$path?a=%20?b"],
            ['PATH_INFO' => substr($path, 3), 'SCRIPT_NAME' => '/v3/index.php'],
            ['PATH_INFO' => substr($path, 3), 'SCRIPT_NAME' => '/v3'],
        ];
        foreach ($same as $server) {
            Check::equal('200', $this->status($server), json_encode($server));
        }
        $other = str_replace('org-a', 'org-b', $path);
        $others = [
            ['PATH_INFO' => $other], ['PATH_INFO' => "$path/"], ['PATH_INFO' => '/'],
            ['PATH_INFO' => substr($path, 3), 'SCRIPT_NAME' => '/v4/index.php'],
        ];
        foreach ($others as $server) {
            Check::equal('503', $this->status($server), json_encode($server));
            Check::equal('200', $this->status($server, ', rewritten: true'), 'it is meant');
        }
        $normal = ['REQUEST_URI' => "/v3/$path", 'PATH_INFO' => $path];
        Check::equal('400', $this->status($normal), 'a path in no normal form');
        $missing = ['HTTP_AUTHORIZATION' => null, 'PATH_INFO' => '/'];
        Check::equal('401', $this->status($missing), 'no credential');
    }

    public function context(): void
    {
        Check::equal('200', $this->status([], ', fn () => null'), 'no context');
        Check::equal('200', $this->status([], ', fn () => \'{"reserved":1}\''), 'a context');
        Check::equal('502', $this->status([], ', fn () => \'{"time":1}\''), 'its errors');
    }

    public function addresses(): void
    {
        $from = ['REMOTE_ADDR' => '192.0.2.1'];
        $told = ', clientAddress: fn () => $_SERVER["REMOTE_ADDR"] ?? null';
        Check::equal('200', $this->status($from, $told), 'an address');
        Check::equal('200', $this->status([], $told), 'no address');
        Check::equal('501', $this->status($from), 'an address that is not told');
        Check::equal('500', $this->status($from, ', clientAddress: fn () => 5'), 'a wrong one');
    }
}
