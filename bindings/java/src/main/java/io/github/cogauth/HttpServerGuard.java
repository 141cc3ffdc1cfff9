package io.github.cogauth;

import com.sun.net.httpserver.Filter;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import java.util.function.Function;

/**
 * Guards a context of the JDK's HTTP server: only requests that the gate allows reach what comes
 * after it, which learns of {@link #allowed} who asks.
 */
public final class HttpServerGuard extends Filter {
    private static final System.Logger LOGGER = System.getLogger("io.github.cogauth");

    private final Guard guard;
    private Function<HttpExchange, byte[]> context = exchange -> null;
    private Function<HttpExchange, String> clientAddress = exchange -> null;
    private HttpHandler passedOn = HttpServerGuard::unavailable;
    private HttpHandler preflight = exchange -> send(exchange, 204, new byte[0]);

    /** A filter that asks this guard. */
    public HttpServerGuard(Guard guard) {
        this.guard = Objects.requireNonNull(guard, "guard");
    }

    /**
     * Who answers requests with older opaque credentials, which it must judge itself. Without it
     * they get 503.
     */
    public HttpServerGuard passOnTo(HttpHandler handler) {
        passedOn = Objects.requireNonNull(handler);
        return this;
    }

    /**
     * What else is known of a request, for the policy: a JSON object as text, or null for nothing.
     * {@code credential}, {@code time} and {@code client_address} in it are refused. Where the
     * function throws, the request gets 503.
     */
    public HttpServerGuard contextFrom(Function<HttpExchange, byte[]> known) {
        context = Objects.requireNonNull(known);
        return this;
    }

    /**
     * The client's IP address, or null where it is not known. Where no proxy is before the server:
     * {@code exchange -> exchange.getRemoteAddress().getAddress().getHostAddress()}. Where the
     * function throws, the request gets 503.
     */
    public HttpServerGuard clientAddressFrom(Function<HttpExchange, String> known) {
        clientAddress = Objects.requireNonNull(known);
        return this;
    }

    /** Who answers CORS preflights. Without it they get 204 and no CORS header. */
    public HttpServerGuard answerPreflightsWith(HttpHandler handler) {
        preflight = Objects.requireNonNull(handler);
        return this;
    }

    /**
     * What the gate said of a request that it allowed.
     *
     * @throws IllegalStateException if the exchange did not come through this filter
     */
    public static Step.Allowed allowed(HttpExchange exchange) {
        if (exchange instanceof AllowedRequest known) {
            return known.allowed();
        }
        throw new IllegalStateException("this exchange did not come through HttpServerGuard");
    }

    @Override
    public String description() {
        return "lets through what a cog-auth gate allows";
    }

    @Override
    public void doFilter(HttpExchange exchange, Chain chain) throws IOException {
        Step.Outcome outcome;
        try {
            outcome = guard.check(request(exchange));
        } catch (RuntimeException failure) {
            LOGGER.log(System.Logger.Level.ERROR, "the gate failed; the request is refused",
                    failure);
            unavailable(exchange);
            return;
        }
        if (outcome instanceof Step.Allowed allowed) {
            chain.doFilter(AllowedRequest.of(exchange, allowed));
        } else if (outcome instanceof Step.Refused refused) {
            refuse(exchange, refused);
        } else if (outcome instanceof Step.PassOn) {
            passedOn.handle(exchange);
        } else if (outcome instanceof Step.Preflight) {
            preflight.handle(exchange);
        } else {
            unavailable(exchange);
        }
    }

    private HttpRequest request(HttpExchange exchange) {
        List<String> lines = exchange.getRequestHeaders().get("Authorization");
        // The server has parsed the target as a URI, which spells all of it as it was sent. What
        // has a scheme, an authority or a fragment is no path, and the gate refuses it.
        HttpRequest request = new HttpRequest(bytes(exchange.getRequestMethod()),
                bytes(exchange.getRequestURI().toString()),
                (lines == null ? List.<String>of() : lines).stream()
                        .map(HttpServerGuard::bytes).toList());
        return request.withContext(context.apply(exchange))
                .withClientAddress(clientAddress.apply(exchange));
    }

    /** The server makes each byte of a request's head a character. */
    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }

    private static void refuse(HttpExchange exchange, Step.Refused refused) throws IOException {
        refused.headers().forEach(exchange.getResponseHeaders()::set);
        send(exchange, refused.status(), refused.body().getBytes(StandardCharsets.UTF_8));
    }

    private static void unavailable(HttpExchange exchange) throws IOException {
        exchange.getResponseHeaders().set("Cache-Control", "no-store");
        send(exchange, 503, new byte[0]);
    }

    private static void send(HttpExchange exchange, int status, byte[] body) throws IOException {
        boolean hasBody = body.length != 0 && !exchange.getRequestMethod().equals("HEAD");
        try (exchange) {
            exchange.sendResponseHeaders(status, hasBody ? body.length : -1);
            if (hasBody) {
                exchange.getResponseBody().write(body);
            }
        }
    }
}
