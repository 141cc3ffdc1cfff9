// The types, as each way of resolving them sees them, and the same calls run.

import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { copyFileSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { pathToFileURL } from 'node:url';
import { folder, installedTool } from '../installed.js';
import { NOW, edgeKeys, facts, http, image, peppers, record, request, token } from '../behaviour/base.js';

const here = (name) => new URL(name, import.meta.url);

const WAYS = [
  { way: 'NodeNext, ESM', file: 'use.mts', made: 'use.mjs', options: { module: 'NodeNext', moduleResolution: 'NodeNext' } },
  { way: 'NodeNext, CommonJS', file: 'use.cts', made: 'use.cjs', options: { module: 'NodeNext', moduleResolution: 'NodeNext' } },
  { way: 'a bundler', file: 'use.ts', made: 'use.js', options: { module: 'ESNext', moduleResolution: 'Bundler' } },
  { way: 'Node 16, ESM', file: 'use.mts', made: 'use.mjs', options: { module: 'Node16', moduleResolution: 'Node16' } },
];

for (const { way, file, made, options } of WAYS) {
  test(`types for ${way}`, async () => {
    const place = folder('types');
    copyFileSync(here('use.ts'), join(place, file));
    mkdirSync(join(place, 'out'));
    const compilerOptions = {
      ...options, target: 'ES2022', lib: ['ES2022', 'DOM', 'ESNext.Disposable'], strict: true, exactOptionalPropertyTypes: true,
      noUncheckedIndexedAccess: true, skipLibCheck: false, types: [], rootDir: '.', outDir: 'out', declaration: false,
    };
    writeFileSync(join(place, 'tsconfig.json'), JSON.stringify({ compilerOptions, files: [file] }));
    try {
      execFileSync(process.execPath, [installedTool('typescript/bin/tsc'), '--project', place], { encoding: 'utf8' });
    } catch (error) {
      assert.fail(error.stdout);
    }
    const { run } = await import(pathToFileURL(join(place, 'out', made)));
    await run({ image: Uint8Array.from(image), edgeKeys, peppers, token, record, facts, request, http, now: NOW });
  });
}
