import assert from 'node:assert/strict';
import { gzipSync } from 'node:zlib';
import {
  type Ack,
  type Body,
  type PostOptions,
  getJson,
  journalBytes,
  post,
  send,
  useSharedService,
} from '../../support/service.ts';

interface Job {
  job_id: string;
  name: string;
  extra: Record<string, unknown>;
}

let number = 0;
/** An id that no other test uses. */
const fresh = () => `job-${++number}`;
const started = (job_id = fresh(), fields: object = {}) => ({
  type: 'job.started',
  job_id,
  ...fields,
});
const nested = (levels: number): unknown =>
  JSON.parse(`${'{"a":'.repeat(levels)}1${'}'.repeat(levels)}`);

describe('POST /api/v1/events', () => {
  // Nothing here is slow: alerts would be events between those of the tests.
  const shared = useSharedService({ thresholds: { execution_time_ms: 1e12 } });

  async function taken(body: Body, options: PostOptions = {}): Promise<Ack> {
    const response = await post(shared(), body, options);
    const text = await response.text();
    assert.equal(response.status, 202, text);
    assert.equal(response.headers.get('content-type'), 'application/json; charset=utf-8');
    const ack = JSON.parse(text) as Ack;
    assert.deepEqual(Object.keys(ack).sort(), ['accepted', 'duplicates', 'rejected', 'seq']);
    return ack;
  }

  const counts = async (body: Body, options: PostOptions = {}) => {
    const { accepted, duplicates, rejected } = await taken(body, options);
    return [accepted, duplicates, rejected.length];
  };

  /** Nothing of the body may be taken. */
  async function refused(body: Body, options: PostOptions = {}): Promise<[number, string]> {
    const to = shared();
    const before = [to.service.monitor.seq, await journalBytes(to.dataDir)];
    const response = await post(to, body, options);
    const problem = (await response.json()) as { code: string; detail: string; status: number };
    assert.equal(response.headers.get('content-type'), 'application/problem+json; charset=utf-8');
    assert.equal(problem.status, response.status);
    assert.match(problem.detail, /\.$/);
    assert.deepEqual([to.service.monitor.seq, await journalBytes(to.dataDir)], before);
    return [response.status, problem.code];
  }

  const jobOf = (id: string) => getJson<Job>(shared(), `/api/v1/jobs/${encodeURIComponent(id)}`);

  it('takes one object, and the record is there when the answer is', async () => {
    const id = fresh();
    const ack = await taken(started(id, { name: 'Nightly' }));
    assert.deepEqual(ack, { accepted: 1, duplicates: 0, rejected: [], seq: ack.seq });
    assert.equal(shared().service.monitor.seq, ack.seq);
    assert.equal((await jobOf(id)).name, 'Nightly');
  });

  it('takes an array, also an empty one', async () => {
    assert.deepEqual(await counts([started(), started(), started()]), [3, 0, 0]);
    assert.deepEqual(await counts([]), [0, 0, 0]);
  });

  it('knows an id again: in another body, and in the same', async () => {
    const event = started(fresh(), { id: `once-${fresh()}` });
    assert.deepEqual(await counts(event), [1, 0, 0]);
    assert.deepEqual(await counts(event), [0, 1, 0]);
    const twice = started(fresh(), { id: `twice-${fresh()}` });
    assert.deepEqual(await counts([twice, twice]), [1, 1, 0]);
  });

  it('takes NDJSON with empty lines, CRLF and no last line end', async () => {
    const lines = [started(), started(), started()].map((event) => JSON.stringify(event));
    const type = 'application/x-ndjson';
    assert.deepEqual(await counts(`${lines.join('\r\n')}\n\n`, { type }), [3, 0, 0]);
    assert.deepEqual(await counts('', { type }), [0, 0, 0]);
    assert.deepEqual(await counts(lines[0] ?? '', { type: `${type}; charset=utf-8` }), [1, 0, 0]);
  });

  it('a bad line in the middle costs only itself, and is named by its place', async () => {
    const [first, last] = [fresh(), fresh()];
    const body = `${JSON.stringify(started(first))}\n{"type":"job.sta\n${JSON.stringify(started(last))}\n`;
    const ack = await taken(body, { type: 'application/x-ndjson' });
    assert.deepEqual([ack.accepted, ack.rejected.length], [2, 1]);
    assert.deepEqual(
      [ack.rejected[0]?.index, ack.rejected[0]?.code, ack.rejected[0]?.path],
      [1, 'EVENT_INVALID', ''],
    );
    await jobOf(first);
    await jobOf(last);
  });

  describe('gzip', () => {
    const headers = { 'content-encoding': 'gzip' };

    it('is taken, one layer of it, whatever the case of its name', async () => {
      const body = gzipSync(JSON.stringify([started(), started()]));
      assert.deepEqual(await counts(body, { headers }), [2, 0, 0]);
      const named = { 'content-encoding': 'GZIP' };
      assert.deepEqual(
        await counts(gzipSync(JSON.stringify(started())), { headers: named }),
        [1, 0, 0],
      );
    });

    it('up to 5 MiB after decompression, and not a byte more', async () => {
      const event = JSON.stringify(started());
      const fill = (bytes: number) => gzipSync(event + ' '.repeat(bytes - event.length));
      assert.deepEqual(await counts(fill(5 * 1024 * 1024), { headers }), [1, 0, 0]);
      assert.deepEqual(await refused(fill(5 * 1024 * 1024 + 1), { headers }), [
        413,
        'BODY_TOO_LARGE',
      ]);
    });

    it('a bomb of 300 MB costs no memory to speak of', async () => {
      const bomb = gzipSync(Buffer.alloc(300 * 1024 * 1024, 0x20), { level: 9 });
      assert.ok(bomb.length < 1024 * 1024);
      const before = process.memoryUsage().rss;
      assert.deepEqual(await refused(bomb, { headers }), [413, 'BODY_TOO_LARGE']);
      assert.ok(process.memoryUsage().rss - before < 80 * 1024 * 1024);
    });

    it('that is cut, wrong, or another encoding is refused', async () => {
      const good = gzipSync(JSON.stringify([started(), started()]));
      assert.deepEqual(await refused(good.subarray(0, -9), { headers }), [400, 'BODY_INVALID']);
      assert.deepEqual(await refused('{}', { headers }), [400, 'BODY_INVALID']);
      assert.deepEqual(await refused(Buffer.alloc(0), { headers }), [400, 'BODY_INVALID']);
      for (const encoding of ['br', 'deflate', 'zstd', 'gzip, gzip', 'x']) {
        const other = { 'content-encoding': encoding };
        assert.deepEqual(
          await refused(good, { headers: other }),
          [415, 'CONTENT_TYPE_UNSUPPORTED'],
          encoding,
        );
      }
    });
  });

  describe('CloudEvents', () => {
    const envelope = (data: object, more: object = {}) => ({
      specversion: '1.0',
      type: 'dev.pipescope.job.started',
      source: '/ci',
      id: `ce-${fresh()}`,
      time: '2026-03-01T10:00:00Z',
      data,
      ...more,
    });

    it('structured: envelope and data become one event', async () => {
      const id = fresh();
      const type = 'application/cloudevents+json; charset=utf-8';
      const event = envelope({ job_id: id, name: 'From a cloud' });
      assert.deepEqual(await counts(event, { type }), [1, 0, 0]);
      assert.deepEqual(await counts(event, { type }), [0, 1, 0]);
      const job = await getJson<{ name: string; started_at: string }>(
        shared(),
        `/api/v1/jobs/${id}`,
      );
      assert.deepEqual([job.name, job.started_at], ['From a cloud', '2026-03-01T10:00:00.000Z']);
    });

    it('a batch, with a foreign event in it', async () => {
      const type = 'application/cloudevents-batch+json';
      const batch = [
        envelope({ job_id: fresh() }),
        envelope({}, { type: 'com.example.order' }),
        envelope({ job_id: fresh() }),
      ];
      const { accepted, rejected } = await taken(batch, { type });
      assert.deepEqual(
        [accepted, rejected.map(({ index, code }) => [index, code])],
        [2, [[1, 'EVENT_TYPE_UNKNOWN']]],
      );
      assert.deepEqual(await refused(envelope({}), { type }), [400, 'BODY_INVALID']);
    });

    it('binary: attributes in headers, data as body', async () => {
      const id = fresh();
      const headers = {
        'ce-specversion': '1.0',
        'ce-type': 'dev.pipescope.job.started',
        'ce-id': `ce-${id}`,
        'ce-source': '/caf%C3%A9',
      };
      const body = { job_id: id, name: 'Binary' };
      assert.deepEqual(await counts(body, { headers }), [1, 0, 0]);
      assert.deepEqual(await counts(body, { headers }), [0, 1, 0]);
      assert.equal((await jobOf(id)).name, 'Binary');
    });

    it('what is no envelope is rejected as an event, not as a failure of ours', async () => {
      for (const value of ['null', '1', '"text"', '[]', '{"data":[]}', '{"data":null}']) {
        const { accepted, rejected } = await taken(value, { type: 'application/cloudevents+json' });
        assert.deepEqual([accepted, rejected.length], [0, 1], value);
      }
    });
  });

  describe('bodies that are refused whole', () => {
    it('larger than 1 MiB as sent; exactly 1 MiB is taken', async () => {
      const event = JSON.stringify(started());
      const exact = event + ' '.repeat(1024 * 1024 - event.length);
      assert.deepEqual(await counts(exact), [1, 0, 0]);
      assert.deepEqual(await refused(`${exact} `), [413, 'BODY_TOO_LARGE']);
    });

    it('more than 1,000 events; exactly 1,000 are taken', async () => {
      const many = (n: number) => Array.from({ length: n }, () => ({ ...started(), name: 'm' }));
      assert.deepEqual(await refused(many(1001)), [413, 'BODY_TOO_MANY_EVENTS']);
      assert.deepEqual(await counts(many(1000)), [1000, 0, 0]);
    });

    it('no JSON, no UTF-8, nothing', async () => {
      for (const body of ['', '{', 'nonsense', '{"a":1}{"a":2}', Buffer.from([0x22, 0xff, 0x22])])
        assert.deepEqual(await refused(body), [400, 'BODY_INVALID']);
    });
  });

  describe('events that are rejected one by one', () => {
    const bad: [name: string, event: unknown, path: string, code?: string][] = [
      ['no object', 5, ''],
      ['null', null, ''],
      ['an array', [], ''],
      ['no type', { job_id: 'a' }, '/type'],
      ['a type that is no text', { type: 5 }, '/type'],
      ['an unknown type', { type: 'job.exploded' }, '/type', 'EVENT_TYPE_UNKNOWN'],
      ['a type of the prototype', { type: 'constructor' }, '/type', 'EVENT_TYPE_UNKNOWN'],
      [
        'a type of the service',
        { type: 'job.removed', job_id: 'a' },
        '/type',
        'EVENT_TYPE_UNKNOWN',
      ],
      ['a missing field', { type: 'job.started' }, '/job_id'],
      ['an empty id', { type: 'job.started', job_id: '' }, '/job_id'],
      ['a number for an id', { type: 'job.started', job_id: 7 }, '/job_id'],
      ['an id of 257 characters', started('x'.repeat(257)), '/job_id'],
      ['an event id of 129 characters', started('a', { id: 'x'.repeat(129) }), '/id'],
      ['an id of the service itself', started('a', { id: 'pipescope:mine' }), '/id'],
      ['progress above 1', { type: 'job.progress', job_id: 'a', progress: 1.01 }, '/progress'],
      ['a text for a number', { type: 'job.progress', job_id: 'a', progress: '0.5' }, '/progress'],
      ['no error', { type: 'phase.failed', job_id: 'a', phase_id: 'P' }, '/error'],
      [
        'an error without message',
        { type: 'job.failed', job_id: 'a', error: {} },
        '/error/message',
      ],
      ['a text for an error', { type: 'job.failed', job_id: 'a', error: 'boom' }, '/error'],
      [
        'a wrong status',
        { type: 'subphase.recorded', job_id: 'a', phase_id: 'P', name: 'n', status: 'DONE' },
        '/status',
      ],
      ['a wrong level', { type: 'log.recorded', level: 'fatal', message: 'm' }, '/level'],
      ['labels that are no texts', started('a', { labels: { a: 1 } }), '/labels/a'],
      ['phases without ids', started('a', { phases: [{ name: 'x' }] }), '/phases/0/phase_id'],
      ['an artifact without a place', { type: 'artifact.produced', job_id: 'a' }, '/path'],
      ['a sample of nothing', { type: 'resource.sampled', job_id: 'a' }, '/cpu_percent'],
      ['a negative sample', { type: 'resource.sampled', cpu_percent: -1 }, '/cpu_percent'],
      ['a time in seconds', started('a', { time: 1767225600 }), '/time'],
      ['a time that is none', started('a', { time: 'yesterday' }), '/time'],
      ['a time without a zone', started('a', { time: '2026-01-01T00:00:00' }), '/time'],
      ['a day that is none', started('a', { time: '2026-02-31T25:00:00Z' }), '/time'],
      ['33 levels', started('a', { more: nested(32) }), '/more'],
      ['a metric without value', { type: 'metric.recorded', name: 'm' }, '/value'],
      ['a huge sample', { type: 'resource.sampled', memory_mb: 1e300 }, '/memory_mb'],
      [
        'a huge count',
        { type: 'signal.counted', job_id: 'a', signal: 's', count: 1e300 },
        '/count',
      ],
    ];
    for (const [name, event, path, code = 'EVENT_INVALID'] of bad) {
      it(`${name}: at ${path || 'the whole event'}`, async () => {
        const before = shared().service.monitor.seq;
        const { accepted, rejected } = await taken([event]);
        const [rejection] = rejected;
        assert.deepEqual([accepted, rejected.length], [0, 1]);
        assert.deepEqual([rejection?.index, rejection?.code, rejection?.path], [0, code, path]);
        assert.match(rejection?.message ?? '', /\.$/);
        assert.equal(shared().service.monitor.seq, before);
      });
    }

    it('__proto__ anywhere, numbers beyond JSON, and nothing of them in the model', async () => {
      const bodies = [
        '{"type":"job.started","job_id":"p","__proto__":{"a":1}}',
        '{"type":"job.started","job_id":"p","more":{"__proto__":{"a":1}}}',
        '{"type":"job.started","job_id":"p","more":[{"b":{"__proto__":1}}]}',
        '{"type":"metric.recorded","name":"m","value":1e400}',
        '{"type":"resource.sampled","cpu_percent":1e400}',
      ];
      for (const body of bodies) {
        const { accepted, rejected } = await taken(body);
        assert.deepEqual([accepted, rejected.length, rejected[0]?.code], [0, 1, 'EVENT_INVALID']);
      }
      assert.equal(Object.hasOwn(Object.prototype, 'a'), false);
      assert.equal(shared().service.monitor.model.jobs.has('p'), false);
    });

    it('good ones beside them are taken, each rejection names its place', async () => {
      const good = [fresh(), fresh(), fresh()];
      const ack = await taken([
        started(good[0]),
        { type: 'nonsense' },
        started(good[1]),
        started(good[2], { time: 'x' }),
        started(good[2]),
      ]);
      assert.equal(ack.accepted, 3);
      assert.deepEqual(
        ack.rejected.map(({ index, path }) => [index, path]),
        [
          [1, '/type'],
          [3, '/time'],
        ],
      );
      for (const id of good) await jobOf(id);
    });

    it('a hostile name in a message is short and without control characters', async () => {
      const { rejected } = await taken({ type: `\u001b[31m\u202e${'x'.repeat(500)}` });
      assert.doesNotMatch(rejected[0]?.message ?? '', /[\u0000-\u001f\u202e]/);
      assert.doesNotMatch(rejected[0]?.message ?? '', /x{100}/);
    });
  });

  it('takes what is at its limits', async () => {
    const id = 'ü'.repeat(256);
    const events = [
      started(id, { id: 'x'.repeat(128), more: nested(31) }),
      started(fresh(), { time: 1767225600000 }),
      started(fresh(), { time: '2026-01-01t00:00:00.123456789+05:30' }),
      started(fresh(), { type: 'job.started', extra: { number: 1e300 } }),
    ];
    assert.deepEqual(await counts(events), [4, 0, 0]);
    assert.equal((await jobOf(id)).job_id, id);
  });

  it('keeps unknown fields and shows them', async () => {
    const id = fresh();
    await send(shared(), started(id, { commit: 'abc', nested: { deep: [1] } }));
    assert.deepEqual((await jobOf(id)).extra, { commit: 'abc', nested: { deep: [1] } });
  });
});
