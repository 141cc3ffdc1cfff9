// Edge keys. The module reads the key set.

import { Loaded } from './core.js';
import { signature } from './signature.js';
import { Genuine } from './tokens.js';

export const KEY_SET = signature('keySet:b');

export class EdgeKeys extends Loaded {
  constructor(keySet) {
    super('EdgeKeys', 'load_edge_keys', KEY_SET(keySet));
  }

  verify(token, now) {
    return new Genuine(this, token, now);
  }
}
