// What only an issuer or an origin does: root keys, minting, digests, records.

import { Loaded, bytes, callJson, callText, json, list, only, slotOf } from './core.js';
import { accepted } from './accept.js';

const random = (length) => crypto.getRandomValues(new Uint8Array(length));

export const generateRootKeys = (keyId) => callText('new_root_keys', 0, [keyId, random(32)]);

export class RootKeys extends Loaded {
  constructor(keySet) {
    super('load_root_keys', [bytes(keySet)]);
  }

  exposeEdgeKeys() {
    return callText('edge_keys_of', slotOf(this));
  }

  exposePeppers() {
    return callText('peppers_of', slotOf(this));
  }

  // More random bytes than are ever used up: 42 characters, 248 of 256 bytes make one.
  mint(draft) {
    const { keyId, kind, hardExpiry, ...others } = draft;
    only(others);
    return callText('mint', slotOf(this), [keyId, kind, hardExpiry, random(128)]);
  }
}

export class Peppers extends Loaded {
  constructor(keySet) {
    super('load_peppers', [bytes(keySet)]);
  }
}

export const digest = (token, principal, peppers) =>
  callText('digest', slotOf(peppers), [bytes(token), principal]);

export const edgeDigest = (token, principal) =>
  callText('edge_digest', 0, [bytes(token), principal]);

export const acceptAtOrigin = (genuine, peppers, record, now) =>
  accepted(genuine, 'accept_at_origin', slotOf(peppers), json(record), now);

export const issueRecord = (token, draft) => {
  const {
    principal, scopes, createdAt, peppers, edges, organizations, name, notBefore, expiresAt,
    metadata, ...others
  } = draft;
  only(others);
  return callText('issue_record', 0, [
    bytes(token), principal, ...list(scopes), createdAt, peppers && slotOf(peppers),
    edges, ...list(organizations), name, notBefore, expiresAt, json(metadata),
  ]);
};

export const readRecord = (record) => callJson('read_record', 0, [json(record)]);

export const edgeRecord = (record) => callText('edge_record', 0, [json(record)]);

export const revokeRecord = (record, at) => callText('revoke_record', 0, [json(record), at]);

export const rotateRecord = (record, successor, graceUntil, now) =>
  callText('rotate_record', 0, [json(record), json(successor), graceUntil, now]);
