// What C++ adds to cogauth.h: handles, results, tokens and texts.
#include "fixtures.hpp"

#include <cstring>
#include <type_traits>

#if defined(COGAUTH_WITH_EXPECTED)
static_assert(std::is_same_v<cogauth::result<int>, std::expected<int, cogauth::error>>);
#endif

TEST_CASE("the library fits the header") {
  CHECK(cogauth::abi_is_compatible());
  const std::uint32_t ours = COGAUTH_ABI_MAJOR << 16 | COGAUTH_ABI_MINOR;
  CHECK(cogauth::detail::is_compatible(ours));
  CHECK(cogauth::detail::is_compatible(ours + 1));
  CHECK_FALSE(cogauth::detail::is_compatible(ours + (1 << 16)));
  CHECK_FALSE(cogauth::detail::is_compatible(0));
  const cogauth::error other = cogauth::detail::other_abi();
  CHECK(other.code() == COGAUTH_E_FAULT);
  CHECK(nlohmann::json::parse(other.json()).at("code") == COGAUTH_E_FAULT);
  CHECK(nlohmann::json::parse(other.json()).at("codeName") == std::string(other.name()));
  CHECK(cogauth::version() == COGAUTH_VERSION);
  CHECK(cogauth::is_full());
  CHECK(cogauth::code_name(COGAUTH_E_EXPIRED) == "expired");
  CHECK(cogauth::code_name(-1).empty());
  CHECK_FALSE(cogauth::code_sentence(COGAUTH_E_EXPIRED).empty());
}

TEST_CASE("a copy outlives what it was copied from, and a moved handle is freed") {
  cogauth::edge_keys first = keys();
  const cogauth::edge_keys copy = first;
  CHECK(copy.raw() == first.raw());
  first.reset();
  first.reset();
  CHECK_FALSE(first);
  CHECK(copy.verify(input("token"), now()));
  CHECK(first.verify(input("token"), now()).error().code() == COGAUTH_E_FREED);
  cogauth::token into;
  CHECK(first.verify(input("token"), now(), into).code() == COGAUTH_E_FREED);
  CHECK(first.expose().error().name() == "freed");

  first = copy;
  cogauth::edge_keys &same = first;
  first = same;
  CHECK(first.verify(input("token"), now()));
  const cogauth::edge_keys moved = std::move(first);
  CHECK_FALSE(first);
  CHECK(moved);
}

TEST_CASE("every handle that was given back answers so") {
  auto policy = *cogauth::policy::builtin();
  const std::string image(*policy.image());
  auto peppers = *cogauth::peppers::read(
      R"({"v":1,"use":"digest-pepper",)"
      R"("keys":{"01":"MKY1hOKF4qiulEwhKsf-FarypMz75L_yIeqCE8CR9RI"}})");
  auto roots = *cogauth::root_keys::generate("01", std::string(32, 'r'));
  auto guarding = gate();
  policy.reset();
  peppers.reset();
  roots.reset();
  guarding.reset();
  const auto is_freed = [](const auto &result) {
    return !result && result.error().code() == COGAUTH_E_FREED;
  };
  CHECK(is_freed(policy.image()));
  CHECK(is_freed(policy.digest()));
  CHECK(is_freed(policy.image_digest()));
  CHECK(is_freed(policy.actions()));
  CHECK(is_freed(policy.explain("{}")));
  CHECK(is_freed(policy.evaluate("{}")));
  CHECK(is_freed(policy.search_actions("{}")));
  CHECK(is_freed(policy.route("GET", "/")));
  CHECK(policy.decide("{}").error()->code() == COGAUTH_E_FREED);
  CHECK(is_freed(peppers.expose()));
  CHECK(is_freed(cogauth::digest(input("token"), "su_ci", peppers)));
  CHECK(is_freed(cogauth::accept_at_origin(keys(), peppers, input("token"), 1, {}, 1)));
  CHECK(is_freed(roots.edge_keys()));
  CHECK(is_freed(roots.peppers()));
  CHECK(is_freed(roots.expose()));
  CHECK(is_freed(roots.mint("01", cogauth::kind::sample, std::string(64, 'r'))));
  CHECK(is_freed(cogauth::gate::at_edge(policy, keys())));
  CHECK(is_freed(guarding.begin(request(), now())));
  cogauth::record_draft draft;
  draft.peppers = &peppers;
  CHECK(is_freed(cogauth::issue_record(draft)));
  CHECK(cogauth::policy::from_image(image));
}

TEST_CASE("a token says what it is") {
  const auto verified = keys().verify(input("token"), now());
  REQUIRE(verified);
  CHECK(verified->kind() == cogauth::kind::service_user_key);
  CHECK(cogauth::name_of(verified->kind()) == "service_user_key");
  CHECK(verified->id() == "AAAABBBBCCCC");
  CHECK(verified->key_id() == "01");
  CHECK(verified->handle() == "cog_1s01000AAAABBBBCCCC");
  CHECK_FALSE(verified->hard_expiry());
  CHECK(cogauth::token().kind() == cogauth::kind::none);
}

TEST_CASE("a token that is used again never shows an older one") {
  cogauth::token into;
  CHECK(keys().verify(input("token"), now(), into));
  std::string changed = input("token");
  changed[60] = changed[60] == 'X' ? 'Y' : 'X';
  CHECK_FALSE(keys().verify(changed, now(), into));
  CHECK(into.kind() == cogauth::kind::none);
  CHECK(into.id().empty());
}

TEST_CASE("an error has a code, a name, a sentence and a place") {
  const auto parsed = cogauth::parse("cog_1?");
  REQUIRE_FALSE(parsed);
  const cogauth::error &error = parsed.error();
  CHECK(error.name() == cogauth::code_name(error.code()));
  CHECK_FALSE(error.message().empty());
  CHECK_FALSE(error.json().empty());
  CHECK(cogauth::error(COGAUTH_E_EXPIRED).message() == cogauth::code_sentence(COGAUTH_E_EXPIRED));
}

TEST_CASE("an error is whole however long it is") {
  const std::string name(5000, 'n');
  const char *text = "{\n  \"v\": 1,\n  \"r\\u00e9les\": []\n}";
  const auto made = cogauth::policy::from_documents({{name, text}});
  REQUIRE_FALSE(made);
  const cogauth::error &error = made.error();
  CHECK(error.document() == name);
  CHECK(error.line());
  CHECK(error.column());
  CHECK(error.json().size() > name.size());
  CHECK(nlohmann::json::parse(error.json()).at("code") == error.code());
}

TEST_CASE("JSON text is read as it is spelled") {
  const auto spelled = [](const char *text) {
    return cogauth::detail::text_of(std::string_view(text));
  };
  CHECK(spelled(R"("a\"\\\/\b\f\n\r\tz")") == "a\"\\/\b\f\n\r\tz");
  CHECK(spelled(R"("\u0041\u00e9\u20ac\ud83d\ude00")") == "A\u00e9\u20ac\U0001F600");
  CHECK(spelled(R"("\ud83d")").size() == 3);
  CHECK(spelled("\"").empty());
  CHECK(cogauth::detail::member(R"({"a":{"b":[1,"]}"]},"b":2})", "b") == "2");
  CHECK_FALSE(cogauth::detail::member("", "b"));
  CHECK(cogauth::detail::texts_of(R"(["a","b,c"])") == std::vector<std::string>{"a", "b,c"});
  CHECK(cogauth::detail::items("[]").empty());
  CHECK(cogauth::detail::members("{}").empty());
  CHECK(cogauth::detail::members("").empty());
  const auto members = cogauth::detail::members(R"({"a":{"b":1},"c":"d,:"})");
  REQUIRE(members.size() == 2);
  CHECK(members[0].second == R"({"b":1})");
  CHECK(members[1].second == R"("d,:")");
}

TEST_CASE("inputs may be empty, hold any byte, and be large") {
  CHECK(keys().verify("", 0).error().code() == COGAUTH_E_MISSING_PREFIX);
  CHECK(cogauth::edge_keys::read({}).error().code() == COGAUTH_E_INVALID_KEY_SET);
  CHECK(cogauth::edge_keys::read(std::string_view("\0\xff", 2)).error().code() >= 131);
  CHECK(*cogauth::redact("") == "");
  CHECK(cogauth::redact("\xff").error().code() == COGAUTH_E_INVALID_UNICODE);
  const std::string large(4 << 20, 'x');
  CHECK(cogauth::redact(large)->size() == large.size());
  CHECK_FALSE(keys().verify(large, now()));
  CHECK(cogauth::scan(large)->empty());
  CHECK(cogauth::scan({})->empty());
  CHECK(cogauth::policy::from_image({}).error().code() == COGAUTH_E_INVALID_IMAGE);
  CHECK(cogauth::policy::from_documents({}).error().code() == COGAUTH_E_NO_SCHEMA);
  CHECK(keys().verify(input("token"), UINT64_MAX).error().code() == COGAUTH_E_TIME_OUT_OF_RANGE);
}

TEST_CASE("a decision converts to true only where it is allowed") {
  const auto policy = *cogauth::policy::builtin();
  const cogauth::decision decided = policy.decide(input("policy_request"));
  CHECK(decided);
  CHECK(decided.denial() == cogauth::denial::none);
  CHECK_FALSE(decided.error());
  auto asked = nlohmann::json::parse(input("policy_request"));
  asked["action"]["name"] = "ManageBilling";
  const cogauth::decision denied = policy.decide(asked.dump());
  CHECK_FALSE(denied);
  CHECK_FALSE(denied.error());
  CHECK(denied.denial() != cogauth::denial::none);
  const cogauth::decision malformed = policy.decide("{}");
  CHECK_FALSE(malformed);
  CHECK(malformed.error()->code() == COGAUTH_E_MALFORMED_REQUEST);
  CHECK_FALSE(cogauth::decision());
  CHECK_FALSE(std::is_convertible_v<cogauth::decision, bool>);
}

TEST_CASE("numbers that this header does not know are denials") {
  using cogauth::detail::denial_of;
  CHECK(denial_of(COGAUTH_DENIAL_NONE) == cogauth::denial::none);
  CHECK(denial_of(COGAUTH_DENIAL_NO_GRANT) == cogauth::denial::no_grant);
  CHECK(denial_of(COGAUTH_DENIAL_INDETERMINATE) == cogauth::denial::indeterminate);
  CHECK(denial_of(99) == cogauth::denial::indeterminate);
}

TEST_CASE("a verification converts to true only where the token is genuine") {
  static_assert(!std::is_convertible_v<cogauth::verification, bool>);
  static_assert(!std::is_convertible_v<cogauth::verification, std::int32_t>);
  static_assert(!std::is_constructible_v<cogauth::verification, std::int32_t>);
  cogauth::token into;
  const cogauth::verification genuine = keys().verify(input("token"), now(), into);
  CHECK(genuine);
  CHECK(genuine.code() == COGAUTH_OK);
  const cogauth::verification none = keys().verify("cog_", now(), into);
  CHECK_FALSE(none);
  CHECK(none.code() == keys().verify("cog_", now()).error().code());
}

TEST_CASE("a text that cannot be looked through is no text without credentials") {
  const std::string text = "a " + input("token") + " b";
  const auto first = cogauth::find(text);
  REQUIRE(first);
  REQUIRE(*first);
  CHECK((*first)->start() == 2);
  const auto after = cogauth::find(text, static_cast<std::size_t>((*first)->end()));
  REQUIRE(after);
  CHECK_FALSE(*after);
  CHECK(cogauth::scan(text)->size() == 1);
  // A length that no object has.
  const std::string_view impossible(text.data(), SIZE_MAX);
  CHECK(cogauth::find(impossible).error().code() == COGAUTH_E_INVALID_ARGUMENT);
  CHECK(cogauth::scan(impossible).error().code() == COGAUTH_E_INVALID_ARGUMENT);
}

TEST_CASE("tokens are found in what is encoded, and are genuine or not") {
  const std::string token = input("token");
  const std::string text = "a=cog%5F" + token.substr(4) + " b=cog_k7w2k7w2k7w2k7w2k7w2k7w2k7w2k7";
  const auto found = *cogauth::scan_decoding(text);
  REQUIRE(found.size() == 2);
  CHECK(found[0].start == 2);
  CHECK(found[0].end == 2 + token.size() + 2);
  CHECK(found[0].certainty == cogauth::certainty::parsed);
  CHECK(found[0].handle == token.substr(0, 23));
  CHECK(found[0].encodings == std::vector<std::string>{"percent"});
  CHECK_FALSE(found[0].genuine);
  CHECK(found[1].certainty == cogauth::certainty::looks_like);
  CHECK_FALSE(found[1].handle);
  CHECK(found[1].encodings.empty());
  const auto judged = *cogauth::scan_decoding(text, keys());
  CHECK(judged[0].genuine == true);
  CHECK_FALSE(judged[1].genuine.has_value());
  CHECK(cogauth::scan_decoding("")->empty());
  auto gone = keys();
  gone.reset();
  CHECK(cogauth::scan_decoding(text, gone).error().code() == COGAUTH_E_FREED);
}

TEST_CASE("tokens are cut out of what is encoded") {
  const std::string text =
      "t=cog%5F1s015PnAAAABBBBCCCCDDDDEEEEFFFFGGGGHHHHIIIIJJJJKK586ggbea2qj1Bs5iHjYgW30jAxiy&";
  CHECK(*cogauth::redact_decoding(text) == "t=cog_1s015PnAAAABBBBCCCC…&");
  const std::string half = text.substr(0, 40);
  CHECK(*cogauth::redact_decoding(half) == half);
  CHECK(*cogauth::redact_decoding("") == "");
  CHECK(cogauth::redact_decoding("\xff").error().code() == COGAUTH_E_INVALID_UNICODE);
}

TEST_CASE("records are used, merged and rotated within limits") {
  const auto roots = *cogauth::root_keys::generate("01", std::string(32, 'r'));
  const auto issued = [&](std::uint8_t first, std::uint64_t expires_at) {
    std::string random;
    for (int byte = 0; byte < 64; ++byte) random.push_back(static_cast<char>(byte * 3 + first));
    const auto token = roots.mint("01", cogauth::kind::service_user_key, random);
    cogauth::record_draft draft;
    draft.token = token->expose();
    draft.principal = "su";
    draft.scopes = {"*"};
    draft.edges = true;
    draft.addresses.emplace();
    draft.created_at = now();
    draft.expires_at = expires_at;
    return *cogauth::issue_record(draft);
  };
  const std::string old = issued(1, now() + 100), later = issued(2, now() + 200),
                    same = issued(2, now() + 100);
  CHECK(nlohmann::json::parse(old).at("addresses") == nlohmann::json::array());
  const auto within = [&](const std::string &successor, const cogauth::rotation_limits &limits) {
    return cogauth::rotate_record(old, successor, now() + 50, now(), limits);
  };
  CHECK(within(later, {}).error().code() == COGAUTH_E_WIDER_THAN_PREDECESSOR);
  const auto rotated = within(later, {true, std::nullopt});
  REQUIRE(rotated);
  CHECK(*cogauth::inactive_because(*rotated, now() + 49) == 0);
  CHECK(*cogauth::inactive_because(*rotated, now() + 50) == COGAUTH_E_ROTATED);
  CHECK(within(same, {false, 50}));
  CHECK(within(same, {false, 49}).error().code() == COGAUTH_E_NOT_ROTATABLE);
  const auto used = *cogauth::use_record(old, now() + 5);
  CHECK(nlohmann::json::parse(used).at("last_used_at") == now() + 5);
  CHECK(*cogauth::use_record(used, now() + 4) == used);
  CHECK(*cogauth::merge_records(old, used) == used);
  CHECK(cogauth::merge_records(old, same).error().code() == COGAUTH_E_RECORD_MISMATCH);
}

TEST_CASE("a policy that compiles may have warnings") {
  const cogauth::document schema{"schema.json", R"({"v":1,"schema":{"actions":{"View":{}}}})"};
  const cogauth::document rules{
      "rules.json", R"({"v":1,"rules":[{"id":"all","effect":"permit","actions":["*"]}]})"};
  const auto warned = cogauth::policy::warnings({schema});
  REQUIRE(warned);
  REQUIRE(warned->size() == 1);
  CHECK(warned->at(0).code() == COGAUTH_E_NO_PERMIT);
  CHECK(warned->at(0).document() == "schema.json");
  CHECK(cogauth::policy::warnings({schema, rules})->empty());
  CHECK(cogauth::policy::warnings({{"a.json", "[]"}}).error().code() == COGAUTH_E_WRONG_TYPE);
}

TEST_CASE("secrets are neither copied nor printed") {
  CHECK_FALSE(std::is_copy_constructible_v<cogauth::secret>);
  CHECK_FALSE(std::is_convertible_v<cogauth::secret, std::string_view>);
  const auto roots = *cogauth::root_keys::generate("01", std::string(32, 'r'));
  const std::string unusable(64, '\xff');
  const auto minted = roots.mint("01", cogauth::kind::personal_access_token, unusable);
  REQUIRE_FALSE(minted);
  CHECK(minted.error().code() == COGAUTH_E_NOT_ENOUGH_RANDOM_BYTES);
  std::string random;
  for (int byte = 0; byte < 64; ++byte) random.push_back(static_cast<char>(byte * 3));
  const auto token = roots.mint("01", cogauth::kind::personal_access_token, random, 40000);
  REQUIRE(token);
  CHECK(token->expose().size() == COGAUTH_TOKEN_LENGTH);
  CHECK(roots.edge_keys()->verify(token->expose(), now())->hard_expiry() == 40000u);
  CHECK(roots.mint("01", cogauth::kind::none, random).error().code() == COGAUTH_E_UNKNOWN_KIND);
  CHECK(roots.mint("01", cogauth::kind::sample, random, 0u).error().code() ==
        COGAUTH_E_TIME_OUT_OF_RANGE);
  const auto wrong = keys().verify(token->expose(), now());
  REQUIRE_FALSE(wrong);
  CHECK(wrong.error().json().find(token->expose().substr(30, 20)) == std::string::npos);
}

TEST_CASE("a secret that was moved from is empty") {
  cogauth::secret first(5);
  std::memcpy(first.data(), "first", 5);
  cogauth::secret second(std::move(first));
  CHECK(first.expose().empty());
  CHECK(second.expose() == "first");
  cogauth::secret third(3);
  third = std::move(second);
  CHECK(second.expose().empty());
  CHECK(third.expose() == "first");
  cogauth::secret &same = third;
  third = std::move(same);
  CHECK(third.expose() == "first");
}
