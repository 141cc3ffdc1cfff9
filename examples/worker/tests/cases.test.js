// The cases of the gate's specification, tests/cases/gate, through the worker over HTTP: what it
// answers, what the origin is told, and what is kept for the audit. Of them, those that HTTP and KV
// can express and that have the worker's options.

import assert from 'node:assert/strict';
import { readFileSync, readdirSync } from 'node:fs';
import { after, before, test } from 'node:test';
import { ASKING, open } from './harness.js';

const folder = new URL('../../../tests/cases/gate/', import.meta.url);
const read = (file) => JSON.parse(readFileSync(new URL(file, folder)));
const base = read('base.json');
const NOW = 1795000000;
const PASSED_ON = ['unknown_version', 'wrong_length', 'unknown_kind'];

const fill = (text) => text.replace(/\{(\w+)\}/g, (whole, name) => base.tokens[name]?.token ?? whole);
const visible = (text) => /^[\x21-\x7e]*$/.test(text);

const expressible = (testcase) => {
  const { place, options = {}, now, request, record, facts } = testcase;
  if (place === 'origin' || now !== NOW || request.context !== undefined || request.client_address !== undefined) return false;
  if (Object.keys(options).some((name) => !['pass_on', 'preflight'].includes(name))) return false;
  if (!options.pass_on && PASSED_ON.includes(testcase.code)) return false;
  if (!options.preflight && request.method === 'OPTIONS') return false;
  // Node, and workerd before the worker, take no other methods, targets and values.
  if (!['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'].includes(request.method)) return false;
  const target = request.target && fill(request.target);
  if (!target?.startsWith('/') || !visible(target) || target.length > 8000) return false;
  // workerd resolves these itself: the worker sees another path, and that one is judged and
  // forwarded.
  if (target.split('?')[0].split('/').some((segment) => ['.', '..'].includes(segment))) return false;
  if (request.authorization.length > 1 || request.authorization.some((value) => !/^[ -~]*$/.test(value))) return false;
  // Two values of KV make the facts.
  if (facts?.text !== undefined || facts?.pad || record?.fetched_at || record?.pad) return false;
  const changed = [...Object.keys(facts?.set ?? {}), ...(facts?.unset ?? [])];
  if (changed.some((pointer) => pointer === '/principal' || !/^\/(principal|organization)/.test(pointer))) return false;
  // Of no organization, the worker asks for none.
  return !(facts?.found && target.includes('/self') && !facts.unset?.includes('/organization'));
};

const changed = (value, { set = {}, unset = [] }) => {
  value = structuredClone(value);
  const at = (pointer) => {
    const names = pointer.split('/').slice(1);
    const last = names.pop();
    return [names.reduce((place, name) => place[name], value), last];
  };
  for (const [pointer, member] of Object.entries(set)) {
    const [place, name] = at(pointer);
    place[name] = member;
  }
  for (const pointer of unset) {
    const [place, name] = at(pointer);
    delete place[name];
  }
  return value;
};

// What the stores answer in the present case.
let present;
const metadata = { fetched_at: NOW };
const stored = (text) => ({ value: text ?? null, metadata: text ? metadata : null });
const node = (key) => {
  const given = /^(principal|organization):/.test(key) ? present.facts : present.record;
  if (given === 'unavailable') return null;
  if (given === 'absent') return stored();
  if (given.text !== undefined) return stored(fill(given.text));
  const member = key.split(':')[0];
  if (!['principal', 'organization'].includes(member)) return stored(JSON.stringify(changed(base.records[given.found], given)));
  const facts = changed(base.facts[given.found], given)[member];
  return stored(facts && JSON.stringify(facts));
};

let opened;
before(async () => {
  const first = `Date.now = () => ${NOW}000; export { default } from './worker.js';`;
  const variants = { then: { first, services: { RECORDS: ASKING, FACTS: ASKING } } };
  opened = await open({ edgeKeys: JSON.stringify(base.edge_keys), variants, node });
});
after(() => opened?.close());

const FILES = ['accept', 'decision', 'facts', 'header', 'record', 'resource', 'route', 'token'];
test('no file of cases is left out', () => {
  assert.deepEqual(readdirSync(folder).sort(), [...FILES, 'base'].map((name) => `${name}.json`).sort());
});

for (const file of FILES) {
  test(`the cases of ${file}.json`, async () => {
    const cases = read(`${file}.json`).cases.filter(expressible);
    assert.ok(cases.length >= (file === 'resource' ? 4 : 10), `only ${cases.length} cases`);
    for (const testcase of cases) await judge(testcase);
  });
}

const judge = async (testcase) => {
  const { name, request, outcome } = testcase;
  present = testcase;
  opened.origin.received.length = 0;
  const headers = request.authorization.length ? { authorization: fill(request.authorization[0]) } : {};
  const answer = await opened.send(request.method, fill(request.target), { headers, to: 'then' });
  const audits = await opened.audited(testcase.audit ? 1 : 0);
  const [received, ...others] = opened.origin.received;
  assert.deepEqual(others, [], name);

  if (outcome === 'refused') {
    assert.equal(received, undefined, name);
    assert.equal(answer.status, testcase.status, name);
    for (const [header, value] of testcase.headers) assert.equal(answer.headers[header], value, name);
    assert.equal(answer.text, request.method === 'HEAD' ? '' : testcase.body, name);
  } else if (outcome === 'allowed') {
    assert.equal(received.headers.authorization, undefined, name);
    const told = (header) => received.headers[header] && decodeURIComponent(received.headers[header]);
    const { principal, credential, action, organization, undecided } = testcase;
    assert.deepEqual(
      [told('x-cog-principal-type'), told('x-cog-principal-id'), told('x-cog-action'), told('x-cog-organization') ?? null],
      [principal.type, principal.id, action, organization], name);
    assert.deepEqual(
      [told('x-cog-credential-kind'), told('x-cog-credential-id'), told('x-cog-credential-handle'), received.headers['x-cog-undecided']],
      [credential.kind, credential.id, credential.handle, undecided.join('%20')], name);
  } else if (outcome === 'pass_on') {
    assert.equal(received.headers.authorization, headers.authorization, name);
    assert.ok(!Object.keys(received.headers).some((header) => header.startsWith('x-cog-')), name);
  } else {
    assert.deepEqual([outcome, answer.status, received], ['preflight', 204, undefined], name);
  }

  const { policy } = JSON.parse(audits[0] ?? '{}');
  assert.deepEqual(audits, testcase.audit ? [fill(testcase.audit).replace('{policy}', policy)] : [], name);
};
