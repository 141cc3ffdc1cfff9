// A gate before a handler: the questions that it asks, put to two functions, and what it answers.
// It needs no module of its own, and takes a gate of any entry.

const FAILED = {
  step: 'refused',
  status: 503,
  code: 'unavailable',
  headers: {
    'content-type': 'application/problem+json',
    'cache-control': 'no-store',
    'retry-after': '5',
  },
  body: JSON.stringify({
    type: 'about:blank',
    title: 'Service Unavailable',
    status: 503,
    code: 'unavailable',
    detail: 'the credential could not be checked; try again later',
  }),
};

// What is inherited is no option.
const own = (options) => ({ __proto__: null, ...options });

// Puts a request through the gate. Whatever fails, the gate and the audit too, ends in a refusal.
const judging = (options) => {
  const {
    gate, record, facts, audit, context, clientAddress, deadline = 1000,
    now = () => Math.floor(Date.now() / 1000),
    report = (error) => console.error(error),
    ...others
  } = own(options);
  for (const name of Object.keys(others)) throw new TypeError(`options has no member ${name}`);
  const needed = { record, facts, now, report, 'gate.begin': gate?.begin };
  for (const [name, called] of Object.entries(needed)) {
    if (typeof called != 'function') throw new TypeError(`${name} must be a function`);
  }

  // What a store finds; nothing or null for what is not there. If it throws, or is late, it says
  // nothing.
  const answer = async (step) => {
    let timer;
    try {
      const late = new Promise((_, fail) => {
        timer = setTimeout(() => fail(new Error('the store is late')), deadline);
      });
      const ofRecord = step.step == 'record';
      const asked = ofRecord
        ? record(step.id)
        : facts(step.principal, step.organization, step.resource, step.principalType);
      const found = await Promise.race([asked, late]);
      if (found === undefined || found === null) return step.absent();
      return ofRecord ? step.found(found.record, found.fetchedAt) : step.found(found);
    } catch (error) {
      report(error);
      return step.unavailable();
    } finally {
      clearTimeout(timer);
    }
  };

  return async (request, given) => {
    try {
      const told = { context: context?.(given), clientAddress: clientAddress?.(given) };
      let step = gate.begin({ ...request, ...told }, now());
      while (['record', 'facts'].includes(step.step)) step = await answer(step);
      if (Object.hasOwn(step, 'audit')) await audit?.(step.audit);
      return step;
    } catch (error) {
      report(error);
      return FAILED;
    }
  };
};

/** For handlers that take a Request and return a Response. */
export const guardFetch = (options, handler) => {
  const { preflight, ...others } = own(options);
  const judge = judging(others);
  return async (request, ...rest) => {
    const sent = request.headers.get('authorization');
    const step = await judge({
      method: request.method,
      // As it was sent: new URL() would tidy up the very paths that the gate has to refuse.
      target: request.url.replace(/^\w+:\/\/[^/?#\\]+/, ''),
      authorization: sent === null ? [] : [sent],
    }, request);
    switch (step.step) {
      case 'allowed':
      case 'pass_on':
        return handler(request, step, ...rest);
      case 'preflight':
        return preflight?.(request) ?? new Response(null, { status: 204 });
      default:
        return new Response(step.body, { status: step.status, headers: step.headers });
    }
  };
};

/** For Express, and as a hook of Fastify: what Node received, and a function to go on. */
export const guardNode = (options) => {
  const judge = judging(options);
  return (request, response, next) => {
    const { method, originalUrl, url, rawHeaders } = request.raw ?? request;
    // Node shows the first of several lines alone.
    const authorization = rawHeaders.filter((_, index) =>
      index % 2 && rawHeaders[index - 1].toLowerCase() == 'authorization');
    judge({ method, target: originalUrl ?? url, authorization }, request).then((step) => {
      if (step.step == 'allowed' || step.step == 'pass_on') {
        request.cogAuth = step;
        return next();
      }
      const refused = step.step == 'refused';
      // Fastify leaves the answer to who takes it.
      response.hijack?.();
      const answer = response.raw ?? response;
      answer.writeHead(refused ? step.status : 204, refused ? step.headers : {});
      answer.end(refused ? step.body : undefined);
    }).catch(next);
  };
};
