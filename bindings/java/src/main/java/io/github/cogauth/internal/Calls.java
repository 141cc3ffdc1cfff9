package io.github.cogauth.internal;

import io.github.cogauth.CogAuthException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Calls of functions that can fail: their last parameter is a {@code cogauth_error}. */
public final class Calls {
    private static final int ERROR_ROOM = 1024;
    private static final int ANSWER_ROOM = 2048;

    private Calls() {
    }

    /** Calls a function, without its last parameter, and throws what it fails with. */
    public static void call(Frame frame, Function function, long... arguments) {
        int code = attempt(frame, function, arguments);
        if (code != 0) {
            throw failure(frame, code);
        }
    }

    /** Calls a function that writes a text: its buffer, capacity and length come last. */
    public static byte[] answer(Frame frame, Function function, long... arguments) {
        Library library = frame.library();
        long length = frame.room(library.pointerSize());
        long capacity = ANSWER_ROOM;
        while (true) {
            long[] all = Arrays.copyOf(arguments, arguments.length + 3);
            long buffer = frame.room(capacity);
            all[arguments.length] = buffer;
            all[arguments.length + 1] = capacity;
            all[arguments.length + 2] = length;
            int code = attempt(frame, function, all);
            long needed = library.readPointer(length);
            if (code == 0) {
                return library.read(buffer, Math.toIntExact(needed));
            }
            if (code != Abi.E_BUFFER_TOO_SMALL || needed <= capacity) {
                throw failure(frame, code);
            }
            capacity = needed;
        }
    }

    /** As {@link #answer}, as text. */
    public static String text(Frame frame, Function function, long... arguments) {
        return new String(answer(frame, function, arguments), StandardCharsets.UTF_8);
    }

    /** Calls a function that makes a handle: where to write it comes last. */
    public static Handle make(
            Object owner, Function release, Frame frame, Function function, long... arguments) {
        long place = frame.room(frame.library().pointerSize());
        long[] all = Arrays.copyOf(arguments, arguments.length + 1);
        all[arguments.length] = place;
        call(frame, function, all);
        return Handle.of(owner, frame.library(), frame.library().readPointer(place), release);
    }

    /** Calls a function with room for its error, and again where the room was not enough. */
    private static int attempt(Frame frame, Function function, long... arguments) {
        long[] all = Arrays.copyOf(arguments, arguments.length + 1);
        all[arguments.length] = frame.error(ERROR_ROOM);
        int code = (int) frame.library().call(function, all);
        if (code != 0 && frame.errorLength() > ERROR_ROOM) {
            all[arguments.length] = frame.error(frame.errorLength());
            code = (int) frame.library().call(function, all);
        }
        return code;
    }

    private static CogAuthException failure(Frame frame, int code) {
        byte[] json = frame.errorJson();
        return json == null ? new CogAuthException(code) : CogAuthException.of(Json.object(json));
    }
}
