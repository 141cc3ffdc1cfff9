// What is bundled, and with what: the comparison with the package, and the files that a bundle
// needs beside it.

import { copyFileSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { LEAST, folder, packed, parityData, parityModule } from '../installed.js';

const root = new URL('..', import.meta.url);

// A bundle is no other code: the few calls that take seconds each need not be put to it again.
const data = parityData();
data.calls = data.calls.filter(({ name }) => !/megabyte|thousand|10,000/.test(name));
export const body = JSON.stringify(data);

/** A folder with the sources of a page or of a worker. */
export const sources = (name, files) => {
  const place = folder(name);
  copyFileSync(parityModule, join(place, 'parity.js'));
  copyFileSync(new URL('worker.js', root), join(place, 'worker.js'));
  for (const [file, text] of Object.entries(files)) writeFileSync(join(place, file), text);
  mkdirSync(join(place, 'out'));
  writeFileSync(join(place, 'out', 'parity.json'), body);
  return place;
};

/** A page's script; `start` makes the package ready. */
export const page = (name, entry, start, imports = '') => `
import * as names from '${name}';
import { run } from './parity.js';
${imports}
const main = async () => {
  ${start}
  window.result = run(names, await (await fetch('/parity.json')).json(), '${entry}');
};
main();
`;

export const worker = (name, entry) => `
import * as names from '${name}';
import { answer } from './worker.js';
export default { fetch: (request) => answer(names, '${entry}', request) };
`;

/** The modules of a bundle for workerd: its script first. */
export const modulesOf = (place, main) => {
  const files = readdirSync(join(place, 'out'), { recursive: true }).map(String).filter((file) => /\.(m?js|wasm)$/.test(file));
  files.sort((a, b) => (b === main) - (a === main));
  return files.map((file) => ({ name: file, kind: file.endsWith('.wasm') ? 'wasm' : 'esModule', file: `out/${file}` }));
};

export const wasmOf = (place, file) => copyFileSync(join(packed, 'dist', file), join(place, 'out', file));

/** What a run of `entry` must have given. */
export const check = (assert, entry, { compared, differing, differences, failed }) => {
  assert.equal(failed, undefined);
  assert.deepEqual({ differing, differences }, { differing: 0, differences: [] });
  assert.ok(compared >= LEAST[entry] * 0.9, `only ${compared}`);
};
