// A compiled policy.

import { Loaded, callText } from './core.js';
import { members, signature } from './signature.js';

const IMAGE = signature('image:b');
const OPTIONS = members('options', 'sha256:?s');
export const POLICY = signature('this:Policy');

export class Policy extends Loaded {
  constructor(image, options = {}) {
    super('Policy', 'load_image', [...IMAGE(image), ...OPTIONS(options)()]);
  }

  get digest() {
    return callText('policy_digest', POLICY(this));
  }
}
