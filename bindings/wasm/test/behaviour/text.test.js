// cog-auth/text: texts in pieces come out as they do whole, offsets count as JavaScript does, and what ends early leaves nothing.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { load, packed, parityData } from '../installed.js';
import { spelled } from '../parity.js';
import { codeOf, token, watchInstances } from './base.js';

const instances = watchInstances();
const text = await load('cog-auth/text/module');
text.initSync(readFileSync(join(packed, 'dist', 'cog-auth-text.wasm')));
const { Redactor, Scanner, redact, scan, redactStream, scanStream } = text;

const encoder = new TextEncoder();
const calls = parityData().calls;
const texts = calls.filter(({ operation }) => operation === 'redact').map(({ arguments: { text } }) => spelled(text));
const scanned = calls.filter(({ operation }) => operation === 'scan').map(({ arguments: { text } }) => spelled(text));

// The same numbers in every run.
let state = 1;
const random = (below) => (state = (state * 48_271) % 2_147_483_647) % below;

// A text or bytes, broken up anywhere.
const broken = (whole) => {
  const pieces = [];
  for (let at = 0; at < whole.length;) {
    const end = at + 1 + random(random(4) ? 40 : 9_000);
    pieces.push(whole.slice(at, end));
    at = end;
  }
  return pieces;
};
const joined = (pieces) => (typeof pieces[0] === 'string' ? pieces.join('') : Buffer.concat(pieces).toString());

test('pieces are redacted as the whole is', () => {
  for (const whole of [...texts, `é😀${token}😀${token}\n`.repeat(300)]) {
    if (typeof whole !== 'string') continue;
    const expected = redact(whole);
    for (const given of [whole, encoder.encode(whole)]) {
      const redactor = new Redactor();
      const out = broken(given).map((piece) => redactor.push(piece));
      out.push(redactor.finish());
      assert.equal(given.length ? joined(out) : '', expected);
    }
  }
});

test('pieces are scanned as the whole is', () => {
  for (const whole of scanned) {
    const expected = scan(whole);
    const scanner = new Scanner();
    const found = broken(whole).flatMap((piece) => scanner.push(piece));
    assert.deepEqual([...found, ...scanner.finish()], expected);
  }
});

test('in a text, offsets are those of slice, far behind what is no ASCII too', () => {
  const whole = `${'é😀ﬃ'.repeat(60_000)}${token} ${'ü'.repeat(200_000)}${token}`;
  const scanner = new Scanner();
  const found = [...broken(whole).flatMap((piece) => scanner.push(piece)), ...scanner.finish()];
  assert.equal(found.length, 2);
  for (const { start, end, handle } of [...found, ...scan(whole)]) {
    assert.equal(whole.slice(start, end), token);
    assert.equal(handle, token.slice(0, 23));
  }
  const bytes = encoder.encode(whole);
  for (const { start, end } of scan(bytes)) assert.equal(Buffer.from(bytes.subarray(start, end)).toString(), token);
});

test('streams of text and of bytes', async () => {
  const whole = `a😀${token}é`.repeat(500);
  const read = async (stream) => {
    const all = [];
    for await (const piece of stream) all.push(piece);
    return all;
  };
  for (const given of [whole, encoder.encode(whole)]) {
    const source = () => new ReadableStream({ start(to) { for (const piece of broken(given)) to.enqueue(piece); to.close(); } });
    assert.equal(joined(await read(source().pipeThrough(redactStream()))), redact(whole));
    assert.deepEqual(await read(source().pipeThrough(scanStream())), scan(given));
  }
  const empty = new ReadableStream({ start(to) { to.close(); } });
  assert.deepEqual(await read(empty.pipeThrough(redactStream())), []);
  const wrong = new ReadableStream({ start(to) { to.enqueue(7); } }).pipeThrough(redactStream());
  await assert.rejects(read(wrong), { name: 'CogAuthError', code: 701 });
});

test('a text that has ended is 702, and what is no text is 701', () => {
  for (const Pieces of [Redactor, Scanner]) {
    const pieces = new Pieces();
    for (const value of [null, 7, {}, [], Symbol('x')]) assert.equal(codeOf(() => pieces.push(value)), 701, Pieces.name);
    assert.equal(codeOf(() => pieces.push('a\ud800b')), 202);
    pieces.push('a');
    pieces.finish();
    for (const call of [() => pieces.push('a'), () => pieces.push(), () => pieces.finish()]) assert.equal(codeOf(call), 702, String(call));
    pieces.free();
    assert.equal(codeOf(() => Pieces.prototype.push.call({}, 'a')), 701);
  }
  for (const value of [undefined, null, 7, {}]) assert.equal(codeOf(() => scan(value)), 701);
  assert.equal(codeOf(() => redact(undefined)), 701);
  // Half a character at the end is none.
  const redactor = new Redactor();
  redactor.push('a\ud83d');
  assert.equal(codeOf(() => redactor.finish()), 202);
});

test('ten thousand texts that ended, one way or the other, leave room', () => {
  const size = () => instances.at(-1).exports.memory.buffer.byteLength;
  const before = size();
  for (let turn = 0; turn < 10_000; turn++) {
    const pieces = turn % 2 ? new Redactor() : new Scanner();
    pieces.push('x');
    if (turn % 3) pieces.free();
    else pieces.finish();
  }
  assert.equal(size(), before);
});

test('what was held is lost with the instance, and nothing goes on without it', async () => {
  const faulty = await load(`${join(packed, 'dist', 'text', 'module.js')}?faulty`);
  const real = WebAssembly.Instance;
  let trap = false;
  WebAssembly.Instance = class {
    constructor(...given) {
      const { exports } = new real(...given);
      this.exports = { ...exports, redact: (...values) => { if (trap) throw new WebAssembly.RuntimeError('unreachable'); return exports.redact(...values); } };
    }
  };
  try {
    faulty.initSync(readFileSync(join(packed, 'dist', 'cog-auth-text.wasm')));
    const redactor = new faulty.Redactor();
    redactor.push(token.slice(0, 40));
    trap = true;
    assert.equal(codeOf(() => faulty.redact('x')), 703);
    trap = false;
    assert.equal(codeOf(() => redactor.push(token.slice(40))), 703);
    assert.equal(codeOf(() => redactor.finish()), 703);
    redactor.free();
    const next = new faulty.Redactor();
    assert.equal(next.push(token) + next.finish(), `${token.slice(0, 23)}…`);
  } finally {
    WebAssembly.Instance = real;
  }
});
