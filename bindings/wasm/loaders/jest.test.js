// Jest, in Node and in a page that it imitates with jsdom.

import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { test } from 'node:test';
import { CHECKS, EXPECTED, app, installed } from './app.js';

// As a transform makes it of what a page imports.
const REQUIRED = CHECKS.replaceAll(/import \* as (\w+) from ('.*');/g, 'const $1 = require($2);')
  .replace("import { image } from 'cog-auth/builtin';", "const { image } = require('cog-auth/builtin');")
  .replaceAll(/export const (\w+)/g, 'const $1 = exports.$1');

const jest = (environment, settings) => {
  const place = app('jest', {
    'package.json': '{"private": true}',
    'checks.js': REQUIRED,
    'some.test.js': `test('it loads', () => expect(require('./checks.js').answers()).toBe('${EXPECTED}'));`,
    'jest.config.json': JSON.stringify({ testEnvironment: environment, watchman: false, ...settings }),
  });
  const { status, stderr } = spawnSync(process.execPath, [installed('jest/bin/jest.js'), '--ci', '--rootDir', place, '--config', `${place}/jest.config.json`], { cwd: place, encoding: 'utf8' });
  return [status, stderr];
};

test('Jest in Node', () => {
  const [status, said] = jest('node', {});
  assert.equal(status, 0, said);
});

test('Jest with jsdom, with the line of the README', () => {
  const [status, said] = jest('jsdom', { testEnvironmentOptions: { customExportConditions: ['node'] } });
  assert.equal(status, 0, said);
});
