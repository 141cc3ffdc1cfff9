package io.github.cogauth;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpsExchange;

/** An exchange that was allowed, of a server with or without TLS. */
interface AllowedRequest {
    /** What the gate said of it. */
    Step.Allowed allowed();

    /** An exchange of the same kind as this one. */
    static HttpExchange of(HttpExchange exchange, Step.Allowed allowed) {
        return exchange instanceof HttpsExchange secure
                ? new AllowedHttpsExchange(secure, allowed)
                : new AllowedExchange(exchange, allowed);
    }
}
