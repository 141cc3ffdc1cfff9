// The decision, explained.

import { byId, code, element, renew } from './element.js';
import { find } from './json.js';

// What each class means, and what the rules that determined it and their reasons are to it.
const CLASSES = {
  forbidden: ['A rule forbids this, whatever else is granted.', 'What forbids it'],
  requirement: ['Whatever is granted, this requires something that the request does not meet.', 'What is required'],
  no_grant: ['No rule grants this, and nothing that is left out of the request could change that.', ''],
  indeterminate: ['Something that matters was not stated, and what is unknown denies. Supply it and ask again.', 'What is open', 'What may turn out to be the reason'],
};

export const showNoDecision = (title, ...sentence) => {
  say('none', 'No decision', title, ...sentence);
  byId('explanation').replaceChildren();
  byId('more').hidden = true;
};

/** Asks, and shows the answer. Throws what the library throws at a malformed request. */
export const showDecision = (policy, request) => {
  const raw = policy.decide(request.text);
  const { decision, context } = JSON.parse(raw);
  const actions = JSON.parse(policy.searchActions(request.text)).results.map(({ name }) => name);

  const [sentence, ...titles] = decision ? ['A permit applies, and nothing speaks against it.', 'What permits it'] : CLASSES[context.class];
  if (decision) say('allowed', 'Allowed', '', sentence);
  else say('denied', 'Denied', context.class, sentence);

  const reasons = context.possible?.map((name) => ({ code: name })) ?? context.reasons ?? [];
  byId('explanation').replaceChildren(
    ...why(titles, context.rules ?? [], context.class == 'indeterminate' && !context.possible ? [] : reasons),
    ...part('What is missing', 'missing', (context.missing ?? []).map((pointer) => missing(pointer, request))),
    ...part('What cannot be used', 'unusable', (context.unusable ?? []).map(({ pointer, needs }) => unusable(pointer, needs, request))),
    ...part('Advice', 'reasons', (context.advice ?? []).map(reason)),
  );
  byId('more').hidden = false;
  byId('possible-title').textContent = `What may this principal do here? ${actions.length} of ${policy.actions.length} actions`;
  byId('possible').replaceChildren(possible(actions, JSON.parse(request.text).action.name));
  byId('answer').textContent = raw;
  byId('digest').textContent = context.policy;
};

const say = (outcome, word, name, ...sentence) => {
  const named = name ? [': ', element('span', {}, name)] : [];
  renew(byId('verdict'), element('p', { class: `word ${outcome}` }, word, ...named), element('p', {}, ...sentence));
};

const part = (title, name, items) =>
  items.length ? [element('h3', {}, title), element('ul', { class: name }, ...items)] : [];

// A code is given once, so where there are as many as rules, each rule has the one in its place.
const why = ([title, reasonsTitle = 'Reasons'], rules, reasons) => {
  if (rules.length == reasons.length) {
    return part(title, 'rules', rules.map((id, at) => element('li', {}, 'Rule ', code(id), ...told(reasons[at]))));
  }
  return [
    ...part(title, 'rules', rules.map((id) => element('li', {}, 'Rule ', code(id)))),
    ...part(reasonsTitle, 'reasons', reasons.map(reason)),
  ];
};

const told = ({ code: name, message, link }) => [
  element('p', {}, ...(message ? [message, ' '] : []), code(name), ...(link ? [' ', element('a', { href: link }, 'more')] : [])),
];
const reason = (given) => element('li', {}, ...told(given));

// A button that goes to a place of the request, and what is said of it.
const place = (pointer, { start, end }, request, ...said) =>
  element('li', {},
    element('button', { type: 'button', class: 'place', click: () => request.select(start, end) }, pointer),
    element('p', {}, ...said));

const missing = (pointer, request) => {
  const found = find(request.text, pointer);
  return place(pointer, found, request, ...whereItBelongs(found.text, found.reached, found.rest));
};

const unusable = (pointer, needs, request) =>
  place(pointer, find(request.text, pointer), request, `What is needed here is ${needs}.`);

const whereItBelongs = (text, reached, rest) => {
  if (!rest.length) return ['It is null, which states nothing here. Give it a value.'];
  const place = reached ? code(reached) : 'the request';
  if (text[0] != '{') return [place, ' is no object, so nothing can be in it.'];
  return ['Add ', code(rest.map((name) => JSON.stringify(name)).join(' with ')), ' to ', place, '.'];
};

const possible = (allowed, asked) => {
  const items = allowed.map((name) =>
    element('li', name == asked ? { class: 'asked-for' } : {}, code(name), ...(name == asked ? [' (asked for)'] : [])));
  return items.length ? element('ul', {}, ...items) : element('p', {}, 'Nothing.');
};
