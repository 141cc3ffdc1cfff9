export * from './verify.js';
export { Gate } from './gate.js';
export { Policy } from './policy.js';
