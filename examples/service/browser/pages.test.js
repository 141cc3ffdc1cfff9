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

const call = async (token, organization = 'org-research') => {
  const headers = { authorization: `Bearer ${token}` };
  return (await fetch(`${origin}/v3/organizations/${organization}/sessions`, { headers })).status;
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

test('a token is narrowed to an organization and to addresses, with the keyboard alone', async () => {
  const { page, errors, foreign } = await open();
  await signIn(page, /^Ben,/);
  const press = async (...keys) => {
    for (const key of keys) await page.keyboard.press(key);
  };
  /** Fills in the form: one organization of two, and these lines. */
  const narrow = async (lines) => {
    await page.goto(`${origin}/tokens`);
    await page.getByLabel('Name').focus();
    await page.keyboard.type('narrow');
    await page.getByRole('group', { name: 'Organizations' }).getByRole('radio', { checked: true }).focus();
    await press('ArrowDown');
    assert.ok(await page.getByRole('radio', { name: 'Only these:' }).isChecked());
    await press('Tab', 'Tab', 'Space', 'Tab');
    assert.ok(await page.getByRole('checkbox', { name: 'org-support' }).isChecked());
    for (const line of lines) {
      await page.keyboard.type(line);
      await press('Enter');
    }
    assert.equal(await page.getByLabel('Client addresses').inputValue(), lines.map((it) => `${it}\n`).join(''));
    await accessible(page);
    await press('Tab', 'Tab', 'Enter');
  };

  await narrow(['127.0.0.1', '10.1.2.3/8']);
  await page.getByRole('note').getByText('as in 10.0.0.0/8').waitFor();
  await accessible(page);
  await page.goBack();
  assert.equal(await page.getByLabel('Client addresses').inputValue(), '127.0.0.1\n10.1.2.3/8\n');
  // Chromium complains about the status of the page that says what is wrong.
  assert.match(errors.splice(0).join(), /^Failed to load resource: [^,]* 422 [^,]*$/);

  await narrow(['127.0.0.1', '10.0.0.0/8']);
  const token = await page.getByRole('status', { name: 'The token' }).innerText();
  assert.deepEqual([await call(token), await call(token, 'org-support')], [403, 200]);

  await page.getByRole('link', { name: 'Go to its page' }).press('Enter');
  await page.getByRole('row', { name: 'Organizations' }).getByText('org-support').waitFor();
  await page.getByRole('row', { name: 'Client addresses' }).getByText('10.0.0.0/8, 127.0.0.1').waitFor();
  await accessible(page);
  await page.getByRole('link', { name: 'Account settings' }).press('Enter');
  await page.getByRole('row', { name: /narrow/ }).getByText('10.0.0.0/8 and 1 more').waitFor();
  await accessible(page);
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
