// The rows of C++ for the benchmark of every binding: bindings/bench/README.md says what they are.
#include <algorithm>
#include <array>
#include <chrono>
#include <cogauth.hpp>
#include <cstdio>
#include <fstream>
#include <nlohmann/json.hpp>

namespace {

using nlohmann::json;

/// The median over samples of the time of one call, in nanoseconds.
template <typename Call>
double median(Call &&call) {
  using clock = std::chrono::steady_clock;
  const auto time = [&](std::size_t calls) {
    const auto start = clock::now();
    for (std::size_t done = 0; done < calls; ++done) {
      if (!call()) std::fputs("a call failed\n", stderr), std::exit(1);
    }
    return std::chrono::duration<double, std::nano>(clock::now() - start).count();
  };
  constexpr double sample = 2e7;
  std::size_t calls = 1;
  double took = time(calls);
  while (took < sample) took = time(calls *= 2);
  std::array<double, 11> samples;
  for (double &one : samples) one = time(calls) / static_cast<double>(calls);
  std::sort(samples.begin(), samples.end());
  return samples[samples.size() / 2];
}

void print(const char *work, double ns) {
  const json row{{"language", "cpp"}, {"with", "cog-auth"}, {"work", work},
                 {"ns", ns},          {"allocations", nullptr}};
  std::puts(row.dump().c_str());
}

}  // namespace

int main() {
  const char *path = std::getenv("COGAUTH_BENCH_INPUTS");
  std::ifstream stream(path == nullptr ? "bindings/bench/inputs.json" : path);
  const json inputs = json::parse(stream);
  const auto text = [&](const char *name) { return inputs.at(name).get<std::string>(); };
  const auto now = inputs.at("now").get<std::uint64_t>();
  const auto token = text("token"), record = text("record"), facts = text("facts"),
             asked = text("policy_request"), method = text("method"), target = text("target"),
             line = text("authorization");
  const auto keys = *cogauth::edge_keys::read(text("edge_keys"));
  const auto policy = *cogauth::policy::builtin();
  const auto gate = *cogauth::gate::at_edge(policy, keys);

  print("verify", median([&] { return keys.verify(token, now).has_value(); }));
  print("decide", median([&] { return policy.decide(asked).allowed(); }));
  print("evaluate", median([&] { return policy.evaluate(asked).has_value(); }));
  print("gate", median([&] {
          const auto outcome = gate.guard(
              {method, target, {line}}, now,
              [&](std::string_view) { return cogauth::lookup::found(record); },
              [&](std::string_view, std::optional<std::string_view>) {
                return cogauth::lookup::found(facts);
              });
          const auto *allowed = std::get_if<cogauth::allowed>(&outcome);
          return allowed != nullptr && !allowed->principal().empty() &&
                 !allowed->action().empty() && !allowed->audit().empty();
        }));
}
