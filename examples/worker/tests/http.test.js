// HTTP through the worker: paths, methods, bodies, CORS, and what happens when something of the
// worker fails.

import assert from 'node:assert/strict';
import http from 'node:http';
import net from 'node:net';
import { after, before, test } from 'node:test';
import { gunzipSync, gzipSync } from 'node:zlib';
import { readIdentity } from '../identity.js';
import { modules } from '../local/workerd.js';
import { APP, SECRET, activate, makeIssuer, now, open } from './harness.js';

const issuer = makeIssuer();
const SESSIONS = '/v3/organizations/org-a/sessions';
const INDEXED = '/v3/organizations/org-a/repositories/r1/branches/';

// An origin that answers as the test says.
let respond;
const server = http.createServer((request, response) => respond(request, response));

// A module with the exports that the worker calls, of which `gate` traps.
const sized = (...bytes) => [bytes.length, ...bytes];
const exported = (name, kind, index) => [...sized(...Buffer.from(name)), kind, index];
const constant = (...number) => sized(0, 0x41, ...number, 0x0b);
const trapping = new Uint8Array([
  0, 0x61, 0x73, 0x6d, 1, 0, 0, 0,
  1, ...sized(4, 0x60, 1, 0x7f, 1, 0x7f, 0x60, 0, 1, 0x7f, 0x60, 2, 0x7f, 0x7f, 1, 0x7f, 0x60, 1, 0x7f, 0),
  3, ...sized(5, 0, 1, 2, 2, 3),
  5, ...sized(1, 0, 2),
  7, ...sized(
    7, ...exported('memory', 2, 0), ...exported('input', 0, 0), ...exported('output', 0, 1), ...exported('load_image', 0, 2),
    ...exported('load_edge_keys', 0, 2), ...exported('gate', 0, 3), ...exported('unload', 0, 4),
  ),
  10, ...sized(5, ...constant(0x80, 8), ...constant(0), ...constant(0), ...sized(0, 0, 0x0b), ...sized(0, 0x0b)),
]);

let opened, send, token;
before(async () => {
  opened = await open({
    edgeKeys: issuer.edgeKeys,
    origin: server,
    variants: {
      'without an origin': { bindings: { ORIGIN: 'http://127.0.0.1:1' } },
      'wrong keys': { bindings: { EDGE_KEYS: '{"v":1,"use":"root","keys":{"01":"AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8"}}' } },
      'no keys': { bindings: { EDGE_KEYS: '' } },
      'no secret': { bindings: { PROOF_SECRET: '' } },
      trapping: { modules: modules.map((module) => (module.type === 'CompiledWasm' ? { ...module, contents: trapping } : module)) },
    },
  });
  ({ send } = opened);
  await issuer.putFacts(opened.FACTS, 'organization:org-a', issuer.organization);
  token = await activate(issuer, opened, { id: 'su_ci' });
});
after(() => opened?.close());

const answering = (status, headers, body) => {
  opened.origin.received.length = 0;
  respond = (request, response) => {
    request.resume();
    request.on('end', () => response.writeHead(status, headers).end(body));
  };
};

const proven = ({ method, url, headers }) => readIdentity(method, url, new Headers(headers), [SECRET], now());

test('the path arrives as it was judged, escapes and query too', async () => {
  answering(200, {}, 'ok');
  const taken = [
    ['DELETE', `${INDEXED}feature%2Fa%20b`], ['DELETE', `${INDEXED}%C3%A9%7e`], ['GET', `${SESSIONS}?`],
    ['GET', `${SESSIONS}?q=%2e%2e/..//\\&r=a+b&&=?`], ['GET', '/v3/enterprise/self'],
    ['GET', "/v3/organizations/org-a/attachments/u/it's(1)$&+,;=:@!*~.pdf"],
  ];
  for (const [method, path] of taken) {
    const answer = await send(method, path, { token });
    assert.equal(answer.status, 200, `${path} ${answer.text}`);
    assert.equal(opened.origin.received.at(-1).url, path);
    assert.ok(await proven(opened.origin.received.at(-1)), path);
  }
});

test('of a query, the origin is told what it receives', async () => {
  answering(200, {}, 'ok');
  for (const query of ['?"<>\'|', '?a#b', '?é', '?%', '#']) {
    const { status } = await send('GET', `${SESSIONS}${query}`, { token });
    if (query === '#') assert.equal(status, 400);
    else assert.ok(await proven(opened.origin.received.at(-1)), query);
  }
});

test('a path that could be read as another is refused', async () => {
  answering(200, {}, 'ok');
  for (const path of [
    '/v3/organizations/org-b/%2e%2e/org-a/sessions', '/v3/organizations/%2E%2E/sessions', '/v3/organizations/org-b/.%2e/org-a/sessions',
    '//v3/organizations/org-a/sessions', '/v3//organizations/org-a/sessions', `${SESSIONS}/`, '/v3\\organizations\\org-a\\sessions',
    '/v3/organizations/org-a\\..\\org-b/sessions', '/v3/organizations/org%2Da/sessions', '/v3/organizations/org-a/sessions%00',
    '/v3/organizations/org-a%2Fsessions', '/v3/organizations/org-a/..;/sessions', '/v3/organizations/org-a/sess%69ons',
    `${SESSIONS}#x`, `${SESSIONS}%`, `${SESSIONS}%zz`, '/v3/organizations/org-a/"/x', `${INDEXED}%2e%2e`, `${INDEXED}a%5cb`,
    `${INDEXED}%ff`, `${INDEXED}%0a`,
  ]) {
    const answer = await send('GET', path, { token });
    assert.deepEqual([answer.status, answer.json().code], [400, 'invalid_path'], path);
  }
  assert.deepEqual(opened.origin.received, []);
});

test('dot segments that are resolved before the worker are judged as what they arrive as', async () => {
  answering(200, {}, 'ok');
  const answer = await send('GET', '/v3/organizations/org-b/../org-a/sessions', { token });
  assert.deepEqual([answer.status, opened.origin.received[0]?.url], [200, SESSIONS]);
  assert.equal(opened.origin.received[0].headers['x-cog-organization'], 'org-a');
});

test('a token in the path goes nowhere', async () => {
  answering(200, {}, 'ok');
  await opened.audited(0);
  const answer = await send('GET', `/v3/organizations/${token}/sessions`, { token });
  assert.equal(answer.status, 400);
  const [audit] = await opened.audited(1);
  assert.ok(!(answer.text + audit + opened.logs.join()).includes(token.slice(23)));
  assert.deepEqual(opened.origin.received, []);
});

test('what the origin answers comes back as it is', async () => {
  const headers = [
    ['content-type', 'text/csv'], ['etag', '"1"'], ['cache-control', 'private, max-age=5'], ['set-cookie', 'a=1'], ['set-cookie', 'b=2'],
  ];
  for (const status of [200, 201, 404, 409, 429, 500]) {
    answering(status, headers.flat(), 'a,b\n');
    const answer = await send('GET', SESSIONS, { token });
    assert.deepEqual([answer.status, answer.text], [status, 'a,b\n']);
    assert.equal(answer.headers.etag, '"1"');
    // Not asked of a cache.
    assert.equal(opened.origin.received[0].headers['cache-control'], 'no-cache');
    assert.equal(answer.headers['cache-control'], 'private, max-age=5');
    assert.deepEqual(answer.headers['set-cookie'], ['a=1', 'b=2']);
  }
  answering(204, {});
  assert.equal((await send('DELETE', `${SESSIONS}/devin_1`, { token })).status, 204);
  answering(304, { etag: '"1"' });
  assert.equal((await send('GET', SESSIONS, { token, headers: { 'if-none-match': '"1"' } })).status, 304);
  assert.equal(opened.origin.received[0].headers['if-none-match'], '"1"');
});

test('redirects are the client\'s to follow, without the identity', async () => {
  answering(302, { location: 'http://elsewhere.example/' });
  const answer = await send('GET', SESSIONS, { token });
  assert.deepEqual([answer.status, answer.headers.location], [302, 'http://elsewhere.example/']);
  assert.equal(opened.origin.received.length, 1);
});

test('compressed answers stay whole', async () => {
  answering(200, { 'content-encoding': 'gzip' }, gzipSync('hello'));
  const answer = await send('GET', SESSIONS, { token, headers: { 'accept-encoding': 'gzip' } });
  assert.deepEqual([answer.headers['content-encoding'], `${gunzipSync(answer.bytes)}`], ['gzip', 'hello']);
});

test('HEAD is HEAD, refused too', async () => {
  answering(200, { 'content-length': '5' });
  const answer = await send('HEAD', SESSIONS, { token });
  assert.deepEqual([answer.status, answer.headers['content-length'], answer.text], [200, '5', '']);
  assert.equal(opened.origin.received[0].method, 'HEAD');
  const refused = await send('HEAD', SESSIONS);
  assert.deepEqual([refused.status, refused.text], [401, '']);
  assert.equal(refused.headers['www-authenticate'], 'Bearer realm="cog"');
});

test('methods and bodies are kept', async () => {
  answering(200, {}, 'ok');
  for (const [method, path] of [['POST', SESSIONS], ['PUT', `${SESSIONS}/d1/tags`], ['PATCH', '/v3/organizations/org-a/schedules/s1'], ['DELETE', '/v3/organizations/org-a/tags']]) {
    const body = `{"method":"${method}","é":1}`;
    assert.equal((await send(method, path, { token, body, headers: { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) } })).status, 200, path);
    const received = opened.origin.received.at(-1);
    assert.deepEqual([received.method, received.body, received.headers['content-type']], [method, body, 'application/json']);
    assert.equal(received.headers['content-length'], String(Buffer.byteLength(body)));
  }
  assert.equal((await send('PATCH', '/anything', { token: 'cog_older', body: 'as it was' })).status, 200);
  const { method, url, body } = opened.origin.received.at(-1);
  assert.deepEqual([method, url, body], ['PATCH', '/anything', 'as it was']);
  // A body without meaning, but not one that becomes the next request.
  assert.equal((await send('GET', SESSIONS, { token, body: 'odd', headers: { 'content-length': 3 } })).status, 200);
  assert.deepEqual([opened.origin.received.at(-1).method, opened.origin.received.length], ['GET', 6]);
});

test('bodies stream, in both directions', async () => {
  const port = opened.ports.guard;
  const steps = [];
  const chunk = (name) => `${name.length.toString(16)}\r\n${name}\r\n`;
  const client = net.connect(port, '127.0.0.1');
  // Each part is sent only after the one before has arrived at the other end.
  respond = (request, response) => {
    request.on('data', (data) => {
      steps.push(`origin has ${data}`);
      if (`${data}` === 'first') client.write(chunk('second') + chunk('').trimEnd() + '\r\n\r\n');
      else response.write('third');
    });
    client.on('data', (data) => {
      if (`${data}`.includes('third')) {
        steps.push('client has third');
        response.end('fourth');
      }
      if (`${data}`.includes('fourth')) client.end(() => steps.push('client has fourth'));
    });
  };
  client.write(`POST ${SESSIONS} HTTP/1.1\r\nHost: guard\r\nAuthorization: Bearer ${token}\r\nTransfer-Encoding: chunked\r\n\r\n${chunk('first')}`);
  await new Promise((done, fail) => client.on('close', done).setTimeout(5000, () => fail(new Error(`only ${steps}`))));
  assert.deepEqual(steps, ['origin has first', 'origin has second', 'client has third', 'client has fourth']);
});

test('a large body arrives whole', async () => {
  let length = 0;
  respond = (request, response) => request.on('data', (data) => (length += data.length)).on('end', () => response.end('ok'));
  assert.equal((await send('POST', SESSIONS, { token, body: Buffer.alloc(5_000_000, 'a') })).status, 200);
  assert.equal(length, 5_000_000);
  // Refused, it is not waited for.
  assert.equal((await send('POST', SESSIONS, { body: Buffer.alloc(100_000, 'a') })).status, 401);
  assert.equal(length, 5_000_000);
});

test('a preflight is answered as CORS asks, and goes nowhere', async () => {
  answering(200, {}, 'ok');
  const headers = { origin: APP, 'access-control-request-method': 'POST', 'access-control-request-headers': 'authorization' };
  for (const path of [SESSIONS, '/nowhere', '/v3/%2e%2e/x']) {
    const answer = await send('OPTIONS', path, { headers });
    assert.deepEqual([answer.status, answer.text], [204, '']);
    assert.equal(answer.headers['access-control-allow-origin'], APP);
    assert.equal(answer.headers['access-control-allow-headers'], 'authorization, content-type');
    assert.equal(answer.headers['access-control-allow-methods'], 'GET, HEAD, POST, PUT, PATCH, DELETE');
    assert.equal(answer.headers['access-control-max-age'], '600');
    assert.equal(answer.headers.vary, 'Origin');
    assert.equal(answer.headers['access-control-allow-credentials'], undefined);
  }
  for (const origin of ['https://evil.example', `${APP}.evil.example`, 'null', 'https://app.example https://admin.example', '']) {
    const answer = await send('OPTIONS', SESSIONS, { headers: { ...headers, origin } });
    assert.deepEqual([answer.status, answer.headers['access-control-allow-origin'], answer.headers.vary], [204, undefined, 'Origin']);
  }
  assert.equal((await send('OPTIONS', SESSIONS, { token })).status, 204);
  assert.deepEqual(opened.origin.received, []);
});

test('pages of allowed origins can read answers and refusals, others cannot', async () => {
  answering(200, { 'access-control-allow-origin': '*', vary: 'Accept' }, 'ok');
  const asked = async (origin, more) => (await send('GET', SESSIONS, { ...more, headers: { origin } })).headers;
  const cases = [
    [{ token }, 'Accept, Origin'], [{}, 'Origin'], [{ token: issuer.mint() }, 'Origin'], [{ token, to: 'wrong keys' }, 'Origin'],
    [{ token, to: 'without an origin' }, 'Origin'],
  ];
  for (const [more, vary] of cases) {
    for (const origin of [APP, 'https://admin.example']) {
      const headers = await asked(origin, more);
      assert.equal(headers['access-control-allow-origin'], origin);
      assert.equal(headers['access-control-expose-headers'], 'www-authenticate, retry-after');
      assert.equal(headers.vary, vary);
    }
    for (const origin of ['https://evil.example', 'null']) {
      const headers = await asked(origin, more);
      assert.deepEqual([headers['access-control-allow-origin'], headers.vary], [undefined, vary]);
    }
  }
});

const FAILURES = { 'wrong keys': 'wrong_key_use', 'no keys': 'invalid_key_set', 'no secret': 'DataError', trapping: 'fault' };
for (const [to, error] of Object.entries(FAILURES)) {
  test(`a failure is no pass: ${to}`, async () => {
    answering(200, {}, 'ok');
    opened.logs.length = 0;
    for (let times = 0; times < 3; times++) {
      const answer = await send('GET', SESSIONS, { token, to });
      assert.deepEqual([answer.status, answer.headers['retry-after'], answer.json().code], [503, '5', 'unavailable']);
      assert.equal(answer.headers['content-type'], 'application/problem+json');
    }
    assert.ok(opened.logs.includes(JSON.stringify({ outcome: 'failed', error })), opened.logs.join());
    assert.deepEqual(opened.origin.received, []);
  });
}

test('a client that asks for another protocol is answered over HTTP', async () => {
  answering(200, {}, 'ok');
  const headers = { connection: 'Upgrade', upgrade: 'websocket', 'sec-websocket-key': 'dGhlIHNhbXBsZSBub25jZQ==', 'sec-websocket-version': '13' };
  const answer = await send('GET', SESSIONS, { token, headers });
  assert.deepEqual([answer.status, answer.text], [200, 'ok']);
  const received = opened.origin.received[0].headers;
  assert.deepEqual([received.upgrade, received['sec-websocket-key']], [undefined, undefined]);
});

// An origin that answers with these bytes, and then with nothing.
const raw = (bytes) => {
  opened.origin.received.length = 0;
  respond = (request, response) => void request.socket.end(bytes);
};
const CORS = { origin: APP };

test('a status that HTTP does not have, and an upgrade, is 502 that a page can read', async () => {
  const upgrade = 'Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: x\r\n';
  for (const start of [
    `101 Switching Protocols\r\n${upgrade}`, '099 Odd\r\n', '000 Odd\r\n', '600 Odd\r\n', '999 Odd\r\n', '1000 Odd\r\n', 'abc Odd\r\n',
    '-20 Odd\r\n', '200 OK\r\nContent-Length: x\r\n', '200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n', '200 OK\r\nno colon\r\n',
  ]) {
    raw(`HTTP/1.1 ${start}\r\n`);
    const answer = await send('GET', SESSIONS, { token, headers: CORS });
    assert.deepEqual([answer.status, answer.json().code], [502, 'bad_gateway'], start);
    assert.equal(answer.headers['content-type'], 'application/problem+json', start);
    assert.equal(answer.headers['access-control-allow-origin'], APP, start);
  }
  for (const bytes of ['', 'HTTP/1.1', 'SSH-2.0-x\r\n']) {
    raw(bytes);
    const answer = await send('GET', SESSIONS, { token, headers: CORS });
    assert.deepEqual([answer.status, answer.json().code, answer.headers['access-control-allow-origin']], [502, 'bad_gateway', APP], bytes);
  }
});

test('an odd status that HTTP allows comes back with CORS', async () => {
  for (const status of [203, 205, 218, 299, 300, 306, 399, 418, 451, 499, 520, 599]) {
    raw(`HTTP/1.1 ${status} Odd\r\nConnection: close\r\nContent-Length: ${status === 205 ? 0 : 2}\r\n\r\n${status === 205 ? '' : 'ok'}`);
    const answer = await send('GET', SESSIONS, { token, headers: CORS });
    assert.deepEqual([answer.status, answer.headers['access-control-allow-origin']], [status, APP]);
    if (status !== 205) assert.equal(answer.text, 'ok');
  }
  // A body where none may be.
  for (const status of [204, 205, 304]) {
    raw(`HTTP/1.1 ${status} Odd\r\nConnection: close\r\nContent-Length: 2\r\n\r\nok`);
    const answer = await send('GET', SESSIONS, { token, headers: CORS });
    assert.ok([status, 502].includes(answer.status), `${status}: ${answer.status}`);
    assert.equal(answer.headers['access-control-allow-origin'], APP, status);
  }
});

test('an origin that does not answer is 502', async () => {
  const answer = await send('GET', SESSIONS, { token, to: 'without an origin' });
  assert.deepEqual([answer.status, answer.json().code], [502, 'bad_gateway']);
});

test('each outcome leaves one audit record, in the log and in the sink', async () => {
  answering(200, {}, 'ok');
  await new Promise((done) => setTimeout(done, 200));
  await opened.audited(0);
  opened.logs.length = 0;
  await send('GET', SESSIONS, { token });
  await send('GET', SESSIONS, { token: issuer.mint() });
  await send('GET', SESSIONS);
  await send('OPTIONS', SESSIONS);
  await send('GET', SESSIONS, { token: 'cog_older' });
  const audits = await opened.audited(3);
  assert.deepEqual(opened.logs, audits);
  const said = audits.map(JSON.parse).map(({ outcome, code, principal, credential }) => [outcome, code, principal?.id, credential?.handle]);
  assert.deepEqual(said[0], ['allowed', undefined, 'su_ci', token.slice(0, 23)]);
  assert.deepEqual(said[1].slice(0, 3), ['refused', 'unknown_credential', undefined]);
  assert.deepEqual(said[2], ['refused', 'missing_credential', undefined, undefined]);
  assert.ok(!audits.join().includes(token.slice(23)));
});
