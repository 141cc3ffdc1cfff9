// What is measured: the key, token, record and facts of the gate's cases, the request of the
// built-in policy, and for Cedar rules that say as much of that request: who has the permission,
// and who may not use a personal access token.

import { readFileSync } from 'node:fs';

const cases = JSON.parse(readFileSync(new URL('../../../tests/cases/gate/base.json', import.meta.url), 'utf8'));

export const token = cases.tokens.key.token;
export const now = 1795000000;
export const keySet = JSON.stringify(cases.edge_keys);
export const record = JSON.stringify(cases.records.key);
export const facts = JSON.stringify(cases.facts.service_user);
export const http = { method: 'GET', target: '/v3/organizations/org-a/sessions', authorization: [`Bearer ${token}`] };

/** All steps of a gate, each question answered at once. */
export const through = (gate) => gate.begin(http, now).found(record, now).found(facts);

const account = { id: 'acct_7', sso: false, plan: 'team' };
export const request = JSON.stringify({
  subject: {
    type: 'user', id: 'user_01',
    properties: {
      account: { ...account, features: ['pat_beta'] }, roles: [], permissions: [],
      memberships: [{ organization: 'org-a', roles: ['org_admin'], permissions: [] }],
    },
  },
  action: { name: 'UseDevinSessions' },
  resource: { type: 'organization', id: 'org-a', properties: { organization: 'org-a', account } },
  context: {
    credential: { kind: 'personal_access_token', id: 'AAAABBBBCCCC', scopes: ['*'], organizations: ['*'] },
    time: now,
  },
});

const uid = (type, id) => ({ type, id });
export const cedar = {
  principal: uid('User', 'user_01'),
  action: uid('Action', 'UseDevinSessions'),
  resource: uid('Organization', 'org-a'),
  context: { kind: 'personal_access_token', scopes: ['*'], time: now },
  policies: {
    staticPolicies: `
      permit(principal, action, resource) when { principal.permissions.contains("UseDevinSessions") };
      forbid(principal, action, resource) when {
        context.kind == "personal_access_token" && (principal.sso || principal.plan == "enterprise") };
      forbid(principal, action, resource) when {
        context.kind == "personal_access_token" && !principal.features.contains("pat_beta") };
      forbid(principal, action, resource) unless { context.scopes.contains("*") };`,
  },
  entities: [
    { uid: uid('User', 'user_01'), parents: [],
      attrs: { sso: false, plan: 'team', features: ['pat_beta'], permissions: ['UseDevinSessions'] } },
    { uid: uid('Organization', 'org-a'), parents: [], attrs: { sso: false, plan: 'team' } },
  ],
};
