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

// How much one call takes: what it answers must fit the memory, whatever is in the text.
const MOST = 1 << 20;

const parts = function* ([slot, piece]) {
  for (let at = 0, end; at < piece.length; at = end) {
    end = at + MOST;
    // Not within a character of two units.
    if (isText(piece) && /[\ud800-\udbff]/.test(piece[end - 1])) end--;
    yield [slot, piece.slice(at, end)];
  }
};

// A class for each of two ways, as each has a name of its own where an argument is wrong.
const redactor = (type, load) => {
  const REDACTED = signature(`this:${type} piece:b`);
  return class extends Pieces {
    #call = callBytes;

    constructor() {
      super(type, load);
    }

    push(piece) {
      const values = ofNext(REDACTED, this, piece);
      this.#call = isText(piece) ? callText : callBytes;
      const out = [...parts(values)].map((values) => this.#call('redactor_push', values));
      return isText(piece) ? out.join('') : joined(out);
    }

    finish() {
      const values = ofRest(REDACTED, this);
      const rest = this.#call('redactor_finish', values);
      this.free();
      return rest;
    }
  };
};

const joined = (pieces) => {
  const all = new Uint8Array(pieces.reduce((length, piece) => length + piece.length, 0));
  let at = 0;
  for (const piece of pieces) {
    all.set(piece, at);
    at += piece.length;
  }
  return all;
};

const scanner = (type, load) => {
  const SCANNED = signature(`this:${type} piece:b`);
  return class extends Pieces {
    // For bytes none: what is found in them has offsets in bytes already.
    #units;

    constructor() {
      super(type, load);
    }

    push(piece) {
      const values = ofNext(SCANNED, this, piece);
      const found = [];
      for (const part of parts(values)) {
        if (isText(piece)) (this.#units ??= new Units()).add(part[1]);
        for (const finding of this.#found('scanner_push', part)) found.push(finding);
      }
      return found;
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
  };
};

export class Redactor extends redactor('Redactor', 'load_redactor') {}
export class DecodingRedactor extends redactor('DecodingRedactor', 'load_decoding_redactor') {}
export class Scanner extends scanner('Scanner', 'load_scanner') {}
export class DecodingScanner extends scanner('DecodingScanner', 'load_decoding_scanner') {}

const scanning = (Scanner) => (text) => {
  const scanner = new Scanner();
  try {
    return [...scanner.push(text), ...scanner.finish()];
  } finally {
    scanner.free();
  }
};

export const scan = scanning(Scanner);
export const scanDecoding = scanning(DecodingScanner);

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

const redacting = (Redactor) => () =>
  streamOf(new Redactor(), (text, to) => text.length && to.enqueue(text));
const finding = (Scanner) => () =>
  streamOf(new Scanner(), (found, to) => found.forEach((finding) => to.enqueue(finding)));

export const redactStream = redacting(Redactor);
export const redactDecodingStream = redacting(DecodingRedactor);
export const scanStream = finding(Scanner);
export const scanDecodingStream = finding(DecodingScanner);
