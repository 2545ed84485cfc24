import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { HostMessage } from '../../../service/protocol/frame.ts';
import type { Endpoint } from '../../../src/service/endpoint.ts';
import { Reader, type ReaderLimits } from '../../../src/service/reader.ts';
import { eventually } from '../../support/service.ts';

type Got = Extract<HostMessage, { type: 'got' }>;
type Handler = (request: IncomingMessage, response: ServerResponse) => void;

describe('what a window asks for its page', () => {
  let server: Server;
  let handle: Handler;
  let seen: IncomingMessage[];
  let answers: Got[];
  let readers: Reader[];

  beforeEach(async () => {
    [seen, answers, readers] = [[], [], []];
    handle = (_, response) => response.end('{"a":1}');
    server = createServer((request, response) => {
      seen.push(request);
      handle(request, response);
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
  });
  afterEach(async () => {
    for (const reader of readers) reader.dispose();
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });

  const reader = (limits?: ReaderLimits): Reader => {
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const tokens = { ingest: 'i', admin: 'the-admin-token' };
    const endpoint: Endpoint = { url, ws: '', pid: 1, version: '0', protocol: 1, tokens };
    const made = new Reader(
      () => endpoint,
      (message) => answers.push(message),
      limits,
    );
    readers.push(made);
    return made;
  };
  const answer = (count = 1): Promise<unknown> =>
    eventually(() => answers.length >= count, `answer ${count}`);

  it('is asked with the admin token, in a header', async () => {
    reader().ask(7, '/api/v1/jobs?limit=1');
    await answer();
    assert.deepEqual(answers, [{ type: 'got', ref: 7, ok: true, body: { a: 1 } }]);
    assert.equal(seen[0]?.url, '/api/v1/jobs?limit=1');
    assert.equal(seen[0]?.headers.authorization, 'Bearer the-admin-token');
  });

  it('fails with the code and the sentence of the service', async () => {
    handle = (_, response) =>
      response.writeHead(404).end('{"code":"JOB_UNKNOWN","detail":"There is no job x."}');
    reader().ask(1, '/api/v1/jobs/x');
    await answer();
    const [got] = answers;
    assert.deepEqual(got, {
      ...{ type: 'got', ref: 1, ok: false },
      ...{ code: 'JOB_UNKNOWN', message: 'There is no job x.' },
    });
  });

  it('fails with a sentence where no JSON comes, or a code of nobody', async () => {
    const one = reader();
    handle = (_, response) => response.end('<html>');
    one.ask(1, '/api/a');
    await answer();
    handle = (_, response) => response.writeHead(500).end('{"code":"EVIL"}');
    one.ask(2, '/api/b');
    await answer(2);
    assert.deepEqual(
      answers.map((got) => (got.ok ? 'ok' : `${got.code} ${got.message}`)),
      ['INTERNAL The service answered 200.', 'INTERNAL The service answered 500.'],
    );
  });

  it('answers at once where no service is known, and when the service is gone', async () => {
    const nobody = new Reader(
      () => undefined,
      (message) => answers.push(message),
    );
    nobody.ask(1, '/api/v1/jobs');
    const [got] = answers;
    assert.equal(got?.ok === false && got.code, 'SERVICE_UNREACHABLE');
    const one = reader();
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
    one.ask(2, '/api/v1/jobs');
    await answer(2);
    assert.equal(answers[1]?.ok === false && answers[1].code, 'SERVICE_UNREACHABLE');
    server.listen(0, '127.0.0.1');
  });

  it('asks six at a time, refuses what piles up, and answers every one once', async () => {
    const held: ServerResponse[] = [];
    handle = (_, response) => void held.push(response);
    const one = reader();
    for (let ref = 1; ref <= 110; ref++) one.ask(ref, `/api/${ref}`);
    await eventually(() => held.length === 6, 'six questions');
    assert.deepEqual(
      answers.map(({ ref }) => ref),
      [107, 108, 109, 110],
    );
    handle = (_, response) => response.end('{}');
    for (const response of held) response.end('{}');
    await answer(110);
    assert.equal(new Set(answers.map(({ ref }) => ref)).size, 110);
  });

  it('forgets what is cancelled, waiting or under way, and goes on with the next', async () => {
    const held: ServerResponse[] = [];
    handle = (_, response) => void held.push(response);
    const one = reader();
    for (let ref = 1; ref <= 8; ref++) one.ask(ref, `/api/${ref}`);
    await eventually(() => held.length === 6, 'six questions');
    one.cancel(8);
    const gone = once(held[0] as ServerResponse, 'close');
    one.cancel(1);
    await gone;
    await eventually(() => seen.length === 7, 'the seventh question');
    for (const response of held) response.end('{}');
    await answer(6);
    assert.deepEqual(answers.map(({ ref }) => ref).sort(), [2, 3, 4, 5, 6, 7]);
  });

  it('ends with the page: nothing is answered after that, and a new page can ask', async () => {
    const held: ServerResponse[] = [];
    handle = (_, response) => void held.push(response);
    const one = reader();
    one.ask(1, '/api/1');
    await eventually(() => held.length === 1, 'the question');
    one.clear();
    handle = (_, response) => response.end('{}');
    one.ask(2, '/api/2');
    await answer();
    one.dispose();
    one.ask(3, '/api/3');
    assert.deepEqual(
      answers.map(({ ref }) => ref),
      [2],
    );
  });

  it('gives up on an answer that never ends, also one that drips', async () => {
    const drips: NodeJS.Timeout[] = [];
    handle = (_, response) => {
      response.write('[');
      drips.push(setInterval(() => response.write(' '), 10));
    };
    reader({ answerMs: 150, bytes: 1e6 }).ask(1, '/api/slow');
    await answer();
    for (const drip of drips) clearInterval(drip);
    const [got] = answers;
    assert.equal(got?.ok === false && got.message, 'The service did not answer within 150 ms.');
  });

  it('takes no more bytes than it says', async () => {
    handle = (_, response) => response.end(JSON.stringify('x'.repeat(3_000)));
    reader({ answerMs: 5_000, bytes: 2048 }).ask(1, '/api/large');
    await answer();
    const [got] = answers;
    assert.equal(
      got?.ok === false && got.message,
      'The answer is larger than 2.0 KB. Ask for less.',
    );
  });
});
