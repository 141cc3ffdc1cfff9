// Any sequence of calls about one gate. The bytes choose the calls, their order and what they are
// given; each text lies at the end of a block of its own, so that a byte too far is noticed.
//
// What holds for every sequence:
// - a request is allowed only if a record and facts were found, in this order, and nothing else was
//   answered;
// - a length that is written is at most the capacity, unless the code says that it is too small,
//   and nothing is written beyond the length;
// - a decision that fails is a denial.
#include "../tests/support.h"

#define HOLDS(what) \
  do {              \
    if (!(what)) {  \
      fprintf(stderr, "%s:%d: does not hold: %s\n", __FILE__, __LINE__, #what); \
      abort();      \
    }               \
  } while (0)

typedef struct {
  const uint8_t *data;
  size_t left;
} input;

static uint8_t byte_of(input *from) {
  if (from->left == 0) return 0;
  from->left--;
  return *from->data++;
}

/// A text in a block of its own: one that is known, perhaps with a change, or bytes of the input.
static char *text_of(input *from, size_t *length) {
  static const struct {
    const char *text;
    size_t length;
  } known[] = {{TEXT(RECORD)}, {TEXT(FACTS)}, {TEXT(TOKEN)}, {TEXT(POLICY_REQUEST)},
               {TEXT(AUTHORIZATION)}, {TEXT(TARGET)}, {TEXT(METHOD)}, {TEXT(EDGE_KEYS)}};
  const uint8_t which = byte_of(from);
  char *text;
  if (which & 0x80) {
    *length = which & 0x3f;
    if (*length > from->left) *length = from->left;
    text = malloc(*length + 1);
    if (text == NULL) abort();
    memcpy(text, from->data, *length);
    from->data += *length;
    from->left -= *length;
    return text;
  }
  *length = known[which & 7].length;
  text = malloc(*length + 1);
  if (text == NULL) abort();
  memcpy(text, known[which & 7].text, *length);
  if (which & 0x40) text[(byte_of(from) * 7U) % *length] ^= byte_of(from);
  return text;
}

// The last text of a call is given to a block of exactly its length.
static char *exact(char *text, size_t length) {
  char *block = malloc(length == 0 ? 1 : length);
  if (block == NULL) abort();
  memcpy(block, text, length);
  free(text);
  return block;
}

static world shared;

/// Room of a size that the input chooses.
typedef struct {
  char *block;
  size_t capacity, length;
} room;

static room room_of(input *from) {
  room made;
  made.capacity = byte_of(from) * 16U;
  made.block = malloc(made.capacity == 0 ? 1 : made.capacity);
  made.length = SIZE_MAX;
  if (made.block == NULL) abort();
  memset(made.block, 0x77, made.capacity);
  return made;
}

static void look_at(room made, int32_t code) {
  if (code == COGAUTH_OK) {
    HOLDS(made.length <= made.capacity);
    for (size_t at = made.length; at < made.capacity; at++) HOLDS(made.block[at] == 0x77);
  } else {
    if (code == COGAUTH_E_BUFFER_TOO_SMALL) HOLDS(made.length > made.capacity);
    for (size_t at = 0; at < made.capacity; at++) HOLDS(made.block[at] == 0x77);
  }
  free(made.block);
}

static void ask_policy(input *from) {
  size_t length;
  char *text = text_of(from, &length);
  cogauth_decision decision = {.struct_size = sizeof decision, .decision = COGAUTH_ALLOW};
  text = exact(text, length);
  if (cogauth_policy_decide(shared.policy, text, length, &decision, NULL) != COGAUTH_OK) {
    HOLDS(decision.decision == COGAUTH_DENY);
  }
  {
    room made = room_of(from);
    const int32_t code = cogauth_policy_evaluate(shared.policy, text, length, made.block,
                                                 made.capacity, &made.length, NULL);
    look_at(made, code);
  }
  free(text);
}

static void ask_tokens(input *from) {
  size_t length;
  char *text = text_of(from, &length);
  cogauth_token token = {.struct_size = sizeof token};
  cogauth_finding finding = {.struct_size = sizeof finding};
  int32_t found = 0;
  int32_t code;
  text = exact(text, length);
  code = cogauth_token_verify(shared.keys, text, length, NOW, &token, NULL);
  HOLDS((code == COGAUTH_OK) == (token.kind != COGAUTH_KIND_NONE));
  code = cogauth_text_scan(text, length, byte_of(from), &found, &finding, NULL);
  HOLDS(code == COGAUTH_OK && (found == 0 || finding.end <= length));
  {
    room made = room_of(from);
    code = cogauth_text_redact(text, length, made.block, made.capacity, &made.length, NULL);
    look_at(made, code);
  }
  {
    room made = room_of(from);
    code = cogauth_text_redact_decoding(text, length, made.block, made.capacity, &made.length, NULL);
    look_at(made, code);
  }
  free(text);
}

static cogauth_exchange *begin(input *from) {
  size_t lengths[3];
  char *texts[3];
  cogauth_slice line = slice(AUTHORIZATION);
  cogauth_request request = make_request(&line);
  cogauth_exchange *exchange = NULL;
  const uint8_t own = byte_of(from);
  for (int at = 0; at < 3; at++) {
    texts[at] = exact(text_of(from, &lengths[at]), lengths[at]);
  }
  if (own & 1) line.data = texts[0], line.length = lengths[0];
  if (own & 2) request.target.data = texts[1], request.target.length = lengths[1];
  if (own & 4) request.context.data = texts[2], request.context.length = lengths[2];
  if (cogauth_exchange_begin(shared.gate, &request, NOW, &exchange, NULL) != COGAUTH_OK) {
    HOLDS(exchange == NULL);
  }
  for (int at = 0; at < 3; at++) free(texts[at]);
  return exchange;
}

/// What was answered to an exchange.
typedef struct {
  int found_record, found_facts, otherwise;
} answers;

static void answer(input *from, cogauth_exchange *exchange, answers *given) {
  const int32_t asked = cogauth_exchange_step(exchange);
  const int32_t step = byte_of(from) % 8 == 0 ? (int8_t)byte_of(from) : asked;
  const uint8_t how = byte_of(from);
  int32_t code;
  if (how % 4 == 0) {
    code = cogauth_exchange_absent(exchange, step, NULL);
    if (code == COGAUTH_OK) given->otherwise = 1;
  } else if (how % 4 == 1) {
    code = cogauth_exchange_unavailable(exchange, step, NULL);
    if (code == COGAUTH_OK) given->otherwise = 1;
  } else {
    size_t length;
    char *text = text_of(from, &length);
    text = exact(text, length);
    code = cogauth_exchange_found(exchange, step, text, length, COGAUTH_NONE, NULL);
    free(text);
    if (code == COGAUTH_OK && asked == COGAUTH_STEP_RECORD) given->found_record = 1;
    if (code == COGAUTH_OK && asked == COGAUTH_STEP_FACTS) given->found_facts = 1;
  }
  // Only what is asked can be answered.
  if (code == COGAUTH_OK) {
    HOLDS(exchange != NULL && asked == step);
    HOLDS(asked == COGAUTH_STEP_RECORD || asked == COGAUTH_STEP_FACTS);
  }
}

static void look(input *from, const cogauth_exchange *exchange, const answers *given) {
  const int32_t step = cogauth_exchange_step(exchange);
  cogauth_slice text = {NULL, 0};
  const uint8_t which = byte_of(from);
  if (cogauth_exchange_text(exchange, which % 12, &text) == COGAUTH_OK) {
    for (size_t at = 0; at < text.length; at++) HOLDS(text.data[at] != '\0');
  }
  if (step == COGAUTH_STEP_ALLOWED) {
    HOLDS(given->found_record && given->found_facts && !given->otherwise);
    HOLDS(cogauth_exchange_status(exchange) == 0);
  }
  if (step == COGAUTH_STEP_REFUSED) HOLDS(cogauth_exchange_status(exchange) >= 400);
  if (exchange != NULL) {
    room made = room_of(from);
    const int32_t code =
        cogauth_exchange_json(exchange, made.block, made.capacity, &made.length, NULL);
    look_at(made, code);
  }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  input from = {data, size};
  answers given = {0};
  cogauth_exchange *exchange = NULL;
  if (shared.gate == NULL) shared = make_world();
  while (from.left > 0) {
    switch (byte_of(&from) % 8) {
      case 0: ask_policy(&from); break;
      case 1: ask_tokens(&from); break;
      case 2:
        cogauth_exchange_release(exchange);
        exchange = begin(&from);
        memset(&given, 0, sizeof given);
        break;
      case 3: HOLDS(cogauth_gate_retain(shared.gate) == shared.gate); break;
      case 4: look(&from, exchange, &given); break;
      default: answer(&from, exchange, &given);
    }
  }
  look(&from, exchange, &given);
  // The one input that is told to be allowed shows that sequences get so far.
  if (getenv("COGAUTH_IS_ALLOWED") != NULL) {
    HOLDS(cogauth_exchange_step(exchange) == COGAUTH_STEP_ALLOWED);
  }
  cogauth_exchange_release(exchange);
  return 0;
}
