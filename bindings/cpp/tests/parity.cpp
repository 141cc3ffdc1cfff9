// Every case of bindings/parity: the answers must be those of the Rust crate, byte for byte.
#include "environment.hpp"
#include "operations.hpp"

#include <doctest/doctest.h>

namespace {

/// One text for all that mean the same: the members of an object are sorted by nlohmann::json.
std::string canonical(const json &value) { return value.dump(); }

}  // namespace

TEST_CASE("every call is answered as the Rust crate answers it") {
  const json data = json::parse(file(variable("COGAUTH_PARITY")));
  std::map<std::string, std::string> images;
  for (const auto &[name, image] : data.at("images").items()) images[name] = spelled(image);

  std::map<std::string, std::size_t> compared;
  std::size_t differences = 0;
  for (const json &one : data.at("calls")) {
    const auto operation = one.at("operation").get<std::string>();
    REQUIRE_MESSAGE(is_known(operation), operation);
    const answer found = call(operation, one.at("arguments"), images);
    const json told = found ? json{{"answer", *found}} : json{{"error", described(found.error())}};
    const json expected = one.contains("error") ? json{{"error", one.at("error")}}
                                                : json{{"answer", one.at("answer")}};
    ++compared[operation];
    if (canonical(told) == canonical(expected)) continue;
    if (++differences <= 5) {
      FAIL_CHECK(operation, ": ", one.at("name"), "\nfound ", canonical(told).substr(0, 600),
                 "\nrust  ", canonical(expected).substr(0, 600));
    }
  }
  CHECK(differences == 0);
  // As many as there are operations in the README of bindings/parity.
  CHECK(compared.size() == 38);

  if (const char *table = std::getenv("COGAUTH_PARITY_TABLE")) {
    std::ofstream lines(table, std::ios::app);
    lines << json{{"language", "cpp"}, {"operations", compared}, {"differences", differences}}
          << "\n";
  }
}
