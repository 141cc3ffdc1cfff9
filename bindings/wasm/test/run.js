// Packs the package, installs it into a folder of its own, and runs all tests, or those that are
// named, on what is there.

import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const here = dirname(fileURLToPath(import.meta.url));
const root = join(here, '..', '..', '..');
const cargo = (...words) => execFileSync('cargo', words, { cwd: root, encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'] });
const made = join(JSON.parse(cargo('metadata', '--no-deps', '--format-version=1')).target_directory, 'wasm');

if (!existsSync(join(here, '..', 'dist', 'verify.d.ts'))) {
  console.error('there is no package yet: cargo xtask wasm');
  process.exit(1);
}
mkdirSync(made, { recursive: true });
const parity = join(made, 'parity.json');
cargo('run', '--quiet', '--package', 'parity', '--', parity);

const folder = mkdtempSync(join(tmpdir(), 'cog-auth-'));
try {
  const quiet = ['--silent', '--no-fund', '--no-audit'];
  execFileSync('npm', ['pack', '--pack-destination', folder, ...quiet], { cwd: join(here, '..') });
  const tarball = join(folder, readdirSync(folder).find((name) => name.endsWith('.tgz')));
  writeFileSync(join(folder, 'package.json'), '{"private": true, "type": "module"}');
  // Imports what is installed here, for tests that stand elsewhere.
  writeFileSync(join(folder, 'load.js'), 'export const load = (name) => import(name);\n');
  execFileSync('npm', ['install', '--no-save', ...quiet, tarball], { cwd: folder });
  const chosen = process.argv.slice(2);
  const files = readdirSync(here, { recursive: true }).map(String)
    .filter((name) => name.endsWith('.test.js') && !name.includes('node_modules'))
    .filter((name) => !chosen.length || chosen.some((part) => name.includes(part)));
  const environment = { INSTALLED: folder, TARBALL: tarball, PARITY: parity, FAULTS: join(made, 'faults', 'cog_auth_wasm_bg.wasm') };
  // One file after the other: some start browsers and servers, and a machine may have two cores.
  const run = ['--test', '--test-concurrency=1', ...files.sort()];
  const { status } = spawnSync(process.execPath, run, { cwd: here, stdio: 'inherit', env: { ...process.env, ...environment } });
  process.exitCode = status ?? 1;
} finally {
  rmSync(folder, { recursive: true, force: true });
}
