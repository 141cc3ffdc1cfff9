export { CogAuthError, faultCount, init, initSync } from './core.js';
export { Gate } from './gate.js';
export { EdgeKeys } from './keys.js';
export { Policy } from './policy.js';
export { parseToken } from './tokens.js';
