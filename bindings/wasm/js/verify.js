export { CogAuthError, faultCount, init, initSync } from './core.js';
export { EdgeKeys, parseToken } from './tokens.js';
