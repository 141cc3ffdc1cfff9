import { bytes, callNumber, slotOf } from './core.js';

const KINDS = { s: 'service_user_key', p: 'personal_access_token', x: 'sample' };

// What stands in the first 23 of the 81 characters that the module found to be a token.
const describe = (target, token, hardExpiry) => {
  const handle = typeof token == 'string' ? token.slice(0, 23) : String.fromCharCode(...token.subarray(0, 23));
  target.handle = handle;
  target.kind = KINDS[handle[5]];
  target.keyId = handle.slice(6, 8);
  target.id = handle.slice(11);
  if (hardExpiry) target.hardExpiry = hardExpiry;
  return target;
};

export const parseToken = (token) => {
  token = bytes(token);
  return describe({}, token, callNumber('parse', 0, [token]));
};

// What shows again that a token is genuine: slot, token and time.
export let proofOf;

export class Genuine {
  #proof;

  constructor(keys, token, now) {
    token = bytes(token);
    describe(this, token, callNumber('verify', slotOf(keys), [token, now]));
    this.#proof = [keys, token, now];
  }

  static {
    proofOf = (genuine) => {
      const [keys, ...rest] = genuine.#proof;
      return [slotOf(keys), ...rest];
    };
  }
}
