// A server of static files: the page at /, the installed package at /cog-auth/.

import { createReadStream, statSync } from 'node:fs';
import { createServer } from 'node:http';
import { extname, join, sep } from 'node:path';
import { fileURLToPath } from 'node:url';

const PAGE = fileURLToPath(new URL('../page', import.meta.url));
const PACKAGE = fileURLToPath(new URL('../node_modules/cog-auth', import.meta.url));

const TYPES = {
  '.html': 'text/html; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.wasm': 'application/wasm',
  '.image': 'application/octet-stream',
};

// The page says the rest of this itself; frames a page cannot forbid.
const HEADERS = {
  'Content-Security-Policy': "frame-ancestors 'none'",
  'X-Content-Type-Options': 'nosniff',
  'Referrer-Policy': 'no-referrer',
  'Cache-Control': 'no-cache',
};

/** Listens on 127.0.0.1 alone; port 0 is any that is free. */
export const serve = (port) => new Promise((listening, failed) => {
  const server = createServer((request, response) => {
    const file = fileOf(request.url);
    if (!['GET', 'HEAD'].includes(request.method)) response.writeHead(405, { Allow: 'GET, HEAD' }).end();
    else if (!file) response.writeHead(404, HEADERS).end();
    else {
      response.writeHead(200, { ...HEADERS, 'Content-Type': TYPES[extname(file)] });
      if (request.method == 'HEAD') response.end();
      else createReadStream(file).pipe(response);
    }
  });
  server.once('error', failed);
  server.listen(port, '127.0.0.1', () => listening(server));
});

// A file of a type that is served, in one of the two folders.
const fileOf = (target) => {
  try {
    const path = decodeURIComponent(new URL(target, 'http://localhost').pathname);
    const [root, rest] = path.startsWith('/cog-auth/') ? [PACKAGE, path.slice('/cog-auth'.length)] : [PAGE, path];
    const file = join(root, rest.endsWith('/') ? `${rest}index.html` : rest);
    return file.startsWith(root + sep) && TYPES[extname(file)] && statSync(file).isFile() ? file : undefined;
  } catch {
    return undefined;
  }
};
