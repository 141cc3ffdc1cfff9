// Vite's server for development, and what it builds for Node.

import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { test } from 'node:test';
import { EXPECTED, app } from './app.js';
import { ask, browserOf } from './page.js';

const PAGE = {
  'index.html': '<!doctype html><script type="module" src="/main.js"></script>',
  'main.js': `
    import { answers, start } from './checks.js';
    start().then(answers).catch(({ code, message }) => ({ code, message })).then((result) => (window.result = result));
  `,
};
// The line of the README.
const LINE = { optimizeDeps: { exclude: ['cog-auth'] } };

const served = async (binary, vite, settings) => {
  const { createServer } = await import(vite);
  const server = await createServer({ root: app(vite, PAGE), configFile: false, logLevel: 'silent', server: { port: 0, host: '127.0.0.1' }, ...settings });
  try {
    await server.listen();
    return await ask(binary, server.resolvedUrls.local[0]);
  } finally {
    await server.close();
  }
};

for (const vite of ['vite6', 'vite7', 'vite']) {
  test(`${vite} in development, with the line of the README`, async (t) => {
    const binary = browserOf(t);
    if (binary) assert.equal(await served(binary, vite, LINE), EXPECTED);
  });

  test(`${vite} in development, without it`, async (t) => {
    const binary = browserOf(t);
    if (!binary) return;
    const result = await served(binary, vite, {});
    // It works, or says what to do.
    if (result !== EXPECTED) assert.deepEqual([result.code, /README/.test(result.message)], [704, true], JSON.stringify(result));
    console.log(`${vite}: ${result === EXPECTED ? 'needs no line' : 'needs the line'}`);
  });

  test(`${vite} builds for Node`, async () => {
    const { build } = await import(vite);
    const place = app(vite, { 'main.js': `import { answers } from './checks.js'; console.log(answers());` });
    await build({ root: place, configFile: false, logLevel: 'silent', build: { ssr: 'main.js', outDir: 'out' } });
    assert.equal(execFileSync(process.execPath, [join(place, 'out', 'main.js')], { encoding: 'utf8' }).trim(), EXPECTED);
  });
}
