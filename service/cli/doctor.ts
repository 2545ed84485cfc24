/** Looks at everything a person would have to look at, and says the next step for what is wrong. */
import { access, constants, stat, statfs } from 'node:fs/promises';
import { join } from 'node:path';
import { type Static, Type } from '@sinclair/typebox';
import { Value } from '@sinclair/typebox/value';
import { ChannelRecord } from '../protocol/channel.ts';
import { bytes } from '../protocol/describe.ts';
import { messageOf } from '../protocol/errors.ts';
import { printable } from '../protocol/parse.ts';
import { PROTOCOL, VERSION } from '../protocol/version.ts';
import { readServiceFile, readTokens } from '../storage/dataDir.ts';
import { checkService, dataDirOf, request } from './client.ts';
import { parseOptions } from './options.ts';

export const usage = 'doctor [--data-dir D]';

interface Check {
  ok: boolean;
  text: string;
}

const LOW_DISK_BYTES = 512 * 1024 * 1024;

export async function doctor(args: readonly string[]): Promise<number> {
  const { values } = parseOptions(args, { 'data-dir': { type: 'string' } });
  const dataDir = dataDirOf(process.env, values['data-dir']);
  const checks = [
    { ok: true, text: `Pipescope ${VERSION}, protocol ${PROTOCOL}, Node ${process.version}` },
    await checkFolder(dataDir),
    await checkTokens(dataDir),
    ...(await checkDisk(dataDir)),
    ...(await checkRunning(dataDir)),
  ];
  for (const { ok, text } of checks) console.log(`${ok ? 'ok   ' : 'wrong'}  ${text}`);
  return checks.every(({ ok }) => ok) ? 0 : 1;
}

async function checkFolder(dataDir: string): Promise<Check> {
  try {
    await access(dataDir, constants.R_OK | constants.W_OK);
    const mode = (await stat(dataDir)).mode & 0o777;
    if (process.platform === 'win32' || mode === 0o700)
      return { ok: true, text: `Data directory ${dataDir}` };
    return {
      ok: false,
      text: `Data directory ${dataDir} is open to other users. Run chmod 700 on it.`,
    };
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') {
      return {
        ok: false,
        text: `There is no data directory ${dataDir} yet. "pipescope serve" makes it.`,
      };
    }
    return {
      ok: false,
      text: `The data directory ${dataDir} cannot be used: ${messageOf(error)}.`,
    };
  }
}

async function checkTokens(dataDir: string): Promise<Check> {
  const tokens = await readTokens(dataDir, () => undefined);
  return tokens
    ? { ok: true, text: `Access tokens in ${join(dataDir, 'tokens.json')}` }
    : { ok: false, text: 'There are no access tokens yet. "pipescope serve" makes them.' };
}

async function checkDisk(dataDir: string): Promise<Check[]> {
  try {
    const { bavail, bsize } = await statfs(dataDir);
    const free = bavail * bsize;
    const text = `${bytes(free)} free on the disk of the data directory`;
    return [{ ok: free > LOW_DISK_BYTES, text }];
  } catch (error) {
    // That there is no data directory was said already.
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    return [{ ok: false, text: `The free space of the disk is not known: ${messageOf(error)}.` }];
  }
}

async function checkRunning(dataDir: string): Promise<Check[]> {
  const file = await readServiceFile(dataDir);
  if (!file)
    return [{ ok: false, text: 'No service is running. Start one with "pipescope serve".' }];
  try {
    await checkService(file);
  } catch (error) {
    return [{ ok: false, text: messageOf(error) }];
  }
  const text = `Service ${file.version} answers at ${file.url}, process ${file.pid}`;
  return [{ ok: true, text }, ...(await checkChannels(dataDir, file.url))];
}

const Channels = Type.Object({
  channels: Type.Array(
    Type.Pick(ChannelRecord, ['channel_id', 'name', 'state', 'problem', 'dead']),
  ),
});
type Channel = Static<typeof Channels>['channels'][number];

/** Whom alerts would not reach. */
async function checkChannels(dataDir: string, url: string): Promise<Check[]> {
  const tokens = await readTokens(dataDir, () => undefined);
  // That there are no tokens was said already.
  if (!tokens) return [];
  try {
    const response = await request({ url, token: tokens.admin }, '/api/v1/channels?limit=1000');
    const answer: unknown = await response.json();
    if (!Value.Check(Channels, answer)) throw new Error('the answer makes no sense');
    const ill = answer.channels.flatMap((channel) => channelCheck(channel, url) ?? []);
    return ill.length > 0 ? ill : [{ ok: true, text: 'Every channel of alerts that is on works' }];
  } catch (error) {
    return [{ ok: false, text: `The channels of alerts are not known: ${messageOf(error)}.` }];
  }
}

function channelCheck({ channel_id, name, state, problem, dead }: Channel, url: string) {
  const about = `Channel ${printable(channel_id)} (${printable(name)})`;
  const why = printable(problem ?? '').replace(/[.\s]+$/, '');
  if (state === 'INCOMPLETE')
    return {
      ok: false,
      text: `${about} tells nobody: ${why}. Complete it under Alerts, Channels at ${url}/enhanced-monitor, or switch it off.`,
    };
  if (state !== 'FAILING') return null;
  const next = dead > 0 ? ', then send again what was given up' : '';
  return {
    ok: false,
    text: `${about} fails: ${why}. Mend it, send it a test alert under Alerts, Channels at ${url}/enhanced-monitor${next}.`,
  };
}
