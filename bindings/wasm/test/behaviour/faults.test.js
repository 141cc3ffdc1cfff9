// An instance that traps is replaced: the call fails, the next one is answered, and nothing is ever
// let through.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { load, tool } from '../installed.js';
import { NOW, codeOf, edgeKeys, facts, http, image, otherToken, peppers, record, request, roots, token } from './base.js';

const all = await load('cog-auth/module');
const build = process.env.FAULTS;
const options = (() => {
  let skip;
  tool({ skip: (why) => (skip = why) }, build);
  return { skip };
})();
if (!options.skip) all.initSync(readFileSync(build));

const KINDS = { unreachable: 0, 'out of memory': 1, 'stack overflow': 2 };
const FAULT = { name: 'CogAuthError', code: 703, codeName: 'fault' };

// The package holds an instance's exports, which are frozen. So every instance gets exports of the
// test's own, which can trap.
let trap;
const { Instance } = WebAssembly;
WebAssembly.Instance = class {
  constructor(...given) {
    const { exports } = new Instance(...given);
    this.exports = Object.fromEntries(Object.entries(exports).map(([name, member]) => [
      name,
      typeof member != 'function' ? member : (...values) => {
        if (trap?.name === name) {
          const { kind, before } = trap;
          trap = undefined;
          if (!before) member(...values);
          exports.fault(kind);
        }
        return member(...values);
      },
    ]));
  }
};

test('each kind of trap, in each operation', options, () => {
  const held = {
    keys: new all.EdgeKeys(edgeKeys), pepper: new all.Peppers(peppers), root: new all.RootKeys(roots), policy: new all.Policy(image),
  };
  const { keys, pepper, root, policy } = held;
  const genuine = keys.verify(token, NOW);
  const gate = new all.Gate({ policy, keys, peppers: pepper });
  const documents = { 'a.json': '{"v":1,"schema":{"actions":{"Read":{}}}}' };
  const calls = {
    parse: () => all.parseToken(token),
    verify: () => keys.verify(token, NOW),
    decide: () => policy.decide(request),
    evaluate: () => policy.evaluate(request),
    search_actions: () => policy.searchActions(request),
    route: () => policy.route('GET', http.target),
    policy_digest: () => policy.digest,
    policy_actions: () => policy.actions,
    authorization: () => all.authorization(['Bearer x']),
    redact: () => all.redact(token),
    accept_at_edge: () => all.acceptAtEdge(genuine, record, NOW),
    accept_at_origin: () => all.acceptAtOrigin(genuine, pepper, record, NOW),
    gate: () => gate.begin(http, NOW),
    edge_keys_of: () => root.exposeEdgeKeys(),
    digest: () => all.digest(token, 'su', pepper),
    edge_digest: () => all.edgeDigest(token, 'su'),
    read_record: () => all.readRecord(record),
    compile_documents: () => all.compilePolicy(documents),
    check_documents: () => all.checkPolicy(documents),
    warn_of_documents: () => all.policyWarnings(documents),
    load_edge_keys: () => new all.EdgeKeys(edgeKeys).free(),
    load_image: () => new all.Policy(image).free(),
    input: () => policy.decide(request),
  };
  for (const [name, call] of Object.entries(calls)) {
    const sound = JSON.stringify(call());
    for (const [what, kind] of Object.entries(KINDS)) {
      for (const before of [true, false]) {
        const faults = all.faultCount();
        trap = { name, kind, before };
        assert.throws(call, FAULT, `${name}, ${what}`);
        assert.equal(all.faultCount(), faults + 1, `${name}, ${what}`);
        assert.equal(JSON.stringify(call()), sound, `${name}, ${what}`);
        assert.equal(all.faultCount(), faults + 1, `${name}, ${what}`);
      }
    }
  }
  for (const one of Object.values(held)) one.free();
});

test('the error says what happened, and holds the trap', options, () => {
  trap = { name: 'parse', kind: 0, before: true };
  assert.throws(() => all.parseToken(token), (error) => error.cause instanceof WebAssembly.RuntimeError && /nothing was decided/.test(error.message));
  trap = { name: 'parse', kind: 2, before: true };
  assert.throws(() => all.parseToken(token), (error) => error.cause instanceof Error);
});

test('a trap while what was loaded is loaded again', options, () => {
  const keys = new all.EdgeKeys(edgeKeys);
  const policy = new all.Policy(image);
  for (const name of ['load_edge_keys', 'load_image']) {
    const faults = all.faultCount();
    trap = { name: 'parse', kind: 0, before: true };
    assert.throws(() => all.parseToken(token), FAULT);
    trap = { name, kind: 1, before: true };
    assert.throws(() => policy.decide(request), FAULT, name);
    assert.equal(policy.decide(request).decision, true);
    assert.equal(keys.verify(token, NOW).keyId, '01');
    assert.ok(all.faultCount() >= faults + 2);
  }
  keys.free();
  policy.free();
});

test('a trap in any step of the gate never lets through', options, () => {
  const keys = new all.EdgeKeys(edgeKeys);
  const policy = new all.Policy(image);
  const gate = new all.Gate({ policy, keys });
  for (const kind of Object.values(KINDS)) {
    const first = gate.begin(http, NOW);
    trap = { name: 'gate', kind };
    assert.throws(() => first.found(record, NOW), FAULT);
    const second = first.found(record, NOW);
    trap = { name: 'gate_facts', kind };
    assert.throws(() => second.found(facts), FAULT);
    // What was kept is lost, so that this begins again.
    trap = { name: 'gate', kind };
    assert.throws(() => second.found(facts), FAULT);
    // The new instance keeps another request under the number of the one that was lost.
    const lost = first.found(record, NOW);
    trap = { name: 'parse', kind, before: true };
    assert.throws(() => all.parseToken(token), FAULT);
    const other = gate.begin({ ...http, target: '/v3/enterprise/members/users' }, NOW).found(record, NOW);
    assert.equal(lost.found(facts).organization, 'org-a');
    assert.equal(other.absent().code, 'unknown_principal');
    assert.equal(second.found(facts).step, 'allowed');
    assert.equal(second.absent().step, 'refused');
  }
  keys.free();
  policy.free();
});

test('many that are loaded are loaded again, each in its place', options, () => {
  const many = Array.from({ length: 300 }, (_, index) =>
    index % 3 == 0 ? new all.Policy(image) : index % 3 == 1 ? new all.EdgeKeys(edgeKeys) : new all.Peppers(peppers));
  for (const index of [0, 4, 8, 150, 299]) many[index].free();
  trap = { name: 'parse', kind: 1, before: true };
  assert.throws(() => all.parseToken(token), FAULT);
  many.forEach((one, index) => {
    const freed = [0, 4, 8, 150, 299].includes(index);
    const call = () =>
      index % 3 == 0 ? one.decide(request).decision : index % 3 == 1 ? one.verify(otherToken, NOW).keyId : all.digest(token, 'su', one).slice(0, 9);
    if (freed) assert.equal(codeOf(call), 702, index);
    else assert.equal(call(), [true, '01', '$cog1$01$'][index % 3], index);
  });
  for (const one of many) one.free();
});

test('keys and images that were wiped after they were loaded', options, () => {
  const bytes = Buffer.from(edgeKeys);
  const policyBytes = Uint8Array.from(image);
  const keys = new all.EdgeKeys(bytes);
  const policy = new all.Policy(policyBytes);
  bytes.fill(0);
  policyBytes.fill(0);
  trap = { name: 'parse', kind: 0, before: true };
  assert.throws(() => all.parseToken(token), FAULT);
  assert.equal(keys.verify(token, NOW).keyId, '01');
  assert.equal(policy.decide(request).decision, true);
  keys.free();
  policy.free();
});

test('freeing while there is no instance', options, () => {
  const keys = new all.EdgeKeys(edgeKeys);
  const policy = new all.Policy(image);
  trap = { name: 'parse', kind: 0, before: true };
  assert.throws(() => all.parseToken(token), FAULT);
  keys.free();
  assert.equal(codeOf(() => keys.verify(token, NOW)), 702);
  assert.equal(policy.decide(request).decision, true);
  policy.free();
});

test('what the caller does wrong is no fault', options, () => {
  const faults = all.faultCount();
  for (const value of [{ length: { valueOf: () => { throw new Error('mine'); } } }, { length: 5n }, { get length() { throw new Error('mine'); } }, '\ud800', Symbol('x')]) {
    assert.throws(() => all.parseToken(value));
    assert.throws(() => all.redact(value));
  }
  assert.equal(all.faultCount(), faults);
});
