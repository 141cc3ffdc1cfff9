// Chromium without a bundler, the module fetched by init() and given to initSync().

import assert from 'node:assert/strict';
import { copyFileSync, cpSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { ENTRIES, LEAST, folder, packed, parityFile, parityModule } from '../installed.js';
import { ask, binary } from './chromium.js';

// How a page gets the module.
const WAYS = {
  'init()': () => 'await names.init();',
  'init(url)': (wasm) => `await names.init('/dist/${wasm}'); await names.init('/nowhere.wasm');`,
  'init(response)': (wasm) => `await names.init(fetch('/dist/${wasm}'));`,
  'initSync(bytes)': (wasm) => `names.initSync(await (await fetch('/dist/${wasm}')).arrayBuffer());`,
  'initSync(module)': (wasm) => `names.initSync(await WebAssembly.compileStreaming(fetch('/dist/${wasm}'))); await names.init();`,
};

for (const [way, text] of Object.entries(WAYS)) {
  for (const { entry, name, wasm } of ENTRIES) {
    // All calls once for each entry; for the other ways the smallest is enough.
    if (way != 'init()' && entry != 'verify') continue;
    test(`Chromium, ${way}: ${name}`, async (t) => {
      const chromium = binary(t);
      if (!chromium) return;
      const place = folder('chromium');
      cpSync(join(packed, 'dist'), join(place, 'dist'), { recursive: true });
      copyFileSync(parityModule, join(place, 'parity.js'));
      copyFileSync(parityFile, join(place, 'parity.json'));
      writeFileSync(join(place, 'main.js'), `
import * as names from './dist/${entry}/browser.js';
import { run } from './parity.js';
const before = (() => { try { (names.parseToken ?? names.redact)('x'); } catch (error) { return error.code; } })();
let refused;
try { await names.init('/nowhere.wasm'); } catch (error) { refused = error.code; }
${text(wasm)}
window.result = { before, refused, ...run(names, await (await fetch('/parity.json')).json(), '${entry}') };
`);
      const { before, refused, compared, differing, differences } = await ask(chromium, place, '/main.js');
      assert.deepEqual({ before, refused }, { before: 704, refused: 704 });
      assert.deepEqual({ differing, differences }, { differing: 0, differences: [] });
      assert.ok(compared >= LEAST[entry], `only ${compared}`);
    });
  }
}
