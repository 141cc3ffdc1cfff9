// The one check of times that others state: stores, and the worker to the origin.

/**
 * Whether this is a time, in whole seconds since the epoch, at most `maxAge` seconds ago, and at
 * most `ahead` seconds ahead, since clocks differ. Text is no time, nor is what JavaScript would
 * take for a number.
 */
export const isRecent = (time, now, maxAge, ahead) => Number.isSafeInteger(time) && time >= 0 && time >= now - maxAge && time <= now + ahead;
