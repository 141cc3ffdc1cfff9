<?php

// Runs all tests: `php tests/run.php`. COGAUTH_PARITY is the file of bindings/parity.

declare(strict_types=1);

error_reporting(E_ALL);
set_error_handler(function (int $level, string $message, string $file, int $line): bool {
    if ((error_reporting() & $level) === 0) {
        return false;
    }
    throw new ErrorException($message, 0, $level, $file, $line);
});

require __DIR__ . '/../CogAuth.php';
$files = ['Check', 'Header', 'Behaviour', 'Weak', 'Newer', 'Served', 'Parity', 'Example'];
foreach ($files as $file) {
    require __DIR__ . "/$file.php";
}

$package = dirname(__DIR__);
$root = dirname($package, 2);
$path = getenv('COGAUTH_BENCH_INPUTS') ?: "$root/bindings/bench/inputs.json";
$inputs = json_decode(file_get_contents($path), false, 512, JSON_THROW_ON_ERROR);
$failures = 0;

$test = function (string $name, callable $run) use (&$failures): void {
    try {
        $run();
        echo "ok   $name\n";
    } catch (Throwable $thrown) {
        $failures++;
        echo "FAIL $name: $thrown\n";
    }
};

$test('version', function () use ($root) {
    $manifest = file_get_contents("$root/Cargo.toml");
    preg_match('/\[workspace\.package\].*?^version = "(.+?)"/ms', $manifest, $found);
    Check::equal($found[1], CogAuth\VERSION, 'the version of the package');
    Check::equal($found[1], CogAuth\version(), 'the version of the library');
});
$test('header', fn () => Header::run($root));
foreach ([new Behaviour($inputs), new Weak($inputs), new Newer(), new Served($inputs)] as $tests) {
    foreach (get_class_methods($tests) as $name) {
        if ($name !== '__construct') {
            $test($name, $tests->$name(...));
        }
    }
}
$test('parity', function () {
    $parity = new Parity();
    $parity->run(getenv('COGAUTH_PARITY') ?: throw new Exception('COGAUTH_PARITY is not set'));
    $told = implode("\n", array_slice($parity->differences, 0, 5));
    echo '     ', array_sum($parity->counts), " calls compared\n";
    Check::equal('', $told, 'what differs');
    if ($table = getenv('COGAUTH_PARITY_TABLE')) {
        ksort($parity->counts);
        $row = ['language' => 'php', 'operations' => $parity->counts, 'differences' => 0];
        file_put_contents($table, json_encode($row) . "\n", FILE_APPEND);
    }
});
$test('example', fn () => Example::run($package, $inputs));

echo Check::$count, " checks, $failures tests failed\n";
exit($failures === 0 ? 0 : 1);
