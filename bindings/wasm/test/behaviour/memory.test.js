// The module's memory: how little it begins with, and that it does not grow with the number of
// calls.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { ENTRIES, load, packed } from '../installed.js';
import { NOW, codeOf, edgeKeys, facts, http, image, otherToken, peppers, record, request, token, watchInstances } from './base.js';

const PAGE = 65_536;
const instances = watchInstances();
const all = await load('cog-auth/module');
all.initSync(readFileSync(join(packed, 'dist', 'cog-auth.wasm')));
const size = () => instances.at(-1).exports.memory.buffer.byteLength;

test('four pages at most at the start, 64 MiB at the most, nothing imported', () => {
  for (const { wasm } of ENTRIES) {
    const module = new WebAssembly.Module(readFileSync(join(packed, 'dist', wasm)));
    assert.deepEqual(WebAssembly.Module.imports(module), [], wasm);
    const { memory } = new WebAssembly.Instance(module).exports;
    const pages = memory.buffer.byteLength / PAGE;
    console.log(`${wasm}: ${pages} pages at the start`);
    assert.ok(pages <= 4, `${wasm}: ${pages} pages`);
    assert.equal(memory.grow(1_024 - pages), pages);
    assert.throws(() => memory.grow(1), RangeError);
  }
});

test('a million calls leave it as it was', () => {
  const keys = new all.EdgeKeys(edgeKeys);
  const pepper = new all.Peppers(peppers);
  const policy = new all.Policy(image);
  const gate = new all.Gate({ policy, keys });
  const text = JSON.stringify(request);
  const recordText = JSON.stringify(record);
  const factsText = JSON.stringify(facts);
  const wide = JSON.stringify({ ...request, context: { ...request.context, wide: 'x'.repeat(50_000) } });
  const batch = JSON.stringify({ ...request, evaluations: Array(200).fill({}) });
  const usual = [
    () => keys.verify(token, NOW).id,
    () => policy.decide(text),
    () => gate.begin(http, NOW).found(recordText, NOW).found(factsText).step,
    () => keys.verify(otherToken, NOW).id,
    () => codeOf(() => keys.verify(`${token.slice(0, 80)}0`, NOW)),
    () => codeOf(() => policy.decide('{')),
    () => gate.begin({ ...http, authorization: [] }, NOW).status,
    () => policy.route('GET', http.target).action,
    () => all.digest(token, 'su_ci', pepper),
  ];
  const seldom = [
    () => policy.decide(wide),
    () => policy.evaluate(batch),
    () => codeOf(() => policy.decide(`${wide}x`)),
    () => codeOf(() => all.parseToken('x'.repeat(1_000_000))),
    () => gate.begin({ ...http, target: `/${'x'.repeat(100_000)}` }, NOW).status,
    () => new all.Policy(image).free(),
    () => new all.EdgeKeys(edgeKeys).free(),
    () => codeOf(() => new all.Policy(image.subarray(0, 5_000))),
    () => all.checkPolicy({ 'a.json': '{"v":1,"schema":{"actions":{"Read":{}}}}' }).length,
  ];
  const expected = usual.map((call) => JSON.stringify(call()));
  const round = (count) => {
    for (let turn = 0; turn < count; turn++) {
      const call = turn % usual.length;
      const found = JSON.stringify(usual[call]());
      if (found !== expected[call]) assert.fail(`call ${turn}: ${found}`);
      if (turn % 500 == 0) seldom[(turn / 500) % seldom.length]();
    }
  };
  round(20_000);
  const before = size();
  console.log(`${before / PAGE} pages after 20,000 calls`);
  round(1_000_000);
  assert.equal(size(), before);
  assert.equal(instances.length, ENTRIES.length + 1);
  assert.equal(all.faultCount(), 0);
});
