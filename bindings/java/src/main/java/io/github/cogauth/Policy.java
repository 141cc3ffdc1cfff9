package io.github.cogauth;

import io.github.cogauth.internal.Abi;
import io.github.cogauth.internal.Calls;
import io.github.cogauth.internal.Frame;
import io.github.cogauth.internal.Function;
import io.github.cogauth.internal.Handle;
import io.github.cogauth.internal.Json;
import io.github.cogauth.internal.Library;
import io.github.cogauth.internal.Utf8;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** A compiled policy. Threads may share it. */
public final class Policy implements AutoCloseable {
    final Handle handle;

    private Policy(Frame frame, Function function, long... arguments) {
        handle = Calls.make(this, Function.POLICY_RELEASE, frame, function, arguments);
    }

    /**
     * Loads a compiled policy, of which a copy is kept.
     *
     * @param sha256 the 64 hexadecimal digits that the image must hash to; null takes any image,
     *     and then whoever can write it decides
     * @throws CogAuthException 501 {@code invalid_image}, 502 {@code unknown_image_version},
     *     342 {@code unexpected_digest}
     */
    public static Policy fromImage(byte[] image, String sha256) {
        byte[] digest = Utf8.bytes(sha256);
        try (Frame frame = Frame.open(Library.get())) {
            return new Policy(frame, Function.POLICY_FROM_IMAGE, frame.bytes(image), image.length,
                    frame.bytes(digest), length(digest));
        }
    }

    /**
     * Compiles a policy from all its documents.
     *
     * @param digest the 64 hexadecimal digits that the policy must have; null for any
     * @throws CogAuthException the first of the errors that {@link #check} tells;
     *     342 {@code unexpected_digest}
     */
    public static Policy fromDocuments(List<PolicyDocument> documents, String digest) {
        byte[] expected = Utf8.bytes(digest);
        try (Frame frame = Frame.open(Library.get())) {
            return new Policy(frame, Function.POLICY_FROM_DOCUMENTS, array(frame, documents),
                    documents.size(), frame.bytes(expected), length(expected));
        }
    }

    /** The policy that comes with the library. */
    public static Policy builtin() {
        try (Frame frame = Frame.open(Library.get())) {
            return new Policy(frame, Function.POLICY_BUILTIN);
        }
    }

    /** All that is wrong with a policy's documents: empty if they compile. */
    public static List<CogAuthException> check(List<PolicyDocument> documents) {
        return told(Function.POLICY_CHECK, documents);
    }

    /**
     * What is not wrong with a policy's documents and probably not meant: at most 100, with codes
     * from 801 on. They are given, and never thrown.
     *
     * @throws CogAuthException the first of the errors that {@link #check} tells
     */
    public static List<CogAuthException> warnings(List<PolicyDocument> documents) {
        return told(Function.POLICY_WARNINGS, documents);
    }

    /**
     * The documents of a policy as one, in the canonical form that its digest is made over.
     *
     * @throws CogAuthException the first of the errors that {@link #check} tells
     */
    public static String bundle(List<PolicyDocument> documents) {
        try (Frame frame = Frame.open(Library.get())) {
            return Calls.text(frame, Function.POLICY_BUNDLE, array(frame, documents),
                    documents.size());
        }
    }

    /** The compiled image, to store or to send. */
    public byte[] image() {
        long address = handle.use();
        try (Frame frame = Frame.open(handle.library())) {
            long image = frame.room(2L * handle.library().pointerSize());
            Calls.call(frame, Function.POLICY_IMAGE, address, image);
            return frame.sliced(image);
        } finally {
            handle.leave();
        }
    }

    /** SHA-256 over the canonical bundle: 64 hexadecimal digits, as in every answer. */
    public String digest() {
        return text(Function.POLICY_DIGEST);
    }

    /** The SHA-256 of the image, which {@link #fromImage} can expect: 64 hexadecimal digits. */
    public String imageDigest() {
        return text(Function.POLICY_IMAGE_DIGEST);
    }

    /** The declared actions, sorted. */
    public List<String> actions() {
        return Json.texts(Json.parse(text(Function.POLICY_ACTIONS)));
    }

    /**
     * Decides an AuthZEN access evaluation request, JSON text in UTF-8, without an explanation.
     *
     * @throws CogAuthException 401 {@code malformed_request} and 2xx for the text. A denial is none
     */
    public Decision decide(byte[] request) {
        long address = handle.use();
        try (Frame frame = Frame.open(handle.library())) {
            Library library = handle.library();
            long decision = frame.room(Abi.DECISION_SIZE);
            library.writeInt(decision, Abi.DECISION_SIZE);
            Calls.call(frame, Function.POLICY_DECIDE, address, frame.bytes(request),
                    request.length, decision);
            return Decision.of(library.readInt(decision + Abi.DECISION_DECISION),
                    library.readInt(decision + Abi.DECISION_DENIAL));
        } finally {
            handle.leave();
        }
    }

    /** Answers one evaluation request with the decision and its explanation, as JSON. */
    public String explain(byte[] request) {
        return answer(Function.POLICY_EXPLAIN, request);
    }

    /** Answers an evaluation request, or a batch of them, as JSON. */
    public String evaluate(byte[] request) {
        return answer(Function.POLICY_EVALUATE, request);
    }

    /** Answers an action search request: which actions are allowed, as JSON. */
    public String searchActions(byte[] request) {
        return answer(Function.POLICY_SEARCH_ACTIONS, request);
    }

    /** The route of a method and a request target: the path, and perhaps a query. */
    public Route route(String method, String target) {
        byte[] verb = Utf8.bytes(method);
        byte[] path = Utf8.bytes(target);
        long address = handle.use();
        try (Frame frame = Frame.open(handle.library())) {
            return Route.of(Calls.text(frame, Function.POLICY_ROUTE, address, frame.bytes(verb),
                    verb.length, frame.bytes(path), path.length));
        } finally {
            handle.leave();
        }
    }

    /** Forgets it, as soon as nobody uses it. Closing again does nothing. */
    @Override
    public void close() {
        handle.close();
    }

    private String text(Function function) {
        long address = handle.use();
        try (Frame frame = Frame.open(handle.library())) {
            return Calls.text(frame, function, address);
        } finally {
            handle.leave();
        }
    }

    private String answer(Function function, byte[] request) {
        long address = handle.use();
        try (Frame frame = Frame.open(handle.library())) {
            return Calls.text(frame, function, address, frame.bytes(request), request.length);
        } finally {
            handle.leave();
        }
    }

    private static List<CogAuthException> told(Function function, List<PolicyDocument> documents) {
        try (Frame frame = Frame.open(Library.get())) {
            String errors = Calls.text(frame, function, array(frame, documents), documents.size());
            List<CogAuthException> found = new ArrayList<>();
            for (Object error : (List<?>) Json.parse(errors)) {
                @SuppressWarnings("unchecked")
                Map<String, Object> members = (Map<String, Object>) error;
                found.add(CogAuthException.of(members));
            }
            return found;
        }
    }

    /** Writes an array of {@code cogauth_document}: two slices each. */
    private static long array(Frame frame, List<PolicyDocument> documents) {
        byte[][] parts = new byte[2 * documents.size()][];
        for (int index = 0; index < documents.size(); index++) {
            parts[2 * index] = documents.get(index).name;
            parts[2 * index + 1] = documents.get(index).text;
        }
        return frame.slices(parts);
    }

    private static int length(byte[] bytes) {
        return bytes == null ? 0 : bytes.length;
    }
}
