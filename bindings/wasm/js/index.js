export * from './edge.js';
export * from './issuer.js';
export * from './documents.js';
