// Answers what the gate asks for, from KV. Whoever copies from the issuer's database into KV writes beside each value, as its
// metadata, when it was read there: `{ "fetched_at": 1795000000 }`. The time at which KV answers would say nothing: it may answer
// with an old copy.

import { isRecent } from './time.js';

const DEADLINE = 1000;

// Seconds that the clock of who wrote a time may be ahead, as for the gate.
const SLACK = 300;

// When a value was read where it is written, if that is stated and recent enough. The same for records and facts.
const readAt = ({ metadata }, now, maxAge) =>
  isRecent(metadata?.fetched_at, now, maxAge, SLACK) ? metadata.fetched_at : undefined;

/** RECORDS: the record of a credential, as JSON for edges, under its id. The gate refuses one that does not say when it was read. */
export const readRecord = async (step, records, now, maxAge) => {
  const [record] = (await read(records, [step.id])) ?? [];
  if (!record) return step.unavailable();
  if (record.value === null) return step.absent();
  return step.found(record.value, readAt(record, now, maxAge));
};

/** FACTS: what is known of a principal and of an organization, under `principal:` and `organization:` and their ids. */
export const readFacts = async (step, facts, now, maxAge) => {
  const keys = [`principal:${step.principal}`];
  if (step.organization !== undefined) keys.push(`organization:${step.organization}`);

  const found = await read(facts, keys);
  if (!found || found.some((one) => one.value !== null && readAt(one, now, maxAge) === undefined)) return step.unavailable();
  const [principal, organization] = found;
  if (principal.value === null) return step.absent();
  // As text, for the gate reads more strictly than JSON.parse.
  return step.found(`{"principal":${principal.value},"organization":${organization?.value ?? null}}`);
};

// Nothing when the store fails, or is late.
const read = async (store, keys) => {
  let timer;
  const late = new Promise((resolve) => {
    timer = setTimeout(resolve, DEADLINE);
  });
  try {
    return await Promise.race([Promise.all(keys.map((key) => store.getWithMetadata(key))), late]);
  } catch {
    return undefined;
  } finally {
    clearTimeout(timer);
  }
};
