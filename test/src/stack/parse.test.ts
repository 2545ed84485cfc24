import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import fc from 'fast-check';
import { frameInLine, framesOfError, isLibrary, parseStack } from '../../../src/stack/parse.ts';
import { choosePlace, findPlaces } from '../../../src/stack/place.ts';

const NODE = `TypeError: Cannot read properties of undefined (reading 'x')
    at inner (/app/src/a.ts:3:15)
    at async Promise.all (index 0)
    at async Object.run [as go] (file:///app/my%20src/b.mjs:20:1)
    at C:\\work\\c.js:7:9
    at new Thing (/app/(odd)/d.js:1:2)
    at node:internal/main/run_main_module:28:49
    at processTicksAndRejections (node:internal/process/task_queues:95:5)`;

const PYTHON = `Traceback (most recent call last):
  File "/app/main.py", line 10, in <module>
    run()
  File "/app/lib/run.py", line 4, in run
    raise ValueError("bad")
ValueError: bad`;

describe('reading stack traces', () => {
  it('finds the frames of Node, innermost first, without those of Node itself', () => {
    assert.deepEqual(
      parseStack(NODE).map(({ file, line, column, function: name }) => [file, line, column, name]),
      [
        ['/app/src/a.ts', 3, 15, 'inner'],
        ['/app/my src/b.mjs', 20, 1, 'Object.run [as go]'],
        ['C:\\work\\c.js', 7, 9, null],
        ['/app/(odd)/d.js', 1, 2, 'new Thing'],
      ],
    );
  });

  it('finds the frames of Python, innermost first', () => {
    assert.deepEqual(parseStack(PYTHON), [
      { file: '/app/lib/run.py', line: 4, column: null, function: 'run' },
      { file: '/app/main.py', line: 10, column: null, function: '<module>' },
    ]);
  });

  it('finds the place of a syntax error above its excerpt', () => {
    const [first] = parseStack('/app/x.mjs:12\nconst = 1;\n      ^\nSyntaxError: Unexpected token');
    assert.deepEqual([first?.file, first?.line], ['/app/x.mjs', 12]);
  });

  it('finds none in prose', () => {
    const prose =
      'We met at noon (see notes:12).\nFile a report at desk 4:1\nat 10:30 the job ended';
    assert.deepEqual(parseStack(prose), []);
  });

  it('reads what a real Node prints', () => {
    const code =
      'try { (function inner() { null.x })() } catch (error) { console.log(error.stack) }';
    const stack = execFileSync(process.execPath, ['-e', code], { encoding: 'utf8' });
    assert.deepEqual(parseStack(stack), []); // [eval] is no file
    assert.equal(parseStack(new Error('here').stack ?? '')[0]?.file, import.meta.filename);
  });

  it('takes the place an error names where its stack does not have it', () => {
    const own = { file: 'a.py', line: 3, column: null, function: null };
    assert.deepEqual(framesOfError({ file: 'a.py', line: 3 }), [own]);
    assert.deepEqual(
      framesOfError({ stack: '  File "a.py", line 3, in f', file: 'a.py', line: 3 }).length,
      1,
    );
    assert.equal(framesOfError({ stack: PYTHON, file: 'z.py', line: 1 }).at(-1)?.file, 'z.py');
  });

  it('gives back every Python frame that was written', () => {
    const file = fc.stringMatching(/^[\w ./-]{1,40}$/);
    const frames = fc.array(fc.tuple(file, fc.integer({ min: 1, max: 999_999 })), {
      maxLength: 50,
    });
    fc.assert(
      fc.property(frames, (written) => {
        const text = written
          .map(([name, line]) => `  File "${name}", line ${line}, in f`)
          .join('\n');
        const read = parseStack(text).map(({ file: name, line }) => [name, line]);
        assert.deepEqual(read, [...written].reverse());
      }),
    );
  });

  it('gives back every Node frame that was written', () => {
    const file = fc.stringMatching(/^\/[\w./@-]{1,40}[a-z]$/);
    const place = fc.tuple(file, fc.nat(999_999), fc.nat(999));
    fc.assert(
      fc.property(fc.array(place, { maxLength: 50 }), (written) => {
        const text = written
          .map(([name, line, column]) => `    at f (${name}:${line}:${column})`)
          .join('\n');
        const read = parseStack(text).map(({ file: name, line, column }) => [name, line, column]);
        assert.deepEqual(read, written);
      }),
    );
  });

  it('takes any text in a moment, and links only characters that are there', () => {
    const text = fc.oneof(
      fc.string({ maxLength: 3000 }),
      fc.constantFrom('at '.repeat(900), '| '.repeat(1500), ' at ('.repeat(500)),
    );
    fc.assert(
      fc.property(text, (line) => {
        const began = performance.now();
        const found = frameInLine(line.slice(0, 2000));
        parseStack(line);
        assert.ok(performance.now() - began < 200);
        if (found)
          assert.ok(found.start >= 0 && found.start < found.end && found.end <= line.length);
      }),
    );
  });
});

describe('choosing where to look first', () => {
  const frames = [
    '/ws/node_modules/x/i.js',
    '/out/side.js',
    '/ws/src/b.js',
    '/ws/src/a.js',
    '/gone.js',
  ].map((file) => ({ file, line: 1, column: null, function: null }));
  const find = ({ file }: { file: string }) =>
    Promise.resolve(
      file === '/gone.js' ? undefined : { uri: file, inWorkspace: file.startsWith('/ws/') },
    );

  it("prefers a person's own code in the workspace to installed code around it", async () => {
    const places = await findPlaces(frames, find);
    assert.deepEqual(
      places.map(({ uri }) => uri),
      frames.slice(0, 4).map(({ file }) => file),
    );
    assert.equal(choosePlace(places)?.uri, '/ws/src/b.js');
    assert.equal(choosePlace(places.slice(0, 2))?.uri, '/ws/node_modules/x/i.js');
    assert.equal(choosePlace(places.slice(1, 2)), undefined);
    assert.equal(isLibrary('/usr/lib/python3/site-packages/x.py'), true);
  });
});
