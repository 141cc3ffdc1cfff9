package io.github.cogauth;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The filter, in the JDK's server, called over a socket. */
class HttpServerGuardTest {
    private static final String GOOD = "Authorization: " + Inputs.AUTHORIZATION;

    private final Gate gate = gate();
    private HttpServerGuard guard;
    private HttpServer server;
    private int port;
    private volatile int served;
    private volatile Answer record = Answer.found(Inputs.RECORD);
    private volatile Answer facts = Answer.found(Inputs.FACTS);

    @BeforeEach
    void start() throws IOException {
        guard = new HttpServerGuard(new Guard(gate, id -> record,
                (principal, organization) -> facts,
                Clock.fixed(Instant.ofEpochSecond(Inputs.NOW), ZoneOffset.UTC)));
        server = HttpServer.create(
                new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", this::serve).getFilters().add(guard);
        server.start();
        port = server.getAddress().getPort();
    }

    @AfterEach
    void stop() {
        server.stop(0);
        gate.close();
    }

    @Test
    void aRequestWithoutACredentialIsRefused() throws IOException {
        String response = RawHttp.call(port, "GET", Inputs.TARGET);
        assertEquals(401, RawHttp.status(response));
        String head = response.toLowerCase(Locale.ROOT);
        assertTrue(head.contains("\r\nwww-authenticate: bearer realm=\"cog\""), response);
        assertTrue(head.contains("\r\ncontent-type: application/problem+json"), response);
        assertTrue(response.contains("\"code\":\"missing_credential\""), response);
        assertEquals(0, served);
    }

    @Test
    void anAllowedRequestIsServedAndKnowsWhoAsks() throws IOException {
        String response = RawHttp.call(port, "GET", Inputs.TARGET + "?limit=5", GOOD);
        assertEquals(200, RawHttp.status(response));
        assertTrue(response.endsWith("su_ci su_ci ViewOrgSessions"), response);
        assertEquals(1, served);
    }

    @Test
    void aDeniedRequestIsRefused() throws IOException {
        facts = Answer.found(Inputs.FACTS.replace("\"org_admin\"", ""));
        String response = RawHttp.call(port, "GET", Inputs.TARGET, GOOD);
        assertEquals(403, RawHttp.status(response));
        assertTrue(response.contains("application/problem+json"), response);
        assertEquals(0, served);
    }

    @Test
    void aStoreThatCannotBeAskedIsUnavailable() throws IOException {
        record = null;
        String response = RawHttp.call(port, "GET", Inputs.TARGET, GOOD);
        assertEquals(503, RawHttp.status(response));
        assertTrue(response.toLowerCase(Locale.ROOT).contains("\r\nretry-after: 5"), response);
        assertEquals(0, served);
    }

    @Test
    void aGateThatWasClosedRefuses() throws IOException {
        gate.close();
        assertEquals(503, RawHttp.status(RawHttp.call(port, "GET", Inputs.TARGET, GOOD)));
        assertEquals(0, served);
    }

    @Test
    void everyLineOfTheHeaderCounts() throws IOException {
        for (List<String> lines : List.of(List.of(GOOD, GOOD), List.of(GOOD, "authorization: x"),
                List.of("AUTHORIZATION: Basic YTpi", GOOD))) {
            String response = RawHttp.call(port, "GET", Inputs.TARGET,
                    lines.toArray(String[]::new));
            assertTrue(RawHttp.status(response) >= 400, response);
        }
        assertEquals(200, RawHttp.status(RawHttp.call(port, "GET", Inputs.TARGET, "A: b", GOOD)));
        assertEquals(1, served);
    }

    @Test
    void aTargetThatCouldBeReadAsAnotherIsRefused() throws IOException {
        for (String target : List.of("/" + Inputs.TARGET, Inputs.TARGET + "#x",
                "/x/.." + Inputs.TARGET, "/v3/organizations/org-a%2Fsessions",
                "//v3" + Inputs.TARGET, "mailto:x", "*",
                Inputs.TARGET.replace("/v3", "/v3/"), "/v3/organizations/./sessions")) {
            String response = RawHttp.call(port, "GET", target, GOOD);
            // The server closes the connection where a target has no path.
            assertTrue(response.isEmpty() || RawHttp.status(response) >= 400,
                    target + ": " + response);
        }
        assertEquals(0, served);
        assertEquals("", RawHttp.call(port, "GET", "mailto:x", GOOD));
        assertEquals(400, RawHttp.status(RawHttp.call(port, "GET", "/x|y", GOOD)));
        for (String before : List.of("http://localhost", "http://any:1", "x:")) {
            assertEquals(400, RawHttp.status(
                    RawHttp.call(port, "GET", before + Inputs.TARGET, GOOD)), before);
        }
        assertEquals(0, served);
    }

    @Test
    void theContextIsWhatTheFunctionKnows() throws IOException {
        List<String> seen = new java.util.concurrent.CopyOnWriteArrayList<>();
        guard.contextFrom(exchange -> {
            seen.add(exchange.getRequestURI().getPath());
            return Inputs.bytes("{\"known\":1}");
        });
        assertEquals(200, RawHttp.status(RawHttp.call(port, "GET", Inputs.TARGET, GOOD)));
        guard.contextFrom(exchange -> Inputs.bytes("{\"time\":1}"));
        assertEquals(503, RawHttp.status(RawHttp.call(port, "GET", Inputs.TARGET, GOOD)));
        guard.contextFrom(exchange -> {
            throw new IllegalStateException("nothing is known");
        });
        assertEquals(503, RawHttp.status(RawHttp.call(port, "GET", Inputs.TARGET, GOOD)));
        assertEquals(List.of(Inputs.TARGET), seen);
        assertEquals(1, served);
    }

    @Test
    void theClientsAddressIsWhatTheFunctionKnows() throws IOException {
        record = Answer.found(
                Inputs.RECORD.replaceFirst("}$", ",\"addresses\":[\"127.0.0.0/8\",\"::1\"]}"));
        assertEquals(403, RawHttp.status(RawHttp.call(port, "GET", Inputs.TARGET, GOOD)));
        guard.clientAddressFrom(
                exchange -> exchange.getRemoteAddress().getAddress().getHostAddress());
        assertEquals(200, RawHttp.status(RawHttp.call(port, "GET", Inputs.TARGET, GOOD)));
        guard.clientAddressFrom(exchange -> "192.0.2.1");
        assertEquals(403, RawHttp.status(RawHttp.call(port, "GET", Inputs.TARGET, GOOD)));
        guard.clientAddressFrom(exchange -> {
            throw new IllegalStateException("it is not known");
        });
        assertEquals(503, RawHttp.status(RawHttp.call(port, "GET", Inputs.TARGET, GOOD)));
        assertEquals(1, served);
    }

    @Test
    void aHeadRequestHasNoBody() throws IOException {
        String response = RawHttp.call(port, "HEAD", Inputs.TARGET);
        assertTrue(RawHttp.status(response) >= 400);
        assertTrue(response.endsWith("\r\n\r\n"), response);
    }

    @Test
    void bytesOutsideOfAsciiReachTheGate() throws IOException {
        String response = RawHttp.call(port, "GET", Inputs.TARGET, GOOD + "\u00e9");
        assertEquals(401, RawHttp.status(response));
        assertFalse(response.contains(Inputs.SECRET));
    }

    private void serve(HttpExchange exchange) throws IOException {
        served++;
        String text = exchange.getPrincipal().getUsername() + " "
                + HttpServerGuard.allowed(exchange).principal() + " "
                + HttpServerGuard.allowed(exchange).action();
        byte[] body = text.getBytes(StandardCharsets.UTF_8);
        exchange.sendResponseHeaders(200, body.length);
        exchange.getResponseBody().write(body);
        exchange.close();
    }

    private static Gate gate() {
        try (Policy policy = Policy.builtin(); EdgeKeys keys = new EdgeKeys(Inputs.EDGE_KEYS)) {
            return Gate.atEdge(policy, keys, new GateOptions());
        }
    }
}
