// The gate. The module holds nothing between two steps: each runs from the beginning, with the answers given so far.

import { bytes, callJson, json, list, only, slotOf } from './core.js';

export class Gate {
  #begin;

  constructor(options) {
    const { policy, keys, peppers, realm, retryAfter, maxRecordAge, passOn, preflight, ...others } = options;
    only(others);
    this.#begin = () => [
      slotOf(policy), slotOf(keys), peppers && slotOf(peppers),
      realm, retryAfter, maxRecordAge, passOn, preflight,
    ];
  }

  begin(request, now) {
    const { method, target, authorization, context, ...others } = request;
    only(others);
    const said = [now, method, bytes(target), json(context), ...list(authorization)];
    return step(() => [...this.#begin(), ...said], [undefined, undefined], [undefined]);
  }
}

const ABSENT = 0, UNAVAILABLE = 1, FOUND = 2;

// What is said of facts ends with a time that nobody reads, so that both questions are answered alike.
const step = (begin, record, facts) => {
  const [slot, ...told] = [...begin(), ...record, ...facts];
  const next = callJson('gate', slot, told);
  const asked = next.step == 'record';
  if (asked || next.step == 'facts') {
    const say = (...said) => (asked ? step(begin, said, facts) : step(begin, record, said));
    next.found = (text, fetchedAt) => say(FOUND, json(text), fetchedAt);
    next.absent = () => say(ABSENT, undefined);
    next.unavailable = () => say(UNAVAILABLE, undefined);
  }
  return next;
};
