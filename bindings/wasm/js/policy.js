// A compiled policy.

import { Loaded, bytes, callText, only, slotOf } from './core.js';

export class Policy extends Loaded {
  constructor(image, options = {}) {
    const { sha256, ...others } = options;
    only(others);
    super('load_image', [bytes(image), sha256]);
  }

  get digest() {
    return callText('policy_digest', slotOf(this));
  }
}
