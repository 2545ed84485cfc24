// Errors of languages whose compilers are on this machine, made by them: Java, Rust, C.
import assert from 'node:assert/strict';
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { parseStack } from '../../../src/stack/parse.ts';
import { has, useFolder } from './support/programs.ts';
import { told } from './support/told.ts';

const MAIN = `package app.core;
public class Main {
  static void low() { throw new IllegalStateException("low:\\nmore"); }
  static void mid() {
    try { low(); } catch (IllegalStateException error) { throw new RuntimeException("mid", error); }
  }
  public static void main(String[] args) { java.util.List.of(1).forEach(n -> mid()); }
}
`;

/** The folders of the Java compilers here, that of the path first. */
function javas(): string[] {
  const parent = '/usr/lib/jvm';
  const homes = existsSync(parent) ? readdirSync(parent).filter((name) => /\d/.test(name)) : [];
  const bins = homes
    .map((name) => join(parent, name, 'bin'))
    .filter((bin) => existsSync(join(bin, 'javac')));
  return has('javac', '-version') ? ['', ...bins] : bins;
}

describe('errors of Java', function () {
  this.timeout(120_000);
  const folder = useFolder();
  before(() =>
    folder.write({
      'src/app/core/Main.java': MAIN,
      'Bad.java': 'public class Bad {\n  int x = "a";\n}\n',
    }),
  );
  const homes = javas();
  if (homes.length === 0) it('cannot be made on this machine');
  for (const bin of new Set(homes)) {
    it(`are read as ${bin || 'the Java of the path'} prints them`, () => {
      const program = (name: string): string => (bin ? join(bin, name) : name);
      folder.run(program('javac'), ['-d', 'out', 'src/app/core/Main.java']);
      const text = folder.run(program('java'), ['-cp', 'out', 'app.core.Main']);
      assert.equal(
        told(text),
        'java java.lang.RuntimeException: mid @ Main.java:5 < java java.lang.IllegalStateException: low: @ Main.java:3',
      );
      assert.deepEqual(parseStack(text)[0]?.also, ['app/core/Main.java']);
      assert.equal(
        told(folder.run(program('javac'), ['Bad.java'])),
        'java error: incompatible types: String cannot be converted to int @ Bad.java:2:11',
      );
    });
  }
});

describe('errors of Scala, Kotlin and the build tools of the JVM', () => {
  it('are read from traces, with the loader before the class and the jar behind it', () => {
    const text = `Exception in thread "main" scala.MatchError: 3 (of class java.lang.Integer)
	at scala.Predef$.require(Predef.scala:281) ~[scala-library.jar:?]
	at app//com.shop.Job$.$anonfun$run$1(Job.scala:17) ~[job.jar:1.0]
	Suppressed: java.io.IOException: closed
		at com.shop.Job$.close(Job.scala:40)
Caused by: kotlin.KotlinNullPointerException
	at com.shop.ReaderKt.read(Reader.kt:9)
	... 3 common frames omitted`;
    assert.equal(
      told(text),
      'java scala.MatchError: 3 (of class java.lang.Integer) @ Job.scala:17 < java kotlin.KotlinNullPointerException: - @ Reader.kt:9',
    );
  });

  it('are read from kotlinc, sbt and Maven', () => {
    const wanted = (file: string): string => `java error: type mismatch @ ${file}:3:5`;
    assert.equal(told('e: file:///app/A.kt:3:5 type mismatch'), wanted('/app/A.kt'));
    assert.equal(told('e: /app/A.kt: (3, 5): type mismatch'), wanted('/app/A.kt'));
    assert.equal(told('[error] /app/A.scala:3:5: type mismatch'), wanted('/app/A.scala'));
    assert.equal(told('[ERROR] /app/A.java:[3,5] type mismatch'), wanted('/app/A.java'));
  });
});

describe('errors of Rust', function () {
  this.timeout(120_000);
  const folder = useFolder();
  before(() =>
    folder.write({
      'panics.rs':
        'fn go(v: &Vec<i32>) -> i32 {\n    v[7]\n}\nfn main() {\n    let v = vec![1];\n    println!("{}", go(&v));\n}\n',
      'bad.rs': 'fn main() {\n    let x: i32 = "a";\n}\n',
    }),
  );

  it('are read as rustc and a panic print them', function () {
    if (!has('rustc')) this.skip();
    assert.equal(
      told(folder.run('rustc', ['bad.rs'])),
      'rust E0308: mismatched types @ bad.rs:2:18',
    );
    folder.run('rustc', ['-g', 'panics.rs']);
    const text = folder.run(join(folder.path, 'panics'), [], { RUST_BACKTRACE: '1' });
    // The column differs by the version.
    assert.match(
      told(text),
      /^rust panic: index out of bounds: the len is 1 but the index is 7 @ panics\.rs:2:\d$/,
    );
    const own = parseStack(text).filter(({ file }) => file.endsWith('panics.rs'));
    assert.ok(own.some(({ line, function: name }) => line === 6 && name?.includes('main')));
  });

  it('are read in the format before Rust 1.73, with a path of Windows', () => {
    const text = "thread 'main' panicked at 'no, 'none'', src\\main.rs:75:48\nstack backtrace:";
    assert.equal(told(text), "rust panic: no, 'none' @ src\\main.rs:75:48");
  });
});

describe('errors of C', function () {
  this.timeout(60_000);
  const folder = useFolder();
  before(() =>
    folder.write({
      'bad.c': 'int main(void) {\n  return nope;\n}\n',
      'link.c': 'int g(void);\nint main(void) {\n  return g();\n}\n',
      'assert.c': '#include <assert.h>\nint main(void) {\n  assert(1 == 2);\n}\n',
      'free.c':
        '#include <stdlib.h>\nint main(void) {\n  int *p = malloc(4);\n  free(p);\n  return *p;\n}\n',
      Makefile: 'all: bad.o\n\nbad.o: bad.c\n\t$(CC) -c bad.c\n\nfails:\n\tfalse\n',
    }),
  );

  it('are the first of the compiler, not what make says of them', function () {
    if (!has('gcc') || !has('make')) this.skip();
    assert.match(told(folder.run('make', [])), /^gcc error: .nope. undeclared .+ @ bad\.c:2:10$/);
    assert.match(
      told(folder.run('make', ['fails'])),
      /^make make: \[fails\] Error 1 @ Makefile:7$/,
    );
  });

  it('are read from the linker, assertions and sanitizers', function () {
    if (!has('gcc')) this.skip();
    assert.match(
      told(folder.run('gcc', ['-g', 'link.c'])),
      /undefined reference to .g' @ .*link\.c:3$/,
    );
    folder.run('gcc', ['assert.c', '-o', 'asserts']);
    assert.equal(
      told(folder.run(join(folder.path, 'asserts'), [])),
      'gcc Assertion: 1 == 2 @ assert.c:3',
    );
    folder.run('gcc', ['-g', '-fsanitize=address', 'free.c', '-o', 'frees']);
    if (!existsSync(join(folder.path, 'frees'))) return; // no sanitizer with this compiler
    assert.match(
      told(folder.run(join(folder.path, 'frees'), [])),
      /^gcc AddressSanitizer: heap-use-after-free @ .*free\.c:5$/,
    );
  });

  it('are read from CMake and MSVC', () => {
    assert.equal(
      told('CMake Error at CMakeLists.txt:5 (find_package):\n  Could not find X'),
      'gcc CMake Error: Could not find X @ CMakeLists.txt:5',
    );
    assert.equal(
      told("C:\\a\\main.c(3): error C2065: 'x': undeclared identifier [C:\\a\\a.vcxproj]"),
      "gcc C2065: 'x': undeclared identifier @ C:\\a\\main.c:3",
    );
  });
});
