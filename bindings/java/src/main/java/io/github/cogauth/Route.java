package io.github.cogauth;

import io.github.cogauth.internal.Json;
import java.util.Collections;
import java.util.LinkedHashMap;
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
     * @param resource what else the path names
     * @param parameters what stands in the places of the route's parameters, by their names
     * @param undecided further actions that only the origin can judge
     */
    record Found(String action, Optional<String> organization, Optional<Resource> resource,
            Map<String, String> parameters, List<String> undecided) implements Route {
    }

    /**
     * What a path names besides an organization.
     *
     * @param type as the policy says
     * @param id as it stands in the path
     */
    record Resource(String type, String id) {
        /** Of what the library told, which is null where there is none. */
        static Optional<Resource> of(String type, String id) {
            return id == null ? Optional.empty() : Optional.of(new Resource(type, id));
        }
    }

    /**
     * There is none.
     *
     * @param reason {@code invalid_path}, {@code unknown_route} or {@code method_not_allowed}
     * @param methods which methods the path has, for the last of these
     */
    record Missing(String reason, List<String> methods) implements Route {
    }

    private static Optional<Resource> resource(Object told) {
        if (told instanceof Map<?, ?> members) {
            return Resource.of((String) members.get("type"), (String) members.get("id"));
        }
        return Optional.empty();
    }

    private static Map<String, String> parameters(Object told) {
        Map<String, String> parameters = new LinkedHashMap<>();
        if (told instanceof Map<?, ?> members) {
            members.forEach((name, value) -> parameters.put((String) name, (String) value));
        }
        return Collections.unmodifiableMap(parameters);
    }

    /** Reads the library's answer. */
    static Route of(String answer) {
        Map<String, Object> members = Json.object(answer);
        if (Boolean.TRUE.equals(members.get("found"))) {
            return new Found((String) members.get("action"),
                    Optional.ofNullable((String) members.get("organization")),
                    resource(members.get("resource")), parameters(members.get("parameters")),
                    Json.texts(members.get("undecided")));
        }
        Object methods = members.get("methods");
        return new Missing((String) members.get("reason"),
                methods == null ? List.of() : Json.texts(methods));
    }
}
