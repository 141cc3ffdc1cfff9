// What the tests put in: bindings/bench/inputs.json, as C. `xtask/src/bindings/c.rs` compares them.
#ifndef COGAUTH_TEST_INPUTS_H
#define COGAUTH_TEST_INPUTS_H

#define NOW 1795000000U

static const char TOKEN[] =
    "cog_1s01000AAAABBBBCCCCSSSSTTTTUUUUVVVVWWWWXXXXYYYYZZ3a0p5LuQ7etPxHaPRgFMb702kF5V";

static const char EDGE_KEYS[] =
    "{\"keys\":{\"01\":\"5uGI7IwsryC0QUs_Qock1iI_aVxbWQdQnMonPZY7RYA\",\"zZ\":\"PO2Wk3pFQy2ZU"
    "ClAVXrSh7VVgGmhFd2rLXrYAF6g45U\"},\"use\":\"edge-tag\",\"v\":1}";

static const char METHOD[] =
    "GET";

static const char TARGET[] =
    "/v3/organizations/org-a/sessions";

static const char AUTHORIZATION[] =
    "Bearer cog_1s01000AAAABBBBCCCCSSSSTTTTUUUUVVVVWWWWXXXXYYYYZZ3a0p5LuQ7etPxHaPRgFMb702kF5V";

static const char RECORD[] =
    "{\"created_at\":1794000000,\"edge_digest\":\"$cog1e$M0yArlZwxz2Sy-9gHaY93v2XTDCCjf1Sb1RE"
    "d72BTZg\",\"id\":\"AAAABBBBCCCC\",\"kind\":\"service_user_key\",\"name\":\"deploy\",\"pr"
    "incipal\":\"su_ci\",\"scopes\":[\"*\"],\"v\":1}";

static const char FACTS[] =
    "{\"organization\":{\"account\":{\"id\":\"acct_7\",\"plan\":\"team\",\"sso\":false},\"id"
    "\":\"org-a\"},\"principal\":{\"account\":{\"id\":\"acct_7\",\"plan\":\"team\",\"sso\":fa"
    "lse},\"id\":\"su_ci\",\"memberships\":[{\"organization\":\"org-a\",\"permissions\":[],\""
    "roles\":[\"org_admin\"]}],\"permissions\":[],\"roles\":[],\"type\":\"service_user\"}}";

static const char POLICY_REQUEST[] =
    "{\"action\":{\"name\":\"CreatePersonalAccessToken\"},\"context\":{\"credential\":{\""
    "kind\":\"session\"},\"time\":1795000000},\"resource\":{\"id\":\"DDDDEEEEFFFF\",\"pro"
    "perties\":{\"account\":{\"id\":\"acct_7\",\"plan\":\"team\",\"sso\":false},\"kind\":"
    "\"personal_access_token\",\"lifetime\":7776000,\"organization\":null,\"owner\":\"use"
    "r_01\",\"scopes\":[\"*\"]},\"type\":\"credential\"},\"subject\":{\"id\":\"user_01\","
    "\"properties\":{\"account\":{\"features\":[\"pat_beta\"],\"id\":\"acct_7\",\"plan\":"
    "\"team\",\"sso\":false},\"memberships\":[{\"organization\":\"org-a\",\"permissions\""
    ":[],\"roles\":[\"org_member\"]}],\"permissions\":[],\"roles\":[]},\"type\":\"user\"}"
    "}";

static const char ROOT_KEYS[] =
    "{\"v\":1,\"use\":\"root\",\"keys\":{\"01\":\"AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8\"}}";

static const char PEPPERS[] =
    "{\"v\":1,\"use\":\"digest-pepper\","
    "\"keys\":{\"01\":\"MKY1hOKF4qiulEwhKsf-FarypMz75L_yIeqCE8CR9RI\"}}";

#endif
