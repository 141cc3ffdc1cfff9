// The gate. The module holds nothing between two steps: each step runs from the beginning, with the
// answers that were given so far.

import { bytes, callJson, json, list, only, slotOf } from './core.js';

export class Gate {
  #begin;

  constructor(options) {
    const {
      policy, keys, peppers, realm, retryAfter, maxRecordAge, passOn, preflight, ...others
    } = options;
    only(others);
    this.#begin = () => [
      slotOf(policy), slotOf(keys), peppers && slotOf(peppers),
      realm, retryAfter, maxRecordAge, passOn, preflight,
    ];
  }

  begin(request, now) {
    const { method, target, authorization, context, ...others } = request;
    only(others);
    const asked = [now, method, bytes(target), json(context), ...list(authorization)];
    return step(() => [...this.#begin(), ...asked], [undefined, undefined], [undefined]);
  }
}

const ABSENT = 0, UNAVAILABLE = 1, FOUND = 2;

// Runs the steps with what the store answered so far: a record with the time at which it was
// fetched, and facts. Facts end with a time too, which nobody reads, so that both are answered
// alike.
const step = (begin, record, facts) => {
  const [slot, ...values] = [...begin(), ...record, ...facts];
  const next = callJson('gate', slot, values);
  const ofRecord = next.step == 'record';
  if (ofRecord || next.step == 'facts') {
    const answer = (...said) =>
      ofRecord ? step(begin, said, facts) : step(begin, record, said);
    next.found = (text, fetchedAt) => answer(FOUND, json(text), fetchedAt);
    next.absent = () => answer(ABSENT, undefined);
    next.unavailable = () => answer(UNAVAILABLE, undefined);
  }
  return next;
};
