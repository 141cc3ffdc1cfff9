// The worker as workerd takes it: its modules by the names under which they import each other. In
// production, a bundler does this.

import { readFileSync } from 'node:fs';

const read = (file) => readFileSync(new URL(`../${file}`, import.meta.url));
const script = (name, file = name) => ({ type: 'ESModule', path: `/${name}`, contents: read(file).toString() });
const PACKAGE = 'node_modules/cog-auth/dist';

export const modules = [
  ...['worker.js', 'cors.js', 'headers.js', 'identity.js', 'problem.js', 'stores.js', 'time.js'].map((name) => script(name)),
  script('cog-auth/edge', `${PACKAGE}/edge/workerd.js`),
  script('cog-auth/guard', `${PACKAGE}/guard.js`),
  script('cog-auth/module.js', `${PACKAGE}/edge/module.js`),
  { type: 'CompiledWasm', path: '/cog-auth-edge.wasm', contents: read(`${PACKAGE}/cog-auth-edge.wasm`) },
  { type: 'Data', path: '/cog-auth/builtin.image', contents: read(`${PACKAGE}/builtin.image`) },
];

/**
 * A worker for Miniflare. It has a socket of its own, since Miniflare's tidies up paths on their
 * way to the worker.
 */
export const worker = (name, options) => ({
  name,
  modules,
  modulesRoot: '/',
  compatibilityDate: '2026-07-01',
  unsafeDirectSockets: [{ host: '127.0.0.1', port: 0 }],
  ...options,
});
