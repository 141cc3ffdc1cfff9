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
const bytes = (value) => typeof value != 'string' &&
  (value instanceof ArrayBuffer || ArrayBuffer.isView(value))
  ? [new Uint8Array(value.buffer ?? value, value.byteOffset, value.byteLength).slice()]
  : text(value);

// Whether JSON.stringify surely leaves out nothing that stands in a value. Most values are so, and
// for others a function is called for each member, which takes several times as long.
const isPlain = (value) => {
  if (typeof value != 'object' || !value) return !/function|symbol/.test(typeof value);
  if (value.toJSON) return false;
  if (Array.isArray(value)) return value.every(isPlain);
  for (const name in value) if (!isPlain(value[name])) return false;
  return true;
};

const checked = (value) => JSON.stringify(value, function (name, member) {
  const lost = member === undefined ? Array.isArray(this)
    : typeof member == 'number' ? !isFinite(member)
    : /function|symbol/.test(typeof member);
  if (lost) throw name;
  return member;
});

// JSON as text or bytes, which it may be already, or made of an object. It is an error where
// JSON.stringify would write null that the caller did not say.
const json = (value) => bytes(value) || value && typeof value == 'object' && made(value);

const made = (value) => {
  let text = JSON.stringify(value);
  if (!text || text.includes('null') || !isPlain(value)) text = checked(value);
  return text && [text];
};

// A list is its length, then its items, read once.
const list = (value, name) => {
  if (!Array.isArray(value)) return;
  const items = [...value];
  const item = [`${name}[]`, '', 'b'];
  const isText = (value) => typeof value == 'string' && isWellFormed(value);
  return [items.length].concat(items.every(isText) ? items : read(items.map(() => item), items));
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
  o: ['an object', (value) => value && typeof value == 'object'],
};

const parsed = (signature) => signature.split(' ').map((word) => word.split(/:(\??)/));

/** What is nothing of its type is 701, and so is what throws while it is read, as a getter may. */
export const read = (members, given) => {
  const values = [];
  for (let index = 0; index < members.length; index++) {
    const member = members[index];
    const value = given[index];
    if (value === undefined && member[1]) {
      values.push(value);
      continue;
    }
    const [name, , type] = member;
    const [words, take] = member[3] ??= TYPES[type] ?? loaded(type);
    try {
      const taken = take(value, name);
      if (!taken) throw 0;
      if (taken === true) values.push(value);
      else for (const item of taken) values.push(item);
    } catch (error) {
      throw error instanceof CogAuthError ? error : wrong(`${name} must be ${words}`, error);
    }
  }
  return values;
};

const loaded = (type) => [`${type} of this entry and copy of cog-auth`, slotOf(type)];

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
export const members = (name, text, known = parsed(text)) => {
  const names = known.map(([name]) => name);
  const whole = [[name, '', 'o']];
  return (object) => {
    read(whole, [object]);
    const given = names.map(() => undefined);
    try {
      for (const own of Object.keys(object)) {
        const index = names.indexOf(own);
        if (index < 0) throw wrong(`${name} has no member ${own}`);
        given[index] = object[own];
      }
    } catch (error) {
      throw error instanceof CogAuthError ? error : wrong(`${name} must be an object`, error);
    }
    return () => read(known, given);
  };
};
