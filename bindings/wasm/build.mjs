// Makes dist/ of the modules that cargo and wasm-bindgen made: `node build.mjs FOLDER`, where
// FOLDER holds one folder a build. Prints what each weighs, and fails when that is over its limit.

import { execFileSync } from 'node:child_process';
import { copyFileSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { build } from 'esbuild';

const here = dirname(fileURLToPath(import.meta.url));
const made = process.argv[2];
const dist = join(here, 'dist');

// The entry, its module, and what the module may weigh after gzip, in bytes.
const BUILDS = [
  { name: 'index', file: 'cog-auth.wasm', limit: 194_500 },
  { name: 'edge', file: 'cog-auth-edge.wasm', limit: 55_100 },
  { name: 'verify', file: 'cog-auth-verify.wasm', limit: 8_550 },
  { name: 'text', file: 'cog-auth-text.wasm', limit: 25_000 },
];
const GLUE_LIMIT = 4_700;
const GUARD_LIMIT = 2_000;

// What the modules use, and every engine has had since Safari 16.4: --all-features makes modules
// that many do not load.
const FEATURES = ['bulk-memory', 'bulk-memory-opt', 'mutable-globals', 'nontrapping-float-to-int', 'sign-ext'];

// A page that Jest imitates lacks these.
const FROM_NODE = "const { TextDecoder, TextEncoder } = require('node:util');";

const optimize = (from, to) => {
  const command = join(here, 'node_modules', 'binaryen', 'bin', 'wasm-opt');
  const features = FEATURES.map((feature) => `--enable-${feature}`);
  const strip = ['--strip-debug', '--strip-producers', '--strip-target-features'];
  // By measurement: -Oz gives fewer bytes, and more after gzip; so do large functions that are put
  // into callers.
  const inlined = ['--one-caller-inline-max-function-size=20', '--flexible-inline-max-function-size=5'];
  // The lowest page is the stack's, so the first bytes hold nothing before the stack overflows, and
  // that traps.
  const how = ['-O3', '--converge', ...inlined, '--low-memory-unused', '--merge-similar-functions', '--reorder-locals'];
  execFileSync(process.execPath, [command, ...how, ...features, ...strip, from, '-o', to], { stdio: 'inherit' });
};

const bundle = async (contents, options) => {
  const stdin = { contents, resolveDir: join(here, 'js') };
  const result = await build({ stdin, bundle: true, write: false, format: 'esm', target: 'es2022', charset: 'utf8', ...options });
  return result.outputFiles[0].text;
};

// A bundle for Node has the code and not the file. What the import throws says so.
const orSay = (load) => `try {
  ${load}
} catch (cause) {
  const message = 'the module is not beside the code; leave cog-auth out of the bundle, as its README says';
  throw new CogAuthError({ code: 704, codeName: 'not_initialized', message, cause });
}
`;
// Where the module comes from, on each platform.
const atOnce = (load) => `${load}\nimport { initSync } from './module.js';\ninitSync(module);\nexport * from './module.js';\n`;
const entries = (file) => ({
  'workerd.js': atOnce(`import module from '../${file}';`),
  'edge-light.js': atOnce(`import module from '../${file}?module';`),
  'deno.js': atOnce(`import source module from '../${file}';`),
  'node.js': `import { readFileSync } from 'node:fs';
import { CogAuthError, initSync } from './module.js';
${orSay(`initSync(readFileSync(new URL('../${file}', import.meta.url)));`)}export * from './module.js';
`,
  'browser.js': `import { init as initFrom } from './module.js';
export * from './module.js';
export const init = (source = new URL('../${file}', import.meta.url)) => initFrom(source);
`,
});

rmSync(dist, { recursive: true, force: true });
let over = 0;
const weigh = (what, bytes, limit) => {
  const weight = gzipSync(bytes, { level: 9 }).length;
  console.log(`${what}: ${bytes.length} bytes, ${weight} gzip, limit ${limit}`);
  if (weight > limit) over++;
};

// CommonJS gets types of its own, in which the same names are required.
const declare = (name) => {
  const types = readFileSync(join(here, 'types', `${name}.d.ts`), 'utf8');
  writeFileSync(join(dist, `${name}.d.ts`), types);
  writeFileSync(join(dist, `${name}.d.cts`), types.replaceAll(/'\.\/(\w+)\.js'/g, "'./$1.cjs'"));
};

for (const { name, file, limit } of BUILDS) {
  const folder = join(dist, name);
  mkdirSync(folder, { recursive: true });
  optimize(join(made, name, 'cog_auth_wasm_bg.wasm'), join(dist, file));
  for (const [entry, text] of Object.entries(entries(file))) writeFileSync(join(folder, entry), text);
  const all = `export * from './${name}.js';`;
  writeFileSync(join(folder, 'module.js'), await bundle(all));
  writeFileSync(join(folder, 'module.cjs'), await bundle(all, { format: 'cjs' }));
  const required = `import { readFileSync } from 'node:fs'; import { CogAuthError, initSync } from './${name}.js'; export * from './${name}.js';
    ${orSay(`initSync(readFileSync(__dirname + '/../${file}'));`)}`;
  writeFileSync(join(folder, 'node.cjs'), await bundle(required, { format: 'cjs', platform: 'node', banner: { js: FROM_NODE } }));
  declare(name);
  weigh(file, readFileSync(join(dist, file)), limit);
  const glue = await bundle(entries(file)['workerd.js'].replaceAll('./module.js', `./${name}.js`), { minify: true, external: ['*.wasm'] });
  weigh(`  its JavaScript, minified`, Buffer.from(glue), GLUE_LIMIT);
}
// It has no module.
declare('guard');
const guard = `export * from './guard.js';`;
writeFileSync(join(dist, 'guard.js'), await bundle(guard));
writeFileSync(join(dist, 'guard.cjs'), await bundle(guard, { format: 'cjs' }));
weigh('guard, minified', Buffer.from(await bundle(guard, { minify: true })), GUARD_LIMIT);
const root = join(here, '..', '..');
const image = join(root, 'src', 'policy', 'builtin.image');
copyFileSync(image, join(dist, 'builtin.image'));
for (const kind of ['ts', 'cts']) {
  copyFileSync(join(here, 'types', 'builtin.image.d.ts'), join(dist, `builtin.image.d.${kind}`));
}
// The same as JavaScript, for where nothing but that is loaded.
declare('builtin');
const builtin = `const text = '${readFileSync(image, 'base64')}';\nexport const image = Uint8Array.from(atob(text), (byte) => byte.charCodeAt());\n`;
writeFileSync(join(dist, 'builtin.js'), builtin);
writeFileSync(join(dist, 'builtin.cjs'), await bundle(builtin, { format: 'cjs' }));
// npm packs no file from outside the folder.
for (const license of ['LICENSE-APACHE', 'LICENSE-MIT']) copyFileSync(join(root, license), join(here, license));
if (over) {
  console.error(`${over} over the limit`);
  process.exit(1);
}
