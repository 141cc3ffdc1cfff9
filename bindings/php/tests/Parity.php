<?php

// Puts all calls of bindings/parity, whose README says what they are, to the package.

declare(strict_types=1);

use CogAuth\{Allowed, CogAuthError, EdgeKeys, Exchange, FactsNeeded, Gate, PassOn, Peppers, Policy};
use CogAuth\{Preflight, RecordNeeded, Refused, RootKeys};

final class Parity
{
    private const OPERATIONS = [
        'parse', 'verify', 'load_edge_keys', 'load_peppers', 'load_root_keys', 'derive_keys',
        'mint', 'digest', 'edge_digest', 'accept_at_edge', 'accept_at_origin', 'issue_record',
        'read_record', 'edge_record', 'display_record', 'revoke_record', 'rotate_record',
        'use_record', 'merge_records', 'inactive_because', 'rotate_within',
        'authorization', 'scan', 'scan_decoding', 'redact', 'redact_decoding', 'describe',
        'image_digest', 'load_image', 'decide', 'evaluate', 'search_actions', 'route', 'compile',
        'check', 'policy_warnings', 'bundle', 'gate',
    ];
    private const STEPS = [
        RecordNeeded::class => 'record', FactsNeeded::class => 'facts', Allowed::class => 'allowed',
        Refused::class => 'refused', PassOn::class => 'pass_on', Preflight::class => 'preflight',
    ];

    /** @var array<string, int> */
    public array $counts = [];
    /** @var list<string> */
    public array $differences = [];
    private array $images = [];
    private array $made = [];

    public function run(string $path): void
    {
        $data = json_decode(file_get_contents($path), false, 512, JSON_THROW_ON_ERROR);
        foreach ($data->images as $name => $image) {
            $this->images[$name] = self::spelled($image);
        }
        foreach ($data->calls as $call) {
            $operation = $call->operation;
            if (!in_array($operation, self::OPERATIONS, true)) {
                throw new Exception("unknown operation $operation");
            }
            $this->counts[$operation] = ($this->counts[$operation] ?? 0) + 1;
            $should = self::canonical(isset($call->error)
                ? ['error' => $call->error] : ['answer' => $call->answer]);
            $is = self::canonical($this->found($operation, $call->arguments));
            if ($is !== $should) {
                $shown = substr($is, 0, 600) . "\n  should be " . substr($should, 0, 600);
                $this->differences[] = "$operation: {$call->name}\n  $shown";
            }
        }
        foreach (self::OPERATIONS as $operation) {
            isset($this->counts[$operation]) || throw new Exception("nothing for $operation");
        }
    }

    public static function canonical(mixed $value): string
    {
        $flags = JSON_UNESCAPED_SLASHES | JSON_UNESCAPED_UNICODE | JSON_THROW_ON_ERROR;
        return json_encode(self::sorted($value), $flags);
    }

    /** Lists stay lists. Objects, and arrays with names, become objects with sorted members. */
    private static function sorted(mixed $value): mixed
    {
        if (is_array($value) && array_is_list($value)) {
            return array_map(self::sorted(...), $value);
        }
        if (is_array($value) || is_object($value)) {
            $members = (array) $value;
            ksort($members, SORT_STRING);
            return (object) array_map(self::sorted(...), $members);
        }
        return $value;
    }

    private function found(string $operation, object $call): array
    {
        try {
            return ['answer' => $this->$operation($call)];
        } catch (CogAuthError $error) {
            return ['error' => $error->members];
        }
    }

    private static function spelled(mixed $value): string
    {
        if (is_string($value)) {
            return $value;
        }
        if (is_array($value)) {
            return implode('', array_map(self::spelled(...), $value));
        }
        if (isset($value->hex)) {
            return hex2bin($value->hex);
        }
        return str_repeat(self::spelled($value->repeat[0]), $value->repeat[1]);
    }

    /** A handle, which is kept by what it is made of. */
    private function kept(string $class, string $text): object
    {
        return $this->made[$class][$text] ??= new $class($text);
    }

    private function policy(object $call): Policy
    {
        return $this->kept(Policy::class, $this->images[$call->policy]);
    }

    private function edgeKeys(object $call): EdgeKeys
    {
        return $this->kept(EdgeKeys::class, $call->keys);
    }

    private function peppers(object $call): Peppers
    {
        return $this->kept(Peppers::class, $call->peppers);
    }

    private static function plain(object $value): array
    {
        return array_filter(get_object_vars($value), fn ($member) => $member !== null);
    }

    private static function values(object $call): array
    {
        $values = array_map(self::spelled(...), $call->values);
        return array_merge(...array_fill(0, max($call->times, 1), $call->times ? $values : []));
    }

    private static function documents(object $call): array
    {
        return array_map(fn ($pair) => [$pair[0], self::spelled($pair[1])], $call->documents);
    }

    private function parse(object $call): array
    {
        return self::plain(CogAuth\parseToken(self::spelled($call->token)));
    }

    private function verify(object $call): array
    {
        return self::plain($this->edgeKeys($call)->verify(self::spelled($call->token), $call->now));
    }

    private function load_edge_keys(object $call): bool
    {
        (new EdgeKeys(self::spelled($call->keys)))->close();
        return true;
    }

    private function load_peppers(object $call): bool
    {
        (new Peppers(self::spelled($call->keys)))->close();
        return true;
    }

    private function load_root_keys(object $call): bool
    {
        (new RootKeys(self::spelled($call->keys)))->close();
        return true;
    }

    private function derive_keys(object $call): array
    {
        $roots = new RootKeys($call->roots);
        return [$roots->edgeKeys()->expose(), $roots->peppers()->expose()];
    }

    private function mint(object $call): string
    {
        $roots = new RootKeys($call->roots);
        $random = self::spelled($call->random);
        return $roots->mint($call->keyId, $call->kind, $call->hardExpiry, $random);
    }

    private function digest(object $call): string
    {
        return CogAuth\digest($call->token, $call->principal, $this->peppers($call));
    }

    private function edge_digest(object $call): string
    {
        return CogAuth\edgeDigest($call->token, $call->principal);
    }

    private function accept_at_edge(object $call): array
    {
        return self::plain(CogAuth\acceptAtEdge(
            $this->edgeKeys($call), $call->token, $call->verifiedAt, $call->record, $call->now
        ));
    }

    private function accept_at_origin(object $call): array
    {
        return self::plain(CogAuth\acceptAtOrigin(
            $this->edgeKeys($call), $this->peppers($call), $call->token, $call->verifiedAt,
            $call->record, $call->now
        ));
    }

    private function issue_record(object $call): string
    {
        return CogAuth\issueRecord(
            self::spelled($call->token), $call->principal, $call->scopes, $call->createdAt,
            $call->peppers === null ? null : $this->peppers($call), $call->edges,
            $call->organizations ?? null, $call->name ?? null, $call->notBefore ?? null,
            $call->expiresAt ?? null, $call->metadata ?? null, $call->addresses ?? null
        );
    }

    private function read_record(object $call): object
    {
        return CogAuth\readRecord(self::spelled($call->record));
    }

    private function edge_record(object $call): string
    {
        return CogAuth\edgeRecord($call->record);
    }

    private function display_record(object $call): string
    {
        return CogAuth\displayRecord(self::spelled($call->record));
    }

    private function revoke_record(object $call): string
    {
        return CogAuth\revokeRecord($call->record, $call->at);
    }

    private function use_record(object $call): string
    {
        return CogAuth\useRecord($call->record, $call->at);
    }

    private function merge_records(object $call): string
    {
        return CogAuth\mergeRecords($call->record, $call->stored);
    }

    private function inactive_because(object $call): string
    {
        return CogAuth\inactiveBecause($call->record, $call->at) ?? '';
    }

    private function rotate_record(object $call): string
    {
        return CogAuth\rotateRecord($call->record, $call->successor, $call->at + 100, $call->at);
    }

    private function rotate_within(object $call): string
    {
        return CogAuth\rotateRecord(
            $call->record, $call->successor, $call->until, $call->at, $call->laterExpiry,
            $call->maxGrace
        );
    }

    private function authorization(object $call): array
    {
        $read = CogAuth\authorization(self::values($call));
        if (isset($read['credential'])) {
            $read['credential'] = self::scrubbed($read['credential']);
        }
        return $read;
    }

    /** Bytes that are no UTF-8 become U+FFFD. */
    private static function scrubbed(string $text): string
    {
        $flags = JSON_INVALID_UTF8_SUBSTITUTE;
        return json_decode(json_encode($text, $flags));
    }

    private function scan(object $call): array
    {
        return array_map(get_object_vars(...), CogAuth\scan(self::spelled($call->text)));
    }

    private function scan_decoding(object $call): array
    {
        $keys = $call->keys === null ? null : $this->edgeKeys($call);
        $isTold = fn (mixed $value) => $value !== null;
        return array_map(
            fn (object $found) => array_filter(get_object_vars($found), $isTold),
            CogAuth\scanDecoding(self::spelled($call->text), $keys)
        );
    }

    private function redact(object $call): string
    {
        return CogAuth\redact($call->text);
    }

    private function redact_decoding(object $call): string
    {
        return CogAuth\redactDecoding(self::spelled($call->text));
    }

    private function describe(object $call): array
    {
        $policy = $this->policy($call);
        return ['digest' => $policy->digest(), 'actions' => $policy->actions()];
    }

    private function image_digest(object $call): string
    {
        return $this->policy($call)->imageDigest();
    }

    private function load_image(object $call): string
    {
        $image = substr($this->images[$call->policy], 0, $call->cut ?? null);
        if (isset($call->change)) {
            $image[$call->change] = $image[$call->change] ^ "\x41";
        }
        return (new Policy($image))->digest();
    }

    private function decide(object $call): string
    {
        $request = self::spelled($call->request);
        $text = $this->policy($call)->explain($request);
        $told = json_decode($text);
        if ($this->policy($call)->decide($request) !== $told->decision
            || $this->policy($call)->denial($request) !== ($told->context->class ?? null)) {
            throw new Exception('decided otherwise without an explanation');
        }
        return $text;
    }

    private function evaluate(object $call): string
    {
        return $this->policy($call)->evaluate(self::spelled($call->request));
    }

    private function search_actions(object $call): string
    {
        return $this->policy($call)->searchActions(self::spelled($call->request));
    }

    private function route(object $call): array
    {
        $route = $this->policy($call)->route($call->method, $call->target);
        if (isset($route['parameters'])) {
            $route['parameters'] = (object) $route['parameters'];
        }
        return $route;
    }

    private function compile(object $call): array
    {
        $policy = Policy::compile(self::documents($call), $call->digest ?? null);
        return ['hex' => bin2hex($policy->image())];
    }

    private function check(object $call): array
    {
        return array_map(fn ($error) => $error->members, Policy::check(self::documents($call)));
    }

    private function policy_warnings(object $call): array
    {
        return array_map(fn ($warning) => $warning->members, Policy::warnings(self::documents($call)));
    }

    private function bundle(object $call): string
    {
        return Policy::bundle(self::documents($call));
    }

    private function gate(object $call): array
    {
        $told = [];
        foreach ($call->options as $name => $value) {
            $told[lcfirst(str_replace('_', '', ucwords($name, '_')))] = $value;
        }
        $peppers = $call->place === 'origin' ? $this->peppers($call) : null;
        $gate = new Gate($this->policy($call), $this->edgeKeys($call), $peppers, ...$told);
        $request = $call->request;
        $exchange = $gate->begin(
            self::spelled($request->method), self::spelled($request->target),
            self::values($request), $request->context ?? null, $call->now,
            $request->clientAddress ?? null
        );
        $gate->close();
        return $this->steps($exchange, $call);
    }

    private function steps(Exchange $exchange, object $call): array
    {
        $step = $exchange->step();
        $steps = [];
        while (true) {
            $name = self::STEPS[$step::class];
            $members = self::plain($step);
            if (isset($members['headers'])) {
                $members['headers'] = (object) $members['headers'];
            }
            if (isset($members['parameters'])) {
                $members['parameters'] = (object) $members['parameters'];
            }
            // The number of a refusal is told by its name.
            if (CogAuth\codeName($members['number'] ?? 0) === ($members['code'] ?? null)) {
                unset($members['number']);
            }
            $steps[] = ['step' => $name, ...$members];
            if ($name !== 'record' && $name !== 'facts') {
                return $steps;
            }
            $stored = $call->$name;
            $step = is_string($stored) ? $exchange->$stored()
                : $exchange->found(self::spelled($stored->text), $stored->fetchedAt ?? null);
        }
    }
}
