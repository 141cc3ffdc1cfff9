// Puts the calls of bindings/parity, whose README says what they are, to the package, in any
// runtime: nothing here but the language and what the package needs.
//
// An answer must be what the Rust crate answered, byte for byte, and what the case states by
// itself. Arguments that may be text or bytes are given as both.

/**
 * The bytes or the text of an argument: a text, `{hex}`, `{repeat: [part, times]}`, or a list of
 * parts.
 */
export const spelled = (value) => {
  if (typeof value == 'string') return value;
  if (value.hex !== undefined) {
    const pairs = value.hex.match(/../g) ?? [];
    return Uint8Array.from(pairs, (pair) => parseInt(pair, 16));
  }
  if (value.repeat) {
    const [part, times] = value.repeat;
    const once = spelled(part);
    return typeof once == 'string' ? once.repeat(times) : joined(Array(times).fill(once));
  }
  return joined(value.map(spelled));
};

const joined = (parts) => {
  if (parts.every((part) => typeof part == 'string')) return parts.join('');
  const all = parts.map(utf8);
  const bytes = new Uint8Array(all.reduce((length, part) => length + part.length, 0));
  let at = 0;
  for (const part of all) {
    bytes.set(part, at);
    at += part.length;
  }
  return bytes;
};

const utf8 = (text) => (typeof text == 'string' ? new TextEncoder().encode(text) : text);
const hex = (bytes) => ({ hex: Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('') });

/** JSON with sorted members, so that two of the same meaning are one text. */
export const canonical = (value) =>
  JSON.stringify(value, (_, member) =>
    member && typeof member == 'object' && !Array.isArray(member)
      ? Object.fromEntries(Object.entries(member).sort(([a], [b]) => (a < b ? -1 : 1)))
      : member,
  );

const MEMBERS = ['code', 'codeName', 'message', 'offset', 'document', 'pointer', 'line', 'column', 'length', 'suggestion'];

/** An error's members that are there. */
export const described = (error) =>
  Object.fromEntries(MEMBERS.filter((name) => error[name] !== undefined).map((name) => [name, error[name]]));

// What an operation does, given the package, what was loaded, its arguments, and how to give what
// may be text or bytes.
const OPERATIONS = {
  parse: ({ parseToken }, _, { token }, give) => parseToken(give(token)),
  verify: (_, { edgeKeys }, { keys, token, now }, give) => edgeKeys(keys).verify(give(token), now),
  load_edge_keys: ({ EdgeKeys }, _, { keys }, give) => (new EdgeKeys(give(keys)).free(), true),
  load_peppers: ({ Peppers }, _, { keys }, give) => (new Peppers(give(keys)).free(), true),
  load_root_keys: ({ RootKeys }, _, { keys }, give) => (new RootKeys(give(keys)).free(), true),
  derive_keys: ({ RootKeys }, _, { roots }, give) => {
    const keys = new RootKeys(give(roots));
    return [keys.exposeEdgeKeys(), keys.exposePeppers()];
  },
  mint: ({ RootKeys }, _, { roots, random, hardExpiry, ...draft }, give) => {
    const keys = new RootKeys(give(roots));
    if (hardExpiry !== null) draft.hardExpiry = hardExpiry;
    return withRandom(spelled(random), () => keys.mint(draft));
  },
  issue_record: ({ issueRecord }, { peppers }, { token, peppers: set, metadata, ...draft }, give) => {
    if (set !== null) draft.peppers = peppers(set);
    if (metadata !== undefined) draft.metadata = give(metadata);
    return issueRecord(give(token), draft);
  },
  digest: ({ digest }, { peppers }, { token, principal, peppers: set }, give) =>
    digest(give(token), principal, peppers(set)),
  edge_digest: ({ edgeDigest }, _, { token, principal }, give) => edgeDigest(give(token), principal),
  accept_at_edge: ({ acceptAtEdge }, { edgeKeys }, { keys, token, verifiedAt, record, now }, give) => {
    const genuine = edgeKeys(keys).verify(give(token), verifiedAt);
    return acceptAtEdge(genuine, record === null ? undefined : give(record), now);
  },
  accept_at_origin: ({ acceptAtOrigin }, { edgeKeys, peppers }, { keys, peppers: set, token, verifiedAt, record, now }, give) => {
    const genuine = edgeKeys(keys).verify(give(token), verifiedAt);
    return acceptAtOrigin(genuine, peppers(set), record === null ? undefined : give(record), now);
  },
  read_record: ({ readRecord }, _, { record }, give) => readRecord(give(record)),
  edge_record: ({ edgeRecord }, _, { record }, give) => edgeRecord(give(record)),
  revoke_record: ({ revokeRecord }, _, { record, at }, give) => revokeRecord(give(record), at),
  use_record: ({ useRecord }, _, { record, at }, give) => useRecord(give(record), at),
  merge_records: ({ mergeRecords }, _, { record, stored }, give) => mergeRecords(give(record), give(stored)),
  inactive_because: ({ inactiveBecause }, _, { record, at }, give) => inactiveBecause(give(record), at) ?? '',
  rotate_record: ({ rotateRecord }, _, { record, successor, at }, give) =>
    rotateRecord(give(record), give(successor), at + 100, at),
  authorization: ({ authorization }, _, { values, times }, give) =>
    authorization(Array(times).fill(values.map(give)).flat()),
  redact: ({ redact }, _, { text }) => redact(text),
  redact_decoding: ({ redactDecoding }, _, { text }) => redactDecoding(text),
  scan: ({ scan }, _, { text }, give) => {
    const given = give(text);
    return inBytes(given, scan(given)).map(({ start, end, handle = null }) => ({ start, end, handle }));
  },
  scan_decoding: ({ scanDecoding }, { edgeKeys }, { text, keys }, give) => {
    const given = give(text);
    return inBytes(given, keys === null ? scanDecoding(given) : scanDecoding(given, edgeKeys(keys)));
  },
  describe: (_, { policy }, { policy: name }) => ({ digest: policy(name).digest, actions: policy(name).actions }),
  decide: (_, { policy }, { policy: name, request }, give) => asText(policy(name).decide(give(request))),
  evaluate: (_, { policy }, { policy: name, request }, give) => asText(policy(name).evaluate(give(request))),
  search_actions: (_, { policy }, { policy: name, request }, give) => asText(policy(name).searchActions(give(request))),
  route: (_, { policy }, { policy: name, method, target }) => policy(name).route(method, target),
  load_image: ({ Policy }, { images }, { policy, cut, change }) => {
    const image = images[policy].slice(0, cut);
    if (change !== undefined) image[change] ^= 0x41;
    const loaded = new Policy(image);
    const { digest } = loaded;
    loaded.free();
    return digest;
  },
  compile: ({ compilePolicy }, _, { documents, digest }, give) => hex(compilePolicy(named(documents, give), { digest })),
  check: ({ checkPolicy }, _, { documents }, give) => checkPolicy(named(documents, give)).map(described),
  bundle: ({ bundlePolicy }, _, { documents }, give) => bundlePolicy(named(documents, give)),
  gate: ({ Gate }, { policy, edgeKeys, peppers }, { place, options, ...call }, give) => {
    const names = { retry_after: 'retryAfter', max_record_age: 'maxRecordAge', pass_on: 'passOn' };
    const told = Object.entries(options).map(([name, value]) => [names[name] ?? name, value]);
    const gate = new Gate({
      policy: policy(call.policy),
      keys: edgeKeys(call.keys),
      ...(place == 'origin' && { peppers: peppers(call.peppers) }),
      ...Object.fromEntries(told),
    });
    const { method, target, values, times, context, clientAddress } = call.request;
    const authorization = Array(times).fill(values.map(give)).flat();
    let step = gate.begin(
      { method: spelled(method), target: give(target), authorization, ...(context && { context: give(context) }), clientAddress },
      call.now,
    );
    const steps = [step];
    for (let stored; (stored = { record: call.record, facts: call.facts }[step.step]); steps.push(step)) {
      step = typeof stored == 'string' ? step[stored]() : step.found(give(stored.text), stored.fetchedAt);
    }
    // The cause is for logs, and of this package alone: behaviour/cause.test.js.
    return JSON.parse(JSON.stringify(steps)).map(({ cause, ...step }) => step);
  },
};

// Findings with their offsets in bytes. Of a text they count its units.
const inBytes = (given, found) => {
  const bytes = (at) => (typeof given == 'string' ? utf8(given.slice(0, at)).length : at);
  return found.map(({ start, end, ...others }) => ({ start: bytes(start), end: bytes(end), ...others }));
};

// Calls with these random bytes, which the package takes from the runtime.
const withRandom = (random, call) => {
  const own = Object.getOwnPropertyDescriptor(crypto, 'getRandomValues');
  const value = (array) => (array.set(utf8(random)), array);
  Object.defineProperty(crypto, 'getRandomValues', { value, configurable: true });
  try {
    return call();
  } finally {
    delete crypto.getRandomValues;
    if (own) Object.defineProperty(crypto, 'getRandomValues', own);
  }
};

const named = (documents, give) => Object.fromEntries(documents.map(([name, text]) => [name, give(text)]));

// A warning refuses nothing: what is stated of it, its code and its place, must be among the
// warnings.
const warned = ({ policyWarnings }, { arguments: { documents }, states }, give) => {
  const warning = states?.code && policyWarnings(named(documents, give)).find(({ codeName }) => codeName === states.code);
  return warning && { error: described(warning) };
};

// Text is answered with text, bytes with an object: that must be written as the same text.
const asText = (answer) => (typeof answer == 'string' ? answer : JSON.stringify(answer));

// What a case states of the answer, without a look at any implementation: each checks one kind.
const STATES = {
  ok: ({ error }) => !error,
  code: ({ error }, codeName) => error?.codeName === codeName,
  number: ({ error }, number) => error?.code === number,
  offset: ({ error }, offset) => (error?.offset ?? null) === offset,
  document: ({ error }, document) => error?.document === document,
  pointer: ({ error }, pointer) => error?.pointer === pointer,
  line: ({ error }, line) => error?.line === line,
  column: ({ error }, column) => error?.column === column,
  answer: ({ answer }, stated) => answer !== undefined && canonical(answer) === canonical(stated),
  record: ({ answer }, stated) => answer !== undefined && canonical(JSON.parse(answer)) === canonical(stated),
  expect: ({ answer, error }, { malformed, ...expected }) => {
    if (malformed) return error?.code === 401;
    const { decision, context } = JSON.parse(answer);
    const codes = (reasons) => reasons?.map(({ code }) => code);
    const found = {
      decision, class: context.class, rules: context.rules ?? [], missing: context.missing ?? [],
      reasons: codes(context.reasons) ?? [], advice: codes(context.advice) ?? [],
      possible: context.possible ?? [],
      unusable: [...new Set(context.unusable?.map(({ pointer }) => pointer))],
    };
    return Object.entries(expected).every(([name, value]) => canonical(found[name]) === canonical(value));
  },
  route: ({ answer }, { error, allow, ...expected }) => {
    if (error) return answer.reason === error && (!allow || canonical(answer.methods) === canonical(allow));
    const found = { organization: null, resource: null, ...answer };
    return Object.entries(expected).every(([name, value]) => canonical(found[name]) === canonical(value));
  },
  gate: ({ answer, error }, expected) => {
    if (expected.outcome == 'error') return error?.code === expected.error;
    const { step, validUntil, headers, ...outcome } = answer.at(-1);
    const found = { ...outcome, outcome: step, asks: answer.slice(0, -1).map(asked) };
    if (step == 'allowed') Object.assign(found, {
      organization: outcome.organization ?? null, resource: outcome.resource ?? null, valid_until: validUntil ?? null,
    });
    if (step == 'refused') found.headers = Object.entries(headers);
    return canonical(found) === canonical(expected);
  },
  http: ({ answer }, { status, code, action, organization }) => {
    const facts = answer.find(({ step }) => step == 'facts');
    if (facts && organization !== undefined && (facts.organization ?? null) !== organization) return false;
    if (organization === undefined && facts && !status) return false;
    const outcome = answer.at(-1);
    return outcome.status === status && (status ? outcome.code === code : outcome.step == 'allowed' && outcome.action === action);
  },
};

const asked = ({ step, id, principal, organization, resource }) =>
  step == 'record' ? { record: id } : { facts: { principal, organization: organization ?? null, resource: resource ?? null } };

/**
 * Runs all calls that an entry has. None has those that are native, but for those that `text` has.
 *
 * @param names the package's exports
 * @param entry `verify`, `edge`, `index` or `text`
 * @returns how many were compared, and the first differences
 */
export const run = (names, data, entry) => {
  const cache = (load) => {
    const loaded = new Map();
    return (key) => loaded.get(key) ?? loaded.set(key, load(key)).get(key);
  };
  const images = Object.fromEntries(Object.entries(data.images).map(([name, image]) => [name, spelled(image)]));
  const loaded = {
    images,
    policy: cache((name) => new names.Policy(images[name])),
    edgeKeys: cache((text) => new names.EdgeKeys(text)),
    peppers: cache((text) => new names.Peppers(text)),
  };
  const ENTRIES = ['verify', 'edge', 'index', 'native'];
  const has = (call) => entry == 'text'
    ? ['redact', 'redact_decoding', 'scan', 'scan_decoding'].includes(call.operation) && !call.arguments.keys
    : ENTRIES.indexOf(call.entry) <= ENTRIES.indexOf(entry);
  let compared = 0, differing = 0;
  const operations = {}, differences = [];
  for (const call of data.calls) {
    if (!has(call)) continue;
    operations[call.operation] = (operations[call.operation] ?? 0) + 1;
    for (const give of [spelled, (value) => utf8(spelled(value))]) {
      compared++;
      const found = {};
      try {
        found.answer = OPERATIONS[call.operation](names, loaded, call.arguments, give);
      } catch (error) {
        if (!(error instanceof names.CogAuthError)) throw error;
        found.error = described(error);
      }
      // Where JavaScript reads the key set, it says what is wrong, and not at which place.
      const placeless = (entry == 'verify' || entry == 'edge') && call.operation == 'load_edge_keys';
      const told = ({ answer, error }) =>
        canonical({ answer, error: placeless && error ? [error.code, error.codeName] : error });
      const same = told(found) === told(call);
      const judged = (call.operation == 'compile' && found.answer && warned(names, call, give)) || found;
      const wrong = Object.entries(call.states ?? {})
        .filter(([kind, stated]) => !(placeless && kind == 'offset') && !STATES[kind](judged, stated));
      if (same && !wrong.length) continue;
      differing++;
      if (differences.length < 5) {
        const short = (value) => canonical(value).slice(0, 600);
        differences.push({
          call: `${call.operation}: ${call.name}`, arguments: short(call.arguments),
          found: short(found), rust: same ? 'the same' : short({ answer: call.answer, error: call.error }), states: wrong.map(short),
        });
      }
    }
  }
  return { compared, differing, differences, operations };
};
