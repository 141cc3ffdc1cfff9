// What is measured: the token of the specification, the request of the built-in policy, and for Cedar rules that say as much
// of that request: who has the permission, and who may not use a personal access token.

export const token = 'cog_1s015PnAAAABBBBCCCCDDDDEEEEFFFFGGGGHHHHIIIIJJJJKK586ggbea2qj1Bs5iHjYgW30jAxiy';
export const now = 1795000000;
export const keySet = '{"v":1,"use":"edge-tag","keys":{"01":"5uGI7IwsryC0QUs_Qock1iI_aVxbWQdQnMonPZY7RYA"}}';

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
