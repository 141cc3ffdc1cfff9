// The gate. The module holds nothing between two steps: each runs from the beginning, with the answers given so far.

import { bytes, callJson, json, list, only, slotOf } from './core.js';

export class Gate {
  #begin;

  constructor(options) {
    const { policy, keys, peppers, realm, retryAfter, maxRecordAge, passOn, preflight, ...others } = options;
    only(others);
    this.#begin = () => [
      slotOf(policy), slotOf(keys), peppers && slotOf(peppers),
      realm, retryAfter, maxRecordAge, passOn ? 1 : 0, preflight ? 1 : 0,
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

const step = (begin, record, facts) => {
  const [slot, ...told] = [...begin(), ...record, ...facts];
  const next = callJson('gate', slot, told);
  if (next.step == 'record') {
    next.found = (text, fetchedAt) => step(begin, [FOUND, json(text), fetchedAt], facts);
    next.absent = () => step(begin, [ABSENT, undefined], facts);
    next.unavailable = () => step(begin, [UNAVAILABLE, undefined], facts);
  } else if (next.step == 'facts') {
    next.found = (text) => step(begin, record, [FOUND, json(text)]);
    next.absent = () => step(begin, record, [ABSENT]);
    next.unavailable = () => step(begin, record, [UNAVAILABLE]);
  }
  return next;
};
