<?php

// How the package is called: closing, wrong calls, large and empty inputs, errors, secrets, stores.

declare(strict_types=1);

use CogAuth\{
    Allowed, CogAuthError, EdgeKeys, FactsNeeded, Gate, Handle, Native, Policy, Refused, RootKeys
};

/** Edge keys whose releases are counted: each asks for the type. */
final class Counted extends Handle
{
    public static int $released = 0;

    protected static function type(): string
    {
        self::$released++;
        return 'edge_keys';
    }
}

final class Behaviour
{
    public function __construct(private readonly object $inputs)
    {
    }

    private function keys(): EdgeKeys
    {
        return new EdgeKeys($this->inputs->edge_keys);
    }

    private function gate(mixed ...$options): Gate
    {
        return new Gate(Policy::builtin(), $this->keys(), ...$options);
    }

    /** @return array<string, mixed> */
    private function request(): array
    {
        return [
            'method' => $this->inputs->method, 'target' => $this->inputs->target,
            'authorization' => [$this->inputs->authorization], 'now' => $this->inputs->now,
        ];
    }

    private function guarded(array $stores = [], array $options = [], array $request = []): object
    {
        $told = [
            'record' => fn () => $this->inputs->record, 'facts' => fn () => $this->inputs->facts,
            ...$this->request(), ...$stores, ...$request,
        ];
        return $this->gate(...$options)->guard(...$told);
    }

    public function closing(): void
    {
        $keys = $this->keys();
        $policy = Policy::builtin();
        $gate = new Gate($policy, $keys);
        $keys->close();
        $keys->close();
        Check::code(702, fn () => $keys->verify($this->inputs->token, $this->inputs->now));
        Check::code(702, fn () => new Gate($policy, $keys));
        Check::code(702, fn () => $keys->expose());
        $policy->close();
        Check::code(702, fn () => $policy->digest());
        // A gate keeps what it is made of, and an exchange its gate.
        $exchange = $gate->begin(...$this->request());
        $gate->close();
        Check::code(702, fn () => $gate->begin(...$this->request()));
        Check::yes($exchange->found($this->inputs->record) instanceof FactsNeeded, 'it goes on');
        $exchange->close();
        Check::code(702, fn () => $exchange->step());
        Check::code(702, fn () => $exchange->absent());
        Check::thrown(Error::class, fn () => clone $policy);
        Check::thrown(Throwable::class, fn () => serialize($this->keys()));
    }

    public function handlesAreReleasedOnce(): void
    {
        $set = $this->inputs->edge_keys;
        $made = fn () => Counted::adopt(
            Native::made('edge_keys_read', 'edge_keys', $set, strlen($set))
        );
        $closed = $made();
        $closed->close();
        $closed->close();
        unset($closed);
        Check::equal(1, Counted::$released, 'a handle that is closed twice');
        for ($i = 0; $i < 500; $i++) {
            $made();
        }
        Check::equal(501, Counted::$released, 'handles that were not closed');
    }

    public function handlesAreCollected(): void
    {
        for ($i = 0; $i < 2000; $i++) {
            $this->keys()->verify($this->inputs->token, $this->inputs->now);
        }
        $before = memory_get_usage();
        for ($i = 0; $i < 2000; $i++) {
            $this->guarded();
        }
        Check::yes(memory_get_usage() - $before < 100_000, 'no memory is kept');
    }

    public function wrongTypes(): void
    {
        Check::thrown(TypeError::class, fn () => CogAuth\parseToken(null));
        Check::thrown(TypeError::class, fn () => new Gate($this->keys(), Policy::builtin()));
        Check::thrown(Error::class, fn () => $this->gate(maxAge: 60));
        foreach ([null, 1, [], $this] as $wrong) {
            Check::code(701, fn () => CogAuth\authorization([$wrong]));
            Check::code(701, fn () => Policy::check([$wrong]));
            Check::code(701, fn () => Policy::check([['a.json', $wrong]]));
            Check::code(701, fn () => $this->guarded([], [], ['authorization' => [$wrong]]));
        }
        foreach ([-1, 2 ** 53, PHP_INT_MAX, PHP_INT_MIN] as $time) {
            Check::code(135, fn () => $this->keys()->verify($this->inputs->token, $time));
            Check::code(135, fn () => CogAuth\revokeRecord($this->inputs->record, $time));
            Check::code(135, fn () => $this->gate(retryAfter: $time));
        }
    }

    public function errors(): void
    {
        $error = Check::code(103, fn () => CogAuth\parseToken('cog_1s01'));
        Check::equal('wrong_length', $error->codeName, 'the name');
        Check::equal(null, $error->offset, 'an offset that is not known');
        $told = "CogAuth\\CogAuthError: {$error->getMessage()} (103 wrong_length) in ";
        Check::yes(str_starts_with("$error", $told), 'the error as text');
        Check::yes(str_contains("$error", 'parseToken'), 'its trace');
        $text = "{\"v\": 1,\n" . '"schema": {"attributes": {"x": {"type": "id"}}}, "no": 1}';
        $documents = [['a.json', $text]];
        $first = Check::thrown(CogAuthError::class, fn () => Policy::compile($documents));
        Check::equal(Policy::check($documents)[0]->members, $first->members, 'the first error');
        Check::equal('a.json', $first->document, 'the document');
        foreach ([$first->documentLine, $first->column, $first->length] as $place) {
            Check::yes(is_int($place), 'the place');
        }
        // An error that is larger than the room for it.
        $long = str_repeat('x', 100_000);
        $error = Check::thrown(CogAuthError::class, fn () => Policy::compile([[$long, '{']]));
        Check::equal($long, $error->document, 'a long name');
        Check::equal('expired', CogAuth\codeName(114), 'the name of a code');
        Check::equal(null, CogAuth\codeName(1), 'no code');
    }

    public function sizes(): void
    {
        Check::code(101, fn () => CogAuth\parseToken(''));
        Check::code(131, fn () => new EdgeKeys(''));
        Check::code(501, fn () => new Policy(''));
        Check::equal('', CogAuth\redact(''), 'an empty text');
        Check::equal('', CogAuth\redactDecoding(''), 'an empty text');
        Check::equal([], CogAuth\scan(''), 'findings in an empty text');
        Check::equal(['scheme' => 'nothing'], CogAuth\authorization([]), 'no header');
        $large = str_repeat("a token: {$this->inputs->token}\0 ", 20_000);
        Check::yes(!str_contains(CogAuth\redact($large), $this->inputs->token), 'a large text');
        Check::equal(CogAuth\redact($large), CogAuth\redactDecoding($large), 'a large text');
        Check::equal(20_000, count(CogAuth\scan($large)), 'findings in a large text');
        Check::code(202, fn () => CogAuth\redact("\xff"));
        Check::code(202, fn () => CogAuth\redactDecoding("\xff"));
    }

    public function keysAndTokens(): void
    {
        $now = $this->inputs->now;
        $roots = RootKeys::generate('01');
        [$keys, $peppers] = [$roots->edgeKeys(), $roots->peppers()];
        $token = $roots->mint('01', 'service_user_key');
        Check::equal('service_user_key', $keys->verify($token, $now)->kind, 'the kind');
        Check::yes($token !== $roots->mint('01', 'service_user_key'), 'no token twice');
        Check::code(104, fn () => $roots->mint('01', 'session'));
        Check::code(135, fn () => $roots->mint('01', 'sample', 0));
        Check::code(136, fn () => $roots->mint('01', 'sample', null, str_repeat("\xff", 64)));
        Check::code(133, fn () => RootKeys::generate('0'));
        $record = CogAuth\issueRecord($token, 'su', ['*'], $now, $peppers, edges: true);
        $accepted = CogAuth\acceptAtOrigin($keys, $peppers, $token, $now, $record, $now);
        Check::equal('su', $accepted->principal, 'the principal');
        Check::code(121, fn () => CogAuth\acceptAtEdge($keys, $token, $now, null, $now));
        foreach ([$roots, $keys, $peppers] as $set) {
            $again = new ($set::class)($set->expose());
            Check::equal($set->expose(), $again->expose(), 'a key set that is read again');
        }
    }

    public function secretsAreNotShown(): void
    {
        $roots = RootKeys::generate('01');
        $text = $roots->expose();
        $material = json_decode($text)->keys->{'01'};
        $token = $roots->mint('01', 'service_user_key');
        $shown = print_r([$roots, $roots->edgeKeys()->verify($token, $this->inputs->now)], true);
        Check::yes(!str_contains($shown, $material) && !str_contains($shown, $token), 'handles');
        $error = Check::code(132, fn () => new EdgeKeys($text));
        Check::yes(!str_contains(print_r($error, true), $material), 'an error about keys');
        $wrong = substr($token, 0, 80) . '-';
        $error = Check::code(105, fn () => CogAuth\parseToken($wrong));
        Check::yes(!str_contains(print_r($error->getMessage(), true), $wrong), 'a message');
    }

    /** Arguments are in the traces of a server that shows them, but not those that are secrets. */
    public function secretsAreNotInTraces(): void
    {
        $now = $this->inputs->now;
        $roots = RootKeys::generate('01');
        $set = $roots->expose();
        $material = json_decode($set)->keys->{'01'};
        $token = substr($roots->mint('01', 'service_user_key'), 0, 80) . '-';
        $random = str_repeat("\xff", 64);
        $keys = $roots->edgeKeys();
        $bearer = ["Bearer $token", "Bearer $token"];
        $context = '[1]';
        $calls = [
            $material => [
                [132, fn () => new EdgeKeys($set)],
                [131, fn () => new RootKeys("$set,")],
                [701, fn () => RootKeys::generate('01', "$material$material")],
            ],
            $token => [
                [105, fn () => CogAuth\parseToken($token)],
                [105, fn () => $keys->verify($token, $now)],
                [105, fn () => CogAuth\edgeDigest($token, 'su')],
                [105, fn () => CogAuth\digest($token, 'su', $roots->peppers())],
                [105, fn () => CogAuth\acceptAtEdge($keys, $token, $now, null, $now)],
                [105, fn () => CogAuth\issueRecord($token, 'su', ['*'], $now)],
                [141, fn () => CogAuth\authorization($bearer)],
                [202, fn () => CogAuth\redact("$token\xff")],
                [202, fn () => CogAuth\redactDecoding("$token\xff")],
                [603, fn () => $this->gate()->begin('GET', '/', $bearer, $context, $now)],
            ],
            $random => [[136, fn () => $roots->mint('01', 'sample', null, $random)]],
        ];
        $shown = ini_set('zend.exception_ignore_args', '0');
        try {
            foreach ([$material, $token] as $secret) {
                $open = fn (string $secret) => throw new Exception();
                $trace = Check::thrown(Exception::class, fn () => $open($secret))->getTrace();
                Check::yes(str_contains(print_r($trace, true), $secret), 'arguments are shown');
            }
            foreach ($calls as $secret => $list) {
                foreach ($list as [$code, $call]) {
                    $error = Check::code($code, $call);
                    $own = self::ownArguments($error);
                    Check::yes($own !== '', 'there are arguments');
                    Check::yes(!str_contains($own, $secret), "a trace of $code: $own");
                }
            }
        } finally {
            ini_set('zend.exception_ignore_args', $shown);
        }
    }

    /** What the trace of an error shows of the calls of the package, not of the test. */
    private static function ownArguments(Throwable $error): string
    {
        $own = array_filter($error->getTrace(), fn (array $frame) => str_starts_with(
            $frame['class'] ?? $frame['function'],
            'CogAuth\\'
        ));
        return implode(array_map(fn (array $frame) => print_r($frame['args'] ?? [], true), $own));
    }

    /** Printing an error with its arguments follows no pointer of the library. */
    public function errorsArePrinted(): void
    {
        $gate = 'new CogAuth\Gate(CogAuth\Policy::builtin(), '
            . 'CogAuth\RootKeys::generate("01")->edgeKeys())';
        $calls = [
            303 => 'CogAuth\Policy::compile([["a.json", "[]"]])',
            131 => 'new CogAuth\EdgeKeys("{}")',
            501 => 'new CogAuth\Policy("")',
            603 => "($gate)->begin('GET', '/', [], '[1]')",
            706 => "($gate)->begin('GET', '/', [])->record()",
            101 => 'CogAuth\issueRecord("", "su", ["*"], 1)',
        ];
        foreach ($calls as $code => $call) {
            $program = 'require $argv[1]; try { ' . $call . '; } catch (Throwable $error) '
                . '{ print_r($error, true); var_export($error, true); var_dump($error); '
                . 'exit((string) $error->getCode()); }';
            $options = ['-d', 'zend.exception_ignore_args=0', '-d', 'ffi.enable=1'];
            $file = dirname(__DIR__) . '/CogAuth.php';
            $command = [PHP_BINARY, ...$options, '-r', $program, '--', $file];
            $process = proc_open($command, [1 => ['pipe', 'w']], $pipes);
            $output = stream_get_contents($pipes[1]);
            $status = proc_close($process);
            Check::equal([0, "$code"], [$status, substr($output, -3)], $call);
        }
    }

    public function guarding(): void
    {
        $asked = null;
        $outcome = $this->guarded(['facts' => function (...$of) use (&$asked) {
            $asked = $of;
            return $this->inputs->facts;
        }]);
        Check::yes($outcome instanceof Allowed, 'it is allowed');
        $about = ['su_ci', 'org-a', null, 'service_user'];
        Check::equal($about, $asked, 'what facts are asked about');
        Check::equal(null, $outcome->resource, 'no resource');
        Check::equal(['org_id' => 'org-a'], $outcome->parameters, 'the parameters');
        Check::equal(['type' => 'service_user', 'id' => 'su_ci'], $outcome->principal, 'who');
        Check::equal('ViewOrgSessions', $outcome->action, 'the action');
        Check::yes(str_contains($outcome->audit, '"outcome":"allowed"'), 'the audit record');
        $none = $this->guarded([], [], ['authorization' => []]);
        Check::equal([401, 605, 'missing_credential'], [$none->status, $none->number, $none->code],
            'no credential');
        foreach (['record', 'facts'] as $store) {
            Check::equal(401, $this->guarded([$store => fn () => null])->status, "no $store");
            foreach ([new RuntimeException('down'), new TypeError('wrong')] as $problem) {
                $refused = $this->guarded([$store => fn () => throw $problem]);
                Check::yes($refused instanceof Refused && $refused->cause === $problem, 'why');
                Check::equal(503, $refused->status, "$store cannot be asked");
                Check::equal('5', $refused->headers['retry-after'], 'when to try again');
            }
            Check::equal(503, $this->guarded([$store => fn () => '{}'])->status, "a bad $store");
            $wrong = [
                false, 5, [], [5], [null], ['{}', 'now'], ['{}', false], ['{}', -1], ['{}', 1, 2],
                ['text' => '{}'], new stdClass(),
            ];
            foreach ($wrong as $answer) {
                $refused = $this->guarded([$store => fn () => $answer]);
                Check::equal(503, $refused->status, "$store " . print_r($answer, true));
                Check::yes($refused->cause instanceof CogAuthError, 'the cause');
            }
        }
    }

    public function resources(): void
    {
        $facts = json_decode($this->inputs->facts);
        $facts->principal->roles = ['account_admin'];
        $facts = json_encode(['principal' => $facts->principal]);
        $asked = null;
        $stores = ['facts' => function (...$of) use (&$asked, $facts) {
            $asked = $of;
            return $facts;
        }];
        $path = '/v3/enterprise/members/users/user_02';
        $outcome = $this->guarded($stores, [], ['method' => 'PATCH', 'target' => $path]);
        $user = ['type' => 'user', 'id' => 'user_02'];
        $about = ['su_ci', null, $user, 'service_user'];
        Check::equal($about, $asked, 'what facts are asked about');
        Check::yes($outcome instanceof Allowed, 'it is allowed');
        Check::equal($user, $outcome->resource, 'the resource');
        Check::equal(['user_id' => 'user_02'], $outcome->parameters, 'the parameters');
        $route = Policy::builtin()->route('PATCH', $path);
        Check::equal($user, $route['resource'], 'the resource of the route');
    }

    public function theTypeOfAUser(): void
    {
        $now = $this->inputs->now;
        $roots = RootKeys::generate('01');
        $token = $roots->mint('01', 'personal_access_token');
        $record = CogAuth\issueRecord($token, 'user_01', ['*'], $now, edges: true);
        $asked = null;
        $facts = function (string $id, ?string $organization, ?array $resource, string $type) use (
            &$asked
        ) {
            $asked = [$id, $organization, $resource, $type];
            return null;
        };
        $gate = new Gate(Policy::builtin(), $roots->edgeKeys());
        $request = [...$this->request(), 'authorization' => ["Bearer $token"]];
        $gate->guard(fn () => $record, $facts, ...$request);
        Check::equal(['user_01', 'org-a', null, 'user'], $asked, 'what facts are asked about');
    }

    public function addresses(): void
    {
        $from = function (?array $addresses, ?string $client): object {
            [$token, $now] = [$this->inputs->token, $this->inputs->now];
            $record = CogAuth\issueRecord(
                $token, 'su_ci', ['*'], $now, edges: true, addresses: $addresses
            );
            $stores = ['record' => fn () => $record];
            return $this->guarded($stores, [], ['clientAddress' => $client]);
        };
        foreach (['192.0.2.7', '2001:db8::1'] as $client) {
            $outcome = $from(['2001:db8::/32', '192.0.2.0/24'], $client);
            Check::yes($outcome instanceof Allowed, $client);
            Check::equal($client, json_decode($outcome->audit)->client_address, 'the audit record');
        }
        Check::yes($from(null, null) instanceof Allowed, 'no limit');
        $refused = [
            [['192.0.2.7'], '192.0.2.8'], [['192.0.2.7'], null], [['192.0.2.7'], ''],
            [[], '192.0.2.7'],
        ];
        foreach ($refused as [$addresses, $client]) {
            Check::yes($from($addresses, $client) instanceof Refused, "refused: $client");
        }
    }

    public function recordsInAStore(): void
    {
        [$record, $now] = [$this->inputs->record, $this->inputs->now];
        Check::equal(null, CogAuth\inactiveBecause($record, $now), 'an active one');
        $revoked = CogAuth\revokeRecord($record, $now);
        Check::equal('revoked', CogAuth\inactiveBecause($revoked, $now), 'a revoked one');
        $used = CogAuth\useRecord($record, $now);
        Check::equal($now, json_decode($used)->last_used_at, 'when it was used');
        Check::equal($used, CogAuth\useRecord($used, $now - 1), 'a later use stays');
        $merged = CogAuth\mergeRecords($used, $revoked);
        Check::equal('revoked', CogAuth\inactiveBecause($merged, $now), 'both together');
        Check::equal($now, json_decode($merged)->last_used_at, 'both together');
    }

    public function limitsOfRotating(): void
    {
        $now = $this->inputs->now;
        $roots = RootKeys::generate('01');
        $issued = fn (int $expiresAt) => CogAuth\issueRecord(
            $roots->mint('01', 'service_user_key'), 'su', ['*'], $now, edges: true,
            expiresAt: $expiresAt
        );
        [$old, $later] = [$issued($now + 100), $issued($now + 200)];
        Check::code(139, fn () => CogAuth\rotateRecord($old, $later, $now + 50, $now));
        $rotated = CogAuth\rotateRecord($old, $later, $now + 50, $now, laterExpiry: true);
        Check::equal(null, CogAuth\inactiveBecause($rotated, $now + 49), 'in its grace');
        Check::equal('rotated', CogAuth\inactiveBecause($rotated, $now + 50), 'after it');
        $within = fn (int $most) => CogAuth\rotateRecord(
            $old, $issued($now + 100), $now + 50, $now, maxGrace: $most
        );
        Check::equal($now + 50, json_decode($within(50))->grace_until, 'a grace that fits');
        Check::code(138, fn () => $within(49));
        foreach ([-1, 2 ** 53, PHP_INT_MAX] as $most) {
            Check::code(135, fn () => $within($most));
        }
    }

    public function encodings(): void
    {
        $token = $this->inputs->token;
        $text = 'a=cog%5F' . substr($token, 4) . ' cog_k7w2k7w2k7w2k7w2k7w2k7w2k7w2k7';
        $keys = new EdgeKeys($this->inputs->edge_keys);
        [$percent, $looks] = CogAuth\scanDecoding($text);
        $told = [2, strlen($token) + 4, 'parsed', substr($token, 0, 23), ['percent'], null];
        Check::equal($told, array_values(get_object_vars($percent)), 'an escaped token');
        Check::equal(['looks_like', null, [], null],
            array_slice(array_values(get_object_vars($looks)), 2), 'what looks like one');
        $genuine = fn (EdgeKeys $with) => array_column(CogAuth\scanDecoding($text, $with), 'genuine');
        Check::equal([true, null], $genuine($keys), 'a genuine token');
        $others = CogAuth\RootKeys::generate('01')->edgeKeys();
        Check::equal([false, null], $genuine($others), 'one of others');
        Check::equal([], CogAuth\scanDecoding('', $keys), 'an empty text');
        $keys->close();
        Check::code(702, fn () => CogAuth\scanDecoding($text, $keys));
    }

    public function encodedTokensAreCut(): void
    {
        $secret = '1s015PnAAAABBBBCCCCDDDDEEEEFFFFGGGGHHHHIIIIJJJJKK586ggbea2qj1Bs5iHjYgW30jAxiy';
        [$text, $cut] = ["t=cog%5F$secret&", 't=cog_1s015PnAAAABBBBCCCC…&'];
        Check::equal($cut, CogAuth\redactDecoding($text), 'an escaped token');
        Check::equal($cut, CogAuth\redactDecoding("t=cog_$secret&"), 'a token as it is');
        $half = substr($text, 0, 40);
        Check::equal($half, CogAuth\redactDecoding($half), 'the half of an escaped token stays');
    }

    public function warnings(): void
    {
        $documents = [['schema.json', '{"v":1,"schema":{"actions":{"View":{}}}}']];
        Check::equal([], Policy::check($documents), 'it compiles');
        $warned = array_map(
            fn (CogAuthError $it) => [$it->getCode(), $it->codeName],
            Policy::warnings($documents)
        );
        Check::equal([[808, 'no_permit']], $warned, 'what is probably not meant');
        $rules = '{"v":1,"rules":[{"id":"all","effect":"permit","actions":["*"]}]}';
        $documents[] = ['rules.json', $rules];
        Check::equal([], Policy::warnings($documents), 'nothing to warn of');
        Check::code(303, fn () => Policy::warnings([['a.json', '[]']]));
        Check::code(701, fn () => Policy::warnings([['a.json']]));
    }

    public function ageOfRecords(): void
    {
        $fetched = fn (?int $at) => $this->guarded(
            ['record' => fn () => [$this->inputs->record, $at]],
            ['maxRecordAge' => 60]
        );
        Check::yes($fetched($this->inputs->now - 60) instanceof Allowed, 'young enough');
        Check::equal(503, $fetched($this->inputs->now - 61)->status, 'too old');
        Check::equal('stale_record', $fetched(null)->code, 'of no known age');
    }

    public function steps(): void
    {
        $exchange = $this->gate()->begin(...$this->request());
        Check::equal('AAAABBBBCCCC', $exchange->step()->id, 'the id');
        Check::code(706, fn () => $exchange->record());
        $facts = $exchange->found($this->inputs->record, $this->inputs->now);
        $who = [$facts->principal, $facts->principalType];
        Check::equal(['su_ci', 'service_user'], $who, 'of whom facts are asked');
        $exchange->found($this->inputs->facts);
        Check::yes(str_contains($exchange->record(), '"scopes":["*"]'), 'the record for display');
        Check::code(706, fn () => $exchange->found($this->inputs->facts));
        Check::yes($exchange->step() instanceof Allowed, 'a wrong call changes nothing');
        $context = ['context' => '{"time":1}'];
        Check::code(602, fn () => $this->gate()->begin(...$this->request(), ...$context));
    }

    public function otherOutcomes(): void
    {
        $_SERVER['REQUEST_METHOD'] = 'OPTIONS';
        $_SERVER['REQUEST_URI'] = '/';
        $gate = $this->gate(preflight: true);
        $none = fn () => null;
        Check::thrown(LogicException::class, fn () => $gate->requireAllowed($none, $none));
    }
}
