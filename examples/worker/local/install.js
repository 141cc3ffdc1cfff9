// Installs cog-auth from this repository, as it would come from the registry: packed, and without
// touching package-lock.json.

import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const binding = fileURLToPath(new URL('../../../bindings/wasm/', import.meta.url));
const example = fileURLToPath(new URL('..', import.meta.url));

if (!existsSync(join(binding, 'dist', 'edge'))) {
  console.error('the package is not built: run `cargo xtask wasm` first');
  process.exit(1);
}
const npm = (...words) => execFileSync('npm', [...words, '--silent', '--no-fund', '--no-audit'], { cwd: example, stdio: ['ignore', 'ignore', 'inherit'] });

const folder = mkdtempSync(join(tmpdir(), 'cog-auth-'));
try {
  npm('pack', binding, '--pack-destination', folder);
  npm('install', '--no-save', '--prefer-offline', join(folder, readdirSync(folder)[0]));
} finally {
  rmSync(folder, { recursive: true });
}
