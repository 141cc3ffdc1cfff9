/**
 * The built-in policy, compiled: the bytes of `cog-auth/builtin.image` as JavaScript, for platforms
 * and bundlers that load nothing else without being told how.
 *
 * ```js
 * import { image } from 'cog-auth/builtin';
 * const policy = new Policy(image, { sha256: 'the digest of the image, from where you trust it' });
 * ```
 *
 * @packageDocumentation
 */
export declare const image: Uint8Array;
