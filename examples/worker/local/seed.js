// What an issuer does, with a throw-away key: two credentials, their records, and what is known of
// who has them.

import { RootKeys, edgeRecord, generateRootKeys, issueRecord } from 'cog-auth';

const account = { id: 'acct_7', sso: false, plan: 'team', features: ['pat_beta'] };
const membership = (role) => [{ organization: 'org-a', roles: [role], permissions: [] }];
const principal = (type, id, role) => ({ type, id, disabled: false, account, roles: [], permissions: [], memberships: membership(role) });

export const makeSample = (now) => {
  const roots = new RootKeys(generateRootKeys('01'));
  const issue = (kind, principal, scopes) => {
    const token = roots.mint({ keyId: '01', kind });
    return { token, record: edgeRecord(issueRecord(token, { principal, scopes, createdAt: now, edges: true })) };
  };
  const key = issue('service_user_key', 'su_ci', ['*']);
  const pat = issue('personal_access_token', 'user_01', ['ViewOrgSessions']);
  return {
    edgeKeys: roots.exposeEdgeKeys(),
    tokens: { key: key.token, pat: pat.token },
    records: [key.record, pat.record],
    facts: {
      'principal:su_ci': principal('service_user', 'su_ci', 'org_admin'),
      'principal:user_01': principal('user', 'user_01', 'org_member'),
      'organization:org-a': { id: 'org-a', account: { id: 'acct_7', sso: false, plan: 'team' } },
    },
  };
};

/**
 * Copies into KV what was read from the issuer's database now. It has to go on doing so: what grows
 * old is not believed.
 */
export const publish = async ({ records, facts }, { RECORDS, FACTS }, now) => {
  const metadata = { fetched_at: now };
  await Promise.all([
    ...records.map((record) => RECORDS.put(JSON.parse(record).id, record, { metadata })),
    ...Object.entries(facts).map(([key, fact]) => FACTS.put(key, JSON.stringify(fact), { metadata })),
  ]);
};
