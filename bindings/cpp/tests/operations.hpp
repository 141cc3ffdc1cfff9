// What each operation of bindings/parity is in C++: its README says what they are.
#pragma once

#include "spelled.hpp"

#include <cogauth.hpp>
#include <map>

using json = nlohmann::json;

/// An answer, or what went wrong.
using answer = cogauth::result<json>;

/// An error with the members that are known of it.
json described(const cogauth::error &error);

/// Makes one call. `images` are compiled policies by name.
answer call(const std::string &operation, const json &arguments,
            const std::map<std::string, std::string> &images);

/// Whether there is such an operation.
bool is_known(const std::string &operation);
