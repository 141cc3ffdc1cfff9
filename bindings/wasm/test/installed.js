// The package as it was installed, and what the tests compare it with.

import { existsSync, mkdirSync, mkdtempSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

export const installed = process.env.INSTALLED;
if (!installed) throw new Error('run this with npm test, which installs the package');

export const packed = join(installed, 'node_modules', 'cog-auth');

/** Imports from the package as it is installed. */
export const { load } = await import(pathToFileURL(join(installed, 'load.js')));

export const ENTRIES = [
  { entry: 'index', name: 'cog-auth', wasm: 'cog-auth.wasm' },
  { entry: 'edge', name: 'cog-auth/edge', wasm: 'cog-auth-edge.wasm' },
  { entry: 'verify', name: 'cog-auth/verify', wasm: 'cog-auth-verify.wasm' },
  { entry: 'text', name: 'cog-auth/text', wasm: 'cog-auth-text.wasm' },
];

export const parityFile = process.env.PARITY;
export const parityData = () => JSON.parse(readFileSync(parityFile, 'utf8'));
export const parityModule = fileURLToPath(new URL('parity.js', import.meta.url));

/** The least number of comparisons that a run has, so that an empty one is no success. */
export const LEAST = { index: 10_000, edge: 2_300, verify: 300, text: 1_800 };

/** A new folder beside node_modules, from where the package is found. */
export const folder = (name) => {
  mkdirSync(join(installed, 'work'), { recursive: true });
  return mkdtempSync(join(installed, 'work', `${name}-`));
};

/** The first of these files that is there. Where none is, the test is skipped, and fails in CI. */
export const tool = (test, ...paths) => {
  const found = paths.find((path) => path && existsSync(path));
  if (found) return found;
  if (process.env.CI === 'true') throw new Error(`none of these is installed: ${paths}`);
  test.skip(`none of these is installed: ${paths}`);
};

const modules = fileURLToPath(new URL('node_modules', import.meta.url));
export const installedTool = (path) => join(modules, path);
