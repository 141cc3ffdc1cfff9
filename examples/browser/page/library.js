// Where the page has the package from. With a bundler this is just `cog-auth` and
// `cog-auth/builtin.image`.

export * from './cog-auth/dist/index/browser.js';

export const builtinImage = new URL('./cog-auth/dist/builtin.image', import.meta.url);
