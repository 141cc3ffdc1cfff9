// What arguments may be. A signature is a text of names and types, `token:b now:t`, with `?` before
// the type of what may be left out. It checks what was given, names what is wrong, and puts the
// values in the order in which the module reads them.

import { CogAuthError, failed, isWellFormed, isWhole, slotOf, wrong } from './core.js';

const text = (value) => {
  if (typeof value != 'string') return false;
  if (!isWellFormed(value)) throw failed(202, 'invalid_unicode', 'the text is not valid Unicode');
  return true;
};

// A copy of what was given, because the caller may change or wipe it while it is still needed.
const bytes = (value) => value instanceof ArrayBuffer || ArrayBuffer.isView(value)
  ? [new Uint8Array(value.buffer ?? value, value.byteOffset, value.byteLength).slice()]
  : text(value);

// JSON as text or bytes, which it may be already, or made of an object. It is an error where
// JSON.stringify would write null that the caller did not say.
const json = (value) => bytes(value) || value && typeof value == 'object' &&
  (value = JSON.stringify(value, function (name, member) {
    const lost = member === undefined ? Array.isArray(this)
      : typeof member == 'number' ? !isFinite(member)
      : /function|symbol/.test(typeof member);
    if (lost) throw name;
    return member;
  })) && [value];

// A list is its length, then its items, read once.
const list = (value, name) => {
  value = Array.isArray(value) && [...value];
  return value && [value.length, ...read(value.map(() => [`${name}[]`, '', 'b']), value)];
};

/**
 * By type: in words, and what is written of a value: true for the value itself, or an array;
 * nothing if the value is none.
 */
export const TYPES = {
  s: ['text', text],
  b: ['text or bytes', bytes],
  j: ['text, bytes or an object', json],
  l: ['a list of text or bytes', list],
  f: ['true or false', (value) => value === !!value],
  t: ['a number', (value) => typeof value == 'number'],
  n: ['a whole number', isWhole],
  o: ['an object', (value) =>
    value && typeof value == 'object' && [{ __proto__: null, ...value }]],
};

const parsed = (signature) => signature.split(' ').map((word) => word.split(/:(\??)/));

/** What is nothing of its type is 701, and so is what throws while it is read, as a getter may. */
export const read = (members, given) => {
  const values = [];
  members.forEach(([name, optional, type], index) => {
    const value = given[index];
    const [words, take] = TYPES[type] ??
      [`${type} of this entry and copy of cog-auth`, slotOf(type)];
    try {
      const taken = optional && value === undefined || take(value, name);
      if (!taken) throw 0;
      for (const item of taken === true ? [value] : taken) values.push(item);
    } catch (error) {
      throw error instanceof CogAuthError ? error : wrong(`${name} must be ${words}`, error);
    }
  });
  return values;
};

/** Reads arguments. */
export const signature = (text, members = parsed(text)) => (...given) => read(members, given);

/** A function that calls an export which needs no slot. */
export const operation = (call, name, text, values = signature(text)) =>
  (...given) => call(name, [0, ...values(...given)]);

/**
 * Reads the members of an object: its own, once, and none that has no meaning, because a mistyped
 * maxRecordAge must not mean any age. What comes back reads them from the copy, as often as it is
 * called.
 */
export const members = (name, text, known = parsed(text)) => (object) => {
  const [own] = read([[name, '', 'o']], [object]);
  for (const other in own) {
    if (!known.some(([name]) => name == other)) throw wrong(`${name} has no member ${other}`);
  }
  return () => read(known, known.map(([name]) => own[name]));
};
