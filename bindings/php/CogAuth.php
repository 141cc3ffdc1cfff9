<?php

// Tokens, policies and the gate of cog-auth, over the C library. See README.md.
//
// Texts are strings, JSON is text, times are whole seconds since the epoch. What fails throws
// CogAuthError; a denial or a refusal is an answer.

declare(strict_types=1);

namespace CogAuth;

use FFI;

const VERSION = '0.1.0';

/** Why a call failed. `getCode()` is the number that all languages share, `codeName` its name. */
final class CogAuthError extends \Exception
{
    public readonly string $codeName;
    /** Where in what was given, in bytes from 0. This and all that follow are null if not known. */
    public readonly ?int $offset;
    public readonly ?string $document;
    public readonly ?string $pointer;
    public readonly ?int $documentLine;
    public readonly ?int $column;
    public readonly ?int $length;
    public readonly ?string $suggestion;

    /** @param array<string, int|string> $members those that the library tells of */
    public function __construct(public readonly array $members)
    {
        parent::__construct($members['message'], $members['code']);
        $this->codeName = $members['codeName'];
        $this->documentLine = $members['line'] ?? null;
        foreach (['offset', 'document', 'pointer', 'column', 'length', 'suggestion'] as $name) {
            $this->$name = $members[$name] ?? null;
        }
    }

    /** As of any exception, with the code after the message. */
    public function __toString(): string
    {
        return self::class . ": {$this->message} ({$this->code} {$this->codeName})"
            . " in {$this->file}:{$this->line}\nStack trace:\n{$this->getTraceAsString()}";
    }
}

/** @internal What cogauth.h declares, and how it is called. A test compares it with the header. */
final class Native
{
    /**
     * TEXT is a text and its length; OUT a buffer, its capacity, where the length goes, an error.
     * PHP takes a string for `char *` alone, and makes a string of one that it is given, up to a
     * NUL: STATIC has none.
     */
    public const SHORTHANDS = [
        'STATIC' => 'const void *',
        'TEXT' => 'const char *, size_t',
        'BYTES' => 'const char *, size_t',
        'OUT' => 'char *, size_t, size_t *, cogauth_error *',
    ];
    public const DECLARATIONS = <<<'C'
typedef struct cogauth_edge_keys cogauth_edge_keys;
typedef struct cogauth_exchange cogauth_exchange;
typedef struct cogauth_gate cogauth_gate;
typedef struct cogauth_peppers cogauth_peppers;
typedef struct cogauth_policy cogauth_policy;
typedef struct cogauth_root_keys cogauth_root_keys;
typedef struct { uint32_t struct_size; int32_t code; uint64_t offset; uint64_t line;
  uint64_t column; uint64_t length; char *json; size_t json_capacity; size_t json_length;
} cogauth_error;
typedef struct { const char *data; size_t length; } cogauth_slice;
typedef struct { cogauth_slice name; cogauth_slice text; } cogauth_document;
typedef struct { uint32_t struct_size; uint32_t reserved; cogauth_slice method;
  cogauth_slice target; const cogauth_slice *authorization; size_t authorization_count;
  cogauth_slice context; cogauth_slice client_address; } cogauth_request;
typedef struct { uint32_t struct_size; uint32_t flags; cogauth_slice realm; uint64_t retry_after;
  uint64_t max_record_age; } cogauth_gate_options;
typedef struct { uint32_t struct_size; uint32_t decision; uint32_t denial; uint32_t reserved;
} cogauth_decision;
typedef struct { uint32_t struct_size; uint32_t flags; cogauth_slice token; cogauth_slice principal;
  const cogauth_slice *scopes; size_t scopes_count; const cogauth_slice *organizations;
  size_t organizations_count; const cogauth_peppers *peppers; cogauth_slice name;
  cogauth_slice metadata; uint64_t created_at; uint64_t not_before; uint64_t expires_at;
  const cogauth_slice *addresses; size_t addresses_count; } cogauth_record_draft;
typedef struct { uint32_t struct_size; uint32_t is_token; uint64_t start; uint64_t end;
  char handle[32]; } cogauth_finding;
typedef struct { uint32_t struct_size; uint32_t kind; uint32_t hard_expiry; char key_id[4];
  char id[16]; char handle[32]; } cogauth_token;
uint32_t cogauth_abi_version(void);
const char *cogauth_version(void);
uint32_t cogauth_features(void);
STATIC cogauth_code_name(int32_t, size_t *);
STATIC cogauth_code_sentence(int32_t, size_t *);
void cogauth_wipe(void *, size_t);
int32_t cogauth_accept_at_edge(const cogauth_edge_keys *, TEXT, uint64_t, TEXT, uint64_t, OUT);
int32_t cogauth_accept_at_origin(const cogauth_edge_keys *, const cogauth_peppers *, TEXT, uint64_t,
  TEXT, uint64_t, OUT);
int32_t cogauth_exchange_begin(const cogauth_gate *, const cogauth_request *, uint64_t,
  cogauth_exchange **, cogauth_error *);
void cogauth_exchange_release(cogauth_exchange *);
int32_t cogauth_exchange_step(const cogauth_exchange *);
int32_t cogauth_exchange_found(cogauth_exchange *, int32_t, TEXT, uint64_t, cogauth_error *);
int32_t cogauth_exchange_absent(cogauth_exchange *, int32_t, cogauth_error *);
int32_t cogauth_exchange_unavailable(cogauth_exchange *, int32_t, cogauth_error *);
int32_t cogauth_exchange_text(const cogauth_exchange *, int32_t, cogauth_slice *);
size_t cogauth_exchange_count(const cogauth_exchange *, int32_t);
int32_t cogauth_exchange_entry(const cogauth_exchange *, int32_t, size_t, cogauth_slice *,
  cogauth_slice *);
int32_t cogauth_exchange_status(const cogauth_exchange *);
int32_t cogauth_exchange_code(const cogauth_exchange *);
uint64_t cogauth_exchange_valid_until(const cogauth_exchange *);
int32_t cogauth_exchange_json(const cogauth_exchange *, OUT);
int32_t cogauth_exchange_record(const cogauth_exchange *, OUT);
int32_t cogauth_gate_new(const cogauth_policy *, const cogauth_edge_keys *, const cogauth_peppers *,
  const cogauth_gate_options *, cogauth_gate **, cogauth_error *);
void cogauth_gate_release(cogauth_gate *);
int32_t cogauth_edge_keys_read(TEXT, cogauth_edge_keys **, cogauth_error *);
void cogauth_edge_keys_release(cogauth_edge_keys *);
int32_t cogauth_peppers_read(TEXT, cogauth_peppers **, cogauth_error *);
void cogauth_peppers_release(cogauth_peppers *);
int32_t cogauth_policy_from_image(BYTES, TEXT, cogauth_policy **, cogauth_error *);
void cogauth_policy_release(cogauth_policy *);
int32_t cogauth_policy_image(const cogauth_policy *, cogauth_slice *, cogauth_error *);
int32_t cogauth_policy_digest(const cogauth_policy *, OUT);
int32_t cogauth_policy_image_digest(const cogauth_policy *, OUT);
int32_t cogauth_policy_actions(const cogauth_policy *, OUT);
int32_t cogauth_policy_decide(const cogauth_policy *, TEXT, cogauth_decision *, cogauth_error *);
int32_t cogauth_policy_explain(const cogauth_policy *, TEXT, OUT);
int32_t cogauth_policy_evaluate(const cogauth_policy *, TEXT, OUT);
int32_t cogauth_policy_search_actions(const cogauth_policy *, TEXT, OUT);
int32_t cogauth_policy_route(const cogauth_policy *, TEXT, TEXT, OUT);
int32_t cogauth_authorization_read(const cogauth_slice *, size_t, int32_t *, cogauth_slice *,
  cogauth_error *);
int32_t cogauth_text_scan(TEXT, size_t, int32_t *, cogauth_finding *, cogauth_error *);
int32_t cogauth_text_redact(TEXT, OUT);
int32_t cogauth_token_parse(TEXT, cogauth_token *, cogauth_error *);
int32_t cogauth_token_verify(const cogauth_edge_keys *, TEXT, uint64_t, cogauth_token *,
  cogauth_error *);
int32_t cogauth_token_digest(const cogauth_peppers *, TEXT, TEXT, OUT);
int32_t cogauth_token_edge_digest(TEXT, TEXT, OUT);
C;
    /** What the full build has besides. */
    public const FULL_DECLARATIONS = <<<'C'
int32_t cogauth_policy_from_documents(const cogauth_document *, size_t, TEXT, cogauth_policy **,
  cogauth_error *);
int32_t cogauth_policy_check(const cogauth_document *, size_t, OUT);
int32_t cogauth_policy_warnings(const cogauth_document *, size_t, OUT);
int32_t cogauth_policy_bundle(const cogauth_document *, size_t, OUT);
int32_t cogauth_policy_builtin(cogauth_policy **, cogauth_error *);
int32_t cogauth_record_issue(const cogauth_record_draft *, OUT);
int32_t cogauth_record_read(TEXT, OUT);
int32_t cogauth_record_for_edges(TEXT, OUT);
int32_t cogauth_record_for_display(TEXT, OUT);
int32_t cogauth_record_revoke(TEXT, uint64_t, OUT);
int32_t cogauth_record_rotate(TEXT, TEXT, uint64_t, uint64_t, OUT);
int32_t cogauth_record_rotate_within(TEXT, TEXT, uint64_t, uint64_t, uint32_t, uint64_t, OUT);
int32_t cogauth_record_used(TEXT, uint64_t, OUT);
int32_t cogauth_record_merge(TEXT, TEXT, OUT);
int32_t cogauth_record_inactive(TEXT, uint64_t, int32_t *, cogauth_error *);
int32_t cogauth_root_keys_read(TEXT, cogauth_root_keys **, cogauth_error *);
int32_t cogauth_root_keys_new(TEXT, BYTES, cogauth_root_keys **, cogauth_error *);
int32_t cogauth_root_keys_edge_keys(const cogauth_root_keys *, cogauth_edge_keys **,
  cogauth_error *);
int32_t cogauth_root_keys_peppers(const cogauth_root_keys *, cogauth_peppers **, cogauth_error *);
int32_t cogauth_root_keys_expose(const cogauth_root_keys *, OUT);
int32_t cogauth_edge_keys_expose(const cogauth_edge_keys *, OUT);
int32_t cogauth_peppers_expose(const cogauth_peppers *, OUT);
void cogauth_root_keys_release(cogauth_root_keys *);
int32_t cogauth_token_mint(const cogauth_root_keys *, TEXT, uint32_t, uint32_t, BYTES, OUT);
int32_t cogauth_text_scan_decoding(TEXT, const cogauth_edge_keys *, OUT);
int32_t cogauth_text_redact_decoding(TEXT, OUT);
C;
    public const NUMBERS = [
        'ABI_MAJOR' => 1, 'ABI_MINOR' => 3, 'FEATURE_FULL' => 1,
        'GATE_RETRY_AFTER' => 1, 'GATE_MAX_RECORD_AGE' => 2, 'GATE_PASS_ON' => 4,
        'GATE_PREFLIGHT' => 8, 'NO_HARD_EXPIRY' => 1852796517, 'DRAFT_FOR_EDGES' => 1,
        'DRAFT_ORGANIZATIONS' => 2,
        'DRAFT_NOT_BEFORE' => 4, 'DRAFT_EXPIRES_AT' => 8, 'DRAFT_ADDRESSES' => 16,
        'ROTATE_LATER_EXPIRY' => 1, 'ALLOW' => 1,
        'E_TIME_OUT_OF_RANGE' => 135, 'E_UNAVAILABLE' => 606, 'E_INVALID_ARGUMENT' => 701,
        'E_FREED' => 702, 'E_BUFFER_TOO_SMALL' => 705,
    ];
    /** Names of numbers that count from 0. A newer library may have more of them. */
    public const KINDS = ['none', 'service_user_key', 'personal_access_token', 'sample'];
    public const SCHEMES = ['nothing', 'other', 'bearer'];
    public const DENIALS = ['none', 'forbidden', 'requirement', 'no_grant', 'indeterminate'];
    public const NONE = -1; // As an unsigned number, it is the greatest.
    private const MOST_SECONDS = 2 ** 53 - 1;

    private static ?FFI $c = null;
    private static FFI\CData $buffer;
    private static int $capacity = 16384;
    private static FFI\CData $length;
    private static FFI\CData $error;
    private static FFI\CData $json;

    /** The library. It is loaded where it is first needed: a preloaded file keeps no state. */
    public static function c(): FFI
    {
        return self::$c ?? self::load();
    }

    private static function load(): FFI
    {
        $names = ['Windows' => 'cogauth.dll', 'Darwin' => 'libcogauth.dylib'];
        $path = getenv('COGAUTH_LIBRARY')
            ?: __DIR__ . '/' . ($names[PHP_OS_FAMILY] ?? 'libcogauth.so');
        $asked = 'uint32_t cogauth_abi_version(void); uint32_t cogauth_features(void);';
        $c = FFI::cdef($asked, $path);
        $needed = [self::NUMBERS['ABI_MAJOR'], self::NUMBERS['ABI_MINOR']];
        self::checkAbi($c->cogauth_abi_version(), ...$needed);
        $full = ($c->cogauth_features() & self::NUMBERS['FEATURE_FULL']) !== 0;
        $declared = self::DECLARATIONS . ($full ? self::FULL_DECLARATIONS : '');
        self::$c = FFI::cdef(strtr($declared, self::SHORTHANDS), $path);
        self::$length = self::$c->new('size_t');
        self::$error = self::sized('cogauth_error');
        self::$buffer = self::$c->new('char[' . self::$capacity . ']');
        self::roomForError(4096);
        return self::$c;
    }

    /** A library of a greater minor number has more, and nothing else. */
    public static function checkAbi(int $version, int $major, int $minor): void
    {
        [$foundMajor, $foundMinor] = [$version >> 16, $version & 0xffff];
        if ($foundMajor !== $major || $foundMinor < $minor) {
            $found = "the library has the ABI $foundMajor.$foundMinor";
            throw new \RuntimeException("$found, this file needs $major.$minor");
        }
    }

    private static function roomForError(int $size): void
    {
        self::$json = self::c()->new("char[$size]");
        self::$error->json = self::c()->cast('char *', self::$json);
        self::$error->json_capacity = $size;
    }

    public static function sized(string $type): FFI\CData
    {
        $struct = self::c()->new($type);
        $struct->struct_size = FFI::sizeof($struct);
        return $struct;
    }

    /** Calls a function whose last parameter is an error: once more if that had too little room. */
    public static function call(
        string $name,
        #[\SensitiveParameter] mixed ...$arguments,
    ): void {
        if (self::c()->{"cogauth_$name"}(...[...$arguments, FFI::addr(self::$error)]) === 0) {
            return;
        }
        $length = self::$error->json_length;
        if ($length > self::$error->json_capacity) {
            self::roomForError($length);
            self::call($name, ...$arguments);
            return;
        }
        throw new CogAuthError(self::decoded(FFI::string(self::$json, $length)));
    }

    /** Calls a function for a text. */
    public static function text(
        string $name,
        #[\SensitiveParameter] mixed ...$arguments,
    ): string {
        self::c();
        try {
            $out = [self::$buffer, self::$capacity, FFI::addr(self::$length)];
            self::call($name, ...[...$arguments, ...$out]);
        } catch (CogAuthError $error) {
            $too_small = $error->getCode() === self::NUMBERS['E_BUFFER_TOO_SMALL'];
            if (!$too_small || self::$length->cdata <= self::$capacity) {
                throw $error;
            }
            self::$capacity = self::$length->cdata;
            self::$buffer = self::c()->new('char[' . self::$capacity . ']');
            return self::text($name, ...$arguments);
        }
        return FFI::string(self::$buffer, self::$length->cdata);
    }

    /** The same for a secret: no copy of it stays here. */
    public static function secret(
        string $name,
        #[\SensitiveParameter] mixed ...$arguments,
    ): string {
        $text = self::text($name, ...$arguments);
        self::c()->cogauth_wipe(self::$buffer, strlen($text));
        return $text;
    }

    /** Calls a function that makes a handle. */
    public static function made(
        string $name,
        string $type,
        #[\SensitiveParameter] mixed ...$arguments,
    ): FFI\CData {
        $place = self::c()->new("cogauth_$type *");
        self::call($name, ...[...$arguments, FFI::addr($place)]);
        return $place;
    }

    /**
     * Texts as an array of slices, and the memory that they lie in, which must be kept as long.
     * Null is no text.
     *
     * @param list<string|null> $texts
     * @return array{FFI\CData, FFI\CData}
     */
    public static function slices(#[\SensitiveParameter] array $texts): array
    {
        $all = implode('', $texts);
        $memory = self::c()->new('char[' . (strlen($all) + 1) . ']');
        FFI::memcpy($memory, $all, strlen($all));
        $slices = self::c()->new('cogauth_slice[' . (count($texts) + 1) . ']');
        $at = self::c()->cast('char *', $memory);
        foreach (array_values($texts) as $i => $text) {
            if ($text !== null) {
                $slices[$i]->data = $at;
                $slices[$i]->length = strlen($text);
                $at += strlen($text);
            }
        }
        return [$slices, $memory];
    }

    public static function wiped(#[\SensitiveParameter] FFI\CData $memory): void
    {
        self::c()->cogauth_wipe($memory, FFI::sizeof($memory));
    }

    /** A text with its length. @return array{string|null, int} */
    public static function sizedText(#[\SensitiveParameter] ?string $text): array
    {
        return [$text, strlen($text ?? '')];
    }

    /** @param array<mixed> $values @return list<string> */
    public static function strings(#[\SensitiveParameter] array $values, string $what): array
    {
        foreach ($values as $value) {
            is_string($value) || throw self::wrong("$what must be a list of strings");
        }
        return array_values($values);
    }

    /**
     * PHP makes an integer of `true` or "5" for a caller without strict_types: what is given for a
     * time or a flag is taken as it is, and checked here.
     */
    public static function seconds(mixed $time, string $what): int
    {
        is_int($time) || throw self::wrong("$what must be an integer");
        if ($time < 0 || $time > self::MOST_SECONDS) {
            throw self::error('E_TIME_OUT_OF_RANGE');
        }
        return $time;
    }

    /** A time, or 0 for none. */
    public static function optionalSeconds(mixed $time, string $what): int
    {
        return $time === null ? 0 : self::seconds($time, $what);
    }

    public static function flag(mixed $value, string $what): bool
    {
        return is_bool($value) ? $value : throw self::wrong("$what must be true or false");
    }

    public static function wrong(string $message): CogAuthError
    {
        return self::error('E_INVALID_ARGUMENT', $message);
    }

    public static function error(string $number, ?string $message = null): CogAuthError
    {
        $code = self::NUMBERS[$number];
        return new CogAuthError([
            'code' => $code, 'codeName' => codeName($code),
            'message' => $message ?? codeSentence($code),
        ]);
    }

    public static function words(string $function, int $code): ?string
    {
        $text = self::c()->$function($code, FFI::addr(self::$length));
        return $text === null ? null : FFI::string($text, self::$length->cdata);
    }

    /** @return array<mixed> */
    public static function decoded(string $json): array
    {
        return json_decode($json, true, 512, JSON_THROW_ON_ERROR);
    }
}

/** Something that the library holds. It is given back by `close()`, or with the last reference. */
abstract class Handle
{
    protected ?FFI\CData $pointer = null;

    /** @internal */
    abstract protected static function type(): string;

    /** @internal */
    public static function adopt(#[\SensitiveParameter] FFI\CData $pointer): static
    {
        $handle = (new \ReflectionClass(static::class))->newInstanceWithoutConstructor();
        $handle->pointer = $pointer;
        return $handle;
    }

    /** Gives it back; keys are wiped. Closing twice does nothing. */
    public function close(): void
    {
        $pointer = $this->pointer;
        $this->pointer = null;
        if ($pointer !== null) {
            Native::c()->{'cogauth_' . static::type() . '_release'}($pointer);
        }
    }

    public function __destruct()
    {
        $this->close();
    }

    private function __clone()
    {
    }

    /** @return array<string, bool> */
    public function __debugInfo(): array
    {
        return ['closed' => $this->pointer === null];
    }

    /** @internal */
    public function pointer(): FFI\CData
    {
        return $this->pointer ?? throw Native::error('E_FREED');
    }
}

/** A token's own statements. `hardExpiry` is a day counted from 1970-01-01. */
final class Token
{
    public function __construct(
        public readonly string $handle,
        public readonly string $kind,
        public readonly string $keyId,
        public readonly string $id,
        public readonly ?int $hardExpiry = null,
    ) {
    }

    /** @internal */
    public static function of(#[\SensitiveParameter] FFI\CData $parsed): self
    {
        return new self(
            FFI::string($parsed->handle), Native::KINDS[$parsed->kind] ?? 'unknown',
            FFI::string($parsed->key_id), FFI::string($parsed->id), $parsed->hard_expiry ?: null,
        );
    }
}

/** Keys, read from the text of a key set. */
abstract class KeySet extends Handle
{
    public function __construct(#[\SensitiveParameter] string $keySet)
    {
        $type = static::type();
        $this->pointer = Native::made($type . '_read', $type, $keySet, strlen($keySet));
    }

    /** The key set as text, which is a secret. */
    public function expose(): string
    {
        return Native::secret(static::type() . '_expose', $this->pointer());
    }
}

/** A key set of the use `edge-tag`, with which an edge verifies tokens. */
final class EdgeKeys extends KeySet
{
    protected static function type(): string
    {
        return 'edge_keys';
    }

    /**
     * Verifies that a token is genuine at `$now`, and returns what it says.
     *
     * @param int $now
     */
    public function verify(#[\SensitiveParameter] string $token, mixed $now): Token
    {
        $parsed = Native::sized('cogauth_token');
        $arguments = [$token, strlen($token), Native::seconds($now, 'now'), FFI::addr($parsed)];
        Native::call('token_verify', $this->pointer(), ...$arguments);
        return Token::of($parsed);
    }
}

/** A key set of the use `digest-pepper`, with which an origin compares stored digests. */
final class Peppers extends KeySet
{
    protected static function type(): string
    {
        return 'peppers';
    }
}

/** A key set of the use `root`, which mints tokens: the issuer's secret. */
final class RootKeys extends KeySet
{
    protected static function type(): string
    {
        return 'root_keys';
    }

    /** A set with one new key. */
    public static function generate(
        string $keyId,
        #[\SensitiveParameter] ?string $random = null,
    ): self {
        $random ??= random_bytes(32);
        $arguments = [$keyId, strlen($keyId), $random, strlen($random)];
        return self::adopt(Native::made('root_keys_new', 'root_keys', ...$arguments));
    }

    public function edgeKeys(): EdgeKeys
    {
        $keys = Native::made('root_keys_edge_keys', 'edge_keys', $this->pointer());
        return EdgeKeys::adopt($keys);
    }

    public function peppers(): Peppers
    {
        return Peppers::adopt(Native::made('root_keys_peppers', 'peppers', $this->pointer()));
    }

    /**
     * Mints a token, which is a secret. `$hardExpiry` is a day from 1 to 238327.
     *
     * @param int|null $hardExpiry
     */
    public function mint(
        string $keyId,
        string $kind,
        mixed $hardExpiry = null,
        #[\SensitiveParameter] ?string $random = null,
    ): string {
        $random ??= random_bytes(128);
        is_int($hardExpiry ?? 0) || throw Native::wrong('hardExpiry must be an integer');
        if ($hardExpiry !== null && ($hardExpiry < 1 || $hardExpiry >= 2 ** 30)) {
            throw Native::error('E_TIME_OUT_OF_RANGE');
        }
        $number = array_search($kind, Native::KINDS, true) ?: 0;
        $day = $hardExpiry ?? Native::NUMBERS['NO_HARD_EXPIRY'];
        $arguments = [$keyId, strlen($keyId), $number, $day, $random, strlen($random)];
        return Native::secret('token_mint', $this->pointer(), ...$arguments);
    }
}

/** A compiled policy. */
final class Policy extends Handle
{
    /**
     * Loads an image. `$sha256` is what its bytes must hash to, in hexadecimal digits: without it,
     * whoever can write the image decides.
     */
    public function __construct(string $image, ?string $sha256 = null)
    {
        $arguments = [$image, strlen($image), ...Native::sizedText($sha256)];
        $this->pointer = Native::made('policy_from_image', 'policy', ...$arguments);
    }

    protected static function type(): string
    {
        return 'policy';
    }

    /** The policy that comes with the library. */
    public static function builtin(): self
    {
        return self::adopt(Native::made('policy_builtin', 'policy'));
    }

    /**
     * Compiles a policy from its documents. `$digest` is what the policy's must be.
     *
     * @param list<array{string, string}> $documents pairs of a name and a JSON text
     */
    public static function compile(array $documents, ?string $digest = null): self
    {
        [$list, $kept] = self::documents($documents);
        $arguments = [$list, count($documents), ...Native::sizedText($digest)];
        return self::adopt(Native::made('policy_from_documents', 'policy', ...$arguments));
    }

    /**
     * All that is wrong with a policy's documents: nothing if they compile.
     *
     * @param list<array{string, string}> $documents
     * @return list<CogAuthError>
     */
    public static function check(array $documents): array
    {
        return self::errors('policy_check', $documents);
    }

    /**
     * What is not wrong with documents that compile, and probably not meant: at most 100 errors,
     * which refuse nothing, with codes from 801 on.
     *
     * @param list<array{string, string}> $documents
     * @return list<CogAuthError>
     */
    public static function warnings(array $documents): array
    {
        return self::errors('policy_warnings', $documents);
    }

    /** @param array<mixed> $documents @return list<CogAuthError> */
    private static function errors(string $function, array $documents): array
    {
        [$list, $kept] = self::documents($documents);
        $errors = Native::decoded(Native::text($function, $list, count($documents)));
        return array_map(fn (array $members) => new CogAuthError($members), $errors);
    }

    /**
     * The documents as one, in the form that the policy's digest is made over.
     *
     * @param list<array{string, string}> $documents
     */
    public static function bundle(array $documents): string
    {
        [$list, $kept] = self::documents($documents);
        return Native::text('policy_bundle', $list, count($documents));
    }

    /** @param array<mixed> $documents @return array{FFI\CData, mixed} */
    private static function documents(array $documents): array
    {
        $texts = [];
        foreach ($documents as $pair) {
            if (!is_array($pair) || !array_is_list($pair) || count($pair) !== 2) {
                throw Native::wrong('a document is a pair of its name and its text');
            }
            array_push($texts, ...Native::strings($pair, 'a document'));
        }
        [$slices, $memory] = Native::slices($texts);
        $list = Native::c()->cast('cogauth_document *', FFI::addr($slices[0]));
        return [$list, [$slices, $memory]];
    }

    /** The digest that names the policy in every answer. */
    public function digest(): string
    {
        return Native::text('policy_digest', $this->pointer());
    }

    /** The SHA-256 of the image. */
    public function imageDigest(): string
    {
        return Native::text('policy_image_digest', $this->pointer());
    }

    /** @return list<string> */
    public function actions(): array
    {
        return Native::decoded(Native::text('policy_actions', $this->pointer()));
    }

    /** The compiled image. */
    public function image(): string
    {
        $image = Native::c()->new('cogauth_slice');
        Native::call('policy_image', $this->pointer(), FFI::addr($image));
        return FFI::string($image->data, $image->length);
    }

    /** Whether an AuthZEN request, a JSON text, is allowed. */
    public function decide(string $request): bool
    {
        return $this->decided($request)->decision === Native::NUMBERS['ALLOW'];
    }

    /** Why an AuthZEN request is denied, such as `forbidden`; null if it is allowed. */
    public function denial(string $request): ?string
    {
        $decision = $this->decided($request);
        return self::reason($decision->decision, $decision->denial);
    }

    /** @internal Whatever is not known here is a denial. */
    public static function reason(int $decision, int $denial): ?string
    {
        $allowed = $decision === Native::NUMBERS['ALLOW'];
        return $allowed ? null : (Native::DENIALS[$denial] ?? 'indeterminate');
    }

    private function decided(string $request): FFI\CData
    {
        $decision = Native::sized('cogauth_decision');
        $arguments = [$request, strlen($request), FFI::addr($decision)];
        Native::call('policy_decide', $this->pointer(), ...$arguments);
        return $decision;
    }

    /** The decision with its explanation, as JSON text. */
    public function explain(string $request): string
    {
        return Native::text('policy_explain', $this->pointer(), $request, strlen($request));
    }

    /** Answers an AuthZEN request, or a batch of them, as JSON text. */
    public function evaluate(string $request): string
    {
        return Native::text('policy_evaluate', $this->pointer(), $request, strlen($request));
    }

    /** Which actions a search request would be allowed, as JSON text. */
    public function searchActions(string $request): string
    {
        return Native::text('policy_search_actions', $this->pointer(), $request, strlen($request));
    }

    /**
     * The route of a method and a target: `found`, and `action`, `organization`, `resource`,
     * `parameters`, `undecided`, or `reason`, `methods`.
     *
     * @return array<string, mixed>
     */
    public function route(string $method, string $target): array
    {
        $arguments = [$method, strlen($method), $target, strlen($target)];
        return Native::decoded(Native::text('policy_route', $this->pointer(), ...$arguments));
    }
}

/** A question of an exchange: the record of a credential. */
final class RecordNeeded
{
    public function __construct(public readonly string $id)
    {
    }
}

/**
 * A question of an exchange: the facts about a principal, an organization and a resource.
 * `principalType` is `user` or `service_user`: ids alone do not tell a user from a service user.
 */
final class FactsNeeded
{
    /** @param array{type: string, id: string}|null $resource where the path names one */
    public function __construct(
        public readonly string $principal,
        public readonly string $principalType,
        public readonly ?string $organization = null,
        public readonly ?array $resource = null,
    ) {
    }
}

/** The request is allowed. `validUntil` is the least of the expiries that are known. */
final class Allowed
{
    /**
     * @param array{type: string, id: string} $principal
     * @param array{kind: string, id: string, handle: string} $credential
     * @param list<string> $undecided what the policy left to the service
     * @param list<string> $advice codes of advice
     * @param array{type: string, id: string}|null $resource where the path names one
     * @param array<string, string> $parameters what was sent for the route's parameters
     */
    public function __construct(
        public readonly array $principal,
        public readonly array $credential,
        public readonly string $action,
        public readonly array $undecided,
        public readonly array $advice,
        public readonly string $audit,
        public readonly ?string $organization = null,
        public readonly ?int $validUntil = null,
        public readonly ?array $resource = null,
        public readonly array $parameters = [],
    ) {
    }
}

/**
 * The request is refused: answer with this. `number` is that of the code. `cause` is what a store
 * threw, if that is why.
 */
final class Refused
{
    /** @param array<string, string> $headers */
    public function __construct(
        public readonly int $status,
        public readonly string $code,
        public readonly int $number,
        public readonly array $headers,
        public readonly string $body,
        public readonly string $audit,
        public readonly ?\Throwable $cause = null,
    ) {
    }
}

/** An older opaque credential: pass the request on to what knows it. */
final class PassOn
{
}

/** A CORS preflight: answer it. */
final class Preflight
{
}

/** Policy, keys and options, which guard requests. It keeps what it is made of. */
final class Gate extends Handle
{
    /**
     * With peppers it is a gate at an origin.
     *
     * @param int|null $retryAfter seconds
     * @param int|null $maxRecordAge seconds
     * @param bool $passOn
     * @param bool $preflight
     */
    public function __construct(
        Policy $policy,
        EdgeKeys $keys,
        ?Peppers $peppers = null,
        ?string $realm = null,
        mixed $retryAfter = null,
        mixed $maxRecordAge = null,
        mixed $passOn = false,
        mixed $preflight = false,
    ) {
        [$slices, $kept] = Native::slices([$realm]);
        $options = Native::sized('cogauth_gate_options');
        $options->realm = $slices[0];
        $options->retry_after = Native::optionalSeconds($retryAfter, 'retryAfter');
        $options->max_record_age = Native::optionalSeconds($maxRecordAge, 'maxRecordAge');
        $options->flags = ($retryAfter !== null ? Native::NUMBERS['GATE_RETRY_AFTER'] : 0)
            | ($maxRecordAge !== null ? Native::NUMBERS['GATE_MAX_RECORD_AGE'] : 0)
            | (Native::flag($passOn, 'passOn') ? Native::NUMBERS['GATE_PASS_ON'] : 0)
            | (Native::flag($preflight, 'preflight') ? Native::NUMBERS['GATE_PREFLIGHT'] : 0);
        $made = [$policy->pointer(), $keys->pointer(), $peppers?->pointer(), FFI::addr($options)];
        $this->pointer = Native::made('gate_new', 'gate', ...$made);
    }

    protected static function type(): string
    {
        return 'gate';
    }

    /**
     * Begins with a request. `$target` is path and query as they were sent, `$context` a JSON text.
     * `$clientAddress` is the client's IP address, as the connection or a proxy of your own says.
     *
     * @param list<string> $authorization all values of that header
     * @param int|null $now
     */
    public function begin(
        string $method,
        string $target,
        #[\SensitiveParameter] array $authorization,
        ?string $context = null,
        mixed $now = null,
        ?string $clientAddress = null,
    ): Exchange {
        $now = Native::seconds($now ?? time(), 'now');
        $values = Native::strings($authorization, 'authorization');
        [$slices, $memory] = Native::slices(
            [$method, $target, $context, $clientAddress, ...$values]
        );
        $request = Native::sized('cogauth_request');
        $request->method = $slices[0];
        $request->target = $slices[1];
        $request->context = $slices[2];
        $request->client_address = $slices[3];
        $request->authorization = Native::c()->cast('cogauth_slice *', $slices) + 4;
        $request->authorization_count = count($values);
        try {
            $arguments = [$this->pointer(), FFI::addr($request), $now];
            return Exchange::adopt(Native::made('exchange_begin', 'exchange', ...$arguments));
        } finally {
            Native::wiped($memory);
        }
    }

    /**
     * Takes a request through all steps.
     *
     * `$record` is called with an id, and `$facts` with a principal, an organization or null, a
     * resource or null, and the principal's type, `user` or `service_user`: ids alone do not tell a
     * user from a service user. They return a JSON text, or null if there is none; `$record` may
     * return `[text, fetchedAt]`. If they throw or return anything else, the request is refused
     * with 503, and `cause` is what was thrown.
     *
     * @param list<string> $authorization
     * @param int|null $now
     */
    public function guard(
        callable $record,
        callable $facts,
        string $method,
        string $target,
        #[\SensitiveParameter] array $authorization,
        ?string $context = null,
        mixed $now = null,
        ?string $clientAddress = null,
    ): Allowed|Refused|PassOn|Preflight {
        $request = [$method, $target, $authorization, $context, $now, $clientAddress];
        $exchange = $this->begin(...$request);
        $cause = null;
        try {
            $step = $exchange->step();
            if ($step instanceof RecordNeeded) {
                $step = self::answer($exchange, fn () => $record($step->id), $cause);
            }
            if ($step instanceof FactsNeeded) {
                $asked = fn () => $facts(
                    $step->principal, $step->organization, $step->resource, $step->principalType
                );
                $step = self::answer($exchange, $asked, $cause);
            }
        } finally {
            $exchange->close();
        }
        if ($cause !== null && $step instanceof Refused) {
            return new Refused(...[...get_object_vars($step), 'cause' => $cause]);
        }
        return $step;
    }

    private static function answer(
        Exchange $exchange,
        callable $ask,
        ?\Throwable &$cause,
    ): RecordNeeded|FactsNeeded|Allowed|Refused|PassOn|Preflight {
        try {
            $found = self::stored($ask());
        } catch (\Throwable $thrown) {
            $cause ??= $thrown;
            return $exchange->unavailable();
        }
        return $found === null ? $exchange->absent() : $exchange->found(...$found);
    }

    /** What a store returned, if it is an answer. @return array{string, ?int}|null */
    private static function stored(mixed $found): ?array
    {
        if ($found === null) {
            return null;
        }
        $found = is_string($found) ? [$found] : $found;
        if (!is_array($found) || !array_is_list($found) || count($found) > 2
            || !is_string($found[0] ?? null)) {
            throw Native::wrong('a store returns a text, null, or a text and when it was fetched');
        }
        $fetchedAt = $found[1] ?? null;
        return [$found[0], $fetchedAt === null ? null : Native::seconds($fetchedAt, 'fetchedAt')];
    }

    /**
     * Guards the request that this script answers: returns if it is allowed, else sends the refusal
     * and exits. The target is REQUEST_URI of the server. An outcome of another kind throws: a gate
     * with `passOn` or `preflight` is asked by `guard`. `$context` returns the context, a JSON text
     * or null, and `$clientAddress` the client's IP address or null: `fn () =>
     * $_SERVER['REMOTE_ADDR']` where no proxy is before the server.
     *
     * What is judged is REQUEST_URI. Where the server gives PATH_INFO, it says which path is
     * served: if that is another one, the request is refused with 503. With `$rewritten` they are
     * not compared: who may see one path is served another then, if a rewriting leads there.
     *
     * @param bool $rewritten
     */
    public function requireAllowed(
        callable $record,
        callable $facts,
        ?callable $context = null,
        mixed $rewritten = false,
        ?callable $clientAddress = null,
    ): Allowed {
        $target = $_SERVER['REQUEST_URI'];
        if (!Native::flag($rewritten, 'rewritten') && !self::isServed($target)) {
            // Nobody is allowed without facts, which are asked for when the rest is judged.
            $facts = fn () => throw new \RuntimeException(
                'the path that is served is not that of the target'
            );
        }
        $outcome = $this->guard(
            $record, $facts, $_SERVER['REQUEST_METHOD'], $target,
            isset($_SERVER['HTTP_AUTHORIZATION']) ? [$_SERVER['HTTP_AUTHORIZATION']] : [],
            $context === null ? null : $context(), null,
            $clientAddress === null ? null : $clientAddress(),
        );
        if ($outcome instanceof Refused) {
            if ($outcome->cause !== null) {
                error_log('the request could not be judged: ' . $outcome->cause->getMessage());
            }
            foreach ($outcome->headers as $name => $value) {
                header("$name: $value");
            }
            // The last: PHP answers 401 whenever it is given WWW-Authenticate.
            http_response_code($outcome->status);
            echo $outcome->body;
            exit;
        }
        if (!$outcome instanceof Allowed) {
            throw new \LogicException('nothing is said of the outcome ' . $outcome::class);
        }
        return $outcome;
    }

    /**
     * PATH_INFO is decoded. It follows the name of the script, or the folder of the script, or
     * stands for all.
     */
    private static function isServed(string $target): bool
    {
        $info = $_SERVER['PATH_INFO'] ?? '';
        if ($info === '') {
            return true;
        }
        $script = $_SERVER['SCRIPT_NAME'] ?? '';
        $before = ['', $script, rtrim(dirname($script), '/')];
        $path = rawurldecode(explode('?', $target, 2)[0]);
        return in_array($path, array_map(fn ($part) => $part . $info, $before), true);
    }
}

/** One request on its way through a gate. */
final class Exchange extends Handle
{
    /** The class of each step, and the members that it has. A newer library may tell more. */
    private const STEPS = [
        'record' => [RecordNeeded::class, 'id'],
        'facts' => [
            FactsNeeded::class, 'principal', 'principalType', 'organization', 'resource',
        ],
        'allowed' => [
            Allowed::class, 'principal', 'credential', 'action', 'undecided', 'advice', 'audit',
            'organization', 'validUntil', 'resource', 'parameters',
        ],
        'refused' => [Refused::class, 'status', 'code', 'number', 'headers', 'body', 'audit'],
        'pass_on' => [PassOn::class],
        'preflight' => [Preflight::class],
    ];

    private function __construct()
    {
    }

    protected static function type(): string
    {
        return 'exchange';
    }

    /** Where it stands: a question, or an outcome. */
    public function step(): RecordNeeded|FactsNeeded|Allowed|Refused|PassOn|Preflight
    {
        $members = Native::decoded(Native::text('exchange_json', $this->pointer()));
        $members['number'] = Native::c()->cogauth_exchange_code($this->pointer());
        return self::stepOf($members);
    }

    /**
     * @internal A step as its members tell. One that is not known here is a refusal.
     *
     * @param array<string, mixed> $members
     */
    public static function stepOf(
        array $members,
    ): RecordNeeded|FactsNeeded|Allowed|Refused|PassOn|Preflight {
        $name = $members['step'] ?? '';
        $names = self::STEPS[$name] ?? null;
        if ($names === null) {
            return self::refusedHere("the step $name is not known");
        }
        $class = array_shift($names);
        return new $class(...array_intersect_key($members, array_flip($names)));
    }

    private static function refusedHere(string $why): Refused
    {
        $error = Native::error('E_UNAVAILABLE');
        $body = json_encode([
            'type' => 'about:blank', 'title' => 'Service Unavailable', 'status' => 503,
            'code' => $error->codeName, 'detail' => $error->getMessage(),
        ], JSON_UNESCAPED_SLASHES | JSON_THROW_ON_ERROR);
        $headers = ['content-type' => 'application/problem+json', 'cache-control' => 'no-store'];
        $cause = new \RuntimeException($why);
        $number = $error->getCode();
        return new Refused(503, $error->codeName, $number, $headers, $body, '', $cause);
    }

    /**
     * Answers what is asked with a JSON text. `$fetchedAt` is when a record was read.
     *
     * @param int|null $fetchedAt
     */
    public function found(
        string $text,
        mixed $fetchedAt = null,
    ): RecordNeeded|FactsNeeded|Allowed|Refused|PassOn|Preflight {
        $time = $fetchedAt === null ? Native::NONE : Native::seconds($fetchedAt, 'fetchedAt');
        return $this->answered('exchange_found', $text, strlen($text), $time);
    }

    /** Answers that there is no such record or principal. */
    public function absent(): RecordNeeded|FactsNeeded|Allowed|Refused|PassOn|Preflight
    {
        return $this->answered('exchange_absent');
    }

    /** Answers that the store could not be asked. */
    public function unavailable(): RecordNeeded|FactsNeeded|Allowed|Refused|PassOn|Preflight
    {
        return $this->answered('exchange_unavailable');
    }

    private function answered(
        string $name,
        #[\SensitiveParameter] mixed ...$arguments,
    ): RecordNeeded|FactsNeeded|Allowed|Refused|PassOn|Preflight {
        $asked = Native::c()->cogauth_exchange_step($this->pointer());
        Native::call($name, $this->pointer(), $asked, ...$arguments);
        return $this->step();
    }

    /** What people may see of an allowed credential's record, as JSON text. */
    public function record(): string
    {
        return Native::text('exchange_record', $this->pointer());
    }
}

/** What looks like a credential in a text: offsets in bytes; a handle if it is a token. */
final class Finding
{
    public function __construct(
        public readonly int $start,
        public readonly int $end,
        public readonly ?string $handle,
    ) {
    }
}

/**
 * What `scanDecoding` finds: offsets in bytes; `certainty` is `parsed` or `looks_like`; a handle if
 * it is a token; `encodings` are the names of those around it, from the outside to the inside;
 * `genuine` is null where nothing is known of it.
 */
final class DecodedFinding
{
    /** @param list<string> $encodings */
    public function __construct(
        public readonly int $start,
        public readonly int $end,
        public readonly string $certainty,
        public readonly ?string $handle,
        public readonly array $encodings,
        public readonly ?bool $genuine,
    ) {
    }
}

/** A token that a record vouches for. */
final class Accepted
{
    public function __construct(
        public readonly string $handle,
        public readonly string $kind,
        public readonly string $id,
        public readonly string $principal,
        public readonly object $record,
        public readonly ?int $validUntil = null,
    ) {
    }

    /** @internal */
    public static function of(#[\SensitiveParameter] string $token, string $json): self
    {
        $parsed = parseToken($token);
        $told = json_decode($json, false, 512, JSON_THROW_ON_ERROR);
        $members = [$told->principal, $told->record, $told->validUntil ?? null];
        return new self($parsed->handle, $parsed->kind, $parsed->id, ...$members);
    }
}

/** The version of the library that is loaded. */
function version(): string
{
    return Native::c()->cogauth_version();
}

/** Whether the library is the full build. */
function isFull(): bool
{
    return (Native::c()->cogauth_features() & Native::NUMBERS['FEATURE_FULL']) !== 0;
}

/** The name of a code; null if there is no such code. */
function codeName(int $code): ?string
{
    return Native::words('cogauth_code_name', $code);
}

/** What to do about a code; null if there is no such code. */
function codeSentence(int $code): ?string
{
    return Native::words('cogauth_code_sentence', $code);
}

/** Parses a token: its form and its checksum, not whether it is genuine. */
function parseToken(#[\SensitiveParameter] string $token): Token
{
    $parsed = Native::sized('cogauth_token');
    Native::call('token_parse', $token, strlen($token), FFI::addr($parsed));
    return Token::of($parsed);
}

/** The digest that an origin stores of a token. */
function digest(
    #[\SensitiveParameter] string $token,
    string $principal,
    Peppers $peppers,
): string {
    $texts = [$token, strlen($token), $principal, strlen($principal)];
    return Native::text('token_digest', $peppers->pointer(), ...$texts);
}

/** The digest that an edge compares. */
function edgeDigest(#[\SensitiveParameter] string $token, string $principal): string
{
    $texts = [$token, strlen($token), $principal, strlen($principal)];
    return Native::text('token_edge_digest', ...$texts);
}

/** All that looks like a credential in a text. @return list<Finding> */
function scan(#[\SensitiveParameter] string $text): array
{
    $found = Native::c()->new('int32_t');
    $finding = Native::sized('cogauth_finding');
    $findings = [];
    $from = 0;
    while (true) {
        $arguments = [$text, strlen($text), $from, FFI::addr($found), FFI::addr($finding)];
        Native::call('text_scan', ...$arguments);
        if ($found->cdata === 0) {
            return $findings;
        }
        $from = $finding->end;
        $handle = $finding->is_token === 1 ? FFI::string($finding->handle) : null;
        $findings[] = new Finding($finding->start, $from, $handle);
    }
}

/**
 * All that `scan` finds in a text, and the tokens in what is encoded in it: base64, hexadecimal
 * digits, UTF-16, the escapes of URLs, JSON, HTML and mails, and more ("Tokens in encodings" in
 * docs/token-format.md), in the order in which they begin. With edge keys, `genuine` says of a
 * token whether it was minted with a root key of these, also if it has expired since.
 *
 * @return list<DecodedFinding>
 */
function scanDecoding(#[\SensitiveParameter] string $text, ?EdgeKeys $keys = null): array
{
    $answer = Native::text('text_scan_decoding', $text, strlen($text), $keys?->pointer());
    return array_map(
        fn (array $told) => new DecodedFinding(
            $told['start'], $told['end'], $told['certainty'], $told['handle'] ?? null,
            $told['encodings'], $told['genuine'] ?? null
        ),
        Native::decoded($answer)
    );
}

/** The text with each credential cut to what may be shown. */
function redact(#[\SensitiveParameter] string $text): string
{
    return Native::text('text_redact', $text, strlen($text));
}

/**
 * The text in which all that `redact` cuts is cut, and each token in an encoding too: where
 * `scanDecoding` finds one, its handle and `…` stand in place of every byte that holds a part of
 * it. What is encoded must parse, so that the half of an encoded token stays.
 */
function redactDecoding(#[\SensitiveParameter] string $text): string
{
    return Native::text('text_redact_decoding', $text, strlen($text));
}

/**
 * Reads all values of the header `Authorization`: `scheme`, which is `nothing`, `other` or
 * `bearer`, and the `credential` of a bearer: a secret, which is not to be printed with the array.
 *
 * @param list<string> $values
 * @return array{scheme: string, credential?: string}
 */
function authorization(#[\SensitiveParameter] array $values): array
{
    [$slices, $memory] = Native::slices(Native::strings($values, 'values'));
    $scheme = Native::c()->new('int32_t');
    $credential = Native::c()->new('cogauth_slice');
    try {
        $list = Native::c()->cast('cogauth_slice *', $slices);
        $arguments = [$list, count($values), FFI::addr($scheme), FFI::addr($credential)];
        Native::call('authorization_read', ...$arguments);
        $read = ['scheme' => Native::SCHEMES[$scheme->cdata] ?? 'other'];
        if ($read['scheme'] === 'bearer') {
            $read['credential'] = FFI::string($credential->data, $credential->length);
        }
        return $read;
    } finally {
        Native::wiped($memory);
    }
}

/**
 * Verifies a token at `$verifiedAt`, and compares it at `$now` with the record of the store.
 *
 * @param int $verifiedAt
 * @param int $now
 */
function acceptAtEdge(
    EdgeKeys $keys,
    #[\SensitiveParameter] string $token,
    mixed $verifiedAt,
    ?string $record,
    mixed $now,
): Accepted {
    $arguments = [$token, strlen($token), Native::seconds($verifiedAt, 'verifiedAt')];
    array_push($arguments, ...Native::sizedText($record), ...[Native::seconds($now, 'now')]);
    $json = Native::text('accept_at_edge', $keys->pointer(), ...$arguments);
    return Accepted::of($token, $json);
}

/**
 * The same at an origin, which has the peppers.
 *
 * @param int $verifiedAt
 * @param int $now
 */
function acceptAtOrigin(
    EdgeKeys $keys,
    Peppers $peppers,
    #[\SensitiveParameter] string $token,
    mixed $verifiedAt,
    ?string $record,
    mixed $now,
): Accepted {
    $arguments = [$token, strlen($token), Native::seconds($verifiedAt, 'verifiedAt')];
    array_push($arguments, ...Native::sizedText($record), ...[Native::seconds($now, 'now')]);
    $handles = [$keys->pointer(), $peppers->pointer()];
    return Accepted::of($token, Native::text('accept_at_origin', ...$handles, ...$arguments));
}

/**
 * Makes the record of a new token, as JSON text. `$metadata` is a JSON text.
 *
 * @param list<string> $scopes
 * @param int $createdAt
 * @param bool $edges
 * @param list<string>|null $organizations
 * @param list<string>|null $addresses
 * @param int|null $notBefore
 * @param int|null $expiresAt
 */
function issueRecord(
    #[\SensitiveParameter] string $token,
    string $principal,
    array $scopes,
    mixed $createdAt,
    ?Peppers $peppers = null,
    mixed $edges = false,
    ?array $organizations = null,
    ?string $name = null,
    mixed $notBefore = null,
    mixed $expiresAt = null,
    ?string $metadata = null,
    ?array $addresses = null,
): string {
    $scopes = Native::strings($scopes, 'scopes');
    $ids = Native::strings($organizations ?? [], 'organizations');
    $from = Native::strings($addresses ?? [], 'addresses');
    $texts = [$token, $principal, $name, $metadata, ...$scopes, ...$ids, ...$from];
    [$slices, $memory] = Native::slices($texts);
    $lists = Native::c()->cast('cogauth_slice *', $slices) + 4;
    $draft = Native::sized('cogauth_record_draft');
    $draft->flags = (Native::flag($edges, 'edges') ? Native::NUMBERS['DRAFT_FOR_EDGES'] : 0)
        | ($organizations !== null ? Native::NUMBERS['DRAFT_ORGANIZATIONS'] : 0)
        | ($addresses !== null ? Native::NUMBERS['DRAFT_ADDRESSES'] : 0)
        | ($notBefore !== null ? Native::NUMBERS['DRAFT_NOT_BEFORE'] : 0)
        | ($expiresAt !== null ? Native::NUMBERS['DRAFT_EXPIRES_AT'] : 0);
    $draft->token = $slices[0];
    $draft->principal = $slices[1];
    $draft->name = $slices[2];
    $draft->metadata = $slices[3];
    $draft->scopes = $lists;
    $draft->scopes_count = count($scopes);
    if ($organizations !== null) {
        $draft->organizations = $lists + count($scopes);
        $draft->organizations_count = count($ids);
    }
    if ($addresses !== null) {
        // A pointer can be added to once: PHP 8.2 takes no second sum of it.
        $before = 4 + count($scopes) + count($ids);
        $draft->addresses = Native::c()->cast('cogauth_slice *', $slices) + $before;
        $draft->addresses_count = count($from);
    }
    $draft->peppers = $peppers?->pointer();
    $draft->created_at = Native::seconds($createdAt, 'createdAt');
    $draft->not_before = Native::optionalSeconds($notBefore, 'notBefore');
    $draft->expires_at = Native::optionalSeconds($expiresAt, 'expiresAt');
    try {
        return Native::text('record_issue', FFI::addr($draft));
    } finally {
        Native::wiped($memory);
    }
}

/** Reads a record. */
function readRecord(string $record): object
{
    $text = Native::text('record_read', $record, strlen($record));
    return json_decode($text, false, 512, JSON_THROW_ON_ERROR);
}

/** What edges may have of a record, as JSON text. */
function edgeRecord(string $record): string
{
    return Native::text('record_for_edges', $record, strlen($record));
}

/** What people may see of a record, as JSON text. */
function displayRecord(string $record): string
{
    return Native::text('record_for_display', $record, strlen($record));
}

/**
 * The record, revoked, as JSON text.
 *
 * @param int $at
 */
function revokeRecord(string $record, mixed $at): string
{
    return Native::text('record_revoke', $record, strlen($record), Native::seconds($at, 'at'));
}

/**
 * The record, used at a time, as JSON text; a later use stays.
 *
 * @param int $at
 */
function useRecord(string $record, mixed $at): string
{
    return Native::text('record_used', $record, strlen($record), Native::seconds($at, 'at'));
}

/**
 * The record to store where the store may hold another one of the same credential: good only where
 * and when both are, as JSON text.
 */
function mergeRecords(string $record, string $stored): string
{
    return Native::text('record_merge', $record, strlen($record), $stored, strlen($stored));
}

/**
 * The name of the code for which the credential is not active, or null if it is.
 *
 * @param int $now
 */
function inactiveBecause(string $record, mixed $now): ?string
{
    $code = Native::c()->new('int32_t');
    $told = [$record, strlen($record), Native::seconds($now, 'now'), FFI::addr($code)];
    Native::call('record_inactive', ...$told);
    return $code->cdata === 0 ? null : codeName($code->cdata);
}

/**
 * The record, succeeded by another and good until `$graceUntil`, as JSON text. `$laterExpiry` lets
 * the successor expire later, which is for those who may make credentials of this principal.
 * `$maxGrace` is the most seconds from `$now` to `$graceUntil`; 30 days by default.
 *
 * @param int $graceUntil
 * @param int $now
 * @param bool $laterExpiry
 * @param int|null $maxGrace
 */
function rotateRecord(
    string $record,
    string $successor,
    mixed $graceUntil,
    mixed $now,
    mixed $laterExpiry = false,
    mixed $maxGrace = null,
): string {
    $texts = [$record, strlen($record), $successor, strlen($successor)];
    $times = [Native::seconds($graceUntil, 'graceUntil'), Native::seconds($now, 'now')];
    $later = Native::flag($laterExpiry, 'laterExpiry');
    $most = $maxGrace === null ? Native::NONE : Native::seconds($maxGrace, 'maxGrace');
    $limits = [$later ? Native::NUMBERS['ROTATE_LATER_EXPIRY'] : 0, $most];
    return Native::text('record_rotate_within', ...$texts, ...$times, ...$limits);
}
