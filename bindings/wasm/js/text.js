export { CogAuthError, faultCount, init, initSync } from './core.js';
export * from './redaction.js';
export * from './streams.js';
