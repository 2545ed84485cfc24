import assert from 'node:assert/strict';
import { createServer } from 'node:net';
import { type AddressInfo } from 'node:net';
import { type Corpus, makeCorpus, Pipeline, until } from './pipeline.ts';
import { accept, hang, Recorder } from './recorder.ts';

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const { port } = server.address() as AddressInfo;
  await new Promise((done) => server.close(done));
  return port;
}

const isGone = (pid: number) => {
  try {
    process.kill(pid, 0);
    return false;
  } catch {
    return true;
  }
};

describe('the document pipeline, with trouble around it', function () {
  this.timeout(30_000);
  let corpus: Corpus;
  let recorder: Recorder | undefined;
  let pipeline: Pipeline | undefined;

  const start = (url: string | undefined, seconds = '1') => {
    const args = ['--root', corpus.folder, '--out', corpus.out, '--seconds', seconds];
    pipeline = new Pipeline(args, url === undefined ? {} : { PIPESCOPE_URL: url });
    return pipeline;
  };

  before(() => {
    corpus = makeCorpus();
  });
  afterEach(async () => {
    await pipeline?.end();
    await recorder?.stop();
    recorder = undefined;
  });
  after(() => corpus.remove());

  it('runs to its end without a service, and says so in one line', async () => {
    const { code, stderr } = await start(undefined).ended;
    assert.equal(code, 0);
    assert.equal(stderr, 'PIPESCOPE_URL is not set; the run is not reported.\n');
  });

  it('runs to its end when no service answers, and says how many events were lost', async () => {
    const { code, stderr } = await start(`http://127.0.0.1:${await freePort()}`).ended;
    assert.equal(code, 0);
    assert.match(stderr, /^No service answers at http:\/\/127\.0\.0\.1:\d+; the run goes on/);
    assert.match(stderr, /\n\d+ events could not be delivered to the service\.\n$/);
  });

  it('is not slowed by a service that hangs: at most the 2 s of the last flush @alone', async () => {
    const alone = await start(undefined).ended;
    recorder = await Recorder.start(hang);
    const { code, took_ms } = await start(recorder.url).ended;
    assert.equal(code, 0);
    assert.ok(took_ms < alone.took_ms + 3_500, `${took_ms} ms against ${alone.took_ms} ms`);
  });

  it('runs to its end when the service dies in the middle', async () => {
    recorder = await Recorder.start();
    const { ended } = start(recorder.url);
    const { requests } = recorder;
    await until(() => requests.length > 2);
    await recorder.stop();
    const { code, stderr } = await ended;
    assert.equal(code, 0);
    assert.match(stderr, /the run goes on without it/);
  });

  it('sends a batch again that the service could not take, with the same ids', async () => {
    let refusals = 2;
    recorder = await Recorder.start((response, request) => {
      if (refusals-- > 0) response.writeHead(503).end();
      else accept(response, request);
    });
    const { code } = await start(recorder.url).ended;
    assert.equal(code, 0);
    const [first, second] = recorder.requests;
    assert.equal(first?.events[0]?.id, second?.events[0]?.id);
    assert.equal(recorder.events[0]?.type, 'job.started');
    assert.equal(recorder.events.at(-1)?.type, 'job.completed');
  });

  it('says what to set when the service refuses the token', async () => {
    recorder = await Recorder.start((response) => void response.writeHead(401).end());
    const { code, stderr } = await start(recorder.url).ended;
    assert.equal(code, 0);
    assert.match(stderr, /HTTP 401.*Set PIPESCOPE_TOKEN to its ingest token/);
  });

  for (const [signal, expected] of [
    ['SIGTERM', 143],
    ['SIGINT', 130],
  ] as const) {
    it(`ends in good order on ${signal}, with no process left behind`, async () => {
      recorder = await Recorder.start();
      const { of } = recorder;
      const run = start(recorder.url, '20');
      await until(() => of('phase.progress').some((event) => event['phase_id'] === 'P05'));
      const workers = run.workers();
      assert.equal(workers.length, 2);
      const asked = performance.now();
      run.process.kill(signal);
      const { code } = await run.ended;
      assert.equal(code, expected);
      assert.ok(performance.now() - asked < 3_000);
      assert.ok(workers.every(isGone));
      assert.ok(of('phase.cancelled').some((event) => event['phase_id'] === 'P05'));
      assert.equal(recorder.events.at(-1)?.type, 'job.cancelled');
    });
  }

  it('fails, and does not hang, when a worker is killed', async () => {
    recorder = await Recorder.start();
    const run = start(recorder.url, '20');
    const { of } = recorder;
    await until(() => of('phase.progress').some((event) => event['phase_id'] === 'P05'));
    const [worker] = run.workers();
    assert.ok(worker);
    process.kill(worker, 'SIGKILL');
    const { code, stderr } = await run.ended;
    assert.equal(code, 1);
    assert.match(stderr, /document-worker-1 was lost in P0\d \(.+\): it ended with SIGKILL/);
    assert.equal(recorder.events.at(-1)?.type, 'job.failed');
  });

  it('takes its workers with it when it is killed itself', async () => {
    const run = start(undefined, '20');
    await until(() => run.workers().length === 2);
    const workers = run.workers();
    run.process.kill('SIGKILL');
    await until(() => workers.every(isGone));
  });

  for (const [args, sentence] of [
    [['--fail', 'P10'], '--fail takes one of P00'],
    [['--seconds', 'soon'], '--seconds takes a whole number from 1 to 3600, not "soon".'],
    [['--root', '/no/such/folder'], '--root /no/such/folder does not exist.'],
    [['--color'], "Unknown option '--color'"],
  ] as const) {
    it(`refuses ${args.join(' ')} with code 2 and one sentence`, async () => {
      pipeline = new Pipeline([...args]);
      const { code, stderr } = await pipeline.ended;
      assert.equal(code, 2);
      assert.ok(stderr.startsWith(sentence), stderr);
    });
  }

  it('takes its length from the environment too, where the option is not given', async () => {
    pipeline = new Pipeline([], { PIPESCOPE_DEMO_SECONDS: '0' });
    const { code, stderr } = await pipeline.ended;
    const sentence = 'PIPESCOPE_DEMO_SECONDS takes a whole number from 1 to 3600, not "0".';
    assert.deepEqual([code, stderr.split('\n', 1)[0]], [2, sentence]);
  });
});
