// What an edge does with a token beside verifying it: the header, the record, the log.

import { callJson, callText, json, list, slotOf } from './core.js';
import { proofOf } from './tokens.js';

export const authorization = (values) => callJson('authorization', 0, list(values));

export const redact = (text) => callText('redact', 0, [text]);

export const acceptAtEdge = (genuine, record, now) =>
  accepted(genuine, 'accept_at_edge', json(record), now);

export const accepted = (genuine, operation, ...rest) => {
  const { handle, kind, id } = genuine;
  const [keys, ...proof] = proofOf(genuine);
  return { handle, kind, id, ...callJson(operation, slotOf(keys), [...proof, ...rest]) };
};
