import assert from 'node:assert/strict';
import { AccessCodes, CODE_LIFE_MS } from '../../../service/http/accessCodes.ts';
import { startProcess } from '../../support/processes.ts';
import {
  type TestService,
  call,
  codeOf,
  journalBytes,
  rawExchange,
  statusOf,
  useServices,
  useSharedService,
} from '../../support/service.ts';

const GRANT = { owner: 1000, jobId: null };

describe('codes that open the dashboard once', () => {
  let now = 0;
  const make = () => new AccessCodes(() => now);
  beforeEach(() => (now = 0));

  it('are each another one, long, and fit into an address as they are', () => {
    const codes = make();
    const all = Array.from({ length: 100 }, () => codes.make(GRANT));
    assert.equal(new Set(all).size, 100);
    for (const code of all) assert.match(code, /^[\w-]{43}$/);
  });

  it('give what was asked for with them, once', () => {
    const codes = make();
    const code = codes.make({ owner: 1000, jobId: 'a' });
    const other = codes.make({ owner: 1000, jobId: 'b' });
    assert.equal(codes.take(code, 1000)?.jobId, 'a');
    assert.equal(codes.take(code, 1000), undefined);
    assert.equal(codes.has(code), false);
    assert.equal(codes.take(other, 1000)?.jobId, 'b');
  });

  it('are worth nothing after a minute', () => {
    const codes = make();
    const code = codes.make(GRANT);
    now = CODE_LIFE_MS - 1;
    assert.equal(codes.has(code), true);
    now = CODE_LIFE_MS;
    assert.equal(codes.has(code), false);
    assert.equal(codes.take(code, 1000), undefined);
  });

  it('are for the user who asked, and are not used up by others', () => {
    const codes = make();
    const code = codes.make(GRANT);
    for (const owner of [0, 1001, undefined]) assert.equal(codes.take(code, owner), undefined);
    assert.ok(codes.take(code, 1000));
    const unknown = codes.make({ owner: undefined, jobId: null });
    assert.equal(codes.take(unknown, 1000), undefined);
    assert.ok(codes.take(unknown, undefined));
  });

  it('are sixteen at most: the oldest one gives way', () => {
    const codes = make();
    const all = Array.from({ length: 1000 }, () => codes.make(GRANT));
    assert.deepEqual(
      all.filter((code) => codes.has(code)),
      all.slice(-16),
    );
  });

  it('are no others: not a part of one, not none', () => {
    const codes = make();
    const code = codes.make(GRANT);
    for (const guess of ['', code.slice(0, -1), `${code}x`, code.toUpperCase(), 'undefined'])
      assert.equal(codes.has(guess), false, guess);
  });
});

const TRADE = '/api/v1/access-codes/trade';

async function codeFrom(to: TestService, body: object = {}): Promise<string> {
  const headers = { 'content-type': 'application/json' };
  const init = { method: 'POST', headers, body: JSON.stringify(body) };
  const response = await call(to, '/api/v1/access-codes', init);
  assert.equal(response.status, 201);
  assert.equal(response.headers.get('cache-control'), 'no-store');
  const { code, expires_in_ms } = (await response.json()) as {
    code: string;
    expires_in_ms: number;
  };
  assert.equal(expires_in_ms, CODE_LIFE_MS);
  return code;
}

function trade(to: TestService, code: string, headers: object = {}): Promise<Response> {
  const all = { authorization: `Bearer ${code}`, ...headers };
  return fetch(`${to.url}${TRADE}`, { method: 'POST', headers: all });
}

const problemOf = async (response: Response) =>
  `${response.status} ${((await response.json()) as { code: string }).code}`;

describe('the trade of a code for the token', () => {
  const start = useServices();
  const shared = useSharedService();

  it('gives the token and the job to show, to one of many who try at once', async () => {
    const to = shared();
    const code = await codeFrom(to, { job_id: 'größer/than 1 & "2"' });
    const answers = await Promise.all(Array.from({ length: 10 }, () => trade(to, code)));
    const good = answers.filter((one) => one.ok);
    assert.equal(good.length, 1);
    assert.deepEqual(await good[0]?.json(), {
      token: to.tokens.admin,
      job_id: 'größer/than 1 & "2"',
    });
    for (const one of answers.filter(({ ok }) => !ok))
      assert.equal(await problemOf(one), '401 TOKEN_WRONG');
  });

  it('is refused to other origins, other hosts and other methods, and the code stays good', async () => {
    const to = shared();
    const code = await codeFrom(to);
    const ask = async (lines: string[], method = 'POST', target = TRADE) => {
      const head = [`${method} ${target} HTTP/1.1`, ...lines, 'Content-Length: 0'];
      const text = `${head.join('\r\n')}\r\nConnection: close\r\n\r\n`;
      const answer = await rawExchange(to.port, text);
      assert.doesNotMatch(answer, /access-control/i);
      assert.ok(!answer.includes(to.tokens.admin));
      return `${statusOf(answer)} ${codeOf(answer)}`;
    };
    const host = `Host: 127.0.0.1:${to.port}`;
    const own = `Authorization: Bearer ${code}`;
    const evil = 'Origin: http://evil.example';
    assert.equal(await ask([host, own, evil]), '403 ORIGIN_REFUSED');
    assert.equal(await ask([host, own, 'Origin: null']), '403 ORIGIN_REFUSED');
    assert.equal(await ask(['Host: evil.example', own]), '421 HOST_REFUSED');
    const crossing = [`Origin: http://127.0.0.1:${to.port}`, 'Sec-Fetch-Site: cross-site'];
    assert.equal(await ask([host, own, ...crossing]), '403 ORIGIN_REFUSED');
    assert.equal(await ask([host, evil], 'OPTIONS'), '403 ORIGIN_REFUSED');
    // A code opens nothing but its own address.
    assert.equal(await ask([host, own], 'GET'), '401 TOKEN_WRONG');
    assert.equal(await ask([host, own], 'GET', '/api/v1/jobs'), '401 TOKEN_WRONG');
    assert.equal(await ask([host, own], 'POST', '/api/v1/access-codes'), '401 TOKEN_WRONG');
    // Nor does it count where it is no header.
    assert.equal(await ask([host], 'POST', `${TRADE}?code=${code}`), '401 TOKEN_MISSING');
    assert.equal(
      await ask([host, own, 'Content-Type: text/plain']),
      '415 CONTENT_TYPE_UNSUPPORTED',
    );
    assert.equal((await trade(to, code)).status, 200);
  });

  it('takes no token for a code, and only the admin token makes codes', async () => {
    const to = shared();
    assert.equal(await problemOf(await trade(to, to.tokens.ingest)), '403 TOKEN_REFUSED');
    assert.equal(await problemOf(await trade(to, to.tokens.admin)), '401 TOKEN_WRONG');
    for (const [token, expected] of [
      [to.tokens.ingest, '403 TOKEN_REFUSED'],
      ['guess', '401 TOKEN_WRONG'],
    ]) {
      const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
      const init = { method: 'POST', headers, body: '{}' };
      assert.equal(await problemOf(await fetch(`${to.url}/api/v1/access-codes`, init)), expected);
    }
  });

  it('counts guesses with the wrong tokens: 20 a minute, then 429; a good code still works', async () => {
    const to = await start();
    const code = await codeFrom(to);
    const statuses: number[] = [];
    for (let i = 0; i < 22; i++) statuses.push((await trade(to, `guess-${i}`)).status);
    assert.deepEqual(statuses, [...Array<number>(20).fill(401), 429, 429]);
    assert.equal((await trade(to, code)).status, 200);
  });

  it('keeps a flood of codes bounded, and a new one good', async () => {
    const to = shared();
    const all: string[] = [];
    for (let i = 0; i < 40; i++) all.push(await codeFrom(to));
    assert.equal((await trade(to, all[0] ?? '')).status, 401);
    assert.equal((await trade(to, all.at(-1) ?? '')).status, 200);
  });

  it('is refused to a program of another user, who has read the code in the list of processes', async function () {
    if (process.platform !== 'linux' || process.getuid?.() !== 0) this.skip();
    const to = shared();
    const code = await codeFrom(to);
    const init = JSON.stringify({ method: 'POST', headers: { authorization: `Bearer ${code}` } });
    const thief = `process.setuid(65534); fetch('${to.url}${TRADE}', ${init}).then(async (r) => console.log('got', r.status, await r.text()))`;
    const program = startProcess(process.execPath, ['-e', thief]);
    const [, status, body] = await program.waitForOutput(/got (\d+) (.*)/);
    assert.equal(status, '401');
    assert.ok(!body?.includes(to.tokens.admin));
    await program.exited;
    assert.equal((await trade(to, code)).status, 200);
  });

  it('leaves nothing on disk and nothing in the log', async () => {
    const to = await start();
    const code = await codeFrom(to);
    await trade(to, code);
    await trade(to, code);
    const kept = `${await journalBytes(to.dataDir)}${to.log.join('')}`;
    assert.ok(!kept.includes(code) && !kept.includes(to.tokens.admin));
  });

  it('refuses a body that it does not know', async () => {
    const to = shared();
    for (const body of ['{"job":"a"}', '{"job_id":1}', '{"job_id":""}', '[]', 'x']) {
      const headers = { 'content-type': 'application/json' };
      const response = await call(to, '/api/v1/access-codes', { method: 'POST', headers, body });
      assert.equal(await problemOf(response), '400 BODY_INVALID', body);
    }
  });
});
