// Vite: it follows new URL() when it builds, and in its server for development.

import assert from 'node:assert/strict';
import { cpSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { build } from 'vite';
import { ENTRIES } from '../installed.js';
import * as chromium from '../runtimes/chromium.js';
import { check, page, sources } from './bundles.js';

for (const { entry, name, wasm } of ENTRIES) {
  for (const [way, start, imports] of [
    ['init()', 'await names.init();', ''],
    ['?url', 'await names.init(url);', `import url from 'cog-auth/${wasm}?url';`],
  ]) {
    test(`Vite, ${way}: ${name}`, async (t) => {
      const binary = chromium.binary(t);
      if (!binary) return;
      const place = sources('vite', {
        'main.js': page(name, entry, start, imports),
        'index.html': '<!doctype html><script type="module" src="/main.js"></script>',
      });
      await build({
        root: place, configFile: false, logLevel: 'silent',
        build: {
          outDir: join(place, 'built'), target: 'es2022',
          rollupOptions: { output: { entryFileNames: 'main.js' } },
        },
      });
      cpSync(join(place, 'out', 'parity.json'), join(place, 'built', 'parity.json'));
      check(assert, entry, await chromium.ask(binary, join(place, 'built'), '/main.js'));
    });
  }
}
