// An API behind the worker: it knows nobody but whom the worker proves. Here it answers with what
// it was told.

import { createServer } from 'node:http';
import { json } from 'node:stream/consumers';
import { readIdentity } from './identity.js';

export const createOrigin = (secrets) =>
  createServer(async (request, response) => {
    const answer = (status, body) => {
      response.writeHead(status, { 'content-type': 'application/json', 'cache-control': 'private, no-store' });
      response.end(JSON.stringify(body));
    };
    try {
      const now = Math.floor(Date.now() / 1000);
      const identity = await readIdentity(request.method, request.url, new Headers(request.headers), secrets, now);
      // The place to look up an older opaque credential, with which the worker passed the request
      // on. It is the only other way in.
      if (!identity) return answer(401, { code: 'not_proven' });

      // What the worker left undecided depends on the body. In this example nobody may act as
      // somebody else.
      if (identity.undecided.includes('ImpersonateOrgSessions') && 'create_as_user_id' in (await json(request))) {
        return answer(403, { code: 'denied', action: 'ImpersonateOrgSessions' });
      }
      answer(200, identity);
    } catch {
      answer(400, { code: 'bad_request' });
    }
  });
