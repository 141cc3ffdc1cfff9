/** The built-in policy, compiled: for `new Policy(image)`, where the platform imports bytes. */
declare const image: ArrayBuffer;
export default image;
