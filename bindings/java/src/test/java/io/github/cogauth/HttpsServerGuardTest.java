package io.github.cogauth;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsExchange;
import com.sun.net.httpserver.HttpsServer;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The filter, in the JDK's server with TLS. */
class HttpsServerGuardTest {
    private static final char[] PASSWORD = "changeit".toCharArray();

    @Test
    void aHandlerHasTheSession(@TempDir Path folder) throws Exception {
        SSLContext tls = tls(folder.resolve("keys.p12"));
        InetAddress here = InetAddress.getLoopbackAddress();
        HttpsServer server = HttpsServer.create(new InetSocketAddress(here, 0), 0);
        server.setHttpsConfigurator(new HttpsConfigurator(tls));
        try (Policy policy = Policy.builtin(); EdgeKeys keys = new EdgeKeys(Inputs.EDGE_KEYS);
                Gate gate = Gate.atEdge(policy, keys, new GateOptions())) {
            Guard guard = new Guard(gate, id -> Answer.found(Inputs.RECORD),
                    (principal, organization) -> Answer.found(Inputs.FACTS),
                    Clock.fixed(Instant.ofEpochSecond(Inputs.NOW), ZoneOffset.UTC));
            server.createContext("/", HttpsServerGuardTest::serve).getFilters()
                    .add(new HttpServerGuard(guard));
            server.start();
            int port = server.getAddress().getPort();
            Socket allowed = tls.getSocketFactory().createSocket(here, port);
            String response = RawHttp.call(allowed, "GET", Inputs.TARGET,
                    "Authorization: " + Inputs.AUTHORIZATION);
            assertEquals(200, RawHttp.status(response), response);
            assertTrue(response.endsWith("su_ci su_ci TLSv1.3"), response);
            Socket refused = tls.getSocketFactory().createSocket(here, port);
            assertEquals(401, RawHttp.status(RawHttp.call(refused, "GET", Inputs.TARGET)));
        } finally {
            server.stop(0);
        }
    }

    private static void serve(HttpExchange exchange) throws IOException {
        String protocol = exchange instanceof HttpsExchange secure
                ? secure.getSSLSession().getProtocol() : "no TLS";
        String text = exchange.getPrincipal().getUsername() + " "
                + HttpServerGuard.allowed(exchange).principal() + " " + protocol;
        byte[] body = text.getBytes(StandardCharsets.UTF_8);
        exchange.sendResponseHeaders(200, body.length);
        exchange.getResponseBody().write(body);
        exchange.close();
    }

    /** A server's and a client's side, with a key that is made here. */
    private static SSLContext tls(Path file) throws Exception {
        Process keytool = new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                "-genkeypair", "-keyalg", "EC", "-alias", "test", "-dname", "CN=localhost",
                "-keystore", file.toString(), "-storetype", "PKCS12",
                "-storepass", new String(PASSWORD)).inheritIO().start();
        assertEquals(0, keytool.waitFor());
        KeyStore store = KeyStore.getInstance("PKCS12");
        try (InputStream stored = Files.newInputStream(file)) {
            store.load(stored, PASSWORD);
        }
        KeyManagerFactory keys =
                KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        keys.init(store, PASSWORD);
        TrustManagerFactory trusted =
                TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trusted.init(store);
        SSLContext tls = SSLContext.getInstance("TLS");
        tls.init(keys.getKeyManagers(), trusted.getTrustManagers(), null);
        return tls;
    }
}
