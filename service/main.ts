/** The command line: `pipescope <command>`. A wrong option or file: exit code 2 and one sentence. */
import { ProductError, messageOf } from './protocol/errors.ts';
import { VERSION } from './protocol/version.ts';
import { agent, usage as agentUsage } from './cli/agent.ts';
import { backup, usage as backupUsage } from './cli/backup.ts';
import { doctor, usage as doctorUsage } from './cli/doctor.ts';
import { exportJob, usage as exportUsage } from './cli/export.ts';
import { importFile, usage as importUsage } from './cli/import.ts';
import { open, usage as openUsage } from './cli/open.ts';
import { replay, usage as replayUsage } from './cli/replay.ts';
import { restore, usage as restoreUsage } from './cli/restore.ts';
import { runWrapped, usage as runUsage } from './cli/run.ts';
import { send, usage as sendUsage } from './cli/send.ts';
import { serve, usage as serveUsage } from './cli/serve.ts';
import { token, usage as tokenUsage } from './cli/token.ts';

const COMMANDS = new Map<
  string,
  { run: (args: readonly string[]) => Promise<number>; usage: string }
>([
  ['serve', { run: serve, usage: serveUsage }],
  ['run', { run: runWrapped, usage: runUsage }],
  ['send', { run: send, usage: sendUsage }],
  ['agent', { run: agent, usage: agentUsage }],
  ['export', { run: exportJob, usage: exportUsage }],
  ['import', { run: importFile, usage: importUsage }],
  ['replay', { run: replay, usage: replayUsage }],
  ['backup', { run: backup, usage: backupUsage }],
  ['restore', { run: restore, usage: restoreUsage }],
  ['open', { run: open, usage: openUsage }],
  ['token', { run: token, usage: tokenUsage }],
  ['doctor', { run: doctor, usage: doctorUsage }],
]);

const EXIT_USAGE = 2;
const USAGE_CODES = new Set([
  'OPTION_INVALID',
  'CONFIG_INVALID',
  'DATA_DIR_UNUSABLE',
  'IMPORT_INVALID',
]);

function help(): string {
  const lines = [...COMMANDS.values()].map(({ usage }) => `  pipescope ${usage}`);
  return `Pipescope ${VERSION}\n\n${lines.join('\n')}\n`;
}

async function main([name, ...args]: readonly string[]): Promise<number> {
  if (name === undefined || name === 'help' || name === '--help' || name === '-h') {
    console.log(help());
    return name === undefined ? EXIT_USAGE : 0;
  }
  if (name === '--version' || name === '-v') {
    console.log(VERSION);
    return 0;
  }
  const command = COMMANDS.get(name);
  if (!command) {
    console.error(`There is no command "${name}". Commands: ${[...COMMANDS.keys()].join(', ')}.`);
    return EXIT_USAGE;
  }
  return command.run(args);
}

function failed(error: unknown): number {
  if (!(error instanceof ProductError)) {
    console.error(error instanceof Error ? error.stack : String(error));
    return 1;
  }
  console.error(messageOf(error));
  return USAGE_CODES.has(error.code) ? EXIT_USAGE : 1;
}

main(process.argv.slice(2)).then(
  (code) => (process.exitCode = code),
  (error: unknown) => (process.exitCode = failed(error)),
);
