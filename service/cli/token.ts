import { readTokens } from '../storage/dataDir.ts';
import { dataDirOf } from './client.ts';
import { choiceOption, invalidOption, parseOptions } from './options.ts';

export const usage = 'token [--role ingest|admin] [--data-dir D]';

/** Prints a token on stdout, for `$(pipescope token)`. */
export async function token(args: readonly string[]): Promise<number> {
  const { values } = parseOptions(args, {
    role: { type: 'string' },
    'data-dir': { type: 'string' },
  });
  const role = choiceOption('role', values.role, ['ingest', 'admin'] as const) ?? 'ingest';
  const dataDir = dataDirOf(process.env, values['data-dir']);
  const tokens = await readTokens(dataDir, (sentence) => console.error(sentence));
  if (!tokens)
    throw invalidOption(
      `There are no tokens in ${dataDir} yet. Start the service once with "pipescope serve"`,
    );
  console.log(tokens[role]);
  return 0;
}
