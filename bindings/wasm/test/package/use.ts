// Every call that the types declare, checked by tsc and then run.

import type builtin from 'cog-auth/builtin.image';
import * as all from 'cog-auth';
import * as edge from 'cog-auth/edge';
import * as verify from 'cog-auth/verify';
import * as module from 'cog-auth/module';
import * as edgeModule from 'cog-auth/edge/module';
import * as verifyModule from 'cog-auth/verify/module';

// Where bytes are imported, they are these.
export type Builtin = typeof builtin;
const asImage = (image: Builtin): ArrayBuffer => image;
void asImage;

export interface Given {
  image: Uint8Array;
  edgeKeys: string;
  peppers: string;
  token: string;
  record: all.CredentialRecord;
  facts: all.Facts;
  request: all.EvaluationRequest;
  http: all.HttpRequest;
  now: number;
}

/** What must be of a type at run time as well. */
const is = (value: unknown, type: 'string' | 'number' | 'boolean' | 'undefined' | 'object'): void => {
  if (typeof value !== type) throw new Error(`${String(value)} is no ${type}`);
};
const equal = <T,>(found: T, expected: T): void => {
  if (JSON.stringify(found) !== JSON.stringify(expected)) throw new Error(`${JSON.stringify(found)} is not ${JSON.stringify(expected)}`);
};

const token = (parsed: verify.Token): void => {
  const kinds: verify.Kind[] = ['service_user_key', 'personal_access_token', 'sample'];
  if (!kinds.includes(parsed.kind)) throw new Error(parsed.kind);
  const handle: string = parsed.handle;
  const expiry: number | undefined = parsed.hardExpiry;
  is(handle, 'string');
  is(parsed.keyId, 'string');
  is(parsed.id, 'string');
  if (expiry !== undefined) is(expiry, 'number');
  // @ts-expect-error it is read-only
  const write = () => { parsed.id = 'x'; };
  void write;
};

const accepted = (given: all.Accepted): void => {
  is(given.handle, 'string');
  is(given.id, 'string');
  is(given.principal, 'string');
  const until: number | undefined = given.validUntil;
  if (until !== undefined) is(until, 'number');
  const record: all.CredentialRecord = given.record;
  equal(record.v, 1);
  is(record.created_at, 'number');
  // @ts-expect-error a sample is never accepted
  if (given.kind === 'sample') throw new Error();
};

const outcome = (step: edge.Step): string => {
  switch (step.step) {
    case 'record':
      is(step.id, 'string');
      return 'record';
    case 'facts':
      is(step.principal, 'string');
      if (step.organization !== undefined) is(step.organization, 'string');
      return 'facts';
    case 'allowed': {
      const type: 'user' | 'service_user' = step.principal.type;
      is(type, 'string');
      is(step.principal.id, 'string');
      is(step.credential.handle, 'string');
      is(step.credential.id, 'string');
      is(step.action, 'string');
      equal(Array.isArray(step.undecided), true);
      equal(Array.isArray(step.advice), true);
      is(JSON.parse(step.audit), 'object');
      return `allowed ${step.credential.kind}`;
    }
    case 'refused':
      is(step.status, 'number');
      is(step.code, 'string');
      is(step.headers['content-type'], 'string');
      is(JSON.parse(step.body), 'object');
      is(JSON.parse(step.audit), 'object');
      return `refused ${step.status}`;
    case 'pass_on':
    case 'preflight':
      return step.step;
  }
};

// Each entry has its own module, and its own class of errors.
const failure = (call: () => unknown): all.CogAuthError => {
  try {
    call();
  } catch (error) {
    if (error instanceof all.CogAuthError || error instanceof edge.CogAuthError) return error;
    throw error;
  }
  throw new Error('it did not fail');
};

export const run = async (given: Given): Promise<void> => {
  // cog-auth/verify
  token(verify.parseToken(given.token));
  token(verify.parseToken(new TextEncoder().encode(given.token)));
  const smallest = new verify.EdgeKeys(given.edgeKeys);
  token(smallest.verify(given.token, given.now));
  smallest.free();
  smallest[Symbol.dispose]();
  await verify.init();
  is(verify.faultCount(), 'number');
  const unknown = failure(() => all.parseToken(''));
  equal<string>(unknown.name, 'CogAuthError');
  equal(unknown.code, 101);
  equal(unknown.codeName, 'missing_prefix');
  is(unknown.message, 'string');
  is(unknown.offset, 'undefined');
  is(unknown.line, 'undefined');
  // @ts-expect-error only the package makes them
  void (() => new all.CogAuthError());
  // @ts-expect-error a number is no token
  failure(() => all.parseToken(1));
  // @ts-expect-error the time is missing
  failure(() => new all.EdgeKeys(given.edgeKeys).verify(given.token));

  // cog-auth/edge
  const edgeKeys = new edge.EdgeKeys(new TextEncoder().encode(given.edgeKeys));
  const policy = new edge.Policy(given.image);
  new edge.Policy(given.image.slice().buffer, {}).free();
  is(policy.digest, 'string');
  // @ts-expect-error the whole package asks a policy directly
  void policy.decide;

  const options: edge.GateOptions = { policy, keys: edgeKeys, realm: 'cog', retryAfter: 5, maxRecordAge: 60, passOn: true, preflight: true };
  const gate = new edge.Gate(options);
  let step: edge.Step = gate.begin(given.http, given.now);
  equal(outcome(step), 'record');
  if (step.step === 'record') {
    equal(outcome(step.absent()), 'refused 401');
    equal(outcome(step.unavailable()), 'refused 503');
    step = step.found(given.record, given.now);
  }
  equal(outcome(step), 'facts');
  if (step.step === 'facts') {
    outcome(step.absent());
    equal(outcome(step.unavailable()), 'refused 503');
    step = step.found(given.facts);
  }
  equal(outcome(step), `allowed ${given.record.kind}`);
  equal(outcome(gate.begin({ ...given.http, method: 'OPTIONS', context: { ip: 'x' } }, given.now)), 'preflight');
  equal(outcome(gate.begin({ ...given.http, authorization: ['Bearer cog_older'] }, given.now)), 'pass_on');
  // @ts-expect-error an edge has no peppers
  void (() => new edge.Gate({ policy, keys: edgeKeys, peppers: 1 }));
  // @ts-expect-error a question is no outcome
  void (() => { const first = gate.begin(given.http, given.now); return first.audit; });
  // @ts-expect-error keys are no policy
  void (() => new edge.Gate({ policy: edgeKeys, keys: edgeKeys }));
  edgeKeys.free();
  policy.free();
  policy[Symbol.dispose]();
  edge.initSync(new Uint8Array());
  await edge.init(Promise.resolve(new Response()));

  // cog-auth
  const allKeys = new all.EdgeKeys(given.edgeKeys);
  const genuine: all.Genuine = allKeys.verify(given.token, given.now);
  accepted(all.acceptAtEdge(genuine, given.record, given.now));
  accepted(all.acceptAtEdge(genuine, JSON.stringify(given.record), given.now));
  // @ts-expect-error what was only parsed is not genuine
  void (() => all.acceptAtEdge(all.parseToken(given.token), given.record, given.now));
  // @ts-expect-error nor is what looks so
  void (() => all.acceptAtEdge({ handle: '', kind: 'sample', keyId: '', id: '' }, given.record, given.now));
  // @ts-expect-error null is no answer of a store
  void (() => all.acceptAtEdge(genuine, null, given.now));
  const read: all.Authorization = all.authorization([`Bearer ${given.token}`]);
  if (read.scheme === 'bearer') equal(read.credential, given.token);
  else throw new Error(read.scheme);
  equal(all.authorization([]).scheme, 'nothing');
  // @ts-expect-error only bearers have a credential
  void all.authorization([]).credential;
  is(all.redact(given.token), 'string');
  const asked = new all.Policy(given.image);
  is(asked.actions[0], 'string');
  const decided: all.Evaluation = asked.decide(given.request);
  is(decided.decision, 'boolean');
  is(decided.context.policy, 'string');
  is(decided.context.rules?.[0], 'string');
  const denied = asked.decide({ ...given.request, action: { name: 'Nothing' } });
  is(denied.context.class, 'string');
  const reason: all.Reason | undefined = denied.context.reasons?.[0];
  if (reason) is(reason.code, 'string');
  if (reason?.link) is(reason.link, 'string');
  const open = asked.decide({ ...given.request, context: { credential: { kind: 5 } } });
  equal(open.context.reasons?.map(({ code }) => code), ['incomplete_request']);
  for (const code of open.context.possible ?? []) is(code, 'string');
  const unusable: all.Unusable | undefined = open.context.unusable?.[0];
  if (unusable) equal([unusable.pointer, unusable.needs], ['/context/credential/kind', 'one of its declared values']);
  else throw new Error();
  const text: string = asked.decide(JSON.stringify(given.request));
  equal(text, JSON.stringify(decided));
  const batch = asked.evaluate({ ...given.request, evaluations: [{}, { action: { name: 'Nothing' } }], options: { evaluations_semantic: 'deny_on_first_deny' } });
  if ('evaluations' in batch) equal(batch.evaluations.map(({ decision }) => decision), [true, false]);
  else throw new Error();
  is(asked.evaluate('{"subject":{"type":"a","id":"b"},"action":{"name":"c"},"resource":{"type":"d","id":"e"}}'), 'string');
  const { action, ...search } = given.request;
  const found: { results: { name: string }[] } = asked.searchActions(search);
  equal(found.results.some(({ name }) => name === action.name), true);
  is(asked.searchActions(JSON.stringify(search)), 'string');
  const route: all.Route = asked.route('PATCH', '/v3/enterprise/self');
  if (!route.found && route.reason === 'method_not_allowed') equal(route.methods, ['GET', 'HEAD']);
  else throw new Error();
  const way = asked.route('GET', '/v3/organizations/org-a/sessions');
  if (way.found) equal([way.action, way.organization, way.undecided.length], ['ViewOrgSessions', 'org-a', 0]);
  else throw new Error();
  // @ts-expect-error the resource is missing
  failure(() => asked.decide({ subject: given.request.subject, action: given.request.action }));

  allKeys.free();
  asked.free();

  const roots = new all.RootKeys(all.generateRootKeys('07'));
  const minted = roots.mint({ keyId: '07', kind: 'service_user_key', hardExpiry: 30_000 });
  token(all.parseToken(minted));
  // @ts-expect-error no such kind
  failure(() => roots.mint({ keyId: '07', kind: 'other' }));
  const keys = new all.EdgeKeys(roots.exposeEdgeKeys());
  const peppers = new all.Peppers(roots.exposePeppers());
  const proven = keys.verify(minted, given.now);
  const record = all.issueRecord(minted, {
    principal: 'su_ci', scopes: ['*'], createdAt: given.now, peppers, edges: true, organizations: ['org-a'], name: 'ci',
    notBefore: given.now, expiresAt: given.now + 1_000, metadata: { by: 'test' },
  });
  accepted(all.acceptAtOrigin(proven, peppers, record, given.now));
  accepted(all.acceptAtEdge(proven, all.edgeRecord(record), given.now));
  equal(all.readRecord(record).digest, all.digest(minted, 'su_ci', peppers));
  equal(all.readRecord(record).edge_digest, all.edgeDigest(minted, 'su_ci'));
  is(all.readRecord(all.revokeRecord(record, given.now)).revoked_at, 'number');
  const successor = all.issueRecord(roots.mint({ keyId: '07', kind: 'service_user_key' }), { principal: 'su_ci', scopes: ['*'], createdAt: given.now, expiresAt: given.now + 1_000, edges: true, organizations: ['org-a'] });
  is(all.readRecord(all.rotateRecord(record, successor, given.now + 60, given.now)).rotated_to, 'string');
  // @ts-expect-error peppers are no keys
  failure(() => new all.Gate({ policy: new all.Policy(given.image), keys: peppers }).begin(given.http, given.now));
  // @ts-expect-error the scopes are missing
  failure(() => all.issueRecord(minted, { principal: 'su_ci', createdAt: 1, edges: true }));

  const documents: all.Documents = { 'schema.json': { v: 1, schema: { actions: { Read: {} } } }, 'more.json': '{"v":1,"rules":[]}' };
  const image: Uint8Array = all.compilePolicy(documents);
  const whole = new all.Policy(image);
  equal(whole.actions, ['Read']);
  equal(all.compilePolicy(documents, { digest: whole.digest }).length, image.length);
  is(all.bundlePolicy(documents), 'string');
  is(all.policyWarnings(documents).length, 'number');
  equal(all.checkPolicy(documents), []);
  const [error] = all.checkPolicy({ 'a.json': '{"v":1,\n"schema":{"actions":{"Read":{}}},"other":1}' });
  if (!error) throw new Error();
  equal([error.document, error.pointer, error.line], ['a.json', '/other', 2]);
  is(error.column, 'number');
  is(error.length, 'number');
  equal(error instanceof all.CogAuthError && error instanceof Error, true);
  const origin = new all.Gate({ policy: whole, keys, peppers });
  equal(outcome(origin.begin(given.http, given.now)), 'refused 401');
  for (const held of [roots, peppers, keys, whole]) {
    held.free();
    held[Symbol.dispose]();
  }

  // Each entry's own module.
  const bytes: typeof module.initSync = all.initSync;
  void [bytes, edgeModule.Gate, verifyModule.parseToken, verifyModule.init];
  // @ts-expect-error cog-auth/verify has no policies
  void verify.Policy;
  // @ts-expect-error cog-auth/edge compiles none
  void edge.compilePolicy;
};
