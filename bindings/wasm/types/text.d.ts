/**
 * `cog-auth/text`: finds tokens in text, and cuts them out, for logs and scanners. The rules are
 * those of section "Finding tokens in text" of `docs/token-format.md`.
 *
 * @packageDocumentation
 */
export { CogAuthError, faultCount, init, initSync } from './verify.js';

/**
 * The text with every credential in it cut to what may be shown: a token keeps its handle.
 *
 * ```js
 * redact('token=cog_1s015PnAAAABBBBCCCCDDDDEEEEFFFFGGGGHHHHIIIIJJJJKK586ggbea2qj1Bs5iHjYgW30jAxiy');
 * // 'token=cog_1s015PnAAAABBBBCCCC…'
 * ```
 *
 * @throws {@link CogAuthError} 202 `invalid_unicode`, 203 `too_large` over 16 MiB: take a
 *   {@link Redactor} for texts of any length.
 */
export function redact(text: string): string;

/**
 * {@link redact}, and every token that stands in the text in an encoding is cut too, as {@link
 * scanDecoding} finds it: in base64, hexadecimal digits, escapes and more. An encoded token that
 * was cut short or damaged stays.
 *
 * ```js
 * redactDecoding('t=cog%5F1s015PnAAAABBBBCCCCDDDDEEEEFFFFGGGGHHHHIIIIJJJJKK586ggbea2qj1Bs5iHjYgW30jAxiy');
 * // 't=cog_1s015PnAAAABBBBCCCC…'
 * ```
 *
 * @throws {@link CogAuthError} as {@link redact}; take a {@link DecodingRedactor} for texts of any
 *   length.
 */
export function redactDecoding(text: string): string;

/** A place in a text that is a token, or looks like a credential. */
export interface Finding {
  /**
   * Where it begins. In a text, offsets count as JavaScript does: `text.slice(start, end)` is what
   * was found. In bytes they count bytes.
   */
  readonly start: number;
  /** Where it ends. */
  readonly end: number;
  /**
   * The token's handle, which may be shown. Without one it only looks like a credential: an older
   * or a damaged one, or random text.
   */
  readonly handle?: string;
}

/**
 * Finds tokens, and what looks like a credential, from front to back.
 *
 * ```js
 * const text = 'key: cog_1s015PnAAAABBBBCCCCDDDDEEEEFFFFGGGGHHHHIIIIJJJJKK586ggbea2qj1Bs5iHjYgW30jAxiy';
 * scan(text); // [{ start: 5, end: 86, handle: 'cog_1s015PnAAAABBBBCCCC' }]
 * ```
 */
export function scan(text: string | Uint8Array): Finding[];

/** An encoding in which a token may stand. */
export type Encoding =
  | 'base64' | 'hex' | 'decimal' | 'utf16' | 'percent' | 'backslash' | 'html' | 'quoted_printable'
  | 'other_case' | 'broken';

/** What {@link scanDecoding} finds. */
export interface DecodedFinding extends Finding {
  /** `parsed`: it is a token, and has a handle. `looks_like`: it only looks like a credential. */
  readonly certainty: 'parsed' | 'looks_like';
  /** The encodings around it, from the outside to the inside. None: it stands there as it is. */
  readonly encodings: readonly Encoding[];
}

/**
 * {@link scan}, and finds tokens in base64, hexadecimal digits, UTF-16, lists of numbers, the
 * escapes of URLs, JSON, programs, HTML and mails, with a prefix in another case, and with breaks
 * in them; also in one of these within another. Section "Tokens in encodings" of
 * `docs/token-format.md` has all.
 *
 * ```js
 * const text = 't=cog%5F1s015PnAAAABBBBCCCCDDDDEEEEFFFFGGGGHHHHIIIIJJJJKK586ggbea2qj1Bs5iHjYgW30jAxiy';
 * scanDecoding(text);
 * // [{ start: 2, end: 85, certainty: 'parsed', handle: 'cog_1s015PnAAAABBBBCCCC',
 * //    encodings: ['percent'] }]
 * ```
 */
export function scanDecoding(text: string | Uint8Array): DecodedFinding[];

/**
 * {@link redact} for a text that arrives in pieces. What comes out is, joined, what `redact` makes
 * of the joined pieces, however the text was broken up: within a character or within a token too.
 * Some kilobytes are held back, as a token may begin in them.
 *
 * ```js
 * const redactor = new Redactor();
 * let out = redactor.push('t=cog_1s015PnAAAABBBBCCCCDDDDEEEEFFFFGGGGHHHH');
 * out += redactor.push('IIIIJJJJKK586ggbea2qj1Bs5iHjYgW30jAxiy;');
 * out += redactor.finish(); // 't=cog_1s015PnAAAABBBBCCCC…;'
 * ```
 */
export class Redactor {
  constructor();
  /**
   * Takes the next piece, and gives what of the text is sure: text for text, bytes for bytes. It
   * may be empty.
   *
   * @throws {@link CogAuthError} 702 `freed` after the end; 703 `fault` if the module failed since
   *   the text began: what it held is lost.
   */
  push(piece: string): string;
  push(piece: Uint8Array): Uint8Array;
  /**
   * Gives the rest, in the form of the last piece, bytes if there was none. The text is at its end.
   */
  finish(): string | Uint8Array;
  /** Forgets a text before its end. Freeing again does nothing. */
  free(): void;
  [Symbol.dispose](): void;
}

/** {@link redactDecoding} for a text that arrives in pieces, as a {@link Redactor} takes them. */
export class DecodingRedactor {
  constructor();
  /** As {@link Redactor.push}. */
  push(piece: string): string;
  push(piece: Uint8Array): Uint8Array;
  /** As {@link Redactor.finish}. */
  finish(): string | Uint8Array;
  /** Forgets a text before its end. Freeing again does nothing. */
  free(): void;
  [Symbol.dispose](): void;
}

/**
 * {@link scan} for a text that arrives in pieces, with offsets from the beginning of the first one.
 *
 * ```js
 * const scanner = new Scanner();
 * const found = scanner.push('t=cog_1s015PnAAAABBBBCCCCDDDDEEEEFFFFGGGGHHHH');
 * found.push(...scanner.push('IIIIJJJJKK586ggbea2qj1Bs5iHjYgW30jAxiy;'), ...scanner.finish());
 * found.length; // 1
 * ```
 */
export class Scanner {
  constructor();
  /**
   * Takes the next piece, and gives what was found for sure. Take text or bytes, not both: the
   * first piece of text decides that offsets count units of text.
   *
   * @throws {@link CogAuthError} as {@link Redactor.push}
   */
  push(piece: string | Uint8Array): Finding[];
  /** Gives what there is in the rest. The text is at its end. */
  finish(): Finding[];
  /** Forgets a text before its end. Freeing again does nothing. */
  free(): void;
  [Symbol.dispose](): void;
}

/**
 * {@link scanDecoding} for a text that arrives in pieces, as a {@link Scanner} takes them. About 10
 * kilobytes and a piece are held back.
 */
export class DecodingScanner {
  constructor();
  /** As {@link Scanner.push}. */
  push(piece: string | Uint8Array): DecodedFinding[];
  /** As {@link Scanner.finish}. */
  finish(): DecodedFinding[];
  /** Forgets a text before its end. Freeing again does nothing. */
  free(): void;
  [Symbol.dispose](): void;
}

/**
 * A stream of text, or of bytes, out of which all credentials are cut.
 *
 * ```js
 * const response = await fetch('https://logs.example.com/');
 * const shown = response.body?.pipeThrough(redactStream());
 * ```
 */
export function redactStream(): TransformStream<any, any>;

/**
 * {@link redactStream}, out of which tokens in encodings are cut too, as {@link redactDecoding}
 * does.
 */
export function redactDecodingStream(): TransformStream<any, any>;

/**
 * A stream of text, or of bytes, that gives what is found in it.
 *
 * ```js
 * const response = await fetch('https://logs.example.com/');
 * for await (const { start, handle } of response.body?.pipeThrough(scanStream()) ?? []) {
 *   console.log(start, handle);
 * }
 * ```
 */
export function scanStream(): TransformStream<string | Uint8Array, Finding>;

/** {@link scanStream}, with tokens in encodings too, as {@link scanDecoding} finds them. */
export function scanDecodingStream(): TransformStream<string | Uint8Array, DecodedFinding>;
