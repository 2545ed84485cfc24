import assert from 'node:assert/strict';
import { type Socket, connect } from 'node:net';
import {
  type TestService,
  call,
  eventually,
  rawExchange,
  useServices,
} from '../../support/service.ts';

const LARGE = 2 * 1024 * 1024;

function headOf({ port, tokens }: TestService, length: string): string {
  const lines = [
    'POST /api/v1/import HTTP/1.1',
    `Host: 127.0.0.1:${port}`,
    `Authorization: Bearer ${tokens.admin}`,
    'Content-Type: application/json',
    length,
  ];
  return `${lines.join('\r\n')}\r\n\r\n`;
}

/** Begins an import and never sends the rest of it. */
function begin(to: TestService, length = `Content-Length: ${LARGE}`): Promise<Socket> {
  return new Promise((resolve) => {
    const socket = connect(to.port, '127.0.0.1', () =>
      socket.write(headOf(to, length), () => resolve(socket)),
    );
    socket.on('error', () => undefined);
  });
}

const isFree = async (to: TestService) =>
  (await importLarge(to, LARGE)).status === 503 ? null : true;

function importLarge(to: TestService, size: number): Promise<Response> {
  return call(to, '/api/v1/import', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: `{"x":"${'x'.repeat(size)}"}`,
  });
}

describe('Large bodies at once', () => {
  const start = useServices();

  it('are two; the third is told when to come back, before its body is read', async () => {
    const to = await start();
    const held = [await begin(to), await begin(to, 'Transfer-Encoding: chunked')];
    const third = () =>
      rawExchange(to.port, headOf(to, `Content-Length: ${LARGE}`), { timeoutMs: 300 });
    const answer = await eventually(async () => {
      const text = await third();
      return text.startsWith('HTTP/1.1 503') ? text : null;
    }, 'The refusal');
    assert.match(answer, /retry-after: 5\r\n/i);
    assert.match(answer, /"code":"OVERLOADED"/);
    // Small ones go on, of the same route as well.
    assert.equal((await importLarge(to, 10)).status, 422);
    for (const socket of held) socket.destroy();
    await eventually(() => isFree(to), 'A free place after the others were cut off');
  });

  it('are counted until they are answered, and no longer', async () => {
    const to = await start();
    for (let i = 0; i < 4; i++) assert.equal((await importLarge(to, LARGE)).status, 422);
    const all = await Promise.all(Array.from({ length: 8 }, () => importLarge(to, LARGE)));
    const statuses = all.map(({ status }) => status);
    assert.ok(statuses.includes(422) && statuses.every((one) => one === 422 || one === 503));
    await eventually(() => isFree(to), 'A free place');
  });
});
