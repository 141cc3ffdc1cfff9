// The gate. The module holds nothing between two steps: each step runs from the beginning, with the
// answers that were given so far.

import { callJson } from './core.js';
import { TYPES, members, read, signature } from './signature.js';

const OPTIONS = members('options', 'policy:Policy keys:EdgeKeys peppers:?Peppers realm:?s'
  + ' retryAfter:?n maxRecordAge:?n passOn:?f preflight:?f');
const BEGIN = signature('this:Gate now:t');
const REQUEST = members('request', 'method:s target:b context:?j clientAddress:?s'
  + ' authorization:l');

export class Gate {
  #options;

  constructor(options) {
    this.#options = OPTIONS(options);
    // Again for each request: what is held may be freed.
    this.#options();
  }

  begin(request, now) {
    const [begin, time] = BEGIN(this, now);
    const asked = [time, ...REQUEST(request)()];
    return step(() => [...begin(), ...asked], NOT_YET, NOT_YET);
  }

  static {
    TYPES.Gate = ['a Gate', (gate) => [gate.#options]];
  }
}

// No answer, and no time.
const NOT_YET = [undefined, undefined];

// Runs the steps with what the store answered so far: a record with the time at which it was
// fetched, and facts. 0 is absent, 1 unavailable, 2 found. Facts end with a time too, which nobody
// reads, so that both are answered alike.
const step = (begin, record, facts) => {
  const next = callJson('gate', [...begin(), ...record, ...facts]);
  const ofRecord = next.step == 'record';
  if (ofRecord || next.step == 'facts') {
    const answer = (...said) =>
      ofRecord ? step(begin, said, facts) : step(begin, record, said);
    next.found = (...given) =>
      answer(2, ...read([[next.step, '', 'j'], ['fetchedAt', '?', 't']], given));
    next.absent = () => answer(0, undefined);
    next.unavailable = () => answer(1, undefined);
  }
  return next;
};
