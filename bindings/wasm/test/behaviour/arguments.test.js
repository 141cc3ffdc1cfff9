// What is not said stays unsaid, and what cannot be meant is refused.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { load } from '../installed.js';
import { NOW, codeOf, edgeKeys, facts, http, image, peppers, record, request, roots, token } from './base.js';

const all = await load('cog-auth');
const keys = new all.EdgeKeys(edgeKeys);
const pepper = new all.Peppers(peppers);
const root = new all.RootKeys(roots);
const policy = new all.Policy(image);
const genuine = keys.verify(token, NOW);
const draft = { principal: 'su_ci', scopes: ['*'], createdAt: NOW, edges: true };
const wrong = (call, name) => assert.throws(call, { name: 'CogAuthError', code: 701, codeName: 'invalid_argument' }, name);

test('members that are undefined are left out', () => {
  const bare = JSON.parse(all.issueRecord(token, draft));
  const unsaid = { organizations: undefined, name: undefined, notBefore: undefined, expiresAt: undefined, metadata: undefined, peppers: undefined };
  assert.deepEqual(JSON.parse(all.issueRecord(token, { ...draft, ...unsaid })), bare);
  assert.deepEqual(Object.keys(bare), ['v', 'id', 'kind', 'principal', 'edge_digest', 'scopes', 'created_at']);
  // No organizations is not the same as an empty list of them, which names none.
  assert.notEqual(codeOf(() => all.issueRecord(token, { ...draft, organizations: [] })), 701);
  const withUnset = { ...request, context: { ...request.context, other: undefined } };
  assert.deepEqual(policy.decide(withUnset), policy.decide(request));
  assert.deepEqual(all.readRecord({ ...record, expires_at: undefined }), all.readRecord(record));
  assert.equal('hardExpiry' in all.parseToken(token), false);
  assert.equal('validUntil' in all.acceptAtEdge(genuine, record, NOW), false);
  assert.equal('cause' in (() => { try { all.parseToken(''); } catch (error) { return error; } })(), false);
});

test('what JSON would turn into null is refused', () => {
  const sparse = [1, 2];
  delete sparse[0];
  for (const value of [NaN, Infinity, -Infinity, () => 1, Symbol('x'), 1n, [undefined], sparse, [() => 1], { a: { b: [NaN] } }]) {
    wrong(() => policy.decide({ ...request, context: { value } }));
    wrong(() => policy.evaluate({ ...request, evaluations: [{ context: { value } }] }));
    wrong(() => policy.searchActions({ ...request, context: { value } }));
    wrong(() => all.readRecord({ ...record, metadata: { value } }));
    wrong(() => all.acceptAtEdge(genuine, { ...record, metadata: { value } }, NOW));
    wrong(() => all.compilePolicy({ 'a.json': { value } }));
    wrong(() => new all.Gate({ policy, keys }).begin({ ...http, context: { value } }, NOW));
  }
  const step = new all.Gate({ policy, keys }).begin(http, NOW);
  wrong(() => step.found({ ...record, created_at: NaN }, NOW));
  wrong(() => step.found(record, NOW).found({ ...facts, value: Infinity }));
});

test('an object that gives no JSON is no absent record', () => {
  const silent = { toJSON: () => undefined };
  wrong(() => all.acceptAtEdge(genuine, silent, NOW));
  wrong(() => new all.Gate({ policy, keys }).begin({ ...http, context: silent }, NOW));
  wrong(() => new all.Gate({ policy, keys }).begin(http, NOW).found(silent, NOW));
});

test('other types are refused, null among them', () => {
  for (const value of [null, 1, true, {}, [], () => 1, Symbol('x'), 1n, new Map()]) {
    const name = String(value?.constructor?.name ?? value);
    for (const call of [
      () => all.parseToken(value), () => new all.EdgeKeys(value), () => new all.Peppers(value), () => new all.RootKeys(value),
      () => keys.verify(value, NOW), () => all.authorization([value]), () => all.authorization(value?.length === 0 ? value.length : value), () => all.redact(value), () => new all.Policy(value),
      () => policy.route(value, '/'), () => policy.route('GET', value), () => all.generateRootKeys(value),
      () => all.digest(value, 'su', pepper), () => all.digest(token, value, pepper), () => all.edgeDigest(token, value),
      () => all.issueRecord(token, { ...draft, principal: value }), () => all.issueRecord(token, { ...draft, scopes: [value] }),
      () => new all.Policy(image, { sha256: value }),
      () => new all.Gate({ policy, keys, realm: value }).begin(http, NOW),
      () => new all.Gate({ policy, keys }).begin({ ...http, method: value }, NOW),
      () => new all.Gate({ policy, keys }).begin({ ...http, target: value }, NOW),
      () => new all.Gate({ policy, keys }).begin({ ...http, authorization: [value] }, NOW),
    ]) wrong(call, `${name}: ${call}`);
  }
  for (const value of [null, undefined, 1, true, () => 1]) {
    for (const call of [
      () => policy.decide(value), () => policy.evaluate(value), () => policy.searchActions(value), () => all.readRecord(value),
      () => all.compilePolicy({ 'a.json': value }), () => new all.Gate({ policy, keys }).begin(http, NOW).found(value, NOW),
    ]) wrong(call, `${value}: ${call}`);
  }
  wrong(() => all.acceptAtEdge(genuine, null, NOW));
  wrong(() => all.acceptAtOrigin(genuine, pepper, null, NOW));
  assert.equal(codeOf(() => all.acceptAtEdge(genuine, undefined, NOW)), 121);
  assert.equal(all.faultCount(), 0);
});

test('what is of another kind is refused', () => {
  const parsed = all.parseToken(token);
  const step = (options) => new all.Gate({ policy, keys, ...options }).begin(http, NOW);
  for (const call of [
    () => step({ policy: keys }), () => step({ keys: policy }), () => step({ peppers: keys }), () => step({ keys: pepper }),
    () => step({ keys: root }), () => step({ policy: {} }), () => step({ policy: undefined }), () => step({ keys: null }),
    () => all.digest(token, 'su', keys), () => all.issueRecord(token, { ...draft, peppers: keys }),
    () => all.acceptAtOrigin(genuine, keys, record, NOW), () => all.acceptAtOrigin(genuine, undefined, record, NOW),
    () => all.Policy.prototype.decide.call(keys, request), () => all.EdgeKeys.prototype.verify.call(policy, token, NOW),
  ]) wrong(call, String(call));
  // What was only parsed is not genuine, nor is what looks so.
  for (const looks of [parsed, { ...genuine }, Object.create(genuine), structuredClone(genuine), undefined, null]) {
    assert.throws(() => all.acceptAtEdge(looks, record, NOW));
    assert.throws(() => all.acceptAtOrigin(looks, pepper, record, NOW));
  }
});

test('times are whole seconds', () => {
  for (const now of [-1, 0.5, NaN, Infinity, 2 ** 53, -0.1]) {
    assert.equal(codeOf(() => keys.verify(token, now)), 135, now);
    assert.equal(codeOf(() => all.acceptAtEdge(genuine, record, now)), 135, now);
    assert.equal(codeOf(() => new all.Gate({ policy, keys }).begin(http, now)), 135, now);
    assert.equal(codeOf(() => new all.Gate({ policy, keys }).begin(http, NOW).found(record, now)), 135, now);
    assert.equal(codeOf(() => all.revokeRecord(record, now)), 135, now);
    assert.equal(codeOf(() => all.issueRecord(token, { ...draft, createdAt: now })), 135, now);
  }
  for (const now of [undefined, null, '1795000000', new Date(), 1795000000n]) {
    wrong(() => keys.verify(token, now), String(now));
    wrong(() => new all.Gate({ policy, keys }).begin(http, now), String(now));
  }
  assert.equal(keys.verify(token, 2 ** 53 - 1).id, genuine.id);
  assert.equal(keys.verify(token, 0).id, genuine.id);
});

test('numbers that can mean nothing are refused, not taken for the largest', () => {
  for (const value of [-1, 0.5, NaN, Infinity, 2 ** 53, '60', null]) {
    for (const option of ['maxRecordAge', 'retryAfter']) {
      wrong(() => new all.Gate({ policy, keys, [option]: value }).begin(http, NOW), `${option}: ${value}`);
    }
    assert.ok([701, 135].includes(codeOf(() => root.mint({ keyId: '01', kind: 'sample', hardExpiry: value }))), `${value}`);
  }
  // The age is held to.
  const step = new all.Gate({ policy, keys, maxRecordAge: 60 }).begin(http, NOW);
  assert.equal(step.found(record, NOW - 61).status, 503);
  assert.equal(step.found(record).status, 503);
  assert.equal(step.found(record, NOW - 60).step, 'facts');
});

test('what is yes or no is nothing else', () => {
  const foreign = { ...http, authorization: ['Bearer cog_anOlderOpaqueCredentialOf37Characters'] };
  const preflight = { ...http, method: 'OPTIONS', authorization: [] };
  const step = (options, request = foreign) => new all.Gate({ policy, keys, ...options }).begin(request, NOW).step;
  assert.equal(step({ passOn: true }), 'pass_on');
  assert.equal(step({ preflight: true }, preflight), 'preflight');
  for (const value of [false, undefined]) {
    assert.equal(step({ passOn: value }), 'refused');
    assert.equal(step({ preflight: value }, preflight), 'refused');
    assert.equal('edge_digest' in JSON.parse(all.issueRecord(token, { ...draft, edges: value, peppers: pepper })), false);
  }
  for (const value of [null, 0, 1, 'false', '', [], {}, new Uint8Array([1])]) {
    wrong(() => step({ passOn: value }), `${value}`);
    wrong(() => step({ preflight: value }), `${value}`);
    wrong(() => all.issueRecord(token, { ...draft, edges: value, peppers: pepper }), `${value}`);
  }
});

test('members that have no meaning are refused', () => {
  for (const call of [
    () => new all.Policy(image, { sha265: 'x' }), () => new all.Gate({ policy, keys, maxrecordage: 1 }),
    () => new all.Gate({ policy, keys }).begin({ ...http, headers: [] }, NOW), () => root.mint({ keyId: '01', kind: 'sample', expiry: 1 }),
    () => all.issueRecord(token, { ...draft, expires: NOW }), () => all.compilePolicy({}, { diggest: 'x' }),
  ]) wrong(call, String(call));
});

test('lists of any length are read', () => {
  const many = Array(300_000).fill('Bearer x');
  assert.equal(codeOf(() => all.authorization(many)), 141);
  assert.equal(new all.Gate({ policy, keys }).begin({ ...http, authorization: many }, NOW).code, 'several_credentials');
  assert.equal(codeOf(() => all.issueRecord(token, { ...draft, scopes: many })), 122);
  const documents = Object.fromEntries(many.map((_, index) => [`${index}.json`, '{"v":1}']));
  assert.ok(codeOf(() => all.compilePolicy(documents)) >= 201);
});

test('bytes come in any view', () => {
  const bytes = new TextEncoder().encode(`..${token}..`);
  const view = bytes.subarray(2, 83);
  const shared = new Uint8Array(new SharedArrayBuffer(81));
  shared.set(view);
  const views = [
    view, Buffer.from(token), new DataView(bytes.buffer, 2, 81), new Uint8ClampedArray(bytes.buffer, 2, 81),
    bytes.slice(2, 83).buffer, shared, new Int8Array(bytes.buffer, 2, 81),
  ];
  for (const given of views) {
    assert.deepEqual({ ...keys.verify(given, NOW) }, { ...genuine });
    assert.deepEqual(all.parseToken(given), all.parseToken(token));
  }
  const padded = new Uint8Array(image.length + 7);
  padded.set(image, 5);
  for (const given of [padded.subarray(5, 5 + image.length), padded.slice(5, 5 + image.length).buffer, new DataView(padded.buffer, 5, image.length)]) {
    assert.equal(new all.Policy(given).digest, policy.digest);
  }
  assert.equal(new all.EdgeKeys(Buffer.from(edgeKeys)).verify(token, NOW).id, genuine.id);
  const gone = new ArrayBuffer(81);
  const left = new Uint8Array(gone);
  structuredClone(gone, { transfer: [gone] });
  assert.throws(() => all.parseToken(left));
  assert.throws(() => new all.Policy(left));
});

test('what was given may be changed afterwards', () => {
  const text = Buffer.from(token);
  const verified = keys.verify(text, NOW);
  text.write(all.parseToken(token).handle.replace('cog_1s', 'cog_1p'));
  assert.equal(all.acceptAtEdge(verified, record, NOW).principal, record.principal);
  const header = Buffer.from(http.authorization[0]);
  const target = Buffer.from(http.target);
  const step = new all.Gate({ policy, keys }).begin({ ...http, target, authorization: [header] }, NOW);
  header.fill(0);
  target.fill(0);
  assert.equal(step.found(record, NOW).step, 'facts');
  const context = { ip: '192.0.2.1' };
  const options = { policy, keys };
  const gate = new all.Gate(options);
  options.keys = undefined;
  const other = gate.begin({ ...http, context }, NOW);
  context.time = 1;
  assert.equal(other.found(record, NOW).step, 'facts');
});

test('the token is out of sight', () => {
  for (const shown of [JSON.stringify(genuine), JSON.stringify(all.acceptAtEdge(genuine, record, NOW)), String(keys), JSON.stringify(keys)]) {
    assert.ok(!shown.includes(token.slice(23)), shown);
  }
});
