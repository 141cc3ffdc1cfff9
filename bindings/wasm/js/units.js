// Offsets of a text that the module saw as UTF-8, in units of UTF-16, as JavaScript counts.

// The module holds back less, so that what it finds next does not end before.
const HELD = 65_536;

export class Units {
  // What is not gone over yet, where it begins in bytes and in units, and where it ends in bytes.
  #text = '';
  #byte = 0;
  #unit = 0;
  #end = 0;

  add(text) {
    this.#text += text;
    for (let at = 0; at < text.length; at++) this.#end += bytesOf(text.charCodeAt(at));
  }

  /** Findings, in the order in which they begin, with their offsets in units. */
  convert(found) {
    const converted = found.map(({ start, end, ...others }) =>
      ({ start: this.#at(start), end: this.#at(end), ...others }));
    this.#at(this.#end - HELD);
    return converted;
  }

  // The unit at which a byte stands. What was gone over behind it is ASCII: the last character of a
  // finding that holds a part of the next one, or the characters of one that is longer than what is
  // kept. There each byte is a unit.
  #at(byte) {
    if (byte < this.#byte) return this.#unit - (this.#byte - byte);
    let at = 0;
    while (this.#byte < byte) this.#byte += bytesOf(this.#text.charCodeAt(at++));
    this.#text = this.#text.slice(at);
    return (this.#unit += at);
  }
}

// In UTF-8. Two units of one character are four bytes together.
const bytesOf = (unit) => (unit < 0x80 ? 1 : unit < 0x800 || (unit & 0xf800) == 0xd800 ? 2 : 3);
