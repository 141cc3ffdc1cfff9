package io.github.cogauth;

import io.github.cogauth.internal.Abi;
import io.github.cogauth.internal.Calls;
import io.github.cogauth.internal.Frame;
import io.github.cogauth.internal.Function;
import io.github.cogauth.internal.Library;
import io.github.cogauth.internal.Utf8;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
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

    /** The text with all that has a token's shape cut to its handle. */
    public static String redact(String text) {
        byte[] bytes = Utf8.bytes(text);
        try (Frame frame = Frame.open(Library.get())) {
            return Calls.text(frame, Function.TEXT_REDACT, frame.bytes(bytes), bytes.length);
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
