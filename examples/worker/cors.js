// Which pages of other sites may call the API from a browser, and read what it answers, refusals
// too.

/** The answer to a preflight; `withCors` adds whether the page may. */
export const preflight = () =>
  new Response(null, {
    status: 204,
    headers: {
      'access-control-allow-methods': 'GET, HEAD, POST, PUT, PATCH, DELETE',
      'access-control-allow-headers': 'authorization, content-type',
      'access-control-max-age': '600',
    },
  });

/**
 * The response, readable for the pages of the allowed origins:
 * `https://app.example https://admin.example`.
 */
export const withCors = (response, request, allowedOrigins = '') => {
  const answer = new Response(response.body, response);
  const origin = request.headers.get('origin');
  answer.headers.append('vary', 'Origin');
  answer.headers.delete('access-control-allow-origin');
  if (allowedOrigins.split(' ').includes(origin)) {
    answer.headers.set('access-control-allow-origin', origin);
    answer.headers.set('access-control-expose-headers', 'www-authenticate, retry-after');
  }
  return answer;
};
