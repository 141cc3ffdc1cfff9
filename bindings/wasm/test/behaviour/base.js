// Keys, tokens, records, facts and the policy of the repository's cases.

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { packed } from '../installed.js';

const cases = JSON.parse(readFileSync(new URL('../../../../tests/cases/gate/base.json', import.meta.url), 'utf8'));

export const NOW = 1795000000;
export const image = readFileSync(join(packed, 'dist', 'builtin.image'));
export const edgeKeys = JSON.stringify(cases.edge_keys);
export const peppers = JSON.stringify(cases.peppers);
export const roots = JSON.stringify(cases.roots);
export const token = cases.tokens.key.token;
export const otherToken = cases.tokens.pat.token;
export const record = cases.records.key;
export const facts = cases.facts.service_user;
export const http = { method: 'GET', target: '/v3/organizations/org-a/sessions', authorization: [`Bearer ${token}`] };

/** A request that the policy allows. */
export const request = {
  subject: {
    type: 'user', id: 'user_01',
    properties: {
      account: { id: 'acct_7', sso: false, plan: 'team', features: ['pat_beta'] }, roles: [], permissions: [],
      memberships: [{ organization: 'org-a', roles: ['org_member'], permissions: [] }],
    },
  },
  action: { name: 'ViewOrgSessions' },
  resource: {
    type: 'organization', id: 'org-a',
    properties: { organization: 'org-a', account: { id: 'acct_7', sso: false, plan: 'team' } },
  },
  context: { credential: { kind: 'session' }, time: NOW },
};

/**
 * Every instance that is made from now on, newest last; to be called before the package is
 * imported.
 */
export const watchInstances = () => {
  const made = [];
  const { Instance } = WebAssembly;
  WebAssembly.Instance = class extends Instance {
    constructor(...given) {
      super(...given);
      made.push(this);
    }
  };
  return made;
};

/** What a call throws, as its code. */
export const codeOf = (call) => {
  try {
    call();
  } catch (error) {
    return error.code ?? error;
  }
};
