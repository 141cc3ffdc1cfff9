// In a process of its own: from the files' bytes to the first decision. Prints milliseconds.

import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { cedar, keySet, request, through } from './cases.js';

const what = process.argv[2];
if (what === 'cedar') {
  const require = createRequire(import.meta.url);
  const start = performance.now();
  const { isAuthorized } = require('@cedar-policy/cedar-wasm/nodejs');
  if (isAuthorized(cedar).response.decision !== 'allow') throw new Error('Cedar denied');
  console.log(performance.now() - start);
} else {
  const dist = new URL('../dist/', import.meta.url);
  const { initSync, EdgeKeys, Gate, Policy } = await import(new URL(`${what}/module.js`, dist));
  const file = what === 'index' ? 'cog-auth.wasm' : 'cog-auth-edge.wasm';
  const [bytes, image] = [file, 'builtin.image'].map((name) => readFileSync(new URL(name, dist)));
  const start = performance.now();
  initSync(bytes);
  const policy = new Policy(image);
  const allowed = what === 'index'
    ? JSON.parse(policy.decide(request)).decision
    : through(new Gate({ policy, keys: new EdgeKeys(keySet) })).step === 'allowed';
  const time = performance.now() - start;
  if (!allowed) throw new Error('denied');
  console.log(time);
}
