// Input at the limits and far over them: it is answered or refused, no instance breaks, and none
// takes more than 64 MiB.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, test } from 'node:test';
import { load, packed } from '../installed.js';
import { NOW, codeOf, edgeKeys, facts, http, image, record, request, token, watchInstances } from './base.js';

const MIB = 1_048_576;
const instances = watchInstances();
const all = await load('cog-auth/module');
all.initSync(readFileSync(join(packed, 'dist', 'cog-auth.wasm')));
const keys = new all.EdgeKeys(edgeKeys);
const policy = new all.Policy(image);
const gate = new all.Gate({ policy, keys });

// In bytes, and the items of a batch: docs/policy-language.md, section 16, and
// docs/token-format.md.
const LIMITS = { request: 262_144, evaluations: 1_000, facts: 262_144, record: 16_384, document: 1_048_576, documents: 4_194_304 };

// What the gate says in the end, all questions answered.
const outcome = (asked) => {
  let step = gate.begin(asked, NOW);
  while (step.found) step = step.found(step.step == 'record' ? record : facts, NOW);
  return step;
};

const timed = (what, call) => {
  const start = performance.now();
  const found = call();
  const memory = instances.at(-1).exports.memory.buffer.byteLength / MIB;
  console.log(`${what}: ${Math.round(performance.now() - start)} ms, memory of ${memory.toFixed(1)} MiB`);
  return found;
};

// Whatever came before, the next calls are answered.
afterEach(() => {
  assert.equal(keys.verify(token, NOW).keyId, '01');
  assert.equal(policy.decide(request).decision, true);
  assert.ok(instances.every(({ exports }) => exports.memory.buffer.byteLength <= 64 * MIB));
});

const sound = (what, call) => {
  const faults = all.faultCount();
  const found = timed(what, call);
  assert.equal(all.faultCount(), faults, what);
  return found;
};

// Far above every limit: refused, or more than the memory holds. That is a fault, of which nothing
// remains.
const refused = (what, call) => {
  const found = timed(what, () => {
    try {
      return call();
    } catch (error) {
      if (!(error instanceof all.CogAuthError)) throw error;
      return { status: error.code };
    }
  });
  assert.ok(found.status >= 400 || [101, 122, 131].includes(found.status), what);
  assert.equal(keys.verify(token, NOW).keyId, '01');
};

test('text over 16 MiB is 203, whatever it is for', () => {
  for (const length of [17 * MIB, 100 * MIB, 400 * MIB]) {
    const text = 'x'.repeat(length);
    const bytes = new Uint8Array(length);
    for (const call of [
      () => all.parseToken(text), () => all.parseToken(bytes), () => keys.verify(text, NOW), () => new all.EdgeKeys(text),
      () => policy.decide(text), () => policy.decide(bytes), () => policy.evaluate(text), () => policy.searchActions(text),
      () => policy.route('GET', text), () => policy.route(text, '/'), () => all.redact(text), () => all.authorization([text]),
      () => new all.Policy(bytes), () => all.compilePolicy({ 'a.json': text }), () => all.compilePolicy({ [text]: '{}' }),
      () => all.acceptAtEdge(keys.verify(token, NOW), text, NOW), () => gate.begin({ ...http, target: text }, NOW),
      () => gate.begin({ ...http, method: text }, NOW), () => gate.begin({ ...http, authorization: [text] }, NOW),
      () => gate.begin(http, NOW).found(text, NOW), () => gate.begin(http, NOW).found(record, NOW).found(text),
    ]) assert.equal(codeOf(call), 203, String(call));
  }
});

test('a megabyte is no fault anywhere', () => {
  const text = 'x'.repeat(MIB);
  const broken = new Uint8Array(MIB).fill(0xff);
  for (const given of [text, broken]) {
    assert.equal(codeOf(() => sound('parseToken', () => all.parseToken(given))), 101);
    assert.equal(codeOf(() => sound('EdgeKeys', () => new all.EdgeKeys(given))), 131);
    assert.equal(codeOf(() => sound('decide', () => policy.decide(given))), 401);
    assert.equal(codeOf(() => sound('readRecord', () => all.readRecord(given))), 122);
    assert.ok(sound('a target', () => outcome({ ...http, target: given })).status >= 400);
    assert.ok(sound('a header', () => outcome({ ...http, authorization: [given] })).status >= 400);
    assert.equal(sound('a record', () => gate.begin(http, NOW).found(given, NOW)).status, 503);
    assert.equal(sound('facts', () => gate.begin(http, NOW).found(record, NOW).found(given)).status, 503);
  }
  assert.ok(sound('a method', () => outcome({ ...http, method: text })).status >= 400);
  assert.equal(sound('a log', () => all.redact(text)).length, text.length);
  assert.equal(sound('a path', () => policy.route('GET', `/${text}`)).reason, 'invalid_path');
  assert.ok(!sound('a log full of tokens', () => all.redact(token.repeat(12_000))).includes(token.slice(23)));
  assert.ok(sound('a path full of tokens', () => outcome({ ...http, target: `/${`${token}/`.repeat(12_000)}` })).status >= 400);
});

test('the largest text that is taken', () => {
  const text = 'x'.repeat(5 * MIB);
  const bytes = new Uint8Array(15 * MIB).fill(120);
  const broken = new Uint8Array(15 * MIB).fill(0xff);
  for (const given of [text, bytes, broken]) {
    refused('parseToken', () => all.parseToken(given));
    refused('EdgeKeys', () => new all.EdgeKeys(given));
    refused('decide', () => policy.decide(given));
    refused('evaluate', () => policy.evaluate(given));
    refused('readRecord', () => all.readRecord(given));
    refused('a long target', () => outcome({ ...http, target: given }));
    refused('a long header', () => outcome({ ...http, authorization: [given] }));
    refused('a long record', () => gate.begin(http, NOW).found(given, NOW));
    refused('long facts', () => gate.begin(http, NOW).found(record, NOW).found(given));
  }
  refused('a long image', () => new all.Policy(bytes));
});

test('deep JSON', () => {
  for (const depth of [100, 10_000, 500_000]) {
    for (const [open, close] of [['[', ']'], ['{"a":', '}']]) {
      const deep = `${open.repeat(depth)}1${close.repeat(depth)}`;
      const asked = JSON.stringify(request).replace('"context":{', `"context":{"deep":${deep},`);
      assert.equal(codeOf(() => policy.decide(asked)), 401, `${depth} ${open}`);
      assert.equal(codeOf(() => policy.decide(deep)), 401);
      assert.equal(codeOf(() => all.readRecord(deep)), 122);
      assert.equal(codeOf(() => new all.EdgeKeys(deep)), 131);
      assert.ok([203, 204, 307].includes(codeOf(() => all.compilePolicy({ 'a.json': deep }))) || open == '[', codeOf(() => all.compilePolicy({ 'a.json': deep })));
      assert.equal(gate.begin(http, NOW).found(deep, NOW).status, 503);
      assert.equal(gate.begin(http, NOW).found(record, NOW).found(deep).status, 503);
    }
  }
});

test('requests at their limit', () => {
  const pad = (value, length) => JSON.stringify(value).padEnd(length);
  const within = (limit) => {
    assert.equal(JSON.parse(sound(`decide, ${limit} bytes`, () => policy.decide(pad(request, limit)))).decision, true);
    assert.equal(codeOf(() => policy.decide(pad(request, limit + 1))), 401);
  };
  within(LIMITS.request);
  const batch = (count, length) => pad({ ...request, evaluations: Array(count).fill({}) }, length);
  assert.equal(JSON.parse(sound('a batch at its limits', () => policy.evaluate(batch(LIMITS.evaluations, LIMITS.request)))).evaluations.length, LIMITS.evaluations);
  assert.equal(codeOf(() => policy.evaluate(batch(LIMITS.evaluations + 1, 0))), 401);
  assert.equal(codeOf(() => policy.evaluate(batch(1, LIMITS.request + 1))), 401);
  // As many members as there is room for.
  const many = { ...request, context: { ...request.context, many: [] } };
  const room = LIMITS.request - JSON.stringify(many).length - 10;
  many.context.many = Array(Math.floor(room / 2)).fill(1);
  sound('decide, many items', () => codeOf(() => policy.decide(many)));
  sound('searchActions, many items', () => codeOf(() => policy.searchActions(many)));
});

test('records and facts at their limit', () => {
  const step = gate.begin(http, NOW);
  const text = JSON.stringify(record);
  assert.equal(sound('a record at its limit', () => step.found(text.padEnd(LIMITS.record), NOW)).step, 'facts');
  assert.equal(step.found(text.padEnd(LIMITS.record + 1), NOW).status, 503);
  const next = step.found(record, NOW);
  const known = JSON.stringify(facts);
  assert.equal(sound('facts at their limit', () => next.found(known.padEnd(LIMITS.facts))).step, 'allowed');
  assert.equal(next.found(known.padEnd(LIMITS.facts + 1)).status, 503);
});

test('policies at their limits', () => {
  const number = (length) => (_, index) => `${index}`.padStart(length, '0');
  const actions = Array.from({ length: 1_024 }, number(4)).map((id) => `A${id}`);
  const attributes = Object.fromEntries(Array.from({ length: 256 }, number(3)).map((id) => [`context.a${id}`, { type: 'int', min: 0, max: 2000000 }]));
  const schema = { attributes, actions: Object.fromEntries(actions.map((name) => [name, {}])) };
  const rules = Array.from({ length: 16_384 }, (_, index) => ({
    id: `r${index}`, effect: 'permit', actions: [actions[index % 1_024]],
    when: { [`context.a${String(index % 256).padStart(3, '0')}`]: { ge: index } },
  }));
  const routes = Array.from({ length: 4_096 }, (_, index) => ({ method: 'GET', path: `/v/${index}/{organization}`, action: actions[index % 1_024], organization: 'organization' }));
  const parts = Object.fromEntries([0, 1, 2, 3].map((part) => [`rules-${part}.json`, { v: 1, rules: rules.slice(part * 4_096, (part + 1) * 4_096) }]));
  const documents = { 'schema.json': { v: 1, schema }, 'routes.json': { v: 1, routes }, ...parts };
  const padded = Object.fromEntries(Object.entries(documents).map(([name, document]) => [name, JSON.stringify(document)]));
  const used = Object.values(padded).reduce((bytes, text) => bytes + text.length, 0);
  padded['schema.json'] = padded['schema.json'].padEnd(LIMITS.document);
  const room = LIMITS.documents - used - LIMITS.document + JSON.stringify(documents['schema.json']).length;
  padded['routes.json'] = padded['routes.json'].padEnd(Math.min(LIMITS.document, padded['routes.json'].length + room));
  const bytes = Object.fromEntries(Object.entries(padded).map(([name, text]) => [name, new TextEncoder().encode(text)]));
  sound('compile a policy at its limits', () => all.compilePolicy(bytes));
  const half = { ...documents, 'routes.json': { v: 1, routes: routes.slice(0, 2_048) } };
  delete half['rules-2.json'];
  delete half['rules-3.json'];
  const compiled = sound('compile half of it', () => all.compilePolicy(half));
  assert.deepEqual(sound('check it', () => all.checkPolicy(half)), []);
  sound('bundle it', () => all.bundlePolicy(half));
  const large = sound(`load its image of ${compiled.length} bytes`, () => new all.Policy(compiled));
  const context = Object.fromEntries(Object.keys(attributes).map((name) => [name.slice(8), 1_000_000]));
  const asked = { ...request, action: { name: 'A0003' }, context };
  assert.equal(sound('decide by it', () => large.decide(asked)).decision, true);
  assert.equal(sound('searchActions by it', () => large.searchActions(asked)).results.length, 1_024);
  const nothing = sound('decide with nothing known', () => large.decide({ ...asked, context: {} }));
  assert.equal(nothing.context.class, 'indeterminate');
  sound('searchActions with nothing known', () => large.searchActions({ ...asked, context: {} }));
  const batch = { ...asked, evaluations: Array.from({ length: 700 }, (_, index) => ({ action: { name: actions[index] } })) };
  assert.equal(sound('a batch of 700 by it', () => large.evaluate(batch)).evaluations.length, 700);
  sound('a batch of 700 with nothing known', () => large.evaluate({ ...batch, context: {} }));
  assert.equal(sound('route by it', () => large.route('GET', '/v/2047/o')).action, actions[1_023]);
  large.free();
});

test('policies over their limits', () => {
  const schema = '{"v":1,"schema":{"actions":{"Read":{}}}}';
  assert.equal(codeOf(() => all.compilePolicy({ 'a.json': schema.padEnd(LIMITS.document + 1) })), 203);
  assert.equal(codeOf(() => all.compilePolicy({ 'a.json': new TextEncoder().encode(schema.padEnd(5 * MIB)) })), 203);
  const five = Object.fromEntries([1, 2, 3, 4, 5].map((index) => [`${index}.json`, '{"v":1}'.padEnd(LIMITS.document)]));
  assert.ok(codeOf(() => sound('five documents of 1 MiB', () => all.compilePolicy(five))) >= 201);
  // Errors without end, and names that are nearly alike.
  const wrong = Array.from({ length: 16_000 }, (_, index) => ({ id: `r${index}`, effect: 'permit', actions: [`Raed${index}`] }));
  const errors = sound('16,000 errors', () => all.checkPolicy({ 'a.json': schema, 'b.json': { v: 1, rules: wrong } }));
  assert.ok(errors.length >= 100 && errors.length <= 101, errors.length);
  const members = Object.fromEntries(Array.from({ length: 60_000 }, (_, index) => [`m${index}`, 1]));
  assert.ok(sound('60,000 unknown members', () => all.checkPolicy({ 'a.json': members })).length >= 1);
});
