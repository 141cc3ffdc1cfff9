import { bytes, callNumber, slotOf } from './core.js';

const KINDS = { s: 'service_user_key', p: 'personal_access_token', x: 'sample' };

// Where the fields stand in a token: [first offset, offset after the last]. The table of section
// "The token" in docs/token-format.md; a test of the repository compares the three.
const HANDLE = [0, 23];
const KIND = [5, 6];
const KEY_ID = [6, 8];
const ID = [11, 23];

// Reads the handle of what the module found to be a token, as text or as bytes, into the members of
// `target`.
const describe = (target, token, hardExpiry) => {
  let handle = token.slice(...HANDLE);
  if (typeof token != 'string') handle = String.fromCharCode(...handle);
  target.handle = handle;
  target.kind = KINDS[handle.slice(...KIND)];
  target.keyId = handle.slice(...KEY_ID);
  target.id = handle.slice(...ID);
  if (hardExpiry) target.hardExpiry = hardExpiry;
  return target;
};

export const parseToken = (token) => {
  token = bytes(token);
  return describe({}, token, callNumber('parse', 0, [token]));
};

// What shows again that a token is genuine: keys, token and time.
export let proofOf;

export class Genuine {
  #proof;

  constructor(keys, token, now) {
    token = bytes(token);
    describe(this, token, callNumber('verify', slotOf(keys), [token, now]));
    this.#proof = [keys, token, now];
  }

  static {
    proofOf = (genuine) => genuine.#proof;
  }
}
