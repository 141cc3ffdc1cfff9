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

// As many keys as a key set may have.
const large = (use) => {
  const digits = [...'0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz'];
  const ids = digits.flatMap((first) => digits.map((second) => first + second)).slice(1, 301);
  const key = Object.values(JSON.parse(edgeKeys).keys)[0];
  return JSON.stringify({ v: 1, use, keys: Object.fromEntries(ids.map((id) => [id, key])) });
};

for (const name of ['cog-auth', 'cog-auth/edge', 'cog-auth/verify']) {
  test(`loading without freeing ends in 701, and what was loaded before goes on: ${name}`, async () => {
    const names = await load(name);
    const first = new names.EdgeKeys(edgeKeys);
    const policy = names.Policy && new names.Policy(image);
    const loads = [() => new names.EdgeKeys(large('edge-tag'))];
    if (names.Policy) loads.push(() => new names.Policy(image));
    if (names.Peppers) loads.push(() => new names.Peppers(large('digest-pepper')), () => new names.RootKeys(large('root')));
    for (const one of loads) {
      const held = [];
      let failed;
      while (!failed) {
        try {
          held.push(one());
        } catch (error) {
          failed = error;
        }
      }
      assert.deepEqual([failed.code, failed.message], [701, 'too many key sets and policies are loaded; free some'], String(one));
      assert.ok(held.length > 300, `only ${held.length}: ${one}`);
      // As often as one likes, without a trap, and everything goes on.
      for (let turn = 0; turn < 100; turn++) assert.equal(codeOf(one), 701);
      assert.equal(names.faultCount(), 0);
      assert.equal(first.verify(token, NOW).keyId, '01');
      if (policy) assert.equal(new names.Gate({ policy, keys: first }).begin(http, NOW).found(record, NOW).step, 'facts');
      // There is room to compile, and one that is freed makes room for another.
      if (names.compilePolicy) names.compilePolicy({ 'a.json': '{"v":1,"schema":{"actions":{"Read":{}}}}' });
      held.pop().free();
      held.push(one());
      for (const each of held) each.free();
    }
    first.free();
    policy?.free();
  });
}
