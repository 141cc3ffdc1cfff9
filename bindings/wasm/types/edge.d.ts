/**
 * `cog-auth/edge`: all that an edge worker needs: tokens, a compiled policy, the gate.
 *
 * @packageDocumentation
 */
import type { EdgeKeys } from './verify.js';

export * from './verify.js';

/**
 * JSON as text, as UTF-8, or as an object that is made into it. Members that are `undefined` are
 * left out.
 */
export type Json<T extends object> = string | Uint8Array | T;

/** What the issuer stores for a credential: `docs/token-format.md`. */
export interface CredentialRecord {
  v: 1;
  id: string;
  kind: 'service_user_key' | 'personal_access_token';
  /** The id of the service user, or of the human owner. */
  principal: string;
  /** What origins compare. */
  digest?: string;
  /** What edges compare. */
  edge_digest?: string;
  /** `["*"]`, or names of actions. */
  scopes: string[];
  /** Narrows it to these organizations. */
  organizations?: string[];
  /**
   * IP addresses and prefixes that it may be used from; a rule of the policy holds clients to them.
   */
  addresses?: string[];
  name?: string;
  created_at: number;
  /** When it was last used, where the issuer keeps that. */
  last_used_at?: number;
  /**
   * The first second at which it is good, without tolerance. Left out, it is good at once: clocks
   * differ, so do not state the time at which it is made.
   */
  not_before?: number;
  expires_at?: number;
  revoked_at?: number;
  rotated_to?: string;
  grace_until?: number;
  metadata?: Record<string, unknown>;
}

/**
 * A compiled policy: what `cog-auth policy bundle --compiled` makes, for a {@link Gate}. The whole
 * package can ask it directly.
 *
 * ```js
 * import image from 'cog-auth/builtin.image'; // where the platform imports bytes, as workers do
 * const policy = new Policy(image, { sha256: 'the digest of the image, from where you trust it' });
 * policy.digest; // that of the policy it was compiled from, as in every audit record
 * ```
 */
export class Policy {
  /**
   * Checks an image whole, and keeps a copy.
   *
   * @param options.sha256 what the SHA-256 of its bytes must be, as 64 lower-case hexadecimal
   *   digits. Without it whoever can write the image decides.
   * @throws {@link CogAuthError} 501 `invalid_image`, 502 `unknown_image_version`,
   *   342 `unexpected_digest`.
   */
  constructor(image: ArrayBuffer | ArrayBufferView, options?: { readonly sha256?: string });
  /** SHA-256 over the canonical bundle: 64 hexadecimal digits. */
  readonly digest: string;
  /** Forgets it. Using it afterwards is the error 702; freeing it again does nothing. */
  free(): void;
  [Symbol.dispose](): void;
}

/**
 * What the caller knows of a principal and of an organization: `docs/policy-language.md`,
 * section 15. What is left out is not known, and opens nothing.
 */
export interface Facts {
  principal: {
    type: 'user' | 'service_user';
    id: string;
    disabled?: boolean | null;
    account?: Record<string, unknown>;
    roles?: readonly string[];
    permissions?: readonly string[];
    memberships?: readonly {
      organization: string;
      roles?: readonly string[];
      permissions?: readonly string[];
    }[];
  };
  /** The one that was asked for; nothing, or null, if there is none of that id. */
  organization?: { id: string; account?: Record<string, unknown> } | null;
  /** The one that was asked for; nothing, or null, if nothing is known of it. */
  resource?: { type: string; id: string; properties?: Record<string, unknown> | null } | null;
}

/** What a route names besides an organization. */
export interface RouteResource {
  readonly type: string;
  readonly id: string;
}

/** A request on its way to the API. */
export interface HttpRequest {
  /** The method, as it was sent. One of more than 256 bytes is refused. */
  method: string;
  /**
   * The path and query, as the client sent them, at most 65,536 bytes. In Node `request.url`; in
   * Express and Fastify `request.originalUrl`, as `request.url` lacks the path where a router is
   * mounted; where there is a `Request`, as in workers, Deno and Bun,
   * `request.url.replace(/^\w+:\/\/[^/?#\\]+/, '')`.
   *
   * Do not parse it with `new URL` first: that tidies up the very paths that the gate has to
   * refuse. And forward what was judged: build the URL of the request to the origin from the
   * target.
   */
  target: string | Uint8Array;
  /**
   * The value of every `Authorization` line, none if it was not sent. A `Headers` object gives them
   * joined: `headers.get('authorization')`, if it is not null, in a list of its own. In Node take
   * `request.headersDistinct.authorization ?? []`, as `request.headers.authorization` shows only
   * the first of two lines.
   */
  authorization: readonly (string | Uint8Array)[];
  /**
   * Further context for the policy. `credential`, `time` and `client_address` in it are refused.
   */
  context?: Json<Record<string, unknown>>;
  /**
   * The client's IP address, as the connection or a proxy of your own says it: in workers
   * `request.headers.get('CF-Connecting-IP')`, in Node `request.socket.remoteAddress`. Not known, a
   * policy with address lists denies.
   */
  clientAddress?: string | undefined;
}

/** How a gate behaves. Members that are not listed are refused. */
export interface GateOptions {
  policy: Policy;
  keys: EdgeKeys;
  /** The realm of `WWW-Authenticate`; `cog` by default. */
  realm?: string;
  /** Seconds in the `Retry-After` of a 503; 5 by default. */
  retryAfter?: number;
  /**
   * The most seconds since a record was fetched; older ones are refused with 503. "Revoked at once"
   * is within this. Any age by default.
   */
  maxRecordAge?: number;
  /** Whether older opaque `cog_` credentials are passed on. */
  passOn?: boolean;
  /** Whether `OPTIONS` requests are answered with the outcome `preflight`. */
  preflight?: boolean;
}

/** Fetch the record of this credential, and answer. */
export interface RecordNeeded {
  readonly step: 'record';
  readonly id: string;
  /** @param fetchedAt when it was read from where it is written, in seconds since the epoch */
  found(record: Json<CredentialRecord>, fetchedAt?: number): Step;
  /** The store has no such record: 401. */
  absent(): Step;
  /** The store did not answer: 503. */
  unavailable(): Step;
}

/**
 * Fetch what is known of this principal, and of this organization and this resource if one is
 * named, and answer.
 */
export interface FactsNeeded {
  readonly step: 'facts';
  readonly principal: string;
  /** Ids alone do not tell a user from a service user. */
  readonly principalType: 'user' | 'service_user';
  readonly organization?: string;
  readonly resource?: RouteResource;
  found(facts: Json<Facts>): Step;
  absent(): Step;
  unavailable(): Step;
}

/** Let it through. */
export interface Allowed {
  readonly step: 'allowed';
  readonly principal: { readonly type: 'user' | 'service_user'; readonly id: string };
  readonly credential: {
    readonly kind: 'service_user_key' | 'personal_access_token';
    readonly id: string;
    readonly handle: string;
  };
  readonly action: string;
  readonly organization?: string;
  readonly resource?: RouteResource;
  /** What the client sent in the place of each parameter of the route. */
  readonly parameters: Readonly<Record<string, string>>;
  /** Further actions that the origin must judge. */
  readonly undecided: readonly string[];
  /** Codes of advice. */
  readonly advice: readonly string[];
  /** The least of the expiries known, in seconds since the epoch. */
  readonly validUntil?: number;
  /** The audit record: one line of JSON, without secrets. */
  readonly audit: string;
}

/** Answer with this: `new Response(body, { status, headers })`. */
export interface Refused {
  readonly step: 'refused';
  readonly status: number;
  /** The code for the audit; clients see less. */
  readonly code: string;
  readonly headers: Readonly<Record<string, string>>;
  /** `application/problem+json` (RFC 9457). */
  readonly body: string;
  readonly audit: string;
  /**
   * What is wrong with the record or the facts, and at which byte: for logs, never for the client.
   * Only with the codes `invalid_record` and `invalid_facts`. Nothing that the store gave is in it.
   */
  readonly cause?: {
    readonly code: number;
    readonly codeName: string;
    readonly message: string;
    readonly offset?: number;
  };
}

/**
 * An older opaque credential, of which nothing is known here: whoever issued it must judge it.
 * Never an allow.
 */
export interface PassOn {
  readonly step: 'pass_on';
}

/** A CORS preflight: answer it as CORS asks, and never with data. */
export interface Preflight {
  readonly step: 'preflight';
}

/** What to do next. */
export type Step = RecordNeeded | FactsNeeded | Allowed | Refused | PassOn | Preflight;

/**
 * The gate: a request in, questions, an outcome. It holds nothing that must be freed, and a step
 * may be answered twice.
 *
 * ```js
 * let step = gate.begin({ method, target, authorization }, now);
 * try {
 *   if (step.step === 'record') {
 *     const record = await records.get(step.id); // undefined: the store says that there is none
 *     step = record ? step.found(record.value, record.fetchedAt) : step.absent();
 *   }
 *   if (step.step === 'facts') {
 *     const known = await facts.get(step.principal, step.organization);
 *     step = known ? step.found(known) : step.absent();
 *   }
 * } catch {
 *   // A store that fails, or is late, says nothing.
 *   if (step.step === 'record' || step.step === 'facts') step = step.unavailable();
 * }
 * step.step; // 'allowed', 'refused', 'pass_on' or 'preflight'
 * ```
 */
export class Gate {
  /**
   * Checks every option at once, so that no request finds a mistake.
   *
   * @throws {@link CogAuthError} 701 for a member that is not known, or is not what it must be,
   * such
   *   as a policy of another entry or copy of the package; 702 `freed`.
   */
  constructor(options: GateOptions);
  /**
   * @param now seconds since the epoch
   * @throws {@link CogAuthError} 602 `reserved_context`, 603 `invalid_context`, 702 `freed`. What a
   *   client does is an outcome.
   */
  begin(request: HttpRequest, now: number): Step;
}
