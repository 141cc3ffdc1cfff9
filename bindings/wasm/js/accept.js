// What an edge does with a token beside verifying it: the header, the record.

import { callJson } from './core.js';
import { operation, signature } from './signature.js';
import { shown } from './tokens.js';

export const authorization = operation(callJson, 'authorization', 'values:l');

export const accepting = (name, text, values = signature(text)) => (genuine, ...given) =>
  ({ ...callJson(name, values(genuine, ...given)), ...shown(genuine) });

export const acceptAtEdge = accepting('accept_at_edge', 'genuine:Genuine record:?j now:t');
