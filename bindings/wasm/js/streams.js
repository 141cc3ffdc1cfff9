// Texts that arrive in pieces: tokens are cut out of them, or found in them. The module holds what
// cannot be decided yet.

import { Loaded, callBytes, callJson, callText, failed, faultCount } from './core.js';
import { signature } from './signature.js';
import { Units } from './units.js';

const isText = (piece) => typeof piece == 'string';

// The values of a call that gives the next piece, and of one that asks for the rest.
let ofNext, ofRest;

class Pieces extends Loaded {
  // What the module held is lost with its instance.
  #faults;
  // A text may be broken up within a character of two units: the first waits for the second.
  #half = '';

  constructor(type, load) {
    super(type, load, []);
    this.#faults = faultCount();
  }

  static {
    ofNext = (read, pieces, piece) => {
      // Whose they are is checked before a private member is read.
      read(pieces, '');
      if (pieces.#faults != faultCount()) {
        throw failed(703, 'fault', 'what was held of the text is lost; begin it again');
      }
      if (!isText(piece)) return read(pieces, piece);
      piece = pieces.#half + piece;
      const whole = piece.replace(/[\ud800-\udbff]$/, '');
      pieces.#half = piece.slice(whole.length);
      return read(pieces, whole);
    };
    // Half a character is none.
    ofRest = (read, pieces) => ofNext(read, pieces, '') && read(pieces, pieces.#half);
  }
}

const REDACTED = signature('this:Redactor piece:b');
const SCANNED = signature('this:Scanner piece:b');

export class Redactor extends Pieces {
  #call = callBytes;

  constructor() {
    super('Redactor', 'load_redactor');
  }

  push(piece) {
    const values = ofNext(REDACTED, this, piece);
    this.#call = isText(piece) ? callText : callBytes;
    return this.#call('redactor_push', values);
  }

  finish() {
    const values = ofRest(REDACTED, this);
    const rest = this.#call('redactor_finish', values);
    this.free();
    return rest;
  }
}

export class Scanner extends Pieces {
  // For bytes none: what is found in them has offsets in bytes already.
  #units;

  constructor() {
    super('Scanner', 'load_scanner');
  }

  push(piece) {
    const values = ofNext(SCANNED, this, piece);
    if (isText(piece)) (this.#units ??= new Units()).add(values[1]);
    return this.#found('scanner_push', values);
  }

  finish() {
    const found = this.#found('scanner_finish', ofRest(SCANNED, this));
    this.free();
    return found;
  }

  #found(name, values) {
    const found = callJson(name, values);
    return this.#units?.convert(found) ?? found;
  }
}

export const scan = (text) => {
  const scanner = new Scanner();
  try {
    return [...scanner.push(text), ...scanner.finish()];
  } finally {
    scanner.free();
  }
};

// A stream that nobody reads to its end holds no memory once it is gone.
const abandoned = globalThis.FinalizationRegistry &&
  new FinalizationRegistry((pieces) => pieces.free());

const streamOf = (pieces, give) => {
  const through = (call) => (...given) => {
    try {
      give(call(...given), given.at(-1));
    } catch (error) {
      pieces.free();
      throw error;
    }
  };
  const stream = new TransformStream({
    transform: through((piece) => pieces.push(piece)),
    flush: through(() => pieces.finish()),
    cancel: () => pieces.free(),
  });
  abandoned?.register(stream, pieces);
  return stream;
};

export const redactStream = () =>
  streamOf(new Redactor(), (text, to) => text.length && to.enqueue(text));

export const scanStream = () =>
  streamOf(new Scanner(), (found, to) => found.forEach((finding) => to.enqueue(finding)));
