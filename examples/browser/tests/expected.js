// What is expected, from the repository: the policy's cases, its rules, the token vectors, the
// crate's sentences.

import { readFileSync } from 'node:fs';

const read = (path) => readFileSync(new URL(`../../../${path}`, import.meta.url), 'utf8');
const json = (path) => JSON.parse(read(path));

export const vectors = json('tests/vectors/token-v1.json');

/** The key set of an edge with some of the vectors' keys. */
export const keySet = (ids) => JSON.stringify({
  v: 1,
  use: 'edge-tag',
  keys: Object.fromEntries(ids.map((id) => [id, Buffer.from(vectors.edge_keys[id], 'hex').toString('base64url')])),
});

/** The crate's sentence for each error, as the page begins and ends it. */
export const sentences = Object.fromEntries(
  [...read('src/error/code.rs').replace(/\\\n\s+/g, '').matchAll(/= \d+, "(\w+)",\s+"([^"]+)";/g)].map(([, name, text]) => [name, `${text[0].toUpperCase()}${text.slice(1)}.`]),
);

const rules = ['tokens', 'credentials'].flatMap((name) => json(`policies/rules-${name}.json`).rules);

const change = (request, { set = {}, unset = [] }) => {
  const at = (pointer) => {
    const names = pointer.split('/').slice(1);
    const last = names.pop();
    return [names.reduce((value, name) => (value[name] ??= {}), request), last];
  };
  for (const pointer of Object.keys(set).sort()) {
    const [place, name] = at(pointer);
    place[name] = set[pointer];
  }
  for (const pointer of unset) {
    const [place, name] = at(pointer);
    delete place[name];
  }
  return request;
};

/**
 * A case of the built-in policy: its request, what is expected, and the codes and messages of the
 * rules that it names.
 */
export const policyCase = (file, name) => {
  const { requests, cases } = json(`policies/tests/${file}.json`).tests;
  const found = cases.find((each) => each.name == name);
  const reasons = (found.expect.rules ?? []).map((id) => rules.find((rule) => rule.id == id)?.reason).filter(Boolean);
  return { request: change(structuredClone(requests[found.request]), found), expect: found.expect, reasons };
};
