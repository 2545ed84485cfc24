/** Run as a process: tests the channel in the environment variable CHANNEL with what the process trusts, prints the outcome. */
import { createLogging } from '../../../../service/logger.ts';
import { systemClock } from '../../../../service/clock.ts';
import { Channels, Secrets, parseChannel } from '../../../../service/alerts/channels/index.ts';

async function main(): Promise<void> {
  const dataDir = process.env['DATA_DIR'] ?? '';
  const { logger } = createLogging('warn');
  const secrets = await Secrets.open({ dataDir, warn: (sentence) => logger.warn(sentence) });
  const channels = new Channels({
    ...{ secrets, logger, dataDir, clock: systemClock },
    dashboardUrl: () => null,
  });
  const channel = parseChannel(JSON.parse(process.env['CHANNEL'] ?? ''));
  console.log(JSON.stringify(await channels.test(channel)));
  await channels.close();
}

void main();
