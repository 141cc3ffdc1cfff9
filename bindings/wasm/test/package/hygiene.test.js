// What is packed: the files, what publint and attw say of it, and that it names what it exports.

import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { publint } from 'publint';
import { ENTRIES, installedTool, load, packed } from '../installed.js';

const tarball = process.env.TARBALL;

const FILES = [
  'package.json', 'README.md', 'LICENSE-APACHE', 'LICENSE-MIT',
  'dist/guard.js', 'dist/guard.cjs', 'dist/guard.d.ts', 'dist/guard.d.cts',
  'dist/builtin.js', 'dist/builtin.cjs', 'dist/builtin.d.ts', 'dist/builtin.d.cts',
  'dist/builtin.image', 'dist/builtin.image.d.ts', 'dist/builtin.image.d.cts',
  ...ENTRIES.flatMap(({ entry, wasm }) => [
    `dist/${wasm}`, `dist/${entry}.d.ts`, `dist/${entry}.d.cts`,
    ...['browser.js', 'deno.js', 'edge-light.js', 'module.cjs', 'module.js', 'node.cjs', 'node.js', 'workerd.js'].map((file) => `dist/${entry}/${file}`),
  ]),
];

test('these files and no others are packed', () => {
  const listed = execFileSync('tar', ['-tzf', tarball], { encoding: 'utf8' }).trim().split('\n');
  const files = listed.map((name) => name.replace('package/', ''));
  assert.deepEqual(files.sort(), FILES.sort());
});

test('nothing is installed with it, and nothing runs when it is', () => {
  const { dependencies, peerDependencies, optionalDependencies, scripts } = JSON.parse(readFileSync(join(packed, 'package.json'), 'utf8'));
  assert.deepEqual({ dependencies, peerDependencies, optionalDependencies }, { dependencies: undefined, peerDependencies: undefined, optionalDependencies: undefined });
  for (const name of ['preinstall', 'install', 'postinstall', 'prepare']) assert.equal(scripts?.[name], undefined);
});

test('no file names the machine that it was made on', () => {
  for (const file of FILES) {
    const text = readFileSync(join(packed, file), 'latin1');
    for (const path of ['/home/', '/root/', '/tmp/', '/.cargo/', '/.rustup/']) assert.ok(!text.includes(path), `${file}: ${path}`);
  }
});

test('every link of the README leads somewhere from wherever it is read', () => {
  const text = readFileSync(join(packed, 'README.md'), 'utf8');
  const links = [...text.matchAll(/\]\(([^)]*)\)/g)].map(([, link]) => link);
  assert.ok(links.length > 0);
  for (const link of links) assert.match(link, /^https:\/\//);
});

test('publint finds nothing', async () => {
  const { messages } = await publint({ pkgDir: packed, strict: true });
  assert.deepEqual(messages, []);
});

test('attw finds nothing', () => {
  // What is no JavaScript has no types.
  const excluded = ['cog-auth.wasm', 'cog-auth-edge.wasm', 'cog-auth-verify.wasm', 'cog-auth-text.wasm', 'builtin.image', 'package.json'];
  const command = [
    installedTool('@arethetypeswrong/cli/dist/index.js'), tarball, '--format', 'json', '--exclude-entrypoints', ...excluded,
  ];
  const { stdout } = spawnSync(process.execPath, command, { encoding: 'utf8', maxBuffer: 1e8 });
  const { problems, analysis } = JSON.parse(stdout);
  assert.deepEqual(problems ?? {}, {});
  assert.deepEqual(Object.keys(analysis.entrypoints).sort(), ['.', './builtin', './edge', './edge/module', './guard', './module', './text', './text/module', './verify', './verify/module']);
});

test('all conditions of an entry export the same names', async () => {
  for (const { entry, name } of ENTRIES) {
    const names = Object.keys(await load(name)).sort();
    assert.deepEqual(Object.keys(await load(`${name}/module`)).sort(), names);
    assert.deepEqual(Object.keys(await load(join(packed, 'dist', entry, 'browser.js'))).sort(), names);
    const { createRequire } = await import('node:module');
    const require = createRequire(join(packed, 'x.cjs'));
    assert.deepEqual(Object.keys(require(name)).sort(), names);
    assert.deepEqual(Object.keys(require(`${name}/module`)).sort(), names);
    const declared = values(readFileSync(join(packed, 'dist', `${entry}.d.ts`), 'utf8'), (other) =>
      readFileSync(join(packed, 'dist', `${other}.d.ts`), 'utf8'));
    assert.deepEqual(declared.sort(), names, entry);
  }
});

// The names of values that a declaration file exports: functions and classes, also those of the
// file that it takes them from.
function values(text, read) {
  const own = [...text.matchAll(/^export (?:declare )?(?:function|class|const) (\w+)/gm)].map(([, name]) => name);
  for (const [, other] of text.matchAll(/^export \* from '\.\/(\w+)\.js'/gm)) own.push(...values(read(other), read));
  for (const [, list, other] of text.matchAll(/^export \{([^}]*)\} from '\.\/(\w+)\.js'/gm)) {
    const there = values(read(other), read);
    own.push(...list.split(',').map((name) => name.trim()).filter((name) => there.includes(name)));
  }
  return [...new Set(own)];
}
