// What the module keeps between two steps of the gate changes no answer: not where it is gone, and
// not where a step is answered again.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { ENTRIES, load, packed } from '../installed.js';
import { NOW, codeOf, edgeKeys, facts, http, image, otherToken, record, token, watchInstances } from './base.js';

const instances = watchInstances();
const targets = ['/v3/organizations/org-a/sessions', '/v3/organizations/org-b/sessions', '/v3/enterprise/members/users'];

for (const { entry, name, wasm } of ENTRIES.filter(({ entry }) => entry == 'index' || entry == 'edge')) {
  const names = await load(`${name}/module`);
  names.initSync(readFileSync(join(packed, 'dist', wasm)));
  const keys = new names.EdgeKeys(edgeKeys);
  const policy = new names.Policy(image);
  const gate = new names.Gate({ policy, keys });
  const asked = (request = {}) => gate.begin({ ...http, ...request }, NOW).found(record, NOW);
  const plain = (step) => JSON.stringify(step);
  const expected = targets.map((target) => plain(asked({ target }).found(facts)));

  test(`${entry}: hundreds of requests at a time`, () => {
    const steps = Array.from({ length: 500 }, (_, index) => asked({ target: targets[index % 3] }));
    steps.forEach((step, index) => assert.equal(plain(step.found(facts)), expected[index % 3], String(index)));
    assert.equal(names.faultCount(), 0);
  });

  test(`${entry}: a step is answered as often as one likes`, () => {
    const first = gate.begin(http, NOW);
    const second = first.found(record, NOW);
    for (let turn = 0; turn < 3; turn++) {
      assert.equal(plain(second.found(facts)), expected[0]);
      assert.equal(second.absent().code, 'unknown_principal');
      assert.equal(second.unavailable().code, 'unavailable');
      assert.equal(plain(first.found(record, NOW).found(facts)), expected[0]);
      assert.equal(first.absent().code, 'unknown_credential');
    }
    assert.equal(second.found({ ...facts, principal: { ...facts.principal, disabled: true } }).code, 'disabled_principal');
    assert.equal(second.found({}).cause.codeName, 'invalid_facts');
    assert.equal(plain(second.found(facts)), expected[0]);
  });

  test(`${entry}: a request too large to be kept, and one with context and query`, () => {
    const context = { ci: true };
    for (const request of [{ context: { wide: 'x'.repeat(10_000) } }, { context }, { target: `${http.target}?from=1&to=${'9'.repeat(9_000)}` }]) {
      const step = asked(request);
      const found = [step.found(facts), step.found(facts)].map(plain);
      assert.deepEqual(found, [expected[0], expected[0]]);
    }
  });

  test(`${entry}: what was freed is not asked, whatever is kept`, () => {
    const others = { keys: new names.EdgeKeys(edgeKeys), policy: new names.Policy(image) };
    const step = new names.Gate(others).begin(http, NOW).found(record, NOW);
    others.keys.free();
    assert.equal(codeOf(() => step.found(facts)), 702);
    // What is freed takes nothing from others.
    const kept = asked();
    others.policy.free();
    assert.equal(plain(kept.found(facts)), expected[0]);
  });

  test(`${entry}: a token in the query is not kept`, () => {
    const secret = otherToken.slice(23);
    assert.equal(asked({ target: `${http.target}?token=${otherToken}` }).step, 'facts');
    const memory = Buffer.from(instances.at(-1).exports.memory.buffer);
    for (const text of [secret, token.slice(23)]) {
      assert.equal(memory.includes(text.slice(0, 16)), false);
    }
  });
}
