// The types, as each way of resolving them sees them, and the same calls run.

import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { copyFileSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { pathToFileURL } from 'node:url';
import { ENTRIES, folder, installedTool, packed } from '../installed.js';
import { NOW, edgeKeys, facts, http, image, peppers, record, request, token } from '../behaviour/base.js';

const here = (name) => new URL(name, import.meta.url);

const WAYS = [
  { way: 'NodeNext, ESM', file: 'use.mts', made: 'use.mjs', options: { module: 'NodeNext', moduleResolution: 'NodeNext' } },
  { way: 'NodeNext, CommonJS', file: 'use.cts', made: 'use.cjs', options: { module: 'NodeNext', moduleResolution: 'NodeNext' } },
  { way: 'a bundler', file: 'use.ts', made: 'use.js', options: { module: 'ESNext', moduleResolution: 'Bundler' } },
  { way: 'Node 16, ESM', file: 'use.mts', made: 'use.mjs', options: { module: 'Node16', moduleResolution: 'Node16' } },
];

const STRICT = {
  target: 'ES2022', lib: ['ES2022', 'DOM', 'ESNext.Disposable'], strict: true, exactOptionalPropertyTypes: true,
  noUncheckedIndexedAccess: true, skipLibCheck: false, types: [], rootDir: '.', outDir: 'out', declaration: false,
};
const compile = (place, files, options) => {
  writeFileSync(join(place, 'tsconfig.json'), JSON.stringify({ compilerOptions: { ...STRICT, ...options }, files }));
  try {
    execFileSync(process.execPath, [installedTool('typescript/bin/tsc'), '--project', place], { encoding: 'utf8' });
  } catch (error) {
    assert.fail(error.stdout);
  }
};

// What an example leaves to the reader.
const GIVEN = `
  declare const image: ArrayBuffer, token: string, method: string, target: string, authorization: string[], now: number;
  declare const documents: all.Documents, resource: all.Entity, subject: all.Entity, context: Record<string, unknown>;
  declare const keys: all.EdgeKeys, gate: all.Gate;
  declare const store: { get(id: string): Promise<string | undefined> };
  declare const records: { get(id: string): Promise<{ value: string; record: string; fetchedAt: number } | undefined> };
  declare const facts: { get(principal: string, organization?: string): Promise<all.Facts | undefined> };
`;

test('every example in the types compiles', () => {
  const place = folder('examples');
  const files = [];
  for (const { entry, name } of [...ENTRIES, { entry: 'guard', name: 'cog-auth' }, { entry: 'builtin', name: 'cog-auth' }]) {
    const text = readFileSync(join(packed, 'dist', `${entry}.d.ts`), 'utf8');
    for (const [, example] of text.matchAll(/\* ```js\n([^]*?)\* ```/g)) {
      const code = example.replaceAll(/^ *\* ?/gm, '');
      const imports = code.split('\n').filter((line) => line.startsWith('import ')).join('\n');
      const others = code.split('\n').filter((line) => !line.startsWith('import ')).join('\n');
      const declared = /import (image|{ image })/.test(imports) ? GIVEN.replace('image: ArrayBuffer, ', '') : GIVEN;
      const ofText = ['redact', 'redactDecoding', 'scan', 'scanDecoding', 'Redactor', 'Scanner', 'redactStream', 'scanStream'];
      const names = name === 'cog-auth/text' ? ofText : ['Policy', 'Gate', 'EdgeKeys', 'CogAuthError', 'parseToken', 'acceptAtEdge', 'authorization as read', 'redact', 'redactDecoding', 'scanDecoding', 'compilePolicy', 'RootKeys', 'generateRootKeys']
        .filter((one) => name === 'cog-auth' || ['CogAuthError', 'EdgeKeys', 'parseToken', ...(name === 'cog-auth/edge' ? ['Policy', 'Gate'] : [])].includes(one));
      const file = `example${files.length}.mts`;
      writeFileSync(join(place, file), `${imports}
        import type * as all from 'cog-auth';
        import { ${names.join(', ')} } from '${name}';
        ${declared}
        ${others.includes('export default') ? others : `export const run = async () => { ${others.replaceAll(/\bauthorization\(/g, 'read(')} };`}`);
      files.push(file);
    }
  }
  assert.ok(files.length >= 8, `only ${files.length} examples`);
  compile(place, files, { module: 'NodeNext', moduleResolution: 'NodeNext' });
});

test('facts need no more than the specification asks for', () => {
  const place = folder('facts');
  writeFileSync(join(place, 'facts.mts'), `
    import type { Facts } from 'cog-auth/edge';
    export const least: Facts = { principal: { type: 'user', id: 'user_01' } };
    export const none: Facts = { principal: { type: 'user', id: 'user_01', disabled: null }, organization: null };
    export const some: Facts = { principal: { type: 'service_user', id: 'su', memberships: [{ organization: 'o' }] }, organization: { id: 'o' } };
    // @ts-expect-error an id is needed
    export const nobody: Facts = { principal: { type: 'user' } };`);
  compile(place, ['facts.mts'], { module: 'NodeNext', moduleResolution: 'NodeNext' });
});

for (const { way, file, made, options } of WAYS) {
  test(`types for ${way}`, async () => {
    const place = folder('types');
    copyFileSync(here('use.ts'), join(place, file));
    mkdirSync(join(place, 'out'));
    compile(place, [file], options);
    const { run } = await import(pathToFileURL(join(place, 'out', made)));
    await run({ image: Uint8Array.from(image), edgeKeys, peppers, token, record, facts, request, http, now: NOW });
  });
}
