// webpack: it follows new URL(), and makes modules of WebAssembly for workers.

import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import webpack from 'webpack';
import { ENTRIES } from '../installed.js';
import * as chromium from '../runtimes/chromium.js';
import * as workerd from '../runtimes/workerd.js';
import { body, check, modulesOf, page, sources, wasmOf, worker } from './bundles.js';

const bundle = (place, options) =>
  new Promise((resolve, reject) => {
    webpack(
      { mode: 'production', context: place, entry: './main.js', performance: { hints: false }, ...options,
        output: { path: join(place, 'out'), filename: 'main.js', ...options.output } },
      (error, stats) => {
        if (error || stats.hasErrors() || stats.hasWarnings()) reject(error ?? new Error(stats.toString()));
        else resolve();
      },
    );
  });

for (const { entry, name, wasm } of ENTRIES) {
  test(`webpack, a page: ${name}`, async (t) => {
    const binary = chromium.binary(t);
    if (!binary) return;
    const place = sources('webpack', { 'main.js': page(name, entry, 'await names.init();') });
    await bundle(place, { target: 'web' });
    check(assert, entry, await chromium.ask(binary, join(place, 'out'), '/main.js'));
  });

  test(`webpack, a worker: ${name}`, async (t) => {
    const binary = workerd.workerd(t);
    if (!binary) return;
    const place = sources('webpack', { 'main.js': worker(name, entry) });
    await bundle(place, {
      target: 'webworker',
      resolve: { conditionNames: ['workerd', 'worker', 'import'] },
      // The module stays an import, of a copy beside the bundle.
      externalsType: 'module',
      externals: [({ request }, done) => (request.endsWith('.wasm') ? done(null, `module ./${request.split('/').at(-1)}`) : done())],
      experiments: { outputModule: true },
      output: { library: { type: 'module' }, module: true, chunkFormat: 'module' },
    });
    wasmOf(place, wasm);
    check(assert, entry, await workerd.ask(binary, place, modulesOf(place, 'main.js'), body));
  });
}
