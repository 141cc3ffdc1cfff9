// Cloudflare's plug-in of Vite: a worker with the built-in policy, in development and as it is
// built.

import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { once } from 'node:events';
import { test } from 'node:test';
import { EXPECTED, app, newerNode } from './app.js';

const FILES = {
  'package.json': '{"private": true, "type": "module"}',
  'wrangler.json': JSON.stringify({ name: 'guarded', main: './worker.js', compatibility_date: '2026-07-01' }),
  'worker.js': `import { answers } from './checks.js'; export default { fetch: () => new Response(answers()) };`,
  // In a process of its own, because it needs a newer Node than the package does.
  'run.js': `
    import { build, createServer, preview } from 'vite';
    import { cloudflare } from '@cloudflare/vite-plugin';
    const settings = { root: import.meta.dirname, configFile: false, logLevel: 'warn', plugins: [cloudflare({ inspectorPort: false })] };
    let server;
    if (process.argv[2] === 'development') {
      server = await (await createServer({ ...settings, server: { port: 0, host: '127.0.0.1' } })).listen();
    } else {
      const { createBuilder } = await import('vite');
      await (await createBuilder(settings)).buildApp();
      server = await preview({ ...settings, preview: { port: 0, host: '127.0.0.1' } });
    }
    try {
      const response = await fetch(server.resolvedUrls.local[0]);
      console.log('answer: ' + (await response.text()));
    } finally {
      process.exit();
    }
  `,
};

for (const way of ['development', 'built']) {
  test(`a worker, ${way}`, async (t) => {
    if (!existsSync(newerNode)) return t.skip('the newer Node is not installed');
    const place = app('cloudflare', FILES);
    const child = spawn(newerNode, ['run.js', way], { cwd: place, env: { ...process.env, WRANGLER_SEND_METRICS: 'false', CI: 'true' } });
    let said = '';
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (text) => (said += text));
    await once(child, 'exit');
    assert.equal(/^answer: (.*)$/m.exec(said)?.[1], EXPECTED, said);
  });
}
