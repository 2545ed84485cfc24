import assert from 'node:assert/strict';
import { METHODS } from 'node:http';
import { connect } from 'node:net';
import { WebSocket } from 'ws';
import {
  type TestService,
  codeOf,
  journalBytes,
  post,
  rawExchange,
  send,
  statusOf,
  useServices,
  useSharedService,
} from '../../support/service.ts';

const EVENT = JSON.stringify({ type: 'job.started', job_id: 'intruder' });

interface Attempt {
  method?: string;
  target?: string;
  version?: string;
  /** Header lines beside length and end; `HOST` and `ADMIN` are filled in. */
  headers: string[];
  body?: string;
}

const HOST = 'Host: 127.0.0.1:PORT';
const ADMIN = 'Authorization: Bearer ADMIN';
const JSON_TYPE = 'Content-Type: application/json';

function wire(to: TestService, attempt: Attempt): string {
  const { method = 'POST', target = '/api/v1/events', version = '1.1', body = EVENT } = attempt;
  const lines = [
    `${method} ${target} HTTP/${version}`,
    ...attempt.headers,
    `Content-Length: ${Buffer.byteLength(body)}`,
    'Connection: close',
  ];
  return `${lines.join('\r\n')}\r\n\r\n${body}`
    .replaceAll('PORT', String(to.port))
    .replaceAll('ADMIN', to.tokens.admin)
    .replaceAll('INGEST', to.tokens.ingest);
}

describe('the guard, by raw sockets', () => {
  const shared = useSharedService();

  /** Makes the attempt and holds that nothing was written. */
  async function refused(attempt: Attempt): Promise<{ status: number; code: string }> {
    const to = shared();
    const before = { seq: to.service.monitor.seq, journal: await journalBytes(to.dataDir) };
    const answer = await rawExchange(to.port, wire(to, attempt));
    assert.doesNotMatch(answer, /access-control/i);
    assert.ok(!answer.includes(to.tokens.admin) && !answer.includes(to.tokens.ingest));
    const after = { seq: to.service.monitor.seq, journal: await journalBytes(to.dataDir) };
    assert.deepEqual(after, before);
    return { status: statusOf(answer), code: codeOf(answer) };
  }

  it('takes what is right: the same bytes with every header in order', async () => {
    const to = shared();
    for (const headers of [
      [HOST, JSON_TYPE, ADMIN],
      [HOST, JSON_TYPE, 'Authorization: Bearer INGEST'],
      ['Host: LOCALHOST:PORT', JSON_TYPE, 'authorization: bearer INGEST'],
      ['Host: [::1]:PORT', 'Origin: http://[::1]:PORT', JSON_TYPE, ADMIN],
      [HOST, JSON_TYPE, `Authorization: Basic ${basic(`pipescope:${to.tokens.ingest}`)}`],
      [HOST, JSON_TYPE, `Authorization: Basic ${basic(`:${to.tokens.ingest}`)}`],
    ]) {
      const seq = to.service.monitor.seq;
      assert.equal(statusOf(await rawExchange(to.port, wire(to, { headers }))), 202);
      assert.equal(to.service.monitor.seq, seq + 1);
    }
  });

  describe('Host', () => {
    const cases: [name: string, headers: string[], version?: string, target?: string][] = [
      ['two Host headers', [HOST, HOST]],
      ['a second, foreign Host header', [HOST, 'host: evil.example']],
      ['another name on the right port (DNS rebinding)', ['Host: evil.example:PORT']],
      ['a name that begins like ours', ['Host: 127.0.0.1.evil.example:PORT']],
      ['a user before ours', ['Host: evil@127.0.0.1:PORT']],
      ['0.0.0.0', ['Host: 0.0.0.0:PORT']],
      ['[::]', ['Host: [::]:PORT']],
      ['the loopback net beside 127.0.0.1', ['Host: 127.0.0.2:PORT']],
      ['another port', ['Host: 127.0.0.1:1']],
      ['no port', ['Host: 127.0.0.1']],
      ['an empty Host', ['Host:']],
      ['HTTP/1.0 without Host', [], '1.0'],
      ['an absolute-form target', [HOST], '1.1', 'http://evil.example/api/v1/events'],
      ['an absolute-form target of ours', [HOST], '1.1', 'http://127.0.0.1:PORT/api/v1/events'],
      ['the asterisk form', [HOST], '1.1', '*'],
    ];
    for (const [name, headers, version, target] of cases) {
      it(`refuses ${name}`, async () => {
        const attempt = {
          headers: [...headers, JSON_TYPE, ADMIN],
          ...(version && { version }),
          ...(target && { target }),
        };
        assert.deepEqual(await refused(attempt), { status: 421, code: 'HOST_REFUSED' });
      });
    }

    it('refuses HTTP/1.1 without Host', async () => {
      assert.equal((await refused({ headers: [JSON_TYPE, ADMIN] })).status, 400);
    });
  });

  describe('Origin', () => {
    const foreign = [
      'http://evil.example',
      'null',
      'http://127.0.0.1:1',
      'http://127.0.0.1',
      'http://localhost:PORT',
      'http://127.0.0.1:PORT.evil.example',
      'vscode-webview://abc',
      'file://',
      '',
    ];
    for (const origin of foreign) {
      it(`refuses "${origin}", also with the right token`, async () => {
        const headers = [HOST, `Origin: ${origin}`, JSON_TYPE, ADMIN];
        assert.deepEqual(await refused({ headers }), { status: 403, code: 'ORIGIN_REFUSED' });
      });
    }

    it('refuses its own origin where the browser says the request crosses sites', async () => {
      const headers = [HOST, 'Origin: http://127.0.0.1:PORT', 'Sec-Fetch-Site: cross-site', ADMIN];
      assert.equal((await refused({ headers: [...headers, JSON_TYPE] })).status, 403);
    });

    it('refuses a preflight and says nothing of who may ask', async () => {
      const headers = [
        HOST,
        'Origin: http://evil.example',
        'Access-Control-Request-Method: POST',
        'Access-Control-Request-Headers: authorization',
      ];
      assert.equal((await refused({ method: 'OPTIONS', headers, body: '' })).status, 403);
    });

    it('takes its own', async () => {
      const headers = [HOST, 'Origin: http://127.0.0.1:PORT', JSON_TYPE, ADMIN];
      const to = shared();
      assert.equal(statusOf(await rawExchange(to.port, wire(to, { headers }))), 202);
    });
  });

  describe('the order of the checks', () => {
    const wrong = {
      host: 'Host: evil.example',
      origin: 'Origin: http://evil.example',
      type: 'Content-Type: text/plain',
    };
    const big = 'x'.repeat(1024 * 1024 + 1);

    it('Host comes before Origin, Origin before token, token before route', async () => {
      const target = '/nothing';
      const codes = [
        await refused({ target, headers: [wrong.host, wrong.origin, wrong.type] }),
        await refused({ target, headers: [HOST, wrong.origin, wrong.type] }),
        await refused({ target, headers: [HOST, wrong.type] }),
        await refused({ target, headers: [HOST, wrong.type, ADMIN], body: big }),
        await refused({ headers: [HOST, wrong.type, ADMIN], body: big }),
        await refused({ headers: [HOST, JSON_TYPE, ADMIN], body: big }),
      ].map(({ code }) => code);
      assert.deepEqual(codes, [
        'HOST_REFUSED',
        'ORIGIN_REFUSED',
        'TOKEN_MISSING',
        'ROUTE_UNKNOWN',
        'CONTENT_TYPE_UNSUPPORTED',
        'BODY_TOO_LARGE',
      ]);
    });

    it('is done before the body is read: the answer comes while the body is still to come', async () => {
      const to = shared();
      const head = wire(to, { headers: [HOST, JSON_TYPE] }).split('\r\n\r\n', 1)[0] ?? '';
      const answer = await rawExchange(to.port, `${head}\r\n\r\n`, { timeoutMs: 1500 });
      assert.equal(statusOf(answer), 401);
    });

    it('answers a large refused body instead of only resetting the line', async () => {
      const to = shared();
      for (let round = 0; round < 5; round++) {
        const response = await post(to, 'x'.repeat(4_000_000), { token: 'wrong' });
        assert.equal(response.status, round < 20 ? 401 : 429);
        await response.text();
      }
      const tooLarge = await post(to, 'x'.repeat(4_000_000));
      assert.equal(tooLarge.status, 413);
    });
  });

  describe('content type', () => {
    for (const type of [
      'text/plain',
      'text/plain; application/json',
      'application/x-www-form-urlencoded',
      'multipart/form-data; boundary=x',
      'text/json',
      'application/json, text/plain',
      'nonsense',
    ]) {
      it(`refuses ${type}`, async () => {
        const { status, code } = await refused({
          headers: [HOST, `Content-Type: ${type}`, ADMIN],
        });
        assert.deepEqual({ status, code }, { status: 415, code: 'CONTENT_TYPE_UNSUPPORTED' });
      });
    }

    it('refuses none at all', async () => {
      assert.equal((await refused({ headers: [HOST, ADMIN] })).status, 415);
    });

    it('refuses a form for a route without a body, such as clear-acknowledged', async () => {
      const target = '/api/v1/monitoring/alerts/clear-acknowledged';
      const headers = [HOST, ADMIN, 'Content-Type: application/x-www-form-urlencoded'];
      assert.equal((await refused({ target, headers, body: 'a=b' })).status, 415);
    });
  });
});

function basic(text: string): string {
  return Buffer.from(text).toString('base64');
}

describe('tokens', () => {
  const start = useServices();

  it('are needed, must be right, and come in the two known forms', async () => {
    const to = await start();
    const codeFor = async (line: string[]) =>
      codeOf(await rawExchange(to.port, wire(to, { headers: [HOST, JSON_TYPE, ...line] })));
    const wrong = to.tokens.ingest.slice(0, -1);
    assert.equal(await codeFor([]), 'TOKEN_MISSING');
    for (const value of [
      'Bearer',
      'Bearer wrong',
      `Bearer ${wrong}`,
      `Bearer ${to.tokens.ingest}x`,
      to.tokens.ingest,
      `Digest ${to.tokens.ingest}`,
      `Basic ${to.tokens.ingest}`,
      `Basic ${basic(`${to.tokens.ingest}:`)}`,
      `Bearer ${'x'.repeat(8000)}`,
    ]) {
      assert.equal(await codeFor([`Authorization: ${value}`]), 'TOKEN_WRONG', value.slice(0, 40));
    }
    assert.equal(await codeFor(['Authorization: Bearer INGEST']), '');
    assert.equal(to.service.monitor.seq, 1);
  });

  it('are never read from the query', async () => {
    const to = await start();
    for (const name of ['token', 'access_token', 'authorization']) {
      const response = await fetch(`${to.url}/api/v1/jobs?${name}=${to.tokens.admin}`);
      assert.equal(response.status, 401);
    }
  });

  it('ingest may only send events', async () => {
    const to = await start();
    const headers = { authorization: `Bearer ${to.tokens.ingest}` };
    for (const path of ['/api/v1/jobs', '/api/v1/openapi.json', '/readyz', '/api/v1/events']) {
      const response = await fetch(`${to.url}${path}`, { headers });
      assert.equal(response.status, 403, path);
      assert.equal(((await response.json()) as { code: string }).code, 'TOKEN_REFUSED');
    }
    const near = await fetch(`${to.url}/api/v1/%65vents`, { method: 'POST', headers });
    assert.equal(near.status, 403);
  });

  it('20 wrong ones a minute, then 429 with the time to wait; the right one still works', async () => {
    const to = await start();
    const statuses: number[] = [];
    for (let i = 0; i < 22; i++) {
      const response = await post(to, EVENT, { token: `guess-${i}` });
      statuses.push(response.status);
      if (response.status === 429) assert.equal(response.headers.get('retry-after'), '60');
      await response.text();
    }
    assert.deepEqual(statuses, [...Array<number>(20).fill(401), 429, 429]);
    assert.equal(to.service.monitor.seq, 0);
    await send(to, { type: 'job.started', job_id: 'right' });
    // The socket's first frame is no way around the count.
    const socket = new WebSocket(`${to.url.replace('http', 'ws')}/ws`);
    const answer = new Promise<string>((resolve) =>
      socket.once('message', (data: Buffer) => resolve(data.toString())),
    );
    await new Promise((resolve) => socket.once('open', resolve));
    socket.send('{"type":"hello","protocol":1,"since":null,"topics":[],"token":"guess"}');
    assert.equal((JSON.parse(await answer) as { code: string }).code, 'TOKEN_RATE_LIMITED');
    socket.terminate();
  });
});

describe('every route x every method', () => {
  const shared = useSharedService();
  const OPEN = ['/', '/enhanced-monitor', '/healthz'];

  async function walk(token: string | null): Promise<string[]> {
    const to = shared();
    const routes = to.service.routes;
    const paths = [...routes.map(({ path }) => path.replace(/:\w+/g, 'x')), '/%zz', '/nothing'];
    const answered: string[] = [];
    for (const path of [...new Set(paths)]) {
      const answers = await Promise.all(
        [...METHODS, 'UNKNOWN'].map(async (method) => {
          const lines = [`${method} ${path} HTTP/1.1`, HOST, 'Connection: close'];
          if (token !== null) lines.push(`Authorization: Bearer ${token}`);
          const text = `${lines.join('\r\n')}\r\n\r\n`.replace('PORT', String(to.port));
          const answer = await rawExchange(to.port, text);
          return { method, answer };
        }),
      );
      for (const { method, answer } of answers) {
        const status = statusOf(answer);
        assert.doesNotMatch(answer, /access-control/i, `${method} ${path}`);
        assert.ok(!answer.includes(to.tokens.admin), `${method} ${path}`);
        assert.ok(!answer.includes(to.tokens.ingest), `${method} ${path}`);
        if (status >= 200 && status < 300) answered.push(`${method} ${path}`);
        else if (status !== 0 && method !== 'HEAD' && method !== 'UNKNOWN')
          assert.notEqual(codeOf(answer), '', `${method} ${path}: ${answer.slice(0, 300)}`);
        assert.ok(status < 500 || codeOf(answer) !== 'INTERNAL', `${method} ${path}`);
      }
    }
    return answered.sort();
  }

  const opened = OPEN.flatMap((path) => [`GET ${path}`, `HEAD ${path}`]).sort();

  it('without a token only health and the static files answer', async () => {
    assert.deepEqual(await walk(null), opened);
  });

  it('with the ingest token no more than that, without a body to take', async () => {
    assert.deepEqual(await walk(shared().tokens.ingest), opened);
  });

  it('with the admin token every route answers to its own method only', async () => {
    const to = shared();
    const routes = to.service.routes;
    // Without what a route needs to know it only says so.
    const reading = routes.filter(
      ({ method, path, query }) =>
        method === 'GET' &&
        path !== '/ws' &&
        !path.includes(':') &&
        (query.required ?? []).length === 0,
    );
    const expected = [...reading.map(({ path }) => path)].flatMap((path) => [
      `GET ${path}`,
      `HEAD ${path}`,
    ]);
    expected.push('POST /api/v1/monitoring/alerts/clear-acknowledged');
    assert.deepEqual(await walk(to.tokens.admin), expected.sort());
  });

  it('no log line names a token', () => {
    const { log, tokens } = shared();
    assert.ok(!log.some((line) => line.includes(tokens.admin) || line.includes(tokens.ingest)));
  });
});

describe('slow clients', () => {
  const shared = useSharedService();

  it('a head that drips is cut after 5 s', async function () {
    this.timeout(12_000);
    const { port } = shared();
    const begin = performance.now();
    const socket = connect(port, '127.0.0.1');
    socket.on('error', () => undefined);
    socket.write('GET /healthz HTTP/1.1\r\n');
    const drip = setInterval(() => socket.write('X-A: b\r\n'), 250);
    await new Promise((resolve) => socket.once('close', resolve));
    clearInterval(drip);
    const took = performance.now() - begin;
    assert.ok(took > 4500 && took < 8000, `${took} ms`);
  });
});

describe('the upgrade', () => {
  const shared = useSharedService();

  function upgrade(target: string, lines: string[], timeoutMs = 700): Promise<string> {
    const to = shared();
    const text = [
      `GET ${target} HTTP/1.1`,
      'Connection: Upgrade',
      'Upgrade: websocket',
      'Sec-WebSocket-Version: 13',
      'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==',
      ...lines,
    ];
    const bytes = `${text.join('\r\n')}\r\n\r\n`
      .replaceAll('PORT', String(to.port))
      .replaceAll('ADMIN', to.tokens.admin);
    return rawExchange(to.port, bytes, { timeoutMs });
  }

  it('refuses foreign hosts, origins, tokens and paths', async () => {
    const answers = [
      await upgrade('/ws', ['Host: evil.example:PORT']),
      await upgrade('/ws', [HOST, HOST]),
      await upgrade('/ws', [HOST, 'Origin: http://evil.example']),
      await upgrade('/ws', [HOST, 'Origin: null', ADMIN]),
      await upgrade('/ws', [HOST, 'Authorization: Bearer wrong']),
      await upgrade('/other', [HOST, ADMIN]),
      await upgrade('/ws/', [HOST, ADMIN]),
      await upgrade('/api/v1/events', [HOST, ADMIN]),
    ];
    assert.deepEqual(
      answers.map((answer) => `${statusOf(answer)} ${codeOf(answer)}`),
      [
        '421 HOST_REFUSED',
        '421 HOST_REFUSED',
        '403 ORIGIN_REFUSED',
        '403 ORIGIN_REFUSED',
        '401 TOKEN_WRONG',
        '404 ROUTE_UNKNOWN',
        '404 ROUTE_UNKNOWN',
        '404 ROUTE_UNKNOWN',
      ],
    );
  });

  it('is open to its own origin, and to none', async () => {
    assert.equal(statusOf(await upgrade('/ws', [HOST])), 101);
    assert.equal(statusOf(await upgrade('/ws', [HOST, 'Origin: http://127.0.0.1:PORT'])), 101);
  });

  it('says nothing before a hello with a token, and ends after 5 s without one', async function () {
    this.timeout(10_000);
    const to = shared();
    const begin = performance.now();
    const frames: string[] = [];
    const socket = new WebSocket(`ws://127.0.0.1:${to.port}/ws`);
    socket.on('message', (data: Buffer) => frames.push(data.toString()));
    const code = await new Promise((resolve) => socket.once('close', resolve));
    const took = performance.now() - begin;
    assert.ok(took > 4500 && took < 6500, `${took} ms`);
    assert.equal(code, 1008);
    assert.equal(frames.length, 1);
    assert.match(frames[0] ?? '', /"type":"refused","code":"FRAME_INVALID"/);
  });
});
