/**
 * `cog-auth/verify`: tokens alone. Parses a token, and verifies that it is genuine: that the issuer
 * made it, that no byte was changed, and that it is not past its hard expiry. Not that it is still
 * active: that needs its record, and `cog-auth/edge`.
 *
 * Times are whole seconds since the epoch, 0 to 2^53 - 1: `Math.floor(Date.now() / 1000)`.
 *
 * @packageDocumentation
 */

/**
 * Why a call failed. A denial is no error but a value.
 *
 * Codes never change their meaning. They are those of the Rust crate; it never returns these four
 * of this package: 701 `invalid_argument`, 702 `freed`, 703 `fault` (see {@link faultCount}),
 * 704 `not_initialized`.
 *
 * ```js
 * try { parseToken('cog_1s01'); } catch (error) {
 *   if (!(error instanceof CogAuthError)) throw error;
 *   [error.code, error.codeName];   // [103, 'wrong_length']
 *   error.message; // 'a token has exactly 81 bytes; copy all of it and nothing else'
 * }
 * ```
 */
export class CogAuthError extends Error {
  private constructor();
  readonly name: 'CogAuthError';
  /** The public number, 101 to 799. */
  readonly code: number;
  /** The public name, in snake case. */
  readonly codeName: string;
  /**
   * A sentence. For 701 it names the argument and what was expected:
   * `authorization must be a list of text or bytes`.
   */
  readonly message: string;
  /**
   * What was thrown while an argument was read or the module ran: by a getter or a proxy, or the
   * name of a member for which JSON has no word.
   */
  readonly cause?: unknown;
  /** Where in what was given, in bytes from 0. Not there where no place is known. */
  readonly offset?: number;
  /**
   * Which document of a policy. This and all that follow are there for errors of documents alone.
   */
  readonly document?: string;
  /** The place in the document, as a JSON pointer (RFC 6901). */
  readonly pointer?: string;
  /** The line, from 1. */
  readonly line?: number;
  /** The column, in characters from 1. */
  readonly column?: number;
  /** How many characters are wrong, at least 1. */
  readonly length?: number;
  /** What may have been meant. */
  readonly suggestion?: string;
}

/** What a token is for. Samples are for documentation and tests, and valid nowhere. */
export type Kind = 'service_user_key' | 'personal_access_token' | 'sample';

/** A token's own statements: they hold no secret, and say nothing of whether it is genuine. */
export interface Token {
  /** The first 23 characters, which logs may show: `cog_1s01000AbC…`. */
  readonly handle: string;
  readonly kind: Kind;
  /** Which root key made it: two characters. */
  readonly keyId: string;
  /** Its public id: 12 characters. */
  readonly id: string;
  /** The last day on which it is good, in days since the epoch, UTC. Not there if it has none. */
  readonly hardExpiry?: number;
}

declare const genuine: unique symbol;

/**
 * A token that the issuer made, unchanged and not past its hard expiry. Only
 * {@link EdgeKeys.verify} makes one. What accepts it goes by the token that was verified, not by
 * these members. It keeps the token out of sight: neither `console.log` nor
 * `JSON.stringify` shows more than the handle.
 */
export interface Genuine extends Token {
  readonly [genuine]: true;
}

/**
 * Reads a token, text or bytes in any state: its shape and its checksum.
 *
 * @throws {@link CogAuthError} 101 to 108, in the order of the specification.
 *
 * ```js
 * parseToken('cog_1s015PnAAAABBBBCCCCDDDDEEEEFFFFGGGGHHHHIIIIJJJJKK586ggbea2qj1Bs5iHjYgW30jAxiy');
 * // { handle: 'cog_1s015PnAAAABBBBCCCC', kind: 'service_user_key', keyId: '01',
 * //   id: 'AAAABBBBCCCC', hardExpiry: 20819 }
 * ```
 */
export function parseToken(token: string | Uint8Array): Token;

/**
 * The keys with which an edge verifies tokens: a key set of the use `edge-tag`. It mints as well as
 * it verifies, so treat it as the secret that it is. What it holds is freed by `free()`, or by
 * `using keys = new EdgeKeys(…)`.
 *
 * ```js
 * const keys = new EdgeKeys('{"v": 1, "use": "edge-tag", '
 *   + '"keys": {"01": "5uGI7IwsryC0QUs_Qock1iI_aVxbWQdQnMonPZY7RYA"}}');
 * keys.verify('cog_1s015PnAAAABBBBCCCCDDDDEEEEFFFFGGGGHHHHIIIIJJJJKK586ggbea2qj1Bs5iHjYgW30jAxiy', 1795000000).id;
 * // 'AAAABBBBCCCC'
 * ```
 */
export class EdgeKeys {
  /**
   * @throws {@link CogAuthError} 131 `invalid_key_set`, 132 `wrong_key_use`, 107 `reserved_key_id`.
   *   `cog-auth/verify` says neither the place nor more than the code does.
   */
  constructor(keySet: string | Uint8Array);
  /**
   * Parses and verifies a token, in constant time with regard to what is secret.
   *
   * @param now seconds since the epoch
   * @throws {@link CogAuthError} 101 to 108 as {@link parseToken}; 111 `sample_token`,
   *   112 `unknown_key_id`, 113 `tag_mismatch`, 114 `expired`; 135 `time_out_of_range`.
   */
  verify(token: string | Uint8Array, now: number): Genuine;
  /** Wipes the keys. Using them afterwards is the error 702; freeing them again does nothing. */
  free(): void;
  [Symbol.dispose](): void;
}

/**
 * Fetches and compiles the module where that cannot be done at once: in browsers. Everywhere else
 * nothing is needed, and this returns at once. It is done once; later calls change nothing.
 *
 * @param source where the module is, or the module, or its bytes; by default `*.wasm` beside this
 *   package's script
 */
export function init(
  source?: string | URL | Response | Promise<Response> | BufferSource | WebAssembly.Module,
): Promise<void>;

/**
 * As {@link init}, from bytes or a compiled module, at once. Some platforms forbid compiling bytes.
 */
export function initSync(source: BufferSource | WebAssembly.Module): void;

/**
 * How often the WebAssembly instance had trapped and was replaced, 0 in good order. The call that
 * it happened in threw 703 `fault`; a new instance with the same keys and policies serves the next.
 * A count above 0 is worth an alarm.
 */
export function faultCount(): number;
