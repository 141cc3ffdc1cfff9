// What only an issuer or an origin does: root keys, minting, digests, records.

import { Loaded, callJson, callText } from './core.js';
import { accepting } from './accept.js';
import { KEY_SET } from './keys.js';
import { members, operation, signature } from './signature.js';
import { TOKEN } from './tokens.js';

const random = (length) => crypto.getRandomValues(new Uint8Array(length));

const KEY_ID = signature('keyId:s');
const ROOTS = signature('this:RootKeys');
const TOKEN_DRAFT = members('draft', 'keyId:s kind:s hardExpiry:?n');
const DRAFT = members('draft', 'principal:s scopes:l createdAt:t peppers:?Peppers edges:?f'
  + ' organizations:?l addresses:?l name:?s notBefore:?t expiresAt:?t metadata:?j');
const DIGEST = signature('peppers:Peppers token:b principal:s');

export const generateRootKeys = (keyId) =>
  callText('new_root_keys', [0, ...KEY_ID(keyId), random(32)]);

export class RootKeys extends Loaded {
  constructor(keySet) {
    super('RootKeys', 'load_root_keys', KEY_SET(keySet));
  }

  exposeEdgeKeys() {
    return callText('edge_keys_of', ROOTS(this));
  }

  exposePeppers() {
    return callText('peppers_of', ROOTS(this));
  }

  // More random bytes than are ever used up: 42 characters, 248 of 256 bytes make one.
  mint(draft) {
    return callText('mint', [...ROOTS(this), ...TOKEN_DRAFT(draft)(), random(128)]);
  }
}

export class Peppers extends Loaded {
  constructor(keySet) {
    super('Peppers', 'load_peppers', KEY_SET(keySet));
  }
}

export const digest = (token, principal, peppers) =>
  callText('digest', DIGEST(peppers, token, principal));

export const edgeDigest = operation(callText, 'edge_digest', 'token:b principal:s');

export const acceptAtOrigin =
  accepting('accept_at_origin', 'genuine:Genuine peppers:Peppers record:?j now:t');

export const issueRecord = (token, draft) =>
  callText('issue_record', [0, ...TOKEN(token), ...DRAFT(draft)()]);

export const readRecord = operation(callJson, 'read_record', 'record:j');

export const edgeRecord = operation(callText, 'edge_record', 'record:j');

export const revokeRecord = operation(callText, 'revoke_record', 'record:j at:t');

export const useRecord = operation(callText, 'use_record', 'record:j at:t');

export const mergeRecords = operation(callText, 'merge_records', 'record:j stored:j');

const INACTIVE = operation(callText, 'inactive_because', 'record:j now:t');
export const inactiveBecause = (record, now) => INACTIVE(record, now) || undefined;

const ROTATION = signature('record:j successor:j graceUntil:t now:t');
const LIMITS = members('options', 'laterExpiry:?f maxGrace:?n');
export const rotateRecord = (record, successor, graceUntil, now, options = {}) => callText(
  'rotate_record', [0, ...ROTATION(record, successor, graceUntil, now), ...LIMITS(options)()]);
