// Edge keys for the modules of edges, which do not read key sets: they are read here.

import { Loaded, isWellFormed } from './core.js';
import { signature } from './signature.js';
import { Genuine } from './tokens.js';

const KEY_SET = signature('keySet:b');

export class EdgeKeys extends Loaded {
  constructor(keySet) {
    super('EdgeKeys', 'load_edge_keys', partsOf(...KEY_SET(keySet)));
  }

  verify(token, now) {
    return new Genuine(this, token, now);
  }
}

// In bytes.
const MOST = 16_384;

// The use, and the id and the characters of each key; an empty use for what is no key set.
//
// JSON.parse lets two things pass that are refused everywhere else. A name that stands twice shows
// in the number of strings, and a version written as 1.0 in the characters between them.
const partsOf = (text) => {
  if (text.length > MOST) return [''];
  try {
    if (typeof text != 'string') {
      text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(text);
    }
    const set = JSON.parse(text);
    const parts = [set.use, ...Object.entries(set.keys).flat()];
    const marks = text.replace(/"[^"]*"/g, '"');
    const strings = marks.split('"').length - 1;
    if (
      Object.keys(set).sort() == 'keys,use,v' && set.v === 1 &&
      parts.every((part) => typeof part == 'string' && isWellFormed(part)) &&
      strings == 3 + parts.length && !/[^\s{}:,1"]/.test(marks)
    ) return parts;
  } catch {}
  return [''];
};
