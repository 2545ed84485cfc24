import assert from 'node:assert/strict';
import { saidBy } from '../../../src/surfaces/saidBy.ts';

describe('a command of the dashboard in a window', () => {
  const ann = (): string => 'ann';

  it('carries the name of who uses the window, where it changes what people share', () => {
    const rule = { type: 'command', ref: 1, command: 'rule.set', rule: { rule_id: 'a' } } as const;
    assert.deepEqual(saidBy(rule, ann), { ...rule, by: 'ann' });
    const taken = { type: 'command', ref: 2, command: 'alert.resolve', alert_id: 'a' } as const;
    // The window knows better than the page.
    assert.deepEqual(saidBy({ ...taken, by: 'eve' }, ann), { ...taken, by: 'ann' });
  });

  it('stays as it is where nobody is named', () => {
    const asked = [
      { type: 'command', ref: 1, command: 'topics.set', topics: ['jobs'] },
      { type: 'command', ref: 2, command: 'rule.preview', rule: {} },
      { type: 'command', ref: 3, command: 'channel.test', channel_id: 'a' },
    ] as const;
    for (const frame of asked) {
      const mine = { ...frame } as Parameters<typeof saidBy>[0];
      assert.equal(
        saidBy(mine, () => assert.fail('nobody is asked for their name')),
        mine,
      );
    }
  });
});
