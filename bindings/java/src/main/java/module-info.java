/** Who is behind a request, is the credential real, may they do this, and if not, why not? */
module io.github.cogauth {
    exports io.github.cogauth;

    requires run.endive.runtime;
    requires run.endive.wasm;
    requires static run.endive.compiler;
    requires static transitive jdk.httpserver;
}
