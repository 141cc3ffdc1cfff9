// Rollup, with no plug-in but one that finds the package: pages are given the module, workers
// import it.

import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import { rollup } from 'rollup';
import { ENTRIES, packed } from '../installed.js';
import * as chromium from '../runtimes/chromium.js';
import * as workerd from '../runtimes/workerd.js';
import { body, check, modulesOf, page, sources, wasmOf, worker } from './bundles.js';

const bundle = async (place, name, file) => {
  const found = { name: 'the package', resolveId: (id) => (id === name ? file : undefined) };
  const made = await rollup({
    input: join(place, 'main.js'), plugins: [found], external: /\.wasm$/,
    onwarn: (warning) => { throw new Error(warning.message); },
  });
  await made.write({ file: join(place, 'out', 'main.js'), format: 'esm', paths: (id) => `./${id.split('/').at(-1)}` });
  await made.close();
};

for (const { entry, name, wasm } of ENTRIES) {
  test(`Rollup, a page that loads its own copy: ${name}/module`, async (t) => {
    const binary = chromium.binary(t);
    if (!binary) return;
    const start = `names.initSync(await (await fetch('/${wasm}')).arrayBuffer());`;
    const place = sources('rollup', { 'main.js': page(`${name}/module`, entry, start) });
    await bundle(place, `${name}/module`, join(packed, 'dist', entry, 'module.js'));
    wasmOf(place, wasm);
    check(assert, entry, await chromium.ask(binary, join(place, 'out'), '/main.js'));
  });

  test(`Rollup, a worker: ${name}`, async (t) => {
    const binary = workerd.workerd(t);
    if (!binary) return;
    const place = sources('rollup', { 'main.js': worker(name, entry) });
    await bundle(place, name, join(packed, 'dist', entry, 'workerd.js'));
    wasmOf(place, wasm);
    check(assert, entry, await workerd.ask(binary, place, modulesOf(place, 'main.js'), body));
  });
}
