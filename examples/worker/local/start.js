// Runs it all on 127.0.0.1: the origin, the worker in workerd, and the copying into KV.

import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { Miniflare } from 'miniflare';
import { createOrigin } from '../origin.js';
import { makeSample, publish } from './seed.js';
import { worker } from './workerd.js';

const now = () => Math.floor(Date.now() / 1000);
const secret = randomBytes(32).toString('hex');
const sample = makeSample(now());

const origin = createOrigin([secret]).listen(0, '127.0.0.1');
await once(origin, 'listening');

const miniflare = new Miniflare({
  workers: [
    worker('guard', {
      unsafeDirectSockets: [{ host: '127.0.0.1', port: 8787 }],
      kvNamespaces: ['RECORDS', 'FACTS'],
      bindings: {
        EDGE_KEYS: sample.edgeKeys,
        PROOF_SECRET: secret,
        ORIGIN: `http://127.0.0.1:${origin.address().port}`,
        ALLOWED_ORIGINS: 'http://localhost:3000',
      },
    }),
  ],
});
const { href } = await miniflare.unsafeGetDirectURL('guard');
const stores = await miniflare.getBindings('guard');
await publish(sample, stores, now());
setInterval(() => publish(sample, stores, now()), 60_000);

console.log(`
Allowed, the origin answers whom it was told:
  curl -i ${href}v3/organizations/org-a/sessions -H 'Authorization: Bearer ${sample.tokens.key}'

Refused, the scopes of this token leave the action out:
  curl -i ${href}v3/organizations/org-a/tags -H 'Authorization: Bearer ${sample.tokens.pat}'

The audit records follow. Stop with Ctrl-C.
`);

process.once('SIGINT', async () => {
  await miniflare.dispose();
  process.exit();
});
