import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { answersAt, doorTo, pageUrl } from '../../../src/service/door.ts';
import { useSharedService } from '../../support/service.ts';

describe('the door from an editor to the page in a browser', () => {
  const shared = useSharedService();

  it('leads to the page with a code in the fragment that is good once; the token is not in it', async () => {
    const { url, tokens } = shared();
    const door = await doorTo({ url, tokens }, 'job "1"&x=<b>');
    const [page, code = ''] = door.split('#code=');
    assert.equal(page, pageUrl({ url }));
    assert.match(code, /^[\w-]{43}$/, 'nothing that an address has to encode');
    assert.ok(!door.includes(tokens.admin));
    const trade = () => {
      const headers = { authorization: `Bearer ${code}` };
      return fetch(`${url}/api/v1/access-codes/trade`, { method: 'POST', headers });
    };
    assert.deepEqual(await (await trade()).json(), {
      token: tokens.admin,
      job_id: 'job "1"&x=<b>',
    });
    assert.equal((await trade()).status, 401);
  });

  it('is where the service answers: at its own port by a name of this machine, at no other address', () => {
    const own = { url: 'http://127.0.0.1:4780' };
    const page = 'http://127.0.0.1:4780/enhanced-monitor';
    for (const good of [page, page.replace('127.0.0.1', 'localhost')])
      assert.equal(answersAt(own, good), true, good);
    for (const bad of [
      page.replace('4780', '4781'),
      page.replace('http', 'https'),
      page.replace('127.0.0.1', 'example.org'),
      'http://127.0.0.1:4780/proxy/4780/enhanced-monitor',
      'https://name-4780.app.example/enhanced-monitor',
    ])
      assert.equal(answersAt(own, bad), false, bad);
  });

  it('says why there is none: a refusal, another program, nobody there', async () => {
    const { url, tokens } = shared();
    const unreachable = { name: 'ProductError', code: 'SERVICE_UNREACHABLE' };
    const wrong = { ...tokens, admin: 'wrong' };
    await assert.rejects(doorTo({ url, tokens: wrong }), { ...unreachable, message: /401/ });
    const other = createServer((_request, response) => response.writeHead(201).end('hello'));
    await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
    const foreign = `http://127.0.0.1:${(other.address() as AddressInfo).port}`;
    await assert.rejects(doorTo({ url: foreign, tokens }), unreachable);
    await new Promise((resolve) => other.close(resolve));
    await assert.rejects(doorTo({ url: foreign, tokens }), unreachable);
  });
});
