// The gate. The module keeps what it found out until it asks for facts, for a while. Every other
// step, and that one where nothing is kept any more, runs from the beginning, with the answers that
// were given so far. So nothing has to be freed, and each step can be answered again.

import { callText, faultCount } from './core.js';
import { TYPES, members, signature } from './signature.js';

const OPTIONS = members('options', 'policy:Policy keys:EdgeKeys peppers:?Peppers realm:?s'
  + ' retryAfter:?n maxRecordAge:?n passOn:?f preflight:?f');
const BEGIN = signature('this:Gate now:t');
const REQUEST = members('request', 'method:s target:b context:?j clientAddress:?s'
  + ' authorization:l');
const RECORD = signature('record:j fetchedAt:?t');
const FACTS = signature('facts:j fetchedAt:?t');

export class Gate {
  #options;

  constructor(options) {
    this.#options = OPTIONS(options);
    // Again for each request: what is held may be freed.
    this.#options();
  }

  begin(request, now) {
    const [options, time] = BEGIN(this, now);
    return run([options, [time].concat(REQUEST(request)())], NOT_YET, NOT_YET);
  }

  static {
    TYPES.Gate = ['a Gate', (gate) => [gate.#options]];
  }
}

// No answer, and no time.
const NOT_YET = [undefined, undefined];

// Runs a request through the gate with what the store answered so far: a record with the time at
// which it was fetched, and facts. 0 is absent, 1 unavailable, 2 found. Facts end with a time too,
// which nobody reads, so that both are answered alike.
const run = (begun, record, facts) => {
  const [options, asked] = begun;
  const text = callText('gate', options().concat(asked, record, facts));
  if (text[0] != '{') {
    return question({ step: 'record', id: text }, RECORD, (said) => run(begun, said, NOT_YET));
  }
  const [json, ...more] = text.split('\n');
  const next = JSON.parse(json);
  if (next.step != 'facts') return outcome(next, more);
  // The number of what is kept, by this instance of the module.
  let [kept] = more;
  const faults = faultCount();
  return question(next, FACTS, (said) => {
    if (kept && faults == faultCount()) {
      // What was freed is not asked any more.
      options();
      const text = callText('gate_facts', [0, +kept].concat(said));
      kept = undefined;
      const [json, ...more] = text.split('\n');
      if (json) return outcome(JSON.parse(json), more);
    }
    return run(begun, record, said);
  });
};

const question = (next, found, answer) => {
  next.found = (...given) => answer([2].concat(found(...given)));
  next.absent = () => answer([0, undefined]);
  next.unavailable = () => answer([1, undefined]);
  return next;
};

// An outcome, with what of it is JSON itself.
const outcome = (next, texts) => {
  const { cause } = next;
  if (texts.length > 1) next.body = texts[0];
  if (texts.length) next.audit = texts.at(-1);
  if (cause) {
    // It stands at the end.
    delete next.cause;
    next.cause = cause;
  }
  return next;
};
