<?php

// Calls from a file without strict_types, in which PHP converts what it is given: a time or a flag
// of a wrong type is refused all the same. So there is no `declare` here.

use CogAuth\{EdgeKeys, Gate, Policy, RootKeys};

final class Weak
{
    public function __construct(private readonly object $inputs)
    {
    }

    public function typesOfTimes(): void
    {
        [$token, $record, $now] = [$this->inputs->token, $this->inputs->record, $this->inputs->now];
        $keys = new EdgeKeys($this->inputs->edge_keys);
        $roots = RootKeys::generate('01');
        $peppers = $roots->peppers();
        $gate = new Gate(Policy::builtin(), $keys);
        $exchange = $gate->begin('GET', $this->inputs->target, [$this->inputs->authorization],
            null, $now);
        foreach ([true, false, '5', 1.5, 1.0, '', []] as $wrong) {
            Check::code(701, fn () => $keys->verify($token, $wrong));
            Check::code(701, fn () => $roots->mint('01', 'sample', $wrong));
            Check::code(701, fn () => $gate->begin('GET', '/', [], null, $wrong));
            Check::code(701, fn () => $exchange->found($record, $wrong));
            Check::code(701, fn () => CogAuth\acceptAtEdge($keys, $token, $wrong, null, $now));
            Check::code(701, fn () => CogAuth\acceptAtEdge($keys, $token, $now, null, $wrong));
            Check::code(701, fn () => CogAuth\acceptAtOrigin(
                $keys, $peppers, $token, $wrong, null, $now
            ));
            Check::code(701, fn () => CogAuth\acceptAtOrigin(
                $keys, $peppers, $token, $now, null, $wrong
            ));
            Check::code(701, fn () => CogAuth\revokeRecord($record, $wrong));
            Check::code(701, fn () => CogAuth\rotateRecord($record, $record, $wrong, $now));
            Check::code(701, fn () => CogAuth\rotateRecord($record, $record, $now, $wrong));
            Check::code(701, fn () => CogAuth\rotateRecord(
                $record, $record, $now, $now, maxGrace: $wrong
            ));
            Check::code(701, fn () => CogAuth\useRecord($record, $wrong));
            Check::code(701, fn () => CogAuth\inactiveBecause($record, $wrong));
            foreach (['createdAt', 'notBefore', 'expiresAt'] as $name) {
                Check::code(701, fn () => $this->issued([$name => $wrong]));
            }
            foreach (['retryAfter', 'maxRecordAge'] as $name) {
                Check::code(701, fn () => new Gate(Policy::builtin(), $keys, ...[$name => $wrong]));
            }
        }
    }

    public function typesOfFlags(): void
    {
        $keys = new EdgeKeys($this->inputs->edge_keys);
        $none = fn () => null;
        [$record, $now] = [$this->inputs->record, $this->inputs->now];
        foreach (['no', '', 0, 1, 1.5, null, []] as $wrong) {
            Check::code(701, fn () => $this->issued(['edges' => $wrong]));
            Check::code(701, fn () => CogAuth\rotateRecord($record, $record, $now, $now, $wrong));
            foreach (['passOn', 'preflight'] as $name) {
                Check::code(701, fn () => new Gate(Policy::builtin(), $keys, ...[$name => $wrong]));
            }
            $gate = new Gate(Policy::builtin(), $keys);
            $_SERVER['REQUEST_URI'] = '/';
            Check::code(701, fn () => $gate->requireAllowed($none, $none, rewritten: $wrong));
        }
    }

    /** What is no text is made one, and is none that anything is granted for. */
    public function typesOfTexts(): void
    {
        foreach ([false, true, 1, 1.5] as $wrong) {
            Check::code(101, fn () => CogAuth\parseToken($wrong));
            Check::code(701, fn () => new Policy(Policy::builtin()->image(), $wrong));
        }
        Check::thrown(TypeError::class, fn () => CogAuth\parseToken(null));
        Check::thrown(TypeError::class, fn () => $this->issued(['organizations' => false]));
        Check::thrown(TypeError::class, fn () => $this->issued(['addresses' => false]));
        Check::thrown(TypeError::class, fn () => $this->issued(['peppers' => false]));
    }

    private function issued(array $more): string
    {
        $draft = [
            'principal' => 'su', 'scopes' => ['*'], 'createdAt' => $this->inputs->now,
            'edges' => true,
        ];
        return CogAuth\issueRecord($this->inputs->token, ...[...$draft, ...$more]);
    }
}
