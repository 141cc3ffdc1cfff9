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
}
