// A compiled policy that is asked directly.

import { callJson, callText, json, slotOf } from './core.js';
import { Policy as Compiled } from './policy.js';

export class Policy extends Compiled {
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
