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
      { type: 'host', action: 'export_job', job_id: 'a', format: 'html' },
      { type: 'host', action: 'open_in_browser' },
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
      { type: 'host', action: 'toString' },
      { type: 'get', ref: 1.5, path: '/api/v1/jobs' },
      { type: 'get_cancel' },
    ];
    for (const message of messages) assert.equal(parsePanelMessage(message), undefined);
  });

  it('asks for addresses of the service, and for nothing beside them', () => {
    const good = [
      '/api/v1/jobs',
      '/api/v1/jobs/a%2Fb%20c?limit=5&cursor=x%3D%3D',
      "/api/v1/series?metric=cpu_percent&label.a=b'(c)*!~",
    ];
    const bad = [
      ...['', '/', '/api/', 'api/v1/jobs', '/metrics', '/enhanced-monitor', '/ws'],
      ...['http://evil.test/api/', '//evil.test/api/v1', '\\\\evil\\api', 'file:///api/x'],
      ...['/api/../metrics', '/api/./x', '/api/%2e%2e/metrics', '/api/%2E./x', '/api/v1/..'],
      ...['/api/v1/jobs\n', '/api/v1\r\nHost: evil', '/api/v1/\0', '/api/v1/#x', '/api/v1/a b'],
      ...['/api/v1/\u202e', `/api/${'x'.repeat(9_000)}`],
    ];
    const ask = (path: string): unknown => parsePanelMessage({ type: 'get', ref: 1, path });
    for (const path of good) assert.notEqual(ask(path), undefined, path);
    for (const path of bad) assert.equal(ask(path), undefined, JSON.stringify(path));
  });

  it('saves a file under a name alone, of a size that can be', () => {
    const save = (name: string, base64 = 'YQ=='): unknown =>
      parsePanelMessage({ type: 'host', action: 'save_file', name, base64 });
    for (const name of ['chart.png', 'Übersicht 1.csv', '.hidden'])
      assert.notEqual(save(name), undefined, name);
    for (const name of ['', '..', '.', '../a', 'a/b', 'a\\b', 'a\nb', '\0', 'x'.repeat(256)])
      assert.equal(save(name), undefined, JSON.stringify(name));
    assert.equal(save('a', ''), undefined);
  });

  it('keeps a layout that is JSON and not large', () => {
    const keep = (layout: unknown): unknown =>
      parsePanelMessage({ type: 'host', action: 'save_layout', layout });
    const ring: Record<string, unknown> = {};
    ring['ring'] = ring;
    assert.notEqual(keep({ version: 1 }), undefined);
    assert.notEqual(keep(null), undefined);
    for (const layout of [undefined, 'x', 1n, { n: 1n }, ring, ['x'.repeat(600_000)]])
      assert.equal(keep(layout), undefined);
  });

  it('hands over secrets of a channel under their names, of a size that can be', () => {
    const save = (secrets: unknown, channel_id = 'on-call'): unknown =>
      parsePanelMessage({ type: 'host', action: 'save_secrets', channel_id, secrets });
    for (const secrets of [{ url: 'https://a.test/x' }, { password: null }, {}])
      assert.notEqual(save(secrets), undefined, JSON.stringify(secrets));
    const bad = [undefined, null, 'x', [], ['x'], { url: 1 }, { url: '' }, { 'u r l': 'x' }];
    for (const secrets of [...bad, { url: 'x'.repeat(9000) }, { __proto__x: 'y' }])
      assert.equal(save(secrets), undefined, JSON.stringify(secrets));
    for (const id of ['', '../a', 'A', 'a'.repeat(65), 'a b'])
      assert.equal(save({ url: 'x' }, id), undefined, id);
  });

  it('picks files by an extension that is a word', () => {
    const pick = (extension: string): unknown =>
      parsePanelMessage({ type: 'host', action: 'pick_file', ref: 1, title: 'Import', extension });
    assert.notEqual(pick('json'), undefined);
    for (const extension of ['', '*', 'json/..', '.json']) assert.equal(pick(extension), undefined);
  });

  it('follows series with long queries', () => {
    const topics = [`series:metric=x&label.a=${'b'.repeat(2_000)}`];
    const hello = { type: 'hello', protocol: 1, since: null, topics };
    assert.notEqual(parsePanelMessage(hello), undefined);
  });

  it('never fails on other values', () => {
    fc.assert(fc.property(fc.anything(), (value) => void parsePanelMessage(value)));
  });
});
