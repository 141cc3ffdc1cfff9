// That the header is enough by itself, twice, in every C and C++ from C99 and C++17 on, whatever is
// included after it. It is compiled, and not run.
#include <cogauth.h>

#include <cogauth.h>

#include <cstdlib>
#include <string>

uint32_t version_of_header(void);
uint32_t version_of_header(void) { return (COGAUTH_ABI_MAJOR << 16) | COGAUTH_ABI_MINOR; }
