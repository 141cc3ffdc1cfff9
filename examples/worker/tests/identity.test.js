// Nobody but the worker can say to the origin whose a request is.

import assert from 'node:assert/strict';
import http from 'node:http';
import { after, before, test } from 'node:test';
import { state } from '../identity.js';
import { IDENTITY, NEXT, SECRET, activate, makeIssuer, now, open } from './harness.js';

const issuer = makeIssuer();
let opened, send, token;
const SESSIONS = '/v3/organizations/org-a/sessions';
const OLDER = 'cog_live_4f9d8b0c1a2e3d';

before(async () => {
  const careless = `${IDENTITY.join(' ')} x-cog-other authorization proxy-authorization upgrade script_name x_cog_action`;
  const variants = {
    configured: { bindings: { PASSED_HEADERS: 'X-Api-Version' } },
    careless: { bindings: { PASSED_HEADERS: careless } },
  };
  opened = await open({ edgeKeys: issuer.edgeKeys, variants });
  ({ send } = opened);
  await issuer.putFacts(opened.FACTS, 'organization:org-a', issuer.organization);
  token = await activate(issuer, opened, { id: 'su_ci' });
});
after(() => opened?.close());

const spellings = (name) => [name, name.toUpperCase(), name.replaceAll('-', '_'), name.toUpperCase().replaceAll('-', '_'), name.replace(/^x/, 'X').replace('g', 'G')];
// What some server takes for another path, method, host or caller, and a name that nobody knows
// yet.
const FORGED = [
  ...IDENTITY, 'x-cog-anything-else', 'x-http-method', 'x-http-method-override', 'x-method-override', 'x-original-method',
  'x-original-url', 'x-original-uri', 'x-rewrite-url', 'x-envoy-original-path', 'x-envoy-original-method', 'x-forwarded-prefix',
  'x-forwarded-path', 'x-forwarded-uri', 'x-forwarded-method', 'x-forwarded-host', 'x-forwarded-proto', 'x-forwarded-for',
  'x-forwarded-user', 'x-forwarded-access-token', 'x-real-ip', 'x-script-name', 'script-name', 'path-info', 'request-uri',
  'request-method', 'remote-user', 'remote-addr', 'auth-user', 'x-remote-user', 'x-auth-request-user', 'x-webauth-user', 'forwarded',
  'proxy', 'proxy-authorization', 'cookie', 'via', 'x-nobody-knows-this-yet',
];
const forgeries = Object.fromEntries(FORGED.flatMap(spellings).map((name) => [name, 'forged']));

const lastReceived = () => opened.origin.received.at(-1);

test('what a client says of itself does not reach the origin, whatever name and case it has', async () => {
  const answer = await send('GET', SESSIONS, { token, headers: forgeries });
  assert.equal(answer.status, 200);
  assert.deepEqual(answer.json().principal, { type: 'service_user', id: 'su_ci' });
  const { headers } = lastReceived();
  assert.ok(!Object.values(headers).some((value) => value.includes('forged')));
  assert.deepEqual(Object.keys(headers).filter((name) => /^x[-_]/.test(name)).sort(), [...IDENTITY].sort());
});

test('what an API needs goes on, what is configured too, and nothing else', async () => {
  const headers = {
    accept: 'text/csv', 'accept-language': 'de', 'if-match': '"1"', range: 'bytes=0-', traceparent: '00-0-0-00', 'user-agent': 'test',
    'idempotency-key': 'a', 'x-api-version': '7', 'x-other': 'b', x_api_version: 'c', script_name: '/v3/organizations/org-b',
  };
  for (const [to, configured] of [['guard', []], ['configured', ['x-api-version']]]) {
    assert.equal((await send('GET', SESSIONS, { token, headers, to })).status, 200);
    const received = lastReceived().headers;
    const passed = Object.keys(headers).filter((name) => !['x-api-version', 'x-other', 'x_api_version', 'script_name'].includes(name));
    // Of its own, a runtime adds what an HTTP message has.
    const own = ['host', 'connection', 'content-length', 'accept-encoding', 'cache-control', 'pragma', 'cf-worker', 'cf-connecting-ip'];
    const names = Object.keys(received).filter((name) => !own.includes(name) && !IDENTITY.includes(name));
    assert.deepEqual(names.sort(), [...passed, ...configured].sort(), to);
    for (const name of names) assert.equal(received[name], headers[name]);
  }
});

test('no configuration lets a client say whose a request is', async () => {
  for (const name of [...IDENTITY, 'x-cog-other', 'proxy-authorization', 'upgrade', 'script_name', 'x_cog_action']) {
    await send('GET', SESSIONS, { token, headers: { [name]: 'forged' }, to: 'careless' });
    assert.ok(!JSON.stringify(lastReceived().headers).includes('forged'), name);
  }
  assert.equal(lastReceived().headers.authorization, undefined);
});

test('each name and case alone, on both ways to the origin', async () => {
  for (const name of FORGED.flatMap(spellings)) {
    assert.equal((await send('GET', SESSIONS, { token, headers: { [name]: 'forged' } })).status, 200, name);
    assert.ok(!JSON.stringify(lastReceived().headers).includes('forged'), name);
    assert.equal((await send('GET', SESSIONS, { token: OLDER, headers: { [name]: 'forged' } })).status, 401, name);
    assert.ok(!JSON.stringify(lastReceived().headers).includes('forged'), name);
  }
});

test('an older opaque credential is passed on, as nobody', async () => {
  // Too short, of another version, of an unknown kind: not a token whose checksum is wrong.
  for (const older of [OLDER, 'cog_', `cog_2${token.slice(5)}`, token.slice(0, 80), `cog_1q${token.slice(6)}`]) {
    opened.origin.received.length = 0;
    const answer = await send('POST', `${SESSIONS}?a=b`, { token: older, headers: forgeries, body: '{"prompt":"hi"}' });
    assert.deepEqual([answer.status, answer.json()], [401, { code: 'not_proven' }]);
    const [{ method, url, headers }] = opened.origin.received;
    assert.deepEqual([method, url, headers.authorization], ['POST', `${SESSIONS}?a=b`, `Bearer ${older}`]);
    assert.deepEqual(Object.keys(headers).filter((name) => /^x[-_]/.test(name)), []);
  }
  opened.origin.received.length = 0;
  const typo = token.slice(0, 80) + (token[80] === 'a' ? 'b' : 'a');
  assert.equal((await send('GET', SESSIONS, { token: typo })).status, 401);
  assert.deepEqual(opened.origin.received, []);
});

test('an older credential does not reach the origin by a path that would arrive as another', async () => {
  opened.origin.received.length = 0;
  for (const path of ['/v3/%2e%2e/internal', '/v3/.%2E/internal', '/v3\\internal', '/v3/"', '/v3#internal']) {
    const answer = await send('GET', path, { token: OLDER });
    assert.deepEqual([answer.status, answer.json().code], [400, 'invalid_path'], path);
  }
  assert.deepEqual(opened.origin.received, []);
});

test('what the worker left undecided is for the origin', async () => {
  const plain = await send('POST', SESSIONS, { token, body: '{"prompt":"hi"}' });
  assert.deepEqual([plain.status, plain.json().undecided], [200, ['ImpersonateOrgSessions']]);
  const other = await send('POST', SESSIONS, { token, body: '{"prompt":"hi","create_as_user_id":"user_02"}' });
  assert.deepEqual([other.status, other.json()], [403, { code: 'denied', action: 'ImpersonateOrgSessions' }]);
  assert.equal((await send('POST', SESSIONS, { token, body: 'no JSON' })).status, 400);
});

// Straight to the origin, past the worker.
const straight = (method, path, headers) =>
  new Promise((resolve, reject) => {
    const request = http.request(`${opened.origin.url}${path}`, { method, headers, agent: false }, (response) => {
      response.resume();
      response.on('end', () => resolve(response.statusCode));
    });
    request.on('error', reject).end();
  });

const ALLOWED = {
  principal: { type: 'service_user', id: 'su_ci' },
  credential: { kind: 'service_user_key', id: 'AAAABBBBCCCC', handle: 'cog_1s01000AAAABBBBCCCC' },
  action: 'ViewOrgSessions', organization: 'org-a', undecided: [],
};
const stated = async (secret, time, method = 'GET', path = `${SESSIONS}?a=b`) => {
  const request = new Request(`http://origin.example${path}`, { method });
  await state(ALLOWED, request, secret, time);
  return Object.fromEntries(request.headers);
};

test('the origin believes a proof for that request, its headers and its time alone', async () => {
  const path = `${SESSIONS}?a=b`;
  const proven = await stated(SECRET, now());
  assert.equal(await straight('GET', path, proven), 200);
  assert.equal(await straight('GET', path, await stated(SECRET, now() - 50)), 200);

  assert.equal(await straight('GET', path, await stated(NEXT, now())), 200);
  assert.equal(await straight('GET', path, await stated('another secret', now())), 401);
  assert.equal(await straight('GET', path, await stated(SECRET, now() - 70)), 401);
  assert.equal(await straight('GET', path, await stated(SECRET, now() + 70)), 401);
  for (const time of ['', 'now', 'NaN', 'Infinity', `0x${now().toString(16)}`, `${now()}.5`, ` ${now()}`, `${now()}e0`]) {
    assert.equal(await straight('GET', path, await stated(SECRET, time)), 401, `time ${time}`);
  }
  assert.equal(await straight('DELETE', path, proven), 401);
  assert.equal(await straight('GET', SESSIONS, proven), 401);
  assert.equal(await straight('GET', `${path}&c=d`, proven), 401);
  for (const name of IDENTITY) {
    assert.equal(await straight('GET', path, { ...proven, [name]: 'other' }), 401, name);
    assert.equal(await straight('GET', path, { ...proven, [name]: [proven[name] ?? '', 'other'] }), 401, name);
  }
  for (const name of IDENTITY.filter((name) => proven[name])) {
    const { [name]: left, ...others } = proven;
    assert.equal(await straight('GET', path, others), 401, name);
  }
  const proof = proven['x-cog-proof'];
  const flipped = (proof[0] === '0' ? '1' : '0') + proof.slice(1);
  for (const forged of ['', flipped, proof.slice(0, 62), `${proof}00`, proof.toUpperCase().replace(/^\d*$/, 'A'), 'z'.repeat(64), '0'.repeat(64)]) {
    assert.equal(await straight('GET', path, { ...proven, 'x-cog-proof': forged }), 401, forged);
  }
});

test('an empty secret proves nothing', async () => {
  await assert.rejects(stated('', now()));
  await assert.rejects(stated(undefined, now()));
});
