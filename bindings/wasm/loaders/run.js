// Packs the package, puts what was packed where npm would install it, and runs all tests, or those
// that are named, on it.

import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const here = fileURLToPath(new URL('.', import.meta.url));
const work = join(here, 'work');
const place = join(here, 'node_modules', 'cog-auth');

if (!existsSync(join(here, '..', 'dist', 'verify.d.ts'))) {
  console.error('there is no package yet: cargo xtask wasm');
  process.exit(1);
}
for (const old of [work, place]) rmSync(old, { recursive: true, force: true });
for (const made of [work, place]) mkdirSync(made, { recursive: true });
execFileSync('npm', ['pack', '--pack-destination', work, '--silent'], { cwd: join(here, '..') });
// It has no dependencies and no scripts, so installing it is unpacking it.
const tarball = join(work, readdirSync(work).find((name) => name.endsWith('.tgz')));
execFileSync('tar', ['-xzf', tarball, '-C', place, '--strip-components=1']);

const chosen = process.argv.slice(2);
const files = readdirSync(here).filter((name) => name.endsWith('.test.js'))
  .filter((name) => !chosen.length || chosen.some((part) => name.includes(part)));
const { status } = spawnSync(process.execPath, ['--test', '--test-concurrency=1', ...files.sort()], { cwd: here, stdio: 'inherit' });
rmSync(work, { recursive: true, force: true });
process.exitCode = status ?? 1;
