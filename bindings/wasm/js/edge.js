export * from './verify.js';
export { acceptAtEdge, authorization, redact } from './accept.js';
export { Gate } from './gate.js';
export { Policy } from './policy.js';
