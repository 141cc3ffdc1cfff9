// Text that is not well-formed Unicode is refused wherever text is taken, and is never made into
// something else.

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
const gate = (options) => new all.Gate({ policy, keys, ...options });
const recordText = JSON.stringify(record);
const draft = { principal: 'su_ci', scopes: ['*'], createdAt: NOW, edges: true };
const step = gate().begin(http, NOW);
const next = step.found(record, NOW);

// The calls, each with a text in one place. `valid` is a text that is taken there, so that nothing
// else is refused.
const CALLS = {
  parseToken: [token, (text) => all.parseToken(text)],
  EdgeKeys: [edgeKeys, (text) => new all.EdgeKeys(text)],
  Peppers: [peppers, (text) => new all.Peppers(text)],
  RootKeys: [roots, (text) => new all.RootKeys(text)],
  verify: [token, (text) => keys.verify(text, NOW)],
  acceptAtEdge: [recordText, (text) => all.acceptAtEdge(genuine, text, NOW)],
  acceptAtOrigin: [recordText, (text) => all.acceptAtOrigin(genuine, pepper, text, NOW)],
  authorization: ['Bearer x', (text) => all.authorization([text])],
  redact: ['x', (text) => all.redact(text)],
  decide: [JSON.stringify(request), (text) => policy.decide(text)],
  evaluate: [JSON.stringify(request), (text) => policy.evaluate(text)],
  searchActions: [JSON.stringify(request), (text) => policy.searchActions(text)],
  'route, method': ['GET', (text) => policy.route(text, '/v3/enterprise/self')],
  'route, target': ['/v3/enterprise/self', (text) => policy.route('GET', text)],
  'Policy, sha256': [undefined, (text) => new all.Policy(image, { sha256: text })],
  'compilePolicy, name': ['a.json', (text) => all.compilePolicy({ [text]: SCHEMA() })],
  'compilePolicy, document': [SCHEMA(), (text) => all.compilePolicy({ 'a.json': text })],
  'compilePolicy, digest': [undefined, (text) => all.compilePolicy({ 'a.json': SCHEMA() }, { digest: text })],
  'checkPolicy, name': ['a.json', (text) => all.checkPolicy({ [text]: SCHEMA() })],
  'checkPolicy, document': [SCHEMA(), (text) => all.checkPolicy({ 'a.json': text })],
  'bundlePolicy, name': ['a.json', (text) => all.bundlePolicy({ [text]: SCHEMA() })],
  'bundlePolicy, document': [SCHEMA(), (text) => all.bundlePolicy({ 'a.json': text })],
  generateRootKeys: ['07', (text) => all.generateRootKeys(text)],
  'mint, key id': ['01', (text) => root.mint({ keyId: text, kind: 'sample' })],
  'mint, kind': ['sample', (text) => root.mint({ keyId: '01', kind: text })],
  'digest, token': [token, (text) => all.digest(text, 'su_ci', pepper)],
  'digest, principal': ['su_ci', (text) => all.digest(token, text, pepper)],
  'edgeDigest, token': [token, (text) => all.edgeDigest(text, 'su_ci')],
  'edgeDigest, principal': ['su_ci', (text) => all.edgeDigest(token, text)],
  'issueRecord, token': [token, (text) => all.issueRecord(text, draft)],
  'issueRecord, principal': ['su_ci', (text) => all.issueRecord(token, { ...draft, principal: text })],
  'issueRecord, scopes': ['Read', (text) => all.issueRecord(token, { ...draft, scopes: [text] })],
  'issueRecord, organizations': ['org-a', (text) => all.issueRecord(token, { ...draft, organizations: [text] })],
  'issueRecord, name': ['ci', (text) => all.issueRecord(token, { ...draft, name: text })],
  'issueRecord, metadata': ['{}', (text) => all.issueRecord(token, { ...draft, metadata: text })],
  readRecord: [recordText, (text) => all.readRecord(text)],
  edgeRecord: [recordText, (text) => all.edgeRecord(text)],
  revokeRecord: [recordText, (text) => all.revokeRecord(text, NOW)],
  'rotateRecord, record': [recordText, (text) => all.rotateRecord(text, { ...record, id: 'AAAABBBBCCCD' }, NOW + 1, NOW)],
  'rotateRecord, successor': [JSON.stringify({ ...record, id: 'AAAABBBBCCCD' }), (text) => all.rotateRecord(record, text, NOW + 1, NOW)],
  'gate, realm': ['cog', (text) => gate({ realm: text }).begin(http, NOW)],
  'gate, method': ['GET', (text) => gate().begin({ ...http, method: text }, NOW)],
  'gate, target': [http.target, (text) => gate().begin({ ...http, target: text }, NOW)],
  'gate, authorization': [http.authorization[0], (text) => gate().begin({ ...http, authorization: [text] }, NOW)],
  'gate, second authorization': [http.authorization[0], (text) => gate().begin({ ...http, authorization: ['x', text] }, NOW)],
  'gate, context': ['{}', (text) => gate().begin({ ...http, context: text }, NOW)],
  'gate, record': [recordText, (text) => step.found(text, NOW)],
  'gate, facts': [JSON.stringify(facts), (text) => next.found(text)],
};

function SCHEMA() {
  return '{"v":1,"schema":{"actions":{"Read":{}}}}';
}

test('text with half a pair is refused as 202', () => {
  for (const [name, [valid, call]] of Object.entries(CALLS)) {
    if (valid !== undefined) assert.equal(codeOf(() => call(valid)), undefined, name);
    for (const text of ['\ud800', `${valid}\udfff`, `\udc00\ud800${valid}`]) {
      assert.throws(() => call(text), { name: 'CogAuthError', code: 202, codeName: 'invalid_unicode' }, `${name}: ${JSON.stringify(text)}`);
    }
    // Whole pairs are text, even where they are wrong.
    assert.notEqual(codeOf(() => call('\u{1f511}')), 202, name);
  }
});

test('bytes that are no UTF-8 are refused where text is needed, and are not changed', () => {
  const bytes = (text) => Uint8Array.from([...new TextEncoder().encode(text), 0xff]);
  const asBytes = ['compilePolicy, document', 'readRecord', 'edgeRecord', 'acceptAtEdge', 'decide', 'evaluate', 'issueRecord, metadata'];
  for (const name of asBytes) {
    const [valid, call] = CALLS[name];
    assert.ok([122, 202, 401].includes(codeOf(() => call(bytes(valid)))), `${name}: ${codeOf(() => call(bytes(valid)))}`);
  }
});

test('objects with half a pair in a name or a value are refused like the JSON that spells it', () => {
  const refused = (code, text, call) => {
    assert.equal(codeOf(() => call(text)), code);
    assert.equal(codeOf(() => call(JSON.stringify(text))), code);
  };
  for (const half of ['\ud800', 'a\udfff']) {
    refused(122, { ...record, principal: half }, (value) => all.acceptAtEdge(genuine, value, NOW));
    refused(122, { ...record, metadata: { [half]: 1 } }, (value) => all.readRecord(value));
    refused(401, { ...request, subject: { type: 'user', id: half } }, (value) => policy.decide(value));
    refused(401, { ...request, context: { [half]: 1 } }, (value) => policy.evaluate(value));
    refused(202, { v: 1, schema: { actions: { [half]: {} } } }, (value) => all.compilePolicy({ 'a.json': value }));
    refused(603, { [half]: 1 }, (value) => gate().begin({ ...http, context: value }, NOW));
    assert.equal(next.found({ ...facts, principal: { ...facts.principal, id: half } }).status, 503);
    assert.equal(step.found({ ...record, principal: half }, NOW).status, 503);
  }
});
