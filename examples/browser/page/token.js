// The token: what it says of itself, or what is wrong with it, and whether it is genuine. Its text
// goes nowhere from here.

import { byId, code, element, renew } from './element.js';
import { sentence } from './problem.js';
import { EdgeKeys, parseToken } from './library.js';

const KINDS = { service_user_key: 'service-user key', personal_access_token: 'personal access token', sample: 'sample, valid nowhere' };

// The fields and their bytes; those up to the id are public.
const FIELDS = [['prefix', 4], ['version', 1], ['kind', 1], ['key id', 2], ['expiry', 3], ['id', 12], ['secret', 30], ['tag', 22], ['checksum', 6]];

/** Answers below the fields as one types. */
export const watchToken = (use) => {
  const token = byId('token');
  const keys = byId('keys');
  const read = () => {
    renew(byId('token-answer'), ...(token.value ? tokenAnswer(token.value, use) : []));
    renew(byId('keys-answer'), ...(token.value && keys.value ? [keysAnswer(token.value, keys.value)] : []));
  };
  for (const field of [token, keys]) {
    const button = document.querySelector(`[aria-controls=${field.id}]`);
    const show = (shown) => {
      field.type = shown ? 'text' : 'password';
      button.setAttribute('aria-pressed', String(shown));
    };
    button.addEventListener('click', () => show(field.type == 'password'));
    field.addEventListener('input', read);
    // So that a page that the browser keeps for "back" keeps no secret.
    addEventListener('pagehide', () => {
      field.value = '';
      show(false);
      read();
    });
  }
  read();
};

const tokenAnswer = (text, use) => {
  try {
    return statements(parseToken(text), use);
  } catch (error) {
    return refusal(error, text);
  }
};

const statements = (token, use) => {
  const rows = [
    ['Handle', code(`${token.handle}…`)],
    ['Kind', KINDS[token.kind]],
    ['Key id', code(token.keyId)],
    ['Id', code(token.id)],
    ['Hard expiry', token.hardExpiry === undefined ? 'none' : lastDay(token.hardExpiry)],
  ].map(([name, value]) => element('div', {}, element('dt', {}, name), element('dd', {}, value)));
  const shown = [
    element('p', { class: 'good' }, 'A well-formed token. That proves neither that the issuer made it nor that it is active.'),
    element('dl', {}, ...rows),
  ];
  if (token.kind != 'sample') {
    shown.push(element('button', { type: 'button', click: () => use(token) }, 'Put its kind and id into the request'));
  }
  return shown;
};

const lastDay = (day) => {
  const date = new Date(day * 86_400_000).toISOString().slice(0, 10);
  const over = Date.now() >= (day + 1) * 86_400_000;
  return `${date}, through the end of that day (UTC)${over ? ': it is over' : ''}`;
};

const refusal = (error, text) => {
  const shown = [element('p', { class: 'problem' }, ...sentence(error))];
  const bytes = new TextEncoder().encode(text).length;
  if (error.offset !== undefined) shown.push(...wrongByte(error.offset));
  else if (error.codeName == 'wrong_length') shown.push(hint(`This has ${bytes}.`));
  if (text != text.trim()) shown.push(hint('There is white space around it.'));
  else if (/^bearer\s/i.test(text)) shown.push(hint('It begins with the scheme: paste what follows it.'));
  return shown;
};

const hint = (text) => element('p', { class: 'hint' }, text);

// The shape of a token with one byte marked, and no character of what was pasted.
const wrongByte = (offset) => {
  let start = 0;
  let where;
  const fields = FIELDS.map(([name, length]) => {
    const at = offset - start;
    start += length;
    const inside = at >= 0 && at < length;
    if (inside) where = name;
    const dots = inside ? ['•'.repeat(at), element('mark', {}, '✕'), '•'.repeat(length - at - 1)] : ['•'.repeat(length)];
    return element('span', inside ? { class: 'wrong' } : {}, element('span', {}, ...dots), element('small', {}, name));
  });
  return [
    hint(`It is byte ${offset}, counted from 0: in the ${where}.`),
    element('div', { class: 'shape', 'aria-hidden': 'true' }, ...fields),
  ];
};

const keysAnswer = (text, keySet) => {
  let keys;
  try {
    keys = new EdgeKeys(keySet);
    keys.verify(text, Math.floor(Date.now() / 1000));
    return element('p', { class: 'good' }, 'Genuine: made with this key, unchanged, and not past its hard expiry. Whether it is still active, its record says.');
  } catch (error) {
    return element('p', { class: 'problem' }, keys ? 'Not genuine. ' : 'These keys cannot be used. ', ...sentence(error));
  } finally {
    keys?.free();
  }
};
