// A compiled policy that is asked directly.

import { callJson, callText } from './core.js';
import { POLICY, Policy as Compiled } from './policy.js';
import { signature } from './signature.js';

const REQUEST = signature('this:Policy request:j');
const ROUTE = signature('this:Policy method:s target:s');

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
    return callJson('policy_actions', POLICY(this));
  }

  route(method, target) {
    return callJson('route', ROUTE(this, method, target));
  }
}

// Text is answered with text, an object with an object.
const answer = (name, policy, request) => {
  const text = callText(name, REQUEST(policy, request));
  return typeof request == 'string' ? text : JSON.parse(text);
};
