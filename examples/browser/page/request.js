// The request: its text, examples to start from, and what is wrong with it.

import { byId, element, select } from './element.js';
import { format, put } from './json.js';
import { indexOfByte } from './place.js';
import { problem } from './problem.js';
import { PRESETS } from './presets.js';

/** Calls back whenever the request is another one. */
export const readRequest = (changed) => {
  const area = byId('request');
  const chosen = byId('preset');
  const presets = [];
  for (const [group, members] of Object.entries(PRESETS)) {
    const options = members.map(([name, , , request]) =>
      element('option', { value: presets.push(request) - 1 }, name));
    chosen.append(element('optgroup', { label: group }, ...options));
  }
  const own = element('option', { value: 'own', disabled: '', hidden: '' }, 'My own');
  chosen.append(own);

  const load = () => {
    area.value = format(presets[chosen.value]);
    area.scrollTop = 0;
  };
  chosen.addEventListener('change', () => {
    load();
    changed();
  });
  area.addEventListener('input', () => {
    chosen.value = 'own';
    changed();
  });
  load();

  return {
    get text() {
      return area.value;
    },
    select: (start, end) => select(area, start, end),
    accept() {
      area.removeAttribute('aria-invalid');
      byId('request-answer').replaceChildren();
    },
    refuse(error) {
      area.setAttribute('aria-invalid', 'true');
      const index = error.offset === undefined ? undefined : indexOfByte(area.value, error.offset);
      byId('request-answer').replaceChildren(problem(error, area, index));
    },
    /** Writes values at pointers, if the text is JSON. */
    set(...pairs) {
      try {
        JSON.parse(area.value);
      } catch {
        return;
      }
      for (let at = 0; at < pairs.length; at += 2) area.value = put(area.value, pairs[at], pairs[at + 1]);
      chosen.value = 'own';
      changed();
    },
  };
};
