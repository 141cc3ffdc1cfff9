// The worker in workerd, on sockets of 127.0.0.1, before an origin that keeps what it receives.

import { once } from 'node:events';
import http from 'node:http';
import { RootKeys, edgeRecord, generateRootKeys, issueRecord } from 'cog-auth';
import { Miniflare } from 'miniflare';
import { modules, worker } from '../local/workerd.js';
import { createOrigin } from '../origin.js';

export const SECRET = 'between the worker and the origin';
export const NEXT = 'the secret that replaces it';
export const APP = 'https://app.example';
export const now = () => Math.floor(Date.now() / 1000);

/**
 * Keeps each request as it came: method, url, headers by lower-case name, and of the body what the
 * origin reads.
 */
export const listen = async (server) => {
  const received = [];
  server.prependListener('request', (request) => {
    const entry = { method: request.method, url: request.url, headers: request.headers, body: '' };
    received.push(entry);
    // Prepended, it does not make the body flow.
    request.prependListener('data', (data) => (entry.body += data));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return { received, url: `http://127.0.0.1:${server.address().port}`, close: () => (server.closeAllConnections(), server.close()) };
};

// In place of KV: a store that fails, one that is late, and one that Node answers for, or fails
// where Node answers nothing.
const stores = {
  name: 'stores',
  compatibilityDate: '2026-07-01',
  modulesRoot: '/',
  modules: [{
    type: 'ESModule',
    path: '/stores.js',
    contents: `
      import { WorkerEntrypoint } from 'cloudflare:workers';
      export class Failing extends WorkerEntrypoint { getWithMetadata() { throw new Error('KV GET failed: 500'); } }
      export class Hanging extends WorkerEntrypoint { getWithMetadata() { return new Promise((done) => setTimeout(done, 30_000)); } }
      export class Asking extends WorkerEntrypoint {
        async getWithMetadata(key) {
          const answer = await this.env.NODE.fetch('http://node/', { method: 'POST', body: key });
          return (await answer.json()) ?? Promise.reject(new Error('KV GET failed: 500'));
        }
      }
      export default {};`,
  }],
};
export const FAILING = { name: 'stores', entrypoint: 'Failing' };
export const HANGING = { name: 'stores', entrypoint: 'Hanging' };
export const ASKING = { name: 'stores', entrypoint: 'Asking' };

/**
 * Workers by name, each with what is different from the usual one: services (in place of KV, too),
 * bindings, modules, or `first`, a module in front of the worker.
 */
export const open = async ({ edgeKeys, variants = {}, origin: server = createOrigin([SECRET, NEXT]), node = () => null }) => {
  const origin = await listen(server);
  const audits = [];
  const logs = [];
  const usual = { EDGE_KEYS: edgeKeys, PROOF_SECRET: SECRET, ORIGIN: origin.url, ALLOWED_ORIGINS: `${APP} https://admin.example` };
  const keep = async (request) => {
    audits.push(await request.text());
    return new Response();
  };
  const miniflare = new Miniflare({
    handleStructuredLogs: ({ message }) => void logs.push(message),
    workers: [
      ...Object.entries({ guard: {}, ...variants }).map(([name, { bindings, services, modules: own, first }]) =>
        worker(name, {
          modules: first ? [{ type: 'ESModule', path: '/first.js', contents: first }, ...modules] : own ?? modules,
          kvNamespaces: Object.fromEntries(['RECORDS', 'FACTS'].filter((store) => !services?.[store]).map((store) => [store, store])),
          serviceBindings: { AUDIT: keep, ...services },
          bindings: { ...usual, ...bindings },
        })),
      { ...stores, serviceBindings: { NODE: async (request) => Response.json(node(await request.text())) } },
    ],
  });
  const { RECORDS, FACTS } = await miniflare.getBindings('guard');
  const ports = {};
  for (const name of ['guard', ...Object.keys(variants)]) ports[name] = (await miniflare.unsafeGetDirectURL(name)).port;

  /**
   * The audit records since the last call, once there are this many: they come after the answer.
   */
  const audited = async (count) => {
    for (let tries = 0; audits.length < count && tries < 200; tries++) await new Promise((done) => setTimeout(done, 10));
    return audits.splice(0);
  };
  return {
    origin, audited, logs, RECORDS, FACTS, ports,
    /** Sends a request as it stands: no path is tidied up, and a header may have several values. */
    send: (method, path, { headers = {}, token, body, to = 'guard' } = {}) =>
      new Promise((resolve, reject) => {
        if (token) headers = { authorization: `Bearer ${token}`, ...headers };
        const request = http.request({ host: '127.0.0.1', port: ports[to], method, path, headers, agent: false }, async (response) => {
          const parts = [];
          for await (const data of response) parts.push(data);
          const bytes = Buffer.concat(parts);
          resolve({ status: response.statusCode, headers: response.headers, bytes, text: `${bytes}`, json: () => JSON.parse(bytes) });
        });
        request.on('error', reject);
        request.setTimeout(20_000, () => request.destroy(new Error('no answer')));
        request.end(body);
      }),
    close: async () => {
      await miniflare.dispose();
      origin.close();
    },
  };
};

/** An issuer with a key of its own, who publishes in the KV of what was opened. */
export const makeIssuer = (keyId = '01') => {
  const roots = new RootKeys(generateRootKeys(keyId));
  const account = { id: 'acct_7', sso: false, plan: 'team', features: ['pat_beta'] };
  const issuer = {
    roots,
    edgeKeys: roots.exposeEdgeKeys(),
    mint: (kind = 'service_user_key', hardExpiry) => roots.mint({ keyId, kind, hardExpiry }),
    record: (token, draft) =>
      edgeRecord(issueRecord(token, { principal: 'su_ci', scopes: ['*'], createdAt: now() - 1000, edges: true, ...draft })),
    facts: (type, id, members) => ({
      type, id, disabled: false, account, roles: [], permissions: [],
      memberships: [{ organization: 'org-a', roles: ['org_admin'], permissions: [] }], ...members,
    }),
    organization: { id: 'org-a', account: { id: 'acct_7', sso: false, plan: 'team' } },
    putRecord: (kv, record, fetched_at = now()) => kv.put(JSON.parse(record).id, record, { metadata: { fetched_at } }),
    putFacts: (kv, key, facts, fetched_at = now()) =>
      kv.put(key, typeof facts == 'string' ? facts : JSON.stringify(facts), { metadata: { fetched_at } }),
  };
  return issuer;
};

/** A token of a service user or of a user, active, and known with these facts. */
export const activate = async (issuer, opened, { id, kind = 'service_user_key', facts, ...draft }) => {
  const token = issuer.mint(kind);
  const type = kind === 'service_user_key' ? 'service_user' : 'user';
  await issuer.putRecord(opened.RECORDS, issuer.record(token, { principal: id, ...draft }));
  await issuer.putFacts(opened.FACTS, `principal:${id}`, issuer.facts(type, id, facts));
  return token;
};

export const IDENTITY = [
  'x-cog-time', 'x-cog-principal-type', 'x-cog-principal-id', 'x-cog-credential-kind', 'x-cog-credential-id',
  'x-cog-credential-handle', 'x-cog-action', 'x-cog-organization', 'x-cog-undecided', 'x-cog-proof',
];
