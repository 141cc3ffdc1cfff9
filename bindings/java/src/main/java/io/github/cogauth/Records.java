package io.github.cogauth;

import io.github.cogauth.internal.Abi;
import io.github.cogauth.internal.Calls;
import io.github.cogauth.internal.Frame;
import io.github.cogauth.internal.Function;
import io.github.cogauth.internal.Library;
import io.github.cogauth.internal.Utf8;
import java.util.List;
import java.util.Optional;

/**
 * Records: what the issuer stores for a credential, as JSON text. Reading one fails with 2xx and
 * 3xx for its text, and 122 {@code invalid_record}.
 */
public final class Records {
    private Records() {
    }

    /**
     * The record of a new credential.
     *
     * @throws CogAuthException 101 to 108; 112 {@code unknown_key_id}, 122 {@code invalid_record},
     *     134 {@code invalid_principal}, 135 {@code time_out_of_range}
     */
    public static String issue(byte[] token, RecordDraft draft) {
        long peppers = draft.peppers == null ? 0 : draft.peppers.handle.use();
        try (Frame frame = Frame.open(Library.get())) {
            return Calls.text(frame, Function.RECORD_ISSUE, draft(frame, token, draft, peppers));
        } finally {
            if (peppers != 0) {
                draft.peppers.handle.leave();
            }
        }
    }

    /** A record in its one form. */
    public static String read(byte[] record) {
        return of(Function.RECORD_READ, record);
    }

    /** What edges may have of a record: no digest that an origin compares, no metadata. */
    public static String forEdges(byte[] record) {
        return of(Function.RECORD_FOR_EDGES, record);
    }

    /** What people may see of a record: no digests, no metadata. */
    public static String forDisplay(byte[] record) {
        return of(Function.RECORD_FOR_DISPLAY, record);
    }

    /** A record revoked at a time. One that was revoked before stays as it is. */
    public static String revoke(byte[] record, long at) {
        try (Frame frame = Frame.open(Library.get())) {
            return Calls.text(frame, Function.RECORD_REVOKE, frame.bytes(record), record.length,
                    Abi.time(at));
        }
    }

    /**
     * A record rotated to its successor: it is good until {@code graceUntil}, at most.
     *
     * @throws CogAuthException 137 {@code already_rotated}, 138 {@code not_rotatable},
     *     139 {@code wider_than_predecessor}
     */
    public static String rotate(byte[] record, byte[] successor, long graceUntil, long now) {
        try (Frame frame = Frame.open(Library.get())) {
            return Calls.text(frame, Function.RECORD_ROTATE, frame.bytes(record), record.length,
                    frame.bytes(successor), successor.length, Abi.time(graceUntil), Abi.time(now));
        }
    }

    /**
     * As {@link #rotate(byte[], byte[], long, long)}, with other limits.
     *
     * @param laterExpiry {@code ALLOWED} lets the successor expire later, which is for those who
     * may
     *     make credentials of this principal
     * @param maxGrace the most seconds from {@code now} to {@code graceUntil}
     */
    public static String rotate(byte[] record, byte[] successor, long graceUntil, long now,
            LaterExpiry laterExpiry, long maxGrace) {
        int flags = laterExpiry == LaterExpiry.ALLOWED ? Abi.ROTATE_LATER_EXPIRY : 0;
        try (Frame frame = Frame.open(Library.get())) {
            return Calls.text(frame, Function.RECORD_ROTATE_WITHIN, frame.bytes(record),
                    record.length, frame.bytes(successor), successor.length, Abi.time(graceUntil),
                    Abi.time(now), flags, Abi.time(maxGrace));
        }
    }

    /** Whether a successor may expire later than its predecessor. */
    public enum LaterExpiry {
        /** No. */
        REFUSED,
        /** Yes: never for a credential that replaces itself, which would live for ever. */
        ALLOWED
    }

    /** A record used at a time. A later use that it has stays. */
    public static String use(byte[] record, long at) {
        try (Frame frame = Frame.open(Library.get())) {
            return Calls.text(frame, Function.RECORD_USED, frame.bytes(record), record.length,
                    Abi.time(at));
        }
    }

    /**
     * The record to store where the store may hold another one of the same credential: good only
     * where and when both are.
     *
     * @throws CogAuthException 123 {@code record_mismatch}
     */
    public static String merge(byte[] record, byte[] stored) {
        try (Frame frame = Frame.open(Library.get())) {
            return Calls.text(frame, Function.RECORD_MERGE, frame.bytes(record), record.length,
                    frame.bytes(stored), stored.length);
        }
    }

    /** The name of the code for which the credential is not active; empty if it is. */
    public static Optional<String> inactiveBecause(byte[] record, long now) {
        try (Frame frame = Frame.open(Library.get())) {
            long place = frame.room(4);
            Calls.call(frame, Function.RECORD_INACTIVE, frame.bytes(record), record.length,
                    Abi.time(now), place);
            int code = frame.library().readInt(place);
            return code == 0 ? Optional.empty() : Optional.of(CogAuth.codeName(code));
        }
    }

    private static String of(Function function, byte[] record) {
        try (Frame frame = Frame.open(Library.get())) {
            return Calls.text(frame, function, frame.bytes(record), record.length);
        }
    }

    /** Writes a {@code cogauth_record_draft}. */
    private static long draft(Frame frame, byte[] token, RecordDraft draft, long peppers) {
        int pointer = frame.library().pointerSize();
        // Two numbers of 32 bits, 6 words, a pointer, 4 words, three numbers of 64 bits, 2 words.
        int numbers = (8 + 13 * pointer + 7) & -8;
        int addresses = numbers + 3 * 8;
        int size = addresses + 2 * pointer;
        long place = frame.room(size);
        Library library = frame.library();
        library.writeInt(place, size);
        library.writeInt(place + 4, (draft.isForEdges ? Abi.DRAFT_FOR_EDGES : 0)
                | (draft.organizations == null ? 0 : Abi.DRAFT_ORGANIZATIONS)
                | (draft.addresses == null ? 0 : Abi.DRAFT_ADDRESSES)
                | (draft.notBefore == null ? 0 : Abi.DRAFT_NOT_BEFORE)
                | (draft.expiresAt == null ? 0 : Abi.DRAFT_EXPIRES_AT));
        long words = place + 8;
        frame.slice(words, token);
        frame.slice(words + 2L * pointer, Utf8.bytes(draft.principal));
        list(frame, words + 4L * pointer, draft.scopes);
        if (draft.organizations != null) {
            list(frame, words + 6L * pointer, draft.organizations);
        }
        library.writePointer(words + 8L * pointer, peppers);
        frame.slice(words + 9L * pointer, Utf8.bytes(draft.name));
        frame.slice(words + 11L * pointer, draft.metadata);
        library.writeLong(place + numbers, Abi.time(draft.createdAt));
        library.writeLong(place + numbers + 8, Abi.time(draft.notBefore == null ? 0 : draft.notBefore));
        library.writeLong(place + numbers + 16, Abi.time(draft.expiresAt == null ? 0 : draft.expiresAt));
        if (draft.addresses != null) {
            list(frame, place + addresses, draft.addresses);
        }
        return place;
    }

    private static void list(Frame frame, long place, List<String> texts) {
        byte[][] parts = texts.stream().map(Utf8::bytes).toArray(byte[][]::new);
        frame.library().writePointer(place, frame.slices(parts));
        frame.library().writePointer(place + frame.library().pointerSize(), parts.length);
    }
}
