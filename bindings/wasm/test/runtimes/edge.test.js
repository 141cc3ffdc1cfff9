// A runtime that makes no code from text or bytes, as Vercel's edge: the module is given compiled.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { test } from 'node:test';
import { EdgeVM } from '@edge-runtime/vm';
import { build } from 'esbuild';
import { ENTRIES, LEAST, folder, parityData, parityModule } from '../installed.js';

// As Next.js does: what is imported with ?module is compiled by the platform, and the script finds
// it by name.
const compiled = (modules) => ({
  name: 'wasm module',
  setup(build) {
    build.onResolve({ filter: /\.wasm\?module$/ }, ({ path, resolveDir }) => ({
      path: join(resolveDir, path.replace('?module', '')), namespace: 'wasm',
    }));
    build.onLoad({ filter: /.*/, namespace: 'wasm' }, ({ path }) => {
      modules[basename(path)] = new WebAssembly.Module(readFileSync(path));
      return { contents: `export default globalThis.wasmModules['${basename(path)}'];` };
    });
  },
});

for (const { entry, name } of ENTRIES) {
  test(`edge runtime: ${name}`, async () => {
    const modules = {};
    const contents = `import * as names from '${name}'; import { run } from '${parityModule}'; globalThis.result = run(names, globalThis.data, '${entry}');`;
    const { outputFiles } = await build({
      stdin: { contents, resolveDir: folder('edge') },
      bundle: true, write: false, format: 'iife', target: 'es2022',
      conditions: ['edge-light', 'worker'], mainFields: ['module', 'main'], plugins: [compiled(modules)],
    });
    assert.equal(Object.keys(modules).length, 1);
    const vm = new EdgeVM({ codeGeneration: { strings: false, wasm: false } });
    assert.throws(() => vm.evaluate('new WebAssembly.Module(new Uint8Array([0, 97, 115, 109, 1, 0, 0, 0]))'), /Wasm code generation disallowed/);
    // The data in its own realm, as a request would bring it.
    vm.context.wasmModules = modules;
    vm.context.text = JSON.stringify(parityData());
    vm.evaluate('globalThis.data = JSON.parse(text)');
    vm.evaluate(outputFiles[0].text);
    const { compared, differing, differences } = JSON.parse(vm.evaluate('JSON.stringify(result)'));
    assert.deepEqual({ differing, differences }, { differing: 0, differences: [] });
    assert.ok(compared >= LEAST[entry], `only ${compared}`);
  });
}
