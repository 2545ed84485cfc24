import type { Sender } from './kind.ts';

/** A line of JSON a notification. */
export const sendToFile: Sender<'file'> = async (sending, { files }) => {
  const { channel, notification_id, content } = sending;
  const { file, max_mb, keep } = channel.settings;
  const line = `${JSON.stringify({ notification_id, ...content })}\n`;
  await files.append(file, line, { maxBytes: Math.round(max_mb * 1024 * 1024), keep });
  return `It is in alerts/${file} of the data directory.`;
};
