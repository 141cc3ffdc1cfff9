import { callText } from './core.js';
import { operation } from './signature.js';

export const redact = operation(callText, 'redact', 'text:s');
export const redactDecoding = operation(callText, 'redact_decoding', 'text:s');
