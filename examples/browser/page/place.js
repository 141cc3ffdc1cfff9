// Places in a text.

const encoder = new TextEncoder();

/** The errors count bytes of UTF-8, a textarea counts UTF-16. */
export const indexOfByte = (text, offset) => {
  let bytes = 0;
  let index = 0;
  for (const character of text) {
    bytes += encoder.encode(character).length;
    if (bytes > offset) break;
    index += character.length;
  }
  return index;
};

/** The line and the column of an index, in characters from 1. */
export const lineAndColumn = (text, index) => {
  const lines = text.slice(0, index).split('\n');
  return { line: lines.length, column: [...lines.at(-1)].length + 1 };
};

/** The index of a line and a column. */
export const indexOfLine = (text, line, column) => {
  const lines = text.split('\n').slice(0, line);
  const last = lines.pop() ?? '';
  return lines.join('\n').length + (lines.length && 1) + [...last].slice(0, column - 1).join('').length;
};
