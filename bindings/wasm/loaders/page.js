// A page in Chromium.

import { existsSync } from 'node:fs';
import { chromium } from 'playwright-core';

const OPTIONS = [
  '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync',
];

/** The browser. Where there is none the test is skipped, and fails in CI. */
export const browserOf = (test) => {
  const found = [process.env.CHROMIUM, '/usr/bin/chromium'].find((path) => path && existsSync(path));
  if (!found && process.env.CI === 'true') throw new Error('Chromium is not installed');
  if (!found) test.skip('Chromium is not installed');
  return found;
};

/** Opens an address, and returns what its script left in `window.result`. */
export const ask = async (executablePath, address) => {
  const browser = await chromium.launch({ executablePath, headless: true, chromiumSandbox: false, args: OPTIONS });
  try {
    const page = await browser.newPage();
    const said = [];
    page.on('pageerror', (error) => said.push(String(error)));
    page.on('console', (line) => said.push(line.text()));
    await page.goto(address);
    // A server for development may load the page again once it knows what is imported.
    await page.waitForFunction('window.result', null, { timeout: 120_000 }).catch((error) => {
      throw new Error(`${error}\n${said.join('\n')}`);
    });
    return await page.evaluate('window.result');
  } finally {
    await browser.close();
  }
};
