// What is loaded, freed and loaded again.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { load } from '../installed.js';
import { NOW, codeOf, edgeKeys, http, image, peppers, record, request, roots, token } from './base.js';

const all = await load('cog-auth');

test('using what was freed is 702, and freeing it twice does nothing', () => {
  const keys = new all.EdgeKeys(edgeKeys);
  const policy = new all.Policy(image);
  const pepper = new all.Peppers(peppers);
  const root = new all.RootKeys(roots);
  const gate = new all.Gate({ policy, keys, peppers: pepper });
  const genuine = keys.verify(token, NOW);
  const step = gate.begin(http, NOW);
  const held = [keys, policy, pepper, root];
  for (const one of held) assert.equal(one.free(), undefined);
  for (const one of held) assert.equal(one.free(), undefined);
  for (const call of [
    () => keys.verify(token, NOW), () => all.acceptAtEdge(genuine, record, NOW), () => policy.decide(request), () => policy.digest,
    () => policy.actions, () => policy.route('GET', '/'), () => all.digest(token, 'su', pepper), () => root.mint({ keyId: '01', kind: 'sample' }),
    () => root.exposeEdgeKeys(), () => gate.begin(http, NOW), () => step.found(record, NOW), () => step.absent(), () => step.unavailable(),
    () => all.issueRecord(token, { principal: 'su', scopes: ['*'], createdAt: NOW, peppers: pepper }),
  ]) assert.throws(call, { name: 'CogAuthError', code: 702, codeName: 'freed' }, String(call));
});

test('a slot that is used again does not answer for what was there', () => {
  const first = new all.EdgeKeys(edgeKeys);
  const genuine = first.verify(token, NOW);
  first.free();
  const second = new all.EdgeKeys(edgeKeys);
  const policy = new all.Policy(image);
  assert.equal(codeOf(() => first.verify(token, NOW)), 702);
  assert.equal(codeOf(() => all.acceptAtEdge(genuine, record, NOW)), 702);
  assert.equal(second.verify(token, NOW).id, genuine.id);
  first.free();
  assert.equal(second.verify(token, NOW).id, genuine.id);
  assert.equal(policy.decide(request).decision, true);
  second.free();
  policy.free();
});

test('a load that fails holds nothing', () => {
  const keys = new all.EdgeKeys(edgeKeys);
  for (let turn = 0; turn < 20_000; turn++) {
    assert.equal(codeOf(() => new all.EdgeKeys('{}')), 131);
    if (turn % 1_000 == 0) assert.equal(keys.verify(token, NOW).keyId, '01');
  }
  keys.free();
});

test('thousands come and go', () => {
  for (let turn = 0; turn < 20_000; turn++) new all.EdgeKeys(edgeKeys).free();
  const many = Array.from({ length: 10_000 }, () => new all.EdgeKeys(edgeKeys));
  assert.equal(many.at(-1).verify(token, NOW).keyId, '01');
  let code;
  for (let turn = 0; turn < 10 && !code; turn++) code = codeOf(() => many.push(new all.EdgeKeys(edgeKeys)));
  assert.equal(code, 701);
  for (const keys of many.reverse()) keys.free();
  assert.equal(all.faultCount(), 0);
});

test('using frees', () => {
  assert.ok(Symbol.dispose, 'this runtime has no Symbol.dispose');
  for (const one of [new all.EdgeKeys(edgeKeys), new all.Policy(image), new all.Peppers(peppers), new all.RootKeys(roots)]) {
    one[Symbol.dispose]();
    assert.equal(codeOf(() => new all.Gate({ policy: one, keys: one }).begin(http, NOW)), 702);
  }
});
