package io.github.cogauth;

import java.util.Optional;

/** Where the facts about principals and organizations are. */
@FunctionalInterface
public interface FactsStore {
    /**
     * Fetches what is known of a principal, and of an organization if one is named. An exception,
     * or null, says that the store cannot be asked.
     */
    Answer facts(String principal, Optional<String> organization) throws Exception;

    /**
     * As {@link #facts(String, Optional)}, of a resource too if the path names one. Unless it is
     * overridden, nothing is told of the resource.
     */
    default Answer facts(String principal, Optional<String> organization,
            Optional<Route.Resource> resource) throws Exception {
        return facts(principal, organization);
    }

    /**
     * As {@link #facts(String, Optional, Optional)}, of a principal of this type: {@code user} or
     * {@code service_user}. Ids alone do not tell a user from a service user. A guard calls this.
     * Unless it is overridden, nothing is told of the type.
     */
    default Answer facts(String principal, Optional<String> organization,
            Optional<Route.Resource> resource, String principalType) throws Exception {
        return facts(principal, organization, resource);
    }
}
