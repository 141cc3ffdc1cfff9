// Cloudflare's runtime, without a bundler: the package's files are modules as they are.

import assert from 'node:assert/strict';
import { copyFileSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { ENTRIES, LEAST, folder, packed, parityFile } from '../installed.js';
import { ask, workerd } from './workerd.js';

const here = new URL('..', import.meta.url);
const body = readFileSync(parityFile);

for (const { entry, name, wasm } of ENTRIES) {
  test(`workerd: ${name}`, async (t) => {
    const binary = workerd(t);
    if (!binary) return;
    const place = folder('workerd');
    writeFileSync(join(place, 'main.js'), `
import * as names from './dist/${entry}/workerd.js';
import { answer } from './worker.js';
export default { fetch: (request) => answer(names, '${entry}', request) };
`);
    for (const file of ['worker.js', 'parity.js']) copyFileSync(new URL(file, here), join(place, file));
    copyFileSync(join(packed, 'dist', entry, 'workerd.js'), join(place, 'workerd.js'));
    copyFileSync(join(packed, 'dist', entry, 'module.js'), join(place, 'module.js'));
    copyFileSync(join(packed, 'dist', wasm), join(place, wasm));
    const { compared, differing, differences, failed } = await ask(binary, place, [
      { name: 'main.js', kind: 'esModule', file: 'main.js' },
      { name: 'worker.js', kind: 'esModule', file: 'worker.js' },
      { name: 'parity.js', kind: 'esModule', file: 'parity.js' },
      { name: `dist/${entry}/workerd.js`, kind: 'esModule', file: 'workerd.js' },
      { name: `dist/${entry}/module.js`, kind: 'esModule', file: 'module.js' },
      { name: `dist/${wasm}`, kind: 'wasm', file: wasm },
    ], body);
    assert.equal(failed, undefined);
    assert.deepEqual({ differing, differences }, { differing: 0, differences: [] });
    assert.ok(compared >= LEAST[entry], `only ${compared}`);
  });
}
