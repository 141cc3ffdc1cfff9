<?php

// A newer library may answer numbers, names and members that the package does not know: none of
// them allows.

declare(strict_types=1);

use CogAuth\{Allowed, Exchange, Native, Policy, RecordNeeded, Refused, Token};

final class Newer
{
    public function denials(): void
    {
        Check::equal(null, Policy::reason(1, 0), 'what allows');
        Check::equal('forbidden', Policy::reason(0, 1), 'a rule');
        Check::equal('none', Policy::reason(0, 0), 'nothing was decided');
        foreach ([[0, 5], [0, 2 ** 32 - 1], [2, 99]] as $numbers) {
            Check::equal('indeterminate', Policy::reason(...$numbers), 'a denial');
        }
    }

    public function kinds(): void
    {
        $parsed = Native::sized('cogauth_token');
        $parsed->kind = 77;
        Check::equal('unknown', Token::of($parsed)->kind, 'a kind');
    }

    public function stepsAndMembers(): void
    {
        $known = Exchange::stepOf(['step' => 'record', 'id' => 'a', 'added' => 1, 'number' => 0]);
        Check::yes($known instanceof RecordNeeded && $known->id === 'a', 'an added member');
        $refused = Exchange::stepOf([
            'step' => 'refused', 'status' => 401, 'code' => 'denied', 'number' => 612,
            'headers' => [], 'body' => '', 'audit' => '', 'added' => [], 'cause' => 'text',
        ]);
        Check::yes($refused instanceof Refused && $refused->cause === null, 'a refusal');
        foreach ([['step' => 'challenge'], ['step' => ''], []] as $members) {
            $step = Exchange::stepOf($members);
            Check::yes($step instanceof Refused && !$step instanceof Allowed, 'a step');
            $told = [$step->status, $step->number, $step->code];
            Check::equal([503, 606, 'unavailable'], $told, 'an unknown step');
            Check::equal(503, json_decode($step->body)->status, 'its body');
            Check::yes(str_contains($step->cause->getMessage(), 'is not known'), 'its cause');
        }
    }

    public function theAbi(): void
    {
        Native::checkAbi(0x10003, 1, 3);
        Native::checkAbi(0x10004, 1, 3);
        foreach ([0x10002, 0x20003, 0x00004] as $version) {
            Check::thrown(RuntimeException::class, fn () => Native::checkAbi($version, 1, 3));
        }
    }
}
