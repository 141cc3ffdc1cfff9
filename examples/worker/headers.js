// What of a client's headers reaches the origin: those that are named here, and no other. A list of
// what is dangerous would never end: to some server `SCRIPT_NAME`, `X-Forwarded-Prefix`,
// `X-Original-Method`, `Remote-User` or a spelling of them with `_` names another path, method or
// caller than was judged.

const PASSED = new Set([
  'accept', 'accept-encoding', 'accept-language', 'cache-control', 'content-encoding', 'content-language', 'content-length',
  'content-type', 'idempotency-key', 'if-match', 'if-modified-since', 'if-none-match', 'if-range', 'if-unmodified-since',
  'last-event-id', 'prefer', 'range', 'traceparent', 'tracestate', 'user-agent', 'x-request-id',
]);

// Whatever is configured: what says whose a request is, and what is between two servers alone.
const NEVER = /^(x-cog-.*|authorization|proxy-.*|connection|keep-alive|te|trailer|transfer-encoding|upgrade|host|expect)$|[^a-z0-9-]/;

/**
 * Takes out of headers what does not go on. `more` has further names that do, with spaces between:
 * `x-api-version stripe-signature`.
 */
export const keepPassed = (headers, more = '') => {
  const names = more.toLowerCase().split(' ').filter((name) => !NEVER.test(name));
  for (const name of [...headers.keys()]) {
    if (!PASSED.has(name) && !names.includes(name)) headers.delete(name);
  }
};
