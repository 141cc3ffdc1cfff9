export { CogAuthError, faultCount, init, initSync } from './core.js';
export { redact } from './redaction.js';
export * from './streams.js';
