// A program without exceptions and without RTTI: it is enough that it compiles, and that a verified
// token, an allowed and a refused request come out right.
#include <cogauth.hpp>
#include <cstdio>

#if defined(__cpp_exceptions) || defined(__cpp_rtti)
#error "this is to be compiled with -fno-exceptions -fno-rtti"
#endif

int main(int count, char **arguments) {
  if (count != 7) return 2;
  const std::string_view token = arguments[2], record = arguments[3], facts = arguments[4];
  const std::string line = "Bearer " + std::string(token);
  const std::uint64_t now = std::strtoull(arguments[5], nullptr, 10);
  const auto keys = cogauth::edge_keys::read(arguments[1]);
  const auto policy = cogauth::policy::builtin();
  if (!keys || !policy || !keys->verify(token, now)) return 1;
  const auto gate = cogauth::gate::at_edge(*policy, *keys);
  if (!gate) return 1;
  const auto records = [&](std::string_view) {
    return cogauth::lookup::found(std::string(record));
  };
  const auto about = [&](std::string_view, std::optional<std::string_view>) {
    return cogauth::lookup::found(std::string(facts));
  };
  const auto allowed = gate->guard({"GET", arguments[6], {line}}, now, records, about);
  const auto refused = gate->guard({"GET", arguments[6], {}}, now, records, about);
  const bool right = std::holds_alternative<cogauth::allowed>(allowed) &&
                     std::holds_alternative<cogauth::refused>(refused) &&
                     !cogauth::edge_keys::read("{}");
  std::puts(right ? "right" : "wrong");
  return right ? 0 : 1;
}
