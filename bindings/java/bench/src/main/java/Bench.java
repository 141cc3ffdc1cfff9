import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.cogauth.CogAuth;
import io.github.cogauth.EdgeKeys;
import io.github.cogauth.Exchange;
import io.github.cogauth.Gate;
import io.github.cogauth.GateOptions;
import io.github.cogauth.HttpRequest;
import io.github.cogauth.Policy;
import io.github.cogauth.Step;
import io.github.cogauth.TokenFields;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;

/** The benchmark of the Java package: see {@code bindings/bench/README.md}. */
public final class Bench {
    /** What was read last, so that reading it is not left out. */
    static volatile Object last;

    public static void main(String[] arguments) throws Exception {
        JsonNode inputs = new ObjectMapper().readTree(
                Path.of(System.getenv("COGAUTH_BENCH_INPUTS")).toFile());
        String ours = CogAuth.backend().equals("native") ? "cog-auth" : "cog-auth, wasm";
        long now = inputs.get("now").longValue();
        byte[] token = bytes(inputs, "token");
        byte[] request = bytes(inputs, "policy_request");
        try (EdgeKeys keys = new EdgeKeys(bytes(inputs, "edge_keys"));
                Policy policy = Policy.builtin();
                Gate gate = Gate.atEdge(policy, keys, new GateOptions())) {
            TokenFields fields = new TokenFields();
            Measure.row(ours, "verify", () ->
                    keys.verify(token, 0, token.length, now, fields).kind());
            Measure.row(ours + ", as an object", "verify", () -> keys.verify(token, now));
            Measure.row(ours, "decide", () -> policy.decide(request).isAllowed());
            Measure.row(ours, "evaluate", () -> policy.evaluate(request));
            Measure.row(ours, "gate", () -> through(gate, inputs, now));
        }
        if (CogAuth.backend().equals("native")) {
            Others.verify(inputs);
            Others.decide(now);
        }
    }

    private static Object through(Gate gate, JsonNode inputs, long now) {
        HttpRequest request = new HttpRequest(bytes(inputs, "method"), bytes(inputs, "target"),
                List.of(bytes(inputs, "authorization")));
        try (Exchange exchange = gate.begin(request, now)) {
            Step step = exchange.step();
            step = ((Step.RecordNeeded) step).found(bytes(inputs, "record"), now);
            step = ((Step.FactsNeeded) step).found(bytes(inputs, "facts"));
            Step.Allowed allowed = (Step.Allowed) step;
            last = allowed.principal();
            last = allowed.action();
            return allowed.audit();
        }
    }

    static byte[] bytes(JsonNode inputs, String name) {
        return inputs.get(name).textValue().getBytes(StandardCharsets.UTF_8);
    }
}
