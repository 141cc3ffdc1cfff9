// cogauth beside another Rust library, both linked statically: neither takes the other's symbols.
#include "support.h"

uint32_t other_sum(uint32_t count);

int main(void) {
  world made = make_world();
  CHECK(other_sum(5) == 10);
  CHECK(pass_through(made.gate) == COGAUTH_STEP_ALLOWED);
  CHECK(other_sum(3) == 3);
  release_world(made);
  return failures != 0;
}
