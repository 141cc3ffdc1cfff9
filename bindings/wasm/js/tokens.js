import { callNumber } from './core.js';
import { TYPES, signature } from './signature.js';

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
  return Object.assign(target, {
    handle,
    kind: KINDS[handle.slice(...KIND)],
    keyId: handle.slice(...KEY_ID),
    id: handle.slice(...ID),
  }, hardExpiry && { hardExpiry });
};

export const TOKEN = signature('token:b');
const VERIFY = signature('this:EdgeKeys token:b now:t');

export const parseToken = (token) => {
  [token] = TOKEN(token);
  return describe({}, token, callNumber('parse', [0, token]));
};

/** What a genuine token says of itself, whatever became of the object since. */
export let shown;

export class Genuine {
  // What shows again that it is genuine (keys, token and time), and what is shown of it.
  #proof;

  constructor(keys, token, now) {
    const values = VERIFY(keys, token, now);
    const { handle, kind, id } = describe(this, values[1], callNumber('verify', values));
    this.#proof = [keys, values[1], now, { handle, kind, id }];
  }

  static {
    TYPES.Genuine = ['Genuine', (genuine) => VERIFY(...genuine.#proof)];
    shown = (genuine) => genuine.#proof[3];
  }
}
