import assert from 'node:assert/strict';
import type { ClientFrame, HostRequest } from '../../service/protocol/frame.ts';
import { Session } from '../../webview/session.ts';
import { Store } from '../../webview/store.ts';
import type { Transport, TransportEvents } from '../../webview/transport.ts';
import { emptyFrame, job } from '../fixtures/frames.ts';

/** A line whose other end is the test. */
class Line implements Transport {
  readonly home = 'browser';
  readonly sent: ClientFrame[] = [];
  readonly requests: HostRequest[] = [];
  events!: TransportEvents;
  up = true;
  saved: unknown;
  constructor(saved?: unknown) {
    this.saved = saved;
  }
  start(events: TransportEvents): void {
    this.events = events;
    events.open();
  }
  send(frame: ClientFrame): boolean {
    if (this.up) this.sent.push(frame);
    return this.up;
  }
  request(request: HostRequest): void {
    this.requests.push(request);
  }
  setToken(): void {}
  loadState(): unknown {
    return this.saved;
  }
  saveState(state: unknown): void {
    this.saved = state;
  }
  stop(): void {}
}

const start = (saved?: unknown): { line: Line; session: Session; store: Store } => {
  const store = new Store({ now: () => Date.now() * 1000, after: (_, work) => work() });
  const line = new Line(saved);
  const session = new Session(store, line);
  session.start();
  return { line, session, store };
};
const WELCOME = {
  type: 'welcome',
  protocol: 1,
  seq: 1,
  epoch: 'e1',
  version: '0',
  profile: 'p',
} as const;

describe('the conversation of the dashboard', () => {
  it('says hello without a position, then follows the latest run', () => {
    const { line } = start();
    line.events.frame(WELCOME);
    const older = job({ job_id: 'old', started_at: '2026-01-01T00:00:00.000Z' });
    const newer = job({ job_id: 'new', started_at: '2026-01-02T00:00:00.000Z' });
    line.events.frame(emptyFrame({ jobs: [newer, older] }));
    const [hello, topics] = line.sent;
    assert.deepEqual(hello, {
      type: 'hello',
      protocol: 1,
      since: null,
      topics: ['jobs', 'alerts'],
      client: 'dashboard',
    });
    assert.deepEqual(topics, {
      type: 'command',
      ref: 1,
      command: 'topics.set',
      topics: ['jobs', 'alerts', 'job:new'],
    });
  });

  it('keeps a picked job over a reload, even when newer ones run', () => {
    const { line, session } = start();
    session.showJob('old');
    const again = start(line.saved);
    assert.deepEqual((again.line.sent[0] as { topics: string[] }).topics, [
      'jobs',
      'alerts',
      'job:old',
    ]);
    again.line.events.frame(emptyFrame({ jobs: [job({ job_id: 'new' })] }));
    assert.equal(again.store.detail?.jobId, 'old');
  });

  it('resumes from its last frame after a loss', () => {
    const { line } = start({ job: 'a' });
    line.events.frame(WELCOME);
    const frame = emptyFrame({ jobs: [job({ job_id: 'a' })] });
    line.events.frame(frame);
    line.events.host({ type: 'connection', state: 'disconnected', since: 1 });
    line.events.open();
    const hello = line.sent.at(-1) as Extract<ClientFrame, { type: 'hello' }>;
    assert.deepEqual([hello.since, hello.epoch], [frame.seq, 'e1']);
  });

  it('asks for everything again when the shown job changed while the line was down', async () => {
    const { line, session } = start({ job: 'a' });
    line.events.frame(WELCOME);
    line.events.frame(emptyFrame({ jobs: [job({ job_id: 'a' }), job({ job_id: 'b' })] }));
    line.up = false;
    line.events.host({ type: 'connection', state: 'disconnected', since: 1 });
    session.showJob('b');
    await new Promise(setImmediate);
    line.up = true;
    line.events.open();
    const hello = line.sent.at(-1) as Extract<ClientFrame, { type: 'hello' }>;
    assert.deepEqual([hello.since, hello.topics.at(-1)], [null, 'job:b']);
  });

  it('pairs a command with its result, and says a refusal to the person', async () => {
    const { line, session, store } = start();
    const done = session.command({ command: 'alert.acknowledge', alert_id: 'x' });
    const { ref } = line.sent.at(-1) as { ref: number };
    const message = 'There is no alert with this id.';
    line.events.frame({ type: 'result', ref, ok: false, code: 'ALERT_UNKNOWN', message });
    assert.equal(await done, false);
    assert.deepEqual(store.notice, { level: 'error', message });
  });

  it('answers commands that a lost line swallowed', async () => {
    const { line, session, store } = start();
    const done = session.command({ command: 'alert.acknowledge_all' });
    line.events.host({ type: 'connection', state: 'connecting', since: 1 });
    assert.equal(await done, false);
    assert.match(store.notice?.message ?? '', /^Not connected\. Try again/);
  });
});
