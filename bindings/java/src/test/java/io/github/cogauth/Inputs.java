package io.github.cogauth;

import io.github.cogauth.internal.Json;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/** What the benchmark of every binding does, which the tests use too. */
final class Inputs {
    static final Path BINDINGS = Path.of("..").toAbsolutePath().normalize();
    private static final Map<String, Object> ALL = read();

    static final String EDGE_KEYS = (String) ALL.get("edge_keys");
    static final String TOKEN = (String) ALL.get("token");
    static final String AUTHORIZATION = (String) ALL.get("authorization");
    static final String TARGET = (String) ALL.get("target");
    static final String RECORD = (String) ALL.get("record");
    static final String FACTS = (String) ALL.get("facts");
    static final String POLICY_REQUEST = (String) ALL.get("policy_request");
    static final long NOW = (Long) ALL.get("now");
    /** The part of the token that nobody may see. */
    static final String SECRET = TOKEN.substring(23, 60);

    private Inputs() {
    }

    static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static Map<String, Object> read() {
        try {
            return Json.object(Files.readString(BINDINGS.resolve("bench/inputs.json")));
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }
}
