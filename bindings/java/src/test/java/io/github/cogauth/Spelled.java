package io.github.cogauth;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;

/** Bytes as the file of answers spells them: see {@code bindings/parity/README.md}. */
final class Spelled {
    private Spelled() {
    }

    static byte[] bytes(Object spelled) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        write(spelled, bytes);
        return bytes.toByteArray();
    }

    private static void write(Object spelled, ByteArrayOutputStream to) {
        if (spelled instanceof String text) {
            to.writeBytes(text.getBytes(StandardCharsets.UTF_8));
        } else if (spelled instanceof List<?> parts) {
            parts.forEach(part -> write(part, to));
        } else if (spelled instanceof Map<?, ?> members && members.containsKey("hex")) {
            to.writeBytes(HexFormat.of().parseHex((String) members.get("hex")));
        } else if (spelled instanceof Map<?, ?> members && members.containsKey("repeat")) {
            List<?> repeat = (List<?>) members.get("repeat");
            byte[] part = bytes(repeat.get(0));
            for (long times = (Long) repeat.get(1); times > 0; times--) {
                to.writeBytes(part);
            }
        } else {
            throw new IllegalArgumentException("this spells no bytes: " + spelled);
        }
    }
}
