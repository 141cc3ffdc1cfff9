// Answers what the gate asks for, from KV. Whoever copies from the issuer's database into KV writes
// beside each value, as its metadata, when it was read there: `{ "fetched_at": 1795000000 }`. The
// time at which KV answers would say nothing: it may answer with an old copy.

import { isRecent } from './time.js';

// Seconds that the clock of who wrote a time may be ahead, as for the gate.
const SLACK = 300;

// When a value was read where it is written, if that is stated and recent enough. The same for
// records and facts.
const readAt = ({ metadata }, maxAge) =>
  isRecent(metadata?.fetched_at, Math.floor(Date.now() / 1000), maxAge, SLACK) ? metadata.fetched_at : undefined;

/**
 * RECORDS: the record of a credential, as JSON for edges, under its id. The gate refuses one that
 * does not say when it was read.
 */
export const recordFrom = (store, maxAge) => async (id) => {
  const found = await store.getWithMetadata(id);
  // Nothing is absent; what KV cannot say, it throws.
  return found.value === null ? undefined : { record: found.value, fetchedAt: readAt(found, maxAge) };
};

/**
 * FACTS: what is known of a principal and of an organization, under `principal:` and
 * `organization:` and their ids.
 */
export const factsFrom = (store, maxAge) => async (principal, organization) => {
  const keys = [`principal:${principal}`];
  if (organization !== undefined) keys.push(`organization:${organization}`);

  const found = await Promise.all(keys.map((key) => store.getWithMetadata(key)));
  if (found.some((one) => one.value !== null && readAt(one, maxAge) === undefined)) throw new Error('stale facts');
  const [known, at] = found;
  if (known.value === null) return undefined;
  // As text, for the gate reads more strictly than JSON.parse.
  return `{"principal":${known.value},"organization":${at?.value ?? null}}`;
};
