// A page in Chromium, and all that it did which a test may ask about.

import { chromium } from 'playwright-core';
import { serve } from '../local/serve.js';

const ARGUMENTS = [
  '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking',
  '--disable-component-update', '--disable-sync',
];

export const server = await serve(0);
export const origin = `http://127.0.0.1:${server.address().port}`;
export const browser = await chromium.launch({ executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium', args: ARGUMENTS });

export const close = async () => {
  await browser.close();
  server.close();
};

/** Opens the page afresh. `now` is in seconds since the epoch. */
export const open = async ({ now, ...options } = {}) => {
  const context = await browser.newContext(options);
  context.setDefaultTimeout(10_000);
  const page = await context.newPage();
  const seen = { page, context, errors: [], requests: [] };
  page.on('console', (message) => ['error', 'warning'].includes(message.type()) && seen.errors.push(message.text()));
  page.on('pageerror', (error) => seen.errors.push(String(error)));
  page.on('request', (request) => seen.requests.push(request.url()));
  await page.addInitScript(() => {
    window.violations = [];
    addEventListener('securitypolicyviolation', ({ effectiveDirective }) => window.violations.push(effectiveDirective));
  });
  if (now !== undefined) await page.clock.setFixedTime(now * 1000);
  await page.goto(`${origin}/`);
  await page.locator('#verdict .word').waitFor();
  return seen;
};
