// Loaded by VS Code in the extension host in place of the test runner; see runnerLink.ts.
const fs = require('node:fs');
const util = require('node:util');

const { PIPESCOPE_TEST_RUNNER, PIPESCOPE_TEST_OUTPUT, PIPESCOPE_TEST_VERDICT } = process.env;

exports.run = async () => {
  captureOutput(fs.openSync(PIPESCOPE_TEST_OUTPUT, 'a'));
  let ok = false;
  try {
    await require(PIPESCOPE_TEST_RUNNER).run();
    ok = true;
  } finally {
    fs.writeFileSync(PIPESCOPE_TEST_VERDICT, JSON.stringify({ ok }));
  }
};

function captureOutput(file) {
  const colors = Boolean(process.env.FORCE_COLOR);
  const print = (...values) => {
    fs.writeSync(file, `${util.formatWithOptions({ colors }, ...values)}\n`);
  };
  // VS Code has its own setters on `console`, which ignore a plain assignment.
  for (const name of ['log', 'info', 'debug', 'warn', 'error']) {
    Object.defineProperty(console, name, { configurable: true, writable: true, value: print });
  }
  for (const stream of [process.stdout, process.stderr]) {
    stream.write = (chunk, encoding, callback) => {
      fs.writeSync(file, chunk.toString());
      const done = typeof encoding === 'function' ? encoding : callback;
      done?.();
      return true;
    };
  }
}
