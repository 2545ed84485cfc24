import type { SecretValues, Secrets } from '../alerts/channels/index.ts';

/**
 * Runs a task that may store secrets of a channel in the file. When it fails after that, they are as they were before:
 * one that the environment gives is not looked behind, and keeps what was stored, which nobody sees.
 */
export async function withSecrets<T>(
  secrets: Secrets,
  channel_id: string,
  task: (store: (values: SecretValues) => Promise<void>) => Promise<T>,
): Promise<T> {
  const stored: Before[] = [];
  const store = async (values: SecretValues) => {
    const names = Object.keys(values);
    if (names.length === 0) return;
    const held = readBefore(secrets, channel_id, names);
    await secrets.set(channel_id, values, { keep: 'file' });
    stored.push(held);
  };
  try {
    return await task(store);
  } catch (error) {
    for (const before of stored) await restore(secrets, channel_id, before);
    throw error;
  }
}

/** By the place that keeps them. */
type Before = Record<'file' | 'memory', SecretValues>;

function readBefore(secrets: Secrets, channel_id: string, names: readonly string[]): Before {
  const before: Before = { file: {}, memory: {} };
  for (const name of names) {
    const source = secrets.source(channel_id, name);
    if (source === 'environment') continue;
    const place = source === 'window' ? 'memory' : 'file';
    before[place][name] = secrets.get(channel_id, name) ?? null;
  }
  return before;
}

async function restore(secrets: Secrets, channel_id: string, before: Before): Promise<void> {
  const names = [...Object.keys(before.file), ...Object.keys(before.memory)];
  // What is in the file hides what a window gave.
  const none = Object.fromEntries(names.map((name) => [name, null]));
  await secrets.set(channel_id, { ...none, ...before.file }, { keep: 'file' });
  await secrets.set(channel_id, before.memory, { keep: 'memory' });
}
