import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.github.cogauth.Answer;
import io.github.cogauth.EdgeKeys;
import io.github.cogauth.Gate;
import io.github.cogauth.GateOptions;
import io.github.cogauth.Guard;
import io.github.cogauth.HttpServerGuard;
import io.github.cogauth.Policy;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Executors;

/**
 * Serves what the built-in policy allows. Its arguments are a port, 0 for any, and a folder with
 * the edges' key set in {@code keys.json}, records as {@code records/ID.json} and facts as
 * {@code facts/PRINCIPAL.json}. A real service has databases for these.
 */
public final class Server {
    public static void main(String[] arguments) throws IOException {
        Path folder = Path.of(arguments[1]);
        byte[] keySet = Files.readAllBytes(folder.resolve("keys.json"));
        Gate gate;
        try (Policy policy = Policy.builtin(); EdgeKeys keys = new EdgeKeys(keySet)) {
            gate = Gate.atEdge(policy, keys, new GateOptions().maxRecordAge(60));
        }
        Guard guard = new Guard(gate,
                id -> fetched(folder.resolve("records"), id),
                (principal, organization) -> fetched(folder.resolve("facts"), principal));

        InetAddress here = InetAddress.getLoopbackAddress();
        int port = Integer.parseInt(arguments[0]);
        HttpServer server = HttpServer.create(new InetSocketAddress(here, port), 0);
        server.createContext("/", Server::greet).getFilters().add(new HttpServerGuard(guard));
        server.setExecutor(Executors.newFixedThreadPool(4));
        server.start();
        System.out.println("http://localhost:" + server.getAddress().getPort());
    }

    private static Answer fetched(Path table, String id) throws IOException {
        // An error of the store, such as a folder that is not there, is thrown: the answer is 503.
        try (var rows = Files.list(table)) {
            Path row = rows.filter(path -> path.endsWith(id + ".json")).findFirst().orElse(null);
            return row == null
                    ? Answer.absent()
                    : Answer.found(Files.readAllBytes(row), System.currentTimeMillis() / 1000);
        }
    }

    private static void greet(HttpExchange exchange) throws IOException {
        var allowed = HttpServerGuard.allowed(exchange);
        System.out.println(allowed.audit());
        byte[] body = (allowed.principal() + " may " + allowed.action() + "\n")
                .getBytes(StandardCharsets.UTF_8);
        exchange.sendResponseHeaders(200, body.length);
        try (exchange) {
            exchange.getResponseBody().write(body);
        }
    }
}
