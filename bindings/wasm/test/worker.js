// What runs in a worker and in a page: the comparison, as an answer to a request that brings the
// data.

import { run } from './parity.js';

export const answer = async (names, entry, request) => {
  try {
    return Response.json(run(names, await request.json(), entry));
  } catch (error) {
    return Response.json({ failed: String(error?.stack ?? error) });
  }
};
