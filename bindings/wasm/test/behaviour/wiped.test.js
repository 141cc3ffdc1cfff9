// What a call was given and what it answered is not left in the module's memory, neither where it
// was put nor on the stack.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { ENTRIES, load, packed } from '../installed.js';
import { NOW, edgeKeys, facts, http, image, peppers, record, roots, token, watchInstances } from './base.js';

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
const secret = token.slice(23);

test('a key set', () => {
  const text = Object.values(JSON.parse(roots).keys)[0];
  const root = new all.RootKeys(roots);
  root.exposeEdgeKeys();
  root.free();
  assert.equal(left(text), 0);
});

test('a credential in a header, short and long', () => {
  for (const before of [[], ['Basic x'], ['Basic '.padEnd(70_000, 'x')]]) {
    try {
      all.authorization([...before, `Bearer ${token}`]);
    } catch ({ code }) {
      assert.equal(code, 141);
    }
    assert.equal(left(secret), 0, `${before.length}`);
  }
});

// No other call comes between. Eight bytes may stay where a value that is unset was moved with what
// the stack held.
test('a token', () => {
  for (const call of [
    () => all.parseToken(token), () => keys.verify(token, NOW), () => all.edgeDigest(token, 'su_ci'),
    () => all.digest(token, 'su_ci', new all.Peppers(peppers)), () => all.redact(`see ${token}`),
    () => all.authorization([`Bearer ${token}`]), () => all.acceptAtEdge(keys.verify(token, NOW), record, NOW),
    () => new all.Gate({ policy, keys }).begin(http, NOW),
    () => new all.Gate({ policy, keys }).begin(http, NOW).found(record, NOW),
    () => new all.Gate({ policy, keys }).begin(http, NOW).found(record, NOW).found(facts),
  ]) {
    call();
    assert.ok(left(secret) <= 1, `${left(secret)} after ${call}`);
  }
});

// Nothing was called that would wipe it, and nothing need be.
test('a token beside what is refused', () => {
  const draft = { principal: 'su_ci', scopes: ['*'], createdAt: NOW };
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
  assert.equal(left(minted.slice(23)), 0);
});

test('a token, in each entry, after one call in a new instance', async () => {
  for (const { entry, wasm } of ENTRIES) {
    const names = await load(`${join(packed, 'dist', entry, 'module.js')}?alone`);
    names.initSync(readFileSync(join(packed, 'dist', wasm)));
    if (entry == 'text') [names.redact(`see ${token}`), names.scan(token), names.scanDecoding(btoa(token)), names.redactDecoding(btoa(token))];
    if (entry == 'text') assert.equal(left(btoa(token).slice(40)), 0);
    else if (entry == 'verify') new names.EdgeKeys(edgeKeys).verify(token, NOW);
    else {
      const gate = new names.Gate({ policy: new names.Policy(image), keys: new names.EdgeKeys(edgeKeys) });
      assert.equal(gate.begin(http, NOW).step, 'record');
    }
    assert.equal(left(secret), 0, entry);
    // It would be found.
    const { memory } = instances.at(-1).exports;
    Buffer.from(memory.buffer).write(secret, 60_000);
    assert.ok(left(secret) > 20);
  }
});
