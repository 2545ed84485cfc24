import assert from 'node:assert/strict';
import fc from 'fast-check';
import { parsePanelMessage } from '../../../src/surfaces/panelMessages.ts';

describe('what a dashboard page may say', () => {
  it('is its hello, a command and a request', () => {
    const messages = [
      { type: 'hello', protocol: 1, since: null, topics: ['jobs'] },
      { type: 'hello', protocol: 1, since: 4, epoch: 'e', topics: [] },
      { type: 'command', ref: 1, command: 'alert.test' },
      { type: 'command', ref: 2, command: 'topics.set', topics: ['jobs', 'job:a'] },
      { type: 'host', action: 'run_demo' },
      { type: 'host', action: 'open_error', job_id: 'a', phase_id: 'P06' },
      { type: 'host', action: 'export_job', job_id: 'a', format: 'csv' },
    ];
    for (const message of messages) assert.deepEqual(parsePanelMessage(message), message);
  });

  it('is nothing else', () => {
    const messages = [
      { type: 'events', ref: 1, events: [] },
      { type: 'hello', since: 4, topics: [] },
      { type: 'hello', since: null, topics: [1] },
      { type: 'command', ref: 'x', command: 'alert.test' },
      { type: 'command', ref: 1, command: 'topics.set', topics: 'jobs' },
      { type: 'host', action: 'vscode.open' },
      { type: 'host', action: 'export_job', job_id: 'a', format: 'pdf' },
    ];
    for (const message of messages) assert.equal(parsePanelMessage(message), undefined);
  });

  it('never fails on other values', () => {
    fc.assert(fc.property(fc.anything(), (value) => void parsePanelMessage(value)));
  });
});
