<?php

// Prints a line of JSON for each row of bindings/bench: `php bench/run.php`.

declare(strict_types=1);

require __DIR__ . '/../CogAuth.php';

use CogAuth\{EdgeKeys, Gate, Policy};

const SAMPLES = 11;
const SAMPLE_NS = 50_000_000;

function timed(callable $work, int $times): int
{
    $start = hrtime(true);
    for ($i = 0; $i < $times; $i++) {
        $work();
    }
    return hrtime(true) - $start;
}

function row(string $with, string $work, callable $call): void
{
    for ($times = 100; timed($call, $times) < SAMPLE_NS; $times *= 2);
    $samples = [];
    for ($i = 0; $i < SAMPLES; $i++) {
        $samples[] = timed($call, $times) / $times;
    }
    sort($samples);
    echo json_encode([
        'language' => 'php', 'with' => $with, 'work' => $work,
        'ns' => round($samples[intdiv(SAMPLES, 2)], 1), 'allocations' => null,
    ]), "\n";
}

$path = getenv('COGAUTH_BENCH_INPUTS') ?: __DIR__ . '/../../bench/inputs.json';
$inputs = json_decode(file_get_contents($path), false, 512, JSON_THROW_ON_ERROR);
$keys = new EdgeKeys($inputs->edge_keys);
$policy = Policy::builtin();
$gate = new Gate($policy, $keys);

row('cog-auth', 'verify', fn () => $keys->verify($inputs->token, $inputs->now)->id);
row('cog-auth', 'decide', fn () => $policy->decide($inputs->policy_request) || exit(1));
row('cog-auth', 'evaluate', fn () => $policy->evaluate($inputs->policy_request));

$record = fn () => $inputs->record;
$facts = fn () => $inputs->facts;
row('cog-auth', 'gate', function () use ($gate, $inputs, $record, $facts) {
    $outcome = $gate->guard(
        $record, $facts, $inputs->method, $inputs->target, [$inputs->authorization],
        now: $inputs->now
    );
    return $outcome->principal['id'] . $outcome->action . $outcome->audit;
});
