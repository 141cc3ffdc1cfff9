// Requests to start from. Each is a case of the built-in policy's own tests, policies/tests, where
// the answer stands too.

const account = { id: 'acct_7', sso: false, plan: 'team' };
const all = { scopes: ['*'], organizations: ['*'] };

const request = (type, id, roles, memberships, action, resource, credential) => ({
  subject: { type, id, properties: { account: { ...account, features: ['pat_beta'] }, roles, permissions: [], memberships } },
  action: { name: action },
  resource: { ...resource, properties: { ...resource.properties, account } },
  context: { credential, time: 1795000000 },
});

const admin = { organization: 'org-a', roles: ['org_admin'], permissions: [] };
const inOrganization = { type: 'organization', id: 'org-a', properties: { organization: 'org-a' } };
const atAccount = { type: 'account', id: 'acct_7', properties: { organization: null } };
const token = (kind) => ({ kind, id: 'AAAABBBBCCCC', ...all });
const session = { kind: 'session' };

const pat = () => request('user', 'user_01', [], [admin], 'UseDevinSessions', inOrganization, token('personal_access_token'));
const key = () => request('service_user', 'su_ci', [], [admin], 'UseDevinSessions', inOrganization, token('service_user_key'));
const accountAdmin = () => request('user', 'user_01', ['account_admin'], [], 'ManageBilling', atAccount, session);
const member = () =>
  request('user', 'user_01', [], [{ ...admin, roles: ['org_member'] }], 'ViewOrgSessions', inOrganization, session);

const changed = (base, change) => {
  change(base);
  return base;
};

/** By what they show: the name here, the file and the name of the case, and the request. */
export const PRESETS = {
  'Allowed': [
    ['A personal access token', 'tokens', 'a personal access token with all scopes', pat()],
    ['A service-user key', 'tokens', 'a service-user key with all scopes', key()],
    ['A personal access token in CI: allowed, with advice', 'tokens', 'a personal access token in CI',
      changed(pat(), ({ context }) => { context.ci = true; })],
  ],
  'Forbidden': [
    ['A personal access token under single sign-on', 'tokens', "single sign-on of the owner's account",
      changed(pat(), ({ subject }) => { subject.properties.account.sso = true; })],
    ['A personal access token that would manage service users', 'tokens', 'a personal access token may not manage service users of an organization',
      changed(pat(), ({ action }) => { action.name = 'ManageOrgServiceUsers'; })],
  ],
  'A requirement is not met': [
    ['A missing scope', 'tokens', 'a scope for another action',
      changed(pat(), ({ context }) => { context.credential.scopes = ['ViewOrgSessions']; })],
    ['A token for other organizations', 'tokens', 'limited to another organization',
      changed(key(), ({ context }) => { context.credential.organizations = ['org-b']; })],
    ['An account without the beta', 'tokens', 'no beta',
      changed(pat(), ({ subject }) => { subject.properties.account.features = []; })],
  ],
  'Nothing grants it': [
    ["Another enterprise's admin", 'permissions', 'an account admin is nobody in another account',
      changed(accountAdmin(), ({ resource }) => {
        resource.id = 'acct_8';
        resource.properties = { ...resource.properties, account: { ...account, id: 'acct_8' } };
      })],
    ['An action that is not declared', 'permissions', 'an undeclared action',
      changed(member(), ({ action }) => { action.name = 'LaunchRockets'; })],
  ],
  'Indeterminate': [
    ['Nobody said whether there is single sign-on', 'tokens', 'single sign-on is not stated',
      changed(pat(), ({ subject }) => { delete subject.properties.account.sso; })],
    ['A role that the policy does not know', 'permissions', 'an unknown role alone leaves open what it gives',
      changed(member(), ({ subject }) => {
        subject.properties.memberships = [{ organization: 'org-a', roles: ['release-manager'] }];
      })],
  ],
  'Malformed': [
    ['A subject without an id', 'malformed', 'no subject id', changed(member(), ({ subject }) => { delete subject.id; })],
  ],
};

/** A policy to start from when writing one's own. */
export const OWN_POLICY = {
  v: 1,
  schema: {
    attributes: { 'account.sso': { type: 'bool', from: '/subject/properties/account/sso' } },
    actions: { UseDevinSessions: { level: 'organization' }, ViewOrgSessions: { level: 'organization' } },
  },
  roles: [
    { id: 'org_admin', level: 'organization', permissions: ['*'] },
    { id: 'org_member', level: 'organization', permissions: ['ViewOrgSessions'] },
  ],
  rules: [
    {
      id: 'inherit',
      effect: 'permit',
      actions: ['*'],
      when: { 'action.name': { in: { attribute: 'subject.permissions' } } },
    },
    {
      id: 'no-sso',
      effect: 'forbid',
      actions: ['*'],
      when: { 'account.sso': true },
      reason: { code: 'sso_excluded', message: 'Not for accounts with single sign-on.' },
    },
  ],
};
