// The service, started as its readers start it, and a browser to look at it with.

import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { chromium } from 'playwright-core';

const ARGUMENTS = [
  '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking',
  '--disable-component-update', '--disable-sync',
];

// First what may be missing: what is started before an error would run on.
const browser = await chromium.launch({ executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium', args: ARGUMENTS });

const folder = mkdtempSync(join(tmpdir(), 'cog-auth-service-'));
const service = spawn('cargo', ['run', '--quiet', '-p', 'cog-auth-example-service'], {
  cwd: fileURLToPath(new URL('../../..', import.meta.url)),
  env: { ...process.env, ADDRESS: '127.0.0.1:0', DATA: folder, DATABASE_URL: undefined },
  stdio: ['ignore', 'pipe', 'inherit'],
});
const ended = new Promise((resolve) => service.once('exit', resolve));

/** Where the service is, as it says itself. */
export const origin = await new Promise((resolve, reject) => {
  createInterface({ input: service.stdout }).on('line', (line) => {
    const [address] = line.match(/http:\/\/[\d.:]+/) ?? [];
    if (address) resolve(address);
  });
  ended.then(() => reject(new Error('the service ended before it listened')));
});

export const close = async () => {
  await browser.close();
  service.kill('SIGINT');
  await ended;
  rmSync(folder, { recursive: true });
};

/** A browser of its own, and all that it complained about. */
export const open = async () => {
  const context = await browser.newContext();
  context.setDefaultTimeout(20_000);
  const page = await context.newPage();
  const errors = [];
  const foreign = [];
  page.on('console', (message) => ['error', 'warning'].includes(message.type()) && errors.push(message.text()));
  page.on('pageerror', (error) => errors.push(String(error)));
  page.on('request', (request) => new URL(request.url()).origin == origin || foreign.push(request.url()));
  return { page, errors, foreign };
};

/** Signs in as somebody, with the keyboard alone. */
export const signIn = async (page, name) => {
  await page.goto(`${origin}/`);
  await page.getByRole('radio', { name }).focus();
  await page.keyboard.press('Space');
  await page.keyboard.press('Tab');
  await page.keyboard.press('Enter');
  await page.getByRole('heading', { level: 1, name: 'Account settings' }).waitFor();
};
