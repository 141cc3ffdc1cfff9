// esbuild: it leaves new URL() alone, so pages are given the module; workers import it.

import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import { build } from 'esbuild';
import { ENTRIES } from '../installed.js';
import * as chromium from '../runtimes/chromium.js';
import * as workerd from '../runtimes/workerd.js';
import { body, check, modulesOf, page, sources, wasmOf, worker } from './bundles.js';

const bundle = (place, file, options) =>
  build({ entryPoints: [join(place, file)], outdir: join(place, 'out'), bundle: true, minify: true, format: 'esm', target: 'es2022', logLevel: 'silent', ...options });

for (const { entry, name, wasm } of ENTRIES) {
  test(`esbuild, a page that loads its own copy: ${name}`, async (t) => {
    const binary = chromium.binary(t);
    if (!binary) return;
    const place = sources('esbuild', { 'main.js': page(name, entry, `await names.init('/${wasm}');`) });
    await bundle(place, 'main.js', { conditions: ['browser'] });
    wasmOf(place, wasm);
    check(assert, entry, await chromium.ask(binary, join(place, 'out'), '/main.js'));
  });

  test(`esbuild, a page with the file loader: ${name}/module`, async (t) => {
    const binary = chromium.binary(t);
    if (!binary) return;
    const place = sources('esbuild', { 'main.js': page(`${name}/module`, entry, 'await names.init(new URL(url, location));', `import url from 'cog-auth/${wasm}';`) });
    await bundle(place, 'main.js', { loader: { '.wasm': 'file' } });
    check(assert, entry, await chromium.ask(binary, join(place, 'out'), '/main.js'));
  });

  test(`esbuild, a page with the bytes in it: ${name}/module`, async (t) => {
    const binary = chromium.binary(t);
    if (!binary) return;
    const place = sources('esbuild', { 'main.js': page(`${name}/module`, entry, 'names.initSync(bytes);', `import bytes from 'cog-auth/${wasm}';`) });
    await bundle(place, 'main.js', { loader: { '.wasm': 'binary' } });
    check(assert, entry, await chromium.ask(binary, join(place, 'out'), '/main.js'));
  });

  test(`esbuild, a worker: ${name}`, async (t) => {
    const binary = workerd.workerd(t);
    if (!binary) return;
    const place = sources('esbuild', { 'main.js': worker(name, entry) });
    // As wrangler does: modules of WebAssembly are copied and stay imports.
    await bundle(place, 'main.js', { conditions: ['workerd', 'worker', 'browser'], loader: { '.wasm': 'copy' } });
    check(assert, entry, await workerd.ask(binary, place, modulesOf(place, 'main.js'), body));
  });
}
