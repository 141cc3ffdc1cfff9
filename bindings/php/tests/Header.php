<?php

// What is spelled in CogAuth.php is what cogauth.h declares.

declare(strict_types=1);

use CogAuth\Native;

final class Header
{
    /** Only for WebAssembly; or for other languages, which count references themselves. */
    private const LEFT_OUT = '/^cogauth_(alloc|free|\w+_retain)$/';
    /** Types as the header has them, not as PHP needs them. */
    private const SHORTHANDS = [
        'STATIC' => 'const char *', 'BYTES' => 'const uint8_t *, size_t',
    ] + Native::SHORTHANDS;

    public static function run(string $root): void
    {
        $header = file_get_contents("$root/bindings/c/include/cogauth.h");
        $plain = preg_replace(['~//.*~', '/^\s*#.*/m', '/\s+/'], ['', '', ' '], $header);
        $own = strtr(Native::DECLARATIONS . Native::FULL_DECLARATIONS, self::SHORTHANDS);
        $own = preg_replace('/\s+/', ' ', $own);

        $should = self::structs($plain);
        Check::equal(15, count($should), 'the number of structs');
        Check::equal($should, self::structs($own), 'the structs');

        $should = array_filter(
            self::functions($plain),
            fn ($name) => !preg_match(self::LEFT_OUT, $name),
            ARRAY_FILTER_USE_KEY
        );
        Check::yes(count($should) > 60, 'functions were found');
        Check::equal($should, self::functions($own), 'the functions');

        self::fullOnes($header);
        self::numbers($header);
    }

    private static function structs(string $text): array
    {
        $found = [];
        preg_match_all('/typedef struct ({[^}]*}|\w+) (\w+);/', $text, $all, PREG_SET_ORDER);
        foreach ($all as [, $body, $name]) {
            $found[$name] = str_replace(' ', '', $body);
        }
        ksort($found);
        return $found;
    }

    private static function functions(string $text): array
    {
        $found = [];
        $pattern = '/([\w ]+[ *]+)(cogauth_\w+)\(([^)]*)\);/';
        preg_match_all($pattern, $text, $all, PREG_SET_ORDER);
        foreach ($all as [, $result, $name, $parameters]) {
            // A parameter's name is a word after a type.
            $types = array_map(
                fn ($type) => preg_replace('/((?:const )?\w+(?: \*+| ))\w+$/', '$1', trim($type)),
                explode(',', $parameters)
            );
            $found[$name] = str_replace(' ', '', $result . '(' . implode(',', $types) . ')');
        }
        ksort($found);
        return $found;
    }

    /** What only the full build has is declared apart. */
    private static function fullOnes(string $header): void
    {
        $own = self::functions(preg_replace('/\s+/', ' ', Native::FULL_DECLARATIONS));
        preg_match_all('/((?:^\/\/.*\n)+)[^;]*?(cogauth_\w+)\(/m', $header, $all, PREG_SET_ORDER);
        $full = [];
        foreach ($all as [, $comment, $name]) {
            $comment = preg_replace('~\s*//\s*~', ' ', $comment);
            if (str_contains($comment, 'Full build only') && !preg_match(self::LEFT_OUT, $name)) {
                $full[] = $name;
            }
        }
        sort($full);
        Check::equal($full, array_keys($own), 'what the full build has besides');
    }

    private static function numbers(string $header): void
    {
        preg_match_all('/#define COGAUTH_(\w+) (\d+)$/m', $header, $all, PREG_SET_ORDER);
        $defined = [];
        foreach ($all as [, $name, $value]) {
            $defined[$name] = (int) $value;
        }
        foreach (Native::NUMBERS as $name => $value) {
            Check::equal($defined[$name], $value, $name);
        }
        $sets = ['KIND' => Native::KINDS, 'SCHEME' => Native::SCHEMES, 'DENIAL' => Native::DENIALS];
        foreach ($sets as $prefix => $names) {
            $set = array_filter(
                $defined,
                fn ($name) => str_starts_with($name, "{$prefix}_"),
                ARRAY_FILTER_USE_KEY
            );
            $named = [];
            foreach ($names as $number => $name) {
                $named["{$prefix}_" . strtoupper($name)] = $number;
            }
            ksort($set);
            ksort($named);
            Check::equal($set, $named, $prefix);
        }
    }
}
