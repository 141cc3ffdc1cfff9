/**
 * `cog-auth/guard`: a gate before a handler, so that guarding is ten lines. It takes a `Gate` of
 * `cog-auth/edge` or of `cog-auth`, and two functions that ask the stores.
 *
 * @packageDocumentation
 */
import type {
  Allowed, CredentialRecord, Facts, HttpRequest, Json, PassOn, RouteResource, Step,
} from './edge.js';

/** What a guard needs. A function of a store has three ways to answer. */
export interface GuardOptions<Given = unknown> {
  gate: { begin(request: HttpRequest, now: number): Step };
  /**
   * The record of this credential, and when it was read from where it is written, in seconds since
   * the epoch. `undefined` or `null`: there is none, 401. If it throws, or is late: 503.
   */
  record(id: string): Answer<{ record: Json<CredentialRecord>; fetchedAt?: number | undefined }>;
  /**
   * What is known of this principal, and of this organization and this resource if one is named.
   * Ids alone do not tell a user from a service user: the principal's type comes last.
   * `undefined` or `null`: there is no such principal, 401. If it throws, or is late: 503.
   */
  facts(
    principal: string,
    organization: string | undefined,
    resource: RouteResource | undefined,
    principalType: 'user' | 'service_user',
  ): Answer<Json<Facts>>;
  /** Takes each audit record, a line of JSON. It is waited for; if it throws, the answer is 503. */
  audit?: ((record: string) => unknown) | undefined;
  /** Further context for the policy, from what the server gave. */
  context?: ((given: Given) => Json<Record<string, unknown>> | undefined) | undefined;
  /** The client's IP address, from what the server gave: see {@link HttpRequest.clientAddress}. */
  clientAddress?: ((given: Given) => string | undefined) | undefined;
  /** Milliseconds until a store is late; 1,000 by default. */
  deadline?: number | undefined;
  /** Seconds since the epoch; the clock by default. */
  now?: (() => number) | undefined;
  /** Takes what was thrown behind a 503; `console.error` by default. */
  report?: ((error: unknown) => void) | undefined;
}

/** Found, or absent. What is neither is thrown. */
export type Answer<T> = T | undefined | null | Promise<T | undefined | null>;

/**
 * Guards a handler of requests: workers, Deno, Bun, Next.js, Hono. Refusals and preflights are
 * answered; the handler gets what is allowed, or is passed on if the gate does that.
 *
 * ```js
 * import { guardFetch } from 'cog-auth/guard';
 * export default {
 *   fetch: guardFetch({
 *     gate,
 *     record: async (id) => await records.get(id), // { record, fetchedAt }, or undefined: absent
 *     facts: async (principal, organization) => await facts.get(principal, organization),
 *     audit: (line) => console.log(line),
 *   }, async (request, step) => Response.json(step.step === 'allowed' ? step.principal : null)),
 * };
 * ```
 *
 * A record or facts that a store cannot tell are thrown, and end in 503: unavailable is not absent.
 *
 * @throws {TypeError} at once, if a function is missing
 */
export function guardFetch<Incoming extends Request, Rest extends unknown[]>(
  options: GuardOptions<Incoming> & {
    /** Answers preflights, if the gate takes them out; 204 without headers by default. */
    preflight?: ((request: Incoming) => Response) | undefined;
  },
  handler: (request: Incoming, step: Allowed | PassOn, ...rest: Rest) =>
    Response | Promise<Response>,
): (request: Incoming, ...rest: Rest) => Promise<Response>;

/**
 * Middleware for Express, `app.use(guardNode(…))`, and a hook for Fastify,
 * `app.addHook('onRequest', guardNode(…))`. What follows finds `request.cogAuth`.
 *
 * @throws {TypeError} at once, if a function is missing
 */
export function guardNode(
  options: GuardOptions<any>,
): (request: any, response: any, next: (error?: any) => void) => void;
