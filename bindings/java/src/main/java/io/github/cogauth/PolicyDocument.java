package io.github.cogauth;

import io.github.cogauth.internal.Utf8;
import java.util.Objects;

/** One JSON document of a policy: what errors call it, and its text. */
public final class PolicyDocument {
    final byte[] name;
    final byte[] text;

    /** From UTF-8 text. */
    public PolicyDocument(String name, byte[] text) {
        this.name = Utf8.bytes(Objects.requireNonNull(name, "name"));
        this.text = text.clone();
    }

    /** From text. */
    public PolicyDocument(String name, String text) {
        this(name, Utf8.bytes(text));
    }
}
