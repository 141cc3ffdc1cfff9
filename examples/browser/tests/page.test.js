// The page in Chromium.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { after, test } from 'node:test';
import { OWN_POLICY, PRESETS } from '../page/presets.js';
import { keySet, policyCase, sentences, vectors } from './expected.js';
import { close, open, origin } from './open.js';

after(close);

const presets = Object.values(PRESETS).flat();
const text = (page, selector) => page.locator(selector).innerText();
const texts = (page, selector) => page.locator(selector).allInnerTexts();
const KINDS = { service_user_key: 'service-user key', personal_access_token: 'personal access token', sample: 'sample, valid nowhere' };
const KEY = vectors.valid.find(({ id }) => id == 'AAAABBBBCCCC');

test('it loads without errors, and the request that is there is allowed', async () => {
  const { page, errors, requests } = await open();
  assert.match(await text(page, '#verdict'), /^Allowed/);
  const { request } = policyCase('tokens', 'a personal access token with all scopes');
  assert.deepEqual(JSON.parse(await page.inputValue('#request')), request);
  assert.deepEqual(errors, []);
  assert.deepEqual(await page.evaluate(() => window.violations), []);
  assert.ok(requests.length > 5 && requests.every((url) => new URL(url).origin == origin), String(requests));
});

test('each example is the case of the policy that it names, and shows what is expected of that', async (context) => {
  const { page, errors } = await open();
  for (const [at, [name, file, ofCase]] of presets.entries()) {
    await context.test(name, async () => {
      const { request, expect, reasons } = policyCase(file, ofCase);
      await page.selectOption('#preset', String(at));
      assert.deepEqual(JSON.parse(await page.inputValue('#request')), request);
      const verdict = await text(page, '#verdict');
      if (expect.malformed) {
        assert.match(verdict, /^No decision: the request is malformed/);
        assert.match(await text(page, '#request-answer'), /Line \d+, column \d+/);
        assert.equal(await page.locator('#more').isVisible(), false);
        return;
      }
      assert.ok(verdict.startsWith(expect.decision ? 'Allowed' : `Denied: ${expect.class}`), verdict);
      const shown = await text(page, '#explanation');
      for (const rule of expect.rules ?? []) assert.match(shown, new RegExp(`Rule ${rule}\\b`));
      // What may be the reason is shown by its code alone.
      const perhaps = expect.class == 'indeterminate';
      for (const { code, message } of reasons) assert.ok(shown.includes(perhaps ? code : `${message} ${code}`), shown);
      for (const code of [...(expect.possible ?? []), ...(expect.advice ?? [])]) assert.match(shown, new RegExp(`\\b${code}\\b`));
      assert.deepEqual(await texts(page, '.missing button'), expect.missing ?? []);
      assert.deepEqual(await texts(page, '.unusable button'), expect.unusable ?? []);
      await page.locator('summary', { hasText: 'The answer' }).click();
      const answer = JSON.parse(await text(page, '#answer'));
      assert.equal(answer.decision, expect.decision);
      assert.equal(answer.context.policy, await text(page, '#digest'));
      await page.locator('summary', { hasText: 'The answer' }).click();
    });
  }
  assert.deepEqual(errors, []);
});

test('the examples show every class', () => {
  const classes = presets.map(([, file, ofCase]) => policyCase(file, ofCase).expect).map((expect) => expect.class ?? (expect.malformed ? 'malformed' : 'allowed'));
  assert.deepEqual([...new Set(classes)].sort(), ['allowed', 'forbidden', 'indeterminate', 'malformed', 'no_grant', 'requirement']);
});

test('the actions are those that the policy would allow', async () => {
  const { page } = await open();
  // Of the personal access token of an organization's admin: the organization level, but for
  // service users and impersonation by none.
  const { actions } = JSON.parse(readFileSync(new URL('../../../policies/schema.json', import.meta.url), 'utf8')).schema;
  const expected = Object.keys(actions).filter((name) => actions[name].level == 'organization' && name != 'ManageOrgServiceUsers').sort();
  await page.locator('#possible-title').click();
  assert.deepEqual((await texts(page, '#possible code')), expected);
  assert.deepEqual(await texts(page, '.asked-for'), ['UseDevinSessions (asked for)']);
  assert.match(await text(page, '#possible-title'), new RegExp(`${expected.length} of ${Object.keys(actions).length} actions`));
});

test('a token shows what it says of itself', async () => {
  const { page, errors } = await open({ now: 1795000000 });
  assert.equal(KEY.hard_expiry_day, 20819);
  for (const token of vectors.valid) {
    await page.fill('#token', token.token);
    const rows = Object.fromEntries((await texts(page, '#token-answer dl div')).map((row) => row.split('\n')));
    const day = token.hard_expiry_day;
    const date = day === null ? 'none' : new Date(day * 86_400_000).toISOString().slice(0, 10);
    assert.equal(rows.Handle, `${token.handle}…`);
    assert.equal(rows.Kind, KINDS[token.kind]);
    assert.equal(rows['Key id'], token.key_id);
    assert.equal(rows.Id, token.id);
    assert.ok(rows['Hard expiry'].startsWith(date), rows['Hard expiry']);
    if (token === KEY) assert.equal(date, '2027-01-01');
  }
  assert.deepEqual(errors, []);
});

test('a hard expiry that is over is said to be', async () => {
  for (const [now, over] of [[(20819 + 1) * 86_400 - 1, false], [(20819 + 1) * 86_400, true]]) {
    const { page } = await open({ now });
    await page.fill('#token', KEY.token);
    assert.equal((await text(page, '#token-answer')).includes('it is over'), over);
  }
});

test('a broken token shows the sentence and the place, and none of its characters', async () => {
  const { page } = await open();
  // A line break never gets into the field, and nothing is no token yet.
  const broken = vectors.refused_by_parse.filter(({ text: pasted }) => pasted && !/[\r\n]/.test(pasted));
  assert.ok(broken.length > 70);
  for (const { text: pasted, code, offset, why } of broken) {
    await page.fill('#token', pasted);
    const shown = await text(page, '#token-answer');
    assert.ok(shown.startsWith(sentences[code]), `${why}: ${shown}`);
    assert.equal(/byte (\d+), counted from 0/.exec(shown)?.[1], offset?.toString(), why);
    if (pasted.length > 8) {
      const html = await page.content();
      for (let at = 0; at + 9 <= pasted.length; at++) {
        const piece = pasted.slice(at, at + 9);
        assert.ok(!html.includes(piece), `${why}: ${piece}`);
      }
    }
  }
  await page.fill('#token', ` ${KEY.token}`);
  assert.match(await text(page, '#token-answer'), /white space around it/);
  await page.fill('#token', `Bearer ${KEY.token}`);
  assert.match(await text(page, '#token-answer'), /begins with the scheme/);
});

test('the keys tell whether a token is genuine, and why not', async () => {
  const { page } = await open({ now: 0 });
  await page.locator('summary', { hasText: 'genuine' }).click();
  for (const { token, edge_key_ids: ids, now, result, why } of vectors.verify) {
    await page.clock.setFixedTime(now * 1000);
    await page.fill('#keys', keySet(ids));
    await page.fill('#token', '');
    await page.fill('#token', token);
    const shown = await text(page, '#keys-answer');
    assert.ok(shown.startsWith(result == 'ok' ? 'Genuine: ' : `Not genuine. ${sentences[result]}`), `${why}: ${shown}`);
  }
  await page.fill('#keys', keySet(['01']).replace('edge-tag', 'root'));
  assert.ok((await text(page, '#keys-answer')).startsWith(`These keys cannot be used. ${sentences.wrong_key_use}`));
});

test('a token and keys are nowhere but in their fields', async () => {
  const { page, context, requests } = await open();
  const before = requests.length;
  const keys = keySet(['01']);
  await page.locator('summary', { hasText: 'genuine' }).click();
  await page.fill('#token', KEY.token);
  await page.fill('#keys', keys);
  await page.getByRole('button', { name: 'Put its kind' }).click();
  const put = JSON.parse(await page.inputValue('#request'));
  assert.deepEqual([put.context.credential.kind, put.context.credential.id], [KEY.kind, KEY.id]);

  const kept = await page.evaluate(async () => [
    location.href, JSON.stringify(history.state), document.cookie, document.title, document.referrer, window.name,
    JSON.stringify(localStorage), JSON.stringify(sessionStorage), String((await indexedDB.databases()).length), String((await caches.keys()).length),
    document.documentElement.outerHTML, document.body.innerText,
    ...[...document.querySelectorAll('textarea, select')].map(({ value }) => value),
  ]);
  assert.equal(kept[0], `${origin}/`);
  for (const secret of [KEY.token.slice(23), KEY.token.slice(23, 53), JSON.parse(keys).keys['01']]) {
    for (const place of [...kept, ...requests]) assert.ok(!place.includes(secret));
  }
  assert.ok(kept.some((place) => place.includes(KEY.handle)));
  assert.equal(requests.length, before);
  assert.deepEqual((await context.storageState()), { cookies: [], origins: [] });

  for (const id of ['token', 'keys']) {
    const type = () => page.getAttribute(`#${id}`, 'type');
    const button = page.locator(`[aria-controls=${id}]`);
    assert.equal(await type(), 'password');
    await button.click();
    assert.deepEqual([await type(), await button.getAttribute('aria-pressed')], ['text', 'true']);
    await button.click();
    assert.deepEqual([await type(), await button.getAttribute('aria-pressed')], ['password', 'false']);
    assert.equal(await page.getAttribute(`#${id}`, 'autocomplete'), 'off');
    assert.equal(await page.getAttribute(`#${id}`, 'name'), null);
  }
  await page.evaluate(() => dispatchEvent(new PageTransitionEvent('pagehide', { persisted: true })));
  assert.deepEqual([await page.inputValue('#token'), await page.inputValue('#keys')], ['', '']);
});

test('what is wrong with the text of a request is shown with its place', async () => {
  const { page, errors } = await open();
  for (const [request, sentence, line, column, selected] of [
    ['{\n  "x": {}\n  "action": {}\n}', 'A comma or } is expected here.', 3, 3, '"'],
    ['{ "ü😀": 1,\n  "😀": tru }', 'A JSON value is expected here.', 2, 8, 't'],
    ['{"a": 01}', 'A number has no leading zeros.', 1, 7, '0'],
  ]) {
    await page.fill('#request', request);
    const shown = await text(page, '#request-answer');
    assert.ok(shown.startsWith(sentence), shown);
    assert.equal(await text(page, '#request-answer button'), `Line ${line}, column ${column}`);
    assert.match(await text(page, '#verdict'), /^No decision: the request is malformed/);
    assert.equal(await page.getAttribute('#request', 'aria-invalid'), 'true');
    await page.click('#request-answer button');
    assert.equal(await selection(page), selected);
  }
  assert.equal(await page.inputValue('#preset'), 'own');
  await page.selectOption('#preset', '0');
  assert.equal(await text(page, '#request-answer'), '');
  assert.equal(await page.getAttribute('#request', 'aria-invalid'), null);
  assert.deepEqual(errors, []);
});

const selection = (page) => page.evaluate(() => {
  const { value, selectionStart, selectionEnd } = document.activeElement;
  return value.slice(selectionStart, selectionEnd);
});

test('what is missing or cannot be used leads to where it belongs', async () => {
  const { page } = await open();
  const { request } = policyCase('tokens', 'a personal access token with all scopes');
  const account = request.subject.properties.account;
  for (const [change, pointer, says, selected] of [
    [() => { delete account.sso; }, '/subject/properties/account/sso', 'Add "sso" to /subject/properties/account.', { id: 'acct_7', plan: 'team', features: ['pat_beta'] }],
    [() => { account.sso = null; }, '/subject/properties/account/sso', 'It is null', null],
    [() => { account.sso = 'no'; }, '/subject/properties/account/sso', 'What is needed here is true or false.', 'no'],
    [() => { account.sso = false; request.context = {}; }, '/context/credential/kind', 'Add "credential" with "kind" to /context.', {}],
    [() => { delete request.context; }, '/context/credential/kind', 'Add "context" with "credential" with "kind" to the request.', request],
  ]) {
    change();
    await page.fill('#request', JSON.stringify(request, null, 2));
    const item = page.locator('.missing li, .unusable li', { has: page.getByRole('button', { name: pointer, exact: true }) });
    assert.ok((await item.innerText()).includes(says), await item.innerText());
    await item.getByRole('button').click();
    assert.deepEqual(JSON.parse(await selection(page)), selected);
  }
});

test("one's own policy decides, and its errors are shown with line and suggestion", async () => {
  const { page, errors } = await open();
  await page.getByRole('radio', { name: 'my own' }).check();
  assert.equal(await text(page, '#policy-answer'), 'It compiles.');
  assert.deepEqual(JSON.parse(await page.inputValue('#policy')), OWN_POLICY);
  assert.match(await text(page, '#verdict'), /^Allowed/);
  assert.match(await text(page, '#explanation'), /Rule inherit$/);
  await page.fill('#request', (await page.inputValue('#request')).replace('"sso": false', '"sso": true'));
  assert.match(await text(page, '#verdict'), /^Denied: forbidden/);
  const { code, message } = OWN_POLICY.rules[1].reason;
  assert.ok((await text(page, '#explanation')).replaceAll(/\s+/g, ' ').includes(`Rule no-sso ${message} ${code}`));

  const good = await page.inputValue('#policy');
  const bad = good.replace('"account.sso": true', '"acount.sso": true').replace('"permit"', '"permitt"');
  await page.fill('#policy', bad);
  const lines = bad.split('\n');
  const line = lines.findIndex((each) => each.includes('acount')) + 1;
  const column = lines[line - 1].indexOf('"acount') + 1;
  const item = page.locator('#policy-answer li', { hasText: 'account.sso' });
  assert.equal(await page.locator('#policy-answer li').count(), 2);
  assert.match(await item.innerText(), /acount\.sso is not declared\. Did you mean account\.sso\?/);
  await item.getByRole('button', { name: `Line ${line}, column ${column}`, exact: true }).click();
  assert.equal(await selection(page), '"acount.sso"');
  assert.match(await text(page, '#verdict'), /^No decision: the policy does not compile/);

  await page.fill('#policy', '{ "v": 1, ');
  assert.match(await text(page, '#policy-answer'), /Line 1, column 11/);
  await page.fill('#policy', good);
  assert.match(await text(page, '#verdict'), /^Denied: forbidden/);
  const own = await text(page, '#digest');
  await page.getByRole('radio', { name: 'built-in' }).check();
  assert.equal(await page.locator('#policy').isVisible(), false);
  assert.notEqual(await text(page, '#digest'), own);
  assert.deepEqual(errors, []);
});

test('the keyboard reaches everything, in the order of the page', async () => {
  const { page } = await open();
  await page.selectOption('#preset', { label: 'Nobody said whether there is single sign-on' });
  await page.fill('#token', KEY.token);
  await page.locator('summary', { hasText: 'genuine' }).click();
  await page.getByRole('radio', { name: 'my own' }).check();
  await page.getByRole('radio', { name: 'built-in' }).check();
  const expected = await page.evaluate(() => {
    const all = [...document.querySelectorAll('a[href], button, input, select, textarea, summary')];
    window.reachable = all.filter((each) => each.checkVisibility() && !(each.type == 'radio' && !each.checked));
    document.body.tabIndex = -1;
    document.body.focus();
    document.body.removeAttribute('tabindex');
    return window.reachable.length;
  });
  const reached = [];
  for (let at = 0; at < expected; at++) {
    await page.keyboard.press('Tab');
    reached.push(await page.evaluate(() => {
      const { activeElement: active } = document;
      const { outlineStyle, outlineWidth } = getComputedStyle(active);
      return [window.reachable.indexOf(active), outlineStyle != 'none' && parseFloat(outlineWidth) >= 2];
    }));
  }
  assert.deepEqual(reached, reached.map((_, at) => [at, true]));
  assert.ok(expected >= 13, String(expected));
});

test('with the keyboard alone, a denial is found and corrected', async () => {
  const { page } = await open();
  await page.focus('#preset');
  await page.keyboard.type('Nobody said');
  assert.match(await text(page, '#verdict'), /^Denied: indeterminate/);
  await page.focus('.missing button');
  await page.keyboard.press('Enter');
  await page.keyboard.type('{ "id": "acct_7", "sso": false, "plan": "team", "features": ["pat_beta"] }');
  assert.match(await text(page, '#verdict'), /^Allowed/);
  await page.keyboard.press('Tab');
  await page.keyboard.press('ArrowRight');
  assert.equal(await page.locator('#policy').isVisible(), true);
});

test('the page cannot reach another origin', async () => {
  const { page } = await open();
  const failed = await page.evaluate(async () => {
    const beyond = 'http://127.0.0.1:9/';
    const answers = [await fetch(beyond).catch(() => 'refused')];
    const image = new Image();
    image.src = beyond;
    await new Promise((done) => { image.onerror = () => done(); });
    const form = document.body.appendChild(document.createElement('form'));
    form.action = beyond;
    form.submit();
    try {
      document.body.innerHTML = '<img src=x>';
    } catch (error) {
      answers.push(error.name);
    }
    return answers;
  });
  assert.deepEqual(failed, ['refused', 'TypeError']);
  await page.waitForFunction(() => window.violations.length > 3);
  assert.deepEqual(await page.evaluate(() => window.violations.sort()), ['connect-src', 'form-action', 'img-src', 'require-trusted-types-for']);
});

test('what is pasted is text, whatever it says', async () => {
  const { page } = await open();
  const markup = '<img src=x onerror=alert(1)>';
  const request = { ...policyCase('tokens', 'a personal access token with all scopes').request, action: { name: markup } };
  await page.fill('#request', JSON.stringify(request));
  await page.fill('#token', markup);
  assert.equal(await page.locator('main img').count(), 0);
});

test('it is accessible: light, dark, narrow', async (context) => {
  const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
  for (const options of [
    { colorScheme: 'light' }, { colorScheme: 'dark' },
    { colorScheme: 'light', viewport: { width: 320, height: 640 } }, { colorScheme: 'dark', forcedColors: 'active' },
  ]) {
    await context.test(JSON.stringify(options), async () => {
      const { page } = await open(options);
      await page.evaluate(axe);
      const check = async (what) => {
        const violations = await page.evaluate(async () => (await window.axe.run()).violations.map(({ id, nodes }) => [id, ...nodes.map(({ html }) => html)]));
        assert.deepEqual(violations, [], what);
        const [wide, width] = await page.evaluate(() => [document.documentElement.scrollWidth, innerWidth]);
        assert.ok(wide <= width, `${what}: ${wide} of ${width}`);
      };
      await check('at first');
      await page.locator('summary', { hasText: 'genuine' }).click();
      await page.fill('#keys', keySet(['01']));
      await page.fill('#token', KEY.token);
      await page.locator('#possible-title').click();
      await page.locator('summary', { hasText: 'The answer' }).click();
      await check('a token, and all that is folded');
      await page.fill('#token', vectors.refused_by_parse.find(({ offset }) => offset == 30).text);
      await page.selectOption('#preset', { label: 'Nobody said whether there is single sign-on' });
      await page.getByRole('radio', { name: 'my own' }).check();
      await page.getByRole('radio', { name: 'built-in' }).check();
      await check('a broken token, and an open question');
      await page.getByRole('radio', { name: 'my own' }).check();
      await page.fill('#policy', '{"v": 2}');
      await page.fill('#request', '{');
      await check('problems');
    });
  }
});
