package io.github.cogauth;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.cogauth.internal.Json;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** This package answers what the Rust crate answers, to every case and byte for byte. */
class ParityTest {
    @Test
    void everyCallHasTheAnswerOfTheCrate() throws Exception {
        String file = System.getenv("COGAUTH_PARITY");
        assertNotNull(file, "COGAUTH_PARITY is the path of what `cargo run -p parity` writes");
        Map<String, Object> all = Json.object(Files.readString(Path.of(file)));
        Map<String, Integer> counts = new TreeMap<>();
        ParityCalls.OPERATIONS.keySet().forEach(operation -> counts.put(operation, 0));
        List<String> differences = new ArrayList<>();
        try (ParityCalls calls = new ParityCalls(ParityCalls.map(all.get("images")))) {
            for (Object item : (List<?>) all.get("calls")) {
                Map<String, Object> call = ParityCalls.map(item);
                String operation = (String) call.get("operation");
                assertTrue(counts.containsKey(operation), "an operation that is not known: "
                        + operation);
                Map<String, Object> expected = new LinkedHashMap<>();
                for (String name : List.of("answer", "error")) {
                    if (call.containsKey(name)) {
                        expected.put(name, call.get(name));
                    }
                }
                Map<String, Object> arguments = ParityCalls.map(call.get("arguments"));
                String theirs = CanonicalJson.of(expected);
                String ours = CanonicalJson.of(calls.answer(operation, arguments));
                if (!ours.equals(theirs)) {
                    differences.add(operation + ", " + call.get("name") + "\n  crate " + theirs
                            + "\n  here  " + ours);
                }
                counts.merge(operation, 1, Integer::sum);
            }
        }
        assertEquals(List.of(), differences.subList(0, Math.min(20, differences.size())),
                differences.size() + " differ");
        counts.forEach((operation, count) -> assertTrue(count > 0, operation + " was not called"));
        tell(counts);
    }

    private static void tell(Map<String, Integer> counts) throws Exception {
        String table = System.getenv("COGAUTH_PARITY_TABLE");
        if (table != null) {
            Map<String, Object> row = Map.of("differences", 0, "operations", counts, "language",
                    CogAuth.backend().equals("native") ? "java" : "java-wasm");
            Files.writeString(Path.of(table), CanonicalJson.of(row) + "\n",
                    StandardOpenOption.CREATE, StandardOpenOption.APPEND);
        }
    }
}
