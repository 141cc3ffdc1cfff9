// Whose a request is, in headers from the worker to the origin, with a proof that the worker wrote
// them: an HMAC over them, the method, the path and query, and the time. Values are
// percent-encoded, since an id may hold anything.

import { isRecent } from './time.js';

const PROOF = 'x-cog-proof';
const STATED = [
  'x-cog-time', 'x-cog-principal-type', 'x-cog-principal-id', 'x-cog-credential-kind', 'x-cog-credential-id',
  'x-cog-credential-handle', 'x-cog-action', 'x-cog-organization', 'x-cog-undecided',
];

// Seconds from writing a proof to reading it, by clocks that differ.
const MAX_AGE = 60;

/** Writes into a request what the gate found, and the proof. */
export const state = async ({ principal, credential, action, organization, undecided }, request, secret, now) => {
  const values = [
    now, principal.type, principal.id, credential.kind, credential.id, credential.handle, action, organization, undecided.join(' '),
  ];
  STATED.forEach((name, index) => {
    if (values[index] !== undefined) request.headers.set(name, encodeURIComponent(values[index]));
  });
  const target = request.url.slice(new URL(request.url).origin.length);
  const mac = await crypto.subtle.sign('HMAC', await keyOf(secret), message(request.method, target, request.headers));
  request.headers.set(PROOF, hex(new Uint8Array(mac)));
};

/**
 * At the origin: what the worker stated of a request, or nothing where it proves nothing. Several
 * secrets, while one replaces another.
 */
export const readIdentity = async (method, target, headers, secrets, now) => {
  const proof = headers.get(PROOF) ?? '';
  if (!/^[0-9a-f]{64}$/.test(proof)) return undefined;
  // In constant time, and before anything else is looked at.
  const stated = message(method, target, headers);
  const proven = await Promise.all(secrets.map(async (secret) => crypto.subtle.verify('HMAC', await keyOf(secret), unhex(proof), stated)));
  if (!proven.includes(true)) return undefined;

  const [time, principalType, principalId, credentialKind, credentialId, credentialHandle, action, organization, undecided] =
    STATED.map((name) => (headers.has(name) ? decodeURIComponent(headers.get(name)) : undefined));
  if (!/^\d+$/.test(time) || !isRecent(Number(time), now, MAX_AGE, MAX_AGE)) return undefined;
  return {
    principal: { type: principalType, id: principalId },
    credential: { kind: credentialKind, id: credentialId, handle: credentialHandle },
    action,
    organization,
    undecided: undecided ? undecided.split(' ') : [],
  };
};

const encoder = new TextEncoder();

const keyOf = (secret) =>
  crypto.subtle.importKey('raw', encoder.encode(secret), { name: 'HMAC', hash: 'SHA-256' }, false, ['sign', 'verify']);

// One line each: none of them holds a line break.
const message = (method, target, headers) =>
  encoder.encode(['cog-proof-1', method, target, ...STATED.map((name) => headers.get(name) ?? '')].join('\n'));

const hex = (bytes) => Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
const unhex = (text) => Uint8Array.from(text.match(/../g), (pair) => parseInt(pair, 16));
