import assert from 'node:assert/strict';
import { basename, dirname } from 'node:path';
import { parseError, parseStack } from '../../../src/stack/parse.ts';
import { has, pythons, useFolder } from './support/programs.ts';
import { told } from './support/told.ts';

const FILES = {
  'chain.py': `def inner():
    raise KeyError('a')
def outer():
    try:
        inner()
    except KeyError as error:
        raise ValueError('bad\\nsecond line') from error
outer()
`,
  'group.py': `def fails():
    raise TypeError('one')
errors = []
try:
    fails()
except Exception as error:
    errors.append(error)
raise ExceptionGroup('many', [ExceptionGroup('in', errors), ValueError(2)])
`,
  'syntax.py': 'x = 1\ndef f(:\n  pass\n',
  'fault.py': 'import faulthandler, os\nfaulthandler.enable()\ndef f():\n    os.abort()\nf()\n',
  'library.py': 'import json\ndef load():\n    return json.loads("{")\nload()\n',
  'recursive.py': 'def f(n):\n    return f(n + 1)\nf(0)\n',
  'empty.py': 'raise AssertionError\n',
};

describe('errors of Python', function () {
  this.timeout(60_000);
  const folder = useFolder();
  before(() => folder.write(FILES));
  const interpreters = pythons();
  if (interpreters.length === 0) it('cannot be made on this machine');

  for (const python of interpreters) {
    const name = basename(dirname(dirname(python)));
    it(`are read as Python ${name === '.' ? 'of the path' : name} prints them`, () => {
      const at = (file: string, line: number): string => `${folder.path}/${file}:${line}`;
      const says = (file: string): string => told(folder.run(python, [file]));
      assert.equal(
        says(`${folder.path}/chain.py`),
        `python ValueError: bad @ ${at('chain.py', 7)} < python KeyError: 'a' @ ${at('chain.py', 2)}`,
      );
      assert.match(says(`${folder.path}/syntax.py`), /^python SyntaxError: .+syntax\.py:2$/);
      assert.equal(
        says(`${folder.path}/fault.py`),
        `python Fatal Python error: Aborted @ ${at('fault.py', 4)}`,
      );
      assert.match(
        says(`${folder.path}/library.py`),
        new RegExp(`^python json\\.decoder\\.JSONDecodeError: .+ @ ${at('library.py', 3)}$`),
      );
      assert.match(
        says(`${folder.path}/recursive.py`),
        /^python RecursionError: .+recursive\.py:2$/,
      );
      assert.equal(
        says(`${folder.path}/empty.py`),
        `python AssertionError: - @ ${at('empty.py', 1)}`,
      );
    });
  }

  it('of a group are those of its first leaf', function () {
    if (!has('python3')) this.skip();
    const text = folder.run('python3', [`${folder.path}/group.py`]);
    if (text.includes('NameError')) this.skip(); // before 3.11 there are no groups
    assert.equal(told(text), `python TypeError: one @ ${folder.path}/group.py:2`);
  });

  it('lead to the root cause first, and from there outwards', function () {
    if (!has('python3')) this.skip();
    const frames = parseStack(folder.run('python3', [`${folder.path}/chain.py`]));
    assert.deepEqual(
      frames.map(({ line, function: name }) => [line, name]),
      [
        [2, 'inner'],
        [5, 'outer'],
        [7, 'outer'],
        [8, '<module>'],
      ],
    );
  });

  it('are found in the colours of a terminal, between lines of a log, in containers and journals', () => {
    const lines = [
      'Traceback (most recent call last):',
      '  File "/app/a.py", line 3, in run',
      '    go()',
      'ValueError: bad',
    ];
    const wanted = 'python ValueError: bad @ /app/a.py:3';
    const prefixes = [
      '2026-11-22T10:00:00.123Z ',
      '2026-11-22 10:00:00,123 ERROR ',
      'worker-1  | ',
      'Nov 22 10:00:00 host unit[12]: ',
      '[task 3] ',
      '2026-11-22T10:00:00.123456789Z stderr F ',
    ];
    for (const prefix of prefixes)
      assert.equal(told(lines.map((line) => prefix + line).join('\n')), wanted, prefix);
    const colours = lines
      .map((line) => `\u001b[31;1m${line}\u001b[0m\u001b]8;;x\u0007`)
      .join('\r\n');
    assert.equal(told(colours), wanted);
    assert.equal(told(`10%\r20%\r${lines.join('\n')}`), wanted);
  });

  it('are read from notebooks and from the boxes of rich', () => {
    const notebook = `---------------------------------------------------------------------------
ValueError                                Traceback (most recent call last)
Cell In[1], line 1
----> 1 run()

File ~/work/a.py:3, in run()
      2 def run():
----> 3     raise ValueError('bad')

ValueError: bad`;
    assert.equal(told(notebook), 'python ValueError: bad @ ~/work/a.py:3');
    const rich = `╭──────── Traceback (most recent call last) ────────╮
│ /app/main.py:9 in <module>                        │
│                                                   │
│ ❱ 9 run()                                         │
│                                                   │
│ /app/a.py:3 in run                                │
╰───────────────────────────────────────────────────╯
ValueError: bad`;
    assert.equal(told(rich), 'python ValueError: bad @ /app/a.py:3');
  });

  it('are none in prose, and frames alone are no error', () => {
    assert.equal(parseError('File a report.\nTraceback is a word, error: none'), null);
    assert.equal(parseError('  File "/a.py", line 1, in f')?.type, null);
  });
});

describe('failures of pytest', () => {
  const folder = useFolder();
  before(() =>
    folder.write({
      'test_it.py': `def helper(n):
    return 1 / n
def test_passes():
    pass
def test_divides():
    assert helper(0) == 1
`,
      'test_same.py': `def test_same():
    assert [1, 2] == [1, 3], 'differs'
`,
    }),
  );

  for (const style of ['long', 'short', 'native'])
    it(`are read in the ${style} style`, function () {
      if (
        !has('python3') ||
        !folder.run('python3', ['-m', 'pytest', '--version']).includes('pytest ')
      )
        this.skip();
      const args = ['-m', 'pytest', '-q', '-p', 'no:cacheprovider', `--tb=${style}`];
      const divides = told(folder.run('python3', [...args, 'test_it.py']));
      assert.match(divides, /^python ZeroDivisionError: division by zero @ .*test_it\.py:2$/);
      const same = told(folder.run('python3', [...args, 'test_same.py']));
      assert.match(same, /^python AssertionError: differs.* @ .*test_same\.py:2$/);
    });
});
