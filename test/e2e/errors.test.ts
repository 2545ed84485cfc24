// Programs that fail under `pipescope run`, each a row of the Problems panel that opens the line to look at.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { until } from '../src/wire/until.ts';
import { root } from '../support/paths.ts';
import { needsVscode } from '../support/skip.ts';
import { makeTempDir, removeTempDir } from '../support/tempDir.ts';
import { openSession, type Session } from '../support/vscode/session.ts';
import {
  activeEditor,
  cursorPosition,
  openContainer,
  openProblems,
} from '../support/vscode/ui/index.ts';

interface Failing {
  name: string;
  file: string;
  line: number;
  text: string;
  command: readonly string[];
  /** Run before, for what has to be built. */
  build?: readonly string[];
}

const PROGRAMS: readonly Failing[] = [
  {
    name: 'Python',
    file: 'prices.py',
    line: 2,
    text: "def low():\n    raise KeyError('a')\ntry:\n    low()\nexcept KeyError as error:\n    raise ValueError('bad') from error\n",
    command: ['python3', 'prices.py'],
  },
  {
    name: 'Node',
    file: 'src/rows.mjs',
    line: 3,
    text: "import { readFileSync } from 'node:fs';\nfunction read(name) {\n  return readFileSync(name);\n}\nread('gone.csv');\n",
    command: ['node', 'src/rows.mjs'],
  },
  {
    name: 'Java',
    file: 'java/app/core/Sum.java',
    line: 4,
    text: 'package app.core;\npublic class Sum {\n  public static void main(String[] args) {\n    throw new IllegalStateException("no sum");\n  }\n}\n',
    command: ['java', '-cp', 'out', 'app.core.Sum'],
    build: ['javac', '-d', 'out', 'java/app/core/Sum.java'],
  },
];

describe('programs that fail under pipescope run', function () {
  needsVscode();
  this.timeout(120_000);
  const folder = makeTempDir('errors');
  let session: Session;
  before(async () => {
    for (const { file, text } of PROGRAMS) {
      mkdirSync(dirname(join(folder, file)), { recursive: true });
      writeFileSync(join(folder, file), text);
    }
    session = await openSession({ folder });
    await openContainer(session.page, 'Pipescope');
    await session.service();
  });
  after(async () => {
    await session?.close();
    removeTempDir(folder);
  });

  const run = (args: readonly string[]): { status: number | null; missing: boolean } => {
    const [command = '', ...rest] = args;
    const env = { ...process.env, PIPESCOPE_DATA_DIR: session.dataFolder };
    const { status, error } = spawnSync(command, rest, { cwd: folder, env, timeout: 60_000 });
    return { status, missing: error !== undefined };
  };

  for (const { name, file, line, command, build } of PROGRAMS)
    it(`a failure of ${name} opens at its line`, async function () {
      if (run([command[0] ?? '', '-version']).missing || (build && run(build).status !== 0))
        return this.skip();
      const cli = [process.execPath, join(root, 'dist/cli.js'), 'run'];
      assert.equal(run([...cli, '--name', `${name} run`, '--', ...command]).status, 1);
      const rows = await openProblems(session.page);
      const problem = rows.filter({ hasText: `${name} run: ` }).first();
      await problem.waitFor({ timeout: 30_000 });
      await problem.dblclick();
      const tab = file.split('/').at(-1);
      await until('the editor', async () => (await activeEditor(session.page)) === tab, 15_000);
      await until(
        `line ${line}`,
        async () => (await cursorPosition(session.page)).line === line,
        15_000,
      );
    });
});
