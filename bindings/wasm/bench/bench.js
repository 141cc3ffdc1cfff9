// Medians of one run, in this process, after a warm-up; the cold starts in processes of their own,
// one after the other. The package is what is in ../dist, the full build unless said otherwise:
// `cargo xtask wasm` makes it.

import { execFileSync } from 'node:child_process';
import { createHmac, timingSafeEqual } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import { SignJWT, jwtVerify } from 'jose';
import { cedar, http, keySet, now, request, through, token } from './cases.js';

const median = (times) => times.sort((a, b) => a - b)[times.length >> 1];
const rows = [];

// 31 rounds; what is in the loop is the call alone.
const measure = async (name, calls, call) => {
  const times = [];
  for (let round = 0; round < 31; round++) {
    const start = performance.now();
    for (let i = 0; i < calls; i++) {
      const answer = call();
      if (answer instanceof Promise) await answer;
    }
    times.push(((performance.now() - start) * 1_000) / calls);
  }
  rows.push([name, `${median(times).toFixed(2)} µs`]);
};

const cold = (name, what) => {
  const script = fileURLToPath(new URL('cold.js', import.meta.url));
  const times = Array.from({ length: 15 }, () => Number(execFileSync(process.execPath, [script, what])));
  rows.push([name, `${median(times).toFixed(1)} ms`]);
};

const image = readFileSync(new URL('../dist/builtin.image', import.meta.url));
for (const [build, label] of [['index', 'full'], ['edge', 'edge']]) {
  const { EdgeKeys, Gate, Policy, parseToken } = await import(`../dist/${build}/node.js`);
  const keys = new EdgeKeys(keySet);
  const policy = new Policy(image);
  const gate = new Gate({ policy, keys });
  await measure(`${label}: parse a token`, 20_000, () => parseToken(token));
  await measure(`${label}: parse and verify a token`, 20_000, () => keys.verify(token, now));
  await measure(`${label}: the gate's first step`, 5_000, () => gate.begin(http, now));
  await measure(`${label}: the whole gate, three steps`, 2_000, () => through(gate));
  if (build === 'edge') continue;
  const asked = JSON.parse(request);
  await measure(`${label}: decide, JSON text to JSON text`, 5_000, () => policy.decide(request));
  await measure(`${label}: decide, object to object`, 5_000, () => policy.decide(asked));
}
await measure('node:crypto: HMAC-SHA-256 of 53 bytes, compared', 20_000, () => {
  const tag = createHmac('sha256', keySet).update(token.slice(0, 53)).digest();
  return timingSafeEqual(tag, tag);
});
const secret = new TextEncoder().encode(keySet);
const jwt = await new SignJWT({ sub: 'user_01' }).setProtectedHeader({ alg: 'HS256' }).sign(secret);
await measure('jose: verify a JWT, HS256', 2_000, () => jwtVerify(jwt, secret));
const { isAuthorized } = createRequire(import.meta.url)('@cedar-policy/cedar-wasm/nodejs');
await measure('cedar-wasm: four rules, two entities', 200, () => isAuthorized(cedar));
cold('full: compile, instantiate, load the policy, decide', 'index');
cold('edge: compile, instantiate, load policy and key, the whole gate', 'edge');
cold('cedar-wasm: load, decide', 'cedar');

console.log(`Node ${process.version}`);
for (const [name, time] of rows) console.log(`${time.padStart(10)}  ${name}`);
