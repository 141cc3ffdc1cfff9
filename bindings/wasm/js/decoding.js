import { callJson } from './core.js';
import { signature } from './signature.js';
import { Units } from './units.js';

const SCANNED = signature('text:b keys:?EdgeKeys');

export const scanDecoding = (...given) => {
  const values = SCANNED(...given);
  const found = callJson('scan_decoding', [0, ...values]);
  const [text] = values;
  if (typeof text != 'string') return found;
  const units = new Units();
  units.add(text);
  return units.convert(found);
};
