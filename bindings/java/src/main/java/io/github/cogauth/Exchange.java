package io.github.cogauth;

import io.github.cogauth.internal.Abi;
import io.github.cogauth.internal.Calls;
import io.github.cogauth.internal.Frame;
import io.github.cogauth.internal.Function;
import io.github.cogauth.internal.Handle;
import io.github.cogauth.internal.Library;
import io.github.cogauth.internal.Utf8;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/** One request on its way through a gate. One thread uses it at a time. */
public final class Exchange implements AutoCloseable {
    private final Handle handle;
    private Step step;

    Exchange(Frame frame, long gate, long request, long now) {
        handle = Calls.make(this, Function.EXCHANGE_RELEASE, frame, Function.EXCHANGE_BEGIN, gate,
                request, now);
        long address = handle.use();
        try {
            step = new Reader(frame, address).step(this);
        } catch (Throwable failure) {
            handle.close();
            throw failure;
        } finally {
            handle.leave();
        }
    }

    /** Where it stands. */
    public Step step() {
        return step;
    }

    /**
     * What people and services may see of an allowed credential's record, as JSON.
     *
     * @throws CogAuthException 706 {@code wrong_step} unless the request is allowed
     */
    public String credentialRecord() {
        long address = handle.use();
        try (Frame frame = Frame.open(handle.library())) {
            return Calls.text(frame, Function.EXCHANGE_RECORD, address);
        } finally {
            handle.leave();
        }
    }

    /** Ends it, at whatever step it is. What it holds of the token is wiped. */
    @Override
    public void close() {
        handle.close();
    }

    Step found(int number, byte[] text, long fetchedAt) {
        long address = handle.use();
        try (Frame frame = Frame.open(handle.library())) {
            Calls.call(frame, Function.EXCHANGE_FOUND, address, number, frame.bytes(text),
                    text.length, fetchedAt);
            return step = new Reader(frame, address).step(this);
        } finally {
            handle.leave();
        }
    }

    Step absent(int number) {
        return answer(Function.EXCHANGE_ABSENT, number);
    }

    Step unavailable(int number) {
        return answer(Function.EXCHANGE_UNAVAILABLE, number);
    }

    private Step answer(Function function, int number) {
        long address = handle.use();
        try (Frame frame = Frame.open(handle.library())) {
            Calls.call(frame, function, address, number);
            return step = new Reader(frame, address).step(this);
        } finally {
            handle.leave();
        }
    }

    /** Copies what an exchange lends. */
    private static final class Reader {
        private final Library library;
        private final Frame frame;
        private final long address;
        private final long name;
        private final long value;

        Reader(Frame frame, long address) {
            this.frame = frame;
            this.address = address;
            library = frame.library();
            name = frame.room(2L * library.pointerSize());
            value = frame.room(2L * library.pointerSize());
        }

        Step step(Exchange exchange) {
            switch ((int) library.call(Function.EXCHANGE_STEP, address)) {
                case Abi.STEP_REFUSED:
                    return refused();
                case Abi.STEP_RECORD:
                    return new Step.RecordNeeded(exchange, text(Abi.TEXT_CREDENTIAL_ID));
                case Abi.STEP_FACTS:
                    return new Step.FactsNeeded(exchange, text(Abi.TEXT_PRINCIPAL),
                            text(Abi.TEXT_PRINCIPAL_TYPE), text(Abi.TEXT_ORGANIZATION),
                            resource());
                case Abi.STEP_ALLOWED:
                    return allowed();
                case Abi.STEP_PASS_ON:
                    return new Step.PassOn();
                case Abi.STEP_PREFLIGHT:
                    return new Step.Preflight();
                default:
                    throw new CogAuthException(Abi.E_FAULT);
            }
        }

        private Step allowed() {
            long until = library.call(Function.EXCHANGE_VALID_UNTIL, address);
            return new Step.Allowed(text(Abi.TEXT_PRINCIPAL_TYPE), text(Abi.TEXT_PRINCIPAL),
                    Kind.of(text(Abi.TEXT_CREDENTIAL_KIND)), text(Abi.TEXT_CREDENTIAL_ID),
                    text(Abi.TEXT_CREDENTIAL_HANDLE), text(Abi.TEXT_ACTION),
                    Optional.ofNullable(text(Abi.TEXT_ORGANIZATION)), resource(),
                    named(Abi.LIST_PARAMETERS), list(Abi.LIST_UNDECIDED), list(Abi.LIST_ADVICE),
                    until == Abi.NONE ? OptionalLong.empty() : OptionalLong.of(until),
                    text(Abi.TEXT_AUDIT));
        }

        private Step refused() {
            int status = (int) library.call(Function.EXCHANGE_STATUS, address);
            int code = (int) library.call(Function.EXCHANGE_CODE, address);
            return new Step.Refused(status, code, text(Abi.TEXT_CODE), named(Abi.LIST_HEADERS),
                    text(Abi.TEXT_BODY), text(Abi.TEXT_AUDIT));
        }

        private Optional<Route.Resource> resource() {
            return Route.Resource.of(text(Abi.TEXT_RESOURCE_TYPE), text(Abi.TEXT_RESOURCE_ID));
        }

        private Map<String, String> named(int which) {
            Map<String, String> entries = new LinkedHashMap<>();
            long count = library.call(Function.EXCHANGE_COUNT, address, which);
            for (long index = 0; index < count; index++) {
                String content = entry(which, index);
                entries.put(Utf8.text(frame.sliced(name)), content);
            }
            return Collections.unmodifiableMap(entries);
        }

        private String text(int which) {
            int code = (int) library.call(Function.EXCHANGE_TEXT, address, which, value);
            if (code != 0) {
                throw new CogAuthException(code);
            }
            return Utf8.text(frame.sliced(value));
        }

        private List<String> list(int which) {
            long count = library.call(Function.EXCHANGE_COUNT, address, which);
            if (count == 0) {
                return List.of();
            }
            List<String> entries = new ArrayList<>();
            for (long index = 0; index < count; index++) {
                entries.add(entry(which, index));
            }
            return Collections.unmodifiableList(entries);
        }

        private String entry(int which, long index) {
            int code = (int) library.call(
                    Function.EXCHANGE_ENTRY, address, which, index, name, value);
            if (code != 0) {
                throw new CogAuthException(code);
            }
            return Utf8.text(frame.sliced(value));
        }
    }
}
