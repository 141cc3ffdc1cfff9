package io.github.cogauth;

import io.github.cogauth.internal.Frame;
import io.github.cogauth.internal.Library;
import io.github.cogauth.internal.Utf8;
import java.util.List;

/**
 * A request on its way to a service: the method, the request target as the client sent it (path and
 * query, not decoded, nothing tidied up), and all lines of {@code Authorization}, each a value
 * without the name. The arrays are not copied.
 */
public final class HttpRequest {
    private final byte[] method;
    private final byte[] target;
    private final byte[][] authorization;
    private final byte[] context;
    private final byte[] clientAddress;

    /** From bytes. */
    public HttpRequest(byte[] method, byte[] target, List<byte[]> authorization) {
        this(method, target, authorization.toArray(byte[][]::new), null, null);
    }

    /** From text, which is sent as UTF-8. */
    public HttpRequest(String method, String target, List<String> authorization) {
        this(Utf8.bytes(method), Utf8.bytes(target),
                authorization.stream().map(Utf8::bytes).toArray(byte[][]::new), null, null);
    }

    private HttpRequest(byte[] method, byte[] target, byte[][] authorization, byte[] context,
            byte[] clientAddress) {
        this.method = method;
        this.target = target;
        this.authorization = authorization;
        this.context = context;
        this.clientAddress = clientAddress;
    }

    /**
     * The same with further context for the policy, a JSON object as text. {@code credential},
     * {@code time} and {@code client_address} in it are refused.
     */
    public HttpRequest withContext(byte[] json) {
        return new HttpRequest(method, target, authorization, json, clientAddress);
    }

    /**
     * The same with the client's IP address, without a port, as the connection or a proxy of your
     * own says it. Not known, a policy with address lists denies.
     */
    public HttpRequest withClientAddress(String address) {
        return new HttpRequest(method, target, authorization, context, Utf8.bytes(address));
    }

    /** Writes a {@code cogauth_request}. */
    long write(Frame frame) {
        Library library = frame.library();
        int pointer = library.pointerSize();
        int size = (8 + 10 * pointer + 7) & -8;
        long place = frame.room(size);
        library.writeInt(place, size);
        frame.slice(place + 8, method);
        frame.slice(place + 8 + 2L * pointer, target);
        library.writePointer(place + 8 + 4L * pointer, frame.slices(authorization));
        library.writePointer(place + 8 + 5L * pointer, authorization.length);
        frame.slice(place + 8 + 6L * pointer, context);
        frame.slice(place + 8 + 8L * pointer, clientAddress);
        return place;
    }

    /** No header. */
    @Override
    public String toString() {
        return "HttpRequest[" + Utf8.text(method) + "]";
    }
}
