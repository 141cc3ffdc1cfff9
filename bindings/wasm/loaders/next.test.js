// Next.js, built with webpack and with Turbopack: a route in Node, a route at an edge, and a page.

import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { fileURLToPath } from 'node:url';
import { test } from 'node:test';
import { EXPECTED, app, installed } from './app.js';
import { ask, browserOf } from './page.js';

const root = fileURLToPath(new URL('.', import.meta.url));
const route = (runtime) => `
  import { answers } from '../../checks.js';
  export const runtime = '${runtime}';
  export const dynamic = 'force-dynamic';
  export const GET = () => new Response(answers());
`;
const FILES = {
  'package.json': '{"private": true, "type": "module"}',
  // The line of the README is the first one; the others say where this folder ends.
  'next.config.mjs': `export default {
    serverExternalPackages: ['cog-auth'],
    outputFileTracingRoot: '${root}', turbopack: { root: '${root}' }, typescript: { ignoreBuildErrors: true },
  };`,
  'app/layout.js': `export default ({ children }) => <html><body>{children}</body></html>;`,
  'app/page.js': `'use client';
    import { useEffect } from 'react';
    import { answers, start } from '../checks.js';
    export default () => {
      useEffect(() => { start().then(answers).catch(String).then((result) => (window.result = result)); }, []);
      return null;
    };`,
  'app/node/route.js': route('nodejs'),
};
// Next.js calls its runtime for edges deprecated, and with webpack does not build a route for it.
const AT_EDGE = { 'app/edge/route.js': route('edge') };

const freePort = async () => {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address();
  server.close();
  return port;
};

const answered = async (address) => {
  for (let attempt = 0; attempt < 300; attempt++) {
    try {
      return await (await fetch(address)).text();
    } catch {
      await new Promise((resolve) => setTimeout(resolve, 200));
    }
  }
};

for (const bundler of ['webpack', 'turbopack']) {
  test(`Next.js with ${bundler}`, async (t) => {
    const atEdge = bundler === 'turbopack';
    const place = app('next', { ...FILES, ...(atEdge && AT_EDGE) });
    const env = { ...process.env, NEXT_TELEMETRY_DISABLED: '1' };
    const next = installed('next/dist/bin/next');
    const built = spawnSync(process.execPath, [next, 'build', `--${bundler}`], { cwd: place, encoding: 'utf8', env });
    assert.equal(built.status, 0, `${built.stdout}\n${built.stderr}`);
    const port = await freePort();
    const server = spawn(process.execPath, [next, 'start', '--port', port, '--hostname', '127.0.0.1'], { cwd: place, env });
    let said = '';
    for (const stream of [server.stdout, server.stderr]) stream.on('data', (text) => (said += text));
    try {
      const address = `http://127.0.0.1:${port}/`;
      assert.equal(await answered(`${address}node`), EXPECTED, said);
      if (atEdge) assert.equal(await answered(`${address}edge`), EXPECTED, said);
      const binary = browserOf(t);
      if (binary) assert.equal(await ask(binary, address), EXPECTED);
    } finally {
      server.kill();
      await once(server, 'exit');
    }
  });
}
