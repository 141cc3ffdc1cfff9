package io.github.cogauth;

import io.github.cogauth.internal.Abi;
import io.github.cogauth.internal.Calls;
import io.github.cogauth.internal.Frame;
import io.github.cogauth.internal.Function;
import io.github.cogauth.internal.Json;
import io.github.cogauth.internal.Library;
import io.github.cogauth.internal.Utf8;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Credentials in text, such as a log. */
public final class Redaction {
    private Redaction() {
    }

    /**
     * Something that looks like a credential.
     *
     * @param start where it begins, in bytes from 0
     * @param end the first byte after it
     * @param handle the part of a well-formed token that may be shown
     */
    public record Finding(long start, long end, Optional<String> handle) {
    }

    /** How sure it is that something is a token. */
    public enum Certainty {
        /** It is an older credential, a damaged one, or random text. */
        LOOKS_LIKE,
        /** It has the form of a token, and its checksum fits. */
        PARSED
    }

    /**
     * A token in a text or in what is encoded in it, or a place that looks like a credential.
     *
     * @param start where it begins, in bytes from 0
     * @param end the first byte after it
     * @param certainty how sure it is
     * @param handle the part of a token that may be shown
     * @param encodings the names of those around it, such as {@code base64}, from the outside to
     *     the inside; none where it stands in the text as it is
     * @param genuine of a token, where keys were given: whether it was minted with a root key of
     *     these, also if it has expired since
     */
    public record DecodedFinding(long start, long end, Certainty certainty,
            Optional<String> handle, List<String> encodings, Optional<Boolean> genuine) {
    }

    /** The text with all that has a token's shape cut to its handle. */
    public static String redact(String text) {
        return redacted(Function.TEXT_REDACT, text);
    }

    /**
     * The text with all cut that {@link #redact} cuts, and each token that stands in it in an
     * encoding, as {@link #scanDecoding} finds it: its handle and {@code …} stand in place of every
     * byte that holds a part of it. What is encoded must parse, so that the half of an encoded
     * token stays.
     */
    public static String redactDecoding(String text) {
        return redacted(Function.TEXT_REDACT_DECODING, text);
    }

    private static String redacted(Function function, String text) {
        byte[] bytes = Utf8.bytes(text);
        try (Frame frame = Frame.open(Library.get())) {
            return Calls.text(frame, function, frame.bytes(bytes), bytes.length);
        }
    }

    /** Everything in a text that looks like a credential, in order. */
    public static List<Finding> scan(byte[] text) {
        Library library = Library.get();
        List<Finding> findings = new ArrayList<>();
        try (Frame frame = Frame.open(library)) {
            long bytes = frame.bytes(text);
            long found = frame.room(Integer.BYTES);
            long finding = frame.room(Abi.FINDING_SIZE);
            library.writeInt(finding, Abi.FINDING_SIZE);
            long from = 0;
            while (true) {
                Calls.call(frame, Function.TEXT_SCAN, bytes, text.length, from, found, finding);
                if (library.readInt(found) == 0) {
                    return findings;
                }
                from = library.readLong(finding + Abi.FINDING_END);
                findings.add(new Finding(library.readLong(finding + Abi.FINDING_START), from,
                        handle(library, finding)));
            }
        }
    }

    /**
     * Everything that {@link #scan} finds in a text, and the tokens in what is encoded in it:
     * base64, hexadecimal digits, UTF-16, the escapes of URLs, JSON, HTML and mails, and more. They
     * come in the order in which they begin. Section "Tokens in encodings" of
     * {@code docs/token-format.md} has all of it.
     */
    public static List<DecodedFinding> scanDecoding(byte[] text) {
        return decoded(text, 0);
    }

    /** As {@link #scanDecoding(byte[])}, with a word on each token: whether it is genuine. */
    public static List<DecodedFinding> scanDecoding(byte[] text, EdgeKeys keys) {
        long address = keys.handle.use();
        try {
            return decoded(text, address);
        } finally {
            keys.handle.leave();
        }
    }

    private static List<DecodedFinding> decoded(byte[] text, long keys) {
        try (Frame frame = Frame.open(Library.get())) {
            String answer = Calls.text(frame, Function.TEXT_SCAN_DECODING, frame.bytes(text),
                    text.length, keys);
            return ((List<?>) Json.parse(answer)).stream().map(Redaction::decoded).toList();
        }
    }

    private static DecodedFinding decoded(Object told) {
        Map<?, ?> members = (Map<?, ?>) told;
        boolean isParsed = "parsed".equals(members.get("certainty"));
        return new DecodedFinding((Long) members.get("start"), (Long) members.get("end"),
                isParsed ? Certainty.PARSED : Certainty.LOOKS_LIKE,
                Optional.ofNullable((String) members.get("handle")),
                Json.texts(members.get("encodings")),
                Optional.ofNullable((Boolean) members.get("genuine")));
    }

    private static Optional<String> handle(Library library, long finding) {
        if (library.readInt(finding + Abi.FINDING_IS_TOKEN) == 0) {
            return Optional.empty();
        }
        byte[] room = library.read(finding + Abi.FINDING_HANDLE, Abi.FINDING_HANDLE_ROOM);
        int length = 0;
        while (length < room.length && room[length] != 0) {
            length++;
        }
        return Optional.of(new String(room, 0, length, StandardCharsets.US_ASCII));
    }
}
