export { CogAuthError, faultCount, init, initSync } from './core.js';
export { Gate } from './gate.js';
export { EdgeKeys } from './key-set.js';
export { Policy } from './policy.js';
export { parseToken } from './tokens.js';
