import assert from 'node:assert/strict';
import { type IncomingMessage, type Server, type ServerResponse, createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { pino } from 'pino';
import { ChannelError } from '../../../../service/alerts/channels/index.ts';
import { afterFailure } from '../../../../service/alerts/routing/backoff.ts';
import { Outbox, type Sender } from '../../../../service/alerts/routing/outbox.ts';
import { notificationRecords } from '../../../../service/alerts/routing/records.ts';
import { retainNotifications } from '../../../../service/core/domain/notification.ts';
import { eventually } from '../../../support/service.ts';
import { Post, T0, channel } from './desk.ts';

type Answer = (response: ServerResponse, id: string) => void;
const ok: Answer = (response) => response.writeHead(200).end();

/** Receives what the sender of this test posts: the path names the channel. */
class Receiver {
  readonly got: { id: string; to: string; body: string }[] = [];
  answers = new Map<string, Answer>();
  readonly #server: Server = createServer((request, response) => {
    void this.#take(request, response);
  });

  async #take(request: IncomingMessage, response: ServerResponse): Promise<void> {
    let body = '';
    for await (const chunk of request) body += String(chunk);
    const to = (request.url ?? '').slice(1);
    const id = String(request.headers['webhook-id']);
    this.got.push({ id, to, body });
    (this.answers.get(to) ?? ok)(response, id);
  }

  async listen(): Promise<void> {
    await new Promise<void>((resolve) => this.#server.listen(0, '127.0.0.1', resolve));
  }

  close(): void {
    this.#server.closeAllConnections();
    this.#server.close();
  }

  readonly sender: Sender = {
    send: async ({ channel_id }, id, content, signal) => {
      const { port } = this.#server.address() as AddressInfo;
      const response = await fetch(`http://127.0.0.1:${port}/${channel_id}`, {
        method: 'POST',
        headers: { 'webhook-id': id },
        body: JSON.stringify(content),
        signal,
      });
      if (response.ok) return;
      const after = response.headers.get('retry-after');
      throw new ChannelError(`It answered ${response.status}.`, {
        permanent: response.status === 410,
        ...(after !== null && { retryAfterMs: Number(after) * 1000 }),
      });
    },
  };
}

describe('the outbox', () => {
  const receiver = new Receiver();
  const outboxes: Outbox[] = [];
  let post: Post;
  before(() => receiver.listen());
  after(() => receiver.close());
  beforeEach(() => {
    post = new Post([channel('ops'), channel('dev')]);
    receiver.got.length = 0;
    receiver.answers = new Map();
  });
  afterEach(async () => {
    for (const outbox of outboxes.splice(0)) await outbox.close();
    await post.close();
  });

  function makeOutbox(more: { refuse?: () => boolean } = {}): Outbox {
    const outbox = new Outbox({
      notifications: post.model.domain.notifications,
      channel: (id) => post.channels.find(({ channel_id }) => channel_id === id),
      sender: receiver.sender,
      now: () => post.now,
      append: (events) => {
        if (more.refuse?.()) return Promise.reject(new Error('the disk is full'));
        post.say(...events);
        return Promise.resolve();
      },
      retryHours: () => 24,
      logger: pino({ level: 'silent' }),
      random: () => 0.5,
    });
    outboxes.push(outbox);
    return outbox;
  }

  const record = (to = 'ops') =>
    notificationRecords(post.model.domain.notifications, { channel_id: to })[0];
  const state = (is: string, to = 'ops') =>
    eventually(() => record(to)?.state === is, `${to} is ${is}`);
  const tries = (to: string) => receiver.got.filter((one) => one.to === to);

  it('tells each channel once, and says when', async () => {
    const outbox = makeOutbox();
    post.raise('a');
    await post.look();
    outbox.wake();
    await state('SENT');
    await state('SENT', 'dev');
    outbox.wake();
    await sleep(50);
    assert.deepStrictEqual(receiver.got.map(({ to }) => to).sort(), ['dev', 'ops']);
    assert.equal(record()?.sent_at, '2026-03-02T10:00:00.000Z');
    assert.equal(record()?.attempts, 1);
  });

  it('tries again with the same id and the same bytes, later each time, until it is taken', async () => {
    const outbox = makeOutbox();
    let times = 0;
    receiver.answers.set('ops', (response) => response.writeHead(++times < 4 ? 500 : 200).end());
    post.raise('a');
    await post.look();
    const waits: number[] = [];
    for (let n = 1; n <= 4; n++) {
      outbox.wake();
      await eventually(() => record()?.attempts === n, `try ${n}`);
      const next = record()?.next_attempt_at;
      if (!next) break;
      waits.push(Date.parse(next) - post.now);
      assert.equal(record()?.last_error, 'It answered 500.');
      outbox.wake();
      assert.equal(tries('ops').length, n, 'not before its time');
      post.now = Date.parse(next);
    }
    assert.deepStrictEqual(waits, [1000, 2000, 4000]);
    assert.equal(record()?.state, 'SENT');
    const sent = tries('ops').map(({ id, body }) => `${id} ${body}`);
    assert.equal(sent.length, 4);
    assert.equal(new Set(sent).size, 1);
  });

  it('waits as long as the other side asks', async () => {
    const outbox = makeOutbox();
    receiver.answers.set('ops', (response) =>
      response.writeHead(429, { 'retry-after': '3600' }).end(),
    );
    post.raise('a');
    await post.look();
    outbox.wake();
    await eventually(() => record()?.attempts === 1, 'the try');
    assert.equal(record()?.next_attempt_at, '2026-03-02T11:00:00.000Z');
  });

  it('gives up at once what can never arrive, visibly, and sends it again under its id when asked', async () => {
    const outbox = makeOutbox();
    receiver.answers.set('ops', (response) => response.writeHead(410).end());
    post.raise('a');
    await post.look();
    outbox.wake();
    await state('DEAD');
    const id = record()?.notification_id ?? '';
    assert.equal(record()?.last_error, 'It answered 410.');
    receiver.answers.clear();
    post.now += 1000;
    await Promise.all([outbox.sendAgain(id, 'Ada'), outbox.sendAgain(id, 'Bob').catch(() => null)]);
    await state('SENT');
    assert.deepStrictEqual(
      tries('ops').map((one) => one.id),
      [id, id],
    );
    await assert.rejects(outbox.sendAgain(id), { code: 'NOTIFICATION_NOT_DEAD' });
    await assert.rejects(outbox.sendAgain('x'), { code: 'NOTIFICATION_UNKNOWN' });
  });

  it('gives up after the hours for tries are over', () => {
    const failed = { now: T0, attempt: 9, retryMs: 3_600_000, random: () => 1 };
    const failure = { message: 'It answered 500.', permanent: false };
    const early = afterFailure({ ...failed, triedSince: T0 - 1000, failure });
    assert.equal(early.next_at, T0 + 512_000);
    const late = afterFailure({ ...failed, triedSince: T0 - 3_500_000, failure });
    assert.deepStrictEqual(late, { error: 'It answered 500. It was given up after 9 tries.' });
  });

  it('is not held up by a channel that hangs, and lets go of it when it closes', async () => {
    const outbox = makeOutbox();
    receiver.answers.set('ops', () => undefined);
    for (const id of ['a', 'b', 'c']) post.raise(id);
    await post.look();
    outbox.wake();
    await eventually(() => tries('dev').length === 3, 'the others');
    assert.equal(tries('ops').length, 1, 'one at a time');
    const begun = performance.now();
    await outbox.close();
    assert.ok(performance.now() - begun < 1500);
    assert.equal(record()?.state, 'WAITING');
    receiver.answers.clear();
    makeOutbox().wake();
    await eventually(() => tries('ops').length === 4, 'all of them, after the next start');
    const [first] = tries('ops');
    assert.equal(tries('ops').filter(({ id }) => id === first?.id).length, 2);
  });

  it('cancels what waits for a channel that was removed or switched off, and says so', async () => {
    const outbox = makeOutbox();
    post.raise('a');
    await post.look();
    post.channels = [channel('ops', { enabled: false })];
    outbox.wake();
    assert.equal(record()?.state, 'DEAD');
    assert.match(record()?.last_error ?? '', /switched off/);
    assert.equal(record('dev')?.last_error, 'The channel was removed.');
    await sleep(20);
    assert.deepStrictEqual(receiver.got, []);
  });

  it('does not send twice what it could not note as sent', async () => {
    let full = true;
    const outbox = makeOutbox({ refuse: () => full });
    post.raise('a');
    await post.look();
    outbox.wake();
    await eventually(() => receiver.got.length === 2, 'both');
    await sleep(20);
    for (let n = 0; n < 3; n++) {
      outbox.wake();
      await sleep(5);
    }
    assert.equal(record()?.state, 'WAITING');
    full = false;
    outbox.wake();
    await state('SENT');
    assert.equal(receiver.got.length, 2);
  });

  it('keeps sent ones for a week and dead ones for a month', async () => {
    post.raise('a');
    await post.look();
    const [sent, dead] = post.notifications.map((row) => row.notification_id);
    post.say({ type: 'notification.tried', notification_id: sent, attempt: 1, ok: true });
    post.say({
      type: 'notification.tried',
      notification_id: dead,
      attempt: 1,
      ok: false,
      error: 'x',
    });
    const { notifications } = post.model.domain;
    const day = 86_400_000;
    assert.equal(retainNotifications(notifications, T0 + 6 * day), 0);
    assert.equal(retainNotifications(notifications, T0 + 8 * day), 1);
    assert.deepStrictEqual([...notifications.rows.keys()], [dead]);
    assert.equal(retainNotifications(notifications, T0 + 31 * day), 1);
  });
});
