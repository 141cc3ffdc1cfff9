package io.github.cogauth;

import io.github.cogauth.internal.Abi;
import io.github.cogauth.internal.Calls;
import io.github.cogauth.internal.Frame;
import io.github.cogauth.internal.Function;
import io.github.cogauth.internal.Library;
import java.util.List;

/**
 * What the {@code Authorization} header of a request says (RFC 9110, section 11.6.2; RFC 6750,
 * section 2.1).
 *
 * @param scheme which scheme it has
 * @param credential that of a bearer, a secret; else null
 */
public record Authorization(Scheme scheme, byte[] credential) {
    /** The scheme of a header. */
    public enum Scheme {
        /** There is no header. */
        NOTHING,
        /** Another scheme than {@code Bearer}. */
        OTHER,
        /** A bearer credential. */
        BEARER,
    }

    /**
     * Reads all lines of the header, each a value without the name.
     *
     * @throws CogAuthException 141 {@code several_credentials}, 142 {@code malformed_header}
     */
    public static Authorization read(List<byte[]> values) {
        Library library = Library.get();
        try (Frame frame = Frame.open(library)) {
            long scheme = frame.room(Integer.BYTES);
            long credential = frame.room(2L * library.pointerSize());
            Calls.call(frame, Function.AUTHORIZATION_READ,
                    frame.slices(values.toArray(byte[][]::new)), values.size(), scheme, credential);
            switch (library.readInt(scheme)) {
                case Abi.SCHEME_NOTHING:
                    return new Authorization(Scheme.NOTHING, null);
                case Abi.SCHEME_OTHER:
                    return new Authorization(Scheme.OTHER, null);
                case Abi.SCHEME_BEARER:
                    byte[] found = frame.sliced(credential);
                    return new Authorization(Scheme.BEARER, found == null ? new byte[0] : found);
                default:
                    throw new CogAuthException(Abi.E_FAULT);
            }
        }
    }

    /** The scheme alone. */
    @Override
    public String toString() {
        return "Authorization[" + scheme + "]";
    }
}
