// A page in Chromium, served by this machine.

import { existsSync, readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { once } from 'node:events';
import { extname, join, normalize } from 'node:path';
import { chromium } from 'playwright-core';
import { tool } from '../installed.js';

const OPTIONS = [
  '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync',
];
const TYPES = { '.html': 'text/html', '.js': 'text/javascript', '.mjs': 'text/javascript', '.json': 'application/json', '.wasm': 'application/wasm' };

export const binary = (test) => tool(test, process.env.CHROMIUM, '/usr/bin/chromium');

/**
 * Serves a folder, opens a page with a script of it, and returns what the script left in
 * `window.result`.
 */
export const ask = async (executablePath, place, script) => {
  const missing = [];
  const server = createServer(({ url }, response) => {
    const path = new URL(url, 'http://127.0.0.1').pathname;
    const file = join(place, normalize(path));
    if (path == '/') return response.setHeader('content-type', 'text/html').end(`<!doctype html><script type="module" src="${script}"></script>`);
    if (!existsSync(file)) {
      missing.push(path);
      return response.writeHead(404).end();
    }
    response.setHeader('content-type', TYPES[extname(file)] ?? 'text/plain').end(readFileSync(file));
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const browser = await chromium.launch({ executablePath, headless: true, chromiumSandbox: false, args: OPTIONS });
  try {
    const page = await browser.newPage();
    const errors = [];
    page.on('pageerror', (error) => errors.push(String(error)));
    await page.goto(`http://127.0.0.1:${server.address().port}/`);
    try {
      await page.waitForFunction('window.result', null, { timeout: 120_000 });
    } catch (error) {
      throw new Error(`${error}\n${errors.join('\n')}\nmissing: ${missing}`);
    }
    return await page.evaluate('window.result');
  } finally {
    await browser.close();
    server.closeAllConnections();
    server.close();
  }
};
