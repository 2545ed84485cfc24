import { spawn } from 'node:child_process';

const keptOutput = 64 * 1024;

/** Runs a command quietly. Rejects with its last lines, without any address, when it fails. */
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
      else reject(new Error(lastLines(output) || `${command} ended with ${code ?? signal}`));
    });
  });
}

/** Runs npm in a folder of its own: a surrounding `npm run` must not pull it back to this repository. */
export function npm(args, { cwd, env = process.env }) {
  const own = Object.entries(env).filter(
    ([name]) => !/^npm_(package|lifecycle|command|config_(local_)?prefix)/.test(name),
  );
  const quiet = ['--no-audit', '--no-fund', '--loglevel=error', '--prefix', cwd];
  return run('npm', [...args, ...quiet], { cwd, env: Object.fromEntries(own) });
}

/** Addresses are left out: where packages come from is this machine's business. */
function lastLines(output) {
  return output
    .replace(/[a-z+]+:\/\/[^\s'"]+/gi, '(address)')
    .replace(/\b(getaddrinfo \w+|connect \w+) \S+/g, '$1 (address)')
    .trim()
    .split('\n')
    .slice(-8)
    .join('\n');
}
