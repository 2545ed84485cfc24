import { spawn } from 'node:child_process';

const keptOutput = 64 * 1024;

/** Runs a command quietly. Rejects with what it says about it when it fails. */
export function run(command, args, { cwd, env = process.env } = {}) {
  return new Promise((resolve, reject) => {
    const shell = process.platform === 'win32';
    const child = spawn(command, args, { cwd, env, shell, stdio: ['ignore', 'pipe', 'pipe'] });
    let output = '';
    const keep = (chunk) => (output = (output + chunk).slice(-keptOutput));
    child.stdout.on('data', keep);
    child.stderr.on('data', keep);
    child.once('error', reject);
    child.once('close', (code, signal) => {
      if (code === 0) resolve(output);
      else reject(new Error(explain(output) || `${command} ended with ${code ?? signal}`));
    });
  });
}

/** Runs npm in a folder of its own: a surrounding `npm run` must not pull it back to this repository. */
export function npm(args, { cwd, env = process.env }) {
  const own = Object.entries(env).filter(
    ([name]) => !/^npm_(package|lifecycle|command|config_(local_)?prefix)/.test(name),
  );
  // npm's own patience with a network that is not there is more than a minute.
  const patience = ['--fetch-retry-mintimeout=1000', '--fetch-retry-maxtimeout=5000'];
  const quiet = ['--no-audit', '--no-fund', '--loglevel=error', '--prefix', cwd, ...patience];
  return run('npm', [...args, ...quiet], { cwd, env: Object.fromEntries(own) });
}

/** The lines that say what went wrong. Addresses are left out: where packages come from is this machine's business. */
function explain(output) {
  const lines = output
    .replace(/[a-z+]+:\/\/[^\s'"]+/gi, '(address)')
    .replace(/\b(getaddrinfo \w+|connect \w+) \S+/g, '$1')
    .split('\n')
    .map((line) => line.replace(/^npm error /, 'error ').trimEnd())
    .filter((line) => line && !/complete log of this run|\b(address|host\w*|port):/.test(line));
  const errors = lines.filter((line) => /error|^E: /i.test(line));
  return (errors.length > 0 ? errors : lines).slice(0, 8).join('\n');
}
