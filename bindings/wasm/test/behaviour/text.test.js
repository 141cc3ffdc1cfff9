// cog-auth/text: texts in pieces come out as they do whole, offsets count as JavaScript does, and
// what ends early leaves nothing.

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
const { DecodingRedactor, DecodingScanner, Redactor, Scanner, redact, redactDecoding, scan, scanDecoding } = text;
const { redactDecodingStream, redactStream, scanDecodingStream, scanStream } = text;

// What stands there as it is alone, and what is encoded too: each does the same with a text.
const REDACTING = [[redact, Redactor, redactStream], [redactDecoding, DecodingRedactor, redactDecodingStream]];
const SCANNING = [[scan, Scanner, scanStream], [scanDecoding, DecodingScanner, scanDecodingStream]];

const encoder = new TextEncoder();
const calls = parityData().calls;
const texts = calls.filter(({ operation }) => operation === 'redact').map(({ arguments: { text } }) => spelled(text));
const scanned = calls.filter(({ operation }) => operation.startsWith('scan')).map(({ arguments: { text } }) => spelled(text));
const encodings = ['%5F', '\\u005f', '&#95;', '=5F'].map((low) => token.replace('_', low));
encodings.push(btoa(`e:${token}`), token.toUpperCase().slice(0, 4) + token.slice(4), token.replace('AAAA', 'A\u200bA<wbr>A\nA'));
encodings.push(Buffer.from(token).toString('hex'), token.split('').join('\0'), [...Buffer.from(token)].join(', '));

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
  for (const [redact, Redactor] of REDACTING) for (const whole of [...texts, `é😀${token}😀${encodings.join(' 日本 ')}\n`.repeat(50)]) {
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
  for (const [scan, Scanner] of SCANNING) for (const whole of [...scanned, `é😀${encodings.join(' 日本 ')}\n`.repeat(50)]) {
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

test('tokens in encodings are found where they stand, and cut to their handles', () => {
  const handle = token.slice(0, 23);
  const NAMES = ['percent', 'backslash', 'html', 'quoted_printable', 'base64', 'other_case', 'broken', 'hex', 'utf16', 'decimal'];
  for (const [index, encoded] of encodings.entries()) {
    const whole = `${'é😀ﬃ'.repeat(3)} ${encoded} ü${encoded}`;
    const found = scanDecoding(whole);
    assert.equal(found.length, 2, encoded);
    for (const { start, end, ...others } of found) {
      assert.deepEqual(others, { certainty: 'parsed', handle, encodings: [NAMES[index]] });
      // Before the token the base64 has two characters of its own.
      assert.equal(whole.slice(start, end), index === 4 ? encoded.slice(2).replace(/=+$/, '') : encoded);
    }
    const cut = index === 4 ? `${encoded.slice(0, 2)}${handle}…${'='.repeat(encoded.match(/=*$/)[0].length)}` : `${handle}…`;
    assert.equal(redactDecoding(whole), whole.replaceAll(encoded, cut));
    assert.deepEqual(scanDecoding(redactDecoding(whole)), []);
  }
  const [finding] = scanDecoding(`é ${token}`);
  assert.deepEqual(finding, { start: 2, end: 83, certainty: 'parsed', handle, encodings: [] });
  const [like] = scanDecoding('é cog_k7w2k7w2k7w2k7w2k7w2k7w2k7w2k7');
  assert.deepEqual(like, { start: 2, end: 36, certainty: 'looks_like', encodings: [] });
});

test('offsets of findings that share a character, or have no end for long', () => {
  // The last character of the first holds the beginning of the next.
  const both = btoa(`a${token}${token}`);
  const found = scanDecoding(`é${both}`);
  assert.equal(found.length, 2);
  assert.equal(found[1].start, found[0].end - 1);
  const endless = `é😀 cog_${'k7'.repeat(100_000)} ü${token}`;
  for (const [scan, Scanner] of SCANNING) {
    const scanner = new Scanner();
    const pieces = [...broken(endless).flatMap((piece) => scanner.push(piece)), ...scanner.finish()];
    assert.deepEqual(pieces, scan(endless));
    assert.deepEqual(pieces.map(({ start, end }) => [start, end]), [[4, 200_008], [200_010, 200_091]]);
  }
});

test('a text as long as one call takes, full of tokens', () => {
  const count = Math.floor(16 * 1024 * 1024 / 82) - 1;
  const bytes = encoder.encode(`${token} `.repeat(count));
  for (const [scan] of SCANNING) assert.equal(scan(bytes).length, count);
  // A text may have three bytes for each of its units.
  const third = Math.floor(count / 3) - 1;
  for (const [redact] of REDACTING) assert.equal(redact(`${token} `.repeat(third)).length, third * 25);
});

test('streams of text and of bytes', async () => {
  const whole = `a😀${token}é${encodings[0]}`.repeat(300);
  const read = async (stream) => {
    const all = [];
    for await (const piece of stream) all.push(piece);
    return all;
  };
  for (const given of [whole, encoder.encode(whole)]) {
    const source = () => new ReadableStream({ start(to) { for (const piece of broken(given)) to.enqueue(piece); to.close(); } });
    for (const [redact, , redactStream] of REDACTING) assert.equal(joined(await read(source().pipeThrough(redactStream()))), redact(whole));
    for (const [scan, , scanStream] of SCANNING) assert.deepEqual(await read(source().pipeThrough(scanStream())), scan(given));
  }
  const empty = new ReadableStream({ start(to) { to.close(); } });
  assert.deepEqual(await read(empty.pipeThrough(redactStream())), []);
  const wrong = new ReadableStream({ start(to) { to.enqueue(7); } }).pipeThrough(redactStream());
  await assert.rejects(read(wrong), { name: 'CogAuthError', code: 701 });
});

test('a text that has ended is 702, and what is no text is 701', () => {
  for (const Pieces of [Redactor, DecodingRedactor, Scanner, DecodingScanner]) {
    const pieces = new Pieces();
    for (const value of [null, 7, {}, [], Symbol('x')]) assert.equal(codeOf(() => pieces.push(value)), 701, Pieces.name);
    assert.equal(codeOf(() => pieces.push('a\ud800b')), 202);
    pieces.push('a');
    pieces.finish();
    for (const call of [() => pieces.push('a'), () => pieces.push(), () => pieces.finish()]) assert.equal(codeOf(call), 702, String(call));
    pieces.free();
    assert.equal(codeOf(() => Pieces.prototype.push.call({}, 'a')), 701);
    assert.equal(Pieces.name, new Pieces().constructor.name);
  }
  assert.throws(() => DecodingScanner.prototype.push.call(new Scanner(), 'a'), { code: 701, message: /this must be DecodingScanner/ });
  for (const value of [undefined, null, 7, {}]) for (const [scan] of SCANNING) assert.equal(codeOf(() => scan(value)), 701);
  for (const [redact] of REDACTING) assert.equal(codeOf(() => redact(undefined)), 701);
  // Half a character at the end is none.
  const redactor = new Redactor();
  redactor.push('a\ud83d');
  assert.equal(codeOf(() => redactor.finish()), 202);
});

test('ten thousand texts that ended, one way or the other, leave room', () => {
  const size = () => instances.at(-1).exports.memory.buffer.byteLength;
  const before = size();
  for (let turn = 0; turn < 10_000; turn++) {
    const pieces = new [Redactor, DecodingRedactor, Scanner, DecodingScanner][turn % 4]();
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
