package io.github.cogauth;

import io.github.cogauth.internal.Json;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The route of a method and a request target, or why there is none. */
public sealed interface Route {
    /**
     * There is a route.
     *
     * @param action what the request would do
     * @param organization as it stands in the path
     * @param undecided further actions that only the origin can judge
     */
    record Found(String action, Optional<String> organization, List<String> undecided)
            implements Route {
    }

    /**
     * There is none.
     *
     * @param reason {@code invalid_path}, {@code unknown_route} or {@code method_not_allowed}
     * @param methods which methods the path has, for the last of these
     */
    record Missing(String reason, List<String> methods) implements Route {
    }

    /** Reads the library's answer. */
    static Route of(String answer) {
        Map<String, Object> members = Json.object(answer);
        if (Boolean.TRUE.equals(members.get("found"))) {
            return new Found((String) members.get("action"),
                    Optional.ofNullable((String) members.get("organization")),
                    Json.texts(members.get("undecided")));
        }
        Object methods = members.get("methods");
        return new Missing((String) members.get("reason"),
                methods == null ? List.of() : Json.texts(methods));
    }
}
