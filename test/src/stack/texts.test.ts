// Errors of languages that need not be on this machine, as their programs print them.
import assert from 'node:assert/strict';
import { parseError, parseStack } from '../../../src/stack/parse.ts';
import { told } from './support/told.ts';

/** What a text is about, and how its language prints it. */
const TEXTS: readonly (readonly [about: string, wanted: string, text: string])[] = [
  [
    'Go: the goroutine that raised it, without the runtime',
    'go panic: runtime error: index out of range [7] with length 1 @ /app/main.go:6',
    `panic: runtime error: index out of range [7] with length 1 [recovered]

goroutine 1 [running]:
main.at(...)
	/usr/local/go/src/runtime/panic.go:88 +0x1d
main.at(0xc000012345)
	/app/main.go:6 +0x39
main.main()
	/app/main.go:11 +0x58

goroutine 18 [chan receive]:
main.worker()
	/app/worker.go:3 +0x1
exit status 2`,
  ],
  [
    'Go: a deadlock',
    'go fatal error: all goroutines are asleep - deadlock! @ /app/main.go:5',
    'fatal error: all goroutines are asleep - deadlock!\n\ngoroutine 1 [chan receive]:\nmain.main()\n\t/app/main.go:5 +0x25',
  ],
  [
    'Go: its compiler',
    'go error: undefined: nope @ ./main.go:6:2',
    '# app\n./main.go:6:2: undefined: nope\n./main.go:9:2: undefined: other',
  ],
  [
    'Go: a test',
    'go FAIL: got 1, want 2 @ main_test.go:12',
    '--- FAIL: TestIt (0.00s)\n    main_test.go:12: got 1, want 2\nFAIL',
  ],
  [
    'C#: inner exceptions stand inside the outer one',
    'csharp System.Exception: outer @ /app/Program.cs:14 < csharp System.InvalidOperationException: inner @ /app/Low.cs:5',
    `Unhandled exception. System.Exception: outer
 ---> System.InvalidOperationException: inner
   at System.Linq.Enumerable.First[T](IEnumerable\`1 source)
   at App.Low.Go(String x) in /app/Low.cs:line 5
   --- End of inner exception stack trace ---
   at App.Program.Main(String[] args) in /app/Program.cs:line 14`,
  ],
  [
    'C#: its compiler',
    "csharp CS0103: The name 'x' does not exist in the current context @ /app/Program.cs:3:5",
    "/app/Program.cs(3,5): error CS0103: The name 'x' does not exist in the current context [/app/app.csproj]",
  ],
  [
    'Ruby: the class stands behind the message',
    'ruby ZeroDivisionError: divided by 0 @ a.rb:2',
    "a.rb:2:in '/': divided by 0 (ZeroDivisionError)\n\tfrom a.rb:2:in 'Object#half'\n\tfrom a.rb:5:in '<main>'",
  ],
  [
    'Ruby: gems are not where to look',
    'ruby RuntimeError: no @ app/jobs/a.rb:7',
    "/usr/lib/ruby/gems/3.1.0/gems/x-1/lib/x.rb:9:in `call': no (RuntimeError)\n\tfrom app/jobs/a.rb:7:in `run'",
  ],
  [
    'Ruby: a syntax error',
    'ruby SyntaxError: syntax error, unexpected end-of-input @ a.rb:3',
    'a.rb:3: syntax error, unexpected end-of-input',
  ],
  [
    'rspec',
    'ruby -: expected: 2 @ ./spec/a_spec.rb:4',
    "  1) Sum adds\n     Failure/Error: expect(1).to eq 2\n\n       expected: 2\n            got: 1\n\n     # ./spec/a_spec.rb:4:in `block (2 levels) in <top (required)>'",
  ],
  [
    'PHP: what came before is the cause',
    'php RuntimeException: outer @ /app/b.php:9 < php LogicException: inner @ /app/a.php:3',
    `PHP Fatal error:  Uncaught LogicException: inner in /app/a.php:3
Stack trace:
#0 /app/b.php(7): low()
#1 {main}

Next RuntimeException: outer in /app/b.php:9
Stack trace:
#0 {main}
  thrown in /app/b.php on line 9`,
  ],
  [
    'PHP: a parse error',
    'php Parse error: syntax error, unexpected token ";" @ /app/a.php:3',
    'PHP Parse error:  syntax error, unexpected token ";" in /app/a.php on line 3',
  ],
  [
    'Dart: a thrown object has no type',
    'dart -: Bad state: oops @ /app/bin/main.dart:16:3',
    'Unhandled exception:\nBad state: oops\n#0      fail (file:///app/bin/main.dart:16:3)\n#1      main (dart:isolate-patch/isolate_patch.dart:265)',
  ],
  [
    'Dart: its compiler',
    "dart error: Expected ';' after this. @ lib/a.dart:3:5",
    "lib/a.dart:3:5: Error: Expected ';' after this.",
  ],
  [
    'R: the message may stand on the next line',
    "r Error: 'names' attribute [4] must be the same length",
    "Loading required package: Rcpp\nError in names(answer) <- names1 : \n  'names' attribute [4] must be the same length\nExecution halted",
  ],
  [
    'R: with the place, where it was asked to say it',
    'r Error: no @ run.R:3',
    'Error in f() (from run.R#3) : no\nCalls: f\nExecution halted',
  ],
  [
    'R: a script that cannot be read',
    'r Error: run.R:3:5: unexpected symbol @ run.R:3:5',
    'Error in source("run.R") : run.R:3:5: unexpected symbol\nExecution halted',
  ],
  [
    'zsh',
    'bash command not found: command not found: tabix @ run.zsh:2',
    'run.zsh:2: command not found: tabix',
  ],
  [
    'gawk',
    'awk fatal: awk: sum.awk:3: (FILENAME=- FNR=1) fatal: division by zero @ sum.awk:3',
    'awk: sum.awk:3: (FILENAME=- FNR=1) fatal: division by zero',
  ],
  [
    'psql: the file; the column is one of the statement',
    'sql ERROR: column "nope" does not exist @ load.sql:3',
    'psql:load.sql:3: ERROR:  column "nope" does not exist\nLINE 1: select nope from x;\n               ^',
  ],
  [
    'Postgres without a file',
    'sql ERROR: column "nope" does not exist @ ?:2:8',
    'ERROR:  column "nope" does not exist\nLINE 2: select nope from x;\n               ^',
  ],
  [
    'mysql',
    'sql ERROR 1064: You have an error in your SQL syntax @ ?:3',
    'ERROR 1064 (42000) at line 3: You have an error in your SQL syntax',
  ],
  [
    'dbt: the model, because its lines are those of the compiled statement',
    'dbt Database Error: column "nope" does not exist @ models/orders.sql:1',
    `10:00:00    Database Error in model orders (models/orders.sql)
10:00:00    column "nope" does not exist
10:00:00    LINE 10: select nope
10:00:00    compiled code at target/run/shop/models/orders.sql`,
  ],
  [
    'dbt: a compilation error names a line of the model',
    "dbt Compilation Error: 'nope' is undefined @ models/orders.sql:3",
    "Compilation Error in model orders (models/orders.sql)\n  'nope' is undefined\n  line 3\n    {{ nope }}",
  ],
  [
    'Snakemake 8: the rule wraps what its script printed',
    "snakemake CalledProcessError: Command 'python s.py' returned non-zero exit status 1. @ /w/Snakefile:25 < python ValueError: bad @ /w/s.py:3",
    `Traceback (most recent call last):
  File "/w/s.py", line 3, in <module>
    go()
ValueError: bad
RuleException:
CalledProcessError in file "/w/Snakefile", line 25:
Command 'python s.py' returned non-zero exit status 1.
[Fri Jun  4 08:54:24 2021]`,
  ],
  [
    'Snakemake: a Snakefile that cannot be read',
    'snakemake SyntaxError: invalid syntax @ /w/Snakefile:3',
    'SyntaxError in file "/w/Snakefile", line 3:\ninvalid syntax',
  ],
  [
    'Nextflow: the process wraps what its command printed',
    "nextflow Error executing process: Process `SUM (a)` terminated with an error exit status (1) @ main.nf:12 < python KeyError: 'a' @ /w/bin/sum.py:4",
    `ERROR ~ Error executing process > 'SUM (a)'

Caused by:
  Process \`SUM (a)\` terminated with an error exit status (1)

Command executed:

  sum.py a

Command exit status:
  1

Command error:
  Traceback (most recent call last):
    File "/w/bin/sum.py", line 4, in <module>
      x['a']
  KeyError: 'a'

Work dir:
  /w/work/20/4f63e680b16ec29bb9898a8bed1053

 -- Check script 'main.nf' at line: 12 or see '.nextflow.log' file for more details`,
  ],
  [
    'Nextflow: an error of the script itself',
    'nextflow ERROR: No such variable: nope @ main.nf:3',
    "ERROR ~ No such variable: nope\n\n -- Check script 'main.nf' at line: 3 or see '.nextflow.log' file for more details",
  ],
  [
    'Nextflow: its compiler',
    "nextflow Script compilation error: Unexpected input: '{' @ /w/main.nf:3:5",
    "ERROR ~ Script compilation error\n- file : /w/main.nf\n- cause: Unexpected input: '{' @ line 3, column 5.",
  ],
];

describe('errors as they are printed', () => {
  for (const [about, wanted, text] of TEXTS)
    it(about, () => {
      assert.equal(told(text), wanted);
      // The same in the colours of a terminal, with the line ends of Windows.
      const coloured = text.replaceAll('\n', '\u001b[0m\r\n\u001b[31m');
      assert.equal(told(coloured), wanted);
    });

  it('are none in what only looks like it', () => {
    const prose = [
      'We met at noon (see notes:12).',
      'at 10:30 the job ended',
      '12:30:45 INFO listening on localhost:8080',
      'error: could not read 3 files',
      'Errors: 0, warnings: 2',
      'a.c:3:5: warning: unused variable',
      'ratio 3:5: good',
    ];
    for (const line of prose) assert.equal(parseError(line), null, line);
    assert.equal(parseError(prose.join('\n')), null);
  });

  it('of several, the last counts', () => {
    const java = 'java.io.IOException: one\n\tat a.B.c(B.java:1)';
    const ruby = "a.rb:2:in 'f': two (RuntimeError)";
    assert.equal(told(`${java}\n\n${ruby}`), 'ruby RuntimeError: two @ a.rb:2');
    assert.equal(told(`${ruby}\n\n${java}`), 'java java.io.IOException: one @ B.java:1');
  });

  it('have the package path of a class and of a Dart package beside the name of the file', () => {
    assert.deepEqual(parseStack('x.YException: z\n\tat com.a.B.c(B.java:1)')[0]?.also, [
      'com/a/B.java',
    ]);
    const dart = 'Unhandled exception:\nno\n#0      f (package:shop/src/a.dart:1:2)';
    assert.deepEqual(parseStack(dart)[0]?.also, ['lib/src/a.dart']);
  });
});
