import com.auth0.jwt.JWT;
import com.auth0.jwt.JWTVerifier;
import com.auth0.jwt.algorithms.Algorithm;
import com.cedarpolicy.AuthorizationEngine;
import com.cedarpolicy.BasicAuthorizationEngine;
import com.cedarpolicy.model.AuthorizationRequest;
import com.cedarpolicy.model.entity.Entity;
import com.cedarpolicy.model.policy.PolicySet;
import com.cedarpolicy.value.EntityUID;
import com.cedarpolicy.value.CedarList;
import com.cedarpolicy.value.PrimBool;
import com.cedarpolicy.value.PrimLong;
import com.cedarpolicy.value.PrimString;
import com.cedarpolicy.value.Value;
import com.fasterxml.jackson.databind.JsonNode;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jose.crypto.MACVerifier;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.casbin.jcasbin.main.Enforcer;
import org.casbin.jcasbin.model.Model;

/** What a user would take instead. Each does the nearest work that it has. */
final class Others {
    /** Four rules as those that decide the request of the inputs, in Cedar's language. */
    private static final String CEDAR = """
            permit(principal, action, resource) when {
              principal.permissions.contains("UseDevinSessions") };
            forbid(principal, action, resource) when {
              context.kind == "personal_access_token"
                && (principal.sso || principal.plan == "enterprise") };
            forbid(principal, action, resource) when {
              context.kind == "personal_access_token"
                && !principal.features.contains("pat_beta") };
            forbid(principal, action, resource) unless { context.scopes.contains("*") };
            """;

    /** Roles of a user in an organization. */
    private static final String CASBIN = """
            [request_definition]
            r = sub, dom, act
            [policy_definition]
            p = sub, act
            [role_definition]
            g = _, _, _
            [policy_effect]
            e = some(where (p.eft == allow))
            [matchers]
            m = g(r.sub, p.sub, r.dom) && r.act == p.act
            """;

    private Others() {
    }

    static void verify(JsonNode inputs) throws Exception {
        byte[] key = new byte[32];
        byte[] token = Bench.bytes(inputs, "token");
        Mac mac = Mac.getInstance("HmacSHA256");
        mac.init(new SecretKeySpec(key, "HmacSHA256"));
        byte[] digest = new byte[32];
        Measure.row("javax.crypto.Mac alone", "verify", () -> {
            mac.update(token);
            mac.doFinal(digest, 0);
            return digest;
        });

        JWTClaimsSet claims = new JWTClaimsSet.Builder().subject("su_ci").jwtID("AAAABBBBCCCC")
                .expirationTime(new Date(System.currentTimeMillis() + 3_600_000)).build();
        SignedJWT jwt = new SignedJWT(new JWSHeader(JWSAlgorithm.HS256), claims);
        jwt.sign(new MACSigner(key));
        String text = jwt.serialize();
        MACVerifier verifier = new MACVerifier(key);
        Measure.row("nimbus-jose-jwt, HS256", "verify", () -> {
            SignedJWT parsed = SignedJWT.parse(text);
            if (!parsed.verify(verifier)
                    || parsed.getJWTClaimsSet().getExpirationTime().before(new Date())) {
                throw new IllegalStateException();
            }
            return parsed.getJWTClaimsSet().getSubject();
        });
        JWTVerifier auth0 = JWT.require(Algorithm.HMAC256(key)).build();
        Measure.row("java-jwt, HS256", "verify", () -> auth0.verify(text).getSubject());
    }

    static void decide(long now) throws Exception {
        Model model = new Model();
        model.loadModelFromText(CASBIN);
        Enforcer enforcer = new Enforcer(model);
        for (String action : List.of("ViewOrgSessions", "ManageOrgSessions", "UseDevinSessions",
                "ManageOrgMembers")) {
            enforcer.addPolicy("org_admin", action);
        }
        enforcer.addGroupingPolicy("user_01", "org_admin", "org-a");
        Measure.row("jcasbin, four rules, roles", "decide",
                () -> allowed(enforcer.enforce("user_01", "org-a", "UseDevinSessions")));

        EntityUID user = EntityUID.parse("User::\"user_01\"").orElseThrow();
        EntityUID action = EntityUID.parse("Action::\"UseDevinSessions\"").orElseThrow();
        EntityUID organization = EntityUID.parse("Organization::\"org-a\"").orElseThrow();
        Map<String, Value> attributes = Map.of("sso", new PrimBool(false), "plan",
                new PrimString("team"), "features", texts("pat_beta"), "permissions",
                texts("UseDevinSessions"));
        Set<Entity> entities = Set.of(new Entity(user, attributes, Set.of()),
                new Entity(organization, Map.of("plan", new PrimString("team")), Set.of()));
        Map<String, Value> context = Map.of("kind", new PrimString("personal_access_token"),
                "scopes", texts("*"), "time", new PrimLong(now));
        AuthorizationRequest request = new AuthorizationRequest(user, action, organization,
                Optional.of(context), Optional.empty(), false);
        PolicySet policies = PolicySet.parsePolicies(CEDAR);
        AuthorizationEngine engine = new BasicAuthorizationEngine();
        Measure.row("cedar-java, four rules", "decide", () -> allowed(engine.isAuthorized(
                request, policies, entities).success.orElseThrow().isAllowed()));
        policies.cache();
        Measure.row("cedar-java, four rules, parsed before", "decide", () -> allowed(
                engine.isAuthorized(request, policies, entities).success.orElseThrow()
                        .isAllowed()));
    }

    private static CedarList texts(String text) {
        return new CedarList(List.of(new PrimString(text)));
    }

    private static boolean allowed(boolean isAllowed) {
        if (!isAllowed) {
            throw new IllegalStateException();
        }
        return isAllowed;
    }
}
