import assert from 'node:assert/strict';
import { type AddressInfo, type Socket, connect } from 'node:net';
import { Type } from '@sinclair/typebox';
import { pino } from 'pino';
import { AccessCodes } from '../../../service/http/accessCodes.ts';
import { createApp } from '../../../service/http/app.ts';
import { Guard } from '../../../service/http/guard.ts';
import { Answer, route } from '../../../service/http/route.ts';
import { eventually } from '../../support/service.ts';

const STALL_MS = 200;
const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

describe('A client that stops reading a streamed answer', () => {
  let ended = 0;
  let made: () => AsyncGenerator<string>;
  const app = createApp({
    routes: [
      route({
        path: '/endless',
        summary: 'A file.',
        response: Type.String(),
        handle: () => new Answer(made(), { type: 'text/plain' }),
      }),
    ],
    guard: new Guard({
      tokens: { admin: 'a', ingest: 'b' },
      codes: new AccessCodes(() => 0),
      hosts: ['x'],
      elapsed: () => 0,
      anyPort: true,
    }),
    logger: pino({ level: 'silent' }),
    stallMs: STALL_MS,
  });

  before(() => app.listen({ port: 0, host: '127.0.0.1' }));
  after(() => app.close());
  beforeEach(() => {
    ended = 0;
  });

  function ask(): Promise<Socket> {
    const { port } = app.server.address() as AddressInfo;
    const head = 'GET /endless HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer a\r\n\r\n';
    return new Promise((resolve) => {
      const socket = connect(port, '127.0.0.1', () => socket.write(head, () => resolve(socket)));
      socket.on('error', () => undefined);
    });
  }

  async function* endless(): AsyncGenerator<string> {
    try {
      for (;;) yield await Promise.resolve('x'.repeat(64 * 1024));
    } finally {
      ended++;
    }
  }

  it('is cut off, and what was made for it is let go', async () => {
    made = endless;
    const socket = await ask();
    const begin = performance.now();
    await eventually(() => ended === 1, 'The end of the file');
    assert.ok(performance.now() - begin >= STALL_MS - 20);
    const closed = new Promise((resolve) => socket.once('close', resolve));
    socket.resume();
    await closed;
  });

  it('for a shorter time than that, again and again, is not', async () => {
    made = endless;
    const socket = await ask();
    let taken = 0;
    socket.on('data', (data: Buffer) => (taken += data.length));
    for (let i = 0; i < 8; i++) {
      socket.pause();
      await pause(STALL_MS / 4);
      socket.resume();
      await pause(STALL_MS / 4);
    }
    assert.equal(ended, 0);
    assert.ok(taken > 0);
    socket.destroy();
    await eventually(() => ended === 1, 'The end of the file');
  });

  it('because nothing is there yet is not', async () => {
    made = async function* () {
      yield 'first';
      await pause(STALL_MS * 4);
      yield 'last';
    };
    const socket = await ask();
    let text = '';
    socket.setEncoding('utf8').on('data', (piece: string) => (text += piece));
    await eventually(() => text.includes('last'), 'The rest of the file');
    socket.destroy();
  });
});
