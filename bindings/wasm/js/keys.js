// Edge keys. The module reads the key set.

import { Loaded, bytes } from './core.js';
import { Genuine } from './tokens.js';

export class EdgeKeys extends Loaded {
  constructor(keySet) {
    super('load_edge_keys', [bytes(keySet)]);
  }

  verify(token, now) {
    return new Genuine(this, token, now);
  }
}
