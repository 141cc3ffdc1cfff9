// What needs no browser: places in JSON, and the server.

import assert from 'node:assert/strict';
import { request } from 'node:http';
import { test } from 'node:test';
import { serve } from '../local/serve.js';
import { find, format, put } from '../page/json.js';
import { indexOfByte, indexOfLine, lineAndColumn } from '../page/place.js';
import { OWN_POLICY, PRESETS } from '../page/presets.js';

const TEXT = '{ "a": [1, {"b/c": "x\\"}"}], "~": {}, "empty": [], "n": null }';

test('pointers lead to values, and as far as there are any', () => {
  for (const [pointer, text, reached, rest] of [
    ['/a', '[1, {"b/c": "x\\"}"}]', '/a', []],
    ['/a/0', '1', '/a/0', []],
    ['/a/1/b~1c', '"x\\"}"', '/a/1/b~1c', []],
    ['/~0/x/y', '{}', '/~0', ['x', 'y']],
    ['/empty/0', '[]', '/empty', ['0']],
    ['/n/x', 'null', '/n', ['x']],
    ['/b', TEXT, '', ['b']],
  ]) {
    const found = find(TEXT, pointer);
    assert.deepEqual([found.text, found.reached, found.rest], [text, reached, rest], pointer);
    assert.equal(TEXT.slice(found.start, found.end), text);
  }
});

test('a value is put at a pointer, and nothing else changes', () => {
  for (const [text, pointer, expected] of [
    ['{"a": 1.0, "b": 1e3}', '/b', '{"a": 1.0, "b": "v"}'],
    ['{"a": 1.0}', '/b', '{ "b": "v","a": 1.0}'],
    ['{}', '/a/b', '{ "a": { "b": "v" } }'],
    ['{"a": {}}', '/a/b', '{"a": { "b": "v" }}'],
    ['{"a": 1}', '/a/b', '{"a": 1}'],
    ['[]', '/a', '[]'],
  ]) assert.equal(put(text, pointer, 'v'), expected);
});

test('what is written for reading says the same', () => {
  for (const value of [OWN_POLICY, ...Object.values(PRESETS).flat().map(([, , , request]) => request)]) {
    const text = format(value);
    assert.deepEqual(JSON.parse(text), value);
    assert.ok(text.split('\n').every((line) => line.length <= 100));
  }
});

test('places are counted in bytes, in characters and in UTF-16', () => {
  const text = 'aü😀b\n😀c';
  // Bytes: a 0, ü 1, 😀 3, b 7, the line break 8, 😀 9, c 13, the end 14.
  for (const [byte, index, line, column] of [
    [0, 0, 1, 1], [1, 1, 1, 2], [3, 2, 1, 3], [7, 4, 1, 4], [8, 5, 1, 5], [9, 6, 2, 1], [13, 8, 2, 2], [14, 9, 2, 3], [99, 9, 2, 3],
  ]) {
    assert.equal(indexOfByte(text, byte), index, `byte ${byte}`);
    assert.deepEqual(lineAndColumn(text, index), { line, column });
    assert.equal(indexOfLine(text, line, column), index);
  }
});

test('the server serves the page and the package, and nothing else', async () => {
  const server = await serve(0);
  assert.equal(server.address().address, '127.0.0.1');
  const ask = (method, path) => new Promise((done, failed) => {
    request({ port: server.address().port, host: '127.0.0.1', method, path }, (answer) => {
      answer.resume();
      answer.on('end', () => done([answer.statusCode, answer.headers['content-type']]));
    }).on('error', failed).end();
  });
  try {
    for (const [method, path, status, type] of [
      ['GET', '/', 200, 'text/html; charset=utf-8'],
      ['HEAD', '/app.js', 200, 'text/javascript; charset=utf-8'],
      ['GET', '/app.js?x=1', 200, 'text/javascript; charset=utf-8'],
      ['GET', '/cog-auth/dist/cog-auth.wasm', 200, 'application/wasm'],
      ['GET', '/cog-auth/package.json', 404],
      ['GET', '/../package.json', 404],
      ['GET', '/..%2flocal%2fserve.js', 404],
      ['GET', '/cog-auth/..%2f..%2flocal%2fserve.js', 404],
      ['GET', '/%00', 404],
      ['GET', '/%', 404],
      ['GET', '//x/app.js', 200, 'text/javascript; charset=utf-8'],
      ['GET', '/nothing.js', 404],
      ['POST', '/', 405],
    ]) assert.deepEqual(await ask(method, path), [status, type], `${method} ${path}`);
  } finally {
    server.close();
  }
});
