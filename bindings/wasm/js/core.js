// One instance of the module, how it is called, and what is needed to make the next one.

export class CogAuthError extends Error {
  constructor({ message, cause, ...members }) {
    super(message, cause && { cause });
    // In JavaScriptCore every error has these: the place in the script.
    delete this.line;
    delete this.column;
    Object.assign(this, members);
  }
}
CogAuthError.prototype.name = 'CogAuthError';

const failed = (code, codeName, message, cause) =>
  new CogAuthError({ code, codeName, message, cause });
const wrong = () =>
  failed(701, 'invalid_argument', 'an argument is missing or of a wrong type');

const absent = () =>
  failed(704, 'not_initialized', 'there is no module; call init first');

let module, exports, memory, view, faults = 0;
// By slot: the call that loads it, for the next instance. What is free is a hole, and forEach skips
// it.
const loaded = [];

/** How often an instance was replaced because it had trapped. */
export const faultCount = () => faults;

// One that another realm compiled is no instance of this realm's class.
const isModule = (source) => source?.[Symbol.toStringTag] == 'WebAssembly.Module';

/** Takes a compiled module, or compiles bytes. Later calls change nothing. */
export const initSync = (source) => {
  module ??= isModule(source) ? source : new WebAssembly.Module(source);
};

/** As initSync, from what is fetched or given. */
export const init = async (source) => {
  if (module) return;
  source = await source;
  if (typeof source == 'string' || source instanceof URL) source = await fetch(source);
  if (source instanceof Response) {
    if (!source.ok) throw absent();
    source = await source.arrayBuffer();
  }
  initSync(isModule(source) ? source : await WebAssembly.compile(source));
};

const start = () => {
  if (!module) throw absent();
  exports = new WebAssembly.Instance(module, {}).exports;
  memory = [];
  loaded.forEach((load) => callNumber(...load));
};

// All calls go through here, so that no call site has one target alone: V8 11 (Node 20) inlines
// such a call site, and crashes in it.
const enter = (name, slot, length) => exports[name](slot, length);

const encoder = new TextEncoder();
const decoder = new TextDecoder('utf-8', { ignoreBOM: true });

export const isWellFormed = (text) => text.isWellFormed?.() ?? !/\p{Surrogate}/u.test(text);

// Memory that has grown is another buffer, and the old one has no bytes.
const look = () => {
  if (memory.length) return;
  memory = new Uint8Array(exports.memory.buffer);
  view = new DataView(memory.buffer);
};

// Writes arguments as arguments.rs reads them. All of them are checked before any is written,
// because only a call wipes what was written.
const write = (values) => {
  let room = 0;
  for (const value of values) {
    room += 9;
    if (typeof value == 'string') {
      if (!isWellFormed(value)) {
        throw failed(202, 'invalid_unicode', 'the text is not valid Unicode');
      }
      room += value.length * 3;
    } else if (value instanceof Uint8Array) {
      room += value.length;
    } else if (value !== undefined && typeof value != 'number' && value !== !!value) throw wrong();
  }
  const start = enter('input', Math.min(room, 2 ** 32 - 1));
  if (!start) throw failed(203, 'too_large', 'the text is over the limit of bytes');
  look();
  let at = start;
  for (const value of values) {
    if (value === undefined) {
      memory[at++] = 0;
    } else if (value === !!value) {
      memory[at++] = 2;
      memory[at++] = value;
    } else if (typeof value == 'number') {
      const whole = Number.isSafeInteger(value) && value >= 0;
      memory[at] = 3;
      view.setUint32(at + 1, whole ? value : -1, true);
      view.setUint32(at + 5, whole ? value / 2 ** 32 : -1, true);
      at += 9;
    } else {
      let { length } = value;
      if (typeof value == 'string') {
        length = encoder.encodeInto(value, memory.subarray(at + 5)).written;
      } else {
        memory.set(value, at + 5);
      }
      memory[at] = 1;
      view.setUint32(at + 1, length, true);
      at += 5 + length;
    }
  }
  return at - start;
};

// The number that the export returns, or the error that it answered.
export const callNumber = (name, slot, values = []) => {
  try {
    if (!exports) start();
    const returned = enter(name, slot, write(values));
    if (returned >= 0) return returned;
    throw new CogAuthError(JSON.parse(text(-returned)));
  } catch (error) {
    if (error instanceof CogAuthError) throw error;
    // A trap leaves the instance in any state, so it is never asked again.
    exports = undefined;
    faults++;
    throw failed(703, 'fault', 'the module failed, and nothing was decided; call again', error);
  }
};

const answered = (length) => {
  const at = enter('output');
  look();
  return memory.subarray(at, at + length);
};
const text = (length) => decoder.decode(answered(length));

// Values are never spread into arguments: of those an engine takes only so many.
export const callText = (name, slot, values) => text(callNumber(name, slot, values));
export const callBytes = (name, slot, values) => answered(callNumber(name, slot, values)).slice();
export const callJson = (name, slot, values) => JSON.parse(callText(name, slot, values));

export let slotOf;

/** What the module holds until it is freed. */
export class Loaded {
  #slot;

  constructor(load, values) {
    let slot = loaded.findIndex((load) => !load);
    if (slot < 0) slot = loaded.length;
    callNumber(load, slot, values);
    loaded[slot] = [load, slot, values];
    this.#slot = slot;
  }

  free() {
    if (this.#slot === undefined) return;
    exports?.unload(this.#slot);
    delete loaded[this.#slot];
    this.#slot = undefined;
  }

  [Symbol.dispose ?? Symbol.for('Symbol.dispose')]() {
    this.free();
  }

  static {
    slotOf = (holder) => {
      if (!(#slot in Object(holder))) throw wrong();
      if (holder.#slot === undefined) throw failed(702, 'freed', 'this was freed; load it again');
      return holder.#slot;
    };
  }
}

// A copy of what was given, because the caller may change or wipe it while it is still needed.
export const bytes = (value) => {
  if (value instanceof ArrayBuffer) return new Uint8Array(value).slice();
  if (!ArrayBuffer.isView(value)) return value;
  return new Uint8Array(value.buffer, value.byteOffset, value.byteLength).slice();
};

// JSON as text or bytes, which it may be already, or made of an object. It is an error where
// JSON.stringify would write null that the caller did not say.
export const json = (value) => {
  value = bytes(value);
  if (!value || typeof value != 'object' || value instanceof Uint8Array) return value;
  value = JSON.stringify(value, function (name, member) {
    const lost = member === undefined ? Array.isArray(this)
      : typeof member == 'number' ? !Number.isFinite(member)
      : /function|symbol|bigint/.test(typeof member);
    if (lost) throw wrong();
    return member;
  });
  if (value === undefined) throw wrong();
  return value;
};

// Refuses members that have no meaning: a mistyped maxRecordAge must not mean any age.
export const only = (others) => {
  if (Object.keys(others).length) throw wrong();
};

// A list as an argument: its length, then its items.
export const list = (items) => {
  if (items === undefined) return [items];
  if (!Array.isArray(items)) throw wrong();
  return [items.length, ...items.map(bytes)];
};
