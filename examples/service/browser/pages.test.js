// The pages in Chromium: what people do there, with the keyboard, and what axe says of each page.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { after, test } from 'node:test';
import { close, open, origin, signIn } from './service.js';

after(close);

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const TOKEN = /^cog_1[sp][0-9A-Za-z]{75}$/;

/** Nothing on the page hinders anybody, by the rules of axe. */
const accessible = async (page) => {
  await page.evaluate(AXE);
  const { violations } = await page.evaluate(() => axe.run(document, { resultTypes: ['violations'] }));
  assert.deepEqual(violations.map(({ id, nodes }) => [id, nodes.map(({ html }) => html)]), [], page.url());
};

const call = async (token) => {
  const headers = { authorization: `Bearer ${token}` };
  return (await fetch(`${origin}/v3/organizations/org-research/sessions`, { headers })).status;
};

const create = async (page, name) => {
  await page.getByLabel('Name').fill(name);
  await page.getByRole('button', { name: 'Create' }).press('Enter');
  const token = await page.getByRole('status', { name: 'The token' }).innerText();
  assert.match(token, TOKEN);
  return token;
};

test('a token is made, shown once, used, replaced and revoked', async () => {
  const { page, errors, foreign } = await open();
  await page.goto(`${origin}/`);
  await accessible(page);
  await signIn(page, /^Ben,/);
  await accessible(page);

  const token = await create(page, 'laptop');
  await accessible(page);
  assert.equal(await call(token), 200);

  await page.getByRole('link', { name: 'Account settings' }).click();
  assert.ok(!(await page.content()).includes(token.slice(23)));
  await page.getByRole('link', { name: 'laptop' }).click();
  await accessible(page);
  await page.getByLabel('Minutes for which the old token stays good').fill('0');
  await page.getByRole('button', { name: 'Replace' }).click();
  const next = await page.getByRole('status', { name: 'The token' }).innerText();
  assert.deepEqual([await call(token), await call(next)], [401, 200]);

  await page.getByRole('link', { name: 'Go to its page' }).click();
  await page.getByRole('button', { name: 'Revoke' }).click();
  await page.getByRole('cell', { name: 'revoked' }).waitFor();
  await accessible(page);
  assert.equal(await call(next), 401);

  await page.getByRole('link', { name: 'Audit trail' }).click();
  await page.getByRole('cell', { name: 'RevokePersonalAccessToken' }).waitFor();
  await accessible(page);
  assert.deepEqual([errors, foreign], [[], []]);
});

test('an administrator makes the key of a service user', async () => {
  const { page, errors, foreign } = await open();
  await signIn(page, /^Ada,/);
  await page.getByRole('link', { name: 'Service users' }).click();
  await accessible(page);
  await page.getByRole('link', { name: 'Nightly build' }).click();
  await accessible(page);
  assert.equal(await call(await create(page, 'ci')), 200);
  assert.deepEqual([errors, foreign], [[], []]);
});

for (const [name, reason] of [[/^Cleo,/, 'closed beta'], [/^Dan,/, 'single sign-on']]) {
  test(`whoever cannot make a token reads why: ${reason}`, async () => {
    const { page, errors } = await open();
    await signIn(page, name);
    await page.getByRole('note').getByText(reason).waitFor();
    assert.equal(await page.getByRole('button', { name: 'Create' }).count(), 0);
    await accessible(page);
    assert.deepEqual(errors, []);
  });
}

test('what is too long is refused with the reason', async () => {
  const { page } = await open();
  await signIn(page, /^Ben,/);
  await page.getByLabel('Name').fill('for ever');
  await page.getByLabel('Days until it expires').fill('91');
  await page.getByRole('button', { name: 'Create' }).click();
  await page.getByText('A personal access token lives at most 90 days.').waitFor();
  await accessible(page);
});

test('the first stop of the keyboard leads past the navigation', async () => {
  const { page } = await open();
  await signIn(page, /^Ben,/);
  await page.goto(`${origin}/tokens`);
  await page.keyboard.press('Tab');
  await page.keyboard.press('Enter');
  assert.equal(new URL(page.url()).hash, '#content');
});

test('a field without a label would be found', async () => {
  const { page } = await open();
  await signIn(page, /^Ben,/);
  await page.evaluate(() => document.querySelector('label[for="name"]').remove());
  await assert.rejects(accessible(page), /label/);
});
