import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { agentSnippet, type SnippetFacts, snippets } from '../../../src/commands/snippets.ts';
import { useTempDir } from '../../support/tempDir.ts';

const run = promisify(execFile);
const TOKEN = 'secret-ingest-token';

describe("the lines for a pipeline of one's own", () => {
  const folder = useTempDir('snippets');
  const received: [authorization: string | undefined, type: string][] = [];
  const server = createServer((request, response) => {
    let body = '';
    request.on('data', (chunk: Buffer) => (body += chunk.toString()));
    request.on('end', () => {
      received.push([request.headers.authorization, (JSON.parse(body) as { type: string }).type]);
      response.statusCode = 202;
      response.end('{"accepted":1}');
    });
  });
  let facts: SnippetFacts;
  before((done) => void server.listen(0, '127.0.0.1', done));
  after(() => server.close());
  beforeEach(() => {
    received.length = 0;
    const dataDir = join(folder(), "it's data");
    mkdirSync(dataDir);
    const tokenFile = join(dataDir, 'tokens.json');
    writeFileSync(tokenFile, JSON.stringify({ ingest: TOKEN, admin: 'other' }));
    const { port } = server.address() as AddressInfo;
    facts = { url: `http://127.0.0.1:${port}`, tokenFile, dataDir, cli: '/ext/dist/cli.js' };
  });

  const programs: Record<string, [name: string, program: string]> = {
    curl: ['report.sh', 'bash'],
    Node: ['report.mjs', process.execPath],
    Python: ['report.py', 'python3'],
  };
  for (const [label, [name, program]] of Object.entries(programs))
    it(`report with ${label} as they stand`, async function () {
      const path = join(folder(), name);
      writeFileSync(
        path,
        snippets()
          .find((snippet) => snippet.label === label)
          ?.text(facts) ?? '',
      );
      try {
        await run(program, [path]);
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code === 'ENOENT') this.skip();
        throw error;
      }
      const types = ['job.started', 'phase.started', 'phase.completed', 'job.completed'];
      assert.deepEqual(
        received,
        types.map((type) => [`Bearer ${TOKEN}`, type]),
      );
    }).timeout(10_000);

  it('start the agent on the data directory of the window, named as the machine', async () => {
    const cli = join(folder(), "it's cli.mjs");
    writeFileSync(
      cli,
      'console.log(JSON.stringify([process.env.PIPESCOPE_DATA_DIR, ...process.argv.slice(2)]))',
    );
    const { stdout } = await run('bash', ['-c', agentSnippet().text({ ...facts, cli })]);
    const machine = (await run('hostname')).stdout.trim();
    assert.deepEqual(JSON.parse(stdout), [facts.dataDir, 'agent', '--worker-id', machine]);
  });

  it('never hold the token', () => {
    for (const { text } of snippets()) assert.ok(!text(facts).includes(TOKEN));
  });
});
