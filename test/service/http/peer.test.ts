import assert from 'node:assert/strict';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { type AddressInfo, type Server, type Socket, connect, createServer } from 'node:net';
import { join } from 'node:path';
import { type Peer, ownerOf } from '../../../service/http/peer.ts';
import { startProcess } from '../../support/processes.ts';
import { useTempDir } from '../../support/tempDir.ts';

const HEAD =
  '  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode';
const row = (local: string, remote: string, uid: number) =>
  `   0: ${local} ${remote} 01 00000000:00000000 00:00000000 00000000 ${uid}        0 1 1 0 20 4 30 10 -1`;

describe('the user at the other end of a connection', () => {
  const folder = useTempDir();
  const peer: Peer = {
    ...{ remoteAddress: '127.0.0.1', remotePort: 0xabcd },
    ...{ localAddress: '127.0.0.1', localPort: 4780 },
  };
  const written = (...rows: string[]): string => {
    const file = join(folder(), 'tcp');
    writeFileSync(file, [HEAD, ...rows, ''].join('\n'));
    return file;
  };

  it('is that of the end that the client holds, not of our own', async () => {
    const ours = row('0100007F:12AC', '0100007F:ABCD', 1);
    const theirs = row('0100007F:ABCD', '0100007F:12AC', 1001);
    const near = [
      row('0200007F:ABCD', '0100007F:12AC', 2),
      row('0100007F:ABCD', '0300007F:12AC', 3),
      row('0100007F:ABCE', '0100007F:12AC', 4),
    ];
    assert.equal(await ownerOf(peer, written(ours, ...near, theirs)), 1001);
    assert.equal(await ownerOf(peer, written(ours, ...near)), undefined);
    const mapped = { ...peer, remoteAddress: '::ffff:127.0.0.1', localAddress: '::ffff:127.0.0.1' };
    assert.equal(await ownerOf(mapped, written(theirs)), 1001);
  });

  it('is not known on IPv6, of a connection that is gone, or where the system has no such table', async () => {
    assert.equal(await ownerOf({ ...peer, remoteAddress: '::1' }, written()), undefined);
    assert.equal(await ownerOf({}, written()), undefined);
    assert.equal(await ownerOf(peer, join(folder(), 'none')), undefined);
    await assert.rejects(ownerOf(peer, folder()), /EISDIR/);
  });

  describe('of a real connection', () => {
    let server: Server;
    beforeEach(async () => {
      server = createServer().listen(0, '127.0.0.1');
      await once(server, 'listening');
    });
    afterEach(() => server.close());
    const port = () => (server.address() as AddressInfo).port;

    it('is this user for this process', async function () {
      if (process.platform !== 'linux') this.skip();
      const client = connect(port(), '127.0.0.1');
      const [socket] = (await once(server, 'connection')) as [Socket];
      assert.equal(await ownerOf(socket), process.getuid?.());
      client.destroy();
    });

    it('is another one for a program of another user', async function () {
      if (process.platform !== 'linux' || process.getuid?.() !== 0) this.skip();
      const code = `process.setuid(65534); require('net').connect(${port()}, '127.0.0.1')`;
      const program = startProcess(process.execPath, ['-e', code]);
      const [socket] = (await once(server, 'connection')) as [Socket];
      assert.equal(await ownerOf(socket), 65_534);
      await program.stop();
    });
  });
});
