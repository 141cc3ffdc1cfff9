// The page: what is pasted on one side, what is decided on the other. It keeps nothing and sends
// nothing.

import { byId, element } from './element.js';
import { showDecision, showNoDecision } from './decision.js';
import { choosePolicy } from './policy.js';
import { sentence } from './problem.js';
import { readRequest } from './request.js';
import { watchToken } from './token.js';
import { CogAuthError, builtinImage, init } from './library.js';

try {
  await init();
  const answer = await fetch(builtinImage);
  if (!answer.ok) throw new Error(`The built-in policy was answered with ${answer.status}.`);
  start(await answer.arrayBuffer());
} catch (error) {
  byId('verdict').replaceChildren(element('p', { class: 'problem' }, `The page could not start. ${error.message}`));
}

function start(image) {
  let policy;
  const request = readRequest(() => decide());
  const decide = () => {
    request.accept();
    if (!policy) return showNoDecision('the policy does not compile', 'What is wrong with it stands below it.');
    try {
      showDecision(policy, request);
    } catch (error) {
      if (!(error instanceof CogAuthError)) throw error;
      request.refuse(error);
      showNoDecision('the request is malformed', ...sentence(error), ' That is no denial: nothing was decided.');
    }
  };
  choosePolicy(image, (chosen) => {
    policy?.free();
    policy = chosen;
    decide();
  });
  watchToken((token) => request.set('/context/credential/kind', token.kind, '/context/credential/id', token.id));
}
