// The modules of edges have their key sets read by JavaScript: it must take what the Rust crate
// takes, and nothing else.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { load } from '../installed.js';
import { NOW, codeOf, edgeKeys, token } from './base.js';

const rust = await load('cog-auth');
const javascript = await load('cog-auth/verify');

const verified = ({ EdgeKeys }, text) => {
  const keys = new EdgeKeys(text);
  try {
    return keys.verify(token, NOW).id;
  } finally {
    keys.free();
  }
};
const outcome = (names, text) => {
  try {
    return verified(names, text);
  } catch ({ code }) {
    return code;
  }
};
const KEY = JSON.parse(edgeKeys).keys['01'];
const set = (keys, { v = '1', use = '"edge-tag"', more = '' } = {}) => `{"v":${v},"use":${use},"keys":${keys}${more}}`;
const good = `{"01":"${KEY}"}`;

test('what is a key set', () => {
  for (const text of [
    edgeKeys, set(good), ` \t\r\n${set(good)} `, set(`{"01":"${KEY}","10":"${KEY}","9z":"${KEY}"}`), set('{"\\u0030\\u0031":"' + KEY + '"}'),
    `{"keys":${good},"use":"edge-tag","v":1}`, `{"\\u0076":1,"use":"edge\\u002dtag","keys":${good}}`, set(good).padEnd(16_384),
  ]) {
    assert.equal(verified(javascript, text), 'AAAABBBBCCCC', text);
    assert.equal(verified(javascript, new TextEncoder().encode(text)), 'AAAABBBBCCCC', text);
    assert.equal(verified(rust, text), 'AAAABBBBCCCC', text);
  }
});

test('what is none', () => {
  const refused = {
    131: [
      '', 'null', '1', '""', '[]', '{}', '{"keys":{}}', set('{}'), set('[]'), set('null'), set('""'), set(`["01","${KEY}"]`), set(`[["01","${KEY}"]]`),
      set(good, { v: '1.0' }), set(good, { v: '1e0' }), set(good, { v: '2' }), set(good, { v: '"1"' }), set(good, { v: 'true' }), set(good, { v: '[1]' }),
      set(good, { use: 'null' }), set(good, { use: '1' }), set(good, { use: '["edge-tag"]' }), set(good, { use: '{"edge-tag":1}' }),
      set(good, { more: ',"v":1' }), set(good, { more: ',"x":1' }), set(good, { more: `,"keys":${good}` }), set(good, { more: ',"__proto__":{}' }),
      set(`{"01":"${KEY}","01":"${KEY}"}`), set(`{"01":"${KEY}","\\u00301":"${KEY}"}`), set(`{"__proto__":"${KEY}"}`), set(`{"1":"${KEY}"}`),
      set(`{"0-":"${KEY}"}`), set(`{"011":"${KEY}"}`), set(`{"01":1}`), set(`{"01":null}`), set(`{"01":["${KEY}"]}`), set(`{"01":{"a":"${KEY}"}}`),
      set(`{"01":{"${KEY}":1}}`), set(`{"01":""}`), set(`{"01":"${KEY}="}`), set(`{"01":"${KEY.slice(1)}"}`), set(`{"01":"${KEY.slice(0, 42)}B"}`),
      set(`{"01":"${KEY.slice(0, 42)} "}`), set(`{"01":"\\"${KEY.slice(1)}"}`), set(`{"01":"${KEY}",}`), `\ufeff${set(good)}`, `${set(good)}x`,
      set(good).padEnd(16_385), set(good).replaceAll('"', "'"),
      set(`{"01":"\\ud800"}`), set(`{"\\udc00":"${KEY}"}`), set(good, { use: '"\\ud800"' }),
    ],
    132: [set(good, { use: '"root"' }), set(good, { use: '"edge-tag "' }), set(good, { use: '"Edge-tag"' })],
    107: [set(`{"00":"${KEY}"}`)],
    202: ['\ud800', `${set(good)}\udc00`],
    701: [undefined, null, true, 1, {}, []],
  };
  for (const [code, texts] of Object.entries(refused)) {
    for (const text of texts) {
      for (const names of [javascript, rust]) {
        assert.equal(codeOf(() => new names.EdgeKeys(text)) instanceof Error, false, String(text));
        assert.equal(outcome(names, text), Number(code), JSON.stringify(text));
      }
    }
  }
  for (const bytes of [[0xff], [...new TextEncoder().encode(set(good)).slice(0, -3), 0xc3, 0x7d, 0x7d]]) {
    for (const names of [javascript, rust]) assert.equal(outcome(names, Uint8Array.from(bytes)), 131);
  }
});

test('changed key sets: the same are taken', () => {
  // A linear congruential generator (Numerical Recipes): the same changes in each run.
  let state = 1;
  const random = (below) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
  const pieces = ['"', '\\', '\\u0030', '{', '}', '[', ']', ',', ':', ' ', '\n', '1', '0', '.', 'e', '-', 'v', 'A', 'é', '\0', `"01":"${KEY}"`, '"v":1', 'null'];
  const start = [set(good), set(`{"01":"${KEY}", "0Z":"${KEY}"}`)];
  let taken = 0;
  for (let turn = 0; turn < 20_000; turn++) {
    let text = start[turn % 2];
    for (let changes = random(3); changes >= 0; changes--) {
      const at = random(text.length + 1);
      text = text.slice(0, at) + (random(3) ? pieces[random(pieces.length)] : '') + text.slice(at + random(3));
    }
    const [found, expected] = [outcome(javascript, text), outcome(rust, text)];
    taken += typeof expected == 'string';
    assert.equal(typeof found, typeof expected, text);
    if (typeof expected == 'string') assert.equal(found, expected, text);
  }
  assert.ok(taken > 100, `${taken}`);
});
