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

export const failed = (code, codeName, message, cause) =>
  new CogAuthError({ code, codeName, message, cause });
export const wrong = (message, cause) => failed(701, 'invalid_argument', message, cause);

const absent = (message = 'call init first', cause) =>
  failed(704, 'not_initialized', message, cause);

let module, exports, memory, view, faults = 0;
// By slot: the call that loads it, for the next instance. What is free is a hole, and forEach skips
// it.
const loaded = [];

/** How often an instance was replaced because it had trapped. */
export const faultCount = () => faults;

// One that another realm compiled is no instance of this realm's class.
const isModule = (source) => source?.[Symbol.toStringTag] == 'WebAssembly.Module';

// Where a bundler or a server leaves it out, there may be a page in its place.
const isNone = (cause) =>
  absent('this is no module of cog-auth; its README says how to load it here', cause);

/** Takes a compiled module, or compiles bytes. Later calls change nothing. */
export const initSync = (source) => {
  try {
    module ??= isModule(source) ? source : new WebAssembly.Module(source);
  } catch (cause) {
    throw isNone(cause);
  }
};

/** As initSync, from what is fetched or given. */
export const init = async (source) => {
  if (module) return;
  try {
    source = await source;
    if (typeof source == 'string' || source instanceof URL) source = await fetch(source);
    if (source instanceof Response) source = source.ok && await source.arrayBuffer();
    initSync(isModule(source) ? source : await WebAssembly.compile(source));
  } catch (cause) {
    throw isNone(cause);
  }
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

export const isWhole = (number) => Number.isSafeInteger(number) && number >= 0;

// Memory that has grown is another buffer, and the old one has no bytes.
const look = () => {
  if (memory.length) return;
  memory = new Uint8Array(exports.memory.buffer);
  view = new DataView(memory.buffer);
};

// Texts of so many units together are put into one.
const SHORT = 65_536;

// Writes arguments as arguments.rs reads them: all of the values but the slot in front.
const write = (values) => {
  let tags = 4, units = 0, size = 0, run = '';
  for (let index = 1; index < values.length; index++) {
    const value = values[index];
    if (typeof value == 'string') {
      tags += 5;
      units += value.length;
      if (units < SHORT) run += value;
    } else if (value === undefined) tags++;
    else if (typeof value == 'number') tags += 9;
    else if (value === !!value) tags += 2;
    else tags += 5, size += value.length;
  }
  // A text has up to three bytes a unit.
  const start = enter('input', Math.min(tags + units * 3 + size, 1e9));
  if (!start) throw failed(203, 'too_large', 'the text is over the limit of bytes');
  look();
  let tag = start + 4, at = start + tags;
  // Where there are no bytes and all is ASCII, the texts follow each other, a byte for each unit.
  const written = !size && units < SHORT &&
    encoder.encodeInto(run, memory.subarray(at, at + units)).read == units;
  for (let index = 1; index < values.length; index++) {
    const value = values[index];
    if (value === undefined) {
      memory[tag++] = 0;
    } else if (typeof value == 'number') {
      const whole = isWhole(value);
      memory[tag] = 3;
      view.setUint32(tag + 1, whole ? value : -1, true);
      view.setUint32(tag + 5, whole ? value / 2 ** 32 : -1, true);
      tag += 9;
    } else if (value === !!value) {
      memory[tag++] = 2;
      memory[tag++] = value;
    } else {
      let { length } = value;
      if (typeof value != 'string') memory.set(value, at);
      else if (!written) length = encoder.encodeInto(value, memory.subarray(at)).written;
      memory[tag] = 1;
      view.setUint32(tag + 1, length, true);
      tag += 5;
      at += length;
    }
  }
  view.setUint32(start, tags - 4, true);
  return at - start;
};

// The number that the export returns, or the error that it answered. The first value is the slot.
export const callNumber = (name, values) => {
  try {
    if (!exports) start();
    const returned = enter(name, values[0], write(values));
    if (returned >= 0) return returned;
    throw new CogAuthError(JSON.parse(text(-returned)));
  } catch (error) {
    if (error instanceof CogAuthError) throw error;
    // A trap leaves the instance in any state, so it is never asked again.
    exports = undefined;
    faults++;
    throw failed(703, 'fault', 'nothing was decided; call again', error);
  }
};

// Takes the last answer, and leaves nothing of it, as it may be a secret.
const answered = (length, take) => {
  const at = enter('output');
  look();
  const bytes = memory.subarray(at, at + length);
  const taken = take(bytes);
  bytes.fill(0);
  return taken;
};
const text = (length) => answered(length, (bytes) => decoder.decode(bytes));

// Values are never spread into arguments: of those an engine takes only so many.
export const callText = (name, values) => text(callNumber(name, values));
export const callBytes = (name, values) =>
  answered(callNumber(name, values), (bytes) => bytes.slice());
export const callJson = (name, values) => JSON.parse(callText(name, values));

export let slotOf;

/** What the module holds until it is freed. */
export class Loaded {
  #slot;
  #type;

  constructor(type, load, values) {
    const slot = [...loaded, 0].findIndex((load) => !load);
    values = [slot, ...values];
    callNumber(load, values);
    loaded[slot] = [load, values];
    this.#slot = slot;
    this.#type = type;
  }

  free() {
    if (!(#slot in Object(this))) throw wrong('a Proxy');
    if (this.#slot === undefined) return;
    exports?.unload(this.#slot);
    delete loaded[this.#slot];
    this.#slot = undefined;
  }

  [Symbol.dispose ?? Symbol.for('Symbol.dispose')]() {
    this.free();
  }

  static {
    // Every entry and copy of the package has its own classes.
    slotOf = (type) => (holder) => {
      if (holder.#slot === undefined) throw failed(702, 'freed', 'this was freed');
      return holder.#type == type && [holder.#slot];
    };
  }
}
