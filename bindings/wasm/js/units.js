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

  /** Findings with their offsets in units. What is found is ASCII, so that each byte is a unit. */
  convert(found) {
    const converted = found.map(({ start, end, ...others }) => {
      const last = this.#at(end);
      return { start: last - (end - start), end: last, ...others };
    });
    this.#at(this.#end - HELD);
    return converted;
  }

  // The unit at which a byte stands, which is behind those that were asked for before.
  #at(byte) {
    let at = 0;
    while (this.#byte < byte) this.#byte += bytesOf(this.#text.charCodeAt(at++));
    this.#text = this.#text.slice(at);
    return (this.#unit += at);
  }
}

// In UTF-8. Two units of one character are four bytes together.
const bytesOf = (unit) => (unit < 0x80 ? 1 : unit < 0x800 || (unit & 0xf800) == 0xd800 ? 2 : 3);
