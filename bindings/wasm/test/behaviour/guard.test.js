// A gate before a handler: what reaches it, what is answered in its place, and what a store may do.

import assert from 'node:assert/strict';
import { once } from 'node:events';
import http from 'node:http';
import { after, test } from 'node:test';
import { load } from '../installed.js';
import { NOW, edgeKeys, facts as known, http as asked, image, record as stored, token } from './base.js';

const { EdgeKeys, Gate, Policy } = await load('cog-auth/edge');
const { guardFetch, guardNode } = await load('cog-auth/guard');
const keys = new EdgeKeys(edgeKeys);
const policy = new Policy(image);
const gate = new Gate({ policy, keys, maxRecordAge: 60, passOn: true, preflight: true });

const never = () => new Promise(() => {});
const fail = () => { throw new Error('the store fails'); };
const audits = [];
const reports = [];
const options = {
  gate,
  record: async (id) => (id === stored.id ? { record: stored, fetchedAt: NOW } : undefined),
  facts: async (principal) => (principal === stored.principal ? known : undefined),
  audit: (line) => audits.push(JSON.parse(line)),
  now: () => NOW,
  report: (error) => reports.push(error),
};

// Each way to serve a request: one of Fetch, one of Node over a socket, and Node as Fastify hands
// it over.
const overFetch = (given) => {
  const guarded = guardFetch(given, async (request, step, ...rest) => Response.json({ step: step.step, id: step.principal?.id, rest }));
  return async (method, path, headers) => {
    const answer = await guarded(new Request(`http://api.example${path}`, { method, headers }), 'env');
    return { status: answer.status, headers: Object.fromEntries(answer.headers), text: await answer.text() };
  };
};
const servers = [];
after(() => servers.forEach((server) => server.close()));
const overNode = (wrap) => async (given) => {
  const guard = guardNode(given);
  const server = http.createServer((request, response) => {
    const [asks, answers, cogAuth] = wrap(request, response);
    guard(asks, answers, (error) => {
      const step = cogAuth();
      response.setHeader('content-type', 'application/json');
      response.end(JSON.stringify(error ? { error: String(error) } : { step: step.step, id: step.principal?.id, rest: ['env'] }));
    });
  }).listen(0, '127.0.0.1');
  servers.push(server);
  await once(server, 'listening');
  return (method, path, headers) => new Promise((resolve, reject) => {
    const sent = http.request({ host: '127.0.0.1', port: server.address().port, method, path, headers, agent: false }, async (response) => {
      let text = '';
      for await (const data of response) text += data;
      resolve({ status: response.statusCode, headers: response.headers, text });
    });
    sent.on('error', reject).end();
  });
};
const WAYS = {
  fetch: overFetch,
  express: overNode((request, response) => [request, response, () => request.cogAuth]),
  fastify: overNode((raw, response) => {
    const request = { raw };
    let hijacked = false;
    return [request, { raw: { writeHead: (...head) => (assert.ok(hijacked), response.writeHead(...head)), end: (body) => response.end(body) }, hijack: () => (hijacked = true) }, () => request.cogAuth];
  }),
};
const bearer = { authorization: `Bearer ${token}` };

test('facts are asked about a principal of a type', async () => {
  const questions = [];
  const ask = (...question) => { questions.push(question); return known; };
  const send = await overFetch({ ...options, facts: ask });
  assert.equal((await send('GET', asked.target, bearer)).status, 200);
  const { principal, organization } = known;
  assert.deepEqual(questions, [[principal.id, organization?.id, undefined, 'service_user']]);
});

for (const [way, open] of Object.entries(WAYS)) {
  test(`${way}: allowed, refused, passed on, preflight`, async () => {
    const send = await open(options);
    audits.length = 0;
    const allowed = await send('GET', `${asked.target}?a=b`, bearer);
    assert.deepEqual([allowed.status, JSON.parse(allowed.text)], [200, { step: 'allowed', id: stored.principal, rest: ['env'] }]);
    const nobody = await send('GET', asked.target);
    assert.deepEqual([nobody.status, JSON.parse(nobody.text).code, nobody.headers['content-type']], [401, 'missing_credential', 'application/problem+json']);
    assert.equal(nobody.headers['www-authenticate'], 'Bearer realm="cog"');
    const path = await send('GET', '/v3/organizations/org-a/sess%69ons', bearer);
    assert.equal(path.status, 400);
    assert.deepEqual(audits.map(({ outcome }) => outcome), ['allowed', 'refused', 'refused']);
    const older = await send('GET', '/anything', { authorization: 'Bearer cog_anOlderOpaqueCredentialOf37Characters' });
    assert.deepEqual([older.status, JSON.parse(older.text).step], [200, 'pass_on']);
    assert.deepEqual([(await send('OPTIONS', asked.target)).status, audits.length], [204, 3]);
    assert.deepEqual(reports, []);
  });

  test(`${way}: absent is 401, and unavailable is 503`, async () => {
    const stores = {
      'no record': [{ record: async () => undefined }, 401, 'unknown_credential'],
      'null for a record': [{ record: () => null }, 401, 'unknown_credential'],
      'no principal': [{ facts: () => undefined }, 401, 'unknown_principal'],
      'a record too old': [{ record: () => ({ record: stored, fetchedAt: NOW - 61 }) }, 503, 'stale_record'],
      'a record of no age': [{ record: () => ({ record: stored }) }, 503, 'stale_record'],
      'records that throw': [{ record: fail }, 503, 'unavailable'],
      'records that reject': [{ record: async () => fail() }, 503, 'unavailable'],
      'records that are late': [{ record: never, deadline: 20 }, 503, 'unavailable'],
      'facts that throw': [{ facts: fail }, 503, 'unavailable'],
      'facts that are late': [{ facts: never, deadline: 20 }, 503, 'unavailable'],
      'a record in another form': [{ record: () => stored }, 503, 'unavailable'],
      'no record but true': [{ record: () => true }, 503, 'unavailable'],
      'facts of another': [{ facts: () => ({ principal: { ...known.principal, id: 'x' } }) }, 503, 'invalid_facts'],
      'facts that are none': [{ facts: () => 1 }, 503, 'unavailable'],
    };
    for (const [what, [store, status, code]] of Object.entries(stores)) {
      audits.length = 0;
      const answer = await (await open({ ...options, ...store }))('GET', asked.target, bearer);
      assert.deepEqual([answer.status, audits.map((audit) => audit.code)], [status, [code]], what);
      if (status === 503) assert.equal(answer.headers['retry-after'], '5');
      assert.equal(answer.headers['cache-control'], 'no-store');
    }
  });

  test(`${way}: whatever fails refuses`, async () => {
    const broken = {
      'a gate that throws': { gate: { begin: fail } }, 'an audit that throws': { audit: fail }, 'an audit that rejects': { audit: async () => fail() },
      'no clock': { now: () => undefined }, 'a clock that throws': { now: fail }, 'a context that throws': { context: fail },
      'a reserved context': { context: () => ({ time: 1 }) },
    };
    for (const [what, part] of Object.entries(broken)) {
      reports.length = 0;
      const answer = await (await open({ ...options, ...part }))('GET', asked.target, bearer);
      assert.deepEqual([answer.status, JSON.parse(answer.text).code, answer.headers['retry-after']], [503, 'unavailable', '5'], what);
      assert.equal(answer.headers['content-type'], 'application/problem+json');
      assert.equal(reports.length, 1, what);
    }
    reports.length = 0;
  });
}

test('Node shows every line of Authorization', async () => {
  const send = await WAYS.express(options);
  const answer = await send('GET', asked.target, { authorization: [bearer.authorization, bearer.authorization] });
  assert.deepEqual([answer.status, JSON.parse(answer.text).code], [400, 'several_credentials']);
});

test('where Express strips a prefix, the whole target is judged', async () => {
  const send = await overNode((request, response) => {
    request.originalUrl = request.url;
    request.url = '/sessions';
    return [request, response, () => request.cogAuth];
  })(options);
  assert.equal((await send('GET', asked.target, bearer)).status, 200);
});

test('what is missing is said at once', () => {
  for (const guard of [guardFetch, guardNode]) {
    for (const name of ['record', 'facts', 'gate', 'now', 'report']) {
      assert.throws(() => guard({ ...options, [name]: null }, () => {}), { message: new RegExp(`^${name}(\\.begin)? must be a function$`) });
    }
  }
});

test('options are own properties, and none that means nothing', async () => {
  assert.throws(() => guardFetch({ ...options, deadlin: 1 }, () => {}), { message: 'options has no member deadlin' });
  assert.throws(() => guardNode({ ...options, audits: 1 }), { message: 'options has no member audits' });
  assert.throws(() => guardNode(), { message: 'record must be a function' });
  const send = await WAYS.fetch({ ...options, audit: undefined });
  const inherited = { context: fail, audit: fail, deadline: 0, preflight: () => new Response('inherited') };
  Object.assign(Object.prototype, inherited);
  try {
    const guarded = guardFetch(options, () => new Response('ok'));
    for (const [method, status] of [['GET', 200], ['OPTIONS', 204]]) {
      assert.equal((await guarded(new Request(`http://api.example${asked.target}`, { method, headers: bearer }))).status, status);
    }
  } finally {
    for (const name of Object.keys(inherited)) delete Object.prototype[name];
  }
  assert.equal((await send('GET', asked.target, bearer)).status, 200);
});

test('what the handler throws is the server\'s', async () => {
  const mine = new Error('mine');
  const guarded = guardFetch(options, () => { throw mine; });
  await assert.rejects(guarded(new Request(`http://api.example${asked.target}`, { headers: bearer })), mine);
});
