// Policies from their JSON documents: by name, each text, bytes or an object.

import { CogAuthError, callBytes, callJson, callText, json, list, only } from './core.js';

const named = (documents) =>
  list(Object.entries(documents).flatMap(([name, document]) => [name, json(document)]));

export const compilePolicy = (documents, options = {}) => {
  const { digest, ...others } = options;
  only(others);
  return callBytes('compile_documents', 0, [digest, ...named(documents)]);
};

export const checkPolicy = (documents) =>
  callJson('check_documents', 0, named(documents)).map((error) => new CogAuthError(error));

export const bundlePolicy = (documents) => callText('bundle_documents', 0, named(documents));
