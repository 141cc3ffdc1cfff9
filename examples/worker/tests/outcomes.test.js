// What a client is answered: each class of denial, each way to be nobody, and what the stores do.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { rotateRecord, revokeRecord } from 'cog-auth';
import { FAILING, HANGING, activate, makeIssuer, now, open } from './harness.js';

const issuer = makeIssuer();
let opened, send;
const tokens = {};

before(async () => {
  opened = await open({
    edgeKeys: issuer.edgeKeys,
    variants: {
      'records fail': { services: { RECORDS: FAILING } },
      'records hang': { services: { RECORDS: HANGING } },
      'facts fail': { services: { FACTS: FAILING } },
      'facts hang': { services: { FACTS: HANGING } },
    },
  });
  ({ send } = opened);
  await issuer.putFacts(opened.FACTS, 'organization:org-a', issuer.organization);
  tokens.admin = await activate(issuer, opened, { id: 'su_admin' });
  tokens.user = await activate(issuer, opened, { id: 'user_01', kind: 'personal_access_token' });
});
after(() => opened?.close());

const SESSIONS = '/v3/organizations/org-a/sessions';
const get = (token, path = SESSIONS, more) => send('GET', path, { token, ...more });

// Nothing reaches the origin, whoever asks.
const refused = async (asking, status, expected) => {
  opened.origin.received.length = 0;
  const answer = await asking;
  assert.equal(answer.status, status, answer.text);
  assert.equal(answer.headers['content-type'], 'application/problem+json');
  assert.equal(answer.headers['cache-control'], 'no-store');
  const body = answer.json();
  assert.equal(body.status, status);
  for (const [member, value] of Object.entries(expected)) assert.deepEqual(body[member], value, member);
  assert.deepEqual(opened.origin.received, []);
  return answer;
};
// What the last request left: one record.
const lastAudit = async () => {
  const audits = await opened.audited(1);
  assert.equal(audits.length, 1);
  return JSON.parse(audits[0]);
};
const unavailable = async (asking) => {
  const answer = await refused(asking, 503, { code: 'unavailable', title: 'Service Unavailable' });
  assert.equal(answer.headers['retry-after'], '5');
};

test('allowed: the origin is told whose it is, and nothing else', async () => {
  const answer = await get(tokens.admin, `${SESSIONS}?limit=1&cursor=a%20b`);
  assert.equal(answer.status, 200);
  assert.deepEqual(answer.json(), {
    principal: { type: 'service_user', id: 'su_admin' },
    credential: { kind: 'service_user_key', id: tokens.admin.slice(11, 23), handle: tokens.admin.slice(0, 23) },
    action: 'ViewOrgSessions',
    organization: 'org-a',
    undecided: [],
  });
  const [{ url, headers }] = opened.origin.received.slice(-1);
  assert.equal(url, `${SESSIONS}?limit=1&cursor=a%20b`);
  assert.equal(headers.authorization, undefined);
  assert.ok(!JSON.stringify(headers).includes(tokens.admin.slice(23)));
});

test('forbidden', async () => {
  const token = await activate(issuer, opened, {
    id: 'user_sso', kind: 'personal_access_token', facts: { account: { id: 'acct_7', sso: true, plan: 'team', features: ['pat_beta'] } },
  });
  const answer = await refused(get(token), 403, { code: 'denied', class: 'forbidden' });
  assert.deepEqual(answer.json().reasons.map(({ code }) => code), ['pat_excluded_for_sso']);
  assert.equal(answer.headers['www-authenticate'], undefined);
});

test('requirement: a scope is missing, which another token cures', async () => {
  const token = await activate(issuer, opened, { id: 'su_narrow', scopes: ['ViewOrgSessions'] });
  assert.equal((await get(token)).status, 200);
  const answer = await refused(get(token, '/v3/organizations/org-a/tags'), 403, { class: 'requirement' });
  assert.deepEqual(answer.json().reasons.map(({ code }) => code), ['scope_missing']);
  assert.equal(answer.headers['www-authenticate'], 'Bearer realm="cog", error="insufficient_scope", scope="ViewOrgTags"');
});

test('requirement: another organization, which no scope cures', async () => {
  const token = await activate(issuer, opened, { id: 'su_elsewhere', organizations: ['org-b'] });
  const answer = await refused(get(token), 403, { class: 'requirement' });
  assert.deepEqual(answer.json().reasons.map(({ code }) => code), ['organization_not_covered']);
  assert.equal(answer.headers['www-authenticate'], undefined);
});

test('no grant', async () => {
  const token = await activate(issuer, opened, { id: 'su_nothing', facts: { memberships: [] } });
  const answer = await refused(get(token), 403, { class: 'no_grant' });
  assert.deepEqual(answer.json().reasons.map(({ code }) => code), ['no_grant']);
});

test('indeterminate: what the facts do not say opens nothing', async () => {
  const token = await activate(issuer, opened, { id: 'su_unknown', facts: { memberships: undefined } });
  await refused(get(token), 403, { class: 'indeterminate' });
});

test('no route, and no such method', async () => {
  const answer = await refused(get(tokens.admin, '/v3/organizations/org-a/nowhere'), 403, { code: 'denied', class: 'no_grant' });
  assert.deepEqual(answer.json().reasons.map(({ code }) => code), ['unknown_route']);
  const other = await refused(send('PUT', SESSIONS, { token: tokens.admin, body: '{}' }), 405, { code: 'method_not_allowed' });
  assert.equal(other.headers.allow, 'GET, HEAD, POST');
  // Both only for whom is known.
  await refused(send('PUT', SESSIONS), 401, { code: 'missing_credential' });
  await refused(send('GET', '/nowhere'), 401, { code: 'missing_credential' });
});

test('401: nothing, another scheme', async () => {
  for (const headers of [{}, { authorization: '' }, { authorization: 'Basic YTpi' }, { authorization: tokens.admin }]) {
    const answer = await refused(send('GET', SESSIONS, { headers }), 401, { code: 'missing_credential' });
    assert.equal(answer.headers['www-authenticate'], 'Bearer realm="cog"');
  }
});

test('401: what a client is told of its own token', async () => {
  const typo = tokens.admin.slice(0, 40) + (tokens.admin[40] === 'a' ? 'b' : 'a') + tokens.admin.slice(41);
  const told = {
    missing_prefix: 'sk_live_1234567890',
    checksum_mismatch: typo,
    invalid_character: `${tokens.admin.slice(0, 40)}-${tokens.admin.slice(41)}`,
    sample_token: issuer.mint('sample'),
    expired: issuer.mint('service_user_key', 1),
  };
  for (const [code, token] of Object.entries(told)) {
    const answer = await refused(get(token), 401, { code });
    assert.equal(answer.headers['www-authenticate'], 'Bearer realm="cog", error="invalid_token"');
  }
});

test('401: of every other token, the same', async () => {
  const record = (token, draft) => issuer.record(token, { principal: 'su_admin', ...draft });
  const put = async (token, text) => (await issuer.putRecord(opened.RECORDS, text), token);

  // The record of another secret under the id of this token.
  const wrongSecret = issuer.mint();
  const other = JSON.parse(record(issuer.mint()));
  const rotated = issuer.mint();
  const successor = record(issuer.mint());
  const revoked = issuer.mint();
  const expired = issuer.mint();
  const early = issuer.mint();
  const disabled = await activate(issuer, opened, { id: 'su_disabled', facts: { disabled: true } });
  const gone = issuer.mint();

  const refusals = {
    unknown_credential: issuer.mint(),
    unknown_key_id: makeIssuer('zZ').mint(),
    tag_mismatch: makeIssuer().mint(),
    digest_mismatch: await put(wrongSecret, JSON.stringify({ ...other, id: wrongSecret.slice(11, 23) })),
    revoked: await put(revoked, revokeRecord(record(revoked), now() - 10)),
    rotated: await put(rotated, rotateRecord(record(rotated), successor, now() - 5, now() - 10)),
    record_expired: await put(expired, record(expired, { expiresAt: now() - 1 })),
    not_yet_valid: await put(early, record(early, { notBefore: now() + 1000 })),
    unknown_principal: await put(gone, record(gone, { principal: 'su_gone' })),
    disabled_principal: disabled,
  };
  const bodies = new Set();
  for (const [code, token] of Object.entries(refusals)) {
    await opened.audited(0);
    const answer = await refused(get(token), 401, { code: 'invalid_credential', detail: 'the credential is not valid' });
    assert.equal(answer.headers['www-authenticate'], 'Bearer realm="cog", error="invalid_token"');
    bodies.add(answer.text);
    // The truth is for the audit.
    assert.equal((await lastAudit()).code, code);
  }
  assert.equal(bodies.size, 1);
});

test('400: several credentials, a malformed header', async () => {
  const bearer = `Bearer ${tokens.admin}`;
  for (const [authorization, code] of [
    [[bearer, bearer], 'several_credentials'],
    [[bearer, 'Basic YTpi'], 'several_credentials'],
    [`${bearer}, ${bearer}`, 'several_credentials'],
    ['Bearer', 'malformed_header'],
    [`Bearer=${tokens.admin}`, 'malformed_header'],
  ]) {
    const answer = await refused(send('GET', SESSIONS, { headers: { authorization } }), 400, { code });
    assert.equal(answer.headers['www-authenticate'], 'Bearer realm="cog", error="invalid_request"');
  }
});

test('a huge header and odd bytes are refused', async () => {
  await refused(get(`${'a'.repeat(60_000)}`), 401, { code: 'missing_prefix' });
  await refused(get(`${tokens.admin}\xff\xc3`.slice(4)), 401, { code: 'missing_prefix' });
  // As text it is longer than a token: passed on, like an older credential, as nobody's.
  assert.equal((await get(`${tokens.admin.slice(0, 79)}\xe9\xff`)).status, 401);
  assert.equal(opened.origin.received[0].headers['x-cog-proof'], undefined);
});

test('a revoked token is refused with the next read', async () => {
  const token = await activate(issuer, opened, { id: 'su_revoked' });
  assert.equal((await get(token)).status, 200);
  const { value } = await opened.RECORDS.getWithMetadata(token.slice(11, 23));
  await issuer.putRecord(opened.RECORDS, revokeRecord(value, now()));
  await refused(get(token), 401, { code: 'invalid_credential' });
});

test('a rotated token works until its grace is over', async () => {
  const [token, next] = [issuer.mint(), issuer.mint()];
  const [record, successor] = [token, next].map((minted) => issuer.record(minted, { principal: 'su_admin' }));
  const until = now() + 3;
  await issuer.putRecord(opened.RECORDS, rotateRecord(record, successor, until, now()));
  await issuer.putRecord(opened.RECORDS, successor);
  assert.equal((await get(token)).status, 200);
  assert.equal((await get(next)).status, 200);
  await new Promise((done) => setTimeout(done, until * 1000 - Date.now()));
  await refused(get(token), 401, { code: 'invalid_credential' });
  assert.equal((await get(next)).status, 200);
});

test('503: a store that fails, or is late', async () => {
  for (const to of ['records fail', 'records hang', 'facts fail', 'facts hang']) {
    const began = Date.now();
    await opened.audited(0);
    await unavailable(get(tokens.admin, SESSIONS, { to }));
    assert.ok(Date.now() - began < 5000, to);
    assert.equal((await lastAudit()).code, 'unavailable', to);
  }
  // Who sends no token of ours needs no store.
  await refused(send('GET', SESSIONS, { to: 'records fail' }), 401, { code: 'missing_credential' });
});

// What is no time, or none that is recent: text that JavaScript would compare, fractions, what is
// beyond what clocks differ by.
const badTimes = () => [
  undefined, {}, [], 'now', ...[
    now() - 302, now() + 400, now() + 1e9, 1e300, -1, now() + 0.5, String(now()), [now()], { at: now() }, true, null, 'now', '', 2 ** 53,
  ].map((fetched_at) => ({ fetched_at })),
].map((metadata) => (metadata === undefined ? undefined : { metadata }));

test('503: a stale record, and one that does not say how old it is', async () => {
  const token = issuer.mint();
  const record = issuer.record(token, { principal: 'su_admin' });
  for (const options of badTimes()) {
    await opened.RECORDS.put(token.slice(11, 23), record, options);
    await opened.audited(0);
    await unavailable(get(token));
    assert.equal((await lastAudit()).code, 'stale_record', JSON.stringify(options));
  }
  for (const ago of [290, 0, -290]) {
    await issuer.putRecord(opened.RECORDS, record, now() - ago);
    assert.equal((await get(token)).status, 200);
  }
});

test('503: stale facts, and those that do not say how old they are', async () => {
  const token = await activate(issuer, opened, { id: 'su_stale' });
  const principal = JSON.stringify(issuer.facts('service_user', 'su_stale'));
  const organization = JSON.stringify(issuer.organization);
  for (const [key, facts] of [['principal:su_stale', principal], ['organization:org-a', organization]]) {
    for (const options of badTimes()) {
      await opened.FACTS.put(key, facts, options);
      await unavailable(get(token));
    }
    for (const ago of [290, 0, -290]) {
      await issuer.putFacts(opened.FACTS, key, facts, now() - ago);
      assert.equal((await get(token)).status, 200);
    }
  }
});

test('503: what KV holds cannot be read', async () => {
  const token = issuer.mint();
  const id = token.slice(11, 23);
  const good = issuer.record(token, { principal: 'su_admin' });
  const metadata = { fetched_at: now() };
  for (const text of ['', 'null', '{', good.slice(0, -1), `${good} {}`, good.replace('"v":1', '"v":1,"expire_at":1'), good.replace('"v":1', '"v":1,"v":1')]) {
    await opened.RECORDS.put(id, text, { metadata });
    await unavailable(get(token));
  }
  await opened.RECORDS.put(id, good, { metadata });
  assert.equal((await get(token)).status, 200);

  const odd = await activate(issuer, opened, { id: 'su_odd' });
  const facts = JSON.stringify(issuer.facts('service_user', 'su_odd'));
  for (const text of ['', '[]', facts.slice(0, -1), facts.replace('"disabled":false', '"disabled":true,"disabled":false'), facts.replace('su_odd', 'su_admin'), `${facts},"organization":null`]) {
    await issuer.putFacts(opened.FACTS, 'principal:su_odd', text);
    await unavailable(get(odd));
  }
});

test('an id that KV cannot have as a key is 503, an id of any characters is told as it is', async () => {
  await unavailable(get(tokens.admin, `/v3/organizations/${'o'.repeat(600)}/sessions`));
  const id = 'su \n"é😀", x-cog-action: *';
  const token = await activate(issuer, opened, { id });
  assert.deepEqual((await get(token)).json().principal, { type: 'service_user', id });
});
