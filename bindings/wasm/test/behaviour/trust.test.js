// What callers can change is not believed: fields of a genuine token, prototypes, and what answers
// otherwise when it is read again.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { load } from '../installed.js';
import { NOW, codeOf, edgeKeys, http, image, otherToken, peppers, record, roots, token } from './base.js';

const all = await load('cog-auth');
const edge = await load('cog-auth/edge');
const keys = new all.EdgeKeys(edgeKeys);
const pepper = new all.Peppers(peppers);
const root = new all.RootKeys(roots);
const policy = new all.Policy(image);
const draft = { principal: 'su_ci', scopes: ['*'], createdAt: NOW, edges: true };
const FOREIGN = { ...http, authorization: ['Bearer cog_anOlderOpaqueCredentialOf37Characters'] };
const PREFLIGHT = { ...http, method: 'OPTIONS', authorization: [] };

test('what is accepted is the token that was verified, whatever became of the object', () => {
  const other = all.parseToken(otherToken);
  for (const change of [
    (genuine) => Object.assign(genuine, other),
    (genuine) => Object.defineProperties(genuine, Object.fromEntries(Object.keys(other).map((name) => [name, { get: () => other[name] }]))),
    (genuine) => { for (const name of Object.keys(genuine)) delete genuine[name]; },
    (genuine) => Object.setPrototypeOf(genuine, other),
  ]) {
    const genuine = keys.verify(token, NOW);
    const { handle, kind, id } = genuine;
    change(genuine);
    const accepted = all.acceptAtEdge(genuine, record, NOW);
    assert.deepEqual([accepted.handle, accepted.kind, accepted.id], [handle, kind, id], String(change));
    assert.equal(accepted.record.id, id);
  }
  // What was told of one acceptance does not change the next.
  const genuine = keys.verify(token, NOW);
  all.acceptAtEdge(genuine, record, NOW).handle = 'x';
  assert.equal(all.acceptAtEdge(genuine, record, NOW).handle, genuine.handle);
});

test('options are own properties alone', () => {
  const polluted = {
    passOn: true, preflight: true, realm: 'polluted', retryAfter: 99, maxRecordAge: 2 ** 50, peppers: pepper, sha256: 'x', digest: 'x', edges: true,
    organizations: ['x'], expiresAt: 1, notBefore: 1, name: 'polluted', hardExpiry: 30_000, context: { a: 1 }, metadata: {},
  };
  const bare = { principal: 'su_ci', scopes: ['*'], createdAt: NOW, peppers: pepper };
  const expected = { ...JSON.parse(all.issueRecord(token, bare)), digest: undefined };
  // Node loads this when it is first used, and its own code does not stand what comes now.
  crypto.getRandomValues(new Uint8Array(1));
  for (const name of Object.keys(polluted)) Object.prototype[name] = polluted[name];
  try {
    const gate = new all.Gate({ policy, keys });
    assert.deepEqual([gate.begin(FOREIGN, NOW).step, gate.begin(PREFLIGHT, NOW).step], ['refused', 'refused']);
    assert.match(gate.begin({ ...http, authorization: [] }, NOW).headers['www-authenticate'], /realm="cog"/);
    assert.equal(gate.begin(http, NOW).unavailable().headers['retry-after'], '5');
    assert.equal(new edge.Gate({ policy: new edge.Policy(image), keys: new edge.EdgeKeys(edgeKeys) }).begin(FOREIGN, NOW).step, 'refused');
    new all.Policy(image).free();
    new all.Policy(image, {}).free();
    all.compilePolicy({ 'a.json': '{"v":1,"schema":{"actions":{"Read":{}}}}' }, {});
    assert.equal(Object.hasOwn(all.parseToken(root.mint({ keyId: '01', kind: 'sample' })), 'hardExpiry'), false);
    assert.deepEqual({ ...JSON.parse(all.issueRecord(token, bare)), digest: undefined }, expected);
    for (const inherited of [Object.create({ policy, keys }), Object.create({ policy, keys, passOn: true })]) {
      assert.equal(codeOf(() => new all.Gate(inherited)), 701);
    }
  } finally {
    for (const name of Object.keys(polluted)) delete Object.prototype[name];
  }
});

test('no number, and nothing else that is false, stands for what was loaded', () => {
  for (const value of [0, 1, -0, false, '', NaN, null, 0n]) {
    assert.equal(codeOf(() => new all.Gate({ policy, keys, peppers: value })), 701, String(value));
    assert.equal(codeOf(() => all.issueRecord(token, { ...draft, peppers: value })), 701, String(value));
    assert.equal(codeOf(() => all.digest(token, 'su', value)), 701, String(value));
    assert.equal(codeOf(() => new all.Gate({ policy: value, keys })), 701, String(value));
    assert.equal(codeOf(() => new all.Gate({ policy, keys: value })), 701, String(value));
  }
});

// What answers this first, and that from then on.
const turning = (first, then) => {
  let reads = 0;
  return { get: () => (reads++ ? then : first), enumerable: true };
};

test('arguments are read once', () => {
  // A list that grows while it is read, one that states another length, and one whose methods lie.
  const growing = new Proxy(['Bearer x'], { get: (list, name) => (name === 'length' && list.length < 9 ? list.push('Bearer y') : list[name]) });
  assert.ok([141, 701].includes(codeOf(() => all.authorization(growing))));
  for (const length of [0, 2, 5, -1, '1', NaN]) {
    const lying = new Proxy(['Bearer x'], { get: (list, name) => (name === 'length' ? length : list[name]) });
    const code = codeOf(() => assert.ok(['nothing', 'bearer'].includes(all.authorization(lying).scheme)));
    assert.ok(code === undefined || code === 701, `${length}: ${code}`);
  }
  class Lying extends Array {
    map() { return ['Bearer x', 'Bearer y', 'Bearer z']; }
    every() { return true; }
  }
  assert.equal(all.authorization(Lying.of('Bearer x')).credential, 'x');

  // Bytes that state another length.
  for (const [name, value] of [['length', 5], ['byteLength', 5], ['length', 2 ** 31], ['byteOffset', 3]]) {
    const bytes = Buffer.from(token);
    Object.defineProperty(bytes, name, { value });
    const code = codeOf(() => assert.equal(all.parseToken(bytes).id, 'AAAABBBBCCCC'));
    assert.ok(code === undefined || (code >= 101 && code < 800), `${name}: ${code}`);
    assert.equal(codeOf(() => all.redact(bytes)), 701);
  }

  // Members that change after they were looked at.
  const options = Object.defineProperties({}, {
    policy: turning(policy, keys), keys: turning(keys, policy), passOn: turning(false, true), maxRecordAge: turning(60, undefined),
  });
  const gate = new all.Gate(options);
  assert.equal(gate.begin(FOREIGN, NOW).step, 'refused');
  assert.equal(gate.begin(http, NOW).found(record, NOW - 61).status, 503);
  const request = Object.defineProperties({}, {
    method: turning('GET', 'DELETE'), target: turning(http.target, '/v3/organizations/org-b/sessions'), authorization: turning(http.authorization, []),
  });
  const step = new all.Gate({ policy, keys }).begin(request, NOW);
  assert.equal(step.step, 'record');
  assert.equal(step.found(record, NOW).organization, 'org-a');
  assert.equal(all.faultCount(), 0);
  assert.equal(keys.verify(token, NOW).keyId, '01');
});
