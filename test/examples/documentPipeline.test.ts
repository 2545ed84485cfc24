import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { parseEvents } from '../../service/protocol/parse.ts';
import { assertInContract } from './contract.ts';
import { type Corpus, type Ended, EXAMPLE, makeCorpus, Pipeline, until } from './pipeline.ts';
import { type Recorded, Recorder } from './recorder.ts';

const GRAPH: Record<string, string[]> = {
  P00: [],
  P01: ['P00'],
  P02: ['P01'],
  P03: ['P02'],
  P04: ['P03'],
  P05: ['P02'],
  P06: ['P04'],
  P07: ['P03'],
  P08: ['P05', 'P06', 'P07'],
  P09: ['P08'],
};

const at = (event: Recorded | undefined) => Date.parse(event?.time ?? '');

describe('the document pipeline, reporting to a service', function () {
  this.timeout(30_000);
  let corpus: Corpus;
  let recorder: Recorder;
  let pipeline: Pipeline;
  let ended: Ended;
  let workers: number[] = [];

  const only = (type: string, phase_id: string) =>
    recorder.of(type).find((event) => event['phase_id'] === phase_id);

  before(async () => {
    corpus = makeCorpus();
    recorder = await Recorder.start();
    const { folder, out } = corpus;
    pipeline = new Pipeline(
      ['--root', folder, '--root', folder, '--out', out, '--seconds', '3', '--job', 'job-1'],
      { PIPESCOPE_URL: recorder.url, PIPESCOPE_TOKEN: 'the-token' },
    );
    await until(() => recorder.of('phase.started').length >= 4);
    workers = pipeline.workers();
    ended = await pipeline.ended;
  });
  after(async () => {
    await pipeline.end();
    await recorder.stop();
    corpus.remove();
  });

  it('ends well, says so in short lines, and writes nothing on stderr', () => {
    assert.equal(ended.stderr, '');
    assert.equal(ended.code, 0);
    const lines = ended.stdout.trim().split('\n');
    assert.equal(lines.length, 12);
    assert.match(lines.at(-1) ?? '', /^Job job-1 completed after \d+\.\d s\. Results: /);
  });

  it('sends only events and fields of the contract', () => {
    assert.ok(recorder.events.length > 60);
    for (const event of recorder.events) assertInContract(event);
  });

  it('sends nothing that the service would refuse', () => {
    const context = { now: Date.now(), newId: () => 'unused' };
    for (const { events } of recorder.requests) {
      assert.deepEqual(parseEvents(structuredClone(events), context).rejected, []);
    }
  });

  it('gives every event an id of its own, and the token to every request', () => {
    const ids = recorder.requests.flatMap(({ events }) => events.map(({ id }) => id));
    assert.equal(new Set(ids).size, ids.length);
    for (const { authorization, contentType, events } of recorder.requests) {
      assert.deepEqual([authorization, contentType], ['Bearer the-token', 'application/json']);
      assert.ok(events.length <= 500);
    }
  });

  it('declares its phases, its file and its process before anything else', () => {
    const [first] = recorder.events;
    assert.equal(first?.type, 'job.started');
    assert.equal(first['pid'], pipeline.process.pid);
    assert.equal(first['source_file'], path.join(EXAMPLE, 'main.mjs'));
    assert.equal(first['pipeline'], 'document-pipeline');
    const phases = first['phases'] as { phase_id: string; depends_on: string[] }[];
    assert.deepEqual(Object.fromEntries(phases.map((p) => [p.phase_id, p.depends_on])), GRAPH);
  });

  it('starts a phase only when all it depends on is completed', () => {
    for (const [phase_id, depends_on] of Object.entries(GRAPH)) {
      const started = at(only('phase.started', phase_id));
      assert.ok(started <= at(only('phase.completed', phase_id)), phase_id);
      for (const above of depends_on) {
        assert.ok(at(only('phase.completed', above)) <= started, `${above} before ${phase_id}`);
      }
    }
    assert.equal(recorder.events.at(-1)?.type, 'job.completed');
  });

  it('runs independent phases side by side', () => {
    const overlap = (a: string, b: string) =>
      at(only('phase.started', a)) < at(only('phase.completed', b)) &&
      at(only('phase.started', b)) < at(only('phase.completed', a));
    assert.ok(overlap('P03', 'P05'));
    assert.ok(overlap('P04', 'P07'));
  });

  it('works in two processes of its own, and leaves none behind', () => {
    assert.equal(workers.length, 2);
    for (const pid of workers) assert.throws(() => process.kill(pid, 0), { code: 'ESRCH' });
  });

  it('records several sub-phases with metrics for each phase', () => {
    for (const phase_id of Object.keys(GRAPH)) {
      const subs = recorder.of('subphase.recorded').filter((e) => e['phase_id'] === phase_id);
      assert.ok(subs.length >= 3, phase_id);
      for (const sub of subs) {
        assert.equal(sub['status'], 'COMPLETED');
        assert.ok(Object.keys(sub['metrics'] as object).length > 0, String(sub['name']));
      }
    }
  });

  it('warns of exactly the files that cannot be used, each once, with the true reason', () => {
    const warnings = recorder.of('log.recorded').map((event) => {
      assert.equal(event['level'], 'warning');
      const { path: file, reason } = event['details'] as { path: string; reason: string };
      return [file, reason] as const;
    });
    assert.deepEqual(new Map(warnings), corpus.broken);
    assert.equal(warnings.length, corpus.broken.size);
  });

  it('names the byte at which a file stops being UTF-8', () => {
    const found = recorder.of('log.recorded').map(({ details }) => details) as {
      path: string;
      reason: string;
      offset: number;
    }[];
    for (const { path: file, offset } of found.filter(({ reason }) => reason === 'not_utf8')) {
      const bytes = readFileSync(file);
      const strict = () => new TextDecoder('utf-8', { fatal: true });
      assert.throws(() => strict().decode(bytes), file);
      assert.doesNotThrow(() => strict().decode(bytes.subarray(0, offset), { stream: true }), file);
    }
  });

  it('reports artifacts that exist, with their true size and checksum', () => {
    const artifacts = recorder.of('artifact.produced');
    assert.ok(artifacts.length >= 10);
    for (const { path: file, size_bytes, checksum } of artifacts) {
      assert.ok(existsSync(String(file)), String(file));
      assert.equal(statSync(String(file)).size, size_bytes);
      const hash = createHash('sha256').update(readFileSync(String(file)));
      assert.equal(`sha256:${hash.digest('hex')}`, checksum);
    }
    const named = recorder.of('phase.completed').flatMap((e) => e['artifacts'] as string[]);
    assert.deepEqual(new Set(named), new Set(artifacts.map((e) => e['path'])));
  });

  it('counts a document once, however many paths lead to it', () => {
    const report = JSON.parse(readFileSync(path.join(corpus.out, 'report.json'), 'utf8')) as {
      accepted: number;
      rejected: number;
      rows: { path: string }[];
    };
    assert.equal(report.rejected, corpus.broken.size);
    assert.equal(report.rows.length, report.accepted);
    const paths = report.rows.map(({ path: file }) => file);
    assert.equal(new Set(paths).size, paths.length);
    assert.ok(paths.every((file) => !file.includes('linked')));
  });

  it('finds licence texts that repeat, and counts them as a signal', () => {
    const signals = new Map(recorder.of('signal.counted').map((e) => [e['signal'], e['count']]));
    assert.ok(Number(signals.get('duplicates_found')) > 0);
    assert.equal(signals.get('documents_refused'), corpus.broken.size);
  });

  it('reports progress that never goes back, at most about five times a second', () => {
    const assertGrows = (events: Recorded[]) => {
      const values = events.map((event) => Number(event['progress']));
      values.slice(1).forEach((value, i) => assert.ok(value >= (values[i] ?? 0), String(values)));
    };
    for (const phase_id of Object.keys(GRAPH)) {
      const events = recorder.of('phase.progress').filter((e) => e['phase_id'] === phase_id);
      const times = events.map(at);
      times.slice(1).forEach((time, i) => assert.ok(time - (times[i] ?? 0) >= 190, phase_id));
      assertGrows(events);
    }
    const job = recorder.of('job.progress');
    assertGrows(job);
    assert.ok(job.length > 3);
    assert.equal(job.at(-1)?.['progress'], 1);
  });

  it('takes about as long as it was asked to', () => {
    const took = at(recorder.of('job.completed')[0]) - at(recorder.of('job.started')[0]);
    assert.ok(took > 2_000 && took < 9_000, `${took} ms`);
  });
});
