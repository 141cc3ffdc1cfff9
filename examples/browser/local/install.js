// Packs the package and installs it from the tarball, as its users would: `cargo xtask wasm` makes
// it.

import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const here = fileURLToPath(new URL('..', import.meta.url));
const source = fileURLToPath(new URL('../../../bindings/wasm', import.meta.url));
if (!existsSync(join(source, 'dist', 'cog-auth.wasm'))) {
  console.error('The package is not built yet: run `cargo xtask wasm` first.');
  process.exit(1);
}

const npm = (folder, ...words) =>
  execFileSync('npm', [...words, '--no-fund', '--no-audit', '--loglevel=error'], { cwd: folder, encoding: 'utf8', shell: process.platform == 'win32' });

const folder = mkdtempSync(join(tmpdir(), 'cog-auth-'));
try {
  const [{ filename }] = JSON.parse(npm(source, 'pack', '--json', '--pack-destination', folder));
  npm(here, 'install', '--no-save', join(folder, filename));
} finally {
  rmSync(folder, { recursive: true });
}
