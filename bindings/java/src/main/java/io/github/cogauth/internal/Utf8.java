package io.github.cogauth.internal;

import io.github.cogauth.CogAuthException;
import java.nio.charset.StandardCharsets;

/** Text as bytes. */
public final class Utf8 {
    private Utf8() {
    }

    /** The UTF-8 bytes of a text, null for null. One that is not well-formed is the error 202. */
    public static byte[] bytes(String text) {
        if (text == null) {
            return null;
        }
        for (int index = 0; index < text.length(); index++) {
            char unit = text.charAt(index);
            if (Character.isSurrogate(unit)) {
                boolean isPair = Character.isHighSurrogate(unit) && index + 1 < text.length()
                        && Character.isLowSurrogate(text.charAt(index + 1));
                if (!isPair) {
                    throw new CogAuthException(Abi.E_INVALID_UNICODE);
                }
                index++;
            }
        }
        return text.getBytes(StandardCharsets.UTF_8);
    }

    /** The text of bytes, null for null. */
    public static String text(byte[] bytes) {
        return bytes == null ? null : new String(bytes, StandardCharsets.UTF_8);
    }
}
