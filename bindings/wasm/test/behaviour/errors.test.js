// What is wrong with a call: the error names the argument and what was expected, at once, and
// nothing else is thrown.

import assert from 'node:assert/strict';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { test } from 'node:test';
import { installed, load } from '../installed.js';
import { NOW, edgeKeys, facts, http, image, peppers, record, request, roots, token } from './base.js';

const all = await load('cog-auth');
const edge = await load('cog-auth/edge');
const verify = await load('cog-auth/verify');
// As CommonJS it is another copy.
const copy = createRequire(join(installed, 'load.js'))('cog-auth');
const keys = new all.EdgeKeys(edgeKeys);
const pepper = new all.Peppers(peppers);
const root = new all.RootKeys(roots);
const policy = new all.Policy(image);
const gate = new all.Gate({ policy, keys });
const genuine = keys.verify(token, NOW);
const draft = { principal: 'su_ci', scopes: ['*'], createdAt: NOW, edges: true };

const says = (call, message) =>
  assert.throws(call, { name: 'CogAuthError', code: 701, codeName: 'invalid_argument', message }, String(call));

test('an error names the argument, and what was expected', () => {
  const ask = (members) => () => gate.begin({ ...http, ...members }, NOW);
  const issue = (members) => () => all.issueRecord(token, { ...draft, ...members });
  for (const [message, ...calls] of [
    ['authorization must be a list of text or bytes', ask({ authorization: null }), ask({ authorization: http.authorization[0] }), ask({ authorization: undefined }), ask({ authorization: new Set() })],
    ['authorization[] must be text or bytes', ask({ authorization: [null] }), ask({ authorization: [http.authorization] }), ask({ authorization: Array(1) })],
    ['scopes must be a list of text or bytes', issue({ scopes: '*' }), issue({ scopes: undefined }), issue({ scopes: new Set(['*']) })],
    ['organizations must be a list of text or bytes', issue({ organizations: 'org-a' }), issue({ organizations: null })],
    ['method must be text', ask({ method: undefined }), ask({ method: new Uint8Array(3) })],
    ['target must be text or bytes', ask({ target: new URL('http://a/b') }), ask({ target: null })],
    ['context must be text, bytes or an object', ask({ context: null }), ask({ context: { a: NaN } }), ask({ context: { a: 1n } })],
    ['now must be a number', () => gate.begin(http), () => gate.begin(http, new Date()), () => keys.verify(token, String(NOW)), () => all.acceptAtEdge(genuine, record, null)],
    ['createdAt must be a number', issue({ createdAt: new Date() })],
    ['request must be an object', () => gate.begin(null, NOW), () => gate.begin('GET', NOW), () => gate.begin(undefined, NOW)],
    ['request has no member headers', ask({ headers: {} })],
    ['record must be text, bytes or an object', () => gate.begin(http, NOW).found(null, NOW), () => gate.begin(http, NOW).found(), () => all.acceptAtEdge(genuine, null, NOW), () => all.readRecord(1)],
    ['facts must be text, bytes or an object', () => gate.begin(http, NOW).found(record, NOW).found(null), () => gate.begin(http, NOW).found(record, NOW).found()],
    ['fetchedAt must be a number', () => gate.begin(http, NOW).found(record, new Date()), () => gate.begin(http, NOW).found(record, null)],
    ['options has no member maxRecordage', () => new all.Gate({ policy, keys, maxRecordage: 1 })],
    ['options has no member sha265', () => new all.Policy(image, { sha265: 'x' })],
    ['options must be an object', () => new all.Gate(), () => new all.Gate(null), () => new all.Policy(image, 'x'), () => all.compilePolicy({}, null)],
    ['draft has no member expires', issue({ expires: NOW })],
    ['draft must be an object', () => root.mint(), () => root.mint('01')],
    ['image must be text or bytes', () => new all.Policy(), () => new all.Policy(Promise.resolve(image)), () => new all.Policy([...image])],
    ['keySet must be text or bytes', () => new all.EdgeKeys(JSON.parse(edgeKeys)), () => new verify.EdgeKeys(undefined), () => new all.RootKeys(null), () => new all.Peppers({})],
    ['token must be text or bytes', () => all.parseToken(null), () => verify.parseToken(), () => keys.verify({}, NOW)],
    ['documents must be an object', () => all.compilePolicy(), () => all.checkPolicy(null), () => all.bundlePolicy('{}')],
    ['a.json must be text, bytes or an object', () => all.compilePolicy({ 'a.json': null }), () => all.checkPolicy({ 'a.json': [NaN] })],
    ['values must be a list of text or bytes', () => all.authorization(null), () => all.authorization('Bearer x'), () => all.authorization()],
    ['text must be text', () => all.redact(Buffer.from('x'))],
    ['genuine must be Genuine', () => all.acceptAtEdge(undefined, record, NOW), () => all.acceptAtEdge(all.parseToken(token), record, NOW)],
  ]) for (const call of calls) says(call, message);
});

test('a constructor says at once what is wrong with what it was given', () => {
  const others = [null, 0, 1, '', 'x', true, {}, [], () => 1];
  const taken = {
    realm: [(value) => typeof value == 'string', 'text'], passOn: [(value) => value === true, 'true or false'],
    preflight: [(value) => value === true, 'true or false'], retryAfter: [(value) => typeof value == 'number', 'a whole number'],
    maxRecordAge: [(value) => typeof value == 'number', 'a whole number'],
    peppers: [() => false, 'Peppers of this entry and copy of cog-auth'],
  };
  for (const [name, [fits, words]] of Object.entries(taken)) {
    for (const value of [...others, -1, 0.5, NaN, Infinity, 2 ** 53].filter((value) => !fits(value) || (typeof value == 'number' && !Number.isSafeInteger(value)) || value === -1)) {
      says(() => new all.Gate({ policy, keys, [name]: value }), `${name} must be ${words}`);
    }
  }
  for (const value of [undefined, ...others]) {
    says(() => new all.Gate({ policy: value, keys }), 'policy must be Policy of this entry and copy of cog-auth');
    says(() => new all.Gate({ policy, keys: value }), 'keys must be EdgeKeys of this entry and copy of cog-auth');
  }
  const freed = new all.EdgeKeys(edgeKeys);
  freed.free();
  assert.throws(() => new all.Gate({ policy, keys: freed }), { code: 702 });
  assert.throws(() => new all.Gate({ policy, keys, realm: '\ud800' }), { code: 202 });
});

const revoked = () => {
  const { proxy, revoke } = Proxy.revocable({}, {});
  revoke();
  return proxy;
};

// What looks like one of ours and is not: of another entry or copy, a copy or a Proxy of it, its
// prototype.
const impostors = (mine, ...others) => {
  const list = [...others, new Proxy(mine, {}), { ...mine }, Object.create(mine), Object.getPrototypeOf(mine), revoked(), null, undefined, 1, 'x'];
  try {
    list.push(structuredClone(mine));
  } catch {}
  return list;
};

test('a policy of another entry or copy of the package says so', () => {
  const [other, otherKeys] = [new edge.Policy(image), new edge.EdgeKeys(edgeKeys)];
  says(() => new all.Gate({ policy: other, keys }), 'policy must be Policy of this entry and copy of cog-auth');
  says(() => new edge.Gate({ policy, keys: otherKeys }), 'policy must be Policy of this entry and copy of cog-auth');
  says(() => new edge.Gate({ policy: other, keys: otherKeys, peppers: pepper }), 'peppers must be Peppers of this entry and copy of cog-auth');
  says(() => new copy.Gate({ policy, keys }), 'policy must be Policy of this entry and copy of cog-auth');
  says(() => all.acceptAtEdge(new verify.EdgeKeys(edgeKeys).verify(token, NOW), record, NOW), 'genuine must be Genuine');
  for (const not of impostors(policy, other, keys, pepper, root)) {
    says(() => new all.Gate({ policy: not, keys }), /^policy must be Policy/);
    says(() => all.Policy.prototype.decide.call(not, request), /^this must be Policy/);
    says(() => all.Policy.prototype.route.call(not, 'GET', '/'), /^this must be Policy/);
    says(() => Object.getOwnPropertyDescriptor(all.Policy.prototype, 'actions').get.call(not), /^this must be Policy/);
  }
  for (const not of impostors(keys, otherKeys, policy, pepper, root)) {
    says(() => new all.Gate({ policy, keys: not }), /^keys must be EdgeKeys/);
    says(() => all.EdgeKeys.prototype.verify.call(not, token, NOW), /^this must be EdgeKeys/);
  }
  for (const not of impostors(pepper, keys, policy, root, 0)) {
    says(() => all.digest(token, 'su', not), /^peppers must be Peppers/);
    if (not !== undefined) says(() => all.issueRecord(token, { ...draft, peppers: not }), /^peppers must be Peppers/);
    if (not !== undefined) says(() => new all.Gate({ policy, keys, peppers: not }), /^peppers must be Peppers/);
    says(() => all.acceptAtOrigin(genuine, not, record, NOW), /^peppers must be Peppers/);
  }
  for (const not of impostors(root, keys, policy, pepper)) {
    for (const method of ['exposeEdgeKeys', 'exposePeppers', 'mint']) {
      says(() => all.RootKeys.prototype[method].call(not, { keyId: '01', kind: 'sample' }), /^this must be RootKeys/);
    }
  }
  for (const not of impostors(genuine, keys)) {
    says(() => all.acceptAtEdge(not, record, NOW), 'genuine must be Genuine');
    says(() => all.acceptAtOrigin(not, pepper, record, NOW), 'genuine must be Genuine');
  }
  for (const not of impostors(gate, keys)) says(() => all.Gate.prototype.begin.call(not, http, NOW), 'this must be a Gate');
  for (const not of impostors(policy)) {
    says(() => all.Policy.prototype.free.call(not), 'a Proxy');
    if (not) says(() => all.Policy.prototype[Symbol.dispose].call({ free: () => all.Policy.prototype.free.call(not) }), 'a Proxy');
  }
});

test('whatever is given, nothing but our errors is thrown', () => {
  const throwing = { get a() { throw new Error('mine'); } };
  const circular = {};
  circular.self = circular;
  const proxies = [revoked(), new Proxy({}, { ownKeys() { throw new Error('mine'); } }), new Proxy([], { get() { throw new Error('mine'); } })];
  const deep = (() => { let value = []; for (let depth = 0; depth < 50_000; depth++) value = [value]; return value; })();
  const values = [throwing, circular, ...proxies, deep, Symbol('x'), 1n, Object.create(null), new Date(NaN), /x/, class {}, globalThis];
  for (const value of values) {
    for (const call of [
      () => all.parseToken(value), () => new all.EdgeKeys(value), () => new verify.EdgeKeys(value), () => new all.Policy(value), () => new all.Policy(image, value),
      () => keys.verify(value, NOW), () => keys.verify(token, value), () => all.authorization(value), () => all.authorization([value]), () => all.redact(value),
      () => policy.decide(value), () => policy.evaluate(value), () => policy.searchActions(value), () => policy.route(value, value), () => all.readRecord(value),
      () => all.edgeRecord(value), () => all.revokeRecord(value, value), () => all.rotateRecord(value, value, value, value), () => all.acceptAtEdge(genuine, value, NOW),
      () => all.acceptAtEdge(value, record, NOW), () => all.issueRecord(token, value), () => all.issueRecord(token, { ...draft, metadata: value }),
      () => all.generateRootKeys(value), () => root.mint(value), () => new all.Gate(value), () => new all.Gate({ policy, keys, realm: value }),
      () => gate.begin(value, NOW), () => gate.begin({ ...http, context: value }, NOW), () => gate.begin({ ...http, authorization: value }, NOW),
      () => gate.begin(http, NOW).found(value, NOW), () => gate.begin(http, NOW).found(record, NOW).found(value), () => all.compilePolicy(value),
      () => all.compilePolicy({ 'a.json': value }), () => all.checkPolicy(value), () => all.compilePolicy({}, value),
    ]) {
      try {
        call();
      } catch (error) {
        assert.ok(error instanceof all.CogAuthError || error instanceof verify.CogAuthError, `${call}: ${error}`);
        assert.notEqual(error.code, 703, String(call));
      }
    }
  }
  assert.equal(all.faultCount(), 0);
});

test('what the caller\'s own code threw is the cause', () => {
  const mine = new Error('mine');
  assert.throws(() => gate.begin({ ...http, context: { get a() { throw mine; } } }, NOW), { code: 701, cause: mine });
  assert.throws(() => gate.begin({ get method() { throw mine; } }, NOW), { code: 701, cause: mine });
  assert.throws(() => policy.decide({ ...request, context: { value: NaN } }), { code: 701, cause: 'value' });
  assert.equal(gate.begin(http, NOW).found(record, NOW).found(facts).step, 'allowed');
});
