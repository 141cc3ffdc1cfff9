export { CogAuthError, faultCount, init, initSync } from './core.js';
export { parseToken } from './tokens.js';
export { EdgeKeys } from './keys.js';
export { acceptAtEdge, authorization } from './accept.js';
export { redact } from './redaction.js';
export { Policy } from './decisions.js';
export * from './documents.js';
export { Gate } from './gate.js';
export * from './issuer.js';
