// The policy: the built-in one, or one's own with all that is wrong with it.

import { byId, element } from './element.js';
import { format } from './json.js';
import { indexOfLine } from './place.js';
import { problem } from './problem.js';
import { OWN_POLICY } from './presets.js';
import { Policy, checkPolicy, compilePolicy } from './library.js';

/**
 * Calls back with each policy that is chosen, and with nothing while it does not compile. The
 * policy is the callee's to free.
 */
export const choosePolicy = (image, chosen) => {
  const area = byId('policy');
  const ways = document.getElementsByName('policy');
  area.value = format(OWN_POLICY);

  const choose = () => {
    const own = ways[1].checked;
    byId('own-policy').hidden = !own;
    chosen(own ? compiled(area) : new Policy(image));
  };
  for (const way of ways) way.addEventListener('change', choose);
  area.addEventListener('input', choose);
  choose();
};

const compiled = (area) => {
  const documents = { 'policy.json': area.value };
  const errors = checkPolicy(documents);
  area.setAttribute('aria-invalid', String(errors.length > 0));
  byId('policy-answer').replaceChildren(errors.length ? listed(errors, area) : element('p', { class: 'good' }, 'It compiles.'));
  return errors.length ? undefined : new Policy(compilePolicy(documents));
};

const listed = (errors, area) => element('ul', { class: 'problems' }, ...errors.map((error) => {
  const index = error.line && indexOfLine(area.value, error.line, error.column);
  return element('li', {}, problem(error, area, index, error.length));
}));
