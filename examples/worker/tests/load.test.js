// A thousand requests at once, each answered as its own.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { revokeRecord } from 'cog-auth';
import { activate, makeIssuer, now, open } from './harness.js';

const issuer = makeIssuer();
const principals = [];
let opened;

before(async () => {
  opened = await open({ edgeKeys: issuer.edgeKeys });
  for (let index = 0; index < 10; index++) {
    const kind = index % 2 ? 'personal_access_token' : 'service_user_key';
    const id = `principal_${index}`;
    const organization = `org-${index}`;
    await issuer.putFacts(opened.FACTS, `organization:${organization}`, { ...issuer.organization, id: organization });
    const memberships = [{ organization, roles: ['org_admin'], permissions: [] }];
    principals.push({ id, organization, token: await activate(issuer, opened, { id, kind, facts: { memberships } }) });
  }
  const token = await activate(issuer, opened, { id: 'revoked' });
  const { value } = await opened.RECORDS.getWithMetadata(token.slice(11, 23));
  await issuer.putRecord(opened.RECORDS, revokeRecord(value, now()));
  principals.push({ id: 'revoked', token });
});
after(() => opened?.close());

test('a thousand at once', async () => {
  const revoked = principals.at(-1);
  const answers = await Promise.all(Array.from({ length: 1000 }, async (_, index) => {
    const own = principals[index % 10];
    const other = principals[(index + 1) % 10];
    const path = ({ organization }) => `/v3/organizations/${organization}/sessions?request=${index}`;
    const send = (path, token) => opened.send('GET', path, { token });
    switch (index % 7) {
      case 0: return { answer: await send(path(own), undefined), status: 401, code: 'missing_credential' };
      case 1: return { answer: await send(path(own), revoked.token), status: 401, code: 'invalid_credential' };
      case 2: return { answer: await send(path(other), own.token), status: 403, code: 'denied' };
      default: return { answer: await send(path(own), own.token), status: 200, own, index };
    }
  }));
  for (const { answer, status, code, own } of answers) {
    assert.equal(answer.status, status, answer.text);
    const body = answer.json();
    if (code) assert.equal(body.code, code);
    else assert.deepEqual([body.principal.id, body.credential.id, body.organization], [own.id, own.token.slice(11, 23), own.organization]);
  }
  const allowed = answers.filter(({ status }) => status === 200).length;
  assert.ok(allowed > 500 && allowed < 600);
  // The origin has seen the allowed ones alone, each under its own name.
  assert.equal(opened.origin.received.length, allowed);
  for (const { url, headers } of opened.origin.received) {
    const index = Number(/request=(\d+)$/.exec(url)[1]);
    assert.equal(headers['x-cog-principal-id'], principals[index % 10].id);
  }
  assert.equal((await opened.audited(1000)).length, 1000);
});
