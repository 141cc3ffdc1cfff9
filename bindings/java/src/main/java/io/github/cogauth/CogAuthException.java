package io.github.cogauth;

import io.github.cogauth.internal.Library;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * What the library could not do, with a numbered code that never changes its meaning. A denial or a
 * refusal is none: it is a value. No text of it holds a byte of a secret.
 */
public final class CogAuthException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final int code;
    private final String codeName;
    private final long offset;
    private final String document;
    private final String pointer;
    private final long line;
    private final long column;
    private final long length;
    private final String suggestion;

    /** One of a code alone, with the library's sentence for it. */
    public CogAuthException(int code) {
        this(code, Library.get().codes().sentence(code));
    }

    /** One with a message of its own, which must not hold a secret. */
    public CogAuthException(int code, String message) {
        this(Map.of("code", (long) code, "codeName", Library.get().codes().name(code),
                "message", message));
    }

    private CogAuthException(Map<String, Object> members) {
        super((String) members.get("message"));
        code = (int) number(members, "code");
        codeName = (String) members.get("codeName");
        offset = number(members, "offset");
        document = (String) members.get("document");
        pointer = (String) members.get("pointer");
        line = number(members, "line");
        column = number(members, "column");
        length = number(members, "length");
        suggestion = (String) members.get("suggestion");
    }

    /** One from the library's own words. It is not for users of the package. */
    public static CogAuthException of(Map<String, Object> members) {
        return new CogAuthException(members);
    }

    /** The number, such as 114. */
    public int code() {
        return code;
    }

    /** The name of the number, such as {@code expired}. */
    public String codeName() {
        return codeName;
    }

    /** Where in what was given, in bytes from 0. */
    public OptionalLong offset() {
        return optional(offset);
    }

    /** Which document of a policy. */
    public Optional<String> document() {
        return Optional.ofNullable(document);
    }

    /** The place in the document, as a JSON pointer (RFC 6901). */
    public Optional<String> pointer() {
        return Optional.ofNullable(pointer);
    }

    /** The line in the document, from 1. */
    public OptionalLong line() {
        return optional(line);
    }

    /** The column in its line, in characters from 1. */
    public OptionalLong column() {
        return optional(column);
    }

    /** How many characters from there on are wrong. */
    public OptionalLong length() {
        return optional(length);
    }

    /** What may have been meant. */
    public Optional<String> suggestion() {
        return Optional.ofNullable(suggestion);
    }

    /** The code, its name, the sentence, and the place. */
    @Override
    public String toString() {
        String place = document == null ? "" : document + ":" + line + ":" + column + ": ";
        return getClass().getName() + ": " + code + " " + codeName + ": " + place + getMessage();
    }

    private static long number(Map<String, Object> members, String name) {
        Object value = members.get(name);
        return value == null ? -1 : (Long) value;
    }

    private static OptionalLong optional(long number) {
        return number < 0 ? OptionalLong.empty() : OptionalLong.of(number);
    }
}
