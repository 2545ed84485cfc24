// The half of the bridge inside the extension host: runs the functions that bridge.ts sends. One JSON object a line, both ways.
const net = require('node:net');
const readline = require('node:readline');
const vscode = require('vscode');

exports.activate = (context) => {
  const address = process.env.PIPESCOPE_TEST_BRIDGE;
  if (!address) return;
  const socket = net.connect(address);
  const send = (message) => socket.write(`${JSON.stringify(message)}\n`);
  // The test has ended and closed its side.
  socket.on('error', () => socket.destroy());
  socket.on('connect', () => send({ hello: process.pid }));
  readline.createInterface({ input: socket }).on('line', async (line) => {
    const { id, code, argument } = JSON.parse(line);
    try {
      send({ id, value: (await evaluate(code, argument)) ?? null });
    } catch (error) {
      send({ id, error: String(error?.stack ?? error) });
    }
  });
  context.subscriptions.push({ dispose: () => socket.destroy() });
};

/** `__name` is what the TypeScript loader of the tests wraps around inner functions. */
function evaluate(code, argument) {
  const body = `const __name = (f) => f; return (${code})(argument, vscode, require);`;
  return new Function('vscode', 'require', 'argument', body)(vscode, require, argument);
}
