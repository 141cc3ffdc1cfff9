<?php

// What the tests say that must be so.

declare(strict_types=1);

final class Check
{
    public static int $count = 0;

    public static function yes(bool $value, string $what): void
    {
        self::$count++;
        $value || throw new Exception("it is not so: $what");
    }

    public static function equal(mixed $should, mixed $is, string $what): void
    {
        self::$count++;
        if ($is !== $should) {
            $told = var_export($is, true) . ', and should be ' . var_export($should, true);
            throw new Exception("$what is $told");
        }
    }

    /** The call throws an error of this code. */
    public static function code(int $code, callable $call): CogAuth\CogAuthError
    {
        self::$count++;
        try {
            $call();
        } catch (CogAuth\CogAuthError $error) {
            self::equal($code, $error->getCode(), "the code of \"{$error->getMessage()}\"");
            return $error;
        }
        throw new Exception("no error $code is thrown");
    }

    /** The call throws something of this class. */
    public static function thrown(string $class, callable $call): Throwable
    {
        self::$count++;
        try {
            $call();
        } catch (Throwable $thrown) {
            $thrown instanceof $class || throw $thrown;
            return $thrown;
        }
        throw new Exception("no $class is thrown");
    }
}
