// What the worker itself refuses, in the form of the gate's refusals (RFC 9457).

const problem = (status, title, code, detail, headers) =>
  new Response(JSON.stringify({ type: 'about:blank', title, status, code, detail }), {
    status,
    headers: { 'content-type': 'application/problem+json', 'cache-control': 'no-store', ...headers },
  });

export const invalidPath = () =>
  problem(400, 'Bad Request', 'invalid_path', 'the path has two readings or holds a credential; send its normal form, without one');

export const badGateway = () => problem(502, 'Bad Gateway', 'bad_gateway', 'the API did not answer');

export const unavailable = () =>
  problem(503, 'Service Unavailable', 'unavailable', 'the credential could not be checked; try again later', { 'retry-after': '5' });
