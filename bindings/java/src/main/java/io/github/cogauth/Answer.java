package io.github.cogauth;

import io.github.cogauth.internal.Abi;
import io.github.cogauth.internal.Utf8;
import java.util.Objects;

/** What a store answers: something was found, there is no such thing, or it cannot be asked. */
public final class Answer {
    private static final Answer ABSENT = new Answer(null, Abi.NONE);
    private static final Answer UNAVAILABLE = new Answer(null, Abi.NONE);

    final byte[] text;
    final long fetchedAt;

    private Answer(byte[] text, long fetchedAt) {
        this.text = text;
        this.fetchedAt = fetchedAt;
    }

    /** Found, as JSON text. When a record was fetched is not known. */
    public static Answer found(byte[] json) {
        return new Answer(Objects.requireNonNull(json, "json"), Abi.NONE);
    }

    /** As {@link #found(byte[])}. */
    public static Answer found(String json) {
        return found(Utf8.bytes(json));
    }

    /**
     * Found, as JSON text, with the time when a record was read from where it is written, in
     * seconds since the epoch. {@link GateOptions#maxRecordAge} needs it.
     */
    public static Answer found(byte[] json, long fetchedAt) {
        return new Answer(Objects.requireNonNull(json, "json"), Abi.time(fetchedAt));
    }

    /** There is no such thing: the request is refused with 401. */
    public static Answer absent() {
        return ABSENT;
    }

    /** The store cannot be asked: the request is refused with 503. */
    public static Answer unavailable() {
        return UNAVAILABLE;
    }

    boolean isAbsent() {
        return this == ABSENT;
    }

    /** Not what was found, which may be private. */
    @Override
    public String toString() {
        return isAbsent() ? "absent" : text == null ? "unavailable" : "found";
    }
}
