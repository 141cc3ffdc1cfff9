// Stands before an API: a request reaches the origin when its credential may do what it asks for,
// with a proof of whose it is.

import image from 'cog-auth/builtin.image';
import { EdgeKeys, Gate, Policy } from 'cog-auth/edge';
import { guardFetch } from 'cog-auth/guard';
import { preflight, withCors } from './cors.js';
import { keepPassed } from './headers.js';
import { state } from './identity.js';
import { badGateway, invalidPath, unavailable } from './problem.js';
import { factsFrom, recordFrom } from './stores.js';

// The image that was reviewed and no other, for it decides.
const policy = new Policy(image, { sha256: '3706007eee146ba50a2be2c958736989978ece069f02a25f72a4ecfa575e0db8' });

// How old, in seconds, what the stores say may be. Within this a revocation holds everywhere, or
// nothing is let through.
const MAX_AGE = 300;

// Made with the first request: secrets are not known before.
let gate;
const gateWith = (keySet) =>
  (gate ??= new Gate({ policy, keys: new EdgeKeys(keySet), maxRecordAge: MAX_AGE, passOn: true, preflight: true }));

export default {
  async fetch(request, env, ctx) {
    let response;
    try {
      response = await guardWith(env, ctx)(request);
    } catch (error) {
      // Whatever fails, the library too, fails closed.
      report(error);
      response = unavailable();
    }
    return withCors(response, request, env.ALLOWED_ORIGINS);
  },
};

const report = (error) => console.error(JSON.stringify({ outcome: 'failed', error: error.codeName ?? error.name }));

const guardWith = (env, ctx) =>
  guardFetch({
    gate: gateWith(env.EDGE_KEYS),
    record: recordFrom(env.RECORDS, MAX_AGE),
    facts: factsFrom(env.FACTS, MAX_AGE),
    audit: (line) => keep(line, env, ctx),
    preflight,
    report,
  }, (request, step) => forward(step, request, env));

// The audit record, a line of JSON: to the log, and to where it is kept.
const keep = (audit, env, ctx) => {
  console.log(audit);
  if (env.AUDIT) ctx.waitUntil(env.AUDIT.fetch('https://audit/', { method: 'POST', body: audit }));
};

const forward = async (step, request, env) => {
  const target = request.url.replace(/^\w+:\/\/[^/?#\\]+/, '');
  const url = new URL(env.ORIGIN + target);
  url.hash = '';
  // What arrives must be what was judged. This refuses paths of older credentials alone, which the
  // gate does not look at.
  if (url.pathname !== target.split('?', 1)[0]) return invalidPath();

  const forwarded = new Request(url, request);
  keepPassed(forwarded.headers, env.PASSED_HEADERS);
  if (step.step === 'allowed') await state(step, forwarded, env.PROOF_SECRET, Math.floor(Date.now() / 1000));
  else forwarded.headers.set('authorization', request.headers.get('authorization'));
  // Without Authorization, a cache would take it for a request whose answer is for everybody.
  try {
    return passedBack(await fetch(forwarded, { cache: 'no-store', redirect: 'manual' }));
  } catch {
    return badGateway();
  }
};

// Statuses whose responses have no body, whatever came.
const BODILESS = [204, 205, 304];

// What the origin answered, as a response of the worker's. It throws for what no response can be: a
// status that HTTP does not have, or a connection that becomes another protocol, for which nobody
// asked.
const passedBack = (answered) => {
  if (answered.webSocket) throw new TypeError('an upgrade');
  return new Response(BODILESS.includes(answered.status) ? null : answered.body, answered);
};
