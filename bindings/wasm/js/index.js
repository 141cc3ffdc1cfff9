export * from './verify.js';
export { acceptAtEdge, authorization, redact } from './accept.js';
export { Policy } from './decisions.js';
export * from './documents.js';
export { Gate } from './gate.js';
export * from './issuer.js';
