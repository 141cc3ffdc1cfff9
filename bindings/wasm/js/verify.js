export { CogAuthError, faultCount, init, initSync } from './core.js';
export { EdgeKeys } from './key-set.js';
export { parseToken } from './tokens.js';
