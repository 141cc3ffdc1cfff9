// Policies from their JSON documents: by name, each text, bytes or an object.

import { CogAuthError, callBytes, callJson, callText } from './core.js';
import { TYPES, members, read, signature } from './signature.js';

TYPES.d = ['an object', (documents) => {
  documents = typeof documents == 'object' && Object.entries(documents);
  return documents && [
    documents.length * 2,
    ...documents.flatMap((entry) => read([['name', '', 's'], [entry[0], '', 'j']], entry)),
  ];
}];

const DOCUMENTS = signature('documents:d');
const OPTIONS = members('options', 'digest:?s');

export const compilePolicy = (documents, options = {}) =>
  callBytes('compile_documents', [0, ...OPTIONS(options)(), ...DOCUMENTS(documents)]);

export const checkPolicy = (documents) =>
  callJson('check_documents', [0, ...DOCUMENTS(documents)]).map((error) => new CogAuthError(error));

export const policyWarnings = (documents) =>
  callJson('warn_of_documents', [0, ...DOCUMENTS(documents)]).map((error) => new CogAuthError(error));

export const bundlePolicy = (documents) =>
  callText('bundle_documents', [0, ...DOCUMENTS(documents)]);
