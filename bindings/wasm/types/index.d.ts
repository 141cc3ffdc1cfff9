/**
 * `cog-auth`: everything: what `cog-auth/edge` has, policies from JSON documents, and what an issuer and an origin do.
 *
 * @packageDocumentation
 */
import type { Accepted, CredentialRecord, GateOptions as EdgeGateOptions, HttpRequest, Json, Step } from './edge.js';
import type { CogAuthError, Genuine, Kind } from './verify.js';

export {
  Accepted, ActionSearchRequest, Allowed, Authorization, CogAuthError, CredentialRecord, EdgeKeys, Entity, Evaluation,
  EvaluationRequest, EvaluationsRequest, Facts, FactsNeeded, Genuine, HttpRequest, Json, Kind, PassOn, Policy, Preflight, Reason,
  RecordNeeded, Refused, Route, Step, Token, acceptAtEdge, authorization, faultCount, init, initSync, parseToken, redact,
} from './edge.js';

/** How a gate behaves. Members that are not listed are refused. */
export interface GateOptions extends EdgeGateOptions {
  /** Makes it a gate at an origin, which accepts tokens on the issuer's word. */
  peppers?: Peppers;
}

/** The gate, at an edge or at an origin. */
export class Gate {
  /** @throws {@link CogAuthError} 701 for a member that is not known. */
  constructor(options: GateOptions);
  /** @param now seconds since the epoch */
  begin(request: HttpRequest, now: number): Step;
}

/**
 * A key set of the use `root`, with one new key of random bytes. It is the issuer's secret.
 *
 * @param keyId two characters of 0-9A-Za-z, not `00`
 * @throws {@link CogAuthError} 133 `invalid_key_id`, 107 `reserved_key_id`.
 */
export function generateRootKeys(keyId: string): string;

/**
 * The issuer's root keys: a key set of the use `root`.
 *
 * ```js
 * const roots = new RootKeys(generateRootKeys('01'));
 * const token = roots.mint({ keyId: '01', kind: 'service_user_key' }); // to be shown once
 * const keys = new EdgeKeys(roots.exposeEdgeKeys());                   // all that an edge holds
 * ```
 */
export class RootKeys {
  constructor(keySet: string | Uint8Array);
  /**
   * Makes a token, from `crypto.getRandomValues`.
   *
   * @param draft.hardExpiry the last day on which it is good, in days since the epoch: 1 to 238,327; none by default
   * @throws {@link CogAuthError} 112 `unknown_key_id`, 104 `unknown_kind`, 135 `time_out_of_range`.
   */
  mint(draft: { keyId: string; kind: Kind; hardExpiry?: number }): string;
  /** The edges' key set. */
  exposeEdgeKeys(): string;
  /** The origins' key set. */
  exposePeppers(): string;
  /** Wipes the keys. */
  free(): void;
  [Symbol.dispose](): void;
}

/** The keys with which origins check stored digests: a key set of the use `digest-pepper`. */
export class Peppers {
  constructor(keySet: string | Uint8Array);
  /** Wipes the keys. */
  free(): void;
  [Symbol.dispose](): void;
}

/**
 * The digest that an origin stores: `$cog1$…`.
 *
 * @param principal 1 to 1,024 bytes
 */
export function digest(token: string | Uint8Array, principal: string, peppers: Peppers): string;

/** The digest that an edge compares: `$cog1e$…`. */
export function edgeDigest(token: string | Uint8Array, principal: string): string;

/** Accepts a genuine token at an origin, on the issuer's word. `undefined` says that the store has no such record. */
export function acceptAtOrigin(
  genuine: Genuine, peppers: Peppers, record: Json<CredentialRecord> | undefined, now: number,
): Accepted;

/** What a record says of a new token. Members that are not listed are refused. */
export interface RecordDraft {
  principal: string;
  /** `['*']` for everything that the owner may do, or names of actions. */
  scopes: readonly string[];
  createdAt: number;
  /** Adds the digest that origins compare. */
  peppers?: Peppers;
  /** Adds the digest that edges compare. */
  edges?: boolean;
  organizations?: readonly string[];
  name?: string;
  notBefore?: number;
  expiresAt?: number;
  metadata?: Json<Record<string, unknown>>;
}

/**
 * Makes the record of a new token, as JSON to be stored.
 *
 * @throws {@link CogAuthError} 122 `invalid_record`, 134 `invalid_principal`, 112 `unknown_key_id`.
 */
export function issueRecord(token: string | Uint8Array, draft: RecordDraft): string;

/** Reads a record, as strictly as the gate does. */
export function readRecord(record: Json<CredentialRecord>): CredentialRecord;

/** What edges may have of a record: all but the origins' digest. */
export function edgeRecord(record: Json<CredentialRecord>): string;

/** The record, revoked. */
export function revokeRecord(record: Json<CredentialRecord>, at: number): string;

/**
 * The record, succeeded by another of the same principal and kind, and good until `graceUntil`.
 *
 * @throws {@link CogAuthError} 137 to 139.
 */
export function rotateRecord(
  record: Json<CredentialRecord>, successor: Json<CredentialRecord>, graceUntil: number, now: number,
): string;

/** The documents of a policy by their names, which errors give back. */
export type Documents = Readonly<Record<string, Json<object>>>;

/**
 * Compiles a policy to its image, for {@link Policy}.
 *
 * @param options.digest what the policy's digest must be
 * @throws {@link CogAuthError} 301 to 342, the first of what {@link checkPolicy} finds, with its place.
 */
export function compilePolicy(documents: Documents, options?: { readonly digest?: string }): Uint8Array;

/** All that is wrong with a policy; nothing if it compiles. */
export function checkPolicy(documents: Documents): CogAuthError[];

/** The policy as one document, in its canonical form. */
export function bundlePolicy(documents: Documents): string;
