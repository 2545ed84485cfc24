// What holds for every text: it is read without a failure, in a time that its length bounds.
import assert from 'node:assert/strict';
import fc from 'fast-check';
import { LANGUAGES } from '../../../src/stack/languages.ts';
import { plain, withoutPrefix } from '../../../src/stack/lines.ts';
import { frameInLine, type ParsedError, parseError, parseStack } from '../../../src/stack/parse.ts';

/** Pieces that patterns look for: in any order they are the hardest texts. */
const PIECES = [
  'Traceback (most recent call last):',
  '  File "/a.py", line 3, in f',
  '  File "',
  'ValueError: bad',
  'E   assert',
  '    at f (/a.js:1:2)',
  '\tat a.B.c(B.java:12)',
  'Caused by: x.YException: z',
  '[cause]: Error: x',
  "thread 'main' panicked at src/a.rs:1:2:",
  'error[E0308]: no',
  '  --> a.rs:1:2',
  'goroutine 1 [running]:',
  '\t/a/b.go:12 +0x1',
  'panic: ',
  '   at A.B() in /a.cs:line 5',
  ' ---> System.XException: y',
  '   --- End of inner exception stack trace ---',
  "a.rb:1:in `f': x (Y)",
  '#1 /a.php(3): f()',
  'PHP Fatal error:  Uncaught X: y in /a.php:1',
  'Next X: y in /a.php:2',
  '#0      f (file:///a.dart:1:2)',
  'Unhandled exception:',
  'Error in f(x) : ',
  'Execution halted',
  'x.sh: line 3: y: command not found',
  'awk: syntax error at source line 3',
  'psql:a.sql:3: ERROR:  x',
  'LINE 1: ',
  'Database Error in model x (y.sql)',
  'a.c:1:2: error: x',
  'make: *** [Makefile:2: all] Error 1',
  'Error in rule x:',
  "Error executing process > 'x'",
  'Command error:',
  'Work dir:',
  "-- Check script 'a.nf' at line: 3",
  '2026-11-22T10:00:00Z ',
  '[task 3] ',
  '\u001b[31m',
  '\u001b]8;;',
  '│ ',
  '  | ',
  ':12345678901234567890:',
  '(',
  ')',
  "'",
  '"',
  '\r',
  '\n',
  '\n\n',
  ' ',
  'a',
  ':1',
  '/',
  '\\',
  '\u0000',
  '\ud800',
];

const soup = fc
  .array(fc.oneof(fc.constantFrom(...PIECES), fc.string({ maxLength: 12 })), { maxLength: 120 })
  .map((parts) => parts.join(''));
const lines = fc.array(fc.constantFrom(...PIECES), { maxLength: 120 }).map((all) => all.join('\n'));

function check(error: ParsedError): void {
  assert.ok(error.message === null || (error.message !== '' && !error.message.includes('\n')));
  assert.ok(error.frames.length <= 200);
  for (const { file, line, column } of error.frames) {
    assert.ok(file.length > 0 && file.length <= 2000);
    assert.ok(Number.isSafeInteger(line) && line >= 0 && line < 1e9, `${line}`);
    assert.ok(column === null || (Number.isSafeInteger(column) && column >= 0 && column < 1e9));
  }
  for (const cause of error.causes) check(cause);
}

describe('any text', () => {
  for (const [name, text] of Object.entries({ 'in one piece': soup, 'in lines': lines }))
    it(`is read without a failure, ${name}`, () => {
      fc.assert(
        fc.property(text, (given) => {
          const error = parseError(given);
          if (error) check(error);
          for (const line of given.split('\n')) {
            const found = frameInLine(line);
            if (!found) continue;
            assert.ok(0 <= found.start && found.start < found.end && found.end <= line.length);
          }
        }),
        { numRuns: 500 },
      );
    });

  it('gives the same with escape sequences in it as without', () => {
    fc.assert(
      fc.property(
        lines,
        fc.constantFrom('\u001b[0m', '\u001b[38;5;1m', '\u001b[K'),
        (text, code) => {
          const bare = plain(text);
          const coloured = bare.split('\n').map((line) => `${code}${line}${code}`);
          assert.deepEqual(parseError(coloured.join('\n')), parseError(bare));
        },
      ),
    );
  });

  it('loses no more than its beginning with a prefix', () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 300 }), (line) => {
        assert.ok(line.endsWith(withoutPrefix(line)));
      }),
    );
  });

  it('takes a line of any kind no longer than its length allows', function () {
    this.timeout(60_000);
    const fill = [
      'a',
      ' ',
      'a.',
      '/',
      '(',
      ':',
      '1',
      'Error',
      'Exception ',
      ' in ',
      'at ',
      '"',
      '[',
      '-',
      '\\',
    ];
    const heads = [...PIECES, ''];
    for (const head of heads)
      for (const piece of fill) {
        const line = (head.replaceAll('\n', '') + piece.repeat(2000)).slice(0, 2000);
        const began = process.cpuUsage();
        for (const language of LANGUAGES) {
          language.frameIn(line);
          language.find([line, line, line]);
        }
        const { user, system } = process.cpuUsage(began);
        const ms = (user + system) / 1000;
        assert.ok(
          ms < 60,
          `${ms} ms for ${JSON.stringify(head)} and many ${JSON.stringify(piece)}`,
        );
      }
  });
});

const BYTES = 10_000_000;
const filled = (piece: string): string =>
  piece.repeat(Math.ceil(BYTES / piece.length)).slice(0, BYTES);

/** Ten megabytes of it. */
const HUGE: Record<string, string> = {
  'one line without an end': 'x',
  'one line of words': 'Error at File "x" in line ',
  'lines of one character': 'x\n',
  'empty lines': '\n',
  'at at at': 'at ',
  'lines of at': '    at at at\n',
  'errors without frames': 'Error: x\n',
  'frames without errors': '  File "a.py", line 3, in f\n',
  'frames of Ruby': "a.rb:1:in 'f'\n",
  'half frames': '   at x in y in /a:\n',
  'escape sequences': '\u001b[',
  'titles that do not end': '\u001b]0;',
  progress: '10%\r',
  'a log': '2026-11-22T10:00:00Z INFO task 12 of 30 in file x.py: Error 0\n',
  'reports of Nextflow': "Error executing process > 'x'\n",
  'rules of Snakemake': 'Error in rule x:\n',
  tracebacks:
    'Traceback (most recent call last):\n  File "/a.py", line 3, in f\n    go()\nValueError: bad\n\n',
  'every kind of line': `${PIECES.join('\n')}\n`,
};

describe('ten megabytes', function () {
  this.timeout(60_000);
  for (const [name, piece] of Object.entries(HUGE))
    it(`of ${name} take less than a second`, () => {
      const text = filled(piece);
      const began = process.cpuUsage();
      parseStack(text);
      const { user, system } = process.cpuUsage(began);
      const ms = (user + system) / 1000;
      assert.ok(ms < 1000, `${ms} ms`);
    });

  it('have their error found at the end and at the start', () => {
    const trace =
      '\nTraceback (most recent call last):\n  File "/a.py", line 3, in f\nValueError: bad\n';
    const noise = filled('all is well\n');
    for (const text of [noise + trace, trace + noise])
      assert.equal(parseError(text)?.primary?.file, '/a.py');
  });
});
