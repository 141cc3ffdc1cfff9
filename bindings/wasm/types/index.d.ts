/**
 * `cog-auth`: everything: what `cog-auth/edge` has, policies from JSON documents, and what an
 * issuer and an origin do.
 *
 * @packageDocumentation
 */
import type {
  CredentialRecord, GateOptions as EdgeGateOptions, HttpRequest, Json, Policy as CompiledPolicy,
  RouteResource, Step,
} from './edge.js';
import type { DecodedFinding } from './text.js';
import type { CogAuthError, EdgeKeys, Genuine, Kind } from './verify.js';

export {
  Allowed, CogAuthError, CredentialRecord, EdgeKeys, Facts, FactsNeeded, Genuine, HttpRequest, Json,
  Kind, PassOn, Preflight, RecordNeeded, Refused, RouteResource, Step, Token, faultCount, init,
  initSync, parseToken,
} from './edge.js';

/** A genuine token whose record says that it is active, and whose it is. */
export interface Accepted {
  readonly handle: string;
  readonly kind: 'service_user_key' | 'personal_access_token';
  readonly id: string;
  readonly principal: string;
  /** The least of the expiries known, in seconds since the epoch. */
  readonly validUntil?: number;
  readonly record: CredentialRecord;
}

/**
 * Accepts a genuine token at an edge, on the word of the record store. `undefined` says that the
 * store has no such record.
 *
 * @param now seconds since the epoch
 * @throws {@link CogAuthError} 114 and 121 to 128.
 *
 * ```js
 * const genuine = keys.verify(token, now);
 * // undefined: there is none. It throws if it cannot say.
 * const record = await store.get(genuine.id);
 * acceptAtEdge(genuine, record, now).principal; // 'su_ci'
 * ```
 */
export function acceptAtEdge(
  genuine: Genuine, record: Json<CredentialRecord> | undefined, now: number,
): Accepted;

/** What the values of a request's `Authorization` headers say (RFC 9110, 11.6.2; RFC 6750, 2.1). */
export type Authorization =
  | { readonly scheme: 'nothing' }
  | { readonly scheme: 'other' }
  | { readonly scheme: 'bearer'; readonly credential: string };

/**
 * Reads the value of every `Authorization` line: `headers.get('authorization')`, if it is not null,
 * in a list of its own. In Node take `request.headersDistinct.authorization ?? []`, as
 * `request.headers.authorization` shows only the first of two lines.
 *
 * @throws {@link CogAuthError} 141 `several_credentials`, 142 `malformed_header`.
 *
 * ```js
 * authorization(['Bearer cog_…']); // { scheme: 'bearer', credential: 'cog_…' }
 * authorization(['Basic YTpi']);   // { scheme: 'other' }
 * authorization([]);               // { scheme: 'nothing' }
 * ```
 */
export function authorization(values: readonly (string | Uint8Array)[]): Authorization;

/**
 * The text with all that has a token's shape cut to its handle, for logs.
 *
 * ```js
 * redact('token=cog_1s015PnAAAABBBBCCCCDDDDEEEEFFFFGGGGHHHHIIIIJJJJKK586ggbea2qj1Bs5iHjYgW30jAxiy');
 * // 'token=cog_1s015PnAAAABBBBCCCC…'
 * ```
 */
export function redact(text: string): string;

/**
 * {@link redact}, and every token that stands in the text in an encoding is cut too, as
 * {@link scanDecoding} finds it.
 *
 * ```js
 * redactDecoding('t=cog%5F1s015PnAAAABBBBCCCCDDDDEEEEFFFFGGGGHHHHIIIIJJJJKK586ggbea2qj1Bs5iHjYgW30jAxiy');
 * // 't=cog_1s015PnAAAABBBBCCCC…'
 * ```
 */
export function redactDecoding(text: string): string;

/**
 * Finds tokens, and what looks like a credential, in what stands there as it is and in base64,
 * hexadecimal digits, UTF-16, escapes and more: `scanDecoding` of `cog-auth/text`, which has
 * streams too. Take that for texts of more than some megabytes, for here all must fit one call.
 *
 * With edge keys, a token has `genuine`: whether it was minted with a root key of these, also if it
 * has expired since.
 *
 * ```js
 * const text = 't=cog%5F1s015PnAAAABBBBCCCCDDDDEEEEFFFFGGGGHHHHIIIIJJJJKK586ggbea2qj1Bs5iHjYgW30jAxiy';
 * for (const { start, end, encodings, genuine } of scanDecoding(text, keys)) {
 *   if (genuine) console.log(start, end, encodings); // 2 85 ['percent']
 * }
 * ```
 *
 * @throws {@link CogAuthError} 202 `invalid_unicode`, 203 `too_large` over 16 MiB.
 */
export function scanDecoding(
  text: string | Uint8Array, keys?: EdgeKeys,
): (DecodedFinding & { readonly genuine?: boolean })[];

/** An entity of an AuthZEN request. */
export interface Entity {
  type: string;
  id: string;
  properties?: Record<string, unknown>;
}

/** A request of the OpenID AuthZEN Authorization API 1.0. */
export interface EvaluationRequest {
  subject: Entity;
  action: { name: string; properties?: Record<string, unknown> };
  resource: Entity;
  context?: Record<string, unknown>;
}

/** Its answer. Members that say nothing are left out. */
export interface Evaluation {
  decision: boolean;
  context: {
    /** On a denial alone. */
    class?: 'forbidden' | 'requirement' | 'no_grant' | 'indeterminate' | 'malformed';
    /** The ids of the rules that determined it. */
    rules?: string[];
    /** On `indeterminate` it is the one reason that is known: `incomplete_request`. */
    reasons?: Reason[];
    /** The codes of reasons that may be true, on `indeterminate` alone. */
    possible?: string[];
    /** JSON pointers of what to supply, on `indeterminate` alone. */
    missing?: string[];
    /** What is there and cannot be used, on `indeterminate` alone. */
    unusable?: Unusable[];
    advice?: Reason[];
    /** The policy's digest. */
    policy: string;
  };
}

export interface Reason {
  code: string;
  message?: string;
  /** An `https` URL: where people find more. */
  link?: string;
}

export interface Unusable {
  /** A JSON pointer. */
  pointer: string;
  /** What could be used there, in words. */
  needs: string;
}

/** Several evaluations in one request: what an item lacks, it takes from the request. */
export interface EvaluationsRequest extends Partial<EvaluationRequest> {
  evaluations?: Partial<EvaluationRequest>[];
  options?: {
    evaluations_semantic?: 'execute_all' | 'deny_on_first_deny' | 'permit_on_first_permit';
    [name: string]: unknown;
  };
}

/** A request for the actions that would be allowed. */
export type ActionSearchRequest =
  Omit<EvaluationRequest, 'action'> & Partial<Pick<EvaluationRequest, 'action'>>;

/** A route, or why there is none: 400, 403 and 405 in HTTP. */
export type Route =
  | {
      readonly found: true;
      readonly action: string;
      /** As it stands in the path. Not there for a request about the account itself. */
      readonly organization?: string;
      readonly resource?: RouteResource;
      /** What stands in the place of each parameter, as it was sent. */
      readonly parameters: Readonly<Record<string, string>>;
      /** Further actions that only the origin can judge. */
      readonly undecided: readonly string[];
    }
  | { readonly found: false; readonly reason: 'invalid_path' | 'unknown_route' }
  | {
    readonly found: false;
    readonly reason: 'method_not_allowed';
    readonly methods: readonly string[];
  };

/**
 * A compiled policy, from {@link compilePolicy} or `cog-auth policy bundle --compiled`. Text that
 * is asked is answered with text, the same bytes as the Rust crate's; anything else with an object.
 *
 * ```js
 * const policy = new Policy(compilePolicy(documents));
 * const action = { name: 'UseDevinSessions' };
 * policy.decide({ subject, action, resource, context }).decision; // true
 * ```
 */
export class Policy extends CompiledPolicy {
  /** The declared actions, sorted. */
  readonly actions: readonly string[];
  /**
   * Answers a single evaluation; `evaluations` and `options` in it are ignored.
   *
   * @throws {@link CogAuthError} 401 `malformed_request`: that is not a decision.
   */
  decide(request: string): string;
  decide(request: Uint8Array | EvaluationRequest): Evaluation;
  /**
   * Answers an evaluation, or several if it has `evaluations`.
   *
   * @throws {@link CogAuthError} 401 `malformed_request`. A malformed item is answered in its
   *   place, with a denial.
   */
  evaluate(request: string): string;
  evaluate(request: Uint8Array | EvaluationsRequest): Evaluation | { evaluations: Evaluation[] };
  /**
   * What may be done: the declared actions that the request would be allowed, sorted. An `action`
   * in it is ignored.
   *
   * @throws {@link CogAuthError} 401 `malformed_request`.
   */
  searchActions(request: string): string;
  searchActions(request: Uint8Array | ActionSearchRequest): { results: { name: string }[] };
  /**
   * Finds the route of a method and a request target: the path, and perhaps a query, both as the
   * client sent them.
   */
  route(method: string, target: string): Route;
}

/** How a gate behaves. Members that are not listed are refused. */
export interface GateOptions extends EdgeGateOptions {
  /** Makes it a gate at an origin, which accepts tokens on the issuer's word. */
  peppers?: Peppers;
}

/** The gate, at an edge or at an origin. */
export class Gate {
  /** @throws {@link CogAuthError} 701 for a member that is not known or wrong, 702 `freed`. */
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
   * @param draft.hardExpiry the last day on which it is good, in days since the epoch: 1 to
   *   238,327; none by default
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

/**
 * Accepts a genuine token at an origin, on the issuer's word. `undefined` says that the store has
 * no such record.
 */
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
  addresses?: readonly string[];
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

/** The record, used at this time; a later use that it has stays. */
export function useRecord(record: Json<CredentialRecord>, at: number): string;

/**
 * The record to store where a writer may not know what the store holds: good only where and when
 * both are. Name and metadata are those of the first.
 *
 * @throws {@link CogAuthError} 123 `record_mismatch` for records of two credentials.
 */
export function mergeRecords(
  record: Json<CredentialRecord>, stored: Json<CredentialRecord>,
): string;

/**
 * Why the record's credential is not active: `revoked`, `rotated`, `record_expired` or
 * `not_yet_valid`; `undefined` if it is. For lists, not to let somebody in.
 */
export function inactiveBecause(
  record: Json<CredentialRecord>, now: number,
): 'revoked' | 'rotated' | 'record_expired' | 'not_yet_valid' | undefined;

/**
 * The record, succeeded by another of the same principal and kind, and good until `graceUntil`.
 *
 * @param options.laterExpiry lets the successor expire later: for those who may make credentials of
 *   this principal, never for one that replaces itself
 * @param options.maxGrace the most seconds from `now` to `graceUntil`; 30 days by default
 * @throws {@link CogAuthError} 137 to 139.
 */
export function rotateRecord(
  record: Json<CredentialRecord>, successor: Json<CredentialRecord>,
  graceUntil: number, now: number,
  options?: { readonly laterExpiry?: boolean; readonly maxGrace?: number },
): string;

/** The documents of a policy by their names, which errors give back. */
export type Documents = Readonly<Record<string, Json<object>>>;

/**
 * Compiles a policy to its image, for {@link Policy}.
 *
 * @param options.digest what the policy's digest must be
 * @throws {@link CogAuthError} 301 to 342, the first of what {@link checkPolicy} finds, with its
 *   place.
 */
export function compilePolicy(
  documents: Documents, options?: { readonly digest?: string },
): Uint8Array;

/** All that is wrong with a policy; nothing if it compiles. */
export function checkPolicy(documents: Documents): CogAuthError[];

/**
 * What is not wrong with a policy and probably not meant, such as a condition that can never be
 * true: at most 100 warnings with codes from 801 on. They refuse nothing.
 *
 * @throws {@link CogAuthError} 301 to 342, the first of what {@link checkPolicy} finds.
 */
export function policyWarnings(documents: Documents): CogAuthError[];

/** The policy as one document, in its canonical form. */
export function bundlePolicy(documents: Documents): string;
