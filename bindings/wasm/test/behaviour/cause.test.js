// What is wrong with a record or with facts is told to logs, and to nobody else.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { load } from '../installed.js';
import { NOW, edgeKeys, facts, http, image, record } from './base.js';

for (const name of ['cog-auth', 'cog-auth/edge']) {
  const { EdgeKeys, Gate, Policy } = await load(name);
  const gate = new Gate({ policy: new Policy(image), keys: new EdgeKeys(edgeKeys) });

  test(`the cause of a 503: ${name}`, () => {
    const text = JSON.stringify(record).replace('"v":1', '"v":2');
    const ofRecord = gate.begin(http, NOW).found(text);
    assert.deepEqual([ofRecord.status, ofRecord.code], [503, 'invalid_record']);
    assert.deepEqual(ofRecord.cause, { code: 122, codeName: 'invalid_record', message: '`v` is the number 1', offset: text.indexOf('2') });

    const others = JSON.stringify({ ...facts, extra: 1 });
    const ofFacts = gate.begin(http, NOW).found(record).found(others);
    assert.deepEqual([ofFacts.status, ofFacts.code], [503, 'invalid_facts']);
    assert.deepEqual(ofFacts.cause, {
      code: 601, codeName: 'invalid_facts', message: 'this member is unknown, or stands twice', offset: others.indexOf('"extra"'),
    });
    for (const { cause, body, audit } of [ofRecord, ofFacts]) assert.ok(!`${body}${audit}`.includes(cause.message));
  });

  test(`other outcomes have none: ${name}`, () => {
    const step = gate.begin(http, NOW);
    const others = [step.absent(), step.unavailable(), step.found({ ...record, revoked_at: NOW }), step.found(record).found(facts), gate.begin({ ...http, authorization: [] }, NOW)];
    for (const outcome of others) assert.ok(!('cause' in outcome), outcome.step);
  });
}
