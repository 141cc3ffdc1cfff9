// Places in JSON, and JSON for reading.

const TOKEN = /"(?:[^"\\]|\\.)*"|[{}[\],:]|[^\s{}[\],:"]+/g;

// The values of a text that is known to be JSON, with where they stand.
const read = (text) => {
  const tokens = [...text.matchAll(TOKEN)];
  let at = 0;
  const value = () => {
    const first = tokens[at++];
    const members = new Map();
    const close = { '{': '}', '[': ']' }[first[0]];
    if (close) {
      while (tokens[at][0] != close) {
        if (tokens[at][0] == ',') at++;
        let name = String(members.size);
        if (close == '}') {
          name = JSON.parse(tokens[at][0]);
          at += 2;
        }
        members.set(name, value());
      }
      at++;
    }
    const last = tokens[at - 1];
    return { start: first.index, end: last.index + last[0].length, members };
  };
  return value();
};

const segments = (pointer) =>
  pointer.split('/').slice(1).map((segment) => segment.replaceAll('~1', '/').replaceAll('~0', '~'));

/** Where a JSON pointer leads: the last value that is there, and the names that are not. */
export const find = (text, pointer) => {
  const rest = segments(pointer);
  let found = read(text);
  let reached = '';
  while (rest.length && found.members.has(rest[0])) {
    reached += '/' + rest[0].replaceAll('~', '~0').replaceAll('/', '~1');
    found = found.members.get(rest.shift());
  }
  return { ...found, text: text.slice(found.start, found.end), reached, rest };
};

/** The text with a value at a pointer, and all the rest as it was written. */
export const put = (text, pointer, value) => {
  const { start, end, members, rest } = find(text, pointer);
  const written = JSON.stringify(value);
  if (!rest.length) return text.slice(0, start) + written + text.slice(end);
  if (text[start] != '{') return text;
  const member = rest.reduceRight((inner, name) => `{ ${JSON.stringify(name)}: ${inner} }`, written);
  return `${text.slice(0, start + 1)}${member.slice(1, -2)}${members.size ? ',' : ' '}${text.slice(start + 1)}`;
};

/** JSON for reading: what fits on a line is on one line. */
export const format = (value, indent = '') => {
  const flat = JSON.stringify(value, null, 1).replaceAll(/\n\s*/g, ' ').replaceAll('[ ', '[').replaceAll(' ]', ']');
  if (typeof value != 'object' || indent.length + flat.length <= 62) return flat;
  const inner = indent + '  ';
  const items = Array.isArray(value)
    ? value.map((item) => inner + format(item, inner))
    : Object.entries(value).map(([name, item]) => `${inner}${JSON.stringify(name)}: ${format(item, inner)}`);
  const [open, close] = Array.isArray(value) ? '[]' : '{}';
  return `${open}\n${items.join(',\n')}\n${indent}${close}`;
};
