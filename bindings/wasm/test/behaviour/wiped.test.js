// What a call was given and what it answered is not left in the module's memory. Where a token was moved, a copy stays on the
// stack until another call uses that place: so calls with another token follow, the gate's among them, which goes deepest.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { load, packed } from '../installed.js';
import { NOW, edgeKeys, facts, http, image, otherToken, peppers, record, request, roots, token, watchInstances } from './base.js';

const instances = watchInstances();
const all = await load('cog-auth/module');
all.initSync(readFileSync(join(packed, 'dist', 'cog-auth.wasm')));
const keys = new all.EdgeKeys(edgeKeys);
const policy = new all.Policy(image);

// Pieces of 8 characters of a text that stand in the memory.
const left = (secret) => {
  const memory = Buffer.from(instances.at(-1).exports.memory.buffer);
  let found = 0;
  for (let at = 0; at + 8 <= secret.length; at++) found += memory.includes(secret.slice(at, at + 8));
  return found;
};
const others = () => {
  keys.verify(otherToken, NOW);
  policy.decide(request);
  all.parseToken(otherToken);
  new all.Gate({ policy, keys }).begin({ ...http, authorization: [`Bearer ${otherToken}`] }, NOW).found(record, NOW);
};
const secret = token.slice(23);

test('a key set', () => {
  const text = Object.values(JSON.parse(roots).keys)[0];
  const root = new all.RootKeys(roots);
  root.exposeEdgeKeys();
  root.free();
  others();
  assert.equal(left(text), 0);
});

test('a credential in a header, short and long', () => {
  for (const before of [[], ['Basic x'], ['Basic '.padEnd(70_000, 'x')]]) {
    try {
      all.authorization([...before, `Bearer ${token}`]);
    } catch ({ code }) {
      assert.equal(code, 141);
    }
    others();
    assert.equal(left(secret), 0, `${before.length}`);
  }
});

// Eight bytes may stay on the stack, where a token was moved.
test('a token', () => {
  for (const call of [
    () => all.parseToken(token), () => keys.verify(token, NOW), () => all.edgeDigest(token, 'su_ci'),
    () => all.digest(token, 'su_ci', new all.Peppers(peppers)), () => all.redact(`see ${token}`),
    () => new all.Gate({ policy, keys }).begin(http, NOW).found(record, NOW).found(facts),
  ]) {
    call();
    others();
    assert.ok(left(secret) <= 1, `${left(secret)} after ${call}`);
  }
});

// Nothing was called that would wipe it, and nothing need be.
test('a token beside what is refused', () => {
  const draft = { principal: 'su_ci', scopes: ['*'], createdAt: NOW };
  others();
  for (const call of [
    () => all.issueRecord(token, { ...draft, edges: null }), () => all.issueRecord(token, { ...draft, name: '\ud800' }),
    () => all.edgeDigest(token, 1n), () => all.authorization([`Bearer ${token}`, null]), () => keys.verify(token, null),
  ]) {
    assert.throws(call, ({ code }) => [202, 701].includes(code));
    assert.equal(left(secret), 0, `${call}`);
  }
});

test('a minted token', () => {
  const root = new all.RootKeys(roots);
  const minted = root.mint({ keyId: Object.keys(JSON.parse(roots).keys)[0], kind: 'service_user_key' });
  others();
  assert.equal(left(minted.slice(23)), 0);
});
