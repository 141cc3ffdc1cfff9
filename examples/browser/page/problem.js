// An error of the library, with its place in a textarea.

import { code, element, select } from './element.js';
import { lineAndColumn } from './place.js';

/** The error's sentence, where it is, and a button that goes there. */
export const problem = (error, area, index, length = 1) => {
  const shown = element('p', { class: 'problem' }, ...sentence(error));
  if (error.suggestion) shown.append(' Did you mean ', code(error.suggestion), '?');
  if (index !== undefined) {
    const { line, column } = lineAndColumn(area.value, index);
    const start = Math.min(index, area.value.length);
    const go = () => select(area, start, start + length);
    shown.append(' ', element('button', { type: 'button', class: 'place', click: go }, `Line ${line}, column ${column}`));
  }
  return shown;
};

/** The error's message as a sentence; what stands in backticks is code. */
export const sentence = ({ message }) => {
  const text = `${message.charAt(0).toUpperCase()}${message.slice(1)}.`;
  return text.split('`').map((part, at) => (at % 2 ? code(part) : part)).filter((part) => part);
};
