// workerd with a worker in it, without a network beyond this machine.

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { installedTool, tool } from '../installed.js';

export const workerd = (test) => tool(test, installedTool('@cloudflare/workerd-linux-64/bin/workerd'), installedTool('workerd/bin/workerd'));

const freePort = async () => {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address();
  server.close();
  return port;
};

/**
 * Serves the modules of a folder, `{name, kind, file}`, the first of which answers requests; posts
 * the body to it.
 */
export const ask = async (binary, place, modules, body) => {
  const port = await freePort();
  const lines = modules.map(({ name, kind, file }) => `(name = "${name}", ${kind} = embed "${file}")`);
  writeFileSync(join(place, 'config.capnp'), `using Workerd = import "/workerd/workerd.capnp";
const config :Workerd.Config = (
  services = [(name = "main", worker = (compatibilityDate = "2025-01-01", modules = [${lines.join(', ')}]))],
  sockets = [(name = "http", address = "127.0.0.1:${port}", http = (), service = "main")],
);
`);
  const child = spawn(binary, ['serve', 'config.capnp'], { cwd: place, stdio: ['ignore', 'pipe', 'pipe'] });
  let said = '';
  child.stdout.on('data', (text) => (said += text));
  child.stderr.on('data', (text) => (said += text));
  try {
    for (let attempt = 0; attempt < 100 && child.exitCode === null; attempt++) {
      try {
        const response = await fetch(`http://127.0.0.1:${port}/`, { method: 'POST', body });
        return await response.json();
      } catch (error) {
        if (error.cause?.code != 'ECONNREFUSED') throw new Error(`${error} ${error.cause}\n${said}`);
        await new Promise((resolve) => setTimeout(resolve, 100));
      }
    }
    throw new Error(`workerd did not answer\n${said}`);
  } finally {
    child.kill();
    if (child.exitCode === null) await once(child, 'exit');
  }
};
