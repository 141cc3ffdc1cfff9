// Elements from names, attributes, listeners and text. Nothing that is pasted is ever parsed as
// HTML.

export const byId = (id) => document.getElementById(id);

export const element = (name, attributes, ...children) => {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (typeof value == 'function') made.addEventListener(key, value);
    else made.setAttribute(key, value);
  }
  made.append(...children);
  return made;
};

export const code = (text) => element('code', {}, text);

/** Puts children into a place that is read out when it changes; what says the same stays. */
export const renew = (place, ...children) => {
  if (place.textContent != children.map(({ textContent }) => textContent).join('')) place.replaceChildren(...children);
};

/**
 * Shows text in a textarea as selected, scrolled to. Lines do not wrap there, so a line is a
 * height.
 */
export const select = (textarea, start, end) => {
  textarea.focus();
  textarea.setSelectionRange(start, end);
  const before = textarea.value.slice(0, start).split('\n');
  const height = parseFloat(getComputedStyle(textarea).lineHeight);
  textarea.scrollTop = (before.length - 4) * height;
  textarea.scrollLeft = 0;
};
