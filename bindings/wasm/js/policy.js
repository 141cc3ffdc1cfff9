// A compiled policy.

import { Loaded, bytes, callJson, callText, json, only, slotOf } from './core.js';

export class Policy extends Loaded {
  constructor(image, options = {}) {
    const { sha256, ...others } = options;
    only(others);
    super('load_image', [bytes(image), sha256]);
  }

  get digest() {
    return callText('policy_digest', slotOf(this));
  }

  decide(request) {
    return answer('decide', this, request);
  }

  evaluate(request) {
    return answer('evaluate', this, request);
  }

  searchActions(request) {
    return answer('search_actions', this, request);
  }

  get actions() {
    return callJson('policy_actions', slotOf(this));
  }

  route(method, target) {
    return callJson('route', slotOf(this), [method, target]);
  }
}

// Text is answered with text, an object with an object.
const answer = (operation, policy, request) => {
  const text = callText(operation, slotOf(policy), [json(request)]);
  return typeof request == 'string' ? text : JSON.parse(text);
};
