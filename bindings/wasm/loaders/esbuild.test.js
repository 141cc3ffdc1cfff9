// Bundles for Node that esbuild makes.

import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { test } from 'node:test';
import { build } from 'esbuild';
import { EXPECTED, app } from './app.js';

const ENDINGS = { esm: 'mjs', cjs: 'cjs' };

const ran = async (format, settings) => {
  const place = app('esbuild', { 'main.js': `import { answers } from './checks.js'; console.log(answers());` });
  const outfile = join(place, 'out', `main.${ENDINGS[format]}`);
  await build({ entryPoints: [join(place, 'main.js')], bundle: true, platform: 'node', format, outfile, logLevel: 'error', ...settings });
  const { status, stdout, stderr } = spawnSync(process.execPath, [outfile], { encoding: 'utf8' });
  return { status, stdout: stdout.trim(), stderr };
};

for (const format of Object.keys(ENDINGS)) {
  test(`a bundle for Node, with the line of the README: ${format}`, async () => {
    assert.deepEqual(await ran(format, { external: ['cog-auth'] }), { status: 0, stdout: EXPECTED, stderr: '' });
  });
}

test('a bundle for Node without it says what to do', async () => {
  const { status, stderr } = await ran('esm', {});
  assert.equal(status, 1);
  assert.match(stderr, /CogAuthError: the module is not beside the code; leave cog-auth out of the bundle, as its README says/);
});
